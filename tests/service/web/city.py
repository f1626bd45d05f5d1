"""A city that uses the service: its tokens, what it has stored, and workers in the process."""

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

import fixtures
from api.service.database import Job, JobEvent, StoredOrganisation, new_id
from api.service.schemas import examples
from api.service.security import ROLES, create_token
from api.service.worker import run_job
from models import Organisation, Policy, Proposal
from optimizer import propose
from tests.api.office import office

WORKS = 0.05
"""Seconds between looks of a worker of the tests."""


@cache
def office_solved() -> Proposal:
    """The office's best plan, found once."""
    return propose(office(), Policy(), time_limit=60, workers=1)


@dataclass
class Web:
    """An application with its database."""

    app: FastAPI
    client: TestClient
    url: str

    def session(self) -> Session:
        return Session(self.app.state.engine, expire_on_commit=False)

    def city(self, owner: str | None = None) -> "City":
        """A city that nobody knows yet."""
        owner = owner or f"city-{secrets.token_hex(6)}"
        with self.session() as session:
            tokens = {
                label: create_token(session, owner, role, label) for label, role in ROLES.items()
            }
        return City(self, owner, tokens)

    def run(self, name: str) -> str:
        """Solve a job, here and now."""
        return run_job(self.url, name, threads=1, beat_seconds=0.2)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Solve whatever is queued, until it is over."""
        over = threading.Event()

        def work() -> None:
            while not over.wait(WORKS):
                with self.session() as session:
                    queued = session.scalars(select(Job.id).where(Job.state == "queued")).all()
                for name in queued:
                    self.run(name)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


@dataclass
class City:
    """An owner with a token for each role."""

    web: Web
    owner: str
    tokens: Mapping[str, str]
    role: str = "admin"

    def ask(self, method: str, path: str, role: str | None = None, **more: Any) -> Response:
        """A request in one of its roles."""
        headers = {"Authorization": f"Bearer {self.tokens[role or self.role]}"}
        headers |= more.pop("headers", {})
        return self.web.client.request(method, path, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> Response:
        return self.ask("POST", path, json={} if json is None else json, **more)

    def organisation(self, organisation: Organisation | None = None, name: str = "") -> str:
        """Store an organisation, past the routes; its id."""
        organisation = organisation or office()
        row = StoredOrganisation(
            id=name or new_id(),
            owner=self.owner,
            name=organisation.name,
            people=len(organisation.employees),
            sha256=organisation.sha256(),
            content=organisation.to_dict(),
            created_by="token:test",
        )
        with self.web.session() as session:
            session.add(row)
            session.commit()
        return row.id

    def job(self, **fields: Any) -> str:
        """Store a job, past the routes; its id."""
        known: dict[str, Any] = {
            "id": new_id(),
            "owner": self.owner,
            "kind": "propose",
            "request": {"time_limit": 60.0, "seed": 0},
            "policy": Policy().to_dict(),
            "created_by": "token:test",
        }
        job = Job(**(known | fields))
        with self.web.session() as session:
            session.add(job)
            session.commit()
        return job.id

    def proposal(self, organisation: str | None = None, **fields: Any) -> str:
        """Store the office's proposal, solved; its id."""
        found = office_solved()
        known = {
            "organisation_id": organisation or self.organisation(),
            "state": "done",
            "outcome": found.status,
            "result": {"proposal": found.to_dict()},
        }
        return self.job(**(known | fields))

    def submitted(self, answer: Response) -> str:
        """The id of what was just queued."""
        assert answer.status_code == 202, answer.text
        name: str = answer.json()["id"]
        assert answer.headers["Location"].endswith(f"/{name}")
        return name


def ids(count: int) -> list[str]:
    """So many ids, in their order."""
    start = secrets.token_hex(12)
    return [f"{start}{number:08x}" for number in range(count)]


def stored_things(city: City) -> dict[str, str]:
    """One of each that a city can have stored, past the routes: their ids by what they are."""
    organisation = city.organisation()
    proposal, other = city.proposal(organisation), city.proposal(organisation)
    with city.web.session() as session:
        session.add(JobEvent(job_id=proposal, number=1, kind="queued", data={}))
        session.commit()
    question = city.job(
        kind="why",
        organisation_id=organisation,
        parent_id=proposal,
        origin_id=proposal,
        request={"wishes": [], "time_limit": 60.0, "seed": 0},
        state="done",
        result={"answers": []},
    )
    return {
        "organisation": organisation,
        "proposal": proposal,
        "other": other,
        "question": question,
        "person": "E3",
    }


def stored_examples(city: City, solved: Proposal) -> City:
    """Store what the document's examples are about, under the ids they have there."""
    city.organisation(fixtures.load("example"), name=examples.ORGANISATION)
    for name in (examples.PROPOSAL, examples.WHAT_IF):
        result = {"proposal": solved.to_dict()}
        city.proposal(examples.ORGANISATION, id=name, result=result)
    city.job(
        id=examples.QUESTION,
        kind="why",
        organisation_id=examples.ORGANISATION,
        parent_id=examples.PROPOSAL,
        request={"wishes": [], "time_limit": 60.0, "seed": 0},
        state="done",
        result={"answers": []},
    )
    with city.web.session() as session:
        session.add(JobEvent(job_id=examples.PROPOSAL, number=1, kind="queued", data={}))
        session.commit()
    return city
