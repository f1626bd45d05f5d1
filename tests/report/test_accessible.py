"""Every page passes an automated check of WCAG 2.1 AA in a browser, in all languages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.base import BaseFolder
from api.report import sheet_html
from api.texts import LANGUAGES

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
OPEN_ALL = "document.querySelectorAll('details').forEach(d => { d.open = true; })"


def violations(browser: Any, html: str, tmp_path: Path) -> list[tuple[str, str]]:
    """What is wrong with a page: (rule, element)."""
    from axe_playwright_python.sync_playwright import Axe

    file = tmp_path / "page.html"
    file.write_text(html, encoding="utf-8")
    # The page forbids scripts, which the check is.
    context = browser.new_context(bypass_csp=True, viewport={"width": 1200, "height": 900})
    try:
        opened = context.new_page()
        opened.goto(file.as_uri())
        opened.evaluate(OPEN_ALL)
        answer = Axe().run(opened, options={"runOnly": RULES, "resultTypes": ["violations"]})
        assert len(answer.response["passes"]) > 10
        return [(v["id"], n["html"]) for v in answer.response["violations"] for n in v["nodes"]]
    finally:
        context.close()


@pytest.mark.parametrize(("name", "language"), [("awkward", "sv"), ("what_if", "en")])
def test_a_report(
    name: str, language: str, browser: Any, html: Callable[[str, str], str], tmp_path: Path
) -> None:
    assert violations(browser, html(name, language), tmp_path) == []


def test_a_report_of_many_people(
    browser: Any, html: Callable[[str, str], str], tmp_path: Path
) -> None:
    assert violations(browser, html("city", "fi"), tmp_path) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_person(
    language: str, browser: Any, base: Callable[[str], BaseFolder], tmp_path: Path
) -> None:
    assert violations(browser, sheet_html(base("office"), "E4", language), tmp_path) == []


@pytest.mark.parametrize("width", [320, 1200])
@pytest.mark.parametrize("name", ["city", "awkward"])
def test_no_page_is_wider_than_its_window(
    name: str, width: int, browser: Any, html: Callable[[str, str], str], tmp_path: Path
) -> None:
    """What is wide, scrolls by itself."""
    file = tmp_path / "page.html"
    file.write_text(html(name, "fi"), encoding="utf-8")
    opened = browser.new_page(viewport={"width": width, "height": 900})
    try:
        opened.goto(file.as_uri())
        opened.evaluate(OPEN_ALL)
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
    finally:
        opened.close()


def test_all_is_reached_with_the_keyboard(
    browser: Any, html: Callable[[str, str], str], tmp_path: Path
) -> None:
    """The first key leads to the content; then links, tables that scroll and what is folded."""
    file = tmp_path / "page.html"
    file.write_text(html("city", "en"), encoding="utf-8")
    opened = browser.new_page()
    try:
        opened.goto(file.as_uri())
        opened.keyboard.press("Tab")
        assert opened.evaluate("document.activeElement.className") == "skip"
        opened.keyboard.press("Enter")
        assert opened.evaluate("document.activeElement.id") == "content"
        opened.evaluate("document.querySelector('#timeline summary').focus()")
        opened.keyboard.press("Enter")
        assert opened.evaluate("document.querySelector('#timeline details').open") is True
    finally:
        opened.close()
