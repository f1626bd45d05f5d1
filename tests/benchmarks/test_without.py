"""The comparison with and without a step runs, and leaves the step out."""

from __future__ import annotations

import re
from typing import Any

import pytest

from benchmarks import without
from models.proposal import Proposal
from optimizer import levels


def test_it_prints_seconds_with_and_without(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["at_once", "--only", "example", "--seeds", "1", "--people", "1"]
    assert without.main(asked) == 0
    printed = capsys.readouterr().out
    assert re.search(r"example seed 0 +\d+\.\d +\d+\.\d\n", printed)
    assert re.search(r"example without E\d+ +\d+\.\d +\d+\.\d\n", printed)
    assert re.search(r"without at_once: \d+\.\d\d times as long .*2\)", printed)


def test_the_step_is_left_out_in_every_second_solve(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    usual = without.propose

    def watched(*arguments: Any, **options: Any) -> Proposal:
        seen.append(levels.MOST_ASKED)
        return usual(*arguments, **options)

    monkeypatch.setattr(without, "propose", watched)
    without.main(["asking", "--only", "example", "--seeds", "2"])
    # The first is nobody's, and either way comes first in turn.
    assert seen == [levels.MOST_ASKED, 0, levels.MOST_ASKED, levels.MOST_ASKED, 0]
    assert levels.MOST_ASKED > 0
