"""The policies that are measured, by name."""

from __future__ import annotations

from models.policy import Policy
from models.reading import policy_from

JOINT = policy_from(
    {
        "levels": [
            {"name": "statutory", "goals": {"authority_gap": 1}},
            {
                "name": "continuity",
                "tolerance_per_person": 3,
                "goals": {
                    "task_gap": 5,
                    "skill_shortage": 3,
                    "backup_shortage": 2,
                    "size_shortage": 1,
                    "no_substitute": 1000,
                    "substitute_away": 1,
                },
            },
            {
                "name": "people",
                "goals": {
                    "interest": 3,
                    "lead_fit": 3,
                    "colleague_wishes": 2,
                    "site_change": 2,
                    "substitute_fit": 1,
                },
            },
            {
                "name": "stability",
                "goals": {
                    "team_changes": 3,
                    "lead_changes": 2,
                    "sector_concentration": 2,
                    "departure_concentration": 2,
                    "handovers": 1,
                    "substitute_changes": 1,
                    "one_way_substitutes": 1,
                },
            },
        ]
    }
)
"""The joint policy of docs/formulation.md: pairs weighed with coverage and wishes."""

PLACEMENT = policy_from(
    {
        "levels": [
            {
                "name": "placement",
                "goals": {
                    "interest": 3,
                    "site_change": 2,
                    "team_changes": 3,
                    "sector_concentration": 2,
                    "departure_concentration": 2,
                },
            }
        ]
    }
)
"""What group formers know of the default policy, at its weights; they have one level."""

POLICIES = {"default": Policy(), "joint": JOINT, "placement": PLACEMENT}
