"""`tiimi token`: what is printed, what is stored, and that it lets in."""

import argparse
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.main import main
from api.parser import parser
from api.service.database import Token, engine_for, now
from api.service.security import ROLES
from api.token_options import ROLES as OFFERED
from tests.service.test_security import application, bearer

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
CREATE = ["token", "create", "--owner", "jamsa", "--role", "planner", "--name", "planning page"]


@pytest.fixture
def url(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database without tables yet, set by the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIIMI_DATABASE_URL", database_url)
    return database_url


def rows(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    assert main(["token", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    return [re.split(r"  +", line) for line in lines]


def test_a_token_is_made_listed_and_revoked(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CREATE, "--days", "365"]) == 0
    out, err = capsys.readouterr()
    assert re.fullmatch(r"tiimi_[A-Za-z0-9_-]{43}\n", out)
    assert err == "This is shown once, and stored nowhere: keep it now.\n"
    secret = out.strip()
    engine = engine_for(url)
    with Session(engine) as session:
        token = session.scalars(select(Token)).one()
        assert (token.owner, token.role, token.name) == ("jamsa", "planner", "planning page")
        assert token.expires_at is not None
        assert round((token.expires_at - now()).total_seconds() / 86400) == 365
        expires = token.expires_at.date().isoformat()
        created = token.created_at.date().isoformat()
    client = TestClient(application(engine))
    assert client.get("/planner", headers=bearer(secret)).is_success
    head, row = rows(capsys)
    assert head == ["id", "owner", "role", "state", "created", "expires", "name"]
    assert row == [token.id, "jamsa", "planner", "valid", created, expires, "planning page"]
    assert main(["token", "revoke", token.id]) == 0
    assert capsys.readouterr().out == "It is revoked: from now on it is worth nothing.\n"
    assert client.get("/planner", headers=bearer(secret)).status_code == 401
    assert rows(capsys)[1][3] == "revoked"
    assert main(["token", "revoke", token.id]) == 2
    assert capsys.readouterr().err.endswith("[unknown_id]\n")
    engine.dispose()


def test_the_list_tells_which_are_over(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "list"]) == 0
    assert capsys.readouterr().out == "There are no tokens.\n"
    for options in ([], ["--days", "1"]):
        assert main([*CREATE, *options]) == 0
    engine = engine_for(url)
    with Session(engine) as session:
        token = session.scalars(select(Token).where(Token.expires_at.is_not(None))).one()
        token.expires_at = now()
        session.commit()
    engine.dispose()
    capsys.readouterr()
    assert sorted(row[3] for row in rows(capsys)[1:]) == ["expired", "valid"]


def test_the_embedded_database_is_in_the_folder_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TIIMI_DATABASE_URL", raising=False)
    assert main([*CREATE, "--data", "of the city"]) == 0
    assert main(["token", "list", "--data", "of the city"]) == 0
    assert "planning page" in capsys.readouterr().out
    assert (tmp_path / "of the city" / "tiimi.db").exists()
    assert main(["token", "list"]) == 0
    assert capsys.readouterr().out == "There are no tokens.\n"
    assert (tmp_path / "tiimi-data" / "tiimi.db").exists()


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([*CREATE[:2], "--owner", "Jä", *CREATE[4:]], "token: an owner is"),
        ([*CREATE[:-1], ""], "token: a name is"),
        ([*CREATE[:-1], "a\nb"], "token: a name is"),
        (["token"], "usage: tiimi token"),
        (["token", "drop"], "usage: tiimi token"),
        (CREATE[:-2], "usage: tiimi token create"),
        ([*CREATE, "--days", "0"], "usage: tiimi token create"),
        ([*CREATE, "--days", "-1"], "usage: tiimi token create"),
        ([*CREATE[:4], "--role", "root", *CREATE[6:]], "usage: tiimi token create"),
        (["token", "revoke"], "usage: tiimi token revoke"),
        (["token", "revoke", "%"], "%: No token"),
    ],
)
def test_what_is_wrong_is_told(
    args: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TIIMI_DATA", str(tmp_path))
    assert main(args) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(told)


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("TIIMI_PORT", "x", "bad_setting"),
        ("TIIMI_JWT_ALGORITHM", "HS256", "bad_setting"),
        ("TIIMI_DATABASE_URL", "rubbish", "no_database"),
        ("TIIMI_DATABASE_URL", "postgresql+pg8000://u:secret@127.0.0.1:1/x", "no_database"),
        ("TIIMI_DATABASE_URL", "sqlite:////dev/null/x", "no_database"),
    ],
)
def test_settings_that_are_none_are_told_without_what_is_secret(
    variable: str,
    value: str,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, value)
    assert main(["token", "list"]) == 2
    err = capsys.readouterr().err
    assert err.endswith(f"[{code}]\n")
    assert "secret" not in err


def test_the_roles_offered_are_those_there_are() -> None:
    assert tuple(ROLES) == OFFERED


def test_every_action_and_option_is_described() -> None:
    text = (DOCS / "command-line.md").read_text(encoding="utf-8")
    section = text[text.index("## tiimi token") :]
    subparsers = argparse._SubParsersAction
    commands = next(a for a in parser()._actions if isinstance(a, subparsers)).choices
    actions = next(a for a in commands["token"]._actions if isinstance(a, subparsers)).choices
    for name, action in actions.items():
        assert f"\ntiimi token {name} " in text
        options = {o for a in action._actions for o in a.option_strings} - {"-h", "--help"}
        assert [o for o in sorted(options) if f"`{o} " not in section] == []
