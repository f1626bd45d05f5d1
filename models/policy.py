"""The working group's policy: what counts, how much, in which order (docs/problem.md, 4)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from models.organisation import MOST, Count, Text, fingerprint

GOAL_NAMES: tuple[str, ...] = (
    "authority_gap",
    "task_gap",
    "backup_shortage",
    "skill_shortage",
    "size_shortage",
    "no_substitute",
    "substitute_away",
    "interest",
    "lead_fit",
    "substitute_fit",
    "colleague_wishes",
    "site_change",
    "handovers",
    "lead_changes",
    "team_changes",
    "substitute_changes",
    "one_way_substitutes",
    "sector_concentration",
    "departure_concentration",
    "succession_changes",
)
"""Every goal, in the order and words of docs/problem.md, section 4."""

KEEP_GOALS = ("team_changes", "lead_changes", "succession_changes", "substitute_changes")
"""The goals that a what-if weighs in its own level `keep` (section 7)."""

RELAXATION_WEIGHTS = {
    "size": 1,
    "moves": 2,
    "tasks": 2,
    "principals": 2,
    "pin": 3,
    "forbid": 3,
    "together": 3,
    "apart": 3,
    "pin_holder": 3,
    "pin_substitute": 3,
    "pin_lead": 3,
    "fit": 3,
    "eligible": 5,
    "load": 5,
    "team": 5,
    "lead": 10,
    "qualified": 1000,
    "tenure": 1000,
}
"""Every kind of named rule, with what giving one up weighs by default (section 4)."""

Weight = Annotated[int, Field(strict=True, ge=0, le=MOST)]
Days = Annotated[int, Field(strict=True, ge=1, le=MOST)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Level(_Part):
    """One lexicographic level: the weighted sum of its goals.

    `tolerance_per_person` times the people in service is what later levels may give back.
    """

    name: Text
    goals: dict[str, Weight]
    tolerance_per_person: Count = 0

    def weighted(self) -> dict[str, int]:
        """Its goals that count, with their weights; in the order of `GOAL_NAMES`."""
        return {g: self.goals[g] for g in GOAL_NAMES if self.goals.get(g, 0) > 0}


DEFAULT_LEVELS = (
    Level(name="statutory", goals={"authority_gap": 1}),
    Level(
        name="continuity",
        tolerance_per_person=3,
        goals={"task_gap": 5, "skill_shortage": 3, "backup_shortage": 2, "size_shortage": 1},
    ),
    Level(
        name="people",
        goals={"interest": 3, "lead_fit": 3, "colleague_wishes": 2, "site_change": 2},
    ),
    Level(
        name="stability",
        goals={
            "team_changes": 3,
            "lead_changes": 2,
            "sector_concentration": 2,
            "departure_concentration": 2,
            "handovers": 1,
        },
    ),
    Level(
        name="substitutes",
        goals={
            "no_substitute": 2500,
            "substitute_away": 1,
            "substitute_fit": 30,
            "substitute_changes": 30,
            "one_way_substitutes": 30,
        },
    ),
)


class Policy(_Part):
    """Levels in order, prices of grades, and limits. The default is the statement's.

    `interest_cost` prices a grade of interest, `lead_cost` a grade of interest in leading;
    `*_unknown` where no grade was given. `lead_min_days` and `settled_days` are days,
    `max_sector_share` and `departure_margin` percent. `relaxation_weights` says by kind of
    rule, or by the name of one, how hard it is to give up where no valid plan exists.
    """

    levels: tuple[Level, ...] = DEFAULT_LEVELS
    interest_cost: dict[int, Weight] = Field(default_factory=lambda: {0: 3, 1: 1, 2: 0})
    interest_unknown: Weight = 1
    lead_cost: dict[int, Weight] = Field(default_factory=lambda: {3: 0, 2: 1, 1: 2})
    lead_unknown: Weight = 5
    lead_leaves_soon: Weight = 3
    lead_min_days: Count = 365
    min_fit: Count = 3
    max_principals: Count = 2
    max_tasks: Count = 8
    settled_days: Days = 180
    max_sector_share: Count = 60
    departure_margin: Count = 10
    keep: dict[str, Weight] = Field(
        default_factory=lambda: {
            "team_changes": 3,
            "lead_changes": 2,
            "succession_changes": 1,
            "substitute_changes": 1,
        }
    )

    relaxation_weights: dict[Text, Weight] = Field(default_factory=RELAXATION_WEIGHTS.copy)

    def relaxation_weight(self, name: str, kind: str) -> int:
        """What giving up a named rule weighs: its own weight, its kind's, or the default's."""
        weights = self.relaxation_weights
        return weights.get(name, weights.get(kind, RELAXATION_WEIGHTS[kind]))

    def weights(self) -> dict[str, int]:
        """The weight of every goal that some level counts."""
        return {g: w for level in self.levels for g, w in level.weighted().items()}

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, complete: grades are text keys there."""
        return self.model_dump(mode="json")

    def sha256(self) -> str:
        """Fingerprint of the policy."""
        return fingerprint(self.to_dict())
