"""What is stored, by id and owner: what another city has is as if it were not there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, load_only

from api.service import jobs
from api.service.answers import proposal_of
from api.service.database import Job, StoredOrganisation
from api.service.problems import Problem
from models.proposal import Proposal

QUESTIONS = ("why", "alternatives")
"""Kinds of jobs that are about a proposal, and none themselves."""

WITH_PLAN = ("optimal", "feasible")
"""Outcomes with a plan."""

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_HEAVY = (Job.policy, Job.organisation, Job.plan, Job.result, Job.request)


def organisation(session: Session, owner: str, name: str) -> StoredOrganisation:
    """A stored version of an organisation.

    Raises:
        Problem: `not_found`.
    """
    found = None
    if _ID.fullmatch(name):
        found = session.scalar(
            select(StoredOrganisation).where(
                StoredOrganisation.id == name, StoredOrganisation.owner == owner
            )
        )
    if found is None:
        raise Problem("not_found", "There is no such organisation.")
    return found


def proposal(session: Session, owner: str, name: str) -> Job:
    """A proposal, whole.

    Raises:
        Problem: `not_found`.
    """
    return _job(session, owner, name, jobs.PROPOSALS)


def question(session: Session, owner: str, name: str) -> Job:
    """A question, whole.

    Raises:
        Problem: `not_found`.
    """
    return _job(session, owner, name, QUESTIONS)


def status_of(session: Session, owner: str, name: str) -> Job:
    """A proposal without what it was made from and what came out: enough for its status.

    Raises:
        Problem: `not_found`.
    """
    return _job(session, owner, name, jobs.PROPOSALS, light=True)


def _job(session: Session, owner: str, name: str, kinds: Sequence[str], light: bool = False) -> Job:
    found = None
    if _ID.fullmatch(name):
        query = select(Job).where(Job.id == name, Job.owner == owner, Job.kind.in_(kinds))
        if light:
            query = query.options(*(defer(column, raiseload=True) for column in _HEAVY))
        found = session.scalar(query)
    if found is None:
        what = "proposal" if kinds == jobs.PROPOSALS else "question"
        raise Problem("not_found", f"There is no such {what}.")
    return found


def content_of(session: Session, job: Job) -> dict[str, Any]:
    """The organisation that a job and all its lineage began with."""
    content: dict[str, Any] = session.get_one(StoredOrganisation, job.organisation_id).content
    return content


def finished(job: Job) -> Proposal:
    """The result of a proposal.

    Raises:
        Problem: `conflict` while it runs, `not_found` if it ended without a result.
    """
    if job.state not in jobs.FINAL:
        raise Problem("conflict", f"It is {job.state}: there is no result yet.")
    if job.state == "failed":
        raise Problem("not_found", f"There is no result, for it failed: {job.error}.")
    if not job.result:
        raise Problem("not_found", "There is no result: it was stopped before it began.")
    return proposal_of(job)


def settled(job: Job) -> Proposal:
    """The result of a proposal that has a plan.

    Raises:
        Problem: `conflict` if it has none, or none yet.
    """
    if job.state == "done" and job.outcome in WITH_PLAN:
        return proposal_of(job)
    state = job.outcome if job.state == "done" else job.state
    raise Problem("conflict", f"It has no plan that is final: it is {state}.")


def base(job: Job) -> Proposal:
    """The same, to ask about: by its figures and proofs the answer is found.

    Raises:
        Problem: `conflict` if it has no plan, or somebody was erased from it.
    """
    found = settled(job)
    if job.erased:
        raise Problem("conflict", "Somebody was erased from it: ask for a new proposal.")
    return found


def page_of_proposals(
    session: Session, owner: str, limit: int, after: str | None, about: str | None
) -> Sequence[Job]:
    """Proposals, newest first, without what is heavy; `about` is an organisation's id.

    By kind, for each is an index; together they would be sorted anew for every page.
    """
    found: list[Job] = []
    for kind in jobs.PROPOSALS:
        query = select(Job).where(Job.owner == owner, Job.kind == kind)
        if after is not None:
            query = query.where(Job.id < after)
        if about is not None:
            query = query.where(Job.organisation_id == about)
        query = query.options(*(defer(column, raiseload=True) for column in _HEAVY))
        found += session.scalars(query.order_by(Job.id.desc()).limit(limit))
    return sorted(found, key=lambda job: job.id, reverse=True)[:limit]


def page_of_organisations(
    session: Session, owner: str, limit: int, after: str | None
) -> Sequence[StoredOrganisation]:
    """Organisations, newest first, without their content."""
    query = select(StoredOrganisation).where(StoredOrganisation.owner == owner)
    if after is not None:
        query = query.where(StoredOrganisation.id < after)
    light = load_only(
        StoredOrganisation.name,
        StoredOrganisation.people,
        StoredOrganisation.sha256,
        StoredOrganisation.created_at,
        StoredOrganisation.created_by,
        raiseload=True,
    )
    return session.scalars(
        query.options(light).order_by(StoredOrganisation.id.desc()).limit(limit)
    ).all()
