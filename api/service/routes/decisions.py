"""What people decide on a proposal: recorded with their reasons, never changed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.service import audit, plans, stored
from api.service.asking import Approver, Viewer
from api.service.bodies import body_as
from api.service.database import Decision, Job
from api.service.describing import BODY, KNOWN, refusals
from api.service.media import acceptable
from api.service.paths import ProposalId
from api.service.problems import Problem
from api.service.schemas.answers import DecisionList, DecisionShown
from api.service.schemas.requests import DecisionRequest
from models.evaluation import evaluate_facts
from models.issues import Issue
from models.plan_index import PlanIndex
from models.proposal import Plan

router = APIRouter(prefix="/v1", tags=["decisions"], dependencies=[Depends(acceptable)])


@router.post(
    "/proposals/{proposal}/decision",
    status_code=201,
    responses=refusals(*KNOWN, *BODY, "not_found", "conflict"),
    openapi_extra={"x-body": "DecisionRequest"},
)
def decide(
    by: Approver,
    proposal: ProposalId,
    asked: Annotated[DecisionRequest, Depends(body_as(DecisionRequest))],
) -> DecisionShown:
    """Accept a proposal, reject it, or follow another plan instead. Role: approver.

    The plan of an override may break rules: that is people's to decide, and is told. It
    names nobody and nothing that is not planned for.
    """
    with by.session() as session:
        job = stored.proposal(session, by.owner, proposal)
        if asked.decision == "accept":
            stored.settled(job)
        else:
            stored.finished(job)
        if issues := _issues(session, job, asked):
            raise Problem("invalid", issues=issues)
        row = Decision(
            owner=by.owner,
            job_id=job.id,
            kind=asked.decision,
            reason=asked.reason,
            plan=asked.plan.model_dump(mode="json") if asked.plan else None,
            by=by.identity.name,
        )
        session.add(row)
        audit.record(session, by.identity, "decide", f"proposals/{job.id}")
        session.commit()
        return _shown(session, job, row)


@router.get("/proposals/{proposal}/decisions", responses=refusals(*KNOWN, "not_found"))
def listed(by: Viewer, proposal: ProposalId) -> DecisionList:
    """All decisions on a proposal, the first one first. Role: viewer."""
    with by.session() as session:
        job = stored.proposal(session, by.owner, proposal)
        rows = session.scalars(
            select(Decision)
            .where(Decision.owner == by.owner, Decision.job_id == job.id)
            .order_by(Decision.id)
        ).all()
        audit.record(session, by.identity, "read", f"proposals/{job.id}/decisions")
        session.commit()
        return DecisionList(items=tuple(_shown(session, job, row) for row in rows))


def _issues(session: Session, job: Job, asked: DecisionRequest) -> list[Issue]:
    if (asked.plan is not None) != (asked.decision == "override"):
        message = "An override has a plan, and nothing else has."
        return [Issue("bad_option", "plan", message, "Give both, or neither.")]
    if asked.plan is None:
        return []
    index = PlanIndex(plans.facts_of(session, job), asked.plan)
    cure = "Use the ids of the proposal's organisation, each once."
    return [Issue("bad_plan", f"plan.{v.rule}", v.message, cure) for v in index.unresolved]


def _shown(session: Session, job: Job, row: Decision) -> DecisionShown:
    plan = Plan.model_validate(row.plan) if row.plan else None
    broken = evaluate_facts(plans.facts_of(session, job), plan).violations if plan else ()
    return DecisionShown.model_validate(
        {
            "id": row.id,
            "proposal": job.id,
            "decision": row.kind,
            "reason": row.reason,
            "plan": plan,
            "violations": plans.shown(broken),
            "by": row.by,
            "at": row.at,
        }
    )
