"""Performance profiles: how often a contestant is within a factor of the best one.

After Dolan and Moré, *Mathematical Programming* 91 (2002): on every problem each contestant's
measure is divided by the least of all; the profile says on which part of the problems that ratio
is at most so much. Where it begins is how often it is the best, where it ends how often it gets
there at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

from benchmarks.report.contest import Contest, Contestant, Problem, median, proof_seconds


@dataclass(frozen=True)
class Measure:
    """What is compared.

    Attributes:
        name: what it is called; in seconds.
        value: of a contestant on a problem; infinite where it never got there.
        takes_part: whether it can be said of a contestant at all.
        of_all: whether a problem counts where nobody got there.
    """

    name: str
    value: Callable[[Contest, Contestant, Problem], float]
    takes_part: Callable[[Contestant], bool]
    of_all: bool


FACTORS = (1.0, 1.5, 2.0, 4.0, 10.0, 100.0)
"""The factors of the table."""

LEAST = 1e-2
"""Shorter times, in seconds, count as this: nothing can be said of their ratio."""


@dataclass(frozen=True)
class Profile:
    """What several contestants took on the problems they share.

    Attributes:
        problems: those that all contestants were run on.
        measured: by contestant, in order of the problems.
        left_out: contestants who share no problem with the others.
    """

    problems: tuple[Problem, ...]
    measured: Mapping[str, tuple[float, ...]]
    left_out: tuple[str, ...]

    @property
    def ratios(self) -> dict[str, tuple[float, ...]]:
        """To the best contestant, by problem; infinite where it never got there."""
        best = [min(values) for values in zip(*self.measured.values(), strict=True)]
        return {
            name: tuple(
                math.inf if math.isinf(value) else value / least
                for value, least in zip(values, best, strict=True)
            )
            for name, values in self.measured.items()
        }


def profile(whole: Contest, measure: Measure) -> Profile:
    """The profile over the problems that all were run on.

    Whoever has nothing in common with the others is left out, the one with the fewest problems
    first.
    """
    taking_part = [each for each in whole.contestants if measure.takes_part(each)]
    left_out: list[str] = []
    shared: list[Problem] = []
    while taking_part:
        shared = [p for p in whole.problems if all(p in each.runs for each in taking_part)]
        if shared:
            break
        fewest = min(reversed(taking_part), key=lambda each: len(each.runs))
        taking_part.remove(fewest)
        left_out.append(fewest.name)
    rows = [
        [max(LEAST, measure.value(whole, each, problem)) for each in taking_part]
        for problem in shared
    ]
    counted = [measure.of_all or any(map(math.isfinite, row)) for row in rows]
    columns = zip(*compress(rows, counted), strict=True)
    names = [each.name for each in taking_part]
    return Profile(
        tuple(compress(shared, counted)),
        dict(zip(names, columns, strict=True)) if any(counted) else {},
        tuple(left_out),
    )


def share_within(values: Sequence[float], limit: float) -> float:
    """The part of the values that is at most a limit."""
    return sum(value <= limit for value in values) / len(values) if values else 0.0


def primal_integral(_: Contest, contestant: Contestant, problem: Problem) -> float:
    """The median over the runs; infinite where no run has one."""
    found = median(contestant.runs.get(problem, ()), lambda run: run.primal_integral)
    return math.inf if found is None else found


def _has_integral(contestant: Contestant) -> bool:
    runs = (run for runs in contestant.runs.values() for run in runs)
    return any(run.primal_integral is not None for run in runs)


MEASURES = (
    Measure("time until all is proven", proof_seconds, lambda _: True, of_all=True),
    Measure("primal integral", primal_integral, _has_integral, of_all=False),
)
