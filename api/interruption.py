"""Ctrl-C while a command starts, before there is anything to be kept.

Loading the libraries takes a second or two. Python raises the interruption there between any two
steps, and a library that loads may swallow it, or a clean-up print it; so it ends the program at
once. Anywhere else it is raised: what is half written is then put away.
"""

from __future__ import annotations

import os
import signal
from types import FrameType

from api import exit_codes

_STDERR = 2
_IMPORTING = "<frozen importlib._bootstrap>"


def end_quietly_while_loading() -> None:
    """From now on; only the main thread of a program is told of signals."""
    try:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _on_interrupt)
    except ValueError:
        return


def _on_interrupt(number: int, frame: FrameType | None) -> None:
    if _is_loading(frame):
        # Not by way of Python's own buffer, which may be in use right now.
        os.write(_STDERR, b"Interrupted.\n")
        os._exit(exit_codes.INTERRUPTED)
    raise KeyboardInterrupt


def _is_loading(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == _IMPORTING:
            return True
        frame = frame.f_back
    return False
