"""What an error of PostgreSQL means, by its code: the driver takes nearly all for one kind."""

from __future__ import annotations

from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import IntegrityError, OperationalError

_KINDS: dict[str, type[IntegrityError | OperationalError]] = {
    "08": OperationalError,  # the connection is broken
    "23": IntegrityError,
    "40": OperationalError,  # given up for the sake of another transaction
    "53": OperationalError,  # disk full, out of memory, too many connections
    "55": OperationalError,  # locked
    "57": OperationalError,  # shutting down, starting up, cancelled
    "58": OperationalError,  # the machine fails it
}
"""By the beginning of a code, what it means."""

_ENDED = ("08", "57P")
"""Codes after which there is no connection any more."""


def told_by_code(context: ExceptionContext) -> Exception | None:
    """Listen to `handle_error` of an engine.

    Returns:
        The error to be raised instead, if the driver's own does not say what it is.
    """
    original = context.original_exception
    code = _code(original)
    if code.startswith(_ENDED):
        context.is_disconnect = True
    kind = next((kind for start, kind in _KINDS.items() if code.startswith(start)), None)
    return None if kind is None else kind(context.statement, None, original, hide_parameters=True)


def _code(error: BaseException) -> str:
    """The five characters of a code; empty if the server did not say it."""
    answer = error.args[0] if error.args else None
    return str(answer.get("C", "")) if isinstance(answer, dict) else ""
