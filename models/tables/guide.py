"""The first sheet of a workbook: what every column is, in English, Finnish and Swedish."""

from __future__ import annotations

from collections.abc import Iterator

from models.tables.guide_english import ENGLISH
from models.tables.guide_finnish import FINNISH
from models.tables.guide_swedish import SWEDISH
from models.tables.schema import TABLES, Column, Kind

INTRODUCTION = (
    "Ohje / Guide / Anvisning",
    "Täytä muut taulukot; tätä sivua ei lueta. Otsikkoriviä ja taulukoiden nimiä ei muuteta.",
    "Fill in the other sheets; this one is not read. Leave headers and sheet names as they are.",
    "Fyll i de andra bladen; detta läses inte. Rubriker och bladens namn ändras inte.",
    "Käytä peitenimiä (E01), älä henkilöiden nimiä. Luettelossa tunnusten välissä on pilkku.",
    "Use pseudonyms (E01), no personal names. In a list, ids are separated by commas.",
    "Använd pseudonymer (E01), inte personnamn. I en lista skiljs id med kommatecken.",
    "Päivä alkaa sen, minkä se aloittaa; lopetuspäivä on ensimmäinen päivä sen jälkeen.",
    "A date is the first day of what it starts, and the first day after what it ends.",
    "Ett datum är den första dagen av det som börjar, och den första dagen efter det som slutar.",
)

GUIDE_HEADERS = (
    "sheet",
    "column",
    "required",
    "what it is",
    "mitä se on",
    "vad det är",
    "unit",
    "example",
)

_UNITS = {
    "teams.size_min": "people",
    "teams.size_max": "people",
    "demand.people": "people",
    "needs.level": "1 to 3",
    "needs.people": "people",
    "employees.fte": "percent, 1 to 100",
    "employee_skills.level": "1 to 3",
    "interest.grade": "grade",
    "lead_interest.grade": "1 to 3",
    "tasks.level": "1 to 3",
    "tasks.backups": "people",
    "tasks.load": "percent",
    "tasks.handover_days": "days",
}

_EXAMPLES: dict[str, dict[str, str]] = {
    "organisation": {
        "name": "Talouspalvelut",
        "horizon_start": "1.9.2018",
        "horizon_end": "1.9.2021",
    },
    "skills": {
        "id": "payroll",
        "name": "Palkanlaskenta",
    },
    "teams": {
        "id": "finance",
        "name": "Taloustiimi",
        "size_min": "4",
        "size_max": "8",
        "lead": "kyllä",
        "leader": "E01",
        "site": "townhall",
    },
    "demand": {
        "team": "finance",
        "from": "1.1.2020",
        "people": "5",
    },
    "needs": {
        "team": "finance",
        "skill": "payroll",
        "level": "2",
        "people": "2",
    },
    "employees": {
        "id": "E01",
        "title": "Palkkasihteeri",
        "sector": "technical",
        "site": "townhall",
        "site_bound": "ei",
        "fte": "80",
        "office_holder": "ei",
        "qualifications": "driving,first_aid",
        "joins": "1.1.2019",
        "leaves_date": "1.6.2021",
        "leaves_reason": "retirement",
        "leaves_source": "stated",
        "can_learn": "payroll,invoicing",
        "takes_more_work": "ei",
        "wants": "E02,E05",
        "avoids": "E07",
        "eligible_teams": "finance,staff",
        "team": "finance",
        "substitute": "E02",
        "needs_substitute": "kyllä",
    },
    "employee_skills": {
        "employee": "E01",
        "skill": "payroll",
        "level": "2",
    },
    "interest": {
        "employee": "E01",
        "team": "finance",
        "grade": "2",
    },
    "lead_interest": {
        "employee": "E01",
        "team": "finance",
        "grade": "3",
    },
    "absences": {
        "employee": "E01",
        "start": "1.6.2019",
        "end": "1.2.2020",
    },
    "tasks": {
        "id": "budget",
        "name": "Talousarvio",
        "kind": "expert",
        "skill": "payroll",
        "level": "2",
        "qualification": "driving",
        "team": "finance",
        "holder": "E01",
        "backups": "1",
        "load": "40",
        "handover_days": "90",
        "active_start": "1.1.2020",
        "active_end": "1.1.2021",
        "outsourceable": "ei",
    },
    "prepared": {
        "task": "budget",
        "employee": "E02",
        "date": "1.1.2019",
    },
    "rules": {
        "id": "r1",
        "kind": "pin",
        "reason": "Sovittu yhdessä",
        "employee": "E01",
        "team": "finance",
        "employees": "E01,E02",
        "task": "budget",
        "principal": "E01",
        "substitute": "E02",
    },
}


def guide_rows() -> Iterator[tuple[str, ...]]:
    """A row per column of every table, under `GUIDE_HEADERS`."""
    for table in TABLES:
        for column in table.columns:
            yield (
                table.name,
                column.name,
                "kyllä / yes / ja" if column.required else "ei / no / nej",
                ENGLISH[table.name][column.name],
                FINNISH[table.name][column.name],
                SWEDISH[table.name][column.name],
                _unit(table.name, column),
                _EXAMPLES[table.name][column.name],
            )


def _unit(table: str, column: Column) -> str:
    one = column.of.removesuffix("s") if column.of else None
    match column.kind:
        case Kind.WHOLE:
            return _UNITS[f"{table}.{column.name}"]
        case Kind.CHOICE:
            return ", ".join(column.choices)
        case Kind.ID:
            return f"id: {one}" if one else "id"
        case Kind.IDS:
            return f"list of ids: {one}" if one else "list of ids"
        case Kind.FLAG:
            return "kyllä / ei, yes / no"
        case Kind.DAY:
            return "date"
        case Kind.TEXT:
            return "text"
