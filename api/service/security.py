"""Who is asking: bearer tokens of our own, by their hashes, and those of an OpenID provider.

A route says what it needs: ``identity: Identity = Depends(require(Role.PLANNER))``.
What an `Identity` may see is its owner's, and nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.service.database import Token, now
from api.service.failed_logins import failed_logins_of
from api.service.problems import Problem
from api.service.settings import Settings

PREFIX = "tiimi_"
_RANDOM_BYTES = 32  # 43 url-safe characters
_OWNER = re.compile(r"[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?", re.ASCII)
_LONGEST_NAME = 100
_LONGEST_DAYS = 36_500

_bearer = HTTPBearer(
    auto_error=False, scheme_name="bearer", description="A token of `tiimi token create`, or a JWT."
)


class Role(IntEnum):
    """What somebody may do; each may do all that those before it may."""

    VIEWER = 1
    PLANNER = 2
    APPROVER = 3
    ADMIN = 4

    @property
    def label(self) -> str:
        """Its name in JSON, in tokens and in JWTs: ``planner``."""
        return self.name.lower()


ROLES = {role.label: role for role in Role}
"""By label, every role."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking: of whom, in which role; `name` is ``token:<name>`` or ``oidc:<sub>``."""

    owner: str
    role: Role
    name: str


def require(role: Role) -> Callable[..., Identity]:
    """A dependency: who is asking, if they have at least this role.

    The application's state has `engine` and `settings`.

    Raises:
        Problem: by the dependency: `unauthenticated`, `forbidden` or `too_many_logins`.
    """

    def identity(
        request: Request,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    ) -> Identity:
        asking = _authenticate(request, credentials)
        if asking.role < role:
            raise Problem("forbidden", f"This needs the role {role.label} or a higher one.")
        return asking

    return identity


def _authenticate(request: Request, credentials: HTTPAuthorizationCredentials | None) -> Identity:
    settings: Settings = request.app.state.settings
    failed = failed_logins_of(request.app, settings.most_failed_logins)
    address = request.client.host if request.client else ""
    if seconds := failed.seconds_to_wait(address):
        raise Problem("too_many_logins", headers={"Retry-After": str(seconds)})
    if len(request.headers.getlist("authorization")) > 1:
        credentials = None
    if credentials is None:
        raise _unauthenticated()
    asking = _identity_of(request, settings, credentials.credentials)
    if asking is None:
        failed.add(address)
        raise _unauthenticated()
    return asking


def _unauthenticated() -> Problem:
    return Problem("unauthenticated", headers={"WWW-Authenticate": "Bearer"})


def _identity_of(request: Request, settings: Settings, value: str) -> Identity | None:
    if value.count(".") == 2:
        from api.service.openid import identity_of_jwt

        return identity_of_jwt(settings, value)
    with Session(request.app.state.engine) as session:
        return identity_of_token(session, value)


def identity_of_token(session: Session, secret: str) -> Identity | None:
    """Whose token this is, if it is one that is valid now."""
    wanted = _hash(secret)
    token = session.scalar(select(Token).where(Token.hash == wanted))
    if token is None or not hmac.compare_digest(token.hash, wanted):
        return None
    is_over = token.expires_at is not None and token.expires_at <= now()
    if is_over or token.revoked_at is not None or token.role not in ROLES:
        return None
    return Identity(token.owner, ROLES[token.role], f"token:{token.name}")


def create_token(
    session: Session, owner: str, role: Role, name: str, days: int | None = None
) -> str:
    """Store a new token and commit; its secret, which is nowhere afterwards.

    Raises:
        ValueError: `owner`, `name` or `days` are not what they may be.
    """
    if not is_owner(owner):
        raise ValueError("an owner is lower-case letters, digits and . _ - within, at most 100")
    if not (name.isprintable() and name.strip() and len(name) <= _LONGEST_NAME):
        raise ValueError(f"a name is up to {_LONGEST_NAME} characters that can be printed")
    if days is not None and not 1 <= days <= _LONGEST_DAYS:
        raise ValueError(f"days are 1 to {_LONGEST_DAYS}")
    secret = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    expires_at = None if days is None else now() + timedelta(days=days)
    session.add(
        Token(owner=owner, role=role.label, name=name, hash=_hash(secret), expires_at=expires_at)
    )
    session.commit()
    return secret


def revoke_token(session: Session, token_id: str) -> bool:
    """End a token, at once; whether there was one that had not been ended."""
    ended = session.execute(
        update(Token)
        .where(Token.id == token_id, Token.revoked_at.is_(None))
        .values(revoked_at=now())
    )
    session.commit()
    return bool(ended.rowcount == 1)  # type: ignore[attr-defined]


def is_owner(value: object) -> bool:
    """Whether this can be the name of an owner."""
    return isinstance(value, str) and _OWNER.fullmatch(value) is not None


def _hash(secret: str) -> str:
    # A secret of 256 random bits needs no salt and no slowness.
    return hashlib.sha256(secret.encode()).hexdigest()
