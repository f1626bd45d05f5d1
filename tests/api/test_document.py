"""docs/command-line.md says what the commands do, docs/what-if.md what the questions are."""

import argparse
from pathlib import Path

import pytest

from api import exit_codes, output
from api.parser import parser

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
PAGES = [DOCS / "command-line.md", DOCS / "what-if.md"]


@pytest.fixture(scope="module")
def text() -> str:
    return "".join(page.read_text(encoding="utf-8") for page in PAGES)


def test_every_command_and_option_is_described(text: str) -> None:
    actions = parser()._actions
    commands = next(a for a in actions if isinstance(a, argparse._SubParsersAction)).choices
    assert [name for name in commands if f"tiimi {name}" not in text] == []
    options = {
        o for command in commands.values() for a in command._actions for o in a.option_strings
    }
    assert (
        sorted(
            o
            for o in options - {"-h", "--help"}
            if f"`{o}" not in text and f"[{o}" not in text and f" {o} " not in text
        )
        == []
    )


def test_every_exit_code_and_file_is_described(text: str) -> None:
    codes = [value for name, value in vars(exit_codes).items() if name.isupper()]
    assert [code for code in codes if f"| {code} |" not in text] == []
    assert [name for name in output.NAMES_OF_WHAT_IF if f"`{name}`" not in text] == []
