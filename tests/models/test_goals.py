"""Every goal once at cost 0 and once at an exact cost, the arithmetic beside it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from models.evaluation import evaluate
from models.facts import Facts
from models.goals import GOALS
from models.organisation import Departure
from models.policy import GOAL_NAMES, Level, Policy
from models.proposal import Gap, Proposal, Run
from tests.small import (
    able,
    date_of,
    facts,
    leaving,
    on,
    person,
    plan,
    policy,
    span,
    task,
    team,
    valid,
)


@dataclass(frozen=True)
class Case:
    """A goal, what it costs, and the organisation and plan for it."""

    goal: str
    cost: int
    organisation: dict[str, Any] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)


AB = [able("a"), able("b")]
A_AWAY = [able("a", absences=[span(5, 12)]), able("b")]
OFFICE = {"office_holder": True}
SPLIT = {"a": "A", "b": "B"}
Q_BY_A = [("Q", "a", 0, 30)]
SIMILAR = {"skills": {"s": 2}, "needs_substitute": True}
PAIR = [person("a", **SIMILAR), person("b", **SIMILAR)]
MUTUAL = [("a", "b", 10), ("b", "a", 10)]
WANTS_LEAD = {"lead_interest": {"A": 3}}


def people(number: int, first: int = 0, **fields: Any) -> list[dict[str, Any]]:
    return [person(f"p{i}", **fields) for i in range(first, first + number)]


CASES = {
    # Gaps
    "an authority task held all the time": Case(
        "authority_gap",
        0,
        {"employees": [able("a", **OFFICE)], "tasks": [task(kind="authority")]},
        {"holders": Q_BY_A},
    ),
    "an authority task nobody holds": Case(
        # 30 days of the horizon cut to days 4 to 24: 20.
        "authority_gap",
        20,
        {"employees": AB, "tasks": [task(kind="authority", active=span(4, 24))]},
    ),
    "a stand-in for an authority task holds an office": Case(
        # a is away on days 5 to 12, b holds no office: 7.
        "authority_gap",
        7,
        {
            "employees": [able("a", **OFFICE, absences=[span(5, 12)]), able("b")],
            "tasks": [task(kind="authority")],
        },
        {"holders": Q_BY_A},
    ),
    "other tasks are no authority tasks": Case(
        "authority_gap", 0, {"employees": AB, "tasks": [task(kind="expert")]}
    ),
    "a stand-in covers": Case(
        "task_gap", 0, {"employees": A_AWAY, "tasks": [task()]}, {"holders": Q_BY_A}
    ),
    "authority tasks are no other tasks": Case(
        "task_gap", 0, {"employees": AB, "tasks": [task(kind="authority")]}
    ),
    "a stand-in is in the team of the task": Case(
        # a is away on days 5 to 12: 7.
        "task_gap",
        7,
        {"employees": A_AWAY, "tasks": [task()]},
        {"teams": SPLIT, "holders": Q_BY_A},
    ),
    "a stand-in is ready": Case(
        # a, prepared, is away on days 5 to 12; b is ready from day 9: 9 - 5 = 4.
        "task_gap",
        4,
        {"employees": A_AWAY, "tasks": [task(handover_days=9, prepared={"a": on(0)})]},
        {"holders": Q_BY_A},
    ),
    "a stand-in is qualified": Case(
        # b lacks the level, a is away 7 days.
        "task_gap",
        7,
        {
            "employees": [
                able("a", absences=[span(5, 12)]),
                person("b", skills={"s": 1}),
            ],
            "tasks": [task(level=2)],
        },
        {"holders": Q_BY_A},
    ),
    "nobody holds, everybody could": Case(
        # No chain: all 30 days, though both are there.
        "task_gap",
        30,
        {"employees": AB, "tasks": [task(team="A")]},
    ),
    "nobody yet": Case(
        # a is ready on day 6, nobody held it before: 6.
        "task_gap",
        6,
        {"employees": AB, "tasks": [task(handover_days=6)]},
        {"holders": [("Q", "a", 6, 30)]},
    ),
    "the current holder answers until the handover": Case(
        # b takes over on day 6. Before, holder c (of another team, leaving on day 20) is
        # there but on days 2 to 4: 2.
        "task_gap",
        2,
        {
            "employees": [
                able("b"),
                able("c", absences=[span(2, 4)], leaves=leaving(20)),
            ],
            "tasks": [task(handover_days=6, holder="c", team="A")],
        },
        {"teams": {"b": "A", "c": "B"}, "holders": [("Q", "b", 6, 30)]},
    ),
    "a current holder who is not qualified does not answer": Case(
        # c holds no office; b takes over on day 6: 6.
        "authority_gap",
        6,
        {
            "employees": [able("b", **OFFICE), able("c")],
            "tasks": [task(kind="authority", handover_days=6, holder="c")],
        },
        {"holders": [("Q", "b", 6, 30)]},
    ),
    "nobody after the first": Case(
        # a leaves on day 10, nobody follows: 20, although b is there.
        "task_gap",
        20,
        {"employees": [able("a", leaves=leaving(10)), able("b")], "tasks": [task()]},
        {"holders": [("Q", "a", 0, 10)]},
    ),
    # Backups, skills, headcount
    "enough backups": Case(
        "backup_shortage",
        0,
        {"employees": AB, "tasks": [task(backups=1)]},
        {"holders": Q_BY_A},
    ),
    "a backup away": Case(
        # Wanted 1 + 2 = 3; present 2, on days 5 to 12 one: 30 * 1 + 7 * 1 = 37.
        "backup_shortage",
        37,
        {"employees": A_AWAY, "tasks": [task(backups=2)]},
        {"holders": Q_BY_A},
    ),
    "backups need not be ready, but qualified members": Case(
        # b of A could, though only from day 20; c of A cannot, d is in B. Wanted 3, have
        # a and b: 30.
        "backup_shortage",
        30,
        {
            "employees": [*AB, person("c"), able("d")],
            "tasks": [task(backups=2, handover_days=20, prepared={"a": on(0)})],
        },
        {"teams": {"a": "A", "b": "A", "c": "A", "d": "B"}, "holders": Q_BY_A},
    ),
    "a task without a team": Case(
        # No chain, no team: 1 + 1 wanted on each of 20 days: 40.
        "backup_shortage",
        40,
        {"employees": AB, "tasks": [task(backups=1, active=span(0, 20))]},
    ),
    "a need met": Case(
        "skill_shortage",
        0,
        {"teams": [team("A", needs=[{"skill": "s", "level": 2, "people": 2}])], "employees": AB},
    ),
    "needs count one by one": Case(
        # Level 2: wanted 3, present 2, one on days 5 to 12: 30 + 7 = 37.
        # Level 3: wanted 1, present none: 30. Together 67.
        "skill_shortage",
        67,
        {
            "teams": [
                team(
                    "A",
                    needs=[
                        {"skill": "s", "level": 2, "people": 3},
                        {"skill": "s", "level": 3, "people": 1},
                    ],
                )
            ],
            "employees": A_AWAY,
        },
    ),
    "before the first demand nothing is wanted": Case(
        "size_shortage",
        0,
        {
            "teams": [team("A", demand=[{"from": on(10), "people": 2}])],
            "employees": [person("a"), person("b", joins=on(10))],
        },
    ),
    "demand in steps, in any order": Case(
        # Days 0 to 10: wanted 2 (a step begun before the horizon), present 1 but on days
        # 5 to 8 none: 10 + 3 = 13. Days 10 to 30: wanted 4, present 1: 60. Together 73.
        "size_shortage",
        73,
        {
            "teams": [
                team(
                    "A",
                    demand=[
                        {"from": on(10), "people": 4},
                        {"from": on(-5), "people": 2},
                        {"from": on(-9), "people": 9},
                        {"from": on(30), "people": 9},
                    ],
                )
            ],
            "employees": [person("a", absences=[span(5, 8)])],
        },
    ),
    # Substitutes
    "everybody who needs one has one": Case(
        "no_substitute", 0, {"employees": PAIR}, {"substitutes": MUTUAL}
    ),
    "two who need one have none": Case(
        # a, b need one; c does not: 2.
        "no_substitute",
        2,
        {"employees": [*PAIR, able("c")]},
    ),
    "a substitute always there": Case(
        "substitute_away", 0, {"employees": PAIR}, {"substitutes": MUTUAL}
    ),
    "a substitute away": Case(
        # a serves on days 0 to 20; b joins on day 3 and is away from day 15: 3 + 5 = 8.
        # The days after a has left do not count.
        "substitute_away",
        8,
        {
            "employees": [
                person("a", **SIMILAR, leaves=leaving(20)),
                able("b", joins=on(3), absences=[span(15, 28)]),
            ]
        },
        {"substitutes": [("a", "b", 10)]},
    ),
    "a perfect fit": Case("substitute_fit", 0, {"employees": PAIR}, {"substitutes": MUTUAL}),
    "fit of five and of ten": Case(
        # fit(a, b) = floor(10 * 2 / 4) = 5, fit(b, a) = 10: 5 + 0.
        "substitute_fit",
        5,
        {"employees": [person("a", skills={"s": 2, "t": 2}, needs_substitute=True), PAIR[1]]},
        {"substitutes": [("a", "b", 5), ("b", "a", 10)]},
    ),
    "substitutes kept": Case(
        "substitute_changes",
        0,
        {
            "employees": [
                person("a", **SIMILAR, substitute="b"),
                # Needs none, so nothing changes; and one out of service cannot be kept.
                able("b", substitute="a"),
                person("c", **SIMILAR, substitute="left"),
                person("left", leaves=leaving(0)),
            ]
        },
        {"substitutes": [("a", "b", 10)]},
    ),
    "substitutes changed or lost": Case(
        # a has c and not b, b has nobody and not a: 2.
        "substitute_changes",
        2,
        {
            "employees": [
                person("a", **SIMILAR, substitute="b"),
                person("b", **SIMILAR, substitute="a"),
                able("c"),
            ]
        },
        {"substitutes": [("a", "c", 10)]},
    ),
    "mutual substitutes": Case(
        "one_way_substitutes", 0, {"employees": PAIR}, {"substitutes": MUTUAL}
    ),
    "a substitute who needs none": Case(
        "one_way_substitutes",
        0,
        {"employees": [PAIR[0], able("b")]},
        {"substitutes": [("a", "b", 10)]},
    ),
    "substitutes in a ring": Case(
        # a -> b -> c -> a: none mutual, 3.
        "one_way_substitutes",
        3,
        {"employees": [*PAIR, person("c", **SIMILAR)]},
        {"substitutes": [("a", "b", 10), ("b", "c", 10), ("c", "a", 10)]},
    ),
    "a substitute without one": Case(
        # b needs one and has none: 1.
        "one_way_substitutes",
        1,
        {"employees": PAIR},
        {"substitutes": [("a", "b", 10)]},
    ),
    # Wishes
    "everybody very interested": Case(
        "interest",
        0,
        {
            "employees": [
                person("a", interest={"A": 2, "B": 0}),
                person("b", interest={"B": 2}),
            ]
        },
        {"teams": SPLIT},
    ),
    "grades priced": Case(
        # Grade 0: 3, grade 1: 1, no grade: 1, grade 2: 0. Together 5.
        "interest",
        5,
        {
            "employees": [
                person("a", interest={"A": 0}),
                person("b", interest={"A": 1}),
                person("c"),
                person("d", interest={"A": 2}),
            ]
        },
    ),
    "grades of another scale": Case(
        # Grade -4 costs 11, no grade 7: 18.
        "interest",
        18,
        {"employees": [person("a", interest={"A": -4}), person("b")]},
        policy=policy(interest_cost={"-4": 11}, interest_unknown=7),
    ),
    "a leader who wants to": Case(
        "lead_fit",
        0,
        {"teams": [team("A", lead=True)], "employees": [person("a", **WANTS_LEAD)]},
        {"leads": [("A", "a")]},
    ),
    "leaders by grade": Case(
        # Grade 2: 1; grade 1, leaving on day 29: 2 + 3; no grade: 5. Together 11.
        "lead_fit",
        11,
        {
            "teams": [team(t, lead=True) for t in "ABC"],
            "employees": [
                person("a", lead_interest={"A": 2}),
                person("b", lead_interest={"B": 1}, leaves=leaving(29)),
                person("c", lead_interest={"A": 3}),
            ],
        },
        {
            "teams": {"a": "A", "b": "B", "c": "C"},
            "leads": [("A", "a"), ("B", "b"), ("C", "c")],
        },
    ),
    "a leader mostly absent": Case(
        # Away on 16 of 30 days, more than half: 0 + 3.
        "lead_fit",
        3,
        {
            "teams": [team("A", lead=True)],
            "employees": [person("a", **WANTS_LEAD, absences=[span(14, 30)])],
        },
        {"leads": [("A", "a")]},
    ),
    "colleagues as wished": Case(
        "colleague_wishes",
        0,
        {
            "employees": [
                person("a", wants=["b"], avoids=["c"]),
                person("b", wants=["a"]),
                person("c", wants=["left"], avoids=["left"]),
                person("left", leaves=leaving(-1)),
            ]
        },
        {"teams": {"a": "A", "b": "A", "c": "B"}},
    ),
    "colleagues against wishes": Case(
        # a is without b: 1. b is with c and without a: 1 + 1. Together 3.
        "colleague_wishes",
        3,
        {
            "employees": [
                person("a", wants=["b"]),
                person("b", wants=["a"], avoids=["c"]),
                person("c"),
            ]
        },
        {"teams": {"a": "A", "b": "B", "c": "B"}},
    ),
    "sites kept, unknown or not bound to": Case(
        "site_change",
        0,
        {
            "teams": [team("A", site="hall"), team("B")],
            "employees": [
                person("a", site="hall", site_bound=True),
                person("b", site="hall", site_bound=True),
                person("c", site="depot"),
            ],
        },
        {"teams": {"a": "A", "b": "B", "c": "A"}},
    ),
    "another site": Case(
        # b and c are bound to another site than A's: 2.
        "site_change",
        2,
        {
            "teams": [team("A", site="hall")],
            "employees": [
                person("a", site="hall", site_bound=True),
                person("b", site="depot", site_bound=True),
                person("c", site="mill", site_bound=True),
            ],
        },
    ),
    # Changes
    "the current holder stays": Case(
        "handovers",
        0,
        {"employees": AB, "tasks": [task(holder="a"), task("R")]},
        {"holders": Q_BY_A},
    ),
    "handed over twice": Case(
        # Current holder c, in service on day 0, gives to a: 1; a to b on day 10: 1.
        # Together 2.
        "handovers",
        2,
        {
            "employees": [able("a", leaves=leaving(10)), able("b"), able("c", leaves=leaving(20))],
            "tasks": [task(holder="c")],
        },
        {"holders": [("Q", "a", 0, 10), ("Q", "b", 10, 30)]},
    ),
    "no handover from who is not there": Case(
        # The holder has left, joins after the task's first day, or holds no office: 0.
        "handovers",
        0,
        {
            "employees": [
                able("a", **OFFICE),
                able("left", leaves=leaving(0)),
                able("late", joins=on(3)),
                able("lay"),
            ],
            "tasks": [
                task("Q", holder="left"),
                task("R", holder="late"),
                task("O", holder="lay", kind="authority"),
            ],
        },
        {"holders": [("Q", "a", 0, 30), ("R", "a", 0, 30), ("O", "a", 0, 30)]},
        policy(settled_days=30),
    ),
    "who comes in time hands over": Case(
        # The task begins on day 3, when its holder joins: 1. They leave on day 8, so it does
        # not move with them.
        "handovers",
        1,
        {
            "employees": [able("a"), able("late", joins=on(3), leaves=leaving(8))],
            "tasks": [task("Q", holder="late", active=span(3, 30))],
        },
        {"holders": [("Q", "a", 3, 30)]},
    ),
    "leaders kept": Case(
        # B's leader has left, C's joins on day 1, D has no lead: 0.
        "lead_changes",
        0,
        {
            "teams": [
                team("A", lead=True, leader="a"),
                team("B", lead=True, leader="left"),
                team("C", lead=True, leader="late"),
                team("D", leader="b"),
            ],
            "employees": [
                person("a"),
                person("b"),
                person("left", leaves=leaving(0)),
                person("late", joins=on(1)),
            ],
        },
        {
            "teams": {"a": "A", "b": "B", "late": "C"},
            "leads": [("A", "a"), ("B", "b")],
        },
    ),
    "leaders changed": Case(
        # A is led by b and not a; B has nobody and is not led by c: 2.
        "lead_changes",
        2,
        {
            "teams": [team("A", lead=True, leader="a"), team("B", lead=True, leader="c")],
            "employees": [person("a"), person("b"), person("c")],
        },
        {"leads": [("A", "b")]},
    ),
    "teams kept or not known": Case(
        "team_changes",
        0,
        {"employees": [person("a", team="A"), person("b")]},
        {"teams": SPLIT},
    ),
    "teams changed": Case(
        # a and b came from B, c stays: 2.
        "team_changes",
        2,
        {"employees": [person("a", team="B"), person("b", team="B"), person("c", team="A")]},
    ),
    # Balance
    "sectors within the share": Case(
        # 3 of 5 are 60 %: 300 - 60 * 5 = 0.
        "sector_concentration",
        0,
        {"employees": [*people(3, sector="x"), *people(2, first=3)]},
    ),
    "a part of a person above the share": Case(
        # 2 of 2: 200 - 60 * 2 = 80, below 100.
        "sector_concentration",
        0,
        {"employees": people(2, sector="x")},
    ),
    "people of no known sector are no sector": Case(
        "sector_concentration", 0, {"employees": people(9)}
    ),
    "sectors above the share": Case(
        # Starters of x: 6 of 7, the one of no sector counted, the one who joins not:
        # 600 - 60 * 7 = 180, floor 1.
        "sector_concentration",
        1,
        {
            "employees": [
                *people(6, sector="x"),
                person("q"),
                person("late", joins=on(1), sector="x"),
            ]
        },
    ),
    "departures shared": Case(
        # 1 of 2 in each team, 50 % in all: 100 - (50 + 10) * 2 < 0.
        "departure_concentration",
        0,
        {
            "employees": [
                person("a", leaves=leaving(9)),
                person("b"),
                person("c", leaves=leaving(30)),
                person("d", leaves=leaving(29)),
            ]
        },
        {"teams": {"a": "A", "b": "A", "c": "B", "d": "B"}},
    ),
    "nobody at all": Case("departure_concentration", 0, {"employees": []}),
    "departures in one team": Case(
        # D = 3 of N = 7: floor(300 / 7) = 42, + 10 = 52. A: 300 - 52 * 3 = 144, floor 1.
        "departure_concentration",
        1,
        {"employees": [*people(3, leaves=leaving(9)), *people(4, first=3)]},
        {"teams": {f"p{i}": "A" if i < 3 else "B" for i in range(7)}},
    ),
    "no scenario, no succession": Case(
        "succession_changes",
        0,
        {"employees": AB, "tasks": [task(holder="b")]},
        {"holders": Q_BY_A},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_cost(case: Case):
    f = facts(case.policy, **case.organisation)
    made = plan(f, **case.plan)
    evaluation = evaluate(f.organisation, case.policy, made)
    assert evaluation.costs[case.goal] == case.cost
    matches = evaluation.matches[case.goal]
    assert all(m.amount > 0 for m in matches)


def test_names_and_cases_are_complete():
    assert tuple(GOALS) == GOAL_NAMES
    without_cost = {"succession_changes"}
    for goal in GOAL_NAMES:
        costs = {case.cost for case in CASES.values() if case.goal == goal}
        assert 0 in costs
        assert goal in without_cost or max(costs) > 0


def test_matches_say_whom_what_and_when():
    f = facts(employees=A_AWAY, tasks=[task(backups=1)])
    evaluation = valid(f, plan(f, {"a": "A", "b": "B"}, holders=[("Q", "a", 0, 30)]))
    (gap,) = evaluation.matches["task_gap"]
    start = f.horizon[0]
    assert (gap.task, gap.team, gap.interval) == ("Q", "A", (start + 5, start + 12))
    assert evaluation.gaps == (Gap(task="Q", start=date_of(5), end=date_of(12)),)
    shortage = [(m.amount, m.interval) for m in evaluation.matches["backup_shortage"]]
    assert shortage == [
        (5, (start, start + 5)),
        (14, (start + 5, start + 12)),
        (18, (start + 12, start + 30)),
    ]


def test_a_level_is_the_weighted_sum_of_its_goals():
    f = facts(employees=A_AWAY, tasks=[task(backups=1)])
    evaluation = valid(f, plan(f, SPLIT, holders=[("Q", "a", 0, 30)]))
    # A gap of 7 days, 5 + 14 + 18 = 37 backups short, two of unknown interest, left out.
    level = Level(name="l", goals={"task_gap": 5, "backup_shortage": 2, "interest": 0})
    assert evaluation.value(level) == 5 * 7 + 2 * 37
    assert evaluation.costs["interest"] == 2


def test_goals_can_be_asked_of_an_invalid_plan():
    f = facts(employees=AB, tasks=[task(holder="a")])
    evaluation = evaluate(f.organisation, f.policy, plan(f, {}, substitutes=[("a", "b", 10)]))
    assert not evaluation.is_valid
    assert evaluation.costs["interest"] == 0
    assert evaluation.costs["task_gap"] == 30


def test_a_proposal_carries_its_plan():
    f = facts(employees=AB, tasks=[task()])
    made = plan(f, holders=Q_BY_A, substitutes=[("a", "b", 10)])
    run = Run(
        input_sha256=f.organisation.sha256(),
        policy_sha256=f.policy.sha256(),
        seed=0,
        workers=1,
        time_limit=1.0,
        wall_seconds=0.5,
        versions={},
        started_at=datetime(2020, 1, 1, tzinfo=UTC),
    )
    proposal = Proposal(status="feasible", run=run, **dict(made))
    assert proposal.plan == made
    assert proposal.to_dict()["holders"] == [
        {"task": "Q", "team": "A", "employee": "a", "start": on(0), "end": on(30)}
    ]
    assert Proposal.model_validate(proposal.to_dict()) == proposal


def test_a_departure_at_the_end_is_none():
    f: Facts = facts(employees=[person("a", leaves=leaving(30))])
    assert isinstance(f.employees["a"].leaves, Departure)
    assert not f.leaves_within("a")
    assert f.departure_share == 0
