"""Why a level costs more in one plan than in another, task by task, person by person.

The evaluation names what each piece of a goal's cost is about; what differs is the reason
(docs/what-if.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.days import as_date
from models.evaluation import Evaluation
from models.goals import Match
from optimizer.solved import Solved


class About(NamedTuple):
    """What a piece of a goal's cost is about."""

    employees: tuple[str, ...]
    team: str | None
    task: str | None
    skill: str | None
    sector: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """How a goal's cost changes for one task, person, pair, or skill or sector of a team.

    Attributes:
        before, after: unweighted, in the proposal and with the wish.
        weighted: what the change costs in its level; below 0: it gets better.
        first_day: of goals about days, the first day that is worse; None if none is.
    """

    goal: str
    about: About
    before: int
    after: int
    weighted: int
    first_day: date | None = None


def reasons(base: Solved, evaluation: Evaluation, level: str) -> tuple[Reason, ...]:
    """What changes in a level's goals, from the matches of both plans, dearest first.

    Args:
        base: the proposal.
        evaluation: of the other plan.
        level: its name; the reasons' `weighted` sum to what it costs more.
    """
    weights = next(x for x in base.policy.levels if x.name == level).weighted()
    found = []
    for goal, weight in weights.items():
        old = _by_subject(goal, base.evaluation.matches[goal])
        new = _by_subject(goal, evaluation.matches[goal])
        for about in {**new, **old}:
            before, after = (sum(m.amount for m in side.get(about, ())) for side in (old, new))
            if before != after:
                first = _first_worse_day(old.get(about, []), new.get(about, []))
                found.append(Reason(goal, about, before, after, weight * (after - before), first))
    return tuple(sorted(found, key=lambda r: -r.weighted))


_NAMED = {"departure_concentration": 0, "lead_changes": 1, "substitute_changes": 2}
"""How many of a match's people say what it is about, where not all do."""


def _by_subject(goal: str, matches: tuple[Match, ...]) -> dict[About, list[Match]]:
    found: dict[About, list[Match]] = {}
    for m in matches:
        people = m.employees[: _NAMED.get(goal, len(m.employees))]
        # Of a task the team is no part of what it is about: it may change.
        of_team = goal == "lead_changes" or (m.task is None and not people)
        team = m.team if of_team else None
        found.setdefault(About(people, team, m.task, m.skill, m.sector), []).append(m)
    return found


def _first_worse_day(old: list[Match], new: list[Match]) -> date | None:
    """The first day on which more is missing than in the proposal."""
    starts = sorted({p for m in (*old, *new) if m.interval for p in m.interval})
    for start in starts:
        if _missing_on(start, new) > _missing_on(start, old):
            return as_date(start)
    return None


def _missing_on(day: int, matches: list[Match]) -> float:
    """How much is missing on a day."""
    return sum(
        m.amount / (m.interval[1] - m.interval[0])
        for m in matches
        if m.interval and m.interval[0] <= day < m.interval[1]
    )
