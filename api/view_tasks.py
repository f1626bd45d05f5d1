"""The tasks of a plan as its readers look at them: who holds, who is in reserve, who learns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.view import View
from models import days
from models.days import Interval, as_date, day
from models.organisation import Task
from models.proposal import Gap, Tenure


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with its tenures, its gaps and its reserve.

    Attributes:
        first_without_holder: the first day on which nobody holds it.
        held_again: the day from which on somebody holds it after that, if anybody does.
        gaps: the days not covered.
        reserve_first, reserve_worst: present qualified members of its team besides the
            holder, on its first day and on the worst.
        worst_from: the first of the worst days.
    """

    task: Task
    team: str | None
    tenures: tuple[Tenure, ...]
    first_without_holder: date | None
    held_again: date | None
    gaps: tuple[Gap, ...]
    reserve_first: int
    reserve_worst: int
    worst_from: date

    @property
    def days_not_covered(self) -> int:
        """How many days are not covered."""
        return sum((gap.end - gap.start).days for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class Handover:
    """A task that changes hands.

    Attributes:
        giver: who holds it before, if anybody.
        start: the day the new holder takes over.
        ready: the day they have learnt it, by the plan's beginning or their own.
        learns: whether they need the task's days of handover.
    """

    task: str
    giver: str | None
    taker: str
    start: date
    ready: date
    learns: bool


def task_views(view: View) -> tuple[TaskView, ...]:
    """All tasks that exist on some day, in input order."""
    gaps: dict[str, list[Gap]] = {}
    for gap in view.evaluation.gaps:
        gaps.setdefault(gap.task, []).append(gap)
    return tuple(_task_view(view, q, tuple(gaps.get(q, ()))) for q in view.facts.tasks)


def _task_view(view: View, q: str, gaps: tuple[Gap, ...]) -> TaskView:
    chain = view.index.chains[q]
    held = [(day(h.start), day(h.end)) for h in chain]
    free = days.subtract(view.facts.active(q), held)
    last = view.facts.active(q)[1]
    reserve = _reserve(view, q)
    worst = min(number for _, number in reserve)
    return TaskView(
        task=view.facts.tasks[q],
        team=view.index.team_of_task.get(q),
        tenures=tuple(chain),
        first_without_holder=as_date(free[0][0]) if free else None,
        held_again=as_date(free[0][1]) if free and free[0][1] < last else None,
        gaps=gaps,
        reserve_first=reserve[0][1],
        reserve_worst=worst,
        worst_from=as_date(next(start for (start, _), number in reserve if number == worst)),
    )


def _reserve(view: View, q: str) -> list[tuple[Interval, int]]:
    """How many qualified members besides the holder are present: (days, number)."""
    facts, chain = view.facts, view.index.chains[q]
    members = view.index.qualified_members(q)
    points = facts.change_points(members) | {p for h in chain for p in (day(h.start), day(h.end))}

    def number(start: int) -> int:
        holder = next((h.employee for h in chain if day(h.start) <= start < day(h.end)), None)
        return sum(
            any(first <= start < end for first, end in facts.presence(e))
            for e in members
            if e != holder
        )

    return [(span, number(span[0])) for span in days.segments(facts.active(q), points)]


def handovers(view: View) -> tuple[Handover, ...]:
    """Every tenure of somebody who takes over or starts to hold a task, by day."""
    facts, found = view.facts, []
    for q, chain in view.index.chains.items():
        giver = facts.current_holder(q)
        for tenure in chain:
            e = tenure.employee
            if e != facts.tasks[q].holder:
                first, ready = facts.service(e)[0], facts.ready(e, q)
                found.append(
                    Handover(q, giver, e, tenure.start, as_date(ready), learns=ready > first)
                )
            giver = e
    return tuple(sorted(found, key=lambda h: (h.start, h.task)))
