"""Every text that a plan's readers see, by key: a language is a catalogue in `api/locale`.

The catalogues are those of gettext, with keys for message ids, and are read as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import GNUTranslations

    from babel.messages.catalog import Catalog

LANGUAGES = ("en", "fi", "sv")


class Texts:
    """The texts of one language, filled in.

    Attributes:
        language: one of `LANGUAGES`.
    """

    def __init__(self, language: str = "en") -> None:
        self.language = language
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

    def seconds(self, seconds: float) -> str:
        """A duration, a short one with decimals: ``60 seconds``, ``0.5 s``."""
        near = round(seconds) if seconds >= 10 else round(seconds, 1) or round(seconds, 3)
        if near == int(near):
            return self.count("second", int(near))
        from babel.numbers import format_decimal

        return f"{format_decimal(near, '0.###', locale=self.language)} s"

    def level(self, name: str) -> str:
        """A level of a policy: one of the default policy's, or what somebody else called it."""
        try:
            return self(f"level.{name}")
        except KeyError:
            return name

    def odd(self, sentence: str) -> str:
        """What is odd in an input, as the models say it in English."""
        return self._said("odd", sentence)

    def broken(self, sentence: str) -> str:
        """How a rule is broken, as the models say it in English."""
        return self._said("broken", sentence)

    def _said(self, about: str, sentence: str) -> str:
        """A sentence of the models: the English catalogue knows it by its words.

        What it does not know is shown as it is, so that nothing is lost.
        """
        for key, pattern in _patterns(about):
            if found := pattern.fullmatch(sentence):
                return self(key, **found.groupdict())
        return sentence

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
    from babel.messages.mofile import write_mo
    from babel.support import NullTranslations, Translations

    class Missing(NullTranslations):
        def gettext(self, message: str) -> str:
            raise KeyError(message)

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            raise KeyError(msgid1)

    compiled = BytesIO()
    write_mo(compiled, _messages(language))
    compiled.seek(0)
    catalogue = Translations(compiled)
    catalogue.add_fallback(Missing())
    return catalogue


@cache
def _messages(language: str) -> Catalog:
    from babel.messages.pofile import read_po

    with (files("api") / "locale" / f"{language}.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


@cache
def _patterns(about: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What the models say about something: the key of each sentence, and how it is recognised."""
    texts = {m.id: m.string for m in _messages("en") if isinstance(m.id, str)}
    return tuple(
        (key, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(str(text))), re.DOTALL))
        for key, text in texts.items()
        if key.startswith(f"{about}.")
    )


def plain(text: str) -> str:
    """One line of what can be printed: no control characters reach a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
