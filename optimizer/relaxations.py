"""All minimal conflicts of an infeasible input, and all minimal ways out of them.

A conflict is a minimal set of named rules that cannot hold together; a relaxation is a minimal
set of named rules without which all others can. Every one is checked by solving anew before
it is told (docs/problem.md, section 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from models.facts import Facts
from models.proposal import Relaxation
from optimizer.conflicts import Oracle, SolverError, UndecidedError, minimum, smallest_within
from optimizer.cpsat import Limits
from optimizer.program import Program, Sum
from optimizer.rule_program import RuleProgram

MOST = 10
"""Most conflicts, and most relaxations, that are told of one input."""

MOST_SECONDS = 10.0
"""Most that the search for them may take once the first conflict is known."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an input is infeasible, and what to do about it.

    Attributes:
        conflicts: minimal sets of rules that cannot hold together; the one known first leads,
            then the smaller ones come first.
        relaxations: the cheapest first: no other minimal one costs less than those listed.
        complete: whether there are no others, neither conflicts nor relaxations.
    """

    conflicts: tuple[tuple[str, ...], ...]
    relaxations: tuple[Relaxation, ...]
    complete: bool


def explain(
    facts: Facts, conflict: tuple[str, ...], limits: Limits, most: int = MOST
) -> Explanation:
    """Find all conflicts and relaxations, or as many as the limits allow.

    Args:
        facts: of an infeasible input.
        conflict: a minimal conflict of it, already known.
        limits: at most `MOST_SECONDS` of them are used, unless more than `MOST` are asked
            for, and one thread: the answer is the
            same whatever the machine, unless time runs out.
        most: how many of each are listed.

    Raises:
        SolverError: what was found does not bear solving anew: a mistake of ours.
    """
    seconds = MOST_SECONDS if most <= MOST else limits.left
    limits = replace(limits.within(seconds), workers=1)
    search = _Search(RuleProgram(facts), limits)
    # Relaxations are what people need most, but without conflicts nobody sees why.
    relaxations, no_more_relaxations = _first(
        search.relaxations(limits.within(limits.left / 2)), most
    )
    conflicts, no_more_conflicts = _first(search.conflicts(conflict, relaxations), most - 1)
    return Explanation(
        conflicts=(conflict, *sorted(conflicts, key=search.order)),
        relaxations=search.priced(relaxations),
        complete=no_more_relaxations and no_more_conflicts,
    )


def _first(found: Iterator[tuple[str, ...]], most: int) -> tuple[list[tuple[str, ...]], bool]:
    """The first of them, and whether there are no more."""
    listed: list[tuple[str, ...]] = []
    try:
        for names in found:
            if len(listed) == most:
                return listed, False
            listed.append(names)
    except UndecidedError:
        return listed, False
    return listed, True


class _Search:
    """The searches over one program; each question of `can_hold` is solved once."""

    def __init__(self, rules: RuleProgram, limits: Limits) -> None:
        self.rules = rules
        self.limits = limits
        self.can_hold = Oracle(rules, limits).can_hold
        self._place = {name: i for i, name in enumerate(rules.names)}
        self._weight = {name: rules.weight(name) for name in rules.names}

    def order(self, names: tuple[str, ...]) -> tuple[int, list[int]]:
        """Smaller sets first, then by input order."""
        return len(names), [self._place[name] for name in names]

    def priced(self, found: Iterable[tuple[str, ...]]) -> tuple[Relaxation, ...]:
        """Relaxations with their weights, the cheapest first."""
        priced = [(sum(self._weight[name] for name in names), names) for names in found]
        priced.sort(key=lambda row: (row[0], self.order(row[1])))
        return tuple(Relaxation(rules=names, weight=weight) for weight, names in priced)

    def relaxations(self, limits: Limits) -> Iterator[tuple[str, ...]]:
        """Minimal relaxations, the cheapest first; each is a proven minimum of the rest.

        Among equal weights the one with the fewest rules comes first, so that a rule of
        weight 0 is not given up for nothing either.
        """
        given_up, program = self.rules.given_up, self.rules.program
        one_more = len(given_up) + 1
        price = Sum((v, self._weight[name] * one_more + 1) for name, v in given_up.items())
        while (values := minimum(program, price, limits)) is not None:
            names = tuple(name for name, v in given_up.items() if values[v])
            self._check_relaxation(names)
            yield names
            program = _without_all(program, (given_up[name] for name in names))

    def conflicts(
        self, known: tuple[str, ...], relaxations: Iterable[tuple[str, ...]]
    ) -> Iterator[tuple[str, ...]]:
        """Minimal conflicts other than the one known.

        A smallest set of rules that breaks every conflict known and contains no relaxation
        known is given up. If the others can hold, it is a relaxation; if not, a conflict is
        among them that is not known yet (MARCO: Liffiton et al., Constraints, 2016). If there
        is no such set, every conflict is known.
        """
        space = Program()
        given_up = {name: space.boolean() for name in self.rules.names}
        fewest = Sum().add_all(given_up.values())
        space = space.with_row(Sum((given_up[name], 1) for name in known), 1)
        for names in relaxations:
            space = _without_all(space, (given_up[name] for name in names))
        while (values := minimum(space, fewest, self.limits)) is not None:
            broken = [v for v in given_up.values() if values[v]]
            rest = tuple(name for name, v in given_up.items() if not values[v])
            if self.can_hold(rest):
                space = _without_all(space, broken)
                continue
            conflict = smallest_within(rest, self.can_hold)
            self._check_conflict(conflict)
            yield conflict
            space = space.with_row(Sum((given_up[name], 1) for name in conflict), 1)

    def _check_relaxation(self, names: tuple[str, ...]) -> None:
        rest = set(self.rules.names).difference(names)
        if not self.can_hold(rest) or any(self.can_hold(rest | {name}) for name in names):
            raise SolverError(f"giving up {', '.join(names)} is no minimal relaxation")

    def _check_conflict(self, names: tuple[str, ...]) -> None:
        whole = set(names)
        if self.can_hold(whole) or not all(self.can_hold(whole - {name}) for name in names):
            raise SolverError(f"{', '.join(names)} are no minimal conflict")


def _without_all(program: Program, variables: Iterable[int]) -> Program:
    """The program in which these Booleans are not all 1."""
    total = Sum((v, -1) for v in variables)
    return program.with_row(total, 1 - len(total.terms))
