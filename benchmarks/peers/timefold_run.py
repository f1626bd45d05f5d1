"""Timefold asked and read; importing this starts Java."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from timefold.solver import SolverFactory
from timefold.solver.config import (
    Duration,
    EnvironmentMode,
    ScoreDirectorFactoryConfig,
    SolverConfig,
    SolverConfigOverride,
    TerminationConfig,
)

from benchmarks.peers import timefold_domain as domain
from benchmarks.peers.answer import Answer, Budget, CannotError
from benchmarks.peers.timefold_build import Builder
from benchmarks.peers.timefold_costs import tenures
from benchmarks.peers.timefold_rules import provider
from models.days import as_date
from models.facts import Facts
from models.proposal import Lead, Placement, Plan, Substitution, Tenure

WARM_SECONDS = 3
"""Of a search that does not count, before the one that does."""


def search(facts: Facts, budget: Budget, started: float) -> Answer:
    """Construction and local search for all the seconds; Java and translation come on top."""
    if len(facts.policy.levels) > domain.SOFT_LEVELS:
        raise CannotError(f"its score here has room for {domain.SOFT_LEVELS} levels")
    builder = Builder(facts)
    placed = {
        goal: (index, weight)
        for index, level in enumerate(facts.policy.levels)
        for goal, weight in level.weighted().items()
    }
    factory = _factory(tuple(placed.items()), budget.seed)
    # What its constraints call is translated when it is called first, and fast only after a while.
    factory.build_solver(_until(spent_limit=Duration(seconds=WARM_SECONDS))).solve(
        builder.organisation()
    )
    seconds = Duration(milliseconds=round(1000 * budget.seconds))
    solver = factory.build_solver(_until(spent_limit=seconds))
    problem = Builder(facts).organisation()
    starting = time.monotonic() - started
    solution = solver.solve(problem)
    remark = f"score {solution.score}; {starting:.1f} s to start, beside its seconds"
    if any(person.team is None for person in solution.people):
        return Answer(remark=remark)  # time was up before everybody was placed
    return Answer(_plan(facts, builder, solution), remark=remark)


def _until(**limits: Any) -> SolverConfigOverride:
    return SolverConfigOverride(termination_config=TerminationConfig(**limits))


@cache
def _factory(placed: tuple[tuple[str, tuple[int, int]], ...], seed: int) -> Any:
    """Of a policy's goals by their levels and weights: translated to Java once."""
    return SolverFactory.create(
        SolverConfig(
            solution_class=domain.Organisation,
            entity_class_list=[
                domain.Person,
                domain.LeadSlot,
                domain.SubstituteSlot,
                domain.LinkSlot,
            ],
            environment_mode=EnvironmentMode.NO_ASSERT,
            random_seed=seed,
            score_director_factory_config=ScoreDirectorFactoryConfig(
                constraint_provider_function=provider(dict(placed))
            ),
        )
    )


def _plan(facts: Facts, builder: Builder, solution: domain.Organisation) -> Plan:
    ids, teams = builder.ids, builder.team_ids
    team_of = {p.id: p.team.id for p in solution.people if p.team is not None}
    placements = []
    for i, e in enumerate(ids):
        if i in team_of:
            start, end = map(as_date, facts.service(e))
            placements.append(Placement(employee=e, team=teams[team_of[i]], start=start, end=end))
    pairs = [slot.pair for slot in solution.substitute_slots if slot.pair is not None]
    return Plan(
        placements=tuple(placements),
        leads=tuple(
            Lead(team=teams[slot.team], employee=ids[slot.leader.person])
            for slot in solution.lead_slots
            if slot.leader is not None
        ),
        holders=tuple(_holders(builder, solution, team_of)),
        substitutes=tuple(
            Substitution(
                principal=ids[pair.principal],
                substitute=ids[pair.substitute],
                fit=10 - pair.lacking,
            )
            for pair in pairs
            if team_of.get(pair.principal) == team_of.get(pair.substitute)
        ),
    )


def _holders(
    builder: Builder, solution: domain.Organisation, team_of: dict[int, int]
) -> list[Tenure]:
    links: dict[int, list[int]] = {task.id: [] for task in builder.tasks}
    for slot in solution.link_slots:
        chosen = slot.candidate
        if chosen is not None and team_of.get(chosen.person) == team_of.get(chosen.task.anchor):
            links[chosen.task.id].append(chosen.index)
    return [
        Tenure(
            task=q,
            team=builder.team_ids[team_of[task.anchor]],
            employee=builder.ids[task.people[candidate]],
            start=as_date(start),
            end=as_date(end),
        )
        for q, task in zip(builder.task_ids, builder.tasks, strict=True)
        for candidate, start, end in tenures(task, links[task.id])
    ]
