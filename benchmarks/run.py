"""Run and measure: `python -m benchmarks.run [--tier smoke|standard|full] [options]`.

Each run is a process of its own. Prints a line per run; with `--out` the results are a file for
`benchmarks.compare` and `benchmarks.best_known`, written anew after every run. Seconds are wall
time of this machine: compare ratios.

NAME of `--only` is an instance of the tier, or any other (`benchmarks.instances`).
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import known, machine, results
from benchmarks.instances import is_one, load, names
from benchmarks.known import Known
from benchmarks.policies import POLICIES
from benchmarks.results import LevelRow, Results, RunRow
from benchmarks.tiers import TIERS, Case
from benchmarks.trace import primal_integral

GRACE = 3
"""A process may take so many times its limit, to load, build and evaluate, before it is ended."""

GRACE_SECONDS = 60.0
DEFAULT_SECONDS = 60.0


def main(arguments: list[str]) -> int:
    """Run, print, write; 1 if a run failed."""
    parser = _parser()
    options = parser.parse_args(arguments)
    for name in options.only or ():
        if not is_one(name):
            parser.error(f"no instance is named {name!r}; there are: {', '.join(names())}")
    head = machine.commit()
    found = Results(
        tier=options.tier,
        command=results.command("benchmarks.run", arguments),
        started_at=datetime.now(UTC),
        commit=head[0],
        changed=head[1],
        load=machine.load(),
        machine=machine.machine(),
        versions=machine.versions(),
    )
    if options.out is not None:
        results.write(found, options.out)
    best = known.read()
    for case in cases(options):
        runs = []
        for row in _runs(case, options.workers):
            run = scored(row, best.get((case.instance, case.policy)))
            runs.append(run)
            print(f"{case.instance} {line(run)}", flush=True)
            found = found.model_copy(update={"runs": (*found.runs, run)})
            if options.out is not None:
                results.write(found, options.out)
        if len(runs) > 1:
            walls = [run.wall_seconds for run in runs]
            print(f"  median {statistics.median(walls):.1f} s, worst {max(walls):.1f} s")
    return int(any(run.status == "failed" for run in found.runs))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tier", choices=TIERS, default="smoke")
    parser.add_argument("--only", action="append", metavar="NAME", help="may be repeated")
    parser.add_argument("--policy", choices=POLICIES, help="instead of the tier's")
    parser.add_argument("--seeds", type=int, help="runs of each, instead of the tier's")
    parser.add_argument("--time-limit", type=float, help="seconds, instead of the tier's")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, metavar="FILE.json")
    return parser


def cases(options: argparse.Namespace) -> list[Case]:
    """The cases of the tier that are asked for, and others by name."""
    chosen = list(TIERS[options.tier])
    if options.only:
        listed = {case.instance for case in chosen}
        others = [Case(name, DEFAULT_SECONDS) for name in options.only if name not in listed]
        chosen = [case for case in chosen if case.instance in options.only] + others
    asked = {
        "policy": options.policy,
        "seeds": options.seeds,
        "time_limit": options.time_limit,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    return list(dict.fromkeys(replace(case, **given) for case in chosen))


def _runs(case: Case, workers: int) -> Iterator[RunRow]:
    """One run after the other; what the model takes to build is measured once."""
    try:
        building = json.loads(_process(case, "--build"))
    except _FailedError:
        building = {}
    for seed in range(case.seeds):
        yield _run(case, seed, workers).model_copy(update=building)


def _run(case: Case, seed: int, workers: int) -> RunRow:
    started = time.monotonic()
    options = {"seed": seed, "workers": workers, "time-limit": case.time_limit}
    try:
        said = _process(case, *(f"--{name}={value}" for name, value in options.items()))
        return RunRow.model_validate_json(said)
    except _FailedError as error:
        return RunRow(
            instance=case.instance,
            input_sha256=load(case.instance).sha256(),
            policy=case.policy,
            policy_sha256=POLICIES[case.policy].sha256(),
            seed=seed,
            workers=workers,
            time_limit=case.time_limit,
            status="failed",
            wall_seconds=round(time.monotonic() - started, 3),
            failure=str(error),
        )


class _FailedError(Exception):
    """A process gave no answer; says why."""


def _process(case: Case, *options: str) -> str:
    """What `benchmarks.one` prints, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.one", case.instance, f"--policy={case.policy}"]
    memory = machine.memory_mib()
    if memory is not None:
        command.append(f"--memory-mib={memory}")
    seconds = GRACE * case.time_limit + GRACE_SECONDS
    try:
        run = subprocess.run(
            [*command, *options],
            cwd=machine.ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise _FailedError(f"ended after {seconds:.0f} s without an answer") from None
    except subprocess.CalledProcessError as error:
        last = error.stderr.strip().splitlines()[-1:] or [""]
        raise _FailedError(f"exit code {error.returncode}: {last[0]}") from None
    return run.stdout


def scored(run: RunRow, best: Known | None) -> RunRow:
    """The run with its primal integral, against the best known where it can be compared."""
    integral = primal_integral(run.levels, run.wall_seconds, references(run.levels, best))
    return run.model_copy(update={"primal_integral": integral})


def references(levels: Sequence[LevelRow], best: Known | None) -> dict[str, int]:
    """Of each level the best known, as long as the levels before are the same; else its own."""
    found: dict[str, int] = {}
    known_best = {level.level: level.best for level in best.levels} if best else {}
    comparable = True
    for level in levels:
        own = 0 if level.best is None else level.best
        least = known_best.get(level.level, own) if comparable else own
        found[level.level] = min(own, least)
        comparable = comparable and least == own
    return found


def line(run: RunRow) -> str:
    """A run in a line."""
    head = f"seed {run.seed}: {run.status} {run.wall_seconds:.1f} s"
    if run.failure is not None:
        return f"{head}  {run.failure}"
    measured = {
        "building": _seconds(run.building_seconds),
        "first plan": _seconds(run.first_plan_seconds),
        "peak": None if run.peak_memory_mib is None else f"{run.peak_memory_mib} MiB",
    }
    beside = ", ".join(f"{name} {value}" for name, value in measured.items() if value)
    answer = [", ".join(conflict) for conflict in run.conflicts] or map(_level, run.levels)
    return "  ".join([f"{head} ({beside})", *answer])


def _level(level: LevelRow) -> str:
    if level.proof_seconds is not None:
        return f"{level.level} {level.value} ({level.proof_seconds:.1f} s)"
    gap = "" if level.gap is None else f" (gap {100 * level.gap:.1f} %)"
    return f"{level.level} {level.value}{gap}"


def _seconds(seconds: float | None) -> str | None:
    return None if seconds is None else f"{seconds:.1f} s"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
