"""Seeded random organisations of the shape of docs/formulation.md: six years, half leave.

Everybody is eligible everywhere unless `eligible` says for how many teams; 0.6 tasks a person.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from models.organisation import Organisation
from models.reading import organisation_from

START, END = date(2020, 1, 1), date(2026, 1, 1)
DAYS = (END - START).days
SITES = ("Oulu", "Turku", "Espoo")
SECTORS = ("north", "south", "west")


def random_organisation(
    seed: int, people: int = 57, teams: int = 3, eligible: int | None = None
) -> Organisation:
    """A valid organisation; the same for the same arguments."""
    return organisation_from(_Draw(seed, people, teams, eligible).organisation())


class _Draw:
    def __init__(self, seed: int, people: int, teams: int, eligible: int | None) -> None:
        self.rng = random.Random(f"{seed}-{people}-{teams}-{eligible}")
        self.skills = [f"s{i}" for i in range(1, self.rng.randint(8, 14) + 1)]
        self.teams = [f"T{i}" for i in range(1, teams + 1)]
        self.people = [f"E{i}" for i in range(1, people + 1)]
        self.eligible = eligible
        self.home: dict[str, str] = {}

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def day(self, low: int, high: int) -> str:
        return (START + timedelta(self.rng.randint(low, high))).isoformat()

    def organisation(self) -> dict[str, Any]:
        employees = {e: self._employee(e) for e in self.people}
        for e in self.people:
            if self.chance(0.8):
                employees[e]["substitute"] = self._likely_substitute(e, employees)
        return {
            "name": "random",
            "horizon": {"start": START.isoformat(), "end": END.isoformat()},
            "skills": [{"id": s} for s in self.skills],
            "teams": [self._team(i, t, employees) for i, t in enumerate(self.teams)],
            "employees": list(employees.values()),
            "tasks": [
                self._task(i, employees) for i in range(1, round(0.6 * len(self.people)) + 1)
            ],
        }

    def _employee(self, e: str) -> dict[str, Any]:
        rng = self.rng
        others = [x for x in self.people if x != e]
        skills = rng.sample(self.skills, rng.randint(2, 5))
        row: dict[str, Any] = {
            "id": e,
            "sector": rng.choice(SECTORS) if self.chance(0.9) else None,
            "site": rng.choice(SITES[:2]),
            "site_bound": self.chance(0.2),
            "fte": rng.choice([50, 60, 80]) if self.chance(0.2) else 100,
            "office_holder": self.chance(0.6),
            "qualifications": ["law"] if self.chance(0.4) else [],
            "skills": {s: rng.choice([1, 2, 2, 3]) for s in skills},
            "interest": {t: rng.choice([0, 1, 1, 2, 2]) for t in self.teams},
            "needs_substitute": self.chance(0.9),
            "wants": rng.sample(others, 1) if self.chance(0.15) else [],
        }
        if self.chance(0.1):
            row["joins"] = self.day(30, DAYS // 2)
        if self.chance(0.5):
            leaves = self.day(260 + (DAYS // 2 if "joins" in row else 0), DAYS - 1)
            row["leaves"] = {"date": leaves, "reason": "retirement", "source": "forecast"}
        if self.chance(0.2):
            first = rng.randint(0, DAYS - 400)
            start, end = (self.day(d, d) for d in (first, first + rng.randint(60, 365)))
            row["absences"] = [{"start": start, "end": end}]
        if self.chance(0.3):
            row["lead_interest"] = {t: rng.choice([1, 2, 3]) for t in self.teams}
        if self.eligible is not None:
            row["eligible_teams"] = rng.sample(self.teams, self.eligible)
        self.home[e] = rng.choice(row.get("eligible_teams", self.teams))
        if self.chance(0.85):
            row["team"] = self.home[e] if self.chance(0.8) else rng.choice(self.teams)
        if self.chance(0.1):
            row["avoids"] = [x for x in rng.sample(others, 1) if x not in row["wants"]]
        return row

    def _likely_substitute(self, e: str, employees: dict[str, dict[str, Any]]) -> str:
        def common(other: str) -> float:
            theirs = employees[other]["skills"]
            shared = sum(min(v, theirs.get(s, 0)) for s, v in employees[e]["skills"].items())
            return shared + (self.home[e] == self.home[other]) + self.rng.random()

        return max(self.rng.sample([x for x in self.people if x != e], 8), key=common)

    def _team(self, i: int, t: str, employees: dict[str, dict[str, Any]]) -> dict[str, Any]:
        members = [e for e in self.people if self.home[e] == t]
        starters = [e for e in members if "joins" not in employees[e]]
        needed = self.rng.sample(self.skills, self.rng.randint(2, 4))
        later = (START + timedelta(DAYS // 2)).isoformat()
        return {
            "id": t,
            "size": {"min": max(0, len(starters) - 2), "max": len(starters) + 2},
            "site": SITES[i % 2],
            "leader": self.rng.choice(starters) if starters and self.chance(0.8) else None,
            "demand": [
                {"from": START.isoformat(), "people": max(0, len(members) - 1)},
                {"from": later, "people": len(members) * 4 // 5},
            ],
            "needs": [
                {"skill": s, "level": self.rng.choice([1, 2, 2]), "people": self.rng.randint(1, 3)}
                for s in needed
            ],
        }

    def _task(self, i: int, employees: dict[str, dict[str, Any]]) -> dict[str, Any]:
        rng = self.rng
        kind = rng.choice(["ordinary", "ordinary", "special", "expert", "authority"])
        skill, level = rng.choice(self.skills), rng.choice([1, 2, 2])
        able = [
            e
            for e in self.people
            if employees[e]["skills"].get(skill, 0) >= level
            and (kind != "authority" or employees[e]["office_holder"])
        ]
        row: dict[str, Any] = {
            "id": f"Q{i}",
            "kind": kind,
            "skill": skill,
            "level": level,
            "load": rng.choice([5, 10, 15, 20, 30]),
            "handover_days": rng.choice([0, 30, 60, 90, 120]),
            "backups": rng.choice([0, 1, 1, 2]),
        }
        if self.chance(0.9):
            row["holder"] = rng.choice(able or self.people)
        if self.chance(0.1):
            row["team"] = rng.choice(self.teams)
        if able and self.chance(0.2):
            row["prepared"] = {e: self.day(0, 300) for e in rng.sample(able, 1)}
        if self.chance(0.15):
            row["active"] = {"start": self.day(0, DAYS // 3)}
        return row
