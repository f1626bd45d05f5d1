"""A small organisation as raw tables, and ways to write it with something wrong in it."""

import copy
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models.issues import InputError
from models.organisation import Organisation
from models.policy import Policy
from models.tables import read_organisation

Tables = dict[str, list[list[Any]]]

GOOD: Tables = {
    "organisation": [
        ["name", "horizon_start", "horizon_end"],
        ["Jämsän tukipalvelut", "1.9.2018", "2021-09-01"],
    ],
    "skills": [["id", "name"], ["payroll", "Palkat"], ["books", "Kirjanpito"]],
    "teams": [
        ["id", "name", "size_min", "size_max", "lead", "leader", "site"],
        ["A", "Talous", "0", "3", "kyllä", "E01", "hall"],
        ["B", "Henkilöstö", "0", "3", "ei", "", ""],
    ],
    "demand": [["team", "from", "people"], ["A", "1.1.2019", "2"], ["A", "1.1.2020", "1"]],
    "needs": [["team", "skill", "level", "people"], ["A", "payroll", "2", "1"]],
    "employees": [
        ["id", "title", "site", "site_bound", "fte", "joins", "leaves_date", "leaves_reason",
         "leaves_source", "wants", "eligible_teams", "substitute", "needs_substitute"],
        ["E01", "Sihteeri", "hall", "x", "100,0", "", "1.6.2021", "retirement",
         "stated", "E02,E03", "", "E02", "kyllä"],
        ["E02", "", "", "", "80", "1.1.2019", "", "", "", "", "A,B", "", "kyllä"],
        ["E03", "", "", "", "", "", "", "", "", "", "", "", "ei"],
    ],
    "employee_skills": [
        ["employee", "skill", "level"],
        ["E01", "payroll", "3"],
        ["E02", "books", "2"],
    ],
    "interest": [["employee", "team", "grade"], ["E01", "A", "2"], ["E02", "B", "0"]],
    "lead_interest": [["employee", "team", "grade"], ["E01", "A", "3"]],
    "absences": [["employee", "start", "end"], ["E01", "1.6.2019", "1.2.2020"]],
    "tasks": [
        ["id", "kind", "skill", "level", "holder", "load", "active_start", "active_end"],
        ["pay", "ordinary", "payroll", "2", "E01", "40", "1.1.2019", "1.1.2021"],
        ["book", "expert", "books", "", "E02", "", "", ""],
    ],
    "prepared": [["task", "employee", "date"], ["pay", "E02", "1.1.2019"]],
    "rules": [
        ["id", "kind", "reason", "employee", "team", "employees", "principal", "substitute"],
        ["r1", "pin", "", "E01", "A", "", "", ""],
        ["r2", "apart", "", "", "", "E01,E02", "", ""],
        ["r3", "pin_substitute", "", "", "", "", "E02", "E01"],
        ["r4", "pin_lead", "", "E01", "A", "", "", ""],
    ],
}  # fmt: skip


def changed(table: str, row: int, column: str, value: Any) -> Tables:
    """The good tables with one cell changed; the row is as a spreadsheet counts it."""
    tables = copy.deepcopy(GOOD)
    rows = tables[table]
    rows[row - 1][rows[0].index(column)] = value
    return tables


def write_csv(
    tables: Tables, folder: Path, separator: str = ";", encoding: str = "utf-8", end: str = "\n"
) -> Path:
    """Write as a spreadsheet would: cells with a separator, quote or line end are quoted."""
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        lines = [separator.join(_cell(str(cell), separator) for cell in row) for row in rows]
        (folder / f"{name}.csv").write_bytes(end.join([*lines, ""]).encode(encoding))
    return folder


def _cell(text: str, separator: str) -> str:
    if any(mark in text for mark in (separator, '"', "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text


def write_xlsx(tables: Tables, path: Path) -> Path:
    """Write a workbook, every cell as the value it is."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for index, value in enumerate(row, start=1):
                if value != "":
                    sheet.cell(number, index).value = value
    book.save(path)
    return path


def issues_of(path: Path, policy: Policy | None = None) -> list[tuple[str, str]]:
    """Code and place of everything wrong with an input."""
    with pytest.raises(InputError) as caught:
        read_organisation(path, policy)
    assert all(issue.message and issue.cure for issue in caught.value.issues)
    return [(issue.code, issue.place) for issue in caught.value.issues]


def good_organisation(folder: Path) -> Organisation:
    """The small organisation as it should be read."""
    return read_organisation(write_csv(GOOD, folder / "good"))
