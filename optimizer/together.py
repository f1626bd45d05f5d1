"""Several levels minimised at once, as one sum in which each outweighs all after it.

Without a tolerance between them that is the same as one after the other, with one proof in place
of several that take as long each (docs/formulation.md, "Levels").
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from models.policy import Level
from optimizer.program import Program, Sum

LARGEST = 1 << 40
"""No sum of several levels reaches more: of a linear solver's 53 bits some are for fractions."""


@dataclass(slots=True)
class SolvedLevel:
    """A level, what it costs as a sum, and how it ended."""

    level: Level
    index: int
    objective: Sum
    best: int
    bound: int
    allowed: int
    proven: bool
    seconds: float


class Together:
    """The levels and their sum.

    Attributes:
        levels: in order; as many of those given as fit into one sum, at least the first.
        objectives: what each weighs, in order.
        objective: the sum to minimise.
        began: when its levels began, by `time.monotonic()`.
    """

    def __init__(
        self,
        program: Program,
        levels: Sequence[Level],
        objectives: Sequence[Sum],
        began: float,
    ) -> None:
        most = [program.most(objective) for objective in objectives]
        fitting, product = 0, 1
        while fitting < len(levels) and (not fitting or product * (1 + most[fitting]) <= LARGEST):
            product *= 1 + most[fitting]
            fitting += 1
        self.levels, self.objectives = levels[:fitting], objectives[:fitting]
        self._weights = [1]
        for highest in most[fitting - 1 : 0 : -1]:
            self._weights.insert(0, self._weights[0] * (1 + highest))
        self.objective = Sum()
        for objective, weight in zip(self.objectives, self._weights, strict=True):
            self.objective.plus(objective, weight)
        self._program = program
        self.began = began
        self._ended: list[float] = []

    def first(self, count: int) -> Together:
        """The first of these levels alone."""
        levels, objectives = self.levels[:count], self.objectives[:count]
        return Together(self._program, levels, objectives, self.began)

    def weighted(self, costs: Sequence[int]) -> int:
        """What costs, one a level, are in the sum."""
        return sum(w * c for w, c in zip(self._weights, costs, strict=True))

    def bounds(self, bound: int, costs: Sequence[int]) -> list[int]:
        """What each level costs at least, while none before it costs more than here.

        Args:
            bound: of the sum.
            costs: a plan's, one a level.
        """
        found = []
        for weight, cost in zip(self._weights, costs, strict=True):
            # What all later ones cost is less than the weight.
            found.append(min(cost, max(0, bound // weight)))
            bound -= weight * cost
        return found

    def now(self, best: int | None, bound: int) -> tuple[int, int | None, int]:
        """Of a search that runs: the first level not proven yet, what it costs, and its bound."""
        if best is None:
            return 0, None, max(0, bound // self._weights[0])
        costs = []
        for weight in self._weights:
            costs.append(best // weight)
            best %= weight
        bounds = self.bounds(bound, costs)
        last = len(costs) - 1
        at = next((i for i in range(last) if bounds[i] < costs[i]), last)
        at = max(at, len(self._ended))
        self._ended += [time.monotonic()] * (at - len(self._ended))
        return at, costs[at], bounds[at]

    def seconds(self) -> list[float]:
        """What each level has taken by now, from the proof of the one before to its own."""
        ends = [*self._ended, *[time.monotonic()] * (len(self.levels) - len(self._ended))]
        return [end - start for start, end in zip([self.began, *ends], ends, strict=False)]
