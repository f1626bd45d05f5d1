"""What a peer is asked and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models.facts import Facts
from models.proposal import Plan


class NotInstalledError(Exception):
    """A peer that cannot run here; says what is missing and how to get it."""


class CannotError(Exception):
    """A peer that can run, but not on this organisation or policy; says why."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a peer may use: seconds of wall time, threads, and a seed of its random choices."""

    seconds: float
    workers: int
    seed: int


@dataclass(frozen=True, slots=True)
class LevelAnswer:
    """A level as a peer solved it.

    Attributes:
        best: what it cost when it was solved.
        bound: proven least, given the levels before; None if the peer proves nothing.
        allowed: what later levels had to stay within; None if the peer knows no tolerance.
        proven: whether the peer claims a proof, that of the taking back included.
        seconds: spent on it, the taking back included.
    """

    name: str
    best: int
    bound: int | None
    allowed: int | None
    proven: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer found; nothing of it is believed before the evaluation.

    Attributes:
        plan: None if it found none.
        levels: those it solved, in order; empty if it only says what its plan is.
        infeasible: whether it claims that there is no valid plan.
        remark: what a reader of the numbers should know.
    """

    plan: Plan | None = None
    levels: tuple[LevelAnswer, ...] = ()
    infeasible: bool = False
    remark: str | None = None


Solve = Callable[[Facts, Budget], Answer]
"""Raises NotInstalledError or CannotError."""
