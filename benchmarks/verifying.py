"""Whether what is claimed is so: plans evaluated afresh, bounds compared with every plan known."""

from __future__ import annotations

from functools import cache

from benchmarks import known
from benchmarks.choices import Choices
from benchmarks.instances import load
from benchmarks.known import Bound, ContradictionError, Known, Pooled, Verified
from benchmarks.policies import POLICIES
from benchmarks.results import RunRow
from models.evaluation import evaluate_facts
from models.facts import Facts
from optimizer.conflicts import UndecidedError, can_hold
from optimizer.cpsat import Limits

OURS = "tiimi"
"""The only solver whose bounds are taken over; of any other, plans alone."""

_SECONDS_FOR_A_CONFLICT = 60.0


@cache
def facts_of(instance: str, policy: str) -> Facts:
    """What follows from an instance under a policy, by their names."""
    return Facts(load(instance), POLICIES[policy])


def nothing_known(facts: Facts, instance: str, policy: str) -> Known:
    """An entry with neither plan nor conflict."""
    return Known(
        instance=instance,
        input_sha256=facts.organisation.sha256(),
        policy=policy,
        policy_sha256=facts.policy.sha256(),
    )


def verified(facts: Facts, choices: Choices) -> Verified:
    """A plan, evaluated afresh.

    Raises:
        ContradictionError: if it is not valid.
    """
    try:
        evaluation = evaluate_facts(facts, choices.plan(facts))
    except KeyError as error:
        raise ContradictionError(f"a plan names {error}, which is not planned for") from None
    if not evaluation.is_valid:
        broken = "; ".join(v.message for v in evaluation.violations[:3])
        raise ContradictionError(f"a plan is not valid: {broken}")
    return Verified(choices, tuple(evaluation.value(level) for level in facts.policy.levels))


def is_valid(facts: Facts, choices: Choices) -> bool:
    """Whether a plan breaks no hard rule."""
    try:
        verified(facts, choices)
    except ContradictionError:
        return False
    return True


def merged(
    facts: Facts, run: RunRow, old: Known, plans: tuple[Choices, ...]
) -> tuple[Known, tuple[Choices, ...]]:
    """What is known after a run, and the plans that show it.

    Args:
        facts: of the instance and policy of the run.
        run: one with an answer.
        old: what was known before.
        plans: those that showed it.

    Raises:
        ContradictionError: if a plan is not valid or costs something else than is claimed, if a
            valid plan contradicts a bound, or if the run was of another input or policy.
    """
    if (run.input_sha256, run.policy_sha256) != (old.input_sha256, old.policy_sha256):
        raise ContradictionError("it was run on another organisation or policy than there is now")
    if run.status == "infeasible":
        return _infeasible(facts, run, old), ()
    if old.conflict:
        raise ContradictionError(f"a plan was found, and {old.conflict} cannot hold together")
    pool = [verified(facts, choices) for choices in plans] + _plans_of(facts, run)
    bounds = _known_bounds(old) + (_claimed_bounds(run) if run.solver == OURS else [])
    found = _pooled(facts, pool, bounds)
    entry = old.model_copy(update={"levels": found.levels})
    return entry, tuple(plan.choices for plan in found.plans)


def check_entry(facts: Facts, entry: Known, plans: tuple[Choices, ...]) -> None:
    """Verify all that is known of an instance under a policy.

    Raises:
        ContradictionError: if something is not as it stands there.
    """
    if not entry.is_of_same(nothing_known(facts, *entry.key)):
        raise ContradictionError("it is of another organisation or policy than there is now")
    if entry.conflict:
        _verify_conflict(facts, entry.conflict)
        return
    if not plans:
        raise ContradictionError("there is no plan for these values")
    pool = [verified(facts, choices) for choices in plans]
    if _pooled(facts, pool, _known_bounds(entry)).levels != entry.levels:
        raise ContradictionError("the values are not those of the plans")


def _plans_of(facts: Facts, run: RunRow) -> list[Verified]:
    """The plans of a run; the final one costs what is claimed."""
    if run.plan is None:
        raise ContradictionError("the run claims values without a plan")
    final = verified(facts, run.plan)
    claimed = tuple(level.value for level in run.levels)
    if final.values != claimed:
        raise ContradictionError(f"the plan costs {final.values}, claimed was {claimed}")
    return [final, *(verified(facts, level.plan) for level in run.levels if level.plan)]


def _claimed_bounds(run: RunRow) -> list[Bound]:
    bounds = []
    limits: list[int] = []
    for index, level in enumerate(run.levels):
        if level.bound is not None:
            bounds.append(Bound(index, level.bound, tuple(limits)))
        if level.allowed is None:
            break
        limits.append(level.allowed)
    return bounds


def _known_bounds(entry: Known) -> list[Bound]:
    return [Bound(index, level.bound, level.given) for index, level in enumerate(entry.levels)]


def _pooled(facts: Facts, pool: list[Verified], bounds: list[Bound]) -> Pooled:
    levels, people = facts.policy.levels, len(facts.employees)
    tolerances = [level.tolerance_per_person * people for level in levels]
    return known.pooled([level.name for level in levels], tolerances, pool, bounds)


def _infeasible(facts: Facts, run: RunRow, old: Known) -> Known:
    if old.levels:
        raise ContradictionError("no valid plan is said to exist, and one is known")
    conflict = run.conflicts[0]
    if old.conflict and len(old.conflict) <= len(conflict):
        return old
    _verify_conflict(facts, conflict)
    return old.model_copy(update={"conflict": conflict})


def _verify_conflict(facts: Facts, conflict: tuple[str, ...]) -> None:
    try:
        holds = can_hold(facts, conflict, Limits.for_seconds(_SECONDS_FOR_A_CONFLICT))
    except UndecidedError:
        raise ContradictionError(f"whether {conflict} can hold was not decided in time") from None
    if holds:
        raise ContradictionError(f"{conflict} can hold together")
