"""Plans as good: against brute force over all plans, and on a few people."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest

from models.carrying import keeping
from models.evaluation import evaluate_facts
from models.proposal import Plan
from models.reading import organisation_from, policy_from, scenario_from
from optimizer import alternatives as module
from optimizer import propose
from optimizer.alternatives import Alternatives, alternatives
from optimizer.cpsat import Answer, Limits
from optimizer.program import Sum
from optimizer.solved import Solved
from optimizer.what_if import Base, what_if
from tests import wishes
from tests.brute_force import Vector, plans
from tests.organisations import random_organisation
from tests.scenarios import random_scenario
from tests.small import organisation, person, policy, team
from tests.wishes import is_within, limits, solved, values

SEEDS = range(32)
"""From 20 on under a policy that leaves much open."""

MANY = 100

FEW_GOALS = policy(
    levels=[
        {"name": "statutory", "goals": {"authority_gap": 1}},
        {"name": "wishes", "goals": {"interest": 1}, "tolerance_per_person": 1},
        {"name": "sites", "goals": {"site_change": 1}},
    ]
)

Teams = tuple[str, ...]
"""The team of everybody, in input order."""


@cache
def base_of(seed: int) -> Solved:
    if seed < 20:
        return wishes.base_of(seed)
    data = organisation_from(random_organisation(seed, people=4, tasks=1), FEW_GOALS)
    proposal = propose(data, FEW_GOALS, workers=1)
    # Where there is no valid plan, that of another seed will do.
    return Solved(data, FEW_GOALS, proposal) if proposal.levels else base_of(seed + 1000)


@cache
def costs(seed: int) -> dict[Teams, Counter[Vector]]:
    """What plans cost, and how many cost so, by who is where."""
    return {tuple(team_of.values()): found for team_of, found in plans(base_of(seed).facts)}


def as_good(seed: int, most: list[int]) -> dict[Teams, int]:
    """How many valid plans cost no more at any level, by who is where."""
    found = {
        teams: sum(n for vector, n in vectors.items() if is_within(vector, most))
        for teams, vectors in costs(seed).items()
    }
    return {teams: n for teams, n in found.items() if n}


def teams_of(plan: Plan) -> Teams:
    return tuple(placed.team for placed in plan.placements)


def distance(one: Teams, other: Teams) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def nearest(one: Teams, others: Sequence[Teams]) -> int:
    return min(distance(one, other) for other in others)


def check(
    base: Solved, found: Alternatives, good: dict[Teams, int], most: list[int], asked: int
) -> None:
    """Each is valid, costs no more, and is as far as any can be; and none is left at the end."""
    shown = [teams_of(base.proposal.plan)]
    for one in found.found:
        evaluation = evaluate_facts(base.facts, one.proposal.plan)
        assert evaluation.is_valid
        cost = tuple(evaluation.value(level) for level in base.policy.levels)
        assert is_within(cost, most)
        assert [level.value for level in one.proposal.levels] == list(cost)
        told = {goal.goal: goal.cost for x in one.proposal.levels for goal in x.goals}
        assert told == evaluation.costs
        assert one.proposal.gaps == evaluation.gaps
        here = teams_of(one.proposal.plan)
        assert one.distance == nearest(here, shown) >= asked
        assert one.distance == max(nearest(teams, shown) for teams in good)
        assert one.is_farthest
        assert len(one.difference.moved) == distance(here, shown[0])
        shown.append(here)
    assert found.end == "no_more"
    assert max(nearest(teams, shown) for teams in good) < asked


@pytest.mark.parametrize("seed", SEEDS)
def test_all_plans_as_good_are_found_the_farthest_first(seed: int) -> None:
    base = base_of(seed)
    good = as_good(seed, values(base))
    found = alternatives(base, limits(), count=MANY)
    check(base, found, good, values(base), 1)
    assert {teams_of(one.proposal.plan) for one in found.found} | {
        teams_of(base.proposal.plan)
    } == good.keys()


@pytest.mark.parametrize("seed", SEEDS)
def test_that_a_plan_is_unique_is_said_only_where_it_is_so(seed: int) -> None:
    base = base_of(seed)
    good = as_good(seed, values(base))
    found = alternatives(base, limits())
    expected = None
    if len(good) == 1:
        expected = "plan" if sum(good.values()) == 1 else "placements"
    assert found.unique == expected


def test_some_are_unique_some_in_their_placements_alone_and_some_not() -> None:
    found = Counter(alternatives(base_of(seed), limits()).unique for seed in SEEDS)
    assert min(found[unique] for unique in ("plan", "placements", None)) >= 5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_loss_is_allowed_at_its_level_alone(seed: int) -> None:
    base = base_of(seed)
    rng = random.Random(seed)
    at = rng.randrange(len(base.policy.levels))
    loss, asked = rng.choice([1, 3, 10, 100]), rng.choice([1, 2])
    most = values(base)
    most[at] += loss
    level = base.policy.levels[at].name
    found = alternatives(base, limits(), count=MANY, distance=asked, level=level, loss=loss)
    check(base, found, as_good(seed, most), most, asked)
    assert found.unique is None
    assert {one.proposal.status for one in found.found} <= {"feasible"}


def test_losses_make_room_somewhere() -> None:
    more = 0
    for seed in SEEDS:
        base = base_of(seed)
        last = base.policy.levels[-1].name
        found = alternatives(base, limits(), count=1, level=last, loss=20)
        more += bool(found.found) and not alternatives(base, limits(), count=1).found
    assert more >= 5


@pytest.mark.parametrize("seed", range(0, 32, 3))
def test_without_a_loss_an_alternative_is_as_proven_as_the_proposal(seed: int) -> None:
    base = base_of(seed)
    for one in alternatives(base, limits()).found:
        assert one.proposal.status == base.proposal.status == "optimal"
        assert [x.value for x in one.proposal.levels] == values(base)


@pytest.mark.parametrize("seed", range(12))
def test_a_what_if_has_alternatives_as_a_proposal_has(seed: int) -> None:
    first = base_of(seed)
    data = first.organisation.to_dict()
    answer = what_if(
        Base(first.organisation, first.policy, first.proposal.plan),
        scenario_from(random_scenario(seed, data)),
        workers=1,
    )
    carried = answer.carried
    base = Solved(carried.organisation, keeping(first.policy), answer.proposal, carried.held)
    good = {
        tuple(team_of.values())
        for team_of, found in plans(base.facts)
        if any(is_within(vector, values(base)) for vector in found)
    }
    found = alternatives(base, limits(), count=MANY)
    check(base, found, dict.fromkeys(good, 1), values(base), 1)
    assert all(one.proposal.status == "optimal" for one in found.found)


# On a few people


def three(**fields: Any) -> Solved:
    """a, b and c, alike in everything; A takes two of them, B one. Three plans are as good."""
    data = organisation(
        teams=[team("A", size={"min": 2, "max": 2}), team("B", size={"min": 1, "max": 1})],
        employees=[person(e) for e in "abc"],
        **fields,
    )
    return solved(data)


def test_no_more_are_looked_for_than_were_asked_for() -> None:
    found = alternatives(three(), limits(), count=1)
    assert (len(found.found), found.end, found.unique) == (1, "count", None)
    found = alternatives(three(), limits())
    assert (len(found.found), found.end, found.unique) == (2, "no_more", None)
    # Who is in B changes: two people are elsewhere each time.
    assert [one.distance for one in found.found] == [2, 2]


def test_nobody_is_placed_differently_where_more_are_asked_for_than_can_be() -> None:
    found = alternatives(three(), limits(), distance=3)
    assert (found.found, found.end, found.unique) == ((), "no_more", None)


def test_a_plan_that_rules_settle_is_unique() -> None:
    rule = {"id": "r", "kind": "pin", "employee": "a", "team": "B"}
    assert alternatives(three(rules=[rule]), limits()).unique == "plan"


def test_another_leader_is_another_plan_though_nobody_moves() -> None:
    """Under a policy that does not ask who leads, either of two may."""
    data = organisation(teams=[team("A", lead=True)])
    no_matter = policy_from({"levels": [{"name": "wishes", "goals": {"interest": 1}}]})
    assert alternatives(solved(data, no_matter), limits()).unique == "placements"
    grades = [person("a", lead_interest={"A": 3}), person("b")]
    assert alternatives(solved(data | {"employees": grades}), limits()).unique == "plan"


def test_another_substitute_is_another_plan_also_where_no_level_asks_for_pairs() -> None:
    """b may substitute a or not; nothing else is open."""
    no_pairs = policy(levels=[{"name": "wishes", "goals": {"interest": 1}}])
    people = [
        person("a", skills={"s": 2}, needs_substitute=True, eligible_teams=["A"]),
        person("b", skills={"s": 2}, eligible_teams=["A"]),
    ]
    base = solved(organisation(employees=people), no_pairs)
    assert alternatives(base, limits()).unique == "placements"
    # Where it costs to have none, b does.
    assert alternatives(solved(organisation(employees=people)), limits()).unique == "plan"


# Without time


def test_without_time_nothing_is_claimed() -> None:
    found = alternatives(three(), Limits.for_seconds(0, workers=1))
    assert (found.found, found.end, found.unique) == ((), "time", None)


@pytest.mark.parametrize("nothing", [True, False])
def test_a_share_without_a_plan_is_not_the_end(
    nothing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left of the time goes on to the search that found none in its share of it."""
    real, given = module.minimise, limits()

    def slow(program: Any, objective: Any, within: Limits, *rest: Any) -> Answer:
        if objective.terms and within.deadline < given.deadline:
            # Either nothing, or the plan that it was told of, which is no other one.
            if nothing:
                return Answer("unknown", None, None, None)
            answer = real(program, Sum([], 3), within, *rest)
            return Answer("feasible", answer.values, 3, 0)
        return real(program, objective, within, *rest)

    monkeypatch.setattr(module, "minimise", slow)
    found = alternatives(three(), given, count=2)
    assert len(found.found) == 2


def test_a_plan_that_is_not_proven_farthest_is_not_called_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stopped = threading.Event()
    real = module.minimise

    def unproven(*args: Any, **options: Any) -> Answer:
        """As if the time ended right after the first plan."""
        if stopped.is_set():
            return Answer("unknown", None, None, None)
        answer = real(*args, **options)
        if args[1].terms:
            stopped.set()
            return Answer("feasible", answer.values, answer.best, 0)
        return answer

    monkeypatch.setattr(module, "minimise", unproven)
    found = alternatives(three(), limits())
    assert [one.is_farthest for one in found.found] == [False]
    assert (found.end, found.unique) == ("time", None)


def test_that_nothing_is_left_is_not_claimed_without_proof(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The only plan is not called so where the search for a farther one did not end."""
    base = three(rules=[{"id": "r", "kind": "pin", "employee": "a", "team": "B"}])
    real = module.minimise

    def unproven(*args: Any, **options: Any) -> Answer:
        answer = real(*args, **options)
        return Answer("feasible", answer.values, answer.best, 0) if args[1].terms else answer

    monkeypatch.setattr(module, "minimise", unproven)
    found = alternatives(base, limits())
    assert (found.found, found.end, found.unique) == ((), "time", None)


def test_that_the_whole_plan_is_the_only_one_is_not_claimed_without_proof(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_only_plan", lambda model, base, limits: False)
    base = three(rules=[{"id": "r", "kind": "pin", "employee": "a", "team": "B"}])
    assert alternatives(base, limits()).unique == "placements"
