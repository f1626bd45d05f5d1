"""Whether the files of a proposal are as they were written, or somebody's work by now.

The workbook carries the digests of itself and of the files beside it, as a property that
spreadsheets keep and show. Whatever saves a workbook again changes its parts. Where there is
no workbook, for want of a plan, the last line of the policy carries them, as a comment.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping

PROPERTY = "tiimi"
"""The name of the workbook's property."""

INPUT_PROPERTY, POLICY_PROPERTY = "tiimi-input", "tiimi-policy"
"""Properties with the fingerprints of what the proposal was made from."""

PLACEHOLDER = "tiimi-seal"
"""The property's value before the digests are known."""

_LINE = b"# tiimi wrote these files; changed ones are never written over: "
_PART = "docProps/custom.xml"
_MOST_BYTES = 200_000_000
_SEAL = re.compile(rb"\{&quot;.*?\}|\{\".*?\}")


def sealed(workbook: bytes, others: Mapping[str, bytes], name: str) -> bytes:
    """The workbook with the digests in place of the placeholder.

    Args:
        workbook: its bytes, with `PROPERTY` set to `PLACEHOLDER`.
        others: the files beside it, by name.
        name: the workbook's own.
    """
    digests = {name: _of_parts(workbook)} | {n: _digest(c) for n, c in others.items()}
    value = json.dumps(digests).replace('"', "&quot;").encode()
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            content = old.read(part)
            if part.filename == _PART:
                content = content.replace(PLACEHOLDER.encode(), value)
            new.writestr(part, content, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def sealed_text(text: bytes, others: Mapping[str, bytes], name: str) -> bytes:
    """A text with the digests as a comment in its last line.

    Args:
        text: lines, of a language whose comments begin with #.
        others: the files beside it, by name.
        name: its own.
    """
    digests = {name: _digest(text)} | {n: _digest(c) for n, c in others.items()}
    return text + _LINE + json.dumps(digests).encode() + b"\n"


def carries_seal(text: bytes) -> bool:
    """Whether a text has a line with digests."""
    return _LINE in text


def changed(files: Mapping[str, bytes], name: str) -> Iterator[str]:
    """The names of files that differ from what the sealed one `name` among them says of them.

    Nothing is known of a file that it does not mention: it counts as changed.
    """
    in_book = name.endswith(".xlsx")
    digests = _digests_of_book(files[name]) if in_book else _digests_of_text(files[name])
    for one, content in files.items():
        now = _digest(content)
        if one == name:
            now = _of_parts(content) if in_book else _digest(_split(content)[0])
        if digests.get(one) != now:
            yield one


def _digests_of_book(workbook: bytes) -> dict[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
            found = _SEAL.search(parts.read(_PART))
        digests = json.loads(found[0].replace(b"&quot;", b'"')) if found else {}
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        return {}
    return digests if isinstance(digests, dict) else {}


def _digests_of_text(text: bytes) -> dict[str, str]:
    try:
        digests = json.loads(_split(text)[1])
    except ValueError:
        return {}
    return digests if isinstance(digests, dict) else {}


def _split(text: bytes) -> tuple[bytes, bytes]:
    """A text without its seal, and the seal."""
    before, _, rest = text.rpartition(_LINE)
    seal, end, after = rest.partition(b"\n")
    return before + after if end else text, seal


def _of_parts(workbook: bytes) -> str:
    """The digest of a workbook's parts, but for the one that carries it."""
    whole = hashlib.sha256()
    try:
        with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_BYTES:
                return "too large"
            for part in sorted(parts.namelist()):
                if part != _PART:
                    whole.update(f"{part}\0{_digest(parts.read(part))}\0".encode())
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        return "damaged"
    return whole.hexdigest()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
