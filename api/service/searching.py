"""Rows whose JSON has a text somewhere: found by the database, read one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Text, cast, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.service.database import Decision, Job, StoredOrganisation

Row = TypeVar("Row", StoredOrganisation, Job, Decision)


def with_text(
    session: Session,
    table: type[Row],
    owner: str,
    columns: Sequence[InstrumentedAttribute[Any]],
    text: str,
) -> Iterator[Row]:
    """An owner's rows with a text in one of the columns, oldest first, and locked.

    More may be found than have it as a word. What is changed of a row before the next one is
    asked for is written.
    """
    found = select(table.id).where(table.owner == owner, or_(*(has(c, text) for c in columns)))
    for name in session.scalars(found.order_by(table.id)).all():
        row = session.get(table, name, populate_existing=True, with_for_update=True)
        if row is not None:
            yield row
            session.flush()
            session.expunge(row)


def has(column: InstrumentedAttribute[Any], text: str) -> ColumnElement[bool]:
    """Whether a column has a text, as JSON writes it, or as it is."""
    written = cast(column, Text)
    as_json = json.dumps(text)[1:-1]
    found = written.contains(as_json, autoescape=True)
    return found if as_json == text else or_(found, written.contains(text, autoescape=True))
