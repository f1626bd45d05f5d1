"""What happens to a proposal, as it happens: server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from api.service import jobs, stored
from api.service.asking import Asking, Viewer
from api.service.database import JobEvent
from api.service.describing import KNOWN, refusals, streamed
from api.service.media import EVENTS, acceptable
from api.service.paths import ProposalId
from api.service.problems import Problem

router = APIRouter(prefix="/v1", tags=["proposals"], dependencies=[Depends(acceptable)])

KINDS = ("queued", "started", "improved", "level", "lost", "done", "failed")
SECONDS_BETWEEN_LOOKS = 0.5
LOOKS_BETWEEN_SIGNS = 30
"""After so many looks without news, a comment says that the connection lives."""

LARGEST = 2**31 - 1


@router.get(
    "/proposals/{proposal}/events",
    responses=streamed("Events until it is over; `data` is JSON.", EVENTS, KINDS)
    | refusals(*KNOWN, "not_found", "gone", "invalid"),
    response_class=StreamingResponse,
)
async def events(
    by: Viewer,
    proposal: ProposalId,
    request: Request,
    after: Annotated[
        int, Query(ge=0, le=LARGEST, description="Only events after this one.", examples=[0])
    ] = 0,
    last: Annotated[
        str | None,
        Header(
            alias="Last-Event-ID",
            pattern=r"^[0-9]{1,9}$",
            description="The same, as browsers say it; goes before `after`.",
            examples=["0"],
        ),
    ] = None,
) -> StreamingResponse:
    """Follow it: queued, started, level, improved, lost, done, failed.

    A client that comes back says the last event it had, and misses none. `gone` says that
    there will be no more. Role: viewer.
    """
    since = int(last) if last is not None else after
    found, over = await run_in_threadpool(_news, by, proposal, since)
    if over and not found:
        raise Problem("gone")
    stream = _followed(by, proposal, since, request)
    return StreamingResponse(stream, media_type=EVENTS, headers={"X-Accel-Buffering": "no"})


async def _followed(by: Asking, name: str, since: int, request: Request) -> AsyncIterator[str]:
    """Events until the last; waits without holding a thread."""
    quiet = 0
    yield "retry: 1000\n\n"
    while not request.app.state.stopping.is_set():
        found, over = await run_in_threadpool(_news, by, name, since)
        for event in found:
            since = event.number
            yield f"id: {event.number}\nevent: {event.kind}\ndata: {json.dumps(event.data)}\n\n"
        if over:
            return
        quiet = 0 if found else quiet + 1
        if quiet and quiet % LOOKS_BETWEEN_SIGNS == 0:
            yield ": still there\n\n"
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def _news(by: Asking, name: str, since: int) -> tuple[Sequence[JobEvent], bool]:
    """The events after one, and whether there will be no more."""
    with by.session() as session:
        job = stored.status_of(session, by.owner, name)
        # Looked at first: what is over now has its last event by now.
        over = job.state in jobs.FINAL
        found = session.scalars(
            select(JobEvent)
            .where(JobEvent.job_id == job.id, JobEvent.number > since)
            .order_by(JobEvent.number)
        ).all()
        return found, over
