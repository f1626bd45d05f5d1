"""What requests and answers are made of."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from api.service.describing import DescribedAs
from models.organisation import Organisation
from models.policy import Policy
from models.scenario import Scenario

LARGEST_SEED = 2**31 - 1
MOST_PEOPLE = 1_000_000
MOST_WISHES = 100


class Closed(BaseModel):
    """Base of everything here: frozen, and a field that is not listed is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _has_words(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return text


StoredId = Annotated[
    str, Field(pattern=r"^[0-9a-f]{32}$", description="An id as the service gave it.")
]
Known = Annotated[str, Field(min_length=1, max_length=1000, description="An id of the input.")]
Seconds = Annotated[
    float,
    Field(
        gt=0,
        le=604_800,
        allow_inf_nan=False,
        description="How long to search at most; by default, and at most, as the service is set.",
    ),
]
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED, description="Of the solver's random choices.")]
Reason = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00]*$"),
    AfterValidator(_has_words),
]
OrganisationJson = Annotated[dict[str, Any], DescribedAs(Organisation)]
OrganisationOrId = Annotated[str | dict[str, Any], DescribedAs(StoredId | Organisation, str, dict)]
PolicyJson = Annotated[dict[str, Any], DescribedAs(Policy)]
ScenarioJson = Annotated[dict[str, Any], DescribedAs(Scenario)]
