"""CP-SAT with its default settings on the plain formulation."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from ortools.sat.python import cp_model

from benchmarks.peers.answer import Answer, Budget
from benchmarks.peers.levels import Found, lexicographic
from benchmarks.peers.plain import PlainModel
from benchmarks.peers.plain_goals import Cost, weighted
from models.facts import Facts


def solve(facts: Facts, budget: Budget) -> Answer:
    """The levels one after the other, as a good user of CP-SAT would."""
    started = time.monotonic()
    plain = PlainModel(facts)
    levels = facts.policy.levels
    objectives = [weighted(plain, level.weighted()) for level in levels]
    solver = _CpSat(plain.model, budget)
    seconds = budget.seconds - (time.monotonic() - started)
    outcome = lexicographic(levels, objectives, solver, len(facts.employees), seconds)
    plan = plain.plan(solver.values) if outcome.levels else None
    return Answer(plan, outcome.levels, outcome.infeasible, outcome.remark)


class _CpSat:
    """Time, threads and seed are set; everything else is as CP-SAT comes."""

    def __init__(self, model: cp_model.CpModel, budget: Budget) -> None:
        self.model = model
        self.budget = budget
        self.values: list[int] = []

    def minimise(self, objective: Cost, seconds: float) -> Found:
        if seconds <= 0:
            return Found("unknown")
        self.model.minimize(objective)
        self.model.clear_hints()
        for index, value in enumerate(self.values):
            self.model.add_hint(self.model.get_int_var_from_proto_index(index), value)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = self.budget.workers
        solver.parameters.random_seed = self.budget.seed
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            return Found("infeasible")
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Found("unknown")
        self.values = list(solver.response_proto.solution)
        best = self.value(objective)
        if status == cp_model.OPTIMAL:
            return Found("optimal", best, best)
        return Found("feasible", best, math.ceil(solver.best_objective_bound - 1e-6))

    def at_most(self, objective: Cost, most: int) -> None:
        self.model.add(objective <= most)

    def value(self, objective: Cost) -> int:
        return value_of(objective, self.values)


def value_of(objective: Cost, values: Sequence[int]) -> int:
    """What an expression is under values of all variables."""
    if isinstance(objective, int):
        return objective
    flat = cp_model.FlatIntExpr(objective)
    total = int(flat.offset)
    for variable, coefficient in zip(flat.vars, flat.coeffs, strict=True):
        total += int(coefficient) * values[variable.index]
    return total
