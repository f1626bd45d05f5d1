"""One person: everything stored about them, and all of it taken out (docs/operators.md).

Both are of one owner alone. What names a person only in a free text is found by their id there,
as a word. Who did something here, by a token or as a user, is no person in this sense: the audit
keeps that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.service.audit import entry_of
from api.service.database import AuditEntry, Decision, Job, StoredOrganisation
from api.service.erasing import PLAN
from api.service.erasure import erase_person
from api.service.jobs import PROPOSALS
from api.service.naming import Named
from api.service.neighbours import Neighbours
from api.service.searching import with_text

__all__ = ["erase_person", "export_person", "is_known"]

_ORGANISATION = (StoredOrganisation.content,)
_JOB = (Job.request, Job.policy, Job.organisation, Job.progress, Job.plan, Job.result)
_DECISION = (Decision.plan, Decision.reason)


def export_person(session: Session, owner: str, employee_id: str) -> dict[str, Any]:
    """Everything stored about one person; what nothing is stored of, is an empty list.

    Of others it has what they say of this person, such as that they wish to work with them:
    whoever hands it over looks at that first.

    Returns:
        `person`, and lists: `organisations` (every stored version, with where it names them and
        what it says there), `proposals` (with their rows of the plan, and where else they are
        named), `questions`, `decisions`, and the `audit` entries about them.
    """
    neighbours = Neighbours(session, employee_id)
    found: dict[str, Any] = {"person": employee_id}
    found["organisations"] = list(_organisations(session, owner, employee_id, neighbours))
    found["proposals"], found["questions"] = [], []
    for job in with_text(session, Job, owner, _JOB, employee_id):
        if shown := _job(job, neighbours.named(job.organisation_id, job)):
            found["proposals" if job.kind in PROPOSALS else "questions"].append(shown)
    found["decisions"] = list(_decisions(session, owner, employee_id, neighbours))
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.owner == owner, AuditEntry.person == employee_id)
        .order_by(AuditEntry.id)
    )
    found["audit"] = [
        {"id": e.id, "actor": e.actor, "role": e.role, "action": e.action, "at": e.at.isoformat()}
        for e in map(entry_of, entries)
    ]
    return found


def is_known(found: dict[str, Any]) -> bool:
    """Whether an export has anything about the person but who asked for it."""
    return any(found[part] for part in ("organisations", "proposals", "questions", "decisions"))


def _organisations(
    session: Session, owner: str, person: str, neighbours: Neighbours
) -> Iterator[dict[str, Any]]:
    for row in with_text(session, StoredOrganisation, owner, _ORGANISATION, person):
        if where := list(neighbours.named(row.id).found_in(row.content)):
            yield {
                "id": row.id,
                "name": row.name,
                "created_at": row.created_at.isoformat(),
                "created_by": row.created_by,
                "found": where,
            }


def _job(job: Job, named: Named) -> dict[str, Any] | None:
    """What a job has about a person; None if nothing."""
    proposal = (job.result or {}).get("proposal") or job.plan or {}
    plan = {part: _rows(proposal.get(part, ()), named.person) for part in PLAN}
    whole = {column.key: getattr(job, column.key) for column in _JOB}
    where = [one for one in named.found_in(whole) if not _is_of_plan(one["place"])]
    if not where and not any(plan.values()):
        return None
    head = {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "organisation": job.organisation_id,
        "parent": job.parent_id,
        "created_at": job.created_at.isoformat(),
        "created_by": job.created_by,
    }
    return head | (plan if job.kind in PROPOSALS else {}) | {"found": where}


def _is_of_plan(place: str) -> bool:
    """Whether a place is in the lists that are shown by themselves."""
    return place.startswith(
        tuple(f"{whole}.{part}[" for whole in ("result.proposal", "plan") for part in PLAN)
    )


def _decisions(
    session: Session, owner: str, person: str, neighbours: Neighbours
) -> Iterator[dict[str, Any]]:
    for decision in with_text(session, Decision, owner, _DECISION, person):
        job = session.get_one(Job, decision.job_id)
        named = neighbours.named(job.organisation_id, job)
        plan = {part: _rows((decision.plan or {}).get(part, ()), person) for part in PLAN}
        if any(plan.values()) or named.is_in(decision.reason):
            yield {
                "id": decision.id,
                "proposal": decision.job_id,
                "kind": decision.kind,
                "reason": decision.reason,
                "by": decision.by,
                "at": decision.at.isoformat(),
                **plan,
            }


def _rows(rows: Any, person: str) -> list[dict[str, Any]]:
    """Of a plan's rows those that name a person."""
    fields = ("employee", "principal", "substitute")
    return [row for row in rows if any(row.get(field) == person for field in fields)]
