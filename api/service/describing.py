"""How routes describe their answers in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from api.service.media import JSON, PDF, XLSX
from api.service.problems import KINDS, MEDIA_TYPE

Responses = dict[int | str, dict[str, Any]]

ALIVE = ("bad_request", "too_large", "not_acceptable", "internal")
"""What any request at all may be refused with."""

ANYBODY = (*ALIVE, "not_ready")
"""What every route may be refused with that reads the database."""

KNOWN = ("unauthenticated", "forbidden", "too_many_logins", *ANYBODY)
"""What every route may be refused with that asks who is asking."""

BODY = ("unsupported_media_type", "invalid")
"""What every route may be refused with that reads a body."""

SUBMITTED = (*KNOWN, *BODY, "not_found", "conflict", "key_used", "queue_full")
"""What every route may be refused with that queues a job."""


class DescribedAs:
    """Marks JSON that another part reads, with all issues at once: what it will be read as."""

    def __init__(self, described: Any, *kinds: type) -> None:
        self._described = described
        self._kinds = kinds or (dict,)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._checked, json_schema_input_schema=handler.generate_schema(self._described)
        )

    def _checked(self, value: Any) -> Any:
        if not isinstance(value, self._kinds):
            raise PydanticCustomError("wrong_type", "An object with named fields is expected here")
        return value


def refusals(*codes: str) -> Responses:
    """By status, the problems of these codes."""
    found: Responses = {}
    for code in sorted(codes, key=lambda c: (KINDS[c].status, c)):
        kind = KINDS[code]
        one = found.setdefault(kind.status, {"description": "", "content": _PROBLEM})
        told = f"`{code}`: {kind.title}."
        one["description"] = f"{one['description']} {told}".strip()
        if code in ("busy", "queue_full", "too_many_logins"):
            one["headers"] = {"Retry-After": _header("Seconds to wait.")}
    return found


def made(description: str, status: int = 201) -> Responses:
    """Something was stored or queued, and is found at its `Location`."""
    return {
        status: {
            "description": description,
            "headers": {"Location": _header("Where it is found.")},
        }
    }


def streamed(description: str, form: str, kinds: Sequence[str]) -> Responses:
    """A stream of server-sent events of these kinds; the schema is that of each."""
    properties = {
        "id": {"type": "string", "pattern": "^[0-9]+$"},
        "event": {"enum": list(kinds)},
        "data": {"type": "string", "contentMediaType": JSON},
    }
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return {200: {"description": description, "content": {form: {"schema": schema}}}}


def files(description: str, *forms: str) -> Responses:
    """An answer in other forms than JSON, or in several."""
    content: dict[str, Any] = {
        form: {} if form == JSON else {"schema": _BINARY if form in (XLSX, PDF) else _TEXT}
        for form in forms
    }
    return {200: {"description": description, "content": content}}


_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_BINARY = {"type": "string", "contentMediaType": "application/octet-stream"}
_TEXT = {"type": "string"}


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}
