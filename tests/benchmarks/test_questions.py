"""Questions about a solved base are asked, and their times are told."""

import re

import pytest

from benchmarks import questions


def test_each_question_has_its_status_and_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    assert questions.main(["--only", "example", "--people", "1", "--time-limit", "30"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"^example: optimal, \d+\.\d s$", told, re.MULTILINE)
    rows = re.findall(
        r"^  (what if|why|and cure) +(\w+) (\w+) +(\w+) +\d+\.\d s$", told, re.MULTILINE
    )
    assert [row[0] for row in rows] == ["what if", "why", "and cure"]
    assert [row[3] for row in rows] == ["optimal", "proven", "proven"]
    assert len(re.findall(r"^  .* median .* worst ", told, re.MULTILINE)) == 3
