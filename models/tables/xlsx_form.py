"""An XLSX workbook, a sheet per table."""

from __future__ import annotations

import contextlib
import io
import threading
import warnings
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from models.files import write_whole
from models.issues import InputError, nearest
from models.organisation import Organisation
from models.tables.book import book_of
from models.tables.cells import Raw, Refused, formula, is_empty
from models.tables.frames import rows_of
from models.tables.limits import MOST_UNZIPPED, check_size, content_of, refusal
from models.tables.schema import BY_NAME, GUIDE_SHEET, TABLES, Table
from models.tables.sheet import Report, Sheet, Spot
from models.tables.text import trimmed

MOST_MERGED = 10_000
"""No more merged cells of a sheet are unfolded, be it only to say that they are merged."""

_LOADING = threading.Lock()


def read_workbook(path: Path, report: Report) -> list[Sheet]:
    """The tables of a workbook; what is wrong with a sheet goes to the report.

    Raises:
        InputError: if it is no workbook, or too large.
    """
    book = _loaded(content_of(path), path.name)
    found: dict[str, tuple[Worksheet, list[tuple[int, dict[int, Raw]]]]] = {}
    for sheet in book.worksheets:
        name = trimmed(sheet.title)
        rows = _rows(sheet)
        table = BY_NAME.get(name.casefold())
        place = f"{path.name}, sheet {name}"
        if table is not None and table.name not in found:
            found[table.name] = (sheet, rows)
        elif table is not None:
            report.lost.add(table.name)
            report.add(
                Spot(place, TABLES.index(table)),
                "duplicate_table",
                "This table is in the workbook already.",
                "Keep one of the sheets.",
            )
        elif rows and name != GUIDE_SHEET:
            cure = f"{nearest(name, BY_NAME)} Keep other sheets in a workbook of their own."
            report.add(Spot(place, len(TABLES)), "unknown_table", "There is no such table.", cure)
    return _sheets(found, path.name, report)


def write_workbook(organisation: Organisation, path: Path) -> None:
    """Write all tables, also those without rows, with the guide in front.

    Raises:
        InputError: if a workbook cannot hold it.
    """
    content = saved(rows_of(organisation), path)
    write_whole(path, content)


def saved(rows: dict[str, list[list[Any]]], path: Path) -> bytes:
    """The bytes of a workbook with these rows.

    Raises:
        InputError: if a workbook cannot hold them, or it would be too large to be read.
    """
    buffer = io.BytesIO()
    book_of(rows, path.name).save(buffer)
    content = check_size(path, buffer.getvalue())
    _check_parts(content, path.name)
    return content


def _sheets(
    found: dict[str, tuple[Worksheet, list[tuple[int, dict[int, Raw]]]]],
    file: str,
    report: Report,
) -> list[Sheet]:
    sheets = []
    for order, table in enumerate(TABLES):
        place = f"{file}, sheet {table.name}"
        if table.name in found:
            sheet, rows = found[table.name]
            _check_merged(sheet, Spot(place, order), report)
            if sheet.merged_cells.ranges:
                # An id may stand in a cell that is hidden behind another.
                report.lost.add(table.name)
            if rows or table.required:
                sheets.append(Sheet(table, place, rows))
        elif table.required:
            _missing(table, Spot(place, order), report)
    return sheets


def _missing(table: Table, spot: Spot, report: Report) -> None:
    report.lost.add(table.name)
    report.add(
        spot,
        "missing_table",
        "The sheet is missing.",
        f"Add it; its columns: {', '.join(c.name for c in table.columns)}.",
    )


def _check_merged(sheet: Worksheet, spot: Spot, report: Report) -> None:
    for area in sheet.merged_cells.ranges:
        report.merged |= {
            str(Spot(spot.place, spot.order, row)) for row in range(area.min_row, area.max_row + 1)
        }
        report.add(
            Spot(spot.place, spot.order, area.min_row),
            "merged_cells",
            f"The cells {area.coord} are merged.",
            "Undo it: each cell of a table stands for itself.",
        )


def _rows(sheet: Worksheet) -> list[tuple[int, dict[int, Raw]]]:
    """The cells that are not empty, by row.

    Taken from the cells that are there: walking rows and columns would visit billions of
    empty ones for a single stray cell at the far end of a sheet.
    """
    rows: dict[int, dict[int, Raw]] = {}
    for (row, column), cell in sorted(sheet._cells.items()):
        raw = _raw(cell)
        if not is_empty(raw):
            rows.setdefault(row, {})[column - 1] = raw
    return list(rows.items())


def _raw(cell: Any) -> Raw:
    value = cell.value
    if cell.data_type == "f":
        return formula(str(getattr(value, "text", None) or value))
    if cell.data_type == "e":
        cure = "Mend the formula it came from, then put the value here."
        return Refused("cell_error", f"The cell holds the error {value}.", cure)
    if isinstance(value, str):
        # What a workbook stores as text is no formula, whatever it begins with.
        text = trimmed(value)
        return f"'{text}" if text.startswith("=") else text
    if value is None or isinstance(value, bool | int | float | datetime | date | time):
        return value
    return Refused("unreadable", f"The cell holds {value!s:.40}.", "Write text, number or date.")


def _loaded(content: bytes, place: str) -> openpyxl.Workbook:
    _check_parts(content, place)
    # The library warns of what it will not keep when saving; nothing is saved here.
    with _LOADING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
        except Exception as error:
            # A damaged workbook makes the library fail in any way at all.
            raise _no_workbook(place, f"it is damaged ({type(error).__name__})") from error


def _check_parts(content: bytes, place: str) -> None:
    """Refuse what would grow without bounds when it is unpacked or unfolded."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _no_workbook(place, "it is locked with a password, or of the old kind .xls")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNZIPPED:
                raise refusal(
                    "too_large",
                    place,
                    f"Unpacked it has more than {MOST_UNZIPPED // 1_000_000} MB.",
                    "Take out what planning does not need.",
                )
            for part in parts.infolist():
                _check_part(parts.read(part), place, part.filename)
    except InputError:
        raise
    except Exception as error:
        raise _no_workbook(place, "it is not a zip archive of tables") from error


def _check_part(part: bytes, place: str, name: str) -> None:
    declares = b"<!DOCTYPE" in part or b"<!ENTITY" in part
    if declares and not name.endswith(".svg"):
        raise _no_workbook(place, "it declares entities, which no spreadsheet does")
    merged = 0
    with contextlib.suppress(ElementTree.ParseError):
        for _, element in ElementTree.iterparse(io.BytesIO(part)):
            if element.tag.endswith("}mergeCell"):
                size = CellRange(element.get("ref", "")).size
                merged += size["rows"] * size["columns"]
            element.clear()
    if merged > MOST_MERGED:
        raise refusal(
            "merged_cells",
            place,
            f"More than {MOST_MERGED} cells of a sheet are merged.",
            "Undo it: each cell of a table stands for itself.",
        )


def _no_workbook(place: str, why: str) -> InputError:
    cure = "Open it in a spreadsheet program and save it as .xlsx again."
    return refusal("not_a_workbook", place, f"This is no workbook that can be read: {why}.", cure)
