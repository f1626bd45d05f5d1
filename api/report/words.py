"""The words of a report: texts of a language, with names, numbers and days put in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from babel.numbers import format_decimal

from api.names import Names
from api.texts import Texts, plain
from models.organisation import Organisation

NARROW = "\N{NO-BREAK SPACE}"


class Words:
    """Texts of a language about an organisation.

    Attributes:
        language: `en`, `fi` or `sv`.
        texts: the catalogue; numbers and days that are put in by calling this are formatted.
        names: what ids are called.
    """

    def __init__(self, language: str, organisation: Organisation) -> None:
        self.language = language
        self.texts = Texts(language)
        self.names = Names(organisation)
        self._titles = {e.id: e.title or "" for e in organisation.employees}
        self._task_names = {q.id: q.name or "" for q in organisation.tasks}

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key.

        Raises:
            KeyError: if the catalogue lacks it.
        """
        return self.texts(key, **{name: self.shown(value) for name, value in values.items()})

    def shown(self, value: object) -> str:
        """Anything that stands in a text or a cell; one line, without control characters."""
        if isinstance(value, bool):
            raise TypeError("a truth has no words of its own")
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, date):
            return value.isoformat()
        return "" if value is None else plain(str(value))

    def number(self, number: int) -> str:
        """A whole number with the language's thousands separator."""
        return self._decimal(number, "#,##0")

    def signed(self, number: int) -> str:
        """A change with its sign; nothing if there is none."""
        if not number:
            return ""
        return ("+" if number > 0 else "\N{MINUS SIGN}") + self.number(abs(number))

    def one_decimal(self, number: float) -> str:
        """``7,6`` or ``7.6``."""
        return self._decimal(number, "#,##0.0")

    def _decimal(self, number: float, form: str) -> str:
        return str(format_decimal(number, format=form, locale=self.language))

    def share(self, part: int, whole: int) -> str:
        """``31 of 57``, as the language says it."""
        return self("report.share", n=part, all=whole)

    def percent(self, part: int, whole: int) -> str:
        """``85 %``, rounded; but all of it only if it is all, nothing only if it is nothing."""
        rounded = (200 * part + whole) // (2 * whole)
        if 0 < part < whole:
            rounded = min(max(rounded, 1), 99)
        return self("report.percent", n=rounded)

    def count(self, noun: str, number: int) -> str:
        """A number with its noun."""
        counted = self.texts.count(noun, number)
        return counted.replace(str(number), self.number(number), 1)

    def person(self, employee: str) -> str:
        """``E07 payroll secretary``."""
        return plain(self.names.person(employee))

    def title(self, employee: str) -> str:
        """Somebody's title; empty if they have none."""
        return plain(self._titles.get(employee, ""))

    def task(self, task: str) -> str:
        """``T07 Waste decisions``."""
        return plain(self.names.task(task))

    def task_name(self, task: str) -> str:
        """A task's name; empty if it has none."""
        return plain(self._task_names.get(task, ""))

    def team(self, team: str | None) -> str:
        """A team's name, or its id."""
        return "" if team is None else plain(self.names.team(team))

    def skill(self, skill: str, level: int) -> str:
        """``Payroll, level 2``."""
        return self("report.skill", skill=self.names.skill(skill), level=level)

    def listed(self, parts: Iterable[str], most: int = 0) -> str:
        """Parts in a row; of more than `most`, the first and how many there are besides."""
        found = list(parts)
        if most and len(found) > most:
            rest = self("report.and_more", n=len(found) - most)
            return ", ".join(found[:most]) + f" {rest}"
        return ", ".join(found)
