"""What there is time for: how long a level may take, and what is not begun any more.

What building the model took is the measure (docs/formulation.md, "Levels" and "The time limit").
"""

from __future__ import annotations

from collections.abc import Sequence

from models.policy import Level
from optimizer.cpsat import Limits
from optimizer.large import is_large
from optimizer.model import Model, is_about_pairs

MOST_OVERRUN = 0.5
"""A goal that may take more seconds to build than there are left, by so many, is not built."""

GOAL, TEAM_PAIRS, ALL_PAIRS = 8, 6, 25
"""What building a goal and the plan's part of it takes at most, in times of what building the model
took: a goal about coverage, one about pairs within the teams so far, one about all pairs with the
first search (docs/formulation.md, "Large organisations").
"""

SURE_OF_PAIRS = 2
"""So many times what pairs within teams need is kept aside: a level may end late."""

LAST = 0.9
"""What the last level may take of the time left; the rest is for the taking back."""


class Schedule:
    """Divides a solve's time."""

    def __init__(self, model: Model, limits: Limits) -> None:
        self._model = model
        self._limits = limits

    def has_time(self, level: Level) -> bool:
        """Whether building what a level weighs ends about in time."""
        needed = self._model.seconds * (TEAM_PAIRS if is_about_pairs(level) else GOAL)
        return needed <= self._limits.left + MOST_OVERRUN

    def lacks_time_for_all_pairs(self, level: Level) -> bool:
        """Whether pairs across a plan's teams would take too much of the time."""
        needed = self._model.seconds * ALL_PAIRS
        return (
            is_about_pairs(level)
            and not self._model.has_all_pairs
            and needed > self._limits.left / 2 + MOST_OVERRUN
        )

    def share(self, left: Sequence[Level], together: int, is_first: bool) -> Limits:
        """Half of what is left a level, or an equal part if the program is large; nine tenths last.

        Time that pairs will need is none of it, but for the first level, which comes before all.

        Args:
            left: the levels not solved yet.
            together: how many of them are solved now.
            is_first: whether none was before.
        """
        seconds = self._limits.left
        if any(map(is_about_pairs, left)) and not self._model.has_all_pairs:
            if not is_first:
                aside = self._model.seconds * TEAM_PAIRS * SURE_OF_PAIRS
                seconds = max(seconds / 2, seconds - aside)
            if self._model.seconds * ALL_PAIRS > seconds / len(left) / 2:
                # Pairs within teams are not searched for.
                left = [one for one in left if not is_about_pairs(one)] or left
        if len(left) <= together:
            return self._limits.within(seconds * LAST)
        if is_large(self._model.program):
            return self._limits.within(seconds / len(left))
        return self._limits.within(seconds * (1 - 0.5**together))
