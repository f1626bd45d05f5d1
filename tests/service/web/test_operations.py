"""What those who run the service ask: health, readiness, numbers without ids."""

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.service.web.city import Web, stored_things
from tests.service.web.conftest import serving
from tests.service.web.table import ROUTES, filled


class Engine:
    """What solves, as far as readiness asks for it."""

    def __init__(self, is_ready: bool) -> None:
        self.is_ready = is_ready


def numbers(web: Web) -> dict[tuple[str, ...], float]:
    """Every sample: its name and the values of its labels."""
    families = text_string_to_metric_families(web.client.get("/metrics").text)
    return {(s.name, *s.labels.values()): s.value for f in families for s in f.samples}


def test_it_lives_and_is_ready(web: Web) -> None:
    for path in ("/health", "/ready"):
        answer = web.client.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(("is_ready", "status"), [(True, 200), (False, 503)])
def test_it_is_ready_once_the_engine_is(one_web: Web, is_ready: bool, status: int) -> None:
    one_web.app.state.dispatcher = Engine(is_ready)
    try:
        answer = one_web.client.get("/ready")
    finally:
        one_web.app.state.dispatcher = None
    assert answer.status_code == status
    assert answer.json().get("code") == (None if is_ready else "not_ready")


def test_requests_are_counted_by_route_and_status(web: Web) -> None:
    city = web.city()
    before = numbers(web)
    proposal = city.proposal()
    for _ in range(3):
        city.get(f"/v1/proposals/{proposal}")
    city.get(f"/v1/proposals/{'0' * 32}")
    web.client.get("/nowhere")
    city.ask("BREW", "/v1/policy")
    after = numbers(web)

    def more(*sample: str) -> float:
        return after.get(sample, 0) - before.get(sample, 0)

    route = "/v1/proposals/{proposal}"
    assert more("tiimi_requests_total", "GET", route, "200") == 3
    assert more("tiimi_requests_total", "GET", route, "404") == 1
    assert more("tiimi_requests_total", "GET", "(none)", "404") == 1
    assert more("tiimi_requests_total", "OTHER", "/v1/policy", "405") == 1
    assert more("tiimi_request_seconds_count", "GET", route) == 4


def test_jobs_are_counted_by_state(tmp_path_factory: pytest.TempPathFactory) -> None:
    with serving(f"sqlite:///{tmp_path_factory.mktemp('jobs') / 'tiimi.db'}") as web:
        city = web.city()
        assert numbers(web)["tiimi_jobs", "queued"] == 0
        for state in ("queued", "queued", "running", "done"):
            city.proposal(state=state)
        found = numbers(web)
        assert (found["tiimi_jobs", "queued"], found["tiimi_jobs", "running"]) == (2, 1)


def test_the_numbers_have_no_ids_and_nothing_of_cities(one_web: Web) -> None:
    city = one_web.city()
    ids = stored_things(city)
    for route in ROUTES:
        more = {"json": filled(route.body, ids)} if route.body is not None else {}
        city.ask(route.method, filled(route.path, ids), **more)
    text = one_web.client.get("/metrics").text
    assert re.search(r"[0-9a-f]{32}", text) is None
    assert city.owner not in text
    labels = {label for line in text.splitlines() for label in re.findall(r'(\w+)="', line)}
    assert labels == {"method", "route", "status", "state", "le"}
