"""Two files of results are compared: ratios of times, and what got worse."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import results
from benchmarks.compare import main
from benchmarks.results import LevelRow, Machine, Results, RunRow

Compare = Callable[[list[RunRow], list[RunRow]], tuple[int, str]]


def level(name: str, best: int, bound: int) -> LevelRow:
    return LevelRow(
        level=name,
        best=best,
        bound=bound,
        allowed=best,
        value=best,
        status="optimal" if best == bound else "feasible",
        seconds=1.0,
    )


def run(*levels: LevelRow, wall: float = 2.0, **changed: object) -> RunRow:
    proven = all(x.best == x.bound for x in levels)
    made = RunRow(
        instance="office",
        input_sha256="a",
        policy="default",
        policy_sha256="b",
        seed=0,
        workers=1,
        time_limit=10.0,
        status="optimal" if proven else "feasible",
        levels=levels,
        wall_seconds=wall,
        peak_memory_mib=100,
    )
    return made.model_copy(update=changed)


@pytest.fixture
def compare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Compare:
    """Compare two lists of runs: (exit code, what is printed)."""

    def comparing(a: list[RunRow], b: list[RunRow]) -> tuple[int, str]:
        files = []
        for name, runs in (("a.json", a), ("b.json", b)):
            found = Results(
                tier="smoke",
                started_at=datetime(2026, 1, 1, tzinfo=UTC),
                commit="0123456789abcdef",
                changed=False,
                machine=Machine(cpu="anything", cores=2, memory_mib=8192, system="any"),
                versions={},
                runs=tuple(runs),
            )
            files.append(tmp_path / name)
            results.write(found, files[-1])
            assert results.read(files[-1]) == found
        code = main([str(file) for file in files])
        return code, capsys.readouterr().out

    return comparing


def test_ratios_are_of_medians(compare: Compare) -> None:
    a = [run(level("x", 1, 1), wall=wall) for wall in (2.0, 4.0, 9.0)]
    code, out = compare(a, [run(level("x", 1, 1), wall=1.0)])
    assert code == 0
    assert out.splitlines()[3].split() == ["office", "0.25", "1.00"]
    assert "geometric mean" in out
    assert "worse in B: nothing" in out


def test_the_geometric_mean(compare: Compare) -> None:
    other = {"instance": "school"}
    a = [run(level("x", 1, 1)), run(level("x", 1, 1), **other)]
    b = [run(level("x", 1, 1), wall=1.0), run(level("x", 1, 1), wall=16.0, **other)]
    _, out = compare(a, b)
    # the square root of 1/2 × 8
    assert next(x for x in out.splitlines() if x.startswith("geometric")).split()[2] == "2.00"


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ([level("x", 5, 5), level("y", 8, 2)], "office: y: best 7 -> 8"),
        ([level("x", 5, 5), level("y", 7, 1)], "office: y: bound 2 -> 1"),
        ([level("x", 6, 5), level("y", 1, 1)], "office: x: best 5 -> 6"),
    ],
)
def test_levels_that_got_worse(compare: Compare, after: list[LevelRow], told: str) -> None:
    code, out = compare([run(level("x", 5, 5), level("y", 7, 2))], [run(*after)])
    assert code == 1
    assert "worse in B: 1\n" in out
    assert told in out


def test_after_a_better_level_the_next_are_not_compared(compare: Compare) -> None:
    code, _ = compare(
        [run(level("x", 5, 0), level("y", 7, 2))], [run(level("x", 4, 0), level("y", 9, 1))]
    )
    assert code == 0


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"status": "failed"}, "optimal -> failed"),
        ({"status": "infeasible"}, "optimal -> infeasible"),
        ({"input_sha256": "another"}, "not the same input or policy"),
    ],
)
def test_runs_that_got_worse(compare: Compare, changed: dict[str, str], told: str) -> None:
    code, out = compare([run(level("x", 5, 5))], [run(level("x", 5, 5), **changed)])
    assert code == 1
    assert told in out


def test_other_limits_are_told(compare: Compare) -> None:
    code, out = compare([run(level("x", 5, 5))], [run(level("x", 5, 5), time_limit=60.0)])
    assert code == 0
    assert "not under the same limits: office\n" in out


def test_what_is_in_one_alone_is_told(compare: Compare) -> None:
    peer = {"solver": "peer", "policy": "joint"}
    code, out = compare([run(level("x", 5, 5))], [run(level("x", 5, 5), **peer)])
    assert code == 0
    assert "only in A: office\n" in out
    assert "only in B: office (joint, peer)\n" in out
