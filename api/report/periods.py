"""The horizon in periods of equal length, as columns of a table and of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from api.report.words import Words
from models.days import Interval, as_date, day

_MOST_PERIODS = 32
_MONTHS = (1, 3, 6, 12, 24, 60, 120)
"""How long a period can be; the first with which there are few enough is taken."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days `[start, end)`, ordinals, and what they are called."""

    start: int
    end: int
    label: str

    @property
    def days(self) -> Interval:
        """The same as an interval."""
        return self.start, self.end


def periods_of(horizon: Interval, words: Words) -> tuple[Period, ...]:
    """Months, quarters, halves of a year or years; the first and last cut by the horizon."""
    for months in _MONTHS:
        starts = _starts(horizon, months)
        if len(starts) <= _MOST_PERIODS:
            break
    ends = [*(day(start) for start in starts[1:]), horizon[1]]
    return tuple(
        Period(max(horizon[0], day(start)), end, _label(start, months, words))
        for start, end in zip(starts, ends, strict=True)
    )


def _starts(horizon: Interval, months: int) -> list[date]:
    first, last = as_date(horizon[0]), as_date(horizon[1] - 1)
    count = first.year * 12 + first.month - 1
    count -= count % months if months <= 12 else count % 12
    found = []
    while (count // 12, count % 12 + 1) <= (last.year, last.month):
        found.append(date(count // 12, count % 12 + 1, 1))
        count += months
    return found


def _label(start: date, months: int, words: Words) -> str:
    if months == 1:
        return str(format_date(start, "LLL y", locale=words.language))
    if months == 3:
        return words("report.quarter", n=1 + start.month // 3, year=str(start.year))
    if months == 6:
        return words("report.half", n=1 + start.month // 6, year=str(start.year))
    if months == 12:
        return str(start.year)
    return f"{start.year}–{start.year + months // 12 - 1}"
