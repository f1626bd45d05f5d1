"""The OpenAPI document: kept, complete, closed, and every example in it is run."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import validator_for
from sqlalchemy import select

from api.service.database import Job
from api.service.openapi import WRITTEN, main, operations, written
from models import Proposal
from tests.service.web.city import City, Web, stored_examples
from tests.service.web.conftest import serving

DOCUMENT: dict[str, Any] = json.loads(WRITTEN.read_text(encoding="utf-8"))
OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def named(of: tuple[str, str, Any]) -> str:
    return f"{of[0].upper()} {of[1]}"


@pytest.fixture
def example_city(tmp_path: Path, example_solved: Proposal) -> Iterator[City]:
    """A city that has what the examples are about."""
    with serving(f"sqlite:///{tmp_path / 'tiimi.db'}") as web:
        yield stored_examples(web.city(), example_solved)


def test_the_document_is_the_one_that_is_kept(one_web: Web) -> None:
    """If it is to change: python -m api.service.openapi."""
    assert written(one_web.app.openapi()) == WRITTEN.read_text(encoding="utf-8")
    assert one_web.client.get("/v1/openapi.json").json() == DOCUMENT


def test_it_is_written_where_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.service.openapi.WRITTEN", tmp_path / "openapi.json")
    assert main() == 0
    assert (tmp_path / "openapi.json").read_bytes() == WRITTEN.read_bytes()


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_every_operation_is_described(operation: tuple[str, str, Any]) -> None:
    _, path, one = operation
    assert one["description"]
    assert ("Role: " in one["description"]) == path.startswith("/v1")
    assert bool(one.get("security")) == path.startswith("/v1")
    assert all(p.get("description") for p in one.get("parameters", ()))
    for status, answer in one["responses"].items():
        assert answer["description"]
        if int(status) >= 400:
            assert set(answer["content"]) == {"application/problem+json"}
    asks = {"401", "403"} if path.startswith("/v1") else set()
    reads = {"400", "413", "415", "422"} if "requestBody" in one else set()
    assert asks | reads <= set(one["responses"])


def test_everything_described_is_closed() -> None:
    open_ones = [
        name
        for name, schema in DOCUMENT["components"]["schemas"].items()
        if schema.get("type") == "object" and schema.get("additionalProperties") is not False
    ]
    assert open_ones == []


def test_operations_have_names_of_their_own() -> None:
    names = [one["operationId"] for one in operations(DOCUMENT)]
    assert len(set(names)) == len(names)


def requests(operation: tuple[str, str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """An operation's examples as requests: the path, and query, headers and body.

    All parameters that are needed are given, and the others once each.
    """
    _, path, one = operation
    parameters = one.get("parameters", [])
    for p in parameters:
        if p["in"] == "path":
            path = path.replace(f"{{{p['name']}}}", str(example_of(p)))
    bodies = one.get("requestBody", {}).get("content", {}).get("application/json", {})
    given = [{"json": e["value"]} for e in bodies.get("examples", {}).values()] or [{}]
    yield from ((path, body) for body in given)
    for p in parameters:
        match p["in"]:
            case "query":
                yield path, given[0] | {"params": {p["name"]: example_of(p)}}
            case "header":
                yield path, given[0] | {"headers": {p["name"]: str(example_of(p))}}


def example_of(parameter: dict[str, Any]) -> Any:
    found = parameter["schema"].get("examples") or parameter.get("examples")
    assert found, parameter
    return found[0]


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_every_example_is_run(example_city: City, operation: tuple[str, str, Any]) -> None:
    method, _, one = operation
    city = example_city
    count = 0
    with city.web.working():
        for address, more in requests(operation):
            answer = city.ask(method.upper(), address, **more)
            assert 200 <= answer.status_code < 300, answer.text
            described = one["responses"][str(answer.status_code)]["content"]
            form = answer.headers["content-type"].partition(";")[0]
            assert form in described
            if form == "application/json":
                schema = described[form]["schema"] | {"components": DOCUMENT["components"]}
                validator_for(schema).validate(answer.json())
            count += 1
    assert count >= 1
    with city.web.session() as session:
        states = session.scalars(select(Job.state)).all()
    assert "failed" not in states


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_a_method_that_is_not_described_is_refused_with_those_that_are(
    one_web: Web, path: str
) -> None:
    described = {method.upper() for method in DOCUMENT["paths"][path]}
    city, concrete = one_web.city(), re.sub(r"\{\w+\}", "0" * 32, path)
    if path == "/v1/people/{person}/export":
        # An id may have a slash: somebody called ".../export" could be erased.
        described.add("DELETE")
    for method in sorted({"GET", "POST", "PUT", "PATCH", "DELETE"} - described):
        answer = city.ask(method, concrete)
        assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, described)
