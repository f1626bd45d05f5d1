"""An integer program: variables with bounds, rows, sums. Any solver can read it.

Variables are numbers, counted from 0; `ONE` is the constant 1, so that a decision already
taken needs no case of its own. Everything in the statement is linear over Booleans and small
integers (docs/formulation.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

ONE = 0
"""The variable that is always 1."""


class Sum:
    """A linear expression: `constant` plus coefficients times variables."""

    __slots__ = ("constant", "terms")

    def __init__(self, terms: Iterable[tuple[int, int]] = (), constant: int = 0) -> None:
        self.terms: dict[int, int] = {}
        self.constant = constant
        for variable, coefficient in terms:
            self.add(variable, coefficient)

    def add(self, variable: int, coefficient: int = 1) -> Sum:
        """Add a multiple of a variable; returns itself."""
        return self.add_all((variable,), coefficient)

    def add_all(self, variables: Iterable[int], coefficient: int = 1) -> Sum:
        """Add the same multiple of each variable; returns itself."""
        if not coefficient:
            return self
        # A model of 1,000 people adds five million terms here: no call for each.
        terms = self.terms
        for variable in variables:
            total = terms.get(variable, 0) + coefficient
            if variable == ONE:
                self.constant += coefficient
            elif total:
                terms[variable] = total
            else:
                del terms[variable]
        return self

    def plus(self, other: Sum, factor: int = 1) -> Sum:
        """Add a multiple of another sum; returns itself."""
        self.constant += factor * other.constant
        terms = self.terms
        if not terms and factor == 1:
            self.terms = dict(other.terms)
            return self
        for variable, coefficient in other.terms.items():
            total = terms.get(variable, 0) + factor * coefficient
            if total:
                terms[variable] = total
            elif variable in terms:
                del terms[variable]
        return self

    def range(self) -> tuple[int, int]:
        """The least and the most it can be while all its variables are 0 or 1."""
        least = self.constant + sum(c for c in self.terms.values() if c < 0)
        most = self.constant + sum(c for c in self.terms.values() if c > 0)
        return least, most

    def value(self, values: Sequence[int]) -> int:
        """What it is under an assignment of all variables."""
        return self.constant + sum(c * values[v] for v, c in self.terms.items())

    def key(self) -> tuple[int, frozenset[tuple[int, int]]]:
        """Equal for equal sums."""
        return self.constant, frozenset(self.terms.items())


@dataclass(slots=True)
class Row:
    """``lower <= sum <= upper`` over variables alone; None for no limit."""

    variables: list[int]
    coefficients: list[int]
    lower: int | None
    upper: int | None

    def holds(self, values: Sequence[int]) -> bool:
        """Whether an assignment of all variables keeps it."""
        total = sum(c * values[v] for v, c in zip(self.variables, self.coefficients, strict=True))
        low, high = self.lower, self.upper
        return (low is None or low <= total) and (high is None or total <= high)


@dataclass(slots=True)
class Program:
    """Variables and rows.

    Attributes:
        lower, upper: bounds of every variable.
        rows: the constraints, in the order they were added.
        totals: the numbers of the rows over a level's whole objective.
    """

    lower: list[int] = field(default_factory=lambda: [1])
    upper: list[int] = field(default_factory=lambda: [1])
    rows: list[Row] = field(default_factory=list)
    totals: set[int] = field(default_factory=set)
    _shortages: dict[object, int] = field(default_factory=dict)

    def integer(self, upper: int) -> int:
        """A new variable from 0 to `upper`."""
        self.lower.append(0)
        self.upper.append(upper)
        return len(self.lower) - 1

    def boolean(self) -> int:
        """A new variable, 0 or 1."""
        return self.integer(1)

    def most(self, total: Sum) -> int:
        """The most a sum can be within its variables' bounds."""
        lower, upper = self.lower, self.upper
        terms = total.terms.items()
        return total.constant + sum(c * (upper if c > 0 else lower)[v] for v, c in terms)

    def at_most(self, total: Sum, upper: int) -> None:
        """Demand ``total <= upper``."""
        self._row(total, None, upper)

    def at_least(self, total: Sum, lower: int) -> None:
        """Demand ``total >= lower``."""
        self._row(total, lower, None)

    def implies(self, variable: int, other: int) -> None:
        """Demand ``variable <= other`` of two Booleans."""
        if other != ONE:
            self.rows.append(Row([variable, other], [1, -1], None, 0))

    def equal(self, total: Sum, value: int) -> None:
        """Demand ``total == value``."""
        self._row(total, value, value)

    def within(self, total: Sum, lower: int, upper: int) -> None:
        """Demand ``lower <= total <= upper``."""
        self._row(total, lower, upper)

    def limit(self, objective: Sum, lower: int | None, upper: int | None) -> None:
        """Demand ``lower <= objective <= upper`` of a level's objective; None for no limit."""
        number = len(self.rows)
        self._row(objective, lower, upper)
        self.totals.update(range(number, len(self.rows)))

    def _row(self, total: Sum, lower: int | None, upper: int | None) -> None:
        low = None if lower is None else lower - total.constant
        high = None if upper is None else upper - total.constant
        if not total.terms and (low is None or low <= 0) and (high is None or high >= 0):
            return
        self.rows.append(Row(list(total.terms), list(total.terms.values()), low, high))

    def fixed(self, values: Sequence[int]) -> Program:
        """The same program with its first variables fixed at these values."""
        known = list(values)
        lower = [*known, *self.lower[len(known) :]]
        upper = [*known, *self.upper[len(known) :]]
        return Program(lower, upper, self.rows)

    def narrowed(
        self,
        variables: Sequence[int],
        values: Sequence[int],
        objective: Sum,
        rows: Iterable[int],
    ) -> Narrowed:
        """The program over these variables and rows alone, all other variables as in `values`.

        Args:
            variables: ascending.
            values: of all variables.
            objective: over all variables; what these add to it is the new one's.
            rows: the numbers of those that have one of these variables, but those to leave out.
        """
        numbers = {variable: number for number, variable in enumerate(variables, start=1)}
        program = Program(
            [1, *(self.lower[v] for v in variables)], [1, *(self.upper[v] for v in variables)]
        )
        part = Sum()
        for variable in numbers.keys() & objective.terms.keys():
            part.add(numbers[variable], objective.terms[variable])
        narrowed = Narrowed(program, part, variables)
        for number in rows:
            narrowed.rows.append(number)
            program.rows.append(_narrowed(self.rows[number], numbers, values))
        return narrowed

    def with_row(self, total: Sum, lower: int) -> Program:
        """The same program with one row more: ``total >= lower``."""
        more = Program(self.lower, self.upper, list(self.rows))
        more.at_least(total, lower)
        return more

    def shortage(self, wanted: Iterable[Sum], upper: int) -> int:
        """A variable at least 0 and each of these sums: what is short, if it is minimised.

        Equal sums share one variable: days with the same people present, and tasks with the
        same holder and the same qualified people, are one shortage counted several times.
        """
        sums = {total.key(): total for total in wanted}
        key = frozenset(sums)
        if key not in self._shortages:
            variable = self.integer(upper)
            for total in sums.values():
                self.at_least(Sum([(variable, 1)]).plus(total, -1), 0)
            self._shortages[key] = variable
        return self._shortages[key]


class Narrowed:
    """A program over some variables of another one, all others as they are.

    Attributes:
        program, objective: over variable k + 1 for the k-th of them.
        variables: in the other program, ascending.
        rows: the other program's rows that this one's rows are what is left of.
    """

    def __init__(self, program: Program, objective: Sum, variables: Sequence[int]) -> None:
        self.program = program
        self.objective = objective
        self.variables = variables
        self.rows: list[int] = []

    def part(self, values: Sequence[int]) -> list[int]:
        """These variables' values, of values of all."""
        return [1, *(values[v] for v in self.variables)]

    def put(self, part: Sequence[int], values: Sequence[int]) -> list[int]:
        """Values of all, with these variables' replaced."""
        changed = list(values)
        for variable, value in zip(self.variables, part[1:], strict=True):
            changed[variable] = value
        return changed


def _narrowed(row: Row, numbers: dict[int, int], values: Sequence[int]) -> Row:
    variables, coefficients, constant = [], [], 0
    for variable, coefficient in zip(row.variables, row.coefficients, strict=True):
        number = numbers.get(variable)
        if number is None:
            constant += coefficient * values[variable]
        else:
            variables.append(number)
            coefficients.append(coefficient)
    low = None if row.lower is None else row.lower - constant
    high = None if row.upper is None else row.upper - constant
    return Row(variables, coefficients, low, high)
