"""One person's data, as it is handed over, and what was erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from api.service.schemas.parts import Closed, StoredId
from models.proposal import Lead, Placement, Substitution, Tenure


class Found(Closed):
    """A place that names the person, and what it says there."""

    place: str
    value: Any = None


class NamedInOrganisation(Closed):
    """A stored version of an organisation that names the person."""

    id: StoredId
    name: str
    created_at: datetime
    created_by: str
    found: tuple[Found, ...]


class NamedInQuestion(Closed):
    """A question that names the person."""

    id: StoredId
    kind: Literal["propose", "what_if", "why", "alternatives"]
    state: Literal["queued", "running", "done", "failed"]
    organisation: StoredId
    parent: StoredId | None
    created_at: datetime
    created_by: str
    found: tuple[Found, ...]


class NamedInProposal(NamedInQuestion):
    """A proposal that names the person, with their rows of its plan."""

    placements: tuple[Placement, ...]
    leads: tuple[Lead, ...]
    holders: tuple[Tenure, ...]
    substitutes: tuple[Substitution, ...]


class NamedInDecision(Closed):
    """A decision that names the person."""

    id: StoredId
    proposal: StoredId
    kind: Literal["accept", "reject", "override"]
    reason: str
    by: str
    at: datetime
    placements: tuple[Placement, ...]
    leads: tuple[Lead, ...]
    holders: tuple[Tenure, ...]
    substitutes: tuple[Substitution, ...]


class NamedInAudit(Closed):
    """An entry of the audit log about the person."""

    id: StoredId
    actor: str
    role: str
    action: str
    at: datetime


class PersonExport(Closed):
    """Everything stored about one person."""

    person: str
    organisations: tuple[NamedInOrganisation, ...]
    proposals: tuple[NamedInProposal, ...]
    questions: tuple[NamedInQuestion, ...]
    decisions: tuple[NamedInDecision, ...]
    audit: tuple[NamedInAudit, ...]


class Erased(Closed):
    """How many of each named the person; `stopped` were not over, and have failed."""

    organisations: int
    proposals: int
    questions: int
    stopped: int
    decisions: int
    audit: int
