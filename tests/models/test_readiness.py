"""Who is ready for a task now, later, after training or never, on a few people."""

from __future__ import annotations

from typing import Any

import pytest

from models.facts import Facts
from models.readiness import Lack, Readiness, readiness
from tests.small import DAYS, able, date_of, facts, leaving, on, person, span, task

OFFICER = {"skills": {"s": 2}, "office_holder": True, "qualifications": ["law"]}
DECISION = task(kind="authority", level=2, qualification="law", holder="h", handover_days=10)
"""Asks for everything there is to ask for, and ten days to learn it."""


def of(somebody: dict[str, Any], about: dict[str, Any] = DECISION) -> Readiness:
    """Of somebody called x, beside the holder h."""
    here = facts(employees=[person("h", **OFFICER), person("x", **somebody)], tasks=[about])
    return readiness(here, "x", "Q")


def test_the_holder_is_ready_now() -> None:
    here: Facts = facts(employees=[person("h", **OFFICER)], tasks=[DECISION])
    assert readiness(here, "h", "Q") == Readiness("h", "now", date_of(0))


def test_who_is_prepared_is_ready_now() -> None:
    prepared = DECISION | {"prepared": {"x": on(0)}}
    assert of(OFFICER, prepared) == Readiness("x", "now", date_of(0))


def test_who_needs_the_handover_is_ready_later() -> None:
    assert of(OFFICER) == Readiness("x", "later", date_of(10))
    prepared = DECISION | {"prepared": {"x": on(4)}}
    assert of(OFFICER, prepared) == Readiness("x", "later", date_of(4))


def test_without_a_handover_everybody_qualified_is_ready_now() -> None:
    assert of(OFFICER, DECISION | {"handover_days": 0}) == Readiness("x", "now", date_of(0))


def test_who_joins_is_measured_from_their_own_first_day() -> None:
    """From day 5 on: now without a handover, on day 15 with one of ten days."""
    hire = OFFICER | {"joins": on(5)}
    assert of(hire, DECISION | {"handover_days": 0}) == Readiness("x", "now", date_of(5))
    assert of(hire) == Readiness("x", "later", date_of(15))


def test_of_a_task_that_begins_later_its_first_day_counts() -> None:
    """Who learns until day 10 is as ready on day 12, when the task begins, as anybody."""
    later = DECISION | {"active": {"start": on(12)}}
    assert of(OFFICER, later) == Readiness("x", "now", date_of(12))
    sooner = DECISION | {"active": {"start": on(8)}}
    assert of(OFFICER, sooner) == Readiness("x", "later", date_of(10))


@pytest.mark.parametrize(
    ("somebody", "about", "lacking"),
    [
        (OFFICER | {"leaves": leaving(10)}, DECISION, "leaves"),
        (OFFICER | {"leaves": leaving(9)}, DECISION | {"active": span(0, 10)}, "leaves"),
        (OFFICER, DECISION | {"active": span(0, 10)}, "time"),
        (OFFICER | {"leaves": leaving(20)}, DECISION | {"active": span(0, 10)}, "time"),
        (OFFICER, DECISION | {"handover_days": DAYS}, "time"),
    ],
)
def test_without_a_day_to_hold_it_nobody_is_ever_ready(
    somebody: dict[str, Any], about: dict[str, Any], lacking: Lack
) -> None:
    assert of(somebody, about) == Readiness("x", "never", None, (lacking,))


def test_one_day_is_enough() -> None:
    assert of(OFFICER | {"leaves": leaving(11)}) == Readiness("x", "later", date_of(10))


def test_who_lacks_the_skill_alone_and_can_learn_it_is_ready_after_training() -> None:
    learner = OFFICER | {"skills": {"s": 1}}
    assert of(learner | {"can_learn": ["s"]}) == Readiness("x", "training", None, ("skill",))
    assert of(learner | {"can_learn": ["t"]}) == Readiness("x", "never", None, ("skill",))
    assert of(learner) == Readiness("x", "never", None, ("skill",))


@pytest.mark.parametrize(
    ("changed", "lacks"),
    [
        ({"qualifications": []}, ("qualification",)),
        ({"qualifications": ["art"]}, ("qualification",)),
        ({"office_holder": False}, ("office",)),
        ({"skills": {}, "office_holder": False}, ("skill", "office")),
        ({"skills": {}, "qualifications": []}, ("skill", "qualification")),
        (
            {"skills": {}, "qualifications": [], "office_holder": False},
            ("skill", "qualification", "office"),
        ),
    ],
)
def test_what_no_handover_gives_is_never_there_also_for_who_can_learn(
    changed: dict[str, Any], lacks: tuple[Lack, ...]
) -> None:
    somebody = OFFICER | {"can_learn": ["s"]} | changed
    assert of(somebody) == Readiness("x", "never", None, lacks)


def test_an_ordinary_task_asks_for_no_office() -> None:
    assert of({"skills": {"s": 2}}, task(level=2)) == Readiness("x", "now", date_of(0))


def test_a_holder_lacks_no_skill_but_may_lack_the_rest() -> None:
    """What they do today they may go on doing, in office or not is another matter."""
    here = facts(employees=[person("h", qualifications=["law"])], tasks=[DECISION])
    assert readiness(here, "h", "Q") == Readiness("h", "never", None, ("office",))
    here = facts(employees=[able("h")], tasks=[DECISION | {"level": 3, "kind": "special"}])
    assert readiness(here, "h", "Q") == Readiness("h", "never", None, ("qualification",))
