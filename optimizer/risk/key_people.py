"""What breaks if somebody left tomorrow, and who comes first (docs/risk.md, "Key people")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from models.days import Interval, as_date
from optimizer.risk.requirements import Requirement, Subject
from optimizer.risk.stand_in import StandIn, stand_in
from optimizer.risk.standing import Standing

How = Literal["nobody", "unready", "short"]


@dataclass(frozen=True, slots=True)
class Loss:
    """What somebody's leaving does to a task or skill.

    Attributes:
        how: `nobody`: nobody present may do it; `unready`: somebody may, nobody has learnt it by
            then; `short`: fewer than wanted.
        first_day: the first such day that is better if they stay.
        days: how many such days.
    """

    of: Subject
    how: How
    first_day: date
    days: int


@dataclass(frozen=True, slots=True)
class KeyPerson:
    """What breaks if somebody left tomorrow: what they are there for, not what breaks anyway.

    Attributes:
        leaves: the day they are expected to go; None: not within the horizon.
        tasks: all they answer for on some day.
        leads: the teams they lead.
        principals: those whose substitute they are, left without one.
        losses: what breaks: tasks first, then skills; both in input order.
        authority_days, other_days: days on which an authority task, or another, has nobody who
            may do it or has learnt it; summed over the tasks.
        skill_days: days on which a team is short of a skill, summed over the needs.
        short_days: days on which a task has fewer people than wanted, summed over the tasks.
        first_day: the first day of the first three; None if there is none.
        stand_in: their substitute and what they truly cover; None if they have none.
    """

    employee: str
    team: str | None
    leaves: date | None
    tasks: tuple[str, ...]
    leads: tuple[str, ...]
    principals: tuple[str, ...]
    losses: tuple[Loss, ...]
    authority_days: int
    other_days: int
    skill_days: int
    short_days: int
    first_day: date | None
    stand_in: StandIn | None

    @property
    def is_key(self) -> bool:
        """Whether a task or skill breaks without them."""
        return self.first_day is not None


def key_people(standing: Standing, requirements: Iterable[Requirement]) -> tuple[KeyPerson, ...]:
    """Everybody in service, whose leaving breaks most first.

    In the order of the policy's levels: authority tasks, other tasks, skills, then short of
    backups; of equals, by input order.
    """
    losses: dict[str, list[Loss]] = {e: [] for e in standing.facts.employees}
    for requirement in requirements:
        for e, loss in _losses(requirement):
            losses[e].append(loss)
    people = [_key_person(standing, e, found) for e, found in losses.items()]
    people.sort(key=lambda p: (-p.authority_days, -p.other_days, -p.skill_days, -p.short_days))
    return tuple(people)


def _key_person(standing: Standing, employee: str, losses: Sequence[Loss]) -> KeyPerson:
    broken = [x for x in losses if x.of.task is not None and x.how != "short"]
    skills = [x for x in losses if x.of.task is None]
    authority = [x for x in broken if x.of.kind == "authority"]
    leaves = standing.leaves(employee)
    return KeyPerson(
        employee=employee,
        team=standing.team_of.get(employee),
        leaves=None if leaves is None else as_date(leaves),
        tasks=tuple(dict.fromkeys(h.task for h in standing.held_in_service(employee))),
        leads=tuple(t for t, found in standing.leaders.items() if employee in found),
        principals=standing.principals_of[employee],
        losses=tuple(losses),
        authority_days=sum(x.days for x in authority),
        other_days=sum(x.days for x in broken) - sum(x.days for x in authority),
        skill_days=sum(x.days for x in skills),
        short_days=sum(x.days for x in losses if x.of.task is not None and x.how == "short"),
        first_day=min((x.first_day for x in (*broken, *skills)), default=None),
        stand_in=stand_in(standing, employee),
    )


def _losses(requirement: Requirement) -> Iterator[tuple[str, Loss]]:
    """(employee, loss) of everybody who is missed: one row a person and way."""
    found: dict[tuple[str, How], list[Interval]] = {}
    for s in requirement.stretches:
        missed: list[tuple[How, Iterable[str]]] = []
        if len(s.there) == 1:
            missed.append(("nobody", s.there))
        else:
            if len(s.ready) == 1:
                missed.append(("unready", s.ready))
            if len(s.there) == requirement.wanted:
                missed.append(("short", s.there - (s.ready if len(s.ready) == 1 else set())))
        for how, people in missed:
            for e in people:
                found.setdefault((e, how), []).append(s.days)
    for (e, how), intervals in sorted(found.items(), key=lambda x: x[1][0]):
        days = sum(end - start for start, end in intervals)
        yield e, Loss(requirement.subject, how, as_date(intervals[0][0]), days)
