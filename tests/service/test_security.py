"""Who is let in as whom: tokens, roles, failed logins."""

import hashlib
import itertools
import re
from datetime import timedelta
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from api.service.database import Token, now
from api.service.failed_logins import FailedLogins, failed_logins_of
from api.service.problems import Problem
from api.service.security import ROLES, Identity, Role, create_token, require, revoke_token
from api.service.settings import Settings


def application(engine: Engine, **settings: Any) -> FastAPI:
    """A route for each role, that says who asks."""
    app = FastAPI()
    app.state.engine = engine
    app.state.settings = Settings(**settings)

    @app.exception_handler(Problem)
    def tell(request: Request, problem: Problem) -> JSONResponse:
        return JSONResponse(
            problem.document(request.url.path), problem.status, headers=problem.headers
        )

    for label, role in ROLES.items():

        @app.get(f"/{label}")
        def who(identity: Annotated[Identity, Depends(require(role))]) -> list[str]:
            return [identity.owner, identity.role.label, identity.name]

    return app


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(application(engine))


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_each_role_may_do_what_those_before_it_may(engine: Engine) -> None:
    with Session(engine) as session:
        secrets = {role: create_token(session, "jamsa", role, "planning page") for role in Role}
    client = TestClient(application(engine))
    for held, asked in itertools.product(Role, Role):
        answer = client.get(f"/{asked.label}", headers=bearer(secrets[held]))
        if held >= asked:
            assert answer.status_code == 200
            assert answer.json() == ["jamsa", held.label, "token:planning page"]
        else:
            assert answer.status_code == 403
            assert answer.json()["code"] == "forbidden"


def test_roles_are_in_order_and_called_so() -> None:
    assert Role.VIEWER < Role.PLANNER < Role.APPROVER < Role.ADMIN
    assert list(ROLES) == ["viewer", "planner", "approver", "admin"]


def _headers(secret: str) -> list[tuple[str, list[tuple[str, str]], int]]:
    """What the request carries, and the answer's status."""
    other = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return [
        ("it", [("Authorization", f"Bearer {secret}")], 200),
        ("lower case", [("authorization", f"bearer {secret}")], 200),
        ("nothing", [], 401),
        ("empty", [("Authorization", "")], 401),
        ("no token", [("Authorization", "Bearer")], 401),
        ("blank", [("Authorization", "Bearer  ")], 401),
        ("another scheme", [("Authorization", f"Basic {secret}")], 401),
        ("no scheme", [("Authorization", secret)], 401),
        ("another", [("Authorization", f"Bearer {other}")], 401),
        ("a piece", [("Authorization", f"Bearer {secret[:-1]}")], 401),
        ("more", [("Authorization", f"Bearer {secret}A")], 401),
        ("two words", [("Authorization", f"Bearer {secret} {secret}")], 401),
        ("another case", [("Authorization", f"Bearer {secret.upper()}")], 401),
        ("its hash", [("Authorization", f"Bearer {digest}")], 401),
        ("like", [("Authorization", "Bearer tiimi_%")], 401),
        ("quoted", [("Authorization", "Bearer ' OR '1'='1")], 401),
        ("twice", [("Authorization", f"Bearer {secret}")] * 2, 401),
        (
            "with rubbish",
            [("Authorization", "Bearer x"), ("Authorization", f"Bearer {secret}")],
            401,
        ),
        ("long", [("Authorization", "Bearer " + "x" * 50_000)], 401),
        ("dots", [("Authorization", "Bearer ..")], 401),
        ("another header", [("X-Authorization", f"Bearer {secret}")], 401),
    ]


def test_only_the_secret_itself_is_let_in(engine: Engine) -> None:
    with Session(engine) as session:
        secret = create_token(session, "jamsa", Role.ADMIN, "x")
    client = TestClient(application(engine, most_failed_logins=1000))
    for name, headers, status in _headers(secret):
        answer = client.get("/viewer", headers=headers)
        assert answer.status_code == status, name
        if status == 401:
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.json()["code"] == "unauthenticated"
    assert client.get("/viewer", params={"token": secret}).status_code == 401
    assert client.get("/viewer", headers={"Cookie": f"Authorization={secret}"}).status_code == 401


def test_bytes_that_are_no_text_are_no_token(client: TestClient) -> None:
    answer = client.get("/viewer", headers={b"Authorization": b"Bearer \xff\xfe"})  # type: ignore[dict-item]
    assert answer.status_code == 401


def test_the_secret_is_nowhere_in_the_database(engine: Engine) -> None:
    with Session(engine) as session:
        secrets = [create_token(session, "jamsa", Role.VIEWER, "x") for _ in range(20)]
    assert len(set(secrets)) == 20
    assert all(re.fullmatch(r"tiimi_[A-Za-z0-9_-]{43}", secret) for secret in secrets)
    with engine.connect() as connection:
        stored = repr(connection.execute(text("SELECT * FROM tokens")).all())
    assert [s for s in secrets if s in stored or s.removeprefix("tiimi_") in stored] == []
    assert [s for s in secrets if hashlib.sha256(s.encode()).hexdigest() not in stored] == []


def test_a_token_ends_when_it_expires(engine: Engine, client: TestClient) -> None:
    with Session(engine) as session:
        secret = create_token(session, "jamsa", Role.VIEWER, "x", days=7)
        token = session.scalars(select(Token)).one()
        assert token.expires_at is not None
        assert timedelta(days=7) - (token.expires_at - now()) < timedelta(minutes=5)
        assert client.get("/viewer", headers=bearer(secret)).status_code == 200
        token.expires_at = now() - timedelta(microseconds=1)
        session.commit()
    assert client.get("/viewer", headers=bearer(secret)).status_code == 401


def test_a_token_ends_when_it_is_revoked_and_no_other(engine: Engine, client: TestClient) -> None:
    with Session(engine) as session:
        secret, other = (create_token(session, "jamsa", Role.VIEWER, n) for n in ("a", "b"))
        token = session.scalars(select(Token).where(Token.name == "a")).one()
        assert client.get("/viewer", headers=bearer(secret)).status_code == 200
        assert revoke_token(session, token.id) is True
        assert revoke_token(session, token.id) is False
        assert revoke_token(session, "nobody's") is False
    assert client.get("/viewer", headers=bearer(secret)).status_code == 401
    assert client.get("/viewer", headers=bearer(other)).status_code == 200


def test_a_token_of_a_role_that_is_none_is_none(engine: Engine, client: TestClient) -> None:
    with Session(engine) as session:
        secret = create_token(session, "jamsa", Role.ADMIN, "x")
        session.scalars(select(Token)).one().role = "root"
        session.commit()
    assert client.get("/viewer", headers=bearer(secret)).status_code == 401


ODD: list[tuple[str, str, int | None]] = [
    ("", "x", None),
    ("Jämsä", "x", None),
    ("JAMSA", "x", None),
    ("a b", "x", None),
    ("a/b", "x", None),
    ("..", "x", None),
    ("-a", "x", None),
    ("a\n", "x", None),
    ("a" * 101, "x", None),
    ("jamsa", "", None),
    ("jamsa", " ", None),
    ("jamsa", "a\nb", None),
    ("jamsa", "a\0", None),
    ("jamsa", "\ud800", None),
    ("jamsa", "x" * 101, None),
    ("jamsa", "x", 0),
    ("jamsa", "x", -1),
    ("jamsa", "x", 10**9),
]


def test_odd_owners_names_and_days_make_no_token(session: Session) -> None:
    for owner, name, days in ODD:
        with pytest.raises(ValueError, match=r"owner|name|days"):
            create_token(session, owner, Role.VIEWER, name, days)
        assert session.scalars(select(Token)).all() == []


def test_other_owners_and_names_do(engine: Engine) -> None:
    client = TestClient(application(engine))
    for owner, name in [("a", "x"), ("0.a_b-c9", "Hämeen sivu"), ("a" * 100, "x" * 100)]:
        with Session(engine) as session:
            secret = create_token(session, owner, Role.VIEWER, name)
        answer = client.get("/viewer", headers=bearer(secret))
        assert answer.json() == [owner, "viewer", f"token:{name}"]


# Failed logins


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_after_so_many_failures_nobody_is_let_in_for_a_minute(engine: Engine) -> None:
    with Session(engine) as session:
        secret = create_token(session, "jamsa", Role.VIEWER, "x")
    app, clock = application(engine, most_failed_logins=3), Clock()
    app.state.failed_logins = FailedLogins(3, clock=clock)
    client = TestClient(app)

    def status(token: str | None) -> int:
        return client.get("/viewer", headers=bearer(token) if token else {}).status_code

    assert [status("wrong"), status(secret), status("wrong")] == [401, 200, 401]
    # Who sends nothing tries nothing.
    assert [status(None)] * 5 == [401] * 5
    clock.now += 20
    assert [status("wrong"), status("wrong"), status(secret), status(None)] == [401, 429, 429, 429]
    answer = client.get("/viewer", headers=bearer(secret))
    assert answer.json()["code"] == "too_many_logins"
    assert answer.headers["retry-after"] == "40"
    clock.now += 39.5
    assert client.get("/viewer", headers=bearer(secret)).headers["retry-after"] == "1"
    clock.now += 0.5
    # The first two failures are a minute old; what was refused did not count.
    assert [status(secret), status("wrong"), status("wrong"), status("wrong")] == [
        200,
        401,
        401,
        429,
    ]


def test_other_addresses_are_let_in(engine: Engine) -> None:
    with Session(engine) as session:
        secret = create_token(session, "jamsa", Role.VIEWER, "x")
    app = application(engine, most_failed_logins=1)
    guessing = TestClient(app, client=("192.0.2.1", 1))
    assert [guessing.get("/viewer", headers=bearer("x")).status_code for _ in "12"] == [401, 429]
    assert (
        TestClient(app, client=("192.0.2.2", 1)).get("/viewer", headers=bearer(secret)).is_success
    )


def test_a_token_that_may_not_is_no_failed_login(engine: Engine) -> None:
    with Session(engine) as session:
        secret = create_token(session, "jamsa", Role.VIEWER, "x")
    client = TestClient(application(engine, most_failed_logins=1))
    assert [client.get("/admin", headers=bearer(secret)).status_code for _ in "123"] == [403] * 3


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:0:0:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("", "", True),
        ("a socket", "another", False),
    ],
)
def test_a_network_of_one_customer_counts_as_one(first: str, second: str, same: bool) -> None:
    failed = FailedLogins(1, clock=Clock())
    failed.add(first)
    assert (failed.seconds_to_wait(second) > 0) is same


def test_what_is_remembered_is_bounded() -> None:
    failed = FailedLogins(2, most_addresses=100, clock=Clock())
    for i in range(100):
        failed.add(f"10.0.0.{i}")
    # The first fails again, so the second is the one that failed the longest ago.
    for i in range(10_000):
        failed.add("10.0.0.0")
        failed.add(f"10.1.{i // 256}.{i % 256}")
    assert len(failed) == 100
    assert failed.seconds_to_wait("10.0.0.0") == 60
    assert failed.seconds_to_wait("10.0.0.1") == 0


def test_each_application_counts_for_itself(engine: Engine) -> None:
    one, other = application(engine), application(engine)
    assert failed_logins_of(one, 1) is failed_logins_of(one, 1)
    assert failed_logins_of(one, 1) is not failed_logins_of(other, 1)


def test_the_document_says_that_a_bearer_token_is_needed(engine: Engine) -> None:
    document = application(engine).openapi()
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert document["paths"]["/viewer"]["get"]["security"] == [{"bearer": []}]
