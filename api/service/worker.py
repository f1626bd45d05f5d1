"""One job in a worker process: claim it, solve it, tell how far it is, store the one result."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from api.service import jobs
from api.service.answers import ANSWERS
from api.service.database import Job, StoredOrganisation, engine_for, new_id

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from optimizer import Progress

SECONDS_BETWEEN_TELLING = 0.5
"""No level says more often that it got better; that it ended, it says at once."""


@cache
def _engine(url: str) -> Engine:
    return engine_for(url)


def run_job(url: str, job_id: str, threads: int, beat_seconds: float) -> str:
    """Run a job if it is still to be had; what became of it, in a word."""
    claim_id = new_id()
    with Session(_engine(url), expire_on_commit=False) as session:
        job = jobs.claim(session, job_id, claim_id)
        if job is None:
            return "not to be had"
        parent = session.get(Job, job.parent_id) if job.parent_id else None
        stored = session.get_one(StoredOrganisation, job.organisation_id)
        content = stored.content
    work = _Work(url, job_id, claim_id, beat_seconds)
    try:
        with work:
            answer = ANSWERS[job.kind](job, parent, content, threads, work.stop, work.watch)
            work.finish(answer.outcome, answer.result)
    except jobs.LostClaimError:
        return "lost"
    except Exception as error:
        # What went wrong is the job's answer; the text of an error may name people.
        with Session(_engine(url)) as session:
            jobs.fail(
                session, job_id, claim_id, f"a mistake of tiimi's own: {type(error).__name__}"
            )
        raise
    return "done"


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

    def __enter__(self) -> _Work:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        """Live, until it is over; stop the solve when asked to, or when the job is lost."""
        while not self._over.wait(self._beat_seconds / 2):
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
        """Store the result; if the database is away, try for as long as the job is ours."""
        while True:
            try:
                with Session(self._engine) as session:
                    jobs.finish(session, self._job_id, self._claim_id, outcome, dict(result))
                return
            except jobs.LostClaimError:
                raise
            except Exception:
                if self._lost.wait(self._beat_seconds):
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
