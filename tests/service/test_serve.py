"""`tiimi serve` as a process of its own: its address, its end, and the integrators' page run."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.commands import serve
from api.commands.serve import _listening
from api.main import main
from api.service.app import create_app
from api.service.database import engine_for, migrate
from api.service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "integrators.md"
TIIMI = Path(sys.executable).with_name("tiimi")
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LONGEST = 120
"""Seconds after which something hangs."""


@dataclass
class Served:
    """A service that runs."""

    process: subprocess.Popen[str]
    address: str

    def stop(self, number: signal.Signals) -> tuple[int, str]:
        """Stop it with a signal; its exit code, and what it said since."""
        self.process.send_signal(number)
        said, complaints = self.process.communicate(timeout=LONGEST)
        assert "Traceback" not in complaints
        return self.process.returncode, said

    def wait_until_ready(self) -> None:
        for _ in range(LONGEST * 10):
            if httpx2.get(f"{self.address}/ready").status_code == 200:
                return
            time.sleep(0.1)
        raise AssertionError("it is not ready")


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Served]:
    """Serve in a folder, on a free port."""
    process = subprocess.Popen(
        [TIIMI, "serve", "--port", "0", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Tiimi serves on http://127.0.0.1:"), process.communicate()
        yield Served(process, line.split()[-1])
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path) as served:
        assert httpx2.get(f"{served.address}/health").json() == {"status": "ok"}
        assert httpx2.get(f"{served.address}/v1/policy").status_code == 401
        served.wait_until_ready()
        assert (tmp_path / "tiimi-data" / "tiimi.db").is_file()
        assert served.stop(number) == (0, "Stopped.\n")


def test_who_follows_does_not_keep_it_from_stopping(tmp_path: Path) -> None:
    with serving(tmp_path, "--data", "here") as served:
        created = [TIIMI, "token", "create", "--owner", "a", "--role", "planner", "--name", "n"]
        run = subprocess.run(
            [*created, "--data", "here"], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        headers = {"Authorization": f"Bearer {run.stdout.strip()}"}
        with httpx2.Client(base_url=served.address, headers=headers, timeout=LONGEST) as client:
            stored = client.post("/v1/demo-data", json={"name": "jamsa-2018"}).json()["id"]
            asked = {"organisation": stored, "time_limit": 600}
            where = client.post("/v1/proposals", json=asked).headers["location"]
            with client.stream("GET", f"{where}/events") as events:
                lines = events.iter_lines()
                while next(lines) != "event: started":
                    pass
                assert served.stop(signal.SIGTERM) == (0, "Stopped.\n")


def test_an_answer_waits_for_no_acknowledgement() -> None:
    with (
        _listening(Settings(port=0)) as (listener, _),
        socket.create_connection(listener.getsockname()),
    ):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_an_address_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = subprocess.run(
            [TIIMI, "serve", "--port", port],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f"127.0.0.1:{port}: It cannot listen there: ")
    assert run.stderr.endswith("[no_address]\n")


def test_a_database_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run = subprocess.run(
        [TIIMI, "serve", "--port", "0", "--data", "file"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("database: The database cannot be opened (")


def test_the_server_starts_without_what_it_seldom_needs() -> None:
    """What solves, draws and reads spreadsheets takes longer to load than all the rest."""
    heavy = {"distributed", "matplotlib", "networkx", "openpyxl", "optimizer", "ortools", "pandas"}
    script = f"import sys, api.service.app; print(sorted({heavy} & sys.modules.keys()))"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"


def test_a_database_of_a_newer_version_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = engine_for(Settings(data=tmp_path).url)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert main(["serve", "--port", "0", "--data", str(tmp_path)]) == 2
    said, complaints = capsys.readouterr()
    assert said == ""
    assert "is of a newer version of tiimi" in complaints


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({"ISSUER": "https://login.example"}, "are set together"),
        (
            {"ISSUER": "https://login.example", "AUDIENCE": "tiimi", "JWT_KEY": "no such file"},
            "is no public key for RS256",
        ),
    ],
)
def test_a_provider_that_lets_nobody_in_is_told_before_it_serves(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    setting: dict[str, str],
    told: str,
) -> None:
    for name, value in setting.items():
        monkeypatch.setenv(f"TIIMI_{name}", value)
    assert main(["serve", "--port", "0", "--data", str(tmp_path / "data")]) == 2
    said, complaints = capsys.readouterr()
    assert said == ""
    assert told in complaints
    assert "[bad_setting]" in complaints
    assert not (tmp_path / "data").exists()


def test_the_command_line_serves_in_its_own_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []
    answers: list[httpx2.Response] = []

    def ask_and_stop() -> None:
        while not told:
            time.sleep(0.01)
        answers.append(httpx2.get(f"{told[0].split()[-1]}/health", timeout=LONGEST))
        # As a signal does, which might end the tests instead.
        servers[0].handle_exit(signal.SIGINT, None)

    def made(*args: Any) -> Any:
        servers.append(make(*args))
        return servers[0]

    servers: list[Any] = []
    make = serve._server
    monkeypatch.setattr(serve, "_server", made)
    asking = threading.Thread(target=ask_and_stop)
    monkeypatch.setattr("api.commands.serve.say", told.extend)
    monkeypatch.setattr("api.service.app.create_app", partial(create_app, dispatches=False))
    asking.start()
    code = main(["serve", "--host", "localhost", "--port", "0", "--data", str(tmp_path)])
    asking.join()
    assert (code, told[1:]) == (0, ["Stopped."])
    assert answers[0].json() == {"status": "ok"}
    assert "server" not in answers[0].headers
    assert capsys.readouterr() == ("", "")


def test_a_service_that_cannot_start_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(app: FastAPI) -> None:
        raise KeyError("a name")

    monkeypatch.setattr("api.service.app._open", refuse)
    assert main(["serve", "--port", "0", "--data", str(tmp_path)]) == 1
    said, complaints = capsys.readouterr()
    assert said.startswith("Tiimi serves on ")
    assert complaints.endswith("It could not start.\n")
    assert "a name" not in complaints


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.skipif(not has_ipv6(), reason="needs IPv6")
def test_an_address_of_the_new_kind_is_shown_in_brackets(tmp_path: Path) -> None:
    settings = Settings(host="::1", port=0, data=tmp_path)
    with _listening(settings) as (listener, address):
        assert address == f"http://[::1]:{listener.getsockname()[1]}"


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_integrators_page_runs_as_it_is_written(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "fixtures" / "example", tmp_path / "fixtures" / "example")
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) >= 8
    with serving(tmp_path) as served:
        script = "".join(blocks).replace("http://127.0.0.1:8080", served.address)
        assert served.address in script
        run = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=tmp_path,
            env=os.environ | {"PATH": f"{TIIMI.parent}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        assert run.returncode == 0, run.stderr + run.stdout
        assert run.stdout.count('"outcome": "optimal"') == 2
        assert '"first_broken":' in run.stdout
        assert '"answers":' in run.stdout
        assert '"decision":"accept"' in run.stdout
        assert (tmp_path / "proposal.xlsx").read_bytes().startswith(b"PK")
        assert '<html lang="fi">' in (tmp_path / "report.html").read_text("utf-8")
        assert "E6 " in (tmp_path / "E6.html").read_text("utf-8")
        for name, basis in (("risk", "proposal"), ("today", "today")):
            assert json.loads((tmp_path / f"{name}.json").read_bytes())["basis"] == basis
        assert served.stop(signal.SIGINT)[0] == 0
