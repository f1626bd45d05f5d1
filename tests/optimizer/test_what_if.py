"""The smallest change, proven: against brute force, and against what section 7 promises."""

from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from models.carrying import carry, keeping
from models.evaluation import evaluate, evaluate_facts
from models.facts import Facts
from models.issues import InputError
from models.policy import KEEP_GOALS, Policy
from models.proposal import LevelResult
from models.reading import organisation_from, policy_from, scenario_from
from models.scenario import EVENT_KINDS, Scenario
from optimizer import propose
from optimizer.conflicts import can_hold, named_rules
from optimizer.cpsat import Limits
from optimizer.what_if import Base, WhatIf, frontier, what_if
from tests.brute_force import best_of, level_values, plans
from tests.organisations import JOINT_POLICY, OTHER_ORDER, START, random_organisation
from tests.scenarios import random_scenario

Row = dict[str, Any]

POLICIES = {
    "default": Policy(),
    "joint": policy_from(JOINT_POLICY),
    "other order": policy_from(OTHER_ORDER),
}


def accepted(data: Row, policy: Policy) -> Base:
    organisation = organisation_from(data, policy)
    proposal = propose(organisation, policy, workers=1, conflicts=1)
    assert proposal.status == "optimal"
    return Base(organisation, policy, proposal.plan)


@cache
def base_of(seed: int, people: int = 4, tasks: int = 2, policy: str = "default") -> Base:
    """A random organisation that has a valid plan: of a seed, or of one far behind it."""
    for number in range(seed, seed + 100_000, 1000):
        data = random_organisation(number, people=people, tasks=tasks)
        facts = Facts(organisation_from(data, POLICIES[policy]), POLICIES[policy])
        if can_hold(facts, named_rules(facts), Limits.for_seconds(60, workers=1)):
            return accepted(data, POLICIES[policy])
    raise AssertionError("no seed gives an organisation with a plan")


def scenario(effective: int = 10, *events: Row) -> Scenario:
    day = START + timedelta(effective)
    return scenario_from({"effective": day.isoformat(), "events": list(events)})


@cache
def randomly(seed: int, people: int = 4, tasks: int = 2, policy: str = "default") -> Scenario:
    """The random scenario of a seed, on the base of the same."""
    data = base_of(seed, people, tasks, policy).organisation.to_dict()
    return scenario_from(random_scenario(seed, data))


def asked(base: Base, question: Scenario, allow_moves: int | None = None) -> WhatIf:
    """An answer that is proven, or proven not to exist, and evaluated."""
    answer = what_if(base, question, allow_moves=allow_moves, workers=1)
    assert answer.proposal.status in ("optimal", "infeasible")
    check(answer)
    return answer


def check(answer: WhatIf) -> None:
    """The evaluation, afresh from the input, says what the answer says."""
    proposal, carried = answer.proposal, answer.carried
    assert answer.allow_moves is None or answer.moves <= answer.allow_moves
    if proposal.status == "infeasible":
        assert proposal.conflicts
        assert (answer.difference, answer.moves, proposal.placements) == (None, 0, ())
        return
    policy = keeping(carried.base_policy, last=answer.allow_moves is not None)
    after = evaluate(carried.organisation, policy, proposal.plan, carried.held)
    assert after.violations == ()
    assert [after.value(level) for level in policy.levels] == [x.value for x in proposal.levels]
    assert after.gaps == proposal.gaps
    assert [x.level for x in proposal.levels] == [x.name for x in policy.levels]
    told = {goal.goal: goal.cost for level in proposal.levels for goal in level.goals}
    assert told == after.costs
    before = evaluate(carried.base, policy, carried.before, carried.held)
    assert answer.difference is not None
    assert {g.goal: g.before for g in answer.difference.goals} == before.costs
    assert {g.goal: g.after for g in answer.difference.goals} == after.costs
    assert answer.moves == after.costs["team_changes"]


def keep_of(answer: WhatIf) -> LevelResult:
    return next(level for level in answer.proposal.levels if level.level == "keep")


def values(answer: WhatIf) -> list[tuple[int | None, int | None]]:
    return [(level.best, level.value) for level in answer.proposal.levels]


# Without events


def broken_by_before(answer: WhatIf) -> set[str]:
    """The kinds of rules that Before breaks where nothing has happened."""
    carried = answer.carried
    facts = Facts(carried.organisation, carried.policy, carried.held)
    return {v.rule.split(":")[0] for v in evaluate_facts(facts, carried.before).violations}


QUIET = [(policy, seed) for policy in ("default", "joint") for seed in range(16)]


@cache
def quiet(policy: str, seed: int) -> tuple[WhatIf, ...]:
    """Answers to scenarios without events: from the first day on, and from a later one."""
    base = base_of(seed, 5, 3, policy)
    later = random.Random(seed).randint(1, 29)
    return tuple(asked(base, scenario(effective)) for effective in (0, later))


EXCUSED = {"qualified", "tenure", "load", "tasks"}
"""What the base's holder of a task is excused, and no more where somebody else is."""


@pytest.mark.parametrize(("policy", "seed"), QUIET)
def test_without_events_nothing_changes(policy: str, seed: int) -> None:
    """But for what was vacant: the place of a leader who left, a substitute nobody had."""
    for answer in quiet(policy, seed):
        assert answer.proposal.status == "optimal"
        broken = broken_by_before(answer)
        assert broken <= {"lead", *EXCUSED}
        if broken & EXCUSED:
            continue
        keep = keep_of(answer)
        assert (keep.best, keep.bound, keep.value, keep.status) == (0, 0, 0, "optimal")
        found = answer.difference
        assert found is not None
        assert (found.came, found.went, found.moved, found.tasks) == ((), (), (), ())
        assert [x.before for x in found.substitutes if x.before] == []
        assert [x.before for x in found.leads if x.before] == []


def test_without_events_before_nearly_always_holds() -> None:
    answers = [answer for case in QUIET for answer in quiet(*case)]
    excused = [answer for answer in answers if broken_by_before(answer) & EXCUSED]
    assert len(answers) == 64
    assert len(excused) <= 2
    later = [a for a in answers if a.carried.organisation.horizon.start > START]
    assert len(later) == 32


# Against brute force

TINY = [
    (policy, seed)
    for first, policy in zip((0, 100, 200), POLICIES, strict=True)
    for seed in range(first, first + 15)
]


@cache
def tiny(policy: str, seed: int) -> WhatIf:
    return asked(base_of(seed, policy=policy), randomly(seed, policy=policy))


@pytest.mark.parametrize(("policy", "seed"), TINY)
def test_every_level_agrees_with_brute_force(policy: str, seed: int) -> None:
    answer = tiny(policy, seed)
    carried = answer.carried
    facts = Facts(carried.organisation, keeping(POLICIES[policy]), carried.held)
    expected = level_values(facts, least_allowed=carried.least_allowed)
    if expected is None:
        assert answer.proposal.status == "infeasible"
        return
    assert answer.proposal.status == "optimal"
    assert values(answer) == expected
    for level, solved in zip(facts.policy.levels, answer.proposal.levels, strict=True):
        most = (solved.best or 0) + level.tolerance_per_person * len(facts.employees)
        assert solved.bound == solved.best
        assert solved.allowed == max(most, carried.least_allowed.get(level.name, 0))


def test_the_tiny_ones_are_about_everything() -> None:
    """Every kind of event, plans that must change and that may stay as bad as they were."""
    answers = [tiny(*case) for case in TINY]
    kinds = Counter(event.kind for answer in answers for event in answer.scenario.events)
    assert set(kinds) == set(EVENT_KINDS)
    assert min(kinds.values()) >= 3
    solved = [answer for answer in answers if answer.proposal.status == "optimal"]
    goals = Counter(
        goal.goal for answer in solved for goal in keep_of(answer).goals if goal.weight * goal.cost
    )
    assert set(goals) >= {"team_changes", "succession_changes", "substitute_changes"}
    assert 0 < len(answers) - len(solved) < len(answers) // 4
    spared = [
        level
        for answer in solved
        for level in answer.proposal.levels
        if level.allowed == answer.carried.least_allowed.get(level.level) != level.best
    ]
    assert len(spared) >= 5


# Events that change nothing


def same(one: WhatIf, other: WhatIf) -> None:
    assert one.carried.before == other.carried.before
    assert one.carried.held == other.carried.held
    assert one.carried.least_allowed == other.carried.least_allowed
    assert values(one) == values(other)
    assert one.difference is not None
    assert other.difference is not None
    assert one.difference.goals == other.difference.goals
    assert (one.difference.came, one.difference.went) == (
        other.difference.came,
        other.difference.went,
    )


def stayer(base: Base) -> str:
    """Somebody who is not known to leave."""
    return next(e.id for e in base.organisation.employees if e.leaves is None)


@pytest.mark.parametrize("seed", range(10))
def test_a_departure_taken_back_is_none(seed: int) -> None:
    base = base_of(seed)
    who = stayer(base)
    events = [
        {"kind": "leaves", "employee": who, "date": "2020-01-16"},
        {"kind": "stays", "employee": who},
    ]
    answer = asked(base, scenario(7, *events))
    assert answer.carried.organisation == asked(base, scenario(7)).carried.organisation
    same(answer, asked(base, scenario(7)))


@pytest.mark.parametrize("seed", range(10))
def test_a_rule_taken_back_is_none(seed: int) -> None:
    """A rule that would move everybody."""
    base = base_of(seed)
    rule = {"id": "new", "kind": "together", "employees": ["E1", "E2"]}
    events = [{"kind": "rule", "rule": rule}, {"kind": "drop_rule", "id": "new"}]
    answer = asked(base, scenario(7, *events))
    assert answer.carried.organisation == asked(base, scenario(7)).carried.organisation
    same(answer, asked(base, scenario(7)))


@pytest.mark.parametrize("seed", range(10))
def test_a_hire_who_leaves_on_the_day_leaves_all_else_the_same(seed: int) -> None:
    base = base_of(seed)
    hire = {"id": "N1", "skills": {"s1": 3, "s2": 3}, "office_holder": True}
    events = [
        {"kind": "joins", "employee": hire},
        {"kind": "leaves", "employee": "N1", "date": "2020-01-08"},
    ]
    answer, other = asked(base, scenario(7, *events)), asked(base, scenario(7))
    *rest, added = answer.carried.organisation.employees
    assert added.id == "N1"
    assert tuple(rest) == other.carried.organisation.employees
    assert answer.carried.organisation.teams == other.carried.organisation.teams
    assert answer.proposal.not_in_service == (*other.proposal.not_in_service, "N1")
    same(answer, other)


# Who left or came never makes it infeasible


@pytest.mark.parametrize("seed", range(10))
def test_sizes_stand_in_nobodys_way(seed: int) -> None:
    """Teams as full, and as empty, as they may be; half of the people go, three come."""
    data = random_organisation(seed, people=4) | {"rules": []}
    for number, team in enumerate(data["teams"]):
        team["size"] = {"min": number, "max": 4}
    base = accepted(data, Policy())
    members = Counter(p.team for p in base.plan.placements)
    teams = tuple(
        t.model_copy(
            update={"size": t.size.model_copy(update={"max": max(t.size.min, members[t.id])})}
        )
        for t in base.organisation.teams
    )
    base = Base(base.organisation.model_copy(update={"teams": teams}), Policy(), base.plan)
    day = (START + timedelta(10)).isoformat()
    gone = [{"kind": "leaves", "employee": f"E{i}", "date": day} for i in (1, 3)]
    gone = [row for row in gone if not _joins_by(base, row["employee"], day)]
    come = [
        {"kind": "joins", "employee": {"id": f"N{i}", "skills": {}, "joins": joins}}
        for i, joins in enumerate([None, day, day])
    ]
    assert asked(base, scenario(10, *gone, *come)).proposal.status == "optimal"


def _joins_by(base: Base, employee: str, day: str) -> bool:
    joins = next(e.joins for e in base.organisation.employees if e.id == employee)
    return joins is not None and joins.isoformat() >= day


# So many people may move


def moved(facts: Facts, team_of: dict[str, str]) -> int:
    return sum(e.team not in (None, team_of[e.id]) for e in facts.employees.values())


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(4))
def test_the_best_plan_with_so_many_moves_is_the_best_of_all_such(seed: int, policy: str) -> None:
    base, question = base_of(seed, policy=policy), randomly(seed, policy=policy)
    carried = carry(base.organisation, base.policy, base.plan, question)
    facts = Facts(carried.organisation, keeping(base.policy, last=True), carried.held)
    points = [
        (moved(facts, team_of), vector) for team_of, found in plans(facts) for vector in found
    ]
    for most in range(4):
        answer = asked(base, question, most)
        expected = best_of(facts, {vector for moves, vector in points if moves <= most}, {})
        if expected is not None:
            assert values(answer) == expected
            assert answer.moves <= most
        elif points:
            assert answer.proposal.status == "infeasible"
            assert answer.proposal.conflicts == ("moves",)
        else:
            assert answer.proposal.status == "infeasible"
            assert "moves" not in answer.proposal.conflicts


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(4))
def test_with_enough_moves_the_levels_are_those_of_the_plain_policy(seed: int, policy: str) -> None:
    """The plain policy but for what is kept, which comes after all others."""
    base, question = base_of(seed, 6, 3, policy), randomly(seed, 6, 3, policy)
    answer = asked(base, question, 6)
    organisation = answer.carried.organisation
    levels = tuple(
        level.model_copy(
            update={"goals": {g: w for g, w in level.goals.items() if g not in KEEP_GOALS}}
        )
        for level in base.policy.levels
    )
    plain = propose(organisation, base.policy.model_copy(update={"levels": levels}), workers=1)
    assert answer.proposal.status == plain.status
    assert [x.best for x in answer.proposal.levels[:-1]] == [x.best for x in plain.levels]
    if answer.proposal.levels:
        assert answer.proposal.levels[-1].level == "keep"


TWO_TEAMS: Row = {
    "name": "two teams",
    "horizon": {"start": "2020-01-01", "end": "2020-01-31"},
    "skills": [{"id": "s1"}],
    "teams": [{"id": t, "size": {"min": 0, "max": 4}, "lead": False} for t in "AB"],
    "employees": [
        {"id": e, "skills": {}, "needs_substitute": False, "interest": {"A": 2, "B": 0}}
        for e in ("E1", "E2", "E3")
    ],
}
"""Three people who all want to be in A, and are."""


def pinned_to_b(*people: str) -> list[Row]:
    rows = [{"id": f"to-{e}", "kind": "pin", "employee": e, "team": "B"} for e in people]
    return [{"kind": "rule", "rule": row} for row in rows]


@pytest.mark.parametrize("most", [0, 1, 2, 3, 1000])
def test_fewer_moves_than_rules_demand_are_a_conflict_of_moves(most: int) -> None:
    """Two rules move two people."""
    answer = asked(accepted(TWO_TEAMS, Policy()), scenario(10, *pinned_to_b("E1", "E2")), most)
    if most < 2:
        assert answer.proposal.status == "infeasible"
        assert answer.proposal.conflicts == ("moves",)
    else:
        assert answer.proposal.status == "optimal"
        assert answer.moves == 2


def test_rules_that_cannot_hold_are_no_conflict_of_moves() -> None:
    apart = {"id": "apart", "kind": "apart", "employees": ["E1", "E2"]}
    events = [*pinned_to_b("E1", "E2"), {"kind": "rule", "rule": apart}]
    for most in (None, 0, 5):
        answer = asked(accepted(TWO_TEAMS, Policy()), scenario(10, *events), most)
        assert answer.proposal.status == "infeasible"
        assert set(answer.proposal.conflicts) == {"to-E1", "to-E2", "apart"}


def test_whoever_is_back_in_another_team_has_moved() -> None:
    """E3 left A on day 5 and comes back; a rule wants E3 in B. E4 is new and was in no team."""
    data = TWO_TEAMS | {
        "employees": [
            *TWO_TEAMS["employees"][:2],
            TWO_TEAMS["employees"][2]
            | {"leaves": {"date": "2020-01-06", "reason": "other", "source": "stated"}},
        ]
    }
    events = [
        {"kind": "stays", "employee": "E3"},
        {"kind": "joins", "employee": {"id": "E4", "skills": {}, "needs_substitute": False}},
        *pinned_to_b("E3", "E4"),
    ]
    answer = asked(accepted(data, Policy()), scenario(10, *events))
    assert answer.moves == 1
    assert answer.difference is not None
    assert answer.difference.moved == ()
    assert [(x.employee, x.team) for x in answer.difference.came] == [("E3", "B"), ("E4", "B")]
    assert asked(accepted(data, Policy()), scenario(10, *events), 0).proposal.conflicts == (
        "moves",
    )


def test_the_fewest_changes_may_cost_wishes_that_more_moves_would_grant() -> None:
    """E1 is moved to B by a rule; gone, it may go back: a wish of 3 * 3 for one person moved."""
    data = TWO_TEAMS | {"rules": [{"id": "r1", "kind": "pin", "employee": "E1", "team": "B"}]}
    drop = {"kind": "drop_rule", "id": "r1"}
    base = accepted(data, Policy())
    people = []
    for most in (None, 0, 1):
        answer = asked(base, scenario(10, drop), most)
        level = next(x for x in answer.proposal.levels if x.level == "people")
        people.append((answer.moves, level.value))
    assert people == [(0, 9), (0, 9), (1, 0)]


def test_a_leader_changes_where_a_rule_says_so() -> None:
    """Of two who are as willing the second is to lead: one lead changed, of weight 2."""
    led = {"id": "A", "size": {"min": 0, "max": 4}}
    base = accepted(TWO_TEAMS | {"teams": [led, TWO_TEAMS["teams"][1]]}, Policy())
    (leader,) = [lead.employee for lead in base.plan.leads]
    other = next(e for e in ("E1", "E2") if e != leader)
    rule = {"id": "new", "kind": "pin_lead", "team": "A", "employee": other}
    answer = asked(base, scenario(10, {"kind": "rule", "rule": rule}))
    assert keep_of(answer).value == 2
    assert answer.difference is not None
    assert [x.model_dump() for x in answer.difference.leads] == [
        {"team": "A", "before": leader, "after": other}
    ]


# The trade between moves and the rest

EXACT = Policy(
    levels=tuple(x.model_copy(update={"tolerance_per_person": 0}) for x in Policy().levels)
)
"""The default policy without tolerance."""


def rest(answer: WhatIf) -> list[int]:
    return [x.value or 0 for x in answer.proposal.levels if x.level != "keep"]


def points_of(base: Base, question: Scenario) -> list[WhatIf]:
    points = list(frontier(base, question, workers=1))
    for point in points:
        assert point.proposal.status == "optimal"
        check(point)
    return points


TRADES = [(policy, seed) for policy in ("default", "joint") for seed in range(20, 26)]


@cache
def trade(policy: str, seed: int) -> list[WhatIf]:
    return points_of(base_of(seed, 6, 3, policy), randomly(seed, 6, 3, policy))


@pytest.mark.parametrize(("policy", "seed"), TRADES)
def test_every_point_allows_more_and_is_better_somewhere(policy: str, seed: int) -> None:
    base, question = base_of(seed, 6, 3, policy), randomly(seed, 6, 3, policy)
    free = asked(base, question, 1000)
    points = trade(policy, seed)
    if free.proposal.status == "infeasible":
        assert points == []
        return
    assert rest(points[-1]) == rest(free)
    for point, following in pairwise(points):
        assert point.allow_moves is not None
        assert following.allow_moves is not None
        assert point.allow_moves < following.allow_moves
        assert any(x < y for x, y in zip(rest(following), rest(point), strict=True))


@pytest.mark.parametrize("seed", range(20, 25))
def test_without_tolerance_moves_rise_and_levels_fall_in_their_order(seed: int) -> None:
    base = base_of(seed, 6, 3)
    base = accepted(base.organisation.to_dict(), EXACT)
    question = randomly(seed, 6, 3)
    points = points_of(base, question)
    for point, following in pairwise(points):
        assert point.moves < following.moves == following.allow_moves
        assert rest(following) < rest(point)
    for point in points:
        assert point.allow_moves is not None
        assert rest(asked(base, question, point.allow_moves)) == rest(point)


def test_there_are_trades_of_several_points() -> None:
    assert Counter(len(trade(*case)) > 1 for case in TRADES)[True] >= 5


def test_a_trade_by_hand() -> None:
    """E1 is back in A, or E2 too: 3 * 3 less for each, until both are where they want to be."""
    data = TWO_TEAMS | {"rules": [row["rule"] for row in pinned_to_b("E1", "E2")]}
    drop = [{"kind": "drop_rule", "id": f"to-{e}"} for e in ("E1", "E2")]
    points = points_of(accepted(data, Policy()), scenario(10, *drop))
    people = [next(x.value for x in p.proposal.levels if x.level == "people") for p in points]
    assert [(p.allow_moves, p.moves) for p in points] == [(0, 0), (1, 1), (2, 2)]
    assert people == [18, 9, 0]


def test_a_number_of_moves_that_improves_nothing_is_left_out() -> None:
    """E1 and E2 stay together: one of them alone may not go back."""
    both = {"id": "both", "kind": "together", "employees": ["E1", "E2"]}
    data = TWO_TEAMS | {"rules": [both, *(row["rule"] for row in pinned_to_b("E1", "E2"))]}
    drop = [{"kind": "drop_rule", "id": f"to-{e}"} for e in ("E1", "E2")]
    points = points_of(accepted(data, Policy()), scenario(10, *drop))
    assert [(p.allow_moves, p.moves) for p in points] == [(0, 0), (2, 2)]


def test_a_trade_begins_with_the_moves_that_rules_demand() -> None:
    points = points_of(accepted(TWO_TEAMS, Policy()), scenario(10, *pinned_to_b("E1", "E2")))
    assert [(p.allow_moves, p.moves) for p in points] == [(2, 2)]


def test_what_cannot_be_has_no_trade_and_says_why() -> None:
    forbidden = [{"id": f"not-{t}", "kind": "forbid", "employee": "E1", "team": t} for t in "AB"]
    events = [{"kind": "rule", "rule": row} for row in forbidden]
    (only,) = frontier(accepted(TWO_TEAMS, Policy()), scenario(10, *events), workers=1)
    assert (only.proposal.status, only.difference) == ("infeasible", None)
    assert only.proposal.conflicts == ("not-A", "not-B")


# What is wrong, and what is stopped


def test_a_scenario_with_errors_is_refused_with_all_of_them() -> None:
    events = [{"kind": "stays", "employee": "E9"}, {"kind": "drop_rule", "id": "r9"}]
    base = accepted(TWO_TEAMS, Policy())
    with pytest.raises(InputError) as caught:
        what_if(base, scenario(10, *events), workers=1)
    assert [x.place for x in caught.value.issues] == ["events[0].employee", "events[1].id"]
    with pytest.raises(InputError):
        list(frontier(base, scenario(10, *events), workers=1))


def test_stopped_before_it_begins_nothing_is_known() -> None:
    stop = threading.Event()
    stop.set()
    answer = what_if(accepted(TWO_TEAMS, Policy()), scenario(10), workers=1, stop=stop)
    assert answer.proposal.status == "unknown"
    assert (answer.difference, answer.moves) == (None, 0)


@pytest.mark.parametrize("seed", range(5))
def test_a_what_if_is_a_base_like_any_other(seed: int) -> None:
    """Nothing has happened since: nothing changes."""
    base, question = base_of(seed), randomly(seed)
    first = asked(base, question)
    assert first.proposal.status == "optimal"
    accepted_again = Base(first.carried.organisation, base.policy, first.proposal.plan)
    again = asked(accepted_again, Scenario(effective=question.effective))
    assert broken_by_before(again) == set()
    assert keep_of(again).value == 0
    assert again.difference is not None
    assert (again.difference.moved, again.difference.tasks) == ((), ())
