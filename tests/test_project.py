"""The project's own promises: one version, light models, pins without addresses."""

import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.+!-]*")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def pins() -> list[str]:
    return (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


def distribution_name(requirement: str) -> str:
    """Return the name in a requirement or pin, in the one spelling all others equal."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match is not None, f"no name in {requirement!r}"
    return re.sub(r"[-_.]+", "-", match.group()).lower()


def test_installed_version_is_the_one_in_pyproject(project: dict[str, Any]) -> None:
    assert importlib.metadata.version("tiimi") == project["version"]


@pytest.mark.parametrize("package", ["fastapi", "networkx", "openpyxl", "ortools", "pandas"])
def test_importing_the_models_does_not_load(package: str) -> None:
    script = f"import sys, models; print({package!r} in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout.strip(), run.stderr) == (0, "False", "")


def test_constraints_are_exact_pins_and_nothing_else(pins: list[str]) -> None:
    assert [line for line in pins if not PIN.fullmatch(line)] == []


def test_constraints_are_sorted_and_name_nothing_twice(pins: list[str]) -> None:
    names = [distribution_name(pin) for pin in pins]
    assert names == sorted(set(names))


def test_every_dependency_is_pinned(project: dict[str, Any], pins: list[str]) -> None:
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(name for extra in extras for name in extra)]
    pinned = {distribution_name(pin) for pin in pins}
    assert [name for name in wanted if distribution_name(name) not in pinned] == []
