"""What a large level costs at least: prices of a program's rows, and what they prove.

The relaxation of the whole has the best prices there are, where it ends in time. Prices that climb
(`optimizer.lagrangian`) prove something from the first one on, however large the program is. Both
are proven in whole numbers (`optimizer.relaxation`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from optimizer.cpsat import Limits
from optimizer.lagrangian import Ascent
from optimizer.program import Program, Sum
from optimizer.relaxation import proven_bound, relax
from optimizer.threads import Stop

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
            limits: deadline, workers, stop. With more than one worker the relaxation is solved
                beside the climb, with one when that is over.
        """
        if self._relaxed is not None:
            return self._relaxed
        if len(self._program.lower) > RELAXED:
            return self._climb(most, limits)
        if limits.workers > 1:
            climbed, self._relaxed = self._side_by_side(most, limits)
        else:
            climbed = self._climb(most, limits)
            if climbed < most and self._ascent.is_over:
                self._relaxed = self._relax(limits)
        return climbed if self._relaxed is None else max(climbed, self._relaxed)

    def _side_by_side(self, most: int, limits: Limits) -> tuple[int, int | None]:
        """Climb and relax until one has proven all it can."""
        enough = Stop(limits.stop)
        within = replace(limits, stop=enough)

        def relaxing() -> int | None:
            bound = self._relax(within)
            if bound is not None:
                enough.set()
            return bound

        with ThreadPoolExecutor(max_workers=1) as executor:
            relaxed = executor.submit(relaxing)
            try:
                climbed = self._climb(most, within)
                if climbed >= most:
                    enough.set()
            except BaseException:
                enough.set()
                raise
        return climbed, relaxed.result()

    def _climb(self, most: int, limits: Limits) -> int:
        found = self._ascent.climb(most, limits)
        return proven_bound(self._program, self._objective, found.prices, found.choices)

    def _relax(self, limits: Limits) -> int | None:
        relaxed = relax(self._program, self._objective, limits)
        if relaxed is None:
            return None
        return proven_bound(self._program, self._objective, dict(enumerate(relaxed.prices)))
