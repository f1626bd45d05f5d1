"""Which rules cannot hold together: feasibility of any set of named rules, and its conflict.

A valid plan can always leave chains empty and people without substitutes, so what makes an
input infeasible is decided by placements, leaders and forced first holders alone: a small
program in which every named rule is present or not. The conflict is found by deletion with
re-solving, never from an assumption core (docs/problem.md, section 5).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from models.facts import Facts
from models.organisation import Apart, Forbid, Pin, PinLead, PinSubstitute, Together
from optimizer.cpsat import Limits, minimise
from optimizer.program import Program, Sum


class UndecidedError(Exception):
    """Feasibility could not be decided within the limits."""


class SolverError(RuntimeError):
    """The solver contradicted itself or the evaluation: our mistake, never the user's."""


def named_rules(facts: Facts) -> tuple[str, ...]:
    """Every rule that can be part of a conflict, by name, in input order."""
    tasks = [q for q in facts.tasks if q in facts.pins_of_holder or q in facts.settled_holder]
    firsts = [r.employee for pins in facts.pins_of_holder.values() for r in pins]
    holders = dict.fromkeys([*firsts, *facts.settled_holder.values()])
    pairs = [r for r in facts.rules.values() if isinstance(r, PinSubstitute)]
    return (
        *facts.rules,
        *(f"{name}:{t}" for name in ("size", "lead") for t in facts.teams),
        *(f"eligible:{e}" for e in facts.employees),
        *(f"{name}:{e}" for name in ("load", "tasks") for e in holders),
        *(f"{name}:{q}" for name in ("team", "qualified", "tenure", "moves") for q in tasks),
        *dict.fromkeys(f"fit:{r.principal}" for r in pairs),
        *dict.fromkeys(f"principals:{r.substitute}" for r in pairs),
    )


def can_hold(facts: Facts, names: Collection[str], limits: Limits) -> bool:
    """Whether some plan keeps all the named rules, whatever becomes of the others.

    Raises:
        UndecidedError: if the limits were too tight to tell.
    """
    active = frozenset(names)
    firsts = _first_holders(facts, active)
    if firsts is None or not _pairs_can_hold(facts, active) or not _fits(facts, active, firsts):
        return False
    program = _placements(facts, active, firsts)
    if program is None:
        return False
    answer = minimise(program, Sum(), limits)
    if answer.status == "unknown":
        raise UndecidedError
    if answer.status == "infeasible":
        again = minimise(program, Sum(), limits, cp_model_presolve=False)
        if again.values is not None:
            raise SolverError("the solver called a feasible program infeasible")
        return False
    return True


def smallest_conflict(facts: Facts, limits: Limits) -> tuple[str, ...]:
    """A minimal set of named rules that cannot hold together, in input order.

    Without any one of them the rest of the set can hold. For input known to be infeasible.
    The search halves the candidates (Junker, QuickXplain, 2004); every step re-solves.
    """
    names = named_rules(facts)

    def explain(background: list[str], added: bool, candidates: Sequence[str]) -> list[str]:
        if added and not can_hold(facts, background, limits):
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


Firsts = dict[str, str]
"""{task: its forced first holder}."""


def _first_holders(facts: Facts, active: frozenset[str]) -> Firsts | None:
    """Who must hold each task first under the active rules; None if two must."""
    firsts = {}
    for q in facts.tasks:
        pinned = {r.employee for r in facts.pins_of_holder.get(q, ()) if r.id in active}
        if len(pinned) > 1:
            return None
        if pinned:
            firsts[q] = pinned.pop()
        elif q in facts.settled_holder and f"moves:{q}" in active:
            firsts[q] = facts.settled_holder[q]
    return firsts


def _pairs_can_hold(facts: Facts, active: frozenset[str]) -> bool:
    substitute_of: dict[str, str] = {}
    for rule in facts.rules.values():
        if isinstance(rule, PinSubstitute) and rule.id in active:
            a, b = rule.principal, rule.substitute
            if substitute_of.setdefault(a, b) != b:
                return False
            if f"fit:{a}" in active and not facts.may_substitute(a, b):
                return False
    principals = list(substitute_of.values())
    return not any(
        f"principals:{b}" in active and principals.count(b) > facts.policy.max_principals
        for b in principals
    )


def _fits(facts: Facts, active: frozenset[str], firsts: Firsts) -> bool:
    """Whether forced first holders are qualified, have a day, and are not overloaded."""
    held: dict[str, list[tuple[int, int, int]]] = {}
    for q, e in firsts.items():
        start, end = facts.tenure(e, q)
        if f"qualified:{q}" in active and not facts.is_qualified(e, q):
            return False
        if f"tenure:{q}" in active and start >= end:
            return False
        held.setdefault(e, []).append((start, end, facts.tasks[q].load))
    for e, rows in held.items():
        for day in {start for start, _, _ in rows}:
            running = [load for start, end, load in rows if start <= day < end]
            if f"load:{e}" in active and sum(running) > facts.load_limit(e):
                return False
            if f"tasks:{e}" in active and len(running) > facts.task_limit(e):
                return False
    return True


def _placements(facts: Facts, active: frozenset[str], firsts: Firsts) -> Program | None:
    """The program of placements that is left; None if a rule asks for the impossible."""
    program = Program()
    place: dict[str, dict[str, int]] = {}
    for e in facts.employees:
        teams = facts.eligible(e) if f"eligible:{e}" in active else tuple(facts.teams)
        place[e] = {t: program.boolean() for t in teams}
        program.equal(Sum().add_all(place[e].values()), 1)
    demanded = [(e, facts.tasks[q].team) for q, e in firsts.items() if f"team:{q}" in active]
    for name, rule in facts.rules.items():
        if name not in active:
            continue
        match rule:
            case Pin():
                demanded.append((rule.employee, rule.team))
            case PinLead() if f"lead:{rule.team}" in active:
                if not facts.is_starter(rule.employee):
                    return None
                demanded.append((rule.employee, rule.team))
            case Forbid() if rule.team in place[rule.employee]:
                program.equal(Sum([(place[rule.employee][rule.team], 1)]), 0)
            case Together():
                _together(program, facts, place, rule.employees)
            case PinSubstitute():
                _together(program, facts, place, (rule.principal, rule.substitute))
            case Apart():
                for t in facts.teams:
                    members = Sum((place[e][t], 1) for e in rule.employees if t in place[e])
                    program.at_most(members, 1)
    for e, team in demanded:
        if team is not None:
            if team not in place[e]:
                return None
            program.equal(Sum([(place[e][team], 1)]), 1)
    _sizes(program, facts, active, place)
    return None if _two_leaders(facts, active) else program


def _sizes(
    program: Program,
    facts: Facts,
    active: frozenset[str],
    place: dict[str, dict[str, int]],
) -> None:
    for t, team in facts.teams.items():
        if f"size:{t}" in active:
            starters = Sum((place[e][t], 1) for e in facts.starters if t in place[e])
            program.within(starters, team.size.min, team.size.max)


def _two_leaders(facts: Facts, active: frozenset[str]) -> bool:
    """Whether active rules pin two leaders on one team."""
    leader: dict[str, str] = {}
    return any(
        leader.setdefault(rule.team, rule.employee) != rule.employee
        for name, rule in facts.rules.items()
        if isinstance(rule, PinLead) and name in active and f"lead:{rule.team}" in active
    )


def _together(
    program: Program,
    facts: Facts,
    place: dict[str, dict[str, int]],
    employees: Sequence[str],
) -> None:
    for a, b in pairwise(employees):
        for t in facts.teams:
            difference = Sum([(place[a][t], 1)] if t in place[a] else [])
            program.equal(difference.plus(Sum([(place[b][t], 1)] if t in place[b] else []), -1), 0)
