"""Saying something to whoever runs a command: results to stdout, the rest to stderr.

Nothing else prints.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Iterable
from typing import TextIO

from api.texts import plain
from models.issues import Issue

_CLOSED = (errno.EPIPE, errno.EINVAL)  # the latter is what Windows says


def make_tolerant() -> None:
    """Let a terminal that cannot show a character show a question mark, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(OSError, ValueError):
                stream.reconfigure(errors="replace")


def say(lines: Iterable[str]) -> None:
    """Print lines of a result; whoever stops listening gets no complaint.

    Raises:
        OSError: if they cannot be written for another reason, such as a full disk.
    """
    _print(lines, sys.stdout)


def say_file(lines: Iterable[str]) -> None:
    """Print lines of a file: in UTF-8, as it is read again, unless a terminal shows them.

    Raises:
        OSError: as `say`.
    """
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")
    say(lines)


def tell(*lines: str) -> None:
    """Print lines about what is going on, as long as anybody listens."""
    with contextlib.suppress(OSError, ValueError):
        _print(lines, sys.stderr)


def tell_issues(issues: Iterable[Issue]) -> None:
    """Print what is wrong with an input, one issue a line."""
    tell(*(plain(str(issue)) for issue in issues))


def _print(lines: Iterable[str], stream: TextIO) -> None:
    try:
        for line in lines:
            print(line, file=stream)
        stream.flush()
    except OSError as error:
        _discard(stream)
        if error.errno not in _CLOSED:
            raise


def _discard(stream: TextIO) -> None:
    """What the stream still holds goes nowhere: at exit it would fail once more."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
