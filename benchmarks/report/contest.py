"""Who is compared on what: the runs of all files by contestant and problem, and their medians."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.instances import load
from benchmarks.results import Results, RunRow
from fixtures import scale
from models.facts import Facts
from models.policy import Policy

Problem = tuple[str, str]
"""An instance and a policy."""

OURS = "tiimi"


@dataclass(frozen=True)
class Contestant:
    """A solver, of one file.

    Attributes:
        name: the solver's, with the file's where several files have it.
        file: the file's name.
        runs: by problem, at least one each.
    """

    name: str
    solver: str
    file: str
    runs: Mapping[Problem, Sequence[RunRow]]


@dataclass(frozen=True)
class LevelOutcome:
    """How a level went, the median over the runs.

    Attributes:
        seconds: spent on it if it was proven; None if not.
        gap: how far it may be from the best, at most 1; 0 if it was proven.
        has_plan: whether there was a plan at all.
    """

    seconds: float | None
    gap: float
    has_plan: bool


@dataclass(frozen=True)
class Contest:
    """All that is compared.

    Attributes:
        contestants: ours first, then in order of the files.
        problems: smaller ones first.
        people: of each problem, where its instance is known.
    """

    contestants: tuple[Contestant, ...]
    problems: tuple[Problem, ...]
    people: Mapping[Problem, int]

    @property
    def ours(self) -> tuple[Contestant, ...]:
        """Those that are ours."""
        return tuple(each for each in self.contestants if each.solver == OURS)

    @property
    def level_names(self) -> tuple[str, ...]:
        """The levels of all policies, in order."""
        rows = (row for each in self.contestants for runs in each.runs.values() for row in runs)
        return tuple(dict.fromkeys(level.level for row in rows for level in row.levels))

    def has_plan(self, problem: Problem) -> bool:
        """Whether anybody found a plan."""
        return any(run.levels for each in self.contestants for run in each.runs.get(problem, ()))


def contest(files: Mapping[str, Results]) -> Contest:
    """Of files by name; what was not run, for it is not installed, is no contestant."""
    found: dict[tuple[str, str], dict[Problem, list[RunRow]]] = {}
    for file, results in files.items():
        for run in filter(lambda run: run.was_run, results.runs):
            problems = found.setdefault((run.solver, file), {})
            problems.setdefault((run.instance, run.policy), []).append(run)
    solvers = [solver for solver, _ in found]
    contestants = [
        Contestant(
            solver if solvers.count(solver) == 1 else f"{solver} ({file})", solver, file, problems
        )
        for (solver, file), problems in found.items()
    ]
    contestants.sort(key=lambda each: each.solver != OURS)
    every = dict.fromkeys(problem for each in contestants for problem in each.runs)
    people = {problem: people_of(problem[0]) for problem in every}
    ordered = sorted(every, key=lambda problem: people[problem] or 0)
    known = {problem: number for problem, number in people.items() if number is not None}
    return Contest(tuple(contestants), tuple(ordered), known)


def people_of(instance: str) -> int | None:
    """How many are in service in an instance, by its name; None if there is none of that name.

    Nothing large is made for it; a part of an instance has as many as the whole.
    """
    instance = instance.removeprefix("placement:")
    if instance in scale.names():
        return scale.instance(instance).people
    try:
        return len(Facts(load(instance), Policy()).employees)
    except KeyError:
        return None


def named(problem: Problem) -> str:
    """An instance, with its policy where it is not the usual one."""
    instance, policy = problem
    return instance if policy == "default" else f"{instance} ({policy})"


def median(runs: Iterable[RunRow], measure: Callable[[RunRow], float | None]) -> float | None:
    """The median of what was measured; None if nothing was."""
    values = [value for value in map(measure, runs) if value is not None]
    return statistics.median(values) if values else None


def proof_seconds(whole: Contest, contestant: Contestant, problem: Problem) -> float:
    """The median time until all was proven; infinite if that is so of half of the runs.

    Who calls a problem infeasible that somebody has a plan for has proven nothing.
    """
    feasible = whole.has_plan(problem)
    seconds = [
        run.wall_seconds
        if run.status == "optimal" or (run.status == "infeasible" and not feasible)
        else math.inf
        for run in contestant.runs.get(problem, ())
    ]
    return statistics.median(seconds) if seconds else math.inf


def outcome(runs: Sequence[RunRow], level: str | None) -> LevelOutcome | None:
    """How a level went, or all together if None; None if it was not asked for."""
    each = [found for found in (_outcome(run, level) for run in runs) if found is not None]
    if not each:
        return None
    seconds = statistics.median(math.inf if one.seconds is None else one.seconds for one in each)
    gap = statistics.median(one.gap for one in each)
    has_plan = any(one.has_plan for one in each)
    if math.isinf(seconds):
        return LevelOutcome(None, gap, has_plan)
    return LevelOutcome(seconds, 0.0, has_plan)


def _outcome(run: RunRow, name: str | None) -> LevelOutcome | None:
    if name is None:
        if run.status in ("optimal", "infeasible"):
            return LevelOutcome(run.wall_seconds, 0.0, run.status == "optimal")
        return LevelOutcome(
            None, max((x.open_gap for x in run.levels), default=1.0), bool(run.levels)
        )
    for level in run.levels:
        if level.level == name:
            seconds = level.seconds if level.is_proven else None
            return LevelOutcome(seconds, level.open_gap, level.best is not None)
    return None
