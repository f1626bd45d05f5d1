"""How long pages of many stored proposals take, and how the database finds them."""

from __future__ import annotations

import statistics
import time
from typing import Any

import httpx2
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from benchmarks.service_server import Server

TIMES = 50
AT_A_TIME = 500

_COLUMNS = (
    "owner, kind, state, outcome, organisation_id, request, policy, result, stop, attempts, beat,"
    " created_at, created_by, started_at, finished_at"
)
_LIGHT = (
    "id, owner, kind, state, outcome, organisation_id, parent_id, origin_id, progress, error, stop,"
    " attempts, claim, beat, key, erased, created_at, created_by, started_at, finished_at"
)
_PAGE = (
    f"SELECT {_LIGHT} FROM jobs WHERE owner = 'load' AND kind = 'propose' AND id < '{{after}}'"
    "{about} ORDER BY id DESC LIMIT 21"
)


def measure_listing(server: Server, count: int) -> None:
    """Store so many proposals as the one the service made, straight in the database, and list."""
    with server.client() as client:
        stored = client.post("/v1/demo-data", json={"name": "jamsa-2018"}).json()["id"]
        asked = {"organisation": stored, "time_limit": 30}
        name = client.post("/v1/proposals", json=asked).json()["id"]
        while client.get(f"/v1/proposals/{name}").json()["state"] != "done":
            time.sleep(0.2)
        _time(client, "one stored proposal, first page", "/v1/proposals")
        engine = create_engine(server.url)
        try:
            names = _copy(engine, name, count)
            print(f"{count} proposals of {_bytes(engine, name) // 1000} kB each stored")
            _time(client, "first page", "/v1/proposals")
            _time(client, "a page in the middle", f"/v1/proposals?after={names[count // 2]}")
            _time(client, "last page", f"/v1/proposals?after={names[min(20, count - 1)]}")
            _time(client, "of one organisation", f"/v1/proposals?organisation={stored}")
            _time(client, "of an organisation without any", f"/v1/proposals?organisation={name}")
            _time(client, "status of one", f"/v1/proposals/{names[count // 2]}")
            _time(client, "numbers for Prometheus", "/metrics")
            _explain(engine, names[count // 2], stored)
        finally:
            engine.dispose()


def _copy(engine: Engine, name: str, count: int) -> list[str]:
    """Copies of a proposal, older than it; their ids, in order."""
    first = int(name, 16) - (count << 80)
    names = [f"{first + (number << 80):032x}" for number in range(count)]
    # What is no column here was never asked for, or has a default.
    copy = text(
        f"INSERT INTO jobs (id, erased, {_COLUMNS})"
        f" SELECT :id, erased, {_COLUMNS} FROM jobs WHERE id = :name"
    )
    with engine.begin() as connection:
        for start in range(0, count, AT_A_TIME):
            rows = [{"id": one, "name": name} for one in names[start : start + AT_A_TIME]]
            connection.execute(copy, rows)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return names


def _bytes(engine: Engine, name: str) -> int:
    size = "length(CAST(result AS TEXT)) + length(CAST(policy AS TEXT))"
    with engine.connect() as connection:
        found: Any = connection.execute(
            text(f"SELECT {size} FROM jobs WHERE id = :name"), {"name": name}
        ).scalar_one()
    return int(found)


def _time(client: httpx2.Client, what: str, path: str) -> None:
    found = []
    for _ in range(TIMES):
        began = time.monotonic()
        client.get(path).raise_for_status()
        found.append(time.monotonic() - began)
    middle, longest = statistics.median(found) * 1000, max(found) * 1000
    print(f"{what:35} median {middle:6.1f} ms, longest {longest:6.1f} ms")


def _explain(engine: Engine, after: str, organisation: str) -> None:
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN ANALYZE "
    queries = {
        "a page": _PAGE.format(after=after, about=""),
        "of an organisation": _PAGE.format(
            after=after, about=f" AND organisation_id = '{organisation}'"
        ),
    }
    with engine.connect() as connection:
        for what, query in queries.items():
            print(f"{what}:")
            for row in connection.execute(text(explain + query)):
                print(f"  {row[-1]}")
