"""Pages of the report, each made once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from api.base import BaseFolder, read_base
from api.main import main
from api.report import report_html
from tests.report.bases import awkward_base, city_base, crowd_base, office_base
from tests.report.dom import Node, parsed

ROOT = Path(__file__).resolve().parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def what_if_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's proposal after somebody leaves, as `tiimi whatif` writes it."""
    folder = tmp_path_factory.mktemp("example")
    base, after = str(folder / "base"), str(folder / "after")
    example = str(ROOT / "fixtures" / "example")
    assert main(["propose", example, "--out", base, "--workers", "1"]) == 0
    events = ["--effective", "2027-03-01", "--leaves", "E6@2027-06-01", "--stays", "E5"]
    assert main(["whatif", base, *events, "--out", after, "--workers", "1"]) == 0
    return folder / "after"


@pytest.fixture(scope="session")
def base(what_if_folder: Path) -> Callable[[str], BaseFolder]:
    """A proposal by name: `office`, `awkward`, `city`, `crowd` or `what_if`."""
    makers: dict[str, Callable[[], BaseFolder]] = {
        "office": office_base,
        "awkward": awkward_base,
        "city": city_base,
        "crowd": crowd_base,
        "what_if": lambda: read_base(what_if_folder),
    }
    return cache(lambda name: makers[name]())


@pytest.fixture(scope="session")
def html(base: Callable[[str], BaseFolder]) -> Callable[[str, str], str]:
    """The report of one of them in a language."""
    return cache(lambda name, language: report_html(base(name), language))


@pytest.fixture(scope="session")
def page(html: Callable[[str, str], str]) -> Callable[[str, str], Node]:
    """The same as a tree."""
    return cache(lambda name, language="en": parsed(html(name, language)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless browser; CI has one, elsewhere it may be missing.

    Its driver keeps an event loop running in this thread: other modules start their own.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and not os.environ.get("CI"):
        pytest.skip("no browser is installed: sudo apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()
