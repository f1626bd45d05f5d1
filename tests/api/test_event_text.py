"""Every kind of event has its sentence, in three languages, with names and without."""

from __future__ import annotations

from typing import Any

import pytest

from api.event_text import event_sentence
from api.names import Names
from api.texts import LANGUAGES, Texts
from models.reading import organisation_from, scenario_from
from models.scenario import EVENT_KINDS, Event
from tests.api.telling import NUMBER, oddities_of
from tests.small import on, organisation, person, task, team

Row = dict[str, Any]

PLAIN: list[Row] = [
    {"kind": "leaves", "employee": "a", "date": on(20)},
    {"kind": "stays", "employee": "a"},
    {"kind": "absent", "employee": "a", "start": on(5), "end": on(9)},
    {"kind": "joins", "employee": person("n")},
    {"kind": "learns", "employee": "a", "skill": "s", "level": 3},
    {"kind": "task_starts", "task": {"id": "N", "kind": "ordinary", "skill": "s"}},
    {"kind": "task_ends", "task": "Q", "date": on(20)},
    {"kind": "demand", "team": "A", "from": on(5), "people": 7},
    {"kind": "rule", "rule": {"id": "m", "kind": "pin", "employee": "a", "team": "A"}},
    {"kind": "drop_rule", "id": "r"},
]
"""An event of each kind."""

NAMED: list[Row] = [
    *(row for row in PLAIN if row["kind"] not in ("joins", "task_starts")),
    {"kind": "joins", "employee": person("n", title="the n title")},
    {
        "kind": "task_starts",
        "task": {"id": "N", "kind": "ordinary", "skill": "s", "name": "the N name"},
    },
]

RULES = [{"id": "r", "kind": "forbid", "employee": "b", "team": "B"}]
ORGANISATION = organisation(tasks=[task()], rules=RULES)
WITH_NAMES = ORGANISATION | {
    "employees": [person("a", title="the a title"), person("b")],
    "teams": [team("A") | {"name": "the A name"}, team("B")],
    "skills": [{"id": "s", "name": "the s name"}, {"id": "t"}],
    "tasks": [task() | {"name": "the Q name"}],
}

SAID: dict[str, list[str]] = {
    "leaves": ["a", "2020-01-21"],
    "stays": ["a"],
    "absent": ["a", "2020-01-06", "2020-01-10"],
    "joins": ["n"],
    "learns": ["a", "s", "3"],
    "task_starts": ["N"],
    "task_ends": ["Q", "2020-01-21"],
    "demand": ["A", "7", "2020-01-06"],
    "rule": ["m"],
    "drop_rule": ["r"],
}
"""What a sentence must have."""


def events(rows: list[Row]) -> dict[str, Event]:
    scenario = scenario_from({"effective": on(2), "events": rows})
    return {event.kind: event for event in scenario.events}


def test_no_kind_is_forgotten() -> None:
    assert {*events(PLAIN)} == {*events(NAMED)} == {*EVENT_KINDS} == {*SAID}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_the_sentence_says_all_of_the_event(kind: str, language: str) -> None:
    names = Names(organisation_from(ORGANISATION))
    sentence = event_sentence(events(PLAIN)[kind], names, Texts(language))
    assert sentence.endswith(".")
    assert oddities_of(sentence) == []
    assert [said for said in SAID[kind] if said not in words(sentence)] == []
    assert {*NUMBER.findall(sentence)} == {said for said in SAID[kind] if NUMBER.search(said)}


def words(sentence: str) -> list[str]:
    return [word.strip(".:,()") for word in sentence.split()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_names_are_said_where_there_are_any(kind: str, language: str) -> None:
    names = Names(organisation_from(WITH_NAMES))
    sentence = event_sentence(events(NAMED)[kind], names, Texts(language))
    assert oddities_of(sentence) == []
    expected = {
        "leaves": "a the a title",
        "stays": "a the a title",
        "absent": "a the a title",
        "joins": "n the n title",
        "learns": "the s name",
        "task_starts": "N the N name",
        "task_ends": "Q the Q name",
        "demand": "the A name",
        "rule": "m (pin)",
        "drop_rule": "r",
    }
    assert expected[kind] in sentence


def test_in_english() -> None:
    names = Names(organisation_from(WITH_NAMES))
    assert [event_sentence(e, names, Texts()) for e in events(PLAIN).values()] == [
        "a the a title leaves on 2020-01-21.",
        "a the a title stays.",
        "a the a title is away from 2020-01-06 to 2020-01-10.",
        "n joins.",
        "a the a title has the skill the s name at level 3.",
        "New task: N.",
        "Q the Q name ends on 2020-01-21.",
        "the A name wants 7 people from 2020-01-06 on.",
        "A rule more: m (pin).",
        "The rule r no longer holds.",
    ]


@pytest.mark.parametrize(
    ("language", "one"), [("en", "1 person"), ("fi", "1 henkilö"), ("sv", "1 person")]
)
def test_one_person_is_wanted(language: str, one: str) -> None:
    rows = [row | {"people": 1} for row in PLAIN if row["kind"] == "demand"]
    names = Names(organisation_from(ORGANISATION))
    sentence = event_sentence(events(rows)["demand"], names, Texts(language))
    assert one in sentence
