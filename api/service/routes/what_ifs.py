"""What if: events on a proposal, and what differs between two proposals."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from api.service import audit, plans, stored
from api.service.answers import organisation_of
from api.service.asking import Planner, Viewer
from api.service.bodies import body_as, within
from api.service.database import Job
from api.service.describing import KNOWN, SUBMITTED, made, refusals
from api.service.media import acceptable
from api.service.paths import OtherId, ProposalId
from api.service.problems import Problem
from api.service.schemas.answers import ProposalStatus
from api.service.schemas.requests import WhatIfRequest
from api.service.submitting import Key, proposal_path, seconds_of, status, submit, too_long
from models.carrying import carry
from models.difference import Difference
from models.issues import InputError, Issue
from models.reading import policy_from, scenario_from

router = APIRouter(prefix="/v1", tags=["what if"], dependencies=[Depends(acceptable)])


@router.post(
    "/proposals/{proposal}/what-if",
    status_code=202,
    response_model=ProposalStatus,
    responses=made("A new proposal is queued.", 202) | refusals(*SUBMITTED),
    openapi_extra={"x-body": "WhatIfRequest"},
)
def what_if(
    by: Planner,
    proposal: ProposalId,
    asked: Annotated[WhatIfRequest, Depends(body_as(WhatIfRequest))],
    response: Response,
    key: Key = None,
) -> ProposalStatus:
    """Ask what changes least when events happen (docs/what-if.md); they are checked first.

    The answer is a new proposal that knows its parent. Role: planner.
    """
    with by.session() as session:
        parent = stored.proposal(session, by.owner, proposal)
        issues = too_long(asked.time_limit, by.settings)
        scenario, found = _scenario(session, parent, asked.scenario)
        if issues or found:
            raise Problem("invalid", issues=[*issues, *found])
        request = {
            "scenario": scenario,
            "allow_moves": asked.allow_moves,
            "time_limit": seconds_of(asked.time_limit, by.settings),
            "seed": asked.seed,
        }
        job = submit(
            by, session, key, "what_if", request, parent.policy, parent.organisation_id, parent
        )
        response.headers["Location"] = proposal_path(job.id)
        return status(job)


def _scenario(
    session: Session, parent: Job, data: dict[str, Any]
) -> tuple[dict[str, Any], list[Issue]]:
    """A scenario in its own JSON form, and what is wrong with it on its parent."""
    base = stored.base(parent)
    try:
        scenario = scenario_from(data)
        organisation = organisation_of(parent, stored.content_of(session, parent))
        carry(organisation, policy_from(parent.policy), base.plan, scenario)
    except InputError as error:
        return {}, within("scenario", error)
    return scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True), []


@router.get(
    "/proposals/{proposal}/difference/{other}",
    response_model=Difference,
    responses=refusals(*KNOWN, "not_found", "conflict"),
)
def difference(by: Viewer, proposal: ProposalId, other: OtherId) -> Response:
    """What differs from the plan of `other` to this one.

    Of a what-if and its parent, the parent's plan is cut to the what-if's days. Role: viewer.
    """
    with by.session() as session:
        one = stored.proposal(session, by.owner, proposal)
        two = stored.proposal(session, by.owner, other)
        found = plans.changes(session, one, two)
        audit.record(session, by.identity, "read", f"proposals/{one.id}/difference/{two.id}")
        session.commit()
    return JSONResponse(found.to_dict())
