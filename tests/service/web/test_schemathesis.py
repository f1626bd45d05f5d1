"""Requests of every kind that the OpenAPI document allows or forbids, with a token and without.

No answer is a 5xx, and every one is described: its status, its form, its headers, its content.
"""

import copy
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings, strategies
from schemathesis.checks import not_a_server_error
from schemathesis.pytest import from_fixture
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema
from starlette.types import Receive, Scope, Send

from api.service.media import XLSX
from api.service.routes import events, questions
from api.service.schemas import examples
from models import Proposal
from models.reading import organisation_from
from models.tables import write_organisation
from tests.service.web.city import City, Web, stored_examples
from tests.service.web.conftest import serving
from tests.service.web.test_openapi import DOCUMENT

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    allow_header_conformance,
]
ANY_ID = {"pattern": "^[0-9a-f]{32}$", "type": "string"}
KNOWN = {
    "organisation": examples.ORGANISATION,
    "proposal": examples.PROPOSAL,
    "other": examples.WHAT_IF,
    "question": examples.QUESTION,
    "person": examples.PERSON,
}
FEW = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def with_ids_that_are_there() -> dict[str, Any]:
    """The document, but that ids are also those of what is stored: no guess would find them."""
    made = copy.deepcopy(DOCUMENT)
    for path in made["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    known = KNOWN[parameter["name"]]
                    parameter["schema"] = {"anyOf": [{"const": known}, parameter["schema"]]}
    found = made["components"]["schemas"]
    known = {"enum": [examples.ORGANISATION, "0" * 32]}
    found["ProposalRequest"]["properties"]["organisation"] = known
    # One route reads organisations of every kind: here they are of few.
    few = [{"enum": [examples.SMALL_ORGANISATION]}, {"type": "object", "maxProperties": 1}]
    found["CheckRequest"]["properties"]["organisation"] = {"anyOf": [known, *few]}
    return made


def with_any_bodies() -> dict[str, Any]:
    """The document for those whose bodies nobody reads."""
    made = copy.deepcopy(DOCUMENT)
    for path in made["paths"].values():
        for operation in path.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                if "format" not in content["schema"]:
                    content["schema"] = {"type": "object"}
    return made


class Apart:
    """The application without its start and end, which each request would repeat."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
        else:
            await self._web.app(scope, receive, send)


def workbook() -> bytes:
    """The library of the examples as a workbook."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "library.xlsx"
        write_organisation(organisation_from(examples.SMALL_ORGANISATION), path)
        return path.read_bytes()


WORKBOOK = workbook()
schemathesis.openapi.media_type(
    XLSX, strategies.sampled_from([WORKBOOK, WORKBOOK[:500], WORKBOOK[:-9], b"PK", b""])
)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, example_solved: Proposal) -> Iterator[City]:
    """A city that has what the examples are about."""
    path = tmp_path_factory.mktemp("schemathesis") / "tiimi.db"
    with (
        pytest.MonkeyPatch.context() as patch,
        serving(f"sqlite:///{path}") as web,
    ):
        # Nobody works here: to wait is in vain, and what is queued has no end.
        patch.setattr(questions, "MOST_WAITED", 0.01)
        patch.setattr(events, "SECONDS_BETWEEN_LOOKS", 0.01)
        yield stored_examples(web.city(), example_solved)


def described(document: dict[str, Any], city: City) -> OpenApiSchema:
    """The application as a document describes it."""
    schema = schemathesis.openapi.from_dict(document)
    schema.app = Apart(city.web)
    # It makes thousands of requests of the kinds that are drawn too; other methods are asked in
    # test_openapi.py.
    schema.config.phases.coverage.enabled = False
    return schema


@pytest.fixture(scope="module")
def with_token(city: City) -> OpenApiSchema:
    return described(with_ids_that_are_there(), city)


@pytest.fixture(scope="module")
def without_token(city: City) -> OpenApiSchema:
    return described(with_any_bodies(), city)


def checks_of(case: schemathesis.Case) -> list[Any]:
    """All; but that an id may have a slash, the document cannot say."""
    if case.path.endswith(("/people/{person}/export", "/people/{person}/sheet")):
        return [check for check in CHECKS if check is not allow_header_conformance]
    return CHECKS


@from_fixture("with_token").parametrize()
@FEW
def test_whatever_is_asked_is_answered_as_described(case: schemathesis.Case, city: City) -> None:
    # Who is erased is gone for the others: another city's may be.
    asking = city.web.city() if case.method == "DELETE" else city
    headers = {"Authorization": f"Bearer {asking.tokens['admin']}"}
    answer = case.call_and_validate(headers=headers, checks=checks_of(case))
    assert answer.status_code < 500


@from_fixture("without_token").parametrize()
@settings(FEW, max_examples=2)
def test_who_has_no_token_is_told_so_whatever_is_asked(case: schemathesis.Case, city: City) -> None:
    answer = case.call_and_validate(checks=checks_of(case))
    if case.path.startswith("/v1"):
        assert answer.status_code in (400, 401, 405, 406)
