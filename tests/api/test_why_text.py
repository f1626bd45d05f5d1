"""The sentences of "why not so?": every goal's reason, every change, every verdict, in three
languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from api.conflicts import Explainer
from api.texts import LANGUAGES, Texts
from api.why_text import MOST_REASONS, WhyText, others_moved, relief, why_json
from models.difference import Difference, Moved
from models.facts import Facts
from models.policy import GOAL_NAMES
from models.readiness import Readiness, readiness
from models.reading import organisation_from, policy_from
from optimizer.changes import Change
from optimizer.propose import solve
from optimizer.reasons import About, Reason
from optimizer.solved import Solved
from optimizer.why import LevelChange, Why, Wish, forced
from tests.api.telling import numbers_held, numbers_said, oddities_of
from tests.organisations import random_organisation
from tests.small import able, leaving, organisation, person, task, team
from tests.wishes import asked, base_of, limits, random_wishes

SEEDS = {
    "authority_gap": 20,
    "task_gap": 18,
    "backup_shortage": 1,
    "skill_shortage": 5,
    "size_shortage": 3,
    "no_substitute": 1,
    "substitute_away": 1,
    "interest": 1,
    "lead_fit": 2,
    "substitute_fit": 1,
    "colleague_wishes": 2,
    "site_change": 16,
    "handovers": 19,
    "lead_changes": 11,
    "team_changes": 3,
    "substitute_changes": 1,
    "one_way_substitutes": 3,
    "succession_changes": 8,
}
"""A random organisation for each goal in which some wish costs something of it, and of it alone."""

FULL = {
    "teams": [team("A", size={"min": 0, "max": 3}), team("B")],
    "rules": [{"id": f"r{e}", "kind": "pin", "employee": e, "team": "A"} for e in ("a", "b")],
}
"""A takes one more beside a and b."""

CROWDS: dict[str, dict[str, Any]] = {
    # With c three of three in A are of x: 300 − 60 · 3 = 120, one whole person above 60 %.
    "sector_concentration": FULL
    | {"employees": [*(person(e, sector="x") for e in "abc"), person("d", sector="y")]},
    # With c three of three in A leave, of six half do: 300 − (50 + 10) · 3 = 120.
    "departure_concentration": FULL
    | {"employees": [*(person(e, leaves=leaving(9)) for e in "abc"), *map(person, "def")]},
}


def named(data: dict[str, Any]) -> dict[str, Any]:
    """The same with a title for everybody, and names for everything."""
    words = {"employees": "title", "teams": "name", "tasks": "name", "skills": "name"}
    return data | {
        table: [row | {word: f"the {row['id']} {word}"} for row in data.get(table, [])]
        for table, word in words.items()
    }


@cache
def case(goal: str, has_names: bool) -> tuple[Facts, Reason]:
    """A reason of a goal, under a policy that has no other."""
    policy = policy_from({"levels": [{"name": "only", "goals": {goal: 1}}]})
    data = organisation(**CROWDS[goal]) if goal in CROWDS else random_data(goal)
    held = {"Q1": frozenset({"E1"})} if goal == "succession_changes" else {}
    facts = Facts(organisation_from(named(data) if has_names else data, policy), policy, held)
    base = Solved(facts.organisation, policy, solve(facts, limits()), held)
    wishes = [Wish("team", "c", "A")] if goal in CROWDS else random_wishes(SEEDS[goal], facts)
    for wish in wishes:
        for reason in forced(base, wish, limits()).reasons:
            if reason.weighted > 0:
                return facts, reason
    raise AssertionError(f"no wish costs anything of {goal}")


def random_data(goal: str) -> dict[str, Any]:
    return random_organisation(SEEDS[goal], people=4, tasks=2)


def text_of(facts: Facts, language: str) -> WhyText:
    texts = Texts(language)
    return WhyText(facts, Explainer(facts.organisation, facts.policy, texts), texts)


def test_every_goal_has_a_case() -> None:
    assert {*SEEDS, *CROWDS} == set(GOAL_NAMES)


@pytest.mark.parametrize("has_names", [True, False], ids=["with names", "with ids alone"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("goal", GOAL_NAMES)
def test_the_reason_of_every_goal_is_a_whole_sentence(
    goal: str, language: str, has_names: bool
) -> None:
    facts, reason = case(goal, has_names)
    assert reason.goal == goal
    text = text_of(facts, language)
    sentence = text.reason(reason)
    assert oddities_of(sentence) == []
    assert sentence.endswith(".")
    about = reason.about
    names = text.names
    for name in (
        *map(names.person, about.employees),
        *([names.team(about.team)] if about.team else []),
        *([names.task(about.task)] if about.task else []),
        *([names.skill(about.skill)] if about.skill else []),
        *([about.sector] if about.sector else []),
    ):
        assert name in sentence
    said = numbers_said(sentence, facts.organisation)
    held = numbers_held(why_json(replace(NOTHING, reasons=(reason,)))["reasons"])
    assert said - held == set()


NOTHING = Why(Wish("team", "a", "A"), "optimal")


@pytest.mark.parametrize("goal", [g for g in GOAL_NAMES if g.endswith(("_gap", "_shortage"))])
def test_what_is_about_days_says_from_when(goal: str) -> None:
    facts, reason = case(goal, False)
    assert reason.first_day is not None
    for language in LANGUAGES:
        assert reason.first_day.isoformat() in text_of(facts, language).reason(reason)


# Whole answers


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", range(24))
def test_no_answer_says_what_its_json_does_not(seed: int, language: str) -> None:
    facts = base_of(seed).facts
    text = text_of(facts, language)
    explainer = Explainer(facts.organisation, facts.policy, Texts(language))
    for _, answer, _ in asked(seed):
        lines = list(text.lines(answer))
        sentences, _ = parted(lines, Texts(language)("why.levels"))
        assert oddities_of("\n".join(line.strip() for line in sentences)) == []
        held = numbers_held(why_json(answer))
        held |= numbers_held([explainer.numbers(name) for name in answer.conflicts])
        assert numbers_said("\n".join(lines), facts.organisation) - held == set()
        assert text.short_verdict(answer).strip()
        assert len(sentences) >= 2


def parted(lines: list[str], heading: str) -> tuple[list[str], list[str]]:
    """The sentences, and the table after them."""
    at = lines.index(heading) if heading in lines else len(lines)
    return lines[:at], lines[at:]


@pytest.mark.parametrize(
    ("goal", "change", "said"),
    [
        ("size_shortage", -90, "(-90 henkilöpäivää)"),
        ("task_gap", -1, "(-1 päivä)"),
        ("lead_fit", -1, "(-1 piste)"),
        ("team_changes", -2, "(-2)"),
    ],
)
def test_what_is_better_has_its_unit(goal: str, change: int, said: str) -> None:
    reasons = (Reason(goal, about("E1"), -change, 0, 3 * change),)
    line = " ".join(" ".join(text_of(base_of(0).facts, "fi")._reasons(reasons)).split())
    assert line.endswith(f"{said}.")


def test_what_a_leader_costs_has_its_unit() -> None:
    text = text_of(base_of(0).facts, "fi")
    assert text.reason(Reason("lead_fit", about("E1"), 0, 5, 5)) == (
        "E1 vetäjänä: 5 pistettä enemmän haittaa."
    )


def test_an_answer_with_one_reason_more_than_are_told() -> None:
    """Of seven reasons six are told in full; what got better is told by goal."""
    facts = base_of(0).facts
    reasons = (
        *(Reason("team_changes", about(f"E{i}"), 0, 1, 3) for i in (1, 2, 3, 4, 1, 2, 3)),
        Reason("interest", about("E1"), 3, 1, -6),
        Reason("interest", about("E2"), 1, 0, -3),
    )
    answer = replace(NOTHING, reasons=reasons)
    lines = list(text_of(facts, "en")._reasons(reasons))
    assert lines[:2] == ["", "Because:"]
    assert lines[2:-2] == [f"  - E{i} would leave their team." for i in (1, 2, 3, 4, 1, 2)]
    assert lines[-2:] == [
        "  - and 1 smaller reason",
        "  - Better in exchange: price of people's interest in the team they got (-3 points).",
    ]
    assert len(lines[2:-2]) == MOST_REASONS
    assert relief(reasons) == {"interest": -3}
    held = why_json(answer)
    assert (held["smaller_reasons"], held["relief"]) == (1, {"interest": -3})
    assert [row["change"] for row in held["reasons"]] == [1] * 7 + [-2, -1]


def about(*employees: str) -> About:
    return About(employees, None, None, None, None)


def test_the_one_who_wishes_is_not_among_the_others_moved() -> None:
    moved = tuple(Moved(employee=e, before="A", after="B") for e in ("a", "b", "c"))
    answer = replace(NOTHING, difference=Difference(moved=moved))
    assert others_moved(answer) == 2
    assert others_moved(replace(answer, wish=Wish("team", "d", "B"))) == 3
    assert others_moved(NOTHING) is None


CHANGES = [
    Change("size_max", "A"),
    Change("size_min", "A"),
    Change("eligible", "A", "a"),
    Change("drop_rule", "ra", price=2),
    Change("qualify", "Q", "a"),
]


@pytest.mark.parametrize("has_names", [True, False], ids=["with names", "with ids alone"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.kind)
def test_every_change_is_a_whole_sentence(change: Change, language: str, has_names: bool) -> None:
    data = organisation(**FULL, tasks=[task()])
    facts = Facts(organisation_from(named(data) if has_names else data), policy_from({}))
    text = text_of(facts, language)
    empty, sentence = text._cure(replace(NOTHING, cure=change, tried=1))
    assert empty == ""
    assert oddities_of(sentence) == []
    names = text.names
    of = {"qualify": names.task, "drop_rule": str}.get(change.kind, names.team)
    assert of(change.of) in sentence
    if change.employee:
        assert names.person(change.employee) in sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_became_of_the_search_for_a_change(language: str) -> None:
    text, texts = text_of(base_of(0).facts, language), Texts(language)

    def said(**fields: Any) -> list[str]:
        return list(text._cure(replace(NOTHING, **fields)))

    assert said() == []
    assert said(holds=True) == []
    assert said(no_cure=True) == ["", texts("why.no_change")]
    one = texts.count("change", 1)
    assert one in " ".join(said(no_cure=True, tried=1))
    assert texts.count("change", 7) in " ".join(said(tried=7))
    assert said(no_cure=True, tried=1) != said(tried=1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["team", "holder", "substitute", "leader"])
def test_every_wish_is_a_question(kind: Any, language: str) -> None:
    data = organisation(tasks=[task("A")])
    text = text_of(Facts(organisation_from(data), policy_from({})), language)
    question = text.question(Wish(kind, "a", "b" if kind == "substitute" else "A"))
    assert question.endswith("?")
    assert oddities_of(question) == []
    assert numbers_said(question, text.facts.organisation) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_verdicts_differ(language: str) -> None:
    text, texts = text_of(base_of(0).facts, language), Texts(language)
    worse = LevelChange("people", 3, 9, True)
    same = LevelChange("people", 3, 3, True)
    answers = [
        replace(NOTHING, holds=True, levels=(same,)),
        replace(NOTHING, status="infeasible", conflicts=("r1", "wish")),
        replace(NOTHING, status="infeasible", conflicts=("wish",)),
        replace(NOTHING, status="unknown"),
        replace(NOTHING, levels=(same,)),
        replace(NOTHING, levels=(worse,), first_worse=worse),
    ]
    short = [text.short_verdict(answer) for answer in answers]
    assert len(set(short)) == len(short)
    assert oddities_of("\n".join(short)) == []
    assert short[1].endswith("r1")
    assert short[2].endswith(texts("why.itself"))
    assert short[5] == f"{texts.level('people')} +6"
    long = [text.verdict(answer) for answer in answers]
    assert len(set(long)) == len(long) - 1  # impossible for whatever reason


def test_that_it_is_not_proven_is_said() -> None:
    worse = LevelChange("people", 3, 9, False)
    text = text_of(base_of(0).facts, "en")
    answer = replace(NOTHING, levels=(worse,), first_worse=worse)
    assert "This is not proven: the time ended first." in list(text.lines(answer))
    proven = replace(worse, is_proven=True)
    answer = replace(NOTHING, levels=(proven,), first_worse=proven)
    assert "This is proven: no plan with it does better." in list(text.lines(answer))


def ready_cases() -> Iterator[tuple[str, Readiness]]:
    facts = Facts(ready_organisation(), policy_from({}))
    for e in facts.employees:
        yield e, readiness(facts, e, "Q")


def ready_organisation() -> Any:
    office = {"office_holder": True, "qualifications": ["law"]}
    return organisation_from(
        organisation(
            employees=[
                able("now", **office),
                able("later", **office, joins="2020-01-03"),
                able("gone", **office, joins="2020-01-03", leaves=leaving(5)),
                able("late", **office, joins="2020-01-25"),
                person("learns", **office, can_learn=["s"]),
                person("never"),
            ],
            tasks=[
                task(kind="authority", level=2, qualification="law", holder="now", handover_days=9)
            ],
        )
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_readiness_in_words(language: str) -> None:
    facts = Facts(ready_organisation(), policy_from({}))
    text = text_of(facts, language)
    said = {e: text.readiness(found, "Q") for e, found in ready_cases()}
    assert len(set(said.values())) == len(said)
    assert oddities_of("\n".join(said.values())) == []
    # Nine days from 3 January on.
    assert "2020-01-12" in said["later"]
    assert {e: found.lacks for e, found in ready_cases()} == {
        "now": (),
        "later": (),
        "gone": ("leaves",),
        "late": ("time",),
        "learns": ("skill",),
        "never": ("skill", "qualification", "office"),
    }


def test_readiness_in_english() -> None:
    text = text_of(Facts(ready_organisation(), policy_from({})), "en")
    assert [text.readiness(found, "Q") for _, found in ready_cases()] == [
        "ready now",
        "ready 2020-01-12",
        "never: leaves before being ready",
        "never: not ready before the task or the plan ends",
        "after training: s at level 2",
        "never: s at level 2; the qualification law; an office",
    ]
