"""A solve that is taken up again keeps the plan that an earlier attempt found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.evaluation import Evaluation, evaluate_facts
from models.facts import Facts
from models.policy import GOAL_NAMES, Level
from models.proposal import GoalCost, LevelResult, Plan, Proposal


def kept(found: Proposal, facts: Facts, earlier: dict[str, Any] | None) -> Proposal:
    """What was found now, or the plan of an earlier attempt if that is better, level by level.

    Nothing is proven of the earlier plan: every level is feasible, and its bound is 0.
    """
    if earlier is None or found.status not in ("unknown", "feasible"):
        return found
    plan = Plan.model_validate(earlier)
    evaluation = evaluate_facts(facts, plan)
    if not evaluation.is_valid:
        return found
    levels = facts.policy.levels
    if found.status == "feasible":
        now = evaluate_facts(facts, found.plan)
        if [now.value(x) for x in levels] <= [evaluation.value(x) for x in levels]:
            return found
    return found.model_copy(
        update={
            "status": "feasible",
            "levels": tuple(_level(level, levels, evaluation) for level in levels),
            "placements": plan.placements,
            "leads": plan.leads,
            "holders": plan.holders,
            "substitutes": plan.substitutes,
            "gaps": evaluation.gaps,
        }
    )


def _level(level: Level, levels: Sequence[Level], evaluation: Evaluation) -> LevelResult:
    """A level of a plan; the last one also lists the goals no level has (section 5)."""
    value = evaluation.value(level)
    goals = dict(level.goals)
    if level is levels[-1]:
        listed = {goal for one in levels for goal in one.goals}
        goals |= {goal: 0 for goal in GOAL_NAMES if goal not in listed}
    return LevelResult(
        level=level.name,
        best=value,
        bound=0,
        allowed=value,
        value=value,
        status="feasible",
        seconds=0.0,
        goals=tuple(
            GoalCost(goal=goal, weight=weight, cost=evaluation.costs[goal])
            for goal, weight in goals.items()
        ),
    )
