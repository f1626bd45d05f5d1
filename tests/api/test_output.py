"""The folder of a proposal: whole, whatever happens while it is written."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api import output
from api.main import main
from api.policy_file import read_policy
from models.files import settle_folder
from tests.api.conftest import Answer
from tests.api.office import office_failure

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = ["organisation.json", "policy.toml", "proposal.json", "proposal.xlsx"]


def test_named_after_the_input(here: Path) -> None:
    (here / "data.v2").mkdir()
    names = {
        "office.json": "office-proposal",
        "a/staff.xlsx": "staff-proposal",
        "data.v2": "data.v2-proposal",
        ".": f"{here.name}-proposal",
        "/": "organisation-proposal",
    }
    assert {name: str(output.folder_for(Path(name), None)) for name in names} == names
    assert output.folder_for(Path("x"), Path("told")) == Path("told")


@pytest.mark.skipif(os.name == "nt", reason="Windows kills differently")
def test_killed_at_any_moment_the_old_or_the_new_is_there(
    office_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moments = random.Random(7)
    for _ in range(12):
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.api.writer"],
            cwd=office_file.parent,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(moments.random() * 0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        folder = office_file.parent / "out"
        settle_folder(folder)
        assert sorted(path.name for path in folder.iterdir()) == NAMES
        max_tasks = read_policy(folder / "policy.toml").max_tasks
        assert max_tasks in (8, 9)
        # Its parts belong together, and it may be written over: nothing of it is unknown.
        assert main(["check", "office.json", "out"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[1] == ""
        assert lines[-1] == "The proposal claims the same costs."
        output.refuse_unsuitable(folder)


def test_check_finds_what_a_crash_left_beside(
    office_file: Path, known_answer: dict[str, Any]
) -> None:
    assert main(["propose", "office.json", "--out", "out"]) == 0
    (office_file.parent / "out").rename(office_file.parent / f".out.{'0' * 12}.old")
    assert main(["check", "office.json", "out/proposal.xlsx"]) == 0
    assert (office_file.parent / "out").is_dir()


def test_infeasible_keeps_what_a_crash_left_beside(
    office_file: Path, known_answer: dict[str, Any], answer: Callable[[Answer], dict[str, Any]]
) -> None:
    assert main(["propose", "office.json", "--out", "out"]) == 0
    (office_file.parent / "out").rename(office_file.parent / f".out.{'0' * 12}.old")
    answer(lambda organisation, policy: office_failure(organisation, "infeasible", ("r1",)))
    assert main(["propose", "office.json", "--out", "out"]) == 3
    assert sorted(p.name for p in (office_file.parent / "out").iterdir()) == NAMES
