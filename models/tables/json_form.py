"""A JSON file, with what JSON readers usually let pass found and reported."""

from __future__ import annotations

import json
from pathlib import Path as FilePath
from typing import Any

from models.files import write_whole
from models.issues import InputError, Issue
from models.json_text import decoded, odd, printable
from models.organisation import Organisation
from models.places import place_by_id
from models.policy import Policy
from models.reading import organisation_from
from models.tables.limits import check_size, content_of


def read_json(path: FilePath, policy: Policy | None) -> Organisation:
    """Read an organisation from a JSON file.

    Raises:
        InputError: with every issue found.
    """
    data = decoded(content_of(path), path.name)
    locate = place_by_id(data if isinstance(data, dict) else {})
    issues = [Issue(code, locate(at), message, cure) for at, code, message, cure in odd(data, ())]
    places = {issue.place for issue in issues}
    try:
        organisation = organisation_from(_mended(data) if issues else data, policy)
    except InputError as error:
        issues += [issue for issue in error.issues if issue.place not in places]
    if issues:
        raise InputError(map(printable, issues))
    return organisation


def write_json(organisation: Organisation, path: FilePath) -> None:
    """Write an organisation as JSON, without what is absent or at its default."""
    text = json.dumps(organisation.to_dict(), ensure_ascii=False, indent=2) + "\n"
    write_whole(path, check_size(path, text.encode()))


def _mended(value: Any) -> Any:
    """The same data without halves of characters, so that the rest of it can be checked."""
    if isinstance(value, dict):
        return {_mended(key): _mended(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_mended(one) for one in value]
    return value.encode(errors="replace").decode() if isinstance(value, str) else value
