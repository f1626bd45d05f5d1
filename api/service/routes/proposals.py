"""Proposals: handed in, followed, stopped, and read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse

from api.service import audit, jobs, plans, stored
from api.service.asking import Planner, Viewer
from api.service.bodies import body_as, within
from api.service.describing import KNOWN, SUBMITTED, made, refusals
from api.service.media import acceptable
from api.service.paths import After, Limit, ProposalId
from api.service.problems import Problem
from api.service.schemas import examples
from api.service.schemas.answers import PlanShown, ProposalAsked, ProposalPage, ProposalStatus
from api.service.schemas.requests import ProposalRequest
from api.service.submitting import Key, proposal_path, seconds_of, status, submit, too_long
from models.issues import InputError
from models.organisation import Organisation
from models.policy import Policy
from models.proposal import Proposal
from models.reading import organisation_from, policy_from

router = APIRouter(prefix="/v1", tags=["proposals"], dependencies=[Depends(acceptable)])


@router.post(
    "/proposals",
    status_code=202,
    response_model=ProposalStatus,
    responses=made("It is queued.", 202) | refusals(*SUBMITTED),
    openapi_extra={"x-body": "ProposalRequest"},
)
def propose(
    by: Planner,
    asked: Annotated[ProposalRequest, Depends(body_as(ProposalRequest))],
    response: Response,
    key: Key = None,
) -> ProposalStatus:
    """Ask for a proposal; policy and grades are checked first. Role: planner."""
    issues = too_long(asked.time_limit, by.settings)
    try:
        policy = policy_from(asked.policy or {})
    except InputError as error:
        issues += within("policy", error)
        policy = Policy()
    with by.session() as session:
        row = stored.organisation(session, by.owner, asked.organisation)
        if not issues:
            # Raises what the policy does not price, with all places.
            organisation_from(row.content, policy)
        else:
            raise Problem("invalid", issues=issues)
        seconds = seconds_of(asked.time_limit, by.settings)
        request = {"time_limit": seconds, "seed": asked.seed}
        job = submit(by, session, key, "propose", request, policy.to_dict(), row.id)
        response.headers["Location"] = proposal_path(job.id)
        return status(job)


@router.get("/proposals", responses=refusals(*KNOWN, "invalid"))
def listed(
    by: Viewer,
    limit: Limit = 20,
    after: After = None,
    organisation: Annotated[
        str | None,
        Query(description="Of this organisation alone.", examples=[examples.ORGANISATION]),
    ] = None,
) -> ProposalPage:
    """All proposals, what-ifs included, newest first. Role: viewer."""
    with by.session() as session:
        rows = stored.page_of_proposals(session, by.owner, limit + 1, after, organisation)
        items = tuple(status(row) for row in rows[:limit])
    return ProposalPage(items=items, next=items[-1].id if len(rows) > limit else None)


@router.get("/proposals/{proposal}", responses=refusals(*KNOWN, "not_found"))
def followed(by: Viewer, proposal: ProposalId) -> ProposalStatus:
    """How far it is; light enough to be asked for often. Role: viewer."""
    with by.session() as session:
        return status(stored.status_of(session, by.owner, proposal))


@router.get("/proposals/{proposal}/request", responses=refusals(*KNOWN, "not_found"))
def request(by: Viewer, proposal: ProposalId) -> ProposalAsked:
    """What was asked for: policy, limits, and of a what-if its scenario. Role: viewer."""
    with by.session() as session:
        job = stored.proposal(session, by.owner, proposal)
        audit.record(session, by.identity, "read", f"proposals/{job.id}/request")
        session.commit()
        return ProposalAsked.model_validate(
            {"organisation": job.organisation_id, "policy": job.policy} | job.request
        )


@router.get(
    "/proposals/{proposal}/organisation",
    response_model=Organisation,
    responses=refusals(*KNOWN, "not_found", "conflict"),
)
def organisation(by: Viewer, proposal: ProposalId) -> Response:
    """The organisation it is for: of a what-if, carried forward and changed. Role: viewer."""
    with by.session() as session:
        job = stored.proposal(session, by.owner, proposal)
        facts = plans.facts_of(session, job)
        audit.record(session, by.identity, "read", f"proposals/{job.id}/organisation")
        session.commit()
    return JSONResponse(facts.organisation.to_dict())


@router.get("/proposals/{proposal}/plan", responses=refusals(*KNOWN, "not_found", "conflict"))
def plan(by: Viewer, proposal: ProposalId) -> PlanShown:
    """The best plan known, also while it runs, evaluated afresh. Role: viewer."""
    with by.session() as session:
        job = stored.proposal(session, by.owner, proposal)
        known = plans.planned(session, job)
        audit.record(session, by.identity, "read", f"proposals/{job.id}/plan")
        session.commit()
    evaluation = plans.evaluated(known.facts, known.plan)
    return PlanShown(is_final=known.is_final, plan=known.plan, evaluation=evaluation)


@router.get(
    "/proposals/{proposal}/result",
    response_model=Proposal,
    responses=refusals(*KNOWN, "not_found", "conflict"),
)
def result(by: Viewer, proposal: ProposalId) -> Response:
    """The proposal once it is done (docs/problem.md, section 5); infeasible is one, too.

    Role: viewer.
    """
    with by.session() as session:
        job = stored.proposal(session, by.owner, proposal)
        found = stored.finished(job)
        audit.record(session, by.identity, "read", f"proposals/{job.id}/result")
        session.commit()
    return JSONResponse(found.to_dict())


@router.post(
    "/proposals/{proposal}/stop",
    status_code=202,
    responses=refusals(*KNOWN, "not_found"),
)
def stop(by: Planner, proposal: ProposalId) -> ProposalStatus:
    """Ask for the best plan so far; what is over stays as it is. Role: planner."""
    with by.session() as session:
        job = stored.status_of(session, by.owner, proposal)
        audit.record(session, by.identity, "stop", f"proposals/{job.id}")
        jobs.ask_to_stop(session, job.id)
        session.expire_all()
        return status(stored.status_of(session, by.owner, proposal))
