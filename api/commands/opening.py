"""The service's settings and its database, for commands that reach it without the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from models.issues import InputError, Issue

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from api.service.settings import Settings


def settings_with(data: Path | None) -> Settings:
    """The settings of the environment, but for the folder of the embedded database, if given.

    Raises:
        InputError: with every setting that is none.
    """
    from pydantic import ValidationError

    from api.service.settings import Settings

    try:
        return Settings() if data is None else Settings(data=data)
    except ValidationError as error:
        raise InputError(
            Issue(
                "bad_setting",
                "TIIMI_" + "_".join(map(str, found["loc"])).upper(),
                f"{found['msg']}.",
                "See docs/operators.md.",
            )
            for found in error.errors(include_url=False, include_input=False)
        ) from None


@contextmanager
def database(settings: Settings) -> Iterator[Engine]:
    """The database, with the tables of this version.

    Raises:
        InputError: it cannot be opened.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from api.service.database import TooNewError, engine_for, migrate

    try:
        engine = engine_for(settings.url)
        migrate(engine)
    except (SQLAlchemyError, OSError) as error:
        # The text of the error may have the password that the URL has.
        message = f"The database cannot be opened ({type(error).__name__})."
        cure = "Check TIIMI_DATABASE_URL or --data, and the right to write there."
        raise InputError([Issue("no_database", "database", message, cure)]) from None
    except TooNewError:
        message = "The database is of a newer version of tiimi."
        cure = "Install that one, or restore a backup of before (docs/operators.md)."
        raise InputError([Issue("no_database", "database", message, cure)]) from None
    try:
        yield engine
    finally:
        engine.dispose()
