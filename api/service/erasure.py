"""A person is erased: out of every row of their city, with an audit entry that it took place."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.service import audit, jobs
from api.service.database import AuditEntry, Decision, Job, JobEvent, StoredOrganisation
from api.service.erasing import Eraser
from api.service.neighbours import Neighbours
from api.service.searching import has, with_text
from api.service.security import Identity
from models.organisation import fingerprint

REASON = "a person was erased"
"""Why a job failed that was about them."""

_DECISION = (Decision.plan, Decision.reason)
_JOB = (Job.request, Job.policy, Job.organisation, Job.progress, Job.plan, Job.result, Job.key)


@dataclass(slots=True)
class Counts:
    """How many rows a person was taken out of; `stopped` jobs were not over, and have failed."""

    organisations: int = 0
    proposals: int = 0
    questions: int = 0
    stopped: int = 0
    decisions: int = 0
    audit: int = 0


def erase_person(session: Session, identity: Identity, employee_id: str) -> dict[str, int]:
    """Take a person out of everything their owner has; it cannot be undone.

    Commits. Until it returns, what was begun before may still hold the person; if it is
    interrupted, it is to be done again, which does no harm.

    Returns:
        How many `organisations`, `proposals`, `questions`, `decisions` and `audit` entries named
        them, and how many jobs were `stopped` for it.
    """
    entry = audit.record(session, identity, audit.ERASE, f"{audit.PEOPLE}{audit.ERASED}")
    session.commit()
    erasure = _Erasure(session, identity.owner, employee_id, entry)
    # Twice: what was begun while the first round went on may have read what was there before it.
    erasure.round()
    erasure.round()
    _forget_the_log(session)
    return asdict(erasure.counts)


class _Erasure:
    """One erasure, in rounds; what a round has changed it commits, a little at a time."""

    def __init__(self, session: Session, owner: str, person: str, entry: str) -> None:
        self._session = session
        self._owner = owner
        self._person = person
        self._entry = entry
        self._neighbours = Neighbours(session, person)
        self._same: dict[str, str] = {}
        self._organisations: set[str] = set()
        self._jobs: set[str] = set()
        self.counts = Counts()

    def round(self) -> None:
        """Stop what is about the person, and take them out of all there is."""
        self._stop()
        self.counts.audit += self._out_of_audit()
        for row in with_text(
            self._session,
            StoredOrganisation,
            self._owner,
            (StoredOrganisation.content, StoredOrganisation.name),
            self._person,
            writes=True,
        ):
            self.counts.organisations += self._out_of_organisation(row)
        for job in with_text(self._session, Job, self._owner, _JOB, self._person, writes=True):
            is_changed = self._out_of_job(job)
            self.counts.proposals += is_changed and job.kind in jobs.PROPOSALS
            self.counts.questions += is_changed and job.kind not in jobs.PROPOSALS
        self._out_of_events()
        for decision in with_text(
            self._session, Decision, self._owner, _DECISION, self._person, writes=True
        ):
            self.counts.decisions += self._out_of_decision(decision)
        # The proofs of what does not name them are of before, too.
        self._session.execute(
            update(Job).where(Job.organisation_id.in_(self._organisations)).values(erased=True)
        )
        self._session.commit()

    # What is not over

    def _stop(self) -> None:
        """Fail every job that is not over and has the person, whoever may have it."""
        while found := [job for job in self._unfinished() if self._concerns(job)]:
            for job in found:
                self.counts.stopped += jobs.fail(self._session, job.id, job.claim, REASON)

    def _unfinished(self) -> list[Job]:
        query = select(Job).where(Job.owner == self._owner, Job.state.not_in(jobs.FINAL))
        return list(self._session.scalars(query.execution_options(populate_existing=True)))

    def _concerns(self, job: Job) -> bool:
        """Whether a job reads or has read the person."""
        if job.organisation_id in self._organisations or job.parent_id in self._jobs:
            # A queued one will read what is left.
            return job.state == "running" or self._is_in_job(job)
        stored = self._session.get_one(
            StoredOrganisation, job.organisation_id, populate_existing=True
        )
        parent = self._session.get(Job, job.parent_id) if job.parent_id else None
        named = self._neighbours.named(stored.id)
        return (
            any(True for _ in named.found_in(stored.content))
            or self._is_in_job(job)
            or (parent is not None and self._is_in_job(parent))
        )

    def _is_in_job(self, job: Job) -> bool:
        named = self._neighbours.named(job.organisation_id, job)
        whole = {column.key: getattr(job, column.key) for column in _JOB}
        return any(True for _ in named.found_in(whole))

    # What is stored

    def _out_of_audit(self) -> int:
        taken = self._session.execute(
            update(AuditEntry)
            .where(AuditEntry.owner == self._owner, AuditEntry.person == self._person)
            .values(person=None)
        )
        return int(taken.rowcount)  # type: ignore[attr-defined]

    def _out_of_organisation(self, row: StoredOrganisation) -> bool:
        eraser = Eraser(self._neighbours.named(row.id), self._same)
        content, name = eraser.organisation(row.content), eraser.named.erased(row.name)
        if content == row.content and name == row.name:
            return False
        self._organisations.add(row.id)
        row.content, row.name = content, name
        row.sha256 = fingerprint(content)
        row.people = len(content["employees"])
        return True

    def _out_of_job(self, job: Job) -> bool:
        eraser = Eraser(self._neighbours.named(job.organisation_id, job), self._same)
        erasers = {
            "request": eraser.request,
            "policy": eraser.policy,
            "organisation": eraser.organisation,
            "result": eraser.result,
            "plan": eraser.plan,
            "progress": eraser.other,
        }
        changed = {}
        for column, erase in erasers.items():
            before = getattr(job, column)
            after = erase(before) if before else before
            if after != before:
                changed[column] = after
        if job.key is not None and eraser.named.is_in(job.key):
            changed["key"] = None
        for column, after in changed.items():
            setattr(job, column, after)
        if changed:
            self._jobs.add(job.id)
            job.erased = True
        return bool(changed)

    def _out_of_decision(self, decision: Decision) -> bool:
        job = self._session.get_one(Job, decision.job_id)
        eraser = Eraser(self._neighbours.named(job.organisation_id, job))
        plan = eraser.plan(decision.plan) if decision.plan else decision.plan
        reason = eraser.named.erased(decision.reason)
        if plan == decision.plan and reason == decision.reason:
            return False
        if plan != decision.plan:
            decision.plan = plan
        decision.reason = reason
        decision.erasure = self._entry
        return True

    def _out_of_events(self) -> None:
        found = (
            select(JobEvent, Job.organisation_id)
            .join(Job, Job.id == JobEvent.job_id)
            .where(Job.owner == self._owner, has(JobEvent.data, self._person))
        )
        for event, organisation_id in self._session.execute(found).all():
            data = Eraser(self._neighbours.named(organisation_id)).other(event.data)
            if data != event.data:
                event.data = data


def _forget_the_log(session: Session) -> None:
    """SQLite's log of changes still has what was there before, until it begins anew."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        session.commit()
