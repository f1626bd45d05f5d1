"""The commands in Finnish and Swedish: nothing is left in English, and all is read back."""

import codecs
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from api.main import main
from api.policy_file import read_policy, written_policy
from api.texts import LANGUAGES, Texts
from models import GOAL_NAMES, Organisation, Policy, Proposal
from models.proposal import Warn
from models.reading import policy_from
from tests.api.conftest import Answer
from tests.api.office import DATA, office_failure, office_proposal
from tests.api.test_policy import AWKWARD
from tests.api.test_texts import forms

ROOT = Path(__file__).resolve().parent.parent.parent
OTHERS = [language for language in LANGUAGES if language != "en"]
ANYWHERE = """proposal.json proposal.xlsx report.html organisation.json policy.toml
tiimi check pin solver none"""
"""Names of files, commands, kinds of rules and solvers are the same in every language."""


def words(text: object) -> set[str]:
    found = re.findall(r"[^\W\d]\w*", str(text).casefold())
    return {word for word in found if len(word) > 2}


def english(language: str) -> set[str]:
    """Words of the English catalogue that nobody should see who is spoken to otherwise."""
    texts = re.sub(r"{\w+}", "", str(list(forms("en").values())))
    known = words(forms(language).values()) | words(DATA) | words(ANYWHERE) | words(GOAL_NAMES)
    return words(texts) - known


def odd_proposal(organisation: Organisation, policy: Policy) -> Proposal:
    """The office's, with all that can be in a summary: what is unproven, odd and left out."""
    first, second, third, *rest = office_proposal(organisation, policy).levels
    levels = (
        first.model_copy(update={"status": "feasible", "bound": 0}),
        second.model_copy(update={"status": "feasible"}),
        third.model_copy(update={"status": "feasible", "value": (third.best or 0) + 1}),
        *rest,
    )
    warning = Warn(code="w1", place="p1", message="E9 is not in service in the horizon.")
    return office_proposal(
        organisation,
        policy,
        status="feasible",
        levels=levels,
        warnings=(warning,),
        not_in_service=("E9",),
        tasks_left_out=("T9",),
    )


@pytest.fixture(params=OTHERS)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def proposal(
    language: str,
    office_file: Path,
    answer: Callable[[Answer], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> Path:
    """The folder of a proposal in that language; its summary is not read yet."""
    answer(odd_proposal)
    assert main(["propose", "office.json", "--out", "ehdotus", "--language", language]) == 0
    return office_file.parent / "ehdotus"


def change(language: str, folder: Path, cells: dict[tuple[str, str, str], str | None]) -> str:
    """A copy of the workbook changed: {(sheet, row's first cell, header): value}, all as keys."""
    texts = Texts(language)
    book = openpyxl.load_workbook(folder / "proposal.xlsx")
    for (sheet, name, header), value in cells.items():
        worksheet = book[texts(f"sheet.{sheet}")]
        head = f"{texts(f'column.{header}')} *"
        column = next(c.column for c in worksheet[1] if c.value == head)
        row = next(c.row for c in worksheet["A"] if c.value == name)
        worksheet.cell(row, column).value = value
    book.save(folder.parent / "changed.xlsx")
    return "changed.xlsx"


def test_a_summary_has_no_english(
    language: str, proposal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = capsys.readouterr().out
    assert len(out.splitlines()) > 80
    assert words(out) & english(language) == set()


def test_a_workbook_has_no_english(language: str, proposal: Path) -> None:
    book = openpyxl.load_workbook(proposal / "proposal.xlsx")
    shown = [cell.value for sheet in book.worksheets for row in sheet.rows for cell in row]
    shown += [sheet.title for sheet in book.worksheets]
    assert words([text for text in shown if text]) & english(language) == set()


def test_a_failure_has_no_english(
    language: str,
    office_file: Path,
    answer: Callable[[Answer], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    of_each = {
        "talous": ("size", "lead"),
        "E2": ("eligible", "load", "tasks", "fit", "principals"),
        "permits": ("team", "qualified", "tenure", "moves"),
    }
    names = ("r1", *(f"{kind}:{of}" for of, kinds in of_each.items() for kind in kinds))

    def failure(organisation: Organisation, policy: Policy) -> Proposal:
        return office_failure(organisation, "infeasible", names).model_copy(
            update={"warnings": (), "minimal_conflicts": (names,)}
        )

    answer(failure)
    assert main(["propose", "office.json", "--language", language]) == 3
    out, err = capsys.readouterr()
    for name in names:
        out = out.replace(f"{name}:", "")
    assert words(out + err) & english(language) == set()


def test_a_plan_changed_by_hand_is_checked(
    language: str, proposal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    changed = change(
        language,
        proposal,
        {
            ("people", "E2", "team"): "hallinto",
            ("people", "E6", "start"): "1.2.2019",
            ("teams", "hallinto", "leader"): "E6",
            ("tasks", "permits", "holder"): "E6",
            ("substitutes", "E3", "substitute"): "E4",
        },
    )
    assert main(["check", "office.json", changed, "--language", language]) == 3
    out = capsys.readouterr().out
    assert "  r1: " in out
    rules = re.findall(r"^  ([a-z]+:\w+|r1)\b", out, re.MULTILINE)
    assert {"r1", "placement:E6", "lead:hallinto", "qualified:permits", "fit:E3"} <= set(rules)
    for rule in rules:
        out = out.replace(rule, "")
    assert words(out) & english(language) == set()


@pytest.mark.parametrize("shown_in", LANGUAGES)
def test_a_workbook_is_read_whatever_the_language(
    shown_in: str, language: str, proposal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    unchanged = change(language, proposal, {("people", "E1", "team"): "talous"})
    assert main(["check", "office.json", unchanged, "--language", shown_in]) == 0
    assert Texts(shown_in)("check.valid") in capsys.readouterr().out


def test_a_workbook_that_lacks_a_column(
    language: str, proposal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = Texts(language)
    book = openpyxl.load_workbook(proposal / "proposal.xlsx")
    book[texts("sheet.substitutes")].delete_cols(3)
    book.save(proposal.parent / "changed.xlsx")
    assert main(["check", "office.json", "changed.xlsx", "--language", language]) == 2
    err = capsys.readouterr().err
    assert f"{texts('sheet.substitutes')}: " in err
    assert texts("column.substitute") in err


@pytest.mark.parametrize("policy", [Policy(), AWKWARD])
def test_a_policy_is_read_again(language: str, policy: Policy, tmp_path: Path) -> None:
    text = written_policy(policy, Texts(language))
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    assert read_policy(tmp_path / "p.toml") == policy
    comments = " ".join(re.findall("# (.*)", text))
    assert words(comments) & (english(language) - words(Policy.model_fields.keys())) == set()


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_policy_redirected_by_a_shell_of_windows(mark: bytes, tmp_path: Path) -> None:
    order = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    text = written_policy(Policy(min_fit=4), Texts("fi"))
    (tmp_path / "p.toml").write_bytes(mark + text.replace("\n", "\r\n").encode(order))
    assert read_policy(tmp_path / "p.toml") == Policy(min_fit=4)


def test_a_policy_is_printed_as_it_is_read(language: str, tmp_path: Path) -> None:
    """Whatever the console's characters are, the file has those of the reader."""
    command = [sys.executable, "-W", "error", "-m", "api.main", "policy", "--language", language]
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"}
    run = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, check=True)
    assert policy_from(tomllib.loads(run.stdout.decode("utf-8"))) == Policy()
    assert "ä" in run.stdout.decode("utf-8")
