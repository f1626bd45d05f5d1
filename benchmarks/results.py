"""What runs found and took: a file that can be compared, reported and learnt from.

Times are seconds of wall time since the run began, unless a field says otherwise.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from benchmarks.choices import Choices
from models.files import write_whole


class Part(BaseModel):
    """Base of everything in a file of results: frozen and closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LevelRow(Part):
    """How one level went.

    Attributes:
        best, bound, allowed, value, status: as in the proposal (docs/problem.md, section 5).
        seconds: spent on it, its taking back included.
        proof_seconds: when it was proven; None if it was not.
        improvements: (when, best), each better than the one before.
        plan: a plan that costs `best`, where the final one costs more.
    """

    level: str
    best: int | None
    bound: int | None
    allowed: int | None
    value: int | None
    status: Literal["optimal", "feasible", "unknown", "infeasible"]
    seconds: float
    proof_seconds: float | None = None
    improvements: tuple[tuple[float, int], ...] = ()
    plan: Choices | None = None

    @property
    def gap(self) -> float | None:
        """How far `best` is from the best possible at most, as a part of `best`."""
        if self.best is None or self.bound is None:
            return None
        return (self.best - self.bound) / self.best if self.best else 0.0

    @property
    def is_proven(self) -> bool:
        """Whether `best` is known to be the best possible, its taking back aside.

        No cost is below 0, whoever proves what.
        """
        return self.status == "optimal" or self.best == (self.bound or 0)

    @property
    def open_gap(self) -> float:
        """The gap between 0 and 1: 0 once a level is proven, 1 while there is no plan."""
        if self.is_proven:
            return 0.0
        if self.best is None:
            return 1.0
        return min(1.0, max(0.0, (self.best - (self.bound or 0)) / self.best))


class RunRow(Part):
    """One run: an instance, a policy, a seed.

    Attributes:
        solver: who solved; `tiimi` is ours.
        time_limit: seconds it was given.
        status: as of the proposal; `failed` if there was none, and `failure` says why. A peer
            that was not run, because it is not installed or knows no such instance, is `unknown`,
            and `failure` says why.
        building_seconds: taken to build the model and all goals, in a process of its own.
        variables, rows: of that model.
        primal_integral: seconds, the mean over levels of the gap to the best known, summed over
            the run (`benchmarks.trace`).
        peak_memory_mib: of the process that solved.
        conflicts: where no valid plan exists.
        plan: the final one.
        remark: what a peer's numbers are to be read with (`benchmarks.peers`).
    """

    instance: str
    input_sha256: str
    policy: str
    policy_sha256: str
    seed: int
    workers: int
    time_limit: float
    solver: str = "tiimi"
    status: Literal["optimal", "feasible", "infeasible", "unknown", "failed"]
    levels: tuple[LevelRow, ...] = ()
    building_seconds: float | None = None
    variables: int | None = None
    rows: int | None = None
    first_plan_seconds: float | None = None
    wall_seconds: float
    primal_integral: float | None = None
    peak_memory_mib: int | None = None
    conflicts: tuple[tuple[str, ...], ...] = ()
    plan: Choices | None = None
    failure: str | None = None
    remark: str | None = None

    @property
    def was_run(self) -> bool:
        """Whether there is anything to compare; a run that failed counts."""
        return self.status != "unknown" or self.failure is None

    @property
    def key(self) -> tuple[str, str, str]:
        """What it can be compared by with other runs."""
        return self.instance, self.policy, self.solver

    @property
    def bests(self) -> tuple[int, ...]:
        """The best of each level, in order, as far as there are any."""
        return tuple(level.best for level in self.levels if level.best is not None)


class Machine(Part):
    """Where it ran."""

    cpu: str
    cores: int
    memory_mib: int | None
    system: str


class Results(Part):
    """Runs on one machine, of one commit.

    Attributes:
        command: that gives them, without where they are written to.
        changed: whether the source differed from the commit.
        load: threads that wanted a processor in the minute before, where the system says it: where
            it is not small, others made times longer.
    """

    tier: str
    command: str | None = None
    started_at: datetime
    commit: str | None
    changed: bool
    load: float | None = None
    machine: Machine
    versions: dict[str, str]
    runs: tuple[RunRow, ...] = ()


def command(module: str, arguments: Sequence[str]) -> str:
    """What gives results, wherever they are written to: a module and its arguments but `--out`."""
    kept: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--out":
            next(words, None)
        elif not word.startswith("--out="):
            kept.append(word)
    return shlex.join(["python", "-m", module, *kept])


def read(path: str | Path) -> Results:
    """Read a file of results.

    Raises:
        OSError: if it cannot be read.
        ValueError: if it is none.
    """
    return Results.model_validate_json(Path(path).read_text(encoding="utf-8"))


def write(results: Results, path: str | Path) -> None:
    """Write a file of results, whole or not at all; a run a line."""
    head = results.model_dump(mode="json", exclude={"runs"})
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    runs = ",\n".join(as_json(run) for run in results.runs)
    write_whole(path, "{\n" + ",\n".join([*lines, f'"runs": [\n{runs}\n]']) + "\n}\n")


def as_json(run: RunRow) -> str:
    """A run in one line, without what is absent."""
    content: dict[str, Any] = run.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
