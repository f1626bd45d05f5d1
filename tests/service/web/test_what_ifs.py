"""What if: checked when handed in, solved with its lineage, compared with its parent."""

from typing import Any

import pytest

from api.service.database import Job
from models import GOAL_NAMES, Policy
from models.carrying import carry
from models.proposal import Plan
from models.reading import scenario_from
from tests.api.office import DATA, office, office_plan
from tests.service.web.city import City, Web, office_solved

LEAVING = {"kind": "leaves", "employee": "E2", "date": "2020-01-01"}
SCENARIO = {"name": "E2 leaves", "effective": "2019-01-01", "events": [LEAVING]}


def asked(city: City, parent: str, **more: Any) -> str:
    answer = city.post(f"/v1/proposals/{parent}/what-if", {"scenario": SCENARIO} | more)
    return city.submitted(answer)


def test_a_what_if_is_a_proposal_that_knows_its_parent(city: City) -> None:
    parent = city.proposal()
    name = asked(city, parent)
    status = city.get(f"/v1/proposals/{name}").json()
    assert (status["kind"], status["parent"], status["origin"]) == ("what_if", parent, parent)
    assert city.web.run(name) == "done"
    result = city.get(f"/v1/proposals/{name}/result").json()
    assert result["status"] == "optimal"
    assert [x["level"] for x in result["levels"]][2] == "keep"
    told = city.get(f"/v1/proposals/{name}/request").json()
    assert told["scenario"] == SCENARIO
    assert told["allow_moves"] is None
    carried = city.get(f"/v1/proposals/{name}/organisation").json()
    assert carried["horizon"] == {"start": "2019-01-01", "end": "2022-01-01"}
    plan = city.get(f"/v1/proposals/{name}/plan").json()
    assert plan["evaluation"]["is_valid"]
    assert [x["value"] for x in plan["evaluation"]["levels"]] == [
        x["value"] for x in result["levels"]
    ]


def test_the_difference_from_its_parent_is_from_before(city: City) -> None:
    parent = city.proposal()
    name = asked(city, parent)
    city.web.run(name)
    found = city.get(f"/v1/proposals/{name}/difference/{parent}").json()
    with city.web.session() as session:
        stored = session.get_one(Job, name).result
    assert stored is not None
    assert found == stored["difference"]
    assert [row["goal"] for row in found["goals"]] == list(GOAL_NAMES)
    back = city.get(f"/v1/proposals/{parent}/difference/{name}").json()
    for there, here in zip(found["goals"], back["goals"], strict=True):
        assert (there["before"], there["after"]) == (here["after"], here["before"])


def test_a_what_if_of_a_what_if_has_the_first_as_its_origin(city: City) -> None:
    first = city.proposal()
    second = asked(city, first)
    city.web.run(second)
    later = {"effective": "2019-06-01", "events": [{"kind": "stays", "employee": "E1"}]}
    third = city.submitted(city.post(f"/v1/proposals/{second}/what-if", {"scenario": later}))
    city.web.run(third)
    status = city.get(f"/v1/proposals/{third}").json()
    assert (status["parent"], status["origin"], status["outcome"]) == (second, first, "optimal")
    assert city.get(f"/v1/proposals/{third}/difference/{first}").status_code == 200


def test_the_plan_of_a_what_if_that_runs_is_evaluated_on_what_it_is_for(city: City) -> None:
    scenario = scenario_from(SCENARIO)
    carried = carry(office(), Policy(), office_solved().plan, scenario)
    name = city.job(
        kind="what_if",
        organisation_id=(organisation := city.organisation()),
        parent_id=city.proposal(organisation),
        request={"scenario": SCENARIO, "allow_moves": None, "time_limit": 60.0, "seed": 0},
        state="running",
        claim="w",
        plan=carried.before.model_dump(mode="json"),
    )
    told = city.get(f"/v1/proposals/{name}/plan").json()
    assert Plan.model_validate(told["plan"]) == carried.before
    assert [x["level"] for x in told["evaluation"]["levels"]][2] == "keep"
    assert told["evaluation"]["costs"]["succession_changes"] == 0
    assert city.get(f"/v1/proposals/{name}/organisation").json() == carried.organisation.to_dict()


def test_moves_may_be_allowed(city: City) -> None:
    name = asked(city, city.proposal(), allow_moves=0)
    city.web.run(name)
    result = city.get(f"/v1/proposals/{name}/result").json()
    assert [x["level"] for x in result["levels"]][-1] == "keep"
    (moves,) = [
        g["cost"] for x in result["levels"] for g in x["goals"] if g["goal"] == "team_changes"
    ]
    assert moves == 0


def test_all_that_is_wrong_with_a_scenario_is_told(one_web: Web) -> None:
    city = one_web.city()
    scenario = {
        "effective": "2030-01-01",
        "events": [
            {"kind": "leaves", "employee": "E22", "date": "2020-01-01"},
            {"kind": "learns", "employee": "E3", "skill": "payrol", "level": 2},
        ],
    }
    answer = city.post(
        f"/v1/proposals/{city.proposal()}/what-if", {"scenario": scenario, "time_limit": 10**5}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [(i["code"], i["place"]) for i in answer.json()["issues"]] == [
        ("out_of_range", "time_limit"),
        ("out_of_horizon", "scenario.effective"),
        ("unknown_id", "scenario.events[0].employee"),
        ("unknown_id", "scenario.events[1].skill"),
    ]


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ({}, "missing", "scenario"),
        ({"scenario": {}}, "missing", "scenario.effective"),
        ({"scenario": []}, "wrong_type", "scenario"),
        ({"scenario": {"effective": "2019-13-01"}}, "bad_date", "scenario.effective"),
        ({"scenario": SCENARIO | {"colour": 1}}, "unknown_field", "scenario.colour"),
        (
            {"scenario": SCENARIO | {"events": [{"kind": "flies"}]}},
            "unknown_kind",
            "scenario.events[0].kind",
        ),
        ({"scenario": SCENARIO, "allow_moves": -1}, "out_of_range", "allow_moves"),
        ({"scenario": SCENARIO, "moves": 1}, "unknown_field", "moves"),
    ],
)
def test_what_is_no_scenario_is_refused(
    one_web: Web, body: dict[str, Any], code: str, place: str
) -> None:
    city = one_web.city()
    answer = city.post(f"/v1/proposals/{city.proposal()}/what-if", body)
    assert answer.status_code == 422
    (issue,) = answer.json()["issues"]
    assert (issue["code"], issue["place"]) == (code, place)


def test_a_policy_that_keeps_already_cannot_be_asked(one_web: Web) -> None:
    city = one_web.city()
    policy = Policy().to_dict()
    policy["levels"][0]["name"] = "keep"
    answer = city.post(
        f"/v1/proposals/{city.proposal(policy=policy)}/what-if", {"scenario": SCENARIO}
    )
    assert answer.status_code == 422
    assert answer.json()["issues"][0]["code"] == "duplicate_level"


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "queued", "outcome": None, "result": None},
        {"state": "running", "outcome": None, "result": None, "plan": {"placements": []}},
        {"state": "failed", "outcome": None, "result": None, "error": "lost"},
        {"outcome": "infeasible"},
        {"outcome": "unknown"},
        {"erased": True},
    ],
)
def test_without_a_plan_that_is_final_there_is_no_what_if(
    one_web: Web, fields: dict[str, Any]
) -> None:
    city = one_web.city()
    parent = city.proposal(**fields)
    for path, body in (
        ("what-if", {"scenario": SCENARIO}),
        ("why", {"wishes": [{"kind": "team", "employee": "E3", "of": "talous"}]}),
        ("alternatives", {}),
    ):
        answer = city.post(f"/v1/proposals/{parent}/{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_the_same_key_again_is_the_same_what_if(city: City) -> None:
    parent = city.proposal()
    body, key = {"scenario": SCENARIO}, {"Idempotency-Key": "e2"}
    first, second = (
        city.post(f"/v1/proposals/{parent}/what-if", body, headers=key) for _ in range(2)
    )
    assert first.json()["id"] == second.json()["id"]
    other = city.post(f"/v1/proposals/{city.proposal()}/what-if", body, headers=key)
    assert other.json()["code"] == "key_used"


def test_two_proposals_of_different_versions_are_compared_as_they_are(city: City) -> None:
    smaller = [e for e in DATA["employees"] if e["id"] != "E6"]
    people = [{k: v for k, v in e.items() if k != "wants"} for e in smaller]
    other = office(employees=people)
    plan = office_plan(office())
    left = plan.model_copy(
        update={
            "placements": tuple(p for p in plan.placements if p.employee != "E6"),
            "holders": tuple(h for h in plan.holders if h.employee != "E6"),
        }
    )
    result = {"proposal": office_solved().to_dict() | left.model_dump(mode="json")}
    one, two = city.proposal(), city.proposal(city.organisation(other), result=result)
    found = city.get(f"/v1/proposals/{two}/difference/{one}").json()
    assert [row["employee"] for row in found["went"]] == ["E6"]
    assert city.get(f"/v1/proposals/{one}/difference/{one}").json()["moved"] == []


def test_what_has_no_plan_has_no_difference(one_web: Web) -> None:
    city = one_web.city()
    one = city.proposal()
    running = city.proposal(state="running", outcome=None, result=None)
    infeasible = city.proposal(outcome="infeasible")
    assert city.get(f"/v1/proposals/{one}/difference/{running}").status_code == 409
    assert city.get(f"/v1/proposals/{infeasible}/difference/{one}").status_code == 404
