"""What those who run the service ask: does it live, is it ready, how busy is it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select

from api.service.describing import ALIVE, ANYBODY, files, refusals
from api.service.media import PLAIN, acceptable
from api.service.metrics import Metrics
from api.service.problems import Problem
from api.service.schemas.answers import Health

router = APIRouter(tags=["operations"], dependencies=[Depends(acceptable)])


@router.get("/health", responses=refusals(*ALIVE))
def health() -> Health:
    """The server lives. For everybody."""
    return Health(status="ok")


@router.get("/ready", responses=refusals(*ANYBODY))
def ready(request: Request) -> Health:
    """The database can be reached, and so can what solves. For everybody."""
    state: Any = request.app.state
    with state.engine.connect() as connection:
        connection.execute(select(1))
    if state.dispatcher is not None and not state.dispatcher.is_ready:
        raise Problem("not_ready", "The engine that solves is not reached yet.")
    return Health(status="ok")


@router.get(
    "/metrics",
    responses=files("In the text form of Prometheus.", PLAIN) | refusals(*ANYBODY),
    response_class=Response,
)
def metrics(request: Request) -> Response:
    """How busy it is: numbers alone, no ids and no data. For everybody."""
    of_app: Metrics = request.app.state.metrics
    return Response(of_app.text(request.app.state.engine), media_type=of_app.media_type)
