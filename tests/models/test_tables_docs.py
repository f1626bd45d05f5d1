"""The planner's page names every table, column and error code there is, and no other."""

import re
from pathlib import Path

import pytest

from models.tables import TABLES
from models.tables.guide import guide_rows
from tests.models import test_tables_cells, test_tables_csv, test_tables_json, test_tables_xlsx

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def page() -> str:
    return (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def codes(page: str) -> set[str]:
    errors = page.split("\n## Errors\n")[1]
    return set(re.findall(r"^\| `(\w+)` \| [^|]+ \|$", errors, re.MULTILINE))


def test_every_column_is_on_the_page_as_in_the_guide(page: str) -> None:
    for table, column, needed, english, _, _, unit, example in guide_rows():
        section = page.split(f"\n### `{table}`\n")[1].split("\n##")[0]
        yes = "yes" if needed.startswith("kyllä") else "no"
        assert f"| `{column}` | {yes} | {english} | {unit} | {example} |\n" in section


def test_every_table_has_its_section(page: str) -> None:
    assert re.findall(r"^### `(\w+)`$", page, re.MULTILINE) == [table.name for table in TABLES]


def test_every_code_that_broken_files_give_is_on_the_page(codes: set[str]) -> None:
    given = {case[4] for case in (*test_tables_cells.CASES, *test_tables_xlsx.CELLS)}
    given |= {case[2] for case in (*test_tables_csv.BROKEN, *test_tables_json.CASES)}
    given |= {case[2] for case in (*test_tables_xlsx.SHEETS, *test_tables_xlsx.PARTS)}
    assert given - codes == set()


@pytest.mark.parametrize("folder", ["models/tables", "tests/models"])
def test_every_code_on_the_page_is_given_and_tested(folder: str, codes: set[str]) -> None:
    readers = ("reading", "references", "field_errors", "json_text")
    files = [
        *(ROOT / folder).glob("*.py"),
        *(ROOT / "models" / f"{name}.py" for name in readers),
    ]
    if folder.startswith("tests"):
        files = list((ROOT / folder).glob("test_tables_*.py"))
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    assert {code for code in codes if f'"{code}"' not in source} == set()
