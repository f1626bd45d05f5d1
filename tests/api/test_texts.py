"""The catalogue has every text that is asked for, and no other."""

import re
from pathlib import Path

import pytest

from api.texts import CATALOGUES, LANGUAGES, Texts, plain
from api.texts_english import ENGLISH

API = Path(__file__).resolve().parent.parent.parent / "api"
SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted(API.rglob("*.py"))
    if not path.name.startswith("texts_")
)
LITERALS = set(re.findall(r"""["']([a-z_]+\.[a-z0-9_.]+)["']""", SOURCE))
BEGINNINGS = set(re.findall(r"""f["']([a-z_]+)\.\{""", SOURCE))
WORDS = set(re.findall(r"""["']([a-z_]+)["']""", SOURCE))


def test_no_text_is_there_for_nobody() -> None:
    unused = [
        key
        for key in ENGLISH
        if key not in LITERALS | WORDS and key.partition(".")[0] not in BEGINNINGS
    ]
    columns = [key for key in ENGLISH if key.partition(".")[0] == "column"]
    unused += [key for key in columns if key.partition(".")[2] not in WORDS]
    assert unused == []


def test_no_text_is_missing() -> None:
    beginnings = {key.partition(".")[0] for key in ENGLISH}
    asked = {key for key in LITERALS if key.partition(".")[0] in beginnings}
    assert sorted(asked - ENGLISH.keys() - {"organisation.json", "policy.toml"}) == []


def test_every_language_has_the_same_keys() -> None:
    assert [CATALOGUES[language].keys() ^ ENGLISH.keys() for language in LANGUAGES] == [set()]


@pytest.mark.parametrize(("number", "text"), [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_counts(number: int, text: str) -> None:
    assert Texts().count("day", number) == text


def test_grades_have_words_where_the_scale_is_the_one_asked() -> None:
    texts = Texts()
    asked = {0: 3, 1: 1, 2: 0}
    assert texts.grade(2, asked) == "very interested"
    assert texts.grade(None, asked) == "not asked"
    assert texts.grade(2, {2: 0, 5: 1}) == "grade 2"


def test_plain_is_one_line() -> None:
    assert plain("a\n\x1b[31mb\u2028ÄÖ 😀") == "a��[31mb�ÄÖ 😀"
