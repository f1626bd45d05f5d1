"""Who substitutes whom: pair variables, layered by team, and the goals about pairs.

"a and b in one team" as a variable per pair and team, bounded by sums over pairs, gives a
bound close to the truth; as clauses it gives none (docs/formulation.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from models.organisation import PinSubstitute
from optimizer.placement import Placement
from optimizer.program import Program, Sum


class Pairs:
    """Substitute variables and their hard rules.

    Those of today's and of pinned substitutes come first, as what is kept needs no others: a plan
    in which nobody has another one is valid. All others come with the first goal about them.

    Attributes:
        layers: {(principal, substitute): {team: variable}}, for allowed pairs that may
            be in one team.
        is_complete: whether no other pair is to come.
        is_restricted: whether pairs are missing all the same, so that no bound holds.
    """

    def __init__(self, placement: Placement) -> None:
        self.placement = placement
        self.facts = placement.facts
        self.layers: dict[tuple[str, str], dict[str, int]] = {}
        self.is_complete = False
        self.is_restricted = False
        today = ((a, row.substitute) for a, row in self.facts.employees.items())
        pinned = ((r.principal, r.substitute) for r in self._pin_rules())
        first = dict.fromkeys((*today, *pinned))
        self._add((a, b) for a, b in first if b is not None and b in self.facts.employees)
        self._pins(placement.program)

    def chosen(self, principal: str, substitute: str) -> Sum:
        """Whether the pair is chosen, over all teams."""
        return Sum().add_all(self.layers.get((principal, substitute), {}).values())

    def complete(self) -> None:
        """Add the variables of all pairs that are still missing."""
        if not self.is_complete:
            self.is_complete = True
            self._add(pair for pair in self._near() if pair not in self.layers)

    def restrict(self, team_of: Mapping[str, str]) -> None:
        """Add those who are in one team of a plan instead of all others: far fewer."""
        self.is_complete = self.is_restricted = True
        members: dict[str, list[str]] = {}
        for e, t in team_of.items():
            members.setdefault(t, []).append(e)
        self._add(
            ((a, b) for a, t in team_of.items() for b in members[t] if (a, b) not in self.layers),
            team_of,
        )

    def _near(self) -> Iterator[tuple[str, str]]:
        """Everybody with all who may share a team with them and might fit, in input order."""
        place, may_be_in, facts = self.placement.place, self.placement.may_be_in, self.facts
        order = {e: i for i, e in enumerate(facts.employees)}
        # Without a common skill fit is 0, and of 5,000 people three pairs of four have none.
        by_skill = facts.policy.min_fit > 0
        near: dict[tuple[str, str], list[str]] = {}
        for t, people in self.placement.members.items():
            for b in (e for e in people if may_be_in(e, t)):
                for skill in facts.employees[b].skills if by_skill else ("",):
                    near.setdefault((t, skill), []).append(b)
        for a, employee in facts.employees.items():
            if employee.needs_substitute:
                wanted = employee.skills if by_skill else ("",)
                found = {b for t in place[a] for skill in wanted for b in near.get((t, skill), ())}
                yield from ((a, b) for b in sorted(found, key=order.__getitem__))

    def _add(
        self, pairs: Iterable[tuple[str, str]], team_of: Mapping[str, str] | None = None
    ) -> None:
        """Variables of those of the pairs that are allowed, and the rules over all there are."""
        place, facts, program = self.placement.place, self.facts, self.placement.program
        may_be_in = self.placement.may_be_in
        for a, b in pairs:
            if facts.may_substitute(a, b):
                layers = {
                    t: program.boolean()
                    for t in ((team_of[a],) if team_of else place[a])
                    if may_be_in(a, t) and may_be_in(b, t)
                }
                self.layers[a, b] = layers
                for t, chosen in layers.items():
                    program.implies(chosen, place[b][t])
        of: dict[tuple[str, str], list[int]] = {}
        by: dict[tuple[str, str], list[int]] = {}
        for (a, b), layers in self.layers.items():
            for t, chosen in layers.items():
                of.setdefault((a, t), []).append(chosen)
                by.setdefault((b, t), []).append(chosen)
        for (a, t), chosen_ones in of.items():
            program.at_most(Sum([(place[a][t], -1)]).add_all(chosen_ones), 0)
        limit = facts.policy.max_principals
        for (b, t), chosen_ones in by.items():
            if len(chosen_ones) > limit:
                program.at_most(Sum([(place[b][t], -limit)]).add_all(chosen_ones), 0)

    def _pin_rules(self) -> Iterator[PinSubstitute]:
        rules = self.facts.rules.values()
        return (rule for rule in rules if isinstance(rule, PinSubstitute))

    def _pins(self, program: Program) -> None:
        for rule in self._pin_rules():
            program.equal(self.chosen(rule.principal, rule.substitute), 1)

    def pinned(self) -> set[int]:
        """The variables of pairs that a rule pins."""
        pins = self._pin_rules()
        return {v for r in pins for v in self.chosen(r.principal, r.substitute).terms}

    def no_substitute(self) -> Sum:
        """Everybody who needs a substitute and has none."""
        self.complete()
        needing = sum(e.needs_substitute for e in self.facts.employees.values())
        total = Sum(constant=needing)
        for layers in self.layers.values():
            total.add_all(layers.values(), -1)
        return total

    def substitute_away(self) -> Sum:
        """Days of principals' service on which their substitutes are not present."""
        self.complete()
        total = Sum()
        for (a, b), layers in self.layers.items():
            total.add_all(layers.values(), self.facts.days_away(a, b))
        return total

    def substitute_fit(self) -> Sum:
        """Points of fit, of ten, that substitutes lack."""
        self.complete()
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
        self.complete()
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
