"""The workbook as it is written: guide in front, headers, drop-down lists, formats, rows."""

from __future__ import annotations

from datetime import date

import openpyxl
from openpyxl.cell import Cell as BookCell
from openpyxl.cell import MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from models.tables.csv_form import written
from models.tables.frames import Cell
from models.tables.guide import GUIDE_HEADERS, INTRODUCTION, guide_rows
from models.tables.schema import GUIDE_SHEET, TABLES, Column, Kind, Table

FIRST_REAL_YEAR = 1901
"""Spreadsheets count days from 1900, and count that year wrong: earlier days are texts."""

_LOCAL_DATE = "mm-dd-yy"  # this one every spreadsheet shows in the way of its own country
_AS_TEXT = "@"
_ROWS_WITH_LISTS = 5000
_YES_NO = "kyllä,ei"
_WIDTHS = {
    Kind.ID: 16,
    Kind.IDS: 28,
    Kind.TEXT: 30,
    Kind.CHOICE: 16,
    Kind.WHOLE: 12,
    Kind.FLAG: 14,
    Kind.DAY: 14,
}
_GUIDE_WIDTHS = (16, 18, 16, 52, 52, 52, 16, 24)
_BOLD = Font(bold=True)
_SHADE = PatternFill("solid", fgColor="DDE6EE")
_WRAP = Alignment(wrap_text=True, vertical="top")


def book_of(rows: dict[str, list[list[Cell]]], place: str) -> openpyxl.Workbook:
    """A workbook with the guide and every table.

    Raises:
        InputError: if a cell has more than a spreadsheet can hold.
    """
    book = openpyxl.Workbook()
    guide = book.worksheets[0]
    guide.title = GUIDE_SHEET
    _write_guide(guide)
    for table in TABLES:
        sheet = book.create_sheet(table.name)
        cells = rows.get(table.name, [])
        _lay_out(sheet, table, len(cells))
        for number, row in enumerate(cells, start=2):
            for index, value in enumerate(row, start=1):
                if value is not None:
                    _put(sheet.cell(number, index), value, f"{place}, sheet {table.name}")
    return book


def _write_guide(sheet: Worksheet) -> None:
    for number, line in enumerate(INTRODUCTION, start=1):
        sheet.cell(number, 1, line)
    sheet["A1"].font = Font(bold=True, size=14)
    top = len(INTRODUCTION) + 2
    for index, header in enumerate(GUIDE_HEADERS, start=1):
        _head(sheet.cell(top, index, header))
    for number, row in enumerate(guide_rows(), start=top + 1):
        for index, text in enumerate(row, start=1):
            cell = sheet.cell(number, index)
            cell.value = text
            cell.data_type = "s"
            cell.alignment = _WRAP
    for index, width in enumerate(_GUIDE_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = f"A{top + 1}"


def _lay_out(sheet: Worksheet, table: Table, rows: int) -> None:
    last = max(_ROWS_WITH_LISTS, rows + 1000)
    for index, column in enumerate(table.columns, start=1):
        letter = get_column_letter(index)
        _head(sheet.cell(1, index, column.name))
        dimension = sheet.column_dimensions[letter]
        dimension.width = max(_WIDTHS[column.kind], len(column.name) + 3)
        if column.kind is Kind.DAY:
            dimension.number_format = _LOCAL_DATE
        elif column.kind in (Kind.ID, Kind.IDS, Kind.TEXT):
            dimension.number_format = _AS_TEXT
        choice = _choice(column, last)
        if choice is not None:
            sheet.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}{last}")
    sheet.freeze_panes = "A2" if table.parent or table.name == "organisation" else "B2"


def _head(cell: BookCell | MergedCell) -> None:
    cell.font = _BOLD
    cell.fill = _SHADE


def _choice(column: Column, last: int) -> DataValidation | None:
    """The drop-down list of a column; what is not in it is only questioned, not refused."""
    if column.kind is Kind.CHOICE:
        source = f'"{",".join(column.choices)}"'
    elif column.kind is Kind.FLAG:
        source = f'"{_YES_NO}"'
    elif column.kind is Kind.ID and column.of is not None:
        source = f"{column.of}!$A$2:$A${last}"
    else:
        return None
    return DataValidation(
        type="list",
        formula1=source,
        allow_blank=True,
        showErrorMessage=True,
        errorStyle="warning",
        errorTitle=column.name,
        error="Ei luettelossa. Not in the list.",
    )


def _put(
    cell: BookCell | MergedCell, value: str | int | bool | date | list[str], place: str
) -> None:
    if isinstance(value, date) and value.year >= FIRST_REAL_YEAR:
        cell.value = value
        cell.number_format = _LOCAL_DATE
    elif isinstance(value, int):
        cell.value = value
    else:
        _put_text(cell, written(value, place))


def _put_text(cell: BookCell | MergedCell, text: str) -> None:
    """A text that stays one: a workbook says so itself, where CSV needs an apostrophe."""
    if text == "":
        return
    if len(text) > 1 and text[0] == "'" and text[1] in "=+-@":
        text = text[1:]
        cell.quotePrefix = True
    cell.value = text
    cell.data_type = "s"
    cell.number_format = _AS_TEXT
