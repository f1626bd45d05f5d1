"""`tiimi serve` as processes of its own, which can be killed, and a city that uses it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import psutil
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.service.database import Job, JobEvent, engine_for, migrate
from api.service.security import Role, create_token
from benchmarks.instances import load

TIIMI = Path(sys.executable).with_name("tiimi")

SECONDS_OF_PATIENCE = 120
SECONDS_BETWEEN_LOOKS = 0.1

QUICK = {"beat_seconds": 0.2, "lost_after_beats": 15, "solver_threads": 1, "most_attempts": 100}
"""With these, a lost worker is missed after three seconds; one that lives but is kept waiting by a
busy machine may be missed as well, as often as it likes."""

FINAL = ("done", "failed")

Found = TypeVar("Found")


def until(look: Callable[[], Found], what: str) -> Found:
    """What `look` gives as soon as it is true; that it takes long is no matter."""
    end = time.monotonic() + SECONDS_OF_PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, f"in vain: {what}"
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return found


@contextmanager
def process(*command: str | Path, **settings: Any) -> Iterator["Process"]:
    """A program with settings of Tiimi's; killed in the end with all that it started.

    What it says goes to a file: whoever outlives it could hold a pipe open for ever.
    """
    environment = os.environ | {f"TIIMI_{name.upper()}": str(v) for name, v in settings.items()}
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        with said.open("wb") as file:
            started = subprocess.Popen(
                [str(part) for part in command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            yield Process(started, said)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
            started.wait(SECONDS_OF_PATIENCE)


@dataclass
class Process:
    """A program that runs."""

    popen: subprocess.Popen[bytes]
    said: Path

    def first_line(self) -> str:
        """What it says first."""

        def look() -> str:
            assert self.popen.poll() is None, self.popen.returncode
            line, end, _ = self.said.read_text().partition("\n")
            return line if end else ""

        return until(look, "it says something")

    def children(self) -> list[psutil.Process]:
        """All that it has started, and so on."""
        return psutil.Process(self.popen.pid).children(recursive=True)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.popen.kill()
        self.popen.wait(SECONDS_OF_PATIENCE)

    def stop(self) -> None:
        """End it in order."""
        self.popen.terminate()
        self.popen.wait(SECONDS_OF_PATIENCE)


@dataclass
class Running:
    """A service that runs, as a city's admin sees it."""

    process: Process
    client: httpx2.Client
    url: str

    def get(self, path: str) -> httpx2.Response:
        return self.client.get(path)

    def post(self, path: str, json: Any = None) -> httpx2.Response:
        return self.client.post(path, json={} if json is None else json)

    def store(self, name: str) -> str:
        """Store an organisation that is measured, by its name; its id."""
        return stored(self.post("/v1/organisations", load(name).to_dict()), 201)

    def submit(self, organisation: str, seconds: float = 3600) -> str:
        """Ask for a proposal; its id. It ends when it is proven, or stopped."""
        asked = {"organisation": organisation, "time_limit": seconds}
        return stored(self.post("/v1/proposals", asked), 202)

    def status(self, name: str) -> dict[str, Any]:
        answer = self.get(f"/v1/proposals/{name}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def until_it_has_a_plan(self, name: str, attempt: int = 1) -> None:
        """Wait for a plan of this attempt, or of a later one, while it runs."""

        def look() -> bool:
            status = self.status(name)
            assert status["state"] not in FINAL, status
            progress = status["progress"] or {}
            return status["attempts"] >= attempt and progress.get("index", 0) > 1

        until(look, f"{name} runs and has a plan")

    def stopped(self, name: str) -> dict[str, Any]:
        """Its status after it was stopped."""
        assert self.post(f"/v1/proposals/{name}/stop").status_code == 202
        return self.until_over(name)

    def until_over(self, name: str) -> dict[str, Any]:
        """Its status as soon as it is over."""
        until(lambda: self.status(name)["state"] in FINAL, f"{name} is over")
        return self.status(name)

    def workers(self) -> list[psutil.Process]:
        """Processes that solve."""
        return [one for one in self.process.children() if "spawn_main" in " ".join(one.cmdline())]

    def kill(self) -> None:
        """Kill the server; what it started ends by itself."""
        children = self.process.children()
        self.process.kill()
        _, alive = psutil.wait_procs(children, timeout=SECONDS_OF_PATIENCE)
        assert alive == []

    def stop(self) -> None:
        """Stop the server in order."""
        self.process.stop()


@contextmanager
def serving(url: str, token: str, **settings: Any) -> Iterator[Running]:
    """Serve a database."""
    known = {"database_url": url, "host": "127.0.0.1", "port": 0} | QUICK | settings
    with process(TIIMI, "serve", **known) as started:
        line = started.first_line()
        assert line.startswith("Tiimi serves on "), line
        headers = {"Authorization": f"Bearer {token}"}
        with httpx2.Client(base_url=line.split()[-1], headers=headers, timeout=60) as client:
            yield Running(started, client, url)


def stored(answer: httpx2.Response, status: int) -> str:
    """The id of what was just stored."""
    assert answer.status_code == status, answer.text
    name: str = answer.json()["id"]
    return name


def token_of(url: str) -> str:
    """An admin's token, in a database that is made if need be."""
    engine = engine_for(url)
    try:
        migrate(engine)
        with Session(engine) as session:
            return create_token(session, "jamsa", Role.ADMIN, "test")
    finally:
        engine.dispose()


def history(url: str, name: str) -> tuple[Job, list[str]]:
    """A job as it is stored, and the kinds of its events, which are numbered without a gap."""
    engine = engine_for(url)
    try:
        with Session(engine) as session:
            query = select(JobEvent).where(JobEvent.job_id == name).order_by(JobEvent.number)
            events = session.scalars(query).all()
            assert [event.number for event in events] == list(range(1, len(events) + 1))
            return session.get_one(Job, name), [event.kind for event in events]
    finally:
        engine.dispose()
