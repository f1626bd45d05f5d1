"""The package `team-formation`: equal teams, diversity and clustering, by CP-SAT.

It knows neither days nor tasks, and its teams have no names: it is asked for the part of the
problem that is about placements (`benchmarks.placement_part`), and its groups get the teams that
suit them best.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from typing import Any

import pandas as pd
from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment
from ortools.sat.python import cp_model

from benchmarks.peers.answer import Answer, Budget, CannotError, NotInstalledError
from models import goals
from models.days import as_date
from models.facts import Facts
from models.proposal import Placement, Plan

KNOWN = (
    "interest",
    "site_change",
    "team_changes",
    "sector_concentration",
    "departure_concentration",
)
"""The goals it can be told of: clusters of the first three, diversity of the others."""


def solve(facts: Facts, budget: Budget) -> Answer:
    """Its groups under its own objective, each as the team that suits it best.

    A goal about teams is a cluster on the teams that cost a person least, with the goal's weight;
    a concentration is the diversity of the sector, or of who leaves. It takes neither a seed nor a
    number of threads: its CP-SAT runs as it comes.

    Raises:
        NotInstalledError: if the package is not there.
        CannotError: if there is more to decide than it knows.
    """
    try:
        package: Any = importlib.import_module("team_formation")
    except ModuleNotFoundError:
        raise NotInstalledError("not installed: pip install 'tiimi[peers]'") from None
    weights = _weights(facts)
    constraints = pd.DataFrame(
        [(goal, _kind(goal), weight) for goal, weight in weights.items()],
        columns=["attribute", "type", "weight"],
    )
    target, smaller = _target(package.team_assignment.calc_team_sizes, facts)
    assignment = package.TeamAssignment(_participants(facts, weights), constraints, target, smaller)
    with redirect_stdout(io.StringIO()):  # what it prints is nobody's answer
        assignment.solve(max_time_in_seconds=budget.seconds)
    if not assignment.solution_found:
        return Answer()
    groups: list[list[str]] = [[] for _ in facts.teams]
    for e, number in zip(facts.employees, assignment.participants["team_num"], strict=True):
        groups[int(number)].append(e)
    proven = assignment.status == cp_model.OPTIMAL
    remark = "the best by its own objective" if proven else None
    return Answer(_plan(facts, _named(facts, weights, groups)), remark=remark)


def _weights(facts: Facts) -> dict[str, int]:
    weights = facts.policy.weights()
    if len(facts.policy.levels) != 1 or not weights.keys() <= set(KNOWN):
        raise CannotError("it knows one level of goals about placements")
    plain = all(not team.lead for team in facts.teams.values())
    if facts.tasks or facts.rules or not plain:
        raise CannotError("it knows neither tasks, rules nor leads")
    if len(facts.starters) < len(facts.employees):
        raise CannotError("it knows nobody who joins later")
    return weights


def _kind(goal: str) -> str:
    return "diversify" if goal.endswith("concentration") else "cluster"


def _target(sizes: Callable[[int, int, bool], list[int]], facts: Facts) -> tuple[int, bool]:
    """The target size by which it makes as many groups as there are teams, and all may be so large.

    The second value is whether groups off the target are smaller ones.
    """
    people, teams = len(facts.employees), len(facts.teams)
    for target, smaller in ((people // teams, False), (-(-people // teams), True)):
        made = sizes(people, target, smaller) if target else []
        if len(made) == teams and all(
            team.size.min <= size <= team.size.max for team in facts.teams.values() for size in made
        ):
            return target, smaller
    raise CannotError("it makes equal groups alone, and not as many as there are teams")


def _participants(facts: Facts, weights: dict[str, int]) -> pd.DataFrame:
    """A row per person, a column per goal."""
    columns: dict[str, list[Any]] = {}
    for goal in weights:
        if goal == "sector_concentration":
            column: list[Any] = [x.sector or "unknown" for x in facts.employees.values()]
        elif goal == "departure_concentration":
            column = [str(facts.leaves_within(e)) for e in facts.employees]
        else:
            column = [_cheapest(facts, goal, e) for e in facts.employees]
        columns[goal] = column
    return pd.DataFrame(columns)


def _cheapest(facts: Facts, goal: str, employee: str) -> list[str]:
    """The teams that cost the goal least."""
    costs = {t: _cost(facts, goal, employee, t) for t in facts.teams}
    return [t for t, cost in costs.items() if cost == min(costs.values())]


def _cost(facts: Facts, goal: str, employee: str, team: str) -> int:
    e, t = facts.employees[employee], facts.teams[team]
    match goal:
        case "interest":
            return goals.interest_cost(facts, employee, team)
        case "site_change":
            return int(e.site_bound and t.site is not None and t.site != e.site)
        case "team_changes":
            return int(e.team not in (None, team))
        case _:
            return 0  # who is with whom, not where


def _named(
    facts: Facts, weights: dict[str, int], groups: Sequence[Sequence[str]]
) -> dict[str, str]:
    """{employee: team}, each group the team that suits it: a cheapest assignment."""
    assignment = SimpleLinearSumAssignment()
    teams = list(facts.teams)
    for i, group in enumerate(groups):
        for j, t in enumerate(teams):
            cost = sum(w * _cost(facts, g, e, t) for e in group for g, w in weights.items())
            assignment.add_arc_with_cost(i, j, cost)
    assignment.solve()
    return {e: teams[assignment.right_mate(i)] for i, group in enumerate(groups) for e in group}


def _plan(facts: Facts, team_of: dict[str, str]) -> Plan:
    return Plan(
        placements=tuple(
            Placement(employee=e, team=t, start=as_date(start), end=as_date(end))
            for e, t in team_of.items()
            for start, end in (facts.service(e),)
        )
    )
