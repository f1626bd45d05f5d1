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
from api.commands.opening import database, settings_with
from api.console import say, tell
from models.issues import InputError, Issue

if TYPE_CHECKING:
    from fastapi import FastAPI

    from api.service.settings import Settings

SECONDS_TO_KEEP_ALIVE = 75
"""Longer than clients keep a connection, so that none asks on one that is being closed."""

SECONDS_TO_STOP = 10
"""How long requests may take to end, once it is to stop."""


def run(args: Namespace) -> int:
    """Serve until it is told to stop; the exit code says whether it could."""
    import uvicorn

    from api.service.app import create_app

    given = {"host": args.host, "port": args.port}
    settings = settings_with(args.data).model_copy(
        update={name: value for name, value in given.items() if value is not None}
    )
    _check_provider(settings)
    with database(settings):
        # It can be opened: before that, nothing is said to be served.
        pass
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        # Addresses have ids of people, and tracebacks what they sent: they are in no log.
        access_log=False,
        log_level="critical",
        # Its configuration would close the handlers that others have made.
        log_config=None,
        server_header=False,
        timeout_keep_alive=SECONDS_TO_KEEP_ALIVE,
        timeout_graceful_shutdown=SECONDS_TO_STOP,
    )
    with _listening(settings) as (listener, address):
        server = _server(config, app)
        say([f"Tiimi serves on {address}"])
        with _stopped_in_order():
            try:
                server.run(sockets=[listener])
            except SystemExit:
                tell("It could not start.")
                return exit_codes.OUR_MISTAKE
    say(["Stopped."])
    return exit_codes.DONE


def _check_provider(settings: Settings) -> None:
    """See that logins by an OpenID provider can work, if they are wanted.

    Raises:
        InputError: settings are missing, or the key is none.
    """
    from api.service.openid import check_provider

    try:
        check_provider(settings)
    except RuntimeError as error:
        cure = "See docs/operators.md."
        raise InputError([Issue("bad_setting", "TIIMI_JWT_KEY", f"{error}.", cure)]) from None


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
        # Inherited by every connection: else an answer's body waits 40 ms for the client's
        # acknowledgement of its head.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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
