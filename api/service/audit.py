"""Who read personal data, and who changed what: append-only, and without the data itself.

The database refuses to change or delete an entry (migration 0002), but that the person it is
about may be taken out of it, and that it may be deleted after six months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.service.database import AuditEntry
from api.service.security import Identity

PEOPLE = "people/"
"""After this, the resource of an entry about one person has their id, and nothing more."""

ERASED = "(erased)"
"""What stands for somebody who was erased."""

ERASE = "erase"
"""The action of an erasure; the database knows it, too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to which resource, and when; ``people/(erased)`` is somebody erased."""

    id: str
    actor: str
    role: str
    action: str
    resource: str
    at: datetime


def record(session: Session, identity: Identity, action: str, resource: str) -> str:
    """Append an entry; the caller commits. Its id.

    Args:
        session: the one that the action itself is written with, if it writes.
        identity: who.
        action: what, in a word: `read`, `create`, `decide`.
        resource: of what, without personal data: a path such as ``proposals/<id>``; only
            what follows ``people/`` is a person's id.
    """
    before, people, name = resource.partition(PEOPLE)
    about, person = before + people, name or None
    entry = AuditEntry(
        owner=identity.owner,
        actor=identity.name,
        role=identity.role.label,
        action=action,
        resource=about,
        person=None if person == ERASED else person,
    )
    session.add(entry)
    session.flush()
    return entry.id


def entries(session: Session, owner: str, after: str | None, limit: int) -> Sequence[Entry]:
    """An owner's entries, oldest first: at most `limit` after the one with the id `after`."""
    query = select(AuditEntry).where(AuditEntry.owner == owner, AuditEntry.id > (after or ""))
    found = session.scalars(query.order_by(AuditEntry.id).limit(limit))
    return [entry_of(row) for row in found]


def entry_of(row: AuditEntry) -> Entry:
    """An entry to be read."""
    about = row.resource
    if about.endswith(PEOPLE):
        about += ERASED if row.person is None else row.person
    return Entry(row.id, row.actor, row.role, row.action, about, row.at)
