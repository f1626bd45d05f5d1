"""What a large level costs at least: whatever the prices, no plan costs less."""

import random
import time

import pytest

import optimizer.pricing
from models.policy import Level, Policy
from optimizer.cpsat import Limits, minimise
from optimizer.lagrangian import Ascent
from optimizer.pricing import Pricing
from optimizer.program import Program, Sum
from optimizer.relaxation import proven_bound, relax
from tests.optimizer.larger import larger_model


def priced(seed: int) -> tuple[Program, Sum, int]:
    """A program with the cost of continuity, and its least."""
    model = larger_model(seed)
    objective = model.weighted(Policy().levels[1].weighted())
    best = minimise(model.program, objective, Limits.for_seconds(60, 1)).best
    assert best is not None
    return model.program, objective, best


def climbed(program: Program, objective: Sum, best: int) -> int:
    found = Ascent(program, objective).climb(best, Limits.for_seconds(60, 1))
    return proven_bound(program, objective, found.prices, found.choices)


@pytest.fixture
def climbing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimizer.pricing, "UNCLIMBED", 0)


@pytest.mark.parametrize("workers", [1, 2])
def test_of_a_small_program_the_relaxation_alone_is_the_bound(workers: int) -> None:
    program, objective, best = priced(0)
    limits = Limits.for_seconds(60, workers)
    relaxed = relax(program, objective, limits, dual=True)
    assert relaxed is not None
    pricing = Pricing(program, objective)
    bound = pricing.bound(best, limits)
    assert bound == proven_bound(program, objective, dict(enumerate(relaxed.prices))) > 0
    assert pricing.relaxed is not None


@pytest.mark.usefixtures("climbing")
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_the_relaxation_of_the_whole_is_the_bound_where_there_is_time(
    seed: int, workers: int
) -> None:
    program, objective, best = priced(seed)
    limits = Limits.for_seconds(60, workers)
    relaxed = relax(program, objective, limits)
    assert relaxed is not None
    linear = proven_bound(program, objective, dict(enumerate(relaxed.prices)))
    pricing = Pricing(program, objective)
    bound = pricing.bound(best, limits)
    assert linear <= bound <= best
    # It is not solved again.
    if bound < best:
        assert pricing.bound(best, Limits.for_seconds(0, workers)) >= linear


@pytest.mark.usefixtures("climbing")
@pytest.mark.parametrize("why", ["too large", "not in time"])
def test_without_a_relaxation_the_climb_is_the_bound(
    why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, objective, best = priced(0)
    if why == "too large":
        monkeypatch.setattr(optimizer.pricing, "RELAXED", 0)
    else:
        monkeypatch.setattr(optimizer.pricing, "relax", lambda *_: None)
    bound = Pricing(program, objective).bound(best, Limits.for_seconds(60, 2))
    assert bound == climbed(program, objective, best) > 0


@pytest.mark.usefixtures("climbing")
def test_a_climb_that_has_proven_all_ends_the_relaxation(monkeypatch: pytest.MonkeyPatch) -> None:
    def relaxing(_: Program, __: Sum, limits: Limits) -> None:
        while limits.left:
            time.sleep(0.001)

    monkeypatch.setattr(optimizer.pricing, "relax", relaxing)
    program, objective, best = priced(0)
    limits = Limits.for_seconds(60, 2)
    low = climbed(program, objective, best)
    assert Pricing(program, objective).bound(low, limits) >= low
    assert limits.left > 0


@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_whatever_the_prices_the_bound_holds(seed: int) -> None:
    model = larger_model(seed)
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


@pytest.mark.parametrize("level", Policy().levels, ids=lambda level: level.name)
@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_lagrangian_prices_prove_what_they_say_and_come_near_the_relaxation(
    seed: int, level: Level
) -> None:
    model = larger_model(seed)
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
    model = larger_model(0)
    objective = model.weighted(Policy().levels[-1].weighted())
    best = minimise(model.program, objective, Limits.for_seconds(60, 1)).best
    assert best is not None
    found = Ascent(model.program, objective).climb(best, Limits.for_seconds(0, 1))
    bound = proven_bound(model.program, objective, found.prices, found.choices)
    assert 0 < bound <= best
