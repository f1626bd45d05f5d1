"""Tables and paragraphs of plain text."""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from api.texts import plain

WIDEST = 40
"""Characters of a cell; a longer text is cut, the workbook has it whole."""

Cell = str | int | None


def table(headers: Sequence[str], rows: Sequence[Sequence[Cell]], indent: int = 2) -> Iterator[str]:
    """Lines of a table; numbers are set to the right, columns without content left out.

    Long cells are cut, but for those of the last column. Where it is wider than the terminal,
    headers and then texts go on in more lines, between words.
    """
    if not rows:
        return
    columns = [
        index for index in range(len(headers)) if any(row[index] not in (None, "") for row in rows)
    ]
    last = len(headers) - 1
    texts = [[_text(row[i], cut_long=i != last) for i in columns] for row in rows]
    heads = [headers[index] for index in columns]
    right = [all(isinstance(row[i], int) or row[i] in (None, "") for row in rows) for i in columns]
    room = _room() - indent - 2 * (len(columns) - 1)
    widths = _widths(heads, texts, right, room)
    for line in [heads, *texts] if any(heads) else texts:
        cells = [_wrapped(line[n], widths[n]) for n in range(len(columns))]
        for parts in zip_longest(*cells, fillvalue=""):
            padded = [_padded(parts[n], widths[n], right[n]) for n in range(len(columns))]
            yield (" " * indent + "  ".join(padded)).rstrip()


def _widths(
    heads: Sequence[str], texts: Sequence[Sequence[str]], right: Sequence[bool], room: int
) -> list[int]:
    """How wide each column is: as its longest cell, or less where there is no room for it."""
    longest = [max(map(width, column)) for column in zip(*texts, strict=True)]
    widths = [max(pair) for pair in zip(map(width, heads), longest, strict=True)]
    least = [max(map(width, head.split()), default=0) for head in heads]
    narrow = [max(pair) for pair in zip(longest, least, strict=True)]
    _narrow(widths, narrow, room)
    words = [
        max((width(word) for text in column for word in text.split()), default=0)
        for column in zip(heads, *texts, strict=True)
    ]
    whole = [w if fixed else min(w, n) for w, n, fixed in zip(widths, words, right, strict=True)]
    _narrow(widths, whole, room)
    return widths


def _narrow(widths: list[int], least: Sequence[int], room: int) -> None:
    """Take from the widest column that can give, until all have room or none can."""
    while sum(widths) > room:
        giving = [n for n in range(len(widths)) if widths[n] > least[n]]
        if not giving:
            return
        widths[max(giving, key=widths.__getitem__)] -= 1


def _wrapped(text: str, wide: int) -> list[str]:
    if width(text) <= wide:
        return [text]
    return textwrap.wrap(text, wide, break_long_words=False, break_on_hyphens=False) or [""]


def _room() -> int:
    return max(40, min(100, shutil.get_terminal_size((100, 24)).columns))


def paragraph(text: str, indent: int = 2) -> Iterator[str]:
    """A text in lines no longer than the terminal; continued lines are indented more."""
    yield from textwrap.wrap(
        plain(text),
        _room(),
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )


def heading(text: str) -> Iterator[str]:
    """A section's heading, with an empty line before it."""
    yield ""
    yield plain(text)
    yield "-" * width(text)


def width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def cut(text: str, most: int = WIDEST) -> str:
    """A text, cut if it is too long for a cell."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _text(cell: Cell, cut_long: bool) -> str:
    text = "" if cell is None else plain(str(cell))
    return cut(text) if cut_long else text


def _padded(text: str, wide: int, right: bool) -> str:
    space = " " * (wide - width(text))
    return space + text if right else text + space
