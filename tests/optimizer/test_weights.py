"""Every weight counts: doubled, it changes the optimum of some small organisation."""

import random

import pytest

from models.evaluation import evaluate
from models.policy import GOAL_NAMES, Level, Policy
from models.reading import organisation_from
from optimizer import propose
from tests.organisations import random_organisation

SEEDS = {
    "authority_gap": 30,
    "task_gap": 31,
    "backup_shortage": 4,
    "skill_shortage": 26,
    "size_shortage": 5,
    "no_substitute": 1,
    "substitute_away": 76,
    "interest": 0,
    "lead_fit": 0,
    "substitute_fit": 111,
    "colleague_wishes": 5,
    "site_change": 170,
    "handovers": 386,
    "lead_changes": 135,
    "team_changes": 22,
    "substitute_changes": 14,
    "one_way_substitutes": 12,
    "sector_concentration": 370,
    "departure_concentration": 661,
}
"""By goal, a seed whose organisation and weights show it."""


def policy_of(goal: str, seed: int, factor: int) -> Policy:
    """One level of a few goals, with small weights drawn by a seed; one of them multiplied."""
    rng = random.Random(f"{goal}-{seed}")
    weights = {g: rng.choice([0, 0, 1, 2, 3]) for g in GOAL_NAMES}
    weights[goal] = factor * rng.randint(1, 3)
    # No margin: of few people, whole ones above a share are rare.
    return Policy(levels=(Level(name="all", goals=weights),), departure_margin=0)


@pytest.mark.parametrize(("goal", "seed"), SEEDS.items())
def test_a_weight_doubled_changes_the_optimum(goal: str, seed: int) -> None:
    once, twice = policy_of(goal, seed, 1), policy_of(goal, seed, 2)
    organisation = organisation_from(random_organisation(seed, people=5))
    plans = [propose(organisation, policy, workers=1).plan for policy in (once, twice)]
    first, second = (evaluate(organisation, once, plan) for plan in plans)
    # Each plan is better than the other under its own weights: no tie is broken here.
    assert first.value(once.levels[0]) < second.value(once.levels[0])
    assert second.value(twice.levels[0]) < first.value(twice.levels[0])
    assert second.costs[goal] < first.costs[goal]


def test_no_goal_is_left_out() -> None:
    # What succession_changes weighs against is a Before: tests of the what-if have it.
    assert set(SEEDS) == set(GOAL_NAMES) - {"succession_changes"}
