"""The life of a job in the database: queued, claimed, beating, done or failed.

Whoever has the claim may write; every write says so in its condition, so that a worker that was
given up can change nothing, and exactly one result is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Result, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.service.database import Job, JobEvent, now

PROPOSALS = ("propose", "what_if")
"""Kinds of jobs that end with a proposal."""

FINAL = ("done", "failed")


class QueueFullError(Exception):
    """As many jobs wait as may."""


class LostClaimError(Exception):
    """Somebody else has the job, or it is over: nothing was written."""


class KeyUsedError(Exception):
    """The idempotency key belongs to another request."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A job and whether this call made it."""

    job: Job
    is_new: bool


def submit(session: Session, job: Job, queue_length: int) -> Submitted:
    """Store a job to be run; the same key and request again give the job there is.

    Raises:
        QueueFullError: `queue_length` jobs wait already.
        KeyUsedError: the key came with another request.
    """
    if known := _of_key(session, job):
        return Submitted(known, False)
    waiting = session.scalar(select(func.count()).where(Job.state == "queued")) or 0
    if waiting >= queue_length:
        raise QueueFullError
    try:
        session.add(job)
        session.flush()
        session.add(JobEvent(job_id=job.id, number=1, kind="queued", data={}))
        session.commit()
    except IntegrityError:
        # The same key came at the same moment, and was first.
        session.rollback()
        if known := _of_key(session, job):
            return Submitted(known, False)
        raise
    return Submitted(job, True)


def _of_key(session: Session, job: Job) -> Job | None:
    if job.key is None:
        return None
    known = session.scalar(select(Job).where(Job.owner == job.owner, Job.key == job.key))
    if known is not None:
        same = ("kind", "organisation_id", "parent_id", "request", "policy")
        if any(getattr(known, field) != getattr(job, field) for field in same):
            raise KeyUsedError
    return known


def claim(session: Session, job_id: str, claim_id: str) -> Job | None:
    """Take a queued job; None if it is not to be had."""
    taken = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == "queued")
        .values(
            state="running",
            claim=claim_id,
            attempts=Job.attempts + 1,
            beat=Job.beat + 1,
            started_at=func.coalesce(Job.started_at, now()),
        )
    )
    if not _hit(taken):
        session.rollback()
        return None
    job = session.get_one(Job, job_id, populate_existing=True)
    _append(session, job_id, "started", {"attempt": job.attempts})
    session.commit()
    return job


def beat(session: Session, job_id: str, claim_id: str) -> bool:
    """Say that the worker lives; whether it is to stop.

    Raises:
        LostClaimError: the job is no longer this worker's.
    """
    _write(session, job_id, claim_id, {"beat": Job.beat + 1})
    stop = bool(session.scalar(select(Job.stop).where(Job.id == job_id)))
    session.commit()
    return stop


def tell(
    session: Session,
    job_id: str,
    claim_id: str,
    kind: str,
    progress: dict[str, Any],
    plan: dict[str, Any] | None,
) -> None:
    """Store how far a job is, with an event; the best plan so far, if there is a new one.

    Raises:
        LostClaimError: the job is no longer this worker's.
    """
    values: dict[str, Any] = {"progress": progress}
    if plan is not None:
        values["plan"] = plan
    _write(session, job_id, claim_id, values)
    _append(session, job_id, kind, progress)
    session.commit()


def finish(
    session: Session, job_id: str, claim_id: str, outcome: str | None, result: dict[str, Any]
) -> None:
    """Store the one result.

    Raises:
        LostClaimError: the job is no longer this worker's.
    """
    values = {"state": "done", "outcome": outcome, "result": result, "finished_at": now()}
    _write(session, job_id, claim_id, values | {"plan": None})
    _append(session, job_id, "done", {"outcome": outcome})
    session.commit()


def fail(session: Session, job_id: str, claim_id: str | None, reason: str) -> bool:
    """Give a job up, with its reason; whether it was still to be given up."""
    return _give_up(session, job_id, Job.state.not_in(FINAL) & (Job.claim == claim_id), reason)


def give_back(session: Session, job: Job, most_attempts: int) -> bool:
    """Queue a job again whose worker is lost, or fail it after so many attempts.

    Only if its worker has not been heard of since `job` was read; whether it was so.
    """
    silent = (Job.state == "running") & (Job.claim == job.claim) & (Job.beat == job.beat)
    if job.attempts >= most_attempts:
        reason = f"its worker was lost {job.attempts} times"
        return _give_up(session, job.id, silent, reason)
    return _queue_again(session, job.id, silent, job.attempts)


def hand_back(session: Session, job_id: str, claim_id: str) -> bool:
    """Queue a job again whose worker is ended in order, which counts as no attempt.

    Whether it was still that worker's.
    """
    attempts = session.scalar(select(Job.attempts).where(Job.id == job_id)) or 0
    held = (Job.state == "running") & (Job.claim == claim_id)
    return _queue_again(session, job_id, held, attempts, attempts=Job.attempts - 1)


def _give_up(session: Session, job_id: str, condition: ColumnElement[bool], reason: str) -> bool:
    over = {"state": "failed", "error": reason, "finished_at": now()}
    gone = session.execute(update(Job).where(Job.id == job_id, condition).values(**over))
    if _hit(gone):
        _append(session, job_id, "failed", {"error": reason})
    session.commit()
    return _hit(gone)


def _queue_again(
    session: Session, job_id: str, condition: ColumnElement[bool], attempt: int, **more: Any
) -> bool:
    values = {"state": "queued", "claim": None} | more
    back = session.execute(update(Job).where(Job.id == job_id, condition).values(**values))
    if _hit(back):
        _append(session, job_id, "lost", {"attempt": attempt})
    session.commit()
    return _hit(back)


def ask_to_stop(session: Session, job_id: str) -> None:
    """Ask for the best plan so far; a job that has not begun is over at once."""
    session.execute(update(Job).where(Job.id == job_id, Job.state.not_in(FINAL)).values(stop=True))
    over = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == "queued")
        .values(state="done", outcome="unknown", finished_at=now())
    )
    if _hit(over):
        _append(session, job_id, "done", {"outcome": "unknown"})
    session.commit()


def _append(session: Session, job_id: str, kind: str, data: Mapping[str, Any]) -> None:
    last = session.scalar(select(func.max(JobEvent.number)).where(JobEvent.job_id == job_id))
    session.add(JobEvent(job_id=job_id, number=(last or 0) + 1, kind=kind, data=dict(data)))
    session.flush()


def _write(session: Session, job_id: str, claim_id: str, values: Mapping[str, Any]) -> None:
    written = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == "running", Job.claim == claim_id)
        .values(**values)
    )
    if not _hit(written):
        session.rollback()
        raise LostClaimError


def _hit(written: Result[Any]) -> bool:
    """Whether the condition of an update held, of one job as all of them are."""
    return bool(written.rowcount == 1)  # type: ignore[attr-defined]
