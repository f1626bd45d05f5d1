"""`tiimi serve`: the HTTP service, on the local interface unless told otherwise."""

from __future__ import annotations

import signal
import socket
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from api import exit_codes
from api.console import say, tell
from models.issues import InputError, Issue

if TYPE_CHECKING:
    from fastapi import FastAPI

    from api.service.settings import Settings

SECONDS_TO_STOP = 10
"""How long requests may take to end, once it is to stop."""


def run(args: Namespace) -> int:
    """Serve until it is told to stop; the exit code says whether it could."""
    import uvicorn

    from api.service.app import create_app

    settings = _settings(args)
    _check_database(settings)
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        # Addresses have ids of people: they are in no log.
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=SECONDS_TO_STOP,
    )
    with _listening(settings) as (listener, address):
        server = _server(config, app)
        say([f"Tiimi serves on {address}", "Stop it with Ctrl-C."])
        with _stopped_in_order():
            server.run(sockets=[listener])
    if not server.started:
        tell("It could not start.")
        return exit_codes.OUR_MISTAKE
    say(["Stopped."])
    return exit_codes.DONE


def _settings(args: Namespace) -> Settings:
    """Those of the environment, but for what the command says."""
    from pydantic import ValidationError

    from api.service.settings import Settings

    given = {name: getattr(args, name) for name in ("host", "port", "data")}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        cure = "See docs/operators.md."
        raise InputError(
            Issue("bad_setting", _variable(found["loc"]), f"{found['msg']}.", cure)
            for found in error.errors(include_url=False, include_input=False)
        ) from None


def _variable(place: tuple[Any, ...]) -> str:
    return "TIIMI_" + "_".join(str(part) for part in place).upper()


def _check_database(settings: Settings) -> None:
    """Make sure that the database can be opened, before anything is said to be served."""
    from sqlalchemy.exc import SQLAlchemyError

    from api.service.database import engine_for, migrate

    try:
        engine = engine_for(settings.url)
        migrate(engine)
        engine.dispose()
    except (SQLAlchemyError, OSError) as error:
        # The text of the error may have the password that the URL has.
        message = f"The database cannot be opened ({type(error).__name__})."
        cure = "Check TIIMI_DATABASE_URL or --data, and the right to write there."
        raise InputError([Issue("no_database", "database", message, cure)]) from None


@contextmanager
def _listening(settings: Settings) -> Iterator[tuple[socket.socket, str]]:
    """A socket that listens, and its address to be shown."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        message = f"It cannot listen there: {error.strerror or error}."
        place = f"{settings.host}:{settings.port}"
        cure = "Choose another with --host and --port; port 0 is any that is free."
        raise InputError([Issue("no_address", place, message, cure)]) from None
    with listener:
        host = f"[{settings.host}]" if family == socket.AF_INET6 else settings.host
        yield listener, f"http://{host}:{listener.getsockname()[1]}"


def _server(config: Any, app: FastAPI) -> Any:
    """A server that tells who follows a proposal, too, that it is to stop."""
    import uvicorn

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            app.state.stopping.set()
            super().handle_exit(sig, frame)

    return Server(config)


@contextmanager
def _stopped_in_order() -> Iterator[None]:
    """The server hands on the signal it was stopped with: here it has been obeyed already."""

    def obeyed(number: int, frame: object) -> None:
        pass

    before = {s: signal.signal(s, obeyed) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
