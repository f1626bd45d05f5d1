"""The named rules as a program in which each of them can be given up.

A valid plan can always leave chains empty and people without substitutes, so what makes an
input infeasible is decided by placements, leaders, forced first holders and pinned pairs
alone. Every named rule has a variable that is 1 where it is given up, and its rows ask for
nothing then. What has no name stays: everybody is in one team, a task has one first holder,
somebody has one substitute, and the two are in one team (docs/problem.md, sections 5 and 9).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise

from models.facts import Facts
from models.organisation import Apart, Forbid, Pin, PinHolder, PinLead, PinSubstitute, Together
from optimizer.program import Program, Sum


def named_rules(facts: Facts) -> tuple[str, ...]:
    """Every rule that can be part of a conflict, by name, in input order, each once."""
    tasks = [q for q in facts.tasks if q in facts.pins_of_holder or q in facts.settled_holder]
    firsts = [r.employee for pins in facts.pins_of_holder.values() for r in pins]
    holders = dict.fromkeys([*firsts, *facts.settled_holder.values()])
    pairs = [r for r in facts.rules.values() if isinstance(r, PinSubstitute)]
    names = (
        *facts.rules,
        *(f"{name}:{t}" for name in ("size", "lead") for t in facts.teams),
        *(f"eligible:{e}" for e in facts.employees),
        *(f"{name}:{e}" for name in ("load", "tasks") for e in holders),
        *(f"{name}:{q}" for name in ("team", "qualified", "tenure", "moves") for q in tasks),
        *(f"fit:{r.principal}" for r in pairs),
        *(f"principals:{r.substitute}" for r in pairs),
    )
    return tuple(dict.fromkeys(names))


class RuleProgram:
    """Which named rules can hold together.

    Args:
        facts: of an organisation.
        kept: rules that no question gives up. Somebody whose `eligible` is among them has no
            variable for other teams; with all 400 teams, 20,000 people had eight million.

    Attributes:
        names: the named rules, in input order.
        given_up: {name: the variable that is 1 if the rule is given up}; the first variables
            of the program, in the same order.
        program: the rows.
    """

    def __init__(self, facts: Facts, kept: Collection[str] = ()) -> None:
        self.facts = facts
        self.program = Program()
        self.names = named_rules(facts)
        self.given_up = {name: self.program.boolean() for name in self.names}
        self._never = self.program.integer(0)
        kept = frozenset(kept)
        self._place = {
            e: {
                t: self.program.boolean()
                for t in (facts.eligible(e) if f"eligible:{e}" in kept else facts.teams)
            }
            for e in facts.employees
        }
        self._placements()
        self._sizes()
        self._leaders()
        self._first_holders()
        self._pairs()

    def with_only(self, names: Collection[str]) -> Program:
        """The program in which these rules must hold, and nothing is asked of the others."""
        return self.program.fixed([1, *(int(name not in names) for name in self.names)])

    def weight(self, name: str) -> int:
        """What the policy says giving up a rule weighs."""
        rule = self.facts.rules.get(name)
        kind = rule.kind if rule else name.partition(":")[0]
        return self.facts.policy.relaxation_weight(name, kind)

    def _in(self, employee: str, team: str) -> int:
        """Whether somebody is in a team."""
        return self._place[employee].get(team, self._never)

    def _near(self, employees: Iterable[str]) -> Iterable[str]:
        """The teams that any of them may be in, in input order."""
        teams = {t for e in employees for t in self._place[e]}
        return (t for t in self.facts.teams if t in teams)

    def _holds(self, name: str, total: Sum, slack: int = 1) -> None:
        """Demand ``total >= 0``; where the rule is given up, only ``total >= -slack``."""
        self.program.at_least(total.add(self.given_up[name], slack), 0)

    def _is_one(self, name: str, variable: int) -> None:
        """Demand that a Boolean is 1, unless the rule is given up."""
        self._holds(name, Sum([(variable, 1)], -1))

    def _only_if(self, name: str, variable: int, allowed: int | None = None) -> None:
        """Demand ``variable <= allowed`` (0 if None), unless the rule is given up."""
        total = Sum([(variable, -1)])
        self._holds(name, total if allowed is None else total.add(allowed))

    def _placements(self) -> None:
        facts, place = self.facts, self._in
        for e, teams in self._place.items():
            self.program.equal(Sum().add_all(teams.values()), 1)
            eligible = frozenset(facts.eligible(e))
            for t, placed in teams.items():
                if t not in eligible:
                    self._only_if(f"eligible:{e}", placed)
        for name, rule in facts.rules.items():
            match rule:
                case Pin():
                    self._is_one(name, place(rule.employee, rule.team))
                case Forbid():
                    self._only_if(name, place(rule.employee, rule.team))
                case Together():
                    for a, b in pairwise(rule.employees):
                        for t in self._near((a, b)):
                            self._only_if(name, place(a, t), place(b, t))
                            self._only_if(name, place(b, t), place(a, t))
                case Apart():
                    for t in self._near(rule.employees):
                        members = [(place(e, t), -1) for e in rule.employees if t in self._place[e]]
                        self._holds(name, Sum(members, 1), len(members) - 1)
                case _:  # the others speak of leaders, holders and pairs
                    pass

    def _sizes(self) -> None:
        starting = [self._place[e] for e in self.facts.starters]
        for t, team in self.facts.teams.items():
            starters = [options[t] for options in starting if t in options]
            over, under = len(starters) - team.size.max, team.size.min
            if over > 0:
                room = Sum(constant=team.size.max).add_all(starters, -1)
                self._holds(f"size:{t}", room, over)
            if under > 0:
                there = Sum(constant=-under).add_all(starters)
                self._holds(f"size:{t}", there, under)

    def _leaders(self) -> None:
        """Pinned leaders; a leader who is not pinned can always be found."""
        leads: dict[str, dict[str, int]] = {}
        for name, rule in self.facts.rules.items():
            if isinstance(rule, PinLead):
                leaders = leads.setdefault(rule.team, {})
                if rule.employee not in leaders:
                    leaders[rule.employee] = self.program.boolean()
                self._is_one(name, leaders[rule.employee])
        for t, leaders in leads.items():
            one = Sum(constant=1).add_all(leaders.values(), -1)
            self._holds(f"lead:{t}", one, len(leaders) - 1)
            for e, leading in leaders.items():
                is_starter = self.facts.is_starter(e)
                there = self._in(e, t) if is_starter else None
                self._only_if(f"lead:{t}", leading, there)

    def _first_holders(self) -> None:
        """Who is first on each task that has a pin or moves with its holder.

        `moves` asks for the settled holder or somebody a pin names: so it asks for no more
        where a pin is given up, and giving up more rules never makes the rest harder.
        """
        facts = self.facts
        first: dict[str, dict[str, int]] = {}
        for q in facts.tasks:
            people = [r.employee for r in facts.pins_of_holder.get(q, ())]
            if q in facts.settled_holder:
                people.append(facts.settled_holder[q])
            first[q] = {e: self.program.boolean() for e in dict.fromkeys(people)}
            self.program.at_most(Sum().add_all(first[q].values()), 1)
            if q in facts.settled_holder:
                self._holds(f"moves:{q}", Sum(constant=-1).add_all(first[q].values()))
            for e, holds in first[q].items():
                self._may_hold(q, e, holds)
        for name, rule in facts.rules.items():
            if isinstance(rule, PinHolder):
                self._is_one(name, first[rule.task][rule.employee])
        self._loads(first)

    def _may_hold(self, q: str, e: str, holds: int) -> None:
        start, end = self.facts.tenure(e, q)
        if not self.facts.is_qualified(e, q):
            self._only_if(f"qualified:{q}", holds)
        if start >= end:
            self._only_if(f"tenure:{q}", holds)
        team = self.facts.tasks[q].team
        if team is not None:
            self._only_if(f"team:{q}", holds, self._in(e, team))

    def _loads(self, first: dict[str, dict[str, int]]) -> None:
        facts = self.facts
        held: dict[str, list[tuple[int, int, int, int]]] = {}
        for q, people in first.items():
            for e, holds in people.items():
                held.setdefault(e, []).append((*facts.tenure(e, q), facts.tasks[q].load, holds))
        for e, rows in held.items():
            for day in sorted({start for start, *_ in rows}):
                running = [(load, holds) for start, end, load, holds in rows if start <= day < end]
                loads = [(holds, -load) for load, holds in running]
                self._at_most(f"load:{e}", loads, facts.load_limit(e))
                numbers = [(holds, -1) for _, holds in running]
                self._at_most(f"tasks:{e}", numbers, facts.task_limit(e))

    def _at_most(self, name: str, minus: list[tuple[int, int]], limit: int) -> None:
        """Demand that a sum, given with its signs turned, is at most a limit."""
        most = -sum(coefficient for _, coefficient in minus)
        if most > limit:
            self._holds(name, Sum(minus, limit), most - limit)

    def _pairs(self) -> None:
        """Pinned pairs: `pairs[a][b]` is 1 where b substitutes a."""
        facts = self.facts
        pairs: dict[str, dict[str, int]] = {}
        principals: dict[str, list[int]] = {}
        for name, rule in facts.rules.items():
            if isinstance(rule, PinSubstitute):
                a, b = rule.principal, rule.substitute
                if b not in pairs.setdefault(a, {}):
                    pairs[a][b] = self.program.boolean()
                    principals.setdefault(b, []).append(pairs[a][b])
                    self._may_substitute(a, b, pairs[a][b])
                self._is_one(name, pairs[a][b])
        for substitutes in pairs.values():
            self.program.at_most(Sum().add_all(substitutes.values()), 1)
        for b, variables in principals.items():
            numbers = [(variable, -1) for variable in variables]
            self._at_most(f"principals:{b}", numbers, facts.policy.max_principals)

    def _may_substitute(self, a: str, b: str, pair: int) -> None:
        if not self.facts.may_substitute(a, b):
            self._only_if(f"fit:{a}", pair)
        for t in self._near((a, b)):
            there, here = self._in(a, t), self._in(b, t)
            self.program.at_most(Sum([(there, 1), (here, -1), (pair, 1)]), 1)
