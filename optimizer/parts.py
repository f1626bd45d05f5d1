"""Searching a window or block of teams with everything else as it is, from a plan.

Several may be searched side by side from the same plan (docs/formulation.md, "Large
organisations").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optimizer.cpsat import Answer, Limits, minimise
from optimizer.program import Narrowed, Sum
from optimizer.relaxation import Relaxed, relax
from optimizer.windows import Possible, Windows

PART_SECONDS = 10.0
"""Most that the relaxation or the search of one part may take."""

PART = 2
"""Making a part for the solvers and reading their answers takes no longer than so many times
building as many variables.
"""

SURE = 0.001
"""Less than this of a placement is none."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found in a part of a program.

    Attributes:
        part: the part.
        answer: over its variables.
    """

    part: Narrowed
    answer: Answer


class Parts:
    """Searches in a model's windows, as long as there is time to make a part."""

    def __init__(self, windows: Windows, objective: Sum) -> None:
        self._windows = windows
        self._objective = objective

    def search_entirely(
        self, teams: tuple[str, ...], values: Sequence[int], limits: Limits
    ) -> Found | None:
        """The best plan of some teams; None if no time was left to make the part.

        Args:
            teams: whose decisions are open.
            values: of the plan to start from.
            limits: deadline, threads, seed, stop.
        """
        return self._search(teams, values, self._windows.around(teams, values), limits)

    def search_open(
        self, teams: tuple[str, ...], values: Sequence[int], limits: Limits
    ) -> Found | None:
        """The same for more teams: their relaxation leaves few people more than one of them.

        Nobody is placed where it would not place them, but for where they are.
        """
        around = self._windows.around(teams, values)
        part = self._part(teams, values, around, limits)
        if part is None:
            return None
        relaxed = relax(part.program, part.objective, limits.within(PART_SECONDS))
        if relaxed is None:
            return Found(part, Answer("unknown", None, None, None))
        shares = dict(zip(part.variables, relaxed.values[1:], strict=True))
        return self._search_among(teams, values, around, shares, limits)

    def search_all_open(
        self, relaxed: Relaxed, values: Sequence[int], limits: Limits
    ) -> Found | None:
        """The same for all teams at once, where their relaxation is known."""
        place = self._windows.model.placement.place
        everywhere = {e: set(options) for e, options in place.items()}
        shares = dict(enumerate(relaxed.values))
        teams = tuple(self._windows.model.facts.teams)
        return self._search_among(teams, values, everywhere, shares, limits)

    def _search_among(
        self,
        teams: tuple[str, ...],
        values: Sequence[int],
        around: Possible,
        shares: Mapping[int, float],
        limits: Limits,
    ) -> Found | None:
        place = self._windows.model.placement.place
        possible = {
            e: [t for t in options if values[place[e][t]] or shares.get(place[e][t], 0.0) > SURE]
            for e, options in around.items()
        }
        return self._search(teams, values, possible, limits)

    def _search(
        self, teams: tuple[str, ...], values: Sequence[int], possible: Possible, limits: Limits
    ) -> Found | None:
        part = self._part(teams, values, possible, limits)
        if part is None:
            return None
        hint = part.part(values)
        within = limits.within(PART_SECONDS)
        return Found(part, minimise(part.program, part.objective, within, hint))

    def _part(
        self, teams: tuple[str, ...], values: Sequence[int], possible: Possible, limits: Limits
    ) -> Narrowed | None:
        variables = self._windows.open(teams, possible)
        if limits.left < self._windows.model.pace * len(variables) * PART:
            return None
        return self._windows.narrowed(variables, values, self._objective)
