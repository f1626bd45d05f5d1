"""Before, the level `keep`, and what a level may always cost (section 7)."""

from __future__ import annotations

from typing import Any

import pytest

from models.carrying import carry, keeping
from models.evaluation import evaluate_facts
from models.facts import Facts
from models.issues import InputError
from models.policy import GOAL_NAMES, KEEP_GOALS, Policy
from models.reading import scenario_from
from tests.models.test_carrying import Row, carried, event
from tests.small import able, date_of, facts, leaving, on, person, plan, policy, span, task, team

# Before

LEAVER: Row = {
    "employees": [
        able("a", leaves=leaving(5), needs_substitute=True),
        able("b", needs_substitute=True),
        able("c", needs_substitute=True),
        able("d", joins=on(15)),
    ],
    "teams": [team("A", lead=True), team("B", lead=True)],
    "placed": {"a": "A", "b": "A", "c": "A", "d": "B"},
    "leads": [("A", "a")],
    "tasks": [task("Q", holder="a"), task("P", active={"end": on(8)}), task("F")],
    "holders": [("Q", "a", 0, 5), ("Q", "b", 5, 30), ("P", "c", 0, 8), ("F", "d", 15, 30)],
    "substitutes": [("a", "b", 10), ("b", "a", 10), ("c", "b", 10)],
}
"""a leads A, holds Q until day 5 and leaves then; P ends on day 8; d comes on day 15."""


def test_before_drops_who_left_and_what_ended() -> None:
    before = carried(**LEAVER).before
    assert [(p.employee, p.team) for p in before.placements] == [("b", "A"), ("c", "A"), ("d", "B")]
    assert before.leads == ()
    assert [(s.principal, s.substitute) for s in before.substitutes] == [("c", "b")]
    assert [(h.task, h.employee) for h in before.holders] == [("Q", "b"), ("F", "d")]


def test_before_starts_no_earlier_than_the_day() -> None:
    before = carried(**LEAVER).before
    assert [(p.start, p.end) for p in before.placements] == [
        (date_of(10), date_of(30)),
        (date_of(10), date_of(30)),
        (date_of(15), date_of(30)),
    ]
    assert [(h.start, h.end) for h in before.holders] == [
        (date_of(10), date_of(30)),
        (date_of(15), date_of(30)),
    ]


@pytest.mark.parametrize(("effective", "holders"), [(4, ["a", "b"]), (5, ["b"]), (6, ["b"])])
def test_a_tenure_that_ends_by_the_day_is_history(effective: int, holders: list[str]) -> None:
    before = carried(effective=effective, **LEAVER).before
    assert [h.employee for h in before.holders if h.task == "Q"] == holders


def test_before_knows_who_holds_every_task_there_is() -> None:
    """Q is b's by then, P has ended, F will be d's; N, which nobody holds, is nobody's."""
    fields = LEAVER | {"tasks": [*LEAVER["tasks"], task("N")]}
    held = carried(event("task_starts", task=task("new")), **fields).held
    assert held == {"Q": {"b"}, "F": {"d"}, "N": set()}


def test_before_knows_nothing_of_the_events() -> None:
    events = [
        event("leaves", employee="b", date=on(10)),
        event("joins", employee=able("n")),
        event("task_ends", task="Q", date=on(10)),
    ]
    one, other = carried(*events, **LEAVER), carried(**LEAVER)
    assert one.before == other.before
    assert one.costs == other.costs
    assert one.held == other.held


def test_before_is_valid_where_no_leader_left() -> None:
    fields = LEAVER | {"leads": [("A", "b")]}
    answer = carried(**fields)
    after = Facts(answer.organisation, answer.policy, answer.held)
    assert evaluate_facts(after, answer.before).violations == ()


@pytest.mark.parametrize("effective", [0, 5, 12, 20])
def test_before_keeps_all_there_is_to_keep(effective: int) -> None:
    answer = carried(effective=effective, **LEAVER | {"leads": [("A", "b")]})
    after = Facts(answer.organisation, answer.policy, answer.held)
    costs = evaluate_facts(after, answer.before).costs
    assert {goal: costs[goal] for goal in KEEP_GOALS} == dict.fromkeys(KEEP_GOALS, 0)


COSTLY: Row = {
    "employees": [able("a", leaves=leaving(20), absences=[span(0, 12)]), person("b")],
    "teams": [
        team("A", needs=[{"skill": "t", "level": 2, "people": 1}]),
        team("B", demand=[{"from": on(5), "people": 1}]),
    ],
    "tasks": [task("Q", kind="authority", backups=1), task("P", skill="t")],
}
"""a is away until day 12 and leaves on day 20; nobody is in B, nobody knows t, nobody decides Q."""


def test_the_costs_of_before_are_those_of_the_days_that_are_left() -> None:
    """From day 10 on, twenty days.

    authority_gap: Q is never held, 20. task_gap: neither is P, 20. backup_shortage: both have
    no team: 20 * (1 + 1) + 20 * (1 + 0) = 60. skill_shortage: nobody in A knows t, 20.
    size_shortage: nobody is in B, 20. interest: two people who were not asked, 2.
    """
    costs = {goal: cost for goal, cost in carried(**COSTLY).costs.items() if cost}
    assert costs == {
        "authority_gap": 20,
        "task_gap": 20,
        "backup_shortage": 60,
        "skill_shortage": 20,
        "size_shortage": 20,
        "interest": 2,
        # Over a share of 50 + 10 %, of A's two members one leaves: 100 - 120 < 0.
    }


# The level keep


def level(name: str, tolerance: int = 0, **goals: int) -> Row:
    return {"name": name, "goals": goals, "tolerance_per_person": tolerance}


def names(*levels: Row) -> list[str]:
    return [x.name for x in keeping(policy(levels=list(levels))).levels]


def test_under_the_default_policy_what_is_kept_comes_after_continuity() -> None:
    answer = keeping(Policy())
    assert [x.name for x in answer.levels] == [
        "statutory",
        "continuity",
        "keep",
        "people",
        "stability",
        "substitutes",
    ]
    keep = answer.levels[2]
    assert keep.tolerance_per_person == 0
    assert keep.goals == {
        "team_changes": 3,
        "lead_changes": 2,
        "succession_changes": 1,
        "substitute_changes": 1,
    }
    assert answer.levels[4].goals == {
        "sector_concentration": 2,
        "departure_concentration": 2,
        "handovers": 1,
    }
    assert answer.levels[5].goals == {
        "no_substitute": 2500,
        "substitute_away": 1,
        "substitute_fit": 30,
        "one_way_substitutes": 30,
    }
    for i, j in ((0, 0), (1, 1), (2, 3)):
        assert answer.levels[j] == Policy().levels[i]


def test_without_a_coverage_goal_it_comes_first() -> None:
    assert names(level("x", interest=1), level("y", handovers=1)) == ["keep", "x", "y"]


@pytest.mark.parametrize("goal", GOAL_NAMES)
def test_the_first_five_goals_are_of_coverage_and_no_other(goal: str) -> None:
    coverage = goal in (
        "authority_gap",
        "task_gap",
        "backup_shortage",
        "skill_shortage",
        "size_shortage",
    )
    other = "lead_fit" if goal == "interest" else "interest"
    expected = ["x", "keep", "y"] if coverage else ["keep", "x", "y"]
    assert names(level("x", **{goal: 1}), level("y", **{other: 1})) == expected


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        # The last one with a coverage goal counts, wherever it is,
        ([level("x", interest=1), level("y", task_gap=1)], ["x", "y", "keep"]),
        (
            [level("x", task_gap=1), level("y", interest=1), level("z", size_shortage=1)],
            ["x", "y", "z", "keep"],
        ),
        ([level("x", interest=1, task_gap=1), level("y", handovers=1)], ["x", "keep", "y"]),
        # of a weight above 0.
        ([level("x", interest=1, task_gap=0), level("y", handovers=1)], ["keep", "x", "y"]),
        (
            [level("x", authority_gap=1), level("y", task_gap=0, interest=1)],
            ["x", "keep", "y"],
        ),
        # A level with nothing but what is kept is still there.
        ([level("x", team_changes=1), level("y", task_gap=1)], ["x", "y", "keep"]),
    ],
)
def test_it_comes_right_after_the_last_level_of_coverage(
    levels: list[Row], expected: list[str]
) -> None:
    assert names(*levels) == expected


def test_what_is_kept_leaves_its_levels_and_nothing_else_does() -> None:
    everything = level("x", 7, **dict.fromkeys(GOAL_NAMES, 4))
    x, keep = keeping(policy(levels=[everything])).levels
    assert x.goals == {goal: 4 for goal in GOAL_NAMES if goal not in KEEP_GOALS}
    assert x.tolerance_per_person == 7
    assert set(keep.goals) == set(KEEP_GOALS)


def test_its_weights_are_the_policys() -> None:
    given = policy(keep={"substitute_changes": 9, "team_changes": 0})
    keep = next(x for x in keeping(given).levels if x.name == "keep")
    assert keep.weighted() == {"substitute_changes": 9}


def test_a_level_of_that_name_is_refused() -> None:
    taken = policy(levels=[level("keep", interest=1)])
    with pytest.raises(InputError) as caught:
        keeping(taken)
    assert [issue.place for issue in caught.value.issues] == ["levels[keep]"]
    base = facts(taken)
    scenario = scenario_from({"effective": on(5)})
    with pytest.raises(InputError):
        carry(base.organisation, taken, plan(base), scenario)


def test_a_scenario_is_solved_under_the_policy_with_that_level() -> None:
    answer = carried(**LEAVER)
    assert answer.policy == keeping(Policy())
    assert answer.base_policy == Policy()


# What a level may always cost


def least_allowed(*levels: Row, **fields: Any) -> dict[str, int]:
    return carried(under=policy(levels=list(levels)), **fields).least_allowed


def test_levels_of_coverage_may_cost_what_they_cost_before() -> None:
    """continuity: 5 * 20 + 3 * 20 + 2 * 60 + 1 * 20 = 300."""
    assert carried(**COSTLY).least_allowed == {"statutory": 20, "continuity": 300}


def test_events_do_not_change_what_they_cost_before() -> None:
    """t is needed no less because a learns it."""
    answer = carried(
        event("learns", employee="a", skill="t", level=3),
        event("task_ends", task="P", date=on(10)),
        **COSTLY,
    )
    assert answer.least_allowed == {"statutory": 20, "continuity": 300}


def test_all_goals_of_such_a_level_count_and_no_other_level_does() -> None:
    """7 * 20 days of gaps + 3 * 2 people who were not asked."""
    levels = [
        level("x", task_gap=7, interest=3),
        level("y", size_shortage=0, handovers=1),
        level("z", no_substitute=1),
    ]
    assert least_allowed(*levels, **COSTLY) == {"x": 146}


def test_a_level_before_it_without_a_coverage_goal_may_not() -> None:
    levels = [level("x", interest=3), level("y", size_shortage=2)]
    assert least_allowed(*levels, **COSTLY) == {"y": 40}


def test_no_level_of_coverage_nothing_allowed() -> None:
    assert least_allowed(level("x", interest=3), **COSTLY) == {}
