"""The tables an organisation is written in, and their columns (docs/problem.md, section 6).

A column is named like its field, a field of a field like `size_min`. One table holds the
items of one list; lists and grades that hang on an item have a table of their own, whose
first column names the item.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from models.organisation import RULE_KINDS

Field = tuple[str, ...]
"""Where a column's value stands in an item: ``("size", "min")``."""


class Kind(Enum):
    """What a cell of a column holds."""

    ID = "id"
    IDS = "ids"
    TEXT = "text"
    CHOICE = "choice"
    WHOLE = "whole number"
    FLAG = "true or false"
    DAY = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        name: its header.
        kind: what its cells hold.
        required: whether every row needs a value.
        of: the table whose ids it names, if it does.
        choices: the words of a `Kind.CHOICE`.
        default: what an empty cell of a `Kind.FLAG` means.
        inside: the field that this is a field of, if it is one.
    """

    name: str
    kind: Kind
    required: bool = False
    of: str | None = None
    choices: tuple[str, ...] = ()
    default: bool = False
    inside: str | None = None

    @property
    def field(self) -> Field:
        """Where its value stands in an item of the JSON form."""
        if self.inside is None:
            return (self.name,)
        return (self.inside, self.name.removeprefix(f"{self.inside}_"))


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        name: of the sheet, or of the CSV file without its ending.
        columns: in the order they are written in.
        required: whether it may be missing.
        parent: the list whose items its rows belong to; its first column names the item.
        field: of that item, made of these rows.
        key: the column that is the key, where the field is a mapping and not a list.
    """

    name: str
    columns: tuple[Column, ...]
    required: bool = False
    parent: str | None = None
    field: str = ""
    key: str | None = None

    def column(self, name: str) -> Column | None:
        """The column of this name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)


def _id(name: str, of: str | None = None, required: bool = False) -> Column:
    return Column(name, Kind.ID, required, of)


def _ids(name: str, of: str | None = None) -> Column:
    return Column(name, Kind.IDS, of=of)


def _text(name: str, required: bool = False) -> Column:
    return Column(name, Kind.TEXT, required)


def _whole(name: str, required: bool = False, inside: str | None = None) -> Column:
    return Column(name, Kind.WHOLE, required, inside=inside)


def _flag(name: str, default: bool) -> Column:
    return Column(name, Kind.FLAG, default=default)


def _day(name: str, required: bool = False, inside: str | None = None) -> Column:
    return Column(name, Kind.DAY, required, inside=inside)


_REASONS = ("retirement", "fixed_term_end", "transfer", "resignation", "other")
_SOURCES = ("stated", "forecast", "decided")
_TASK_KINDS = ("ordinary", "special", "expert", "authority")

ORGANISATION = Table(
    "organisation",
    (
        _text("name", required=True),
        _day("horizon_start", required=True, inside="horizon"),
        _day("horizon_end", required=True, inside="horizon"),
    ),
    required=True,
)
SKILLS = Table("skills", (_id("id", required=True), _text("name")), required=True)
TEAMS = Table(
    "teams",
    (
        _id("id", required=True),
        _text("name"),
        _whole("size_min", required=True, inside="size"),
        _whole("size_max", required=True, inside="size"),
        _flag("lead", default=True),
        _id("leader", "employees"),
        _id("site"),
    ),
    required=True,
)
DEMAND = Table(
    "demand",
    (
        _id("team", "teams", required=True),
        _day("from", required=True),
        _whole("people", required=True),
    ),
    parent="teams",
    field="demand",
)
NEEDS = Table(
    "needs",
    (
        _id("team", "teams", required=True),
        _id("skill", "skills", required=True),
        _whole("level", required=True),
        _whole("people", required=True),
    ),
    parent="teams",
    field="needs",
)
EMPLOYEES = Table(
    "employees",
    (
        _id("id", required=True),
        _text("title"),
        _id("sector"),
        _id("site"),
        _flag("site_bound", default=False),
        _whole("fte"),
        _flag("office_holder", default=False),
        _ids("qualifications"),
        _day("joins"),
        _day("leaves_date", inside="leaves"),
        Column("leaves_reason", Kind.CHOICE, choices=_REASONS, inside="leaves"),
        Column("leaves_source", Kind.CHOICE, choices=_SOURCES, inside="leaves"),
        _ids("can_learn", "skills"),
        _flag("takes_more_work", default=False),
        _ids("wants", "employees"),
        _ids("avoids", "employees"),
        _ids("eligible_teams", "teams"),
        _id("team", "teams"),
        _id("substitute", "employees"),
        _flag("needs_substitute", default=True),
    ),
    required=True,
)


def _graded(name: str, of: str, value: str) -> Table:
    key = of.removesuffix("s")
    return Table(
        name,
        (
            _id("employee", "employees", required=True),
            _id(key, of, required=True),
            _whole(value, required=True),
        ),
        parent="employees",
        field="skills" if name == "employee_skills" else name,
        key=key,
    )


EMPLOYEE_SKILLS = _graded("employee_skills", "skills", "level")
INTEREST = _graded("interest", "teams", "grade")
LEAD_INTEREST = _graded("lead_interest", "teams", "grade")
ABSENCES = Table(
    "absences",
    (
        _id("employee", "employees", required=True),
        _day("start", required=True),
        _day("end", required=True),
    ),
    parent="employees",
    field="absences",
)
TASKS = Table(
    "tasks",
    (
        _id("id", required=True),
        _text("name"),
        Column("kind", Kind.CHOICE, required=True, choices=_TASK_KINDS),
        _id("skill", "skills", required=True),
        _whole("level"),
        _id("qualification"),
        _id("team", "teams"),
        _id("holder", "employees"),
        _whole("backups"),
        _whole("load"),
        _whole("handover_days"),
        _day("active_start", inside="active"),
        _day("active_end", inside="active"),
        _flag("outsourceable", default=False),
    ),
)
PREPARED = Table(
    "prepared",
    (
        _id("task", "tasks", required=True),
        _id("employee", "employees", required=True),
        _day("date", required=True),
    ),
    parent="tasks",
    field="prepared",
    key="employee",
)
RULES = Table(
    "rules",
    (
        _id("id", required=True),
        Column("kind", Kind.CHOICE, required=True, choices=tuple(RULE_KINDS)),
        _text("reason"),
        _id("employee", "employees"),
        _id("team", "teams"),
        _ids("employees", "employees"),
        _id("task", "tasks"),
        _id("principal", "employees"),
        _id("substitute", "employees"),
    ),
)

TABLES: tuple[Table, ...] = (
    ORGANISATION,
    SKILLS,
    TEAMS,
    DEMAND,
    NEEDS,
    EMPLOYEES,
    EMPLOYEE_SKILLS,
    INTEREST,
    LEAD_INTEREST,
    ABSENCES,
    TASKS,
    PREPARED,
    RULES,
)
"""Every table, in the order they are written in."""

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
GUIDE_SHEET = "Ohje (Guide)"
"""The sheet of a workbook that explains the others; it is not read."""
