"""No search for garbage while a model is built: none of its millions of objects is any.

Python looks for cycles again and again as objects are made, which took a third of the time that
building the model of 5,000 people takes (docs/formulation.md, "Large organisations").
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_builders = 0
_was_enabled = False


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect nothing until the last of those who build has ended, in whatever thread."""
    global _builders, _was_enabled
    with _lock:
        if not _builders:
            _was_enabled = gc.isenabled()
            gc.disable()
        _builders += 1
    try:
        yield
    finally:
        with _lock:
            _builders -= 1
            if not _builders and _was_enabled:
                gc.enable()
