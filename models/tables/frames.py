"""From an `Organisation` to tables: one data frame per list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from models.organisation import Organisation
from models.tables.schema import ORGANISATION, TABLES, Table

Cell = str | int | bool | date | list[str] | None
"""A value to be written; None is an empty cell."""


def frames(organisation: Organisation) -> dict[str, pd.DataFrame]:
    """The tables of an organisation as data frames, by name, in the order of the guide.

    Values are as they are: numbers, truth values, dates, lists of ids; what is absent is
    None. Every table is there, also without rows.
    """
    return {
        name: pd.DataFrame(rows, columns=_headers(name), dtype=object)
        for name, rows in rows_of(organisation).items()
    }


def rows_of(organisation: Organisation) -> dict[str, list[list[Cell]]]:
    """The rows of every table, in the order of its columns."""
    data = organisation.model_dump(by_alias=True)
    return {table.name: list(_rows(table, data)) for table in TABLES}


def _headers(name: str) -> list[str]:
    return next([c.name for c in table.columns] for table in TABLES if table.name == name)


def _rows(table: Table, data: Mapping[str, Any]) -> Iterator[list[Cell]]:
    if table is ORGANISATION:
        yield _row(table, data)
    elif table.parent is None:
        for item in data[table.name]:
            yield _row(table, item)
    else:
        for item in data[table.parent]:
            for entry in _entries(table, item[table.field]):
                yield [item["id"], *entry]


def _entries(table: Table, field: Any) -> Iterator[list[Cell]]:
    if table.key is not None:
        for key, value in field.items():
            yield [key, value]
    else:
        for entry in field:
            yield [entry[column.name] for column in table.columns[1:]]


def _row(table: Table, item: Mapping[str, Any]) -> list[Cell]:
    cells: list[Cell] = []
    for column in table.columns:
        value: Any = item
        for part in column.field:
            value = value.get(part) if value is not None else None
        cells.append(list(value) if isinstance(value, tuple) else value)
    return cells
