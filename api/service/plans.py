"""Plans with what they were made from, and what they cost: final ones, and the best so far."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from api.service import stored
from api.service.answers import held_before_of, organisation_of, plan_of, solved_policy_of
from api.service.database import Job
from api.service.problems import Problem
from api.service.schemas.answers import Evaluated, LevelValue, ViolationShown
from models.carrying import Carried, carry
from models.difference import Difference, difference
from models.evaluation import evaluate_facts
from models.facts import Facts
from models.plan_index import Violation
from models.proposal import Plan
from models.reading import policy_from, scenario_from


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and the facts that say what it costs."""

    facts: Facts
    plan: Plan
    is_final: bool


def planned(session: Session, job: Job) -> Planned:
    """The best plan of a proposal.

    Raises:
        Problem: `conflict` if there is none yet, `not_found` if there will be none.
    """
    if job.state == "done" and job.outcome in stored.WITH_PLAN:
        return Planned(facts_of(session, job), plan_of(job), True)
    if job.plan and job.state != "done":
        return Planned(facts_of(session, job), Plan.model_validate(job.plan), False)
    if job.state in ("done", "failed"):
        raise Problem("not_found", f"It has no plan: it is {job.outcome or job.state}.")
    raise Problem("conflict", "It has no plan yet.")


def facts_of(session: Session, job: Job) -> Facts:
    """What follows from what a proposal is made from: of a what-if, carried forward."""
    content = stored.content_of(session, job)
    if job.kind == "what_if" and not job.result:
        carried = carried_of(session, job)
        return Facts(carried.organisation, solved_policy_of(job), carried.held)
    return Facts(organisation_of(job, content), solved_policy_of(job), held_before_of(job))


def carried_of(session: Session, job: Job) -> Carried:
    """A what-if's base, carried forward and changed by its events."""
    parent = session.get_one(Job, job.parent_id)
    return carry(
        organisation_of(parent, stored.content_of(session, parent)),
        policy_from(parent.policy),
        plan_of(parent),
        scenario_from(job.request["scenario"]),
    )


def before_of(session: Session, job: Job) -> Planned:
    """Before: the plan of a what-if's parent, cut to the same days."""
    carried = carried_of(session, job)
    return Planned(Facts(carried.base, solved_policy_of(job), carried.held), carried.before, True)


def changes(session: Session, one: Job, other: Job) -> Difference:
    """From the plan of `other` to that of `one`; a parent's is cut to the what-if's days.

    Raises:
        Problem: `conflict` or `not_found` if one of them has no plan.
    """
    before, after = planned(session, other), planned(session, one)
    if one.parent_id == other.id:
        before = before_of(session, one)
    elif other.parent_id == one.id:
        after = before_of(session, other)
    return difference(before.facts, before.plan, after.facts, after.plan)


def evaluated(facts: Facts, plan: Plan) -> Evaluated:
    """A plan evaluated afresh."""
    evaluation = evaluate_facts(facts, plan)
    levels = facts.policy.levels
    return Evaluated(
        is_valid=evaluation.is_valid,
        violations=shown(evaluation.violations),
        costs=evaluation.costs,
        levels=tuple(LevelValue(level=x.name, value=evaluation.value(x)) for x in levels),
        gaps=evaluation.gaps,
    )


def shown(violations: tuple[Violation, ...]) -> tuple[ViolationShown, ...]:
    """Rules that are broken, for an answer."""
    return tuple(ViolationShown(rule=v.rule, message=v.message) for v in violations)
