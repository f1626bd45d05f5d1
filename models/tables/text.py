"""Texts in cells: which need a disguise to survive a spreadsheet, and how it is undone.

A cell is trimmed and an empty one means nothing, so a text with blanks at its ends, an empty
text or one with control characters would be lost; one that begins like a formula would be
run by the next spreadsheet that opens the file. Spreadsheets themselves mark such a cell as
text by an apostrophe in front, and so do we:

- before ``= + - @`` or another apostrophe, one apostrophe in front is taken off;
- an apostrophe before a JSON string, quotes included, stands for that string.

Every other apostrophe is just an apostrophe.
"""

from __future__ import annotations

import json
import re

MOST_IN_CELL = 32_767
"""Characters in a cell: what a spreadsheet can hold."""

_MARKS = "=+-@"
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]"  # what XML or a reader of lines cannot keep
    r"|_x[0-9A-Fa-f]{4}_|x005F_"  # what spreadsheets take for a character's number
)


def trimmed(raw: str) -> str:
    """A cell without blanks at its ends, non-breaking ones included."""
    return raw.strip()


def shown(text: str) -> str:
    """The text as it is written into a cell; `meant` gives it back."""
    if text == "" or text != text.strip() or _UNSAFE.search(text):
        return "'" + json.dumps(text).replace("_", "\\u005f")
    if text[0] in _MARKS or (text[0] == "'" and meant(text) != text):
        return "'" + text
    return text


def meant(cell: str) -> str:
    """The text that a trimmed cell stands for."""
    if len(cell) < 2 or cell[0] != "'":
        return cell
    if cell[1] in _MARKS or cell[1] == "'":
        return cell[1:]
    if cell[1] == '"':
        try:
            text = json.loads(cell[1:])
        except ValueError:
            return cell
        return text if isinstance(text, str) else cell
    return cell
