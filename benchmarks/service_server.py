"""`tiimi serve` as a process of its own, to be measured from outside: HTTP, SQL and its memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil

TIIMI = Path(sys.executable).with_name("tiimi")
SECONDS_TO_START = 120.0


@dataclass
class Server:
    """A service that runs.

    Attributes:
        address: of its HTTP.
        token: of an admin of the one city there is.
        url: of its database.
        answers_after: seconds from its start to the first answer.
        ready_after: seconds from its start until it can solve.
    """

    process: subprocess.Popen[bytes]
    address: str
    token: str
    url: str
    answers_after: float
    ready_after: float

    def client(self) -> httpx2.Client:
        """A client that may do all."""
        return httpx2.Client(base_url=self.address, headers=self.headers, timeout=120)

    @property
    def headers(self) -> dict[str, str]:
        """Of every request."""
        return {"Authorization": f"Bearer {self.token}"}

    def memory_mib(self) -> tuple[int, list[int]]:
        """Resident memory of the server, and of each process that solves."""
        server = psutil.Process(self.process.pid)
        workers = [
            child
            for child in server.children(recursive=True)
            if "spawn_main" in " ".join(child.cmdline())
        ]
        return _mib(server), [_mib(worker) for worker in workers]


@contextmanager
def serving(folder: Path, database: str | None, **settings: object) -> Iterator[Server]:
    """Serve, in a folder or on a database; ended afterwards."""
    url = database or f"sqlite:///{folder / 'tiimi.db'}"
    known = {"database_url": url, "host": "127.0.0.1", "port": 0} | settings
    environment = os.environ | {f"TIIMI_{n.upper()}": str(v) for n, v in known.items()}
    token = _token(environment)
    said = folder / "said"
    with said.open("wb") as file:
        began = time.monotonic()
        process = subprocess.Popen([TIIMI, "serve"], env=environment, stdout=file, cwd=folder)
    try:
        address = _address(process, said, began)
        answers = _wait(process, f"{address}/health", began)
        ready = _wait(process, f"{address}/ready", began)
        yield Server(process, address, token, url, answers, ready)
    finally:
        process.terminate()
        process.wait()


def _token(environment: Mapping[str, str]) -> str:
    command = [TIIMI, "token", "create", "--owner", "load", "--role", "admin", "--name", "load"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def _address(process: subprocess.Popen[bytes], said: Path, began: float) -> str:
    while not (line := said.read_text()).count("\n"):
        _check(process, began)
    return line.splitlines()[0].split()[-1]


def _wait(process: subprocess.Popen[bytes], address: str, began: float) -> float:
    """Seconds until it answers with 200."""
    while True:
        try:
            if httpx2.get(address).status_code == 200:
                return time.monotonic() - began
        except httpx2.TransportError:
            pass
        _check(process, began)


def _check(process: subprocess.Popen[bytes], began: float) -> None:
    if process.poll() is not None or time.monotonic() - began > SECONDS_TO_START:
        raise RuntimeError(f"the service did not start: {process.poll()}")
    time.sleep(0.02)


def _mib(process: psutil.Process) -> int:
    return int(process.memory_info().rss // 2**20)
