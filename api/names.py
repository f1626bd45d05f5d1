"""Ids with their names, for sentences: ``E07 payroll secretary``."""

from __future__ import annotations

from models.facts import Facts
from models.organisation import Organisation


class Names:
    """Looks up what an id is called; an unknown one is called by itself."""

    def __init__(self, organisation: Organisation) -> None:
        self._titles = {e.id: e.title for e in organisation.employees}
        self._teams = {t.id: t.name for t in organisation.teams}
        self._tasks = {q.id: q.name for q in organisation.tasks}
        self._skills = {s.id: s.name for s in organisation.skills}

    @classmethod
    def of(cls, facts: Facts) -> Names:
        """Those of an input."""
        return cls(facts.organisation)

    def person(self, employee: str) -> str:
        """``E07 payroll secretary``."""
        return f"{employee} {self._titles.get(employee) or ''}".rstrip()

    def task(self, task: str) -> str:
        """``T07 Waste decisions``."""
        return f"{task} {self._tasks.get(task) or ''}".rstrip()

    def team(self, team: str) -> str:
        """A team's name, or its id."""
        return self._teams.get(team) or team

    def skill(self, skill: str) -> str:
        """A skill's name, or its id."""
        return self._skills.get(skill) or skill
