"""Timefold: the same rules as constraint streams, local search for the same wall time.

The last release that is still made for Python. Its score has a level for each of the policy's, in
strict order; it knows no tolerance between them and proves nothing.
"""

from __future__ import annotations

import importlib.util
import shutil
import time

from benchmarks.peers.answer import Answer, Budget, NotInstalledError
from models.facts import Facts


def solve(facts: Facts, budget: Budget) -> Answer:
    """What its search finds in all the seconds; starting Java takes longer.

    Raises:
        NotInstalledError: if the package or Java is not there.
        CannotError: if the policy has too many levels.
    """
    started = time.monotonic()
    if importlib.util.find_spec("timefold") is None:
        raise NotInstalledError("not installed: pip install 'tiimi[peers]'")
    if shutil.which("java") is None:
        raise NotInstalledError("Java 17 or later is not installed")
    from benchmarks.peers.timefold_run import search

    return search(facts, budget, started)
