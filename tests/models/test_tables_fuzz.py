"""Whatever the files hold, reading gives an organisation or a list of issues: no traceback."""

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.issues import InputError, Issue
from models.tables import TABLES, read_organisation
from models.tables.cells import read_cell
from models.tables.schema import Column, Kind
from tests.models.small_tables import GOOD, Tables, changed, good_organisation, write_csv
from tests.strategies import AWKWARD_TEXTS

patiently = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
words = st.sampled_from(
    (*AWKWARD_TEXTS, "E01", "A", "payroll", "pin", "kyllä", "1.9.2019", "31.2.2019", "100,5", "²")
)
cells = words | st.text(max_size=8)
bytes_of_tables = st.lists(
    st.sampled_from((b"id", b"name", b";", b",", b"\t", b'"', b"\n", b"\r", b"E01", b"\xe4", b"="))
    | st.binary(max_size=4),
    max_size=40,
).map(b"".join)


def refusals(path: Path) -> tuple[Issue, ...]:
    try:
        read_organisation(path)
    except InputError as error:
        return error.issues or (Issue("", "", "", ""),)
    return ()


def is_read_or_refused(path: Path) -> bool:
    """Read; what is refused instead must be complete and printable."""
    return all(
        issue.code and issue.place and issue.message and issue.cure and str(issue).encode()
        for issue in refusals(path)
    )


@given(name=st.sampled_from([table.name for table in TABLES]), content=bytes_of_tables)
@patiently
def test_any_bytes_as_a_csv_file(name: str, content: bytes) -> None:
    with TemporaryDirectory() as folder:
        write_csv(GOOD, Path(folder))
        (Path(folder) / f"{name}.csv").write_bytes(content)
        assert is_read_or_refused(Path(folder))


@st.composite
def spoilt(draw: st.DrawFn) -> Tables:
    """The good tables with a few cells changed, headers among them."""
    tables = {name: [list(row) for row in rows] for name, rows in GOOD.items()}
    for _ in range(draw(st.integers(1, 6))):
        rows = tables[draw(st.sampled_from(list(tables)))]
        row = rows[draw(st.integers(0, len(rows) - 1))]
        row[draw(st.integers(0, len(row) - 1))] = draw(cells)
    return tables


@given(tables=spoilt())
@patiently
def test_any_words_in_any_cells(tables: Tables) -> None:
    safe = {
        name: [[cell.encode(errors="replace").decode() for cell in row] for row in rows]
        for name, rows in tables.items()
    }
    with TemporaryDirectory() as folder:
        assert is_read_or_refused(write_csv(safe, Path(folder)))


leaves = st.none() | st.booleans() | st.integers() | st.floats() | words | st.just("\ud800")
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3)
)


@given(data=st.data(), value=trees)
@patiently
def test_any_value_anywhere_in_json(data: st.DataObject, value: object) -> None:
    with TemporaryDirectory() as folder:
        content = good_organisation(Path(folder)).to_dict()
        node = content
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            key = data.draw(st.sampled_from(keys))
            if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
                break
            node = node[key]
        node[key] = value
        path = Path(folder) / "o.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        assert is_read_or_refused(path)


@given(start=st.integers(0, 2000), junk=st.binary(max_size=6))
@patiently
def test_any_bytes_in_json(start: int, junk: bytes) -> None:
    with TemporaryDirectory() as folder:
        content = json.dumps(good_organisation(Path(folder)).to_dict()).encode()
        path = Path(folder) / "o.json"
        path.write_bytes(content[:start] + junk + content[start + len(junk) :])
        assert is_read_or_refused(path)


def test_a_changed_cell_is_the_only_difference() -> None:
    assert changed("tasks", 2, "load", "40") == GOOD


def test_a_plain_date_is_a_day() -> None:
    assert read_cell(Column("joins", Kind.DAY), date(2019, 1, 1)) == date(2019, 1, 1)
