"""What is old is deleted: as long as is set for what was planned, six months for the record."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, delete, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, aliased

from api.service.database import AuditEntry, Decision, Job, StoredOrganisation, now
from api.service.jobs import FINAL
from api.service.settings import Settings

DAYS_OF_RECORD = 183
"""How long decisions and the audit are kept at least: six months, by law."""

_AT_A_TIME = 500

_NEEDED = ("23503", "FOREIGN KEY")
"""How PostgreSQL and SQLite say that a row is referred to, whatever their language."""


@dataclass(slots=True)
class Deleted:
    """How many rows went."""

    decisions: int = 0
    audit: int = 0
    jobs: int = 0
    organisations: int = 0


def delete_old(session: Session, settings: Settings) -> dict[str, int]:
    """Delete what is older than `keep_days`, and nothing if that is 0. Commits.

    A proposal stays as long as a what-if, a question or a decision about it does, and an
    organisation as long as a proposal of it does. What is not over stays. Interrupted, it goes
    on the next time.

    Returns:
        How many `decisions`, `audit` entries, `jobs` (with their events) and `organisations` went.
    """
    gone = Deleted()
    if settings.keep_days == 0:
        return asdict(gone)
    old = now() - timedelta(days=settings.keep_days)
    record = now() - timedelta(days=max(settings.keep_days, DAYS_OF_RECORD))
    gone.decisions = _delete(session, Decision, select(Decision.id).where(Decision.at < record))
    gone.audit = _delete(session, AuditEntry, select(AuditEntry.id).where(AuditEntry.at < record))
    # What-ifs come after their parents: each time those go that nothing is about any more.
    gone.jobs = _delete(session, Job, _free_jobs(old))
    gone.organisations = _delete(session, StoredOrganisation, _free_organisations(old))
    return asdict(gone)


def _free_jobs(old: datetime) -> Select[Any]:
    about = aliased(Job)
    return select(Job.id).where(
        and_(
            Job.state.in_(FINAL),
            func.coalesce(Job.finished_at, Job.created_at) < old,
            ~select(about.id).where(about.parent_id == Job.id).exists(),
            ~select(Decision.id).where(Decision.job_id == Job.id).exists(),
        )
    )


def _free_organisations(old: datetime) -> Select[Any]:
    return select(StoredOrganisation.id).where(
        StoredOrganisation.created_at < old,
        ~select(Job.id).where(Job.organisation_id == StoredOrganisation.id).exists(),
    )


def _delete(session: Session, table: type[Any], free: Select[Any]) -> int:
    """Delete rows in small lots, so that nobody waits for long; how many."""
    count = 0
    while names := session.scalars(free.limit(_AT_A_TIME)).all():
        # Asked anew: what came to refer to one of them meanwhile keeps it.
        still_free = table.id.in_(names) & table.id.in_(free.correlate(None))
        query = delete(table).where(still_free).execution_options(synchronize_session=False)
        try:
            deleted = session.execute(query)
            session.commit()
        except DBAPIError as error:
            session.rollback()
            if not any(sign in str(error.orig) for sign in _NEEDED):
                raise
            # What needs it came at the very moment; the rest is for the next time.
            return count
        count += deleted.rowcount  # type: ignore[attr-defined]
    return count
