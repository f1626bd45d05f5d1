"""The folder of a proposal: whole, whatever happens while it is written."""

import errno
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
from api.new_file import refuse_taken
from api.policy_file import read_policy
from models.files import settle_folder
from models.issues import InputError
from tests.api.conftest import Answer
from tests.api.office import office_failure

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = ["organisation.json", "policy.toml", "proposal.json", "proposal.xlsx", "report.html"]


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
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.api.writer"],
        cwd=office_file.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        for _ in range(12):
            writer.stdin.write(b"\n")
            number = int(writer.stdout.readline())
            time.sleep(moments.random() * 0.05)
            os.kill(number, signal.SIGKILL)
            assert writer.stdout.readline() == b"over\n"
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
    assert writer.returncode == 0


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


def test_no_right_to_write(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(InputError) as error:
        output.refuse_unsuitable(Path("new/out"))
    assert str(error.value) == (
        "new/out: There is no right to write here. Choose another folder with --out. [not_writable]"
    )


def test_a_place_that_takes_nothing_is_found_out_first(
    here: Path, office_file: Path, known_answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rights say yes, as for root, and yet nothing can be made there: no search is begun."""

    def refuse(folder: Path, *args: object, **kwargs: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(folder))

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert main(["propose", "office.json", "--out", "new/out"]) == 2
    assert known_answer == {}
    with pytest.raises(InputError) as error:
        refuse_taken(Path("answer.json"))
    assert error.value.issues[0].code == "not_writable"


def test_a_name_no_system_allows(here: Path) -> None:
    with pytest.raises(InputError) as error:
        output.refuse_unsuitable(Path("a\0b"))
    assert error.value.issues[0].code == "not_writable"


def test_many_foreign_files_are_not_all_named(here: Path) -> None:
    for number in range(7):
        (here / "out").mkdir(exist_ok=True)
        (here / "out" / f"{number}.txt").touch()
    with pytest.raises(InputError) as error:
        output.refuse_unsuitable(here / "out")
    message = "It holds what tiimi did not write: 0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 2 more."
    assert error.value.issues[0].message == message


def test_a_folder_with_one_of_our_names_is_not_ours(here: Path) -> None:
    (here / "out" / "proposal.json").mkdir(parents=True)
    with pytest.raises(InputError) as error:
        output.refuse_unsuitable(here / "out")
    assert error.value.issues[0].code == "foreign_files"


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x05\x06" + b"\0" * 18])
def test_a_workbook_that_is_none_counts_as_changed(content: bytes, here: Path) -> None:
    (here / "out").mkdir()
    (here / "out" / "proposal.xlsx").write_bytes(content)
    with pytest.raises(InputError) as error:
        output.refuse_unsuitable(here / "out")
    assert error.value.issues[0].code == "changed_by_hand"


def test_a_folder_that_cannot_be_written_stays(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.output._MOST_NAMES", 2)
    (here / "out").touch()
    with pytest.raises(FileExistsError):
        output.write(here / "out", {"proposal.json": b"{}"})
    assert (here / "out").read_bytes() == b""
