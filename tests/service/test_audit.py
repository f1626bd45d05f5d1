"""The audit and the decisions: appended to, read, and never changed, as the database sees to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.service import audit
from api.service.database import AuditEntry, Decision, Job, StoredOrganisation, now
from api.service.security import Identity, Role

ANNA = Identity("jamsa", Role.PLANNER, "token:Anna's page")
OTHER = Identity("salo", Role.ADMIN, "oidc:4711")


def decision_in(session: Session, days_ago: int = 0) -> Decision:
    """A stored decision on a stored proposal."""
    organisation = StoredOrganisation(
        owner="jamsa", name="Town", people=1, sha256="0" * 64, content={}, created_by="token:x"
    )
    session.add(organisation)
    session.flush()
    job = Job(
        owner="jamsa",
        kind="propose",
        state="done",
        organisation_id=organisation.id,
        request={},
        policy={},
        created_by="token:x",
    )
    session.add(job)
    session.flush()
    decision = Decision(
        owner="jamsa",
        job_id=job.id,
        kind="accept",
        reason="agreed on",
        plan={"leads": [{"team": "t", "employee": "E6"}]},
        by="oidc:mayor",
        at=now() - timedelta(days=days_ago),
    )
    session.add(decision)
    session.commit()
    return decision


def test_entries_come_back_in_order_and_of_the_owner_alone(session: Session) -> None:
    first = audit.record(session, ANNA, "create", "organisations/1")
    session.commit()
    audit.record(session, OTHER, "read", "organisations/2")
    session.commit()
    last = audit.record(session, ANNA, "read", "people/E6")
    session.commit()
    found = audit.entries(session, "jamsa", None, 10)
    assert {e.id for e in found} == {first, last}
    assert {(e.actor, e.role, e.action, e.resource) for e in found} == {
        ("token:Anna's page", "planner", "create", "organisations/1"),
        ("token:Anna's page", "planner", "read", "people/E6"),
    }
    ids = [e.id for e in found]
    assert ids == sorted(ids)
    assert [e.id for e in audit.entries(session, "jamsa", ids[0], 10)] == ids[1:]
    assert [e.id for e in audit.entries(session, "jamsa", None, 1)] == ids[:1]
    assert [e.resource for e in audit.entries(session, "salo", None, 10)] == ["organisations/2"]


@pytest.mark.parametrize("person", ["E6", "a/b/c", "people/", "Ä ö", "(erased)x"])
def test_a_person_stands_in_a_column_of_their_own(session: Session, person: str) -> None:
    session.get(AuditEntry, audit.record(session, ANNA, "export", f"people/{person}"))
    row = session.query(AuditEntry).one()
    assert (row.resource, row.person) == ("people/", person)
    assert audit.entry_of(row).resource == f"people/{person}"


def test_an_erased_person_is_told_as_such(session: Session) -> None:
    audit.record(session, ANNA, "export", "people/E6")
    audit.record(session, ANNA, "erase", "people/(erased)")
    session.commit()
    session.execute(text("UPDATE audit SET person = NULL WHERE person = 'E6'"))
    session.commit()
    found = audit.entries(session, "jamsa", None, 10)
    assert [e.resource for e in found] == ["people/(erased)"] * 2


FORBIDDEN = {
    "audit": [
        "UPDATE audit SET actor = 'somebody else'",
        "UPDATE audit SET action = 'nothing'",
        "UPDATE audit SET resource = 'x'",
        "UPDATE audit SET owner = 'salo'",
        "UPDATE audit SET at = '2020-01-01 00:00:00'",
        "UPDATE audit SET id = 'x'",
        "UPDATE audit SET person = 'E7'",
        "UPDATE audit SET person = NULL, role = 'admin'",
        "DELETE FROM audit",
    ],
    "decisions": [
        "UPDATE decisions SET reason = 'never agreed on'",
        "UPDATE decisions SET plan = '{}'",
        "UPDATE decisions SET plan = NULL, erasure = 'of nobody'",
        "UPDATE decisions SET kind = 'reject'",
        "UPDATE decisions SET kind = 'reject', erasure = (SELECT id FROM audit WHERE person='E8')",
        "UPDATE decisions SET plan = '{}', erasure = (SELECT id FROM audit WHERE person='E8')",
        "UPDATE decisions SET \"by\" = 'somebody else'",
        "DELETE FROM decisions",
    ],
}
BY_DATABASE = {
    "sqlite": [
        "INSERT OR REPLACE INTO audit SELECT id, owner, 'x', role, action, resource, at, person"
        " FROM audit WHERE person = 'E6'",
        "INSERT OR REPLACE INTO audit (rowid, id, owner, actor, role, action, resource, at)"
        " SELECT rowid, 'new', owner, 'x', role, action, resource, at"
        " FROM audit WHERE person = 'E6'",
        "UPDATE OR REPLACE audit SET id = (SELECT max(id) FROM audit)",
    ],
    "postgresql": [
        "TRUNCATE audit",
        "TRUNCATE decisions",
        "INSERT INTO audit SELECT * FROM audit ON CONFLICT (id) DO UPDATE SET actor = 'x'",
    ],
}


def _all(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return [
            connection.execute(text(f"SELECT * FROM {t} ORDER BY id")).all()
            for t in ("audit", "decisions")
        ]


def test_the_database_refuses_to_change_what_was_recorded(engine: Engine) -> None:
    with Session(engine) as session:
        audit.record(session, ANNA, "read", "people/E6")
        audit.record(session, ANNA, "read", "people/E8")
        decision_in(session)
    before = _all(engine)
    tried = [*FORBIDDEN["audit"], *FORBIDDEN["decisions"], *BY_DATABASE[engine.dialect.name]]
    for statement in tried:
        with engine.connect() as connection:
            with pytest.raises(DBAPIError, match="is append-only"):
                connection.execute(text(statement))
            connection.rollback()
        assert _all(engine) == before, statement


def test_a_decision_is_rewritten_only_by_an_erasure_of_its_owner(engine: Engine) -> None:
    with Session(engine) as session:
        decision = decision_in(session)
        foreign = audit.record(session, OTHER, audit.ERASE, "people/(erased)")
        read = audit.record(session, ANNA, "read", "people/E6")
        session.commit()
        for entry in (foreign, read):
            with pytest.raises(DBAPIError, match="is append-only"):
                _rewrite(session, decision, entry)
            session.rollback()
        erasure = audit.record(session, ANNA, audit.ERASE, "people/(erased)")
        _rewrite(session, decision, erasure)
        session.commit()
        assert (decision.plan, decision.erasure) == ({"leads": []}, erasure)
        # The same erasure is good for one rewriting of each decision.
        with pytest.raises(DBAPIError, match="is append-only"):
            _rewrite(session, decision, erasure)


def _rewrite(session: Session, decision: Decision, entry: str) -> None:
    session.execute(
        text("UPDATE decisions SET plan = :plan, erasure = :entry WHERE id = :id"),
        {"plan": '{"leads": []}', "entry": entry, "id": decision.id},
    )
    session.expire_all()


def _old_entry(session: Session, days: int) -> None:
    session.add(
        AuditEntry(
            owner="jamsa",
            actor="token:x",
            role="viewer",
            action="read",
            resource="organisations/1",
            at=now() - timedelta(days=days),
        )
    )
    session.commit()


@pytest.mark.parametrize("make", [_old_entry, decision_in])
def test_only_what_is_older_than_six_months_can_be_deleted(
    session: Session, make: Callable[[Session, int], object]
) -> None:
    table = "audit" if make is _old_entry else "decisions"
    make(session, 182)
    make(session, 184)
    with pytest.raises(DBAPIError, match="is append-only"):
        session.execute(text(f"DELETE FROM {table}"))
    session.rollback()
    old = session.execute(text(f"SELECT min(at) FROM {table}")).scalar_one()
    gone = session.execute(text(f"DELETE FROM {table} WHERE at = :at"), {"at": old})
    session.commit()
    assert gone.rowcount == 1  # type: ignore[attr-defined]
    assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 1
