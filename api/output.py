"""The folder of a proposal: what may be written over, and writing it whole.

Nothing a user gave is ever lost: a folder with files that are not ours, or with files of
ours that somebody changed since, is refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from api.seal import carries_seal, changed
from models.files import settle_folder, swap_folder, try_folder
from models.issues import InputError, Issue

PROPOSAL = "proposal.json"
WORKBOOK = "proposal.xlsx"
REPORT = "report.html"
ORGANISATION = "organisation.json"
POLICY = "policy.toml"
DIFFERENCE = "difference.json"
DIFFERENCE_BOOK = "difference.xlsx"
NAMES = (PROPOSAL, WORKBOOK, REPORT, ORGANISATION, POLICY)
"""What a proposal's folder holds; without a valid plan, it has no workbook and no report."""

NAMES_OF_WHAT_IF = (*NAMES, DIFFERENCE, DIFFERENCE_BOOK)
"""What a what-if's folder holds."""

OF_SCENARIO = ("scenario", "allow_moves", "before", "held_before")
"""What of a what-if's difference.json an answer about it goes on needing."""

_SYSTEM_FILES = (".DS_Store", "Thumbs.db", "desktop.ini")
"""What a desktop leaves in any folder by itself; it stays."""

_MOST_LISTED = 5
_MOST_NAMES = 1000


def folder_for(source: Path, out: Path | None) -> Path:
    """Where a proposal goes: as told, or to a folder named after the input, right here."""
    if out is not None:
        return out
    name = Path(os.path.abspath(source))
    stem = name.name if name.is_dir() else name.stem
    return Path(f"{stem or 'organisation'}-proposal")


def refuse_unsuitable(folder: Path) -> None:
    """Make sure that a proposal can be written here and nothing be lost.

    Raises:
        InputError: if not.
    """
    try:
        settle_folder(folder)
        if folder.is_dir():
            _refuse_current(folder)
            _refuse_foreign(folder)
        elif folder.exists():
            raise _refusal("not_a_folder", folder, "This is a file, not a folder.")
        _refuse_unwritable(folder)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not allowed"
        raise _refusal("not_writable", folder, f"It cannot be used: {reason}.") from None


def refuse_replacing(folder: Path, base: Path) -> None:
    """Make sure that an answer does not take the place of the proposal it is an answer about.

    Links and ``..`` are followed.

    Raises:
        InputError: if it would.
    """
    try:
        same = os.path.realpath(folder) == os.path.realpath(base) or folder.samefile(base)
    except (OSError, ValueError):
        return
    if same:
        message = "It holds the proposal that the question is about: that would be lost."
        raise _refusal("own_base", folder, message)


def holds_plan(folder: Path) -> bool:
    """Whether a proposal with a plan is there: it stays if the next one has none."""
    return (folder / WORKBOOK).exists()


def json_bytes(content: object) -> bytes:
    """A JSON file's content."""
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write a proposal's files, whole or not at all.

    If the folder has become unsuitable meanwhile, a new one beside it is used, so that the
    plan is not lost.

    Returns:
        The folder that was written.

    Raises:
        OSError: if the disk does not let it; what was there is untouched then.
    """
    try:
        refuse_unsuitable(folder)
    except InputError:
        folder = _free_beside(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    swap_folder(folder, files)
    return folder


def _free_beside(folder: Path) -> Path:
    for number in range(2, _MOST_NAMES):
        free = folder.with_name(f"{folder.name}-{number}")
        if not os.path.lexists(free):
            return free
    raise FileExistsError(f"{folder} and all like it are taken")


def _refuse_current(folder: Path) -> None:
    target, here = Path(os.path.realpath(folder)), Path.cwd()
    if target == here or target in here.parents:
        raise _refusal("current_folder", folder, "This is the current folder, or holds it.")


def _refuse_foreign(folder: Path) -> None:
    present = sorted(entry.name for entry in folder.iterdir())
    foreign = [
        name
        for name in present
        if name not in _SYSTEM_FILES
        and (name not in NAMES_OF_WHAT_IF or not (folder / name).is_file())
    ]
    if foreign:
        listed = ", ".join(foreign[:_MOST_LISTED])
        rest = f" and {len(foreign) - _MOST_LISTED} more" if len(foreign) > _MOST_LISTED else ""
        message = f"It holds what tiimi did not write: {listed}{rest}."
        raise _refusal("foreign_files", folder, message)
    ours = {name: (folder / name).read_bytes() for name in present if name in NAMES_OF_WHAT_IF}
    without_plan = WORKBOOK not in ours and carries_seal(ours.get(POLICY, b""))
    if ours and WORKBOOK not in ours and not without_plan:
        gone = WORKBOOK if POLICY in ours else POLICY
        message = f"{gone} is gone, which tells whether the other files were changed."
        raise _refusal("changed_by_hand", folder, message)
    touched = list(changed(ours, POLICY if without_plan else WORKBOOK)) if ours else []
    if touched:
        message = f"Changed or saved since tiimi wrote it: {', '.join(touched)}."
        raise _refusal("changed_by_hand", folder, message)


def _refuse_unwritable(folder: Path) -> None:
    place = Path(os.path.abspath(folder)).parent
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        raise _refusal("not_writable", folder, f"{place.name} is a file, not a folder.")
    if not os.access(place, os.W_OK | os.X_OK):
        raise _refusal("not_writable", folder, "There is no right to write here.")
    try_folder(place)


def _refusal(code: str, folder: Path, message: str) -> InputError:
    cure = "Choose another folder with --out."
    if code in ("foreign_files", "changed_by_hand"):
        cure = "Choose another folder with --out, or move this one elsewhere."
    return InputError([Issue(code, str(folder), message, cure)])
