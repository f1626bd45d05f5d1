"""What differs between two plans: people, tasks, substitutes, leaders, goals, first broken days.

Plain Python over the evaluations of the two (docs/problem.md, section 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.days import as_date, day
from models.evaluation import evaluate_facts
from models.facts import Facts
from models.plan_index import PlanIndex
from models.policy import GOAL_NAMES
from models.proposal import Part, Plan, Tenure


class Holding(Part):
    """Somebody holds a task on days `[start, end)`."""

    employee: str
    start: date
    end: date


class Moved(Part):
    """Somebody whose team differs; None: in no team, as not in service."""

    employee: str
    before: str | None
    after: str | None


class Placed(Part):
    """Somebody who is in service in one of the two plans alone, and their team there."""

    employee: str
    team: str | None


class TaskChange(Part):
    """A task whose team or holders differ."""

    task: str
    team_before: str | None
    team_after: str | None
    before: tuple[Holding, ...]
    after: tuple[Holding, ...]


class SubstituteChange(Part):
    """Somebody whose substitute differs; None: nobody."""

    principal: str
    before: str | None
    after: str | None


class LeadChange(Part):
    """A team whose leader differs; None: nobody."""

    team: str
    before: str | None
    after: str | None


class GoalChange(Part):
    """A goal's unweighted cost in both; also where it does not differ."""

    goal: str
    before: int
    after: int


class FirstBroken(Part):
    """The first day on which an authority task is not covered; None: never.

    `known_before` and `known_after` say whether the task exists there at all.
    """

    task: str
    before: date | None
    after: date | None
    known_before: bool = True
    known_after: bool = True


class Difference(Part):
    """From one plan to another. Only what differs is listed, but goals and first broken days.

    Attributes:
        came, went: who is in service in one of the two alone.
    """

    came: tuple[Placed, ...] = ()
    went: tuple[Placed, ...] = ()
    moved: tuple[Moved, ...] = ()
    tasks: tuple[TaskChange, ...] = ()
    substitutes: tuple[SubstituteChange, ...] = ()
    leads: tuple[LeadChange, ...] = ()
    goals: tuple[GoalChange, ...] = ()
    first_broken: tuple[FirstBroken, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether both plans decide the same."""
        return not (
            self.came or self.went or self.moved or self.tasks or self.substitutes or self.leads
        )

    def to_dict(self) -> dict[str, Any]:
        """Its JSON form."""
        return self.model_dump(mode="json")


def difference(before: Facts, plan_before: Plan, after: Facts, plan_after: Plan) -> Difference:
    """Compare two plans, each with the facts it was made from.

    Args:
        before: facts of the first plan.
        plan_before: the first plan.
        after: facts of the second plan.
        plan_after: the second plan.
    """
    old, new = PlanIndex(before, plan_before), PlanIndex(after, plan_after)
    costs_before = evaluate_facts(before, plan_before).costs
    costs_after = evaluate_facts(after, plan_after).costs
    return Difference(
        came=tuple(
            Placed(employee=e, team=new.team_of.get(e))
            for e in after.employees
            if e not in before.employees
        ),
        went=tuple(
            Placed(employee=e, team=old.team_of.get(e))
            for e in before.employees
            if e not in after.employees
        ),
        moved=tuple(
            Moved(employee=e, before=old.team_of[e], after=new.team_of[e])
            for e in after.employees
            if e in old.team_of and e in new.team_of and old.team_of[e] != new.team_of[e]
        ),
        tasks=tuple(_task_changes(old, new)),
        substitutes=tuple(
            SubstituteChange(principal=e, before=a, after=b)
            for e in _either(before.employees, after.employees)
            if (a := old.substitute_of.get(e)) != (b := new.substitute_of.get(e))
        ),
        leads=tuple(
            LeadChange(team=t, before=a, after=b)
            for t in _either(before.teams, after.teams)
            if (a := _leader(old, t)) != (b := _leader(new, t))
        ),
        goals=tuple(
            GoalChange(goal=g, before=costs_before[g], after=costs_after[g]) for g in GOAL_NAMES
        ),
        first_broken=tuple(_first_broken(before, plan_before, after, plan_after)),
    )


def first_broken_days(facts: Facts, plan: Plan) -> dict[str, date | None]:
    """By authority task, the first day on which it is not covered; None: never."""
    first: dict[str, date | None] = {
        q: None for q, task in facts.tasks.items() if task.kind == "authority"
    }
    for gap in evaluate_facts(facts, plan).gaps:
        if gap.task in first and first[gap.task] is None:
            first[gap.task] = gap.start
    return first


def _first_broken(
    before: Facts, plan_before: Plan, after: Facts, plan_after: Plan
) -> list[FirstBroken]:
    old = first_broken_days(before, plan_before)
    new = first_broken_days(after, plan_after)
    return [
        FirstBroken(
            task=q,
            before=old.get(q),
            after=new.get(q),
            known_before=q in old,
            known_after=q in new,
        )
        for q in _either(old, new)
    ]


def _task_changes(old: PlanIndex, new: PlanIndex) -> list[TaskChange]:
    changes = []
    start = max(old.facts.horizon[0], new.facts.horizon[0])
    for q in _either(old.facts.tasks, new.facts.tasks):
        before, after = (_holdings(index.chains.get(q, []), start) for index in (old, new))
        teams = old.team_of_task.get(q), new.team_of_task.get(q)
        if before != after or teams[0] != teams[1]:
            changes.append(
                TaskChange(
                    task=q, team_before=teams[0], team_after=teams[1], before=before, after=after
                )
            )
    return changes


def _holdings(chain: list[Tenure], start: int) -> tuple[Holding, ...]:
    """A task's tenures from a day on."""
    return tuple(
        Holding(employee=h.employee, start=max(h.start, as_date(start)), end=h.end)
        for h in chain
        if day(h.end) > start
    )


def _leader(index: PlanIndex, team: str) -> str | None:
    return next(iter(index.leaders.get(team, ())), None)


def _either(first: Mapping[str, object], second: Mapping[str, object]) -> list[str]:
    return list({**first, **second})
