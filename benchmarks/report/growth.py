"""How time and memory grow with the number of people: medians by size, and where they bend.

Of the instances that are made for it alone (`fixtures.scale`), under the usual policy.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.report.contest import (
    OURS,
    Contest,
    Contestant,
    LevelOutcome,
    Problem,
    outcome,
)
from benchmarks.results import RunRow
from fixtures import scale


@dataclass(frozen=True)
class Growth:
    """What a contestant takes, by size; sizes rise.

    Attributes:
        sizes: numbers of people.
        measures: by name, one for each size: seconds, MiB, numbers; None where there is none.
        levels: by name, one for each size.
    """

    sizes: tuple[int, ...]
    measures: dict[str, tuple[float | None, ...]]
    levels: dict[str, tuple[LevelOutcome | None, ...]]


MEASURES: dict[str, Callable[[RunRow], float | None]] = {
    "building": lambda run: run.building_seconds,
    "first plan": lambda run: run.first_plan_seconds,
    "in all": lambda run: run.wall_seconds,
    "memory": lambda run: run.peak_memory_mib,
    "variables": lambda run: run.variables,
    "rows": lambda run: run.rows,
}


def growth(whole: Contest, contestant: Contestant) -> Growth:
    """Of all runs of a size; those of an infeasible instance say nothing of levels."""
    by_size: dict[int, list[RunRow]] = {}
    for problem in whole.problems:
        instance, policy = problem
        if instance in scale.names() and policy == "default":
            runs = [run for run in contestant.runs.get(problem, ()) if not run.conflicts]
            if runs:
                by_size.setdefault(whole.people[problem], []).extend(runs)
    sizes = sorted(by_size)
    levels = {
        level: tuple(outcome(by_size[size], level) for size in sizes) for level in whole.level_names
    }
    return Growth(
        tuple(sizes),
        {
            name: tuple(_median(map(measure, by_size[size])) for size in sizes)
            for name, measure in MEASURES.items()
        },
        {level: outcomes for level, outcomes in levels.items() if any(outcomes)},
    )


def together(whole: Contest) -> Contestant:
    """All that is ours as one: of each problem the runs that were given most time."""
    runs: dict[Problem, Sequence[RunRow]] = {}
    for problem in whole.problems:
        every = [run for each in whole.ours for run in each.runs.get(problem, ())]
        if every:
            longest = max(run.time_limit for run in every)
            runs[problem] = [run for run in every if run.time_limit == longest]
    return Contestant(OURS, OURS, "", runs)


def _median(values: Iterable[float | None]) -> float | None:
    given = [value for value in values if value is not None]
    return statistics.median(given) if given else None


def exponents(sizes: tuple[int, ...], values: tuple[float | None, ...]) -> list[float | None]:
    """Between each size and the one before: k where it grows as the k-th power of the people."""
    found: list[float | None] = [None]
    for (a, x), (b, y) in zip(
        zip(sizes, values, strict=True), list(zip(sizes, values, strict=True))[1:], strict=False
    ):
        found.append(math.log(y / x) / math.log(b / a) if x and y else None)
    return found
