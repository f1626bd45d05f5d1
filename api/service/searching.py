"""Rows whose JSON has a text somewhere: found by the database, read one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Text, cast, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.service.database import Decision, Job, StoredOrganisation

Row = TypeVar("Row", StoredOrganisation, Job, Decision)

_AT_A_TIME = 20
"""Rows that are written before others may write again."""


def with_text(
    session: Session,
    table: type[Row],
    owner: str,
    columns: Sequence[InstrumentedAttribute[Any]],
    text: str,
    *,
    writes: bool = False,
) -> Iterator[Row]:
    """An owner's rows with a text in one of the columns, oldest first.

    More may be found than have it as a word. With `writes` they are locked while they are looked
    at, and what is changed of them is committed, some at a time.
    """
    found = select(table.id).where(table.owner == owner, or_(*(has(c, text) for c in columns)))
    for number, name in enumerate(session.scalars(found.order_by(table.id)).all(), start=1):
        row = session.get(table, name, populate_existing=True, with_for_update=writes or None)
        if row is not None:
            yield row
            session.flush()
            session.expunge(row)
        if writes and number % _AT_A_TIME == 0:
            session.commit()


def has(column: InstrumentedAttribute[Any], text: str) -> ColumnElement[bool]:
    """Whether a column has a text, as JSON writes it, or as it is."""
    written = cast(column, Text)
    as_json = json.dumps(text)[1:-1]
    found = written.contains(as_json, autoescape=True)
    return found if as_json == text else or_(found, written.contains(text, autoescape=True))
