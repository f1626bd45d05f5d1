"""Where a mistake of our own happened: told without its text, which may name people."""

from __future__ import annotations


def place(error: BaseException) -> str:
    """`` in api.service.worker, line 12``: the module of the innermost step, and its line."""
    at, found = error.__traceback__, ""
    while at is not None:
        found = f" in {at.tb_frame.f_globals.get('__name__', '?')}, line {at.tb_lineno}"
        at = at.tb_next
    return found
