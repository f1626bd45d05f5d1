"""What few people know and take along, and who could learn it (docs/risk.md, "Tacit knowledge")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.days import as_date
from models.organisation import Employee
from optimizer.risk.standing import Standing

TEACHES = 3
"""The level from which somebody can teach a skill (docs/problem.md, section 1)."""

FEW = 2
"""So many people who can teach a skill are few."""


@dataclass(frozen=True, slots=True)
class Teacher:
    """Somebody who can teach a skill, and the day they are gone; None: they stay."""

    employee: str
    leaves: date | None


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who could learn it, and is there after the teachers who leave.

    Attributes:
        level: what they have now, 0 to 2.
        can_learn: whether they have said that they can learn it.
        takes_more_work: whether they could take on more; without `can_learn`, only those who have
            the skill already are listed.
    """

    employee: str
    team: str | None
    level: int
    can_learn: bool
    takes_more_work: bool


@dataclass(frozen=True, slots=True)
class TacitSkill:
    """A skill whose teachers leave: all of them, or some of one or two.

    Attributes:
        teachers: those at level 3, who leaves first comes first.
        teach_by: the day the last of those who leave is gone.
        is_lost: whether nobody at level 3 is left then.
        independent: how many people at level 2 are in service then.
        tasks: the tasks that take the skill and exist after that day.
        learners: the nearest to level 3 first.
    """

    skill: str
    teachers: tuple[Teacher, ...]
    teach_by: date
    is_lost: bool
    independent: int
    tasks: tuple[str, ...]
    learners: tuple[Learner, ...]


def tacit_skills(standing: Standing) -> tuple[TacitSkill, ...]:
    """Those that are lost first, each by the day."""
    return tuple(sorted(_tacit(standing), key=lambda x: (not x.is_lost, x.teach_by)))


def _tacit(standing: Standing) -> Iterator[TacitSkill]:
    facts = standing.facts
    for skill in facts.organisation.skills:
        level_of = {e: p.skills.get(skill.id, 0) for e, p in facts.employees.items()}
        teachers = [e for e in facts.employees if level_of[e] >= TEACHES]
        gone = sorted(day for e in teachers if (day := standing.leaves(e)) is not None)
        is_lost = len(gone) == len(teachers)
        if not gone or not (is_lost or len(teachers) <= FEW):
            continue
        by = gone[-1]
        after = {e: p for e, p in facts.employees.items() if by < facts.service(e)[1]}
        yield TacitSkill(
            skill=skill.id,
            teachers=tuple(_teachers(standing, teachers)),
            teach_by=as_date(by),
            is_lost=is_lost,
            independent=sum(
                level_of[e] == TEACHES - 1 and facts.service(e)[0] <= by for e in after
            ),
            tasks=tuple(
                q
                for q, task in facts.tasks.items()
                if task.skill == skill.id and by < facts.active(q)[1]
            ),
            learners=tuple(_learners(standing, skill.id, after)),
        )


def _teachers(standing: Standing, teachers: list[str]) -> Iterator[Teacher]:
    for e in sorted(teachers, key=lambda e: standing.facts.service(e)[1]):
        leaves = standing.leaves(e)
        yield Teacher(e, None if leaves is None else as_date(leaves))


def _learners(standing: Standing, skill: str, people: dict[str, Employee]) -> Iterator[Learner]:
    found = []
    for e, person in people.items():
        level, learns = person.skills.get(skill, 0), skill in person.can_learn
        if level < TEACHES and (learns or (person.takes_more_work and level)):
            team = standing.team_of.get(e)
            found.append(Learner(e, team, level, learns, person.takes_more_work))
    yield from sorted(found, key=lambda x: (-x.level, not x.can_learn, not x.takes_more_work))
