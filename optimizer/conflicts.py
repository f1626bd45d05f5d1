"""Which rules cannot hold together: feasibility of any set of named rules, and its conflict.

The conflict is found by halving the candidates (QuickXplain), each step solved anew, never from an
assumption core (docs/problem.md, section 5). All conflicts, and what to do about them, is
`optimizer.relaxations`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from models.facts import Facts
from optimizer.cpsat import Limits, SolverError, minimise
from optimizer.program import Program, Sum
from optimizer.rule_program import RuleProgram, named_rules

__all__ = [
    "Oracle",
    "SolverError",
    "UndecidedError",
    "can_hold",
    "minimum",
    "named_rules",
    "smallest_conflict",
    "smallest_within",
]


class UndecidedError(Exception):
    """Feasibility could not be decided within the limits."""


def can_hold(facts: Facts, names: Collection[str], limits: Limits) -> bool:
    """Whether some plan keeps all the named rules, whatever becomes of the others.

    Raises:
        UndecidedError: if the limits were too tight to tell.
    """
    return Oracle(RuleProgram(facts, kept=names), limits).can_hold(names)


def smallest_conflict(facts: Facts, limits: Limits) -> tuple[str, ...]:
    """A minimal set of named rules that cannot hold together, in input order.

    Without any one of them the rest of the set can hold. For input known to be infeasible;
    empty if no named rule is to blame, which is so if there is no team for anybody.

    Raises:
        UndecidedError: if the limits were too tight to tell.
    """
    rules = RuleProgram(facts)
    return smallest_within(rules.names, Oracle(rules, limits).can_hold)


class Oracle:
    """Answers which named rules can hold together, each question solved once.

    Attributes:
        rules: what is asked of.
    """

    def __init__(self, rules: RuleProgram, limits: Limits) -> None:
        self.rules = rules
        self._limits = limits
        self._known: dict[frozenset[str], bool] = {}

    def can_hold(self, names: Collection[str]) -> bool:
        """Whether some plan keeps all the named rules, whatever becomes of the others.

        Raises:
            UndecidedError: if the limits were too tight to tell.
        """
        key = frozenset(names)
        if key not in self._known:
            self._known[key] = self._solve(key)
        return self._known[key]

    def _solve(self, names: frozenset[str]) -> bool:
        return minimum(self.rules.with_only(names), Sum(), self._limits) is not None


def minimum(program: Program, objective: Sum, limits: Limits) -> Sequence[int] | None:
    """The values of a proven minimum, or None if the program is infeasible.

    That it is infeasible is asked a second time without presolve before it is believed.

    Raises:
        UndecidedError: if the limits were too tight to tell.
    """
    answer = minimise(program, objective, limits)
    if answer.status == "infeasible":
        again = minimise(program, Sum(), limits, cp_model_presolve=False)
        if again.values is not None:
            raise SolverError("the solver called a feasible program infeasible")
        return None
    if answer.status != "optimal":
        raise UndecidedError
    return answer.values


def smallest_within(
    names: Sequence[str], can_hold: Callable[[Collection[str]], bool]
) -> tuple[str, ...]:
    """A minimal part of these rules that cannot hold together, given that all cannot.

    The search halves the candidates (Junker, QuickXplain, 2004); every step re-solves.
    """
    if not can_hold(()):
        return ()

    def explain(background: list[str], added: bool, candidates: Sequence[str]) -> list[str]:
        if added and not can_hold(background):
            return []
        if len(candidates) == 1:
            return list(candidates)
        half = len(candidates) // 2
        left, right = candidates[:half], candidates[half:]
        from_right = explain([*background, *left], bool(left), right)
        from_left = explain([*background, *from_right], bool(from_right), left)
        return [*from_left, *from_right]

    found = set(explain([], False, names))
    return tuple(name for name in names if name in found)
