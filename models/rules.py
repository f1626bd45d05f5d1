"""What makes a plan valid: the hard rules of docs/problem.md, section 3, in its order.

Each rule is a function from a plan to its violations; `RULES` lists them all. Adding one:
its meaning here, its encoder in `optimizer/`, three tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from models import days
from models.days import as_date, day
from models.organisation import (
    Apart,
    Forbid,
    Pin,
    PinHolder,
    PinLead,
    PinSubstitute,
    Together,
)
from models.plan_index import PlanIndex, Violation


def resolves(index: PlanIndex) -> Iterator[Violation]:
    """Every row names somebody and something planned for, and nothing stands twice."""
    yield from index.unresolved


def placement(index: PlanIndex) -> Iterator[Violation]:
    """Everybody in service is in exactly one of their eligible teams, for all their service."""
    facts = index.facts
    for e in facts.employees:
        team = index.team_of.get(e)
        if team is None:
            yield Violation(f"placement:{e}", f"{e} is in no team.")
        elif team not in facts.eligible(e):
            yield Violation(f"eligible:{e}", f"{e} is not eligible for {team}.")
    for p in index.plan.placements:
        if p.employee in facts.employees:
            start, end = facts.service(p.employee)
            if (day(p.start), day(p.end)) != (start, end):
                yield Violation(
                    f"placement:{p.employee}",
                    f"{p.employee} is placed from {p.start} to {p.end}, "
                    f"the service is {as_date(start)} to {as_date(end)}.",
                )


def named_rules(index: PlanIndex) -> Iterator[Violation]:
    """Every rule of the input that applies holds."""
    team_of = index.team_of
    for rule in index.facts.rules.values():
        match rule:
            case Pin():
                holds = team_of.get(rule.employee) == rule.team
            case Forbid():
                holds = team_of.get(rule.employee) != rule.team
            case Together():
                holds = len({team_of.get(e) for e in rule.employees}) == 1
            case Apart():
                holds = all(
                    team_of.get(a) != team_of.get(b) for a, b in combinations(rule.employees, 2)
                )
            case PinHolder():
                chain = index.chains[rule.task]
                holds = bool(chain) and chain[0].employee == rule.employee
            case PinSubstitute():
                holds = index.substitute_of.get(rule.principal) == rule.substitute
            case PinLead():
                holds = index.leaders[rule.team] == [rule.employee]
        if not holds:
            yield Violation(rule.id, f"Rule {rule.id} ({rule.kind}) does not hold.")


def size(index: PlanIndex) -> Iterator[Violation]:
    """The number of starters in a team is within its size."""
    for t, team in index.facts.teams.items():
        starters = sum(map(index.facts.is_starter, index.members[t]))
        if not team.size.min <= starters <= team.size.max:
            yield Violation(
                f"size:{t}",
                f"{t} has {starters} starters, not {team.size.min} to {team.size.max}.",
            )


def lead(index: PlanIndex) -> Iterator[Violation]:
    """A team with `lead` that has a starter has one leader, a starter in it; others none."""
    for t, team in index.facts.teams.items():
        leaders = index.leaders[t]
        starters = [e for e in index.members[t] if index.facts.is_starter(e)]
        wanted = 1 if team.lead and starters else 0
        if len(leaders) != wanted:
            yield Violation(f"lead:{t}", f"{t} has {len(leaders)} leaders, not {wanted}.")
        for e in leaders:
            if e not in starters:
                yield Violation(f"lead:{t}", f"{e} leads {t} and is no starter in it.")


def holders(index: PlanIndex) -> Iterator[Violation]:
    """Chains: different people, qualified, in the task's team, each as early as can be."""
    facts = index.facts
    for q, chain in index.chains.items():
        if len({h.employee for h in chain}) < len(chain):
            yield Violation(f"tenure:{q}", f"Somebody holds {q} twice.")
        after: int | None = None
        for h in chain:
            if not facts.is_qualified(h.employee, q):
                yield Violation(f"qualified:{q}", f"{h.employee} is not qualified for {q}.")
            start, end = facts.tenure(h.employee, q, after)
            if start >= end:
                yield Violation(f"tenure:{q}", f"{h.employee} has no day to hold {q}.")
            elif (day(h.start), day(h.end)) != (start, end):
                yield Violation(
                    f"tenure:{q}",
                    f"{h.employee} holds {q} from {h.start} to {h.end}, "
                    f"not {as_date(start)} to {as_date(end)}.",
                )
            after = day(h.end)
            team = index.team_of_task[q]
            if h.team != team or index.team_of.get(h.employee) != team:
                yield Violation(f"team:{q}", f"{h.employee} holds {q} outside its team {team}.")


def moves(index: PlanIndex) -> Iterator[Violation]:
    """A task that moves with its holder has them first."""
    for q, holder in index.facts.moves_with_holder.items():
        chain = index.chains[q]
        if not chain or chain[0].employee != holder:
            yield Violation(f"moves:{q}", f"{q} moves with {holder}, who is not its first holder.")


def load(index: PlanIndex) -> Iterator[Violation]:
    """On every day, nobody holds more load or more tasks than their limits."""
    facts = index.facts
    held: dict[str, list[tuple[int, int, int]]] = {}
    for q, chain in index.chains.items():
        for h in chain:
            row = day(h.start), day(h.end), facts.tasks[q].load
            held.setdefault(h.employee, []).append(row)
    for e, rows in held.items():
        span = min(r[0] for r in rows), max(r[1] for r in rows)
        for start, _ in days.segments(span, (r[0] for r in rows)):
            running = [r[2] for r in rows if r[0] <= start < r[1]]
            if sum(running) > facts.load_limit(e):
                yield Violation(
                    f"load:{e}",
                    f"{e} holds {sum(running)} % on {as_date(start)}, "
                    f"at most {facts.load_limit(e)} %.",
                )
            if len(running) > facts.task_limit(e):
                yield Violation(
                    f"tasks:{e}",
                    f"{e} holds {len(running)} tasks on {as_date(start)}, "
                    f"at most {facts.task_limit(e)}.",
                )


def substitutes(index: PlanIndex) -> Iterator[Violation]:
    """A substitute is in the same team, today's or fitting, and for few enough."""
    facts = index.facts
    principals: dict[str, int] = {}
    for a, b in index.substitute_of.items():
        principals[b] = principals.get(b, 0) + 1
        if not facts.may_substitute(a, b):
            yield Violation(f"fit:{a}", f"{b} may not substitute {a}.")
        if index.team_of.get(a) != index.team_of.get(b):
            yield Violation(f"fit:{a}", f"{b} substitutes {a} from another team.")
    for b, number in principals.items():
        if number > facts.policy.max_principals:
            yield Violation(
                f"principals:{b}",
                f"{b} substitutes {number} people, at most {facts.policy.max_principals}.",
            )
    for s in index.plan.substitutes:
        known = s.principal in facts.employees and s.substitute in facts.employees
        if known and s.fit != facts.fit(s.principal, s.substitute):
            yield Violation(
                f"fit:{s.principal}",
                f"{s.substitute} fits {s.principal} "
                f"{facts.fit(s.principal, s.substitute)}, not {s.fit}.",
            )


RULES: tuple[Callable[[PlanIndex], Iterator[Violation]], ...] = (
    resolves,
    placement,
    named_rules,
    size,
    lead,
    holders,
    moves,
    load,
    substitutes,
)
