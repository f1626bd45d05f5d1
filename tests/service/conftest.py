"""Both databases: what takes `database_url`, `engine` or `session` runs on each of them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from api.service.database import engine_for, migrate
from tests.service.postgres import Cluster, NoPostgresError, cluster, database, empty, free_port


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server where we are superuser: the one set, or one of our own."""
    if url := os.environ.get("TIIMI_TEST_POSTGRES"):
        yield url
        return
    try:
        with cluster() as made:
            yield made.url
    except NoPostgresError as error:
        _do_without(f"{error}; set TIIMI_TEST_POSTGRES to one")


@pytest.fixture
def own_postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of a test's own, which may be killed."""
    try:
        with cluster() as made:
            yield made
    except NoPostgresError as error:
        _do_without(str(error))


def _do_without(why: str) -> None:
    """Skip, unless PostgreSQL has to be there: CI says so with TIIMI_REQUIRE_POSTGRES=1."""
    if os.environ.get("TIIMI_REQUIRE_POSTGRES") == "1":
        pytest.fail(f"no PostgreSQL: {why}")
    pytest.skip(f"no PostgreSQL: {why}")


@pytest.fixture
def unused_port() -> int:
    """A port where nobody listens yet."""
    return free_port()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database; once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'tiimi.db'}"
        return
    with database(request.getfixturevalue("postgres_url")) as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A database with its tables: making them takes longer than most tests.

    One of SQLite is copied; one of PostgreSQL, where a copy takes long, is emptied.
    """
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'tiimi.db'}"
        else:
            url = stack.enter_context(database(request.getfixturevalue("postgres_url")))
        made = engine_for(url)
        migrate(made)
        made.dispose()  # or SQLite still keeps the tables in a file beside
        yield made
        made.dispose()


@pytest.fixture
def engine(template: Engine, tmp_path: Path) -> Iterator[Engine]:
    """A database with its tables and nothing in them; once SQLite, once PostgreSQL."""
    url = template.url
    if url.get_backend_name() == "sqlite":
        shutil.copy(url.database or "", tmp_path / "tiimi.db")
        url = url.set(database=str(tmp_path / "tiimi.db"))
    else:
        empty(template)
    made = engine_for(url.render_as_string(hide_password=False))
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on it."""
    with Session(engine) as opened:
        yield opened
