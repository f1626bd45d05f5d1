"""Tokens of an OpenID provider: JWTs, by one pinned algorithm and one public key."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import jwt

from api.service.security import ROLES, Identity, is_owner
from api.service.settings import Settings

_SUBJECT = re.compile(r"[!-~]{1,190}")
_LONGEST = 16_000


def identity_of_jwt(settings: Settings, value: str) -> Identity | None:
    """Who the provider says is asking; None if it does not, or if none is set.

    Issuer, audience, expiry, subject, owner and role must be there and right.
    """
    if not (settings.issuer and settings.audience and settings.jwt_key):
        return None
    if len(value) > _LONGEST:
        return None
    try:
        claims: dict[str, Any] = jwt.decode(
            value,
            _key(settings.jwt_key, settings.jwt_algorithm),
            algorithms=[settings.jwt_algorithm],
            issuer=settings.issuer,
            audience=settings.audience,
            options={"require": ["exp", "sub", "iss", "aud"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        # A value of any shape whatever may be sent; none of them is our mistake.
        return None
    return _identity_of(settings, claims)


def check_provider(settings: Settings) -> None:
    """See at the start whether the settings of a provider are all there, or none.

    Raises:
        RuntimeError: some are missing, or the key is none.
    """
    there = [bool(x) for x in (settings.issuer, settings.audience, settings.jwt_key)]
    if any(there) and not all(there):
        raise RuntimeError("TIIMI_ISSUER, TIIMI_AUDIENCE and TIIMI_JWT_KEY are set together")
    if all(there):
        _key(settings.jwt_key, settings.jwt_algorithm)


def _identity_of(settings: Settings, claims: dict[str, Any]) -> Identity | None:
    subject = claims["sub"]
    owner, role = claims.get(settings.jwt_owner_claim), claims.get(settings.jwt_role_claim)
    if not (isinstance(subject, str) and _SUBJECT.fullmatch(subject)):
        return None
    if not (isinstance(owner, str) and is_owner(owner)):
        return None
    if not (isinstance(role, str) and role in ROLES):
        return None
    return Identity(owner, ROLES[role], f"oidc:{subject}")


@lru_cache(maxsize=8)
def _key(setting: str, algorithm: str) -> Any:
    """The public key; a setting that is none fails every login, and says so at the first.

    Raises:
        RuntimeError: it is no public key of this algorithm.
    """
    try:
        pem = setting if "-----BEGIN" in setting else Path(setting).read_text("ascii")
        if "PRIVATE" in pem or "-----BEGIN" not in pem:
            raise ValueError
        return jwt.get_algorithm_by_name(algorithm).prepare_key(pem)
    except (OSError, ValueError, TypeError, jwt.PyJWTError):
        raise RuntimeError(f"TIIMI_JWT_KEY is no public key for {algorithm}") from None
