"""Files and folders are written whole or not at all, also if the program is killed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models import files
from models.files import settle_folder, swap_folder, write_whole

ROOT = Path(__file__).resolve().parents[2]

# Dies for good before the n-th call that changes a name, as after kill -9: nothing cleans up.
DIES = """
import os, sys
from models.files import swap_folder, write_whole
calls = 0
def dying(name):
    real = getattr(os, name)
    def call(*args, **options):
        global calls
        calls += 1
        if calls == int(sys.argv[2]):
            os._exit(9)
        return real(*args, **options)
    setattr(os, name, call)
for name in ("rename", "replace", "fsync", "link", "mkdir"):
    dying(name)
if sys.argv[1].endswith(".txt"):
    write_whole(sys.argv[1], "new")
else:
    swap_folder(sys.argv[1], {"a.csv": "new", "b.csv": "new"})
os._exit(0)
"""


def run_and_die(path: Path, call: int) -> int:
    script = [sys.executable, "-c", DIES, str(path), str(call)]
    return subprocess.run(script, cwd=ROOT, check=False, timeout=60).returncode


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


OLD = {"a.csv": "old", "b.csv": "old", "README.md": "kept"}
NEW = {"a.csv": "new", "b.csv": "new", "README.md": "kept"}


def test_a_killed_swap_leaves_the_old_folder_or_the_new(tmp_path: Path) -> None:
    seen = []
    for call in range(1, 30):
        target = tmp_path / str(call) / "staff"
        target.mkdir(parents=True)
        for name, text in OLD.items():
            (target / name).write_text(text, encoding="utf-8")
        ended = run_and_die(target, call)
        between = not target.exists()
        settle_folder(target)
        seen.append((contents(target) == NEW, between))
        assert contents(target) in (OLD, NEW)
        swap_folder(target, {"a.csv": "new", "b.csv": "new"})
        assert contents(target) == NEW
        assert os.listdir(target.parent) == ["staff"]
        if ended == 0:
            break
    assert ended == 0
    assert seen[0] == (False, False)
    assert (False, True) in seen
    assert seen[-2:] == [(True, False), (True, False)]


def test_a_killed_write_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "staff.txt"
    for call in range(1, 10):
        path.write_text("old", encoding="utf-8")
        if run_and_die(path, call) == 0:
            break
        assert path.read_text(encoding="utf-8") in ("old", "new")
    assert call > 2
    assert path.read_text(encoding="utf-8") == "new"


def test_a_failed_swap_leaves_the_old_folder_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "staff"
    swap_folder(target, {"a": "old"})
    real = os.rename

    def failing(source: Path, to: Path) -> None:
        if str(source).endswith(".new"):
            raise OSError("the disk is full")
        real(source, to)

    monkeypatch.setattr(files.os, "rename", failing)
    with pytest.raises(OSError, match="full"):
        swap_folder(target, {"a": "new"})
    assert contents(target) == {"a": "old"}
    assert os.listdir(tmp_path) == ["staff"]


def test_a_reader_that_settles_between_the_renames_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "staff"
    swap_folder(target, {"a": "old"})
    real = os.rename
    settled = []

    def meddled(source: Path, to: Path) -> None:
        if str(source).endswith(".new") and not settled:
            settled.append(True)
            settle_folder(target)
            assert contents(target) == {"a": "old"}
        real(source, to)

    monkeypatch.setattr(files.os, "rename", meddled)
    swap_folder(target, {"a": "new"})
    assert contents(target) == {"a": "new"}
    assert os.listdir(tmp_path) == ["staff"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.txt"
    write_whole(path, "old")

    def failing(source: Path, to: Path) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(files.os, "replace", failing)
    with pytest.raises(OSError, match="full"):
        write_whole(path, b"new")
    assert contents(tmp_path) == {"plan.txt": "old"}


def test_text_is_stored_as_it_is(tmp_path: Path) -> None:
    write_whole(tmp_path / "plan.txt", "Jämsä\n1\r\n")
    assert (tmp_path / "plan.txt").read_bytes() == "Jämsä\n1\r\n".encode()


@pytest.mark.skipif(os.name == "nt", reason="links and permissions are those of POSIX")
def test_links_are_followed_and_permissions_kept(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    (tmp_path / "link").symlink_to(path)
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert path.read_text(encoding="utf-8") == "new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_what_else_a_folder_holds_stays_if_it_is_to(tmp_path: Path) -> None:
    target = tmp_path / "staff"
    swap_folder(target, {"a.csv": "old", "notes.md": "mine"})
    (target / "plots").mkdir()
    (target / "plots" / "one.svg").write_text("<svg/>", encoding="utf-8")
    (target / "here").symlink_to("notes.md")
    swap_folder(target, {"b.csv": "new"}, keep=lambda name: not name.endswith(".csv"))
    assert sorted(os.listdir(target)) == ["b.csv", "here", "notes.md", "plots"]
    assert (target / "plots" / "one.svg").read_text(encoding="utf-8") == "<svg/>"
    assert (target / "here").is_symlink()


def test_where_the_disk_knows_no_links_files_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*args: object, **options: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(files.os, "link", failing)
    swap_folder(tmp_path / "staff", {"notes.md": "mine"})
    swap_folder(tmp_path / "staff", {"a.csv": "new"})
    assert contents(tmp_path / "staff") == {"notes.md": "mine", "a.csv": "new"}


def test_folders_that_are_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "inside")
    for target in (tmp_path, tmp_path / "inside", Path("."), tmp_path / "file"):
        with pytest.raises(OSError, match=r"current folder|not a folder"):
            swap_folder(target, {"a": "b"})
    monkeypatch.setattr(files, "MOST_KEPT", 0)
    swap_folder(tmp_path / "many", {"a": "b"})
    with pytest.raises(OSError, match="too many"):
        swap_folder(tmp_path / "many", {"a": "c"})
    assert contents(tmp_path / "many") == {"a": "b"}


def test_names_beside_that_only_resemble_ours_are_left_alone(tmp_path: Path) -> None:
    for name in (".staff.old", ".staff.0123456789ab.cd.old", ".other.0123456789ab.old"):
        (tmp_path / name).mkdir()
    settle_folder(tmp_path / "staff")
    assert not (tmp_path / "staff").exists()
    swap_folder(tmp_path / "staff", {})
    assert len(os.listdir(tmp_path)) == 4
