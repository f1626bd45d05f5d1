"""Bodies of requests."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.service.schemas import examples
from api.service.schemas.parts import (
    MOST_PEOPLE,
    MOST_WISHES,
    Closed,
    Known,
    OrganisationOrId,
    PolicyJson,
    Reason,
    ScenarioJson,
    Seconds,
    Seed,
    StoredId,
)
from models.proposal import Plan


def _with(*found: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": list(found)})


class ProposalRequest(Closed):
    """What to propose for; absent: the default policy, the service's time."""

    model_config = _with(
        {"organisation": examples.ORGANISATION},
        {
            "organisation": examples.ORGANISATION,
            "policy": {"min_fit": 4, "max_tasks": 6},
            "time_limit": 30,
            "seed": 7,
        },
    )
    organisation: StoredId
    policy: PolicyJson | None = None
    time_limit: Seconds | None = None
    seed: Seed = 0


class WhatIfRequest(Closed):
    """Events on a proposal; `allow_moves`: the best plan in which so many change team at most."""

    model_config = _with(
        {"scenario": examples.SCENARIO},
        {"scenario": {"effective": "2027-01-01"}, "allow_moves": 2, "time_limit": 30},
    )
    scenario: ScenarioJson
    allow_moves: Annotated[int, Field(ge=0, le=MOST_PEOPLE)] | None = None
    time_limit: Seconds | None = None
    seed: Seed = 0


class WishRequest(Closed):
    """What somebody would have liked instead.

    `team`: `employee` in team `of`; `holder`: `employee` holds task `of`; `substitute`:
    `employee` substitutes `of`; `leader`: `employee` leads team `of`.
    """

    kind: Literal["team", "holder", "substitute", "leader"]
    employee: Known
    of: Known


class WhyRequest(Closed):
    """Wishes: one is answered with a cure, several are ranked, the least costly first."""

    model_config = _with(
        {"wishes": [{"kind": "team", "employee": "E6", "of": "economy"}]},
        {
            "wishes": [
                {"kind": "leader", "employee": "E1", "of": "economy"},
                {"kind": "leader", "employee": "E2", "of": "economy"},
            ],
            "time_limit": 20,
        },
    )
    wishes: Annotated[tuple[WishRequest, ...], Field(min_length=1, max_length=MOST_WISHES)]
    time_limit: Seconds | None = None
    seed: Seed = 0


class AlternativesRequest(Closed):
    """Other plans as good; with `level` and `loss`, one level may be that much worse."""

    model_config = _with(
        {},
        {"count": 2, "distance": 2, "level": "people", "loss": 3, "time_limit": 20},
    )
    count: Annotated[int, Field(ge=1, le=100)] = 5
    distance: Annotated[int, Field(ge=1, le=MOST_PEOPLE)] = 1
    level: Annotated[str, Field(max_length=1000)] | None = None
    loss: Annotated[int, Field(ge=0, le=10**9)] = 0
    time_limit: Seconds | None = None
    seed: Seed = 0


class CheckRequest(Closed):
    """A plan, and what it is for: an organisation stored here, or in full."""

    model_config = _with(
        {"organisation": examples.ORGANISATION, "plan": {}},
        {"organisation": examples.SMALL_ORGANISATION, "plan": examples.SMALL_PLAN},
    )
    organisation: OrganisationOrId
    policy: PolicyJson | None = None
    plan: Plan


class DecisionRequest(Closed):
    """What was decided on a proposal, and why; an override says which plan is followed instead."""

    model_config = _with(
        {"decision": "accept", "reason": "Heard by the working group on 12 May."},
        {
            "decision": "override",
            "reason": "E6 goes to the economy team, as they asked.",
            "plan": examples.PLACED_BY_HAND,
        },
    )
    decision: Literal["accept", "reject", "override"]
    reason: Reason
    plan: Plan | None = None


class DemoRequest(Closed):
    """Which of the invented organisations that come along to store."""

    model_config = _with({"name": "example"})
    name: Literal["example", "jamsa-2018"] = "example"
