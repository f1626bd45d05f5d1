"""Server-sent events: all of them, from where one was, and 410 when it is over."""

import json
import threading
from typing import Any

import pytest

from api.service import jobs
from api.service.routes import events as route
from tests.service.web.city import City, Web


def read(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    """The events of a stream: number, kind, data."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in block.splitlines() if not line.startswith(":")
        )
        if "id" in fields:
            found.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return found


def solved(city: City) -> str:
    name = city.submitted(city.post("/v1/proposals", {"organisation": city.organisation()}))
    assert city.web.run(name) == "done"
    return name


def test_what_happened_is_told_in_order_and_ends(city: City) -> None:
    name = solved(city)
    answer = city.get(f"/v1/proposals/{name}/events", headers={"Accept": "text/event-stream"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    told = read(answer.text)
    assert [number for number, _, _ in told] == list(range(1, len(told) + 1))
    kinds = [kind for _, kind, _ in told]
    assert (kinds[0], kinds[1], kinds[-1]) == ("queued", "started", "done")
    assert set(kinds) <= {"queued", "started", "improved", "level", "done"}
    assert told[-1][2] == {"outcome": "optimal"}
    levels = [data for _, kind, data in told if kind == "level" and not data["taking_back"]]
    assert [data["level"] for data in levels] == [
        "statutory",
        "continuity",
        "people",
        "stability",
        "substitutes",
    ]
    assert all(data["status"] == "optimal" for data in levels)
    assert all(data["best"] == data["bound"] for data in levels)


@pytest.mark.parametrize("how", ["header", "query", "both"])
def test_a_client_that_comes_back_misses_nothing(city: City, how: str) -> None:
    name = solved(city)
    everything = read(city.get(f"/v1/proposals/{name}/events").text)
    after, headers = {
        "header": ("", {"Last-Event-ID": "2"}),
        "query": ("?after=2", {}),
        "both": ("?after=0", {"Last-Event-ID": "2"}),
    }[how]
    rest = read(city.get(f"/v1/proposals/{name}/events{after}", headers=headers).text)
    assert rest == everything[2:]


def test_when_it_is_over_there_is_nothing_more(city: City) -> None:
    name = solved(city)
    last = read(city.get(f"/v1/proposals/{name}/events").text)[-1][0]
    for after in (last, last + 1000):
        answer = city.get(f"/v1/proposals/{name}/events?after={after}")
        assert (answer.status_code, answer.json()["code"]) == (410, "gone")


def test_events_come_while_it_runs(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever follows from the beginning sees it through to its end, with signs of life."""
    monkeypatch.setattr(route, "SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(route, "LOOKS_BETWEEN_SIGNS", 1)
    name = city.submitted(city.post("/v1/proposals", {"organisation": city.organisation()}))
    answers: list[str] = []
    following = threading.Thread(
        target=lambda: answers.append(city.get(f"/v1/proposals/{name}/events").text)
    )
    following.start()
    following.join(2)
    assert following.is_alive()
    city.web.run(name)
    following.join()
    assert read(answers[0])[-1][1] == "done"
    assert ": still there\n\n" in answers[0]


def test_a_lost_worker_and_a_failure_are_events(city: City) -> None:
    name = city.submitted(city.post("/v1/proposals", {"organisation": city.organisation()}))
    with city.web.session() as session:
        for attempt in (1, 2):
            job = jobs.claim(session, name, f"worker {attempt}")
            assert job is not None
            assert jobs.give_back(session, job, most_attempts=2)
    told = read(city.get(f"/v1/proposals/{name}/events").text)
    kinds = [kind for _, kind, _ in told]
    assert kinds == ["queued", "started", "lost", "started", "failed"]
    assert told[-1][2] == {"error": "its worker was lost 2 times"}


def test_what_was_stopped_in_the_queue_ends_at_once(city: City) -> None:
    name = city.submitted(city.post("/v1/proposals", {"organisation": city.organisation()}))
    city.post(f"/v1/proposals/{name}/stop")
    told = read(city.get(f"/v1/proposals/{name}/events").text)
    assert [(kind, data) for _, kind, data in told] == [
        ("queued", {}),
        ("done", {"outcome": "unknown"}),
    ]


def test_a_server_that_stops_lets_go_of_its_followers(one_web: Web) -> None:
    city = one_web.city()
    name = city.submitted(city.post("/v1/proposals", {"organisation": city.organisation()}))
    one_web.app.state.stopping.set()
    try:
        assert read(city.get(f"/v1/proposals/{name}/events").text) == []
    finally:
        one_web.app.state.stopping.clear()


@pytest.mark.parametrize(
    ("query", "header", "place"),
    [
        ("?after=-1", None, "after"),
        ("?after=x", None, "after"),
        ("?after=99999999999", None, "after"),
        ("", "x", "Last-Event-ID"),
        ("", "-1", "Last-Event-ID"),
        ("", "9" * 20, "Last-Event-ID"),
    ],
)
def test_where_one_was_is_a_number(
    one_web: Web, query: str, header: str | None, place: str
) -> None:
    city = one_web.city()
    name = city.proposal()
    headers = {"Last-Event-ID": header} if header else {}
    answer = city.get(f"/v1/proposals/{name}/events{query}", headers=headers)
    (issue,) = answer.json()["issues"]
    assert (answer.status_code, issue["place"]) == (422, place)
