"""The catalogues have every text that is asked for, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from api.texts import LANGUAGES, Texts, plain
from api.workbook_sheets import GAPS, GOALS, PEOPLE, SUBSTITUTES, TASKS, TEAMS
from models import Policy

API = Path(__file__).resolve().parent.parent.parent / "api"
SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (*sorted(API.rglob("*.py")), *sorted(API.rglob("*.html")))
)
LITERALS = set(re.findall(r"""["']([a-z_]+\.[a-z0-9_.]+)["']""", SOURCE))
BEGINNINGS = set(re.findall(r"""f["']([a-z_]+)\.\{""", SOURCE))
WORDS = set(re.findall(r"""["']([a-z_]+)["']""", SOURCE))
FILES = (".json", ".toml", ".xlsx", ".html")
SAID = {"odd", "broken"}
"""What the models say: their sentences are known by their English words."""

VARIED = {
    "No {} {} is planned for.": ("employee", "team", "task"),
    "The rule {} {}, not in service or left out in the horizon.": (
        "does not apply: it names",
        "does not apply to",
    ),
}
"""Sentences of the models with words in them that vary."""

READ = ("summary", "people", "teams", "tasks", "gaps", "substitutes", "goals")
"""Sheets of a proposal's workbook."""

SAME = {
    "fi": {"report.quarter", "book.footer", "person.leaves", "section.team"},
    "sv": {"book.footer", "person.leaves", "section.team"}
    | {"book.status", "column.status", "column.team"},
}
"""Texts that are the same as in English."""


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
        if key not in LITERALS | WORDS and key.partition(".")[0] not in BEGINNINGS | SAID
    ]
    columns = [key for key in ENGLISH if key.partition(".")[0] == "column"]
    unused += [key for key in columns if key.partition(".")[2] not in WORDS and key not in LITERALS]
    assert unused == []


def test_no_text_is_missing() -> None:
    beginnings = {key.partition(".")[0] for key in ENGLISH}
    asked = {key for key in LITERALS if key.partition(".")[0] in beginnings}
    assert sorted(key for key in asked - ENGLISH.keys() if not key.endswith(FILES)) == []
    counted = set(re.findall(r"""\.count\(\s*["']([a-z_]+)["']""", SOURCE))
    assert sorted(f"count.{noun}" for noun in counted if f"count.{noun}" not in ENGLISH) == []


def sentences_of_the_models() -> Iterator[str]:
    """What they say of an input that is odd and of rules that are broken, with {} for values."""
    for path in sorted((API.parent / "models").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                by_name = {keyword.arg: keyword.value for keyword in node.keywords}
                if name == "Warn":
                    yield from filled(by_name["message"])
                elif name in ("Violation", "_odd"):
                    yield from filled(by_name.get("message") or node.args[1])


def filled(text: ast.expr) -> Iterator[str]:
    if not isinstance(text, ast.Constant | ast.JoinedStr):  # handed on from another call
        return
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    template = "".join(
        str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts
    )
    yield from (template.replace("{}", word, 1) for word in VARIED.get(template, ("{}",)))


def test_every_sentence_of_the_models_is_known() -> None:
    known = {
        re.sub(r"\{\w+\}", "{}", texts[0])
        for key, texts in ENGLISH.items()
        if key.partition(".")[0] in SAID
    }
    assert known ^ set(sentences_of_the_models()) == set()


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


@pytest.mark.parametrize("language", SAME)
def test_no_english_is_left(language: str) -> None:
    found = forms(language)
    assert {key for key in ENGLISH if found[key] == ENGLISH[key]} == SAME[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_of_a_sheet_differ(language: str) -> None:
    """They are read back by what they say."""
    texts = Texts(language)
    for columns in (PEOPLE, TEAMS, TASKS, GAPS, SUBSTITUTES, GOALS):
        headers = [texts(f"column.{column.key}").casefold() for column in columns]
        assert len(set(headers)) == len(headers)
    read = [texts(f"sheet.{key}") for key in READ]
    assert len({title.casefold() for title in read}) == len(read)
    titles = [texts(key) for key in ENGLISH if key.startswith("sheet.")]
    assert [title for title in titles if len(title) > 31 or re.search(r"[\[\]:*?/\\]", title)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_is_not_there_is_loud(language: str) -> None:
    texts = Texts(language)
    with pytest.raises(KeyError, match=r"status\.splendid"):
        texts("status.splendid")
    with pytest.raises(KeyError, match=r"count\.elephant"):
        texts.count("elephant", 2)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["0 days", "1 day", "2 days", "21 days"]),
        ("fi", ["0 päivää", "1 päivä", "2 päivää", "21 päivää"]),
        ("sv", ["0 dagar", "1 dag", "2 dagar", "21 dagar"]),
    ],
)
def test_counts(language: str, texts: list[str]) -> None:
    assert [Texts(language).count("day", n) for n in (0, 1, 2, 21)] == texts


def test_levels_of_the_default_policy_have_names() -> None:
    names = [level.name for level in Policy().levels]
    assert [Texts().level(name) for name in names] == names
    assert all(Texts("fi").level(name) != name for name in [*names, "keep"])
    assert Texts("fi").level("Omat") == "Omat"


def test_sentences_of_the_models() -> None:
    texts = Texts("fi")
    assert texts.odd("E1 is not eligible for t 2.") == "Henkilö E1 ei voi olla tiimissä t 2."
    assert texts.broken("t1 has 2 leaders, not 1.") == (
        "Tiimi t1: tiiminvetäjiä 2, pitäisi olla 1."
    )
    assert texts.odd("Something else.") == "Something else."
    assert Texts().odd("E1 is not eligible for t2.") == "E1 is not eligible for t2."


def test_grades_have_words_where_the_scale_is_the_one_asked() -> None:
    texts = Texts()
    asked = {0: 3, 1: 1, 2: 0}
    assert texts.grade(2, asked) == "very interested"
    assert texts.grade(None, asked) == "not asked"
    assert texts.grade(2, {2: 0, 5: 1}) == "grade 2"


def test_plain_is_one_line() -> None:
    assert plain("a\n\x1b[31mb\u2028ÄÖ 😀") == "a��[31mb�ÄÖ 😀"


def test_the_program_is_not_taken_for_a_team() -> None:
    """In Finnish its name is the word for a team: "Tiimin ehdotus" is what a team proposes."""
    for key in ("report.made_by", "report.people_decide"):
        said = Texts("fi")(key, day="2026-11-24").lower()
        assert "tiimi" not in said.replace("tiimi-ohjelma", "")
