"""Small organisations and plans, written out by hand; every builder takes overrides.

The horizon is the thirty days from 1 January 2020. Days are counted from its first, day 0.
By default there are teams A and B without a lead, the skill s, and nobody needs a substitute:
a test asks for what it is about, and nothing else costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from models.days import as_date
from models.evaluation import Evaluation, evaluate_facts
from models.facts import Facts
from models.policy import Policy
from models.proposal import Lead, Placement, Plan, Substitution, Tenure
from models.reading import organisation_from, policy_from

START = date(2020, 1, 1)
DAYS = 30


def date_of(day: int) -> date:
    return START + timedelta(day)


def on(day: int) -> str:
    """A day of the horizon, as an input has it."""
    return date_of(day).isoformat()


def span(start: int, end: int) -> dict[str, str]:
    return {"start": on(start), "end": on(end)}


def leaving(day: int, **fields: Any) -> dict[str, str]:
    return {"date": on(day), "reason": "retirement", "source": "stated", **fields}


def team(name: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "size": {"min": 0, "max": 9}, "lead": False, **fields}


def person(name: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "skills": {}, "needs_substitute": False, **fields}


def able(name: str, **fields: Any) -> dict[str, Any]:
    """Somebody qualified for an ordinary task."""
    return person(name, **{"skills": {"s": 2}, **fields})


def task(name: str = "Q", **fields: Any) -> dict[str, Any]:
    return {"id": name, "kind": "ordinary", "skill": "s", "backups": 0, **fields}


def organisation(**fields: Any) -> dict[str, Any]:
    """An organisation in its JSON form."""
    return {
        "name": "Small",
        "horizon": span(0, DAYS),
        "skills": [{"id": "s"}, {"id": "t"}],
        "teams": [team("A"), team("B")],
        "employees": [person("a"), person("b")],
        **fields,
    }


def policy(**fields: Any) -> Policy:
    return policy_from(fields)


def facts(policy: Policy | None = None, **fields: Any) -> Facts:
    policy = policy or Policy()
    return Facts(organisation_from(organisation(**fields), policy), policy)


def plan(
    facts: Facts,
    teams: Mapping[str, str] | None = None,
    leads: Iterable[tuple[str, str]] = (),
    holders: Iterable[tuple[str, str, int, int]] = (),
    substitutes: Iterable[tuple[str, str, int]] = (),
    placements: Iterable[Placement] | None = None,
) -> Plan:
    """A plan in a few words.

    Args:
        facts: says how long everybody's service is.
        teams: {employee: team}; by default everybody in service is in A.
        leads: (team, employee).
        holders: (task, employee, first day, end), in the team the employee is in.
        substitutes: (principal, substitute, fit).
        placements: instead of those that follow from the teams.
    """
    teams = dict.fromkeys(facts.employees, "A") if teams is None else teams
    if placements is None:
        placements = (placement(facts, e, t) for e, t in teams.items())
    return Plan(
        placements=tuple(placements),
        leads=tuple(Lead(team=t, employee=e) for t, e in leads),
        holders=tuple(tenure(q, e, start, end, teams.get(e, "A")) for q, e, start, end in holders),
        substitutes=tuple(
            Substitution(principal=a, substitute=b, fit=fit) for a, b, fit in substitutes
        ),
    )


def placement(facts: Facts, employee: str, team: str) -> Placement:
    start, end = facts.service(employee)
    return Placement(employee=employee, team=team, start=as_date(start), end=as_date(end))


def tenure(task: str, employee: str, start: int, end: int, team: str = "A") -> Tenure:
    return Tenure(task=task, team=team, employee=employee, start=date_of(start), end=date_of(end))


def broken(facts: Facts, plan: Plan) -> list[str]:
    """The names of the rules a plan breaks, in order, each once."""
    return list(dict.fromkeys(v.rule for v in evaluate_facts(facts, plan).violations))


def valid(facts: Facts, plan: Plan) -> Evaluation:
    """The evaluation of a plan that must be valid."""
    evaluation = evaluate_facts(facts, plan)
    assert evaluation.violations == ()
    assert evaluation.is_valid
    return evaluation
