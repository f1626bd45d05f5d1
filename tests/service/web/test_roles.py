"""Every route, every role, one's own and another city's: who is let in, and what is not there."""

import pytest

from api.service.security import ROLES
from tests.service.web.city import City, Web, stored_things
from tests.service.web.table import ROUTES, Route, filled


def asked(route: Route, city: City, ids: dict[str, str], role: str) -> int:
    more = {"json": filled(route.body, ids)} if route.body is not None else {}
    answer = city.ask(route.method, filled(route.path, ids), role, **more)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    return answer.status_code


@pytest.fixture(scope="module")
def somebodys(one_web: Web) -> dict[str, str]:
    """The ids of what a city has, which nobody who asks here may change."""
    return stored_things(one_web.city())


def test_the_table_has_every_route(one_web: Web) -> None:
    paths = one_web.app.openapi()["paths"]
    described = {(m.upper(), p) for p, methods in paths.items() for m in methods}
    assert {(r.method, r.path) for r in ROUTES} == described


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_who_is_let_in_and_who_is_not(one_web: Web, route: Route) -> None:
    for role in ROLES:
        mine = one_web.city()
        ids = stored_things(mine)
        least = ROLES[route.role] if route.role else 0
        assert asked(route, mine, ids, role) == (route.status if ROLES[role] >= least else 403)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_what_another_city_has_is_not_there(
    one_web: Web, somebodys: dict[str, str], route: Route
) -> None:
    for role in ROLES:
        theirs = one_web.city()
        least = ROLES[route.role] if route.role else 0
        expected = route.strangers if ROLES[role] >= least else 403
        assert asked(route, theirs, somebodys, role) == expected


@pytest.mark.parametrize("route", [r for r in ROUTES if r.role], ids=str)
@pytest.mark.parametrize("header", [None, "Bearer tiimi_wrong", "Basic dGlpbWk6", "Bearer a.b.c"])
def test_without_a_valid_token_nobody_is_let_in(
    one_web: Web, somebodys: dict[str, str], route: Route, header: str | None
) -> None:
    more = {"json": filled(route.body, somebodys)} if route.body is not None else {}
    answer = one_web.client.request(
        route.method,
        filled(route.path, somebodys),
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
