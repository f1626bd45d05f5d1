"""The gate of CI fails on what got slower or worse, and not on noise."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import calibration, gate, gate_cases, known
from benchmarks.calibration import Timing, timed
from benchmarks.gate import FILE, REPEATS, Reference, References, main
from benchmarks.gate_cases import CASES, Case, Measured, ratio
from benchmarks.gate_values import worse
from benchmarks.known import Known
from benchmarks.results import Machine, RunRow

OFFICE = Case("example")
Fake = Callable[[Sequence[Case]], Iterator[Measured]]


@pytest.fixture
def references(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file where the only case takes once the calibration, and half as much again is noise."""
    monkeypatch.setattr(gate, "CASES", (OFFICE,))
    file = tmp_path / "gate.json"
    write(file, 1.0)
    return file


def write(file: Path, reference: float) -> None:
    content = References(
        margin=1.5,
        runs=1,
        measured_at=datetime(2026, 1, 1, tzinfo=UTC),
        commit=None,
        changed=False,
        machine=Machine(cpu="any", cores=2, memory_mib=None, system="any"),
        versions={},
        cases={OFFICE.name: Reference(ratio=reference, least=reference, most=reference)},
    )
    file.write_text(content.model_dump_json(), encoding="utf-8")


def measuring(*ratios: float, run: RunRow | None = None) -> Fake:
    """Measurements that have been made already, one each time it is asked."""
    left = list(ratios)

    def measure(cases: Sequence[Case]) -> Iterator[Measured]:
        for case in cases:
            yield Measured(case, left.pop(0), False, run)

    return measure


# Times


def test_a_case_as_fast_as_its_reference_passes(references: Path) -> None:
    assert main([], measuring(1.0), references) == 0


def test_three_slow_measurements_of_three_fail(
    references: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], measuring(1.6, 1.51, 9.0), references) == 1
    assert "example: slower, 3 times of 3" in capsys.readouterr().err


@pytest.mark.parametrize("ratios", [(1.5,), (9.0, 1.0), (9.0, 9.0, 1.4)])
def test_noise_passes(references: Path, ratios: tuple[float, ...]) -> None:
    assert len(ratios) <= REPEATS
    assert main([], measuring(*ratios), references) == 0


def test_only_slow_cases_are_measured_again(
    references: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    building = Case("example", build=True)
    monkeypatch.setattr(gate, "CASES", (OFFICE, building))
    content = gate.read(references)
    both = content.cases | {building.name: content.cases[OFFICE.name]}
    changed = content.model_copy(update={"cases": both})
    references.write_text(changed.model_dump_json(), encoding="utf-8")
    assert main([], measuring(1.0, 9.0, 1.0), references) == 0
    out = capsys.readouterr().out
    assert (out.count("building example:"), out.count("\nexample:")) == (2, 0)


def test_a_slower_program_fails_as_it_is_measured(
    references: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gate_cases, "calibrate", lambda: Timing(1.0, 1.0))
    assert main(["check"], file=references) == 0  # the example takes a fraction of a second
    write(references, 1e-6)
    assert main(["check"], file=references) == 1
    assert "slower" in capsys.readouterr().err


def test_a_case_without_reference_fails(
    references: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gate, "CASES", (OFFICE, Case("jamsa-2018")))
    assert main([], measuring(), references) == 1
    assert "jamsa-2018: no reference" in capsys.readouterr().err


def test_an_update_takes_the_median_and_keeps_the_margin(references: Path) -> None:
    assert main(["update", "--runs", "3"], measuring(2.0, 9.0, 3.0), references) == 0
    found = gate.read(references)
    assert found.cases == {"example": Reference(ratio=3.0, least=2.0, most=9.0)}
    assert (found.margin, found.runs) == (1.5, 3)
    assert main([], measuring(4.4), references) == 0


def test_noise_is_told_and_changes_nothing(
    references: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = references.read_bytes()
    assert main(["noise", "--runs", "3"], measuring(2.0, 4.0, 3.0), references) == 0
    assert capsys.readouterr().out == "example: median 3.000, as parts of it: 0.67 1.00 1.33\n"
    assert references.read_bytes() == before


# Calibration


def test_on_a_calm_machine_wall_time_counts() -> None:
    assert ratio(Timing(3.0, 1.0), Timing(1.0, 1.0), Timing(2.0, 1.9)) == (2.0, False)


def test_on_a_busy_machine_processor_time_counts() -> None:
    assert ratio(Timing(9.0, 3.0), Timing(2.0, 1.0), Timing(1.0, 1.0)) == (3.0, True)


def test_the_calibration_is_the_same_work_each_time() -> None:
    assert calibration.python_work() == 742_532
    first = calibration.solver_work()
    assert calibration.solver_work() == first


def test_time_is_that_of_what_is_done_within() -> None:
    with timed() as timing:
        time.sleep(0.1)
    assert timing.processor < 0.09 < timing.wall


def test_the_calibration_knows_nothing_of_the_optimizer() -> None:
    script = (
        "import sys, benchmarks.calibration;"
        "print([name for name in sys.modules if name.split('.')[0] in ('optimizer', 'models')])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=FILE.parent.parent, capture_output=True, text=True
    )
    assert (run.stdout.strip(), run.stderr) == ("[]", "")


# What is committed


def test_every_case_has_a_reference_whose_noise_is_within_the_margin() -> None:
    found = gate.read(FILE)
    assert set(found.cases) == {case.name for case in CASES}
    assert found.runs >= 5
    assert all(each.most < found.margin * each.ratio for each in found.cases.values())


def test_every_solved_case_is_known() -> None:
    best = known.read()
    assert all((case.instance, "default") in best for case in CASES if not case.build)


# Values and bounds


@pytest.fixture
def best() -> dict[tuple[str, str], Known]:
    return known.read()


def test_what_is_known_is_not_worse(
    example_run: RunRow, best: dict[tuple[str, str], Known]
) -> None:
    assert worse(example_run, best) == []


def changed_level(run: RunRow, position: int, **values: object) -> RunRow:
    levels = list(run.levels)
    levels[position] = levels[position].model_copy(update=values)
    return run.model_copy(update={"levels": tuple(levels)})


def test_a_worse_bound_is_told(example_run: RunRow, best: dict[tuple[str, str], Known]) -> None:
    run = changed_level(example_run, 1, bound=700)
    assert worse(run, best) == ["example: continuity: bound 700, and 794 is known"]


def test_a_worse_value_is_told(example_run: RunRow, best: dict[tuple[str, str], Known]) -> None:
    run = changed_level(example_run, 2, best=7)
    assert worse(run, best) == ["example: people: best 7, and 6 is known"]


def test_no_plan_is_worse(example_run: RunRow, best: dict[tuple[str, str], Known]) -> None:
    run = example_run.model_copy(update={"levels": (), "status": "infeasible", "plan": None})
    (told,) = worse(run.model_copy(update={"conflicts": (("size",),)}), best)
    assert "contradiction" in told


def test_a_claim_that_the_plan_does_not_show_is_told(
    example_run: RunRow, best: dict[tuple[str, str], Known]
) -> None:
    (told,) = worse(changed_level(example_run, 2, value=5), best)
    assert "contradiction: the plan costs" in told


def test_what_nobody_knows_is_told(example_run: RunRow) -> None:
    (told,) = worse(example_run, {})
    assert "nothing is known" in told


def test_a_larger_conflict_is_worse(best: dict[tuple[str, str], Known]) -> None:
    entry = best["scale-57-infeasible", "default"]
    run = RunRow(
        instance=entry.instance,
        input_sha256=entry.input_sha256,
        policy=entry.policy,
        policy_sha256=entry.policy_sha256,
        seed=0,
        workers=1,
        time_limit=1.0,
        status="infeasible",
        wall_seconds=1.0,
        conflicts=(entry.conflict,),
    )
    assert worse(run, best) == []
    larger = run.model_copy(update={"conflicts": ((*entry.conflict, "another"),)})
    assert len(worse(larger, best)) == 1


def test_a_worse_value_fails_at_once(
    references: Path, example_run: RunRow, capsys: pytest.CaptureFixture[str]
) -> None:
    run = changed_level(example_run, 2, best=7)
    assert main([], measuring(1.0, run=run), references) == 1
    assert "people: best 7, and 6 is known" in capsys.readouterr().err
