"""Who substitutes whom: pair variables, layered by team, and the goals about pairs.

"a and b in one team" as a variable per pair and team, bounded by sums over pairs, gives a
bound close to the truth; as clauses it gives none (docs/formulation.md).
"""

from __future__ import annotations

from models.organisation import PinSubstitute
from optimizer.placement import Placement
from optimizer.program import Program, Sum


class Pairs:
    """Substitute variables and their hard rules.

    Attributes:
        layers: {(principal, substitute): {team: variable}}, for allowed pairs that may
            be in one team.
    """

    def __init__(self, placement: Placement) -> None:
        self.placement = placement
        self.facts = placement.facts
        self.layers: dict[tuple[str, str], dict[str, int]] = {}
        self._build(placement.program)
        self._pins(placement.program)

    def chosen(self, principal: str, substitute: str) -> Sum:
        """Whether the pair is chosen, over all teams."""
        return Sum().add_all(self.layers.get((principal, substitute), {}).values())

    def _build(self, program: Program) -> None:
        place, facts = self.placement.place, self.facts
        of: dict[tuple[str, str], list[int]] = {}
        by: dict[tuple[str, str], list[int]] = {}
        order = {e: i for i, e in enumerate(facts.employees)}
        members: dict[str, list[str]] = {t: [] for t in facts.teams}
        for e in facts.employees:
            for t in place[e]:
                if self.placement.may_be_in(e, t):
                    members[t].append(e)
        for a in facts.employees:
            # Only who may share a team is looked at: of many people that is few.
            near = {b for t in place[a] for b in members[t]}
            for b in sorted(near, key=order.__getitem__):
                if facts.may_substitute(a, b):
                    layers = {
                        t: program.boolean()
                        for t in place[a]
                        if self.placement.may_be_in(a, t) and self.placement.may_be_in(b, t)
                    }
                    self.layers[a, b] = layers
                    for t, chosen in layers.items():
                        of.setdefault((a, t), []).append(chosen)
                        by.setdefault((b, t), []).append(chosen)
                        program.implies(chosen, place[b][t])
        for (a, t), chosen_ones in of.items():
            program.at_most(Sum([(place[a][t], -1)]).add_all(chosen_ones), 0)
        limit = facts.policy.max_principals
        for (b, t), chosen_ones in by.items():
            if len(chosen_ones) > limit:
                program.at_most(Sum([(place[b][t], -limit)]).add_all(chosen_ones), 0)

    def _pins(self, program: Program) -> None:
        for rule in self.facts.rules.values():
            if isinstance(rule, PinSubstitute):
                program.equal(self.chosen(rule.principal, rule.substitute), 1)

    def pinned(self) -> set[int]:
        """The variables of pairs that a rule pins."""
        pins = (r for r in self.facts.rules.values() if isinstance(r, PinSubstitute))
        return {v for r in pins for v in self.chosen(r.principal, r.substitute).terms}

    def no_substitute(self) -> Sum:
        """Everybody who needs a substitute and has none."""
        needing = sum(e.needs_substitute for e in self.facts.employees.values())
        total = Sum(constant=needing)
        for layers in self.layers.values():
            total.add_all(layers.values(), -1)
        return total

    def substitute_away(self) -> Sum:
        """Days of principals' service on which their substitutes are not present."""
        total = Sum()
        for (a, b), layers in self.layers.items():
            total.add_all(layers.values(), self.facts.days_away(a, b))
        return total

    def substitute_fit(self) -> Sum:
        """Points of fit, of ten, that substitutes lack."""
        total = Sum()
        for (a, b), layers in self.layers.items():
            total.add_all(layers.values(), 10 - self.facts.fit(a, b))
        return total

    def substitute_changes(self) -> Sum:
        """People who need a substitute and whose current one is in service and not kept."""
        total = Sum()
        for a, employee in self.facts.employees.items():
            current = employee.substitute
            if employee.needs_substitute and current in self.facts.employees:
                total.constant += 1
                total.plus(self.chosen(a, current), -1)
        return total

    def one_way_substitutes(self) -> Sum:
        """Pairs in which the substitute needs a substitute and it is not the principal."""
        total = Sum()
        for (a, b), layers in self.layers.items():
            if not self.facts.employees[b].needs_substitute:
                continue
            back = self.layers.get((b, a), {})
            if not back:
                total.add_all(layers.values())
            elif a < b:
                # |a substitutes b - b substitutes a|: 1 for both directions of a pair.
                one_way = self.placement.program.boolean()
                for sign in (1, -1):
                    difference = Sum([(one_way, 1)]).add_all(layers.values(), -sign)
                    self.placement.program.at_least(difference.add_all(back.values(), sign), 0)
                total.add(one_way)
        return total
