"""Checking a plan that somebody has, and the policy to begin with."""

import tomllib
from typing import Any

import pytest

from models import Policy, evaluate
from tests.api.office import DATA, office, office_plan
from tests.service.web.city import City, Web

PLAN = office_plan(office()).model_dump(mode="json")


@pytest.mark.parametrize("is_stored", [True, False])
def test_a_plan_is_evaluated_afresh(city: City, is_stored: bool) -> None:
    organisation = city.organisation() if is_stored else DATA
    answer = city.post("/v1/check", {"organisation": organisation, "plan": PLAN})
    assert answer.status_code == 200
    found = answer.json()
    evaluation = evaluate(office(), Policy(), office_plan(office()))
    assert found["costs"] == evaluation.costs
    assert (found["is_valid"], found["violations"]) == (True, [])
    assert found["levels"] == [
        {"level": level.name, "value": evaluation.value(level)} for level in Policy().levels
    ]
    assert found["gaps"] == [gap.model_dump(mode="json") for gap in evaluation.gaps]


def test_what_a_plan_breaks_is_told(one_web: Web) -> None:
    plan = PLAN | {"leads": [{"team": "talous", "employee": "E9"}]}
    found = one_web.city().post("/v1/check", {"organisation": DATA, "plan": plan}).json()
    assert not found["is_valid"]
    assert [v["rule"] for v in found["violations"]] == [
        "leads[talous]",
        "lead:talous",
        "lead:hallinto",
    ]


def test_a_policy_is_followed(one_web: Web) -> None:
    policy = {"levels": [{"name": "only", "goals": {"interest": 10}}]}
    body = {"organisation": DATA, "plan": PLAN, "policy": policy}
    found = one_web.city().post("/v1/check", body).json()
    assert found["levels"] == [{"level": "only", "value": 10 * found["costs"]["interest"]}]


def test_nothing_is_stored(one_web: Web) -> None:
    city = one_web.city()
    city.post("/v1/check", {"organisation": DATA, "plan": PLAN})
    assert city.get("/v1/organisations").json()["items"] == []


@pytest.mark.parametrize(
    ("changed", "code", "place"),
    [
        ({"organisation": 3}, "wrong_type", "organisation"),
        ({"organisation": {}}, "missing", "organisation.name"),
        ({"policy": {"min_fat": 1}}, "unknown_field", "policy.min_fat"),
        (
            {"policy": {"interest_cost": {"2": 0}}},
            "unpriced_grade",
            "organisation.employees[E1].interest.hallinto",
        ),
        ({"plan": {"leads": [{"team": "talous"}]}}, "missing", "plan.leads[0].employee"),
        ({"plan": {"places": []}}, "unknown_field", "plan.places"),
        (
            {
                "plan": {
                    "placements": [
                        {"employee": "E1", "team": "talous", "start": "2018", "end": "2022-01-01"}
                    ]
                }
            },
            "bad_date",
            "plan.placements[0].start",
        ),
        (
            {"plan": {"substitutes": [{"principal": "E1", "substitute": "E2", "fit": "7"}]}},
            "not_integer",
            "plan.substitutes[0].fit",
        ),
    ],
)
def test_what_cannot_be_checked_is_refused(
    one_web: Web, changed: dict[str, Any], code: str, place: str
) -> None:
    body = {"organisation": DATA, "plan": PLAN} | changed
    answer = one_web.city().post("/v1/check", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    first = answer.json()["issues"][0]
    assert (first["code"], first["place"]) == (code, place)


def test_issues_of_policy_and_organisation_are_told_together(one_web: Web) -> None:
    body = {"organisation": DATA | {"colour": 1}, "plan": {}, "policy": {"min_fat": 1}}
    issues = one_web.city().post("/v1/check", body).json()["issues"]
    assert [i["place"] for i in issues] == ["policy.min_fat", "organisation.colour"]


def test_the_default_policy_comes_as_json_and_as_toml(one_web: Web) -> None:
    city = one_web.city()
    assert city.get("/v1/policy").json() == Policy().to_dict()
    toml = city.get("/v1/policy", headers={"Accept": "application/toml"})
    assert toml.headers["content-type"].startswith("application/toml")
    assert Policy.model_validate(tomllib.loads(toml.text)) == Policy()
    finnish = city.get("/v1/policy?language=fi", headers={"Accept": "application/toml"})
    assert tomllib.loads(finnish.text) == tomllib.loads(toml.text)
    assert finnish.text != toml.text
