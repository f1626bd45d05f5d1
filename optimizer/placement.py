"""Who may go where, who may lead: the placement variables and their hard rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import networkx as nx

from models.facts import Facts
from models.organisation import (
    Apart,
    Forbid,
    Pin,
    PinHolder,
    PinLead,
    PinSubstitute,
    Rule,
    Together,
)
from optimizer.program import ONE, Program, Sum


class Placement:
    """Placement and leader variables.

    People who must be together share their variables. A variable exists only where the
    placement is possible; `ONE` stands for a placement with no alternative.

    Attributes:
        place: {employee: {team: variable}}.
        members: {team: {employee: variable}}, the same the other way round, in input order.
        lead: {team: {employee: variable}}.
    """

    def __init__(self, facts: Facts, program: Program) -> None:
        self.facts = facts
        self.program = program
        self.place: dict[str, dict[str, int]] = {}
        self.lead: dict[str, dict[str, int]] = {}
        about = _about(facts)
        for group in _groups(facts):
            options = _options(facts, group, about)
            variables = {t: program.boolean() for t in options} if len(options) > 1 else {}
            shared = variables or dict.fromkeys(options, ONE)
            self.place.update(dict.fromkeys(group, shared))
            if variables:
                program.equal(Sum().add_all(variables.values()), 1)
        self.members: dict[str, dict[str, int]] = {t: {} for t in facts.teams}
        for e in facts.employees:
            for t, place in self.place[e].items():
                self.members[t][e] = place
        self._apart()
        self._sizes()
        self._leaders()

    def may_be_in(self, employee: str, team: str) -> bool:
        """Whether the placement is possible."""
        place = self.place[employee].get(team)
        return place is not None and self.program.upper[place] > 0

    def variables(self) -> set[int]:
        """All placement variables that are still open."""
        lower, upper = self.program.lower, self.program.upper
        places = {place for options in self.place.values() for place in options.values()}
        return {place for place in places if lower[place] < upper[place]}

    def headcount(self, people: Iterable[str], team: str) -> Sum:
        """How many of these people are members of the team."""
        place = self.place
        return Sum().add_all(place[e][team] for e in people if team in place[e])

    def _apart(self) -> None:
        for rule in self.facts.rules.values():
            if isinstance(rule, Apart):
                for t in self.facts.teams:
                    self.program.at_most(self.headcount(rule.employees, t), 1)

    def _sizes(self) -> None:
        for t, team in self.facts.teams.items():
            starters = self.headcount(filter(self.facts.is_starter, self.members[t]), t)
            self.program.within(starters, team.size.min, team.size.max)

    def _leaders(self) -> None:
        pinned = {r.team: r.employee for r in self.facts.rules.values() if isinstance(r, PinLead)}
        for t, team in self.facts.teams.items():
            if not team.lead:
                continue
            candidates = [e for e in self.members[t] if self.facts.is_starter(e)]
            if t in pinned:
                self.lead[t] = {pinned[t]: ONE}
                continue
            leaders = {e: self.program.boolean() for e in candidates}
            self.lead[t] = leaders
            total = Sum().add_all(leaders.values())
            for e, leads in leaders.items():
                self.program.implies(leads, self.place[e][t])
            certain = team.size.min > 0 or any(self.place[e][t] == ONE for e in candidates)
            if certain:
                self.program.equal(total, 1)
            else:
                self.program.at_most(total, 1)
                for place in {self.place[e][t] for e in candidates}:
                    self.program.at_least(Sum([(place, -1)]).plus(total), 0)


def _groups(facts: Facts) -> list[list[str]]:
    """People who must be in one team, as groups covering everybody, in input order.

    Together, and principal and substitute of a pin: a pair is in one team.
    """
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(facts.employees)
    for rule in facts.rules.values():
        if isinstance(rule, Together):
            nx.add_path(graph, rule.employees)
        elif isinstance(rule, PinSubstitute):
            graph.add_edge(rule.principal, rule.substitute)
    order = {e: i for i, e in enumerate(facts.employees)}
    components = [sorted(c, key=order.__getitem__) for c in nx.connected_components(graph)]
    return sorted(components, key=lambda c: order[c[0]])


def _options(facts: Facts, group: Sequence[str], about: Mapping[str, list[Rule]]) -> list[str]:
    """The teams that a group may be in, in input order.

    The rules about each person are given.
    """
    allowed = [set(facts.eligible(e)) for e in group[1:]]
    options = [t for t in facts.eligible(group[0]) if all(t in teams for teams in allowed)]
    for rule in (rule for e in group for rule in about.get(e, ())):
        match rule:
            case Pin() | PinLead():
                options = [t for t in options if t == rule.team]
            case Forbid():
                options = [t for t in options if t != rule.team]
            case PinHolder():
                team = facts.tasks[rule.task].team
                options = [t for t in options if team is None or t == team]
            case _:  # the others speak of several people
                pass
    return options


def _about(facts: Facts) -> dict[str, list[Rule]]:
    """The rules that say where one person may be, by person."""
    about: dict[str, list[Rule]] = {}
    for rule in facts.rules.values():
        if isinstance(rule, Pin | PinLead | Forbid | PinHolder):
            about.setdefault(rule.employee, []).append(rule)
    return about
