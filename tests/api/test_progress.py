"""What is shown while a search runs."""

import io
import sys
from collections.abc import Callable
from typing import Any

import pytest

from api.main import main
from api.progress import Lines, LiveTable, display_for, gap_text, value_text
from api.texts import Texts
from models import Organisation, Policy, Proposal
from optimizer import Progress
from tests.api.conftest import Answer
from tests.api.office import office_proposal

TEXTS = Texts()


def step(level: str = "people", **fields: Any) -> Progress:
    known: dict[str, Any] = {
        "index": 3,
        "count": 5,
        "best": 20,
        "bound": 15,
        "seconds": 1.25,
        "taking_back": False,
        "status": None,
    }
    return Progress(level=level, **(known | fields))


@pytest.mark.parametrize(
    ("best", "bound", "text"),
    [
        (None, 3, "–"),
        (3, None, "–"),
        (20, 15, "25 %"),  # 100 * (20 - 15) / 20
        (1000, 999, "0.1 %"),
        (20, -5, "100 %"),  # no cost is below 0
        (0, -5, "0 %"),
        (7, 7, "0 %"),
        (7, 8, "–"),  # of two levels, or of a solver that knows no better
    ],
)
def test_gap(best: int | None, bound: int | None, text: str) -> None:
    assert gap_text(best, bound) == text


def test_values() -> None:
    assert [value_text(v) for v in (None, -3, 0, 12345)] == ["–", "0", "0", "12345"]


def test_lines_tell_ends_at_once_and_the_rest_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([100.0, 101.0, 106.0, 106.1, 106.2, 106.3, 106.4])
    monkeypatch.setattr("api.progress.time.monotonic", lambda: next(clock))
    with Lines(TEXTS) as lines:
        lines(step(best=None))
        lines(step(best=30))  # a second later: not told
        lines(step(best=25))
        lines(step(best=20, status="feasible"))
        lines(step("substitutes", index=5))
        lines(step(taking_back=True))
        lines(step(taking_back=True, bound=20, status="optimal"))
        lines.stopping()
    assert capsys.readouterr() == (
        "",
        "level 3 of 5, people: best –, bound 15, gap –, 1.2 s\n"
        "level 3 of 5, people: best 25, bound 15, gap 40 %, 1.2 s\n"
        "level 3 of 5, people: not proven, best 20, bound 15, 1.2 s\n"
        "level 5 of 5, substitutes: best 20, bound 15, gap 25 %, 1.2 s\n"
        "taking back, people: best 20, bound 15, gap 25 %, 1.2 s\n"
        "taking back, people: proven, best 20, bound 20, 1.2 s\n"
        "Stopping; the best plan so far is kept. Ctrl-C again quits at once.\n",
    )


def test_the_table_has_a_row_for_every_level(monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.console import Console

    table = LiveTable(Policy(), 60.0, TEXTS)
    monkeypatch.setattr("api.progress.time.monotonic", lambda: 5.0)
    table(step("statutory", best=0, bound=0, status="optimal"))
    table(step("continuity"))
    table(step("people"))
    table(step("stability"))
    console = Console(file=io.StringIO(), width=100)
    with console.capture() as captured:
        console.print(table.table())
    lines = captured.get().splitlines()
    assert lines[0].strip() == "Searching, at most 60 s. Ctrl-C keeps the best plan so far."
    assert [line.split() for line in lines[1:]] == [
        ["level", "best", "bound", "gap", "seconds", "state"],
        ["statutory", "0", "0", "0", "%", "1.2", "proven"],
        # Those told of no more are proven.
        ["continuity", "20", "20", "0", "%", "1.2", "proven"],
        ["people", "20", "20", "0", "%", "1.2", "proven"],
        ["stability", "20", "15", "25", "%", "1.2", "running"],
        ["substitutes", "waiting"],
    ]
    table(step("continuity", taking_back=True))
    with console.capture() as captured:
        console.print(table.table())
    assert captured.get().splitlines()[3].split()[-2:] == ["taking", "back"]
    table.stopping()
    assert table.title.startswith("Stopping; ")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_the_table_and_keeps_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    display = display_for(Policy(), 60.0, TEXTS)
    assert isinstance(display, LiveTable)
    with display:
        display(step("statutory"))
    shown = terminal.getvalue()
    assert "statutory" in shown
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h") == 1  # cursor hidden, shown


@pytest.mark.parametrize("terminal", [Terminal(), io.StringIO()])
def test_anything_else_gets_lines(terminal: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "dumb" if terminal.isatty() else "xterm")
    assert isinstance(display_for(Policy(), 60.0, TEXTS), Lines)


def test_progress_goes_to_stderr_and_the_result_to_stdout(
    office_file: object,
    answer: Callable[[Answer], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: dict[str, Any] = {}

    def tell(organisation: Organisation, policy: Policy) -> Proposal:
        asked["progress"](step(status="optimal"))
        return office_proposal(organisation, policy)

    asked = answer(tell)
    assert main(["propose", "office.json"]) == 0
    out, err = capsys.readouterr()
    assert err == "level 3 of 5, people: proven, best 20, bound 15, 1.2 s\n"
    assert "level 3 of 5" not in out
