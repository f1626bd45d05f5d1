"""Seeded random organisations for tests: small ones that use every feature of the statement."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

START = date(2020, 1, 1)


def random_organisation(
    seed: int, people: int = 4, teams: int = 2, tasks: int = 2, days: int = 30
) -> dict[str, Any]:
    """A valid organisation in its JSON form; with some seeds infeasible."""
    rng = random.Random(f"{seed}-{people}-{teams}-{tasks}")
    skills = ["s1", "s2"]
    team_ids = [f"T{i}" for i in range(1, teams + 1)]
    ids = [f"E{i}" for i in range(1, people + 1)]

    def day(low: int = 0, high: int = days) -> str:
        return (START + timedelta(rng.randint(low, high))).isoformat()

    def some(values: list[str], share: float) -> list[str]:
        return [v for v in values if rng.random() < share]

    def chance(share: float) -> bool:
        return rng.random() < share

    def employee(e: str) -> dict[str, Any]:
        others = [o for o in ids if o != e]
        row: dict[str, Any] = {
            "id": e,
            "skills": {s: rng.randint(1, 3) for s in some(skills, 0.7)},
            "office_holder": chance(0.6),
            "interest": {t: rng.randint(0, 2) for t in some(team_ids, 0.7)},
            "lead_interest": {t: rng.randint(1, 3) for t in some(team_ids, 0.5)},
            "wants": some(others, 0.15),
            "avoids": some(others, 0.15),
            "needs_substitute": chance(0.8),
            "sector": rng.choice(["x", "y", None]),
            "fte": rng.choice([50, 100]),
        }
        if chance(0.4):
            row["leaves"] = {"date": day(1), "reason": "retirement", "source": "stated"}
        if chance(0.15):
            row["joins"] = (START + timedelta(rng.randint(-5, 0))).isoformat()
        elif chance(0.15):
            row |= {"joins": (START + timedelta(rng.randint(1, days // 2))).isoformat()}
            row.pop("leaves", None)
        if chance(0.4):
            first = rng.randint(0, days - 1)
            row["absences"] = [
                {
                    "start": (START + timedelta(first)).isoformat(),
                    "end": (START + timedelta(first + rng.randint(1, days))).isoformat(),
                }
            ]
        if chance(0.25):
            row["eligible_teams"] = [rng.choice(team_ids)]
        if chance(0.5):
            row["team"] = rng.choice(team_ids)
        if chance(0.5):
            row["substitute"] = rng.choice(others)
        if chance(0.4):
            row |= {"site": rng.choice("pq"), "site_bound": chance(0.7)}
        return row

    def task(i: int) -> dict[str, Any]:
        row: dict[str, Any] = {
            "id": f"Q{i}",
            "kind": rng.choice(["ordinary", "special", "expert", "authority"]),
            "skill": rng.choice(skills),
            "level": rng.randint(1, 2),
            "backups": rng.randint(0, 2),
            "load": rng.choice([0, 30, 60]),
            "handover_days": rng.choice([0, 0, 5, 12]),
            "prepared": {e: day() for e in some(ids, 0.2)},
        }
        if chance(0.7):
            row["holder"] = rng.choice(ids)
        if chance(0.25):
            row["team"] = rng.choice(team_ids)
        if chance(0.3):
            row["active"] = {"start": day(0, days // 2), "end": day(days // 2 + 1, days + 5)}
        return row

    def team(t: str) -> dict[str, Any]:
        low = rng.randint(0, max(0, people // teams - 1))
        row: dict[str, Any] = {
            "id": t,
            "size": {"min": low, "max": rng.randint(max(low, people // teams), people)},
            "lead": chance(0.85),
            "site": rng.choice(["p", "q", None]),
        }
        if chance(0.5):
            row["leader"] = rng.choice(ids)
        if chance(0.5):
            row["demand"] = [{"from": day(-5, 10), "people": rng.randint(1, 3)}]
        if chance(0.5):
            row["needs"] = [{"skill": rng.choice(skills), "level": 2, "people": 1}]
        return row

    rules = []
    if chance(0.4):
        a, b = rng.sample(ids, 2)
        rules.append(
            rng.choice(
                [
                    {"kind": "pin", "employee": a, "team": rng.choice(team_ids)},
                    {"kind": "forbid", "employee": a, "team": rng.choice(team_ids)},
                    {"kind": "together", "employees": [a, b]},
                    {"kind": "apart", "employees": [a, b]},
                    {"kind": "pin_holder", "task": "Q1", "employee": a},
                ]
            )
            | {"id": "r1"}
        )
    return {
        "name": f"random {seed}",
        "horizon": {"start": START.isoformat(), "end": (START + timedelta(days)).isoformat()},
        "skills": [{"id": s} for s in skills],
        "teams": [team(t) for t in team_ids],
        "employees": [employee(e) for e in ids],
        "tasks": [task(i) for i in range(1, tasks + 1)],
        "rules": rules,
    }


JOINT_POLICY: dict[str, Any] = {
    "levels": [
        {"name": "statutory", "goals": {"authority_gap": 1}},
        {
            "name": "continuity",
            "tolerance_per_person": 1,
            "goals": {
                "task_gap": 5,
                "skill_shortage": 3,
                "backup_shortage": 2,
                "size_shortage": 1,
                "no_substitute": 20,
                "substitute_away": 1,
            },
        },
        {"name": "people", "goals": {"interest": 3, "lead_fit": 3, "substitute_fit": 1}},
        {
            "name": "stability",
            "goals": {
                "team_changes": 3,
                "lead_changes": 2,
                "sector_concentration": 2,
                "departure_concentration": 2,
                "handovers": 1,
                "substitute_changes": 1,
                "one_way_substitutes": 1,
                "site_change": 1,
                "colleague_wishes": 1,
            },
        },
    ]
}
"""Pairs weighed together with coverage and wishes."""

OTHER_ORDER: dict[str, Any] = {
    "levels": [
        {
            "name": "wishes",
            "tolerance_per_person": 1,
            "goals": {"interest": 2, "substitute_fit": 1, "colleague_wishes": 1},
        },
        {
            "name": "rest",
            "goals": {"authority_gap": 3, "backup_shortage": 1, "no_substitute": 9, "handovers": 2},
        },
    ],
    "max_tasks": 1,
    "max_principals": 1,
    "min_fit": 1,
    "settled_days": 10,
}
"""Other levels, weights and limits."""
