"""The gate of CI: `python -m benchmarks.gate [check|update|noise] [--runs N]`.

    check    fail if a case got slower or found less than is known; the default
    update   measure every case N times, and make the medians the references
    noise    the same, and print how far apart the measurements are; changes nothing

Never seconds, but ratios to a fixed piece of work (`benchmarks.calibration`) done on the same
machine right before and after. A case is slower if each of three measurements is above its
reference times the margin; the second and third are made only if the one before was. A value or a
bound that is worse than the best known fails at once. After a change that is meant to cost time,
or to save it: `update`, and commit `gate.json`. Its machine, Python and solver should be CI's.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import known, machine
from benchmarks.gate_cases import CASES, Case, Measured, measured
from benchmarks.gate_values import worse
from benchmarks.known import Known
from benchmarks.results import Machine, Part
from models.files import write_whole

FILE = Path(__file__).with_name("gate.json")
REPEATS = 3
RUNS = 7

Measure = Callable[[Sequence[Case]], Iterator[Measured]]


class Reference(Part):
    """A case's ratio, the median of several, and the least and the most among them."""

    ratio: float
    least: float
    most: float


class References(Part):
    """What later runs are compared with, and where it was measured.

    Attributes:
        margin: how many times its reference a case may take.
    """

    margin: float
    runs: int
    measured_at: datetime
    commit: str | None
    changed: bool
    machine: Machine
    versions: dict[str, str]
    cases: dict[str, Reference]


def main(arguments: list[str], measure: Measure = measured, file: Path = FILE) -> int:
    """Check, update or say the noise; 1 if the check fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", nargs="?", choices=("check", "update", "noise"), default="check")
    parser.add_argument("--runs", type=int, default=RUNS, help="of update and noise")
    options = parser.parse_args(arguments)
    if options.command == "check":
        return check(measure, read(file), known.read())
    found = collected(measure, options.runs)
    for name, ratios in found.items():
        print(f"{name}: {described(ratios)}")
    if options.command == "update":
        write(file, read(file).margin, found)
    return 0


def check(measure: Measure, references: References, best: dict[tuple[str, str], Known]) -> int:
    """Measure what must be measured, and say what is wrong; 1 if anything is."""
    began = time.monotonic()
    wrong = [f"{case.name}: no reference" for case in CASES if case.name not in references.cases]
    if wrong:
        return _failed(wrong)
    left: Sequence[Case] = CASES
    for repeat in range(REPEATS):
        again = []
        for found in measure(left):
            told = worse(found.run, best) if found.run and not repeat else []
            wrong += told
            slow = is_slow(found, references)
            print(line(found, references, slow), flush=True)
            if slow and not told:
                again.append(found.case)
        left = again
        if not left:
            break
    wrong += [f"{case.name}: slower, {REPEATS} times of {REPEATS}" for case in left]
    if wrong:
        return _failed(wrong)
    print(f"gate: passed in {time.monotonic() - began:.0f} s")
    return 0


def _failed(wrong: Sequence[str]) -> int:
    for told in wrong:
        print(f"gate: {told}", file=sys.stderr)
    print(
        "If it must be so: python -m benchmarks.gate update for times, python -m "
        "benchmarks.best_known update for values; then commit what they change.",
        file=sys.stderr,
    )
    return 1


def is_slow(found: Measured, references: References) -> bool:
    """Whether a measurement is above what is allowed; of a case that has a reference."""
    return found.ratio > references.margin * references.cases[found.case.name].ratio


def line(found: Measured, references: References, slow: bool) -> str:
    """A measurement in a line."""
    reference = references.cases[found.case.name].ratio
    times = found.ratio / reference
    beside = " (busy machine: processor time)" if found.busy else ""
    said = f", above {references.margin:g}" if slow else ""
    return f"{found.case.name}: {found.ratio:.3f}, {times:.2f} of its reference{said}{beside}"


def collected(measure: Measure, runs: int) -> dict[str, list[float]]:
    """The ratios of all cases, measured so many times."""
    found: dict[str, list[float]] = {case.name: [] for case in CASES}
    for _ in range(runs):
        for each in measure(CASES):
            found[each.case.name].append(each.ratio)
    return found


def described(ratios: Iterable[float]) -> str:
    """The median, and the others as parts of it."""
    ordered = sorted(ratios)
    median = statistics.median(ordered)
    parts = " ".join(f"{ratio / median:.2f}" for ratio in ordered)
    return f"median {median:.3f}, as parts of it: {parts}"


def read(file: Path) -> References:
    """The references that are committed."""
    return References.model_validate_json(file.read_text(encoding="utf-8"))


def write(file: Path, margin: float, found: dict[str, list[float]]) -> None:
    """Make the medians the references; the margin stays."""
    commit, changed = machine.commit()
    references = References(
        margin=margin,
        runs=max(len(ratios) for ratios in found.values()),
        measured_at=datetime.now(UTC).replace(microsecond=0),
        commit=commit,
        changed=changed,
        machine=machine.machine(),
        versions=machine.versions(),
        cases={
            name: Reference(
                ratio=round(statistics.median(ratios), 3),
                least=round(min(ratios), 3),
                most=round(max(ratios), 3),
            )
            for name, ratios in found.items()
        },
    )
    content = references.model_dump(mode="json")
    write_whole(file, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
