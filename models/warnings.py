"""What is merely odd in an input: warnings, never errors (docs/problem.md, section 1)."""

from __future__ import annotations

from collections.abc import Iterator

from models import days
from models.facts import Facts
from models.policy import RELAXATION_WEIGHTS
from models.proposal import Warn


def warnings_of(facts: Facts) -> tuple[Warn, ...]:
    """Everything odd about an organisation under a policy, in input order."""
    return (*_employees(facts), *_tasks(facts), *facts.rule_warnings, *_weights(facts))


def _employees(facts: Facts) -> Iterator[Warn]:
    for e in facts.employees.values():
        for i, absence in enumerate(e.absences):
            days_off = days.day(absence.start), days.day(absence.end)
            if not days.overlap([days_off], facts.service(e.id)):
                yield Warn(
                    code="absence_outside_service",
                    place=f"employees[{e.id}].absences[{i}]",
                    message="The absence lies outside the days in service.",
                )
        eligible = facts.eligible(e.id)
        for field, wishes in (("interest", e.interest), ("lead_interest", e.lead_interest)):
            for team in wishes:
                if team not in eligible:
                    yield Warn(
                        code="wish_not_eligible",
                        place=f"employees[{e.id}].{field}.{team}",
                        message=f"{e.id} is not eligible for {team}.",
                    )


def _tasks(facts: Facts) -> Iterator[Warn]:
    for q in facts.tasks.values():
        if q.holder is None:
            continue
        place = f"tasks[{q.id}].holder"
        if q.holder not in facts.employees:
            yield Warn(
                code="holder_not_in_service",
                place=place,
                message=f"{q.holder} is not in service in the horizon.",
            )
        elif not facts.is_qualified(q.holder, q.id):
            yield Warn(
                code="holder_not_qualified",
                place=place,
                message=f"{q.holder} lacks the qualification or office that {q.id} asks for.",
            )


_NAMED_BY_TEAM = ("size", "lead")
_NAMED_BY_EMPLOYEE = ("eligible", "load", "tasks", "fit", "principals")
_NAMED_BY_TASK = ("team", "qualified", "tenure", "moves")


def _weights(facts: Facts) -> Iterator[Warn]:
    """Weights of the policy for rules that this organisation does not know."""
    organisation = facts.organisation
    known = {*RELAXATION_WEIGHTS, *(rule.id for rule in organisation.rules)}
    for kinds, rows in (
        (_NAMED_BY_TEAM, organisation.teams),
        (_NAMED_BY_EMPLOYEE, organisation.employees),
        (_NAMED_BY_TASK, organisation.tasks),
    ):
        known |= {f"{kind}:{row.id}" for kind in kinds for row in rows}
    for name in facts.policy.relaxation_weights:
        if name not in known:
            yield Warn(
                code="weight_names_no_rule",
                place=f"policy.relaxation_weights.{name}",
                message="No kind of rule is called so, and no rule of this organisation.",
            )
