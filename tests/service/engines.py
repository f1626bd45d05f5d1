"""An engine in the tests' own process, in place of Dask's: a thread for each job."""

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy.engine import Engine

from api.service.dispatcher import Dispatcher
from api.service.settings import Settings


class Future:
    """A job that was handed out."""

    def __init__(self, job: str, claim: str) -> None:
        self.job, self.claim = job, claim
        self.is_done = False

    def done(self) -> bool:
        return self.is_done


class Threads:
    """Runs what is handed out, or only keeps it in mind."""

    status = "running"

    def __init__(self, runs: bool = True) -> None:
        self._runs = runs
        self._threads: list[threading.Thread] = []
        self.futures: list[Future] = []

    @property
    def jobs(self) -> list[str]:
        """What was handed out, in its order."""
        return [future.job for future in self.futures]

    def submit(self, function: Callable[..., Any], *given: Any, **_: Any) -> Future:
        url, job, threads, beat_seconds, claim = given
        future = Future(job, claim)
        self.futures.append(future)

        def run() -> None:
            function(url, job, threads, beat_seconds, claim)
            future.is_done = True

        if self._runs:
            self._threads.append(threading.Thread(target=run, daemon=True))
            self._threads[-1].start()
        return future

    def join(self) -> None:
        """Wait until all is done."""
        for thread in self._threads:
            thread.join()

    def close(self, timeout: float) -> None:
        """As Dask's engines."""


def dispatcher(engine: Engine, threads: Threads, **settings: Any) -> Dispatcher:
    """A dispatcher that hands out to threads."""
    known = {"database_url": str(engine.url.render_as_string(hide_password=False))}
    made = Dispatcher(engine, Settings(**(known | settings)))
    made._client = threads
    return made
