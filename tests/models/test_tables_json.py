"""JSON files: what JSON readers usually let pass is found, with its place."""

import json
from pathlib import Path

import pytest

from models.organisation import Organisation
from models.tables import read_organisation
from tests.models.small_tables import good_organisation, issues_of


@pytest.fixture
def good(tmp_path: Path) -> Organisation:
    return good_organisation(tmp_path)


def replaced(good: Organisation, old: str, new: str) -> bytes:
    text = json.dumps(good.to_dict(), ensure_ascii=False)
    assert text.count(old) == 1
    return text.replace(old, new).encode()


# What is replaced by what in good JSON, then code and place.
CASES = [
    ('"load": 40', '"load": NaN', "not_finite", "tasks[pay].load"),
    ('"load": 40', '"load": -Infinity', "not_finite", "tasks[pay].load"),
    ('"load": 40', '"load": 1e999', "not_finite", "tasks[pay].load"),
    ('"load": 40', '"load": 40.5', "not_integer", "tasks[pay].load"),
    ('"load": 40', '"load": "40"', "not_integer", "tasks[pay].load"),
    ('"load": 40', '"load": ' + "1" * 5000, "bad_json", "o.json"),
    ('"load": 40', '"load": 40, "load": 41', "duplicate_key", "tasks[pay].load"),
    ('"interest": {"A": 2}', '"interest": {"A": 2, "A": 1}', "duplicate_key",
     "employees[E01].interest.A"),
    ('"rules": [', '"rules": [], "rules": [', "duplicate_key", "rules"),
    ('"load": 40', '"lode": 40', "unknown_field", "tasks[pay].lode"),
    ('"name": "Talous"', '"name": "\\ud800"', "bad_text", "teams[A].name"),
    ('"name": "Talous"', '"name": "Talous", "\\ud800": null', "bad_text", "teams[A]"),
    ('"load": 40', '"load": ' + "[" * 50 + "]" * 50, "too_deep", "o.json"),
    ('"load": 40', '"load": ' + "[" * 900 + "]" * 900, "too_deep", "o.json"),
    ('"load": 40', '"load": ' + "[" * 200_000, "too_deep", "o.json"),
    ('"horizon": {"start": "2018-09-01"', '"horizon": {"start": "1.9.2018"', "bad_date",
     "horizon.start"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code", "place"), CASES, ids=[f"{case[2]}-{case[1][:30]}" for case in CASES]
)
def test_broken_json(
    old: str, new: str, code: str, place: str, good: Organisation, tmp_path: Path
) -> None:
    path = tmp_path / "o.json"
    path.write_bytes(replaced(good, old, new))
    assert issues_of(path) == [(code, place)]


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (b"", "empty_file", "o.json"),
        (b"\xef\xbb\xbf \n", "empty_file", "o.json"),
        (b"[]", "wrong_type", "document"),
        (b"null", "wrong_type", "document"),
        (b'{"name": "J\xe4ms\xe4"}', "bad_encoding", "o.json"),
        (b'{\n "name": x\n}', "bad_json", "o.json, line 2, column 10"),
        (b'{"name": "x"} {}', "bad_json", "o.json, line 1, column 15"),
        (b"\0", "bad_json", "o.json, line 1, column 1"),
    ],
)
def test_a_file_that_is_no_organisation(
    content: bytes, code: str, place: str, tmp_path: Path
) -> None:
    path = tmp_path / "o.json"
    path.write_bytes(content)
    assert issues_of(path) == [(code, place)]


def test_everything_is_reported_together(good: Organisation, tmp_path: Path) -> None:
    text = replaced(good, '"load": 40', '"load": NaN').decode()
    text = text.replace('"name": "Palkat"', '"name": "Palkat", "name": 7')
    (tmp_path / "o.json").write_text(text.replace('"leader": "E01"', '"leader": "E99"'), "utf-8")
    assert issues_of(tmp_path / "o.json") == [
        ("duplicate_key", "skills[payroll].name"),
        ("not_finite", "tasks[pay].load"),
        ("unknown_id", "teams[A].leader"),
    ]


def test_byte_order_mark_and_letter_case_of_the_ending(good: Organisation, tmp_path: Path) -> None:
    text = json.dumps(good.to_dict())
    (tmp_path / "O.JSON").write_bytes(text.encode("utf-8-sig"))
    assert read_organisation(tmp_path / "O.JSON") == good


def test_an_active_that_says_nothing_is_absent(good: Organisation, tmp_path: Path) -> None:
    content = replaced(good, '"load": 40', '"load": 40, "backups": 1')
    data = json.loads(content)
    data["tasks"][1]["active"] = {"start": None}
    (tmp_path / "o.json").write_text(json.dumps(data), encoding="utf-8")
    assert read_organisation(tmp_path / "o.json") == good
