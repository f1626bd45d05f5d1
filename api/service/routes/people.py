"""One person's data: all of it, and taken out of everything."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from api.service import audit
from api.service.asking import Admin
from api.service.describing import KNOWN, refusals
from api.service.erasure import erase_person
from api.service.media import acceptable
from api.service.paths import PersonId
from api.service.people import export_person, is_known
from api.service.problems import Problem
from api.service.schemas.people import Erased, PersonExport

router = APIRouter(prefix="/v1", tags=["people"], dependencies=[Depends(acceptable)])


@router.get(
    "/people/{person:path}/export",
    response_model=PersonExport,
    responses=refusals(*KNOWN, "not_found"),
)
def export(by: Admin, person: PersonId) -> Response:
    """Everything stored about one person, out of every version. Role: admin.

    Of others it has what they say of this person: look at that before it is handed over.
    """
    with by.session() as session:
        found = export_person(session, by.owner, person)
        if not is_known(found):
            raise _nobody()
        audit.record(session, by.identity, "export", f"{audit.PEOPLE}{person}")
        session.commit()
    return JSONResponse(found)


@router.delete("/people/{person:path}", responses=refusals(*KNOWN, "not_found"))
def erase(by: Admin, person: PersonId) -> Erased:
    """Take a person out of every version, proposal and decision; the audit keeps that. Role: admin.

    What is queued or runs and is about them fails. It cannot be undone.
    """
    with by.session() as session:
        counts = erase_person(session, by.identity, person)
    if not any(counts.values()):
        raise _nobody()
    return Erased.model_validate(counts)


def _nobody() -> Problem:
    return Problem("not_found", "Nobody here has this id.")
