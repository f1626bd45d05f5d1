"""What an organisation risks: key people, succession, chains, tacit knowledge (docs/risk.md).

Plain arithmetic on days and graphs; nothing is solved, and nothing is estimated.
"""

from __future__ import annotations

from models.days import as_date
from models.facts import Facts
from models.proposal import Plan
from optimizer.risk.chains import chains
from optimizer.risk.cover import cover, exposures
from optimizer.risk.handovers import handovers
from optimizer.risk.key_people import key_people
from optimizer.risk.requirements import requirements_of
from optimizer.risk.result import Risk
from optimizer.risk.single_points import days_looked_at, single_points
from optimizer.risk.standing import Standing
from optimizer.risk.succession import succession
from optimizer.risk.tacit import tacit_skills

__all__ = ["Risk", "risk_of"]


def risk_of(facts: Facts, plan: Plan | None) -> Risk:
    """All that an organisation risks.

    Args:
        facts: what follows from its input.
        plan: any plan; None: the organisation as it is today.
    """
    standing = Standing(facts, plan)
    requirements = requirements_of(standing)
    covers = tuple(cover(r) for r in requirements)
    return Risk(
        basis="today" if plan is None else "proposal",
        start=as_date(facts.horizon[0]),
        end=as_date(facts.horizon[1]),
        exposures=exposures(covers),
        cover=covers,
        key_people=key_people(standing, requirements),
        single_points=tuple(
            single_points(standing, requirements, day) for day in days_looked_at(facts)
        ),
        succession=succession(standing),
        handovers=handovers(standing),
        chains=chains(standing, requirements),
        tacit=tacit_skills(standing),
    )
