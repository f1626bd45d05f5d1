"""`tiimi convert` and `tiimi template`: nothing that is there is written over."""

from pathlib import Path

import openpyxl
import pytest

from api.main import main
from models.tables import read_organisation
from tests.api.office import office


@pytest.mark.parametrize("out", ["staff.xlsx", "staff.json", "staff"])
def test_converts_to_every_form(
    out: str, office_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert", "office.json", out]) == 0
    assert capsys.readouterr() == (f"Written: {out}\n", "")
    assert read_organisation(office_file.parent / out) == office()


def test_an_empty_folder_may_be_filled(office_file: Path) -> None:
    (office_file.parent / "new").mkdir()
    assert main(["convert", "office.json", "new"]) == 0
    assert read_organisation(office_file.parent / "new") == office()


@pytest.mark.parametrize("command", [["convert", "office.json"], ["template"]])
def test_what_is_there_stays(
    command: list[str], office_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = office_file.parent / "taken.xlsx"
    taken.write_bytes(b"mine")
    assert main([*command, "taken.xlsx"]) == 2
    assert capsys.readouterr().err == (
        "taken.xlsx: There is something already. Choose another name. [taken]\n"
    )
    assert taken.read_bytes() == b"mine"


def test_bad_input_converts_to_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "bad.json").write_text("{}", encoding="utf-8")
    assert main(["convert", "bad.json", "out.xlsx"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 5
    assert not (here / "out.xlsx").exists()


@pytest.mark.parametrize("command", [["convert", "office.json"], ["template"]])
def test_no_folder_to_write_into(
    command: list[str], office_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "nowhere/out.xlsx"]) == 2
    err = capsys.readouterr().err
    assert err.endswith("[not_writable]\n")
    assert "No such file or directory" in err


def test_the_template_is_a_workbook(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", "empty.xlsx"]) == 0
    assert capsys.readouterr().out == "Written: empty.xlsx\n"
    assert "employees" in openpyxl.load_workbook(here / "empty.xlsx").sheetnames


def test_a_template_of_another_ending(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", "empty.csv"]) == 2
    assert "[unknown_form]" in capsys.readouterr().err
