"""Who could hold a task, and from when: ready now, later, after training, never.

Readiness is a word of succession planning; what it means here is in docs/what-if.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from models.days import as_date
from models.facts import Facts

Lack = Literal["skill", "qualification", "office", "leaves", "time"]


@dataclass(frozen=True, slots=True)
class Readiness:
    """One person's readiness for one task.

    Attributes:
        state: `now`: may hold it on the first day of their service or of the task; `later`:
            from `ready` on, when the handover is over; `training`: lacks nothing but a skill
            that they can learn; `never`: lacks what no handover gives.
        ready: the first day they may hold it; None if they are not qualified.
        lacks: what is lacking, in the order of the statement; of those who are qualified and
            have no day to hold it, `leaves` if they leave first, `time` if the task or the
            horizon ends first.
    """

    employee: str
    state: Literal["now", "later", "training", "never"]
    ready: date | None
    lacks: tuple[Lack, ...] = ()


def readiness(facts: Facts, employee: str, task: str) -> Readiness:
    """How ready somebody in service is for a task."""
    e, q = facts.employees[employee], facts.tasks[task]
    if facts.is_qualified(employee, task):
        start, end = facts.tenure(employee, task)
        if start >= end:
            leaves_first = facts.service(employee)[1] < facts.active(task)[1]
            return Readiness(employee, "never", None, ("leaves" if leaves_first else "time",))
        first = max(facts.active(task)[0], facts.service(employee)[0])
        return Readiness(employee, "now" if start <= first else "later", as_date(start))
    lacks: list[Lack] = []
    if e.skills.get(q.skill, 0) < q.level and e.id != q.holder:
        lacks.append("skill")
    if q.qualification is not None and q.qualification not in e.qualifications:
        lacks.append("qualification")
    if q.kind == "authority" and not e.office_holder:
        lacks.append("office")
    learns = lacks == ["skill"] and q.skill in e.can_learn
    return Readiness(employee, "training" if learns else "never", None, tuple(lacks))
