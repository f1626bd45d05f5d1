"""The catalogues have every text that is asked for, and no other."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from api.texts import LANGUAGES, Texts, plain

API = Path(__file__).resolve().parent.parent.parent / "api"
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(API.rglob("*.py")))
LITERALS = set(re.findall(r"""["']([a-z_]+\.[a-z0-9_.]+)["']""", SOURCE))
BEGINNINGS = set(re.findall(r"""f["']([a-z_]+)\.\{""", SOURCE))
WORDS = set(re.findall(r"""["']([a-z_]+)["']""", SOURCE))
FILES = {"organisation.json", "policy.toml"}


def catalogue(language: str) -> Catalog:
    with (API / "locale" / f"{language}.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def forms(language: str) -> dict[str, tuple[str, ...]]:
    """The texts by key; one that counts has a form for one and a form for many."""
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (message.string,)
        if isinstance(message.string, str)
        else tuple(message.string)
        for message in catalogue(language)
        if message.id
    }


ENGLISH = forms("en")


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
    assert sorted(asked - ENGLISH.keys() - FILES) == []
    counted = set(re.findall(r"""\.count\(\s*["']([a-z_]+)["']""", SOURCE))
    assert sorted(f"count.{noun}" for noun in counted if f"count.{noun}" not in ENGLISH) == []


def test_there_are_no_other_languages() -> None:
    assert sorted(path.stem for path in (API / "locale").iterdir()) == sorted(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_complete(language: str) -> None:
    found = forms(language)
    assert list(found) == list(ENGLISH)
    assert [key for key, texts in found.items() if not all(texts)] == []
    assert [key for key, texts in found.items() if len(texts) != len(ENGLISH[key])] == []
    assert [message.id for message in catalogue(language) if message.id and message.fuzzy] == []
    assert str(catalogue(language).locale) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice(language: str) -> None:
    text = (API / "locale" / f"{language}.po").read_text(encoding="utf-8")
    assert len(re.findall("^msgid ", text, re.MULTILINE)) == len(forms(language)) + 1  # the head


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_puts_in_the_same_values(language: str) -> None:
    def values(texts: tuple[str, ...]) -> list[list[str]]:
        return [sorted(set(re.findall(r"\{(\w+)\}", text))) for text in texts]

    found = forms(language)
    assert [key for key in ENGLISH if values(found[key]) != values(ENGLISH[key])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_is_not_there_is_loud(language: str) -> None:
    texts = Texts(language)
    with pytest.raises(KeyError, match=r"status\.splendid"):
        texts("status.splendid")
    with pytest.raises(KeyError, match=r"count\.elephant"):
        texts.count("elephant", 2)


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
