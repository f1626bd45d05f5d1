"""The main job: build, run the levels, extract, evaluate, report."""

from __future__ import annotations

import platform
import threading
import time
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import Any

from models.evaluation import Evaluation, evaluate
from models.facts import Facts
from models.organisation import Organisation
from models.policy import GOAL_NAMES, Level, Policy
from models.proposal import GoalCost, LevelResult, Plan, Proposal, Run
from models.warnings import warnings_of
from optimizer.conflicts import (
    SolverError,
    UndecidedError,
    can_hold,
    named_rules,
    smallest_conflict,
)
from optimizer.cpsat import Limits
from optimizer.known import Known, Watch
from optimizer.levels import Levels, RestrictedError
from optimizer.model import Model
from optimizer.relaxations import MOST, Explanation, explain
from optimizer.together import SolvedLevel

DEFAULT_SECONDS = 60.0

ENDING = 4
"""Ending a solver, reading the plan and evaluating it take so many times building the model."""


def propose(
    organisation: Organisation,
    policy: Policy | None = None,
    *,
    time_limit: float = DEFAULT_SECONDS,
    workers: int | None = None,
    seed: int = 0,
    progress: Watch | None = None,
    stop: threading.Event | None = None,
    conflicts: int = MOST,
) -> Proposal:
    """Propose who goes where, who leads, who holds each task, who substitutes whom.

    Args:
        organisation: the input, free of input errors under the policy.
        policy: the working group's; the default one if None.
        time_limit: seconds of wall time after which the best plan so far is the answer.
        workers: threads that prove, beside one that looks for plans if there are several and the
            program is large; by default one per processor. With one, nothing else runs, and the
            same seed gives the same answer unless time ends a search or is too short to begin one.
        seed: of the solver's random choices.
        progress: told how far it is, from other threads.
        stop: when set, the best plan so far is the answer, within a second.
        conflicts: how many to tell at most, and ways out, if no valid plan exists.

    Returns:
        A proposal; infeasible with its conflicts if no valid plan exists, unknown if time
        ran out with nothing (docs/problem.md, section 5).

    Raises:
        SolverError: the evaluation contradicts the solver: a mistake of ours.
    """
    facts = Facts(organisation, policy or Policy())
    limits = Limits.for_seconds(time_limit, workers, seed, stop)
    return solve(facts, limits, progress, most_conflicts=conflicts)


def solve(
    facts: Facts,
    limits: Limits,
    watch: Watch | None = None,
    known: Known | None = None,
    most_conflicts: int = MOST,
) -> Proposal:
    """The same for facts already derived, with what is known from another solve.

    If a restriction leaves no valid plan, its name is the conflict.

    Raises:
        SolverError: the evaluation contradicts the solver: a mistake of ours.
    """
    started_at, started = datetime.now(UTC), time.monotonic()

    def run() -> Run:
        return Run(
            input_sha256=facts.organisation.sha256(),
            policy_sha256=facts.policy.sha256(),
            seed=limits.seed,
            workers=limits.workers,
            time_limit=limits.asked,
            wall_seconds=round(time.monotonic() - started, 3),
            versions=_versions(),
            started_at=started_at,
        )

    try:
        if not can_hold(facts, named_rules(facts), limits):
            why = explain(facts, smallest_conflict(facts, limits), limits, most_conflicts)
            return _infeasible(facts, why, run())
    except UndecidedError:
        return Proposal(status="unknown", run=run(), **_lists(facts))
    model = Model(facts)
    levels = Levels(model, limits.within(limits.left - ENDING * model.seconds), watch, known)
    try:
        found = levels.solve()
    except RestrictedError as error:
        return _infeasible(facts, Explanation((error.args,), (), False), run())
    if not found or levels.values is None:
        return Proposal(status="unknown", run=run(), **_lists(facts))
    plan = model.plan(levels.values)
    evaluation = _agreed(facts, plan, levels)
    return _proposal(facts, plan, evaluation, levels, run())


def _infeasible(facts: Facts, why: Explanation, run: Run) -> Proposal:
    return Proposal(
        status="infeasible",
        conflicts=why.conflicts[0],
        minimal_conflicts=why.conflicts,
        relaxations=why.relaxations,
        conflicts_complete=why.complete,
        run=run,
        **_lists(facts),
    )


def _agreed(facts: Facts, plan: Plan, levels: Levels) -> Evaluation:
    """The plan's evaluation, afresh from the input; loud if the solver claims otherwise."""
    evaluation = evaluate(facts.organisation, facts.policy, plan, facts.held_before)
    if not evaluation.is_valid:
        raise SolverError("; ".join(v.message for v in evaluation.violations))
    for solved in levels.solved:
        value = evaluation.value(solved.level)
        claimed = solved.objective.value(levels.values or ())
        if value > claimed or value > solved.allowed or value < solved.bound:
            raise SolverError(
                f"level {solved.level.name}: the evaluation finds {value}, the solver claims "
                f"{claimed} (bound {solved.bound}, allowed {solved.allowed})"
            )
    return evaluation


def _proposal(
    facts: Facts, plan: Plan, evaluation: Evaluation, levels: Levels, run: Run
) -> Proposal:
    results = [_level_result(facts, level, evaluation) for level in levels.solved]
    results += [_left_out(facts, level, evaluation) for level in levels.left_out]
    proven = all(level.status == "optimal" for level in results)
    return Proposal(
        status="optimal" if proven else "feasible",
        levels=tuple(results),
        placements=plan.placements,
        leads=plan.leads,
        holders=plan.holders,
        gaps=evaluation.gaps,
        substitutes=plan.substitutes,
        run=run,
        **_lists(facts),
    )


def _level_result(facts: Facts, solved: SolvedLevel, evaluation: Evaluation) -> LevelResult:
    return LevelResult(
        level=solved.level.name,
        best=solved.best,
        bound=solved.bound,
        allowed=solved.allowed,
        value=evaluation.value(solved.level),
        status="optimal" if solved.proven else "feasible",
        seconds=round(solved.seconds, 3),
        goals=_goals(facts, solved.level, evaluation),
    )


def _left_out(facts: Facts, level: Level, evaluation: Evaluation) -> LevelResult:
    """A level that no time was left for: what the plan costs there, and no bound but 0."""
    value = evaluation.value(level)
    return LevelResult(
        level=level.name,
        best=value,
        bound=0,
        allowed=value + level.tolerance_per_person * len(facts.employees),
        value=value,
        status="feasible",
        seconds=0.0,
        goals=_goals(facts, level, evaluation),
    )


def _goals(facts: Facts, level: Level, evaluation: Evaluation) -> tuple[GoalCost, ...]:
    """A level's goals; the last one also lists the goals no level has, at weight 0."""
    policy, costs = facts.policy, evaluation.costs
    goals = {goal: level.goals.get(goal, 0) for goal in level.goals}
    if level is policy.levels[-1]:
        listed = {goal for one in policy.levels for goal in one.goals}
        goals |= {goal: 0 for goal in GOAL_NAMES if goal not in listed}
    return tuple(GoalCost(goal=g, weight=w, cost=costs[g]) for g, w in goals.items())


def _lists(facts: Facts) -> dict[str, Any]:
    return {
        "not_in_service": facts.not_in_service,
        "tasks_left_out": facts.tasks_left_out,
        "warnings": warnings_of(facts),
    }


@cache
def _versions() -> dict[str, str]:
    packages = ("tiimi", "ortools", "pydantic")
    return {"python": platform.python_version()} | {p: version(p) for p in packages}
