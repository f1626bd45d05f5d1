"""CP-SAT as the solver of an integer program: one call, a deadline, a stop.

The subsolvers and rows that pay are measured in docs/formulation.md.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from ortools.sat.python import cp_model

from optimizer.program import Program, Sum
from optimizer.threads import interruptible

Hint = Sequence[int] | Mapping[int, int]

Improved = Callable[[int | None, int], None]
"""Called with the best value (None: no plan yet) and the bound, as they improve."""

TREE_UP_TO = 20_000
"""Up to so many variables all threads search one tree, which also finds the plans."""

_RACE = """
subsolver_params { name: "cuts" linearization_level: 2 cut_level: 1 }
subsolver_params { name: "no_cuts" linearization_level: 2 cut_level: 0 }
subsolvers: "cuts"
subsolvers: "no_cuts"
"""
"""Two searches that prove; the solver gives one thread more to finding plans."""


class SolverError(RuntimeError):
    """The solver contradicted itself or the evaluation: our mistake, never the user's."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a solve may use.

    Attributes:
        asked: seconds of wall time it was given as a whole.
        deadline: `time.monotonic()` at which it must have ended.
        workers: threads that prove; with more than one, another one looks for plans if the
            program is large.
        seed: of the solver's random choices.
        stop: set by whoever wants the best plan so far, now.
    """

    asked: float
    deadline: float
    workers: int
    seed: int
    stop: threading.Event

    @classmethod
    def for_seconds(
        cls,
        seconds: float,
        workers: int | None = None,
        seed: int = 0,
        stop: threading.Event | None = None,
    ) -> Limits:
        """From now on; by default one thread per processor."""
        deadline = time.monotonic() + seconds
        return cls(
            seconds, deadline, workers or os.cpu_count() or 1, seed, stop or threading.Event()
        )

    @property
    def left(self) -> float:
        """Seconds left; 0 once stopped."""
        return 0.0 if self.stop.is_set() else max(0.0, self.deadline - time.monotonic())

    def within(self, seconds: float) -> Limits:
        """The same, but ending in at most so many seconds."""
        deadline = min(self.deadline, time.monotonic() + seconds)
        return replace(self, deadline=deadline)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solve found.

    Attributes:
        status: proven optimal, a plan without proof, proven infeasible, or nothing.
        values: an assignment of all variables, if one was found.
        best: its objective.
        bound: no assignment has a lower objective.
    """

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    values: Sequence[int] | None
    best: int | None
    bound: int | None


def minimise(
    program: Program,
    objective: Sum,
    limits: Limits,
    hint: Hint | None = None,
    improved: Improved | None = None,
    **options: object,
) -> Answer:
    """Minimise a sum over a program.

    Args:
        program: variables and rows.
        objective: what to minimise.
        limits: deadline, threads, seed, stop.
        hint: values of the first variables, from an earlier answer; or of any, by variable.
        improved: told of progress, from a thread of the solver.
        options: parameters of CP-SAT beside the usual ones.
    """
    if limits.left <= 0:
        return Answer("unknown", None, None, None)
    model = _cp_model(program, objective, hint)
    solver = cp_model.CpSolver()
    set_parameters(solver, len(program.lower), limits)
    _override(solver, options)
    progress = _Progress(improved, objective)
    solver.best_bound_callback = progress.bound_improved
    solve = partial(solver.solve, model, progress)
    status = interruptible(solve, limits.stop, solver.stop_search)
    return _answer(solver, status, objective, progress.last_bound)


class _CpModel(cp_model.CpModel):
    def _add_pre_pep8_methods(self) -> None:
        """None: binding the old names takes longer than solving a tiny program."""


def _cp_model(program: Program, objective: Sum, hint: Hint | None) -> cp_model.CpModel:
    model = _CpModel()
    proto = model.proto
    for low, high in zip(program.lower, program.upper, strict=True):
        proto.variables.add().domain.extend((low, high))
    for row in program.rows:
        linear = proto.constraints.add().linear
        linear.vars.extend(row.variables)
        linear.coeffs.extend(row.coefficients)
        linear.domain.extend(
            (
                cp_model.INT_MIN if row.lower is None else row.lower,
                cp_model.INT_MAX if row.upper is None else row.upper,
            )
        )
    if objective.terms:
        proto.objective.vars.extend(list(objective.terms))
        proto.objective.coeffs.extend(list(objective.terms.values()))
    if hint is not None:
        known = hint if isinstance(hint, Mapping) else dict(enumerate(hint))
        proto.solution_hint.vars.extend(list(known))
        proto.solution_hint.values.extend(list(known.values()))
    return model


def set_parameters(solver: cp_model.CpSolver, variables: int, limits: Limits) -> None:
    """Parameters for a program of so many variables (docs/formulation.md)."""
    parameters = solver.parameters
    parameters.max_time_in_seconds = limits.left
    parameters.num_workers = limits.workers
    parameters.random_seed = limits.seed
    parameters.catch_sigint_signal = False
    # What pays is the relaxation of these rows, with no time spent on cuts, probing and
    # rewriting clauses (docs/formulation.md, "The solver's settings").
    parameters.linearization_level = 2
    parameters.cut_level = 0
    parameters.cp_model_probing_level = 0
    parameters.inprocessing_dtime_ratio = 0.0
    if variables <= TREE_UP_TO:
        # The formulation leaves presolve little to find: it runs once, and compares no rows.
        parameters.max_presolve_iterations = 1
        parameters.find_big_linear_overlap = False
        parameters.presolve_inclusion_work_limit = 1_000_000
        parameters.shared_tree_num_workers = limits.workers if limits.workers > 1 else 0
    elif limits.workers > 1:
        # Nothing is proven soon: with cuts the bound ends nearer, and plans need a thread.
        parameters.merge_text_format(_RACE)
        parameters.num_workers = limits.workers + 1


def _override(solver: cp_model.CpSolver, options: dict[str, object]) -> None:
    for name, value in options.items():
        if isinstance(value, list):
            getattr(solver.parameters, name).clear()
            getattr(solver.parameters, name).extend(value)
        else:
            setattr(solver.parameters, name, value)


class _Progress(cp_model.CpSolverSolutionCallback):
    """Passes on what the solver's threads report: whole numbers, as floating point."""

    def __init__(self, improved: Improved | None, objective: Sum) -> None:
        super().__init__()
        self._improved = improved
        self._constant = objective.constant
        self._best: int | None = None
        self.last_bound: int | None = None

    def on_solution_callback(self) -> None:
        self._best = round(self.objective_value) + self._constant
        self.last_bound = round(self.best_objective_bound) + self._constant
        self._tell()

    def bound_improved(self, bound: float) -> None:
        self.last_bound = round(bound) + self._constant
        self._tell()

    def _tell(self) -> None:
        if self._improved is not None and self.last_bound is not None:
            self._improved(self._best, self.last_bound)


def _answer(
    solver: cp_model.CpSolver,
    status: cp_model.CpSolverStatus,
    objective: Sum,
    last_bound: int | None,
) -> Answer:
    if status == cp_model.MODEL_INVALID:
        raise SolverError("the solver calls the program invalid")
    if status == cp_model.INFEASIBLE:
        return Answer("infeasible", None, None, None)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        # The solver's own bound may be unset here: only one it has told of counts.
        return Answer("unknown", None, None, last_bound)
    values = list(solver.response_proto.solution)
    best = objective.value(values)
    if status == cp_model.OPTIMAL or not objective.terms:
        return Answer("optimal", values, best, best)
    bound = round(solver.best_objective_bound) + objective.constant
    return Answer("feasible", values, best, bound)
