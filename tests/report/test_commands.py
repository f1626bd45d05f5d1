"""`tiimi report` and `tiimi sheet`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api import output
from api.main import main
from api.report import report_html
from api.texts import LANGUAGES
from models.issues import InputError, Issue
from tests.api.conftest import Answer, answer, here, known_answer, office_file
from tests.api.office import office_proposal
from tests.report.bases import office_base
from tests.report.dom import parsed

__all__ = ["Answer", "answer", "here", "known_answer", "office_file"]


@pytest.fixture
def proposed(office_file: Path, answer: Callable[[Answer], dict[str, Any]]) -> Path:
    answer(office_proposal)
    assert main(["propose", "office.json", "--out", "out", "--language", "fi"]) == 0
    return office_file.parent / "out"


def test_propose_writes_it_in_its_language_and_seals_it(
    capsys: pytest.CaptureFixture[str], proposed: Path
) -> None:
    report = proposed / "report.html"
    assert report.read_text(encoding="utf-8") == report_html(office_base(), "fi")
    assert "  report.html        raportti ihmisille" in capsys.readouterr().out
    output.refuse_unsuitable(proposed)
    report.write_bytes(report.read_bytes() + b" ")
    with pytest.raises(InputError, match=r"Changed or saved since tiimi wrote it: report\.html\."):
        output.refuse_unsuitable(proposed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_made_in_each_language(
    language: str, proposed: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["report", "out", "--language", language]) == 0
    name = f"out-report-{language}.html"
    assert (here / name).read_text(encoding="utf-8") == report_html(office_base(), language)
    assert capsys.readouterr().out.strip().endswith(name)


def test_a_report_is_never_written_over(
    proposed: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "ours.html").write_text("ours")
    assert main(["report", "out", "--out", "ours.html"]) == 2
    assert (here / "ours.html").read_text() == "ours"
    assert capsys.readouterr().err == (
        "ours.html: There is something already. Choose another name with --out. [taken]\n"
    )


def test_a_name_that_is_no_page(proposed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "out", "--out", "report.pdf"]) == 2
    assert "[bad_option]" in capsys.readouterr().err


def test_pdf_goes_beside_the_page(
    proposed: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.report.pdf_of", lambda page: b"%PDF " + page[:15].encode())
    assert main(["report", "out", "--out", "a.html", "--pdf", "--language", "sv"]) == 0
    assert (here / "a.html").read_text(encoding="utf-8") == report_html(office_base(), "sv")
    assert (here / "a.pdf").read_bytes() == b"%PDF <!DOCTYPE html>"


def test_where_pdf_cannot_be_made_nothing_is_written(
    proposed: Path,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(page: str) -> bytes:
        raise InputError([Issue("no_pdf", "--pdf", "It is missing.", "Install it.")])

    monkeypatch.setattr("api.report.pdf_of", fails)
    capsys.readouterr()
    assert main(["report", "out", "--pdf"]) == 2
    assert capsys.readouterr().err == "--pdf: It is missing. Install it. [no_pdf]\n"
    assert not (here / "out-report-en.html").exists()


def test_a_sheet_is_named_after_the_person(proposed: Path, here: Path) -> None:
    assert main(["sheet", "out", "E4", "--language", "sv"]) == 0
    text = (here / "out-E4-sv.html").read_text(encoding="utf-8")
    assert parsed(text).one("h1").text == "Vad som föreslås för dig: E4 administrative secretary"
    assert main(["sheet", "out", "E1", "--out", "mine.html"]) == 0
    assert (here / "mine.html").exists()


def test_a_sheet_of_nobody(proposed: Path, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sheet", "out", "../E4"]) == 2
    assert "[unknown_id]" in capsys.readouterr().err
    assert sorted(p.name for p in here.iterdir()) == ["office.json", "out"]


def test_a_folder_without_a_plan(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "nothing"]) == 2
    assert "[not_found]" in capsys.readouterr().err
