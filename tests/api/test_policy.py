"""The policy as a file."""

import json
import tomllib
from pathlib import Path

import pytest

from api.main import main
from api.policy_file import read_policy, written_policy
from api.texts import Texts
from models import GOAL_NAMES, InputError, Level, Policy
from models.policy import RELAXATION_WEIGHTS
from models.reading import policy_from

TEXTS = Texts()


def test_what_is_printed_is_the_default_policy(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy"]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert policy_from(tomllib.loads(out)) == Policy()
    assert policy_from(tomllib.loads(out)).sha256() == Policy().sha256()


def test_every_key_and_goal_is_explained() -> None:
    lines = written_policy(Policy(), TEXTS).splitlines()
    settings = [line for line in lines if " = " in line and not line.startswith(("#", "name"))]
    assert [line for line in settings if "  # " not in line] == []
    keys = {line.partition(" = ")[0] for line in settings}
    tables = {"levels", "keep", "relaxation_weights"}
    assert keys >= {*GOAL_NAMES, *RELAXATION_WEIGHTS, *(Policy.model_fields.keys() - tables)}


AWKWARD = Policy(
    levels=(
        Level(name='a "b" \\ \x7f\t\n Å 😀 ]', goals={"interest": 0, "authority_gap": 7}),
        Level(name="", goals={}, tolerance_per_person=1_000_000),
    ),
    interest_cost={-1: 0, 7: 1},
    lead_cost={},
    keep={},
    relaxation_weights={'size:a "b" 😀': 1, "pin": 0, "r.1": 2},
)


@pytest.mark.parametrize("policy", [AWKWARD, Policy(min_fit=10, keep={"team_changes": 0})])
def test_written_and_read_again(policy: Policy, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(written_policy(policy, TEXTS), encoding="utf-8")
    (tmp_path / "p.json").write_text(json.dumps(policy.to_dict()), encoding="utf-8")
    assert read_policy(tmp_path / "p.toml") == policy
    assert read_policy(tmp_path / "p.json") == policy


def test_a_windows_file_with_a_mark(tmp_path: Path) -> None:
    (tmp_path / "p.TOML").write_bytes(b"\xef\xbb\xbfmin_fit = 4\r\nmax_tasks = 2\r\n")
    assert read_policy(tmp_path / "p.TOML") == Policy(min_fit=4, max_tasks=2)


@pytest.mark.parametrize(
    ("name", "content", "issues"),
    [
        ("p.toml", b"min_fit = ", [("bad_toml", "p.toml")]),
        ("p.toml", b"a = " + b"[" * 5000, [("too_deep", "p.toml")]),
        ("p.toml", b"\xff", [("bad_encoding", "p.toml")]),
        ("p.toml", b"x = 1\nx = 2", [("bad_toml", "p.toml")]),
        (
            "p.toml",
            b'min_fit = "3"\nmax_task = 1\n[interest_cost]\n1 = -1\n[keep]\nteam_changes = 1.5',
            [
                ("out_of_range", "p.toml, interest_cost.1"),
                ("not_integer", "p.toml, min_fit"),
                ("not_integer", "p.toml, keep.team_changes"),
                ("unknown_field", "p.toml, max_task"),
            ],
        ),
        (
            "p.toml",
            b'[keep]\ninterest = 1\n[[levels]]\nname = "a"\ngoals = {intrest = 1}',
            [
                ("unknown_goal", "p.toml, levels[a].goals.intrest"),
                ("no_goal", "p.toml, levels"),
                ("unknown_goal", "p.toml, keep.interest"),
            ],
        ),
        (
            "p.toml",
            b'relaxation_weights = {size = -1, "pin:x" = 2, pin = "3"}',
            [
                ("out_of_range", "p.toml, relaxation_weights.size"),
                ("not_integer", "p.toml, relaxation_weights.pin"),
            ],
        ),
        ("p.json", b"{", [("bad_json", "p.json, line 1, column 2")]),
        ("p.json", b"[" * 100_000, [("too_deep", "p.json")]),
        ("p.json", b"[]", [("wrong_type", "p.json, document")]),
        ("p.json", b'{"min_fit": 1, "min_fit": 2}', [("duplicate_key", "p.json, min_fit")]),
        ("p.json", b'{"min_fit": NaN}', [("not_finite", "p.json, min_fit")]),
        ("p.json", b" " * 1_000_001, [("too_large", "p.json")]),
        ("p.yaml", b"min_fit: 3", [("unknown_form", "p.yaml")]),
    ],
)
def test_errors(name: str, content: bytes, issues: list[tuple[str, str]], tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as error:
        read_policy(tmp_path / name)
    found = [(issue.code, issue.place) for issue in error.value.issues]
    assert found == issues
    assert all(issue.cure for issue in error.value.issues)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    for name, code in (("none.toml", "not_found"), ("folder.toml", "unreadable")):
        with pytest.raises(InputError) as error:
            read_policy(tmp_path / name)
        assert [issue.code for issue in error.value.issues] == [code]
