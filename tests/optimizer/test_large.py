"""The second way of solving, forced on small organisations: it agrees with the first."""

import random
from typing import Any

import pytest

import optimizer.large
import optimizer.levels
import optimizer.pricing
from models.evaluation import evaluate
from models.facts import Facts
from models.policy import Level, Policy
from models.proposal import Proposal
from models.reading import organisation_from, policy_from
from optimizer import propose
from optimizer.cpsat import Answer, Limits, minimise
from optimizer.lagrangian import Ascent
from optimizer.large import _apart, _Search
from optimizer.model import Model, is_about_pairs
from optimizer.parts import Found, Parts
from optimizer.pricing import Pricing
from optimizer.program import Program, Row, Sum
from optimizer.relaxation import proven_bound, relax
from optimizer.windows import Windows
from tests.brute_force import level_values
from tests.organisations import JOINT_POLICY, OTHER_ORDER, random_organisation

POLICIES = {
    "default": Policy(),
    "joint": policy_from(JOINT_POLICY),
    "other order": policy_from(OTHER_ORDER),
}


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimizer.large, "LARGE", 0)
    monkeypatch.setattr(optimizer.large, "BLOCK", 60)
    monkeypatch.setattr(optimizer.large, "WINDOW", 1)


@pytest.mark.usefixtures("everything_is_large")
@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("seed", range(7))
def test_every_level_agrees_with_brute_force(seed: int, policy: Policy) -> None:
    organisation = organisation_from(random_organisation(seed, people=4), policy)
    proposal = propose(organisation, policy, workers=1)
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
        patch.setattr(optimizer.levels, name, factor)
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


def larger(seed: int) -> dict[str, Any]:
    return random_organisation(seed, people=10, teams=4, tasks=5, days=200)


@pytest.mark.parametrize("seed", [0, 2, 4, 5])
def test_more_teams_than_a_window(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    organisation = organisation_from(larger(seed), Policy())
    first = propose(organisation, workers=1)
    monkeypatch.setattr(optimizer.large, "LARGE", 0)
    monkeypatch.setattr(optimizer.large, "BLOCK", 60)
    second = propose(organisation, workers=1)
    assert second.status == first.status
    assert [(x.best, x.value) for x in second.levels] == [(x.best, x.value) for x in first.levels]


@pytest.mark.parametrize("seed", range(6))
def test_what_is_too_large_for_a_whole_search_is_told_honestly(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = organisation_from(larger(seed), Policy())
    first = propose(organisation, workers=1)
    for name, size in {"LARGE": 0, "WHOLE": 0, "BLOCK": 60, "WINDOW": 1, "WIDER": 1}.items():
        monkeypatch.setattr(optimizer.large, name, size)
    second = propose(organisation, workers=2)
    for found, best in zip(second.levels, first.levels, strict=True):
        assert found.bound <= best.best <= found.best
        if found.best > best.best:
            # Later levels have another limit.
            break


@pytest.mark.parametrize("seed", range(3))
def test_a_program_of_few_teams_is_searched_as_a_whole_however_large(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = organisation_from(larger(seed), Policy())
    first = propose(organisation, workers=1)
    for name, size in {"LARGE": 0, "WHOLE": 0, "BLOCK": 60, "WINDOW": 4}.items():
        monkeypatch.setattr(optimizer.large, name, size)
    second = propose(organisation, workers=1)
    assert second.status == first.status
    assert [(x.best, x.value) for x in second.levels] == [(x.best, x.value) for x in first.levels]


def test_the_next_window_shares_no_team_with_those_that_run() -> None:
    sweep = [("a", "b"), ("b", "c"), ("c", "d"), ("e",)]
    assert _apart(sweep, []) == ("a", "b")
    assert _apart(sweep[1:], [("a", "b")]) == ("c", "d")
    assert _apart(sweep, [("a", "b"), ("c",)]) == ("e",)
    assert _apart(sweep[:3], [("b",), ("c", "d")]) is None
    assert _apart([], []) is None


def test_of_two_parts_begun_together_the_second_is_taken_only_where_it_fits() -> None:
    windows = Windows(model_of(0))
    program = Program([1, 0, 0], [1, 1, 1], [Row([1, 2], [1, 1], None, 1)])
    search = _Search(windows, Sum([(1, -1), (2, -1)]), Limits.for_seconds(60, 1), None)
    search.program = program
    search.take([1, 0, 0])
    parts = [program.narrowed([v], search.values, search.objective, [0]) for v in (1, 2)]
    for part in parts:
        search._take_part(Found(part, Answer("optimal", [1, 1], -1, -1)))
    assert (search.values, search.best) == ([1, 1, 0], -1)


@pytest.mark.parametrize("way", ["search_entirely", "search_open"])
@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_a_part_is_searched_with_all_else_as_it_is(seed: int, way: str) -> None:
    model = model_of(seed)
    objective = model.weighted(Policy().levels[1].weighted())
    limits = Limits.for_seconds(60, 1)
    values = minimise(model.program, Sum(), limits).values
    assert values is not None
    teams = tuple(model.facts.teams)[:2]
    search = getattr(Parts(Windows(model), objective), way)
    found = search(teams, values, limits)
    assert found is not None
    assert found.answer.values is not None
    changed = found.part.put(found.answer.values, values)
    assert all(row.holds(changed) for row in model.program.rows)
    assert objective.value(changed) <= objective.value(values)
    before, after = model.team_of(values), model.team_of(changed)
    for e, t in after.items():
        assert t == before[e] or {t, before[e]} <= set(teams)
    # What is found is the best there is: a second search finds nothing better.
    again = search(teams, changed, limits)
    assert again is not None
    assert again.answer.best == found.answer.best


@pytest.mark.parametrize("way", ["search_entirely", "search_open"])
def test_without_time_no_part_is_made(way: str) -> None:
    model = model_of(0)
    values = minimise(model.program, Sum(), Limits.for_seconds(60, 1)).values
    assert values is not None
    search = getattr(Parts(Windows(model), Sum()), way)
    assert search(tuple(model.facts.teams), values, Limits.for_seconds(0, 1)) is None


@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_the_relaxation_of_the_whole_is_the_bound_where_there_is_time(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_of(seed)
    objective = model.weighted(Policy().levels[1].weighted())
    limits = Limits.for_seconds(60, 2)
    best = minimise(model.program, objective, limits).best
    relaxed = relax(model.program, objective, limits)
    assert best is not None
    assert relaxed is not None
    linear = proven_bound(model.program, objective, dict(enumerate(relaxed.prices)))
    pricing = Pricing(model.program, objective)
    assert pricing.bound(best, limits) == linear
    # It is not solved again.
    assert pricing.bound(best, Limits.for_seconds(0, 2)) == linear
    monkeypatch.setattr(optimizer.pricing, "RELAXED", 0)
    assert Pricing(model.program, objective).bound(best, limits) <= best


def model_of(seed: int) -> Model:
    return Model(Facts(organisation_from(larger(seed), Policy()), Policy()))


@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_whatever_the_prices_the_bound_holds(seed: int) -> None:
    model = model_of(seed)
    objective = model.weighted(Policy().levels[1].weighted())
    limits = Limits.for_seconds(60, 1)
    best = minimise(model.program, objective, limits).best
    relaxed = relax(model.program, objective, limits)
    assert best is not None
    assert relaxed is not None
    prices = dict(enumerate(relaxed.prices))
    linear = sum(c * relaxed.values[v] for v, c in objective.terms.items()) + objective.constant
    assert linear - 0.01 <= proven_bound(model.program, objective, prices) <= best
    chance = random.Random(seed)
    choices = [
        number
        for number, row in enumerate(model.program.rows)
        if row.upper == 1 and set(row.coefficients) == {1}
    ]
    assert choices
    for factor in (0.01, 0.3, 3.0):
        wrong = {row: price + factor * chance.uniform(-1, 1) for row, price in prices.items()}
        plain = proven_bound(model.program, objective, wrong)
        mended = proven_bound(model.program, objective, wrong, choices)
        assert plain <= mended <= best


def test_blocks_hold_every_team_once() -> None:
    model = model_of(1)
    model.weighted(Policy().levels[1].weighted())
    windows = Windows(model)
    for size in (1, 2, 3, 5):
        blocks = windows.blocks(size, random.Random(size))
        assert sorted(t for block in blocks for t in block) == sorted(model.facts.teams)
        assert max(map(len, blocks)) <= size
    everywhere = {e: set(options) for e, options in model.placement.place.items()}
    whole = windows.open(list(model.facts.teams), everywhere)
    program = model.program
    assert whole == [v for v, low in enumerate(program.lower) if low < program.upper[v]]


@pytest.mark.parametrize("level", Policy().levels, ids=lambda level: level.name)
@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_lagrangian_prices_prove_what_they_say_and_come_near_the_relaxation(
    seed: int, level: Level
) -> None:
    model = model_of(seed)
    objective = model.weighted(level.weighted())
    limits = Limits.for_seconds(60, 1)
    best = minimise(model.program, objective, limits).best
    relaxed = relax(model.program, objective, limits)
    assert best is not None
    assert relaxed is not None
    found = Ascent(model.program, objective).climb(best, limits)
    bound = proven_bound(model.program, objective, found.prices, found.choices)
    linear = proven_bound(model.program, objective, dict(enumerate(relaxed.prices)))
    assert bound <= best
    assert bound >= 0.7 * linear - 2


def test_without_time_the_first_prices_are_proven_all_the_same() -> None:
    model = model_of(0)
    objective = model.weighted(Policy().levels[-1].weighted())
    best = minimise(model.program, objective, Limits.for_seconds(60, 1)).best
    assert best is not None
    found = Ascent(model.program, objective).climb(best, Limits.for_seconds(0, 1))
    bound = proven_bound(model.program, objective, found.prices, found.choices)
    assert 0 < bound <= best
