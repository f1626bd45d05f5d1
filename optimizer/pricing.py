"""What a large level costs at least: prices of a program's rows, and what they prove.

The relaxation of the whole has the best prices there are, where it ends in time. Prices that climb
(`optimizer.lagrangian`) prove something from the first one on, however large the program is. Both
are proven in whole numbers (`optimizer.relaxation`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from optimizer.cpsat import Limits
from optimizer.lagrangian import Ascent
from optimizer.program import Program, Sum
from optimizer.relaxation import Relaxed, proven_bound, relax
from optimizer.threads import Stop

RELAXED = 100_000
"""Up to so many variables the relaxation of the whole may end in time."""

UNCLIMBED = 20_000
"""Up to so many variables the relaxation ends sooner than a climb brings anything."""


class Pricing:
    """Prices of a program's rows, which get better while there is time.

    Attributes:
        relaxed: the relaxation of the whole, once it is solved.
    """

    def __init__(self, program: Program, objective: Sum) -> None:
        """Begin at prices that cost nothing to find.

        Args:
            program: variables and rows.
            objective: what to minimise.
        """
        self._program = program
        self._objective = objective
        self._ascent = Ascent(program, objective)
        self.relaxed: Relaxed | None = None
        self._bound = 0

    def bound(self, most: int, limits: Limits) -> int:
        """What is proven after so much time; no plan costs less.

        Args:
            most: what a known plan costs.
            limits: deadline, workers, stop. With more than one worker the relaxation is solved
                beside the climb, with one when that is over; that of a small program, alone.
        """
        if self.relaxed is None:
            variables = len(self._program.lower)
            if variables <= UNCLIMBED:
                self._take(relax(self._program, self._objective, limits, dual=True))
            elif variables > RELAXED:
                self._climb(most, limits)
            elif limits.workers > 1:
                self._side_by_side(most, limits)
            else:
                self._climb(most, limits)
                if self._bound < most and self._ascent.is_over:
                    self._take(relax(self._program, self._objective, limits))
        return self._bound

    def _side_by_side(self, most: int, limits: Limits) -> None:
        """Climb and relax until one has proven all it can."""
        enough = Stop(limits.stop)
        within = replace(limits, stop=enough)

        def relaxing() -> Relaxed | None:
            relaxed = relax(self._program, self._objective, within)
            if relaxed is not None:
                enough.set()
            return relaxed

        with ThreadPoolExecutor(max_workers=1) as executor:
            relaxation = executor.submit(relaxing)
            try:
                self._climb(most, within)
                if self._bound >= most:
                    enough.set()
            except BaseException:
                enough.set()
                raise
        self._take(relaxation.result())

    def _climb(self, most: int, limits: Limits) -> None:
        found = self._ascent.climb(most, limits)
        self._prove(found.prices, found.choices)

    def _take(self, relaxed: Relaxed | None) -> None:
        if relaxed is not None:
            self._prove(dict(enumerate(relaxed.prices)))
            self.relaxed = relaxed

    def _prove(self, prices: Mapping[int, float], choices: Iterable[int] = ()) -> None:
        bound = proven_bound(self._program, self._objective, prices, choices)
        self._bound = max(self._bound, bound)
