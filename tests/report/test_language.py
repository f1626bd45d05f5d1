"""Nothing is left in English in a Finnish or Swedish page, and numbers are the language's."""

from collections.abc import Callable

import pytest

from api.base import BaseFolder
from api.report import report_html, sheet_html
from api.report.words import Words
from models import Policy
from tests.api.office import DATA, office
from tests.api.test_languages import OTHERS, english, odd_proposal, words
from tests.report.dom import Node, parsed

SAME = words("pydantic ortools python solver tiimi warn sha utc") | words(Policy.model_fields)


def said(page: str) -> set[str]:
    return words(parsed(page).text)


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (8, 9, "89%"),
        (5, 8, "63%"),
        (0, 3, "0%"),
        (3, 3, "100%"),
        (999, 1000, "99%"),
        (1, 999, "1%"),
    ],
)
def test_a_share_is_rounded_but_never_to_all_or_nothing(part: int, whole: int, shown: str) -> None:
    assert Words("en", office()).percent(part, whole) == shown


@pytest.mark.parametrize("language", OTHERS)
def test_a_report_has_no_english(language: str) -> None:
    policy = Policy()
    base = BaseFolder(office(), policy, odd_proposal(office(), policy), policy, {})
    found = said(report_html(base, language))
    assert len(found) > 400
    assert found & (english(language) - SAME) == set()


@pytest.mark.parametrize("language", OTHERS)
def test_what_a_what_if_changes_has_no_english(
    language: str, page: Callable[[str, str], Node], base: Callable[[str], BaseFolder]
) -> None:
    named = words(base("what_if").organisation.to_dict())
    found = words(page("what_if", language).text)
    assert found & (english(language) - SAME - named) == set()


@pytest.mark.parametrize("language", OTHERS)
def test_a_page_of_a_person_has_no_english(
    language: str, base: Callable[[str], BaseFolder]
) -> None:
    for person in DATA["employees"]:
        found = said(sheet_html(base("office"), person["id"], language))
        assert found & english(language) == set()


@pytest.mark.parametrize(
    ("language", "period", "mean", "share"),
    [
        ("en", "Q3 2018", "8.2", "100%"),
        ("fi", "Q3 2018", "8,2", "100 %"),
        ("sv", "kv 3 2018", "8,2", "100 %"),
    ],
)
def test_numbers_and_periods_are_those_of_the_language(
    language: str, period: str, mean: str, share: str, page: Callable[[str, str], Node]
) -> None:
    found = page("office", language)
    assert found.one("html").attributes["lang"] == language
    assert found.one("table", id="counts-table").rows()[0][0] == period
    assert mean in found.one(id="network").text  # of the four fits
    assert share in found.one("table", id="sectors-table").text


@pytest.mark.parametrize(
    ("language", "thousands"), [("en", "36,193"), ("fi", "36 193"), ("sv", "36 193")]
)
def test_large_numbers_are_grouped(language: str, thousands: str) -> None:
    number, small = map(Words(language, office()).number, (36_193, 1126))
    assert number.replace("\N{NO-BREAK SPACE}", " ") == thousands
    # Four digits like more: one page has both.
    assert small == number.replace("36", "1").replace("193", "126")
    assert Words(language, office()).signed(-12) == "−12"
    assert Words(language, office()).signed(0) == ""
