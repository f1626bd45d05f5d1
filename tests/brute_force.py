"""Every plan of a tiny organisation, judged by the evaluation alone: what solvers must find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import permutations, product
from typing import Any, NamedTuple

from models.days import as_date
from models.evaluation import evaluate_facts
from models.facts import Facts
from models.proposal import Lead, Placement, Plan, Substitution, Tenure

Vector = tuple[int, ...]
"""A value for every level."""


class Wanted(NamedTuple):
    """Plans of which a part is as it should be, such as their `leads`."""

    part: str
    granted: Callable[[Plan], bool]


def level_values(
    facts: Facts,
    wanted: Wanted | None = None,
    least_allowed: Mapping[str, int] | None = None,
) -> list[tuple[int, int]] | None:
    """(best, value) of every level over all valid plans; None if there is none.

    Args:
        facts: of the organisation.
        wanted: the plans that count; by default all.
        least_allowed: by level, what it may always cost (docs/problem.md, section 7).
    """
    points = {vector for _, vectors in plans(facts, wanted) for vector in vectors}
    return best_of(facts, points, least_allowed or {})


def best_of(
    facts: Facts, points: set[Vector], least_allowed: Mapping[str, int]
) -> list[tuple[int, int]] | None:
    """(best, value) of every level over plans with these values; None if there is none."""
    levels = facts.policy.levels
    if not points:
        return None
    best, allowed = [], []
    for i, level in enumerate(levels):
        found = min(p[i] for p in points)
        best.append(found)
        most = found + level.tolerance_per_person * len(facts.employees)
        allowed.append(max(most, least_allowed.get(level.name, 0)))
        points = {p for p in points if p[i] <= allowed[i]}
    for i in range(len(levels)):
        if allowed[i] > best[i]:
            least = min(p[i] for p in points)
            points = {p for p in points if p[i] <= least}
    return list(zip(best, min(points), strict=True))


_PARTS = {
    "leads": ("lead", "pin_lead"),
    "holders": ("qualified", "tenure", "team", "moves", "load", "tasks", "pin_holder"),
    "substitutes": ("fit", "principals", "pin_substitute"),
}
"""The parts of a plan beside the placements, and the rules that speak of each."""


def plans(
    facts: Facts, wanted: Wanted | None = None
) -> Iterator[tuple[dict[str, str], Counter[Vector]]]:
    """Who is in which team, and how many valid plans with it cost what."""
    for placed in _placed(facts):
        if not _counts(placed.plan, "placements", wanted):
            continue
        totals = Counter({placed.vector: 1})
        for part, judged in placed.parts.items():
            good = Counter(vector for plan, vector in judged if _counts(plan, part, wanted))
            totals = _added(totals, good, placed.vector)
        if totals:
            yield placed.team_of, totals


class _Placed(NamedTuple):
    """Valid placements, what they cost alone, and with each valid choice of each other part."""

    team_of: dict[str, str]
    plan: Plan
    vector: Vector
    parts: dict[str, list[tuple[Plan, Vector]]]


@lru_cache(maxsize=1)
def _placed(facts: Facts) -> list[_Placed]:
    """All valid placements, judged once for all that is asked about one organisation.

    Every goal and rule speaks of the placements and at most one other part, so the parts are
    judged one at a time beside the placements and their differences added up.
    """
    found = []
    for placements in product(*(facts.eligible(e) for e in facts.employees)):
        team_of = dict(zip(facts.employees, placements, strict=True))
        plan = Plan(
            placements=tuple(
                Placement(
                    employee=e,
                    team=t,
                    start=as_date(facts.service(e)[0]),
                    end=as_date(facts.service(e)[1]),
                )
                for e, t in team_of.items()
            )
        )
        vector, broken = _judge(facts, plan)
        if broken - {rule for rules in _PARTS.values() for rule in rules}:
            continue
        choices: dict[str, Iterable[Any]] = {
            "leads": _leads(facts, team_of),
            "holders": holders(facts, team_of),
            "substitutes": _pairs(facts, team_of),
        }
        parts = {
            part: [
                (whole, cost)
                for whole in (plan.model_copy(update={part: rows}) for rows in choices[part])
                for cost, broken in (_judge(facts, whole),)
                if not broken & set(_PARTS[part])
            ]
            for part in choices
        }
        found.append(_Placed(team_of, plan, vector, parts))
    return found


def _counts(plan: Plan, part: str, wanted: Wanted | None) -> bool:
    return wanted is None or wanted.part != part or wanted.granted(plan)


def _added(some: Counter[Vector], more: Counter[Vector], base: Vector) -> Counter[Vector]:
    """All sums of two parts' values, where both have the placements' in them."""
    total: Counter[Vector] = Counter()
    for one, n in some.items():
        for other, m in more.items():
            vector = tuple(a + b - c for a, b, c in zip(one, other, base, strict=True))
            total[vector] += n * m
    return total


def _judge(facts: Facts, plan: Plan) -> tuple[Vector, set[str]]:
    """The levels of a plan, and the kinds of rules it breaks."""
    evaluation = evaluate_facts(facts, plan)
    kinds = {
        facts.rules[v.rule].kind if v.rule in facts.rules else v.rule.split(":")[0]
        for v in evaluation.violations
    }
    return tuple(evaluation.value(level) for level in facts.policy.levels), kinds


def _leads(facts: Facts, team_of: dict[str, str]) -> Iterator[tuple[Lead, ...]]:
    choices = []
    for t, team in facts.teams.items():
        starters = [e for e in facts.starters if team_of[e] == t]
        choices.append([Lead(team=t, employee=e) for e in starters] if team.lead else [])
    for chosen in product(*(c or [None] for c in choices)):
        yield tuple(lead for lead in chosen if lead is not None)


def holders(facts: Facts, team_of: dict[str, str]) -> Iterator[tuple[Tenure, ...]]:
    """Every choice of tenures for all tasks, valid or not, where people are in these teams."""
    per_task = []
    for q in facts.tasks:
        chains: list[tuple[Tenure, ...]] = [()]
        for number in range(1, len(facts.employees) + 1):
            for people in permutations(facts.qualified(q), number):
                if len({team_of[e] for e in people}) == 1:
                    chains += _tenures(facts, q, people, team_of)
        per_task.append(chains)
    for chosen in product(*per_task):
        yield tuple(tenure for chain in chosen for tenure in chain)


def _tenures(
    facts: Facts, q: str, people: tuple[str, ...], team_of: dict[str, str]
) -> list[tuple[Tenure, ...]]:
    chain, after = [], None
    for e in people:
        start, end = facts.tenure(e, q, after)
        if start >= end:
            return []
        chain.append(
            Tenure(task=q, team=team_of[e], employee=e, start=as_date(start), end=as_date(end))
        )
        after = end
    return [tuple(chain)]


def _pairs(facts: Facts, team_of: dict[str, str]) -> Iterator[tuple[Substitution, ...]]:
    choices: list[list[Substitution | None]] = []
    for a in facts.employees:
        choices.append([None])
        for b in facts.employees:
            if facts.may_substitute(a, b) and team_of[a] == team_of[b]:
                choices[-1].append(Substitution(principal=a, substitute=b, fit=facts.fit(a, b)))
    for chosen in product(*choices):
        yield tuple(pair for pair in chosen if pair is not None)
