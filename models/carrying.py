"""A base carried forward to a day, and changed by events (docs/problem.md, section 7).

What happened before the day is history: it is in who holds what, who is where, and who has
learnt what already. What the events make of an organisation is in `models.events`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from models.days import as_date, day
from models.evaluation import evaluate_facts
from models.events import issues_of, with_events
from models.facts import Facts
from models.issues import InputError, Issue
from models.organisation import Employee, Organisation, Task, Team
from models.plan_index import PlanIndex
from models.policy import GOAL_NAMES, KEEP_GOALS, Level, Policy
from models.proposal import Plan, Warn
from models.scenario import Leaves, Scenario

COVERAGE_GOALS = GOAL_NAMES[:5]
"""The goals after which a what-if keeps what it can."""

KEEP = "keep"
"""The name of the level of the smallest change."""


@dataclass(frozen=True)
class Carried:
    """A scenario's organisation, and what it is compared with.

    Attributes:
        base: the base carried forward, without the events.
        before: the base's plan, cut to the same days.
        held: by task of Before, everybody who holds it there.
        costs: what Before costs on `base`, by goal.
        organisation: with the events.
        base_policy: the base's.
        policy: with the level `keep`.
        least_allowed: by level, the value Before has there on `base`: keeping to it is always
            allowed (levels with a coverage goal alone).
    """

    base: Organisation
    before: Plan
    held: dict[str, frozenset[str]]
    costs: dict[str, int]
    organisation: Organisation
    base_policy: Policy
    policy: Policy
    least_allowed: dict[str, int]


def carry(organisation: Organisation, policy: Policy, plan: Plan, scenario: Scenario) -> Carried:
    """Carry a base forward to the scenario's day and apply its events.

    Args:
        organisation: the base's, free of input errors.
        policy: the base's.
        plan: the base's valid plan.
        scenario: its events.

    Raises:
        InputError: with every issue of the scenario.
    """
    start, end = organisation.horizon.start, organisation.horizon.end
    if not start <= scenario.effective < end:
        issue = Issue(
            "out_of_horizon",
            "effective",
            f"{scenario.effective} is not a day of the base's horizon.",
            f"Write a day from {start} on and before {end}.",
        )
        raise InputError([issue, *issues_of(organisation, policy, scenario)])
    base = _carried_forward(organisation, policy, plan, scenario.effective)
    before = cut(plan, Facts(base, policy))
    evaluation = evaluate_facts(Facts(base, policy), before)
    changed = _with_sizes(with_events(base, policy, scenario), policy, plan)
    # The base has room for its own people whatever joined or left since.
    base = _with_sizes(base, policy, plan)
    coverage = [x for x in policy.levels if any(x.goals.get(g, 0) > 0 for g in COVERAGE_GOALS)]
    return Carried(
        base=base,
        before=before,
        held=held_in(before, Facts(base, policy)),
        costs=evaluation.costs,
        organisation=changed,
        base_policy=policy,
        policy=keeping(policy),
        least_allowed={
            level.name: sum(w * evaluation.costs[g] for g, w in _without_keep(level).items())
            for level in coverage
        },
    )


def history_warnings(scenario: Scenario) -> tuple[Warn, ...]:
    """Events of days before the plan may change: what was planned until then stays as it was."""
    first = scenario.effective
    return tuple(
        Warn(
            code="event_in_history",
            place=f"events[{i}]",
            message=f"{event.employee} leaves on {event.date}, before the plan may change: what "
            f"was planned until {first} stays as it was.",
        )
        for i, event in enumerate(scenario.events)
        if isinstance(event, Leaves) and event.date < first
    )


def keeping(policy: Policy, last: bool = False) -> Policy:
    """The policy of a what-if: what is to be kept in a level of its own.

    It comes right after the last level that has a coverage goal, or first if none has; with
    `last`, after all others.

    Raises:
        InputError: if a level of the policy is called `keep` already.
    """
    if any(level.name == KEEP for level in policy.levels):
        cure = "Give it another name: a what-if adds a level of this one."
        raise InputError(
            [Issue("duplicate_level", f"levels[{KEEP}]", f"A level is called {KEEP!r}.", cure)]
        )
    levels = [level.model_copy(update={"goals": _without_keep(level)}) for level in policy.levels]
    at = max(
        (
            i
            for i, level in enumerate(levels, start=1)
            if any(level.goals.get(g, 0) > 0 for g in COVERAGE_GOALS)
        ),
        default=0,
    )
    at = len(levels) if last else at
    keep = Level(name=KEEP, goals={g: policy.keep[g] for g in KEEP_GOALS if g in policy.keep})
    return policy.model_copy(update={"levels": (*levels[:at], keep, *levels[at:])})


def _without_keep(level: Level) -> dict[str, int]:
    return {g: w for g, w in level.goals.items() if g not in KEEP_GOALS}


def _carried_forward(
    organisation: Organisation, policy: Policy, plan: Plan, effective: date
) -> Organisation:
    facts = Facts(organisation, policy)
    index = PlanIndex(facts, plan)

    def person(e: Employee) -> Employee:
        update = {"team": index.team_of.get(e.id), "substitute": index.substitute_of.get(e.id)}
        return e.model_copy(update=update)

    def team(t: Team) -> Team:
        return t.model_copy(update={"leader": next(iter(index.leaders[t.id]), None)})

    there = {e for e in facts.employees if as_date(facts.service(e)[0]) < effective}

    def task(q: Task) -> Task:
        if q.id not in facts.tasks:
            return q
        chain = index.chains[q.id]
        # Its holder may come back only later: somebody else holds it meanwhile.
        learnt = [e for e in facts.employees if e in there or e == q.holder]
        update: dict[str, Any] = {
            "holder": next((h.employee for h in chain if h.start <= effective < h.end), None),
            "prepared": q.prepared | {e: as_date(facts.ready(e, q.id)) for e in learnt},
        }
        if chain and effective < chain[0].start:
            update |= {"holder": q.holder, "team": chain[0].team}
        return q.model_copy(update=update)

    return organisation.model_copy(
        update={
            "horizon": organisation.horizon.model_copy(update={"start": effective}),
            "employees": tuple(map(person, organisation.employees)),
            "teams": tuple(map(team, organisation.teams)),
            "tasks": tuple(map(task, organisation.tasks)),
        }
    )


def cut(plan: Plan, facts: Facts) -> Plan:
    """Before: a base's plan cut to the days of the carried-forward organisation."""
    start = facts.horizon[0]

    def here(*employees: str) -> bool:
        return all(e in facts.employees for e in employees)

    return Plan(
        placements=tuple(
            p.model_copy(update={"start": as_date(facts.service(p.employee)[0])})
            for p in plan.placements
            if here(p.employee)
        ),
        leads=tuple(lead for lead in plan.leads if here(lead.employee)),
        holders=tuple(
            h.model_copy(update={"start": max(h.start, as_date(start))})
            for h in plan.holders
            if here(h.employee) and h.task in facts.tasks and day(h.end) > start
        ),
        substitutes=tuple(
            s.model_copy(update={"fit": facts.fit(s.principal, s.substitute)})
            for s in plan.substitutes
            if here(s.principal, s.substitute)
        ),
    )


def held_in(before: Plan, facts: Facts) -> dict[str, frozenset[str]]:
    """{task: everybody who holds it in Before}, for every task that Before knows."""
    holders: dict[str, set[str]] = {q: set() for q in facts.tasks}
    for tenure in before.holders:
        holders[tenure.task].add(tenure.employee)
    return {q: frozenset(people) for q, people in holders.items()}


def _with_sizes(organisation: Organisation, policy: Policy, plan: Plan) -> Organisation:
    """Teams whose sizes hold for those of the base who are there, and for who joins."""
    facts = Facts(organisation, policy)
    placed = {p.employee: p.team for p in plan.placements}
    new = sum(e not in placed for e in facts.starters)

    def team(t: Team) -> Team:
        members = sum(placed.get(e) == t.id for e in facts.starters)
        size = t.size.model_copy(
            update={"min": min(t.size.min, members), "max": max(t.size.max, members + new)}
        )
        return t.model_copy(update={"size": size})

    return organisation.model_copy(update={"teams": tuple(map(team, organisation.teams))})
