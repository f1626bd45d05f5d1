"""What the prices of a relaxation rule out: nothing that a plan within the limit has."""

from __future__ import annotations

import pytest

from models.facts import Facts
from models.policy import Policy
from models.reading import organisation_from
from optimizer.cpsat import Limits, SolverError, minimise
from optimizer.model import Model
from optimizer.program import Program, Sum
from optimizer.relaxation import proven_bound, relax, rule_out
from tests.organisations import random_organisation


def limits() -> Limits:
    return Limits.for_seconds(60, 1)


def copied(program: Program) -> Program:
    return Program(list(program.lower), list(program.upper), list(program.rows))


def possible(program: Program, variable: int, value: int) -> bool:
    """Whether some plan has the variable at a value."""
    asked = copied(program)
    if not asked.lower[variable] <= value <= asked.upper[variable]:
        return False
    asked.lower[variable] = asked.upper[variable] = value
    return minimise(asked, Sum(), limits()).status == "optimal"


def priced(program: Program, objective: Sum, dual: bool = True) -> dict[int, float]:
    relaxed = relax(program, objective, limits(), dual=dual)
    assert relaxed is not None
    return dict(enumerate(relaxed.prices))


@pytest.mark.parametrize("slack", [0, 20])
@pytest.mark.parametrize("seed", range(12))
def test_what_is_ruled_out_no_plan_within_the_limit_has(seed: int, slack: int) -> None:
    data = random_organisation(seed, people=5, tasks=3) | {"rules": []}
    for row in data["teams"]:
        row["size"] = {"min": 0, "max": 5}
    model = Model(Facts(organisation_from(data), Policy()))
    objective = model.weighted({"task_gap": 5, "backup_shortage": 2, "interest": 3})
    best = minimise(model.program, objective, limits()).best
    assert best is not None
    model.program.at_most(objective, best + slack)
    narrowed = copied(model.program)
    rule_out(narrowed, objective, priced(model.program, objective), best + slack)
    chains = model.chains.values()
    deciding = model.placement.variables()
    deciding |= {v for c in chains for people in c.holds.values() for v in people.values()}
    deciding.discard(0)
    for variable in deciding:
        for value in (0, 1):
            before = possible(model.program, variable, value)
            assert possible(narrowed, variable, value) == before, (variable, value)


@pytest.mark.parametrize("seed", range(12))
def test_both_ways_of_relaxing_prove_the_same(seed: int) -> None:
    data = random_organisation(seed, people=5, tasks=3) | {"rules": []}
    model = Model(Facts(organisation_from(data), Policy()))
    objective = model.weighted({"task_gap": 5, "backup_shortage": 2, "interest": 3})
    bounds = {
        dual: proven_bound(model.program, objective, priced(model.program, objective, dual))
        for dual in (True, False)
    }
    best = minimise(model.program, objective, limits()).best
    assert best is not None
    assert bounds[True] == bounds[False] <= best


def test_what_costs_more_than_the_limit_leaves_is_ruled_out() -> None:
    """x + y + z >= 1 at 5, 7 and 100: with 10 at most z is 0, and x and y stay open."""
    program = Program()
    x, y, z = (program.boolean() for _ in range(3))
    program.at_least(Sum().add_all((x, y, z)), 1)
    objective = Sum([(x, 5), (y, 7), (z, 100)], 3)
    assert rule_out(program, objective, {0: 5.0}, 13) == 1
    assert program.upper[1:] == [1, 1, 0]
    assert program.lower[1:] == [0, 0, 0]


def test_what_is_needed_to_stay_within_the_limit_is_fixed_at_its_upper_bound() -> None:
    """-9 for x and -1 for y, where -9 is demanded: x is 1, y may be either."""
    program = Program()
    x, y = program.boolean(), program.boolean()
    objective = Sum([(x, -9), (y, -1)])
    assert rule_out(program, objective, {}, -9) == 1
    assert (program.lower[x], program.lower[y]) == (1, 0)


def test_a_limit_below_what_is_proven_is_our_mistake() -> None:
    program = Program()
    x = program.boolean()
    program.at_least(Sum([(x, 1)]), 1)
    with pytest.raises(SolverError, match="prices prove more"):
        rule_out(program, Sum([(x, 5)]), {0: 5.0}, 4)
