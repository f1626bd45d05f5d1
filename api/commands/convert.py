"""`tiimi convert` and `tiimi template`: tables from one form to another, or empty ones."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from api import exit_codes
from api.console import say
from api.texts import Texts, plain
from models.files import settle_folder
from models.issues import InputError, Issue
from models.tables import read_organisation, write_organisation, write_template


def run(args: Namespace) -> int:
    """Write an organisation in another form."""
    _refuse_taken(args.output)
    organisation = read_organisation(args.input)
    _written(args.output, lambda: write_organisation(organisation, args.output))
    return exit_codes.DONE


def run_template(args: Namespace) -> int:
    """Write an empty workbook to fill in."""
    _refuse_taken(args.output)
    _written(args.output, lambda: write_template(args.output))
    return exit_codes.DONE


def _written(path: Path, write: Callable[[], None]) -> None:
    texts = Texts()
    try:
        write()
    except OSError as error:
        message = f"It could not be written: {error.strerror or error}."
        raise _refusal("not_writable", path, message) from None
    say([plain(texts("files.written", file=path))])


def _refuse_taken(path: Path) -> None:
    """Nothing that is there already is written over: it may be somebody's work."""
    try:
        settle_folder(path)
        taken = os.path.lexists(path) and not (path.is_dir() and not any(path.iterdir()))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not allowed"
        raise _refusal("not_writable", path, f"It cannot be used: {reason}.") from None
    if taken:
        raise _refusal("taken", path, "There is something already.")


def _refusal(code: str, path: Path, message: str) -> InputError:
    return InputError([Issue(code, str(path), message, "Choose another name.")])
