"""Numbers for Prometheus: requests by route, and jobs by state. No ids, no data of cities."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.service.database import Job

_NO_ROUTE = "(none)"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


class Metrics:
    """The numbers of one application."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "tiimi_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "tiimi_request_seconds",
            "Seconds until a request was answered whole.",
            ("method", "route"),
            registry=self._registry,
        )
        self._jobs = Gauge(
            "tiimi_jobs", "Jobs that wait or run.", ("state",), registry=self._registry
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self, engine: Engine) -> bytes:
        """All numbers, in the form that is scraped."""
        states = ("queued", "running")
        with engine.connect() as connection:
            query = select(Job.state, func.count()).where(Job.state.in_(states))
            found = {row[0]: row[1] for row in connection.execute(query.group_by(Job.state))}
        for state in states:
            self._jobs.labels(state).set(found.get(state, 0))
        return generate_latest(self._registry)


class Measured:
    """An ASGI application around another: counts what is answered."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and count."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def noticed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noticed)
        finally:
            # The template, not the path: that has ids.
            route = getattr(scope.get("route"), "path_format", _NO_ROUTE)
            method = scope["method"] if scope["method"] in _METHODS else "OTHER"
            self._metrics.count(method, route, status, time.monotonic() - began)
