"""A JSON file, with what JSON readers usually let pass found and reported."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from models.files import write_whole
from models.issues import InputError, Issue
from models.organisation import Organisation
from models.policy import Policy
from models.reading import organisation_from, place_by_id
from models.references import Path
from models.tables.limits import check_size, content_of, refusal

DEEPEST = 20
"""Levels of nesting; an organisation has five."""


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its keys stood in it more than once."""

    repeated: tuple[str, ...] = ()


def read_json(path: FilePath, policy: Policy | None) -> Organisation:
    """Read an organisation from a JSON file.

    Raises:
        InputError: with every issue found.
    """
    data = _decoded(content_of(path), path.name)
    if _is_deeper(data, DEEPEST):
        cure = "Check its brackets."
        raise refusal("too_deep", path.name, f"More than {DEEPEST} levels of nesting.", cure)
    locate = place_by_id(data if isinstance(data, dict) else {})
    issues = [Issue(code, locate(at), message, cure) for at, code, message, cure in _odd(data, ())]
    places = {issue.place for issue in issues}
    try:
        organisation = organisation_from(_mended(data) if issues else data, policy)
    except InputError as error:
        issues += [issue for issue in error.issues if issue.place not in places]
    if issues:
        raise InputError(map(_printable, issues))
    return organisation


def write_json(organisation: Organisation, path: FilePath) -> None:
    """Write an organisation as JSON, without what is absent or at its default."""
    text = json.dumps(organisation.to_dict(), ensure_ascii=False, indent=2) + "\n"
    write_whole(path, check_size(path, text.encode()))


def _decoded(content: bytes, place: str) -> object:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cure = "Save it as UTF-8."
        raise refusal(
            "bad_encoding", place, f"It is not UTF-8 from byte {error.start} on.", cure
        ) from None
    if not text.strip():
        raise refusal("empty_file", place, "The file is empty.", "Save it again.")
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise refusal(
            "bad_json",
            f"{place}, line {error.lineno}, column {error.colno}",
            f"It is not JSON: {error.msg}.",
            "Check the comma, quote or bracket there.",
        ) from None
    except RecursionError:
        cure = "Check its brackets."
        raise refusal("too_deep", place, "Far too many levels of nesting.", cure) from None
    except ValueError:
        cure = "Write a smaller number."
        raise refusal("bad_json", place, "A number in it has thousands of digits.", cure) from None


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    result = _Object(pairs)
    if len(result) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        result.repeated = tuple(name for name, count in counts.items() if count > 1)
    return result


def _is_deeper(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(one, levels - 1) for one in inner)


def _odd(value: object, path: Path) -> Iterator[tuple[Path, str, str, str]]:
    """Repeated keys, numbers that are none, and halves of characters."""
    if isinstance(value, float) and not math.isfinite(value):
        yield path, "not_finite", f"{value} is not a number one can plan with.", "Write a number."
    elif isinstance(value, str) and not _is_text(value):
        yield path, "bad_text", "There is half of a character in it.", "Type the text again."
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _odd(one, (*path, index))
    elif isinstance(value, _Object):
        for name in value.repeated:
            cure = "Keep one; of two, readers silently take the last."
            yield (*path, name), "duplicate_key", "This key stands here twice.", cure
        for name, one in value.items():
            if not _is_text(name):
                cure = "Type the key again."
                yield path, "bad_text", "There is half of a character in a key.", cure
            yield from _odd(one, (*path, name))


def _mended(value: Any) -> Any:
    """The same data without halves of characters, so that the rest of it can be checked."""
    if isinstance(value, dict):
        return {_mended(key): _mended(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_mended(one) for one in value]
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


def _printable(issue: Issue) -> Issue:
    """The issue with halves of characters written out: they could not be shown or sent."""
    parts = (issue.code, issue.place, issue.message, issue.cure)
    return Issue(*(part.encode(errors="backslashreplace").decode() for part in parts))


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
