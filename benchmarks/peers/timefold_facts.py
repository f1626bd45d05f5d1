"""What is known before Timefold decides anything: plain numbers, worked out beforehand.

People, teams and tasks are their places in the input. Nothing here needs Timefold.
"""

from __future__ import annotations

from dataclasses import dataclass

from models import days
from models.facts import Facts
from models.organisation import Apart, PinSubstitute, Together


@dataclass(eq=False)
class TeamFact:
    """A team by its number, with the starters it must and may have, and shares in percent."""

    id: int
    least: int
    most: int
    sector_share: int
    leaving_share: int


@dataclass(eq=False)
class TaskFact:
    """A task: see `timefold_costs` for what its lists are for.

    Attributes:
        anchor: the person whose team is the task's: who must hold it first, or a stand-in of no
            flesh who is in the team it has, or who may be in any.
        forced: the candidate who must be first; -1 if nobody.
        could_stay: the current holder, as a candidate, if a change counts; -1 if not.
        people, ready, ends: of each candidate.
        presence: of each candidate, while the task exists.
        before: the days on which the current holder can answer for it before the first tenure.
    """

    id: int
    authority: bool
    anchor: int
    has_team: bool
    forced: int
    could_stay: int
    start: int
    wanted: int
    load: int
    people: list[int]
    ready: list[int]
    ends: list[int]
    presence: list[list[days.Interval]]
    before: list[days.Interval]


@dataclass(eq=False)
class Candidate:
    """Somebody qualified for a task."""

    task: TaskFact
    index: int
    person: int


@dataclass(eq=False)
class Need:
    """People wanted in a team: when who of the able is present; nobody who is not able."""

    id: int
    team: int
    skill: bool
    wanted: int
    able: set[int]
    presence: list[list[days.Interval]]


@dataclass(eq=False)
class Wish:
    """Two people who should share a team, or should not; a rule if it is hard."""

    a: int
    b: int
    together: bool
    hard: bool


@dataclass(eq=False)
class Pair:
    """A substitute somebody may have, and what that costs."""

    principal: int
    substitute: int
    away: int
    lacking: int
    is_current: bool
    asks_back: bool


@dataclass(eq=False)
class Leader:
    """Somebody who may lead a team, and what that costs."""

    person: int
    fit: int
    changes: int


def first_holder(facts: Facts, task: str) -> str | None:
    """Who must hold the task first: pinned, or because it moves with them."""
    pins = facts.pins_of_holder.get(task)
    return pins[0].employee if pins else facts.moves_with_holder.get(task)


def task_fact(facts: Facts, q: str, number: int, anchor: int) -> TaskFact:
    """What is known of a task somebody is qualified for."""
    task, qualified, active = facts.tasks[q], facts.qualified(q), facts.active(q)
    people = list(facts.employees)
    forced, current = first_holder(facts, q), facts.current_holder(q)
    could_stay = -1
    if current is not None:
        start, end = facts.service(current)
        if start <= active[0] < end:
            could_stay = qualified.index(current)
    return TaskFact(
        id=number,
        authority=task.kind == "authority",
        anchor=anchor,
        has_team=task.team is not None or forced is not None,
        forced=qualified.index(forced) if forced in qualified else -1,
        could_stay=could_stay,
        start=active[0],
        wanted=1 + task.backups,
        load=task.load,
        people=[people.index(e) for e in qualified],
        ready=[facts.ready(e, q) for e in qualified],
        ends=[min(active[1], facts.service(e)[1]) for e in qualified],
        presence=[days.overlap(facts.presence(e), active) for e in qualified],
        before=days.overlap(facts.holder_before(q), active),
    )


def needs(facts: Facts) -> list[Need]:
    """Skills and headcounts wanted in teams, one by one."""
    found: list[Need] = []
    people = list(facts.employees)
    for number, (t, team) in enumerate(facts.teams.items()):
        wanted = [(n.people, facts.horizon, n) for n in team.needs]
        demand = [(count, within, None) for within, count in facts.demand(t)]
        for count, within, need in [*wanted, *demand]:
            able = [
                e
                for e, employee in facts.employees.items()
                if need is None or employee.skills.get(need.skill, 0) >= need.level
            ]
            presence = [
                days.overlap(facts.presence(e), within) if e in able else [] for e in people
            ]
            numbers = {people.index(e) for e in able}
            found.append(Need(len(found), number, need is not None, count, numbers, presence))
    return found


def wishes(facts: Facts) -> list[Wish]:
    """Wishes of colleagues, and the rules about who shares a team."""
    number = {e: i for i, e in enumerate(facts.employees)}
    found = []
    for a, employee in facts.employees.items():
        for others, together in ((employee.wants, True), (employee.avoids, False)):
            found += [
                Wish(number[a], number[b], together, hard=False) for b in others if b in number
            ]
    for rule in facts.rules.values():
        if isinstance(rule, Together | Apart):
            for i, a in enumerate(rule.employees):
                for b in rule.employees[i + 1 :]:
                    together = isinstance(rule, Together)
                    found.append(Wish(number[a], number[b], together, hard=True))
        elif isinstance(rule, PinSubstitute):
            found.append(Wish(number[rule.principal], number[rule.substitute], True, hard=True))
    return found
