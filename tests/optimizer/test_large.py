"""The second way of solving, forced on small organisations: it agrees with the first."""

import pytest

import optimizer.cpsat
import optimizer.large
import optimizer.pricing
import optimizer.schedule
from models.evaluation import evaluate
from models.facts import Facts
from models.policy import Policy
from models.proposal import Proposal
from models.reading import organisation_from, policy_from
from optimizer import propose
from optimizer.model import is_about_pairs
from tests.brute_force import level_values
from tests.optimizer.larger import larger
from tests.organisations import JOINT_POLICY, OTHER_ORDER, random_organisation

POLICIES = {
    "default": Policy(),
    "joint": policy_from(JOINT_POLICY),
    "other order": policy_from(OTHER_ORDER),
}


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimizer.large, "LARGE", 0)
    monkeypatch.setattr(optimizer.cpsat, "TREE_UP_TO", 0)
    monkeypatch.setattr(optimizer.pricing, "UNCLIMBED", 0)
    monkeypatch.setattr(optimizer.large, "BLOCK", 60)
    monkeypatch.setattr(optimizer.large, "WINDOW", 1)


@pytest.fixture
def parts_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimizer.large, "PARTS_FIRST", 0)
    monkeypatch.setattr(optimizer.large, "WINDOW", 1)


@pytest.mark.parametrize("way", ["everything_is_large", "parts_come_first"])
@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("seed", range(8))
def test_every_level_agrees_with_brute_force(
    seed: int, policy: Policy, way: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(way)
    organisation = organisation_from(random_organisation(seed, people=4), policy)
    proposal = propose(organisation, policy, workers=1 + seed % 2)
    expected = level_values(Facts(organisation, policy))
    if expected is None:
        assert proposal.status == "infeasible"
    else:
        assert proposal.status == "optimal"
        assert [(level.best, level.value) for level in proposal.levels] == expected


def both(seed: int, policy: Policy, patch: pytest.MonkeyPatch, **times: int) -> list[Proposal]:
    """A proposal as it is, and one where some work is thought to take so long."""
    organisation = organisation_from(random_organisation(seed, people=4), policy)
    usual = propose(organisation, policy, workers=1)
    for name, factor in times.items():
        patch.setattr(optimizer.schedule, name, factor)
    short = propose(organisation, policy, workers=1)
    for proposal in (usual, short):
        if proposal.status == "infeasible":
            continue
        evaluation = evaluate(organisation, policy, proposal.plan)
        assert evaluation.is_valid
        assert [x.value for x in proposal.levels] == [evaluation.value(x) for x in policy.levels]
    return [usual, short]


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("seed", range(6))
def test_where_all_pairs_take_too_long_those_within_teams_are_chosen(
    seed: int, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, short = both(seed, policy, monkeypatch, ALL_PAIRS=10**9)
    assert len(short.levels) == len(usual.levels)
    if usual.status == "infeasible":
        assert short.status == "infeasible"
        return
    is_restricted, before = False, True
    for level, one, other in zip(policy.levels, usual.levels, short.levels, strict=True):
        # Pairs that the first level weighs are needed for a plan at all, and are all there.
        is_restricted |= is_about_pairs(level) and level is not policy.levels[0]
        is_restricted &= not is_about_pairs(policy.levels[0])
        assert one.best is not None
        assert other.best is not None
        if not is_restricted:
            assert (other.best, other.bound) == (one.best, one.bound)
        else:
            assert other.bound == 0
            assert other.best >= one.best or not before
            before = False


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("seed", range(6))
def test_a_level_that_no_time_is_left_for_is_told_with_what_the_plan_costs(
    seed: int, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, short = both(seed, policy, monkeypatch, GOAL=10**9, TEAM_PAIRS=10**9)
    if usual.status == "infeasible":
        assert short.status == "infeasible"
        return
    assert short.status == "feasible"
    assert [x.level for x in short.levels] == [x.level for x in usual.levels]
    assert short.levels[0].best == usual.levels[0].best
    for level in short.levels[1:]:
        assert (level.best, level.bound, level.status) == (level.value, 0, "feasible")


def as_large(
    seed: int, patch: pytest.MonkeyPatch, workers: int = 1, **sizes: int
) -> tuple[Proposal, Proposal]:
    """A proposal for more teams, and one with everything large and these sizes."""
    organisation = organisation_from(larger(seed), Policy())
    first = propose(organisation, workers=1)
    for name, size in {"LARGE": 0, "BLOCK": 60, **sizes}.items():
        patch.setattr(optimizer.large, name, size)
    patch.setattr(optimizer.pricing, "UNCLIMBED", 0)
    return first, propose(organisation, workers=workers)


def costs(proposal: Proposal) -> list[tuple[int, int]]:
    return [(level.best, level.value) for level in proposal.levels]


@pytest.mark.parametrize("seed", [0, 2, 4, 5])
def test_more_teams_than_a_window(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = as_large(seed, monkeypatch)
    assert second.status == first.status
    assert costs(second) == costs(first)


@pytest.mark.parametrize("window", [1, 2])
@pytest.mark.parametrize("seed", [0, 2, 4, 5])
def test_a_window_of_several_teams_before_the_whole(
    seed: int, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = organisation_from(larger(seed), Policy())
    first = propose(organisation, workers=1)
    monkeypatch.setattr(optimizer.large, "PARTS_FIRST", 0)
    monkeypatch.setattr(optimizer.large, "WINDOW", window)
    second = propose(organisation, workers=2)
    assert second.status == first.status
    assert costs(second) == costs(first)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_too_large_for_a_whole_search_is_told_honestly(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = as_large(seed, monkeypatch, workers=2, WHOLE=0, WINDOW=1, WIDER=1)
    for found, best in zip(second.levels, first.levels, strict=True):
        assert found.bound <= best.best <= found.best
        if found.best > best.best:
            # Later levels have another limit.
            break


@pytest.mark.parametrize("seed", range(3))
def test_a_program_of_few_teams_is_searched_as_a_whole_however_large(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = as_large(seed, monkeypatch, WHOLE=0, WINDOW=4)
    assert second.status == first.status
    assert costs(second) == costs(first)
