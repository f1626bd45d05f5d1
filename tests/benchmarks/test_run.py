"""Runs are measured in processes of their own and written as files that read back the same."""

from pathlib import Path

import pytest

from benchmarks import machine, results
from benchmarks.choices import Choices
from benchmarks.instances import load
from benchmarks.known import Known, KnownLevel
from benchmarks.one import built
from benchmarks.policies import POLICIES
from benchmarks.results import LevelRow, RunRow
from benchmarks.run import main, references, scored
from benchmarks.tiers import SMOKE, STANDARD, TIERS, Case
from benchmarks.trace import Trace, primal_gap, primal_integral
from models import Facts, evaluate
from optimizer import Progress

LEVELS = ["statutory", "continuity", "people", "stability", "substitutes"]


def test_a_run_of_the_example(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "results.json"
    assert main(["--only", "example", "--seeds", "2", "--out", str(file)]) == 0
    found = results.read(file)
    assert (found.tier, len(found.runs)) == ("smoke", 2)
    assert found.machine.cores >= 1
    assert {"python", "ortools", "tiimi"} <= set(found.versions)
    for seed, run in enumerate(found.runs):
        assert (run.instance, run.policy, run.seed, run.status) == (
            "example",
            "default",
            seed,
            "optimal",
        )
        assert run.building_seconds is not None
        assert (run.variables or 0) > 0
        assert (run.rows or 0) > 0
        assert 0 < (run.first_plan_seconds or 0) <= run.wall_seconds
        assert (run.peak_memory_mib or 0) > 20
        assert run.primal_integral is not None
        assert [level.level for level in run.levels] == LEVELS
        proofs = [level.proof_seconds or 0 for level in run.levels]
        assert proofs == sorted(proofs)
        assert proofs[0] > 0
    out = capsys.readouterr().out
    assert "example seed 1: optimal" in out
    assert "statutory 0 (" in out
    assert "median" in out


def test_a_process_that_fails_is_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine, "memory_mib", lambda: 1)
    file = tmp_path / "results.json"
    assert main(["--only", "example", "--out", str(file)]) == 1
    (run,) = results.read(file).runs
    assert (run.status, run.levels, run.plan) == ("failed", (), None)
    assert "exit code" in (run.failure or "")
    assert "failed" in capsys.readouterr().out


def test_a_name_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "nobody"])
    assert "scale-57-loose-few" in capsys.readouterr().err
    with pytest.raises(KeyError, match="jamsa-2018-units"):
        load("nobody")


def test_every_case_of_every_tier_has_an_instance() -> None:
    names = {case.instance for tier in TIERS.values() for case in tier}
    assert all(len(load(name).employees) for name in names if "000" not in name)
    assert {case.policy for tier in TIERS.values() for case in tier} <= set(POLICIES)


@pytest.mark.parametrize(("tier", "minutes"), [(SMOKE, 2), (STANDARD, 20)])
def test_a_tier_ends_in_time_if_every_run_takes_all_it_may(
    tier: tuple[Case, ...], minutes: int
) -> None:
    starting = 2
    seconds = sum(case.seeds * (case.time_limit + starting) + starting for case in tier)
    assert seconds <= 60 * minutes


# What is stored


def test_a_plan_follows_from_its_choices(example_run: RunRow) -> None:
    organisation = load("example")
    facts = Facts(organisation, POLICIES["default"])
    assert example_run.plan is not None
    plan = example_run.plan.plan(facts)
    evaluation = evaluate(organisation, POLICIES["default"], plan)
    assert evaluation.is_valid
    values = [evaluation.value(level) for level in POLICIES["default"].levels]
    assert values == [level.value for level in example_run.levels]
    assert Choices.of(plan) == example_run.plan


def test_results_read_back_the_same(example_run: RunRow, tmp_path: Path) -> None:
    assert RunRow.model_validate_json(results.as_json(example_run)) == example_run


def test_building_is_measured() -> None:
    measured = built(load("example"), POLICIES["joint"])
    assert set(measured) == {"building_seconds", "variables", "rows"}


# The trace and what it sums up to


def test_a_trace_keeps_what_improves_and_when_it_was_proven() -> None:
    def progress(best: int | None, status: str | None = None, back: bool = False) -> Progress:
        return Progress("people", 1, 1, best, 0, 0.0, back, status)

    trace = Trace()
    for event in (
        progress(None),
        progress(9),
        progress(9),
        progress(7),
        progress(7, "optimal"),
        progress(6, "feasible", back=True),
    ):
        trace(event)
    level = trace.levels["people"]
    assert [best for _, best in level.improvements] == [9, 7]
    assert trace.first_plan_seconds == level.improvements[0][0]
    assert level.proof_seconds is not None


def test_the_primal_integral() -> None:
    first = row("a", 10, improvements=((1.0, 20), (3.0, 10)))
    second = row("b", 0, improvements=((4.0, 0),))
    # a: 1 s of gap 1, 2 s of gap 1/2, then none; b: 4 s of gap 1: (1 + 1 + 4) / 2
    assert primal_integral([first, second], 6.0, {"a": 10, "b": 0}) == 3.0
    # with 8 as the best of a: 1 + 2 × 12/20 + 3 × 2/10 = 2.8
    assert primal_integral([first], 6.0, {"a": 8}) == 2.8
    assert primal_integral([], 6.0, {}) is None
    assert (primal_gap(3, 5), primal_gap(5, 5), primal_gap(10, 0)) == (0.0, 0.0, 1.0)


def test_references_are_the_best_known_while_the_levels_before_agree() -> None:
    levels = [row("a", 10), row("b", 7), row("c", 5)]
    best = known({"a": 10, "b": 6, "c": 1})
    assert references(levels, best) == {"a": 10, "b": 6, "c": 5}
    assert references(levels, None) == {"a": 10, "b": 7, "c": 5}


def test_a_run_without_levels_has_no_integral(example_run: RunRow) -> None:
    without = example_run.model_copy(update={"levels": ()})
    assert scored(without, None).primal_integral is None


def test_the_gap_of_a_level() -> None:
    assert row("a", 10).gap == 1.0
    assert row("a", 0).gap == 0.0
    assert row("a", None).gap is None


def row(level: str, best: int | None, improvements: tuple[tuple[float, int], ...] = ()) -> LevelRow:
    return LevelRow(
        level=level,
        best=best,
        bound=0,
        allowed=best,
        value=best,
        status="feasible",
        seconds=1.0,
        improvements=improvements,
    )


def known(best: dict[str, int]) -> Known:
    levels = tuple(
        KnownLevel(level=name, best=value, bound=0, given=(), allowed=value, value=value)
        for name, value in best.items()
    )
    return Known(instance="i", input_sha256="", policy="p", policy_sha256="", levels=levels)
