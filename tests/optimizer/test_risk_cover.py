"""Coverage, robustness, breaking sets, key people, single points: against brute force."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest

from models.days import as_date
from models.facts import Facts
from models.goals import backup_shortage
from models.organisation import Absence, Organisation
from models.plan_index import PlanIndex
from models.policy import Policy
from models.proposal import Plan
from optimizer.risk import risk_of
from optimizer.risk.cover import Cover
from tests.optimizer.risk_by_hand import (
    Case,
    Wanted,
    all_days,
    case,
    is_required,
    ready,
    sets,
    team_of,
    there,
    wanted,
)

SEEDS = range(40)
CASES = pytest.mark.parametrize("with_plan", [False, True], ids=["today", "proposal"])


def covers(one: Case) -> list[tuple[Wanted, Cover]]:
    found = risk_of(*one).cover
    wants = list(wanted(one))
    assert [(c.of.task, c.of.team, c.of.skill, c.of.level) for c in found] == [w[:4] for w in wants]
    assert [(c.least, c.wanted) for c in found] == [(w.least, w.wanted) for w in wants]
    return list(zip(wants, found, strict=True))


@CASES
@pytest.mark.parametrize("seed", SEEDS)
def test_people_are_counted_day_by_day(seed: int, with_plan: bool) -> None:
    one = case(seed, with_plan)
    for want, cover in covers(one):
        counted = {
            day: (step.there, step.ready)
            for step in cover.steps
            for day in range(step.start.toordinal(), step.end.toordinal())
        }
        required = [d for d in all_days(one.facts) if is_required(one, want, d)]
        assert counted == {
            d: (len(there(one, want, d)), len(ready(one, want, d))) for d in required
        }
        for least, first, days in (
            (1, cover.first_below_one, cover.days_below_one),
            (want.wanted, cover.first_below_wanted, cover.days_below_wanted),
        ):
            below = [d for d in required if len(there(one, want, d)) < least]
            assert (first, days) == (as_date(below[0]) if below else None, len(below))


def largest_k(one: Case, want: Wanted, days: list[int], only_ready: bool) -> int | None:
    """Remove every k people: the largest k after which there are always enough."""
    count = ready if only_ready else there
    found = None
    people = list(one.facts.employees)
    for k in range(len(people) + 1):
        holds = all(
            len(count(one, want, d, frozenset(gone))) >= want.least
            for gone in combinations(people, k)
            for d in days
        )
        if not holds:
            return found
        found = k
    return found


@CASES
@pytest.mark.parametrize("seed", SEEDS)
def test_robustness_is_the_most_people_of_whom_any_may_leave(seed: int, with_plan: bool) -> None:
    one = case(seed, with_plan)
    for want, cover in covers(one):
        days = [d for d in all_days(one.facts) if is_required(one, want, d)]
        for only_ready, told in ((False, cover.robustness), (True, cover.robustness_ready)):
            assert told.now == largest_k(one, want, days[:1], only_ready)
            assert told.worst == largest_k(one, want, days, only_ready)
            count = ready if only_ready else there
            numbers = [len(count(one, want, d)) for d in days]
            assert told.worst_day == as_date(days[numbers.index(min(numbers))])


@CASES
@pytest.mark.parametrize("seed", SEEDS)
def test_breaking_sets_are_exact_for_up_to_three_people(seed: int, with_plan: bool) -> None:
    one = case(seed, with_plan)
    for want, cover in covers(one):
        days = [d for d in all_days(one.facts) if is_required(one, want, d)]
        holding = [d for d in days if len(there(one, want, d)) >= want.least]
        breaking = set()
        for gone in sets(list(one.facts.employees), 3):
            breaks = any(len(there(one, want, d, gone)) < want.least for d in holding)
            told = any(len(gone & set(b.among)) >= b.size for b in cover.breaking)
            assert told == breaks, (want, gone)
            if breaks:
                breaking.add(gone)
        sizes = [b.size for b in cover.breaking]
        assert sizes == sorted(sizes)
        assert all(1 <= size <= 3 for size in sizes)
        smallest = 0 if len(holding) < len(days) else min(map(len, breaking), default=None)
        assert cover.smallest == smallest
        for b in cover.breaking:
            exact = [d for d in days if there(one, want, d) == set(b.among)]
            assert (as_date(exact[0]), len(exact)) == (b.first_day, b.days)
            minimal = [s for s in breaking if not any(other < s for other in breaking)]
            assert any(len(s) == b.size and s <= set(b.among) for s in minimal)


def without(organisation: Organisation, gone: tuple[str, ...]) -> Organisation:
    """The same, with some people away all the time, and no task in need of backups."""
    horizon = organisation.horizon
    always = (Absence(start=horizon.start, end=horizon.end),)
    return organisation.model_copy(
        update={
            "employees": tuple(
                e.model_copy(update={"absences": always}) if e.id in gone else e
                for e in organisation.employees
            ),
            "tasks": tuple(q.model_copy(update={"backups": 0}) for q in organisation.tasks),
        }
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_evaluation_agrees_that_any_k_may_leave_and_that_some_k_and_one_may_not(
    seed: int,
) -> None:
    one = case(seed, with_plan=True)
    facts, plan = one
    assert plan is not None
    for cover in risk_of(facts, plan).cover:
        task = cover.of.task
        if task is None or cover.of.team is None or cover.robustness.worst is None:
            continue
        holder = facts.current_holder(task)
        if holder is not None and team_of(one, holder) != cover.of.team:
            continue  # Counts until the handover; for the evaluation only members are backups.
        k = cover.robustness.worst
        short = {
            size: [bool(_short(facts, plan, task, gone)) for gone in _sets_of(facts, size)]
            for size in (k, k + 1)
        }
        assert not any(short[k])
        assert any(short[k + 1])


def _sets_of(facts: Facts, size: int) -> list[tuple[str, ...]]:
    return list(combinations(facts.employees, size))


def _short(facts: Facts, plan: Plan, task: str, gone: tuple[str, ...]) -> int:
    changed = Facts(without(facts.organisation, gone), Policy())
    index = PlanIndex(changed, plan)
    return sum(m.amount for m in backup_shortage(index) if m.task == task)


@CASES
@pytest.mark.parametrize("seed", SEEDS)
def test_what_breaks_without_somebody_is_what_holds_with_them(seed: int, with_plan: bool) -> None:
    one = case(seed, with_plan)
    told = {
        (p.employee, x.of.task, x.of.team, x.of.skill, x.of.level, x.how): (x.first_day, x.days)
        for p in risk_of(*one).key_people
        for x in p.losses
    }
    by_hand: dict[tuple[object, ...], list[int]] = {}
    for want in wanted(one):
        for day in all_days(one.facts):
            for e in one.facts.employees if is_required(one, want, day) else ():
                before = wrong(one, want, day)
                new = [how for how in wrong(one, want, day, frozenset([e])) if how not in before]
                if new:
                    by_hand.setdefault((e, *want[:4], new[0]), []).append(day)
    assert told == {key: (as_date(days[0]), len(days)) for key, days in by_hand.items()}


def wrong(one: Case, want: Wanted, day: int, gone: frozenset[str] = frozenset()) -> list[str]:
    """What is wrong on a day, the worst first."""
    people = there(one, want, day, gone)
    found = {
        "nobody": not people,
        "unready": not ready(one, want, day, gone),
        "short": len(people) < want.wanted,
    }
    return [how for how, is_so in found.items() if is_so]


@CASES
@pytest.mark.parametrize("seed", SEEDS)
def test_key_people_are_ranked_by_what_breaks(seed: int, with_plan: bool) -> None:
    one = case(seed, with_plan)
    people = risk_of(*one).key_people
    assert sorted(p.employee for p in people) == sorted(one.facts.employees)
    ranks = []
    for p in people:
        days: Counter[str] = Counter()
        for x in p.losses:
            kind = "skill" if x.of.task is None else "short" if x.how == "short" else x.of.kind
            days[str(kind)] += x.days
        others = days["ordinary"] + days["special"] + days["expert"]
        told = (p.authority_days, p.other_days, p.skill_days, p.short_days)
        assert told == (days["authority"], others, days["skill"], days["short"])
        assert p.is_key == any(told[:3])
        ranks.append(told)
    assert ranks == sorted(ranks, reverse=True)


@CASES
@pytest.mark.parametrize("seed", SEEDS)
def test_single_points_of_failure_are_those_without_whom_nobody_is_there(
    seed: int, with_plan: bool
) -> None:
    one = case(seed, with_plan)
    start, end = one.facts.horizon
    told = risk_of(*one).single_points
    assert [p.day for p in told] == [as_date(start), as_date(end - 1)]
    for points in told:
        day = points.day.toordinal()
        by_hand: dict[str, tuple[list[str], list[tuple[object, ...]]]] = {}
        for want in wanted(one):
            people = there(one, want, day) if is_required(one, want, day) else set()
            if len(people) == 1:
                tasks, skills = by_hand.setdefault(people.pop(), ([], []))
                if want.task is not None:
                    tasks.append(want.task)
                else:
                    skills.append(want[1:4])
        assert by_hand == {
            p.employee: (list(p.tasks), [(s.team, s.skill, s.level) for s in p.skills])
            for p in points.people
        }


def test_the_cases_are_of_every_kind() -> None:
    """So that the tests above cannot agree about nothing."""
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        for with_plan in (False, True):
            one = case(seed, with_plan)
            risk = risk_of(*one)
            for c in risk.cover:
                seen[f"smallest {c.smallest}"] += 1
                seen[f"least {min(c.least, 2)}"] += 1
                seen["task" if c.of.task else "skill of a team" if c.of.team else "skill"] += 1
                holder = one.facts.current_holder(c.of.task) if c.of.task else None
                if one.plan and holder and team_of(one, holder) != c.of.team:
                    seen["holder elsewhere"] += 1
            seen.update(x.how for p in risk.key_people for x in p.losses)
            seen.update("single point" for day in risk.single_points for _ in day.people)
    kinds = ["task", "skill", "skill of a team", "holder elsewhere", "single point"]
    kinds += ["nobody", "unready", "short", "least 1", "least 2"]
    kinds += [f"smallest {size}" for size in (0, 1, 2, 3, None)]
    assert {kind: seen[kind] for kind in kinds if seen[kind] < 5} == {}
