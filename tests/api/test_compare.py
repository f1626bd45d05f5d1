"""`tiimi compare` on the example: tables, marks, files, and what it refuses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from api.comparison_text import comparison_lines
from api.main import main
from api.texts import LANGUAGES, Texts
from models.comparison import Comparison, Row
from models.tables import read_organisation
from tests.api.conftest import EXAMPLE
from tests.api.telling import numbers_held, numbers_said
from tests.api.test_languages import english, words
from tests.api.test_why import refused

Compare = Callable[..., str]

EVENT = ["--effective", "2027-03-01", "--leaves", "E6@2027-06-01", "--workers", "1"]

SCENARIOS: dict[str, Any] = {
    "scenarios": [
        {
            "name": "E6 leaves",
            "effective": "2027-03-01",
            "events": [{"kind": "leaves", "employee": "E6", "date": "2027-06-01"}],
        },
        {"effective": "2027-03-01", "events": []},
    ]
}
"""The second one is without a name and changes nothing."""


@pytest.fixture(scope="session")
def answered(proposed_example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A what-if of the example."""
    folder = tmp_path_factory.mktemp("answered") / "later"
    assert main(["whatif", str(proposed_example), *EVENT, "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def later(answered: Path, example: Path) -> Path:
    """Its folder beside the base."""
    return Path(shutil.copytree(answered, example.parent / "later"))


@pytest.fixture
def compare(later: Path, capsys: pytest.CaptureFixture[str]) -> Compare:
    """Runs the command; gives back what it says."""

    def run(*args: str, code: int = 0) -> str:
        Path("scenarios.json").write_text(json.dumps(SCENARIOS), encoding="utf-8")
        capsys.readouterr()
        assert main(["compare", *args, "--workers", "1"]) == code
        return capsys.readouterr().out

    return run


def table(name: str = "table.json") -> Any:
    return json.loads(Path(name).read_text(encoding="utf-8"))


def rows(name: str = "table.json") -> dict[tuple[str, str], tuple[list[Any], list[str]]]:
    return {(r["kind"], r["name"]): (r["cells"], r["best"]) for r in table(name)["rows"]}


ASKED = {
    "folders": ["base", "later"],
    "scenarios": ["base", "--scenario", "scenarios.json"],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("args", ASKED.values(), ids=ASKED)
def test_no_number_is_said_that_is_not_held(
    args: list[str], language: str, compare: Compare
) -> None:
    """But for those of the columns, which are counted from 0 on."""
    said = compare(*args, "--language", language, "--out", "table")
    lines = [line for line in said.splitlines() if not line.startswith("  (")]
    numbers = numbers_said("\n".join(lines), read_organisation(EXAMPLE))
    assert numbers - numbers_held(table()) == set()
    assert len(numbers) > 10


@pytest.mark.parametrize("args", ASKED.values(), ids=ASKED)
def test_the_language_changes_no_number(args: list[str], compare: Compare) -> None:
    for language in LANGUAGES:
        compare(*args, "--language", language, "--out", language)
    one, *others = (rows(f"{language}.json") for language in LANGUAGES)
    cells = [cells for cells, _ in one.values()]
    assert [[cells for cells, _ in other.values()] for other in others] == [cells, cells]


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_nothing_is_left_in_english(language: str, compare: Compare) -> None:
    said = [compare(*args, "--language", language) for args in ASKED.values()]
    compare("base", "later", "--language", language, "--out", "table")
    book = openpyxl.load_workbook("table.xlsx")
    cells = [c.value for sheet in book.worksheets for row in sheet.iter_rows() for c in row]
    said += [str(cell) for cell in cells if isinstance(cell, str)]
    files = [path.read_text(encoding="utf-8-sig") for path in EXAMPLE.glob("*.csv")]
    known = words(files) | words(SCENARIOS) | words("base later")
    assert words(" ".join(said)) & english(language) - known == set()


def test_scenarios_beside_what_was_accepted(compare: Compare) -> None:
    """The second scenario changes nothing: as good as before in every row."""
    lines = compare("base", "--scenario", "scenarios.json", "--out", "table").splitlines()
    assert lines[:5] == [
        "Side by side; the best of a row is marked *. Lower is better, for days later is better.",
        "",
        "  (0) proposal: proven",
        "  (1) E6 leaves: proven",
        "  (2) 2: proven",
    ]
    assert "  0 *    1       0 *    people moved" in lines
    assert table()["columns"] == [
        {"name": "proposal", "status": "optimal"},
        {"name": "E6 leaves", "status": "optimal"},
        {"name": "2", "status": "optimal"},
    ]
    assert (table()["same_horizon"], table()["same_levels"]) == (True, True)
    found = rows()
    assert found["moves", "moves"] == ([0, 1, 0], ["proposal", "2"])
    assert all(cells[0] == cells[2] for cells, _ in found.values())
    assert found["first_broken", "T1"][0] == ["never", "2027-12-01", "never"]


def test_every_mark_is_at_the_best(compare: Compare) -> None:
    compare("base", "--scenario", "scenarios.json", "--out", "table")
    columns = [column["name"] for column in table()["columns"]]
    for (kind, name), (cells, best) in rows().items():
        if len({*cells}) == 1:
            assert best == [], name
        elif kind == "first_broken":
            latest = "never" if "never" in cells else max(cells)
            assert best == [c for c, cell in zip(columns, cells, strict=True) if cell == latest]
        else:
            least = min(cells)
            assert best == [c for c, cell in zip(columns, cells, strict=True) if cell == least]


def test_folders_of_other_days_and_levels(compare: Compare) -> None:
    """A what-if is of fewer days, and its goals about changes are in a level of their own."""
    lines = compare("base", "later", "--out", "table").splitlines()
    assert lines[1] == ("The horizons differ: costs of different numbers of days are side by side.")
    assert lines[2] == (
        "Levels made of other goals, weights or prices in another column have no best."
    )
    found = rows()
    assert found["level", "keep"][0][0] is None
    for level in ("stability", "substitutes"):
        assert found["level", level][1] == []
    # Team changes were in `stability`; in the what-if they are not.
    assert found["level", "people"][1] == ["base"]
    assert (table()["same_horizon"], table()["same_levels"]) == (False, False)


def test_the_workbook_has_the_same_table(compare: Compare) -> None:
    compare("base", "--scenario", "scenarios.json", "--out", "table")
    sheet = openpyxl.load_workbook("table.xlsx").worksheets[0]
    cells = [[c.value for c in row] for row in sheet.iter_rows()]
    at = next(i for i, row in enumerate(cells) if "E6 leaves" in row)
    assert cells[at][1:4] == ["proposal", "E6 leaves", "2"]
    assert cells[at + 1][1:4] == ["proven"] * 3
    body = cells[at + 2 : at + 2 + len(table()["rows"])]
    for row, (held, best) in zip(body, rows().values(), strict=True):
        for cell, value, name in zip(row[1:4], held, ("proposal", "E6 leaves", "2"), strict=True):
            expected = str(value) if value is not None else "–"
            if name in best:
                assert cell == f"{expected} *"
            elif value is None:
                assert cell is None
            else:
                assert str(cell).removesuffix(" 00:00:00") == expected


@pytest.mark.parametrize("name", ["table", "table.json", "table.xlsx"])
def test_two_files_whichever_is_named(name: str, compare: Compare) -> None:
    compare("base", "later", "--out", name)
    assert Path("table.json").is_file()
    assert Path("table.xlsx").is_file()


def test_a_dot_in_a_name_is_no_ending(compare: Compare) -> None:
    compare("base", "later", "--out", "spring.2027")
    assert Path("spring.2027.json").is_file()
    assert Path("spring.2027.xlsx").is_file()


def test_folders_and_scenarios_of_one_name_are_told_apart(compare: Compare) -> None:
    Path("other").mkdir()
    shutil.copytree("base", "other/base")
    compare("base", "other/base", "later", "--out", "table")
    assert [c["name"] for c in table()["columns"]] == ["base", "base (2)", "later"]
    assert all(set(best) <= {"base", "base (2)", "later"} for _, best in rows().values())
    one = {"name": "proposal", "effective": "2027-03-01", "events": []}
    Path("same.json").write_text(json.dumps({"scenarios": [one, one]}), encoding="utf-8")
    compare("base", "--scenario", "same.json", "--out", "twice")
    names = [c["name"] for c in table("twice.json")["columns"]]
    assert names == ["proposal", "proposal (2)", "proposal (3)"]


def test_a_base_that_is_not_proven_is_not_called_so(example: Path, compare: Compare) -> None:
    path = example / "proposal.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["status"] = data["levels"][-1]["status"] = "feasible"
    path.write_text(json.dumps(data), encoding="utf-8")
    lines = compare("base", "--scenario", "scenarios.json").splitlines()
    assert lines[2].startswith("  (0) proposal: not proven")
    assert lines[3] == "  (1) E6 leaves: proven"


def test_a_scenario_without_a_plan_has_an_empty_column(compare: Compare) -> None:
    """E7 is to be in two teams at once."""
    rule = {"id": "R2", "kind": "pin", "employee": "E7", "team": "economy"}
    impossible = {
        "name": "torn",
        "effective": "2027-03-01",
        "events": [{"kind": "rule", "rule": rule}],
    }
    Path("torn.json").write_text(json.dumps(impossible), encoding="utf-8")
    lines = compare("base", "--scenario", "torn.json", "--out", "table", code=3).splitlines()
    assert lines[3] == "  (1) torn: no plan"
    assert table()["columns"][1] == {"name": "torn", "status": "infeasible"}
    assert {cells[1] for cells, _ in rows().values()} == {None}
    assert {tuple(best) for _, best in rows().values()} == {()}


def test_without_time_a_column_is_empty(compare: Compare) -> None:
    options = ["--time-limit", "0.000001", "--out", "table"]
    compare("base", "--scenario", "scenarios.json", *options, code=4)
    assert [column["status"] for column in table()["columns"][1:]] == ["unknown", "unknown"]


def test_rows_in_which_nothing_is_to_be_seen_are_not_told() -> None:
    found = Comparison(
        ("one", "two"),
        ("optimal", "optimal"),
        True,
        True,
        (
            Row("goal", "interest", (0, 0), ()),
            Row("goal", "handovers", (0, 2), (0,)),
            Row("first_broken", "T1", ("never", None), ()),
        ),
    )
    assert list(comparison_lines(found, {}, Texts()))[5:] == [
        "Goals",
        "-----",
        "  (0)  (1)",
        "  0 *  2    tasks that change hands",
    ]


# What it refuses


def test_what_cannot_be_compared(later: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("scenarios.json").write_text(json.dumps(SCENARIOS), encoding="utf-8")
    assert "--scenario" in refused(["compare", "base"], "too_few", capsys)
    args = ["compare", "base", "later", "--scenario", "scenarios.json"]
    assert "one folder" in refused(args, "bad_option", capsys)
    assert "elsewhere" in refused(["compare", "base", "elsewhere"], "not_found", capsys)
    args = ["compare", "base", "--scenario", "elsewhere.json"]
    assert "elsewhere.json" in refused(args, "not_found", capsys)
    Path("empty.json").write_text('{"scenarios": []}', encoding="utf-8")
    refused(["compare", "base", "--scenario", "empty.json"], "wrong_type", capsys)


def test_what_is_wrong_in_a_scenario_is_told_with_its_number(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {"effective": "2027-03-01", "events": [{"kind": "vanishes", "employee": "E1"}]}
    both = {"scenarios": [SCENARIOS["scenarios"][0], wrong]}
    Path("wrong.json").write_text(json.dumps(both), encoding="utf-8")
    assert main(["compare", "base", "--scenario", "wrong.json"]) == 2
    err = capsys.readouterr().err
    assert "scenarios[1]" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("taken", ["table.json", "table.xlsx"])
def test_no_file_is_written_over(
    taken: str, later: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(taken).write_text("mine", encoding="utf-8")
    refused(["compare", "base", "later", "--out", "table"], "taken", capsys, taken)
    assert Path(taken).read_text(encoding="utf-8") == "mine"
    assert {path.name for path in Path().iterdir()} == {"base", "later", taken}


@pytest.mark.parametrize("out", ["", ".", "nowhere/table"])
def test_a_place_where_nothing_can_be_is_refused(
    out: str, later: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["compare", "base", "later", "--out", out]) == 2
    assert "MISTAKE" not in capsys.readouterr().err
    assert {path.name for path in Path().iterdir()} == {"base", "later"}
