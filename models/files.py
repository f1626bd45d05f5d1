"""Writing files and folders whole or not at all, also when the program is killed.

A file is written beside its place, flushed to the disk and renamed over it: one step for
the file system, so whoever looks sees the old file or the new one.

A folder has no such step: a folder that is not empty cannot be renamed over. Renaming the
files into it one by one would show a mixture of old and new to anybody who looks, and leave
it behind after a crash. So the new folder is made complete beside the old one, the old one
is renamed away, and the new one renamed in. A crash before the first rename leaves the old
folder, after the second the new one. Between the two the name is missing and the old folder
stands beside it under a name of ours: `settle_folder` gives it its name back, and every
reader and writer calls that first. What is never seen is half of one and half of the other.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

MOST_KEPT = 1000
"""A folder with more other entries than this is no folder of ours; it is not touched."""

_ATTEMPTS = 5
_OLD, _NEW = ".old", ".new"


def write_whole(path: str | Path, content: bytes | str) -> None:
    """Write a file so that a crash leaves the old content or the new, never a part.

    Args:
        path: the file; a link is followed, permissions of an existing file are kept.
        content: bytes, or text to be stored as UTF-8 without changing line ends.

    Raises:
        OSError: if the folder is missing, or the disk full or not writable; the old file
            is untouched then.
    """
    target = Path(os.path.realpath(path))
    beside = _beside(target, _NEW)
    try:
        _write(beside, content)
        if target.exists():
            shutil.copymode(target, beside)
        os.replace(beside, target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    _flush_folder(target.parent)


def swap_folder(
    path: str | Path,
    files: Mapping[str, bytes | str],
    keep: Callable[[str], bool] = lambda name: True,
) -> None:
    """Give a folder these files, so that a crash leaves the old folder or the new one.

    Args:
        path: the folder; made if it is not there. A link is followed.
        files: content by file name; text is stored as UTF-8.
        keep: asked for the name of every other entry of an existing folder, whether it
            stays. By default all do: files that are not ours are never lost.

    Raises:
        OSError: if it cannot be written, is not a folder, is the current folder or one
            above it (a folder somebody stands in cannot change), or holds too many other
            entries; the old folder is untouched then.
    """
    target = Path(os.path.realpath(path))
    settle_folder(target)
    _refuse_unsuitable(target)
    leftovers = _siblings(target, _NEW) + _siblings(target, _OLD)
    new = _beside(target, _NEW)
    old = _beside(target, _OLD)
    try:
        _fill(new, target, files, keep)
        _swap(target, new, old)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        settle_folder(target)
        raise
    _flush_folder(target.parent)
    for folder in (old, *leftovers):
        shutil.rmtree(folder, ignore_errors=True)


def try_folder(folder: Path) -> None:
    """Make sure that something can be made in a folder, by making and removing it.

    Rights alone do not say: a file system may be full, read-only or of no use for files.

    Raises:
        OSError: if not.
    """
    probe = folder / f".tiimi.{secrets.token_hex(6)}.try"
    probe.mkdir()
    probe.rmdir()


def settle_folder(path: str | Path) -> None:
    """Undo a swap that was interrupted between its two renames; else do nothing.

    Raises:
        OSError: if the old folder cannot be given its name back.
    """
    target = Path(os.path.realpath(path))
    if target.exists() or not target.parent.is_dir():
        return
    stranded = _siblings(target, _OLD)
    if stranded:
        latest = max(stranded, key=lambda folder: (folder.stat().st_mtime_ns, folder.name))
        with contextlib.suppress(FileNotFoundError):
            os.rename(latest, target)
            _flush_folder(target.parent)


def _beside(target: Path, ending: str) -> Path:
    """A name of ours in the same folder, and so on the same disk: renaming is one step."""
    return target.with_name(f".{target.name}.{secrets.token_hex(6)}{ending}")


def _siblings(target: Path, ending: str) -> list[Path]:
    """Folders that earlier swaps of this target left beside it."""
    start, length = f".{target.name}.", len(_beside(target, ending).name)
    return sorted(
        entry
        for entry in target.parent.iterdir()
        if entry.name.startswith(start)
        and entry.name.endswith(ending)
        and len(entry.name) == length
        and entry.is_dir()
    )


def _refuse_unsuitable(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise NotADirectoryError(f"{target} is a file, not a folder.")
    here = Path.cwd()
    if target == here or target in here.parents:
        raise OSError(f"{target} is the current folder or holds it; choose another folder.")
    entries = 0
    for _, folders, names in os.walk(target):
        entries += len(folders) + len(names)
        if entries > MOST_KEPT:
            raise OSError(f"{target} holds too many other files; choose a folder of its own.")


def _fill(
    new: Path, target: Path, files: Mapping[str, bytes | str], keep: Callable[[str], bool]
) -> None:
    """Make the new folder complete, down to the disk, before anything is renamed."""
    new.mkdir()
    for name, content in files.items():
        _write(new / name, content)
    if target.exists():
        for entry in target.iterdir():
            if entry.name not in files and keep(entry.name):
                _carry(entry, new / entry.name)
        shutil.copymode(target, new)
    _flush_folder(new)


def _carry(entry: Path, to: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.copytree(entry, to, symlinks=True, copy_function=_link)
    else:
        _link(entry, to)


def _link(source: str | Path, to: str | Path) -> None:
    """The same file under a second name; where the disk knows no such thing, a copy."""
    try:
        os.link(source, to, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, to, follow_symlinks=False)


def _swap(target: Path, new: Path, old: Path) -> None:
    for attempt in range(_ATTEMPTS):
        with contextlib.suppress(FileNotFoundError):
            os.rename(target, old)
        try:
            os.rename(new, target)
            return
        except OSError:
            # A reader settled the folder between our two renames, or the disk refuses.
            if attempt == _ATTEMPTS - 1 or not target.exists():
                raise


def _write(path: Path, content: bytes | str) -> None:
    with path.open("xb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make renames in a folder last; not every system can, and then they nearly do."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
