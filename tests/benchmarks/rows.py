"""Invented rows of results: what the report and the ledger are tested on."""

from collections.abc import Sequence
from datetime import UTC, datetime

from benchmarks.results import LevelRow, Machine, Results, RunRow


def level(name: str, best: int, bound: int | None, seconds: float = 1.0) -> LevelRow:
    return LevelRow(
        level=name,
        best=best,
        bound=bound,
        allowed=best,
        value=best,
        status="optimal" if best == bound else "feasible",
        seconds=seconds,
    )


def run(
    instance: str,
    wall: float,
    *levels: LevelRow,
    solver: str = "tiimi",
    **changed: object,
) -> RunRow:
    """Proven if its levels are, without levels infeasible."""
    made = RunRow(
        instance=instance,
        input_sha256="a",
        policy="default",
        policy_sha256="b",
        seed=0,
        workers=2,
        time_limit=60.0,
        solver=solver,
        status="optimal" if all(x.status == "optimal" for x in levels) else "feasible",
        levels=levels,
        wall_seconds=wall,
        peak_memory_mib=100,
        conflicts=() if levels else (("x", "y"),),
    )
    if not levels:
        made = made.model_copy(update={"status": "infeasible"})
    return made.model_copy(update=changed)


def results_of(runs: Sequence[RunRow], command: str | None = None) -> Results:
    return Results(
        tier="smoke",
        command=command,
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        commit="0123456789abcdef",
        changed=False,
        load=0.3,
        machine=Machine(cpu="any cpu", cores=2, memory_mib=8192, system="any"),
        versions={"python": "3.11"},
        runs=tuple(runs),
    )
