"""The input: an `Organisation` and all it is made of (docs/problem.md, section 1).

Every model is frozen and closed: a field that is not listed is refused, so that no more
staff data is stored than planning needs. Reading with all errors at once is
`models.reading`; the models themselves check one field at a time.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

MOST = 1_000_000
"""No count, load or number of days may be larger: the solver's sums stay exact."""


def _iso_date(value: object) -> object:
    """Accept a date or an ISO text of a date; refuse times and numbers."""
    if isinstance(value, datetime) or not isinstance(value, date | str):
        raise ValueError("not a date")
    if isinstance(value, str):
        if len(value) != len("2018-09-01") or value[7] != "-":  # not a day of a week, 2018-W35-6
            raise ValueError("not a date")
        return date.fromisoformat(value)
    return value


Id = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^[^\s,\x00-\x1f]([^,\x00-\x1f]*[^\s,\x00-\x1f])?$"),
]
Text = Annotated[str, StringConstraints(strict=True, max_length=1000)]
Flag = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(strict=True, ge=0, le=MOST)]
Level = Annotated[int, Field(strict=True, ge=1, le=3)]
Grade = Annotated[int, Field(strict=True, ge=-MOST, le=MOST)]
Percent = Annotated[int, Field(strict=True, ge=1, le=100)]
Day = Annotated[date, BeforeValidator(_iso_date)]


class Part(BaseModel):
    """Base of everything in an input: frozen, closed, addressed by field name."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Horizon(Part):
    """The days the plan is for: `start` is the first, `end` the first day after the last."""

    start: Day
    end: Day


class Skill(Part):
    """A skill people hold at level 1 (with guidance), 2 (independent) or 3 (can teach it)."""

    id: Id
    name: Text | None = None


class Size(Part):
    """How many starters (people in service on the first day) a team may have."""

    min: Count
    max: Count


class Demand(Part):
    """Headcount a team wants from a day on, until the next step."""

    from_: Day = Field(alias="from")
    people: Count


class Need(Part):
    """So many people with at least this level in a skill, wanted in a team every day."""

    skill: Id
    level: Level
    people: Count


class Team(Part):
    """A team people are placed in."""

    id: Id
    name: Text | None = None
    size: Size
    lead: Flag = True
    leader: Id | None = None
    site: Id | None = None
    demand: tuple[Demand, ...] = ()
    needs: tuple[Need, ...] = ()


class Departure(Part):
    """When somebody leaves: `date` is the first day they are no longer in service."""

    date: Day
    reason: Literal["retirement", "fixed_term_end", "transfer", "resignation", "other"]
    source: Literal["stated", "forecast", "decided"]


class Absence(Part):
    """Days somebody is in service but not present."""

    start: Day
    end: Day


class Employee(Part):
    """A person, by a pseudonymous id; no more than planning needs."""

    id: Id
    title: Text | None = None
    sector: Id | None = None
    site: Id | None = None
    site_bound: Flag = False
    fte: Percent = 100
    office_holder: Flag = False
    qualifications: tuple[Id, ...] = ()
    joins: Day | None = None
    leaves: Departure | None = None
    absences: tuple[Absence, ...] = ()
    skills: dict[Id, Level]
    can_learn: tuple[Id, ...] = ()
    interest: dict[Id, Grade] = Field(default_factory=dict)
    lead_interest: dict[Id, Level] = Field(default_factory=dict)
    takes_more_work: Flag = False
    wants: tuple[Id, ...] = ()
    avoids: tuple[Id, ...] = ()
    eligible_teams: tuple[Id, ...] | None = None
    team: Id | None = None
    substitute: Id | None = None
    needs_substitute: Flag = True


class Active(Part):
    """When a task exists; a missing end means that end of the horizon."""

    start: Day | None = None
    end: Day | None = None


class Task(Part):
    """A task somebody holds at a time.

    `load` is in percent of full time, `handover_days` how long a new holder learns,
    `prepared` from which day somebody needs no (more) handover.
    """

    id: Id
    name: Text | None = None
    kind: Literal["ordinary", "special", "expert", "authority"]
    skill: Id
    level: Level = 1
    qualification: Id | None = None
    team: Id | None = None
    holder: Id | None = None
    prepared: dict[Id, Day] = Field(default_factory=dict)
    backups: Count = 1
    load: Count = 0
    handover_days: Count = 0
    active: Active | None = None
    outsourceable: Flag = False


class _Rule(Part):
    id: Id
    reason: Text | None = None


class Pin(_Rule):
    """The employee is placed in the team."""

    kind: Literal["pin"]
    employee: Id
    team: Id


class Forbid(_Rule):
    """The employee is not placed in the team."""

    kind: Literal["forbid"]
    employee: Id
    team: Id


class Together(_Rule):
    """All these employees are in one team."""

    kind: Literal["together"]
    employees: Annotated[tuple[Id, ...], Field(min_length=2)]


class Apart(_Rule):
    """All these employees are in different teams."""

    kind: Literal["apart"]
    employees: Annotated[tuple[Id, ...], Field(min_length=2)]


class PinHolder(_Rule):
    """The employee is the task's first holder."""

    kind: Literal["pin_holder"]
    task: Id
    employee: Id


class PinSubstitute(_Rule):
    """The substitute is the principal's."""

    kind: Literal["pin_substitute"]
    principal: Id
    substitute: Id


class PinLead(_Rule):
    """The employee leads the team."""

    kind: Literal["pin_lead"]
    team: Id
    employee: Id


RULE_KINDS: dict[str, type[_Rule]] = {
    "pin": Pin,
    "forbid": Forbid,
    "together": Together,
    "apart": Apart,
    "pin_holder": PinHolder,
    "pin_substitute": PinSubstitute,
    "pin_lead": PinLead,
}

Rule = Annotated[
    Pin | Forbid | Together | Apart | PinHolder | PinSubstitute | PinLead,
    Field(discriminator="kind"),
]


class Organisation(Part):
    """Everything a plan is made from.

    Built by `models.reading.organisation_from` (all errors at once), or directly where the
    data is known to be good: cross-references are checked there, not here.
    """

    name: Text
    horizon: Horizon
    skills: tuple[Skill, ...]
    teams: tuple[Team, ...]
    employees: tuple[Employee, ...]
    tasks: tuple[Task, ...] = ()
    rules: tuple[Rule, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, without what is absent or at its default."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def sha256(self) -> str:
        """Fingerprint of the content, the same from JSON, CSV and XLSX."""
        return fingerprint(self.to_dict())


def fingerprint(content: object) -> str:
    """SHA-256 of a JSON-able value, independent of key order and spacing."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
