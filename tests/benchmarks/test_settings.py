"""The comparison of solver settings runs, and keeps what was asked."""

from __future__ import annotations

import pytest

from benchmarks import settings


def test_it_prints_a_row_for_each_of_the_longest_programs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ["--only", "example", "--seeds", "1", "--longest", "2"]
    assert settings.main([*asked, "--setting", "ours", "--setting", "cp-sat"]) == 0
    _, header, *rows = capsys.readouterr().out.splitlines()
    assert header.split() == ["program", "rows", "ours", "cp-sat"]
    assert [row.split()[0] for row in rows] == ["example", "example"]
    assert not any("*" in row for row in rows)


def test_programs_are_kept_as_they_were_asked() -> None:
    from benchmarks.instances import load
    from optimizer.cpsat import Limits, minimise
    from optimizer.propose import propose

    with settings._kept("example") as asked:
        proposal = propose(load("example"), time_limit=20)
    # The first level is the first program; no later row may have come into it.
    again = minimise(asked[0].program, asked[0].objective, Limits.for_seconds(20), asked[0].hint)
    assert again.best == proposal.levels[0].best
    assert len(asked[0].program.rows) <= len(asked[-1].program.rows)
