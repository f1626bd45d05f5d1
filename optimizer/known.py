"""What a solve knows before it begins, and what it tells whoever watches it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from models.proposal import Plan
from optimizer.model import Model


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve is; for whoever watches.

    Of levels minimised at once, the first one that is not proven yet is told of; they end together.

    Attributes:
        level: its name; `index` counts from 1 to `count`.
        best, bound: so far, weighted; None if there is none yet.
        seconds: since the level (or its taking back) began.
        taking_back: whether the level is solved a second time.
        status: how it ended; None while it runs.
        plan: the best plan so far, when a level has ended; None while it runs.
    """

    level: str
    index: int
    count: int
    best: int | None
    bound: int | None
    seconds: float
    taking_back: bool
    status: str | None
    plan: Plan | None = None


Watch = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before the first level of a solve, from another one.

    Attributes:
        hint: a plan to start from; it need not be valid here.
        least_allowed: by level, what it may always cost.
        bounds: by level, what it costs at least while the levels before it keep exactly to
            `least_allowed`.
        values: by level, what it costs at least when it is taken back while all levels keep to
            `least_allowed` and those taken back before cost no more than here.
        restrict: adds rows that narrow the plans.
        restriction: what a conflict calls it.
    """

    hint: Plan | None = None
    least_allowed: Mapping[str, int] = field(default_factory=dict)
    bounds: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, int] = field(default_factory=dict)
    restrict: Callable[[Model], None] | None = None
    restriction: str = ""
