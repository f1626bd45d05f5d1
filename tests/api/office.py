"""A municipality's office of six people, and a valid plan for it, made by hand."""

from datetime import UTC, date, datetime
from typing import Any

from models import Facts, Organisation, Plan, Policy, Proposal, evaluate
from models.days import as_date
from models.proposal import (
    GoalCost,
    Lead,
    LevelResult,
    Placement,
    Run,
    Substitution,
    Tenure,
    Warn,
)
from models.reading import organisation_from
from models.warnings import warnings_of

START, END = date(2018, 9, 1), date(2022, 1, 1)

DATA: dict[str, Any] = {
    "name": "Pikkukunnan toimisto",
    "horizon": {"start": "2018-09-01", "end": "2022-01-01"},
    "skills": [{"id": "payroll"}, {"id": "books"}, {"id": "permits"}, {"id": "archive"}],
    "teams": [
        {
            "id": "talous",
            "name": "Economy team",
            "size": {"min": 2, "max": 4},
            "demand": [{"from": "2019-01-01", "people": 3}],
            "needs": [{"skill": "payroll", "level": 2, "people": 1}],
        },
        {
            "id": "hallinto",
            "name": "Administration team",
            "size": {"min": 2, "max": 4},
            "leader": "E4",
        },
    ],
    "employees": [
        {
            "id": "E1",
            "title": "payroll secretary",
            "sector": "general",
            "leaves": {"date": "2020-06-01", "reason": "retirement", "source": "stated"},
            "skills": {"payroll": 3, "books": 2},
            "interest": {"talous": 2, "hallinto": 0},
            "substitute": "E2",
        },
        {
            "id": "E2",
            "title": "bookkeeper",
            "sector": "general",
            "skills": {"payroll": 2, "books": 3},
            "interest": {"talous": 2, "hallinto": 1},
            "lead_interest": {"talous": 3},
            "wants": ["E1"],
        },
        {
            "id": "E3",
            "title": "economy secretary",
            "sector": "education",
            "skills": {"payroll": 1, "books": 2, "archive": 1},
            "interest": {"hallinto": 2, "talous": 0},
            "team": "hallinto",
            "wants": ["E4"],
        },
        {
            "id": "E4",
            "title": "administrative secretary",
            "sector": "general",
            "office_holder": True,
            "skills": {"permits": 3, "archive": 2},
            "interest": {"hallinto": 2},
            "lead_interest": {"hallinto": 3},
            "absences": [{"start": "2019-07-01", "end": "2019-08-01"}],
        },
        {
            "id": "E5",
            "title": "permit secretary",
            "sector": "technical",
            "office_holder": True,
            "leaves": {"date": "2019-04-01", "reason": "fixed_term_end", "source": "decided"},
            "skills": {"permits": 2},
            "interest": {"hallinto": 1},
        },
        {
            "id": "E6",
            "title": "office secretary",
            "sector": "technical",
            "joins": "2019-01-01",
            "skills": {"archive": 2, "permits": 1},
            "needs_substitute": False,
            "avoids": ["E3"],
        },
    ],
    "tasks": [
        {
            "id": "salaries",
            "name": "Payroll run",
            "kind": "expert",
            "skill": "payroll",
            "level": 2,
            "holder": "E1",
            "handover_days": 30,
            "load": 40,
        },
        {
            "id": "permits",
            "name": "Permit decisions",
            "kind": "authority",
            "skill": "permits",
            "level": 2,
            "holder": "E5",
            "handover_days": 60,
            "load": 30,
        },
        {"id": "records", "kind": "ordinary", "skill": "archive", "backups": 0},
    ],
    "rules": [
        {
            "id": "r1",
            "kind": "pin",
            "employee": "E2",
            "team": "talous",
            "reason": "Closes the accounts",
        }
    ],
}

TEAM_OF = {
    "E1": "talous",
    "E2": "talous",
    "E3": "talous",
    "E4": "hallinto",
    "E5": "hallinto",
    "E6": "hallinto",
}


def office(**changes: Any) -> Organisation:
    """The office, with top-level fields changed."""
    return organisation_from(DATA | changes)


def office_plan(organisation: Organisation, policy: Policy | None = None) -> Plan:
    """A valid plan: permits and salaries change hands when their holders leave."""
    facts = Facts(organisation, policy or Policy())

    def chain(task: str, team: str, *people: str) -> list[Tenure]:
        tenures: list[Tenure] = []
        after: int | None = None
        for e in people:
            start, after = facts.tenure(e, task, after)
            tenures.append(
                Tenure(task=task, team=team, employee=e, start=as_date(start), end=as_date(after))
            )
        return tenures

    def pair(principal: str, substitute: str) -> Substitution:
        fit = facts.fit(principal, substitute)
        return Substitution(principal=principal, substitute=substitute, fit=fit)

    return Plan(
        placements=tuple(
            Placement(
                employee=e,
                team=TEAM_OF[e],
                start=as_date(facts.service(e)[0]),
                end=as_date(facts.service(e)[1]),
            )
            for e in facts.employees
        ),
        leads=(Lead(team="talous", employee="E2"), Lead(team="hallinto", employee="E4")),
        holders=(
            *chain("salaries", "talous", "E1", "E2"),
            *chain("permits", "hallinto", "E5", "E4"),
            *chain("records", "hallinto", "E6"),
        ),
        substitutes=(pair("E1", "E2"), pair("E2", "E1"), pair("E3", "E2"), pair("E5", "E4")),
    )


def office_proposal(
    organisation: Organisation,
    policy: Policy | None = None,
    plan: Plan | None = None,
    **changes: Any,
) -> Proposal:
    """The plan, or another one, as a proposal that claims just what it costs."""
    policy = policy or Policy()
    plan = plan or office_plan(organisation, policy)
    evaluation = evaluate(organisation, policy, plan)
    facts = Facts(organisation, policy)
    fields: dict[str, Any] = {
        "status": "optimal",
        "levels": tuple(
            LevelResult(
                level=level.name,
                best=evaluation.value(level),
                bound=evaluation.value(level),
                allowed=evaluation.value(level) + level.tolerance_per_person * len(facts.employees),
                value=evaluation.value(level),
                status="optimal",
                seconds=0.25,
                goals=tuple(
                    GoalCost(goal=goal, weight=weight, cost=evaluation.costs[goal])
                    for goal, weight in level.goals.items()
                ),
            )
            for level in policy.levels
        ),
        "placements": plan.placements,
        "leads": plan.leads,
        "holders": plan.holders,
        "gaps": evaluation.gaps,
        "substitutes": plan.substitutes,
        "not_in_service": facts.not_in_service,
        "tasks_left_out": facts.tasks_left_out,
        "warnings": warnings_of(facts),
    }
    return Proposal(**(fields | changes), run=_run(organisation, policy))


def office_failure(
    organisation: Organisation,
    status: str,
    conflicts: tuple[str, ...] = (),
    policy: Policy | None = None,
) -> Proposal:
    """A proposal without a plan: `infeasible` or `unknown`."""
    warning = Warn(code="odd", place="document", message="Something is odd.")
    fields: dict[str, Any] = {"status": status, "conflicts": conflicts, "warnings": (warning,)}
    return Proposal(**fields, run=_run(organisation, policy or Policy()))


def _run(organisation: Organisation, policy: Policy) -> Run:
    return Run(
        input_sha256=organisation.sha256(),
        policy_sha256=policy.sha256(),
        seed=0,
        workers=1,
        time_limit=60.0,
        wall_seconds=1.25,
        versions={"tiimi": "0.1.0", "solver": "none"},
        started_at=datetime(2018, 6, 1, 12, 0, tzinfo=UTC),
    )
