"""Plans side by side, on a few people: what is in a cell, and which is the best of its row."""

from __future__ import annotations

from typing import Any

import pytest

from models.comparison import Candidate, Comparison, Row, compare
from models.facts import Facts
from models.policy import GOAL_NAMES, Policy
from models.proposal import Plan
from tests.small import able, date_of, facts, leaving, on, plan, policy, span, task

PEOPLE = [
    able("a", office_holder=True, interest={"A": 2, "B": 0}),
    able("b", office_holder=True, interest={"A": 1, "B": 1}),
]


def column(name: str, plan: Plan | None, here: Facts, **fields: Any) -> Candidate:
    return Candidate(name, here, plan, "optimal" if plan else "infeasible", **fields)


def row(found: Comparison, kind: str, name: str) -> Row:
    rows = [row for row in found.rows if (row.kind, row.name) == (kind, name)]
    assert len(rows) == 1
    return rows[0]


def test_the_lower_cost_is_the_better_one() -> None:
    """Interest, unweighted: a in A and b in B cost 0 + 1, the other way round 3 + 1."""
    here = facts(employees=PEOPLE)
    one, other = plan(here, {"a": "A", "b": "B"}), plan(here, {"a": "B", "b": "A"})
    found = compare([column("one", one, here), column("other", other, here)])
    assert found.names == ("one", "other")
    assert found.statuses == ("optimal", "optimal")
    assert found.same_horizon
    assert found.same_levels
    assert row(found, "goal", "interest") == Row("goal", "interest", (1, 4), (0,))
    # The level people weighs interest with 3.
    assert row(found, "level", "people") == Row("level", "people", (3, 12), (0,))


def test_where_all_are_the_same_none_is_the_best() -> None:
    here = facts(employees=PEOPLE)
    same = plan(here, {"a": "A", "b": "B"})
    found = compare([column("one", same, here), column("other", same, here)])
    assert row(found, "goal", "interest").cells == (1, 1)
    assert [r.best for r in found.rows] == [()] * len(found.rows)


def test_several_may_be_the_best() -> None:
    here = facts(employees=PEOPLE)
    one, other = plan(here, {"a": "A", "b": "B"}), plan(here, {"a": "B", "b": "A"})
    found = compare([column(str(i), p, here) for i, p in enumerate((other, one, one))])
    assert row(found, "goal", "interest") == Row("goal", "interest", (4, 1, 1), (1, 2))


def test_every_level_every_goal_and_the_moves_have_a_row() -> None:
    here = facts(employees=PEOPLE)
    found = compare([column("one", plan(here), here)])
    assert [(r.kind, r.name) for r in found.rows] == [
        *(("level", level.name) for level in Policy().levels),
        ("moves", "moves"),
        *(("goal", goal) for goal in GOAL_NAMES),
    ]


def test_fewer_moves_are_better_and_unknown_ones_are_neither() -> None:
    here = facts(employees=PEOPLE)
    columns = [column("x", plan(here), here, moves=n) for n in (2, None, 1)]
    assert row(compare(columns), "moves", "moves") == Row("moves", "moves", (2, None, 1), (2,))


def test_without_a_plan_a_column_is_empty() -> None:
    here = facts(employees=PEOPLE, tasks=[task(kind="authority")])
    found = compare([column("none", None, here), column("one", plan(here), here)])
    assert found.statuses == ("infeasible", "optimal")
    assert {r.cells[0] for r in found.rows} == {None}
    # The one plan there is has nothing to be better than.
    assert [r.best for r in found.rows] == [()] * len(found.rows)


def test_the_later_a_task_breaks_the_better_and_never_is_the_best() -> None:
    """Q is covered until its holder leaves, on day 10 or 20, or for all of the horizon."""
    columns = []
    for day in (10, 20, 30):
        people = [able("a", office_holder=True, leaves=leaving(day))]
        here = facts(employees=people, tasks=[task(kind="authority", holder="a")])
        columns.append(column(f"{day}", plan(here, holders=[("Q", "a", 0, day)]), here))
    found = compare(columns)
    cells = (date_of(10), date_of(20), "never")
    assert row(found, "first_broken", "Q") == Row("first_broken", "Q", cells, (2,))
    found = compare(columns[:2])
    assert row(found, "first_broken", "Q").best == (1,)


def test_a_task_that_is_not_everywhere_is_compared_where_it_is() -> None:
    people = [able("a", office_holder=True)]
    without = facts(employees=people)
    with_it = facts(employees=people, tasks=[task(kind="authority")])
    found = compare([column("one", plan(without), without), column("two", plan(with_it), with_it)])
    assert row(found, "first_broken", "Q") == Row("first_broken", "Q", (None, date_of(0)), ())


def test_only_authority_tasks_have_a_first_day_without_cover() -> None:
    here = facts(employees=PEOPLE, tasks=[task("P"), task("Q", kind="authority")])
    found = compare([column("one", plan(here), here)])
    assert [r.name for r in found.rows if r.kind == "first_broken"] == ["Q"]


def test_different_days_are_told_apart() -> None:
    here, shorter = facts(employees=PEOPLE), facts(employees=PEOPLE, horizon=span(5, 30))
    found = compare([column("one", plan(here), here), column("two", plan(shorter), shorter)])
    assert not found.same_horizon
    assert found.same_levels


@pytest.mark.parametrize(
    "other",
    [
        policy(levels=[{"name": "people", "goals": {"interest": 1}}]),
        policy(interest_cost={0: 4, 1: 1, 2: 0}),
    ],
    ids=["weights", "prices"],
)
def test_of_levels_that_mean_different_things_none_is_the_best(other: Policy) -> None:
    """Goals are compared all the same; levels of other policies are not."""
    here, there = facts(employees=PEOPLE), facts(other, employees=PEOPLE)
    good, bad = plan(here, {"a": "A", "b": "B"}), plan(here, {"a": "B", "b": "A"})
    found = compare([column("one", good, here), column("two", bad, there)])
    assert not found.same_levels
    one, two = row(found, "level", "people").cells
    assert one == 3
    assert two != one
    assert row(found, "level", "people").best == ()
    assert row(found, "goal", "interest").best == (0,)


def test_the_order_of_levels_and_what_a_what_if_keeps_make_no_difference() -> None:
    turned = policy(
        levels=[level.model_dump() for level in reversed(Policy().levels)],
        keep={"team_changes": 9},
        relaxation_weights={"size": 9},
    )
    here, there = facts(employees=PEOPLE), facts(turned, employees=PEOPLE)
    one, other = plan(here, {"a": "A", "b": "B"}), plan(here, {"a": "B", "b": "A"})
    found = compare([column("one", one, here), column("two", other, there)])
    assert found.same_levels
    assert row(found, "level", "people") == Row("level", "people", (3, 12), (0,))


def test_a_level_that_one_policy_lacks_is_compared_among_the_others() -> None:
    short = policy(levels=[{"name": "statutory", "goals": {"authority_gap": 1}}])
    here, there = facts(employees=PEOPLE), facts(short, employees=PEOPLE)
    good, bad = plan(here, {"a": "A", "b": "B"}), plan(here, {"a": "B", "b": "A"})
    found = compare(
        [column("one", good, here), column("two", good, there), column("three", bad, here)]
    )
    assert found.same_levels
    assert row(found, "level", "people") == Row("level", "people", (3, None, 12), (0,))
    assert row(found, "level", "statutory").cells == (0, 0, 0)


def test_as_json() -> None:
    people = [able("a", office_holder=True, leaves=leaving(10))]
    here = facts(employees=people, tasks=[task(kind="authority", holder="a")])
    covered = plan(here, holders=[("Q", "a", 0, 10)])
    found = compare(
        [
            column("gone", plan(here), here, moves=1),
            column("held", covered, here, moves=0),
            column("none", None, here),
        ]
    ).to_dict()
    assert found["columns"] == [
        {"name": "gone", "status": "optimal"},
        {"name": "held", "status": "optimal"},
        {"name": "none", "status": "infeasible"},
    ]
    assert (found["same_horizon"], found["same_levels"]) == (True, True)
    rows = {(r["kind"], r["name"]): (r["cells"], r["best"]) for r in found["rows"]}
    assert rows["moves", "moves"] == ([1, 0, None], ["held"])
    # Nobody at all for 30 days, or for the 20 after day 10.
    assert rows["goal", "authority_gap"] == ([30, 20, None], ["held"])
    assert rows["first_broken", "Q"] == ([on(0), on(10), None], ["held"])
