"""The solver, the evaluation and brute force over every plan agree, on every level."""

import pytest

from models.facts import Facts
from models.organisation import Organisation
from models.policy import Policy
from models.proposal import Proposal
from models.reading import organisation_from, policy_from
from optimizer import propose
from tests.brute_force import level_values
from tests.organisations import JOINT_POLICY, OTHER_ORDER, random_organisation

POLICIES = {
    "default": Policy(),
    "joint": policy_from(JOINT_POLICY),
    "other order": policy_from(OTHER_ORDER),
}


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("seed", range(25))
def test_every_level_agrees_with_brute_force(seed: int, policy: Policy) -> None:
    organisation = organisation_from(random_organisation(seed, people=4), policy)
    proposal = propose(organisation, policy, workers=1 + seed % 2)
    expected = level_values(Facts(organisation, policy))
    if expected is None:
        assert proposal.status == "infeasible"
        assert proposal.conflicts
    else:
        assert proposal.status == "optimal"
        assert [(level.best, level.value) for level in proposal.levels] == expected
        assert all(level.bound == level.best for level in proposal.levels)
        assert_in_input_order(organisation, proposal)


def assert_in_input_order(organisation: Organisation, proposal: Proposal) -> None:
    people, teams, tasks = (
        [row.id for row in rows]
        for rows in (organisation.employees, organisation.teams, organisation.tasks)
    )
    orders = (
        [people.index(placed.employee) for placed in proposal.placements],
        [teams.index(lead.team) for lead in proposal.leads],
        [(tasks.index(tenure.task), tenure.start) for tenure in proposal.holders],
        [(tasks.index(gap.task), gap.start) for gap in proposal.gaps],
        [people.index(pair.principal) for pair in proposal.substitutes],
    )
    for order in orders:
        assert order == sorted(order)
