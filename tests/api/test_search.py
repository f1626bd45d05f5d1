"""Ctrl-C and SIGTERM, in a process of their own."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api import search
from api.main import main
from api.progress import Lines
from api.texts import Texts
from models import Organisation, Policy, Proposal
from tests.api.conftest import Answer
from tests.api.office import office, office_proposal

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")


def started(how: str, cwd: Path) -> subprocess.Popen[str]:
    """The command, once it searches."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.api.slow", how, "propose", "office.json"],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "searching\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_keeps_the_best_plan(number: int, office_file: Path) -> None:
    process = started("slow", office_file.parent)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert err == "Stopping; the best plan so far is kept. Ctrl-C again quits at once.\n"
    assert "Valid, but not proven optimal: stopped at your request." in out
    assert "Stopped: the best plan found so far is kept." in out
    assert main(["check", "office.json", "office-proposal"]) == 0


def test_stopped_before_there_is_a_plan(office_file: Path) -> None:
    process = started("empty", office_file.parent)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 4
    assert out.startswith("Stopped before a plan was found.\n")
    assert err.endswith("Nothing was written.\n")
    assert not (office_file.parent / "office-proposal").exists()


def test_the_second_ctrl_c_quits_at_once(office_file: Path) -> None:
    process = started("stubborn", office_file.parent)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert process.stderr.readline().startswith("Stopping; ")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "Interrupted.\n")
    assert [path.name for path in office_file.parent.iterdir()] == ["office.json"]


def test_handlers_are_put_back(
    office_file: Path,
    answer: Callable[[Answer], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]

    def stopped(organisation: Organisation, policy: Policy) -> Proposal:
        os.kill(os.getpid(), signal.SIGTERM)
        assert asked["stop"].wait(30)
        return office_proposal(organisation, policy, status="feasible")

    asked = answer(stopped)
    assert main(["propose", "office.json"]) == 0
    assert "stopped at your request" in capsys.readouterr().out
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] == before


def test_outside_the_main_thread_no_signal_is_asked_for() -> None:
    results: list[Proposal] = []
    expected = office_proposal(office())

    def elsewhere() -> None:
        with search.stopped_by_signals() as stop:
            results.append(search.run(lambda tell, stop: expected, Lines(Texts()), stop))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join(60)
    assert results == [expected]
