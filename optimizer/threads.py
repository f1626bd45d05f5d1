"""What solves runs in threads of its own, so that a signal reaches the one that waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

Result = TypeVar("Result")

SECONDS_BETWEEN_LOOKS = 0.05

_THREADS = ThreadPoolExecutor(max_workers=1000, thread_name_prefix="solver")
"""They are kept: starting one takes as long as solving a tiny program."""


def interruptible(
    work: Callable[[], Result], stop: threading.Event, interrupt: Callable[[], None]
) -> Result:
    """The result of some work that ends soon after it is interrupted.

    Args:
        work: what is to be done.
        stop: set by whoever wants it to end now.
        interrupt: makes it end; called again until it has.
    """
    working = _THREADS.submit(work)
    try:
        while not wait([working], timeout=SECONDS_BETWEEN_LOOKS).done:
            if stop.is_set():
                interrupt()
    except BaseException:
        # Nobody waits for it any more.
        interrupt()
        raise
    return working.result()


class Stop(threading.Event):
    """A stop for work side by side: set by itself, or with the one it is part of."""

    def __init__(self, whole: threading.Event) -> None:
        super().__init__()
        self._whole = whole

    def is_set(self) -> bool:
        """Whether this work, or all of it, is to end."""
        return super().is_set() or self._whole.is_set()
