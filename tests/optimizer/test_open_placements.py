"""Placements that no plan uses any more are ruled out, and only those."""

from __future__ import annotations

from typing import Any

import pytest

from models.facts import Facts
from models.policy import Level, Policy
from models.reading import organisation_from
from optimizer import open_placements
from optimizer.cpsat import Answer, minimise
from optimizer.levels import Levels
from optimizer.model import Model
from optimizer.open_placements import rule_out_placements, saved
from optimizer.program import Sum
from tests.optimizer.test_conflicts import limits, organisation
from tests.organisations import random_organisation

WISHES = Policy(levels=(Level(name="wishes", goals={"interest": 1}),))


def solved(**changes: object) -> tuple[Model, Levels]:
    model = Model(Facts(organisation_from(organisation([], **changes), WISHES), WISHES))
    levels = Levels(model, limits(), None)
    assert levels.solve()
    return model, levels


def open_teams(model: Model, employee: str) -> list[str]:
    return [t for t in ("A", "B") if model.placement.may_be_in(employee, t)]


def rule_out(model: Model, levels: Levels) -> None:
    assert levels.values is not None
    rule_out_placements(model, levels.solved[-1].objective, levels.values, limits())


def test_a_wish_that_every_best_plan_grants_leaves_one_team() -> None:
    model, levels = solved(E2={"interest": {"A": 2, "B": 0}}, E4={"interest": {"A": 2, "B": 2}})
    rule_out(model, levels)
    assert open_teams(model, "E2") == ["A"]
    assert open_teams(model, "E4") == ["A", "B"]
    assert open_teams(model, "E1") == ["A"]


def test_nothing_is_ruled_out_unproven(monkeypatch) -> None:
    model, levels = solved(E2={"interest": {"A": 2, "B": 0}})
    monkeypatch.setattr(open_placements, "MOST_QUERIES", 0)
    rule_out(model, levels)
    assert open_teams(model, "E2") == ["A", "B"]
    monkeypatch.setattr(open_placements, "MOST_QUERIES", 8)
    monkeypatch.setattr(open_placements, "SHARE", 0.0)
    rule_out(model, levels)
    assert open_teams(model, "E2") == ["A", "B"]


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 7, 8])
def test_what_a_plan_has_spent_is_saved_with_everybody_where_they_are(seed: int) -> None:
    model = Model(Facts(organisation_from(random_organisation(seed, people=5)), Policy()))
    spent = model.goal("task_gap")
    most = model.program.most(spent)
    wasteful = minimise(model.program, Sum(constant=most).plus(spent, -1), limits())
    assert wasteful.values is not None
    fixed = model.program.fixed([])
    for place in model.placement.variables():
        fixed.lower[place] = fixed.upper[place] = wasteful.values[place]
    plan = saved(model, spent, wasteful.values, limits())
    assert spent.value(plan) == minimise(fixed, spent, limits()).best
    assert model.team_of(plan) == model.team_of(wasteful.values)
    assert all(row.holds(plan) for row in model.program.rows)


def test_what_a_few_teams_show_to_be_possible_is_not_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Answer] = []

    def asking(*args: Any, **options: Any) -> Answer:
        asked.append(minimise(*args, **options))
        return asked[-1]

    monkeypatch.setattr(open_placements, "minimise", asking)
    model, levels = solved(E2={"interest": {"A": 2, "B": 2}}, E4={"interest": {"A": 2, "B": 2}})
    rule_out(model, levels)
    assert open_teams(model, "E2") == open_teams(model, "E4") == ["A", "B"]
    assert [answer.status for answer in asked] == []
