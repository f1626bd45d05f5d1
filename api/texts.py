"""Every text that a plan's readers see, by key: another language is another catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from api.texts_english import ENGLISH

CATALOGUES: dict[str, Mapping[str, str]] = {"en": ENGLISH}
LANGUAGES = tuple(CATALOGUES)


class Texts:
    """The texts of one language, filled in."""

    def __init__(self, language: str = "en") -> None:
        self._texts = CATALOGUES[language]

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, with its values put in.

        Raises:
            KeyError: if the catalogue lacks it.
        """
        return self._texts[key].format(**values)

    def count(self, noun: str, number: int) -> str:
        """A number with its noun: ``1 day``, ``2 days``."""
        return self(f"count.{noun}.{'one' if number == 1 else 'many'}", n=number)

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


def plain(text: str) -> str:
    """One line of what can be printed: no control characters reach a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
