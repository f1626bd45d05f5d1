"""What pydantic found wrong with a field: as code, message and cure, and mended to read on.

A found error is one of `pydantic.ValidationError.errors()`.
"""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

_CODES = {
    "int": ("not_integer", "Write a whole number."),
    "bool": ("wrong_type", "Write true or false."),
    "string": ("bad_text", "Write a text; an id has no comma and no space at its ends."),
    "date": ("bad_date", "Write a day that exists, as 2018-09-01."),
    "value_error": ("bad_date", "Write a day that exists, as 2018-09-01."),
    "literal": ("unknown_kind", ""),
    "greater_than": ("out_of_range", ""),
    "less_than": ("out_of_range", ""),
    "too_short": ("too_few", "Name at least two."),
}


def as_written(value: object) -> str:
    """A value as a file has it, shortened: a text in quotes, anything else as JSON."""
    if isinstance(value, str | date):
        text = repr(str(value))
    else:
        text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def explain(found: Any) -> tuple[str, str, str]:
    """Code, message and cure of a field error."""
    kind, value = found["type"], found["input"]
    for prefix, (code, cure) in _CODES.items():
        if kind.startswith(prefix):
            shown = as_written(value)
            if code == "out_of_range":
                limits = found["ctx"]
                limit = ", ".join(
                    f"{words} {limits[key]}"
                    for key, words in (("ge", "at least"), ("le", "at most"))
                    if key in limits
                )
                return code, f"{shown} is out of range.", f"Write {limit}."
            if kind.startswith("literal"):
                return code, f"{shown} is not known here.", f"Known: {found['ctx']['expected']}."
            message = f"{shown} does not exist as a day." if code == "bad_date" else ""
            return code, message or f"{shown} cannot be read here.", cure
    return "wrong_type", f"{found['msg']}.", "See the description of this field."


_UNKNOWN = "?"
_STAND_INS: dict[str, Any] = {
    "size": {"min": 0, "max": 0},
    "min": 0,
    "max": 0,
    "people": 0,
    "level": 1,
    "skills": {},
    "goals": {},
    "kind": "ordinary",
    "reason": "other",
    "source": "stated",
    "employees": [_UNKNOWN, _UNKNOWN],
    **dict.fromkeys(("start", "from", "date", "end"), "9999-12-31"),
}
"""A value for each required field that is no id, by name."""

_ITEM_STAND_INS: dict[str, Any] = {
    "demand": {"from": "9999-12-31", "people": 0},
    "needs": {"skill": _UNKNOWN, "level": 1, "people": 0},
    "absences": {"start": "9999-12-30", "end": "9999-12-31"},
    "levels": {"name": _UNKNOWN, "goals": {}},
}
"""The same for an item of a list that holds no ids, by the list's name."""


def mend(row: Any, found: Any) -> None:
    """Take what is wrong out of nested data; of what is missing, put in a stand-in.

    Items of lists are replaced, not taken out: the others keep their places. A number out of
    range becomes the nearest one in it, so that the name it stands at is still looked up.
    """
    *way, last = (part for part in found["loc"] if part != "[key]")
    for part in way:
        row = row[part]
    if isinstance(row, list):
        row[last] = copy.deepcopy(_ITEM_STAND_INS.get(way[-1], _UNKNOWN))
    elif found["type"] == "missing":
        row[last] = copy.deepcopy(_STAND_INS.get(last, _UNKNOWN))
    elif found["type"].startswith(("greater_than", "less_than")):
        row[last] = found["ctx"].get("ge", found["ctx"].get("le"))
    else:
        row.pop(last, None)
