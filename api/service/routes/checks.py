"""Checking a plan that somebody has, and the policy to begin with; nothing is stored."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from api.policy_file import written_policy
from api.service import audit, plans, stored
from api.service.asking import Asking, Viewer
from api.service.bodies import body_as, within
from api.service.describing import BODY, KNOWN, files, refusals
from api.service.media import JSON, TOML, acceptable, negotiated
from api.service.paths import Language
from api.service.problems import Problem
from api.service.schemas.answers import Evaluated
from api.service.schemas.parts import PolicyJson
from api.service.schemas.requests import CheckRequest
from api.texts import Texts
from models.facts import Facts
from models.issues import InputError, Issue
from models.organisation import Organisation
from models.policy import Policy
from models.reading import organisation_from, policy_from

router = APIRouter(prefix="/v1", tags=["checks"], dependencies=[Depends(acceptable)])


@router.post(
    "/check",
    responses=refusals(*KNOWN, *BODY, "not_found"),
    openapi_extra={"x-body": "CheckRequest"},
)
def check(by: Viewer, asked: Annotated[CheckRequest, Depends(body_as(CheckRequest))]) -> Evaluated:
    """Evaluate any plan: rules broken, what every goal and level costs, gaps. Role: viewer."""
    issues: list[Issue] = []
    policy: Policy | None = None
    organisation: Organisation | None = None
    try:
        policy = policy_from(asked.policy or {})
    except InputError as error:
        issues += within("policy", error)
    try:
        organisation = organisation_from(_content(by, asked), policy)
    except InputError as error:
        issues += within("organisation", error)
    if policy is None or organisation is None:
        raise Problem("invalid", issues=issues)
    return plans.evaluated(Facts(organisation, policy), asked.plan)


def _content(by: Asking, asked: CheckRequest) -> object:
    if not isinstance(asked.organisation, str):
        return asked.organisation
    with by.session() as session:
        row = stored.organisation(session, by.owner, asked.organisation)
        audit.record(session, by.identity, "check", f"organisations/{row.id}")
        session.commit()
        return row.content


@router.get(
    "/policy",
    response_model=PolicyJson,
    responses=files("As JSON, or as commented TOML to be edited.", JSON, TOML)
    | refusals(*KNOWN, "invalid"),
)
def policy(by: Viewer, request: Request, language: Language = "en") -> Response:
    """The default policy (docs/problem.md, section 4). Role: viewer."""
    if negotiated(request, (JSON, TOML)) == TOML:
        return Response(written_policy(Policy(), Texts(language)), media_type=TOML)
    return JSONResponse(Policy().to_dict())
