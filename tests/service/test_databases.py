"""The tables are the same on both databases, and are those the models say."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.pool import QueuePool

from api.service.database import (
    MOST_CONNECTIONS,
    MOST_REQUESTS,
    Table,
    TooNewError,
    engine_for,
    migrate,
)
from tests.service.postgres import database


def test_the_migrations_make_the_tables_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Table.metadata) == []


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    before = sorted(inspect(engine).get_table_names())
    migrate(engine)
    assert sorted(inspect(engine).get_table_names()) == before
    assert set(before) == {*Table.metadata.tables, "alembic_version"}


def test_tables_of_a_newer_version_are_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(TooNewError):
        migrate(engine)


def test_a_new_file_is_for_nobody_else(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path / 'new' / 'tiimi.db'}")
    migrate(engine)
    with engine.connect():
        made = sorted((tmp_path / "new").iterdir())
        assert [path.name for path in made] == ["tiimi.db", "tiimi.db-shm", "tiimi.db-wal"]
        assert [path.stat().st_mode & 0o077 for path in made] == [0, 0, 0]
    engine.dispose()


def test_servers_may_migrate_at_the_same_time(postgres_url: str) -> None:
    with database(postgres_url) as url:
        engines = [engine_for(url) for _ in range(4)]
        with ThreadPoolExecutor(len(engines)) as pool:
            assert list(pool.map(migrate, engines)) == [None] * len(engines)
        assert set(inspect(engines[0]).get_table_names()) >= set(Table.metadata.tables)
        for engine in engines:
            engine.dispose()


def test_connections_to_postgresql_are_kept_and_no_more_are_made() -> None:
    """A connection made anew for each request took seconds under load (docs/operators.md)."""
    pool = engine_for("postgresql+pg8000://nobody@127.0.0.1:1/none").pool
    assert isinstance(pool, QueuePool)
    assert (pool.size(), pool._max_overflow) == (MOST_CONNECTIONS, 0)
    assert MOST_CONNECTIONS > MOST_REQUESTS
