"""Random wishes on tiny organisations, and what plans grant them: for tests of `optimizer.why`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from models.facts import Facts
from models.plan_index import PlanIndex
from models.policy import Policy
from models.proposal import Plan
from models.reading import organisation_from, policy_from
from optimizer import propose
from optimizer.cpsat import Limits
from optimizer.solved import Solved
from optimizer.why import Why, Wish, why
from tests.brute_force import Vector, Wanted, plans
from tests.organisations import JOINT_POLICY, OTHER_ORDER, random_organisation
from tests.small import organisation, person, team

TWO_TOLERANCES: dict[str, Any] = {
    "levels": [
        {"name": "gaps", "tolerance_per_person": 1, "goals": {"authority_gap": 1, "task_gap": 1}},
        {
            "name": "shortages",
            "tolerance_per_person": 2,
            "goals": {"skill_shortage": 3, "backup_shortage": 2, "size_shortage": 1},
        },
        {"name": "wishes", "goals": {"interest": 3, "lead_fit": 3, "colleague_wishes": 2}},
        {
            "name": "rest",
            "goals": {
                "team_changes": 3,
                "lead_changes": 2,
                "site_change": 2,
                "handovers": 1,
                "no_substitute": 20,
                "substitute_fit": 1,
            },
        },
    ]
}
"""Two levels that are taken back, one after the other."""

POLICIES = (
    Policy(),
    policy_from(JOINT_POLICY),
    policy_from(OTHER_ORDER),
    policy_from(TWO_TOLERANCES),
)

PARTS = {
    "team": "placements",
    "holder": "holders",
    "substitute": "substitutes",
    "leader": "leads",
}
"""The part of a plan that each kind of wish is about."""


class Asked(NamedTuple):
    """A wish, its answer, and what every plan that grants it costs."""

    wish: Wish
    answer: Why
    points: frozenset[Vector]


def limits() -> Limits:
    return Limits.for_seconds(120, workers=1)


def values(base: Solved) -> list[int]:
    """What the proposal's levels cost."""
    return [level.value or 0 for level in base.proposal.levels]


def allowed(base: Solved) -> dict[str, int]:
    """What the proposal's levels may cost."""
    return {level.level: level.allowed or 0 for level in base.proposal.levels}


def solved(data: dict[str, Any], policy: Policy | None = None) -> Solved:
    """An organisation with its proposal, proven."""
    policy = policy or Policy()
    read = organisation_from(data, policy)
    proposal = propose(read, policy, workers=1)
    assert proposal.status == "optimal"
    return Solved(read, policy, proposal)


def crowded(least: int = 0, most: int = 1) -> tuple[Solved, Wish]:
    """Both a and b want to be in B, where there is room for one; a wants it more. The wish is b's.

    Wishes cost 3 a point: in A, a would cost 9 and b 3. So b is in A, and with the wish forced
    the level `people` costs 9 instead of 3.

    Args:
        least: how many A needs.
        most: how many B takes.
    """
    data = organisation(
        teams=[team("A", size={"min": least, "max": 9}), team("B", size={"min": 0, "max": most})],
        employees=[
            person("a", interest={"A": 0, "B": 2}),
            person("b", interest={"A": 1, "B": 2}),
        ],
    )
    return solved(data), Wish("team", "b", "B")


@cache
def base_of(seed: int) -> Solved:
    """A proposal for four people in two teams with one task or two.

    Where the organisation of the seed has no valid plan, it is that of a seed far behind it.
    """
    policy = POLICIES[seed % len(POLICIES)]
    for number in range(seed, seed + 100_000, 1000):
        data = random_organisation(number, people=4, tasks=1 + seed % 2)
        read = organisation_from(data, policy)
        proposal = propose(read, policy, workers=1)
        if proposal.status == "optimal":
            return Solved(read, policy, proposal)
    raise AssertionError("no seed gives an organisation with a plan")


@cache
def asked(seed: int) -> tuple[Asked, ...]:
    """A wish of each kind, answered, on the organisation of a seed."""
    base = base_of(seed)
    wishes = random_wishes(seed, base.facts)
    return tuple(Asked(w, why(base, w, limits()), costs_with(base.facts, w)) for w in wishes)


def random_wishes(seed: int, facts: Facts) -> Iterator[Wish]:
    """One of each kind, where there is anything to wish for."""
    rng = random.Random(seed)
    people = list(facts.employees)
    served = [e for e, employee in facts.employees.items() if employee.needs_substitute]
    led = [t for t, team in facts.teams.items() if team.lead]
    yield Wish("team", rng.choice(people), rng.choice(list(facts.teams)))
    if facts.tasks:
        task = rng.choice(list(facts.tasks))
        able = facts.qualified(task)
        yield Wish("holder", rng.choice(able if able and rng.random() < 0.8 else people), task)
    if served:
        principal = rng.choice(served)
        others = [e for e in people if e != principal]
        if others:
            yield Wish("substitute", rng.choice(others), principal)
    if led:
        yield Wish("leader", rng.choice(people), rng.choice(led))


def costs_with(facts: Facts, wish: Wish) -> frozenset[Vector]:
    """What every valid plan that grants the wish costs, level by level."""
    return frozenset(v for _, found in plans(facts, wanted(facts, wish)) for v in found)


def wanted(facts: Facts, wish: Wish) -> Wanted:
    """The plans that grant a wish."""

    def granted(plan: Plan) -> bool:
        index = PlanIndex(facts, plan)
        match wish.kind:
            case "team":
                return index.team_of.get(wish.employee) == wish.of
            case "leader":
                return wish.employee in index.leaders[wish.of]
            case "substitute":
                return index.substitute_of.get(wish.of) == wish.employee
        return any(tenure.employee == wish.employee for tenure in index.chains[wish.of])

    return Wanted(PARTS[wish.kind], granted)


def is_within(one: Vector, most: list[int]) -> bool:
    """Whether no level costs more."""
    return all(a <= b for a, b in zip(one, most, strict=True))
