"""Reading a plan back from a proposal's workbook, as somebody changed it by hand.

Decisions are read from the columns that may be changed; what follows from them (an empty
start or end, the fit of a pair) is derived from the input as the statement has it.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from api.seal import INPUT_PROPERTY, POLICY_PROPERTY
from api.texts import LANGUAGES, Texts
from models.issues import InputError, Issue
from models.tables.cells import Raw, Refused, is_empty, read_cell
from models.tables.limits import MOST_UNZIPPED, content_of, refusal
from models.tables.schema import Column, Kind
from models.tables.text import trimmed

_ROWS_SEARCHED = 20
"""Rows from the top among which the headers are looked for."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A row of a sheet: values and headers by the key of their column, and where it stands."""

    place: str
    values: dict[str, Any]
    heads: dict[str, str]

    def place_of(self, key: str) -> str:
        """Where the cell of a column stands, by the column's header."""
        return f"{self.place}, column {self.heads[key]}"

    def __getitem__(self, key: str) -> str:
        """The value of a column that every row has."""
        return str(self.values[key])

    def text(self, key: str) -> str | None:
        """An id, if there is one."""
        value = self.values.get(key)
        return value if isinstance(value, str) else None

    def day(self, key: str) -> date | None:
        """A date, if there is one."""
        value = self.values.get(key)
        return value if isinstance(value, date) else None

    def number(self, key: str) -> int | None:
        """A whole number, if there is one."""
        value = self.values.get(key)
        return value if isinstance(value, int) else None


@dataclass(frozen=True, slots=True)
class _SheetRead:
    """A sheet's columns that are read, and those that every row needs."""

    columns: dict[str, Kind]
    needed: tuple[str, ...]

    def is_complete(self, found: Iterable[str]) -> bool:
        """Whether the columns of all decisions are there; the rest can be derived."""
        kinds = self.columns.items()
        return {k for k, kind in kinds if kind is Kind.ID or k in self.needed} <= set(found)


_DAYS = {"start": Kind.DAY, "end": Kind.DAY}
_SHEETS = {
    "people": _SheetRead({"employee": Kind.ID, "team": Kind.ID, **_DAYS}, ("employee", "team")),
    "teams": _SheetRead({"team": Kind.ID, "leader": Kind.ID}, ("team",)),
    "tasks": _SheetRead({"task": Kind.ID, "team": Kind.ID, "holder": Kind.ID, **_DAYS}, ("task",)),
    "substitutes": _SheetRead(
        {"principal": Kind.ID, "substitute": Kind.ID, "fit": Kind.WHOLE}, ("principal",)
    ),
    "goals": _SheetRead({"goal": Kind.ID, "cost": Kind.WHOLE}, ("goal", "cost")),
}


@dataclass(frozen=True, slots=True)
class BookRead:
    """What a workbook says.

    Attributes:
        rows: of the sheets a plan is read from, by the key of the sheet.
        input_sha256, policy_sha256: what the proposal was made from, if it still says so.
    """

    rows: dict[str, list[Cells]]
    input_sha256: str | None
    policy_sha256: str | None


def read_book(path: Path) -> BookRead:
    """Read a workbook that was written as a proposal.

    Raises:
        InputError: with every issue found.
    """
    book = _loaded(content_of(path), path.name)
    texts = _language_of(book)
    issues: list[Issue] = []
    sheets = {}
    for key, wanted in _SHEETS.items():
        title = texts(f"sheet.{key}")
        place = f"{path.name}, sheet {title}"
        sheet = next((s for s in book.worksheets if trimmed(s.title) == title), None)
        if sheet is None:
            cure = "Use the proposal.xlsx that tiimi wrote, or a copy of it."
            issues.append(Issue("missing_table", place, "The sheet is missing.", cure))
        else:
            sheets[key] = _SheetReader(place, wanted, texts, issues).rows(_rows_of(sheet))
    if issues:
        raise InputError(issues)
    made_from = _properties(book)
    return BookRead(sheets, made_from.get(INPUT_PROPERTY), made_from.get(POLICY_PROPERTY))


def _properties(book: Any) -> dict[str, str]:
    return {found.name: str(found.value) for found in book.custom_doc_props.props}


class _SheetReader:
    """Reads one sheet, adding to the issues."""

    def __init__(self, place: str, wanted: _SheetRead, texts: Texts, issues: list[Issue]) -> None:
        self.place, self.wanted, self.texts, self.issues = place, wanted, texts, issues

    def rows(self, raw: list[tuple[int, dict[int, Raw]]]) -> list[Cells]:
        """The rows below the headers that have a value in a column that is read."""
        heads = self._heads(raw)
        if heads is None:
            names = ", ".join(self.texts(f"column.{key}") for key in self.wanted.columns)
            message, cure = "Not all columns are there.", f"They are: {names}."
            self.issues.append(Issue("missing_column", self.place, message, cure))
            return []
        top, keys = heads
        return [
            self._cells(f"{self.place}, row {number}", cells, keys)
            for number, cells in raw
            if number > top and keys.keys() & cells.keys()
        ]

    def _heads(self, raw: list[tuple[int, dict[int, Raw]]]) -> tuple[int, dict[int, str]] | None:
        """The row of headers, and the key of each column that is read."""
        names = {self.texts(f"column.{key}").casefold(): key for key in self.wanted.columns}
        for number, cells in raw:
            if number > _ROWS_SEARCHED:
                break
            found: dict[int, str] = {}
            for index, cell in cells.items():
                key = names.get(str(cell).removesuffix("*").strip().casefold())
                if key is not None and key not in found.values():
                    found[index] = key
            if self.wanted.is_complete(found.values()):
                return number, found
        return None

    def _cells(self, place: str, cells: dict[int, Raw], keys: dict[int, str]) -> Cells:
        values: dict[str, Any] = {}
        for index, key in keys.items():
            header = self.texts(f"column.{key}")
            where = f"{place}, column {header}"
            if index in cells:
                value = read_cell(Column(key, self.wanted.columns[key]), cells[index])
                if isinstance(value, Refused):
                    self.issues.append(Issue(value.code, where, value.message, value.cure))
                else:
                    values[key] = value
            elif key in self.wanted.needed:
                cure = "Fill it in, or empty the row."
                self.issues.append(Issue("missing", where, f"{header} is missing.", cure))
        return Cells(place, values, {key: self.texts(f"column.{key}") for key in keys.values()})


def _language_of(book: Any) -> Texts:
    """The language whose names most of the sheets have."""
    titles = {trimmed(sheet.title) for sheet in book.worksheets}

    def known(language: str) -> int:
        texts = Texts(language)
        return sum(texts(f"sheet.{key}") in titles for key in _SHEETS)

    return Texts(max(LANGUAGES, key=known))


def _rows_of(sheet: Any) -> list[tuple[int, dict[int, Raw]]]:
    """The cells that are not empty, by row; only those that are there are visited."""
    rows: dict[int, dict[int, Raw]] = {}
    for (row, column), cell in sorted(sheet._cells.items()):
        raw: Raw = cell.value
        if cell.data_type == "e":
            raw = Refused("cell_error", f"The cell holds the error {raw}.", "Mend it.")
        elif cell.data_type == "s" and isinstance(raw, str) and raw.startswith("="):
            raw = f"'{raw}"
        if not is_empty(raw):
            rows.setdefault(row, {})[column] = raw
    return list(rows.items())


def _loaded(content: bytes, place: str) -> openpyxl.Workbook:
    cure = "Use the proposal.xlsx that tiimi wrote, or a copy of it."
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNZIPPED:
                raise refusal("too_large", place, "Unpacked it is far too large.", cure)
    except (zipfile.BadZipFile, OSError):
        raise refusal("no_workbook", place, "It is no workbook, or locked.", cure) from None
    with warnings.catch_warnings():
        # The library warns of what it will not keep when saving; nothing is saved here.
        warnings.simplefilter("ignore")
        try:
            return openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
        except Exception as error:
            # A damaged workbook makes the library fail in any way at all.
            message = f"It is damaged ({type(error).__name__})."
            raise refusal("no_workbook", place, message, cure) from error
