"""Two files of results side by side: `python -m benchmarks.compare A.json B.json`.

Of every instance in both, B's medians over A's: below 1 is faster, or smaller. Then the levels of
which B found or proved less. The exit code is 1 if there are any.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
from collections.abc import Callable, Sequence

from benchmarks import results
from benchmarks.results import Results, RunRow

Key = tuple[str, str, str]

MEASURES: dict[str, Callable[[RunRow], float | None]] = {
    "wall": lambda run: run.wall_seconds,
    "building": lambda run: run.building_seconds,
    "first plan": lambda run: run.first_plan_seconds,
    "integral": lambda run: run.primal_integral,
    "memory": lambda run: run.peak_memory_mib,
}
"""What is compared as a ratio."""

_LEAST = 1e-3
"""Shorter times, in seconds, count as this: nothing can be said of their ratio."""


def main(arguments: list[str]) -> int:
    """Compare and print; 1 if something got worse."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("a")
    parser.add_argument("b")
    options = parser.parse_args(arguments)
    a, b = results.read(options.a), results.read(options.b)
    for name, one in (("A", a), ("B", b)):
        print(f"{name}: {described(one)}")
    first, second = grouped(a), grouped(b)
    both = [key for key in first if key in second]
    for row in table(both, first, second):
        print(row)
    lines = [line for key in both for line in worse(first[key], second[key])]
    for key in (*(k for k in first if k not in second), *(k for k in second if k not in first)):
        print(f"only in {'A' if key in first else 'B'}: {named(key)}")
    for key in both:
        if conditions(first[key]) != conditions(second[key]):
            print(f"not under the same limits: {named(key)}")
    print(f"worse in B: {len(lines) or 'nothing'}")
    for line in lines:
        print(f"  {line}")
    return int(bool(lines))


def described(found: Results) -> str:
    """Where a file of results is from, in a line."""
    commit = (found.commit or "no commit")[:12] + (" and changes" if found.changed else "")
    machine = found.machine
    return f"{found.tier}, {commit}, {found.started_at:%Y-%m-%d}, {machine.cores} × {machine.cpu}"


def grouped(found: Results) -> dict[Key, list[RunRow]]:
    """The runs by instance, policy and solver."""
    groups: dict[Key, list[RunRow]] = {}
    for run in found.runs:
        groups.setdefault(run.key, []).append(run)
    return groups


def conditions(runs: Sequence[RunRow]) -> set[tuple[float, int]]:
    """Time limits and workers: where they differ, ratios say little."""
    return {(run.time_limit, run.workers) for run in runs}


def table(keys: Sequence[Key], a: dict[Key, list[RunRow]], b: dict[Key, list[RunRow]]) -> list[str]:
    """A row per instance, and the geometric means of the ratios."""
    width = max((len(named(key)) for key in keys), default=0)
    rows = ["  ".join([" " * width, *(f"{name:>10}" for name in MEASURES)])]
    columns: list[list[float]] = [[] for _ in MEASURES]
    for key in keys:
        cells = []
        for column, measure in zip(columns, MEASURES.values(), strict=True):
            ratio = _ratio(a[key], b[key], measure)
            cells.append(f"{'' if ratio is None else format(ratio, '.2f'):>10}")
            column += [] if ratio is None else [ratio]
        rows.append("  ".join([f"{named(key):<{width}}", *cells]))
    means = [f"{math.exp(statistics.fmean(map(math.log, c))):.2f}" if c else "" for c in columns]
    rows.append("  ".join([f"{'geometric mean':<{width}}", *(f"{mean:>10}" for mean in means)]))
    return rows


def _ratio(
    a: Sequence[RunRow], b: Sequence[RunRow], measure: Callable[[RunRow], float | None]
) -> float | None:
    medians = []
    for runs in (a, b):
        values = [value for value in map(measure, runs) if value is not None]
        if not values:
            return None
        medians.append(max(_LEAST, statistics.median(values)))
    return medians[1] / medians[0]


def worse(a: Sequence[RunRow], b: Sequence[RunRow]) -> list[str]:
    """What B's middle run found or proved less than A's: statuses, values, bounds.

    Values and bounds of a level are compared while the levels before have the same best.
    """
    one, two = _middle(a), _middle(b)
    name = named(one.key)
    if one.input_sha256 != two.input_sha256 or one.policy_sha256 != two.policy_sha256:
        return [f"{name}: not the same input or policy"]
    contradict = one.status != two.status and "infeasible" in (one.status, two.status)
    if contradict or _rank(one) < _rank(two):
        return [f"{name}: {one.status} -> {two.status}"]
    lines = []
    for before, after in zip(one.levels, two.levels, strict=False):
        if before.bound is not None and (after.bound is None or after.bound < before.bound):
            lines.append(f"{name}: {before.level}: bound {before.bound} -> {after.bound}")
        if before.best != after.best:
            if before.best is not None and (after.best is None or after.best > before.best):
                lines.append(f"{name}: {before.level}: best {before.best} -> {after.best}")
            break
    return lines


_RANKS = {"infeasible": 0, "optimal": 0, "feasible": 1, "unknown": 2, "failed": 3}


def _rank(run: RunRow) -> int:
    return _RANKS[run.status]


def _middle(runs: Sequence[RunRow]) -> RunRow:
    """The run in the middle, the better of two, by how it ended and by its values in order."""
    ranked = sorted(runs, key=lambda run: (_rank(run), run.bests))
    return ranked[(len(ranked) - 1) // 2]


def named(key: Key) -> str:
    """An instance, with policy and solver where they are not the usual ones."""
    instance, policy, solver = key
    beside = [policy] * (policy != "default") + [solver] * (solver != "tiimi")
    return f"{instance} ({', '.join(beside)})" if beside else instance


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
