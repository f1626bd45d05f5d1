"""`tiimi alternatives` on the example: what it says, writes and refuses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.main import main
from api.texts import LANGUAGES, Texts
from models.difference import Difference, difference
from models.evaluation import evaluate
from models.facts import Facts
from models.policy import Policy
from models.proposal import Proposal
from models.reading import policy_from
from models.tables import read_organisation
from optimizer.alternatives import Alternative, Alternatives
from tests.api.conftest import EXAMPLE
from tests.api.telling import numbers_held, numbers_said
from tests.api.test_languages import english, words
from tests.api.test_why import refused

pytestmark = pytest.mark.usefixtures("quick_report")

Row = dict[str, Any]

COVERAGE: Row = {
    "levels": [
        {"name": "statutory", "goals": {"authority_gap": 1}},
        {"name": "wishes", "goals": {"interest": 1}},
    ]
}
"""A policy that leaves open who is where, as far as nobody wants it less."""


@pytest.fixture(scope="session")
def proposed_openly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example under the policy that leaves much open."""
    folder = tmp_path_factory.mktemp("open")
    policy = folder / "policy.json"
    policy.write_text(json.dumps(COVERAGE), encoding="utf-8")
    command = ["propose", str(EXAMPLE), "--out", str(folder / "base"), "--policy", str(policy)]
    assert main([*command, "--workers", "1"]) == 0
    return folder / "base"


@pytest.fixture
def loose(proposed_openly: Path, here: Path) -> Path:
    """Its folder, `loose`, in the current folder."""
    return Path(shutil.copytree(proposed_openly, here / "loose"))


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs the command; gives back what it says."""

    def run(base: str, *args: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main(["alternatives", base, *args, "--workers", "1"]) == code
        return capsys.readouterr().out

    return run


Ask = Callable[..., str]
LOSS = ["--level", "wishes", "--loss", "2", "--count", "3"]


def summary(folder: str = "out") -> Any:
    return json.loads((Path(folder) / "alternatives.json").read_text(encoding="utf-8"))


def proposal_in(folder: str) -> Proposal:
    return Proposal.model_validate_json((Path(folder) / "proposal.json").read_text("utf-8"))


def test_a_plan_that_is_unique(example: Path, ask: Ask) -> None:
    said = ask("base", "--out", "out")
    assert said.splitlines() == [
        "",
        "Proven: the plan is unique. Every other plan is worse at some level.",
        "Written: out/alternatives.json",
    ]
    assert summary() == {
        "asked": {"count": 5, "distance": 1, "level": None, "loss": 0},
        "alternatives": [],
        "end": "no_more",
        "unique": "plan",
    }


def test_each_is_a_proposal_of_its_own(loose: Path, ask: Ask) -> None:
    organisation = read_organisation(EXAMPLE)
    policy = policy_from(COVERAGE)
    base = proposal_in("loose")
    ask("loose", *LOSS, "--out", "out")
    rows = summary()["alternatives"]
    assert [row["folder"] for row in rows] == ["1", "2", "3"]
    shown = [base]
    for row in rows:
        found = proposal_in(f"out/{row['folder']}")
        evaluation = evaluate(organisation, policy, found.plan)
        assert evaluation.is_valid
        statutory, wishes = (evaluation.value(level) for level in policy.levels)
        assert statutory <= (base.levels[0].value or 0)
        assert wishes <= (base.levels[1].value or 0) + 2
        assert [x.value for x in found.levels] == [statutory, wishes]
        assert row["distance"] == min(moved(found, one) for one in shown) >= 1
        assert row["is_farthest"]
        facts = Facts(organisation, policy)
        expected = difference(facts, base.plan, facts, found.plan)
        assert Difference.model_validate(row["difference"]) == expected
        shown.append(found)
    assert summary()["end"] == "count"


def moved(one: Proposal, other: Proposal) -> int:
    pairs = zip(one.placements, other.placements, strict=True)
    return sum(a.team != b.team for a, b in pairs)


def test_the_folders_are_checked_and_asked_about_like_any_other(
    loose: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    ask("loose", *LOSS, "--out", "out")
    assert main(["check", str(EXAMPLE), "out/1"]) == 0
    mine = proposal_in("out/1").placements[0]
    capsys.readouterr()
    assert main(["why", "out/1", mine.employee, "--team", mine.team, "--workers", "1"]) == 0
    assert "It is so in the proposal." in capsys.readouterr().out
    assert main(["compare", "loose", "out/1"]) == 0


def test_those_of_a_what_if_too(loose: Path, ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    """Their levels have `keep` among them, and who held what before is known."""
    event = ["--effective", "2027-03-01", "--leaves", "E6@2027-06-01", "--workers", "1"]
    assert main(["whatif", "loose", *event, "--out", "later"]) == 0
    ask("later", "--level", "keep", "--loss", "9", "--count", "2", "--out", "out")
    rows = summary()["alternatives"]
    assert rows
    before = json.loads(Path("later/difference.json").read_text(encoding="utf-8"))
    kept = json.loads(Path("out/1/difference.json").read_text(encoding="utf-8"))
    assert kept == {k: before[k] for k in ("scenario", "allow_moves", "before", "held_before")}
    assert main(["check", "out/1/organisation.json", "out/1"]) == 0
    mine = proposal_in("out/1").placements[0]
    assert main(["why", "out/1", mine.employee, "--team", mine.team, "--workers", "1"]) == 0
    assert "mistake" not in capsys.readouterr().err.casefold()
    # A proposal of its own that is written over only while nobody has changed it.
    ask("later", "--level", "keep", "--loss", "9", "--count", "2", "--out", "out")
    assert summary()["alternatives"] == rows


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("args", [LOSS, ["--distance", "8"], []], ids=["loss", "far", "plain"])
def test_no_number_is_said_that_is_not_held(
    args: list[str], language: str, loose: Path, ask: Ask
) -> None:
    """But for the changes of goals: what is held is before and after."""
    said = ask("loose", *args, "--language", language, "--out", "out")
    held = numbers_held(summary())
    for row in summary()["alternatives"]:
        goals = row["difference"]["goals"]
        held |= {str(abs(goal["after"] - goal["before"])) for goal in goals}
    told = "\n".join(line for line in said.splitlines() if "alternatives.json" not in line)
    assert numbers_said(told, read_organisation(EXAMPLE), "out/1", "out/2", "out/3") - held == set()


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_nothing_is_left_in_english(language: str, example: Path, loose: Path, ask: Ask) -> None:
    said = ask("loose", *LOSS, "--language", language)
    said += ask("loose", "--distance", "8", "--language", language)
    said += ask("base", "--language", language)
    files = [path.read_text(encoding="utf-8-sig") for path in EXAMPLE.glob("*.csv")]
    assert words(said) & english(language) - words(files) == set()


def test_what_is_said_of_each(loose: Path, ask: Ask) -> None:
    lines = ask("loose", *LOSS, "--out", "out").splitlines()
    for number, row in enumerate(summary()["alternatives"], start=1):
        people = Texts().count("person", row["distance"])
        head = f"Plan {number}: {people} placed differently from every plan before it at least"
        at = lines.index(head)
        assert lines[at + 2] == "  Proven: no plan as good is farther from all of them."
    assert lines[-4:] == [
        "Written: out/1",
        "Written: out/2",
        "Written: out/3",
        "Written: out/alternatives.json",
    ]


def test_that_none_is_left_is_said(loose: Path, ask: Ask) -> None:
    lines = ask("loose", "--distance", "9", "--out", "out").splitlines()
    assert lines[1] == "Proven: no other plan as good places at least 9 people differently."
    assert summary()["unique"] is None
    assert summary()["asked"]["distance"] == 9


# What it refuses


@pytest.mark.parametrize(
    ("args", "code", "about"),
    [
        (["--loss", "3"], "bad_option", "both --level and --loss"),
        (["--level", "people"], "bad_option", "both --level and --loss"),
        (["--level", "people", "--loss", "0"], "bad_option", "both --level and --loss"),
        (["--level", "peple", "--loss", "3"], "unknown_level", "people"),
        (["--out", "."], "foreign_files", ""),
        (["--out", "base"], "own_base", ""),
    ],
)
def test_what_cannot_be_asked(
    args: list[str],
    code: str,
    about: str,
    example: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (Path("alternatives.json")).write_text('{"mine": 1}', encoding="utf-8")
    refused(["alternatives", "base", *args], code, capsys, about)
    assert Path("alternatives.json").read_text(encoding="utf-8") == '{"mine": 1}'


@pytest.mark.parametrize("option", [["--count", "0"], ["--distance", "0"], ["--loss", "-1"]])
def test_a_number_that_makes_no_sense_is_refused(
    option: list[str], example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["alternatives", "base", *option]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_files_of_somebody_else_stay(loose: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = Path("out/2/mine.txt")
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    refused(["alternatives", "loose", "--out", "out"], "foreign_files", capsys, "mine.txt")
    assert [path.name for path in Path("out").rglob("*") if path.is_file()] == ["mine.txt"]


def test_what_cannot_be_written_is_shown_all_the_same(
    example: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("api.commands.alternatives.write_whole", full)
    assert main(["alternatives", "base", "--out", "out", "--workers", "1"]) == 2
    told = capsys.readouterr()
    assert "Proven: the plan is unique." in told.out
    assert "No space left on device. It is shown above." in told.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_time_nothing_is_claimed(language: str, example: Path, ask: Ask) -> None:
    options = ["--time-limit", "0.000001", "--language", language, "--out", "out"]
    said = ask("base", *options, code=4).splitlines()
    assert said[:2] == ["", Texts(language)("alternatives.none_in_time")]
    assert (summary()["end"], summary()["unique"]) == ("time", None)


def test_what_is_not_proven_is_not_called_so(
    loose: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = proposal_in("loose")
    one = Alternative(proposal, 1, False, Difference())
    monkeypatch.setattr(
        "optimizer.alternatives.alternatives",
        lambda base, limits, **asked: Alternatives((one,), "time"),
    )
    said = ask("loose", code=4)
    assert "Whether one as good is farther is not proven." in said
    assert "The time ended before more were found." in said
    assert "Proven" not in said


def test_a_base_among_the_answers_is_not_written_over(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("out").mkdir()
    shutil.move("base", "out/2")
    before = {path: path.read_bytes() for path in Path("out").rglob("*") if path.is_file()}
    refused(["alternatives", "out/2", "--out", "out"], "own_base", capsys)
    after = {path: path.read_bytes() for path in Path("out").rglob("*") if path.is_file()}
    assert before
    assert after == before


def test_a_policy_without_the_level_of_the_default_is_named(
    loose: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "wishes" not in [level.name for level in Policy().levels]
    args = ["alternatives", "loose", "--level", "wish", "--loss", "3"]
    refused(args, "unknown_level", capsys, "wishes")
