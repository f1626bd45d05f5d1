"""The page of one person: all of theirs, of others only the names they need."""

import re
from collections.abc import Callable

import pytest

from api.base import BaseFolder
from api.report import sheet_html
from models import Policy
from models.issues import InputError
from tests.api.office import DATA, office, office_proposal
from tests.report.dom import Node, parsed

Base = Callable[[str], BaseFolder]
MAY_NAME = {
    "E1": {"E1", "E2"},  # E2 leads, and each substitutes the other
    "E2": {"E1", "E2", "E3"},  # substitutes both
    "E3": {"E3", "E2"},
    "E4": {"E4", "E5"},  # leads, substitutes E5
    "E5": {"E5", "E4"},
    "E6": {"E6", "E4"},
}
TITLES = {e["id"]: e["title"] for e in DATA["employees"]}


def page(base: BaseFolder, employee: str, language: str = "en") -> Node:
    return parsed(sheet_html(base, employee, language))


def facts(node: Node) -> dict[str, str]:
    return {row.one("dt").text: row.one("dd").text for row in node.one("dl").all("div")}


@pytest.mark.parametrize("employee", MAY_NAME)
@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_nobody_is_named_without_need(employee: str, language: str, base: Base) -> None:
    text = page(base("office"), employee, language).text
    assert set(re.findall(r"\bE\d\b", text)) == MAY_NAME[employee]
    others = {title for e, title in TITLES.items() if e not in MAY_NAME[employee]}
    assert [title for title in others if title in text] == []


def test_no_day_is_somebody_elses(base: Base) -> None:
    # E5 leaves on 2019-04-01, E6 joins on 2019-01-01, E1 leaves on 2020-06-01.
    own = {
        "E3": {"2018-09-01", "2022-01-01"},
        "E5": {"2018-09-01", "2019-04-01"},
        "E6": {"2019-01-01", "2022-01-01"},
    }
    for employee, days in own.items():
        text = page(base("office"), employee).one("main").text
        assert set(re.findall(r"\d{4}-\d{2}-\d{2}", text)) == days


def test_what_is_proposed_what_was_asked_and_why(base: Base) -> None:
    sheet = page(base("office"), "E4")
    assert sheet.one("h1").text == "What is proposed for you: E4 administrative secretary"
    assert facts(sheet.one(id="proposed")) == {
        "team": "Administration team",
        "in the team": "2018-09-01 – 2022-01-01 the second is the first day after",
        "leader": "you",
        "your substitute": "has none",
        "you stand in for": "E5 permit secretary",
    }
    assert sheet.one("table", id="tasks").rows() == [
        ["permits Permit decisions", "2019-04-01", "2022-01-01", "30%", "60 days to learn"]
    ]
    assert facts(sheet.one(id="asked")) == {
        "Administration team": "very interested proposed",
        "leading: Administration team": "very interested you are proposed",
    }
    why = [item.text for item in sheet.one(id="why").all("li")]
    assert why == [
        "You graded Administration team as high as any team you may be in.",
        "Without you, Administration team would at some time be short in: "
        "permits Permit decisions, records.",
        "permits Permit decisions would come to you: you know permits (level 3).",
        "You are proposed to lead Administration team; your interest in leading: very interested.",
    ]
    assert facts(sheet.one(id="known")) == {
        "position": "administrative secretary, general, 100% of full time, holds an office",
        "skills": "permits (level 3); archive (level 2)",
        "absent": "2019-07-01 – 2019-08-01",
    }
    assert list(facts(sheet.one(id="objecting"))) == ["Who decides", "Whom to tell", "By when"]


def test_a_wish_that_was_not_met_and_colleagues_without_names(base: Base) -> None:
    sheet = page(base("office"), "E3")
    assert facts(sheet.one(id="asked")) == {
        "Economy team": "not interested proposed",
        "Administration team": "very interested",
        "wanted colleagues in your team": "0 of 1",
    }
    first = next(iter(sheet.one(id="why").all("li"))).text
    assert first == (
        "You graded another team higher than Economy team. Wishes are weighed together with"
        " everybody's needs, in this order: statutory, continuity, people, stability, substitutes."
    )


def test_what_the_working_group_decided_names_nobody_else() -> None:
    rules = [
        {"id": "p", "kind": "pin", "employee": "E1", "team": "talous", "reason": "Closes."},
        {"id": "t", "kind": "together", "employees": ["E1", "E3"], "reason": "E3 asks for it."},
        {"id": "a", "kind": "apart", "employees": ["E1", "E6"], "reason": "E6 knows why."},
        {"id": "s", "kind": "pin_substitute", "principal": "E1", "substitute": "E2"},
        {"id": "f", "kind": "forbid", "employee": "E5", "team": "talous"},
    ]
    organisation = office(rules=rules)
    base = BaseFolder(organisation, Policy(), office_proposal(organisation), Policy(), {})
    sheet = page(base, "E1")
    assert [i.text for i in sheet.one(id="why").all("li")][1:5] == [
        "The working group has decided: E1 (payroll secretary) is placed in talous"
        " (Economy team). Reason: Closes.",
        "The working group has decided that you and somebody else are in one team.",
        "The working group has decided that you and somebody else are in different teams.",
        "The working group has decided a substitute that concerns you.",
    ]
    assert set(re.findall(r"\bE\d\b", sheet.text)) == {"E1", "E2"}


def test_somebody_of_whom_little_is_known(base: Base) -> None:
    people = [e | ({"avoids": []} if e["id"] == "E6" else {}) for e in DATA["employees"]]
    organisation = office(employees=people)
    bare = BaseFolder(organisation, Policy(), office_proposal(organisation), Policy(), {})
    sheet = page(bare, "E6")
    assert "No wish of yours is known." in sheet.text
    awkward = page(base("awkward"), "E3")
    assert facts(awkward.one(id="known"))["skills"] == "none known"


def test_only_one_team_may_be_theirs() -> None:
    people = [
        e.model_dump(mode="json", exclude_defaults=True)
        | ({"eligible_teams": ["hallinto"]} if e.id == "E5" else {})
        for e in office().employees
    ]
    organisation = office(employees=people)
    base = BaseFolder(organisation, Policy(), office_proposal(organisation), Policy(), {})
    first = next(iter(page(base, "E5").one(id="why").all("li"))).text
    assert first == "Administration team is the only team you may be placed in."


def test_names_stay_names(base: Base) -> None:
    text = sheet_html(base("awkward"), "E1", "fi")
    assert "<img" not in text
    assert "<script" not in text


@pytest.mark.parametrize(
    ("employee", "message"),
    [
        ("E44", "E44: There is no person 'E44'. Did you mean 'E4'? [unknown_id]"),
        (
            "E9",
            "E9: They are not in service on any day of the proposal."
            " Name somebody who is in service. [not_in_service]",
        ),
    ],
)
def test_somebody_who_has_no_page(employee: str, message: str) -> None:
    gone = {"id": "E9", "skills": {}, "joins": "2030-01-01"}
    organisation = office(employees=[*DATA["employees"], gone])
    base = BaseFolder(organisation, Policy(), office_proposal(organisation), Policy(), {})
    with pytest.raises(InputError) as error:
        sheet_html(base, employee, "en")
    assert str(error.value) == message
