"""A proposal as a workbook: sheets laid out to be read, filtered, printed and changed."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from api.output import WORKBOOK
from api.seal import INPUT_PROPERTY, PLACEHOLDER, POLICY_PROPERTY, PROPERTY, sealed
from api.texts import Texts
from api.view import View
from api.workbook_sheets import Column, Row, SheetOf, Value, data_sheets
from api.workbook_summary import summary_rows
from models.tables.text import MOST_IN_CELL, shown

PEN = " *"
"""Behind the header of a column that may be changed by hand."""

_DATE = "yyyy-mm-dd"
_SIGNED = "+0;-0;0"
_NARROWEST, _WIDEST = 9, 64
_MARGIN = 4
_LINE_HEIGHT = 15
_SUMMARY_COLUMNS = 7
_SHORT = 14
"""Characters of a text in the summary that fits a column; a longer one spreads over all."""

_FIRST_REAL_YEAR = 1901  # spreadsheets count that year wrong: earlier days are texts

_BOLD = Font(bold=True)
_TITLE = Font(bold=True, size=14)
_TEXT = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
_DAY = Alignment(horizontal="center", vertical="top")
_NUMBER = Alignment(horizontal="right", vertical="top")
_NUMBER_HEAD = Alignment(horizontal="right", vertical="top", wrap_text=True)
_HEAD = PatternFill("solid", fgColor="DDE6EE")
_HEAD_PEN = PatternFill("solid", fgColor="FFF2CC")
_FILLS = {
    "bad": PatternFill("solid", fgColor="F8CBAD"),
    "warn": PatternFill("solid", fgColor="FFE699"),
    "good": PatternFill("solid", fgColor="E2EFDA"),
}
_LINE = Border(bottom=Side(style="thin", color="BFBFBF"))


def workbook_of(view: View, texts: Texts, others: dict[str, bytes]) -> bytes:
    """The workbook's bytes, sealed together with the files that go beside it."""
    book = openpyxl.Workbook()
    book.properties.creator = "tiimi"
    book.properties.title = texts("book.title", name=shown(view.organisation.name))
    # The library's type stubs lack what the library has.
    properties: Any = book.custom_doc_props  # type: ignore[attr-defined]
    run = view.proposal.run
    properties.append(StringProperty(name=PROPERTY, value=PLACEHOLDER))
    properties.append(StringProperty(name=INPUT_PROPERTY, value=run.input_sha256))
    properties.append(StringProperty(name=POLICY_PROPERTY, value=run.policy_sha256))
    summary = book.worksheets[0]
    summary.title = texts("sheet.summary")
    _write_summary(summary, view, texts)
    sheets = data_sheets(view, texts)
    rows = {sheet.name: len(sheet.rows) for sheet in sheets}
    for sheet in sheets:
        _write_sheet(book.create_sheet(texts(f"sheet.{sheet.name}")), sheet, texts)
    for sheet in sheets:
        _offer(book[texts(f"sheet.{sheet.name}")], sheet, rows, texts)
    for worksheet in book.worksheets:
        _print_setup(worksheet, view.organisation.name, texts)
    buffer = io.BytesIO()
    book.save(buffer)
    return sealed(buffer.getvalue(), others, WORKBOOK)


def book_of(title: str, sheets: Sequence[SheetOf], texts: Texts) -> bytes:
    """A workbook of sheets alone; one without rows is left out, unless all are."""
    book = openpyxl.Workbook()
    book.properties.creator = "tiimi"
    book.properties.title = shown(title)
    filled = [sheet for sheet in sheets if sheet.rows] or list(sheets[:1])
    for index, sheet in enumerate(filled):
        name = texts(f"sheet.{sheet.name}")
        worksheet = book.create_sheet(name) if index else book.worksheets[0]
        worksheet.title = name
        _write_sheet(worksheet, sheet, texts)
        _print_setup(worksheet, title, texts)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write_sheet(worksheet: Worksheet, sheet: SheetOf, texts: Texts) -> None:
    heads = [_head(column, texts) for column in sheet.columns]
    for index, (column, head) in enumerate(zip(sheet.columns, heads, strict=True)):
        values = [row.cells[index] for row in sheet.rows]
        longest_word = max(len(word) for word in head.split())
        _set_width(worksheet, index + 1, values, longest_word)
        cell: Any = worksheet.cell(1, index + 1)
        _put(cell, head)
        cell.fill = _HEAD_PEN if column.pen else _HEAD
        cell.font, cell.border = _BOLD, _LINE
        is_number = any(isinstance(value, int) for value in values)
        cell.alignment = _NUMBER_HEAD if is_number else _TEXT
    _set_height(worksheet, 1, heads)
    for number, row in enumerate(sheet.rows, start=2):
        _write_row(worksheet, number, row)
        for index, column in enumerate(sheet.columns):
            if column.signed and isinstance(row.cells[index], int):
                worksheet.cell(number, index + 1).number_format = _SIGNED
        _set_height(worksheet, number, row.cells)
    worksheet.freeze_panes = "B2"
    last = get_column_letter(len(sheet.columns))
    worksheet.auto_filter.ref = f"A1:{last}{max(2, len(sheet.rows) + 1)}"
    worksheet.print_title_rows = "1:1"


def _head(column: Column, texts: Texts) -> str:
    if column.title is not None:
        return column.title
    return texts(f"column.{column.key}") + (PEN if column.pen else "")


def _write_row(worksheet: Worksheet, number: int, row: Row) -> None:
    for index, value in enumerate(row.cells):
        cell = worksheet.cell(number, index + 1)
        if value is not None and value != "":
            _put(cell, value)
        is_text, is_day = isinstance(value, str), isinstance(value, date)
        cell.alignment = _TEXT if is_text else _DAY if is_day else _NUMBER
        if index in row.marks:
            cell.fill = _FILLS[row.marks[index]]


def _write_summary(worksheet: Worksheet, view: View, texts: Texts) -> None:
    rows = summary_rows(view, texts)
    for index in range(_SUMMARY_COLUMNS):
        beside = [row.cells[index] for row in rows if len(row.cells) > max(1, index)]
        fitting = [t for t in beside if index == 0 or len(str(t)) <= _SHORT]
        _set_width(worksheet, index + 1, fitting, _SHORT - 4)
    for number, row in enumerate(rows, start=1):
        _write_row(worksheet, number, row)
        if len(row.cells) == 1:
            cell = worksheet.cell(number, 1)
            cell.font = _TITLE if number == 1 else _BOLD
            cell.alignment = Alignment(horizontal="left", indent=1)
        elif len(row.cells) == 2:
            _spread(worksheet, number, str(row.cells[1]))
        elif row.head:
            for index in range(len(row.cells)):
                cell = worksheet.cell(number, index + 1)
                cell.font, cell.fill, cell.border = _BOLD, _HEAD, _LINE
                cell.alignment = _TEXT if index in (0, 5) else _NUMBER
    worksheet.row_dimensions[1].height = 24


def _spread(worksheet: Worksheet, row: int, text: str) -> None:
    """A text over the width of the sheet, in as many lines as it takes."""
    worksheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=_SUMMARY_COLUMNS)
    worksheet.cell(row, 2).alignment = _TEXT
    columns = map(get_column_letter, range(2, _SUMMARY_COLUMNS + 1))
    wide = sum(worksheet.column_dimensions[letter].width for letter in columns)
    worksheet.row_dimensions[row].height = _LINE_HEIGHT * _lines(text, wide)


def _lines(text: str, wide: float) -> int:
    """Lines a text takes in a column, rather one too many than one cut off."""
    room = int(wide) - _MARGIN
    return sum(max(1, math.ceil(len(line) / room)) for line in text.split("\n"))


def _set_height(worksheet: Worksheet, number: int, cells: Sequence[Value]) -> None:
    lines = max(
        (
            _lines(value, worksheet.column_dimensions[get_column_letter(index)].width)
            for index, value in enumerate(cells, start=1)
            if isinstance(value, str)
        ),
        default=1,
    )
    worksheet.row_dimensions[number].height = _LINE_HEIGHT * min(lines, 20)


def _set_width(worksheet: Worksheet, index: int, values: Sequence[Value], least: int) -> None:
    """A column as wide as its longest cell, or as the longest word of its header."""
    longest = max((len(str(value)) for value in values if value is not None), default=0)
    wide = max(_NARROWEST, max(least, longest) + _MARGIN)
    worksheet.column_dimensions[get_column_letter(index)].width = min(wide, _WIDEST)


def _put(cell: Any, value: Value) -> None:
    """A value that stays what it is: a text is never taken for a formula."""
    if isinstance(value, date) and value.year >= _FIRST_REAL_YEAR:
        cell.value = value
        cell.number_format = _DATE
    elif isinstance(value, int | float):
        cell.value = value
        if isinstance(value, float):
            cell.number_format = "0.0"
    else:
        text = shown(str(value))[:MOST_IN_CELL]
        if len(text) > 1 and text[0] == "'" and text[1] in "=+-@":
            text = text[1:]
            cell.quotePrefix = True
        cell.value = text
        cell.data_type = "s"


def _offer(worksheet: Worksheet, sheet: SheetOf, rows: dict[str, int], texts: Texts) -> None:
    """Drop-down lists of known ids for the columns that may be changed by hand."""
    last = len(sheet.rows) + 200
    for index, column in enumerate(sheet.columns, start=1):
        if not column.pen or column.of is None:
            continue
        title = texts(f"sheet.{column.of}").replace("'", "''")
        choice = DataValidation(
            type="list",
            formula1=f"'{title}'!$A$2:$A${max(2, rows[column.of] + 1)}",
            allow_blank=True,
            showErrorMessage=True,
            errorStyle="warning",
            errorTitle=texts(f"column.{column.key}"),
            error=texts("book.not_listed"),
        )
        letter = get_column_letter(index)
        worksheet.add_data_validation(choice)
        choice.add(f"{letter}2:{letter}{last}")


def _print_setup(worksheet: Worksheet, title: str, texts: Texts) -> None:
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    name = "".join(c for c in title if c.isprintable()).replace("&", "&&")
    footer: Any = worksheet.oddFooter
    footer.left.text = texts("book.footer", name=name[:80], sheet=worksheet.title)
    footer.right.text = "&P / &N"
