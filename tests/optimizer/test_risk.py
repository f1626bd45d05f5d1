"""The whole risk analysis: of nothing, of the city, as data."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import date
from typing import Any

import pytest

import fixtures
from models.facts import Facts
from models.policy import Policy
from models.proposal import Plan
from optimizer import propose
from optimizer.risk import Risk, risk_of
from tests.optimizer.risk_by_hand import case
from tests.small import DAYS, able, date_of, facts, leaving, person, plan, task, team


@pytest.fixture(scope="module")
def city() -> Facts:
    return Facts(fixtures.load("jamsa-2018"), Policy())


@pytest.fixture(scope="module")
def today(city: Facts) -> Risk:
    return risk_of(city, None)


def test_an_organisation_of_nobody_and_nothing_risks_nothing() -> None:
    for decided in (None, Plan()):
        found = risk_of(facts(employees=[], teams=[], skills=[]), decided)
        assert (found.cover, found.key_people, found.handovers, found.tacit) == ((), (), (), ())
        assert [p.people for p in found.single_points] == [(), ()]
        assert found.succession.coverage_percent is None
        assert all(not getattr(found.chains, f.name) for f in fields(found.chains))
        sizes = [(e.size, e.authority_tasks, e.other_tasks, e.skills) for e in found.exposures]
        assert sizes == [(size, 0, 0, 0) for size in (0, 1, 2, 3, None)]


def test_exposures_count_by_how_few_must_leave() -> None:
    employees = [able(e, team="A", office_holder=e == "a") for e in "abcd"]
    teams = [team("A", needs=[{"skill": "s", "level": 2, "people": 3}]), team("B")]
    tasks = [task("all"), task("office", kind="authority"), task("none", skill="t")]
    found = risk_of(facts(teams=teams, employees=employees, tasks=tasks), None)
    told = {e.size: (e.authority_tasks, e.other_tasks, e.skills) for e in found.exposures}
    assert told == {0: (0, 1, 0), 1: (1, 0, 0), 2: (0, 0, 1), 3: (0, 0, 0), None: (0, 1, 0)}


def test_needs_are_counted_in_current_teams_or_all_together_before_there_are_any() -> None:
    needs = [{"skill": "s", "level": 2, "people": 2}, {"skill": "s", "level": 3, "people": 1}]
    teams = [team("A", needs=needs), team("B", needs=needs[:1])]
    employees = [person("a", skills={"s": 3}), able("b"), able("c")]

    def told(decided: Plan | None = None) -> list[tuple[str | None, int, int, int]]:
        found = risk_of(facts(teams=teams, employees=employees), decided).cover
        return [(c.of.team, c.of.level, c.wanted, c.steps[0].there) for c in found]

    # 2 + 1 + 2 people at level 2 or more, for who is at level 3 is also at level 2.
    assert told() == [(None, 2, 5, 3), (None, 3, 1, 1)]
    some = facts(teams=teams, employees=employees)
    in_teams = [("A", 2, 2, 1), ("A", 3, 1, 1), ("B", 2, 2, 2)]
    assert told(plan(some, {"a": "A", "b": "B", "c": "B"})) == in_teams
    employees = [{**e, "team": "A" if e["id"] == "a" else "B"} for e in employees]
    assert told() == in_teams


def test_whose_leaving_breaks_authority_comes_before_any_number_of_other_days() -> None:
    employees = [
        able("few", skills={"s": 2, "t": 2}, leaves=leaving(25)),
        able("many"),
        able("office", skills={"u": 2}, office_holder=True, leaves=leaving(3)),
    ]
    tasks = [
        task("Q", skill="t"),
        task("A", skill="u", kind="authority"),
        task("R", backups=1, active={"start": date_of(20).isoformat()}),
    ]
    skills = [{"id": s} for s in "stu"]
    some = facts(skills=skills, employees=employees, tasks=tasks)
    people = risk_of(some, None).key_people
    told = [(p.employee, p.authority_days, p.other_days, p.short_days) for p in people]
    # many is the only one for R from day 25 on; before, without either R is short of a backup.
    assert told == [("office", 3, 0, 0), ("few", 0, 25, 5), ("many", 0, 5, 5)]
    assert [p.first_day for p in people] == [date_of(0), date_of(0), date_of(25)]
    assert [p.leaves for p in people] == [date_of(3), date_of(25), None]


def test_a_key_person_leaves_a_team_without_leader_and_principals_without_substitute() -> None:
    employees = [able("a"), person("b", substitute="a"), person("c", substitute="a")]
    teams = [team("A", lead=True, leader="a"), team("B", lead=False, leader="a")]
    some = facts(teams=teams, employees=employees, tasks=[task(holder="a")])
    (a,) = [p for p in risk_of(some, None).key_people if p.employee == "a"]
    assert (a.leads, a.principals, a.tasks, a.team) == (("A",), ("b", "c"), ("Q",), None)
    decided = plan(
        some, leads=[("A", "b")], holders=[("Q", "a", 0, DAYS)], substitutes=[("b", "a", 0)]
    )
    (a,) = [p for p in risk_of(some, decided).key_people if p.employee == "a"]
    assert (a.leads, a.principals, a.tasks, a.team) == ((), ("b",), ("Q",), "A")


def test_single_points_are_looked_for_at_the_ends_and_on_new_years_day() -> None:
    horizon = {"start": "2019-12-31", "end": "2022-01-01"}
    departure = {"date": "2021-12-31", "reason": "other", "source": "stated"}
    employees = [able("a", leaves=departure), able("b")]
    found = risk_of(facts(horizon=horizon, employees=employees, tasks=[task()]), None)
    assert [(p.day, [x.employee for x in p.people]) for p in found.single_points] == [
        (date(2019, 12, 31), []),
        (date(2020, 1, 1), []),
        (date(2021, 1, 1), []),
        (date(2021, 12, 31), ["b"]),
    ]


def test_a_qualification_of_one_makes_a_single_point_of_one_task_alone() -> None:
    employees = [able("a", qualifications=["q"]), able("b")]
    some = facts(employees=employees, tasks=[task("Q"), task("R", qualification="q")])
    for points in risk_of(some, None).single_points:
        assert [(p.employee, p.tasks) for p in points.people] == [("a", ("R",))]


# The city, as it is


def test_nobody_is_left_for_the_citys_waste_decisions(today: Risk) -> None:
    (waste,) = [c for c in today.cover if c.of.task == "T12"]
    assert (waste.steps[0].there, waste.robustness.now, waste.robustness.worst) == (2, 1, None)
    assert (waste.first_below_wanted, waste.first_below_one) == (
        date(2020, 8, 1),
        date(2022, 6, 1),
    )
    assert [(b.size, b.among, b.first_day) for b in waste.breaking] == [
        (1, ("E48",), date(2020, 8, 1))
    ]
    (row,) = [h for h in today.handovers if h.task == "T12"]
    assert (row.giver, row.state, row.due) == ("E48", "nobody", date(2022, 6, 1))
    assert row.trainees == ("E50", "E52")


def test_the_citys_key_person_holds_one_task_and_is_the_last_for_five(today: Risk) -> None:
    first = today.key_people[0]
    assert (first.employee, first.tasks) == ("E04", ("T22",))
    nobody = [x.of.task for x in first.losses if x.how == "nobody" and x.of.task]
    assert nobody == ["T04", "T07", "T11", "T22", "T29"]
    assert first.stand_in is not None
    assert (first.stand_in.substitute, first.stand_in.covered_days) == ("E01", 0)
    last = today.single_points[-1]
    assert [p.tasks for p in last.people if p.employee == "E04"] == [tuple(nobody)]


def test_the_city_loses_all_who_can_teach_four_skills(today: Risk) -> None:
    lost = {x.skill: [t.employee for t in x.teachers] for x in today.tacit if x.is_lost}
    assert lost == {
        "maksuliikenne": ["E19"],
        "henkilosto": ["E21"],
        "sotetoimisto": ["E28"],
        "luvat": ["E47", "E48"],
    }


def test_the_citys_succession(today: Risk) -> None:
    found = today.succession
    assert (len(found.tasks), found.holder_leaves, found.in_time) == (24, 13, 12)
    assert found.now + found.within_year + found.later + found.nobody == 24
    assert [t.task for t in found.tasks if not t.bench_strength] == ["T12"]
    assert found.coverage_percent == 95  # 23 of 24


# As data


def parts(value: Any) -> list[Any]:
    if is_dataclass(value):
        return [value, *(p for f in fields(value) for p in parts(getattr(value, f.name)))]
    return [p for part in value for p in parts(part)] if isinstance(value, tuple) else [value]


def test_the_result_is_frozen_all_the_way_down(today: Risk) -> None:
    found = parts(today)
    assert {type(p) for p in found if not is_dataclass(p)} == {
        bool,
        date,
        int,
        str,
        type(None),
    }
    seen = {type(p): p for p in found if is_dataclass(p)}
    assert len(seen) > 15
    for part in seen.values():
        with pytest.raises(FrozenInstanceError):
            setattr(part, fields(part)[0].name, None)


def test_its_json_form_says_the_same(today: Risk) -> None:
    data = today.to_dict()
    assert json.loads(json.dumps(data)) == data
    assert (data["basis"], data["start"], data["end"]) == ("today", "2018-09-01", "2024-01-01")
    (waste,) = [c for c in data["cover"] if c["of"]["task"] == "T12"]
    assert waste["robustness"] == {"now": 1, "worst": None, "worst_day": "2022-06-01"}
    assert waste["breaking"][0]["among"] == ["E48"]
    assert data["succession"]["tasks"][0]["task"] == "T01"
    assert list(data) == [f.name for f in fields(today)]


@pytest.mark.parametrize("with_plan", [False, True], ids=["today", "proposal"])
def test_it_is_the_same_each_time(with_plan: bool) -> None:
    for seed in range(10):
        one, other = case(seed, with_plan), case(seed, with_plan)
        assert risk_of(*one).to_dict() == risk_of(*other).to_dict()


def test_a_proposal_is_looked_at_with_its_own_teams_and_holders() -> None:
    organisation = fixtures.load("example")
    proposal = propose(organisation, Policy(), workers=1)
    assert proposal.status == "optimal"
    found = risk_of(Facts(organisation, Policy()), proposal.plan)
    assert found.basis == "proposal"
    assert {p.employee: p.team for p in found.key_people} == {
        p.employee: p.team for p in proposal.placements
    }
    takers = {(h.task, h.taker) for h in found.handovers if h.taker}
    firsts = {h.task: h.employee for h in reversed(proposal.holders)}
    followers = {(h.task, h.employee) for h in proposal.holders if firsts[h.task] != h.employee}
    assert followers
    assert followers <= takers
