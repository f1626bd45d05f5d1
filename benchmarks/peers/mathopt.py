"""HiGHS and SCIP, both through OR-Tools' MathOpt: on our rows, and on those of the plain model."""

from __future__ import annotations

import datetime
import math
import time
from collections.abc import Sequence

from ortools.math_opt.python import mathopt

from benchmarks.peers.answer import Answer, Budget, CannotError
from benchmarks.peers.levels import Found, Outcome, lexicographic
from benchmarks.peers.plain import PlainModel
from benchmarks.peers.plain_goals import weighted
from benchmarks.peers.translate import rows_of, sum_of
from models.facts import Facts
from optimizer.conflicts import UndecidedError, can_hold, named_rules
from optimizer.cpsat import Limits
from optimizer.model import Model
from optimizer.program import Program, Sum

HIGHS = mathopt.SolverType.HIGHS
SCIP = mathopt.SolverType.GSCIP

_LESS_THAN_ONE = 1 - 1e-4
"""Costs are whole: with a bound less than one away, the best is proven."""


def highs(facts: Facts, budget: Budget) -> Answer:
    """HiGHS on the rows of `optimizer/`."""
    return _on_our_rows(facts, budget, HIGHS)


def scip(facts: Facts, budget: Budget) -> Answer:
    """SCIP on the rows of `optimizer/`."""
    return _on_our_rows(facts, budget, SCIP)


def highs_plain(facts: Facts, budget: Budget) -> Answer:
    """HiGHS on the rows of the plain formulation."""
    started = time.monotonic()
    plain = PlainModel(facts)
    costs = [weighted(plain, level.weighted()) for level in facts.policy.levels]
    solver = MathOptSolver(rows_of(plain.model), HIGHS, budget)
    outcome = _solved(facts, solver, [sum_of(cost) for cost in costs], started)
    found = plain.plan(solver.values[1:]) if outcome.levels else None
    return Answer(found, outcome.levels, outcome.infeasible, outcome.remark)


def _on_our_rows(facts: Facts, budget: Budget, kind: mathopt.SolverType) -> Answer:
    started = time.monotonic()
    limits = Limits.for_seconds(budget.seconds, budget.workers)
    try:
        # As in ours, a small program of its own decides this.
        if not can_hold(facts, named_rules(facts), limits):
            raise CannotError("our rows are of organisations that have a valid plan")
    except UndecidedError:
        return Answer()
    model = Model(facts)
    objectives = [model.weighted(level.weighted()) for level in facts.policy.levels]
    solver = MathOptSolver(model.program, kind, budget)
    outcome = _solved(facts, solver, objectives, started)
    found = model.plan(solver.values) if outcome.levels else None
    return Answer(found, outcome.levels, outcome.infeasible, outcome.remark)


def _solved(
    facts: Facts, solver: MathOptSolver, objectives: Sequence[Sum], started: float
) -> Outcome:
    """The levels, in what is left of the time since it started."""
    seconds = solver.budget.seconds - (time.monotonic() - started)
    return lexicographic(facts.policy.levels, objectives, solver, len(facts.employees), seconds)


class MathOptSolver:
    """One of MathOpt's solvers on a program; the model is kept from one solve to the next."""

    def __init__(self, program: Program, kind: mathopt.SolverType, budget: Budget) -> None:
        self.kind = kind
        self.budget = budget
        self.values: list[int] = []
        self.model = mathopt.Model()
        self.variables = [
            self.model.add_variable(lb=low, ub=high, is_integer=True)
            for low, high in zip(program.lower, program.upper, strict=True)
        ]
        for row in program.rows:
            added = self.model.add_linear_constraint(
                lb=-math.inf if row.lower is None else row.lower,
                ub=math.inf if row.upper is None else row.upper,
            )
            for variable, coefficient in zip(row.variables, row.coefficients, strict=True):
                added.set_coefficient(self.variables[variable], coefficient)

    def minimise(self, objective: Sum, seconds: float) -> Found:
        if seconds <= 0:
            return Found("unknown")
        self.model.minimize(self._expression(objective))
        hints = []
        if self.values:
            hints.append(mathopt.SolutionHint(dict(zip(self.variables, self.values, strict=True))))
        result = mathopt.solve(
            self.model,
            self.kind,
            params=self._parameters(seconds),
            model_params=mathopt.ModelSolveParameters(solution_hints=hints),
        )
        reason = result.termination.reason
        if reason == mathopt.TerminationReason.INFEASIBLE:
            return Found("infeasible")
        if not result.has_primal_feasible_solution():
            return Found("unknown")
        values = [round(value) for value in result.variable_values(self.variables)]
        best = objective.value(values)
        if not self.values or best <= objective.value(self.values):
            self.values = values
        if reason == mathopt.TerminationReason.OPTIMAL:
            return Found("optimal", best, best)
        bound = result.termination.objective_bounds.dual_bound
        return Found("feasible", best, math.ceil(bound - 1e-6) if math.isfinite(bound) else None)

    def _parameters(self, seconds: float) -> mathopt.SolveParameters:
        # HiGHS takes its threads from the process: MathOpt refuses to set them.
        return mathopt.SolveParameters(
            time_limit=datetime.timedelta(seconds=seconds),
            random_seed=self.budget.seed,
            threads=self.budget.workers if self.kind == SCIP else None,
            relative_gap_tolerance=0.0,
            absolute_gap_tolerance=_LESS_THAN_ONE,
        )

    def at_most(self, objective: Sum, most: int) -> None:
        self.model.add_linear_constraint(self._expression(objective) <= most)

    def value(self, objective: Sum) -> int:
        return objective.value(self.values)

    def _expression(self, total: Sum) -> mathopt.LinearExpression:
        terms = {self.variables[v]: float(c) for v, c in total.terms.items()}
        return mathopt.LinearExpression() + mathopt.LinearSum(
            [total.constant, *(c * v for v, c in terms.items())]
        )
