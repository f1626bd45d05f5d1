"""Hands queued jobs to the engine, and takes back those whose worker is lost.

The engine is Dask's: workers of our own, or a scheduler's on other machines. It only runs; what
is to be done, and what came of it, is in the database. Several servers may dispatch at once: a
job handed out twice is claimed once. No clock is compared with another's, or with what is stored.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, load_only

from api.service import jobs
from api.service.cleaning import Cleaning
from api.service.database import Job, new_id
from api.service.settings import Settings

log = logging.getLogger("tiimi")

SECONDS_BETWEEN_ROUNDS = 0.3
SECONDS_AFTER_FAILURE = 1.0
SECONDS_TO_CLAIM = 60.0
"""A job handed out and not claimed within so long is handed out again."""


def run(url: str, job_id: str, threads: int, beat_seconds: float, claim_id: str) -> str:
    """Run a job, in a worker's process: there alone what solves is loaded."""
    from api.service.worker import run_job

    return run_job(url, job_id, threads, beat_seconds, claim_id)


@dataclass(frozen=True, slots=True)
class _HandedOut:
    """A job that the engine has: under which claim, since when, and what it says of it."""

    claim_id: str
    at: float
    future: Any


class Dispatcher:
    """A thread of the server; the cluster is made when it starts, apart from the server's start."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
        self._client: Any = None
        self._cluster: Any = None
        self._handed_out: dict[str, _HandedOut] = {}
        self._heard: dict[str, tuple[int, float]] = {}
        self._cleaning = Cleaning(engine, settings)

    @property
    def is_ready(self) -> bool:
        """Whether the engine can be reached; its first workers may still be starting."""
        client = self._client
        return client is not None and client.status == "running"

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what workers of our own had is queued again, for the next server."""
        self._over.set()
        self._thread.join(timeout=30)
        had_own = self._cluster is not None
        self._disconnect()
        if had_own:
            self._hand_back()

    def _run(self) -> None:
        while not self._over.is_set():
            self._over.wait(SECONDS_BETWEEN_ROUNDS if self.round() else SECONDS_AFTER_FAILURE)

    def round(self) -> bool:
        """Take back, hand out, clean; whether all of that could be done."""
        went_well = True
        for step in (self.take_back, self.hand_out, self._cleaning.clean):
            try:
                step()
            except Exception as error:
                # The database or the scheduler is away; it is tried again, without a word of data.
                log.warning("dispatcher: %s", type(error).__name__)
                # Who could not say that it lives has the whole time anew.
                self._heard.clear()
                went_well = False
        return went_well

    def _connect(self) -> None:
        import dask
        from distributed import Client, LocalCluster

        self._disconnect()
        # What the engine had is nobody's any more, or is claimed.
        self._handed_out.clear()
        dask.config.set(
            {
                "distributed.scheduler.allowed-failures": 0,
                # The engine shows no pages: it has no log-in of ours.
                "distributed.scheduler.http.routes": [],
                "distributed.worker.http.routes": [],
            }
        )
        if self._settings.scheduler:
            self._client = Client(self._settings.scheduler, timeout=10, set_as_default=False)
            return
        self._cluster = LocalCluster(
            n_workers=0,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
            silence_logs=logging.CRITICAL,
            # Whoever may speak to the engine may run anything: only who has its key, made anew
            # for each, and not everybody on this machine.
            security=True,
            protocol="tls://",
        )
        self._client = Client(self._cluster, set_as_default=False)
        # Not waited for: what is handed out meanwhile waits in the scheduler for the first of them.
        self._cluster.scale(self._settings.processes)

    def _disconnect(self) -> None:
        for part in (self._client, self._cluster):
            if part is not None:
                try:
                    part.close(timeout=5)
                except Exception:
                    log.warning("dispatcher: the engine did not close in order")
        self._client = self._cluster = None

    def take_back(self) -> None:
        """Queue again the jobs whose beat has stood still, on our own clock, for too long."""
        now = time.monotonic()
        wait = self._settings.beat_seconds * self._settings.lost_after_beats
        heard = {}
        with Session(self._engine, expire_on_commit=False) as session:
            light = load_only(Job.id, Job.claim, Job.beat, Job.attempts, raiseload=True)
            running = session.scalars(select(Job).where(Job.state == "running").options(light))
            for job in running.all():
                beat, since = self._heard.get(job.id, (-1, now))
                if job.beat != beat:
                    beat, since = job.beat, now
                elif now - since > wait:
                    jobs.give_back(session, job, self._settings.most_attempts)
                    self._handed_out.pop(job.id, None)
                    continue
                heard[job.id] = beat, since
        self._heard = heard

    def hand_out(self) -> None:
        """Give the engine what may run."""
        if not self.is_ready:
            self._connect()
        with Session(self._engine) as session:
            running = session.scalars(select(Job.id).where(Job.state == "running")).all()
            queued = session.scalars(
                select(Job.id).where(Job.state == "queued").order_by(Job.id).limit(100)
            ).all()
        self._forget(running, queued)
        waiting = [job for job in self._handed_out if job not in running]
        free = self._settings.most_solves - len(running) - len(waiting)
        if self._cluster is not None:
            # Whatever waits for a worker of our own may as well wait in the database.
            free = min(free, self._settings.processes - len(self._handed_out))
        for job_id in [job for job in queued if job not in self._handed_out][: max(0, free)]:
            self._submit(job_id)

    def _forget(self, running: Sequence[str], queued: Sequence[str]) -> None:
        """Of what was handed out, all that has ended, or waited in vain for a worker."""
        now = time.monotonic()
        self._handed_out = {
            job: out
            for job, out in self._handed_out.items()
            if not out.future.done()
            and (job in running or (job in queued and now - out.at < SECONDS_TO_CLAIM))
        }

    def _submit(self, job_id: str) -> None:
        from distributed import fire_and_forget

        settings = self._settings
        claim_id = new_id()
        future = self._client.submit(
            run,
            settings.url,
            job_id,
            settings.threads,
            settings.beat_seconds,
            claim_id,
            pure=False,
            retries=0,
        )
        # It goes on also if this server ends.
        fire_and_forget(future)
        self._handed_out[job_id] = _HandedOut(claim_id, time.monotonic(), future)

    def _hand_back(self) -> None:
        for job_id, out in self._handed_out.items():
            try:
                with Session(self._engine) as session:
                    jobs.hand_back(session, job_id, out.claim_id)
            except Exception as error:
                # It is lost, then, and taken up again.
                log.warning("dispatcher: %s", type(error).__name__)
