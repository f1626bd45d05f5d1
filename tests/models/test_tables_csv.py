"""CSV folders: the habits of Finnish spreadsheets, and files that are no tables."""

import os
from datetime import date
from pathlib import Path
from typing import IO, Any

import pytest

from models.issues import InputError
from models.organisation import Organisation
from models.tables import TABLES, frames, limits, read_organisation, write_organisation
from models.tables.limits import MOST_BYTES
from models.tables.text import MOST_IN_CELL
from tests.models.small_tables import (
    GOOD,
    Tables,
    changed,
    good_organisation,
    issues_of,
    write_csv,
)


@pytest.fixture
def good(tmp_path: Path) -> Organisation:
    return good_organisation(tmp_path)


def test_the_good_tables_are_read_as_they_are_meant(good: Organisation) -> None:
    sihteeri, second, third = good.employees
    assert (good.horizon.start, good.horizon.end) == (date(2018, 9, 1), date(2021, 9, 1))
    assert (sihteeri.fte, sihteeri.site_bound, sihteeri.wants) == (100, True, ("E02", "E03"))
    assert (second.fte, second.eligible_teams, second.joins) == (80, ("A", "B"), date(2019, 1, 1))
    assert (third.fte, third.eligible_teams, third.needs_substitute) == (100, None, False)
    assert [team.lead for team in good.teams] == [True, False]
    assert [step.people for step in good.teams[0].demand] == [2, 1]
    assert good.tasks[0].prepared == {"E02": date(2019, 1, 1)}
    assert good.tasks[1].active is None


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separator_encoding_and_line_ends(
    separator: str, encoding: str, end: str, good: Organisation, tmp_path: Path
) -> None:
    folder = write_csv(GOOD, tmp_path / "staff", separator, encoding, end)
    assert read_organisation(folder) == good


def with_title(tables: Tables) -> Tables:
    return {name: [["", ""], *rows[:1], [" "], *rows[1:]] for name, rows in tables.items()}


def test_empty_rows_blanks_and_letter_case_do_not_matter(
    good: Organisation, tmp_path: Path
) -> None:
    padded = {
        name: [[f"\xa0{cell} " for cell in row] for row in rows]
        for name, rows in with_title(GOOD).items()
    }
    padded["skills"][1] = ["ID", "Name"]
    folder = write_csv(padded, tmp_path / "staff")
    (folder / "skills.csv").rename(folder / "Skills.CSV")
    assert read_organisation(folder) == good


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    tables = with_title(changed("tasks", 2, "load", "x\ny"))
    tables["tasks"].append(["t3", "expert", "books", "5"])
    assert issues_of(write_csv(tables, tmp_path / "staff")) == [
        ("not_integer", "tasks.csv, row 4, column load"),
        ("out_of_range", "tasks.csv, row 6, column level"),
    ]


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        (("true", "TRUE", "1", "kyllä", "Ja", "yes", "x", "X", "1,0"), True),
        (("false", "FALSE", "0", "ei", "nej", "No", ""), False),
    ],
)
def test_words_for_yes_and_no(words: tuple[str, ...], meaning: bool, tmp_path: Path) -> None:
    rows = [["id", "takes_more_work"], *([f"E{i:02}", word] for i, word in enumerate(words))]
    tables = {name: GOOD[name] for name in ("organisation", "skills")}
    tables |= {"employees": rows, "teams": [["id", "size_min", "size_max"]]}
    if "1,0" in words:
        assert issues_of(write_csv(tables, tmp_path / "staff")) == [
            ("not_boolean", "employees.csv, row 10, column takes_more_work")
        ]
        rows.pop()
    read = read_organisation(write_csv(tables, tmp_path / "staff"))
    assert {e.takes_more_work for e in read.employees} == {meaning}


def test_in_a_column_of_ticks_an_empty_cell_says_no(tmp_path: Path) -> None:
    tables = changed("employees", 2, "needs_substitute", "x")
    tables["employees"][2][-1] = "X"
    tables["employees"][3][-1] = ""
    read = read_organisation(write_csv(tables, tmp_path / "staff"))
    assert [e.needs_substitute for e in read.employees] == [True, True, False]


@pytest.mark.parametrize(
    ("written", "load"),
    [("100,0", 100), ("100.00", 100), ("40,", 40), ("1 000", 1000), ("12\xa0000,0", 12000)],
)
def test_numbers(written: str, load: int, tmp_path: Path) -> None:
    read = read_organisation(write_csv(changed("tasks", 2, "load", written), tmp_path / "staff"))
    assert read.tasks[0].load == load


@pytest.mark.parametrize("written", ["1.9.2018", "01.09.2018", "1. 9. 2018", "2018-09-01"])
def test_dates(written: str, tmp_path: Path) -> None:
    tables = changed("organisation", 2, "horizon_start", written)
    assert read_organisation(write_csv(tables, tmp_path / "staff")).horizon.start.day == 1


@pytest.mark.parametrize("written", ["-1", "−1"])
def test_negative_grades(written: str, tmp_path: Path) -> None:
    read = read_organisation(write_csv(changed("interest", 2, "grade", written), tmp_path / "s"))
    assert read.employees[0].interest == {"A": -1}


def test_other_files_and_optional_tables(good: Organisation, tmp_path: Path) -> None:
    tables = {name: GOOD[name] for name in ("organisation", "skills", "teams", "employees")}
    folder = write_csv(tables, tmp_path / "staff")
    (folder / "README.md").write_text("Not a table.", encoding="utf-8")
    (folder / "organisation.json").write_text("{}", encoding="utf-8")
    (folder / ".hidden.csv").write_text("x", encoding="utf-8")
    (folder / "plots").mkdir()
    assert read_organisation(folder).tasks == ()
    write_organisation(good, folder)
    assert read_organisation(folder) == good
    assert {"README.md", "organisation.json", ".hidden.csv", "plots"} <= set(os.listdir(folder))


def test_writing_takes_tables_away_that_are_no_longer_needed(
    good: Organisation, tmp_path: Path
) -> None:
    write_organisation(good, tmp_path / "staff")
    write_organisation(good.model_copy(update={"rules": ()}), tmp_path / "staff")
    assert not (tmp_path / "staff" / "rules.csv").exists()
    assert (tmp_path / "staff" / "tasks.csv").exists()


def test_what_would_be_a_formula_is_written_with_an_apostrophe(
    good: Organisation, tmp_path: Path
) -> None:
    write_organisation(good.model_copy(update={"name": "=cmd|' /C calc'!A0"}), tmp_path / "staff")
    text = (tmp_path / "staff" / "organisation.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith("'=cmd")


# File, its content (None: no such file), code and place.
BROKEN = [
    ("skills.csv", b"", "empty_file", "skills.csv"),
    ("skills.csv", b"\xef\xbb\xbf\r\n", "empty_file", "skills.csv"),
    ("tasks.csv", b"\n;;\n", "empty_table", "tasks.csv"),
    ("organisation.csv", None, "missing_table", "organisation.csv"),
    ("teams.csv", None, "missing_table", "teams.csv"),
    ("teams.csv", b"id\0size", "nul_bytes", "teams.csv"),
    ("demand.csv", "team;from".encode("utf-16"), "bad_encoding", "demand.csv"),
    ("needs.csv", b"team;skill;\x81", "bad_encoding", "needs.csv"),
    ("interest.csv", b'employee;team;grade\n"E01;A;2\n', "bad_quotes", "interest.csv, row 2"),
    ("rules.csv", b'id;kind\n"r1"x;pin\n', "bad_quotes", "rules.csv, row 2"),
    ("skills.csv", b"id;name\nx;" + b"a" * 200_000, "bad_quotes", "skills.csv, row 2"),
    ("skills.csv", b"x" * (MOST_BYTES + 1), "too_large", "skills.csv"),
    ("skils.csv", b"id\n", "unknown_table", "skils.csv"),
    ("rules.csv", b"id;kind;reson\n", "unknown_column", "rules.csv, row 1, column C"),
    ("rules.csv", b"id;kind;\xe5\n", "unknown_column", "rules.csv, row 1, column C"),
    ("rules.csv", b"id;kind;=A1\n", "unknown_column", "rules.csv, row 1, column C"),
    ("teams.csv", b"id;size_max\nA;3\nB;3\n", "missing_column",
     "teams.csv, row 1, column size_min"),
    ("rules.csv", b"kind\n", "missing_column", "rules.csv, row 1, column id"),
    ("prepared.csv", b"task;employee\n", "missing_column", "prepared.csv, row 1, column date"),
    ("rules.csv", b"id;kind;id\n", "duplicate_column", "rules.csv, row 1, column C"),
    ("rules.csv", b"id,kind,employees\nr1,apart,E01,E02\n", "no_header",
     "rules.csv, row 2, column D"),
    ("rules.csv", b"id;;kind\nr1;?;apart\n", "no_header", "rules.csv, row 2, column B"),
    ("rules.csv", b"id;kind\nr1;apart\n", "missing", "rules.csv, row 2, column employees"),
    ("organisation.csv", b"name;horizon_start;horizon_end\n", "missing_row",
     "organisation.csv, row 2"),
    ("organisation.csv",
     b"name;horizon_start;horizon_end\na;1.1.2019;1.1.2020\na;1.1.2020;1.1.2021\n",
     "too_many_rows", "organisation.csv, row 3"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "code", "place"), BROKEN, ids=[f"{case[2]}-{case[0]}" for case in BROKEN]
)
def test_broken_file(
    name: str, content: bytes | None, code: str, place: str, tmp_path: Path
) -> None:
    folder = write_csv(GOOD, tmp_path / "staff")
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    assert issues_of(folder) == [(code, place)]


def test_a_table_that_is_there_twice(tmp_path: Path) -> None:
    folder = write_csv(GOOD, tmp_path / "staff")
    if (folder / "SKILLS.csv").exists():
        pytest.skip("this disk does not tell upper from lower case")
    (folder / "SKILLS.csv").write_text("id\n", encoding="utf-8")
    assert issues_of(folder) == [("duplicate_table", "skills.csv")]


def test_a_table_that_is_no_file(tmp_path: Path) -> None:
    folder = write_csv(GOOD, tmp_path / "staff")
    (folder / "rules.csv").unlink()
    (folder / "rules.csv").mkdir()
    assert issues_of(folder) == [("unreadable", "rules.csv")]


def test_an_empty_folder_misses_the_tables_that_must_be(tmp_path: Path) -> None:
    required = [table.name for table in TABLES if table.required]
    assert required == ["organisation", "skills", "teams", "employees"]
    assert issues_of(tmp_path) == [("missing_table", f"{name}.csv") for name in required]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("nowhere", "not_found"),
        ("nowhere.xlsx", "not_found"),
        ("nowhere.json", "not_found"),
        ("nul\0", "unreadable"),
        ("x" * 5000, "unreadable"),
        ("staff.csv", "unknown_form"),
        ("staff.ods", "unknown_form"),
        ("staff", "unknown_form"),
    ],
)
def test_a_path_that_is_no_input(name: str, code: str, tmp_path: Path) -> None:
    for there in ("staff.ods", "staff"):
        (tmp_path / there).write_text("x", encoding="utf-8")
    assert issues_of(tmp_path / name) == [(code, name)]


def test_what_no_cell_can_hold_is_not_written(good: Organisation, tmp_path: Path) -> None:
    long = good.employees[0].model_copy(update={"qualifications": ("q" * (MOST_IN_CELL + 1),)})
    longer = good.model_copy(update={"employees": (long, *good.employees[1:])})
    for path in (tmp_path / "staff", tmp_path / "staff.xlsx"):
        with pytest.raises(InputError) as caught:
            write_organisation(longer, path)
        assert [issue.code for issue in caught.value.issues] == ["cell_too_long"]
        assert not path.exists()
    write_organisation(longer, tmp_path / "staff.json")
    assert read_organisation(tmp_path / "staff.json") == longer


def test_what_would_be_too_large_to_read_is_not_written(
    good: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_BYTES", 100)
    for name in ("staff", "staff.xlsx", "staff.json"):
        with pytest.raises(InputError) as caught:
            write_organisation(good, tmp_path / name)
        assert [issue.code for issue in caught.value.issues] == ["too_large"]
        assert not (tmp_path / name).exists()


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_csv(GOOD, tmp_path / "staff")
    real = Path.open

    def locked(path: Path, mode: str) -> IO[Any]:
        if path.name == "rules.csv":
            raise PermissionError(13, "Permission denied")
        return real(path, mode)

    monkeypatch.setattr(Path, "open", locked)
    assert issues_of(folder) == [("unreadable", "rules.csv")]


def test_frames_hold_every_table(good: Organisation) -> None:
    tables = frames(good)
    assert list(tables) == [table.name for table in TABLES]
    assert tables["employee_skills"].to_dict("records") == [
        {"employee": "E01", "skill": "payroll", "level": 3},
        {"employee": "E02", "skill": "books", "level": 2},
    ]
    assert tables["employees"]["leaves_date"].tolist() == [date(2021, 6, 1), None, None]


def test_a_folder_is_written_where_a_link_leads(good: Organisation, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_organisation(good, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert read_organisation(tmp_path / "real") == good
