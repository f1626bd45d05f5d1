"""An application on each database, without a dispatcher: tests run what is queued themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import fixtures
from api.service.app import create_app
from api.service.settings import Settings
from models import Policy, Proposal
from optimizer import propose
from tests.service.postgres import database
from tests.service.web.city import City, Web
from tests.service.web.making import MakingHere


@contextmanager
def serving(url: str, **settings: Any) -> Iterator[Web]:
    """An application on a database."""
    # Tests fail to log in as often as they like, and leave queued what nobody solves.
    free = {"most_failed_logins": 10**6, "queue_length": 10**6}
    known = Settings(database_url=url, **(free | settings))
    app = create_app(known, dispatches=False)
    app.state.making = MakingHere(known)
    with TestClient(app, raise_server_exceptions=True) as client:
        yield Web(app, client, url)


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def web(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The service, once on SQLite, once on PostgreSQL; every test has cities of its own."""
    if request.param == "sqlite":
        with serving(f"sqlite:///{tmp_path_factory.mktemp('web') / 'tiimi.db'}") as made:
            yield made
        return
    with database(request.getfixturevalue("postgres_url")) as url, serving(url) as made:
        yield made


@pytest.fixture
def city(web: Web) -> City:
    """A city that nobody knows yet."""
    return web.city()


@pytest.fixture(scope="session")
def one_web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The service on SQLite alone, for what no database matters to."""
    path: Path = tmp_path_factory.mktemp("web") / "tiimi.db"
    with serving(f"sqlite:///{path}") as made:
        yield made


@pytest.fixture(scope="session")
def example_solved() -> Proposal:
    """The proposal for `fixtures/example`, which the examples of the document are about."""
    return propose(fixtures.load("example"), Policy(), time_limit=60, workers=1)
