"""What is old is deleted, and nothing that something newer needs."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, event, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session

from api.service.database import (
    AuditEntry,
    Decision,
    Job,
    JobEvent,
    StoredOrganisation,
    Table,
    now,
)
from api.service.retention import delete_old
from api.service.settings import Settings


class Store:
    """Puts rows of a certain age in days, and says which are left."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.names: dict[str, str] = {}

    def _add(self, name: str, row: Table) -> None:
        self.session.add(row)
        self.session.commit()
        self.names[row.id] = name  # type: ignore[attr-defined]

    def id_of(self, name: str) -> str:
        return next(i for i, n in self.names.items() if n == name)

    def organisation(self, name: str, age: float) -> None:
        row = StoredOrganisation(
            owner="jamsa",
            name=name,
            people=0,
            sha256="",
            content={},
            created_by="token:x",
            created_at=now() - timedelta(days=age),
        )
        self._add(name, row)

    def job(
        self, name: str, of: str, age: float, parent: str | None = None, state: str = "done"
    ) -> None:
        created = now() - timedelta(days=age)
        row = Job(
            owner="jamsa",
            kind="what_if" if parent else "propose",
            state=state,
            organisation_id=self.id_of(of),
            parent_id=self.id_of(parent) if parent else None,
            request={},
            policy={},
            created_by="token:x",
            created_at=created,
            finished_at=created if state == "done" else None,
        )
        self._add(name, row)
        for number in (1, 2):
            self.session.add(JobEvent(job_id=row.id, number=number, kind="queued", data={}))
        self.session.commit()

    def decision(self, name: str, of: str, age: float) -> None:
        row = Decision(
            owner="jamsa",
            job_id=self.id_of(of),
            kind="accept",
            reason="x",
            by="token:x",
            at=now() - timedelta(days=age),
        )
        self._add(name, row)

    def audit(self, name: str, age: float) -> None:
        row = AuditEntry(
            owner="jamsa",
            actor="token:x",
            role="viewer",
            action="read",
            resource="x",
            at=now() - timedelta(days=age),
        )
        self._add(name, row)

    def left(self) -> set[str]:
        tables = (StoredOrganisation, Job, Decision, AuditEntry)
        return {self.names[i] for t in tables for i in self.session.scalars(select(t.id))}


@pytest.fixture
def store(session: Session) -> Store:
    return Store(session)


def test_by_default_all_is_kept(session: Session, store: Store) -> None:
    store.organisation("ancient", 10_000)
    store.audit("entry", 10_000)
    assert set(delete_old(session, Settings()).values()) == {0}
    assert store.left() == {"ancient", "entry"}


def test_what_is_old_goes_if_nothing_newer_needs_it(session: Session, store: Store) -> None:
    store.organisation("old", 31)
    store.organisation("young", 29)
    store.organisation("needed", 40)
    store.organisation("needed by what runs", 40)
    store.job("old job", "needed", 31)
    store.job("young job", "needed", 29)
    store.job("running", "needed by what runs", 40, state="running")
    store.job("queued", "needed by what runs", 40, state="queued")
    # A lineage of which only the last is young, and one of which none is.
    store.job("origin", "needed", 50)
    store.job("what if", "needed", 45, "origin")
    store.job("then", "needed", 3, "what if")
    store.organisation("whole", 60)
    store.job("a", "whole", 60)
    store.job("b", "whole", 55, "a")
    store.job("c", "whole", 50, "b")
    store.job("d", "whole", 50, "b")
    gone = delete_old(session, Settings(keep_days=30))
    assert gone == {"decisions": 0, "audit": 0, "jobs": 5, "organisations": 2}
    assert store.left() == {
        *("young", "needed", "needed by what runs"),
        *("young job", "running", "queued", "origin", "what if", "then"),
    }
    jobs = session.scalars(select(Job.id)).all()
    assert set(session.scalars(select(JobEvent.job_id))) == set(jobs)
    assert set(delete_old(session, Settings(keep_days=30)).values()) == {0}


def test_what_was_decided_is_kept_for_six_months_with_its_proposal(
    session: Session, store: Store
) -> None:
    store.organisation("office", 400)
    store.job("decided lately", "office", 400)
    store.job("decided long ago", "office", 400)
    store.decision("late", "decided lately", 182)
    store.decision("long ago", "decided long ago", 184)
    store.audit("young entry", 182)
    store.audit("old entry", 184)
    gone = delete_old(session, Settings(keep_days=1))
    assert gone == {"decisions": 1, "audit": 1, "jobs": 1, "organisations": 0}
    assert store.left() == {"office", "decided lately", "late", "young entry"}


def test_the_record_is_kept_as_long_as_all_else_if_that_is_longer(
    session: Session, store: Store
) -> None:
    store.audit("young", 364)
    store.audit("old", 366)
    assert delete_old(session, Settings(keep_days=365))["audit"] == 1
    assert store.left() == {"young"}


def test_many_rows_go_in_lots(session: Session, store: Store) -> None:
    store.organisation("office", 100)
    for i in range(40):
        store.job(str(i), "office", 100, str(i - 1) if i else None)
    old = now() - timedelta(days=500)
    entry = {"owner": "a", "actor": "a", "role": "a", "action": "a", "resource": "a", "at": old}
    session.add_all(AuditEntry(**entry) for _ in range(1200))
    session.commit()
    gone = delete_old(session, Settings(keep_days=30))
    assert gone == {"decisions": 0, "audit": 1200, "jobs": 40, "organisations": 1}
    assert session.scalar(select(func.count()).select_from(JobEvent)) == 0


def test_what_is_asked_at_the_very_moment_keeps_its_proposal(
    session: Session, store: Store
) -> None:
    store.organisation("office", 100)
    store.job("old", "office", 100)
    asked: list[str] = []

    def ask(state: ORMExecuteState) -> None:
        """A question that comes when it is known already which jobs are to go."""
        if not asked and state.is_delete and str(state.statement).startswith("DELETE FROM jobs"):
            asked.append("once")
            with Session(session.get_bind()) as other:
                asking = Store(other)
                asking.names = store.names
                asking.job("question", "office", 1, "old")

    event.listen(session, "do_orm_execute", ask)
    gone = delete_old(session, Settings(keep_days=30))
    assert (gone["jobs"], gone["organisations"]) == (0, 0)
    assert asked == ["once"]
    assert store.left() == {"office", "old", "question"}


def test_what_is_needed_cannot_be_deleted(
    session: Session, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.organisation("office", 100)
    store.job("job", "office", 1)
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        session.execute(delete(StoredOrganisation))
    session.rollback()
    # As if the job had come after it was looked for.
    everything = select(StoredOrganisation.id)
    monkeypatch.setattr("api.service.retention._free_organisations", lambda _: everything)
    assert set(delete_old(session, Settings(keep_days=30)).values()) == {0}
    assert store.left() == {"office", "job"}


def test_what_fails_otherwise_is_told(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    old = now() - timedelta(days=1)
    entry = {"owner": "a", "actor": "a", "role": "a", "action": "a", "resource": "a", "at": old}
    session.add(AuditEntry(**entry))
    session.commit()
    # Younger than the database lets go.
    monkeypatch.setattr("api.service.retention.DAYS_OF_RECORD", 0)
    with pytest.raises(DBAPIError, match="append-only"):
        delete_old(session, Settings(keep_days=1))
