"""The workbook to fill in: complete, explained, and read like any other."""

from pathlib import Path
from typing import Any, get_args

import openpyxl
import pytest
from pydantic import BaseModel

from models.issues import InputError
from models.organisation import (
    RULE_KINDS,
    Absence,
    Demand,
    Departure,
    Employee,
    Need,
    Organisation,
    Skill,
    Task,
    Team,
)
from models.tables import TABLES, read_organisation, write_template
from models.tables.guide import GUIDE_HEADERS, guide_rows
from models.tables.schema import BY_NAME, GUIDE_SHEET, Kind
from tests.models.small_tables import GOOD, good_organisation, issues_of


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    write_template(path)
    return path


def test_an_empty_template_says_what_it_lacks(template: Path) -> None:
    assert issues_of(template) == [
        ("missing_row", "template.xlsx, sheet organisation, row 2"),
    ]


def test_a_filled_template_is_read(template: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template)
    for name, rows in GOOD.items():
        headers = [cell.value for cell in book[name][1]]
        for number, row in enumerate(rows[1:], start=2):
            for header, value in zip(rows[0], row, strict=True):
                if value:
                    book[name].cell(number, headers.index(header) + 1).value = value
    book.save(tmp_path / "filled.xlsx")
    assert read_organisation(tmp_path / "filled.xlsx") == good_organisation(tmp_path)


def test_every_sheet_has_bold_frozen_headers(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == [GUIDE_SHEET, *(table.name for table in TABLES)]
    for table in TABLES:
        sheet = book[table.name]
        assert [cell.value for cell in sheet[1]] == [column.name for column in table.columns]
        assert all(cell.font.bold for cell in sheet[1])
        assert str(sheet.freeze_panes).endswith("2")


def drop_downs(sheet: Any) -> dict[str, str]:
    return {
        str(choice.sqref).split("2:")[0]: choice.formula1
        for choice in sheet.data_validations.dataValidation
    }


def test_drop_down_lists(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert drop_downs(book["prepared"]) == {
        "A": "tasks!$A$2:$A$5000",
        "B": "employees!$A$2:$A$5000",
    }
    tasks = drop_downs(book["tasks"])
    assert tasks["C"] == '"ordinary,special,expert,authority"'
    assert tasks["N"] == '"kyllä,ei"'


def test_the_guide_explains_every_column(template: Path) -> None:
    rows = list(guide_rows())
    columns = [(table.name, column.name) for table in TABLES for column in table.columns]
    assert [row[:2] for row in rows] == columns
    assert all(len(row) == len(GUIDE_HEADERS) and all(row) for row in rows)
    written = list(openpyxl.load_workbook(template)[GUIDE_SHEET].values)
    assert [row[: len(GUIDE_HEADERS)] for row in written[-len(rows) :]] == rows
    assert written[0][0] == "Ohje / Guide / Anvisning"


def test_a_template_is_a_workbook(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_template(tmp_path / "template.csv")
    assert [issue.code for issue in caught.value.issues] == ["unknown_form"]


def fields(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


@pytest.mark.parametrize(
    ("name", "model", "elsewhere"),
    [
        ("skills", Skill, set()),
        ("teams", Team, {"demand", "needs"}),
        ("employees", Employee, {"skills", "interest", "lead_interest", "absences"}),
        ("tasks", Task, {"prepared"}),
        ("organisation", Organisation, {"skills", "teams", "employees", "tasks", "rules"}),
    ],
)
def test_columns_are_the_fields(name: str, model: type[BaseModel], elsewhere: set[str]) -> None:
    found = dict.fromkeys(column.field[0] for column in BY_NAME[name].columns)
    assert list(found) == [field for field in fields(model) if field not in elsewhere]


@pytest.mark.parametrize(
    ("name", "model"), [("demand", Demand), ("needs", Need), ("absences", Absence)]
)
def test_columns_after_the_owner_are_the_fields(name: str, model: type[BaseModel]) -> None:
    assert [column.name for column in BY_NAME[name].columns[1:]] == fields(model)


def test_columns_of_rules_are_the_fields_of_all_kinds() -> None:
    found = {column.name for column in BY_NAME["rules"].columns}
    assert found == {field for model in RULE_KINDS.values() for field in fields(model)}


def test_choices_and_defaults_are_those_of_the_models() -> None:
    for name, model in (("employees", Employee), ("teams", Team), ("tasks", Task)):
        for column in BY_NAME[name].columns:
            field = (Departure if column.inside == "leaves" else model).model_fields
            if column.kind is Kind.CHOICE:
                assert column.choices == get_args(field[column.field[-1]].annotation)
            if column.kind is Kind.FLAG:
                assert column.default is field[column.name].default
