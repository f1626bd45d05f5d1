"""What the gate measures, and one measurement of it between two calibrations.

One thread and one seed, so that the same source does the same work each time: what differs is the
machine. A case must be solved to the end in a few seconds, hence no time limit decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.calibration import Timing, calibrate, timed
from benchmarks.instances import load
from benchmarks.one import built, solved
from benchmarks.policies import POLICIES
from benchmarks.results import RunRow

SECONDS = 60.0
"""The most a solve may take; reaching it is failing."""

BUSY = 1.1
"""Wall time over processor time of a calibration from which on the machine is busy with others."""


@dataclass(frozen=True, slots=True)
class Case:
    """An instance under the default policy; `build` for the model's building alone."""

    instance: str
    build: bool = False

    @property
    def name(self) -> str:
        """What it is called in the file of references."""
        return f"building {self.instance}" if self.build else self.instance


CASES = (
    Case("jamsa-2018-units"),
    Case("scale-57-over-constrained"),
    Case("scale-57-infeasible"),
    Case("scale-200-tight-many", build=True),
    Case("scale-500-tight-many", build=True),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement.

    Attributes:
        ratio: to the mean of the calibrations before and after; of processor time if the machine
            was busy, of wall time if not.
        busy: whether it was.
        run: what was found; None of building.
    """

    case: Case
    ratio: float
    busy: bool
    run: RunRow | None = None


def measured(cases: Sequence[Case]) -> Iterator[Measured]:
    """Measure one after the other, each between two calibrations.

    The first solve of a process loads what later ones find, so it is not measured.
    """
    solved(load("example"), "example", "default", 0, 1, SECONDS)
    before = calibrate()
    for case in cases:
        organisation = load(case.instance)
        with timed() as timing:
            run = None
            if case.build:
                built(organisation, POLICIES["default"])
            else:
                run = solved(organisation, case.instance, "default", 0, 1, SECONDS)
        after = calibrate()
        yield Measured(case, *ratio(timing, before, after), run)
        before = after


def ratio(timing: Timing, before: Timing, after: Timing) -> tuple[float, bool]:
    """A time over that of the calibrations around it, and whether the machine was busy.

    Whoever shares a processor waits for it, and how long says nothing of us. So once a calibration
    has waited for more than a tenth of its time, the processors' time is compared.
    """
    busy = any(timing.wall > BUSY * timing.processor for timing in (before, after))
    if busy:
        return 2 * timing.processor / (before.processor + after.processor), True
    return 2 * timing.wall / (before.wall + after.wall), False
