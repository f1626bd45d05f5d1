"""The goals of speed on two processors, and whether runs reach them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.results import RunRow

OURS = "tiimi"
PLAIN_HIGHS = "highs_plain"
"""HiGHS on the rows of the plain per-period model (`benchmarks.peers`)."""

_LATE = 1.05
"""A run that is told to stop ends a little later; so many times its limit is in time."""


@dataclass(frozen=True)
class Judged:
    """What was measured of a goal; `reached` is None if nothing was."""

    measured: str
    reached: bool | None


@dataclass(frozen=True)
class Goal:
    """A goal.

    Attributes:
        on: which instances, in words.
        wanted: what is wanted of them, in words.
        meant: which runs are meant.
        judge: says of them what was measured.
    """

    on: str
    wanted: str
    meant: Callable[[RunRow], bool]
    judge: Callable[[Sequence[RunRow]], Judged]

    def judged(self, runs: Iterable[RunRow]) -> Judged:
        """Of all runs, whoever's."""
        meant = [run for run in runs if self.meant(run)]
        if not any(run.solver == OURS for run in meant):
            return Judged("not measured", None)
        return self.judge(meant)


def _named(start: str, policy: str = "default") -> Callable[[RunRow], bool]:
    """Runs of feasible instances whose name begins so."""

    def meant(run: RunRow) -> bool:
        begins = run.instance == start or run.instance.startswith((f"{start}-", f"{start}:"))
        return begins and run.policy == policy and not run.instance.endswith("-infeasible")

    return meant


def _proven(median: float, worst: float | None = None) -> Callable[[Sequence[RunRow]], Judged]:
    """All levels proven, within so many seconds in the median and at worst."""

    def judge(runs: Sequence[RunRow]) -> Judged:
        seconds = _proof_seconds(runs)
        middle, last = statistics.median(seconds), max(seconds)
        proven = sum(map(math.isfinite, seconds))
        measured = f"{proven} of {len(seconds)} proven, median {_said(middle)}, worst {_said(last)}"
        return Judged(measured, middle <= median and last <= (worst or math.inf))

    return judge


def _times_faster(median: float, times: float) -> Callable[[Sequence[RunRow]], Judged]:
    """The same, and so many times faster than HiGHS on the plain rows, where that was run."""

    def judge(runs: Sequence[RunRow]) -> Judged:
        own = _proven(median)(runs)
        theirs = [run.wall_seconds for run in runs if run.solver == PLAIN_HIGHS]
        ours = statistics.median(_proof_seconds(runs))
        if not theirs:
            return Judged(f"{own.measured}; HiGHS not measured", None if own.reached else False)
        faster = statistics.median(theirs) / ours
        ended = any(r.solver == PLAIN_HIGHS and r.status != "optimal" for r in runs)
        measured = f"{own.measured}; {'over ' if ended else ''}{faster:.1f} times HiGHS's speed"
        return Judged(measured, bool(own.reached) and faster >= times)

    return judge


def _within(gap: float, seconds: float, first_plan: float | None = None) -> Callable[..., Judged]:
    """Every level within a gap in so many seconds, and a plan before, where that is wanted."""

    def judge(runs: Sequence[RunRow]) -> Judged:
        every = [run for run in runs if run.solver == OURS]
        ours = _given_most(every, seconds)
        worst, where = max(map(_worst_gap, ours))
        in_time = all(run.wall_seconds <= _LATE * seconds for run in ours)
        measured = f"worst gap {100 * worst:.1f} %{where}, within {_slowest(ours)}"
        reached = in_time and worst <= gap
        if first_plan is not None:
            first = max(map(_first_plan, every))
            measured = f"first plan {_said(first)}, {measured}"
            reached = reached and first <= first_plan
        return Judged(measured, reached)

    return judge


def _given_most(runs: Sequence[RunRow], seconds: float) -> list[RunRow]:
    """Of each instance the runs given most time, but not more than so many seconds if there are."""
    limits: dict[str, set[float]] = {}
    for run in runs:
        limits.setdefault(run.instance, set()).add(run.time_limit)
    most = {
        instance: max((one for one in given if one <= seconds), default=min(given))
        for instance, given in limits.items()
    }
    return [run for run in runs if run.time_limit == most[run.instance]]


def _planned(seconds: float, mib: int) -> Callable[[Sequence[RunRow]], Judged]:
    """A plan within so many seconds, and so much memory."""

    def judge(runs: Sequence[RunRow]) -> Judged:
        ours = [run for run in runs if run.solver == OURS]
        first = max(map(_first_plan, ours))
        memory = max(run.peak_memory_mib or 0 for run in ours)
        measured = f"first plan {_said(first)}, {memory:,} MiB, worst gap"
        measured += f" {100 * max(map(_worst_gap, ours))[0]:.1f} %"
        return Judged(measured, first <= seconds and 0 < memory <= mib)

    return judge


def _proof_seconds(runs: Sequence[RunRow]) -> list[float]:
    ours = [run for run in runs if run.solver == OURS]
    return [run.wall_seconds if run.status == "optimal" else math.inf for run in ours]


def _worst_gap(run: RunRow) -> tuple[float, str]:
    """The widest gap of a run's levels, and where that is."""
    gaps = [(level.open_gap, f" ({run.instance}: {level.level})") for level in run.levels]
    return max(gaps, default=(1.0, f" ({run.instance}: no plan)"))


def _first_plan(run: RunRow) -> float:
    return math.inf if run.first_plan_seconds is None else run.first_plan_seconds


def _slowest(runs: Sequence[RunRow]) -> str:
    return _said(max(run.wall_seconds for run in runs))


def _said(seconds: float) -> str:
    return f"{seconds:.1f} s" if math.isfinite(seconds) else "no proof"


GOALS = (
    Goal(
        "`jamsa-2018` and variants",
        "all levels proven, median ≤ 2 s, worst ≤ 5 s",
        _named("jamsa-2018"),
        _proven(2, 5),
    ),
    Goal(
        "random, 57 people, all eligible everywhere",
        "all levels proven ≤ 5 s median, 10 times faster than HiGHS on the plain rows",
        _named("random"),
        _times_faster(5, 10),
    ),
    Goal(
        "the same under the joint policy",
        "all levels proven ≤ 60 s",
        _named("random", "joint"),
        _proven(60, 60),
    ),
    Goal("200 people, 8 teams", "all levels proven ≤ 60 s", _named("scale-200"), _proven(60, 60)),
    Goal(
        "500 people, 15 teams",
        "each level within 1 % in 120 s",
        _named("scale-500"),
        _within(0.01, 120),
    ),
    Goal(
        "1,000 people, 25 teams",
        "each level within 2 % in 300 s",
        _named("scale-1000"),
        _within(0.02, 300),
    ),
    Goal(
        "5,000 people, 100 teams",
        "valid plan in 60 s, each level within 5 % in 15 min",
        _named("scale-5000"),
        _within(0.05, 900, first_plan=60),
    ),
    Goal(
        "20,000 people, 400 teams",
        "valid plan in 5 min within 8 GiB",
        _named("scale-20000"),
        _planned(300, 8 * 1024),
    ),
)
"""In order of size."""
