"""Other plans that are as good: so that people choose, not the tie-breaking of a solver.

Plans within the proposal's value at every level, or within a stated loss at one, that place as
many people as possible differently from every plan shown so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.difference import Difference, difference
from models.evaluation import evaluate_facts
from models.proposal import GoalCost, Plan, Proposal
from optimizer.conflicts import SolverError, UndecidedError
from optimizer.cpsat import Limits, minimise
from optimizer.model import Model, is_about_pairs
from optimizer.open_placements import rule_out_placements
from optimizer.program import Sum
from optimizer.solved import Solved


@dataclass(frozen=True)
class Alternative:
    """One plan as good.

    Attributes:
        proposal: in the form of a proposal; `best`, `bound` and `allowed` are the base's.
        distance: how many people at least it places differently from every plan before it,
            the proposal's included.
        is_farthest: whether no plan as good is farther from all of them; proven.
        difference: from the base's plan.
    """

    proposal: Proposal
    distance: int
    is_farthest: bool
    difference: Difference


@dataclass(frozen=True)
class Alternatives:
    """The answer.

    Attributes:
        found: the alternatives, in the order they were found.
        end: `count`: as many as were asked for; `no_more`: proven that no other plan as good
            places so many people differently from all of them; `time`: it ran out.
        unique: what of the proposal is proven to be the only one as good: `placements`, the
            whole `plan`, or nothing; without a loss allowed, and only where `found` is empty.
    """

    found: tuple[Alternative, ...]
    end: Literal["count", "no_more", "time"]
    unique: Literal["plan", "placements"] | None = None


def alternatives(
    base: Solved,
    limits: Limits,
    *,
    count: int = 5,
    distance: int = 1,
    level: str | None = None,
    loss: int = 0,
) -> Alternatives:
    """Find plans as good that place people differently.

    Args:
        base: the proposal.
        limits: for all of it; the time is shared between the plans. One that finds none in its
            share goes on in what is left of all of it.
        count: how many to find at most.
        distance: how many people at least are to be placed differently.
        level: at which up to `loss` more than the proposal's value is allowed.
        loss: points of that level.

    Raises:
        SolverError: the evaluation contradicts the solver: a mistake of ours.
    """
    try:
        model, hint = _as_good(base, limits, level, loss)
    except UndecidedError:
        return Alternatives((), "time")
    plans: list[Plan] = [base.proposal.plan]
    found: list[Alternative] = []
    end: Literal["count", "no_more", "time"] = "count"
    while len(found) < count:
        share = limits.within(limits.left / (count - len(found)))
        farthest = _farthest(model, plans, share, hint)
        if _is_open(farthest, distance) and count - len(found) > 1 and limits.left > 0:
            farthest = _farthest(model, plans, limits, hint)
        if farthest is None:
            end = "time"
            break
        if farthest.least < distance:
            end = "no_more" if farthest.is_proven else "time"
            break
        plan = model.plan(farthest.values)
        plans.append(plan)
        found.append(_alternative(base, plan, farthest, level, loss))
    unique: Literal["plan", "placements"] | None = None
    if not found and end == "no_more" and distance == 1 and not loss:
        unique = "plan" if _only_plan(model, base, limits) else "placements"
    return Alternatives(tuple(found), end, unique)


def _as_good(
    base: Solved, limits: Limits, level: str | None, loss: int
) -> tuple[Model, dict[int, int]]:
    """The model with every level within its value, and the proposal's plan in it.

    What remains possible of the placements is settled before pairs are built, as in a solve.
    """
    model = Model(base.facts)
    values = {x.level: x.value or 0 for x in base.proposal.levels}
    if level is not None:
        values[level] += loss
    led: Sum | None = None
    for one in sorted(base.policy.levels, key=is_about_pairs):
        if is_about_pairs(one) and not model.has_pairs and led is not None:
            plan = _values(model, base.proposal.plan, limits)
            rule_out_placements(model, led, plan, limits)
        objective = model.weighted(one.weighted())
        model.program.at_most(objective, values[one.name])
        if led is None or objective.terms:
            led = objective
    model.pairs.complete()
    return model, model.hint(base.proposal.plan)


def _values(model: Model, plan: Plan, limits: Limits) -> Sequence[int]:
    """A valid plan as values of all variables."""
    hint = model.hint(plan)
    fixed = model.program.fixed([])
    for variable, value in hint.items():
        fixed.lower[variable] = fixed.upper[variable] = value
    answer = minimise(fixed, Sum(), limits)
    if answer.status == "unknown":
        raise UndecidedError
    if answer.values is None:
        raise SolverError(f"the proposal's plan does not fit its own levels: {answer.status}")
    return answer.values


@dataclass(frozen=True, slots=True)
class _Farthest:
    values: Sequence[int]
    least: int
    is_proven: bool


def _is_open(farthest: _Farthest | None, distance: int) -> bool:
    """Whether more time could still find a plan far enough."""
    return farthest is None or (farthest.least < distance and not farthest.is_proven)


def _farthest(
    model: Model, plans: Sequence[Plan], limits: Limits, hint: dict[int, int]
) -> _Farthest | None:
    """A plan as far as possible from the nearest of some plans; None if none was found."""
    people = len(model.facts.employees)
    program = model.program.with_row(Sum(), 0)
    program.lower, program.upper = list(program.lower), list(program.upper)
    nearest = program.integer(people)
    for plan in plans:
        same = Sum()
        for placed in plan.placements:
            options = model.placement.place[placed.employee]
            if placed.team in options:
                same.add(options[placed.team])
        # people − same >= nearest
        program.at_most(same.add(nearest), people)
    answer = minimise(program, Sum([(nearest, -1)], people), limits, hint)
    if answer.values is None or answer.best is None:
        return None
    values = answer.values
    return _Farthest(values[:-1], people - answer.best, answer.status == "optimal")


def _only_plan(model: Model, base: Solved, limits: Limits) -> bool:
    """Whether no other plan as good decides anything differently; proven."""
    same = Sum()
    decided = model.hint(base.proposal.plan)
    for variable, value in decided.items():
        same.add(variable, 1 if value else -1)
    ones = sum(decided.values())
    program = model.program.with_row(Sum().plus(same, -1), 1 - ones)
    return minimise(program, Sum(), limits, decided).status == "infeasible"


def _alternative(
    base: Solved, plan: Plan, farthest: _Farthest, level: str | None, loss: int
) -> Alternative:
    evaluation = evaluate_facts(base.facts, plan)
    results = []
    for result, one in zip(base.proposal.levels, base.policy.levels, strict=True):
        value = evaluation.value(one)
        most = (result.value or 0) + (loss if result.level == level else 0)
        if not evaluation.is_valid or value > most:
            raise SolverError(f"an alternative costs {value} at {result.level}, above {most}")
        goals = tuple(
            GoalCost(goal=g.goal, weight=g.weight, cost=evaluation.costs[g.goal])
            for g in result.goals
        )
        update = {"value": value, "goals": goals, "seconds": 0.0}
        results.append(result.model_copy(update=update))
    proposal = base.proposal.model_copy(
        update={
            "status": base.proposal.status if not loss else "feasible",
            "levels": tuple(results),
            "placements": plan.placements,
            "leads": plan.leads,
            "holders": plan.holders,
            "substitutes": plan.substitutes,
            "gaps": evaluation.gaps,
        }
    )
    changed = difference(base.facts, base.proposal.plan, base.facts, plan)
    return Alternative(proposal, farthest.least, farthest.is_proven, changed)
