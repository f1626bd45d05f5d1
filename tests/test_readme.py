"""What the pages say is so: sessions, every link, every command."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from api.parser import parser

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAGES = [
    README,
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "fixtures" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
WITH_SESSION = [README, ROOT / "docs" / "what-if.md"]
TIIMI = Path(sys.executable).with_name("tiimi")

LEFT_OUT = "…"
SECONDS = re.compile(r"\d+\.\d(?= s\b|$)")
SESSION = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:`|^|\$ |bin/)tiimi ([a-z][a-z-]*)", re.MULTILINE)


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def session(page: Path) -> list[tuple[str, list[str]]]:
    """A page's commands, each with the lines shown below it."""
    steps: list[tuple[str, list[str]]] = []
    for block in SESSION.findall(text(page)):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append((line.removeprefix("$ "), []))
            else:
                steps[-1][1].append(masked(line))
    return steps


def masked(line: str) -> str:
    return SECONDS.sub("<seconds>", line.rstrip())


def first_difference(shown: list[str], got: list[str]) -> str | None:
    """The first line shown that does not come where it should; None if all do.

    Between two lines shown nothing is left out, unless a line of "…" says so.
    """
    at, anywhere = 0, False
    for line in shown:
        if line == LEFT_OUT:
            anywhere = True
            continue
        if anywhere:
            found = next((i for i in range(at, len(got)) if got[i] == line), None)
        else:
            found = at if at < len(got) and got[at] == line else None
        if found is None:
            return line
        at, anywhere = found + 1, False
    return None if anywhere or at == len(got) else f"(and then) {got[at]}"


def anchors(page: Path) -> set[str]:
    """The fragments of a page's headings, as they are linked to."""
    headings = re.findall(r"^#+ (.*)$", text(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def commands() -> set[str]:
    """The commands there are, as the help lists them."""
    return set(re.findall(r"^    ([a-z-]+)(?: {2,}\S|$)", parser().format_help(), re.MULTILINE))


@pytest.mark.parametrize("page", WITH_SESSION, ids=lambda page: page.name)
def test_a_session_gives_what_its_page_shows(page: Path, tmp_path: Path) -> None:
    for name in ("example", "jamsa-2018"):
        shutil.copytree(ROOT / "fixtures" / name, tmp_path / "fixtures" / name)
    steps = session(page)
    assert len(steps) >= 2
    for command, shown in steps:
        program, *arguments = shlex.split(command)
        assert program == "tiimi"
        run = subprocess.run(
            [TIIMI, *arguments],
            cwd=tmp_path,
            env=os.environ | {"COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=400,
        )
        assert run.returncode == 0, run.stderr
        got = [masked(line) for line in run.stdout.splitlines()]
        assert first_difference(shown, got) is None, f"$ {command}\n{run.stdout}"


@pytest.mark.parametrize(
    ("shown", "difference"),
    [
        (["a", "b", "c"], None),
        (["a", "…"], None),
        (["…", "b", "…"], None),
        (["a", "…", "c"], None),
        (["a", "c"], "c"),
        (["…", "c", "b"], "b"),
        (["a"], "(and then) b"),
        (["x"], "x"),
        (["a", "b", "c", "d"], "d"),
    ],
)
def test_a_difference_from_the_session_is_seen(shown: list[str], difference: str | None) -> None:
    assert first_difference(shown, ["a", "b", "c"]) == difference


def test_only_seconds_are_masked() -> None:
    assert masked("  people  6  6  proven  0.1") == "  people  6  6  proven  <seconds>"
    assert masked("  Fit of the pairs: 7.6 of 10") == "  Fit of the pairs: 7.6 of 10"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(text(page)):
        if not link.startswith(("https://", "mailto:")):
            path, _, fragment = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.exists() or (fragment and fragment not in anchors(target)):
                broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_named_exists(page: Path) -> None:
    unknown = set(COMMAND.findall(text(page))) - commands()
    assert unknown == set()


def test_the_readme_names_every_command() -> None:
    assert set(COMMAND.findall(text(README))) == commands()
