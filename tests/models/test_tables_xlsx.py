"""Workbooks: real numbers, dates and truth values, and files that are no workbooks."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.worksheet.formula import ArrayFormula

from models.issues import InputError, Issue
from models.organisation import Organisation
from models.tables import read_organisation, write_organisation
from models.tables.limits import MOST_BYTES, MOST_UNZIPPED
from tests.models.small_tables import GOOD, changed, good_organisation, issues_of, write_xlsx


@pytest.fixture
def good(tmp_path: Path) -> Organisation:
    return good_organisation(tmp_path)


def test_texts_are_read_as_in_csv(good: Organisation, tmp_path: Path) -> None:
    assert read_organisation(write_xlsx(GOOD, tmp_path / "staff.xlsx")) == good


def test_real_numbers_dates_and_truth_values(good: Organisation, tmp_path: Path) -> None:
    tables = changed("organisation", 2, "horizon_start", datetime(2018, 9, 1))
    tables["organisation"][1][2] = date(2021, 9, 1)
    tables["employees"][1][4] = 100.0
    tables["employees"][2][4] = 80
    tables["employees"][1][3] = True
    tables["employees"][1][12] = 1
    tables["employees"][3][12] = False
    tables["teams"][1][2:5] = [0, 3, 1.0]
    assert read_organisation(write_xlsx(tables, tmp_path / "staff.xlsx")) == good


def test_numbers_as_ids(tmp_path: Path) -> None:
    tables = changed("skills", 3, "id", 7)
    tables["tasks"][2][2] = 7.0
    tables["employee_skills"][2][1] = "7"
    read = read_organisation(write_xlsx(tables, tmp_path / "staff.xlsx"))
    assert (read.skills[1].id, read.tasks[1].skill) == ("7", "7")


# Table, row, column, value, code: what only a workbook can hold.
CELLS: list[tuple[str, int, str, Any, str]] = [
    ("employees", 2, "fte", "=A1+1", "formula"),
    ("skills", 2, "name", ArrayFormula("B2", "=A1:A3"), "formula"),
    ("employees", 2, "fte", "#REF!", "cell_error"),
    ("tasks", 2, "load", "#N/A", "cell_error"),
    ("employees", 2, "fte", 80.5, "not_integer"),
    ("employees", 2, "fte", True, "not_integer"),
    ("employees", 2, "fte", date(2019, 1, 1), "not_integer"),
    ("employees", 2, "joins", 43344, "bad_date"),
    ("employees", 2, "joins", datetime(2019, 1, 1, 12), "bad_date"),
    ("employees", 2, "joins", time(12), "bad_date"),
    ("teams", 2, "lead", 2, "not_boolean"),
    ("teams", 2, "lead", date(2019, 1, 1), "not_boolean"),
    ("teams", 2, "site", 1.5, "not_text"),
    ("teams", 2, "site", date(2019, 9, 1), "not_text"),
    ("teams", 2, "site", False, "not_text"),
    ("employees", 2, "wants", 2.3, "not_text"),
]


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "code"), CELLS, ids=lambda value: str(value)[:20]
)
def test_error_in_a_cell(
    table: str, row: int, column: str, value: Any, code: str, tmp_path: Path
) -> None:
    path = write_xlsx(changed(table, row, column, value), tmp_path / "staff.xlsx")
    assert issues_of(path) == [(code, f"staff.xlsx, sheet {table}, row {row}, column {column}")]


Change = Callable[[openpyxl.Workbook], object]


# What is done to the workbook, then code and place.
SHEETS: list[tuple[str, Change, str, str]] = [
    ("gone", lambda book: book.remove(book["skills"]), "missing_table", "sheet skills"),
    ("emptied", lambda book: book["skills"].delete_rows(1, 9), "empty_table", "sheet skills"),
    (
        "misspelt",
        lambda book: setattr(book["rules"], "title", "rulse"),
        "unknown_table",
        "sheet rulse",
    ),
    (
        "twice",
        lambda book: setattr(book.copy_worksheet(book["rules"]), "title", " Rules"),
        "duplicate_table",
        "sheet Rules",
    ),
    (
        "formula as header",
        lambda book: book["rules"].__setitem__("I1", "=A1"),
        "formula",
        "sheet rules, row 1, column I",
    ),
    (
        "unknown header",
        lambda book: book["rules"].__setitem__("I1", 2019),
        "unknown_column",
        "sheet rules, row 1, column I",
    ),
    (
        "no header",
        lambda book: book["rules"].__setitem__("AB3", "?"),
        "no_header",
        "sheet rules, row 3, column AB",
    ),
    (
        "far away",
        lambda book: book["organisation"].__setitem__("XFD2", "?"),
        "no_header",
        "sheet organisation, row 2, column XFD",
    ),
]


@pytest.mark.parametrize(
    ("change", "code", "place"), [case[1:] for case in SHEETS], ids=[case[0] for case in SHEETS]
)
def test_error_in_a_sheet(change: Change, code: str, place: str, tmp_path: Path) -> None:
    path = write_xlsx(GOOD, tmp_path / "staff.xlsx")
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    assert issues_of(path) == [(code, f"staff.xlsx, {place}")]


def test_merged_cells(tmp_path: Path) -> None:
    path = write_xlsx(GOOD, tmp_path / "staff.xlsx")
    book = openpyxl.load_workbook(path)
    book["demand"].merge_cells("A2:A3")
    book.save(path)
    assert issues_of(path) == [
        ("merged_cells", "staff.xlsx, sheet demand, row 2"),
    ]


def test_what_merged_cells_hide_is_not_missed_elsewhere(tmp_path: Path) -> None:
    """Of the second employee nothing but the id is hidden; others name that id."""
    path = write_xlsx(GOOD, tmp_path / "staff.xlsx")
    book = openpyxl.load_workbook(path)
    book["employees"].merge_cells("A2:A3")
    book.save(path)
    assert issues_of(path) == [("merged_cells", "staff.xlsx, sheet employees, row 2")]


def test_empty_sheets_and_charts_are_no_tables(good: Organisation, tmp_path: Path) -> None:
    path = write_xlsx(GOOD, tmp_path / "staff.xlsx")
    book = openpyxl.load_workbook(path)
    book.create_sheet("Taul1")
    book.create_chartsheet("Kaavio").add_chart(BarChart())
    sheet = book["skills"]
    sheet.title = "moved"
    sheet.title = "Skills"
    book.save(path)
    assert read_organisation(path) == good


def rezipped(path: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one of its parts changed."""
    changed_parts = io.BytesIO()
    with (
        zipfile.ZipFile(path) as old,
        zipfile.ZipFile(changed_parts, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part.filename, change(content) if part.filename == member else content)
    path.write_bytes(changed_parts.getvalue())
    return path


MERGED = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
NOWHERE = b'</sheetData><mergeCells><mergeCell ref="A"/></mergeCells>'
PARTS: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("bomb", lambda part: part + b" " * MOST_UNZIPPED, "too_large"),
    ("entities", lambda part: b'<!DOCTYPE a [<!ENTITY b "c">]>' + part, "not_a_workbook"),
    ("cut", lambda part: part[:300], "not_a_workbook"),
    ("not a sheet", lambda part: b"<a/>", "empty_table"),
    ("all merged", lambda part: part.replace(b"</sheetData>", MERGED), "merged_cells"),
    (
        "merged in another encoding",
        lambda part: part.replace(b"</sheetData>", MERGED).decode().encode("utf-16"),
        "merged_cells",
    ),
    ("merged nowhere", lambda part: part.replace(b"</sheetData>", NOWHERE), "not_a_workbook"),
]


@pytest.mark.parametrize(
    ("change", "code"), [case[1:] for case in PARTS], ids=[case[0] for case in PARTS]
)
def test_part_of_a_workbook_that_is_hostile_or_damaged(
    change: Callable[[bytes], bytes], code: str, tmp_path: Path
) -> None:
    path = rezipped(write_xlsx(GOOD, tmp_path / "staff.xlsx"), "xl/worksheets/sheet2.xml", change)
    codes = [found for found, place in issues_of(path) if place.startswith("staff.xlsx")]
    assert codes[0] == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"name;horizon_start", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not_a_workbook"),
        (b"PK\3\4", "not_a_workbook"),
        (b"\0" * (MOST_BYTES + 1), "too_large"),
    ],
)
def test_a_file_that_is_no_workbook(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "staff.xlsx"
    path.write_bytes(content)
    assert issues_of(path) == [(code, "staff.xlsx")]


def test_a_workbook_damaged_anywhere_is_refused_or_read(tmp_path: Path) -> None:
    path = write_xlsx(GOOD, tmp_path / "staff.xlsx")
    content = path.read_bytes()
    told: list[Issue] = []
    for start in range(0, len(content), 211):
        path.write_bytes(content[:start] + b"\xff" * 8 + content[start + 8 :])
        try:
            read_organisation(path)
        except InputError as error:
            told += error.issues
    assert told
    assert all(issue.code and issue.place and issue.message for issue in told)


def test_texts_that_look_like_something_else_stay_texts(good: Organisation, tmp_path: Path) -> None:
    path = tmp_path / "staff.xlsx"
    write_organisation(good.model_copy(update={"name": "=1+1"}), path)
    cell = openpyxl.load_workbook(path)["organisation"]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    assert read_organisation(path).name == "=1+1"


def test_values_are_written_as_what_they_are(good: Organisation, tmp_path: Path) -> None:
    write_organisation(good, tmp_path / "staff.xlsx")
    book = openpyxl.load_workbook(tmp_path / "staff.xlsx")
    assert book["organisation"]["B2"].value == datetime(2018, 9, 1)
    assert book["employees"]["F2"].value == 100
    assert book["employees"]["E2"].value is True
