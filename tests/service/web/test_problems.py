"""Every error is a problem document with a code that stays the same; every code is met here."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy.exc import OperationalError

from api.service.making import Making
from api.service.media import XLSX
from api.service.problems import KINDS
from api.service.schemas.answers import Problem
from tests.api.office import DATA
from tests.service.web.city import City, Web, stored_things
from tests.service.web.conftest import serving

DOCS = Path(__file__).resolve().parents[3] / "docs"


def bad_request(web: Web, city: City) -> Response:
    headers = {"Content-Type": "application/json"}
    return city.ask("POST", "/v1/organisations", content=b'{"name": ', headers=headers)


def unauthenticated(web: Web, city: City) -> Response:
    return web.client.get("/v1/policy")


def forbidden(web: Web, city: City) -> Response:
    return city.get("/v1/audit", role="viewer")


def not_found(web: Web, city: City) -> Response:
    return web.client.get("/v2")


def method_not_allowed(web: Web, city: City) -> Response:
    return city.ask("PUT", "/v1/proposals")


def not_acceptable(web: Web, city: City) -> Response:
    return city.get("/v1/policy", headers={"Accept": "text/html"})


def conflict(web: Web, city: City) -> Response:
    return city.get(f"/v1/proposals/{city.proposal(state='queued', result=None)}/result")


def key_used(web: Web, city: City) -> Response:
    asked, key = {"organisation": city.organisation()}, {"Idempotency-Key": "k"}
    city.post("/v1/proposals", asked, headers=key)
    return city.post("/v1/proposals", asked | {"seed": 1}, headers=key)


def gone(web: Web, city: City) -> Response:
    return city.get(f"/v1/proposals/{city.proposal()}/events")


def too_large(web: Web, city: City) -> Response:
    content = b" " * (web.app.state.settings.most_bytes + 1)
    headers = {"Content-Type": "application/json"}
    return city.ask("POST", "/v1/organisations", content=content, headers=headers)


def unsupported_media_type(web: Web, city: City) -> Response:
    headers = {"Content-Type": "text/csv"}
    return city.ask("POST", "/v1/organisations", content=b"id", headers=headers)


def invalid(web: Web, city: City) -> Response:
    return city.post("/v1/organisations", {})


def too_many_logins(web: Web, city: City) -> Response:
    for _ in range(web.app.state.settings.most_failed_logins):
        web.client.get("/v1/policy", headers={"Authorization": "Bearer tiimi_no"})
    return city.get("/v1/policy")


def queue_full(web: Web, city: City) -> Response:
    asked = {"organisation": city.organisation()}
    city.post("/v1/proposals", asked)
    return city.post("/v1/proposals", asked)


def busy(web: Web, city: City) -> Response:
    return document(web, city, most_documents=0, documents_waiting=0)


def too_slow(web: Web, city: City) -> Response:
    return document(web, city, document_seconds=0.001)


def document(web: Web, city: City, **limits: float) -> Response:
    web.app.state.making = Making(web.app.state.settings.model_copy(update=limits))
    return city.get(f"/v1/proposals/{city.proposal()}/risk")


def internal(web: Web, city: City) -> Response:
    # A result that no version of tiimi has written.
    return city.get(f"/v1/proposals/{city.proposal(result={'proposal': {'E3': 'sick'}})}/result")


def not_ready(web: Web, city: City) -> Response:
    with database_away(web):
        return web.client.get("/ready")


@contextmanager
def database_away(web: Web) -> Iterator[None]:
    engine = web.app.state.engine

    class Away:
        def connect(self) -> None:
            raise OperationalError("SELECT", {}, Exception("E3 is in here"))

        begin = connect

    web.app.state.engine = Away()
    try:
        yield
    finally:
        web.app.state.engine = engine


REFUSED = [
    bad_request,
    unauthenticated,
    forbidden,
    not_found,
    method_not_allowed,
    not_acceptable,
    conflict,
    key_used,
    gone,
    too_large,
    unsupported_media_type,
    invalid,
    too_many_logins,
    queue_full,
    busy,
    internal,
    not_ready,
    too_slow,
]


@pytest.fixture
def small_web(tmp_path: Path) -> Iterator[Web]:
    """A service whose limits are soon met."""
    limits = {"queue_length": 1, "most_bytes": 100_000, "most_failed_logins": 3}
    with serving(f"sqlite:///{tmp_path / 'tiimi.db'}", **limits) as made:
        yield made


def test_every_code_is_met_and_described() -> None:
    assert [refused.__name__ for refused in REFUSED] == list(KINDS)
    page = (DOCS / "integrators.md").read_text(encoding="utf-8")
    assert [c for c, kind in KINDS.items() if f"| `{c}` | {kind.status} |" not in page] == []


@pytest.mark.parametrize("refused", REFUSED, ids=lambda r: r.__name__)
def test_a_problem_is_a_document_of_its_kind(small_web: Web, refused: Any) -> None:
    code = refused.__name__
    answer = refused(small_web, small_web.city())
    kind = KINDS[code]
    assert answer.status_code == kind.status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    document = answer.json()
    Problem.model_validate_json(answer.content, strict=True)
    assert document["type"] == f"urn:tiimi:problem:{code}"
    assert (document["code"], document["title"]) == (code, kind.title)
    assert document["status"] == kind.status
    assert document["instance"] == answer.url.path
    assert bool(document.get("issues")) == (code == "invalid")
    if kind.status == 429:
        assert int(answer.headers["retry-after"]) >= 1


def test_what_can_be_done_is_told_where_it_cannot(one_web: Web) -> None:
    city = one_web.city()
    allowed = city.ask("PUT", "/v1/proposals").headers["allow"]
    assert allowed == "GET, POST"
    proposal = city.proposal()
    for method in ("DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"):
        answer = city.ask(method, f"/v1/proposals/{proposal}/plan")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_a_mistake_is_told_and_logged_without_a_word_of_data(
    one_web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = internal(one_web, one_web.city())
    assert set(answer.json()) == {"type", "title", "status", "code", "instance"}
    logged = [record.getMessage() for record in caplog.records if record.name == "tiimi"]
    assert len(logged) == 1
    assert logged[0].startswith("a mistake of tiimi's own: ValidationError in ")
    assert "E3" not in caplog.text
    assert "sick" not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


def test_a_mistake_in_the_middle_of_an_answer_ends_it(
    one_web: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    city = one_web.city()
    name = city.submitted(city.post("/v1/proposals", {"organisation": city.organisation()}))
    calls = []

    def news(*asked: object) -> object:
        calls.append(asked)
        if len(calls) > 1:
            raise KeyError("E3")
        return [], False

    monkeypatch.setattr("api.service.routes.events._news", news)
    answer = city.get(f"/v1/proposals/{name}/events")
    assert (answer.status_code, answer.text) == (200, "retry: 1000\n\n")
    assert "E3" not in caplog.text


def test_a_database_that_is_away_is_told_and_comes_back(
    one_web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    city = one_web.city()
    with database_away(one_web):
        for path in ("/v1/proposals", "/ready", "/metrics"):
            answer = city.get(path)
            assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
            assert answer.headers["retry-after"] == "2"
        assert one_web.client.get("/health").status_code == 200
    assert "E3" not in caplog.text
    assert city.get("/v1/proposals").status_code == 200


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"name": NaN}', 400),
        (b'{"name": 1' + b"0" * 5000 + b"}", 400),
        (b'{"name": "a", "name": "b"}', 400),
        (b'{"name": "\\ud800"}', 400),
        (b"null", 422),
        (b"[]", 422),
        (b'"organisation"', 422),
        (b"{}", 422),
    ],
)
@pytest.mark.parametrize("path", ["organisations", "proposals", "check", "demo-data"])
def test_any_body_is_answered(one_web: Web, path: str, content: bytes, status: int) -> None:
    if (path, content) == ("demo-data", b"{}"):
        status = 201
    headers = {"Content-Type": "application/json"}
    answer = one_web.city().ask("POST", f"/v1/{path}", content=content, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ("application/json", 201),
        ("application/json; charset=utf-8", 201),
        ("APPLICATION/JSON", 201),
        ("application/jsonx", 415),
        ("text/json", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
        (XLSX, 422),
    ],
)
def test_a_body_says_its_form(one_web: Web, form: str, status: int) -> None:
    headers = {"Content-Type": form}
    content = json.dumps(DATA).encode()
    answer = one_web.city().ask("POST", "/v1/organisations", content=content, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("application/*", 200),
        ("text/html, */*;q=0.1", 200),
        ("application/json;q=0", 406),
        ("*/*, application/json;q=0", 406),
        ("text/html", 406),
        ("application/json;q=x", 406),
        ("", 200),
    ],
)
def test_a_client_says_which_forms_it_takes(one_web: Web, accept: str, status: int) -> None:
    assert one_web.city().get("/v1/proposals", headers={"Accept": accept}).status_code == status


def test_of_several_forms_the_client_chooses(one_web: Web) -> None:
    city = one_web.city()
    accept = {"Accept": "application/json;q=0.5, application/toml"}
    toml = city.get("/v1/policy", headers=accept)
    assert toml.headers["content-type"].startswith("application/toml")
    refused = city.get(f"/v1/proposals/{city.proposal()}/sheet", headers={"Accept": "text/csv"})
    assert (refused.status_code, refused.json()["detail"]) == (406, f"Offered: {XLSX}.")


def test_who_may_not_is_told_before_the_body_is_read(one_web: Web) -> None:
    city = one_web.city()
    headers = {"Content-Type": "application/json"}
    answer = city.ask("POST", "/v1/organisations", "viewer", content=b"{", headers=headers)
    assert answer.status_code == 403


def test_an_address_that_ends_otherwise_is_another(one_web: Web) -> None:
    city = one_web.city()
    ids = stored_things(city)
    for path in ("/v1/proposals/", f"/v1/proposals/{ids['proposal']}/", "/", "/v1", "/docs"):
        assert city.get(path).json()["code"] == "not_found"
