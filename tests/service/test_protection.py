"""What is answered before any route sees a request, and what every answer carries."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.testclient import TestClient

from api.service.problems import Problem
from api.service.protection import protect
from api.service.settings import Settings

MOST = 1000


def application(**settings: Any) -> FastAPI:
    app = FastAPI()

    @app.exception_handler(Problem)
    def tell(request: Request, problem: Problem) -> JSONResponse:
        return JSONResponse(problem.document(request.url.path), problem.status)

    @app.post("/v1/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @app.post("/v1/parsed")
    async def parsed(body: dict[str, Any]) -> int:
        return len(body)

    @app.post("/v1/stubborn")
    async def stubborn(request: Request) -> str:
        try:
            await request.body()
        except Exception:
            return "never mind"
        return "read"

    @app.post("/v1/unread")
    async def unread() -> str:
        return "done"

    @app.get("/v1/cached")
    def cached() -> JSONResponse:
        return JSONResponse(1, headers={"Cache-Control": "max-age=1", "X-Other": "kept"})

    @app.get("/v1/stream")
    def stream() -> StreamingResponse:
        return StreamingResponse(iter(["a", "b"]), media_type="text/event-stream")

    @app.get("/health")
    def health() -> str:
        return "well"

    protect(app, Settings(most_bytes=MOST, **settings))
    return app


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(application())


def chunks(count: int) -> Iterator[bytes]:
    yield from [b'{"a": "', *[b"x" * 100] * count, b'"}']


@pytest.mark.parametrize("path", ["raw", "parsed", "stubborn"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_413(client: TestClient, path: str, chunked: bool) -> None:
    body = chunks(10) if chunked else b"".join(chunks(10))
    answer = client.post(f"/v1/{path}", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["instance"]) == ("too_large", f"/v1/{path}")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["raw", "parsed", "stubborn", "unread"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_the_largest_size_is_read(client: TestClient, path: str, chunked: bool) -> None:
    whole = b'{"a": "' + b"x" * (MOST - 9) + b'"}'
    assert len(whole) == MOST
    body = iter([whole[:500], whole[500:]]) if chunked else whole
    answer = client.post(f"/v1/{path}", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    assert answer.json() == {"raw": MOST, "parsed": 1, "stubborn": "read", "unread": "done"}[path]


def test_what_nobody_reads_is_not_counted(client: TestClient) -> None:
    assert client.post("/v1/unread", content=chunks(10)).json() == "done"


def test_every_answer_is_marked(client: TestClient) -> None:
    for path in ("/health", "/v1/stream", "/v1/nothing", "/v1/cached"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
    assert client.get("/v1/stream").headers["cache-control"] == "no-store"
    assert client.get("/v1/nothing").headers["cache-control"] == "no-store"
    assert "cache-control" not in client.get("/health").headers
    assert client.get("/v1/cached").headers["cache-control"] == "max-age=1"
    assert client.get("/v1/cached").headers["x-other"] == "kept"


async def _asked(app: FastAPI, path: str, query: bytes, headers: list[tuple[bytes, bytes]]) -> int:
    """The status of an answer to a request as no client of good manners sends it."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8080),
    }
    await app(scope, receive, send)
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        ([b"localhost:8080"], 200),
        ([b"tiimi.example.fi"], 200),
        ([b"127.0.0.1"], 200),
        ([b"[::1]:8080"], 200),
        ([], 400),
        ([b"a", b"b"], 400),
        ([b"a", b"a"], 400),
        ([b""], 400),
        ([b"a/b"], 400),
        ([b"a@b"], 400),
        ([b"a, b"], 400),
        ([b"a:port"], 400),
        ([b"a\xe4"], 400),
        ([b"a\n"], 400),
        ([b"x" * 300], 400),
    ],
)
def test_only_one_plain_host_is_taken(hosts: list[bytes], status: int) -> None:
    headers = [(b"host", host) for host in hosts]
    assert asyncio.run(_asked(application(), "/health", b"", headers)) == status


@pytest.mark.parametrize(
    ("path", "query", "lengths", "status"),
    [
        ("/health", b"", [b"0"], 200),
        ("/health", b"a=%0a", [], 200),
        ("/health\0", b"", [], 400),
        ("/health", b"a=%00", [], 400),
        ("/health", b"", [b"-1"], 400),
        ("/health", b"", [b"1", b"2"], 400),
        ("/health", b"", [b"1_0"], 400),
        ("/health", b"", [b"\xb2"], 400),
        ("/health", b"", [b"9" * 5000], 400),
        ("/health", b"", [b"9" * 18], 413),
    ],
)
def test_odd_addresses_and_lengths_are_refused(
    path: str, query: bytes, lengths: list[bytes], status: int
) -> None:
    headers = [(b"host", b"localhost"), *((b"content-length", n) for n in lengths)]
    assert asyncio.run(_asked(application(), path, query, headers)) == status


def test_what_fails_in_a_route_goes_on_failing() -> None:
    app = application()

    @app.get("/v1/broken")
    def broken() -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        TestClient(app).get("/v1/broken")


ORIGIN = "https://planning.example.fi"


def _preflight(client: TestClient, origin: str) -> Any:
    return client.options(
        "/v1/raw",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
        },
    )


def test_no_page_may_call_by_default(client: TestClient) -> None:
    assert _preflight(client, ORIGIN).status_code == 405
    headers = client.get("/health", headers={"Origin": ORIGIN}).headers
    assert [name for name in headers if name.startswith("access-control")] == []


def test_pages_of_the_origins_set_may_call() -> None:
    client = TestClient(application(origins=(ORIGIN,)))
    allowed = _preflight(client, ORIGIN)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in allowed.headers
    answer = client.get("/health", headers={"Origin": ORIGIN})
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    for other in ("https://planning.example.fi.evil.fi", "http://planning.example.fi", "null"):
        assert _preflight(client, other).status_code == 400
        foreign = client.get("/health", headers={"Origin": other})
        assert "access-control-allow-origin" not in foreign.headers
