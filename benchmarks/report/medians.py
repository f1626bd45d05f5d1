"""The medians of ours by problem, and how far they are from the best that is known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from benchmarks.known import Known
from benchmarks.report.blocks import Table, number, seconds, table
from benchmarks.report.contest import Contest, Contestant, Problem, median, named, outcome
from benchmarks.report.sections import cell
from benchmarks.results import RunRow


def medians(whole: Contest, best: Mapping[Problem, Known]) -> list[Table]:
    """A table of each contestant of ours, a row a problem."""
    return [
        _medians(f"medians-{index}", whole, each, best) for index, each in enumerate(whole.ours)
    ]


def _medians(
    name: str, whole: Contest, contestant: Contestant, best: Mapping[Problem, Known]
) -> Table:
    rows = []
    for problem in whole.problems:
        runs = contestant.runs.get(problem)
        if runs:
            answered = [run.wall_seconds for run in runs if run.status in ("optimal", "infeasible")]
            worst = max(answered) if len(answered) == len(runs) else math.inf
            rows.append(
                [
                    named(problem),
                    number(whole.people.get(problem)),
                    " / ".join(sorted({f"{run.time_limit:g}" for run in runs})),
                    f"{len(answered)} of {len(runs)}",
                    seconds(median(runs, lambda run: run.wall_seconds)),
                    seconds(worst),
                    *(cell(outcome(runs, level)) for level in whole.level_names),
                    from_best(runs, best.get(problem)),
                    seconds(median(runs, lambda run: run.building_seconds)),
                    seconds(median(runs, lambda run: run.first_plan_seconds)),
                    number(median(runs, lambda run: run.peak_memory_mib)),
                ]
            )
    heads = ["people", "limit, s", "proven", "median, s", "worst, s", *whole.level_names]
    heads += ["to best known", "building, s", "first plan, s", "MiB"]
    return table(name, f"{contestant.name}, by problem", ["problem"], heads, rows)


def from_best(runs: Sequence[RunRow], best: Known | None) -> str:
    """The first level of the middle run that costs something else than is known, and how much.

    A level counts as the same if it costs the same; later ones have other limits then.
    """
    middle = sorted(runs, key=lambda run: (not run.levels, run.bests))[(len(runs) - 1) // 2]
    if best is None or middle.input_sha256 != best.input_sha256:
        return ""
    if best.conflict or not middle.levels:
        return "=" if best.conflict and middle.conflicts else "no answer"
    for level, least in zip(middle.levels, best.levels, strict=False):
        if level.best is not None and level.best != least.best:
            part = 100 * (level.best - least.best) / max(1, least.best)
            return f"{level.level} {part:+.2f} %".replace("-", "−")
    return "="
