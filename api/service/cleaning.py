"""When what is old is deleted: at the start and every hour, unless the clock has jumped."""

from __future__ import annotations

import logging
import time

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from api.service.database import now
from api.service.retention import delete_old
from api.service.settings import Settings

log = logging.getLogger("tiimi")

SECONDS_BETWEEN = 3600.0
MOST_SECONDS_OF_JUMP = 3600.0
"""A clock that has jumped by more is not believed what is old."""

SECONDS_OF_DOUBT = 86_400.0
"""Nor for so long afterwards: time for whoever reads the log to put it right. Then it is believed,
for the clock that never jumps stands still while a machine sleeps."""


class Cleaning:
    """Deletes what is older than `keep_days`, while a server runs."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._began = now().timestamp() - time.monotonic()
        self._next = time.monotonic()

    def clean(self) -> None:
        """Delete what is old, if it is time to look."""
        if self._settings.keep_days == 0 or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + SECONDS_BETWEEN
        jumped = now().timestamp() - time.monotonic() - self._began
        if abs(jumped) > MOST_SECONDS_OF_JUMP:
            self._began += jumped
            self._next = time.monotonic() + SECONDS_OF_DOUBT
            log.warning("nothing is deleted for a day: the clock has jumped by %d seconds", jumped)
            return
        with Session(self._engine) as session:
            gone = delete_old(session, self._settings)
        if any(gone.values()):
            log.warning("deleted as too old: %s", gone)
