"""What a large level costs at least: prices of a program's rows, and what they prove.

Two ways side by side. The relaxation of the whole gives the best prices there are, where it ends in
time. Prices that climb (`optimizer.lagrangian`) prove something from the first one on, however
large the program is. Both are proven in whole numbers (`optimizer.relaxation`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from optimizer.cpsat import Limits
from optimizer.lagrangian import Ascent
from optimizer.program import Program, Sum
from optimizer.relaxation import proven_bound, relax

RELAXED = 100_000
"""Up to so many variables the relaxation of the whole may end in time."""


class Pricing:
    """Prices of a program's rows, which get better while there is time."""

    def __init__(self, program: Program, objective: Sum) -> None:
        """Begin at prices that cost nothing to find.

        Args:
            program: variables and rows.
            objective: what to minimise.
        """
        self._program = program
        self._objective = objective
        self._ascent = Ascent(program, objective)
        self._relaxed: int | None = None

    def bound(self, most: int, limits: Limits) -> int:
        """What is proven after so much time; no plan costs less.

        Args:
            most: what a known plan costs.
            limits: deadline and stop; with more than one worker the relaxation is tried.
        """
        if self._relaxed is not None:
            return self._relaxed
        if limits.workers > 1 and len(self._program.lower) <= RELAXED:
            with ThreadPoolExecutor(max_workers=1) as executor:
                relaxing = executor.submit(self._relax, limits)
                found = self._ascent.climb(most, limits, relaxing.done)
            self._relaxed = relaxing.result()
            if self._relaxed is not None:
                return self._relaxed
        else:
            found = self._ascent.climb(most, limits)
        return proven_bound(self._program, self._objective, found.prices, found.choices)

    def _relax(self, limits: Limits) -> int | None:
        relaxed = relax(self._program, self._objective, limits)
        if relaxed is None:
            return None
        return proven_bound(self._program, self._objective, dict(enumerate(relaxed.prices)))
