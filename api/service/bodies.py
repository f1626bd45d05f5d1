"""Bodies of requests: read after it is known who asks, refused with every issue at once."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ValidationError

from api.service.media import JSON, content_type
from api.service.problems import Problem
from api.service.safe_json import safe_json
from models.issues import InputError, Issue, nearest
from models.places import json_place

M = TypeVar("M", bound=BaseModel)


def body_as(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    """A dependency: the request's JSON body as a model.

    Raises:
        Problem: by the dependency: `unsupported_media_type`, `bad_request` or `invalid`.
    """

    async def body(request: Request) -> M:
        expect(request, JSON)
        content = await request.body()
        return await run_in_threadpool(read, model, content)

    return body


def expect(request: Request, *forms: str) -> str:
    """The form of a request's body, if it is one of these.

    Raises:
        Problem: `unsupported_media_type`.
    """
    form = content_type(request)
    if form not in forms:
        raise Problem("unsupported_media_type", f"Send {' or '.join(forms)}.")
    return form


def read(model: type[M], content: bytes) -> M:
    """JSON as a model.

    Raises:
        Problem: `bad_request`, or `invalid` with every issue.
    """
    data = safe_json(content)
    try:
        # By way of text: numbers and dates are then read as JSON has them, and not more freely.
        return model.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        raise Problem("invalid", issues=issues_of(error.errors(include_url=False))) from None


def within(place: str, error: InputError) -> list[Issue]:
    """The issues of a part of a body, told as of the whole."""
    return [
        Issue(i.code, f"{place}.{i.place}" if i.place else place, i.message, i.cure)
        for i in error.issues
    ]


_CODES = (
    ("missing", "missing", "Add it."),
    ("extra_forbidden", "unknown_field", "Fields that are not listed are refused."),
    ("literal", "unknown_kind", "Write one of those."),
    ("greater_than", "out_of_range", "Write a number within the range."),
    ("less_than", "out_of_range", "Write a number within the range."),
    ("too_short", "too_few", "Name at least one."),
    ("too_long", "too_many", "Name fewer."),
    ("int", "not_integer", "Write a whole number."),
    ("float", "wrong_type", "Write a number."),
    ("finite_number", "wrong_type", "Write a number."),
    ("date", "bad_date", "Write a day that exists, as 2018-09-01."),
    ("string", "bad_text", "Write a text as described."),
    ("value_error", "bad_text", "Write a text as described."),
)
"""By how a kind of error begins: the code of the issue, and what to do."""


def issues_of(errors: Any) -> list[Issue]:
    """What is wrong with a body or a parameter, from the errors of its model.

    That a whole is wrong goes without saying where a part of it is.
    """
    places = {error["loc"][:n] for error in errors for n in range(len(error["loc"]))}
    return [_issue(error) for error in errors if error["loc"] not in places]


def _issue(error: Any) -> Issue:
    code, cure = _told(error["type"])
    if error["type"] == "literal_error":
        expected = error["ctx"]["expected"].replace(" or ", ",")
        cure = nearest(str(error["input"]), [known.strip(" '") for known in expected.split(",")])
    message = error["msg"].removeprefix("Value error, ")
    return Issue(code, json_place(error["loc"]), f"{message}.", cure)


def _told(kind: str) -> tuple[str, str]:
    """The code of an issue, and what to do."""
    for start, code, cure in _CODES:
        if kind.startswith(start):
            return code, cure
    return "wrong_type", "See the description of this field."
