"""From a raw table to rows of values under known headers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from models.issues import nearest
from models.tables.cells import Raw, Refused, Value, is_tick, read_cell
from models.tables.schema import Column, Kind, Table
from models.tables.sheet import Report, Sheet, Spot, letters
from models.tables.text import trimmed


@dataclass(frozen=True, slots=True)
class Row:
    """The values of a row by column name; what is empty or unreadable is not there."""

    spot: Spot
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that was read.

    Attributes:
        header: where its headers are.
        missing: columns it does not have.
    """

    table: Table
    header: Spot
    missing: frozenset[str]
    rows: list[Row]


def read_grid(sheet: Sheet, order: int, report: Report) -> Grid | None:
    """Read a table; None, and an issue, if not even a header is there."""
    if not sheet.rows:
        report.add(
            Spot(sheet.place, order),
            "empty_table",
            "There is nothing in it, not even headers.",
            f"Row 1 has the headers: {', '.join(c.name for c in sheet.table.columns)}.",
        )
        return None
    number, cells = sheet.rows[0]
    header = Spot(sheet.place, order, number)
    columns = _columns(sheet.table, cells, header, report)
    present = {column.name for column in columns.values()}
    missing = frozenset(c.name for c in sheet.table.columns if c.name not in present)
    for column in sheet.table.columns:
        if column.required and column.name in missing:
            report.add(
                header.at(column.name),
                "missing_column",
                f"There is no column {column.name}.",
                "Add it; its name stands in the first row.",
            )
    body = [(Spot(sheet.place, order, number), cells) for number, cells in sheet.rows[1:]]
    used = set(cells)
    for spot, row in body:
        _check_width(sheet, spot, row, used, report)
    ticked = {
        column.name for index, column in columns.items() if _is_ticked(column, index, body, report)
    }
    rows = [Row(spot, _values(columns, row, spot, ticked, report)) for spot, row in body]
    return Grid(sheet.table, header, missing, rows)


def _columns(
    table: Table, cells: dict[int, Raw], header: Spot, report: Report
) -> dict[int, Column]:
    """The known columns by position; unknown and repeated headers are reported."""
    columns: dict[int, Column] = {}
    for index, raw in cells.items():
        if isinstance(raw, Refused):
            report.add(header.at(letters(index)), raw.code, raw.message, raw.cure)
            continue
        name = trimmed(str(raw))
        column = table.column(name.casefold())
        if column is None:
            known = [c.name for c in table.columns]
            cure = nearest(name, known) + " Columns that are not listed are refused."
            report.add(
                header.at(letters(index)),
                "unknown_column",
                f"There is no column {name[:60]!r} in the table {table.name}.",
                cure,
            )
        elif column in columns.values():
            report.add(
                header.at(letters(index)),
                "duplicate_column",
                f"A column {name} stands in this table already.",
                "Keep one of them.",
            )
        else:
            columns[index] = column
    return columns


def _check_width(
    sheet: Sheet, spot: Spot, row: dict[int, Raw], used: set[int], report: Report
) -> None:
    for index in row.keys() - used:
        cure = "Give the column a header, or empty it."
        if sheet.shifts:
            report.muted.add(str(spot))
            cure = "Put quotes around a text or list that has the separator in it."
        report.add(
            spot.at(letters(index)), "no_header", "There is a value without a header over it.", cure
        )


def _is_ticked(
    column: Column, index: int, body: list[tuple[Spot, dict[int, Raw]]], report: Report
) -> bool:
    """Whether a column is filled with ticks, so that an empty cell says no.

    It matters where an empty cell would otherwise mean yes. Ticks beside other words leave
    open what an empty cell says.
    """
    if column.kind is not Kind.FLAG or not column.default:
        return False
    ticks = Counter(is_tick(row[index]) for _, row in body if index in row)
    if not ticks[True]:
        return False
    if ticks[False]:
        for spot, row in body:
            if row and index not in row:
                report.add(
                    spot.at(column.name),
                    "ambiguous_boolean",
                    "Some cells of this column are ticked with x, others say yes or no, "
                    "and this one is empty.",
                    "Write yes or no here.",
                )
    return not ticks[False]


def _values(
    columns: dict[int, Column], row: dict[int, Raw], spot: Spot, ticked: set[str], report: Report
) -> dict[str, Value]:
    values: dict[str, Value] = dict.fromkeys(ticked, False)
    for index, column in columns.items():
        if index not in row:
            continue
        value = read_cell(column, row[index])
        if isinstance(value, Refused):
            report.add(spot.at(column.name), value.code, value.message, value.cure)
        else:
            values[column.name] = value
    return values
