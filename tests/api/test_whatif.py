"""`tiimi whatif` on the example: what it says and writes, and what it refuses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from api.main import main
from api.policy_file import read_policy
from api.texts import LANGUAGES, Texts
from models.carrying import carry, keeping
from models.evaluation import evaluate
from models.policy import Policy
from models.proposal import Proposal
from models.reading import scenario_from
from models.tables import read_organisation
from tests.api.test_languages import english, words
from tests.api.test_propose import written

pytestmark = pytest.mark.usefixtures("quick_report")

Row = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = [
    "difference.json",
    "difference.xlsx",
    "organisation.json",
    "policy.toml",
    "proposal.json",
    "proposal.xlsx",
    "report.html",
]
SPRING = ["--effective", "2027-03-01", "--workers", "1"]
E6_LEAVES = ["--leaves", "E6@2027-06-01"]


@pytest.fixture(scope="session")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's proposal, as `tiimi propose` writes it."""
    folder = tmp_path_factory.mktemp("example") / "base"
    command = ["propose", str(ROOT / "fixtures" / "example"), "--out", str(folder)]
    assert main([*command, "--workers", "1"]) == 0
    return folder


@pytest.fixture
def base(proposed: Path, here: Path) -> Path:
    """A copy of it, in the current folder."""
    return Path(shutil.copytree(proposed, here / "base"))


@pytest.fixture
def whatif(base: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs the command on the base; gives back what it says."""

    def run(*args: str, code: int = 0, of: str = "base") -> str:
        capsys.readouterr()
        assert main(["whatif", of, *args]) == code
        return capsys.readouterr().out

    return run


@pytest.fixture
def refused(base: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """Runs the command where it must refuse, and write nothing; gives back what it told."""

    def run(*args: str) -> list[str]:
        before = everything(base.parent)
        capsys.readouterr()
        assert main(["whatif", *args]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert everything(base.parent) == before
        return told.err.splitlines()

    return run


def everything(folder: Path) -> dict[str, bytes]:
    """All files below a folder, with their contents."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def codes(lines: list[str]) -> list[str]:
    return [line.rsplit("[", 1)[1].removesuffix("]") for line in lines]


def json_in(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def difference_of(folder: Path) -> Row:
    found: Row = json_in(folder, "difference.json")["difference"]
    return found


def by_id(rows: list[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in rows}


def check(folder: Path, base: Path) -> None:
    """What a what-if's folder says follows from the base's and the scenario in it."""
    assert sorted(written(folder)) == NAMES
    data = json_in(folder, "difference.json")
    policy = read_policy(folder / "policy.toml")
    assert policy == read_policy(base / "policy.toml")
    proposal, accepted = (
        Proposal.model_validate_json((x / "proposal.json").read_bytes()) for x in (folder, base)
    )
    organisation = read_organisation(folder / "organisation.json", policy)
    carried = carry(
        read_organisation(base / "organisation.json", policy),
        policy,
        accepted.plan,
        scenario_from(data["scenario"]),
    )
    assert organisation == carried.organisation
    assert data["before"] == carried.before.model_dump(mode="json")
    assert data["held_before"] == {q: sorted(people) for q, people in carried.held.items()}
    solved = keeping(policy, last=data["allow_moves"] is not None)
    evaluation = evaluate(organisation, solved, proposal.plan, carried.held)
    assert evaluation.violations == ()
    assert [x.value for x in proposal.levels] == [evaluation.value(x) for x in solved.levels]
    assert [x.level for x in proposal.levels] == [x.name for x in solved.levels]
    after = {goal["goal"]: goal["after"] for goal in data["difference"]["goals"]}
    assert after == evaluation.costs
    assert data["moves"] == evaluation.costs["team_changes"]
    assert data["status"] == proposal.status


# What it answers


def test_somebody_leaves(whatif: Callable[..., str], base: Path) -> None:
    """Permits are E5's until 2027-12-01, and were to be E6's then; there is no other official.

    So they are not covered from then to 2029-01-01: 31 + 366 = 397 days. The desk needs two
    people: E7, E6 and E5 know it, two of them leave, and so does E8 of the other team, who moves.
    """
    lines = whatif(*SPRING, *E6_LEAVES, "--out", "answer").splitlines()
    assert "From 2027-03-01 on; what was before is history." in lines
    assert "Proven optimal: no valid plan is better, level by level." in lines
    assert "Changes team: 1 person." in lines
    assert ["statutory", "397", "397", "397", "proven"] in [line.split()[:5] for line in lines]
    assert "  E8        service secretary  Economy team  Service team" in lines
    found = difference_of(base.parent / "answer")
    assert (found["came"], found["went"]) == ([], [])
    assert found["moved"] == [{"employee": "E8", "before": "economy", "after": "service"}]
    assert found["first_broken"] == [
        {
            "task": "T1",
            "before": None,
            "after": "2027-12-01",
            "known_before": True,
            "known_after": True,
        }
    ]
    check(base.parent / "answer", base)


def test_without_events_nothing_changes(whatif: Callable[..., str], base: Path) -> None:
    out = whatif(*SPRING, "--out", "answer")
    assert "Changes team: 0 people." in out
    assert "Nothing changes." in out
    found = difference_of(base.parent / "answer")
    assert {key for key, rows in found.items() if rows} == {"goals", "first_broken"}
    assert [g for g in found["goals"] if g["before"] != g["after"]] == []
    check(base.parent / "answer", base)


def test_by_default_it_begins_with_the_base_and_is_named_after_it(
    whatif: Callable[..., str], base: Path
) -> None:
    out = whatif("--stays", "E1", "--workers", "1")
    assert "From 2026-09-01 on; what was before is history." in out
    (folder,) = base.parent.glob("base-whatif*")
    assert json_in(folder, "organisation.json")["horizon"] == {
        "start": "2026-09-01",
        "end": "2029-01-01",
    }
    assert "leaves" not in by_id(json_in(folder, "organisation.json")["employees"])["E1"]
    check(folder, base)


def test_the_base_stays_as_it_was(whatif: Callable[..., str], base: Path, proposed: Path) -> None:
    whatif(*SPRING, *E6_LEAVES)
    assert written(base) == written(proposed)


OPTIONS = [
    *("--leaves", "E6@2027-06-01", "--leaves", "E3@2028-06-01"),
    *("--stays", "E1"),
    *("--absent", "E2@2027-07-01..2027-08-01"),
    *("--learns", "E8:permits:2", "--learns", "E7:desk:1"),
    *("--task-ends", "T4@2028-01-01"),
    *("--demand", "service:4@2027-06-01", "--demand", "service:3@2028-01-01"),
    *("--drop-rule", "R1"),
]
EVENTS: list[Row] = [
    {"kind": "leaves", "employee": "E6", "date": "2027-06-01"},
    {"kind": "leaves", "employee": "E3", "date": "2028-06-01"},
    {"kind": "stays", "employee": "E1"},
    {"kind": "absent", "employee": "E2", "start": "2027-07-01", "end": "2027-08-01"},
    {"kind": "learns", "employee": "E8", "skill": "permits", "level": 2},
    {"kind": "learns", "employee": "E7", "skill": "desk", "level": 1},
    {"kind": "task_ends", "task": "T4", "date": "2028-01-01"},
    {"kind": "demand", "team": "service", "people": 4, "from": "2027-06-01"},
    {"kind": "demand", "team": "service", "people": 3, "from": "2028-01-01"},
    {"kind": "drop_rule", "id": "R1"},
]
"""The same."""


def test_options_are_events(whatif: Callable[..., str], base: Path) -> None:
    whatif(*SPRING, *OPTIONS, "--out", "answer")
    folder = base.parent / "answer"
    assert json_in(folder, "difference.json")["scenario"] == {
        "effective": "2027-03-01",
        "events": EVENTS,
    }
    organisation = json_in(folder, "organisation.json")
    people, tasks = by_id(organisation["employees"]), by_id(organisation["tasks"])
    assert people["E6"]["leaves"] == {
        "date": "2027-06-01",
        "reason": "other",
        "source": "decided",
    }
    assert "leaves" not in people["E1"]
    assert people["E2"]["absences"] == [{"start": "2027-07-01", "end": "2027-08-01"}]
    assert people["E8"]["skills"]["permits"] == 2
    assert people["E7"]["skills"]["desk"] == 3
    assert tasks["T4"]["active"] == {"end": "2028-01-01"}
    assert by_id(organisation["teams"])["service"]["demand"] == [
        {"from": "2027-06-01", "people": 4},
        {"from": "2028-01-01", "people": 3},
    ]
    assert organisation.get("rules", []) == []
    check(folder, base)


WHOLE: Row = {
    "name": "A year of changes",
    "effective": "2027-03-01",
    "events": [
        *EVENTS,
        {
            "kind": "joins",
            "employee": {
                "id": "H1",
                "title": "permit secretary",
                "office_holder": True,
                "skills": {"permits": 2, "desk": 2},
                "joins": "2027-04-01",
                "interest": {"service": 2, "economy": 0},
            },
        },
        {
            "kind": "task_starts",
            "task": {"id": "T6", "kind": "ordinary", "skill": "desk", "handover_days": 30},
        },
        {
            "kind": "rule",
            "rule": {"id": "N1", "kind": "forbid", "employee": "E4", "team": "service"},
        },
    ],
}
TOML = """
name = "A year of changes"
effective = 2027-03-01
events = [
    {kind = "leaves", employee = "E6", date = 2027-06-01},
    {kind = "leaves", employee = "E3", date = "2028-06-01"},
    {kind = "stays", employee = "E1"},
    {kind = "absent", employee = "E2", start = 2027-07-01, end = 2027-08-01},
    {kind = "learns", employee = "E8", skill = "permits", level = 2},
    {kind = "learns", employee = "E7", skill = "desk", level = 1},
    {kind = "task_ends", task = "T4", date = 2028-01-01},
    {kind = "demand", team = "service", people = 4, from = 2027-06-01},
    {kind = "demand", team = "service", people = 3, from = 2028-01-01},
    {kind = "drop_rule", id = "R1"},
    {kind = "joins", employee = {id = "H1", title = "permit secretary", office_holder = true, \
skills = {permits = 2, desk = 2}, joins = 2027-04-01, interest = {service = 2, economy = 0}}},
    {kind = "task_starts", task = {id = "T6", kind = "ordinary", skill = "desk", \
handover_days = 30}},
    {kind = "rule", rule = {id = "N1", kind = "forbid", employee = "E4", team = "service"}},
]
""".replace("\\\n", "")
"""The same, with days as TOML writes them, and one as text."""


def test_a_scenario_file_says_all_of_it_and_both_forms_say_the_same(
    whatif: Callable[..., str], base: Path
) -> None:
    here = base.parent
    (here / "year.json").write_text(json.dumps(WHOLE), encoding="utf-8")
    (here / "year.toml").write_text(TOML, encoding="utf-8")
    (here / "list.json").write_text(json.dumps({"scenarios": [WHOLE]}), encoding="utf-8")
    for name in ("year.json", "year.toml", "list.json"):
        out = whatif("--scenario", name, "--out", f"{name}-answer", "--workers", "1")
        assert out.startswith("A year of changes\n")
        check(here / f"{name}-answer", base)
    one, two, three = (
        written(here / f"{name}-answer") for name in ("year.json", "year.toml", "list.json")
    )
    assert one["organisation.json"] == two["organisation.json"] == three["organisation.json"]
    assert one["difference.json"] == two["difference.json"] == three["difference.json"]
    found = json_in(here / "year.toml-answer", "difference.json")
    assert found["scenario"] == WHOLE
    assert found["difference"]["came"] == [{"employee": "H1", "team": "service"}]
    organisation = json_in(here / "year.toml-answer", "organisation.json")
    assert [e["id"] for e in organisation["employees"]][-1] == "H1"
    assert [q["id"] for q in organisation["tasks"]][-1] == "T6"
    assert [r["id"] for r in organisation["rules"]] == ["N1"]


def test_a_hire_covers_what_nobody_could(whatif: Callable[..., str], base: Path) -> None:
    """H1 comes on 2027-04-01, is an official and learns permits in 120 days: by August."""
    events = [WHOLE["events"][0], *WHOLE["events"][-3:-2]]
    (base.parent / "hire.json").write_text(json.dumps(WHOLE | {"events": events}))
    whatif("--scenario", "hire.json", "--out", "answer", "--workers", "1")
    found = difference_of(base.parent / "answer")
    assert [x["after"] for x in found["first_broken"]] == [None]
    (permits,) = [x for x in found["tasks"] if x["task"] == "T1"]
    assert [x["employee"] for x in permits["after"]] == ["E5", "H1"]
    assert permits["after"][1]["start"] == "2027-12-01"


# So many people may move


def test_so_many_people_may_move(whatif: Callable[..., str], base: Path) -> None:
    """Nobody: then of the two people the desk needs, E7 alone is left when E5 has gone too.

    That is from 2027-12-01 to 2029-01-01, 31 + 366 days. One: E8, as ever; and no more than that.
    """
    for most, moves in ((0, 0), (1, 1), (8, 1)):
        out = whatif(*SPRING, *E6_LEAVES, "--allow-moves", str(most), "--out", f"k{most}")
        folder = base.parent / f"k{most}"
        data = json_in(folder, "difference.json")
        assert (data["allow_moves"], data["moves"]) == (most, moves)
        assert f"Changes team: {moves} {'person' if moves == 1 else 'people'}." in out
        assert json_in(folder, "proposal.json")["levels"][-1]["level"] == "keep"
        check(folder, base)
    goals = {
        k: {g["goal"]: g["after"] for g in difference_of(base.parent / k)["goals"]}
        for k in ("k0", "k1")
    }
    assert (goals["k0"]["skill_shortage"], goals["k1"]["skill_shortage"]) == (397, 0)


def test_fewer_moves_than_a_rule_demands_are_too_few(
    whatif: Callable[..., str], base: Path
) -> None:
    rule = {"id": "N1", "kind": "pin", "employee": "E4", "team": "service"}
    scenario = {"effective": "2027-03-01", "events": [{"kind": "rule", "rule": rule}]}
    (base.parent / "pin.json").write_text(json.dumps(scenario))
    out = whatif("--scenario", "pin.json", "--allow-moves", "0", code=3)
    assert out.startswith("No valid plan exists.\n")
    assert "\n  moves:" in out
    assert sorted(path.name for path in base.parent.iterdir()) == ["base", "pin.json"]


def test_the_trade_between_moves_and_the_rest(whatif: Callable[..., str], base: Path) -> None:
    """With two hires for the desk and the permits E6 may go to economy, the grade asked for.

    Grade 1 costs 3 * 1, grade 2 nothing: people is 6 without a move, 3 with one.
    """
    hire = {"office_holder": True, "skills": {"permits": 2, "desk": 2}, "interest": {"service": 2}}
    events = [
        *({"kind": "joins", "employee": {"id": name, **hire}} for name in ("H1", "H2")),
        *({"kind": "learns", "employee": e, "skill": "desk", "level": 2} for e in ("E1", "E2")),
        {"kind": "stays", "employee": "E5"},
    ]
    scenario = {"effective": "2027-03-01", "events": events}
    (base.parent / "hires.json").write_text(json.dumps(scenario), encoding="utf-8")
    before = everything(base.parent)
    lines = whatif("--scenario", "hires.json", "--frontier").splitlines()
    head = next(line.split() for line in lines if line.split()[:1] == ["allowed"])
    levels = ["statutory", "continuity", "people", "stability", "substitutes", "keep"]
    assert head == ["allowed", "people", "moved", *levels, "status"]
    rows = [line.split() for line in lines if line.strip()[:1].isdigit()]
    assert [(row[0], row[1], row[4], row[-1]) for row in rows] == [
        ("0", "0", "6", "proven"),
        ("1", "1", "3", "proven"),
    ]
    assert everything(base.parent) == before


# Languages


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_nothing_is_left_in_english(language: str, whatif: Callable[..., str], base: Path) -> None:
    texts = Texts(language)
    (base.parent / "year.json").write_text(json.dumps(WHOLE), encoding="utf-8")
    out = whatif("--scenario", "year.json", "--out", "answer", "--language", language)
    assert texts("whatif.from", day="2027-03-01") in out
    assert texts("section.files") in out
    data = words([x.read_text(encoding="utf-8-sig") for x in _example()]) | words(WHOLE)
    known = data | words(NAMES) | words("tiimi answer")
    assert words(out) & english(language) - known == set()
    book = openpyxl.load_workbook(base.parent / "answer" / "difference.xlsx")
    cells = [c.value for sheet in book.worksheets for row in sheet.iter_rows() for c in row]
    left = words(book.sheetnames) | words([c for c in cells if isinstance(c, str)])
    assert left & english(language) - known == set()
    check(base.parent / "answer", base)


def _example() -> list[Path]:
    return sorted((ROOT / "fixtures" / "example").glob("*.csv"))


def test_the_language_changes_no_answer(whatif: Callable[..., str], base: Path) -> None:
    for language in ("en", "fi", "sv"):
        whatif(*SPRING, *E6_LEAVES, "--language", language, "--out", language)
    one, two, three = (written(base.parent / x) for x in ("en", "fi", "sv"))
    for name in ("difference.json", "organisation.json"):
        assert one[name] == two[name] == three[name]


def test_the_difference_as_a_workbook(whatif: Callable[..., str], base: Path) -> None:
    whatif(*SPRING, *E6_LEAVES, "--out", "answer")
    book = openpyxl.load_workbook(base.parent / "answer" / "difference.xlsx")
    rows = {
        sheet.title: [[c.value for c in row] for row in sheet.iter_rows()]
        for sheet in book.worksheets
    }
    texts = Texts("en")
    moved = ["E8", "service secretary", "Economy team", "Service team"]
    assert any(moved == row for sheet in rows.values() for row in sheet)
    goals = next(sheet for sheet in rows.values() if len(sheet) == 21)
    assert [row[0] for row in goals[1:]] == [
        g["goal"] for g in difference_of(base.parent / "answer")["goals"]
    ]
    assert texts("column.before") in [str(x) for x in goals[0]]


# A what-if of a what-if


def test_a_what_if_is_the_base_of_another(whatif: Callable[..., str], base: Path) -> None:
    """E6 is told to leave; then, later, that E8 leaves as well; then nothing."""
    here = base.parent
    whatif(*SPRING, *E6_LEAVES, "--out", "first")
    later = ["--effective", "2027-09-01", "--workers", "1"]
    whatif(*later, "--leaves", "E8@2028-01-01", "--out", "second", of="first")
    check(here / "second", here / "first")
    people = by_id(json_in(here / "second", "organisation.json")["employees"])
    assert people["E6"]["leaves"]["date"] == "2027-06-01"
    assert people["E8"]["team"] == "service"
    assert json_in(here / "second", "proposal.json")["not_in_service"] == ["E1", "E6"]
    out = whatif(*later, "--out", "third", of="second")
    assert "Nothing changes." in out
    check(here / "third", here / "second")


def test_also_of_one_in_which_people_might_move(whatif: Callable[..., str], base: Path) -> None:
    whatif(*SPRING, *E6_LEAVES, "--allow-moves", "1", "--out", "first")
    whatif("--effective", "2027-09-01", "--allow-moves", "0", "--out", "second", of="first")
    check(base.parent / "second", base.parent / "first")
    assert json_in(base.parent / "second", "proposal.json")["status"] == "optimal"


def test_history_cannot_be_changed(whatif: Callable[..., str], base: Path, refused: Any) -> None:
    whatif(*SPRING, *E6_LEAVES, "--out", "first")
    lines = refused("first", "--effective", "2027-02-01", "--stays", "E6")
    assert codes(lines) == ["out_of_horizon"]


def test_an_older_answer_is_written_over_and_a_changed_one_is_not(
    whatif: Callable[..., str], base: Path, refused: Callable[..., list[str]]
) -> None:
    whatif(*SPRING, *E6_LEAVES, "--out", "answer")
    whatif(*SPRING, "--out", "answer")
    check(base.parent / "answer", base)
    assert difference_of(base.parent / "answer")["moved"] == []
    (base.parent / "answer" / "difference.json").write_text("{}", encoding="utf-8")
    assert codes(refused("base", *SPRING, "--out", "answer")) == ["changed_by_hand"]
    (base.parent / "mine").mkdir()
    (base.parent / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    assert codes(refused("base", *SPRING, "--out", "mine")) == ["foreign_files"]


def test_a_trade_with_one_point_says_that_there_is_no_more(whatif: Callable[..., str]) -> None:
    out = whatif(*SPRING, *E6_LEAVES, "--frontier")
    texts = Texts()
    assert out.endswith(f"\n{texts('frontier.nothing_more')}\n")
    assert texts("frontier.explained")[:40] not in out


def test_all_mistakes_of_the_options_are_told_at_once(refused: Callable[..., list[str]]) -> None:
    mistakes = ["--leaves", "E66@2027-06-01", "--stays", "E77", "--learns", "E2:payroll:9"]
    lines = refused("base", *SPRING, *mistakes, "--absent", "E2", "--drop-rule", "R9")
    places = [line.partition(":")[0].split()[0] for line in lines]
    told = dict(zip(places, codes(lines), strict=True))
    assert told == {
        "--leaves": "unknown_id",
        "--stays": "unknown_id",
        "--learns": "out_of_range",
        "--absent": "bad_option",
        "--drop-rule": "unknown_id",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_departure_before_the_change_is_told(
    language: str, whatif: Callable[..., str], base: Path
) -> None:
    out = whatif("--effective", "2027-03-01", "--leaves", "E6@2027-01-10", "--language", language)
    texts = Texts(language)
    said = texts("odd.event_in_history", employee="E6", date="2027-01-10", day="2027-03-01")
    assert said in " ".join(out.split())
    warnings = json.loads(Path("base-whatif/proposal.json").read_text(encoding="utf-8"))["warnings"]
    assert [w["code"] for w in warnings] == ["event_in_history"]
    assert said not in " ".join(whatif(*SPRING, *E6_LEAVES, "--language", language).split())


def test_changes_in_the_workbook_are_numbers(whatif: Callable[..., str], base: Path) -> None:
    whatif(*SPRING, *E6_LEAVES)
    sheet = openpyxl.load_workbook("base-whatif/difference.xlsx")["Goals"]
    heads, *rows = sheet.iter_rows()
    before, after, change = (
        next(i for i, cell in enumerate(heads) if cell.value == Texts()(f"column.{key}"))
        for key in ("before", "after", "change")
    )
    assert any(row[change].value for row in rows)
    for row in rows:
        assert row[change].value == row[after].value - row[before].value
        assert row[change].number_format == "+0;-0;0"


@pytest.mark.parametrize("out", ["base", "base/", "linked", "base/../base", "other/../base"])
def test_its_own_base_is_not_written_over(
    out: str, base: Path, refused: Callable[..., list[str]]
) -> None:
    (base.parent / "linked").symlink_to(base)
    (base.parent / "other").mkdir()
    assert codes(refused("base", *SPRING, "--out", out)) == ["own_base"]
    assert codes(refused("linked", *SPRING, "--out", "base")) == ["own_base"]


# What cannot be


def test_an_infeasible_scenario_is_3_and_names_its_conflict(
    whatif: Callable[..., str], base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """R1 of the example pins E7 to the service team."""
    rule = {"id": "N1", "kind": "pin", "employee": "E7", "team": "economy"}
    scenario = {"effective": "2027-03-01", "events": [{"kind": "rule", "rule": rule}]}
    (base.parent / "both.json").write_text(json.dumps(scenario), encoding="utf-8")
    before = everything(base.parent)
    out = whatif("--scenario", "both.json", code=3)
    assert "No valid plan exists." in out
    named = [line.split(":")[0].strip() for line in out.splitlines() if ":" in line]
    assert {"R1", "N1"} <= set(named)
    assert everything(base.parent) == before


def test_no_time_is_4_and_writes_nothing(whatif: Callable[..., str], base: Path) -> None:
    before = everything(base.parent)
    out = whatif(*SPRING, "--time-limit", "0.000001", code=4)
    assert "No plan was found in time" in out
    assert everything(base.parent) == before


# Wrong options


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["base", "--effective", "soon"],
        ["base", "--effective", "2027-02-30"],
        ["base", "--allow-moves", "-1"],
        ["base", "--allow-moves", "few"],
        ["base", "--leaves"],
        ["base", "--language", "de"],
        ["base", "--eff", "2027-03-01"],
        ["base", "--joins", "E9"],
    ],
)
def test_wrong_usage_is_2(args: list[str], refused: Callable[..., list[str]]) -> None:
    assert refused(*args)[0].startswith("usage: tiimi")


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("leaves", "E6"),
        ("leaves", "@2027-06-01"),
        ("absent", "E6@2027-06-01"),
        ("learns", "E6:permits"),
        ("learns", "E6:permits:two"),
        ("task-ends", "T1"),
        ("demand", "service@2027-06-01"),
        ("demand", "service:-1@2027-06-01"),
        ("stays", ""),
    ],
)
def test_an_option_written_wrong_shows_how_to_write_it(
    option: str, text: str, refused: Callable[..., list[str]]
) -> None:
    (line,) = refused("base", *SPRING, f"--{option}", text)
    assert line.startswith(f"--{option}: {text!r} is not written like ")
    assert f"For example: --{option} " in line
    assert line.endswith("[bad_option]")


@pytest.mark.parametrize(
    ("option", "text", "code"),
    [
        ("leaves", "E6@2027-02-30", "bad_date"),
        ("leaves", "E6@1.6.2027", "bad_date"),
        ("absent", "E6@2027-06-01..soon", "bad_date"),
        ("learns", "E6:permits:4", "out_of_range"),
        ("demand", "service:99999999999@2027-06-01", "out_of_range"),
        ("stays", "E1,E2", "bad_text"),
    ],
)
def test_what_is_wrong_within_an_option_is_told_with_it(
    option: str, text: str, code: str, refused: Callable[..., list[str]]
) -> None:
    (line,) = refused("base", *SPRING, f"--{option}", text)
    assert line.startswith(f"--{option} {text}: ")
    assert codes([line]) == [code]


@pytest.mark.parametrize(
    ("option", "text", "near"),
    [
        ("leaves", "E66@2027-06-01", "'E6'"),
        ("stays", "E66", "'E6'"),
        ("absent", "E66@2027-06-01..2027-07-01", "'E6'"),
        ("learns", "E6:permit:2", "'permits'"),
        ("task-ends", "T11@2027-06-01", "'T1'"),
        ("demand", "servise:4@2027-06-01", "'service'"),
        ("drop-rule", "R11", "'R1'"),
    ],
)
def test_an_unknown_id_names_the_nearest(
    option: str, text: str, near: str, refused: Callable[..., list[str]]
) -> None:
    (line,) = refused("base", *SPRING, f"--{option}", text)
    assert f"Did you mean {near}?" in line
    assert codes([line]) == ["unknown_id"]


def test_all_that_is_wrong_with_events_is_told_at_once(
    refused: Callable[..., list[str]],
) -> None:
    wrong = ["--leaves", "E66@2027-06-01", "--learns", "E77:permit:2", "--drop-rule", "R9"]
    lines = refused("base", "--effective", "2031-01-01", *wrong)
    assert sorted(codes(lines)) == ["out_of_horizon", *["unknown_id"] * 4]


def test_a_file_or_options_but_not_both(refused: Callable[..., list[str]], base: Path) -> None:
    (base.parent / "year.json").write_text(json.dumps(WHOLE), encoding="utf-8")
    for more in (["--effective", "2027-03-01"], ["--stays", "E1"]):
        (line,) = refused("base", "--scenario", "year.json", *more)
        assert line.startswith("--scenario: ")
        assert codes([line]) == ["bad_option"]


# Wrong files


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.json", b"{", "bad_json"),
        ("x.json", b'{"effective": NaN}', "not_finite"),
        ("x.json", b"\xff", "bad_encoding"),
        ("x.json", b"[]", "wrong_type"),
        ("x.json", b'"2027-03-01"', "wrong_type"),
        ("x.json", b"null", "wrong_type"),
        ("x.json", b"{}", "missing"),
        ("x.json", b'{"scenarios": []}', "wrong_type"),
        ("x.json", b'{"scenarios": {}}', "wrong_type"),
        ("x.json", b'{"scenarios": [{}], "name": "x"}', "wrong_type"),
        ("x.json", b'{"effective": "2027-03-01", "events": {}}', "wrong_type"),
        ("x.json", b'{"effective": "2027-03-01", "events": [{"kind": "\\ud800"}]}', "bad_text"),
        ("x.json", b"[" * 100_000, "too_deep"),
        ("x.json", b" " * 1_000_001, "too_large"),
        ("x.toml", b"effective = ", "bad_toml"),
        ("x.toml", b"effective = 2027-02-30", "bad_toml"),
        ("x.toml", b"effective = 2027-03-01T10:00:00", "bad_date"),
        ("x.toml", b"effective = 10:00:00", "bad_date"),
        ("x.toml", b"effective = \xff", "bad_encoding"),
        ("x.toml", b"a = " + b"[" * 100_000, "bad_toml"),
        ("x.toml", b"", "empty_file"),
        ("x.toml", b"# nothing", "missing"),
        ("x.yaml", b"effective: 2027-03-01", "unknown_form"),
    ],
)
def test_what_is_no_scenario_is_told_with_its_file(
    name: str, content: bytes, code: str, refused: Callable[..., list[str]], base: Path
) -> None:
    (base.parent / name).write_bytes(content)
    (line,) = refused("base", "--scenario", name)
    assert line.startswith(name)
    assert codes([line]) == [code]


def test_no_file_at_all(refused: Callable[..., list[str]]) -> None:
    assert codes(refused("base", "--scenario", "nothing.json")) == ["not_found"]
    assert len(refused("base", "--scenario", ".")) == 1


def test_all_issues_of_a_file_are_told_at_once(
    refused: Callable[..., list[str]], base: Path
) -> None:
    wrong = {
        "effectiv": "2027-03-01",
        "events": [
            {"kind": "leaves", "date": "2027-02-30"},
            {"kind": "dies"},
            {"kind": "joins", "employee": {"id": "H1", "skils": {}, "fte": 0}},
            {"kind": "rule", "rule": {"id": "N1", "kind": "pin", "employee": "E1"}},
        ],
    }
    (base.parent / "x.json").write_text(json.dumps(wrong), encoding="utf-8")
    lines = refused("base", "--scenario", "x.json")
    assert sorted(
        (line.split(": ")[0].removeprefix("x.json, "), *codes([line])) for line in lines
    ) == [
        ("x.json.effectiv", "unknown_field"),
        ("x.json.effective", "missing"),
        ("x.json.events[0].date", "bad_date"),
        ("x.json.events[0].employee", "missing"),
        ("x.json.events[1].kind", "unknown_kind"),
        ("x.json.events[2].employee.fte", "out_of_range"),
        ("x.json.events[2].employee.skills", "missing"),
        ("x.json.events[2].employee.skils", "unknown_field"),
        ("x.json.events[3].rule.team", "missing"),
    ]


def test_what_a_file_brings_must_fit_the_base(
    refused: Callable[..., list[str]], base: Path
) -> None:
    """E1 is there already; nobody knows the team or the skill; 5 has no price."""
    hire = {"id": "H1", "skills": {"law": 2}, "team": "west", "interest": {"service": 5}}
    events = [
        {"kind": "joins", "employee": {"id": "E1", "skills": {}}},
        {"kind": "joins", "employee": hire},
        {"kind": "stays", "employee": "E66"},
    ]
    scenario = {"effective": "2027-03-01", "events": events}
    (base.parent / "x.json").write_text(json.dumps(scenario), encoding="utf-8")
    assert sorted(codes(refused("base", "--scenario", "x.json"))) == [
        "duplicate_id",
        "unknown_id",
        "unknown_id",
        "unknown_id",
        "unpriced_grade",
    ]


def test_many_scenarios_are_for_another_command(
    refused: Callable[..., list[str]], base: Path
) -> None:
    many = {"scenarios": [WHOLE, WHOLE]}
    (base.parent / "many.json").write_text(json.dumps(many), encoding="utf-8")
    assert codes(refused("base", "--scenario", "many.json")) == ["many_scenarios"]
    many = {"scenarios": [WHOLE, {"effective": "soon"}, {"effective": "2027-03-01", "x": 1}]}
    (base.parent / "many.json").write_text(json.dumps(many), encoding="utf-8")
    lines = refused("base", "--scenario", "many.json")
    assert [line.split(": ")[0] for line in lines] == [
        "many.json, scenarios[1].effective",
        "many.json, scenarios[2].x",
    ]


# Wrong bases


def change(folder: Path, name: str, edit: Callable[[Row], object]) -> None:
    data = json_in(folder, name)
    edit(data)
    (folder / name).write_text(json.dumps(data), encoding="utf-8")


INVALID: dict[str, Callable[[Row], object]] = {
    "somebody in no team": lambda plan: plan["placements"].pop(),
    "somebody in another team": lambda plan: plan["placements"][6].update(team="economy"),
    "no leader": lambda plan: plan["leads"].pop(),
    "a task held too early": lambda plan: plan["holders"][1].update(start="2027-01-01"),
    "a substitute of another team": lambda plan: plan["substitutes"][0].update(substitute="E5"),
    "nothing at all": lambda plan: plan.update(
        status="infeasible", placements=[], leads=[], holders=[], substitutes=[]
    ),
}


@pytest.mark.parametrize("edit", INVALID.values(), ids=INVALID)
def test_a_base_that_is_not_valid_is_refused(
    edit: Callable[[Row], object], refused: Callable[..., list[str]], base: Path
) -> None:
    change(base, "proposal.json", edit)
    (line,) = refused("base", *SPRING, "--out", "answer")
    code = "no_plan" if edit is INVALID["nothing at all"] else "no_valid_plan"
    assert codes([line]) == [code]


def test_a_base_whose_organisation_changed_is_refused(
    refused: Callable[..., list[str]], base: Path
) -> None:
    change(base, "organisation.json", lambda data: data["teams"][0]["size"].update(max=2, min=0))
    assert codes(refused("base", *SPRING)) == ["no_valid_plan"]


@pytest.mark.parametrize("name", ["proposal.json", "organisation.json", "policy.toml"])
def test_a_base_without_a_file_is_refused(
    name: str, refused: Callable[..., list[str]], base: Path
) -> None:
    (base / name).unlink()
    (line,) = refused("base", *SPRING)
    assert f"It holds no {name}." in line
    assert codes([line]) == ["not_found"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b"{}", b'{"status": 5}'])
@pytest.mark.parametrize("name", ["proposal.json", "organisation.json"])
def test_a_base_with_a_broken_file_is_refused(
    name: str, content: bytes, refused: Callable[..., list[str]], base: Path
) -> None:
    (base / name).write_bytes(content)
    lines = refused("base", *SPRING)
    assert lines
    assert all(line.endswith("]") for line in lines)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"held_before": 5, "allow_moves": 1}'])
def test_a_what_if_with_a_broken_difference_is_no_base(
    content: bytes, whatif: Callable[..., str], refused: Callable[..., list[str]], base: Path
) -> None:
    whatif(*SPRING, "--out", "first")
    (base.parent / "first" / "difference.json").write_bytes(content)
    (line,) = refused("first", *SPRING, "--out", "second")
    assert line.startswith("difference.json: ")


@pytest.mark.parametrize("name", ["nowhere", "base/proposal.json"])
def test_what_is_no_folder_is_no_base(
    name: str, refused: Callable[..., list[str]], base: Path
) -> None:
    assert codes(refused(name, *SPRING)) == ["not_found"]


def test_a_policy_with_a_level_called_keep_has_no_what_if(
    refused: Callable[..., list[str]], base: Path
) -> None:
    text = (base / "policy.toml").read_text(encoding="utf-8")
    own = base.parent / "own.toml"
    own.write_text(text.replace('"stability"', '"keep"'), encoding="utf-8")
    assert read_policy(own) != Policy()
    made = ["propose", str(base / "organisation.json"), "--policy", str(own), "--out", "kept"]
    assert main([*made, "--workers", "1"]) == 0
    assert codes(refused("kept", *SPRING)) == ["duplicate_level"]


def test_a_proposal_without_a_plan_says_so_and_why(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is no base: the rules that conflict are named, not people who are in no team."""
    rules = [
        {"id": f"R{i}", "kind": "pin", "employee": "E1", "team": team}
        for i, team in enumerate(("economy", "service"))
    ]
    organisation = json.loads((example / "organisation.json").read_text(encoding="utf-8"))
    Path("both.json").write_text(json.dumps(organisation | {"rules": rules}), encoding="utf-8")
    assert main(["propose", "both.json", "--out", "none", "--workers", "1"]) == 3
    for command in (["whatif", "none", *SPRING], ["why", "none", "E1"], ["alternatives", "none"]):
        capsys.readouterr()
        assert main(command) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert (
            "This proposal has no plan: not all of these rules can hold together: R0, R1." in line
        )
        assert "[no_plan]" in line
        assert "E01" not in line
        assert ".;" not in line
