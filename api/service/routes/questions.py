"""Questions about a proposal: why not so, what else. They are answered by solving."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from api.service import audit, jobs, stored
from api.service.answers import solved_of
from api.service.asking import Asking, Planner, Viewer
from api.service.bodies import body_as
from api.service.database import Job
from api.service.describing import KNOWN, SUBMITTED, made, refusals
from api.service.media import acceptable
from api.service.paths import ProposalId, QuestionId
from api.service.problems import Problem
from api.service.schemas.questions import Question
from api.service.schemas.requests import AlternativesRequest, WhyRequest, WishRequest
from api.service.submitting import Key, progress_of, seconds_of, submit, too_long
from models.facts import Facts
from models.issues import Issue, nearest

router = APIRouter(prefix="/v1", tags=["questions"], dependencies=[Depends(acceptable)])

MOST_WAITED = 30.0
SECONDS_BETWEEN_LOOKS = 0.2

Prefer = Annotated[
    str | None,
    Header(
        max_length=200,
        description=f"`wait=SECONDS`, at most {MOST_WAITED:g}: answer with the result if it is"
        " there by then.",
        examples=["wait=10"],
    ),
]
"""RFC 7240."""

_ASKED: dict[str, Any] = {
    "status_code": 202,
    "response_model": Question,
    "responses": {200: {"model": Question, "description": "It was done while you waited."}}
    | made("It is queued.", 202)
    | refusals(*SUBMITTED),
}


@router.post("/proposals/{proposal}/why", **_ASKED, openapi_extra={"x-body": "WhyRequest"})
async def why(
    by: Planner,
    proposal: ProposalId,
    asked: Annotated[WhyRequest, Depends(body_as(WhyRequest))],
    request: Request,
    key: Key = None,
    prefer: Prefer = None,
) -> Response:
    """Ask what wishes would cost, and why they were not granted. Role: planner."""

    def issues(facts: Facts, levels: Sequence[str]) -> Iterator[Issue]:
        for i, wish in enumerate(asked.wishes):
            yield from _of_wish(facts, wish, f"wishes[{i}]")

    what = {"wishes": [wish.model_dump() for wish in asked.wishes]}
    name = await run_in_threadpool(_submitted, by, proposal, key, "why", asked, what, issues)
    return await _answer(by, name, prefer, request)


@router.post(
    "/proposals/{proposal}/alternatives",
    **_ASKED,
    openapi_extra={"x-body": "AlternativesRequest"},
)
async def alternatives(
    by: Planner,
    proposal: ProposalId,
    asked: Annotated[AlternativesRequest, Depends(body_as(AlternativesRequest))],
    request: Request,
    key: Key = None,
    prefer: Prefer = None,
) -> Response:
    """Ask for plans as good that place people differently. Role: planner."""

    def issues(facts: Facts, levels: Sequence[str]) -> Iterator[Issue]:
        if asked.level is not None and asked.level not in levels:
            message = f"No level is called {asked.level!r}."
            yield Issue("unknown_level", "level", message, nearest(asked.level, levels))
        if (asked.level is None) != (asked.loss == 0):
            yield Issue("bad_option", "loss", "A loss is of a level.", "Give both, or neither.")

    what = asked.model_dump(include={"count", "distance", "level", "loss"})
    name = await run_in_threadpool(
        _submitted, by, proposal, key, "alternatives", asked, what, issues
    )
    return await _answer(by, name, prefer, request)


@router.get(
    "/questions/{question}", response_model=Question, responses=refusals(*KNOWN, "not_found")
)
def followed(by: Viewer, question: QuestionId) -> Response:
    """How far a question is, and its answer once it is done. Role: viewer."""
    return JSONResponse(_shown(by, question))


@router.post(
    "/questions/{question}/stop",
    status_code=202,
    response_model=Question,
    responses=refusals(*KNOWN, "not_found"),
)
def stop(by: Planner, question: QuestionId) -> Response:
    """Ask for the answer as far as it is known; what is over stays as it is. Role: planner."""
    with by.session() as session:
        job = stored.question(session, by.owner, question)
        audit.record(session, by.identity, "stop", f"questions/{job.id}")
        jobs.ask_to_stop(session, job.id)
    return JSONResponse(_shown(by, question), status_code=202)


def _submitted(
    by: Asking,
    proposal: str,
    key: str | None,
    kind: str,
    asked: WhyRequest | AlternativesRequest,
    what: dict[str, Any],
    check: Callable[[Facts, Sequence[str]], Iterator[Issue]],
) -> str:
    """Check and queue a question; its id."""
    with by.session() as session:
        parent = stored.proposal(session, by.owner, proposal)
        stored.base(parent)
        solved = solved_of(parent, stored.content_of(session, parent))
        levels = [level.name for level in solved.policy.levels]
        issues = [*too_long(asked.time_limit, by.settings), *check(solved.facts, levels)]
        if issues:
            raise Problem("invalid", issues=issues)
        request = what | {
            "time_limit": seconds_of(asked.time_limit, by.settings),
            "seed": asked.seed,
        }
        job = submit(by, session, key, kind, request, parent.policy, parent.organisation_id, parent)
        return job.id


def _of_wish(facts: Facts, wish: WishRequest, place: str) -> Iterator[Issue]:
    """What is wrong with a wish: ids, and what cannot be asked of them."""
    known: dict[str, Collection[str]] = {
        "team": facts.teams,
        "leader": facts.teams,
        "holder": facts.tasks,
        "substitute": facts.employees,
    }
    of = known[wish.kind]
    what = {"team": "team", "leader": "team", "holder": "task"}.get(wish.kind, "employee")
    if wish.employee not in facts.employees:
        message = f"No employee in service has the id {wish.employee!r}."
        cure = nearest(wish.employee, facts.employees)
        yield Issue("unknown_id", f"{place}.employee", message, cure)
    if wish.of not in of:
        message = f"No {what} planned for has the id {wish.of!r}."
        yield Issue("unknown_id", f"{place}.of", message, nearest(wish.of, of))
    elif wish.kind == "leader" and not facts.teams[wish.of].lead:
        message = f"{wish.of} has no leader."
        yield Issue("team_without_lead", f"{place}.of", message, "Ask about another team.")
    elif wish.kind == "substitute" and not facts.employees[wish.of].needs_substitute:
        message = f"{wish.of} needs no substitute."
        yield Issue("needs_no_substitute", f"{place}.of", message, "Ask about somebody who does.")
    if wish.kind == "substitute" and wish.employee == wish.of:
        message = "Nobody substitutes themselves."
        yield Issue("refers_to_itself", f"{place}.employee", message, "Name somebody else.")


async def _answer(by: Asking, name: str, prefer: str | None, request: Request) -> Response:
    """The result, if it is there within the time asked for; otherwise where it will be."""
    seconds = _seconds(prefer)
    until = time.monotonic() + seconds
    headers = {"Location": f"/v1/questions/{name}"}
    while True:
        shown = await run_in_threadpool(_shown, by, name)
        if shown["state"] in jobs.FINAL or time.monotonic() >= until:
            break
        if request.app.state.stopping.is_set() or await request.is_disconnected():
            break
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
    if seconds:
        headers["Preference-Applied"] = f"wait={seconds:g}"
    is_answered = seconds > 0 and shown["state"] in jobs.FINAL
    return JSONResponse(shown, status_code=200 if is_answered else 202, headers=headers)


def _seconds(prefer: str | None) -> float:
    """How long a client would wait; what it says otherwise is no matter (RFC 7240)."""
    for part in (prefer or "").split(","):
        if found := re.fullmatch(r"\s*wait\s*=\s*([0-9]{1,6})\s*", part, re.IGNORECASE):
            return min(float(found.group(1)), MOST_WAITED)
    return 0.0


def _shown(by: Asking, name: str) -> dict[str, Any]:
    with by.session() as session:
        job = stored.question(session, by.owner, name)
        if job.result:
            audit.record(session, by.identity, "read", f"questions/{job.id}")
            session.commit()
        return _question(session, job)


def _question(session: Session, job: Job) -> dict[str, Any]:
    """A question in its JSON form; its result is not read again, it is as it was stored."""
    head = Question.model_validate(
        {
            "id": job.id,
            "kind": job.kind,
            "proposal": job.parent_id,
            "state": job.state,
            "progress": progress_of(job),
            "stopping": job.stop and job.state not in jobs.FINAL,
            "attempts": job.attempts,
            "error": job.error,
            "erased": job.erased,
            "created_at": job.created_at,
            "created_by": job.created_by,
            "started_at": job.started_at,
            "finished_at": job.finished_at,
            "result": None,
        }
    )
    return head.model_dump(mode="json") | {"result": job.result or None}
