"""The levels in order and the taking back (docs/problem.md, section 4), whoever minimises.

Our own loop is in `optimizer/levels.py` and knows our model; this is what a user writes around
any solver: minimise, cap, go on, each solve starting from the plan before it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol, TypeVar

from benchmarks.peers.answer import LevelAnswer
from models.policy import Level

Objective = TypeVar("Objective", contravariant=True)


@dataclass(frozen=True, slots=True)
class Found:
    """How one solve ended. `best` is None if nothing was found, `bound` if nothing is proven."""

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    best: int | None = None
    bound: int | None = None


class Solver(Protocol[Objective]):
    """A model that can be minimised again and again; it keeps the best values it has found."""

    def minimise(self, objective: Objective, seconds: float) -> Found:
        """Minimise, starting from the values of the solve before, and keep the new ones."""
        ...

    def at_most(self, objective: Objective, most: int) -> None:
        """Cap an objective from now on."""
        ...

    def value(self, objective: Objective) -> int:
        """What the values kept cost.

        Raises:
            LookupError: if there are none.
        """
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """The levels solved, and what went wrong on the way.

    Attributes:
        levels: empty if no plan was found.
        infeasible: whether the first solve claimed that there is no plan.
        remark: a claim that contradicts a plan already found.
    """

    levels: tuple[LevelAnswer, ...]
    infeasible: bool = False
    remark: str | None = None


def lexicographic(
    levels: Sequence[Level],
    objectives: Sequence[Objective],
    solver: Solver[Objective],
    people: int,
    seconds: float,
) -> Outcome:
    """Solve the levels one after the other, then take back what later ones did not need.

    A level may use half of the time left, the last one nine tenths: as ours.

    Args:
        levels: of the policy.
        objectives: of each level.
        solver: of the model they are about.
        people: in service, for the tolerances.
        seconds: in all.
    """
    deadline = time.monotonic() + seconds
    solved: list[LevelAnswer] = []
    remarks: list[str] = []
    for level, objective in zip(levels, objectives, strict=True):
        started = time.monotonic()
        share = 0.9 if level is levels[-1] else 0.5
        found = solver.minimise(objective, share * max(0.0, deadline - started))
        if found.status == "infeasible" and not solved:
            return Outcome((), infeasible=True)
        if found.best is None and not solved:
            return Outcome(())
        if found.status == "infeasible":
            remarks.append(f"called {level.name} infeasible although it had a plan")
        best = solver.value(objective)
        allowed = best + level.tolerance_per_person * people
        solver.at_most(objective, allowed)
        proven = found.status == "optimal" and best == found.best
        spent = time.monotonic() - started
        bound = best if proven else found.bound
        solved.append(LevelAnswer(level.name, best, bound, allowed, proven, spent))
    for index, (done, objective) in enumerate(zip(solved, objectives, strict=True)):
        if done.allowed is not None and done.allowed > done.best:
            started = time.monotonic()
            found = solver.minimise(objective, max(0.0, deadline - started))
            value = solver.value(objective)
            solver.at_most(objective, value)
            solved[index] = replace(
                done,
                proven=done.proven and found.status == "optimal" and value == found.best,
                seconds=done.seconds + time.monotonic() - started,
            )
    return Outcome(tuple(solved), remark="; ".join(remarks) or None)
