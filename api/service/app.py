"""The application: what all routes stand on, from its start to its end."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.service.database import MOST_REQUESTS, engine_for, migrate
from api.service.dispatcher import Dispatcher
from api.service.making import Making
from api.service.metrics import Measured, Metrics
from api.service.openapi import document
from api.service.protection import protect
from api.service.refusing import Mistakes, refuse
from api.service.routes import ROUTERS
from api.service.settings import Settings

log = logging.getLogger("tiimi")

DESCRIPTION = (
    "Proposes who of an organisation works in which team, who leads it, who holds each task and"
    " who substitutes whom; answers what if, why, and what else. Errors are problem documents."
)


class Service(FastAPI):
    """The application; its document is made by `api.service.openapi`."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        if self.openapi_schema is None:
            self.openapi_schema = document(self)
        return self.openapi_schema


def create_app(settings: Settings | None = None, *, dispatches: bool = True) -> FastAPI:
    """An application; nothing is opened before it starts.

    Args:
        settings: by default those of the environment.
        dispatches: whether it hands queued jobs to workers; otherwise another server has to.
    """
    app = Service(
        title="Tiimi",
        summary="Plans teams, duties and substitutes of an organisation, and explains the plan.",
        description=DESCRIPTION,
        version=version("tiimi"),
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        generate_unique_id_function=_operation_id,
    )
    settings = settings or Settings()
    app.state.settings = settings
    app.state.dispatches = dispatches
    app.state.stopping = threading.Event()
    app.state.metrics = Metrics()
    app.state.making = Making(settings)
    for router in ROUTERS:
        app.include_router(router)
    refuse(app)
    # The last one added sees a request first.
    app.add_middleware(Mistakes)
    protect(app, settings)
    app.add_middleware(Measured, metrics=app.state.metrics)
    return app


def _operation_id(route: APIRoute) -> str:
    """``proposals_plan``: the module of a route, and its function."""
    return f"{route.endpoint.__module__.rpartition('.')[2]}_{route.name}"


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the database and begin to dispatch; close both in the end."""
    to_thread.current_default_thread_limiter().total_tokens = MOST_REQUESTS
    try:
        await asyncio.to_thread(_open, app)
    except Exception as error:
        log.error("it cannot start: %s", type(error).__name__)
        raise
    try:
        yield
    finally:
        app.state.stopping.set()
        await asyncio.to_thread(_close, app)


def _open(app: FastAPI) -> None:
    settings: Settings = app.state.settings
    app.state.engine = engine_for(settings.url)
    migrate(app.state.engine)
    app.state.dispatcher = None
    if app.state.dispatches:
        app.state.dispatcher = Dispatcher(app.state.engine, settings)
        app.state.dispatcher.start()


def _close(app: FastAPI) -> None:
    if app.state.dispatcher is not None:
        app.state.dispatcher.stop()
    app.state.engine.dispose()
