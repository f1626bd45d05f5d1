"""Why not so, what else: checked when handed in, answered by solving, waited for if asked."""

from typing import Any

import pytest

from api.service.routes import questions as route
from api.service.schemas.questions import Question
from tests.api.office import DATA, office
from tests.service.web.city import City, Web

WISH = {"kind": "team", "employee": "E3", "of": "hallinto"}


def asked(city: City, path: str, body: dict[str, Any], proposal: str | None = None) -> Any:
    answer = city.post(f"/v1/proposals/{proposal or city.proposal()}/{path}", body)
    assert answer.status_code == 202, answer.text
    return answer


def answered(city: City, path: str, body: dict[str, Any]) -> Any:
    answer = asked(city, path, body)
    assert city.web.run(answer.json()["id"]) == "done"
    found = city.get(answer.headers["location"]).json()
    Question.model_validate_json(city.get(answer.headers["location"]).content, strict=True)
    return found


def test_a_wish_is_answered_with_its_reasons(city: City) -> None:
    found = answered(city, "why", {"wishes": [WISH]})
    assert (found["state"], found["kind"]) == ("done", "why")
    (answer,) = found["result"]["answers"]
    assert answer["wish"] == WISH
    assert answer["status"] == "optimal"
    assert answer["proven"]
    worse = next(x for x in answer["levels"] if x["level"] == answer["first_worse"])
    assert sum(r["weighted"] for r in answer["reasons"]) == worse["change"] > 0


def test_several_wishes_are_ranked(city: City) -> None:
    wishes = [WISH | {"of": team} for team in ("hallinto", "talous")]
    found = answered(city, "why", {"wishes": wishes})
    answers = found["result"]["answers"]
    assert {a["wish"]["of"] for a in answers} == {"hallinto", "talous"}
    assert answers[0]["holds"]
    assert not answers[1]["free"]


@pytest.mark.parametrize(
    "wish",
    [
        {"kind": "holder", "employee": "E4", "of": "permits"},
        {"kind": "holder", "employee": "E1", "of": "permits"},
        {"kind": "substitute", "employee": "E2", "of": "E4"},
        {"kind": "leader", "employee": "E3", "of": "talous"},
    ],
)
def test_every_kind_of_wish_is_answered(one_web: Web, wish: dict[str, str]) -> None:
    found = answered(one_web.city(), "why", {"wishes": [wish]})
    (answer,) = found["result"]["answers"]
    assert answer["wish"] == wish
    assert answer["status"] in ("optimal", "infeasible")
    assert bool(answer["conflicts"]) == (answer["status"] == "infeasible")


def test_alternatives_are_answered(city: City) -> None:
    found = answered(city, "alternatives", {"level": "people", "loss": 10, "count": 2})
    result = found["result"]
    assert result["end"] in ("count", "no_more")
    for one in result["alternatives"]:
        assert one["distance"] >= 1
        assert len(one["difference"]["moved"]) >= 1


def test_that_there_are_no_alternatives_is_an_answer(city: City) -> None:
    result = answered(city, "alternatives", {})["result"]
    assert (result["alternatives"], result["end"]) == ([], "no_more")
    assert result["unique"] in ("plan", "placements")


def test_who_waits_gets_the_result(city: City) -> None:
    proposal = city.proposal()
    with city.web.working():
        for path, body in (("why", {"wishes": [WISH]}), ("alternatives", {})):
            answer = city.post(
                f"/v1/proposals/{proposal}/{path}",
                body,
                headers={"Prefer": "respond-async, wait=30"},
            )
            assert answer.status_code == 200
            assert answer.headers["preference-applied"] == "wait=30"
            assert answer.headers["location"] == f"/v1/questions/{answer.json()['id']}"
            assert answer.json()["state"] == "done"
            assert answer.json() == city.get(answer.headers["location"]).json()


def test_who_waits_in_vain_asks_again(one_web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route, "MOST_WAITED", 0.05)
    monkeypatch.setattr(route, "SECONDS_BETWEEN_LOOKS", 0.01)
    city = one_web.city()
    answer = city.post(
        f"/v1/proposals/{city.proposal()}/why",
        {"wishes": [WISH]},
        headers={"Prefer": "wait=999999"},
    )
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert answer.headers["preference-applied"] == "wait=0.05"
    assert answer.json()["result"] is None


@pytest.mark.parametrize("prefer", ["", "wait", "wait=", "wait=x", "handling=lenient", "wait=0"])
def test_other_preferences_are_no_matter(one_web: Web, prefer: str) -> None:
    city = one_web.city()
    answer = city.post(
        f"/v1/proposals/{city.proposal()}/alternatives", {}, headers={"Prefer": prefer}
    )
    assert answer.status_code == 202
    assert "preference-applied" not in answer.headers


def test_nobody_waits_for_a_server_that_stops(web: Web) -> None:
    city = web.city()
    proposal = city.proposal()
    web.app.state.stopping.set()
    try:
        answer = city.post(
            f"/v1/proposals/{proposal}/why",
            {"wishes": [WISH]},
            headers={"Prefer": "wait=30"},
        )
    finally:
        web.app.state.stopping.clear()
    assert answer.status_code == 202


@pytest.mark.parametrize(
    ("wish", "code", "place", "cure"),
    [
        (WISH | {"employee": "E33"}, "unknown_id", "wishes[0].employee", "Did you mean 'E3'?"),
        (WISH | {"of": "hallint"}, "unknown_id", "wishes[0].of", "Did you mean 'hallinto'?"),
        (
            {"kind": "holder", "employee": "E3", "of": "permit"},
            "unknown_id",
            "wishes[0].of",
            "Did you mean 'permits'?",
        ),
        (
            {"kind": "substitute", "employee": "E3", "of": "E6"},
            "needs_no_substitute",
            "wishes[0].of",
            "Ask about somebody who does.",
        ),
        (
            {"kind": "substitute", "employee": "E3", "of": "E3"},
            "refers_to_itself",
            "wishes[0].employee",
            "Name somebody else.",
        ),
        (WISH | {"kind": "boss"}, "unknown_kind", "wishes[0].kind", "Known: holder, leader"),
        (WISH | {"why": "so"}, "unknown_field", "wishes[0].why", "Fields that are not listed"),
        (WISH | {"employee": 3}, "bad_text", "wishes[0].employee", "Write a text"),
    ],
)
def test_what_cannot_be_wished_for_is_refused(
    one_web: Web, wish: dict[str, Any], code: str, place: str, cure: str
) -> None:
    city = one_web.city()
    answer = city.post(f"/v1/proposals/{city.proposal()}/why", {"wishes": [wish]})
    assert answer.status_code == 422
    (issue,) = answer.json()["issues"]
    assert (issue["code"], issue["place"]) == (code, place)
    assert issue["cure"].startswith(cure)


def test_a_team_without_a_lead_has_no_leader_to_ask_about(one_web: Web) -> None:
    city = one_web.city()
    teams = [DATA["teams"][0], {k: v for k, v in DATA["teams"][1].items() if k != "leader"}]
    organisation = city.organisation(office(teams=[teams[0], teams[1] | {"lead": False}]))
    wish = {"kind": "leader", "employee": "E4", "of": "hallinto"}
    answer = city.post(f"/v1/proposals/{city.proposal(organisation)}/why", {"wishes": [wish]})
    assert [i["code"] for i in answer.json()["issues"]] == ["team_without_lead"]


@pytest.mark.parametrize(
    ("path", "body", "code", "place"),
    [
        ("why", {"wishes": []}, "too_few", "wishes"),
        ("why", {"wishes": [WISH] * 101}, "too_many", "wishes"),
        ("why", {}, "missing", "wishes"),
        ("why", {"wishes": [WISH], "time_limit": 10**5}, "out_of_range", "time_limit"),
        ("alternatives", {"count": 0}, "out_of_range", "count"),
        ("alternatives", {"count": 101}, "out_of_range", "count"),
        ("alternatives", {"distance": 0}, "out_of_range", "distance"),
        ("alternatives", {"level": "peopel", "loss": 1}, "unknown_level", "level"),
        ("alternatives", {"level": "people"}, "bad_option", "loss"),
        ("alternatives", {"loss": 3}, "bad_option", "loss"),
        ("alternatives", {"loss": -1}, "out_of_range", "loss"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    one_web: Web, path: str, body: dict[str, Any], code: str, place: str
) -> None:
    city = one_web.city()
    answer = city.post(f"/v1/proposals/{city.proposal()}/{path}", body)
    assert answer.status_code == 422
    (issue,) = answer.json()["issues"]
    assert (issue["code"], issue["place"]) == (code, place)


def test_a_question_is_stopped(city: City) -> None:
    answer = asked(city, "why", {"wishes": [WISH]})
    name = answer.json()["id"]
    stopped = city.post(f"/v1/questions/{name}/stop")
    assert (stopped.status_code, stopped.json()["state"]) == (202, "done")
    assert stopped.json()["result"] is None


def test_the_same_key_again_is_the_same_question(city: City) -> None:
    proposal = city.proposal()
    first, second = (
        city.post(
            f"/v1/proposals/{proposal}/why",
            {"wishes": [WISH]},
            headers={"Idempotency-Key": "why-1"},
        )
        for _ in range(2)
    )
    assert first.json()["id"] == second.json()["id"]
    other = city.post(
        f"/v1/proposals/{proposal}/alternatives", {}, headers={"Idempotency-Key": "why-1"}
    )
    assert (other.status_code, other.json()["code"]) == (409, "key_used")
