"""The output: a plan, and the proposal that carries it (docs/problem.md, sections 3 and 5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Base of everything in an output: frozen and closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Placement(Part):
    """Somebody in a team, for all their service `[start, end)`."""

    employee: str
    team: str
    start: date
    end: date


class Lead(Part):
    """Who leads a team."""

    team: str
    employee: str


class Tenure(Part):
    """Somebody holds a task during `[start, end)`; `team` is the task's."""

    task: str
    team: str
    employee: str
    start: date
    end: date


class Gap(Part):
    """Days `[start, end)` on which a task is not covered."""

    task: str
    start: date
    end: date


class Substitution(Part):
    """Who substitutes a principal, and how well they fit (0 to 10)."""

    principal: str
    substitute: str
    fit: int


class Plan(Part):
    """The decisions: who is where, who leads, who holds what, who substitutes whom."""

    placements: tuple[Placement, ...] = ()
    leads: tuple[Lead, ...] = ()
    holders: tuple[Tenure, ...] = ()
    substitutes: tuple[Substitution, ...] = ()


class GoalCost(Part):
    """What a goal costs in this plan (unweighted), and its weight in the level."""

    goal: str
    weight: int
    cost: int


class LevelResult(Part):
    """How a level ended.

    `best` and `bound` are from when the level was solved, `allowed` is what later levels
    had to stay within, `value` is what it costs in this plan. Seconds of wall time.
    """

    level: str
    best: int | None = None
    bound: int | None = None
    allowed: int | None = None
    value: int | None = None
    status: Literal["optimal", "feasible", "unknown", "infeasible"]
    seconds: float
    goals: tuple[GoalCost, ...] = ()


class Warn(Part):
    """Something odd in the input that does not stop planning."""

    code: str
    place: str
    message: str


class Run(Part):
    """How a proposal was made: enough to make it again."""

    input_sha256: str
    policy_sha256: str
    seed: int
    workers: int
    time_limit: float
    wall_seconds: float
    versions: dict[str, str]
    started_at: datetime


class Relaxation(Part):
    """Rules without which all others can hold, and what giving them up weighs."""

    rules: tuple[str, ...]
    weight: int


class Proposal(Part):
    """An answer, with its proof status.

    `optimal`: every level proven, the taking back included; `feasible`: valid, some level
    not proven; `infeasible`: with its conflicts and the ways out of them; `unknown`: time ran
    out with nothing. `minimal_conflicts` begins with `conflicts`; `conflicts_complete` says
    that there are no others, and no other `relaxations`.
    """

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    levels: tuple[LevelResult, ...] = ()
    placements: tuple[Placement, ...] = ()
    leads: tuple[Lead, ...] = ()
    holders: tuple[Tenure, ...] = ()
    gaps: tuple[Gap, ...] = ()
    substitutes: tuple[Substitution, ...] = ()
    not_in_service: tuple[str, ...] = ()
    tasks_left_out: tuple[str, ...] = ()
    warnings: tuple[Warn, ...] = ()
    conflicts: tuple[str, ...] = ()
    minimal_conflicts: tuple[tuple[str, ...], ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    conflicts_complete: bool = False
    run: Run

    @property
    def plan(self) -> Plan:
        """Its decisions alone."""
        return Plan(
            placements=self.placements,
            leads=self.leads,
            holders=self.holders,
            substitutes=self.substitutes,
        )

    def to_dict(self) -> dict[str, Any]:
        """The JSON form of section 5; absent values are null.

        What explains why there is no plan is there only where there is none.
        """
        left_out = None if self.status == "infeasible" else set(_EXPLAINING)
        return self.model_dump(mode="json", exclude=left_out)


_EXPLAINING = ("minimal_conflicts", "relaxations", "conflicts_complete")
