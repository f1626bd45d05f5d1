"""`tiimi why` on the example: what it says, writes and refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.main import main
from api.texts import LANGUAGES, Texts
from models.tables import read_organisation
from tests.api.conftest import EXAMPLE
from tests.api.telling import numbers_held, numbers_said
from tests.api.test_languages import english, words

Ask = Callable[..., str]

QUESTIONS = {
    "a person in another team": ["E4", "--team", "service"],
    "a person in the team they are in": ["E4", "--team", "economy"],
    "a person whom a rule keeps": ["E7", "--team", "economy"],
    "all teams for a person": ["E8"],
    "all holders of an authority task": ["T1"],
    "all holders of a task": ["T4"],
    "a holder who is not qualified": ["T1", "--holder", "E7"],
    "a holder who would not be free": ["T5", "--holder", "E6"],
    "a holder whose change is tried alone": ["T3", "--holder", "E4"],
    "all leaders of a team": ["service"],
    "a leader": ["service", "--leader", "E5"],
    "a substitute who does not fit": ["E1", "--substitute", "E4"],
    "a substitute": ["E2", "--substitute", "E1"],
}


@pytest.fixture
def ask(example: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Asks, and gives back what is said."""

    def run(*args: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main(["why", "base", *args, "--workers", "1"]) == code
        return capsys.readouterr().out

    return run


def held(path: str = "answer.json") -> Any:
    return json.loads(Path(path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_no_number_is_said_that_the_answer_does_not_hold(
    question: list[str], language: str, ask: Ask
) -> None:
    said = ask(*question, "--language", language, "--out", "answer.json")
    organisation = read_organisation(EXAMPLE)
    numbers = numbers_said(said, organisation)
    assert numbers - numbers_held(held()) == set()
    # What is said of an answer that costs something does have numbers.
    costs = any(level["change"] for answer in held()["answers"] for level in answer["levels"])
    assert bool(numbers) >= costs


def test_a_number_that_is_not_there_is_found() -> None:
    organisation = read_organisation(EXAMPLE)
    text = "E4 would cost 77 (+5), first on 2027-01-01; T1 Building permits at level 2."
    assert numbers_said(text, organisation) == {"77", "5", "2027-01-01", "2"}
    assert numbers_held({"a": [{"b": -5}, "2027-01-01"], "E4": True}) == {"5", "2027-01-01"}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_language_changes_no_answer(question: list[str], ask: Ask) -> None:
    for language in LANGUAGES:
        ask(*question, "--language", language, "--out", f"{language}.json")
    one, *others = (Path(f"{language}.json").read_bytes() for language in LANGUAGES)
    assert others == [one, one]


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_nothing_is_left_in_english(language: str, ask: Ask) -> None:
    said = " ".join(ask(*question, "--language", language) for question in QUESTIONS.values())
    files = [path.read_text(encoding="utf-8-sig") for path in EXAMPLE.glob("*.csv")]
    rules = words("wish qualified fit size eligible")  # names of rules, in every language
    assert words(said) & english(language) - words(files) - rules == set()


# What it says


def test_a_wish_that_costs_something(ask: Ask) -> None:
    """E4 is away for the first half of 2027: 181 days, 2 points each, without a backup."""
    said = ask("E4", "--team", "service", "--out", "answer.json")
    assert said.splitlines() == [
        "What if E4 bookkeeper were in Service team?",
        "The first level that gets worse is continuity: 794 becomes 1156 (+362).",
        "This is proven: no plan with it does better.",
        "",
        "Because:",
        "  - T4 Ledger would lack backups for 181 person-days more, first on 2027-01-01.",
        "",
        "Of the single changes tried, none makes it free (6 changes); this is proven for each.",
        "",
        "Level by level",
        "--------------",
        "  level        before  after  change  status",
        "  statutory         0      0          proven",
        "  continuity      794   1156  +362    proven",
        "  people            6     12  +6      proven",
        "  stability         5      5          proven",
        "  substitutes     810    780  -30     proven",
    ]
    (answer,) = held()["answers"]
    assert answer["wish"] == {"kind": "team", "employee": "E4", "of": "service"}
    assert (answer["first_worse"], answer["free"], answer["proven"]) == ("continuity", False, True)
    assert answer["reasons"] == [
        {
            "goal": "backup_shortage",
            "task": "T4",
            "before": answer["reasons"][0]["before"],
            "after": answer["reasons"][0]["before"] + 181,
            "change": 181,
            "weighted": 362,
            "first_day": "2027-01-01",
        }
    ]
    assert (answer["cure"], answer["no_cure"], answer["cures_tried"]) == (None, True, 6)


def test_a_wish_that_the_proposal_grants(ask: Ask) -> None:
    said = ask("E4", "--team", "economy", "--out", "answer.json")
    assert said.splitlines() == [
        "What if E4 bookkeeper were in Economy team?",
        "It is so in the proposal.",
    ]
    (answer,) = held()["answers"]
    assert (answer["holds"], answer["free"], answer["others_moved"]) == (True, True, 0)
    assert [level["change"] for level in answer["levels"]] == [0] * 5


def test_a_wish_that_a_rule_makes_impossible(ask: Ask) -> None:
    said = ask("E7", "--team", "economy").splitlines()
    assert said[:4] == [
        "What if E7 service secretary were in Economy team?",
        "It is impossible: these cannot hold together.",
        "  R1: E7 (service secretary) is placed in service (Service team). Reason: Runs the desk",
        "  wish: the wish itself",
    ]


def test_who_could_hold_a_task_and_from_when(ask: Ask) -> None:
    """E6 learns for the 120 days from 2026-09-01 on."""
    said = ask("T1", "--out", "answer.json").splitlines()
    assert said[1] == "Everybody who could hold T1 Building permits, the least costly first"
    assert said[said.index("readiness") + 2 :] == [
        "  ready now: E5 permit secretary",
        "  ready 2026-12-30: E6 office secretary",
        "  never: Permits at level 2; an office: E1 payroll clerk, E2 payroll clerk, E3 accountant,"
        " E4",
        "    bookkeeper, E7 service secretary, E8 service secretary",
    ]
    assert held()["asked"] == {"skill": "permits", "level": 2}
    ready = {row["employee"]: row for row in held()["readiness"]}
    assert ready["E6"] == {"employee": "E6", "state": "later", "ready": "2026-12-30", "lacks": []}
    assert ready["E1"]["lacks"] == ["skill", "office"]
    assert len(ready) == 8


def test_the_least_costly_comes_first_and_the_impossible_last(ask: Ask) -> None:
    said = ask("E7", "--out", "answer.json").splitlines()
    rows = said[said.index("  team          others moved  cost") + 1 :]
    assert [row.split("  ")[1] for row in rows] == ["Service team", "Economy team"]
    assert rows[0].endswith("in the proposal")
    assert rows[1].endswith("impossible: R1")
    assert [answer["wish"]["of"] for answer in held()["answers"]] == ["service", "economy"]


def test_the_numbers_of_a_rule_are_held_too(ask: Ask) -> None:
    ask("E1", "--substitute", "E4", "--out", "answer.json")
    assert held()["rules"] == {"wish": {}, "fit:E1": {"min_fit": 3}}
    ask("T1", "--holder", "E7", "--out", "holder.json")
    assert held("holder.json")["rules"] == {"qualified:T1": {"level": 2}, "wish": {}}


def test_a_what_if_is_asked_about_as_a_proposal_is(
    example: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    event = ["--effective", "2027-03-01", "--leaves", "E6@2027-06-01", "--workers", "1"]
    assert main(["whatif", "base", *event, "--out", "later"]) == 0
    capsys.readouterr()
    assert main(["why", "later", "E4", "--team", "service", "--workers", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    levels = [line.split()[0] for line in lines[lines.index("Level by level") + 3 :]]
    assert levels == ["statutory", "continuity", "keep", "people", "stability", "substitutes"]


# What it refuses


@pytest.mark.parametrize(
    ("args", "code", "about"),
    [
        (["E44"], "unknown_id", "E4"),
        (["E4", "--team", "servise"], "unknown_id", "service"),
        (["E4", "--holder", "E5"], "unknown_id", "task"),
        (["T1", "--holder", "E55"], "unknown_id", "E5"),
        (["T1", "--team", "service"], "unknown_id", "employee"),
        (["economy", "--leader", "E33"], "unknown_id", "E3"),
        (["E4", "--substitute", "T1"], "unknown_id", "employee"),
        (["E4", "--team", "service", "--substitute", "E1"], "bad_option", "one option"),
        (["T1", "--holder", "E5", "--leader", "E5"], "bad_option", "one option"),
    ],
)
def test_a_question_that_cannot_be_asked(
    args: list[str], code: str, about: str, example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(["why", "base", *args, "--out", "answer.json"], code, capsys, about)
    assert not Path("answer.json").exists()


def refused(args: list[str], code: str, capsys: pytest.CaptureFixture[str], about: str = "") -> str:
    """It is told what is wrong and what to do, in a line, and nothing else: that line."""
    capsys.readouterr()
    assert main(args) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert f"[{code}]" in told.err
    assert about in told.err
    assert "Traceback" not in told.err
    assert "MISTAKE" not in told.err
    assert len(told.err.splitlines()) == 1
    return told.err


def changed(example: Path, **tables: Callable[[dict[str, Any]], None]) -> None:
    """Changes rows of the organisation in the folder."""
    path = example / "organisation.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    for table, change in tables.items():
        for row in data[table]:
            change(row)
    path.write_text(json.dumps(data), encoding="utf-8")


def test_who_needs_no_substitute_and_a_team_without_a_leader(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = json.loads((example / "organisation.json").read_text(encoding="utf-8"))
    data["teams"][0]["lead"] = False
    del data["teams"][0]["leader"]
    data["employees"][0]["needs_substitute"] = False
    del data["employees"][0]["substitute"]
    Path("other.json").write_text(json.dumps(data), encoding="utf-8")
    assert main(["propose", "other.json", "--out", "other", "--workers", "1"]) == 0
    refused(["why", "other", "E1", "--substitute", "E2"], "needs_no_substitute", capsys, "E1")
    refused(["why", "other", "economy", "--leader", "E3"], "team_without_lead", capsys)
    refused(["why", "other", "economy"], "team_without_lead", capsys, "economy")


def test_an_id_of_two_things_is_asked_about_by_an_option(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A team has the id of a person: which of them is meant, an option tells."""
    data = json.loads((example / "organisation.json").read_text(encoding="utf-8"))
    data["teams"].append({"id": "E4", "size": {"min": 0, "max": 3}, "lead": True})
    Path("other.json").write_text(json.dumps(data), encoding="utf-8")
    assert main(["propose", "other.json", "--out", "other", "--workers", "1"]) == 0
    about = "'E4' is the id of employee and team. Ask with an option"
    refused(["why", "other", "E4"], "ambiguous_id", capsys, about)
    for option, said in (("--team", "were in"), ("--leader", "led")):
        other = "service" if option == "--team" else "E1"
        capsys.readouterr()
        assert main(["why", "other", "E4", option, other, "--workers", "1"]) == 0
        assert said in capsys.readouterr().out.splitlines()[0]


def test_a_folder_without_a_plan(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "elsewhere" in refused(["why", "elsewhere", "E4"], "not_found", capsys)
    (example / "policy.toml").unlink()
    assert "policy.toml" in refused(["why", "base", "E4"], "not_found", capsys)


def test_a_folder_whose_policy_was_edited(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its levels are then not those of the proposal; that is no mistake of ours."""
    policy = example / "policy.toml"
    text = policy.read_text(encoding="utf-8")
    assert "interest = 3" in text
    policy.write_text(text.replace("interest = 3", "interest = 4", 1), encoding="utf-8")
    refused(["why", "base", "E4"], "changed_by_hand", capsys)


def test_a_folder_whose_organisation_was_edited(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def indifferent(row: dict[str, Any]) -> None:
        row.pop("interest", None)

    changed(example, employees=indifferent)
    assert "organisation" in refused(["why", "base", "E4"], "changed_by_hand", capsys)


def test_no_file_is_written_over(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("answer.json").write_text("mine", encoding="utf-8")
    refused(["why", "base", "E4", "--out", "answer.json"], "taken", capsys, "answer.json")
    assert Path("answer.json").read_text(encoding="utf-8") == "mine"
    refused(["why", "base", "E4", "--out", "nowhere/answer.json"], "not_writable", capsys)


def test_a_file_that_cannot_be_written_takes_no_answer_away(
    example: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("api.new_file.write_whole", full)
    assert main(["why", "base", "E4", "--team", "economy", "--out", "answer.json"]) == 2
    told = capsys.readouterr()
    assert "It is so in the proposal." in told.out
    assert "No space left on device. Choose another name" in told.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_time_there_is_no_answer(language: str, ask: Ask) -> None:
    texts = Texts(language)
    options = ["--time-limit", "0.000001", "--language", language, "--out", "answer.json"]
    said = ask("E4", "--team", "service", *options, code=4).splitlines()
    assert said[1:] == [texts("why.unknown")]
    (answer,) = held()["answers"]
    assert (answer["status"], answer["proven"], answer["free"]) == ("unknown", False, False)


def test_of_several_the_others_are_told_without_time(ask: Ask) -> None:
    """Where E4 is needs no search."""
    rows = ask("E4", "--time-limit", "0.000001", code=4).splitlines()[-2:]
    assert rows[0].endswith("in the proposal")
    assert rows[1].endswith("not known in time")
