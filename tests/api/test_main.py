"""Exit codes and errors of the command line as a whole."""

import importlib.metadata
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.main import main
from models import Organisation, Policy, Proposal
from tests.api.conftest import Answer

ROOT = Path(__file__).resolve().parent.parent.parent


def tiimi(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "api.main", *args]
    env = {"PYTHONPATH": str(ROOT), "PATH": ""}
    return subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"tiimi {importlib.metadata.version('tiimi')}\n"


def test_help_names_commands_and_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for name in ("propose", "check", "policy", "convert", "template", "exit codes:"):
        assert name in out


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["plan"],
        ["propose"],
        ["propose", "x.json", "--time-limit", "0"],
        ["propose", "x.json", "--time-limit", "nan"],
        ["propose", "x.json", "--time-limit", "soon"],
        ["propose", "x.json", "--workers", "0"],
        ["propose", "x.json", "--workers", "1.5"],
        ["propose", "x.json", "--seed", "-1"],
        ["propose", "x.json", "--seed", str(2**31)],
        ["propose", "x.json", "--language", "de"],
        ["propose", "x.json", "--time", "5"],
    ],
)
def test_wrong_usage_is_2(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(args) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("usage: tiimi")


@pytest.mark.parametrize("command", ["propose", "convert"])
def test_a_missing_input_is_2(command: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rest = ["out.json"] if command == "convert" else []
    assert main([command, "nothing.json", *rest]) == 2
    assert capsys.readouterr() == (
        "",
        "nothing.json: There is no such file. Check its name. [not_found]\n",
    )
    assert list(here.iterdir()) == []


def test_a_folder_without_tables_is_2(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "empty").mkdir()
    assert main(["propose", "empty"]) == 2
    lines = capsys.readouterr().err.splitlines()
    missing = ["organisation.csv", "skills.csv", "teams.csv", "employees.csv"]
    assert [line.split(":")[0] for line in lines] == missing
    assert all(line.endswith("[missing_table]") for line in lines)


def test_all_issues_of_input_and_policy_are_told_together(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "office.json").write_text('{"name": "x", "teams": 1}', encoding="utf-8")
    (here / "p.toml").write_text("min_fitt = 3\nmax_tasks = -1\n", encoding="utf-8")
    assert main(["propose", "office.json", "--policy", "p.toml"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "p.toml, max_tasks",
        "p.toml, min_fitt",
        "horizon",
        "skills",
        "employees",
        "teams",
    ]
    assert "Did you mean 'min_fit'?" in lines[1]


def test_an_issue_is_one_line_whatever_it_quotes(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "x.json").write_text('{"a\\n\\u001b[31mb": 1}', encoding="utf-8")
    assert main(["propose", "x.json"]) == 2
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert all(line.endswith("]") for line in err.splitlines())


def test_our_own_mistake_is_1_and_loud_and_names_nobody(
    office_file: Path,
    answer: Callable[[Answer], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(organisation: Organisation, policy: Policy) -> Proposal:
        raise RuntimeError("E1 payroll secretary is the matter")

    answer(fail)
    assert main(["propose", "office.json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("THIS IS A MISTAKE OF TIIMI'S OWN, not of your input.")
    assert "RuntimeError in test_main.py, line " in err
    assert "Please report" in err
    assert "Traceback" not in err
    assert "E1" not in err
    assert [path.name for path in office_file.parent.iterdir()] == ["office.json"]


def test_a_traceback_is_there_for_who_asks(
    office_file: Path,
    answer: Callable[[Answer], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(organisation: Organisation, policy: Policy) -> Proposal:
        raise RuntimeError("the details")

    answer(fail)
    monkeypatch.setenv("TIIMI_DEBUG", "1")
    assert main(["propose", "office.json"]) == 1
    err = capsys.readouterr().err
    assert "Traceback (most recent call last):" in err
    assert "RuntimeError: the details" in err


def test_the_evaluation_contradicting_the_solver_is_our_mistake(
    office_file: Path,
    answer: Callable[[Answer], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    from optimizer import InternalError

    def fail(organisation: Organisation, policy: Policy) -> Proposal:
        raise InternalError("level people: the evaluation finds 2, the solver claims 1")

    answer(fail)
    assert main(["propose", "office.json"]) == 1
    assert capsys.readouterr().err.startswith("THIS IS A MISTAKE OF TIIMI'S OWN")


def test_ctrl_c_before_the_search_is_130(
    office_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("api.commands.propose.read_inputs", interrupt)
    assert main(["propose", "office.json"]) == 130
    assert capsys.readouterr().err == "Interrupted.\n"


LOADING = """
import os, signal, sys
from api.main import main

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            try:
                os.kill(os.getpid(), signal.SIGINT)
            except BaseException as error:  # As libraries do that can do without another.
                raise ImportError(name) from error

# A job in the background of a shell is not told of Ctrl-C; this one is.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupting())
sys.exit(main(sys.argv[2:]))
"""
"""A command that gets Ctrl-C when it loads a module, which the loader takes for something else."""


@pytest.mark.parametrize("module", ["argparse", "api.commands.propose", "pandas"])
def test_ctrl_c_while_it_loads_is_130(module: str, office_file: Path) -> None:
    command = [sys.executable, "-c", LOADING, module, "propose", "office.json"]
    env = {"PYTHONPATH": str(ROOT), "PATH": ""}
    done = subprocess.run(
        command, cwd=office_file.parent, env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted.\n")


def test_the_way_in_loads_next_to_nothing() -> None:
    """What it loads, it loads before Ctrl-C can be caught."""
    script = (
        "import sys; before = set(sys.modules); import api.main; "
        "print(*sorted(name for name in set(sys.modules) - before if name.startswith('api') "
        "or name in {'argparse', 'traceback', 'typing', 'importlib.metadata', 'pathlib'}))"
    )
    command = [sys.executable, "-S", "-c", script]
    done = subprocess.run(
        command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [
        "api",
        "api.exit_codes",
        "api.interruption",
        "api.main",
        "typing",
    ]


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["policy"]])
def test_what_needs_no_data_loads_no_library_for_it(args: list[str]) -> None:
    script = (
        "import sys; from api.main import main; main(sys.argv[1:]); "
        "heavy = {'fastapi', 'networkx', 'openpyxl', 'ortools', 'pandas', 'rich'}; "
        "print('LOADED', sorted(heavy & sys.modules.keys()))"
    )
    command = [sys.executable, "-W", "error", "-c", script, *args]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.stdout.splitlines()[-1] == "LOADED []"
    assert run.stderr == ""


def test_check_loads_no_solver(office_file: Path, known_answer: dict[str, Any]) -> None:
    assert main(["propose", "office.json"]) == 0
    script = (
        "import sys; from api.main import main; "
        "code = main(['check', 'office.json', 'office-proposal']); "
        "print(code, 'ortools' in sys.modules, 'optimizer' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=office_file.parent,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout.splitlines()[-1], run.stderr) == ("0 False False", "")


def test_a_listener_that_leaves_gets_no_complaint(here: Path) -> None:
    script = "import sys; from api.main import main; sys.exit(main(['policy']))"
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0


def test_as_a_program(here: Path) -> None:
    run = tiimi("propose", "nothing.xlsx", cwd=here)
    assert run.returncode == 2
    assert run.stderr == "nothing.xlsx: There is no such file. Check its name. [not_found]\n"


def test_a_full_disk_behind_stdout_is_told() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no device that is always full")
    with full.open("w") as stdout:
        run = subprocess.run(
            [sys.executable, "-W", "error", "-m", "api.main", "policy"],
            cwd=ROOT,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (run.returncode, run.stderr) == (2, "No space left on device. [not_possible]\n")


def test_characters_a_terminal_lacks_are_no_failure(office_file: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "api.main", "propose", "nothing \N{SNOWMAN}.json"],
        cwd=office_file.parent,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.startswith("nothing ?.json: There is no such file.")


def test_what_the_system_refuses_is_not_our_mistake(
    office_file: Path,
    answer: Callable[[Answer], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(organisation: Organisation, policy: Policy) -> Proposal:
        raise PermissionError(13, "Permission denied", "a file")

    answer(fail)
    assert main(["propose", "office.json"]) == 2
    assert capsys.readouterr().err == "a file: Permission denied. [not_possible]\n"
