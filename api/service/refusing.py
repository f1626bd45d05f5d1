"""Every error as a problem document: those told on purpose, and mistakes of our own."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.service.bodies import issues_of
from api.service.mistakes import place
from api.service.problems import MEDIA_TYPE, Problem
from api.service.routes import ROUTERS
from models.issues import InputError

log = logging.getLogger("tiimi")

_BY_STATUS = {
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
}
_UNREACHABLE = (OperationalError, InterfaceError, PoolTimeoutError)
"""The database cannot be reached, or not now."""


def refuse(app: FastAPI) -> None:
    """Answer every error of an application with a problem document."""
    app.add_exception_handler(Problem, _told)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_exception_handler(RequestValidationError, _parameters)
    app.add_exception_handler(InputError, _input)
    for kind in _UNREACHABLE:
        app.add_exception_handler(kind, _away)


def answer(problem: Problem, path: str) -> Response:
    """A problem document as an answer."""
    return JSONResponse(
        problem.document(path),
        status_code=problem.status,
        headers=problem.headers,
        media_type=MEDIA_TYPE,
    )


async def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return answer(error, request.url.path)


async def _by_status(request: Request, error: Exception) -> Response:
    """What the framework refuses by itself."""
    assert isinstance(error, HTTPException)
    headers: Mapping[str, str] = error.headers or {}
    if error.status_code == 405:
        headers = {"Allow": ", ".join(_methods(request))}
    code = _BY_STATUS.get(error.status_code, "bad_request")
    return answer(Problem(code, headers=headers), request.url.path)


def _methods(request: Request) -> list[str]:
    """What can be done with a resource: the framework knows of one of its routes alone."""
    routes = (route for router in ROUTERS for route in router.routes)
    found = {
        method
        for route in routes
        if isinstance(route, APIRoute) and route.matches(request.scope)[0] != Match.NONE
        for method in route.methods or ()
    }
    return sorted(found) or ["GET"]


async def _parameters(request: Request, error: Exception) -> Response:
    """Parameters of the address or headers that cannot be read."""
    assert isinstance(error, RequestValidationError)
    found = [e | {"loc": e["loc"][1:] or e["loc"]} for e in error.errors()]
    return answer(Problem("invalid", issues=issues_of(found)), request.url.path)


async def _input(request: Request, error: Exception) -> Response:
    assert isinstance(error, InputError)
    return answer(Problem("invalid", issues=error.issues), request.url.path)


async def _away(request: Request, error: Exception) -> Response:
    log.warning("database: %s", type(error).__name__)
    problem = Problem("not_ready", "The database is not reached.", headers={"Retry-After": "2"})
    return answer(problem, request.url.path)


class Mistakes:
    """An ASGI application around another: what nobody expected is told by its type alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say that it was our mistake."""
        has_begun = False

        async def noticed(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noticed)
        except Problem as problem:
            if scope["type"] != "http" or has_begun:
                raise
            await answer(problem, scope["path"])(scope, receive, send)
        except Exception as error:
            # The text of an error may name people; a traceback may hold what they sent.
            log.error("a mistake of tiimi's own: %s%s", type(error).__name__, place(error))
            if scope["type"] != "http":
                raise
            if not has_begun:
                await answer(Problem("internal"), scope["path"])(scope, receive, send)
