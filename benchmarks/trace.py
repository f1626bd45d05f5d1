"""What a run tells of itself while it runs, and what that sums up to."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.results import LevelRow
from models.proposal import Plan
from optimizer import Progress


@dataclass
class Traced:
    """A level as it was seen from outside; seconds since the run began."""

    improvements: list[tuple[float, int]] = field(default_factory=list)
    proof_seconds: float | None = None
    plan: Plan | None = None


class Trace:
    """Watches a run, from whichever thread; the taking back is not looked at.

    Attributes:
        first_plan_seconds: when the first plan was found; None before.
        levels: by name, those that have begun.
    """

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._lock = threading.Lock()
        self.first_plan_seconds: float | None = None
        self.levels: dict[str, Traced] = {}

    def __call__(self, progress: Progress) -> None:
        """Take note."""
        if progress.taking_back:
            return
        with self._lock:
            now = round(time.perf_counter() - self._started, 3)
            level = self.levels.setdefault(progress.level, Traced())
            if progress.best is not None:
                if self.first_plan_seconds is None:
                    self.first_plan_seconds = now
                if not level.improvements or progress.best < level.improvements[-1][1]:
                    level.improvements.append((now, progress.best))
            if progress.status is not None:
                level.plan = progress.plan
                level.proof_seconds = now if progress.status == "optimal" else None


def primal_integral(
    levels: Sequence[LevelRow], wall_seconds: float, references: Mapping[str, int]
) -> float | None:
    """The mean over levels of the gap between what was found and a reference, times its seconds.

    The gap of a level is 1 until something is found for it, then the difference to the
    reference as a part of the larger of the two (Berthold, *Operations Research Letters*, 2013).
    None if there are no levels.
    """
    if not levels:
        return None
    total = 0.0
    for level in levels:
        before, gap = 0.0, 1.0
        for when, best in level.improvements:
            total += gap * (when - before)
            before, gap = when, primal_gap(best, references[level.level])
        total += gap * max(0.0, wall_seconds - before)
    return round(total / len(levels), 3)


def primal_gap(best: int, reference: int) -> float:
    """The difference as a part of the larger, between 0 and 1; a better one has no gap."""
    return 0.0 if best <= reference else (best - reference) / best
