"""The audit log: who read personal data, and who changed what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.service import audit
from api.service.asking import Admin, Asking
from api.service.describing import KNOWN, files, refusals
from api.service.media import JSON, JSON_LINES, acceptable, negotiated
from api.service.paths import After
from api.service.schemas.answers import AuditPage, AuditShown

router = APIRouter(prefix="/v1", tags=["audit"], dependencies=[Depends(acceptable)])

AT_A_TIME = 1000


@router.get(
    "/audit",
    response_model=AuditPage,
    responses=files("A page, or all entries as JSON lines.", JSON, JSON_LINES)
    | refusals(*KNOWN, "invalid"),
)
def listed(
    by: Admin,
    request: Request,
    limit: Annotated[
        int, Query(ge=1, le=AT_A_TIME, description="How many at most.", examples=[100])
    ] = 100,
    after: After = None,
) -> Response:
    """The entries, oldest first; as JSON lines all of them after `after`. Role: admin."""
    as_lines = negotiated(request, (JSON, JSON_LINES)) == JSON_LINES
    with by.session() as session:
        audit.record(session, by.identity, "read", "audit")
        session.commit()
        if as_lines:
            return StreamingResponse(_lines(by, after), media_type=JSON_LINES)
        found = audit.entries(session, by.owner, after, limit + 1)
    items = tuple(AuditShown.model_validate(asdict(entry)) for entry in found[:limit])
    page = AuditPage(items=items, next=items[-1].id if len(found) > limit else None)
    return Response(page.model_dump_json(), media_type=JSON)


def _lines(by: Asking, after: str | None) -> Iterator[str]:
    """All entries, a line each; a session for each thousand, so that none is held for long."""
    while True:
        with by.session() as session:
            found = audit.entries(session, by.owner, after, AT_A_TIME)
        for entry in found:
            yield json.dumps(asdict(entry) | {"at": entry.at.isoformat()}) + "\n"
        if len(found) < AT_A_TIME:
            return
        after = found[-1].id
