"""What differs between two plans, on a few people."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.difference import Difference, difference, first_broken_days
from models.facts import Facts
from models.policy import GOAL_NAMES
from models.proposal import Plan
from tests.small import able, date_of, facts, leaving, on, plan, span, task, team

PEOPLE = [able("a", needs_substitute=True), able("b"), able("c", leaves=leaving(20))]


def both(before: Facts, one: Plan, after: Facts, other: Plan) -> dict[str, Any]:
    """The difference as JSON, without goals and first broken days."""
    found = difference(before, one, after, other).to_dict()
    return {key: value for key, value in found.items() if key not in ("goals", "first_broken")}


NOTHING: dict[str, Any] = {
    "came": [],
    "went": [],
    "moved": [],
    "tasks": [],
    "substitutes": [],
    "leads": [],
}


def test_the_same_plan_differs_in_nothing() -> None:
    here = facts(employees=PEOPLE, tasks=[task()])
    same = plan(here, holders=[("Q", "c", 0, 20), ("Q", "b", 20, 30)], substitutes=[("a", "b", 10)])
    assert both(here, same, here, same) == NOTHING
    assert difference(here, same, here, same).is_empty


def test_who_is_in_another_team_moved() -> None:
    here = facts(employees=PEOPLE)
    one = plan(here, {"a": "A", "b": "A", "c": "B"})
    other = plan(here, {"a": "B", "b": "A", "c": "B"})
    moved = [{"employee": "a", "before": "A", "after": "B"}]
    assert both(here, one, here, other) == NOTHING | {"moved": moved}
    assert not difference(here, one, here, other).is_empty


def test_who_is_in_one_of_them_alone_came_or_went() -> None:
    before = facts(employees=PEOPLE)
    after = facts(employees=[PEOPLE[0], able("n")])
    one = plan(before, {"a": "A", "b": "A", "c": "B"})
    found = both(before, one, after, plan(after))
    went = [{"employee": "b", "team": "A"}, {"employee": "c", "team": "B"}]
    assert found == NOTHING | {"came": [{"employee": "n", "team": "A"}], "went": went}


def test_who_holds_a_task_and_from_when() -> None:
    """b instead of c from day 10 on, when c leaves."""
    before = facts(employees=PEOPLE, tasks=[task()])
    after = facts(employees=[*PEOPLE[:2], able("c", leaves=leaving(10))], tasks=[task()])
    one = plan(before, holders=[("Q", "c", 0, 20), ("Q", "b", 20, 30)])
    other = plan(after, holders=[("Q", "c", 0, 10), ("Q", "b", 10, 30)])

    def held(employee: str, start: int, end: int) -> dict[str, str]:
        return {"employee": employee, "start": on(start), "end": on(end)}

    change = {
        "task": "Q",
        "team_before": "A",
        "team_after": "A",
        "before": [held("c", 0, 20), held("b", 20, 30)],
        "after": [held("c", 0, 10), held("b", 10, 30)],
    }
    assert both(before, one, after, other) == NOTHING | {"tasks": [change]}


def test_a_task_in_another_team_and_one_that_is_new() -> None:
    before = facts(employees=PEOPLE, tasks=[task()])
    after = facts(employees=PEOPLE, tasks=[task(), task("N")])
    one = plan(before, {"a": "A", "b": "B", "c": "B"}, holders=[("Q", "a", 0, 30)])
    other = plan(
        after, {"a": "B", "b": "B", "c": "B"}, holders=[("Q", "a", 0, 30), ("N", "b", 0, 30)]
    )
    found = difference(before, one, after, other)
    assert [(t.task, t.team_before, t.team_after) for t in found.tasks] == [
        ("Q", "A", "B"),
        ("N", None, "B"),
    ]
    assert found.tasks[1].before == ()


def test_what_was_before_the_later_of_two_first_days_is_no_difference() -> None:
    before = facts(employees=PEOPLE, tasks=[task()])
    after = facts(employees=PEOPLE, tasks=[task()], horizon=span(10, 30))
    one = plan(before, holders=[("Q", "c", 0, 20), ("Q", "b", 20, 30)])
    other = plan(after, holders=[("Q", "c", 10, 20), ("Q", "b", 20, 30)])
    assert both(before, one, after, other) == NOTHING


def test_substitutes_change_also_to_and_from_nobody() -> None:
    people = [able(e, needs_substitute=True) for e in "abc"]
    here = facts(employees=people)
    one = plan(here, substitutes=[("a", "b", 10), ("b", "c", 10)])
    other = plan(here, substitutes=[("a", "c", 10), ("c", "a", 10)])
    changes = [
        {"principal": "a", "before": "b", "after": "c"},
        {"principal": "b", "before": "c", "after": None},
        {"principal": "c", "before": None, "after": "a"},
    ]
    assert both(here, one, here, other) == NOTHING | {"substitutes": changes}


def test_leaders_change_also_to_and_from_nobody() -> None:
    here = facts(employees=PEOPLE, teams=[team(t, lead=True) for t in "ABC"])
    in_ab = {"a": "A", "b": "A", "c": "B"}
    one = plan(here, in_ab, leads=[("A", "a"), ("B", "c")])
    other = plan(here, {"a": "A", "b": "A", "c": "C"}, leads=[("A", "b"), ("C", "c")])
    changes = [
        {"team": "A", "before": "a", "after": "b"},
        {"team": "B", "before": "c", "after": None},
        {"team": "C", "before": None, "after": "c"},
    ]
    moved = [{"employee": "c", "before": "B", "after": "C"}]
    assert both(here, one, here, other) == NOTHING | {"leads": changes, "moved": moved}


def test_every_goal_is_told_before_and_after() -> None:
    """Nobody was asked: 3. Q is held 20 of 30 days, then all of them; one handover more."""
    here = facts(employees=PEOPLE, tasks=[task()])
    one = plan(here, holders=[("Q", "c", 0, 20)])
    other = plan(here, holders=[("Q", "c", 0, 20), ("Q", "b", 20, 30)])
    found = difference(here, one, here, other)
    assert [g.goal for g in found.goals] == list(GOAL_NAMES)
    costs = {g.goal: (g.before, g.after) for g in found.goals if g.before or g.after}
    # c alone leaves, of three in A: 100 - (33 + 10) * 3 < 0; a has no substitute.
    assert costs == {
        "task_gap": (10, 0),
        "handovers": (0, 1),
        "interest": (3, 3),
        "no_substitute": (1, 1),
    }


def broken(found: Difference) -> list[tuple[str, date | None, date | None, bool, bool]]:
    return [(b.task, b.before, b.after, b.known_before, b.known_after) for b in found.first_broken]


def test_the_first_day_an_authority_task_is_not_covered() -> None:
    """S ends, N is new; O is no authority task."""
    deciding = [able(e, office_holder=True) for e in "ab"]
    leaver = able("c", office_holder=True, leaves=leaving(20))
    q, s, n = (task(name, kind="authority") for name in "QSN")
    before = facts(employees=[*deciding, leaver], tasks=[q, s, task("O")])
    after = facts(employees=[*deciding, leaver], tasks=[q, n, task("O")])
    one = plan(before, {"a": "A", "b": "A", "c": "B"}, holders=[("Q", "c", 0, 20)])
    other = plan(
        after, {"a": "A", "b": "A", "c": "B"}, holders=[("Q", "a", 0, 30), ("N", "c", 0, 20)]
    )
    # Q: until c leaves, then never. S is nobody's from the first day. N: until c leaves.
    assert broken(difference(before, one, after, other)) == [
        ("Q", date_of(20), None, True, True),
        ("S", date_of(0), None, True, False),
        ("N", None, date_of(20), False, True),
    ]


def test_of_two_gaps_the_first_counts() -> None:
    """a is away on days 3 to 5 and 10 to 12, and nobody stands in."""
    away = able("a", office_holder=True, absences=[span(10, 12), span(3, 5)])
    here = facts(employees=[away], tasks=[task(kind="authority", holder="a")])
    assert first_broken_days(here, plan(here, holders=[("Q", "a", 0, 30)])) == {"Q": date_of(3)}
