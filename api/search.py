"""Running a search so that Ctrl-C and SIGTERM stop it and keep the best plan so far."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Generic, TypeVar

from api import exit_codes
from api.console import tell
from api.progress import Display

Found = TypeVar("Found")

Search = Callable[[Callable[..., None], threading.Event], Found]
"""Given whom to tell about progress, and the event that stops it, finds an answer."""

_SECONDS_BETWEEN_LOOKS = 0.05


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C or SIGTERM sets; a second Ctrl-C interrupts.

    Only the main thread can be told of signals; elsewhere nothing changes.
    """
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, on_signal) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def run(search: Search[Found], display: Display, stop: threading.Event) -> Found:
    """Run a search, with its progress on a display.

    It runs in a thread of its own: Python tells the main thread of a signal only between two
    of its own steps, and the solver's are long.
    """
    work = _Work(search, display, stop)
    try:
        with display:
            work.start()
            _wait_for(work, display, stop)
    except KeyboardInterrupt:
        # The solver's threads are still at it; an orderly end would wait for them.
        tell("Interrupted.")
        os._exit(exit_codes.INTERRUPTED)
    return work.result()


def _wait_for(work: threading.Thread, display: Display, stop: threading.Event) -> None:
    told = False
    while work.is_alive():
        work.join(_SECONDS_BETWEEN_LOOKS)
        if stop.is_set() and not told:
            display.stopping()
            told = True


class _Work(threading.Thread, Generic[Found]):
    """A search in a thread; what it raises is raised where its result is asked for."""

    def __init__(self, search: Search[Found], display: Display, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._search, self._display, self._stop_event = search, display, stop
        self._found: list[Found] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Search."""
        try:
            self._found.append(self._search(self._display, self._stop_event))
        except BaseException as error:
            self._error = error

    def result(self) -> Found:
        """The answer."""
        if self._error is not None:
            raise self._error
        return self._found[0]
