"""Proposals to be read by people: risk, report, the page of one person. None is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from api.service import audit, stored
from api.service.asking import Asking, Viewer
from api.service.describing import KNOWN, files, refusals
from api.service.documents import Proposed, Wanted
from api.service.making import Making
from api.service.media import HTML, JSON, PDF, acceptable, negotiated
from api.service.paths import Language, OrganisationId, PersonId, ProposalId
from api.service.problems import Problem
from api.service.schemas.risk import RiskShown
from models.issues import InputError

router = APIRouter(prefix="/v1", dependencies=[Depends(acceptable)])

FORMS = (HTML, PDF)

PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
"""A page has its style within, and nothing else: no script runs, nothing is asked for or sent."""

_MADE = (*KNOWN, "not_found", "busy", "too_slow")
_OF_PROPOSAL = (*_MADE, "conflict")


def _making(request: Request) -> Making:
    found: Making = request.app.state.making
    return found


Makes = Annotated[Making, Depends(_making)]


@router.get(
    "/organisations/{organisation}/risk",
    tags=["organisations"],
    response_model=RiskShown,
    responses=refusals(*_MADE, "conflict"),
)
async def today(
    by: Viewer, organisation: OrganisationId, making: Makes, request: Request
) -> Response:
    """What it risks as it is today, without any proposal (docs/risk.md). Role: viewer."""

    def wanted(session: Session) -> tuple[Wanted, str]:
        row = stored.organisation(session, by.owner, organisation)
        return Wanted("risk", row.content), f"organisations/{row.id}/risk"

    return Response(await _made(by, making, request, wanted), media_type=JSON)


@router.get(
    "/proposals/{proposal}/risk",
    tags=["proposals"],
    response_model=RiskShown,
    responses=refusals(*_OF_PROPOSAL),
)
async def risk(by: Viewer, proposal: ProposalId, making: Makes, request: Request) -> Response:
    """What the proposal risks: coverage, key people, succession, chains (docs/risk.md).

    Role: viewer.
    """

    def wanted(session: Session) -> tuple[Wanted, str]:
        content, known = _material(session, by, proposal)
        return Wanted("risk", content, known), f"proposals/{proposal}/risk"

    return Response(await _made(by, making, request, wanted), media_type=JSON)


@router.get(
    "/proposals/{proposal}/report",
    tags=["proposals"],
    responses=files("The report that `tiimi report` writes (docs/command-line.md).", *FORMS)
    | refusals(*_OF_PROPOSAL, "invalid"),
    response_class=Response,
)
async def report(
    by: Viewer, proposal: ProposalId, making: Makes, request: Request, language: Language = "en"
) -> Response:
    """The proposal as a page to read and print, or as PDF, by `Accept`. Role: viewer."""
    form = negotiated(request, FORMS)

    def wanted(session: Session) -> tuple[Wanted, str]:
        content, known = _material(session, by, proposal)
        return Wanted(
            "report", content, known, form == PDF, language
        ), f"proposals/{proposal}/report"

    made = await _made(by, making, request, wanted)
    return _page(made, form, language, f"report-{proposal}-{language}")


@router.get(
    "/proposals/{proposal}/people/{person:path}/sheet",
    tags=["proposals"],
    responses=files("The page that `tiimi sheet` writes (docs/command-line.md).", *FORMS)
    | refusals(*_OF_PROPOSAL, "invalid"),
    response_class=Response,
)
async def sheet(
    by: Viewer,
    proposal: ProposalId,
    person: PersonId,
    making: Makes,
    request: Request,
    language: Language = "en",
) -> Response:
    """One person's page: what is proposed for them, why, how to object; or as PDF, by `Accept`.

    Role: viewer.
    """
    form = negotiated(request, FORMS)

    def wanted(session: Session) -> tuple[Wanted, str]:
        content, known = _material(session, by, proposal)
        placed = known["result"]["proposal"]["placements"]
        if all(row["employee"] != person for row in placed):
            raise Problem("not_found", "The proposal is not about anybody with this id.")
        return (
            Wanted("sheet", content, known, form == PDF, language, person),
            f"proposals/{proposal}/{audit.PEOPLE}{person}",
        )

    made = await _made(by, making, request, wanted)
    return _page(made, form, language, f"sheet-{proposal}-{language}")


Find = Callable[[Session], tuple[Wanted, str]]
"""What finds a document's material, and what the audit calls the document."""


def _material(session: Session, by: Asking, proposal: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a proposal with a plan was made from, and what came out.

    Raises:
        Problem: `not_found`, or `conflict` if it has no plan that is final.
    """
    job = stored.proposal(session, by.owner, proposal)
    stored.settled(job)
    return stored.content_of(session, job), {f.name: getattr(job, f.name) for f in fields(Proposed)}


async def _made(by: Asking, making: Making, request: Request, find: Find) -> bytes:
    wanted = await run_in_threadpool(_found, by, find)
    try:
        made = await making.make(wanted, request)
    except InputError as error:
        if all(issue.code == "no_pdf" for issue in error.issues):
            raise Problem("not_acceptable", "PDF is not made here.", error.issues) from None
        raise
    await run_in_threadpool(_hand_out, by, find, wanted)
    return made


def _found(by: Asking, find: Find) -> Wanted:
    with by.session() as session:
        return find(session)[0]


def _hand_out(by: Asking, find: Find, made_from: Wanted) -> None:
    """Put down who reads it, unless somebody was erased while it was made.

    Raises:
        Problem: `conflict`.
    """
    with by.session() as session:
        wanted, resource = find(session)
        if wanted != made_from:
            raise Problem("conflict", "Somebody was erased from it meanwhile: ask again.")
        audit.record(session, by.identity, "read", resource)
        session.commit()


def _page(made: bytes, form: str, language: str, name: str) -> Response:
    """A page to look at, or a PDF to keep."""
    headers = {"Content-Language": language}
    if form == HTML:
        headers |= {
            "Content-Disposition": f'inline; filename="{name}.html"',
            "Content-Security-Policy": PAGE_POLICY,
        }
        return Response(made, media_type=HTML, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return Response(made, media_type=PDF, headers=headers)
