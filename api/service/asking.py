"""Who asks, and the database as a route reaches it: always with an owner at hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from api.service.security import Identity, Role, require
from api.service.settings import Settings


@dataclass(frozen=True, slots=True)
class Asking:
    """A request of somebody whose role allows it."""

    identity: Identity
    engine: Engine
    settings: Settings

    @property
    def owner(self) -> str:
        """Whose data alone may be seen."""
        return self.identity.owner

    def session(self) -> Session:
        """A session, to be opened and closed in one go.

        Not a dependency: those end in another turn, and while many requests wait for their
        turn, their sessions would hold the connections that others need to go on.
        """
        return Session(self.engine, expire_on_commit=False)


def _asking(role: Role) -> Callable[..., Awaitable[Asking]]:
    required = require(role)

    async def asking(request: Request, identity: Identity = Depends(required)) -> Asking:
        return Asking(identity, request.app.state.engine, request.app.state.settings)

    return asking


Viewer = Annotated[Asking, Depends(_asking(Role.VIEWER))]
"""Reads."""

Planner = Annotated[Asking, Depends(_asking(Role.PLANNER))]
"""Stores organisations, submits, stops and asks."""

Approver = Annotated[Asking, Depends(_asking(Role.APPROVER))]
"""Decides."""

Admin = Annotated[Asking, Depends(_asking(Role.ADMIN))]
"""Exports and erases people, and reads the audit log."""
