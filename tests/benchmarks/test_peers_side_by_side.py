"""Runs side by side: who is better where, what is printed, what is written."""

from pathlib import Path

import pytest

from benchmarks import results
from benchmarks.known import read
from benchmarks.peers.__main__ import main
from benchmarks.peers.tally import Tally, line
from benchmarks.peers.verdict import verdicts
from benchmarks.results import LevelRow, RunRow


def row(
    solver: str = "peer", *bests: int, values: tuple[int, ...] = (), **fields: object
) -> RunRow:
    levels = tuple(
        LevelRow(
            level=name,
            best=best,
            bound=best,
            allowed=best,
            value=value,
            status="optimal",
            seconds=1.0,
        )
        for name, best, value in zip("abc", bests, values or bests, strict=False)
    )
    content = {
        "instance": "i",
        "input_sha256": "",
        "policy": "p",
        "policy_sha256": "",
        "seed": 0,
        "workers": 1,
        "time_limit": 1,
        "solver": solver,
        "status": "optimal" if levels else "unknown",
        "levels": levels,
        "wall_seconds": 2.0,
    }
    return RunRow.model_validate(content | fields)


def test_the_first_level_that_differs_decides() -> None:
    ours = row("tiimi", 1, 5, 9)
    assert verdicts(ours, row("peer", 1, 5, 9)) == ["equal", "equal", "equal"]
    assert verdicts(ours, row("peer", 1, 6, 2)) == ["equal", "ours", "-"]
    assert verdicts(ours, row("peer", 1, 4, 20)) == ["equal", "peer", "-"]


def test_values_decide_where_every_best_agrees() -> None:
    ours = row("tiimi", 1, 5, values=(3, 5))
    assert verdicts(ours, row("peer", 1, 5, values=(2, 5))) == ["peer", "-"]
    assert verdicts(ours, row("peer", 1, 5, values=(4, 5))) == ["ours", "-"]


def test_a_plan_is_better_than_none() -> None:
    assert verdicts(row("tiimi", 1, 5), row("peer")) == ["ours", "-"]
    assert verdicts(row("tiimi"), row("peer", 1, 5)) == ["peer", "-"]
    assert verdicts(row("tiimi"), row("peer")) == []


def test_wins_and_losses_are_counted() -> None:
    ours = row("tiimi", 1, 5)
    tally = Tally()
    tally.add(ours, row("one", 1, 6))
    tally.add(ours, row("one", 1, 5, wall_seconds=4.0))
    assert not tally.has_loss
    assert tally.lines()[-1] == "  nowhere"
    tally.add(ours, row("two", 0, 9, wall_seconds=1.0, seed=3))
    tally.add(ours, row("absent", failure="not installed"))
    tally.add(row("tiimi", status="infeasible"), row("two", status="infeasible"))
    assert tally.has_loss
    said = "\n".join(tally.lines())
    # One run of peer "one" took 4 seconds and one took 2, where ours took 2.
    assert (
        "one             better 1, equal 1, worse 0; both proven 2 times, in 1 to 2 times" in said
    )
    assert "b: better 1, worse 0" in said
    assert "two             better 0, equal 0, worse 1" in said
    assert "faster 1 times" in said
    assert "absent" not in said
    assert tally.lines()[-1] == "  i, seed 3: two is better at a"


def test_a_run_in_a_line() -> None:
    ours = row("tiimi", 1, 5)
    said = line(row("peer", 1, 6, values=(2, 6), remark="odd"), ours)
    assert "a 1 (plan 2)* 1.0 s =; b 6* 1.0 s ours better" in said
    assert said.endswith("[odd]")
    assert "PEER BETTER" in line(row("peer", 0, 9), ours)
    assert line(row("peer", failure="not installed"), ours).endswith("not run: not installed")
    assert line(row("peer"), ours).endswith("no plan")
    assert line(row("peer", status="failed", failure="too slow"), ours).endswith("too slow")


def test_peers_on_the_example(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "peers.json"
    chosen = ["--peer", "raw_cpsat"]
    assert main(["--instances", "example", "--seconds", "20", *chosen, "--out", str(file)]) == 0
    found = results.read(file)
    assert [run.solver for run in found.runs] == ["tiimi", "raw_cpsat"]
    assert (
        found.command
        == "python -m benchmarks.peers --instances example --seconds 20 --peer raw_cpsat"
    )
    best = read()["example", "default"]
    for run in found.runs:
        assert run.status == "optimal"
        assert [level.value for level in run.levels] == [level.value for level in best.levels]
        assert run.plan is not None
        assert run.peak_memory_mib
    out = capsys.readouterr().out
    assert "raw_cpsat       better 0, equal 1, worse 0" in out
    assert out.endswith("  nowhere\n")


def test_a_name_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--instances", "nobody"])
    assert "scale-57-loose-few" in capsys.readouterr().err
