"""Decisions: by whom, why, on what; in their order, and never changed."""

from typing import Any

import pytest

from tests.api.office import office, office_plan
from tests.service.web.city import City, Web

PLAN = office_plan(office()).model_dump(mode="json")


def test_decisions_are_kept_in_their_order(city: City) -> None:
    proposal = city.proposal()
    path = f"/v1/proposals/{proposal}/decision"
    first = city.post(path, {"decision": "reject", "reason": "Not heard yet."}, role="approver")
    assert first.status_code == 201
    assert first.json()["by"] == "token:approver"
    city.post(path, {"decision": "accept", "reason": "Heard on 12 May."})
    found = city.get(f"/v1/proposals/{proposal}/decisions").json()["items"]
    assert [(d["decision"], d["reason"], d["by"], d["plan"]) for d in found] == [
        ("reject", "Not heard yet.", "token:approver", None),
        ("accept", "Heard on 12 May.", "token:admin", None),
    ]
    assert found[0] == first.json()
    assert {d["proposal"] for d in found} == {proposal}


def test_an_override_says_which_plan_is_followed(city: City) -> None:
    proposal = city.proposal()
    path = f"/v1/proposals/{proposal}/decision"
    answer = city.post(path, {"decision": "override", "reason": "By hand.", "plan": PLAN})
    assert (answer.status_code, answer.json()["violations"]) == (201, [])
    assert answer.json()["plan"] == PLAN


def test_an_override_may_break_rules_and_says_which(city: City) -> None:
    proposal = city.proposal()
    plan = PLAN | {"leads": PLAN["leads"][1:]}
    path = f"/v1/proposals/{proposal}/decision"
    answer = city.post(path, {"decision": "override", "reason": "No lead.", "plan": plan})
    assert answer.status_code == 201
    assert [v["rule"] for v in answer.json()["violations"]] == ["lead:talous"]
    (listed,) = city.get(f"/v1/proposals/{proposal}/decisions").json()["items"]
    assert listed == answer.json()


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ({"decision": "override", "reason": "So."}, "bad_option", "plan"),
        ({"decision": "accept", "reason": "So.", "plan": PLAN}, "bad_option", "plan"),
        ({"decision": "agree", "reason": "So."}, "unknown_kind", "decision"),
        ({"decision": "accept"}, "missing", "reason"),
        ({"decision": "accept", "reason": ""}, "bad_text", "reason"),
        ({"decision": "accept", "reason": " \n"}, "bad_text", "reason"),
        ({"decision": "accept", "reason": "x" * 2001}, "bad_text", "reason"),
        (
            {
                "decision": "override",
                "reason": "So.",
                "plan": {"leads": [{"team": "talous", "employee": "E99"}]},
            },
            "bad_plan",
            "plan.leads[talous]",
        ),
    ],
)
def test_what_is_no_decision_is_refused(
    one_web: Web, body: dict[str, Any], code: str, place: str
) -> None:
    city = one_web.city()
    answer = city.post(f"/v1/proposals/{city.proposal()}/decision", body)
    assert answer.status_code == 422
    (issue,) = answer.json()["issues"]
    assert (issue["code"], issue["place"]) == (code, place)


@pytest.mark.parametrize(
    ("fields", "decision", "status"),
    [
        ({"state": "running", "outcome": None, "result": None}, "reject", 409),
        ({"state": "running", "outcome": None, "result": None}, "accept", 409),
        ({"outcome": "infeasible"}, "accept", 409),
        ({"outcome": "infeasible"}, "reject", 201),
        ({"state": "failed", "outcome": None, "result": None}, "reject", 404),
    ],
)
def test_only_what_is_done_is_decided_on(
    one_web: Web, fields: dict[str, Any], decision: str, status: int
) -> None:
    city = one_web.city()
    path = f"/v1/proposals/{city.proposal(**fields)}/decision"
    assert city.post(path, {"decision": decision, "reason": "So."}).status_code == status
