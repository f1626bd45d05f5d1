"""The linear relaxation of a program: a bound that is proven in whole numbers.

A linear solver works in floating point. Its prices of the rows are rounded to integers, and what
the rounded prices prove is computed exactly, so the bound holds whatever the solver did (weak
duality; Neumaier and Shcherbina, *Mathematical Programming*, 2004).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import repeat
from typing import TYPE_CHECKING

from optimizer.cpsat import Limits, SolverError
from optimizer.program import Program, Row, Sum
from optimizer.threads import interruptible

if TYPE_CHECKING:
    from ortools.math_opt import model_pb2

PRICE_UNIT = 1 << 50
"""Prices are whole multiples of one over so many; a row has up to 10^6 large coefficients."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What the relaxation says.

    Attributes:
        values: its optimum, a fraction for each variable.
        prices: what a unit of each row is worth: for `proven_bound`.
    """

    values: Sequence[float]
    prices: Sequence[float]


def relax(
    program: Program, objective: Sum, limits: Limits, *, dual: bool = False
) -> Relaxed | None:
    """Solve the relaxation, in one thread; None if that took too long.

    Args:
        program: variables and rows.
        objective: what to minimise.
        limits: deadline and stop.
        dual: by the dual simplex, without preprocessing: faster where a program is small, slower
            where it is large.
    """
    # Slow to load, and most organisations are not large.
    from ortools.glop.parameters_pb2 import GlopParameters
    from ortools.math_opt.python import mathopt
    from ortools.util.python.solve_interrupter import SolveInterrupter

    if limits.left <= 0:
        return None
    model = mathopt.Model.from_model_proto(_model(program, objective))
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=limits.left),
        glop=GlopParameters(use_dual_simplex=dual, use_preprocessing=not dual),
    )
    interrupter = SolveInterrupter()
    result = interruptible(
        lambda: mathopt.solve(
            model, mathopt.SolverType.GLOP, params=parameters, interrupter=interrupter
        ),
        limits.stop,
        interrupter.interrupt,
    )
    if not result.has_primal_feasible_solution() or not result.has_dual_feasible_solution():
        return None
    return Relaxed(
        result.variable_values(model.variables()), result.dual_values(model.linear_constraints())
    )


def proven_bound(
    program: Program, objective: Sum, prices: Mapping[int, float], choices: Iterable[int] = ()
) -> int:
    """What prices of rows prove: no assignment has a lower objective.

    Args:
        program: variables and rows.
        objective: what is minimised.
        prices: of the rows that have one, by number; whatever they are, the bound holds. The
            best ones are the relaxation's.
        choices: rows in which at most one of some Booleans is 1, whose best price is found here.
    """
    least, _ = _priced(program, objective, prices, choices)
    return -(-least // PRICE_UNIT) + objective.constant


def rule_out(program: Program, objective: Sum, prices: Mapping[int, float], most: int) -> int:
    """Narrow the variables to what they can be where an objective is at most `most`.

    What a variable adds to the bound that the prices prove must fit below `most`: reduced-cost
    fixing, in whole numbers. Returns how many bounds were narrowed.
    """
    least, reduced = _priced(program, objective, prices)
    slack = (most - objective.constant) * PRICE_UNIT - least
    if slack < 0:
        raise SolverError(f"a plan costs at most {most}, and prices prove more")
    narrowed = 0
    lower, upper = program.lower, program.upper
    for variable, cost in enumerate(reduced):
        if cost > 0 and slack // cost < upper[variable] - lower[variable]:
            upper[variable] = lower[variable] + slack // cost
            narrowed += 1
        elif cost < 0 and slack // -cost < upper[variable] - lower[variable]:
            lower[variable] = upper[variable] - slack // -cost
            narrowed += 1
    return narrowed


def _priced(
    program: Program, objective: Sum, prices: Mapping[int, float], choices: Iterable[int] = ()
) -> tuple[int, list[int]]:
    """The objective, without its constant, is at least the first plus each variable's share.

    Both in units of price. A variable's share is its reduced cost times how far it is from the
    bound where that costs least.
    """
    reduced = [0] * len(program.lower)
    for variable, coefficient in objective.terms.items():
        reduced[variable] = coefficient * PRICE_UNIT
    total = 0
    for number, exact in prices.items():
        row = program.rows[number]
        price = _sound(row, round(exact * PRICE_UNIT))
        if price:
            total += price * _side(row, price)
            for variable, coefficient in zip(row.variables, row.coefficients, strict=True):
                reduced[variable] -= price * coefficient
    for number in choices:
        row = program.rows[number]
        # What cannot be 1 is no choice.
        price = _sound(row, min((reduced[v] for v in row.variables if program.upper[v]), default=0))
        total += price
        for variable in row.variables:
            reduced[variable] -= price
    for cost, low, high in zip(reduced, program.lower, program.upper, strict=True):
        total += cost * (low if cost > 0 else high)
    return total, reduced


def _sound(row: Row, price: int) -> int:
    """A price of the side that the row has; 0 where it has none."""
    return price if (row.lower if price > 0 else row.upper) is not None else 0


def _side(row: Row, price: int) -> int:
    side = row.lower if price > 0 else row.upper
    assert side is not None
    return side


def _model(program: Program, objective: Sum) -> model_pb2.ModelProto:
    from ortools.math_opt import model_pb2

    model = model_pb2.ModelProto()
    variables, rows = model.variables, model.linear_constraints
    variables.ids.extend(range(len(program.lower)))
    variables.lower_bounds.extend(map(float, program.lower))
    variables.upper_bounds.extend(map(float, program.upper))
    variables.integers.extend(repeat(False, len(program.lower)))
    rows.ids.extend(range(len(program.rows)))
    for row in program.rows:
        rows.lower_bounds.append(float("-inf") if row.lower is None else row.lower)
        rows.upper_bounds.append(float("inf") if row.upper is None else row.upper)
    entries = model.linear_constraint_matrix
    for number, row in enumerate(program.rows):
        ordered = sorted(zip(row.variables, row.coefficients, strict=True))
        entries.row_ids.extend(repeat(number, len(ordered)))
        entries.column_ids.extend(variable for variable, _ in ordered)
        entries.coefficients.extend(float(coefficient) for _, coefficient in ordered)
    terms = sorted(objective.terms.items())
    model.objective.linear_coefficients.ids.extend(variable for variable, _ in terms)
    model.objective.linear_coefficients.values.extend(float(c) for _, c in terms)
    model.objective.offset = float(objective.constant)
    return model
