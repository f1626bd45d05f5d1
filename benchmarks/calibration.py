"""How fast this machine is right now: a fixed amount of work that no change of ours makes shorter.

Half of it is Python as it is written in `models/` and `optimizer/` (tuples, dictionaries, sorting),
half a solve of CP-SAT on one thread that ends after a fixed amount of the solver's own count of
work. It imports nothing of the optimizer. Who changes it changes every reference of the gate.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ortools.sat.python import cp_model

_ROUNDS = 6
_PEOPLE = 180
_TEAMS = 12
_DETERMINISTIC_SECONDS = 0.2


@dataclass(slots=True)
class Timing:
    """How long something took.

    Attributes:
        wall: seconds by the clock.
        processor: seconds of processors, all threads of this process together.
    """

    wall: float = 0.0
    processor: float = 0.0


@contextmanager
def timed() -> Iterator[Timing]:
    """What is done within, timed once it is done."""
    timing = Timing()
    wall, processor = time.perf_counter(), time.process_time()
    yield timing
    timing.processor = time.process_time() - processor
    timing.wall = time.perf_counter() - wall


def calibrate() -> Timing:
    """Do the work, and say how long it took."""
    with timed() as timing:
        python_work()
        solver_work()
    return timing


def python_work() -> int:
    """Sort, group and count; always the same result."""
    draw = _drawing(1)
    total = 0
    for _ in range(_ROUNDS):
        rows = [(f"E{draw(9_000)}", draw(60), (draw(900), draw(900))) for _ in range(20_000)]
        groups: dict[int, list[tuple[str, int]]] = {}
        for name, team, (start, length) in sorted(rows):
            groups.setdefault(team, []).append((name, start + length))
        total += sum(len({name for name, _ in group}) for group in groups.values())
        total += sum(max(end for _, end in group) for group in groups.values())
    return total


def solver_work() -> tuple[int, int]:
    """Place people in teams of limited size; always the same best value and bound."""
    draw = _drawing(2)
    model = cp_model.CpModel()
    people, teams = range(_PEOPLE), range(_TEAMS)
    place = {(p, t): model.new_bool_var("") for p in people for t in teams}
    loads = {p: 5 + draw(40) for p in people}
    limit = sum(loads.values()) // _TEAMS + 4
    for p in people:
        model.add_exactly_one(place[p, t] for t in teams)
    for t in teams:
        model.add(sum(loads[p] * place[p, t] for p in people) <= limit)
    together = []
    for _ in range(2 * _PEOPLE):
        p, q = draw(_PEOPLE), draw(_PEOPLE)
        for t in teams if p != q else ():
            apart = model.new_bool_var("")
            model.add_bool_or(~place[p, t], place[q, t], apart)
            together.append(apart)
    cost = sum((1 + draw(30)) * variable for variable in place.values())
    model.minimize(cost + 3 * sum(together))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = _DETERMINISTIC_SECONDS
    solver.solve(model)
    return round(solver.objective_value), round(solver.best_objective_bound)


def _drawing(seed: int) -> Callable[[int], int]:
    """Whole numbers below a limit, the same on every Python: a linear congruential generator."""
    state = seed

    def draw(below: int) -> int:
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 33) % below

    return draw
