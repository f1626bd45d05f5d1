"""Organisations: stored versions, never changed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

import fixtures
from api.service import audit, stored
from api.service.asking import Asking, Planner, Viewer
from api.service.bodies import body_as, expect
from api.service.database import StoredOrganisation, new_id
from api.service.describing import BODY, KNOWN, files, made, refusals
from api.service.media import JSON, XLSX, acceptable
from api.service.paths import After, Limit, OrganisationId
from api.service.safe_json import safe_json
from api.service.schemas.answers import (
    OrganisationPage,
    OrganisationShown,
    OrganisationStored,
    OrganisationWhole,
)
from api.service.schemas.requests import DemoRequest
from models.facts import Facts
from models.organisation import Organisation
from models.policy import Policy
from models.reading import organisation_from
from models.warnings import warnings_of

router = APIRouter(prefix="/v1", tags=["organisations"], dependencies=[Depends(acceptable)])


async def _uploaded(request: Request) -> Organisation:
    form = expect(request, JSON, XLSX)
    content = await request.body()
    return await run_in_threadpool(_read, form, content)


def _read(form: str, content: bytes) -> Organisation:
    if form == JSON:
        return organisation_from(safe_json(content))
    # Loaded where it is used, as spreadsheets are seldom: the service starts without pandas.
    from models.tables import read_organisation

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workbook.xlsx"
        path.write_bytes(content)
        return read_organisation(path)


@router.post(
    "/organisations",
    status_code=201,
    response_model=OrganisationStored,
    responses=made("A new version was stored.") | refusals(*KNOWN, *BODY),
    openapi_extra={"x-body": "Organisation", "x-forms": [XLSX]},
)
def store(
    by: Planner, organisation: Annotated[Organisation, Depends(_uploaded)], response: Response
) -> OrganisationStored:
    """Store an organisation, as JSON (docs/problem.md, section 1) or as a workbook.

    All issues are told at once. The same content again gives a new version. Role: planner.
    """
    return _stored(by, organisation, response)


@router.post(
    "/demo-data",
    status_code=201,
    response_model=OrganisationStored,
    responses=made("A new version was stored.") | refusals(*KNOWN, *BODY),
    openapi_extra={"x-body": "DemoRequest"},
)
def store_demo(
    by: Planner, asked: Annotated[DemoRequest, Depends(body_as(DemoRequest))], response: Response
) -> OrganisationStored:
    """Store an invented organisation, to try things on. Role: planner."""
    return _stored(by, fixtures.load(asked.name), response)


def _stored(by: Asking, organisation: Organisation, response: Response) -> OrganisationStored:
    row = StoredOrganisation(
        id=new_id(),
        owner=by.owner,
        name=organisation.name,
        people=len(organisation.employees),
        sha256=organisation.sha256(),
        content=organisation.to_dict(),
        created_by=by.identity.name,
    )
    with by.session() as session:
        session.add(row)
        audit.record(session, by.identity, "create", f"organisations/{row.id}")
        session.commit()
        shown = _shown(row)
    response.headers["Location"] = f"/v1/organisations/{row.id}"
    lists = ("skills", "teams", "employees", "tasks", "rules")
    return OrganisationStored.model_validate(
        shown
        | {
            "counts": {name: len(getattr(organisation, name)) for name in lists},
            "warnings": warnings_of(Facts(organisation, Policy())),
        }
    )


def _shown(row: StoredOrganisation) -> dict[str, Any]:
    fields = ("id", "name", "people", "sha256", "created_at", "created_by")
    return {field: getattr(row, field) for field in fields}


@router.get("/organisations", responses=refusals(*KNOWN, "invalid"))
def listed(by: Viewer, limit: Limit = 20, after: After = None) -> OrganisationPage:
    """The stored versions, newest first. Role: viewer."""
    with by.session() as session:
        rows = stored.page_of_organisations(session, by.owner, limit + 1, after)
        items = tuple(OrganisationShown.model_validate(_shown(row)) for row in rows[:limit])
    return OrganisationPage(items=items, next=items[-1].id if len(rows) > limit else None)


@router.get("/organisations/{organisation}", responses=refusals(*KNOWN, "not_found"))
def whole(by: Viewer, organisation: OrganisationId) -> OrganisationWhole:
    """A stored version with its content. Role: viewer."""
    with by.session() as session:
        row = stored.organisation(session, by.owner, organisation)
        audit.record(session, by.identity, "read", f"organisations/{row.id}")
        session.commit()
        return OrganisationWhole.model_validate(_shown(row) | {"content": row.content})


@router.get(
    "/organisations/{organisation}/sheet",
    responses=files("A workbook, a sheet for each table (docs/tables.md).", XLSX)
    | refusals(*KNOWN, "not_found", "invalid"),
    response_class=Response,
)
def sheet(by: Viewer, organisation: OrganisationId) -> Response:
    """A stored version as a workbook, which can be uploaded again. Role: viewer."""
    from models.tables import write_organisation

    with by.session() as session:
        row = stored.organisation(session, by.owner, organisation)
        audit.record(session, by.identity, "read", f"organisations/{row.id}/sheet")
        session.commit()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "organisation.xlsx"
        write_organisation(organisation_from(row.content), path)
        content = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="organisation-{row.id}.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)
