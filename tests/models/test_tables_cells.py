"""What is wrong in a cell is found at that cell, in a CSV folder and in a workbook alike."""

from pathlib import Path

import pytest

from models.policy import Policy
from tests.models.small_tables import GOOD, changed, issues_of, write_csv, write_xlsx

# Table, row as a spreadsheet counts it, column, what is put there; code and columns found.
CASES = [
    # What cannot be read as what it should be.
    ("organisation", 2, "horizon_start", "31.2.2019", "bad_date", "horizon_start"),
    ("organisation", 2, "horizon_end", "1.9.21", "bad_date", "horizon_end"),
    ("employees", 2, "leaves_date", "kesäkuu", "bad_date", "leaves_date"),
    ("prepared", 2, "date", "2019-13-01", "bad_date", "date"),
    ("employees", 2, "fte", "100,5", "not_integer", "fte"),
    ("employees", 2, "fte", "80 %", "not_integer", "fte"),
    ("teams", 2, "size_max", "kolme", "not_integer", "size_max"),
    ("teams", 2, "size_max", "9" * 5000, "not_integer", "size_max"),
    ("tasks", 2, "load", "1.000", "ambiguous_number", "load"),
    ("tasks", 2, "load", "1,000", "ambiguous_number", "load"),
    ("teams", 3, "lead", "ehkä", "not_boolean", "lead"),
    ("employees", 2, "joins", "=A1+1", "formula", "joins"),
    ("skills", 2, "name", "=HYPERLINK()", "formula", "name"),
    ("tasks", 2, "load", "=SUM(A1:A9)", "formula", "load"),
    ("rules", 3, "id", "r,2", "bad_text", "id"),
    # What is missing.
    ("organisation", 2, "name", "", "missing", "name"),
    ("organisation", 2, "horizon_end", " ", "missing", "horizon_end"),
    ("teams", 2, "size_max", "", "missing", "size_max"),
    ("tasks", 2, "skill", "", "missing", "skill"),
    ("employees", 2, "leaves_reason", "", "missing", "leaves_reason"),
    ("employees", 2, "leaves_date", "", "missing", "leaves_date"),
    ("employee_skills", 2, "level", "", "missing", "level"),
    ("employee_skills", 2, "employee", "", "missing", "employee"),
    ("interest", 3, "team", "\xa0", "missing", "team"),
    ("demand", 2, "people", "", "missing", "people"),
    ("rules", 2, "team", "", "missing", "team"),
    # What does not resolve.
    ("employee_skills", 2, "employee", "E1", "unknown_id", "employee"),
    ("employee_skills", 2, "skill", "payrol", "unknown_id", "skill"),
    ("interest", 2, "team", "C", "unknown_id", "team"),
    ("needs", 2, "team", "C", "unknown_id", "team"),
    ("needs", 2, "skill", "cooking", "unknown_id", "skill"),
    ("prepared", 2, "task", "pays", "unknown_id", "task"),
    ("prepared", 2, "employee", "E99", "unknown_id", "employee"),
    ("employees", 2, "wants", "E02, E99", "unknown_id", "wants"),
    ("employees", 3, "eligible_teams", "A;B", "unknown_id", "eligible_teams"),
    ("teams", 2, "leader", "e01", "unknown_id", "leader"),
    ("rules", 3, "employees", "E01,E99", "unknown_id", "employees"),
    # What is out of bounds or not known.
    ("employee_skills", 2, "level", "4", "out_of_range", "level"),
    ("employees", 2, "fte", "0", "out_of_range", "fte"),
    ("teams", 2, "size_min", "-1", "out_of_range", "size_min"),
    ("lead_interest", 2, "grade", "0", "out_of_range", "grade"),
    ("interest", 2, "grade", "7", "unpriced_grade", "grade"),
    ("employees", 2, "leaves_reason", "eläke", "unknown_kind", "leaves_reason"),
    ("tasks", 2, "kind", "normal", "unknown_kind", "kind"),
    ("rules", 2, "kind", "pn", "unknown_kind", "kind"),
    # What does not fit together.
    ("teams", 2, "size_min", "9", "min_above_max", "size_min and size_max"),
    ("organisation", 2, "horizon_end", "1.9.2018", "start_not_before_end",
     "horizon_start and horizon_end"),
    ("absences", 2, "end", "1.1.2019", "start_not_before_end", "start and end"),
    ("tasks", 2, "active_end", "1.1.2018", "start_not_before_end", "active_start and active_end"),
    ("demand", 3, "from", "2019-01-01", "duplicate_demand", "from"),
    ("employees", 2, "joins", "1.6.2021", "leaves_before_joining", "leaves_date"),
    ("employees", 2, "wants", "E02,E02", "duplicate_in_list", "wants"),
    ("employees", 2, "wants", "E01", "self_reference", "wants"),
    ("employees", 3, "site_bound", "x", "site_bound_without_site", "site_bound"),
    ("rules", 3, "employees", "E01", "too_few", "employees"),
    ("rules", 3, "id", "r1", "duplicate_id", "id"),
    ("rules", 2, "employees", "E01,E02", "unknown_field", "employees"),
    ("rules", 5, "team", "B", "team_without_lead", "team"),
    ("employees", 3, "eligible_teams", ",", "no_eligible_team", "eligible_teams"),
    ("rules", 4, "principal", "E03", "needs_no_substitute", "principal"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "code", "columns"),
    CASES,
    ids=lambda value: str(value)[:20],
)
def test_error_in_a_cell(
    table: str, row: int, column: str, value: str, code: str, columns: str, tmp_path: Path
) -> None:
    tables = changed(table, row, column, value)
    where = f"row {row}, column{'s' if ' and ' in columns else ''} {columns}"
    folder = write_csv(tables, tmp_path / "staff")
    book = write_xlsx(tables, tmp_path / "staff.xlsx")
    assert issues_of(folder, Policy()) == [(code, f"{table}.csv, {where}")]
    assert issues_of(book, Policy()) == [(code, f"staff.xlsx, sheet {table}, {where}")]


@pytest.mark.parametrize("table", ["employee_skills", "interest", "lead_interest", "prepared"])
def test_two_rows_for_one_pair(table: str, tmp_path: Path) -> None:
    rows = GOOD[table]
    folder = write_csv({**GOOD, table: [*rows, rows[1]]}, tmp_path / "staff")
    columns = " and ".join(rows[0][:2])
    place = f"{table}.csv, row {len(rows) + 1}, columns {columns}"
    assert issues_of(folder) == [("duplicate_row", place)]


def test_everything_is_reported_together_in_the_order_of_the_tables(tmp_path: Path) -> None:
    tables = changed("tasks", 2, "load", "100,5")
    tables["interest"][1][2] = "7"
    tables["teams"][1][5] = "E99"
    tables["organisation"][1][1] = "31.2.2019"
    del tables["skills"]
    tables["rulez"] = [["id"], ["r9"]]
    assert issues_of(write_csv(tables, tmp_path / "staff"), Policy()) == [
        ("bad_date", "organisation.csv, row 2, column horizon_start"),
        ("missing_table", "skills.csv"),
        ("unknown_id", "teams.csv, row 2, column leader"),
        ("unpriced_grade", "interest.csv, row 2, column grade"),
        ("not_integer", "tasks.csv, row 2, column load"),
        ("unknown_table", "rulez.csv"),
    ]


def test_what_follows_from_a_missing_table_is_not_reported(tmp_path: Path) -> None:
    tables = {name: rows for name, rows in GOOD.items() if name not in ("employees", "skills")}
    assert issues_of(write_csv(tables, tmp_path / "staff")) == [
        ("missing_table", "skills.csv"),
        ("missing_table", "employees.csv"),
    ]


def test_ticks_beside_words_leave_an_empty_cell_open(tmp_path: Path) -> None:
    tables = changed("employees", 2, "needs_substitute", "x")
    tables["employees"][3][-1] = ""
    assert issues_of(write_csv(tables, tmp_path / "staff")) == [
        ("ambiguous_boolean", "employees.csv, row 4, column needs_substitute")
    ]
