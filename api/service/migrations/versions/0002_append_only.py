"""Audit and decisions are append-only: the database refuses all else.

Two exceptions, both for what the law asks for. A person can be erased: of an audit entry,
`person` may become null, and of a decision, `plan` and `reason` may be written anew if `erasure`
names an audit entry of that erasure. And what is older than six months may be deleted.

A later migration that builds one of the two tables anew (as batch operations on SQLite do) has to
make the triggers again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEPT = {
    "audit": ("id", "owner", "actor", "role", "action", "resource", "at"),
    "decisions": ("id", "owner", "job_id", "kind", "by", "at"),
}
"""By table, the columns that never change."""

_ERASED = {
    "audit": "NEW.person IS NULL",
    "decisions": (
        "NEW.erasure {differs} OLD.erasure AND EXISTS (SELECT 1 FROM audit WHERE id = NEW.erasure"
        " AND owner = OLD.owner AND action = 'erase')"
    ),
}
"""By table, how it can be told that a row changes because a person is erased."""


def upgrade() -> None:
    """Make it."""
    op.add_column("audit", sa.Column("person", sa.Text(), nullable=True))
    op.create_index("audit_person", "audit", ["owner", "person"])
    op.add_column("decisions", sa.Column("erasure", sa.String(length=40), nullable=True))
    make = _on_sqlite if op.get_bind().dialect.name == "sqlite" else _on_postgresql
    for table in _KEPT:
        make(table)


def _on_sqlite(table: str) -> None:
    same = " AND ".join(f'NEW."{c}" IS OLD."{c}"' for c in _KEPT[table])
    erased = _ERASED[table].format(differs="IS NOT")
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    op.execute(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
        f" WHEN NOT ({same} AND {erased}) {refuse}"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
        f" WHEN OLD.at >= datetime('now', '-183 days') {refuse}"
    )
    # INSERT OR REPLACE deletes without asking the trigger for deletions.
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS"
        f" (SELECT 1 FROM {table} WHERE id = NEW.id OR rowid = NEW.rowid) {refuse}"
    )


def _on_postgresql(table: str) -> None:
    same = " AND ".join(f'NEW."{c}" IS NOT DISTINCT FROM OLD."{c}"' for c in _KEPT[table])
    erased = _ERASED[table].format(differs="IS DISTINCT FROM")
    op.execute(
        f"""
        CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF {same} AND {erased} THEN RETURN NEW; END IF;
            ELSIF TG_OP = 'DELETE' THEN
                IF OLD.at < now() - INTERVAL '183 days' THEN RETURN OLD; END IF;
            END IF;
            RAISE EXCEPTION '{table} is append-only';
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    """Unmake it."""
    if op.get_bind().dialect.name == "sqlite":
        for table in _KEPT:
            for name in ("no_update", "no_delete", "no_replace"):
                op.execute(f"DROP TRIGGER {table}_{name}")
    else:
        for table in _KEPT:
            op.execute(f"DROP FUNCTION {table}_append_only() CASCADE")
    op.drop_column("decisions", "erasure")
    op.drop_index("audit_person", "audit")
    op.drop_column("audit", "person")
