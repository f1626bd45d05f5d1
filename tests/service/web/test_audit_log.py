"""Every read of personal data and every change is in the audit log, and nothing else is."""

import json
from typing import Any

import pytest

from tests.api.office import DATA
from tests.service.web.city import City, Web, stored_things
from tests.service.web.table import ROUTES, Route, filled

AUDITED = {
    "POST /v1/organisations": "create organisations/{new}",
    "GET /v1/organisations/{organisation}": "read organisations/{organisation}",
    "GET /v1/organisations/{organisation}/sheet": "read organisations/{organisation}/sheet",
    "GET /v1/organisations/{organisation}/risk": "read organisations/{organisation}/risk",
    "POST /v1/demo-data": "create organisations/{new}",
    "POST /v1/proposals": "create proposals/{new}",
    "GET /v1/proposals/{proposal}/request": "read proposals/{proposal}/request",
    "GET /v1/proposals/{proposal}/organisation": "read proposals/{proposal}/organisation",
    "GET /v1/proposals/{proposal}/plan": "read proposals/{proposal}/plan",
    "GET /v1/proposals/{proposal}/result": "read proposals/{proposal}/result",
    "GET /v1/proposals/{proposal}/sheet": "read proposals/{proposal}/sheet",
    "GET /v1/proposals/{proposal}/risk": "read proposals/{proposal}/risk",
    "GET /v1/proposals/{proposal}/report": "read proposals/{proposal}/report",
    "GET /v1/proposals/{proposal}/people/{person}/sheet": (
        "read proposals/{proposal}/people/{person}"
    ),
    "GET /v1/proposals/{proposal}/conflicts": "read proposals/{proposal}/conflicts",
    "POST /v1/proposals/{proposal}/stop": "stop proposals/{proposal}",
    "POST /v1/proposals/{proposal}/what-if": "create proposals/{new}",
    "GET /v1/proposals/{proposal}/difference/{other}": (
        "read proposals/{proposal}/difference/{other}"
    ),
    "POST /v1/proposals/{proposal}/why": "create questions/{new}",
    "POST /v1/proposals/{proposal}/alternatives": "create questions/{new}",
    "GET /v1/questions/{question}": "read questions/{question}",
    "POST /v1/questions/{question}/stop": "stop questions/{question}",
    "POST /v1/check": "check organisations/{organisation}",
    "POST /v1/proposals/{proposal}/decision": "decide proposals/{proposal}",
    "GET /v1/proposals/{proposal}/decisions": "read proposals/{proposal}/decisions",
    "GET /v1/people/{person}/export": "export people/{person}",
    "DELETE /v1/people/{person}": "erase people/(erased)",
    "GET /v1/audit": "read audit",
}
"""By route, what stands in the log; the others read and change nothing of anybody."""


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_what_is_done_is_in_the_log(web: Web, route: Route) -> None:
    city = web.city()
    ids = stored_things(city)
    more = {"json": filled(route.body, ids)} if route.body is not None else {}
    answer = city.ask(route.method, filled(route.path, ids), "admin", **more)
    if answer.headers["content-type"] == "application/json":
        ids["new"] = answer.json().get("id", "")
    told = [
        f"{e['action']} {e['resource']}"
        for e in city.get("/v1/audit").json()["items"]
        if route.path == "/v1/audit" or e["resource"] != "audit"
    ]
    wanted = filled(AUDITED.get(str(route), ""), ids)
    if str(route) == "POST /v1/questions/{question}/stop":
        # It answers with the result, which is read.
        told.remove(filled("read questions/{question}", ids))
    if route.path == "/v1/audit":
        assert told == [wanted, wanted]
    else:
        assert told == ([wanted] if wanted else [])


def test_what_is_refused_is_not_in_the_log(web: Web) -> None:
    city, theirs = web.city(), web.city()
    ids = stored_things(city)
    for route in ROUTES:
        if route.role and route.role != "viewer":
            more = {"json": filled(route.body, ids)} if route.body is not None else {}
            city.ask(route.method, filled(route.path, ids), "viewer", **more)
        if route.strangers == 404 and route.method != "DELETE":
            more = {"json": filled(route.body, ids)} if route.body is not None else {}
            theirs.ask(route.method, filled(route.path, ids), "admin", **more)
    for one in (city, theirs):
        assert [e["action"] for e in one.get("/v1/audit").json()["items"]] == ["read"]


def test_who_did_it_is_told_with_their_role(city: City) -> None:
    ids = stored_things(city)
    city.get(f"/v1/organisations/{ids['organisation']}", role="viewer")
    entry = city.get("/v1/audit").json()["items"][0]
    assert (entry["actor"], entry["role"]) == ("token:viewer", "viewer")
    assert set(entry) == {"id", "actor", "role", "action", "resource", "at"}


def test_the_log_comes_page_by_page_oldest_first(city: City) -> None:
    name = city.organisation()
    for _ in range(30):
        city.get(f"/v1/organisations/{name}")
    seen: list[dict[str, Any]] = []
    after, pages = "", 0
    while True:
        page = city.get(f"/v1/audit?limit=10{after}").json()
        seen += page["items"]
        pages += 1
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert [e["resource"] for e in seen[:30]] == [f"organisations/{name}"] * 30
    assert [e["resource"] for e in seen[30:]] == ["audit"] * 4
    assert [e["id"] for e in seen] == sorted(e["id"] for e in seen)
    assert pages == 4


def test_the_log_is_exported_as_json_lines(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.service.routes.audit.AT_A_TIME", 4)
    for _ in range(9):
        city.post("/v1/organisations", DATA)
    answer = city.get("/v1/audit", headers={"Accept": "application/jsonl"})
    assert answer.headers["content-type"].startswith("application/jsonl")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["action"] for line in lines] == ["create"] * 9 + ["read"]
    assert lines[:10] == [
        e | {"at": e["at"].replace("Z", "+00:00")}
        for e in city.get("/v1/audit").json()["items"][:10]
    ]
    rest = city.get(f"/v1/audit?after={lines[8]['id']}", headers={"Accept": "application/jsonl"})
    assert len(rest.text.splitlines()) == 3
