"""Jobs in the database, past the routes."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.service import jobs
from api.service.database import Job, JobEvent, StoredOrganisation, new_id


def organisation(session: Session, content: dict[str, Any] | None = None) -> str:
    """Store an organisation; its id."""
    row = StoredOrganisation(
        id=new_id(),
        owner="jamsa",
        name="",
        people=0,
        sha256="",
        content=content or {},
        created_by="token:x",
    )
    session.add(row)
    session.commit()
    return row.id


def asked(of: str, **fields: Any) -> Job:
    """A job that is not stored yet."""
    known = {
        "id": new_id(),
        "owner": "jamsa",
        "kind": "propose",
        "organisation_id": of,
        "request": {"time_limit": 60.0, "seed": 0},
        "policy": {},
        "created_by": "token:x",
    }
    return Job(**(known | fields))


def queued(session: Session, **fields: Any) -> str:
    """Store a job that waits; its id."""
    return jobs.submit(session, asked(organisation(session), **fields), 10).job.id


def claimed(session: Session, claim_id: str = "one", **fields: Any) -> Job:
    """Store a job that a worker has."""
    job = jobs.claim(session, queued(session, **fields), claim_id)
    assert job is not None
    return job


def seen(session: Session, name: str) -> Job:
    """A job as it is stored now."""
    return session.get_one(Job, name, populate_existing=True)


def as_seen_before(session: Session, name: str) -> Job:
    """A job as it is now, which does not follow what happens to it."""
    job = seen(session, name)
    session.expunge(job)
    session.commit()
    return job


def events(session: Session, name: str) -> list[tuple[int, str]]:
    """What happened to a job: numbers and kinds."""
    query = select(JobEvent).where(JobEvent.job_id == name).order_by(JobEvent.number)
    return [(event.number, event.kind) for event in session.scalars(query)]
