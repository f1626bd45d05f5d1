"""Listing and looking up go by an index, on both databases, however much is stored."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from api.service import audit, jobs, stored
from api.service.database import Job, new_id
from api.service.security import identity_of_token
from tests.service.stored_jobs import asked, organisation

MANY = 1000
SLOW = re.compile(r"^SCAN|Seq Scan|Sort|TEMP B-TREE", re.MULTILINE)
"""What a plan says of rows that are read one by one, or sorted."""

NAME = "0" * 32

LOOKS: dict[str, Callable[[Session], Any]] = {
    "first page": lambda s: stored.page_of_proposals(s, "jamsa", 21, None, None),
    "later page": lambda s: stored.page_of_proposals(s, "jamsa", 21, NAME, None),
    "of an organisation": lambda s: stored.page_of_proposals(s, "jamsa", 21, NAME, NAME),
    "organisations": lambda s: stored.page_of_organisations(s, "jamsa", 21, NAME),
    "audit": lambda s: audit.entries(s, "jamsa", NAME, 21),
    "token": lambda s: identity_of_token(s, "secret"),
    "claim": lambda s: jobs.claim(s, NAME, "one"),
    "waiting": lambda s: s.scalar(select(func.count()).where(Job.state == "queued")),
    "in order": lambda s: s.scalars(
        select(Job.id).where(Job.state == "queued").order_by(Job.id).limit(100)
    ).all(),
    "children": lambda s: s.execute(update(Job).where(Job.parent_id == NAME).values(stop=True)),
}


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of the database meanwhile, with its values."""
    found: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_nothing_is_searched_row_by_row(engine: Engine, look: Callable[[Session], Any]) -> None:
    with Session(engine) as session:
        of = organisation(session)
        session.add_all(asked(of, state="done") for _ in range(MANY))
        session.commit()
        session.execute(text("ANALYZE"))
        session.commit()
    is_sqlite = engine.dialect.name == "sqlite"
    with Session(engine) as session:
        if not is_sqlite:
            # So few rows would be read one by one in any case.
            session.execute(text("SET enable_seqscan = off"))
        with statements(engine) as asked_for:
            look(session)
        session.rollback()
    with engine.connect() as connection:
        if not is_sqlite:
            connection.execute(text("SET enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        for statement, values in asked_for:
            rows = connection.exec_driver_sql(explain + statement, values).all()
            plan = "\n".join(str(row[-1]) for row in rows)
            assert SLOW.search(plan) is None, plan
    assert asked_for


def test_new_ids_sort_as_they_were_made() -> None:
    made = [new_id() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {len(name) for name in made} == {32}
