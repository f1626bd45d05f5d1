"""`tiimi propose`: what it writes, what it says, and what it never destroys."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from api.main import main
from api.policy_file import read_policy
from models import Organisation, Policy, Proposal
from models.tables import read_organisation, write_organisation
from tests.api.conftest import Answer
from tests.api.office import office, office_failure, office_proposal

pytestmark = pytest.mark.usefixtures("quick_report")

NAMES = ["organisation.json", "policy.toml", "proposal.json", "proposal.xlsx", "report.html"]


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_writes_four_files_named_after_the_input(
    office_file: Path, known_answer: dict[str, Any]
) -> None:
    assert main(["propose", "office.json"]) == 0
    folder = office_file.parent / "office-proposal"
    assert list(written(folder)) == NAMES
    expected = office_proposal(office()).to_dict()
    assert json.loads((folder / "proposal.json").read_text(encoding="utf-8")) == expected
    assert read_organisation(folder / "organisation.json") == office()
    assert read_policy(folder / "policy.toml") == Policy()


@pytest.mark.parametrize("name", ["staff", "staff.xlsx", "staff.json"])
def test_reads_every_form(name: str, here: Path, known_answer: dict[str, Any]) -> None:
    write_organisation(office(), here / name)
    assert main(["propose", name]) == 0
    assert known_answer["organisation"] == office()
    assert list(written(here / "staff-proposal")) == NAMES


def test_passes_the_options_on(office_file: Path, known_answer: dict[str, Any]) -> None:
    (office_file.parent / "p.toml").write_text("min_fit = 5\n", encoding="utf-8")
    options = ["--policy", "p.toml", "--time-limit", "2.5", "--workers", "3", "--seed", "7"]
    assert main(["propose", "office.json", "--out", "a/b", *options]) == 0
    asked = {key: known_answer[key] for key in ("time_limit", "workers", "seed", "policy")}
    assert asked == {"time_limit": 2.5, "workers": 3, "seed": 7, "policy": Policy(min_fit=5)}
    assert read_policy(office_file.parent / "a" / "b" / "policy.toml") == Policy(min_fit=5)


def test_the_defaults(office_file: Path, known_answer: dict[str, Any]) -> None:
    assert main(["propose", "office.json"]) == 0
    asked = {key: known_answer[key] for key in ("time_limit", "workers", "seed", "policy")}
    assert asked == {"time_limit": 60.0, "workers": None, "seed": 0, "policy": Policy()}


def test_with_the_real_search(office_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["propose", "office.json", "--workers", "1", "--time-limit", "30"]) == 0
    out = capsys.readouterr().out
    assert "Proven optimal: no valid plan is better, level by level." in out
    assert main(["check", "office.json", "office-proposal"]) == 0
    assert "The proposal claims the same costs." in capsys.readouterr().out


def test_the_workbook(office_file: Path, known_answer: dict[str, Any]) -> None:
    assert main(["propose", "office.json"]) == 0
    book = openpyxl.load_workbook(office_file.parent / "office-proposal" / "proposal.xlsx")
    names = ["summary", "people", "teams", "tasks", "gaps", "substitutes", "goals"]
    assert book.sheetnames == names
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref is not None
        assert sheet.print_title_rows == "$1:$1"
    people = book["people"]
    heads = [cell.value for cell in people[1]]
    first = dict(zip(heads, people[2], strict=True))
    assert first["employee"].value == "E1"
    assert first["title"].value == "payroll secretary"
    assert first["team's name"].value == "Economy team"
    assert first["leaves"].value == "retires (as stated)"
    assert first["end *"].data_type == "d"
    assert str(first["end *"].value) == "2020-06-01 00:00:00"


def test_a_folder_is_written_over_if_it_is_as_it_was_written(
    office_file: Path, known_answer: dict[str, Any]
) -> None:
    folder = office_file.parent / "out"
    assert main(["propose", "office.json", "--out", "out"]) == 0
    (folder / ".DS_Store").write_bytes(b"")
    (office_file.parent / "p.toml").write_text("min_fit = 5\n", encoding="utf-8")
    assert main(["propose", "office.json", "--out", "out", "--policy", "p.toml"]) == 0
    assert list(written(folder)) == [".DS_Store", *NAMES]
    assert read_policy(folder / "policy.toml") == Policy(min_fit=5)
    assert sorted(p.name for p in office_file.parent.iterdir()) == ["office.json", "out", "p.toml"]


def test_files_that_are_not_ours_are_refused(
    office_file: Path, known_answer: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = office_file.parent / "out"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    assert main(["propose", "office.json", "--out", "out"]) == 2
    assert capsys.readouterr().err == (
        "out: It holds what tiimi did not write: notes.txt. "
        "Choose another folder with --out, or move this one elsewhere. [foreign_files]\n"
    )
    assert written(folder) == {"notes.txt": b"mine"}
    assert known_answer == {}


@pytest.mark.parametrize("name", NAMES)
def test_what_somebody_changed_is_refused(
    name: str,
    office_file: Path,
    known_answer: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["propose", "office.json", "--out", "out"]) == 0
    path = office_file.parent / "out" / name
    if name.endswith(".xlsx"):
        book = openpyxl.load_workbook(path)
        book["people"]["C2"] = "hallinto"
        book.save(path)
    else:
        path.write_bytes(path.read_bytes() + b"\n")
    before = written(path.parent)
    capsys.readouterr()
    assert main(["propose", "office.json", "--out", "out"]) == 2
    assert f"out: Changed or saved since tiimi wrote it: {name}. " in capsys.readouterr().err
    assert written(path.parent) == before


def test_without_the_workbook_nobody_knows_what_changed(
    office_file: Path, known_answer: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["propose", "office.json", "--out", "out"]) == 0
    (office_file.parent / "out" / "proposal.xlsx").unlink()
    assert main(["propose", "office.json", "--out", "out"]) == 2
    assert "proposal.xlsx is gone" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("office.json", "This is a file, not a folder."),
        ("office.json/deeper", "office.json is a file, not a folder."),
        (".", "This is the current folder, or holds it."),
        ("..", "This is the current folder, or holds it."),
    ],
)
def test_no_folder_to_write_to(
    out: str,
    message: str,
    office_file: Path,
    known_answer: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["propose", "office.json", "--out", out]) == 2
    assert f"{out}: {message} Choose another folder with --out." in capsys.readouterr().err
    assert known_answer == {}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_without_the_right_to_write(
    office_file: Path, known_answer: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    locked = office_file.parent / "locked"
    locked.mkdir(mode=0o555)
    assert main(["propose", "office.json", "--out", "locked/out"]) == 2
    assert "There is no right to write here." in capsys.readouterr().err


def test_a_folder_taken_meanwhile_does_not_lose_the_plan(
    office_file: Path,
    answer: Callable[[Answer], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = office_file.parent / "out"

    def meanwhile(organisation: Organisation, policy: Policy) -> Proposal:
        folder.mkdir()
        (folder / "notes.txt").write_text("mine", encoding="utf-8")
        return office_proposal(organisation, policy)

    answer(meanwhile)
    assert main(["propose", "office.json", "--out", "out"]) == 0
    assert "In out-2:" in capsys.readouterr().out
    assert written(folder) == {"notes.txt": b"mine"}
    assert list(written(office_file.parent / "out-2")) == NAMES


def test_a_plan_that_cannot_be_written_is_shown(
    office_file: Path,
    known_answer: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("api.output.swap_folder", full)
    assert main(["propose", "office.json"]) == 2
    out, err = capsys.readouterr()
    assert "Proven optimal" in out
    assert "The proposal could not be written: No space left on device." in err


def test_so_many_conflicts_are_asked_for(
    office_file: Path, answer: Callable[[Answer], dict[str, Any]]
) -> None:
    names = ("r1", "size:talous", "eligible:E2")
    asked = answer(lambda organisation, policy: office_failure(organisation, "infeasible", names))
    assert main(["propose", "office.json", "--conflicts", "3"]) == 3
    assert asked["conflicts"] == 3


def test_infeasible_says_why_and_writes_nothing(
    office_file: Path,
    answer: Callable[[Answer], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer(office_proposal)
    assert main(["propose", "office.json", "--out", "out"]) == 0
    before = written(office_file.parent / "out")
    capsys.readouterr()
    names = ("r1", "size:talous", "eligible:E2")
    answer(lambda organisation, policy: office_failure(organisation, "infeasible", names))
    assert main(["propose", "office.json", "--out", "out"]) == 3
    out, err = capsys.readouterr()
    assert out.splitlines()[:6] == [
        "No valid plan exists.",
        "",
        "These cannot hold together; without any one of them, the rest can:",
        "  r1: E2 (bookkeeper) is placed in talous (Economy team). Reason: Closes the accounts",
        "  size:talous: talous (Economy team) takes 2 to 4 people on the first day.",
        "  eligible:E2: E2 (bookkeeper) may only be placed in: talous, hallinto.",
    ]
    assert err == "Nothing was written.\n"
    assert written(office_file.parent / "out") == before


def test_nothing_found_in_time_is_4(
    office_file: Path,
    answer: Callable[[Answer], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer(lambda organisation, policy: office_failure(organisation, "unknown"))
    assert main(["propose", "office.json"]) == 4
    assert capsys.readouterr().out.startswith("No plan was found in time (60 seconds).")
    assert not (office_file.parent / "office-proposal").exists()
