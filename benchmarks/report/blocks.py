"""What the page is made of: sections with sentences, pictures and tables, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

_FEW_ROWS = 14
_FEW_COLUMNS = 10


@dataclass(frozen=True)
class Column:
    """A column: its header, and whether its cells are numbers, set to the right."""

    head: str
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A table; the first cell of every row is its header.

    Attributes:
        name: unique in the page.
        folded: whether it is shown when asked for.
        dense: many columns, set small.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    folded: bool
    dense: bool


@dataclass(frozen=True)
class Picture:
    """A picture, and what it shows: in words, and in tables that follow it."""

    svg: Markup
    caption: str
    description: str
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Section:
    """A heading, sentences, pictures with their tables, other tables; in that order."""

    name: str
    heading: str
    sentences: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()


def table(
    name: str,
    caption: str,
    texts: Sequence[str],
    numbers: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> Table:
    """A table with first columns of text and further ones of numbers; folded if it is long."""
    columns = [Column(head) for head in texts]
    columns += [Column(head.replace(", ", ",\N{NO-BREAK SPACE}"), number=True) for head in numbers]
    return Table(
        name,
        caption,
        tuple(columns),
        tuple(tuple(row) for row in rows),
        folded=len(rows) > _FEW_ROWS,
        dense=len(columns) > _FEW_COLUMNS,
    )


def seconds(value: float | None) -> str:
    """Seconds as they are read: 0.04, 1.3, 120; a dash where there are none."""
    if value is None or value == float("inf"):
        return "–"
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def percent(part: float) -> str:
    """A part in hundredths."""
    return f"{100 * part:.1f}\N{NO-BREAK SPACE}%"


def number(value: float | None) -> str:
    """A whole number, or a dash."""
    return "–" if value is None else f"{value:,.0f}"
