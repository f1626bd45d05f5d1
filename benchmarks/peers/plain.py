"""The plain formulation: who holds each task in each period, and teams as clauses.

What a good user of CP-SAT writes by hand from docs/problem.md: a Boolean per decision, period by
period, with implications and clauses; none of the sets of holders, layers and shared shortages of
`optimizer/`. It is exact: periods end wherever somebody's presence, readiness or a task changes.
"""

from __future__ import annotations

from itertools import combinations

from ortools.sat.python import cp_model

from benchmarks.peers.plain_task import PlainTask
from models.days import as_date
from models.facts import Facts
from models.organisation import Apart, Forbid, Pin, PinHolder, PinLead, PinSubstitute, Together
from models.proposal import Lead, Placement, Plan, Substitution


class PlainModel:
    """Variables and hard rules.

    Attributes:
        model: the CP-SAT model.
        place: {(employee, team): literal}; constant where not eligible.
        lead: {(team, employee): literal}, starters of teams with a lead.
        substitute: {(principal, substitute): literal}, allowed pairs.
        tasks: {task: its variables}.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.model = cp_model.CpModel()
        self.never = self.model.new_constant(0)
        self.place = {
            (e, t): self.model.new_bool_var("") if t in facts.eligible(e) else self.never
            for e in facts.employees
            for t in facts.teams
        }
        self.lead: dict[tuple[str, str], cp_model.IntVar] = {}
        self.substitute = {
            (a, b): self.model.new_bool_var("")
            for a in facts.employees
            for b in facts.employees
            if facts.may_substitute(a, b)
        }
        self._placements()
        self._leads()
        self._substitutes()
        self.tasks = {q: PlainTask(q, facts, self.model, self.place) for q in facts.tasks}
        self._loads()
        self._rules()

    def _placements(self) -> None:
        facts = self.facts
        for e in facts.employees:
            self.model.add_exactly_one(self.place[e, t] for t in facts.teams)
        for t, team in facts.teams.items():
            starters = sum(self.place[e, t] for e in facts.starters)
            self.model.add(starters >= team.size.min)
            self.model.add(starters <= team.size.max)

    def _leads(self) -> None:
        for t, team in self.facts.teams.items():
            if not team.lead:
                continue
            leaders = []
            for e in self.facts.starters:
                leads = self.lead[t, e] = self.model.new_bool_var("")
                self.model.add_implication(leads, self.place[e, t])
                leaders.append(leads)
            self.model.add_at_most_one(leaders)
            for e in self.facts.starters:
                self.model.add_bool_or(*leaders, ~self.place[e, t])

    def _substitutes(self) -> None:
        of: dict[str, list[cp_model.IntVar]] = {}
        by: dict[str, list[cp_model.IntVar]] = {}
        for (a, b), chosen in self.substitute.items():
            of.setdefault(a, []).append(chosen)
            by.setdefault(b, []).append(chosen)
            for t in self.facts.teams:
                self.model.add_bool_or(~chosen, ~self.place[a, t], self.place[b, t])
        for chosen_ones in of.values():
            self.model.add_at_most_one(chosen_ones)
        for chosen_ones in by.values():
            self.model.add(sum(chosen_ones) <= self.facts.policy.max_principals)

    def _loads(self) -> None:
        """Period by period, over all tasks somebody may hold."""
        facts = self.facts
        for e in facts.employees:
            held = [
                (start, end, facts.tasks[q].load, holds)
                for q, task in self.tasks.items()
                for (start, end), holds in task.held_by(e)
            ]
            for day in sorted({start for start, _, _, _ in held}):
                running = [(load, holds) for start, end, load, holds in held if start <= day < end]
                self.model.add(sum(load * holds for load, holds in running) <= facts.load_limit(e))
                self.model.add(sum(holds for _, holds in running) <= facts.task_limit(e))

    def _rules(self) -> None:
        model, place, teams = self.model, self.place, self.facts.teams
        for rule in self.facts.rules.values():
            match rule:
                case Pin():
                    model.add(place[rule.employee, rule.team] == 1)
                case Forbid():
                    model.add(place[rule.employee, rule.team] == 0)
                case Together():
                    first, *others = rule.employees
                    for t in teams:
                        for e in others:
                            model.add(place[first, t] == place[e, t])
                case Apart():
                    for a, b in combinations(rule.employees, 2):
                        for t in teams:
                            model.add_bool_or(~place[a, t], ~place[b, t])
                case PinHolder():
                    self.tasks[rule.task].must_be_first(rule.employee)
                case PinSubstitute():
                    pair = rule.principal, rule.substitute
                    model.add(self.substitute.get(pair, self.never) == 1)
                case PinLead():
                    model.add(self.lead.get((rule.team, rule.employee), self.never) == 1)
        for q, holder in self.facts.moves_with_holder.items():
            self.tasks[q].must_be_first(holder)

    def plan(self, values: list[int]) -> Plan:
        """The plan that values of all variables say."""
        facts = self.facts

        def yes(literal: cp_model.IntVar) -> bool:
            return values[literal.index] == 1

        placements = []
        for (e, t), place in self.place.items():
            if yes(place):
                start, end = map(as_date, facts.service(e))
                placements.append(Placement(employee=e, team=t, start=start, end=end))
        team_of = {p.employee: p.team for p in placements}
        return Plan(
            placements=tuple(placements),
            leads=tuple(
                Lead(team=t, employee=e) for (t, e), leads in self.lead.items() if yes(leads)
            ),
            holders=tuple(
                tenure for task in self.tasks.values() for tenure in task.tenures(yes, team_of)
            ),
            substitutes=tuple(
                Substitution(principal=a, substitute=b, fit=facts.fit(a, b))
                for (a, b), chosen in self.substitute.items()
                if yes(chosen)
            ),
        )
