"""JSON from outside: what is read, and what is refused before it does harm."""

from typing import Any

import pytest

from api.service.problems import Problem
from api.service.safe_json import safe_json

GOOD: list[tuple[bytes, Any]] = [
    (b"{}", {}),
    (b' [1, -2, 0, "a", null, true]\n', [1, -2, 0, "a", None, True]),
    (b"123456789012345678", 123456789012345678),
    (b"-123456789012345678", -123456789012345678),
    (b"0.00012345678901234567", 0.00012345678901234567),
    (b"1.7976931348623157e+308", 1.7976931348623157e308),
    ('"Jämsä \N{GRINNING FACE}"'.encode(), "Jämsä \N{GRINNING FACE}"),
    (b'"\\ud83d\\ude00"', "\N{GRINNING FACE}"),
    (b'"\\\\ud800 \\\\u0000"', "\\ud800 \\u0000"),
    (b'"[[{{ \\" [[ 123456789012345678901234567890 NaN"', None),
    (b"[" * 64 + b"]" * 64, None),
    (b'{"a": {"a": 1}, "b": {"a": 1}}', {"a": {"a": 1}, "b": {"a": 1}}),
]

BAD = [
    (b"", "not JSON (line 1, column 1)"),
    (b"{", "not JSON"),
    (b'{"a": 1,\n "b" 2}', "not JSON (line 2, column 6)"),
    (b"1 2", "not JSON"),
    (b"\xef\xbb\xbf{}", "not JSON"),
    (b'"\xff"', "not UTF-8"),
    (b'"\xed\xa0\x80"', "not UTF-8"),
    ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
    (b"[NaN]", "none"),
    (b"-Infinity", "none"),
    (b"[1e400]", "too large"),
    (b"-1e999999999999999999", "too large"),
    (b"1234567890123456789", "more than 18 digits"),
    (b"0.1234567890123456789", "more than 18 digits"),
    (b"9" * 1_000_000, "more than 18 digits"),
    (b"1" + b"0" * 17 + b".5", "more than 18 digits"),
    (b"0." + b"0" * 100 + b"1", "more than 18 digits"),
    (b'{"a": 1, "a": 1}', "a key twice"),
    (b'{"a": 1, "\\u0061": 1}', "a key twice"),
    (b'"\\ud800"', "a character that is none"),
    (b'["\\ude00\\ud83d"]', "a character that is none"),
    (b'{"x": {"\\uDFFF": 1}}', "a character that is none"),
    (b'"a\\u0000b"', "a character that is none"),
    (b"[" * 65 + b"]" * 65, "nested deeper than 64"),
    (b'{"a":' * 100_000, "nested deeper than 64"),
    (b'["\\"", [' + b"[" * 65, "nested deeper than 64"),
    (b"[" + b"[]," * 1_000_000 + b"[]]", "more than 2000000 values"),
    (b"[" + b"0," * 2_000_000 + b"0]", "more than 2000000 values"),
]


@pytest.mark.parametrize(("body", "value"), GOOD, ids=lambda x: repr(x)[:30])
def test_what_is_json_is_read(body: bytes, value: Any) -> None:
    read = safe_json(body)
    assert value is None or read == value


@pytest.mark.parametrize(("body", "detail"), BAD, ids=lambda x: repr(x)[:30])
def test_what_is_not_is_refused(body: bytes, detail: str) -> None:
    with pytest.raises(Problem) as refused:
        safe_json(body)
    assert (refused.value.code, refused.value.status) == ("bad_request", 400)
    assert detail in refused.value.detail


def test_what_is_refused_is_not_quoted() -> None:
    with pytest.raises(Problem) as refused:
        safe_json(b'{"employees": [{"id": "Anna Virtanen"')
    assert "Anna" not in refused.value.detail
