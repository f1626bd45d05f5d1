"""Organisations of more teams than a window, small enough to be solved at once as well."""

from __future__ import annotations

from typing import Any

from models.facts import Facts
from models.policy import Policy
from models.reading import organisation_from
from optimizer.model import Model
from tests.organisations import random_organisation


def larger(seed: int) -> dict[str, Any]:
    """Ten people in four teams, with five tasks."""
    return random_organisation(seed, people=10, teams=4, tasks=5, days=200)


def larger_model(seed: int) -> Model:
    """Its model under the default policy, without goals."""
    return Model(Facts(organisation_from(larger(seed), Policy()), Policy()))
