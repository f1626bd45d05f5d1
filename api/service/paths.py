"""Parameters that several routes take."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from api.service.schemas import examples
from api.texts import LANGUAGES

_HEX = {"pattern": "^[0-9a-f]{32}$"}


def _id(what: str, example: str) -> object:
    # Described, not checked: an id of another shape is one that is not there.
    return Path(description=what, json_schema_extra=_HEX, examples=[example])


OrganisationId = Annotated[str, _id("Of a stored organisation.", examples.ORGANISATION)]
ProposalId = Annotated[str, _id("Of a proposal.", examples.PROPOSAL)]
OtherId = Annotated[str, _id("Of another proposal.", examples.WHAT_IF)]
QuestionId = Annotated[str, _id("Of a question.", examples.QUESTION)]
PersonId = Annotated[
    str, Path(description="Of an employee, as organisations have it.", examples=[examples.PERSON])
]
Language = Annotated[
    str,
    Query(description="Of texts.", pattern=f"^({'|'.join(LANGUAGES)})$", examples=["fi"]),
]
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.", examples=[20])]
After = Annotated[
    str | None,
    Query(
        pattern="^[0-9a-f]{32}$",
        description="`next` of the page before.",
        examples=[examples.ORGANISATION],
    ),
]
