"""Proposals: handed in, followed, read while they run and when they are done."""

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from api.service import jobs
from api.service.database import Job, new_id
from models import Plan, Policy, evaluate
from tests.api.office import DATA, office, office_plan
from tests.service.web.city import City, Web, ids, office_solved
from tests.service.web.conftest import serving

UNPRICED = {"interest_cost": {"2": 0}}
TIGHT = DATA["teams"][0] | {"size": {"min": 0, "max": 0}}


def test_a_proposal_is_queued_solved_and_read(city: City) -> None:
    organisation = city.organisation()
    queued = city.post("/v1/proposals", {"organisation": organisation, "time_limit": 30, "seed": 3})
    name = city.submitted(queued)
    status = queued.json()
    assert (status["state"], status["kind"], status["outcome"]) == ("queued", "propose", None)
    assert (status["parent"], status["origin"], status["progress"]) == (None, None, None)
    assert city.get(f"/v1/proposals/{name}/plan").json()["code"] == "conflict"
    assert city.get(f"/v1/proposals/{name}/result").json()["code"] == "conflict"
    assert city.web.run(name) == "done"
    status = city.get(f"/v1/proposals/{name}").json()
    assert (status["state"], status["outcome"], status["attempts"]) == ("done", "optimal", 1)
    result = city.get(f"/v1/proposals/{name}/result").json()
    assert result["status"] == "optimal"
    assert [x["value"] for x in result["levels"]] == [x.value for x in office_solved().levels]
    assert (result["run"]["time_limit"], result["run"]["seed"]) == (30.0, 3)
    plan = city.get(f"/v1/proposals/{name}/plan").json()
    assert plan["is_final"]
    assert plan["evaluation"]["is_valid"]
    assert plan["plan"] == {key: result[key] for key in Plan.model_fields}
    assert [x["value"] for x in plan["evaluation"]["levels"]] == [
        x["value"] for x in result["levels"]
    ]
    assert plan["evaluation"]["gaps"] == result["gaps"]


def test_what_was_asked_for_is_told_with_all_defaults(city: City) -> None:
    organisation = city.organisation()
    asked = {"organisation": organisation, "policy": {"min_fit": 4}}
    name = city.submitted(city.post("/v1/proposals", asked))
    told = city.get(f"/v1/proposals/{name}/request").json()
    assert told["policy"] == Policy(min_fit=4).to_dict()
    assert (told["organisation"], told["time_limit"], told["seed"]) == (organisation, 60.0, 0)
    assert (told["scenario"], told["allow_moves"]) == (None, None)
    assert city.get(f"/v1/proposals/{name}/organisation").json() == office().to_dict()


def test_infeasible_is_a_finished_result(city: City) -> None:
    organisation = city.post(
        "/v1/organisations", DATA | {"teams": [TIGHT, DATA["teams"][1]]}
    ).json()["id"]
    name = city.submitted(city.post("/v1/proposals", {"organisation": organisation}))
    city.web.run(name)
    status = city.get(f"/v1/proposals/{name}").json()
    assert (status["state"], status["outcome"], status["error"]) == ("done", "infeasible", None)
    result = city.get(f"/v1/proposals/{name}/result")
    assert (result.status_code, result.json()["status"]) == (200, "infeasible")
    assert result.json()["minimal_conflicts"][0] == result.json()["conflicts"]
    assert city.get(f"/v1/proposals/{name}/plan").status_code == 404


@pytest.mark.parametrize(
    ("asked", "code", "place"),
    [
        ({"policy": {"min_fat": 4}}, "unknown_field", "policy.min_fat"),
        ({"policy": {"min_fit": -1}}, "out_of_range", "policy.min_fit"),
        ({"policy": []}, "wrong_type", "policy"),
        (
            {"policy": {"interest_cost": {"2": 0}}},
            "unpriced_grade",
            "employees[E1].interest.hallinto",
        ),
        ({"time_limit": 0}, "out_of_range", "time_limit"),
        ({"time_limit": 3601}, "out_of_range", "time_limit"),
        ({"time_limit": "10"}, "wrong_type", "time_limit"),
        ({"seed": -1}, "out_of_range", "seed"),
        ({"seed": 1.5}, "not_integer", "seed"),
        ({"seed": "1"}, "not_integer", "seed"),
        ({"seed": 2**31}, "out_of_range", "seed"),
        ({"colour": 1}, "unknown_field", "colour"),
        ({"organisation": None}, "bad_text", "organisation"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    one_web: Web, asked: dict[str, Any], code: str, place: str
) -> None:
    city = one_web.city()
    answer = city.post("/v1/proposals", {"organisation": city.organisation()} | asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    first = answer.json()["issues"][0]
    assert (first["code"], first["place"]) == (code, place)
    assert first["message"]
    assert first["cure"]
    assert city.get("/v1/proposals").json()["items"] == []


def test_all_that_is_wrong_with_a_submission_is_told(one_web: Web) -> None:
    city = one_web.city()
    asked = {
        "organisation": city.organisation(),
        "policy": {"min_fat": 4, "settled_days": 0},
        "time_limit": 5000,
    }
    issues = city.post("/v1/proposals", asked).json()["issues"]
    places = [i["place"] for i in issues]
    assert places == ["time_limit", "policy.settled_days", "policy.min_fat"]


def test_the_best_plan_so_far_is_read_while_it_runs(city: City) -> None:
    plan = office_plan(office())
    progress = {
        "level": "people",
        "index": 3,
        "count": 5,
        "best": 20,
        "bound": 12,
        "seconds": 1.5,
        "taking_back": False,
        "status": None,
    }
    name = city.proposal(
        state="running",
        outcome=None,
        result=None,
        claim="w",
        attempts=1,
        progress=progress,
        plan=plan.model_dump(mode="json"),
    )
    status = city.get(f"/v1/proposals/{name}").json()
    assert (status["state"], status["progress"]) == ("running", progress)
    told = city.get(f"/v1/proposals/{name}/plan").json()
    assert told["is_final"] is False
    assert Plan.model_validate(told["plan"]) == plan
    assert told["evaluation"]["costs"] == evaluate(office(), Policy(), plan).costs
    assert city.get(f"/v1/proposals/{name}/result").status_code == 409
    assert city.get(f"/v1/proposals/{name}/sheet").status_code == 409
    assert city.get(f"/v1/proposals/{name}/conflicts").status_code == 409


def test_what_failed_says_why_and_has_no_result(city: City) -> None:
    name = city.proposal(state="failed", outcome=None, result=None, error="its worker was lost")
    assert city.get(f"/v1/proposals/{name}").json()["error"] == "its worker was lost"
    answer = city.get(f"/v1/proposals/{name}/result")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json()["detail"] == "There is no result, for it failed: its worker was lost."
    assert city.get(f"/v1/proposals/{name}/plan").status_code == 404


def test_what_is_stopped_before_it_began_is_over(city: City) -> None:
    name = city.submitted(city.post("/v1/proposals", {"organisation": city.organisation()}))
    stopped = city.post(f"/v1/proposals/{name}/stop")
    assert (stopped.status_code, stopped.json()["state"]) == (202, "done")
    assert (stopped.json()["outcome"], stopped.json()["stopping"]) == ("unknown", False)
    assert city.get(f"/v1/proposals/{name}/result").status_code == 404
    assert city.get(f"/v1/proposals/{name}/plan").status_code == 404
    assert city.web.run(name) == "not to be had"


def test_what_runs_is_asked_to_stop_and_keeps_its_plan(city: City) -> None:
    name = city.submitted(city.post("/v1/proposals", {"organisation": city.organisation()}))
    with city.web.session() as session:
        job = jobs.claim(session, name, "somebody")
        assert job is not None
    stopped = city.post(f"/v1/proposals/{name}/stop").json()
    assert (stopped["state"], stopped["stopping"]) == ("running", True)
    with city.web.session() as session:
        assert jobs.beat(session, name, "somebody")


def test_a_solve_that_is_stopped_has_a_result(city: City) -> None:
    """A whole city, stopped as soon as there is a plan."""
    organisation = city.post("/v1/demo-data", {"name": "jamsa-2018"}).json()["id"]
    name = city.submitted(city.post("/v1/proposals", {"organisation": organisation}))
    solving = threading.Thread(target=city.web.run, args=(name,))
    solving.start()
    while city.get(f"/v1/proposals/{name}/plan").status_code != 200:
        solving.join(0.1)
        assert solving.is_alive()
    assert city.post(f"/v1/proposals/{name}/stop").json()["stopping"]
    solving.join()
    status = city.get(f"/v1/proposals/{name}").json()
    assert (status["state"], status["outcome"]) == ("done", "feasible")
    assert len(city.get(f"/v1/proposals/{name}/result").json()["placements"]) == 57


def test_stopping_what_is_over_changes_nothing(city: City) -> None:
    name = city.proposal()
    before = city.get(f"/v1/proposals/{name}").json()
    stopped = city.post(f"/v1/proposals/{name}/stop")
    assert (stopped.status_code, stopped.json()) == (202, before)


def test_the_same_key_and_request_again_is_the_same_proposal(city: City) -> None:
    asked = {"organisation": city.organisation()}
    key = {"Idempotency-Key": "autumn-1"}
    first = city.post("/v1/proposals", asked, headers=key)
    second = city.post("/v1/proposals", asked, headers=key)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json()
    assert first.headers["location"] == second.headers["location"]
    assert len(city.get("/v1/proposals").json()["items"]) == 1
    created = [e for e in city.get("/v1/audit").json()["items"] if e["action"] == "create"]
    assert [e["resource"] for e in created] == [f"proposals/{first.json()['id']}"]


def test_the_same_key_with_another_request_is_refused(city: City) -> None:
    organisation = city.organisation()
    key = {"Idempotency-Key": "autumn-1"}
    city.post("/v1/proposals", {"organisation": organisation}, headers=key)
    answer = city.post("/v1/proposals", {"organisation": organisation, "seed": 1}, headers=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "key_used")
    assert len(city.get("/v1/proposals").json()["items"]) == 1


def test_two_cities_may_use_the_same_key(web: Web) -> None:
    found = set()
    for city in (web.city(), web.city()):
        asked = {"organisation": city.organisation()}
        answer = city.post("/v1/proposals", asked, headers={"Idempotency-Key": "autumn-1"})
        found.add(city.submitted(answer))
    assert len(found) == 2


def test_the_same_key_at_the_same_moment_is_one_proposal(city: City) -> None:
    asked = {"organisation": city.organisation()}
    both = threading.Barrier(2)
    answers: list[Any] = []

    def hand_in() -> None:
        both.wait()
        answers.append(city.post("/v1/proposals", asked, headers={"Idempotency-Key": "once"}))

    threads = [threading.Thread(target=hand_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [a.status_code for a in answers] == [202, 202]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    with city.web.session() as session:
        count = select(func.count()).select_from(Job).where(Job.owner == city.owner)
        assert session.scalar(count) == 1


@pytest.mark.parametrize("key", ["", "two words", "x" * 201, "é"])
def test_a_key_is_a_word(one_web: Web, key: str) -> None:
    city = one_web.city()
    answer = city.post(
        "/v1/proposals",
        {"organisation": city.organisation()},
        headers={"Idempotency-Key": key.encode()},
    )
    (issue,) = answer.json()["issues"]
    assert (answer.status_code, issue["place"]) == (422, "Idempotency-Key")


def test_a_full_queue_says_when_to_come_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("full") / "tiimi.db"
    with serving(f"sqlite:///{path}", queue_length=1) as web:
        city = web.city()
        asked = {"organisation": city.organisation()}
        city.submitted(city.post("/v1/proposals", asked))
        answer = city.post("/v1/proposals", asked)
        assert (answer.status_code, answer.json()["code"]) == (429, "queue_full")
        assert answer.headers["retry-after"] == "5"
        assert len(city.get("/v1/proposals").json()["items"]) == 1
        actions = [e["action"] for e in city.get("/v1/audit").json()["items"]]
        assert actions.count("create") == 1


def test_the_time_of_a_solve_is_as_the_service_is_set(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("short") / "tiimi.db"
    with serving(f"sqlite:///{path}", most_seconds=10, default_seconds=60) as web:
        city = web.city()
        asked = {"organisation": city.organisation()}
        name = city.submitted(city.post("/v1/proposals", asked))
        assert city.get(f"/v1/proposals/{name}/request").json()["time_limit"] == 10.0
        assert city.post("/v1/proposals", asked | {"time_limit": 11}).status_code == 422


def test_proposals_come_page_by_page_newest_first(city: City) -> None:
    organisation, other = city.organisation(), city.organisation()
    names = ids(30)
    for number, name in enumerate(names):
        kind = "what_if" if number % 3 == 0 else "propose"
        about = other if number % 2 else organisation
        city.proposal(about, id=name, kind=kind)
    city.job(kind="why", organisation_id=organisation, parent_id=names[0])

    def listed(query: str) -> tuple[list[str], int]:
        seen: list[str] = []
        after, pages = "", 0
        while True:
            page = city.get(f"/v1/proposals?{query}{after}").json()
            seen += [item["id"] for item in page["items"]]
            pages += 1
            if page["next"] is None:
                return seen, pages
            after = f"&after={page['next']}"

    assert listed("limit=8") == (names[::-1], 4)
    assert listed("limit=100") == (names[::-1], 1)
    assert listed(f"limit=10&organisation={other}") == (names[1::2][::-1], 2)
    assert listed(f"organisation={new_id()}") == ([], 1)


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("after=1", "after"),
        ("after=", "after"),
    ],
)
def test_a_page_is_asked_for_in_order(one_web: Web, query: str, place: str) -> None:
    city = one_web.city()
    for kind in ("organisations", "proposals"):
        answer = city.get(f"/v1/{kind}?{query}")
        (issue,) = answer.json()["issues"]
        assert (answer.status_code, issue["place"]) == (422, place)


def test_a_status_is_light(one_web: Web) -> None:
    """Neither plan, nor result, nor who is in them."""
    city = one_web.city()
    name = city.proposal()
    told = city.get(f"/v1/proposals/{name}").text
    assert "E1" not in told
    assert "placements" not in told
