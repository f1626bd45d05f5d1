"""From a raw cell to the value its column holds, in the ways Finnish spreadsheets write it.

A raw cell is a text (CSV, or text in a workbook), or a number, truth value or date of a
workbook, or `Refused` where the form itself cannot give a value (a formula, an error).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time

from models.tables.schema import Column, Kind
from models.tables.text import meant, trimmed


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that has no value: what is wrong with it, and what to do."""

    code: str
    message: str
    cure: str


Raw = str | int | float | bool | date | datetime | time | Refused | None
Value = str | int | bool | date | list[str]

_WHOLE = re.compile(r"([-−+]?)([0-9]{1,15})(?:[.,]([0-9]*))?")
_THOUSANDS = re.compile(r"[-−+]?[0-9]{1,3}([ \u00a0\u2009\u202f][0-9]{3})+([.,][0-9]*)?")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00)?)?")
_FINNISH_DAY = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})")

TRUE_WORDS = ("true", "1", "kyllä", "ja", "yes", "x", "tosi", "sant")
FALSE_WORDS = ("false", "0", "ei", "nej", "no", "epätosi", "falskt")
_FLAGS = dict.fromkeys(TRUE_WORDS, True) | dict.fromkeys(FALSE_WORDS, False)


def is_empty(raw: Raw) -> bool:
    """Whether a cell holds nothing; blanks are nothing."""
    return raw is None or (isinstance(raw, str) and trimmed(raw) == "")


def read_cell(column: Column, raw: Raw) -> Value | Refused:
    """The value of a cell that is not empty, or why it has none."""
    if isinstance(raw, Refused):
        return raw
    if isinstance(raw, str) and trimmed(raw).startswith("="):
        return formula(trimmed(raw))
    match column.kind:
        case Kind.WHOLE:
            return _whole(raw)
        case Kind.FLAG:
            return _flag(raw)
        case Kind.DAY:
            return _day(raw)
        case Kind.IDS:
            text = _text(raw, column.kind)
            if isinstance(text, Refused):
                return text
            return [name for part in text.split(",") if (name := trimmed(part))]
        case _:
            return _text(raw, column.kind)


def is_tick(raw: Raw) -> bool:
    """Whether a cell is ticked with an x, in a column where no word says no."""
    return isinstance(raw, str) and trimmed(raw).casefold() == "x"


def _text(raw: Raw, kind: Kind) -> str | Refused:
    if isinstance(raw, str):
        return meant(trimmed(raw))
    if isinstance(raw, int) and not isinstance(raw, bool):
        return str(raw)
    if isinstance(raw, float) and math.isfinite(raw) and raw == int(raw) and kind is not Kind.IDS:
        return str(int(raw))
    return Refused(
        "not_text",
        f"A text is expected here, and the cell holds {_told(raw)}.",
        "Format the cell as text, then type it again.",
    )


def formula(text: str) -> Refused:
    """What is said of a formula."""
    short = text if len(text) <= 40 else text[:37] + "..."
    return Refused(
        "formula",
        f"The cell holds a formula: {short}",
        "Put its value here: what a formula last gave may be out of date. "
        "A text that begins with = has an apostrophe in front.",
    )


def _told(raw: Raw) -> str:
    if isinstance(raw, bool):
        return f"the truth value {raw}"
    if isinstance(raw, date):
        return f"the date {raw:%Y-%m-%d}"
    return f"the number {raw}" if isinstance(raw, int | float) else f"{raw}"


def _quoted(raw: Raw) -> str:
    shown = repr(raw) if isinstance(raw, str) else _told(raw)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _whole(raw: Raw) -> int | Refused:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, float) and math.isfinite(raw) and raw == int(raw):
        return int(raw)
    if isinstance(raw, str):
        text = trimmed(raw)
        if _THOUSANDS.fullmatch(text):
            text = re.sub(r"\s", "", text)
        found = _WHOLE.fullmatch(text)
        if found and found[3] == "000" and len(found[2]) <= 3:
            return Refused(
                "ambiguous_number",
                f"{text!r} may mean {found[2]} or {found[2]}000.",
                "Write it without a comma or point.",
            )
        if found and not (found[3] or "").strip("0"):
            return int(found[2]) * (-1 if found[1] in ("-", "−") else 1)
    return Refused(
        "not_integer", f"{_quoted(raw)} is not a whole number.", "Write a whole number, as 100."
    )


def _flag(raw: Raw) -> bool | Refused:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, int | float) and raw in (0, 1):
        return raw == 1
    if isinstance(raw, str):
        known = _FLAGS.get(trimmed(raw).casefold())
        if known is not None:
            return known
    return Refused(
        "not_boolean",
        f"{_quoted(raw)} is neither yes nor no.",
        "Write true or false, kyllä or ei, ja or nej, yes or no, 1 or 0.",
    )


def _day(raw: Raw) -> date | Refused:
    if isinstance(raw, datetime):
        if raw.time() == time():
            return raw.date()
    elif isinstance(raw, date):
        return raw
    elif isinstance(raw, str):
        day = _written_day(trimmed(raw))
        if day is not None:
            return day
    what = f"{raw} has a time of day" if isinstance(raw, datetime) else f"{_quoted(raw)} is no day"
    return Refused("bad_date", f"{what}.", "Write a day that exists, as 2018-09-01 or 1.9.2018.")


def _written_day(text: str) -> date | None:
    if iso := _ISO_DAY.fullmatch(text):
        year, month, day = iso.groups()
    elif finnish := _FINNISH_DAY.fullmatch(text):
        day, month, year = finnish.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
