"""`tiimi token`: bearer tokens of the HTTP service: made, listed, ended."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from api import exit_codes
from api.commands.opening import database, settings_with
from api.console import say, tell
from api.layout import table
from api.texts import plain
from models.issues import InputError, Issue

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from api.service.database import Token


def run(args: Namespace) -> int:
    """Make a token, list them all, or end one."""
    with database(settings_with(args.data)) as engine:
        match args.action:
            case "create":
                _create(engine, args)
            case "list":
                _list(engine)
            case "revoke":
                _revoke(engine, args.id)
    return exit_codes.DONE


def _create(engine: Engine, args: Namespace) -> None:
    """Print the secret alone: stdout may go to a file, or to a program."""
    from sqlalchemy.orm import Session

    from api.service.security import ROLES, create_token

    with Session(engine) as session:
        try:
            secret = create_token(session, args.owner, ROLES[args.role], args.name, args.days)
        except ValueError as error:
            cure = "See docs/command-line.md."
            raise InputError([Issue("bad_token", "token", f"{error}.", cure)]) from None
    say([secret])
    tell("This is shown once, and stored nowhere: keep it now.")


def _list(engine: Engine) -> None:
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from api.service.database import Token

    with Session(engine) as session:
        tokens = session.scalars(select(Token).order_by(Token.owner, Token.id)).all()
        if not tokens:
            say(["There are no tokens."])
            return
        headers = ("id", "owner", "role", "state", "created", "expires", "name")
        rows = [
            [
                token.id,
                token.owner,
                token.role,
                _state(token),
                token.created_at.date().isoformat(),
                token.expires_at.date().isoformat() if token.expires_at else "never",
                plain(token.name),
            ]
            for token in tokens
        ]
        say(table(headers, rows, indent=0))


def _state(token: Token) -> str:
    from api.service.database import now

    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at and token.expires_at <= now() else "valid"


def _revoke(engine: Engine, token_id: str) -> None:
    from sqlalchemy.orm import Session

    from api.service.security import revoke_token

    with Session(engine) as session:
        if not revoke_token(session, token_id):
            message = "No token that is not revoked yet has this id."
            cure = "tiimi token list has them all."
            raise InputError([Issue("unknown_id", token_id, message, cure)])
    say(["It is revoked: from now on it is worth nothing."])
