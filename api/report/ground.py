"""What all parts of a report stand on: the plan, its evaluation, its risks, looked at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from api.base import BaseFolder
from api.report.blocks import Cell
from api.report.periods import Period, periods_of
from api.report.words import Words
from api.view import Person, View
from api.view_tasks import Handover, TaskView, handovers, task_views
from models.days import Interval, day
from models.goals import interest_cost

if TYPE_CHECKING:
    from optimizer.risk import Risk
    from optimizer.risk.cover import Cover

MANY_PEOPLE = 150
"""With more people than this, what is about one team or one task is folded."""


class Ground:
    """A proposal with its plan, in a language.

    Attributes:
        base: the proposal, with what it was made from.
        words: of the language.
        view: the plan, evaluated.
    """

    def __init__(self, base: BaseFolder, language: str) -> None:
        self.base = base
        self.words = Words(language, base.organisation)
        self.view = View(base.organisation, base.solved_policy, base.proposal, base.held_before)

    @cached_property
    def risk(self) -> Risk:
        """What the plan risks."""
        from optimizer.risk import risk_of

        return risk_of(self.view.facts, self.base.proposal.plan)

    @cached_property
    def cover_of(self) -> dict[str, Cover]:
        """How well each task is covered, by id."""
        return {c.of.task: c for c in self.risk.cover if c.of.task is not None}

    @cached_property
    def tasks(self) -> tuple[TaskView, ...]:
        """All tasks, in input order."""
        return task_views(self.view)

    @cached_property
    def handovers(self) -> tuple[Handover, ...]:
        """Every task that changes hands or must be learnt, by day."""
        return tuple(h for h in handovers(self.view) if h.giver or h.learns)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The horizon in columns."""
        return periods_of(self.view.facts.horizon, self.words)

    @cached_property
    def person_of(self) -> dict[str, Person]:
        """Everybody in service, by id."""
        return {p.employee.id: p for p in self.view.people}

    @cached_property
    def leavers(self) -> tuple[Person, ...]:
        """Those who leave before the end, by day."""
        return tuple(sorted((p for p in self.view.people if p.leaves), key=lambda p: p.end))

    @cached_property
    def principals_of(self) -> dict[str, list[str]]:
        """{employee: those whose substitute they are}."""
        found: dict[str, list[str]] = {}
        for principal, substitute in self.view.index.substitute_of.items():
            found.setdefault(substitute, []).append(principal)
        return found

    @property
    def is_large(self) -> bool:
        """Whether what is about one team or task is folded."""
        return len(self.view.people) > MANY_PEOPLE

    def got_best(self, employee: str) -> bool:
        """Whether they are in a team that they graded as high as any they may be in."""
        facts, got = self.view.facts, self.view.index.team_of[employee]
        best = min(interest_cost(facts, employee, t) for t in facts.eligible(employee))
        return interest_cost(facts, employee, got) == best

    def uncovered_days(self, task: TaskView, within: Interval) -> int:
        """Days within an interval on which a task is not covered."""
        return sum(
            max(0, min(day(gap.end), within[1]) - max(day(gap.start), within[0]))
            for gap in task.gaps
        )

    # Cells

    def person(self, employee: str | None) -> Cell:
        """Somebody with their title; nobody if nobody."""
        if employee is None:
            return Cell(self.words("tasks.nobody"))
        return Cell(self.words.shown(employee), note=self.words.title(employee))

    def people(self, employees: Iterable[str], most: int = 0) -> str:
        """Ids in a row."""
        return self.words.listed(map(self.words.shown, employees), most)

    def day_or_never(self, day: date | None) -> Cell:
        """A day, or a dash that is read as never."""
        if day is None:
            return Cell("–", hidden=self.words("tasks.never"))
        return Cell(self.words.shown(day), is_day=True)

    def task(self, task: str) -> Cell:
        """A task with its name."""
        return Cell(self.words.shown(task), note=self.words.task_name(task))
