"""The OpenAPI document: made from the routes, kept in docs/openapi.json.

`python -m api.service.openapi` writes it; a test fails if it changed unnoticed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.service.media import JSON
from api.service.schemas import answers, examples, requests
from models.organisation import Organisation

WRITTEN = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"

_BODIES: dict[str, type[BaseModel]] = {
    "Organisation": Organisation,
    "ProposalRequest": requests.ProposalRequest,
    "WhatIfRequest": requests.WhatIfRequest,
    "WhyRequest": requests.WhyRequest,
    "AlternativesRequest": requests.AlternativesRequest,
    "CheckRequest": requests.CheckRequest,
    "DecisionRequest": requests.DecisionRequest,
    "DemoRequest": requests.DemoRequest,
}
"""By the name that a route gives as `x-body`, the model its body is read as."""

_FRAMEWORK = ("HTTPValidationError", "ValidationError")
"""How the framework would tell of errors; here they are problem documents."""


def document(app: FastAPI) -> dict[str, Any]:
    """The document of an application."""
    made: dict[str, Any] = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for name in _FRAMEWORK:
        schemas.pop(name, None)
    described = [(model, "validation") for model in (*_BODIES.values(), answers.Problem)]
    _, found = models_json_schema(
        described,  # type: ignore[arg-type]
        ref_template="#/components/schemas/{model}",
    )
    schemas |= found["$defs"]
    made["components"]["schemas"] = dict(sorted(schemas.items()))
    for operation in operations(made):
        _describe_body(operation)
        _drop_framework_errors(operation)
    return made


def operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of a document."""
    for path in made["paths"].values():
        yield from path.values()


def _describe_body(operation: dict[str, Any]) -> None:
    name = operation.pop("x-body", None)
    forms = operation.pop("x-forms", ())
    if name is None:
        return
    content: dict[str, Any] = {
        JSON: {
            "schema": {"$ref": f"#/components/schemas/{name}"},
            "examples": {f"{i}": {"value": v} for i, v in enumerate(_examples(name), start=1)},
        }
    }
    content |= {form: {"schema": {"type": "string", "format": "binary"}} for form in forms}
    operation["requestBody"] = {"required": True, "content": content}


def _examples(name: str) -> list[Any]:
    if name == "Organisation":
        return [examples.SMALL_ORGANISATION]
    extra: Any = _BODIES[name].model_config["json_schema_extra"]
    found: list[Any] = extra["examples"]
    return found


def _drop_framework_errors(operation: dict[str, Any]) -> None:
    answer = operation["responses"].get("422", {})
    schema = answer.get("content", {}).get(JSON, {}).get("schema", {})
    if str(schema.get("$ref", "")).endswith("/HTTPValidationError"):
        del operation["responses"]["422"]


def written(made: dict[str, Any]) -> str:
    """A document as it stands in the file."""
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the document to docs/openapi.json."""
    from api.service.app import create_app

    WRITTEN.write_text(written(create_app(dispatches=False).openapi()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
