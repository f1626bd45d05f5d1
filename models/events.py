"""What the events of a scenario make of an organisation (docs/problem.md, section 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from models.issues import InputError, Issue, nearest
from models.organisation import (
    Absence,
    Active,
    Demand,
    Departure,
    Employee,
    Organisation,
    Task,
    Team,
)
from models.policy import Policy
from models.reading import organisation_from
from models.scenario import (
    Absent,
    AddRule,
    DemandStep,
    DropRule,
    Joins,
    Learns,
    Leaves,
    Scenario,
    Stays,
    TaskEnds,
    TaskStarts,
)


def with_events(organisation: Organisation, policy: Policy, scenario: Scenario) -> Organisation:
    """An organisation after the events of a scenario, in their order.

    Raises:
        InputError: with every issue: of the events, and of what they would make.
    """
    changes = _Changes(organisation)
    for i, event in enumerate(scenario.events):
        changes.apply(event, f"events[{i}]")
    try:
        changed = organisation_from(changes.organisation().to_dict(), policy)
    except InputError as error:
        raise InputError([*changes.issues, *error.issues]) from None
    if changes.issues:
        raise InputError(changes.issues)
    return changed


def issues_of(organisation: Organisation, policy: Policy, scenario: Scenario) -> tuple[Issue, ...]:
    """What is wrong with the events of a scenario, whatever its day; nothing is raised."""
    try:
        with_events(organisation, policy, scenario)
    except InputError as error:
        return error.issues
    return ()


class _Changes:
    """The lists of an organisation while events are applied to them."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._employees = {e.id: e for e in organisation.employees}
        self._teams = {t.id: t for t in organisation.teams}
        self._tasks = {q.id: q for q in organisation.tasks}
        self._rules = {r.id: r for r in organisation.rules}
        self._skills = {s.id for s in organisation.skills}
        self.issues: list[Issue] = []

    def organisation(self) -> Organisation:
        """With the events applied so far."""
        return self._organisation.model_copy(
            update={
                "employees": tuple(self._employees.values()),
                "teams": tuple(self._teams.values()),
                "tasks": tuple(self._tasks.values()),
                "rules": tuple(self._rules.values()),
            }
        )

    def apply(self, event: object, place: str) -> None:
        """Apply one event, or say why it cannot be."""
        match event:
            case Leaves():
                self._person(event.employee, place, lambda e: _leaving(e, event))
            case Stays():
                self._person(event.employee, place, lambda e: _updated(e, leaves=None))
            case Absent():
                absence = Absence(start=event.start, end=event.end)
                if absence.end <= absence.start:
                    self._tell("bad_interval", place, "It ends before it starts.", "Swap the days.")
                    self._knows_person(event.employee, place)
                else:
                    self._person(
                        event.employee,
                        place,
                        lambda e: _updated(e, absences=(*e.absences, absence)),
                    )
            case Learns():
                if self._known(event.skill, self._skills, "skill", f"{place}.skill"):
                    self._person(event.employee, place, lambda e: _learned(e, event))
                else:
                    self._knows_person(event.employee, place)
            case Joins():
                self._new(self._employees, event.employee, f"{place}.employee")
            case TaskStarts():
                self._new(self._tasks, event.task, f"{place}.task")
            case AddRule():
                self._new(self._rules, event.rule, f"{place}.rule")
            case TaskEnds():
                if self._known(event.task, self._tasks, "task", f"{place}.task"):
                    start = self._organisation.horizon.start
                    self._tasks[event.task] = _ended(self._tasks[event.task], event.date, start)
            case DemandStep():
                if self._known(event.team, self._teams, "team", f"{place}.team"):
                    self._teams[event.team] = _demanding(self._teams[event.team], event)
            case DropRule():
                if self._known(event.id, self._rules, "rule", f"{place}.id"):
                    del self._rules[event.id]

    def _person(self, name: str, place: str, change: Callable[[Employee], Employee]) -> None:
        if self._knows_person(name, place):
            self._employees[name] = change(self._employees[name])

    def _knows_person(self, name: str, place: str) -> bool:
        return self._known(name, self._employees, "employee", f"{place}.employee")

    def _known(self, name: str, known: Mapping[str, object] | set[str], what: str, at: str) -> bool:
        if name not in known:
            self._tell("unknown_id", at, f"No {what} has the id {name!r}.", nearest(name, known))
        return name in known

    def _new(self, known: dict[str, Any], item: Any, place: str) -> None:
        if item.id in known:
            message = f"{item.id!r} is the id of another one already."
            self._tell("duplicate_id", f"{place}.id", message, "Give it an id of its own.")
        known[item.id] = item

    def _tell(self, code: str, place: str, message: str, cure: str) -> None:
        self.issues.append(Issue(code, place, message, cure))


def _updated(employee: Employee, **fields: object) -> Employee:
    return employee.model_copy(update=fields)


def _leaving(employee: Employee, event: Leaves) -> Employee:
    reason = event.reason or (employee.leaves.reason if employee.leaves else "other")
    return _updated(employee, leaves=Departure(date=event.date, reason=reason, source="decided"))


def _learned(employee: Employee, event: Learns) -> Employee:
    level = max(event.level, employee.skills.get(event.skill, 0))
    return _updated(employee, skills=employee.skills | {event.skill: level})


def _ended(task: Task, end: date, effective: date) -> Task:
    active = task.active or Active()
    earliest = min(end, active.end) if active.end else end
    if active.start is not None and earliest <= active.start:
        # It never begins: over before the first day that is planned for, it is left out.
        return task.model_copy(update={"active": Active(end=min(earliest, effective))})
    return task.model_copy(update={"active": active.model_copy(update={"end": earliest})})


def _demanding(team: Team, event: DemandStep) -> Team:
    others = [step for step in team.demand if step.from_ != event.from_]
    step = Demand.model_validate({"from": event.from_, "people": event.people})
    return team.model_copy(update={"demand": tuple(sorted([*others, step], key=_start_of))})


def _start_of(step: Demand) -> date:
    return step.from_
