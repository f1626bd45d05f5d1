"""Prices of a program's rows without a linear solver: a Lagrangian bound, step by step.

All rows are priced but those that choose exactly one of some Booleans. Prices begin where those
of rows `some of x <= y` take up what x gain, and then follow a deflected subgradient: Polyak's
step towards the best plan's cost, each row's divided by its own squared length (Held, Wolfe and
Crowder, *Mathematical Programming*, 1974; Camerini, Fratta and Maffioli, the same, 1975). They come
near the relaxation's soon, where that takes minutes (docs/formulation.md, "Large organisations").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.cpsat import Limits
from optimizer.program import Program, Sum

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

MOST_STEPS = 2000
"""Later ones gain little."""

STEP, SHORTER, PATIENCE, LEAST_STEP = 2.0, 0.8, 20, 0.001
"""Part of Polyak's step: at first, how much shorter after so many without gain, and the least."""

DEFLECTION = 0.97
"""How much of the last direction is kept."""


@dataclass(frozen=True, slots=True)
class Priced:
    """Prices of rows, by number, and the rows that choose; both for `relaxation.proven_bound`."""

    prices: dict[int, float]
    choices: list[int]


class Ascent:
    """Prices that get better while there is time."""

    def __init__(self, program: Program, objective: Sum) -> None:
        """Begin at prices that cost nothing to find.

        Args:
            program: variables and rows.
            objective: what to minimise.
        """
        self._choices = _choices(program)
        self._dual = _Dual(program, objective, self._choices)
        self._prices: Floats = np.zeros(len(program.rows))
        for number, exact in _absorbing(program, objective).items():
            self._prices[number] = exact
        self._best, self._highest = self._prices, -np.inf
        self._direction: Floats = np.zeros(len(program.rows))
        self._step, self._waited, self._left = STEP, 0, MOST_STEPS

    @property
    def is_over(self) -> bool:
        """Whether further steps would gain little."""
        return self._left <= 0 or self._step < LEAST_STEP

    def climb(self, most: int, limits: Limits) -> Priced:
        """The best prices after as many steps as there is time for.

        Args:
            most: what a known plan costs.
            limits: deadline and stop.
        """
        squares = self._dual.squares
        while not self.is_over:
            self._left -= 1
            bound, gradient = self._dual.at(self._prices)
            if bound > self._highest:
                self._best, self._highest, self._waited = self._prices, bound, 0
            else:
                self._waited += 1
                if self._waited == PATIENCE:
                    self._step, self._waited = self._step * SHORTER, 0
            self._direction = DEFLECTION * self._direction + gradient / squares
            length = float((self._direction * self._direction * squares).sum())
            if not length or self._highest >= most:
                self._left = 0
            if limits.left <= 0:
                break
            if self._left:
                move = self._step * (most - bound) / length * self._direction
                self._prices = self._dual.sound(self._prices + move)
        found = {int(row): float(self._best[row]) for row in np.flatnonzero(self._best)}
        return Priced(found, self._choices)


def _choices(program: Program) -> list[int]:
    """Rows in which exactly one of some Booleans is 1, none in two of them."""
    found, taken = [], set[int]()
    for number, row in enumerate(program.rows):
        is_choice = row.lower == row.upper == 1 and set(row.coefficients) == {1}
        if is_choice and taken.isdisjoint(row.variables):
            taken.update(row.variables)
            found.append(number)
    return found


def _absorbing(program: Program, objective: Sum) -> dict[int, float]:
    """Prices of rows that limit what gains, so that nothing they limit gains any more.

    First of those where that costs least: at most one of the longest lists.
    """
    rows = []
    for number, row in enumerate(program.rows):
        if row.upper is not None and row.lower is None and number not in program.totals:
            below = [-c for c in row.coefficients if c < 0]
            if (len(below) == 1 and row.upper == 0) or (not below and row.upper > 0):
                rows.append((below[0] if below else row.upper, -len(row.variables), number))
    reduced = {v: float(c) for v, c in objective.terms.items()}
    prices = {}
    for _, _, number in sorted(rows):
        row = program.rows[number]
        terms = list(zip(row.variables, row.coefficients, strict=True))
        least = min(reduced.get(v, 0.0) / c for v, c in terms if c > 0)
        if least < 0:
            prices[number] = least
            for variable, coefficient in terms:
                reduced[variable] = reduced.get(variable, 0.0) - least * coefficient
    return prices


class _Dual:
    """The bound as a function of the prices.

    Attributes:
        squares: of each row the sum of its squared coefficients.
    """

    def __init__(self, program: Program, objective: Sum, choices: Sequence[int]) -> None:
        rows = program.rows
        self._row: Numbers = np.repeat(np.arange(len(rows)), [len(row.variables) for row in rows])
        self._variable: Numbers = np.array([v for row in rows for v in row.variables], np.int64)
        self._coefficient: Floats = np.array([c for row in rows for c in row.coefficients], float)
        self._lower: Floats = np.array([-np.inf if r.lower is None else r.lower for r in rows])
        self._upper: Floats = np.array([np.inf if r.upper is None else r.upper for r in rows])
        self._least: Floats = np.array(program.lower, float)
        self._most: Floats = np.array(program.upper, float)
        self._constant = objective.constant
        self._cost: Floats = np.zeros(len(program.lower))
        for variable, coefficient in objective.terms.items():
            self._cost[variable] = coefficient
        self.squares: Floats = np.bincount(self._row, self._coefficient**2, len(rows)).clip(1)
        chosen = [[v for v in rows[number].variables if program.upper[v]] for number in choices]
        self._chosen: Numbers = np.array([v for one in chosen for v in one], np.int64)
        lengths = np.array([len(one) for one in chosen], np.int64)
        self._first: Numbers = np.cumsum(lengths) - lengths
        self._of: Numbers = np.repeat(np.arange(len(chosen)), lengths)

    def at(self, prices: Floats) -> tuple[float, Floats]:
        """The bound that prices prove, up to rounding, and how it changes with each."""
        count, variables = len(prices), len(self._cost)
        paid = np.bincount(self._variable, self._coefficient * prices[self._row], variables)
        reduced = self._cost - paid
        values = np.where(reduced > 0, self._least, self._most)
        if len(self._chosen):
            among = reduced[self._chosen]
            cheapest = np.minimum.reduceat(among, self._first)
            values[self._chosen] = 0
            # The first of each row's cheapest: written last.
            places = np.flatnonzero(among == cheapest[self._of])[::-1]
            one = np.zeros(len(self._first), np.int64)
            one[self._of[places]] = self._chosen[places]
            values[one] = 1
        side = np.where(prices > 0, self._lower, np.where(prices < 0, self._upper, 0))
        bound = self._constant + float(prices @ side) + float(reduced @ values)
        total = np.bincount(self._row, self._coefficient * values[self._variable], count)
        aim = np.where(prices == 0, total.clip(self._lower, self._upper), side)
        return bound, aim - total

    def sound(self, prices: Floats) -> Floats:
        """Without the prices of sides that rows do not have."""
        wrong = ((prices > 0) & np.isinf(self._lower)) | ((prices < 0) & np.isinf(self._upper))
        return np.where(wrong, 0, prices)
