"""Tokens of an OpenID provider, and those who make some up."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from api.service.openid import check_provider, identity_of_jwt
from api.service.security import Identity, Role
from api.service.settings import Settings

ISSUER, AUDIENCE = "https://login.example.fi", "tiimi"
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: Any) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    written: bytes = key.public_key().public_bytes(serialization.Encoding.PEM, form)
    return written.decode()


PUBLIC = pem(PRIVATE)


def settings(**changes: Any) -> Settings:
    return Settings(**{"issuer": ISSUER, "audience": AUDIENCE, "jwt_key": PUBLIC} | changes)


def claims(**changes: Any) -> dict[str, Any]:
    """Good ones, with changes; None: without."""
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "exp": now + 3600,
        "iat": now,
        "sub": "4711",
        "tiimi_owner": "jamsa",
        "tiimi_role": "planner",
    }
    return {k: v for k, v in (good | changes).items() if v is not None}


def signed(key: Any = PRIVATE, algorithm: str = "RS256", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm)


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def by_hand(header: Any, payload: Any, sign: Callable[[bytes], bytes] = lambda _: b"") -> str:
    """A token that no library would make."""
    body = f"{part(header)}.{part(payload)}"
    return f"{body}.{part(sign(body.encode()))}"


def mac(key: str) -> Callable[[bytes], bytes]:
    return lambda body: hmac.new(key.encode(), body, hashlib.sha256).digest()


def stranger(body: bytes) -> bytes:
    algorithm = jwt.get_algorithm_by_name("RS256")
    return bytes(algorithm.sign(body, STRANGER))


def provider(body: bytes) -> bytes:
    algorithm = jwt.get_algorithm_by_name("RS256")
    return bytes(algorithm.sign(body, PRIVATE))


def test_a_good_token_is_let_in() -> None:
    by = by_hand({"alg": "RS256", "typ": "JWT"}, claims(), provider)
    assert identity_of_jwt(settings(), by) == Identity("jamsa", Role.PLANNER, "oidc:4711")
    assert identity_of_jwt(settings(), signed()) == Identity("jamsa", Role.PLANNER, "oidc:4711")


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["other", AUDIENCE]},
        {"nbf": int(time.time()) - 10},
        {"iat": None},
        {"sub": "a|b:c/d@e"},
        {"tiimi_role": "viewer", "more": {"of": ["it"]}},
    ],
)
def test_other_good_tokens_are_too(changes: dict[str, Any]) -> None:
    assert identity_of_jwt(settings(), signed(**changes)) is not None


_NOW = int(time.time())

BAD_CLAIMS: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "another"},
    "other audiences": {"aud": ["another", "tiimi2"]},
    "no audience": {"aud": None},
    "empty audiences": {"aud": []},
    "an audience that is a number": {"aud": 1},
    "another issuer": {"iss": "https://login.example.fi.evil.fi"},
    "an issuer with a slash": {"iss": ISSUER + "/"},
    "issuers": {"iss": [ISSUER]},
    "no issuer": {"iss": None},
    "expired": {"exp": _NOW - 1},
    "expired long ago": {"exp": 0},
    "no expiry": {"exp": None},
    "an expiry that is a text": {"exp": "never"},
    "an expiry that is a list": {"exp": [_NOW + 100]},
    "not yet": {"nbf": _NOW + 1_000_000},
    "of the future": {"iat": _NOW + 1_000_000},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is a number": {"sub": 4711},
    "a subject with a line": {"sub": "a\nb"},
    "a subject with a blank": {"sub": "a b"},
    "a long subject": {"sub": "x" * 191},
    "no owner": {"tiimi_owner": None},
    "an empty owner": {"tiimi_owner": ""},
    "an owner in capitals": {"tiimi_owner": "Jamsa"},
    "an owner with umlauts": {"tiimi_owner": "jämsä"},
    "an owner that looks the same": {"tiimi_owner": "j\N{CYRILLIC SMALL LETTER A}msa"},
    "an owner with a line": {"tiimi_owner": "jamsa\n"},
    "an owner with a zero": {"tiimi_owner": "jamsa\0"},
    "an owner that is a pattern": {"tiimi_owner": "%"},
    "an owner that is a path": {"tiimi_owner": "../salo"},
    "an owner that is a query": {"tiimi_owner": "' OR '1'='1"},
    "owners": {"tiimi_owner": ["jamsa", "salo"]},
    "an owner that is an object": {"tiimi_owner": {"jamsa": 1}},
    "a long owner": {"tiimi_owner": "x" * 101},
    "no role": {"tiimi_role": None},
    "a role that is none": {"tiimi_role": "root"},
    "a role in capitals": {"tiimi_role": "ADMIN"},
    "a role that is a number": {"tiimi_role": 4},
    "roles": {"tiimi_role": ["admin"]},
    "a role that is an object": {"tiimi_role": {}},
}


@pytest.mark.parametrize("name", BAD_CLAIMS)
def test_claims_that_are_missing_or_wrong_are_refused(name: str) -> None:
    token = by_hand({"alg": "RS256", "typ": "JWT"}, claims(**BAD_CLAIMS[name]), provider)
    assert identity_of_jwt(settings(), token) is None


def _altered(**changes: Any) -> str:
    """A good token with the claims exchanged and the signature kept."""
    header, _, signature = signed().split(".")
    return f"{header}.{part(claims(**changes))}.{signature}"


FORGED: dict[str, Callable[[], str]] = {
    "no algorithm": lambda: by_hand({"alg": "none"}, claims()),
    "no algorithm, in capitals": lambda: by_hand({"alg": "NONE"}, claims()),
    "no algorithm, but a signature": lambda: by_hand({"alg": "none"}, claims(), provider),
    "an empty algorithm": lambda: by_hand({"alg": ""}, claims()),
    "an algorithm that is null": lambda: by_hand({"alg": None}, claims()),
    "an algorithm that is a list": lambda: by_hand({"alg": ["RS256"]}, claims(), provider),
    "without an algorithm": lambda: by_hand({}, claims(), provider),
    "a secret: the public key": lambda: by_hand({"alg": "HS256"}, claims(), mac(PUBLIC)),
    "a secret: the public key, bare": lambda: by_hand(
        {"alg": "HS256"}, claims(), mac(PUBLIC.strip())
    ),
    "a secret, called RS256": lambda: by_hand({"alg": "RS256"}, claims(), mac(PUBLIC)),
    "an empty secret": lambda: by_hand({"alg": "HS256"}, claims(), mac("")),
    "another algorithm of the same key": lambda: signed(algorithm="RS512"),
    "another padding of the same key": lambda: signed(algorithm="PS256"),
    "another key": lambda: signed(STRANGER),
    "another key, brought along": lambda: by_hand(
        {
            "alg": "RS256",
            "jwk": json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(STRANGER.public_key())),
        },
        claims(),
        stranger,
    ),
    "another key, at an address": lambda: by_hand(
        {"alg": "RS256", "jku": "https://evil.fi/keys", "kid": "../../dev/null"},
        claims(),
        stranger,
    ),
    "an extension that is critical": lambda: by_hand(
        {"alg": "RS256", "crit": ["x"], "x": 1}, claims(), provider
    ),
    "no signature": lambda: ".".join(signed().split(".")[:2]) + ".",
    "half a signature": lambda: signed()[:-20],
    "the claims exchanged": lambda: _altered(tiimi_role="admin"),
    "the owner exchanged": lambda: _altered(tiimi_owner="salo"),
    "claims that are a list": lambda: by_hand({"alg": "RS256"}, [claims()], provider),
    "claims that are no JSON": lambda: by_hand({"alg": "RS256"}, b"{", provider),
    "claims that are no text": lambda: by_hand({"alg": "RS256"}, b"\xff", provider),
    "deep claims": lambda: by_hand({"alg": "RS256"}, b"[" * 9000, provider),
    "a deep header": lambda: by_hand(b"[" * 9000, claims(), provider),
    "a header that is a list": lambda: by_hand([], claims(), provider),
    "long": lambda: signed(more="x" * 20_000),
    "only dots": lambda: "..",
    "no base64": lambda: "ä.ö.å",
    "blanks": lambda: " . . ",
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_tokens_are_refused(name: str) -> None:
    assert identity_of_jwt(settings(), FORGED[name]()) is None


@pytest.mark.parametrize("missing", ["issuer", "audience", "jwt_key"])
def test_without_a_provider_none_is_let_in(missing: str) -> None:
    assert identity_of_jwt(settings(**{missing: ""}), signed()) is None


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("ES256", ec.generate_private_key(ec.SECP256R1())),
        ("EdDSA", ed25519.Ed25519PrivateKey.generate()),
    ],
)
def test_other_algorithms_can_be_pinned(algorithm: str, key: Any) -> None:
    pinned = settings(jwt_algorithm=algorithm, jwt_key=pem(key))
    assert identity_of_jwt(pinned, signed(key, algorithm)) is not None
    assert identity_of_jwt(pinned, signed()) is None
    assert identity_of_jwt(pinned, by_hand({"alg": "none"}, claims())) is None
    forged = by_hand({"alg": "HS256"}, claims(), mac(pem(key)))
    assert identity_of_jwt(pinned, forged) is None


def test_the_claims_of_owner_and_role_can_be_called_otherwise() -> None:
    named = settings(jwt_owner_claim="https://example.fi/city", jwt_role_claim="r")
    token = signed(**{"https://example.fi/city": "salo", "r": "admin"})
    assert identity_of_jwt(named, token) == Identity("salo", Role.ADMIN, "oidc:4711")
    assert identity_of_jwt(named, signed()) is None


@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS512", "PS256", ""])
def test_other_algorithms_cannot_be_pinned(algorithm: str) -> None:
    with pytest.raises(ValueError, match="public key"):
        settings(jwt_algorithm=algorithm)


def test_the_key_can_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(PUBLIC, encoding="ascii")
    assert identity_of_jwt(settings(jwt_key=str(tmp_path / "key.pem")), signed()) is not None


def private_pem() -> str:
    written = PRIVATE.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return written.decode()


@pytest.mark.parametrize(
    "key",
    ["no such file", "secret", "-----BEGIN PUBLIC KEY-----\nx", private_pem()],
    ids=["file", "secret", "half", "private"],
)
def test_a_setting_that_is_no_public_key_is_our_operators_mistake(key: str) -> None:
    with pytest.raises(RuntimeError, match=r"^TIIMI_JWT_KEY is no public key for RS256$"):
        identity_of_jwt(settings(jwt_key=key), signed())
    with pytest.raises(RuntimeError, match="TIIMI_JWT_KEY"):
        check_provider(settings(jwt_key=key))


@pytest.mark.parametrize("missing", ["issuer", "audience", "jwt_key"])
def test_half_a_provider_is_found_at_the_start(missing: str) -> None:
    with pytest.raises(RuntimeError, match="are set together"):
        check_provider(settings(**{missing: ""}))


def test_a_whole_provider_and_none_are_fine_at_the_start() -> None:
    check_provider(settings())
    check_provider(Settings())
