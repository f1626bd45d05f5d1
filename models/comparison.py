"""Plans side by side: levels, goals, people moved, first broken days; the best of each row.

Also of different organisations of the same people: three teams, six, today's units.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from models.difference import first_broken_days
from models.evaluation import evaluate_facts
from models.facts import Facts
from models.policy import GOAL_NAMES, Policy
from models.proposal import Plan

Cell = int | date | Literal["never"] | None
"""A cost, a day, `never`, or None where there is no plan or no such task."""


@dataclass(frozen=True)
class Candidate:
    """One plan to compare; `plan` is None if there is none.

    Attributes:
        name: of its column.
        facts: what it was made from, under the policy its levels are of.
        status: of its proposal.
        moves: people who change team; None if that is not known.
    """

    name: str
    facts: Facts
    plan: Plan | None
    status: str
    moves: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One thing compared.

    Attributes:
        kind: `level`, `goal`, `moves` or `first_broken`.
        name: of the level, goal or task.
        cells: one for each candidate.
        best: the indexes of the best cells; none where all are the same, or are costs of a level
            whose goals, weights or prices differ.
    """

    kind: Literal["level", "goal", "moves", "first_broken"]
    name: str
    cells: tuple[Cell, ...]
    best: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The table: a column for each candidate.

    Attributes:
        same_horizon: whether all are of the same days.
        same_levels: whether levels of one name are the same in all: goals, weights and prices.
    """

    names: tuple[str, ...]
    statuses: tuple[str, ...]
    same_horizon: bool
    same_levels: bool
    rows: tuple[Row, ...]

    def to_dict(self) -> dict[str, Any]:
        """Its JSON form."""
        return {
            "columns": [
                {"name": name, "status": status}
                for name, status in zip(self.names, self.statuses, strict=True)
            ],
            "same_horizon": self.same_horizon,
            "same_levels": self.same_levels,
            "rows": [
                {
                    "kind": row.kind,
                    "name": row.name,
                    "cells": [c.isoformat() if isinstance(c, date) else c for c in row.cells],
                    "best": [self.names[i] for i in row.best],
                }
                for row in self.rows
            ],
        }


def compare(candidates: Sequence[Candidate]) -> Comparison:
    """Put plans side by side."""
    evaluations = [evaluate_facts(c.facts, c.plan) if c.plan else None for c in candidates]
    rows: list[Row] = []
    levels = dict.fromkeys(level.name for c in candidates for level in c.facts.policy.levels)
    alike = {name: _is_alike([c.facts.policy for c in candidates], name) for name in levels}
    for name in levels:
        cells: list[Cell] = []
        for c, e in zip(candidates, evaluations, strict=True):
            level = next((x for x in c.facts.policy.levels if x.name == name), None)
            cells.append(e.value(level) if e and level else None)
        row = _row("level", name, cells, _lower)
        rows.append(row if alike[name] else replace(row, best=()))
    rows.append(_row("moves", "moves", [c.moves for c in candidates], _lower))
    for goal in GOAL_NAMES:
        rows.append(_row("goal", goal, [e.costs[goal] if e else None for e in evaluations], _lower))
    broken = [first_broken_days(c.facts, c.plan) if c.plan else {} for c in candidates]
    for task in dict.fromkeys(q for days in broken for q in days):
        days: list[Cell] = [(found[task] or "never") if task in found else None for found in broken]
        rows.append(_row("first_broken", task, days, _later))
    return Comparison(
        tuple(c.name for c in candidates),
        tuple(c.status for c in candidates),
        len({c.facts.horizon for c in candidates}) == 1,
        all(alike.values()),
        tuple(rows),
    )


_APART = {"levels", "keep", "relaxation_weights"}
"""What of a policy does not say what a goal costs."""


def _is_alike(policies: Sequence[Policy], level: str) -> bool:
    """Whether those policies that have the level mean the same by it."""
    found = [
        (one.weighted(), policy.model_dump(exclude=_APART))
        for policy in policies
        for one in policy.levels
        if one.name == level
    ]
    return all(one == found[0] for one in found)


def _row(
    kind: Literal["level", "goal", "moves", "first_broken"],
    name: str,
    cells: Sequence[Cell],
    price: Callable[[Cell], int],
) -> Row:
    prices = [None if c is None else price(c) for c in cells]
    known = [p for p in prices if p is not None]
    best: tuple[int, ...] = ()
    if len(set(known)) > 1:
        best = tuple(i for i, p in enumerate(prices) if p == min(known))
    return Row(kind, name, tuple(cells), best)


def _lower(cell: Cell) -> int:
    assert isinstance(cell, int)
    return cell


def _later(cell: Cell) -> int:
    return -date.max.toordinal() if not isinstance(cell, date) else -cell.toordinal()
