"""The operator's page is so: its settings are the code's, its commands run."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.service import safe_json
from api.service.retention import DAYS_OF_RECORD
from api.service.settings import Settings
from models.tables import limits
from tests.service.postgres import Cluster, free_port
from tests.service.web.conftest import serving

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
TIIMI = Path(sys.executable).with_name("tiimi")
LONGEST = 600
"""Seconds after which something hangs."""

FUNCTIONS = """
trap 'kill -9 $(jobs -p) 2> /dev/null' EXIT
unset server

tiimi() {
    if [ "$1" = serve ]; then
        systemctl stop tiimi
        command tiimi serve >> served 2>&1 &
        server=$!
        until curl -fsS -o ready "$HERE/ready" 2>> served; do
            kill -0 $server
            sleep 0.2
        done
    else
        command tiimi "$@"
    fi
}

systemctl() {
    case "$1" in
        stop) if [ -n "${server-}" ]; then kill $server; wait $server; unset server; fi ;;
        start) tiimi serve ;;
    esac
}

dask() {
    command dask "$@" >> "dask-$1" 2>&1 &
}

sudo() {
    [ "$1 $2" = "-u postgres" ]
    shift 2
    "$@"
}

solves() {
    [ -f mine ] || printf 'header = "Authorization: Bearer %s"\\n' \\
        "$(tiimi token create --owner jamsa --role admin --name test)" > mine
    local id
    id=$(store | field id)
    id=$(ask /v1/proposals --json "{\\"organisation\\": \\"$id\\"}" | field id)
    ask "/v1/proposals/$id/events" -N > events
    printf '\\nsolved: %s\\n' "$(ask "/v1/proposals/$id" | field outcome)"
}

store() {
    ask /v1/demo-data --json '{"name": "example"}'
}

stored() {
    printf '\\nstored: %s\\n' "$(ask /v1/organisations | grep -o '"people":' | wc -l)"
}

ask() {
    local path=$1
    shift
    curl -K mine -sS --fail-with-body "$@" "$HERE$path"
}

field() {
    python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}
"""
"""What stands for terminals and system services: what the page starts runs beside its commands."""


def section(heading: str) -> str:
    """The text below a heading of the page."""
    return PAGE.split(f"\n## {heading}\n")[1].partition("\n## ")[0]


def blocks(heading: str, language: str = "bash") -> list[str]:
    """The commands below a heading."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", section(heading), re.MULTILINE | re.DOTALL)
    assert found, heading
    return found


def rows(heading: str) -> list[list[str]]:
    """The rows of the table below a heading."""
    lines = [line for line in section(heading).splitlines() if line.startswith("|")]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_settings_are_those_of_the_code_in_its_order() -> None:
    listed = [(name, default, bool(meaning)) for name, default, meaning in rows("Settings")]
    assert listed == [
        (f"TIIMI_{name.upper()}", written(field.default), True)
        for name, field in Settings.model_fields.items()
    ]


def written(default: Any) -> str:
    """A default as it would be set in the environment."""
    match default:
        case float():
            return f"{default:g}"
        case tuple():
            return str(list(default))
        case _:
            return str(default)


def test_every_setting_can_be_set_as_the_page_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, default, _ in rows("Settings"):
        monkeypatch.setenv(name, default)
    assert Settings() == Settings.model_construct()
    monkeypatch.setenv("TIIMI_ORIGINS", '["https://plan.example"]')
    assert '`["https://plan.example"]`' in section("Settings")
    assert Settings().origins == ("https://plan.example",)


def test_every_algorithm_listed_is_taken() -> None:
    ((*_, meaning),) = [row for row in rows("Settings") if row[0] == "TIIMI_JWT_ALGORITHM"]
    named = re.findall(r"`?([A-Z][A-Za-z]+\d*)\b", meaning.partition(":")[2])
    assert len(named) == 7
    for algorithm in named:
        assert Settings(jwt_algorithm=algorithm).jwt_algorithm == algorithm


def test_fixed_limits_are_those_of_the_code() -> None:
    told = section("Limits")
    assert f"{safe_json.MOST_DEPTH} levels deep, {safe_json.MOST_VALUES:,} values" in told
    assert f"numbers of {safe_json.MOST_DIGITS} digits" in told
    assert f"{limits.MOST_BYTES // 10**6} MB, and {limits.MOST_UNZIPPED // 10**6} MB" in told
    assert f"within {DAYS_OF_RECORD} days" in section("Retention and erasure")


def test_alerts_are_about_numbers_there_are(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path / 'tiimi.db'}") as web:
        city = web.city()
        city.get("/v1/policy")
        text = city.get("/metrics").text
    families = text_string_to_metric_families(text)
    there = {sample.name for family in families for sample in family.samples}
    (rules,) = blocks("Health and metrics", "yaml")
    expressions = re.findall(r"^ +expr: (.+)$", rules, re.MULTILINE)
    assert len(expressions) == rules.count("- alert: ") > 3
    named = {name for one in expressions for name in re.findall(r"\btiimi_\w+", one)}
    assert named == {"tiimi_requests_total", "tiimi_jobs"}
    assert named <= there


def run(folder: Path, script: str, environment: Mapping[str, str]) -> list[str]:
    """Run commands as they are written, on a port of our own; the lines they told us."""
    port = str(free_port())
    known = {
        "HERE": f"http://127.0.0.1:{port}",
        "TIIMI_PORT": port,
        "PATH": f"{TIIMI.parent}{os.pathsep}{environment.get('PATH', os.environ['PATH'])}",
    }
    script = script.replace("http://127.0.0.1:8080", known["HERE"])
    process = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", FUNCTIONS + script],
        cwd=folder,
        env=os.environ | dict(environment) | known,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        said, complaints = process.communicate(timeout=LONGEST)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    assert process.returncode == 0, said + complaints + told(folder)
    return [line for line in said.splitlines() if line.startswith(("solved: ", "stored: "))]


def told(folder: Path) -> str:
    """What was started said."""
    return "".join(path.read_text() for path in sorted(folder.glob("[ds][ae][sr][kv]*")))


needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


@needs_curl
def test_the_commands_run_on_one_machine(tmp_path: Path) -> None:
    """Started, backed up, put back, its audit exported."""
    backup, restore, *_ = blocks("Backup and restore")
    script = [
        *blocks("Start"),
        *("solves\n", "stored\n"),
        *blocks("Tokens and OpenID"),
        *(backup, "store\n", "stored\n", restore, "stored\n"),
        *blocks("Audit"),
    ]
    assert run(tmp_path, "".join(script), {}) == [
        *("solved: optimal", "stored: 1", "stored: 2", "stored: 1"),
    ]
    entries = (tmp_path / "audit.jsonl").read_text().splitlines()
    assert len(set(entries)) == len(entries) >= 4
    for secret in ("auth", "backup.db", "tiimi-data/tiimi.db"):
        assert (tmp_path / secret).stat().st_mode & 0o077 == 0, secret


@needs_curl
@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_the_commands_run_on_postgresql_and_more_machines(
    tmp_path: Path, own_postgres: Cluster
) -> None:
    """Made, backed up, put back; solved by workers of a scheduler that speaks TLS."""
    *_, backup, restore = blocks("Backup and restore")
    script = [
        *blocks("PostgreSQL"),
        *("solves\n", backup, "store\n", "stored\n", restore, "stored\n"),
        *blocks("More machines"),
        "solves\n",
        *blocks("Retention and erasure"),
        "stored\n",
    ]
    script_here = (
        "".join(script)
        .replace(":5432/", f":{own_postgres.port}/")
        .replace("8786", str(free_port()))
    )
    assert run(tmp_path, script_here, own_postgres.environment) == [
        *("solved: optimal", "stored: 2", "stored: 1"),
        *("solved: optimal", "stored: 2"),
    ]
    for secret in ("tiimi.env", "engine.key", "backup.dump"):
        assert (tmp_path / secret).stat().st_mode & 0o077 == 0, secret
