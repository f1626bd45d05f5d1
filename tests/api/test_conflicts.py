"""What a rule in a conflict asks for, in a sentence."""

from typing import Any

import pytest

from api.conflicts import Explainer
from api.texts import Texts
from models import Policy
from tests.api.office import DATA, office

RULES: list[dict[str, Any]] = [
    {"id": "f", "kind": "forbid", "employee": "E3", "team": "talous"},
    {"id": "t", "kind": "together", "employees": ["E1", "E2"]},
    {"id": "a", "kind": "apart", "employees": ["E1", "E3", "E6"], "reason": "Cover the phone"},
    {"id": "h", "kind": "pin_holder", "task": "permits", "employee": "E4"},
    {"id": "s", "kind": "pin_substitute", "principal": "E1", "substitute": "E2"},
    {"id": "l", "kind": "pin_lead", "team": "hallinto", "employee": "E4"},
]


@pytest.fixture(scope="module")
def explainer() -> Explainer:
    tasks = [dict(task) for task in DATA["tasks"]]
    tasks[0] |= {"team": "talous", "qualification": "payroll-course"}
    return Explainer(office(rules=RULES, tasks=tasks), Policy(), Texts())


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("f", "E3 (economy secretary) is not placed in talous (Economy team)."),
        ("t", "In one team: E1 (payroll secretary), E2 (bookkeeper)."),
        (
            "a",
            "In different teams: E1 (payroll secretary), E3 (economy secretary), "
            "E6 (office secretary). Reason: Cover the phone",
        ),
        ("h", "E4 (administrative secretary) is the first holder of permits (Permit decisions)."),
        ("s", "E2 (bookkeeper) substitutes E1 (payroll secretary)."),
        ("l", "E4 (administrative secretary) leads hallinto (Administration team)."),
        ("size:talous", "talous (Economy team) takes 2 to 4 people on the first day."),
        (
            "lead:talous",
            "talous (Economy team) needs a leader who is in it and in service on the first day.",
        ),
        ("eligible:E2", "E2 (bookkeeper) may only be placed in: talous, hallinto."),
        ("load:E1", "E1 (payroll secretary) may hold 100 % of full time at most."),
        ("tasks:E1", "E1 (payroll secretary) may hold 8 tasks at a time at most."),
        ("team:permits", "permits (Permit decisions) is held within one team."),
        (
            "team:salaries",
            "salaries (Payroll run) is held within one team, talous (Economy team).",
        ),
        (
            "qualified:salaries",
            "salaries (Payroll run) is held by those who are qualified: payroll at level 2, "
            "the qualification payroll-course.",
        ),
        (
            "qualified:permits",
            "permits (Permit decisions) is held by those who are qualified: permits at level 2, "
            "an office.",
        ),
        ("tenure:records", "records is held by somebody who has a day to hold it."),
        (
            "moves:permits",
            "permits (Permit decisions) moves with its holder, E5 (permit secretary).",
        ),
        (
            "fit:E1",
            "E1 (payroll secretary) is substituted by somebody of their team: today's "
            "substitute, or a fit of 3 at least.",
        ),
        ("principals:E2", "E2 (bookkeeper) substitutes 2 people at most."),
        ("placement:E1", "E1 (payroll secretary) is in one team on every day in service."),
        ("size:nowhere", ""),
        ("unknown", ""),
    ],
)
def test_sentence(name: str, sentence: str, explainer: Explainer) -> None:
    assert explainer.sentence(name) == sentence
