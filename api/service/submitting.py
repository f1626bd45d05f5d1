"""Handing in a job: its limits, its key, and how far it is afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Header
from sqlalchemy.orm import Session

from api.service import audit, jobs
from api.service.asking import Asking
from api.service.database import Job, new_id
from api.service.problems import Problem
from api.service.schemas import examples
from api.service.schemas.answers import ProgressShown, ProposalStatus
from api.service.schemas.parts import StoredId
from api.service.settings import Settings
from models.issues import Issue

SECONDS_TO_RETRY = 5
"""After how long it is worth asking again whether there is room in the queue."""

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="The same request again with the same key gives the job there is.",
        examples=[examples.KEY],
    ),
]


def too_long(seconds: float | None, settings: Settings) -> list[Issue]:
    """What is wrong with the time asked for."""
    if seconds is None or seconds <= settings.most_seconds:
        return []
    message = f"A solve takes at most {settings.most_seconds:g} seconds here."
    return [Issue("out_of_range", "time_limit", message, "Ask for less.")]


def seconds_of(asked: float | None, settings: Settings) -> float:
    """The time of a solve: as asked for, or as the service is set."""
    return asked if asked is not None else min(settings.default_seconds, settings.most_seconds)


def submit(
    by: Asking,
    session: Session,
    key: str | None,
    kind: str,
    request: Mapping[str, Any],
    policy: Mapping[str, Any],
    organisation: str,
    parent: Job | None = None,
) -> Job:
    """Queue a job; the same key and request again give the job there is.

    Raises:
        Problem: `queue_full` or `key_used`.
    """
    job = Job(
        id=new_id(),
        owner=by.owner,
        kind=kind,
        organisation_id=organisation,
        parent_id=parent.id if parent else None,
        origin_id=(parent.origin_id or parent.id) if parent else None,
        request=dict(request),
        policy=dict(policy),
        created_by=by.identity.name,
        key=key,
    )
    where = "proposals" if kind in jobs.PROPOSALS else "questions"
    try:
        with session.no_autoflush:
            # Committed together with the job, if there is a new one.
            audit.record(session, by.identity, "create", f"{where}/{job.id}")
            return jobs.submit(session, job, by.settings.queue_length).job
    except jobs.QueueFullError:
        raise Problem(
            "queue_full",
            f"{by.settings.queue_length} solves wait already.",
            headers={"Retry-After": str(SECONDS_TO_RETRY)},
        ) from None
    except jobs.KeyUsedError:
        raise Problem("key_used", "Use a new key for a new request.") from None


def progress_of(job: Job) -> ProgressShown | None:
    """How far a job is."""
    return ProgressShown.model_validate(job.progress) if job.progress else None


def status(job: Job) -> ProposalStatus:
    """How far a proposal is; reads nothing heavy of it."""
    return ProposalStatus.model_validate(
        {
            "id": job.id,
            "kind": job.kind,
            "organisation": job.organisation_id,
            "parent": job.parent_id,
            "origin": job.origin_id,
            "state": job.state,
            "outcome": job.outcome,
            "progress": progress_of(job),
            "stopping": job.stop and job.state not in jobs.FINAL,
            "attempts": job.attempts,
            "error": job.error,
            "erased": job.erased,
            "created_at": job.created_at,
            "created_by": job.created_by,
            "started_at": job.started_at,
            "finished_at": job.finished_at,
        }
    )


def proposal_path(name: StoredId) -> str:
    """Where a proposal is found."""
    return f"/v1/proposals/{name}"
