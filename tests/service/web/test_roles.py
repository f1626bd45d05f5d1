"""Every route, every role, one's own and another city's: who is let in, and what is not there."""

from dataclasses import dataclass
from typing import Any

import pytest

from api.service.security import ROLES
from tests.api.office import DATA, START
from tests.service.web.city import City, Web, stored_things

SCENARIO = {"effective": START.isoformat()}
WISH = {"kind": "team", "employee": "E3", "of": "hallinto"}


@dataclass(frozen=True)
class Route:
    """A request: the least role it takes, what it answers, and what it answers to strangers.

    `{organisation}`, `{proposal}`, `{question}` stand for ids, in the path and in the body.
    """

    method: str
    path: str
    role: str | None
    status: int
    strangers: int
    body: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


ROUTES = [
    Route("POST", "/v1/organisations", "planner", 201, 201, DATA),
    Route("GET", "/v1/organisations", "viewer", 200, 200),
    Route("GET", "/v1/organisations/{organisation}", "viewer", 200, 404),
    Route("GET", "/v1/organisations/{organisation}/sheet", "viewer", 200, 404),
    Route("POST", "/v1/demo-data", "planner", 201, 201, {"name": "example"}),
    Route("POST", "/v1/proposals", "planner", 202, 404, {"organisation": "{organisation}"}),
    Route("GET", "/v1/proposals", "viewer", 200, 200),
    Route("GET", "/v1/proposals/{proposal}", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/request", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/organisation", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/plan", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/result", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/sheet", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/conflicts", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/events", "viewer", 200, 404),
    Route("POST", "/v1/proposals/{proposal}/stop", "planner", 202, 404),
    Route("POST", "/v1/proposals/{proposal}/what-if", "planner", 202, 404, {"scenario": SCENARIO}),
    Route("GET", "/v1/proposals/{proposal}/difference/{other}", "viewer", 200, 404),
    Route("POST", "/v1/proposals/{proposal}/why", "planner", 202, 404, {"wishes": [WISH]}),
    Route("POST", "/v1/proposals/{proposal}/alternatives", "planner", 202, 404, {}),
    Route("GET", "/v1/questions/{question}", "viewer", 200, 404),
    Route("POST", "/v1/questions/{question}/stop", "planner", 202, 404),
    Route("POST", "/v1/check", "viewer", 200, 404, {"organisation": "{organisation}", "plan": {}}),
    Route("GET", "/v1/policy", "viewer", 200, 200),
    Route(
        "POST",
        "/v1/proposals/{proposal}/decision",
        "approver",
        201,
        404,
        {"decision": "accept", "reason": "Heard."},
    ),
    Route("GET", "/v1/proposals/{proposal}/decisions", "viewer", 200, 404),
    Route("GET", "/v1/people/{person}/export", "admin", 200, 404),
    Route("DELETE", "/v1/people/{person}", "admin", 200, 404),
    Route("GET", "/v1/audit", "admin", 200, 200),
    Route("GET", "/health", None, 200, 200),
    Route("GET", "/ready", None, 200, 200),
    Route("GET", "/metrics", None, 200, 200),
]


def filled(template: Any, ids: dict[str, str]) -> Any:
    """A path or body with ids in their places."""
    if isinstance(template, str):
        for name, value in ids.items():
            template = template.replace(f"{{{name}}}", value)
        return template
    if isinstance(template, dict):
        return {key: filled(value, ids) for key, value in template.items()}
    return template


def asked(route: Route, city: City, ids: dict[str, str], role: str) -> int:
    more = {"json": filled(route.body, ids)} if route.body is not None else {}
    answer = city.ask(route.method, filled(route.path, ids), role, **more)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    return answer.status_code


def test_the_table_has_every_route(one_web: Web) -> None:
    paths = one_web.app.openapi()["paths"]
    described = {(m.upper(), p) for p, methods in paths.items() for m in methods}
    assert {(r.method, r.path) for r in ROUTES} == described


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_who_is_let_in_and_who_is_not(web: Web, route: Route) -> None:
    for role in ROLES:
        mine = web.city()
        ids = stored_things(mine)
        least = ROLES[route.role] if route.role else 0
        assert asked(route, mine, ids, role) == (route.status if ROLES[role] >= least else 403)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_what_another_city_has_is_not_there(web: Web, route: Route) -> None:
    ids = stored_things(web.city())
    for role in ROLES:
        theirs = web.city()
        least = ROLES[route.role] if route.role else 0
        assert asked(route, theirs, ids, role) == (route.strangers if ROLES[role] >= least else 403)


@pytest.mark.parametrize("route", [r for r in ROUTES if r.role], ids=str)
@pytest.mark.parametrize("header", [None, "Bearer tiimi_wrong", "Basic dGlpbWk6", "Bearer a.b.c"])
def test_without_a_valid_token_nobody_is_let_in(
    one_web: Web, route: Route, header: str | None
) -> None:
    ids = stored_things(one_web.city())
    more = {"json": filled(route.body, ids)} if route.body is not None else {}
    answer = one_web.client.request(
        route.method,
        filled(route.path, ids),
        headers={"Authorization": header} if header else {},
        **more,
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_lists_of_one_city_have_nothing_of_another(web: Web) -> None:
    ids = stored_things(web.city())
    theirs = web.city()
    for path in ("/v1/organisations", "/v1/proposals"):
        assert theirs.get(path).json() == {"items": [], "next": None}
    filtered = theirs.get(f"/v1/proposals?organisation={ids['organisation']}")
    assert filtered.json() == {"items": [], "next": None}
    actions = [entry["action"] for entry in theirs.get("/v1/audit").json()["items"]]
    assert actions == ["read"]


def test_another_citys_ids_are_no_parents_and_no_others(web: Web) -> None:
    ids = stored_things(web.city())
    theirs = web.city()
    own = theirs.proposal()
    for path in (
        f"/v1/proposals/{own}/difference/{ids['proposal']}",
        f"/v1/proposals/{ids['proposal']}/difference/{own}",
    ):
        assert theirs.get(path).status_code == 404


@pytest.mark.parametrize("name", ["0", "x" * 32, "A" * 32, "0" * 31 + "é", "..", "0" * 300])
def test_ids_of_another_shape_are_not_there(one_web: Web, name: str) -> None:
    city = one_web.city()
    for kind in ("organisations", "proposals", "questions"):
        assert city.get(f"/v1/{kind}/{name}").status_code == 404


def test_a_question_is_no_proposal_and_a_proposal_no_question(web: Web) -> None:
    mine = web.city()
    ids = stored_things(mine)
    assert mine.get(f"/v1/proposals/{ids['question']}").status_code == 404
    assert mine.get(f"/v1/proposals/{ids['question']}/result").status_code == 404
    assert mine.get(f"/v1/questions/{ids['proposal']}").status_code == 404
