"""Days and half-open intervals of days (docs/problem.md, introduction).

A day is an ordinal (``date.toordinal()``), an interval ``(start, end)`` holds the days
``start <= d < end``. Lists of intervals are sorted and disjoint.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

Interval = tuple[int, int]


def day(value: date) -> int:
    """The ordinal of a date."""
    return value.toordinal()


def as_date(ordinal: int) -> date:
    """The date of an ordinal."""
    return date.fromordinal(ordinal)


def length(intervals: Iterable[Interval]) -> int:
    """Number of days in disjoint intervals."""
    return sum(end - start for start, end in intervals)


def cut(interval: Interval, to: Interval) -> Interval:
    """What of `interval` lies within `to`; empty (start >= end) if nothing does."""
    return max(interval[0], to[0]), min(interval[1], to[1])


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same days as sorted, disjoint, non-empty intervals."""
    joined: list[Interval] = []
    for start, end in sorted(i for i in intervals if i[0] < i[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def subtract(interval: Interval, holes: Iterable[Interval]) -> list[Interval]:
    """The days of `interval` that lie in none of `holes`."""
    left: list[Interval] = []
    start, end = interval
    for hole_start, hole_end in union(holes):
        if hole_start >= end:
            break
        if hole_start > start:
            left.append((start, hole_start))
        start = max(start, hole_end)
    if start < end:
        left.append((start, end))
    return left


def overlap(intervals: Iterable[Interval], within: Interval) -> list[Interval]:
    """What of sorted, disjoint `intervals` lies in `within`."""
    return [c for i in intervals if (c := cut(i, within))[0] < c[1]]


def segments(within: Interval, change_points: Iterable[int]) -> list[Interval]:
    """`within` split at the change points: between two of them nothing changes."""
    start, end = within
    if start >= end:
        return []
    points = sorted({start, end, *(p for p in change_points if start < p < end)})
    return list(pairwise(points))
