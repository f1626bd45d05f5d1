"""A file that a command is to write: nothing that is there already is written over."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from models.files import try_folder, write_whole
from models.issues import InputError, Issue


def refuse_taken(path: Path) -> None:
    """Make sure that a file can be written here, before the work is done.

    Raises:
        InputError: if something is there already, or no folder to put it in.
    """
    try:
        taken = os.path.lexists(path)
        has_folder = path.parent.is_dir()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not allowed"
        raise _refusal("not_writable", path, f"It cannot be used: {reason}.") from None
    if taken:
        raise _refusal("taken", path, "There is something already.")
    if not has_folder:
        raise _refusal("not_writable", path, "There is no such folder.")
    try:
        try_folder(path.parent)
    except OSError as error:
        message = f"It could not be written: {error.strerror or error}."
        raise _refusal("not_writable", path, message) from None


def write_new(files: Mapping[Path, bytes]) -> None:
    """Write files, each whole or not at all.

    Raises:
        InputError: if the disk does not let it.
    """
    for path, content in files.items():
        try:
            write_whole(path, content)
        except OSError as error:
            message = f"It could not be written: {error.strerror or error}."
            raise _refusal("not_writable", path, message) from None


def _refusal(code: str, path: Path, message: str) -> InputError:
    return InputError([Issue(code, str(path), message, "Choose another name with --out.")])
