"""A plan without what follows from it: no days, no fits. A quarter of the size."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from models.days import as_date
from models.facts import Facts
from models.proposal import Lead, Placement, Plan, Substitution, Tenure


class Choices(BaseModel):
    """The decisions of a plan.

    Attributes:
        placements: {employee: team}.
        leads: {team: employee}.
        holders: {task: employees, one after the other}.
        substitutes: {principal: substitute}.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    placements: dict[str, str]
    leads: dict[str, str]
    holders: dict[str, tuple[str, ...]]
    substitutes: dict[str, str]

    @classmethod
    def of(cls, plan: Plan) -> Choices:
        """Of a valid plan: nobody and nothing stands twice in it."""
        holders: dict[str, list[str]] = {}
        for h in sorted(plan.holders, key=lambda h: h.start):
            holders.setdefault(h.task, []).append(h.employee)
        return cls(
            placements={p.employee: p.team for p in plan.placements},
            leads={lead.team: lead.employee for lead in plan.leads},
            holders={task: tuple(chain) for task, chain in holders.items()},
            substitutes={s.principal: s.substitute for s in plan.substitutes},
        )

    def plan(self, facts: Facts) -> Plan:
        """The whole plan; valid or not is for the evaluation to say.

        Raises:
            KeyError: if it names somebody or something that is not planned for.
        """
        return Plan(
            placements=tuple(
                Placement(employee=e, team=t, start=as_date(start), end=as_date(end))
                for e, t in self.placements.items()
                for start, end in (facts.service(e),)
            ),
            leads=tuple(Lead(team=t, employee=e) for t, e in self.leads.items()),
            holders=tuple(tenure for task in self.holders for tenure in self._chain(facts, task)),
            substitutes=tuple(
                Substitution(principal=a, substitute=b, fit=facts.fit(a, b))
                for a, b in self.substitutes.items()
            ),
        )

    def _chain(self, facts: Facts, task: str) -> list[Tenure]:
        employees = self.holders[task]
        team = facts.tasks[task].team or self.placements[employees[0]]
        tenures, after = [], None
        for e in employees:
            start, after = facts.tenure(e, task, after)
            tenures.append(
                Tenure(task=task, team=team, employee=e, start=as_date(start), end=as_date(after))
            )
        return tenures
