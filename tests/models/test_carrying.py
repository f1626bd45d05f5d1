"""A base carried forward: every sentence of section 7, on a few people, by hand.

The base's horizon is the thirty days from day 0; it is carried to day 10 where a test does not
say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from models.carrying import Carried, carry
from models.days import day
from models.facts import Facts
from models.issues import InputError, Issue
from models.organisation import Employee, Rule, Task, Team
from models.policy import Policy
from models.reading import scenario_from
from tests.small import (
    able,
    date_of,
    facts,
    leaving,
    on,
    person,
    plan,
    span,
    task,
    team,
    valid,
)

Row = dict[str, Any]


def carried(
    *events: Row,
    effective: int = 10,
    under: Policy | None = None,
    placed: dict[str, str] | None = None,
    leads: Iterable[tuple[str, str]] = (),
    holders: Iterable[tuple[str, str, int, int]] = (),
    substitutes: Iterable[tuple[str, str, int]] = (),
    **fields: Any,
) -> Carried:
    """A valid base in a few words (`tests.small`), carried forward and changed by events."""
    base = facts(under, **fields)
    accepted = plan(base, placed, leads, holders, substitutes)
    valid(base, accepted)
    scenario = scenario_from({"effective": on(effective), "events": list(events)})
    return carry(base.organisation, base.policy, accepted, scenario)


def told(*events: Row, **fields: Any) -> tuple[Issue, ...]:
    with pytest.raises(InputError) as caught:
        carried(*events, **fields)
    return caught.value.issues


def issues_of(*events: Row, **fields: Any) -> list[tuple[str, str]]:
    return [(issue.code, issue.place) for issue in told(*events, **fields)]


def employee(answer: Carried, name: str) -> Employee:
    return next(e for e in answer.organisation.employees if e.id == name)


def team_of(answer: Carried, name: str) -> Team:
    return next(t for t in answer.organisation.teams if t.id == name)


def task_of(answer: Carried, name: str = "Q") -> Task:
    return next(q for q in answer.organisation.tasks if q.id == name)


def rules_of(answer: Carried) -> list[Rule]:
    return list(answer.organisation.rules)


def size_of(answer: Carried, name: str) -> tuple[int, int]:
    size = team_of(answer, name).size
    return size.min, size.max


def event(kind: str, **fields: Any) -> Row:
    return {"kind": kind, **fields}


# The day


def test_the_horizon_starts_on_the_day_and_ends_as_before() -> None:
    horizon = carried().organisation.horizon
    assert (horizon.start, horizon.end) == (date_of(10), date_of(30))


@pytest.mark.parametrize("effective", [0, 29])
def test_the_first_and_the_last_day_are_days_of_the_base(effective: int) -> None:
    assert carried(effective=effective).organisation.horizon.start == date_of(effective)


@pytest.mark.parametrize("effective", [-1, 30, 400])
def test_any_other_day_is_refused(effective: int) -> None:
    assert issues_of(effective=effective) == [("out_of_horizon", "effective")]


# Team, substitute, leader


def test_a_persons_team_is_the_bases_whatever_the_input_said() -> None:
    answer = carried(
        employees=[person("a", team="B"), person("b"), person("c", team="B")],
        placed={"a": "A", "b": "B", "c": "B"},
    )
    assert [e.team for e in answer.organisation.employees] == ["A", "B", "B"]


def test_somebody_the_base_places_nowhere_is_in_no_team() -> None:
    """b had left before the base began."""
    answer = carried(employees=[person("a"), person("b", team="B", leaves=leaving(0))])
    assert employee(answer, "b").team is None


def test_somebody_who_left_since_and_is_back_has_the_bases_team() -> None:
    answer = carried(
        event("stays", employee="b"),
        employees=[person("a"), person("b", leaves=leaving(5))],
        placed={"a": "A", "b": "B"},
    )
    assert employee(answer, "b").team == "B"


def test_a_substitute_is_the_bases_or_nobody() -> None:
    """a's is b in the base, no more c; c's was a and is nobody."""
    people = [
        able("a", needs_substitute=True, substitute="c"),
        able("b"),
        able("c", needs_substitute=True, substitute="a"),
    ]
    answer = carried(employees=people, substitutes=[("a", "b", 10)])
    assert [e.substitute for e in answer.organisation.employees] == ["b", None, None]


def test_a_leader_is_the_bases_or_nobody() -> None:
    """A's was a and is b; in B nobody is, so nobody leads it."""
    answer = carried(
        teams=[team("A", lead=True, leader="a"), team("B", lead=True, leader="b")],
        leads=[("A", "b")],
    )
    assert [t.leader for t in answer.organisation.teams] == ["b", None]


# Who holds a task

TWO = [able("a", leaves=leaving(10)), able("b")]
"""a leaves on day 10, so no task moves with a: that is not all of it."""


@pytest.mark.parametrize(
    ("effective", "holder"), [(0, "a"), (9, "a"), (10, "b"), (11, "b"), (29, "b")]
)
def test_a_tasks_holder_is_who_holds_it_that_day(effective: int, holder: str) -> None:
    """On day 10 a tenure ends and the next begins: that day is the next one's."""
    answer = carried(
        effective=effective,
        employees=TWO,
        tasks=[task(holder="a")],
        holders=[("Q", "a", 0, 10), ("Q", "b", 10, 30)],
    )
    assert task_of(answer).holder == holder
    assert task_of(answer).team is None


@pytest.mark.parametrize(("effective", "holder"), [(9, "a"), (10, None), (14, None), (15, "b")])
def test_in_a_hole_between_two_tenures_nobody_holds_it(effective: int, holder: str | None) -> None:
    """b needs 15 days to learn."""
    answer = carried(
        effective=effective,
        employees=TWO,
        tasks=[task(holder="a", handover_days=15)],
        holders=[("Q", "a", 0, 10), ("Q", "b", 15, 30)],
    )
    assert task_of(answer).holder == holder
    assert task_of(answer).team is None


def test_after_the_last_tenure_nobody_holds_it() -> None:
    answer = carried(employees=TWO, tasks=[task(holder="a")], holders=[("Q", "a", 0, 10)])
    assert task_of(answer).holder is None
    assert task_of(answer).team is None


@pytest.mark.parametrize("given", ["A", None])
def test_a_task_nobody_holds_in_the_base_has_no_holder_and_its_own_team(given: str | None) -> None:
    answer = carried(effective=5, employees=TWO, tasks=[task(holder="a", team=given)])
    assert task_of(answer).holder is None
    assert task_of(answer).team == given


def test_before_its_first_tenure_its_holder_stays_and_its_team_is_the_tenures() -> None:
    """The task begins on day 12, in b's team; until then a answers for it, in another one."""
    answer = carried(
        effective=5,
        employees=TWO,
        tasks=[task(holder="a", active={"start": on(12)})],
        placed={"a": "A", "b": "B"},
        holders=[("Q", "b", 12, 30)],
    )
    assert task_of(answer).holder == "a"
    assert task_of(answer).team == "B"


def test_the_same_while_the_first_one_still_learns_it() -> None:
    """a is away throughout, so the task need not stay with a; b is ready on day 12."""
    people = [able("a", absences=[span(0, 30)]), able("b")]
    tasks = [task(holder="a", handover_days=12)]
    for effective, holder, where in ((11, "a", "A"), (12, "b", None)):
        answer = carried(
            effective=effective, employees=people, tasks=tasks, holders=[("Q", "b", 12, 30)]
        )
        assert (task_of(answer).holder, task_of(answer).team) == (holder, where)


def test_before_its_first_tenure_a_task_without_a_holder_has_the_team_alone() -> None:
    answer = carried(
        employees=TWO, tasks=[task(active={"start": on(12)})], holders=[("Q", "b", 12, 30)]
    )
    assert task_of(answer).holder is None
    assert task_of(answer).team == "A"


def test_a_task_that_has_ended_is_held_by_nobody_and_left_out() -> None:
    answer = carried(
        employees=[able("a"), able("b")],
        tasks=[task(holder="a", active={"end": on(8)})],
        holders=[("Q", "a", 0, 8)],
    )
    assert task_of(answer).holder is None
    assert Facts(answer.organisation, answer.policy).tasks_left_out == ("Q",)


# What has been learnt already


def test_prepared_gains_everybody_in_service_before_the_day_as_ready_in_the_base() -> None:
    """20 days to learn: b from day 0, e from 5 on; c is prepared, d later than by learning.

    The holder and whoever was prepared before their first day are ready on that day. f and g
    come on day 10 and 12, not before; h left on day 4.
    """
    people = [
        able("a"),
        able("b"),
        able("c"),
        able("d"),
        able("e", joins=on(5)),
        able("f", joins=on(10)),
        able("g", joins=on(12)),
        able("h", leaves=leaving(4)),
        able("i", joins=on(3)),
        person("nothing"),
    ]
    prepared = {"c": on(3), "d": on(29), "i": on(-9), "g": on(14)}
    answer = carried(
        employees=people,
        tasks=[task(holder="a", handover_days=20, prepared=prepared)],
        holders=[("Q", "a", 0, 30)],
    )
    days = {e: day(d) - day(date_of(0)) for e, d in task_of(answer).prepared.items()}
    assert days == {
        "a": 0,
        "b": 20,
        "c": 3,
        "d": 20,
        "e": 25,
        "h": 20,
        "i": 3,
        "nothing": 20,
        "g": 14,
    }


def test_a_holder_who_comes_back_later_has_learnt_too() -> None:
    """On day 10 b holds the task for a, who is back on day 14 and has nothing to learn."""
    answer = carried(
        employees=[able("a", joins=on(14)), able("b", leaves=leaving(14))],
        tasks=[task(holder="a", handover_days=60, prepared={"b": on(0)})],
        holders=[("Q", "b", 0, 14), ("Q", "a", 14, 30)],
    )
    assert task_of(answer).holder == "b"
    facts = Facts(answer.organisation, answer.policy)
    assert facts.ready("a", "Q") == day(date_of(14))
    assert answer.costs["task_gap"] == 0


def test_nobody_starts_learning_anew() -> None:
    """Ready as in the base, or on the first day: b on day 20, e on 25, g on 12 + 20 = 32."""
    people = [able("a"), able("b"), able("e", joins=on(5)), able("g", joins=on(12))]
    answer = carried(
        employees=people,
        tasks=[task(holder="a", handover_days=20)],
        holders=[("Q", "a", 0, 30)],
    )
    after = Facts(answer.organisation, answer.policy)
    ready = [after.ready(e, "Q") - day(date_of(0)) for e in ("a", "b", "e", "g")]
    assert ready == [10, 20, 25, 32]


# Sizes

PAIR = [person("a"), person("b")]


def sized(low: int, high: int) -> list[Row]:
    """Team A with a size; B takes nobody."""
    return [
        team("A", size={"min": low, "max": high}),
        team("B", size={"min": 0, "max": 0}),
    ]


def test_the_smallest_size_yields_to_who_left() -> None:
    answer = carried(employees=[person("a"), person("b", leaves=leaving(5))], teams=sized(2, 9))
    assert size_of(answer, "A") == (1, 9)


@pytest.mark.parametrize(("leaves", "low"), [(10, 1), (11, 2)])
def test_the_smallest_size_yields_to_who_leaves_by_an_event(leaves: int, low: int) -> None:
    """Who leaves on day 11 is there on day 10."""
    answer = carried(event("leaves", employee="b", date=on(leaves)), teams=sized(2, 9))
    assert size_of(answer, "A") == (low, 9)


def test_whoever_is_back_counts_in_the_bases_team() -> None:
    answer = carried(
        event("stays", employee="b"),
        employees=[person("a"), person("b", leaves=leaving(5))],
        teams=sized(2, 9),
    )
    assert size_of(answer, "A") == (2, 9)


def test_sizes_with_room_stay() -> None:
    assert size_of(carried(teams=sized(1, 2)), "A") == (1, 2)


@pytest.mark.parametrize(("effective", "high"), [(4, 1), (5, 2), (10, 2)])
def test_the_largest_size_yields_to_who_came(effective: int, high: int) -> None:
    """b came to A on day 5, where there is room for one on the first day."""
    answer = carried(
        effective=effective, employees=[person("a"), person("b", joins=on(5))], teams=sized(1, 1)
    )
    assert size_of(answer, "A") == (1, high)


@pytest.mark.parametrize(
    ("joins", "highs"),
    [
        ([None], (3, 1)),
        ([on(10)], (3, 1)),
        ([on(10), None], (4, 2)),
        ([on(11)], (2, 0)),
    ],
)
def test_every_team_has_room_for_those_who_join_that_day(
    joins: list[str | None], highs: tuple[int, int]
) -> None:
    """A has two members, B none."""
    hires = [event("joins", employee=person(f"n{i}", joins=first)) for i, first in enumerate(joins)]
    answer = carried(*hires, teams=sized(0, 2))
    assert (size_of(answer, "A")[1], size_of(answer, "B")[1]) == highs


# Events


@pytest.mark.parametrize("date", [12, 25])
def test_leaves_replaces_an_earlier_departure(date: int) -> None:
    answer = carried(
        event("leaves", employee="a", date=on(date), reason="transfer"),
        employees=[person("a", leaves=leaving(20)), person("b")],
    )
    assert employee(answer, "a").model_dump(mode="json")["leaves"] == {
        "date": on(date),
        "reason": "transfer",
        "source": "decided",
    }


@pytest.mark.parametrize("before", [None, leaving(20)])
def test_leaves_needs_no_reason(before: Row | None) -> None:
    answer = carried(
        event("leaves", employee="a", date=on(12)),
        employees=[person("a", leaves=before), person("b")],
    )
    leaves = employee(answer, "a").leaves
    assert leaves is not None
    assert (leaves.date, leaves.source) == (date_of(12), "decided")


def test_who_leaves_by_the_day_is_not_in_service() -> None:
    answer = carried(
        event("leaves", employee="a", date=on(10)), event("leaves", employee="b", date=on(3))
    )
    assert Facts(answer.organisation, answer.policy).not_in_service == ("a", "b")


def test_nobody_leaves_before_joining() -> None:
    people = [person("a", joins=on(12)), person("b")]
    assert issues_of(event("leaves", employee="a", date=on(12)), employees=people) == [
        ("leaves_before_joining", "employees[a].leaves.date")
    ]


def test_stays_takes_a_departure_away() -> None:
    answer = carried(
        event("stays", employee="a"),
        event("stays", employee="b"),
        employees=[person("a", leaves=leaving(20)), person("b")],
    )
    assert [e.leaves for e in answer.organisation.employees] == [None, None]


def test_absent_is_one_absence_more() -> None:
    answer = carried(
        event("absent", employee="a", **span(15, 20)),
        event("absent", employee="a", **span(18, 25)),
        employees=[person("a", absences=[span(2, 4)]), person("b")],
    )
    absences = [(x.start, x.end) for x in employee(answer, "a").absences]
    assert absences == [(date_of(s), date_of(e)) for s, e in ((2, 4), (15, 20), (18, 25))]


@pytest.mark.parametrize("end", [15, 14])
def test_an_absence_ends_after_it_starts(end: int) -> None:
    (issue,) = told(event("absent", employee="a", **span(15, end)))
    assert issue.place == "events[0]"


def test_a_hire_joins_as_written() -> None:
    hire = able("n", joins=on(12), team="B", interest={"B": 2}, wants=["a"], sector="x")
    answer = carried(event("joins", employee=hire))
    assert [e.id for e in answer.organisation.employees] == ["a", "b", "n"]
    assert employee(answer, "n").model_dump(mode="json", exclude_defaults=True) == employee_json(
        hire
    )


def employee_json(row: Row) -> Row:
    return Employee.model_validate(row).model_dump(mode="json", exclude_defaults=True)


@pytest.mark.parametrize(("level", "after"), [(1, 2), (2, 2), (3, 3)])
def test_learns_never_lowers(level: int, after: int) -> None:
    answer = carried(
        event("learns", employee="a", skill="s", level=level),
        employees=[able("a"), person("b")],
    )
    assert employee(answer, "a").skills == {"s": after}


def test_a_new_skill_is_learnt_beside_the_others() -> None:
    answer = carried(
        event("learns", employee="a", skill="t", level=1), employees=[able("a"), person("b")]
    )
    assert employee(answer, "a").skills == {"s": 2, "t": 1}


def test_a_task_starts_as_written() -> None:
    new = task("N", kind="authority", holder="a", team="B", active={"start": on(12)}, load=40)
    answer = carried(event("task_starts", task=new), tasks=[task()])
    assert [q.id for q in answer.organisation.tasks] == ["Q", "N"]
    assert task_of(answer, "N") == Task.model_validate(new)


@pytest.mark.parametrize(
    ("active", "end"),
    [(None, 15), ({"start": on(5)}, 15), (span(5, 20), 15), (span(5, 12), 12)],
)
def test_a_task_ends_never_later_than_before(active: Row | None, end: int) -> None:
    answer = carried(event("task_ends", task="Q", date=on(15)), tasks=[task(active=active)])
    found = task_of(answer).active
    assert found is not None
    assert found.end == date_of(end)
    assert found.start == (date_of(5) if active else None)


def test_a_task_that_ends_by_the_day_is_left_out() -> None:
    answer = carried(event("task_ends", task="Q", date=on(10)), tasks=[task()])
    assert Facts(answer.organisation, answer.policy).tasks_left_out == ("Q",)


@pytest.mark.parametrize(
    ("start", "steps"),
    [
        (10, [(5, 1), (10, 7), (15, 2)]),
        (15, [(5, 1), (15, 7)]),
        (20, [(5, 1), (15, 2), (20, 7)]),
    ],
)
def test_demand_is_a_step_more_or_replaces_the_one_of_that_day(
    start: int, steps: list[tuple[int, int]]
) -> None:
    demand = [{"from": on(15), "people": 2}, {"from": on(5), "people": 1}]
    answer = carried(
        event("demand", team="A", people=7, **{"from": on(start)}),
        teams=[team("A", demand=demand), team("B", demand=demand)],
    )
    after, other = (
        sorted((x.from_, x.people) for x in team_of(answer, t).demand) for t in ("A", "B")
    )
    assert after == [(date_of(s), n) for s, n in steps]
    assert other == [(date_of(5), 1), (date_of(15), 2)]


PIN = {"id": "r1", "kind": "pin", "employee": "a", "team": "A"}
FORBID = {"id": "r2", "kind": "forbid", "employee": "b", "team": "B"}


def test_a_rule_more_and_a_rule_less() -> None:
    answer = carried(event("rule", rule=FORBID), event("drop_rule", id="r1"), rules=[PIN])
    assert [r.model_dump(exclude_none=True) for r in rules_of(answer)] == [FORBID]


def test_a_rule_may_be_replaced() -> None:
    answer = carried(
        event("drop_rule", id="r1"), event("rule", rule=FORBID | {"id": "r1"}), rules=[PIN]
    )
    assert [r.kind for r in rules_of(answer)] == ["forbid"]


def test_events_happen_in_their_order() -> None:
    """A hire may leave again and learn; the last departure is the one that counts."""
    answer = carried(
        event("joins", employee=able("n")),
        event("leaves", employee="n", date=on(20)),
        event("leaves", employee="n", date=on(15)),
        event("learns", employee="n", skill="t", level=3),
        event("task_starts", task=task("N", active={"end": on(25)})),
        event("task_ends", task="N", date=on(20)),
    )
    hire = employee(answer, "n")
    assert hire.leaves is not None
    assert hire.leaves.date == date_of(15)
    assert hire.skills == {"s": 2, "t": 3}
    assert (
        task_of(answer, "N").active == Task.model_validate(task("N", active={"end": on(20)})).active
    )


@pytest.mark.parametrize(
    "events",
    [
        [event("leaves", employee="a", date=on(12)), event("stays", employee="a")],
        [event("rule", rule=FORBID), event("drop_rule", id="r2")],
        [event("learns", employee="a", skill="s", level=1)],
        [event("task_ends", task="Q", date=on(25))],
        [event("demand", team="A", people=1, **{"from": on(5)})],
    ],
    ids=["leaves and stays", "rule and drop_rule", "learns", "task_ends", "demand"],
)
def test_what_changes_nothing_is_as_if_it_had_not_been(events: list[Row]) -> None:
    fields: Row = {
        "employees": [able("a"), person("b")],
        "tasks": [task(active={"end": on(20)})],
        "teams": [team("A", demand=[{"from": on(5), "people": 1}]), team("B")],
        "rules": [PIN],
    }
    assert carried(*events, **fields).organisation == carried(**fields).organisation


# What is wrong with events


@pytest.mark.parametrize(
    ("wrong", "place", "near"),
    [
        (event("leaves", employee="anna", date=on(12)), "employee", "'anne'"),
        (event("stays", employee="anna"), "employee", "'anne'"),
        (event("absent", employee="anna", **span(12, 15)), "employee", "'anne'"),
        (event("learns", employee="anna", skill="payroll", level=1), "employee", "'anne'"),
        (event("learns", employee="anne", skill="payrol", level=1), "skill", "'payroll'"),
        (event("task_ends", task="wage", date=on(12)), "task", "'wages'"),
        (event("demand", team="Eas", people=1, **{"from": on(12)}), "team", "'East'"),
        (event("drop_rule", id="rule"), "id", "'rule1'"),
    ],
)
def test_an_unknown_id_names_the_nearest(wrong: Row, place: str, near: str) -> None:
    (issue,) = told(
        event("stays", employee="anne"),
        wrong,
        skills=[{"id": "payroll"}, {"id": "s"}],
        employees=[person("anne"), person("olli")],
        placed={"anne": "East", "olli": "West"},
        teams=[team("East"), team("West")],
        tasks=[task("wages")],
        rules=[PIN | {"id": "rule1", "employee": "anne", "team": "East"}],
    )
    assert (issue.code, issue.place) == ("unknown_id", f"events[1].{place}")
    assert near in issue.cure


@pytest.mark.parametrize(
    ("twice", "place"),
    [
        (event("joins", employee=person("b")), "events[0].employee.id"),
        (event("task_starts", task=task("Q")), "events[0].task.id"),
        (event("rule", rule=FORBID | {"id": "r1"}), "events[0].rule.id"),
    ],
)
def test_an_id_is_given_once(twice: Row, place: str) -> None:
    assert issues_of(twice, tasks=[task()], rules=[PIN]) == [("duplicate_id", place)]


def test_two_hires_have_two_ids() -> None:
    hire = event("joins", employee=person("n"))
    assert issues_of(hire, hire) == [("duplicate_id", "events[1].employee.id")]


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (
            event("joins", employee=person("n", team="C", skills={"u": 1})),
            {("unknown_id", "employees[n].team"), ("unknown_id", "employees[n].skills.u")},
        ),
        (
            event("joins", employee=person("n", interest={"A": 7})),
            {("unpriced_grade", "employees[n].interest.A")},
        ),
        (
            event("task_starts", task=task("N", skill="u", holder="z")),
            {("unknown_id", "tasks[N].skill"), ("unknown_id", "tasks[N].holder")},
        ),
        (
            event("rule", rule=PIN | {"id": "r9", "team": "C", "employee": "z"}),
            {("unknown_id", "rules[r9].team"), ("unknown_id", "rules[r9].employee")},
        ),
    ],
)
def test_what_events_bring_must_resolve(wrong: Row, expected: set[tuple[str, str]]) -> None:
    assert set(issues_of(wrong)) == expected


def test_a_day_out_of_the_horizon_hides_no_other_error() -> None:
    assert issues_of(event("stays", employee="z"), effective=30) == [
        ("out_of_horizon", "effective"),
        ("unknown_id", "events[0].employee"),
    ]


def test_all_errors_are_told_at_once() -> None:
    """Also both of one event, and those of what an event would bring."""
    found = issues_of(
        event("leaves", employee="y", date=on(12)),
        event("learns", employee="z", skill="u", level=1),
        event("absent", employee="x", **span(15, 15)),
        event("joins", employee=person("n", team="C")),
        event("drop_rule", id="r7"),
    )
    assert sorted(place for _, place in found) == [
        "employees[n].team",
        "events[0].employee",
        "events[1].employee",
        "events[1].skill",
        "events[2]",
        "events[2].employee",
        "events[4].id",
    ]
