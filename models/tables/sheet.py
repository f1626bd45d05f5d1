"""Raw tables as a form gives them, the places in them, and what was found wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from models.issues import InputError, Issue
from models.tables.cells import Raw
from models.tables.schema import Table


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table before anybody looked into its cells.

    Attributes:
        table: which one it is.
        place: how a reader finds it: ``skills.csv`` or ``staff.xlsx, sheet skills``.
        rows: number as the spreadsheet shows it, and the cells that are not empty by
            column (from 0). Empty rows are left out.
        shifts: whether a value too many moves the others of its row (CSV).
    """

    table: Table
    place: str
    rows: list[tuple[int, dict[int, Raw]]]
    shifts: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a table, down to row and columns where they are known."""

    place: str
    order: int = -1
    row: int | None = None
    columns: tuple[str, ...] = ()

    def at(self, *columns: str) -> Spot:
        """The same row, at these columns."""
        return Spot(self.place, self.order, self.row, columns)

    def __str__(self) -> str:
        text = self.place
        if self.row is not None:
            text += f", row {self.row}"
        if self.columns:
            text += f", column{'s' if self.columns[1:] else ''} {' and '.join(self.columns)}"
        return text

    @property
    def key(self) -> tuple[int, int]:
        """Sorts places in the order of the input."""
        return (self.order, self.row or 0)


@dataclass(slots=True)
class Report:
    """Issues with their places, collected while tables are read.

    Attributes:
        muted: rows whose values stand in wrong columns; only that is reported of them.
        merged: rows with merged cells; that a cell is empty there is not reported.
        lost: names of tables that could not be read: nothing is known of their ids.
        places: where something was found.
    """

    found: list[tuple[Spot, Issue]] = field(default_factory=list)
    muted: set[str] = field(default_factory=set)
    merged: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)

    def add(self, spot: Spot, code: str, message: str, cure: str) -> None:
        """Note an issue."""
        self.found.append((spot, Issue(code, str(spot), message, cure)))
        self.places.add(str(spot))

    def error(self, later: Iterable[tuple[Spot, Issue]] = ()) -> InputError:
        """All that was found, and of what was found later all that it does not explain."""
        found = [
            (spot, issue)
            for spot, issue in self.found
            if issue.code == "no_header" or not _within(issue.place, self.muted)
        ]
        found += [
            (spot, issue)
            for spot, issue in later
            if not _within(issue.place, self.places | self.muted)
        ]
        found.sort(key=lambda one: one[0].key)
        return InputError(
            issue
            for _, issue in found
            if issue.code != "missing" or not _within(issue.place, self.merged)
        )


def _within(place: str, wider: set[str]) -> bool:
    """Whether a place is one of these or inside one."""
    parts = place.split(", ")
    return any(", ".join(parts[:n]) in wider for n in range(len(parts), 0, -1))


def letters(index: int) -> str:
    """The letters a spreadsheet shows over a column (from 0): A, B, …, Z, AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
