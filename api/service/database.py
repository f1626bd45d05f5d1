"""The database: what is stored, and how it is reached. It is the truth; nothing else remembers.

Every row belongs to an `owner` (a city): no query goes without it. Times are UTC.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    false,
    func,
    select,
)
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from api.service.postgresql import told_by_code

MOST_REQUESTS = 8
"""Requests of one server that use the database at a time; the others wait.

More would be slower: their threads take the interpreter from the one that reads and writes."""

MOST_CONNECTIONS = 2 * MOST_REQUESTS
"""Of one process: for those requests, and what runs beside them. All are kept, as a new one
costs PostgreSQL a process and both sides a handshake."""

SECONDS_OF_SILENCE = 60
"""After so long without a word, a PostgreSQL is taken to be gone."""

_MIGRATING = 0x7469696D69
"""The lock that is held while tables are changed: the letters of tiimi."""

_making_id = threading.Lock()
_last_moment = 0


class TooNewError(Exception):
    """The database has tables of a newer version than this one."""


def new_id() -> str:
    """An id that sorts by time and cannot be guessed: 12 digits of milliseconds, 20 random.

    Later ones of a process sort later, also if its clock is put back.
    """
    global _last_moment
    with _making_id:
        _last_moment = max(_last_moment + 1, time.time_ns() // 1_000_000)
        return f"{_last_moment:012x}{secrets.token_hex(10)}"


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class Moment(TypeDecorator[datetime]):
    """A time that is UTC on both databases; SQLite forgets the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        """Give back the zone."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Table(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {dict[str, Any]: JSON, datetime: Moment}  # noqa: RUF012


class Token(Table):
    """A bearer token, by the hash of its secret; the secret itself is nowhere."""

    __tablename__ = "tokens"
    id: Mapped[str] = mapped_column(String(40), primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


class StoredOrganisation(Table):
    """A version of an organisation; never changed, but for what is erased of a person.

    `content` is its JSON form, `sha256` the fingerprint of what was uploaded.
    """

    __tablename__ = "organisations"
    __table_args__ = (Index("organisations_listing", "owner", "id"),)
    id: Mapped[str] = mapped_column(String(40), primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(Text)
    people: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[str] = mapped_column(String(200))


class Job(Table):
    """A proposal, or a question about one: what was asked, how far it is, what came out.

    Attributes:
        kind: `propose` or `what_if` (these are proposals), `why`, `alternatives`.
        state: `queued`, `running`, `done`, `failed`; the last two are final.
        outcome: of a proposal that is done: `optimal`, `feasible`, `infeasible`, `unknown`.
        request: what was asked, with all defaults filled in.
        policy: the working group's, in its JSON form.
        organisation: of a what-if, carried forward; otherwise null: `organisation_id` has it.
        parent_id, origin_id: the proposal it is about, and where its lineage began.
        progress: the last level told; `plan` the best plan so far; `result` the answer.
        claim: of the worker that has it; only who has it may write. `beat` counts up while
            it lives: compared, never read as a time, so that no clock matters.
        key: the client's idempotency key.
        erased: whether a person was taken out of it: its figures and proofs are of before.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("owner", "key", name="jobs_key"),
        Index("jobs_listing", "owner", "kind", "id"),
        Index("jobs_organisation", "organisation_id", "kind", "id"),
        Index("jobs_state", "state", "id"),
        Index("jobs_parent", "parent_id"),
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="queued")
    outcome: Mapped[str | None] = mapped_column(String(20), default=None)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id"), default=None)
    origin_id: Mapped[str | None] = mapped_column(String(40), default=None)
    request: Mapped[dict[str, Any]]
    policy: Mapped[dict[str, Any]]
    organisation: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    progress: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    plan: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    result: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    error: Mapped[str | None] = mapped_column(Text, default=None)
    stop: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str | None] = mapped_column(String(40), default=None)
    beat: Mapped[int] = mapped_column(default=0)
    key: Mapped[str | None] = mapped_column(String(200), default=None)
    erased: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)


class JobEvent(Table):
    """What happened to a job, numbered from 1; append-only."""

    __tablename__ = "job_events"
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(default=now)


class Decision(Table):
    """What somebody decided on a proposal; append-only, as the database itself sees to.

    Attributes:
        erasure: the audit entry of the last erasure that took a person out of `plan` and
            `reason`; no other change is possible.
    """

    __tablename__ = "decisions"
    __table_args__ = (Index("decisions_of", "job_id", "id"),)
    id: Mapped[str] = mapped_column(String(40), primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(String(100))
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"))
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    plan: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(default=now)
    erasure: Mapped[str | None] = mapped_column(String(40), default=None)


class AuditEntry(Table):
    """Who read personal data or changed anything; append-only, as the database itself sees to.

    It never holds the data itself.

    Attributes:
        person: whom it is about, if it is about one; may become null, when they are erased.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("audit_listing", "owner", "id"),
        Index("audit_person", "owner", "person"),
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(String(100))
    actor: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(100))
    resource: Mapped[str] = mapped_column(String(300))
    person: Mapped[str | None] = mapped_column(Text, default=None)
    at: Mapped[datetime] = mapped_column(default=now)


def engine_for(url: str) -> Engine:
    """An engine. What it says of an error never has the values, for they may be personal.

    SQLite is used with write-ahead logging, foreign keys and patience, what is deleted there is
    overwritten, and a new file can be read by this account alone.
    """
    if url.startswith("sqlite"):
        return _sqlite(url)
    # Connections that cannot be closed in order would be told with a traceback each.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=MOST_CONNECTIONS,
        max_overflow=0,
        connect_args={"timeout": SECONDS_OF_SILENCE} if "+pg8000:" in url else {},
    )
    event.listen(engine, "handle_error", told_by_code)
    return engine


def _sqlite(url: str) -> Engine:
    path = Path(url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # For nobody else on this machine; the files that come beside it are for the same.
        path.touch(mode=0o600)
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=MOST_CONNECTIONS,
        max_overflow=0,
        connect_args={"timeout": 30, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: object) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def migrate(engine: Engine) -> None:
    """Bring the database to this version's tables; does nothing if it is there.

    Raises:
        TooNewError: it has tables of a newer version.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "api:service/migrations")
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Servers may start at the same time: the others wait, and find it done.
            connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError:
            # All revisions there are come along: one that is not known is of another version.
            raise TooNewError from None
