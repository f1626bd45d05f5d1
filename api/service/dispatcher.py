"""Hands queued jobs to the engine, and takes back those whose worker is lost.

The engine is Dask's: workers of our own, or a scheduler's on other machines. It only runs; what
is to be done, and what came of it, is in the database. Several servers may dispatch at once: a
job handed out twice is claimed once.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from api.service import jobs
from api.service.database import Job
from api.service.settings import Settings
from api.service.worker import run_job

log = logging.getLogger("tiimi")

SECONDS_BETWEEN_ROUNDS = 0.3
SECONDS_TO_CLAIM = 60.0
"""A job handed out and not claimed within so long is handed out again."""


class Dispatcher:
    """A thread of the server; the cluster is made when it starts, apart from the server's start."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
        self._client: Any = None
        self._cluster: Any = None
        self._handed_out: dict[str, float] = {}
        self._heard: dict[str, tuple[int, float]] = {}

    @property
    def is_ready(self) -> bool:
        """Whether the engine can be reached."""
        client = self._client
        return client is not None and client.status == "running"

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what runs on workers of our own is taken up again by the next server."""
        self._over.set()
        self._thread.join(timeout=30)
        self._disconnect()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                if not self.is_ready:
                    self._connect()
                self.round()
            except Exception as error:
                # The database or the scheduler is away; it is tried again, without a word of data.
                log.warning("dispatcher: %s", type(error).__name__)
                self._over.wait(1.0)
            self._over.wait(SECONDS_BETWEEN_ROUNDS)

    def _connect(self) -> None:
        import dask
        from distributed import Client, LocalCluster

        self._disconnect()
        dask.config.set({"distributed.scheduler.allowed-failures": 0})
        if self._settings.scheduler:
            self._client = Client(self._settings.scheduler, timeout=10, set_as_default=False)
            return
        self._cluster = LocalCluster(
            n_workers=self._settings.processes,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        )
        self._client = Client(self._cluster, set_as_default=False)

    def _disconnect(self) -> None:
        for part in (self._client, self._cluster):
            if part is not None:
                try:
                    part.close(timeout=5)
                except Exception:
                    log.warning("dispatcher: the engine did not close in order")
        self._client = self._cluster = None

    def round(self) -> None:
        """Hand out what may run; take back what is lost."""
        with Session(self._engine, expire_on_commit=False) as session:
            self._take_back(session)
            running = session.scalar(select(func.count()).where(Job.state == "running")) or 0
            now = time.monotonic()
            self._handed_out = {
                job: at for job, at in self._handed_out.items() if now - at < SECONDS_TO_CLAIM
            }
            queued = session.scalars(
                select(Job.id).where(Job.state == "queued").order_by(Job.id).limit(100)
            ).all()
            self._handed_out = {j: at for j, at in self._handed_out.items() if j in queued}
            free = self._settings.most_solves - running - len(self._handed_out)
            for job_id in [j for j in queued if j not in self._handed_out][: max(0, free)]:
                self._hand_out(job_id)
                self._handed_out[job_id] = now

    def _hand_out(self, job_id: str) -> None:
        from distributed import fire_and_forget

        settings = self._settings
        future = self._client.submit(
            run_job,
            settings.url,
            job_id,
            settings.threads,
            settings.beat_seconds,
            pure=False,
            retries=0,
        )
        fire_and_forget(future)

    def _take_back(self, session: Session) -> None:
        """Jobs whose beat has stood still on our own clock, which only runs forward."""
        now = time.monotonic()
        wait = self._settings.beat_seconds * self._settings.lost_after_beats
        running = session.scalars(select(Job).where(Job.state == "running")).all()
        heard = {}
        for job in running:
            beat, since = self._heard.get(job.id, (-1, now))
            if job.beat != beat:
                beat, since = job.beat, now
            elif now - since > wait:
                jobs.give_back(session, job, self._settings.most_attempts)
                continue
            heard[job.id] = beat, since
        self._heard = heard
