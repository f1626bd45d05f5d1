"""What must be covered, by whom it can be, and how that changes from day to day (docs/risk.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from models.days import Interval, overlap
from optimizer.risk.standing import Kind, Standing


@dataclass(frozen=True, slots=True)
class Subject:
    """What must be covered: a task, or a skill that a team needs.

    Attributes:
        task, kind: of a task; None of a skill.
        team: whose it is; None of a task without a team, and of a skill that the whole
            organisation needs.
        skill, level: what it takes, at least.
    """

    task: str | None
    kind: Kind | None
    team: str | None
    skill: str
    level: int


class Stretch(NamedTuple):
    """Days on which the same people are there.

    Attributes:
        days: at least one, half-open.
        there: those present who may do it.
        ready: those of them who have learnt it by then.
    """

    days: Interval
    there: frozenset[str]
    ready: frozenset[str]


@dataclass(frozen=True)
class Requirement:
    """A task, or a skill that a team needs.

    Attributes:
        subject: what it is.
        least: how many people must be there, or it is broken.
        wanted: how many are asked for.
        within: the days on which it is required.
        there: {employee: the days on which they are there and may do it}.
        ready: the same, from the day on which they have learnt it.
    """

    subject: Subject
    least: int
    wanted: int
    within: Interval
    there: Mapping[str, list[Interval]]
    ready: Mapping[str, list[Interval]]

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """All its days, split where somebody comes, goes or has learnt it."""
        return tuple(_stretches(self.within, self.there, self.ready))


def _stretches(
    within: Interval,
    there: Mapping[str, list[Interval]],
    ready: Mapping[str, list[Interval]],
) -> Iterator[Stretch]:
    coming: dict[tuple[int, int], set[str]] = {}
    going: dict[tuple[int, int], set[str]] = {}
    for kind, days_of in enumerate((there, ready)):
        for e, intervals in days_of.items():
            for start, end in overlap(intervals, within):
                coming.setdefault((start, kind), set()).add(e)
                going.setdefault((end, kind), set()).add(e)
    here: tuple[set[str], set[str]] = set(), set()
    points = sorted({*within, *(day for day, _ in (*coming, *going))})
    for start, end in pairwise(points):
        for kind, people in enumerate(here):
            people -= going.get((start, kind), set())
            people |= coming.get((start, kind), set())
        yield Stretch((start, end), frozenset(here[0]), frozenset(here[1]))


def requirements_of(standing: Standing) -> tuple[Requirement, ...]:
    """All tasks, then all needs of teams, in input order."""
    tasks = [task_requirement(standing, q) for q in standing.facts.tasks]
    return (*tasks, *_needs(standing))


def task_requirement(standing: Standing, task: str) -> Requirement:
    """A task: one is the least, one and its backups are wanted.

    Who counts is `Standing.may_do`; in a plan, until the first tenure, also the current holder,
    whatever their team: they answer for it until it is handed over.
    """
    facts, q = standing.facts, standing.facts.tasks[task]
    active, first = facts.active(task), standing.first_tenure(task)
    there = {e: overlap(facts.presence(e), active) for e in standing.may_do(task)}
    holder = facts.current_holder(task)
    if first is not None and holder is not None and holder not in there:
        there[holder] = overlap(facts.presence(holder), (active[0], first))
    return Requirement(
        subject=Subject(
            task=task,
            kind=q.kind,
            team=standing.team_of_task(task),
            skill=q.skill,
            level=q.level,
        ),
        least=1,
        wanted=1 + q.backups,
        within=active,
        there=there,
        ready={e: overlap(d, (facts.ready(e, task), active[1])) for e, d in there.items()},
    )


def _needs(standing: Standing) -> Iterator[Requirement]:
    """The needs of the teams; as long as nobody has a team, those of all of them together.

    Then a level of a skill is asked of the organisation: as many people as all needs of that
    level or above together, for one person is in one team.
    """
    facts = standing.facts
    if standing.has_teams:
        for t, team in facts.teams.items():
            for need in team.needs:
                if need.people:
                    yield _need(standing, t, need.skill, need.level, need.people)
        return
    needs = [need for team in facts.teams.values() for need in team.needs if need.people]
    for skill in facts.organisation.skills:
        of_skill = [n for n in needs if n.skill == skill.id]
        for level in sorted({n.level for n in of_skill}):
            people = sum(n.people for n in of_skill if n.level >= level)
            yield _need(standing, None, skill.id, level, people)


def _need(standing: Standing, team: str | None, skill: str, level: int, people: int) -> Requirement:
    facts = standing.facts
    members = facts.employees if team is None else standing.members[team]
    there = {
        e: facts.presence(e) for e in members if facts.employees[e].skills.get(skill, 0) >= level
    }
    return Requirement(
        subject=Subject(task=None, kind=None, team=team, skill=skill, level=level),
        least=people,
        wanted=people,
        within=facts.horizon,
        there=there,
        ready=there,
    )
