"""How the service bears many readers: `python -m benchmarks.service_load [options]`.

Starts `tiimi serve` in a folder of its own, lets it solve two organisations that take long, and
lets clients follow and read meanwhile, each with a pause between its requests. Prints how long
answers took, seen from the clients, and what the service needs when it is idle. With `--listing`
it stores many proposals instead, and times their pages (`benchmarks.service_listing`).

A database given with `--database` should be empty; it is not emptied afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from benchmarks import machine
from benchmarks.instances import load
from benchmarks.service_listing import measure_listing
from benchmarks.service_server import Server, serving

CITY, LASTING = "jamsa-2018", ("random:1", "random:2")
FINAL = ("done", "failed")


@dataclass
class Seen:
    """What the clients saw: seconds by kind of read, and what was no answer."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, seconds: float, error: str | None) -> None:
        """A read ended."""
        self.seconds.setdefault(kind, []).append(seconds)
        if error is not None:
            self.errors[f"{kind}: {error}"] += 1


def main(arguments: list[str]) -> int:
    """Measure and print; 1 if a read failed."""
    options = _parser().parse_args(arguments)
    print(f"{machine.machine()}; load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory() as folder:
        settings = {"processes": 2, "most_solves": 2, "solver_threads": 1}
        with serving(Path(folder), options.database, **settings) as server:
            _print_idle(server)
            if options.listing:
                measure_listing(server, options.listing)
                return 0
            return _load(server, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service_load")
    parser.add_argument("--database", metavar="URL", help="default: SQLite in a new folder")
    parser.add_argument("--clients", metavar="N", type=int, default=200)
    parser.add_argument("--seconds", metavar="N", type=float, default=20.0)
    parser.add_argument(
        "--pause", metavar="SECONDS", type=float, default=1.0, help="of a client between reads"
    )
    parser.add_argument("--listing", metavar="N", type=int, default=0, help="store N proposals")
    return parser


def _print_idle(server: Server) -> None:
    time.sleep(3)
    memory, workers = server.memory_mib()
    print(
        f"first answer after {server.answers_after:.2f} s, ready after {server.ready_after:.2f} s"
    )
    print(f"idle: server {memory} MiB, workers {workers} MiB")


def _load(server: Server, options: argparse.Namespace) -> int:
    with server.client() as client:
        city = _stored(client.post("/v1/demo-data", json={"name": CITY}))
        finished = _submit(client, city, 30)
        while client.get(finished).json()["state"] not in FINAL:
            time.sleep(0.2)
        running = [
            _submit(client, _stored(client.post("/v1/organisations", json=_content(name))), 3600)
            for name in LASTING
        ]
        while any(client.get(one).json()["state"] != "running" for one in running):
            time.sleep(0.2)
        reads = {
            "status": running,
            "list": ["/v1/proposals"],
            "result": [f"{finished}/result"],
            "organisation": [f"/v1/organisations/{city}"],
        }
        seen = asyncio.run(_clients(server, reads, options))
        states = [client.get(one).json()["state"] for one in running]
        stops = [_stop(client, one) for one in running]
    _print(seen, options, states, stops)
    memory, workers = server.memory_mib()
    print(f"afterwards: server {memory} MiB, workers {workers} MiB")
    return 1 if seen.errors or states != ["running"] * len(running) else 0


def _content(name: str) -> dict[str, Any]:
    return load(name).to_dict()


def _stored(answer: httpx2.Response) -> str:
    answer.raise_for_status()
    return str(answer.json()["id"])


def _submit(client: httpx2.Client, organisation: str, seconds: float) -> str:
    """Ask for a proposal; its path."""
    asked = {"organisation": organisation, "time_limit": seconds}
    return f"/v1/proposals/{_stored(client.post('/v1/proposals', json=asked))}"


def _stop(client: httpx2.Client, path: str) -> float:
    """Seconds until a proposal that runs has stopped, and has its result."""
    began = time.monotonic()
    client.post(f"{path}/stop").raise_for_status()
    while client.get(path).json()["state"] not in FINAL:
        time.sleep(0.02)
    return time.monotonic() - began


async def _clients(
    server: Server, reads: dict[str, list[str]], options: argparse.Namespace
) -> Seen:
    seen = Seen()
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx2.AsyncClient(
        base_url=server.address, headers=server.headers, timeout=60, limits=limits
    ) as client:
        end = time.monotonic() + options.seconds
        await asyncio.gather(
            *(
                _client(client, seed, reads, options.pause, end, seen)
                for seed in range(options.clients)
            )
        )
    return seen


async def _client(
    client: httpx2.AsyncClient,
    seed: int,
    reads: dict[str, list[str]],
    pause: float,
    end: float,
    seen: Seen,
) -> None:
    """Follow twice, then read something, with pauses, until the end."""
    chosen = random.Random(seed)
    await asyncio.sleep(chosen.uniform(0, pause))
    kinds = ["status", "status", chosen.choice(["list", "result", "organisation"])]
    while time.monotonic() < end:
        kind = chosen.choice(kinds)
        began, error = time.monotonic(), None
        try:
            answer = await client.get(chosen.choice(reads[kind]))
            if answer.status_code != 200:
                error = str(answer.status_code)
        except httpx2.TransportError as failed:
            error = type(failed).__name__
        seen.add(kind, time.monotonic() - began, error)
        await asyncio.sleep(chosen.uniform(0.5, 1.5) * pause)


def _print(
    seen: Seen, options: argparse.Namespace, states: Sequence[str], stops: Sequence[float]
) -> None:
    print(f"{options.clients} clients for {options.seconds:g} s, two solves: {', '.join(states)}")
    print("read           number  a second  median ms  99 % ms  longest ms")
    everything = [x for found in seen.seconds.values() for x in found]
    for kind, found in [*seen.seconds.items(), ("all", everything)]:
        per_second = len(found) / options.seconds
        middle, late = statistics.median(found), _percentile(found, 0.99)
        print(
            f"{kind:13} {len(found):7} {per_second:9.0f} {middle * 1000:10.0f}"
            f" {late * 1000:8.0f} {max(found) * 1000:11.0f}"
        )
    print(f"errors: {dict(seen.errors) or 'none'}")
    print(f"stop to result: {', '.join(f'{x:.2f} s' for x in stops)}")


def _percentile(found: Sequence[float], part: float) -> float:
    return sorted(found)[min(len(found) - 1, int(len(found) * part))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
