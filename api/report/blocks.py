"""What a report is made of: sections with paragraphs, tables and pictures, in any order.

Plain values without a word of HTML: the templates alone know how each looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from markupsafe import Markup

from api.report.words import Words

FEW_ROWS = 12
"""A longer table is folded, if it may be."""

LONG_WORD = 28
"""A word of more letters may be broken anywhere."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes:
        text: what it says.
        note: what is said less loudly behind it.
        href: where it leads, within the page.
        mark: `strong` for what should be seen first; the text says it too.
        hidden: what is said to those who hear the page, behind the text.
        number: whether it is set to the right, as a number.
        is_day: whether it is a day, which no line breaks.
    """

    text: str
    note: str = ""
    href: str = ""
    mark: str = ""
    hidden: str = ""
    number: bool = False
    is_day: bool = False

    @property
    def is_long(self) -> bool:
        """Whether a word of it may have to be broken, wherever that is."""
        return any(len(word) > LONG_WORD for word in f"{self.text} {self.note}".split())


Value = Cell | str | int | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, and whether its cells are numbers, set to the right."""

    head: str
    number: bool

    def kind_of(self, cell: Cell) -> str:
        """How a cell of it is set: `number`, `day`, `long` or as any text."""
        if self.number:
            return "number"
        return "day" if cell.is_day else "long" if cell.is_long else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of every row is its header.

    Attributes:
        name: unique in the page.
        caption: what it shows.
        folded: whether it is shown when asked for.
        note: a sentence above it.
        dense: many narrow columns, set small.
    """

    kind: ClassVar[str] = "table"

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    folded: bool = False
    note: str = ""
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, always with the table of what it shows.

    Attributes:
        name: unique in the page.
        caption: what it shows.
        description: the same in words, for those who do not see it.
        svg: inline vector graphics, described within.
        table: what it shows, in numbers and words.
        small: half as wide, so that two stand side by side.
    """

    kind: ClassVar[str] = "picture"

    name: str
    caption: str
    description: str
    svg: Markup
    table: tuple[Table, ...]
    small: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `style` is `lead`, `muted` or nothing."""

    kind: ClassVar[str] = "text"

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences."""

    kind: ClassVar[str] = "items"

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with values, one below the other; `large`: few, as figures side by side."""

    kind: ClassVar[str] = "facts"

    facts: tuple[Fact, ...]
    large: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with a heading.

    Attributes:
        name: unique in the page; links lead to it.
        heading: its heading; empty: it belongs to the one before.
        note: said beside the heading.
        folded: whether its content is shown when asked for.
        new_page: whether it begins a page in print.
    """

    kind: ClassVar[str] = "section"

    name: str
    heading: str
    blocks: tuple[Block, ...]
    note: str = ""
    folded: bool = False
    new_page: bool = False


Block = Table | Picture | Text | Items | Facts | Section


def cell(words: Words, value: Value) -> Cell:
    """A value as a cell."""
    if isinstance(value, Cell):
        return value
    return Cell(words.shown(value), is_day=isinstance(value, date))


def table(
    words: Words,
    name: str,
    caption: str,
    keys: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    folded: bool | None = None,
    note: str = "",
) -> Table:
    """A table with headers from the texts; columns that say nothing are left out.

    Args:
        words: of the page.
        name: unique in the page.
        caption: what it shows.
        keys: of the headers, below `column.` in the catalogue.
        rows: what is in it; a column of numbers alone is set to the right.
        folded: whether it is shown when asked for; None: if it is long.
        note: a sentence above it.
    """
    found = [tuple(row) for row in rows]
    kept = [i for i in range(len(keys)) if i == 0 or any(_says(row[i]) for row in found)]
    columns = tuple(
        Column(
            words(f"column.{keys[i]}"),
            any(_is_number(row[i]) for row in found)
            and all(_is_number(row[i]) or not _says(row[i]) for row in found),
        )
        for i in kept
    )
    return Table(
        name=name,
        caption=caption,
        columns=columns,
        rows=tuple(tuple(cell(words, row[i]) for i in kept) for row in found),
        folded=len(found) > FEW_ROWS if folded is None else folded,
        note=note,
    )


def _is_number(value: Value) -> bool:
    return value.number if isinstance(value, Cell) else isinstance(value, int)


def _says(value: Value) -> bool:
    return bool(value.text) if isinstance(value, Cell) else value not in (None, "")
