"""Seeded random scenarios for tests: events of every kind, all of them possible."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]


def random_scenario(seed: int, organisation: Row, most: int = 3) -> Row:
    """A scenario in its JSON form, free of input errors, on an organisation in its own.

    Args:
        seed: of the choices.
        organisation: what it is a scenario of, of at least two people, with a task.
        most: how many events there are at most, and at least one; a hire or a new task is
            among them at most once.
    """
    rng = random.Random(f"scenario-{seed}")
    draw = _Draw(rng, organisation)
    kinds = rng.sample(list(draw.events), len(draw.events))
    events: list[Row] = []
    for kind in kinds:
        event = draw.events[kind]()
        if event is not None and len(events) < most:
            events.append({"kind": kind, **event})
    return {
        "name": f"scenario {seed}",
        "effective": draw.effective.isoformat(),
        "events": events[: rng.randint(1, most)],
    }


class _Draw:
    """Draws one event of each kind; None where the organisation allows none."""

    def __init__(self, rng: random.Random, organisation: Row) -> None:
        self.rng = rng
        self.start = date.fromisoformat(organisation["horizon"]["start"])
        self.days = (date.fromisoformat(organisation["horizon"]["end"]) - self.start).days
        self.effective = self.start + timedelta(rng.choice([0, rng.randint(1, self.days - 1)]))
        self.employees = {e["id"]: e for e in organisation["employees"]}
        self.people = list(self.employees)
        self.teams = [t["id"] for t in organisation["teams"]]
        self.led = [t["id"] for t in organisation["teams"] if t.get("lead", True)]
        self.skills = [s["id"] for s in organisation["skills"]]
        self.tasks = {q["id"]: q for q in organisation["tasks"]}
        self.rules = [r["id"] for r in organisation.get("rules", [])]
        self.events: dict[str, Callable[[], Row | None]] = {
            "leaves": self._leaves,
            "stays": lambda: {"employee": rng.choice(self.people)},
            "absent": self._absent,
            "joins": lambda: {"employee": self._hire()},
            "learns": self._learns,
            "task_starts": lambda: {"task": self._task()},
            "task_ends": self._task_ends,
            "demand": self._demand,
            "rule": lambda: {"rule": self._rule()},
            "drop_rule": lambda: {"id": rng.choice(self.rules)} if self.rules else None,
        }

    def _day(self, low: int, high: int) -> str:
        return (self.start + timedelta(self.rng.randint(low, high))).isoformat()

    def _after(self, day: str | None) -> str:
        """A day after another one, or after the day before the horizon."""
        first = date.fromisoformat(day) if day else self.start - timedelta(1)
        return (first + timedelta(self.rng.randint(1, self.days))).isoformat()

    def _leaves(self) -> Row:
        who = self.rng.choice(self.people)
        return {"employee": who, "date": self._after(self.employees[who].get("joins"))}

    def _absent(self) -> Row:
        start = self._day(0, self.days - 1)
        return {"employee": self.rng.choice(self.people), "start": start, "end": self._after(start)}

    def _hire(self) -> Row:
        rng = self.rng
        row: Row = {
            "id": "N1",
            "skills": {s: rng.randint(1, 3) for s in self.skills if rng.random() < 0.8},
            "office_holder": rng.random() < 0.6,
            "interest": {t: rng.randint(0, 2) for t in self.teams if rng.random() < 0.7},
            "needs_substitute": rng.random() < 0.5,
        }
        if rng.random() < 0.5:
            row["joins"] = self._day(0, self.days - 1)
        if rng.random() < 0.3:
            row["team"] = rng.choice(self.teams)
        return row

    def _learns(self) -> Row:
        skill, level = self.rng.choice(self.skills), self.rng.randint(1, 3)
        return {"employee": self.rng.choice(self.people), "skill": skill, "level": level}

    def _task(self) -> Row:
        rng = self.rng
        row: Row = {
            "id": "NQ",
            "kind": rng.choice(["ordinary", "authority"]),
            "skill": rng.choice(self.skills),
            "backups": rng.randint(0, 1),
            "load": rng.choice([0, 60]),
            "handover_days": rng.choice([0, 5]),
        }
        if rng.random() < 0.4:
            row["active"] = {"start": self._day(0, self.days - 1)}
        if rng.random() < 0.4:
            row["holder"] = rng.choice(self.people)
        return row

    def _task_ends(self) -> Row:
        task = self.rng.choice(list(self.tasks))
        return {"task": task, "date": self._after(self.tasks[task].get("active", {}).get("start"))}

    def _demand(self) -> Row:
        team, people = self.rng.choice(self.teams), self.rng.randint(1, 4)
        return {"team": team, "from": self._day(-3, self.days - 1), "people": people}

    def _rule(self) -> Row:
        rng = self.rng
        one, two = rng.sample(self.people, 2)
        team, task = rng.choice(self.teams), rng.choice(list(self.tasks))
        kinds = [
            {"kind": "pin", "employee": one, "team": team},
            {"kind": "forbid", "employee": one, "team": team},
            {"kind": "together", "employees": [one, two]},
            {"kind": "apart", "employees": [one, two]},
            {"kind": "pin_holder", "task": task, "employee": one},
        ]
        if self.employees[one].get("needs_substitute", True):
            kinds.append({"kind": "pin_substitute", "principal": one, "substitute": two})
        kinds += [{"kind": "pin_lead", "team": t, "employee": one} for t in self.led]
        return {"id": "new", **rng.choice(kinds)}
