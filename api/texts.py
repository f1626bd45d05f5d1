"""Every text that a plan's readers see, by key: a language is a catalogue in `api/locale`.

The catalogues are those of gettext, with keys for message ids, and are read as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import GNUTranslations

LANGUAGES = ("en",)


class Texts:
    """The texts of one language, filled in."""

    def __init__(self, language: str = "en") -> None:
        self._catalogue = _catalogue(language)

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, with its values put in.

        Raises:
            KeyError: if the catalogue lacks it.
        """
        return self._catalogue.gettext(key).format(**values)

    def count(self, noun: str, number: int) -> str:
        """A number with its noun: ``1 day``, ``2 days``.

        Raises:
            KeyError: if the catalogue lacks it.
        """
        key = f"count.{noun}"
        return self._catalogue.ngettext(key, key, number).format(n=number)

    def day(self, day: date | None) -> str:
        """A day, or nothing."""
        return day.isoformat() if day else ""

    def grade(self, grade: int | None, grades: Mapping[int, int]) -> str:
        """A grade of interest in words, where the policy's scale is the one we have words for."""
        if grade is None:
            return self("grade.none")
        if set(grades) == {0, 1, 2}:
            return self(f"grade.{grade}")
        return self("grade.other", grade=grade)

    def lead_grade(self, grade: int | None) -> str:
        """A grade of interest in leading, in words."""
        return self("lead_grade.none" if grade is None else f"lead_grade.{grade}")


@cache
def _catalogue(language: str) -> GNUTranslations:
    """A language's catalogue; a key that it lacks is a KeyError, not shown in place of a text."""
    # Loaded when a text is asked for: the help of the command line does without.
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import NullTranslations, Translations

    class Missing(NullTranslations):
        def gettext(self, message: str) -> str:
            raise KeyError(message)

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            raise KeyError(msgid1)

    compiled = BytesIO()
    with (files("api") / "locale" / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, abort_invalid=True))
    compiled.seek(0)
    catalogue = Translations(compiled)
    catalogue.add_fallback(Missing())
    return catalogue


def plain(text: str) -> str:
    """One line of what can be printed: no control characters reach a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
