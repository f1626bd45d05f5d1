"""`tiimi check`: plans as they were proposed, and as somebody changed them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from api.main import main
from models import Policy
from tests.api.office import DATA, office, office_failure, office_proposal

pytestmark = pytest.mark.usefixtures("quick_report")

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def proposal(
    office_file: Path, known_answer: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> Path:
    """The folder of a proposal for the office."""
    assert main(["propose", "office.json", "--out", "out"]) == 0
    capsys.readouterr()
    return office_file.parent / "out"


def change_book(folder: Path, cells: dict[tuple[str, str, str], Any]) -> str:
    """A copy of the workbook with cells changed: {(sheet, row's first cell, header): value}."""
    book = openpyxl.load_workbook(folder / "proposal.xlsx")
    for (sheet, name, header), value in cells.items():
        worksheet = book[sheet]
        column = next(c.column for c in worksheet[1] if c.value in (header, f"{header} *"))
        row = next(c.row for c in worksheet["A"] if c.value == name)
        worksheet.cell(row, column).value = value
    book.save(folder.parent / "changed.xlsx")
    return "changed.xlsx"


def change_json(folder: Path, change: Change) -> str:
    data = json.loads((folder / "proposal.json").read_text(encoding="utf-8"))
    change(data)
    (folder.parent / "changed.json").write_text(json.dumps(data), encoding="utf-8")
    return "changed.json"


@pytest.mark.parametrize("plan", ["out", "out/proposal.json", "out/proposal.xlsx"])
def test_a_proposal_is_valid_and_costs_what_it_claims(
    plan: str, proposal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "office.json", plan]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].replace("\\", "/") == "Policy: out/policy.toml"
    assert lines[1:3] == ["", "The plan is valid: no rule is broken."]
    assert [line.split() for line in lines if line.startswith("  statutory")] == [
        ["statutory", "authority_gap", "1", "31", "31", "same"]
    ]
    assert lines[-1] == "The proposal claims the same costs."
    assert sum(line.endswith("same") for line in lines) >= 19
    assert err == ""


def test_a_team_changed_in_the_workbook(proposal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = change_book(proposal, {("people", "E2", "team"): "hallinto"})
    assert main(["check", "office.json", changed]) == 3
    out = capsys.readouterr().out
    assert "The plan is not valid: 6 rules broken." in out
    assert "  r1: E2 (bookkeeper) is placed in talous (Economy team). Reason: Closes the" in out
    for rule in ("lead:talous", "team:salaries", "fit:E1", "fit:E2", "fit:E3"):
        assert f"  {rule}: " in out
    assert "    E2 holds salaries outside its team talous." in out
    assert "    E2 leads talous and is no starter in it." in out
    assert "The costs differ from those the proposal claims." in out


def test_dates_changed_in_the_workbook(proposal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = change_book(
        proposal,
        {("people", "E6", "start"): "1.2.2019", ("tasks", "records", "end"): "2021-12-01"},
    )
    assert main(["check", "office.json", changed]) == 3
    out = capsys.readouterr().out
    assert "E6 is placed from 2019-02-01 to 2022-01-01, the service is 2019-01-01 to" in out
    assert "E6 holds records from 2019-01-01 to 2021-12-01, not 2019-01-01 to 2022-01-01." in out


def test_another_valid_plan_by_hand(proposal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """E3 goes where she wants to; her substitute stays behind, so she has none."""
    changed = change_book(
        proposal,
        {
            ("people", "E3", "team"): "hallinto",
            ("people", "E3", "start"): None,
            ("people", "E3", "end"): None,
            ("tasks", "records", "start"): None,
            ("tasks", "records", "end"): None,
            ("substitutes", "E3", "substitute"): None,
            ("substitutes", "E3", "fit"): None,
        },
    )
    assert main(["check", "office.json", changed]) == 0
    out = capsys.readouterr().out
    costs = {line.split()[-5]: line.split()[-4:] for line in out.splitlines() if "  people" in line}
    # E3 was priced 3 in talous and is 0 in hallinto; she gains E4 and annoys E6.
    assert costs == {
        "interest": ["3", "5", "2", "-3"],
        "lead_fit": ["3", "0", "0", "same"],
        "colleague_wishes": ["2", "1", "1", "same"],
        "site_change": ["2", "0", "0", "same"],
    }
    assert "Policy: the default" in out


def test_a_fit_follows_from_the_pair(proposal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """E4 fits E3 2 of 10, for they share the archive alone: 1 of 1 + 2 + 1 levels."""
    changed = change_book(proposal, {("substitutes", "E3", "substitute"): "E4"})
    assert main(["check", "office.json", changed]) == 3
    out = capsys.readouterr().out
    assert "E4 fits E3 2; the sheet says 7." in out
    assert "    E4 may not substitute E3.\n    E4 substitutes E3 from another team.\n" in out


def test_wrong_cells_are_all_told(proposal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = change_book(
        proposal,
        {
            ("people", "E1", "start"): "soon",
            ("people", "E2", "team"): None,
            ("goals", "statutory", "cost"): "few",
        },
    )
    assert main(["check", "office.json", changed]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "changed.xlsx, sheet people, row 2, column start",
        "changed.xlsx, sheet people, row 3, column team",
        "changed.xlsx, sheet goals, row 2, column cost",
    ]
    assert [line.rsplit(" ", 1)[1] for line in lines] == [
        "[bad_date]",
        "[missing]",
        "[not_integer]",
    ]


def test_an_unknown_id_names_the_nearest(
    proposal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = change_book(proposal, {("people", "E2", "team"): "talos"})
    assert main(["check", "office.json", changed]) == 2
    assert capsys.readouterr().err == (
        "changed.xlsx, sheet people, row 3, column team: Nothing is planned for 'talos'. "
        "Did you mean 'talous'? [unknown_id]\n"
    )


def test_a_sheet_or_column_that_is_gone(proposal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.load_workbook(proposal / "proposal.xlsx")
    del book["teams"]
    book["people"]["C1"] = "squad"
    book.save(proposal.parent / "changed.xlsx")
    assert main(["check", "office.json", "changed.xlsx"]) == 2
    assert [line.rsplit(" ", 1)[1] for line in capsys.readouterr().err.splitlines()] == [
        "[missing_column]",
        "[missing_table]",
    ]


def test_columns_may_move_and_rows_be_sorted(
    proposal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.load_workbook(proposal / "proposal.xlsx")
    people = book["people"]
    people.insert_cols(1)
    people["A1"] = "remarks"
    people.insert_rows(1)
    rows = [[cell.value for cell in row] for row in people.iter_rows(min_row=3)]
    for number, row in enumerate(reversed(rows), start=3):
        for index, value in enumerate(row, start=1):
            people.cell(number, index).value = value
    book.save(proposal.parent / "changed.xlsx")
    assert main(["check", "office.json", "changed.xlsx"]) == 0


def test_a_false_claim_is_found(proposal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def lie(data: dict[str, Any]) -> None:
        data["levels"][0]["goals"][0]["cost"] = 0
        data["gaps"] = []

    assert main(["check", "office.json", change_json(proposal, lie)]) == 0
    out = capsys.readouterr().out
    assert ["statutory", "authority_gap", "1", "0", "31", "+31"] in [
        line.split() for line in out.splitlines()
    ]
    assert out.endswith(
        "The costs differ from those the proposal claims.\n"
        "The days not covered differ from those the proposal lists.\n"
    )


def test_an_invalid_plan_as_json(proposal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = change_json(proposal, lambda data: data["placements"].pop())
    assert main(["check", "office.json", changed]) == 3
    out = capsys.readouterr().out
    rule = "placement:E6: E6 (office secretary) is in one team on every day in service."
    assert f"  {rule}\n    E6 is in no team.\n" in out


def test_decisions_alone_are_a_plan(proposal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def only_decisions(data: dict[str, Any]) -> None:
        for key in data.keys() - {"placements", "leads", "holders", "substitutes"}:
            del data[key]

    assert main(["check", "office.json", change_json(proposal, only_decisions)]) == 0
    assert capsys.readouterr().out.endswith("The plan claims no costs.\n")


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_another_input_and_policy_are_noticed(
    form: str, proposal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (proposal.parent / "other.json").write_text(json.dumps(DATA | {"name": "x"}), encoding="utf-8")
    (proposal.parent / "p.toml").write_text("max_tasks = 9\n", encoding="utf-8")
    plan = f"out/proposal.{form}"
    assert main(["check", "other.json", plan, "--policy", "p.toml"]) == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "Policy: p.toml",
        "The proposal was made from an input that differs from this one.",
        "The proposal was made under a policy that differs from this one.",
    ]


def test_the_policy_beside_the_plan_counts(
    office_file: Path, known_answer: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    (office_file.parent / "p.toml").write_text("interest_unknown = 2\n", encoding="utf-8")
    assert main(["propose", "office.json", "--policy", "p.toml", "--out", "out"]) == 0
    capsys.readouterr()
    assert main(["check", "office.json", "out"]) == 0
    assert "The proposal claims the same costs." in capsys.readouterr().out
    # E6 was not asked: one point more under the policy that was used.
    expected = office_proposal(office(), Policy(interest_unknown=2)).levels[2].goals[0].cost
    assert expected == 6


def test_no_plan_at_all(office_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    failure = office_failure(office(), "infeasible", ("size:talous",)).to_dict()
    (office_file.parent / "none.json").write_text(json.dumps(failure), encoding="utf-8")
    assert main(["check", "office.json", "none.json"]) == 3
    assert "The proposal holds no plan: its status is infeasible." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("plan.json", b"{", "bad_json"),
        ("plan.json", b"\xff", "bad_encoding"),
        ("plan.json", b"[" * 100_000, "bad_json"),
        ("plan.json", b"[]", "model_type"),
        ("plan.json", b'{"status": "optimal", "extra": 1}', "missing"),
        ("plan.json", b'{"placements": [{"employee": 1}]}', "string_type"),
        ("plan.json", b"", "empty_file"),
        ("plan.xlsx", b"no workbook", "no_workbook"),
        ("plan.xlsx", b"PK\x05\x06" + b"\0" * 18, "no_workbook"),
        ("plan.pdf", b"%PDF", "unknown_form"),
    ],
)
def test_what_is_no_plan_is_2(
    name: str,
    content: bytes,
    code: str,
    office_file: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (office_file.parent / name).write_bytes(content)
    assert main(["check", "office.json", name]) == 2
    err = capsys.readouterr().err
    assert f"[{code}]" in err
    assert err.startswith(name)


@pytest.mark.parametrize("name", ["nothing.json", "nothing.xlsx", "nothing"])
def test_a_missing_plan_is_2(
    name: str, office_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "office.json", name]) == 2
    assert "[not_found]" in capsys.readouterr().err


def test_a_folder_without_a_proposal_is_2(
    office_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "office.json", "."]) == 2
    assert "It holds no proposal.json." in capsys.readouterr().err
