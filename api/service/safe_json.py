"""JSON from outside: read strictly, and within bounds that are looked at before it is built."""

from __future__ import annotations

import json
import math
import re
from itertools import accumulate
from typing import Any, NoReturn

from api.service.problems import Problem

MOST_DEPTH = 64
MOST_DIGITS = 18
MOST_VALUES = 2_000_000
_LONGEST_NUMBER = 64

_ESCAPES = re.compile(rb"\\.", re.DOTALL)
_TEXTS = re.compile(rb'"[^"]*"')
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_ODD_ESCAPE = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")


def safe_json(body: bytes) -> Any:
    """Read a JSON text.

    Raises:
        Problem: `bad_request`: no JSON, no UTF-8, nested deeper than 64, more than two million
            values, a number with more than 18 digits or none at all (NaN, Infinity), a key twice
            in an object, half a surrogate pair, or the character of number 0.
    """
    _check_shape(body)
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
        if _ODD_ESCAPE.search(body):
            _check_texts(value)
    except json.JSONDecodeError as error:
        # Only where it is wrong is told: what stands there may be about people.
        place = f"line {error.lineno}, column {error.colno}"
        raise _bad(f"The body is not JSON ({place}).") from None
    except UnicodeDecodeError:
        raise _bad("The body is not UTF-8.") from None
    return value


def _check_shape(body: bytes) -> None:
    """Depth and size, without building anything; of what is no JSON they may be off."""
    outside = _TEXTS.sub(b"", _ESCAPES.sub(b"", body))
    brackets = outside.translate(None, _NOT_BRACKETS)
    if outside.count(b",") + len(brackets) > MOST_VALUES:
        raise _bad(f"The body has more than {MOST_VALUES} values.")
    if max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > MOST_DEPTH:
        raise _bad(f"The body is nested deeper than {MOST_DEPTH}.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _bad("An object of the body has a key twice.")
    return found


def _integer(text: str) -> int:
    _check_number(text)
    return int(text)


def _float(text: str) -> float:
    _check_number(text)
    value = float(text)
    if not math.isfinite(value):
        raise _bad("A number of the body is too large.")
    return value


def _check_number(text: str) -> None:
    mantissa = re.split("[eE]", text)[0]
    digits = mantissa.replace("-", "").replace(".", "").lstrip("0")
    if len(digits) > MOST_DIGITS or len(text) > _LONGEST_NUMBER:
        raise _bad(f"A number of the body has more than {MOST_DIGITS} digits.")


def _constant(text: str) -> NoReturn:
    raise _bad("The body has something for a number that is none.")


def _check_texts(value: Any) -> None:
    left = [value]
    while left:
        match left.pop():
            case dict() as found:
                left += [*found, *found.values()]
            case list() as found:
                left += found
            case str() as found:
                if "\0" in found or any("\ud800" <= c <= "\udfff" for c in found):
                    raise _bad("A text of the body has a character that is none.")


def _bad(detail: str) -> Problem:
    return Problem("bad_request", detail)
