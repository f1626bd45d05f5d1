"""A plan looked up by id, as the rules and goals read it; says what does not resolve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models import days
from models.days import Interval
from models.facts import Facts
from models.proposal import Plan, Tenure


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule the plan breaks.

    Attributes:
        rule: the rule's id, or its name as in `Proposal.conflicts` (``size:talous``).
        message: how it is broken, in a sentence.
    """

    rule: str
    message: str


class PlanIndex:
    """A plan by id. What names nobody known, or somebody twice, is left out and listed.

    Attributes:
        team_of: {employee: team}.
        members: {team: employees in input order}.
        leaders: {team: employees}; a valid plan has at most one each.
        chains: {task: tenures by start}.
        team_of_task: {task: team}, for tasks that have one.
        substitute_of: {principal: substitute}.
        unresolved: violations of the form of a plan.
    """

    def __init__(self, facts: Facts, plan: Plan) -> None:
        self.facts = facts
        self.plan = plan
        self.unresolved: list[Violation] = []
        self._uncovered: dict[str, list[Interval]] = {}
        self.team_of: dict[str, str] = {}
        for p in plan.placements:
            if self._known(f"placements[{p.employee}]", employee=p.employee, team=p.team):
                if p.employee in self.team_of:
                    self._odd(f"placement:{p.employee}", f"{p.employee} is placed twice.")
                else:
                    self.team_of[p.employee] = p.team
        self.members: dict[str, list[str]] = {t: [] for t in facts.teams}
        for e in facts.employees:
            if e in self.team_of:
                self.members[self.team_of[e]].append(e)
        self.leaders: dict[str, list[str]] = {t: [] for t in facts.teams}
        for lead in plan.leads:
            if self._known(f"leads[{lead.team}]", employee=lead.employee, team=lead.team):
                self.leaders[lead.team].append(lead.employee)
        self.chains: dict[str, list[Tenure]] = {q: [] for q in facts.tasks}
        for h in plan.holders:
            if self._known(f"holders[{h.task}]", employee=h.employee, team=h.team, task=h.task):
                self.chains[h.task].append(h)
        for chain in self.chains.values():
            chain.sort(key=lambda tenure: (tenure.start, tenure.end))
        self.team_of_task: dict[str, str] = {}
        for q, task in facts.tasks.items():
            if task.team is not None:
                self.team_of_task[q] = task.team
            elif self.chains[q]:
                self.team_of_task[q] = self.chains[q][0].team
        self.substitute_of: dict[str, str] = {}
        for s in plan.substitutes:
            place = f"substitutes[{s.principal}]"
            if self._known(place, employee=s.principal) and self._known(
                place, employee=s.substitute
            ):
                if s.principal in self.substitute_of:
                    self._odd(f"fit:{s.principal}", f"{s.principal} has two substitutes.")
                else:
                    self.substitute_of[s.principal] = s.substitute

    def _odd(self, rule: str, message: str) -> None:
        self.unresolved.append(Violation(rule, message))

    def _known(self, place: str, **named: str) -> bool:
        known: dict[str, Mapping[str, object]] = {
            "employee": self.facts.employees,
            "team": self.facts.teams,
            "task": self.facts.tasks,
        }
        unknown = [(kind, name) for kind, name in named.items() if name not in known[kind]]
        for kind, name in unknown:
            self._odd(place, f"No {kind} {name!r} is planned for.")
        return not unknown

    def qualified_members(self, task: str) -> list[str]:
        """The qualified members of the task's team; none where it has no team."""
        team = self.team_of_task.get(task)
        return [e for e in self.members[team] if self.facts.is_qualified(e, task)] if team else []

    def uncovered(self, task: str) -> list[Interval]:
        """The days on which a task is not covered, joined (docs/problem.md, section 4)."""
        if task not in self._uncovered:
            self._uncovered[task] = self._not_covered(task)
        return self._uncovered[task]

    def _not_covered(self, task: str) -> list[Interval]:
        facts = self.facts
        active = facts.active(task)
        members = self.qualified_members(task)
        chain = [(days.day(h.start), days.day(h.end), h.employee) for h in self.chains[task]]
        presence = {e: facts.presence(e) for e in members}
        presence |= {e: facts.presence(e) for _, _, e in chain}
        stand_in = {
            e: days.overlap(presence[e], (facts.ready(e, task), active[1])) for e in members
        }
        before = facts.holder_before(task) if chain else []
        covered: list[Interval] = []
        if chain:
            covered += days.overlap(before, (active[0], chain[0][0]))
        for start, end, holder in chain:
            covered += days.overlap(presence[holder], (start, end))
            for e in members:
                covered += days.overlap(stand_in[e], (start, end))
        return days.subtract(active, covered)
