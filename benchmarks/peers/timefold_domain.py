"""What Timefold is to decide: entities and the solution. Importing this starts Java."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import BendableScore

from benchmarks.peers.timefold_facts import (
    Candidate,
    Leader,
    Need,
    Pair,
    TaskFact,
    TeamFact,
    Wish,
)

SOFT_LEVELS = 6
"""Levels of a policy that its score has room for."""


@planning_entity
@dataclass(eq=False)
class Person:
    """Who is placed; `is_real` is false for what stands for a task's team alone."""

    id: Annotated[int, PlanningId]
    is_real: bool
    is_starter: bool
    leaves: bool
    sector: int
    load_limit: int
    task_limit: int
    max_principals: int
    interest: list[int]
    site_change: list[int]
    team_change: list[int]
    teams: Annotated[list[TeamFact], ValueRangeProvider(id="teams")]
    team: Annotated[TeamFact | None, PlanningVariable(value_range_provider_refs=["teams"])] = field(
        default=None
    )


@planning_entity
@dataclass(eq=False)
class LeadSlot:
    """Who leads a team."""

    id: Annotated[int, PlanningId]
    team: int
    leaders: Annotated[list[Leader], ValueRangeProvider(id="leaders")]
    leader: Annotated[
        Leader | None,
        PlanningVariable(value_range_provider_refs=["leaders"], allows_unassigned=True),
    ] = field(default=None)


@planning_entity
@dataclass(eq=False)
class SubstituteSlot:
    """Who substitutes somebody; counts only while both are in one team."""

    id: Annotated[int, PlanningId]
    is_pinned: bool
    pairs: Annotated[list[Pair], ValueRangeProvider(id="pairs")]
    pair: Annotated[
        Pair | None, PlanningVariable(value_range_provider_refs=["pairs"], allows_unassigned=True)
    ] = field(default=None)


@planning_entity
@dataclass(eq=False)
class LinkSlot:
    """A place in a task's chain; counts only while the candidate is in the task's team."""

    id: Annotated[int, PlanningId]
    candidates: Annotated[list[Candidate], ValueRangeProvider(id="candidates")]
    candidate: Annotated[
        Candidate | None,
        PlanningVariable(value_range_provider_refs=["candidates"], allows_unassigned=True),
    ] = field(default=None)


@planning_solution
@dataclass(eq=False)
class Organisation:
    """All of it."""

    teams: Annotated[list[TeamFact], ProblemFactCollectionProperty]
    tasks: Annotated[list[TaskFact], ProblemFactCollectionProperty]
    candidates: Annotated[list[Candidate], ProblemFactCollectionProperty]
    needs: Annotated[list[Need], ProblemFactCollectionProperty]
    wishes: Annotated[list[Wish], ProblemFactCollectionProperty]
    people: Annotated[list[Person], PlanningEntityCollectionProperty]
    lead_slots: Annotated[list[LeadSlot], PlanningEntityCollectionProperty]
    substitute_slots: Annotated[list[SubstituteSlot], PlanningEntityCollectionProperty]
    link_slots: Annotated[list[LinkSlot], PlanningEntityCollectionProperty]
    score: Annotated[
        BendableScore | None,
        PlanningScore(bendable_hard_levels_size=1, bendable_soft_levels_size=SOFT_LEVELS),
    ] = field(default=None)
