"""`tiimi propose` where no valid plan exists: what it says, and what it leaves behind."""

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from api.conflicts import Explainer
from api.main import main
from api.policy_file import read_policy
from api.texts import LANGUAGES, Texts
from api.ways_out import conflicts_told, independent
from models import Organisation, Policy, Proposal
from models.proposal import Relaxation
from models.tables import read_organisation
from tests.api.conftest import Answer
from tests.api.office import DATA, office, office_failure, office_proposal
from tests.api.test_languages import english, words

WITHOUT_PLAN = ["organisation.json", "policy.toml", "proposal.json"]
WITH_PLAN = [*WITHOUT_PLAN, "proposal.xlsx", "report.html"]
LEADER = (
    "lead:hallinto: hallinto (Administration team) needs a leader who is in it and in service on"
)


def failure(organisation: Organisation, policy: Policy, **changes: Any) -> Proposal:
    first, second = ("r1", "size:talous"), ("lead:hallinto",)
    fields: dict[str, Any] = {
        "minimal_conflicts": (first, second),
        "relaxations": (
            Relaxation(rules=("size:talous", "lead:hallinto"), weight=11),
            Relaxation(rules=("r1", "lead:hallinto"), weight=13),
        ),
        "conflicts_complete": True,
        "warnings": (),
    }
    proposal = office_failure(organisation, "infeasible", first, policy)
    return proposal.model_copy(update=fields | changes)


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def folder(
    office_file: Path,
    answer: Callable[[Answer], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> Path:
    """Of an infeasible input; what was said is not read yet."""
    answer(failure)
    assert main(["propose", "office.json", "--out", "out"]) == 3
    return office_file.parent / "out"


def test_all_of_it_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "No valid plan exists.",
        "",
        "These cannot hold together; without any one of them, the rest can:",
        "  r1: E2 (bookkeeper) is placed in talous (Economy team). Reason: Closes the accounts",
        "  size:talous: talous (Economy team) takes 2 to 4 people on the first day.",
        "",
        "Nor can these:",
        f"  {LEADER} the",
        "    first day.",
        "",
        "Ways out, cheapest first; each is enough by itself:",
        "  1. Give up (weight 11):",
        "     size:talous: talous (Economy team) takes 2 to 4 people on the first day.",
        f"     {LEADER} the",
        "       first day.",
        "  2. Give up (weight 13):",
        "     r1: E2 (bookkeeper) is placed in talous (Economy team). Reason: Closes the accounts",
        f"     {LEADER} the",
        "       first day.",
        "",
        "There are no other conflicts and no other ways out.",
        "",
        "Files",
        "-----",
        "  In out:",
        "  proposal.json      the proposal, for programs and for tiimi check",
        "  organisation.json  the input as it was read",
        "  policy.toml        the policy as it was used",
    ]
    assert err == ""


def test_the_folder_holds_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(written(folder)) == WITHOUT_PLAN
    held = json.loads((folder / "proposal.json").read_text(encoding="utf-8"))
    assert Proposal.model_validate(held) == failure(office(), Policy())
    assert held["conflicts"] == held["minimal_conflicts"][0] == ["r1", "size:talous"]
    assert held["relaxations"][0] == {"rules": ["size:talous", "lead:hallinto"], "weight": 11}
    assert held["conflicts_complete"] is True
    assert read_organisation(folder / "organisation.json") == office()
    assert read_policy(folder / "policy.toml") == Policy()
    capsys.readouterr()
    assert main(["check", "office.json", "out"]) == 3
    said = capsys.readouterr().out
    assert "The proposal holds no plan: its status is infeasible." in said
    assert "differs" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language(
    language: str,
    office_file: Path,
    answer: Callable[[Answer], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    for complete in (True, False):
        answer(lambda o, p, c=complete: failure(o, p, conflicts_complete=c))  # type: ignore[misc]
        assert main(["propose", "office.json", "--language", language]) == 3
        out = capsys.readouterr().out
        for name in ("r1", "size:talous", "lead:hallinto"):
            out = out.replace(f"{name}:", "")
        assert "(" + {"en": "weight", "fi": "paino", "sv": "vikt"}[language] + " 11):" in out
        if language != "en":
            assert words(out) & english(language) == set()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"conflicts_complete": False}, "There may be more conflicts and ways out than these."),
        ({"minimal_conflicts": ((),)}, "  There is no team to place anybody in."),
    ],
)
def test_the_last_word(
    changes: dict[str, Any],
    said: str,
    office_file: Path,
    answer: Callable[[Answer], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer(lambda organisation, policy: failure(organisation, policy, **changes))
    assert main(["propose", "office.json"]) == 3
    before_the_files = capsys.readouterr().out.split("\n\nFiles\n")[0]
    assert before_the_files.splitlines()[-1] == said


def test_it_is_written_over_by_the_next(
    folder: Path, answer: Callable[[Answer], dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".DS_Store").write_bytes(b"")
    answer(lambda organisation, policy: failure(organisation, policy, conflicts_complete=False))
    assert main(["propose", "office.json", "--out", "out"]) == 3
    assert list(written(folder)) == [".DS_Store", *WITHOUT_PLAN]
    held = json.loads((folder / "proposal.json").read_text(encoding="utf-8"))
    assert held["conflicts_complete"] is False
    answer(office_proposal)
    assert main(["propose", "office.json", "--out", "out"]) == 0
    assert list(written(folder)) == [".DS_Store", *WITH_PLAN]
    with_plan = written(folder)
    capsys.readouterr()
    answer(failure)
    assert main(["propose", "office.json", "--out", "out"]) == 3
    assert capsys.readouterr().err == "Nothing was written.\n"
    assert written(folder) == with_plan


def test_nothing_found_in_time_leaves_it(
    folder: Path, answer: Callable[[Answer], dict[str, Any]]
) -> None:
    before = written(folder)
    answer(lambda organisation, policy: office_failure(organisation, "unknown"))
    assert main(["propose", "office.json", "--out", "out"]) == 4
    assert written(folder) == before


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new)

    return change


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("organisation.json", replaced(b"bookkeeper", b"accountant")),
        ("proposal.json", replaced(b'"seed": 0', b'"seed": 1')),
        ("policy.toml", replaced(b"min_fit = 3 ", b"min_fit = 4 ")),
        ("policy.toml", replaced(b"# The policy", b"# Our policy")),
        ("policy.toml", lambda content: content + b"# ours\n"),
        ("policy.toml", lambda content: content[:-1]),
        ("policy.toml", lambda content: content.replace(b"\n", b"\r\n")),
    ],
)
def test_what_somebody_changed_is_refused(
    name: str,
    change: Callable[[bytes], bytes],
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (folder / name).write_bytes(change((folder / name).read_bytes()))
    before = written(folder)
    capsys.readouterr()
    assert main(["propose", "office.json", "--out", "out"]) == 2
    assert "Changed or saved since tiimi wrote it: " in (err := capsys.readouterr().err)
    assert name in err
    assert written(folder) == before


@pytest.mark.parametrize("line", [b"", b"[]", b"{", b"{}", b'{"policy.toml": 1}'])
def test_a_seal_that_is_none(line: bytes, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / "policy.toml").read_bytes()
    (folder / "policy.toml").write_bytes(text[: text.rindex(b"{")] + line + b"\n")
    assert main(["propose", "office.json", "--out", "out"]) == 2
    assert "Changed or saved since tiimi wrote it: " in capsys.readouterr().err


def test_without_the_policy_nobody_knows_what_changed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "policy.toml").unlink()
    assert main(["propose", "office.json", "--out", "out"]) == 2
    assert "policy.toml is gone" in capsys.readouterr().err


def test_the_policy_in_it_is_a_policy(folder: Path, known: dict[str, Any]) -> None:
    policy = str(folder / "policy.toml")
    assert main(["propose", "office.json", "--policy", policy, "--out", "other"]) == 0
    assert known["policy"] == Policy()
    assert b"tiimi wrote" not in (folder.parent / "other" / "policy.toml").read_bytes()


@pytest.fixture
def known(folder: Path, answer: Callable[[Answer], dict[str, Any]]) -> dict[str, Any]:
    return answer(office_proposal)


def test_what_cannot_be_written_is_said(
    office_file: Path,
    answer: Callable[[Answer], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("api.output.swap_folder", full)
    answer(failure)
    assert main(["propose", "office.json"]) == 2
    out, err = capsys.readouterr()
    assert "Ways out, cheapest first" in out
    assert "The proposal could not be written: No space left on device." in err


def test_with_the_real_search(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    teams = [team | {"size": {"min": 0, "max": 2}} for team in DATA["teams"]]
    (here / "office.json").write_text(json.dumps(DATA | {"teams": teams}), encoding="utf-8")
    (here / "p.toml").write_text('relaxation_weights = {"size:talous" = 7}', encoding="utf-8")
    options = ["--policy", "p.toml", "--workers", "1", "--time-limit", "30"]
    assert main(["propose", "office.json", *options]) == 3
    out = capsys.readouterr().out
    ways = out[out.index("Ways out") :].splitlines()
    assert ways[1:5] == [
        "  1. Give up (weight 1):",
        "     size:hallinto: hallinto (Administration team) takes 0 to 2 people on the first day.",
        "  2. Give up (weight 7):",
        "     size:talous: talous (Economy team) takes 0 to 2 people on the first day.",
    ]
    assert "There are no other conflicts and no other ways out." in out
    held = json.loads((here / "office-proposal" / "proposal.json").read_text(encoding="utf-8"))
    assert held["conflicts"] == ["size:talous", "size:hallinto"]
    assert read_policy(here / "office-proposal" / "policy.toml") == Policy(
        relaxation_weights={"size:talous": 7}
    )


def test_conflicts_that_share_no_rule_are_got_out_of_one_by_one() -> None:
    """Two choices, two and two: eight ways out in six rows, each rule once."""
    pairs = (("r1", "size:talous"), ("lead:hallinto", "load:E1"), ("tasks:E2", "fit:E1"))
    ways = tuple(Relaxation(rules=names, weight=0) for names in product(*pairs))
    fields = {"minimal_conflicts": pairs, "relaxations": ways}
    explainer = Explainer(office(), Policy(), Texts())
    told = "\n".join(conflicts_told(failure(office(), Policy(), **fields), explainer))
    rows = told.partition("Ways out")[2]
    for name in (name for pair in pairs for name in pair):
        assert rows.count(f"    {name}: ") == 1
    assert rows.count("Give up (weight") == 6
    for number in (1, 2, 3):
        assert f"Of conflict {number}, one of these:" in rows
    # As long as there may be other conflicts, nothing is said that was not tried.
    fields |= {"conflicts_complete": False}
    told = "\n".join(conflicts_told(failure(office(), Policy(), **fields), explainer))
    assert told.count("Give up (weight") == 8


def test_conflicts_that_share_rules_are_one_group() -> None:
    found = independent([("a", "b"), ("c",), ("d", "e"), ("b", "d")])
    assert found == [{"a", "b", "d", "e"}, {"c"}]
