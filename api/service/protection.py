"""What keeps requests within bounds before any route sees them, and what every answer carries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.service.problems import MEDIA_TYPE, Problem
from api.service.settings import Settings

_HOST = re.compile(r"([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""On every answer, unless a route says otherwise."""

_NO_STORE = {"Cache-Control": "no-store"}
"""On every answer below /v1: it may hold personal data."""


def protect(app: FastAPI, settings: Settings) -> None:
    """Put an application behind `Protection`, and open it to the origins that are set."""
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=[
                "Authorization",
                "Content-Type",
                "Idempotency-Key",
                "Last-Event-ID",
                "Prefer",
            ],
            expose_headers=["Location", "Retry-After", "Content-Disposition", "Preference-Applied"],
            max_age=600,
        )
    app.add_middleware(Protection, most_bytes=settings.most_bytes)


class Protection:
    """An ASGI application around another: limits what comes in, marks what goes out."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Request(scope, receive, send, self._most_bytes)
        problem = _problem_of(scope, self._most_bytes)
        if problem is not None:
            await request.refuse(problem)
            return
        try:
            await self._app(scope, request.receive, request.send)
        except Exception:
            # What became of reading a body that was cut off is no matter of its own.
            if not request.is_too_large or request.has_answered:
                raise
            await request.refuse(Problem("too_large"))


class _Request:
    """One request: counts what is read of its body, and marks the answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, most_bytes: int) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._left = most_bytes
        self.is_too_large = False
        self.has_answered = False

    async def receive(self) -> Message:
        """Receive, and refuse to go on once it is too much.

        Raises:
            Problem: `too_large`.
        """
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                self.is_too_large = True
                raise Problem("too_large")
        return message

    async def send(self, message: Message) -> None:
        """Send on; whatever the application made of a body cut off, it was too large."""
        if self.is_too_large and not self.has_answered:
            await self.refuse(Problem("too_large"))
            return
        if self.is_too_large and message["type"] == "http.response.body":
            return
        if message["type"] == "http.response.start":
            self.has_answered = True
            self._mark(message)
        await self._send(message)

    async def refuse(self, problem: Problem) -> None:
        """Answer with a problem document."""
        self.has_answered = True
        body = json.dumps(problem.document(self._scope["path"])).encode()
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        start: Message = {
            "type": "http.response.start",
            "status": problem.status,
            "headers": headers,
        }
        self._mark(start)
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})

    def _mark(self, start: Message) -> None:
        headers = MutableHeaders(scope=start)
        private = self._scope["path"].startswith("/v1")
        for name, value in (HEADERS | (_NO_STORE if private else {})).items():
            headers.setdefault(name, value)


def _problem_of(scope: Scope, most_bytes: int) -> Problem | None:
    """What is wrong with a request before its body is read."""
    headers = Headers(scope=scope)
    if not _is_plain(headers.getlist("host")):
        return Problem("bad_request", "One Host header is needed, with a name and maybe a port.")
    if "\0" in scope["path"] or b"%00" in scope.get("query_string", b""):
        return Problem("bad_request", "The address has a character that nothing here has.")
    lengths = headers.getlist("content-length")
    if any(not _NUMBER.fullmatch(length) for length in lengths) or len(set(lengths)) > 1:
        return Problem("bad_request", "The Content-Length is not one number.")
    if lengths and int(lengths[0]) > most_bytes:
        return Problem("too_large", f"The most is {most_bytes} bytes.")
    return None


def _is_plain(hosts: Iterable[str]) -> bool:
    one = list(hosts)
    return len(one) == 1 and _HOST.fullmatch(one[0]) is not None
