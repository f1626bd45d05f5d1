"""One job in a worker process: claim it, solve it, tell how far it is, store the one result."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from api.service import jobs
from api.service.answers import ANSWERS
from api.service.database import Job, StoredOrganisation, engine_for, new_id
from api.service.mistakes import place

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from optimizer import Progress

Result = TypeVar("Result")

log = logging.getLogger("tiimi")

SECONDS_BETWEEN_TELLING = 0.5
"""No level says more often that it got better; that it ended, it says at once."""

SECONDS_BETWEEN_LOOKS = 0.5
"""A worker looks at least so often whether it is to stop, however seldom it has to beat."""

_UNREACHABLE = (OperationalError, InterfaceError, PoolTimeoutError)
"""The database is away, or its disk is full: it may be otherwise in a moment."""


@cache
def _engine(url: str) -> Engine:
    return engine_for(url)


def run_job(
    url: str, job_id: str, threads: int, beat_seconds: float, claim_id: str | None = None
) -> str:
    """Run a job if it is still to be had; what became of it, in a word.

    It raises nothing: whoever runs it would log the text of the error, which may name people,
    and the URL, which may have a password.
    """
    work = _Work(url, job_id, claim_id or new_id(), beat_seconds)
    try:
        material = work.take()
        if material is None:
            return "not to be had"
    except Exception as error:
        # If it was claimed all the same, it is lost, and taken up again.
        log.warning("a job could not be taken: %s%s", type(error).__name__, place(error))
        return "not to be had"
    try:
        with work:
            answer = ANSWERS[material.job.kind](
                material.job, material.parent, material.content, threads, work.stop, work.watch
            )
            work.finish(answer.outcome, answer.result)
    except jobs.LostClaimError:
        return "lost"
    except Exception as error:
        reason = f"a mistake of tiimi's own: {type(error).__name__}{place(error)}"
        log.error("a job failed: %s", reason)
        return "failed" if work.fail(reason) else "lost"
    return "done"


@dataclass(frozen=True, slots=True)
class _Material:
    """What a job is made from."""

    job: Job
    parent: Job | None
    content: dict[str, Any]


class _Work:
    """A job while it runs: its beat, its stop, its progress."""

    def __init__(self, url: str, job_id: str, claim_id: str, beat_seconds: float) -> None:
        self._engine = _engine(url)
        self._job_id, self._claim_id = job_id, claim_id
        self._beat_seconds = beat_seconds
        self._over = threading.Event()
        self._lost = threading.Event()
        self._told_at = 0.0
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self.stop = threading.Event()

    def take(self) -> _Material | None:
        """Claim the job and read what it is made from; None if it is not to be had."""
        with Session(self._engine, expire_on_commit=False) as session:
            job = jobs.claim(session, self._job_id, self._claim_id)
            if job is None:
                return None
            parent = session.get(Job, job.parent_id) if job.parent_id else None
            stored = session.get_one(StoredOrganisation, job.organisation_id)
            return _Material(job, parent, stored.content)

    def __enter__(self) -> _Work:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        """Live, until it is over; stop the solve when asked to, or when the job is lost."""
        while not self._over.wait(min(self._beat_seconds / 2, SECONDS_BETWEEN_LOOKS)):
            try:
                with Session(self._engine) as session:
                    if jobs.beat(session, self._job_id, self._claim_id):
                        self.stop.set()
            except jobs.LostClaimError:
                self._lost.set()
                self.stop.set()
                return
            except Exception:
                # The database is away: the job goes on, and is lost only if that lasts.
                continue

    def watch(self, progress: Progress) -> None:
        """Store how far it is; levels that ended at once, improvements now and then."""
        now = time.monotonic()
        ended = progress.status is not None
        if self._lost.is_set() or (not ended and now - self._told_at < SECONDS_BETWEEN_TELLING):
            return
        self._told_at = now
        plan = progress.plan.model_dump(mode="json") if progress.plan else None
        self._try(
            lambda session: jobs.tell(
                session,
                self._job_id,
                self._claim_id,
                "level" if ended else "improved",
                _progress(progress),
                plan,
            )
        )

    def _try(self, write: Callable[[Session], None]) -> None:
        """Write progress; that it cannot be written is no reason to give up the solve."""
        try:
            with Session(self._engine) as session:
                write(session)
        except jobs.LostClaimError:
            self._lost.set()
            self.stop.set()
        except Exception:
            return

    def finish(self, outcome: str | None, result: Mapping[str, Any]) -> None:
        """Store the result.

        Raises:
            LostClaimError: the job is no longer ours.
        """
        self._insist(
            lambda session: jobs.finish(
                session, self._job_id, self._claim_id, outcome, dict(result)
            )
        )

    def fail(self, reason: str) -> bool:
        """Give the job up; whether it was still ours. If that cannot be told, it is lost."""
        try:
            return self._insist(
                lambda session: jobs.fail(session, self._job_id, self._claim_id, reason)
            )
        except Exception:
            return False

    def _insist(self, write: Callable[[Session], Result]) -> Result:
        """Write; while the database is away, or its disk full, again and again."""
        has_told = False
        while True:
            try:
                with Session(self._engine) as session:
                    return write(session)
            except _UNREACHABLE as error:
                if not has_told:
                    log.warning("a job's end cannot be stored yet: %s", type(error).__name__)
                has_told = True
                if self._lost.wait(max(self._beat_seconds, SECONDS_BETWEEN_LOOKS)):
                    raise jobs.LostClaimError from None


def _progress(progress: Progress) -> dict[str, Any]:
    return {
        "level": progress.level,
        "index": progress.index,
        "count": progress.count,
        "best": progress.best,
        "bound": progress.bound,
        "seconds": round(progress.seconds, 1),
        "taking_back": progress.taking_back,
        "status": progress.status,
    }
