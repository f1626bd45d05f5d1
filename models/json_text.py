"""JSON text as data, with what JSON readers usually let pass found and reported."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from models.issues import InputError, Issue
from models.references import Path

DEEPEST = 20
"""Levels of nesting; an organisation has five."""


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its keys stood in it more than once."""

    repeated: tuple[str, ...] = ()


def decoded(content: bytes, place: str) -> object:
    """Decode a file's content.

    Raises:
        InputError: if it is no JSON, or nested too deeply.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cure = "Save it as UTF-8."
        raise _refusal(
            "bad_encoding", place, f"It is not UTF-8 from byte {error.start} on.", cure
        ) from None
    if not text.strip():
        raise _refusal("empty_file", place, "The file is empty.", "Save it again.")
    try:
        data = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise _refusal(
            "bad_json",
            f"{place}, line {error.lineno}, column {error.colno}",
            f"It is not JSON: {error.msg}.",
            "Check the comma, quote or bracket there.",
        ) from None
    except RecursionError:
        cure = "Check its brackets."
        raise _refusal("too_deep", place, "Far too many levels of nesting.", cure) from None
    except ValueError:
        cure = "Write a smaller number."
        raise _refusal("bad_json", place, "A number in it has thousands of digits.", cure) from None
    if is_deeper(data):
        cure = "Check its brackets."
        raise _refusal("too_deep", place, f"More than {DEEPEST} levels of nesting.", cure)
    return data


def strictly_decoded(content: bytes, place: str) -> object:
    """The same, refusing whatever is odd in it at once.

    Raises:
        InputError: with every repeated key, half of a character and number that is none.
    """
    data = decoded(content, place)
    issues = [
        printable(Issue(code, f"{place}, {_place(at)}", message, cure))
        for at, code, message, cure in odd(data, ())
    ]
    if issues:
        raise InputError(issues)
    return data


def _place(path: Path) -> str:
    return ".".join(str(part) for part in path) or "document"


def _refusal(code: str, place: str, message: str, cure: str) -> InputError:
    return InputError([Issue(code, place, message, cure)])


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    result = _Object(pairs)
    if len(result) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        result.repeated = tuple(name for name, count in counts.items() if count > 1)
    return result


def is_deeper(value: object, levels: int = DEEPEST) -> bool:
    """Whether data is nested more deeply than so many levels."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(is_deeper(one, levels - 1) for one in inner)


def odd(value: object, path: Path) -> Iterator[tuple[Path, str, str, str]]:
    """Repeated keys, numbers that are none, and halves of characters."""
    if isinstance(value, float) and not math.isfinite(value):
        yield path, "not_finite", f"{value} is not a number one can plan with.", "Write a number."
    elif isinstance(value, str) and not _is_text(value):
        yield path, "bad_text", "There is half of a character in it.", "Type the text again."
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from odd(one, (*path, index))
    elif isinstance(value, _Object):
        for name in value.repeated:
            cure = "Keep one; of two, readers silently take the last."
            yield (*path, name), "duplicate_key", "This key stands here twice.", cure
        for name, one in value.items():
            if not _is_text(name):
                cure = "Type the key again."
                yield path, "bad_text", "There is half of a character in a key.", cure
            yield from odd(one, (*path, name))


def printable(issue: Issue) -> Issue:
    """The issue with halves of characters written out: they could not be shown or sent."""
    parts = (issue.code, issue.place, issue.message, issue.cure)
    return Issue(*(part.encode(errors="backslashreplace").decode() for part in parts))


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
