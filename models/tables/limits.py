"""What is refused before it is read: files too large, missing or not readable."""

from __future__ import annotations

from pathlib import Path

from models.issues import InputError, Issue

MOST_BYTES = 20_000_000
"""No larger file is read or written: hundreds of times a municipality's staff."""

MOST_UNZIPPED = 100_000_000
"""No workbook that is larger unpacked is read."""


def refusal(code: str, place: str, message: str, cure: str) -> InputError:
    """An error of one issue."""
    return InputError([Issue(code, place, message, cure)])


def content_of(path: Path) -> bytes:
    """The bytes of a file of reasonable size.

    Raises:
        InputError: if it is missing, empty, too large or cannot be read.
    """
    try:
        if not path.exists():
            raise refusal("not_found", path.name, "There is no such file.", "Check its name.")
        if not path.is_file():
            raise refusal("unreadable", path.name, "This is not a file.", "Name a file.")
        size = path.stat().st_size
        if size <= MOST_BYTES:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
            size = len(content)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not allowed"
        cure = "Close it elsewhere, or ask for the right to read it."
        raise refusal("unreadable", path.name, f"It cannot be read: {reason}.", cure) from None
    if size > MOST_BYTES:
        raise refusal(
            "too_large",
            path.name,
            f"It has more than {MOST_BYTES // 1_000_000} MB.",
            "Take out what planning does not need.",
        )
    if not content:
        raise refusal("empty_file", path.name, "The file is empty.", "Save it again.")
    return content


def check_size(path: Path, content: bytes) -> bytes:
    """The content, unless it would be too large to be read again.

    Raises:
        InputError: if it is too large.
    """
    if len(content) > MOST_BYTES:
        raise refusal(
            "too_large",
            path.name,
            f"It would have more than {MOST_BYTES // 1_000_000} MB, and not be read again.",
            "Plan a smaller organisation.",
        )
    return content
