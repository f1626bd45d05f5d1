"""What a run found less than is known: worse values, worse bounds, contradictions."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks import known
from benchmarks.known import ContradictionError, Known
from benchmarks.results import RunRow
from benchmarks.verifying import facts_of, merged


def worse(run: RunRow, best: Mapping[tuple[str, str], Known]) -> list[str]:
    """What is worse, in words.

    Of every level in order: a best above the best known, a bound below the bound known; a better
    best ends the comparison, as the levels after it have other limits. The plan is evaluated
    afresh, and what contradicts what is known is told as well.
    """
    key = run.instance, run.policy
    if key not in best:
        return [f"{run.instance}: nothing is known of it: python -m benchmarks.best_known update"]
    entry = best[key]
    try:
        merged(facts_of(*key), run, entry, known.read_plans(key))
    except ContradictionError as error:
        return [f"{run.instance}: contradiction: {error}"]
    lines = list(_worse_conflict(run, entry) if entry.conflict else _worse_levels(run, entry))
    return [f"{run.instance}: {line}" for line in lines]


def _worse_conflict(run: RunRow, entry: Known) -> list[str]:
    """A conflict of more rules than the least known one."""
    least = min(map(len, run.conflicts), default=None)
    if least is None:
        return [f"{run.status}, and {', '.join(entry.conflict)} cannot hold together"]
    if least > len(entry.conflict):
        return [f"the least conflict has {least} rules, and {len(entry.conflict)} are known"]
    return []


def _worse_levels(run: RunRow, entry: Known) -> list[str]:
    if not run.levels:
        return [f"{run.status}, and a plan is known"]
    lines = []
    for level, least in zip(run.levels, entry.levels, strict=True):
        if level.bound is None or level.bound < least.bound:
            lines.append(f"{level.level}: bound {level.bound}, and {least.bound} is known")
        if level.best != least.best:
            if level.best is None or level.best > least.best:
                lines.append(f"{level.level}: best {level.best}, and {least.best} is known")
            break
    return lines
