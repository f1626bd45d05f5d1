"""The report as the service sends it, in a browser that obeys what comes with it."""

from pathlib import Path
from typing import Any

from tests.service.web.conftest import serving

FORBIDDEN = """
    document.body.insertAdjacentHTML(
        "beforeend", '<img src="/x.png" onerror="window.ran = 1"><form action="/x"></form>')
    document.body.appendChild(document.createElement("script")).textContent = "window.ran = 1"
    document.forms[0].submit()
"""


def test_the_page_is_shown_as_it_is_under_its_policy(browser: Any, tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path / 'tiimi.db'}") as web:
        city = web.city()
        served = city.get(f"/v1/proposals/{city.proposal()}/report?language=fi")
    asked: list[str] = []
    complaints: list[str] = []

    def answered(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(status=200, headers=dict(served.headers), body=served.content)

    context = browser.new_context()
    try:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.route("**/*", answered)
        page.goto("https://tiimi.test/report")
        assert (complaints, asked) == ([], ["https://tiimi.test/report"])
        # The style counts: headings are in the accent, pictures have colours of their own.
        heading = page.locator("h2").first
        assert heading.evaluate("e => getComputedStyle(e).color") == "rgb(31, 86, 115)"
        shape = page.locator("figure svg path[style*='fill: #']").first
        assert shape.evaluate("e => getComputedStyle(e).fill") != "rgb(0, 0, 0)"
        page.locator("nav a").nth(2).click()
        assert page.url.startswith("https://tiimi.test/report#")
        # Whoever put these there: none of them does anything.
        page.evaluate(FORBIDDEN)
        page.wait_for_timeout(200)
        assert page.evaluate("window.ran") is None
        assert asked == ["https://tiimi.test/report"]
        assert page.url.startswith("https://tiimi.test/report#")
    finally:
        context.close()
