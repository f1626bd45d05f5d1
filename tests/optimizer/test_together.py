"""Levels minimised as one sum: the same optima as one after the other, and sound bounds."""

from __future__ import annotations

import random
import time
from itertools import pairwise, product
from typing import Any

import pytest

import optimizer.large
import optimizer.levels
import optimizer.schedule
from models.facts import Facts
from models.policy import GOAL_NAMES, Level, Policy
from models.proposal import LevelResult
from models.reading import organisation_from, policy_from
from optimizer import Progress, propose
from optimizer.cpsat import Answer, Limits, SolverError
from optimizer.model import Model
from optimizer.program import ONE, Program, Sum
from optimizer.schedule import Schedule
from optimizer.together import LARGEST, Together
from optimizer.what_if import what_if
from tests.optimizer.test_what_if import base_of, randomly
from tests.organisations import JOINT_POLICY, random_organisation

LEVELS = tuple(Level(name=name, goals={"interest": 1}) for name in ("a", "b", "c"))


def together(*most: int) -> Together:
    """Levels that each weigh one variable, of 0 to so many."""
    program = Program()
    objectives = [Sum([(program.integer(highest), 1)]) for highest in most]
    return Together(program, LEVELS[: len(most)], objectives, time.monotonic())


def test_an_earlier_level_outweighs_all_later_ones() -> None:
    one = together(2, 3, 4)
    costs = list(product(range(3), range(4), range(5)))
    assert sorted(costs, key=one.weighted) == sorted(costs)
    assert one.objective.value([1, 1, 2, 3]) == one.weighted([1, 2, 3])


@pytest.mark.parametrize("seed", range(30))
def test_what_the_sum_costs_at_least_bounds_every_level(seed: int) -> None:
    """Of random sets of plans: no plan that is as good before costs less than a level's bound."""
    draw = random.Random(seed)
    one = together(3, 4, 5)
    plans = [tuple(draw.randint(0, most) for most in (3, 4, 5)) for _ in range(6)]
    least = min(map(one.weighted, plans))
    for bound in {least, least - 1, least - draw.randint(2, 40), 0, -7}:
        for found in plans:
            bounds = one.bounds(bound, found)
            for level in range(3):
                as_good = [
                    p
                    for p in plans
                    if all(x <= y for x, y in zip(p[:level], found[:level], strict=True))
                ]
                assert 0 <= bounds[level] <= min(plan[level] for plan in as_good)
    best = min(plans)
    assert one.bounds(least, best) == list(best)


def test_a_sum_has_as_many_levels_as_fit() -> None:
    assert len(together(10, 10, 10).levels) == 3
    assert len(together(10, 10, LARGEST).levels) == 2
    assert len(together(LARGEST, 10, 10).levels) == 1
    assert together(LARGEST, 1).objective.terms == {1: 1}


def test_the_level_told_of_is_the_first_one_not_proven() -> None:
    one = together(9, 9)
    assert one.now(None, 31) == (0, None, 3)
    assert one.now(45, -2) == (0, 4, 0)
    assert one.now(45, 31) == (0, 4, 3)
    assert one.now(45, 41) == (1, 5, 1)
    assert one.now(42, 42) == (1, 2, 2)
    # What was proven once stays so, and all of the time is somebody's.
    assert one.now(45, 31)[0] == 1
    first, second = one.seconds()
    assert first >= 0
    assert 0 <= first + second <= time.monotonic() - one.began


def test_the_most_a_sum_can_be_is_within_the_bounds_of_its_variables() -> None:
    program = Program()
    whole, fixed = program.integer(7), program.boolean()
    program.lower[fixed] = 1
    assert program.most(Sum([(whole, 3), (fixed, -2), (ONE, 5)])) == 3 * 7 - 2 + 5


# In a solve


def policy_of(seed: int) -> Policy:
    """Levels of some goals each, one of them with a tolerance."""
    draw = random.Random(seed)
    goals = list(GOAL_NAMES)
    draw.shuffle(goals)
    parts = [goals[i::4] for i in range(4)]
    gives = draw.randrange(4)
    return Policy(
        levels=tuple(
            Level(
                name=f"l{i}",
                goals={g: draw.randint(1, 3) for g in part},
                tolerance_per_person=int(i == gives),
            )
            for i, part in enumerate(parts)
        )
    )


@pytest.mark.parametrize("seed", range(20))
def test_levels_at_once_cost_what_they_cost_one_by_one(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, policy = organisation_from(random_organisation(seed, people=5)), policy_of(seed)
    made = sums(monkeypatch)
    at_once = propose(organisation, policy, workers=1)
    assert at_once.status == "infeasible" or any(len(names) > 1 for names in made)
    monkeypatch.setattr(optimizer.levels, "MOST_AT_ONCE", 0)
    one_by_one = propose(organisation, policy, workers=1)
    assert at_once.status == one_by_one.status
    told = [
        [(x.level, x.best, x.bound, x.allowed, x.value, x.status) for x in proposal.levels]
        for proposal in (at_once, one_by_one)
    ]
    assert told[0] == told[1]


def sums(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The names of the levels of every sum that is made from now on, the taking back's too."""
    made: list[tuple[str, ...]] = []

    class Seen(Together):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            made.append(tuple(level.name for level in self.levels))

    monkeypatch.setattr(optimizer.levels, "Together", Seen)
    return made


@pytest.mark.parametrize("allow_moves", [None, 0, 2])
@pytest.mark.parametrize("seed", range(8))
def test_so_do_those_of_a_what_if(
    seed: int, allow_moves: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, question = base_of(seed), randomly(seed)

    def told() -> list[LevelResult]:
        answer = what_if(base, question, allow_moves=allow_moves, workers=1)
        return [level.model_copy(update={"seconds": 0.0}) for level in answer.proposal.levels]

    made = sums(monkeypatch)
    at_once = told()
    joined = ("substitutes", "keep") if allow_moves is not None else ("keep", "people", "stability")
    assert not at_once or joined in made
    monkeypatch.setattr(optimizer.levels, "MOST_AT_ONCE", 0)
    assert at_once == told()


def test_where_the_program_is_large_or_pairs_are_restricted_each_level_is_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = sums(monkeypatch)
    organisation = organisation_from(random_organisation(3, people=5))
    monkeypatch.setattr(optimizer.schedule, "ALL_PAIRS", 10**9)
    policy = policy_from(JOINT_POLICY)
    assert propose(organisation, policy, workers=1).levels
    monkeypatch.setattr(optimizer.large, "LARGE", 0)
    assert propose(organisation, workers=1).levels
    assert {len(names) for names in made} == {1}


@pytest.mark.parametrize(("together", "share"), [(1, 0.5), (2, 0.75), (4, 0.9), (5, 0.9)])
def test_levels_at_once_share_the_time_as_one_by_one(together: int, share: float) -> None:
    organisation = organisation_from(random_organisation(3, people=5))
    schedule = Schedule(Model(Facts(organisation, Policy())), Limits.for_seconds(1000))
    left = [Level(name=name, goals={"interest": 1}) for name in "abcd"]
    limits = schedule.share(left, together, is_first=False)
    assert limits.left == pytest.approx(1000 * share, rel=0.01)


def test_what_gives_back_ends_a_sum_and_pairs_begin_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made = sums(monkeypatch)
    organisation = organisation_from(random_organisation(3, people=5))
    assert propose(organisation, workers=1).status == "optimal"
    expected = [("statutory",), ("continuity",), ("people", "stability"), ("substitutes",)]
    assert made[:4] == expected
    assert set(made[4:]) <= {("continuity",)}


@pytest.mark.parametrize("lacking", [1, 10**9])
def test_an_unproven_sum_leaves_sound_bounds(lacking: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lacks one lacks it in its last level; of what lacks all, that is solved by itself."""
    organisation = organisation_from(random_organisation(3, people=5))
    proven = {level.level: level.best for level in propose(organisation, workers=1).levels}
    usual = optimizer.levels.minimise

    def unproven(*arguments: Any, **options: Any) -> Answer:
        answer = usual(*arguments, **options)
        assert answer.best is not None
        return Answer("feasible", answer.values, answer.best, answer.best - lacking)

    made = sums(monkeypatch)
    monkeypatch.setattr(optimizer.levels, "minimise", unproven)
    told: list[Progress] = []
    proposal = propose(organisation, workers=1, progress=told.append)
    assert proposal.status == "feasible"
    for level in proposal.levels:
        best = proven[level.level]
        assert best is not None
        assert level.best == best
        whole = lacking == 1 and level.level == "people"
        assert level.bound == (best if whole else max(0, best - lacking))
    assert (("stability",) in made) == (lacking > 1)
    ended = [one for one in told if one.status is not None and not one.taking_back]
    assert [(one.index, one.level) for one in ended] == [
        (i, x.level) for i, x in enumerate(proposal.levels, start=1)
    ]
    running = [one.index for one in told if one.status is None and not one.taking_back]
    assert all(before <= after for before, after in pairwise(running))


def test_a_bound_above_a_plan_is_our_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = optimizer.levels.minimise

    def wrong(*arguments: Any, **options: Any) -> Answer:
        answer = usual(*arguments, **options)
        assert answer.best is not None
        return Answer("feasible", answer.values, answer.best, answer.best + 1)

    monkeypatch.setattr(optimizer.levels, "minimise", wrong)
    with pytest.raises(SolverError, match="at least is called proven"):
        propose(organisation_from(random_organisation(3, people=5)), workers=1)
