"""What-if: a scenario of typed events on an organisation (docs/problem.md, section 7)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from models.organisation import Count, Day, Employee, Id, Level, Part, Rule, Task, Text


class Leaves(Part):
    """Somebody's departure, decided now; replaces what was known before."""

    kind: Literal["leaves"]
    employee: Id
    date: Day
    reason: Literal["retirement", "fixed_term_end", "transfer", "resignation", "other"] | None = (
        None
    )


class Stays(Part):
    """Somebody does not leave after all."""

    kind: Literal["stays"]
    employee: Id


class Absent(Part):
    """One more absence, days `[start, end)`."""

    kind: Literal["absent"]
    employee: Id
    start: Day
    end: Day


class Joins(Part):
    """A hire."""

    kind: Literal["joins"]
    employee: Employee


class Learns(Part):
    """A skill from `effective` on; never lowers a level."""

    kind: Literal["learns"]
    employee: Id
    skill: Id
    level: Level


class TaskStarts(Part):
    """A new task."""

    kind: Literal["task_starts"]
    task: Task


class TaskEnds(Part):
    """The first day on which a task no longer exists; never later than before."""

    kind: Literal["task_ends"]
    task: Id
    date: Day


class DemandStep(Part):
    """One more step of a team's demand; replaces one of the same day."""

    kind: Literal["demand"]
    team: Id
    from_: Day = Field(alias="from")
    people: Count


class AddRule(Part):
    """A rule more."""

    kind: Literal["rule"]
    rule: Rule


class DropRule(Part):
    """A rule less."""

    kind: Literal["drop_rule"]
    id: Id


EVENT_KINDS: dict[str, type[Part]] = {
    "leaves": Leaves,
    "stays": Stays,
    "absent": Absent,
    "joins": Joins,
    "learns": Learns,
    "task_starts": TaskStarts,
    "task_ends": TaskEnds,
    "demand": DemandStep,
    "rule": AddRule,
    "drop_rule": DropRule,
}

Event = Annotated[
    Leaves
    | Stays
    | Absent
    | Joins
    | Learns
    | TaskStarts
    | TaskEnds
    | DemandStep
    | AddRule
    | DropRule,
    Field(discriminator="kind"),
]


class Scenario(Part):
    """What happens, and from which day on: what was before `effective` is history."""

    name: Text = ""
    effective: Day
    events: tuple[Event, ...] = ()
