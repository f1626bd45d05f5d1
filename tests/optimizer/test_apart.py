"""What falls apart and is solved by parts has the optimum of the whole."""

import random

import pytest

from optimizer.apart import minimise_apart
from optimizer.cpsat import Limits, minimise
from optimizer.program import Program, Sum


def random_program(seed: int) -> tuple[Program, Sum]:
    """Rows over neighbours among twelve variables, some of which no row has."""
    rng = random.Random(seed)
    program, objective = Program(), Sum(constant=rng.randint(-3, 3))
    variables = [program.integer(rng.randint(0, 3)) for _ in range(12)]
    for variable in variables:
        objective.add(variable, rng.randint(-4, 4))
    for _ in range(rng.randint(3, 9)):
        first = rng.randrange(11)
        row = Sum((v, rng.choice((-2, -1, 1, 2))) for v in variables[first : first + 2])
        program.at_least(row, rng.randint(-3, 1))
    return program, objective


@pytest.mark.parametrize("workers", [1, 2])
def test_the_optimum_is_that_of_the_whole(workers: int) -> None:
    solved = 0
    for seed in range(40):
        program, objective = random_program(seed)
        whole = minimise(program, objective, Limits.for_seconds(60, workers=1))
        parts = minimise_apart(program, objective, Limits.for_seconds(60, workers=workers))
        if whole.status == "infeasible":
            assert parts.values is None
            continue
        solved += 1
        assert (parts.status, parts.best, parts.bound) == ("optimal", whole.best, whole.best)
        assert parts.values is not None
        assert objective.value(parts.values) == whole.best
        assert all(row.holds(parts.values) for row in program.rows)
        bounds = zip(program.lower, parts.values, program.upper, strict=True)
        assert all(low <= value <= high for low, value, high in bounds)
    assert 10 < solved < 40


def test_nothing_is_known_when_time_is_up() -> None:
    program, objective = random_program(1)
    answer = minimise_apart(program, objective, Limits.for_seconds(0, workers=1))
    assert (answer.status, answer.values) == ("unknown", None)
