"""Who leaves when, and what they hand over to whom, along the days; and how many in each period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.report.periods import Period
from api.report.pictures.canvas import (
    ACCENT,
    INK,
    LINE,
    MUTED,
    PAPER,
    SHADES,
    SIZE,
    Canvas,
    heading,
    width_of,
    wrapped,
)
from api.report.pictures.scale import Scale
from models.days import Interval

WIDTH = 680.0
_LABEL, _SAID = 170.0, 190.0
_LINE_HEIGHT = 11.5
_HEAD = 22.0
_TICK = 3.2


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody, or a task, along the days.

    Attributes:
        label: who or what.
        start, end: the days they are there.
        leaves: `known` or `forecast`, if `end` is a departure; else nothing.
        handovers: the days on which a task goes to somebody else.
        said: what is said of these.
    """

    label: str
    start: int
    end: int
    leaves: str
    handovers: tuple[int, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """What the marks mean, in words."""

    known: str
    forecast: str
    handover: str


def draw_timeline(
    name: str, title: str, description: str, horizon: Interval, groups: Sequence[Group], key: Legend
) -> Markup:
    """One line for everybody who leaves or hands over."""
    laid = [
        (heading(group.heading, WIDTH), [_laid(row) for row in group.rows])
        for group in groups
        if group.rows
    ]
    height = 2 * _HEAD + sum(
        _tall(head) + sum(_height(label, said) for _, label, said in rows) for head, rows in laid
    )
    canvas = Canvas(WIDTH, height)
    scale = Scale(horizon, _LABEL, WIDTH - _SAID - 12)
    _draw_legend(canvas, key)
    scale.draw_years(canvas, 2 * _HEAD, height)
    y = 2 * _HEAD - 4
    for head, rows in laid:
        for number, line in enumerate(head):
            canvas.text(0, y + _HEAD / 2 + number * _LINE_HEIGHT, line, weight="bold")
        y += _tall(head)
        for row, label, said in rows:
            tall = _height(label, said)
            _draw_row(canvas, scale, row, y + _LINE_HEIGHT / 2)
            for number, line in enumerate(label):
                canvas.text(0, y + (number + 0.5) * _LINE_HEIGHT, line)
            for number, line in enumerate(said):
                x, middle = WIDTH - _SAID, y + (number + 0.5) * _LINE_HEIGHT
                canvas.text(x, middle, line, color=MUTED, size=SIZE - 0.5)
            y += tall
    return canvas.svg(name, title, description)


def _tall(head: list[str]) -> float:
    return _HEAD + (len(head) - 1) * _LINE_HEIGHT


def _laid(row: Row) -> tuple[Row, list[str], list[str]]:
    said = wrapped(row.said, _SAID, most=4, size=SIZE - 0.5) if row.said else []
    return row, wrapped(row.label, _LABEL - 10), said


def _height(label: list[str], said: list[str]) -> float:
    return max(1, len(label), len(said)) * _LINE_HEIGHT + 2


def _draw_row(canvas: Canvas, scale: Scale, row: Row, y: float) -> None:
    start, end = scale.at(row.start), scale.at(row.end)
    if end > start:
        canvas.line((start, y), (end, y), colors=SHADES[2], linewidths=1.6)
    if row.leaves:
        _mark(canvas, end, y, row.leaves)
    for day in row.handovers:
        x = scale.at(day)
        # Beside the dot, not upon it.
        _mark(canvas, end + 7 if row.leaves and abs(end - x) < 7 else x, y, "handover")


def _mark(canvas: Canvas, x: float, y: float, kind: str) -> None:
    if kind == "handover":
        points = [(x - 2, y - 3.6), (x - 2, y + 3.6), (x + 4, y)]
        canvas.shape(points, fc=INK, ec=PAPER, lw=0.6, zorder=4)
    else:
        fill = ACCENT if kind == "known" else PAPER
        canvas.dot(x, y, _TICK, fc=fill, ec=ACCENT, lw=1.2, zorder=3)


def _draw_legend(canvas: Canvas, key: Legend) -> None:
    x = _TICK + 1
    for kind, said in (
        ("known", key.known),
        ("forecast", key.forecast),
        ("handover", key.handover),
    ):
        _mark(canvas, x, 8, kind)
        canvas.text(x + 8, 8, said)
        x += 30 + width_of(said)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many in a period: departures that are known, forecast ones, handovers."""

    period: Period
    known: int
    forecast: int
    handovers: int


def draw_counts(
    name: str, title: str, description: str, counts: Sequence[Counted], labels: Legend
) -> Markup:
    """Columns of departures above the line of time, of handovers below it."""
    above = max((c.known + c.forecast for c in counts), default=0)
    below = max((c.handovers for c in counts), default=0)
    unit = min(14.0, 150 / max(1, above + below))
    base = 40 + above * unit + 14
    canvas = Canvas(WIDTH, base + 22 + below * unit + 16)
    _draw_count_legend(canvas, labels)
    scale = Scale((counts[0].period.start, counts[-1].period.end), 0, WIDTH)
    scale.draw_years(canvas, base + 18, base + 22)
    canvas.line((0, base), (WIDTH, base), colors=LINE)
    canvas.line((0, base + 22), (WIDTH, base + 22), colors=LINE)
    for c in counts:
        left, right = scale.at(c.period.start), scale.at(c.period.end)
        x, wide = left + 0.12 * (right - left), 0.76 * (right - left)
        _draw_column(canvas, x, base, wide, unit, c)
    return canvas.svg(name, title, description)


def _draw_column(
    canvas: Canvas, x: float, base: float, wide: float, unit: float, c: Counted
) -> None:
    top = base - c.known * unit
    if c.known:
        canvas.box(x, top, wide, c.known * unit, fc=SHADES[1])
    if c.forecast:
        tall = c.forecast * unit
        canvas.box(x, top - tall, wide, tall, fc=PAPER, ec=SHADES[1], lw=1, hatch="////")
    if together := c.known + c.forecast:
        y = base - together * unit - 6
        canvas.text(x + wide / 2, y, str(together), ha="center", size=SIZE - 1)
    if c.handovers:
        tall = c.handovers * unit
        canvas.box(x, base + 22, wide, tall, fc=INK)
        y = base + 22 + tall + 7
        canvas.text(x + wide / 2, y, str(c.handovers), ha="center", size=SIZE - 1)


def _draw_count_legend(canvas: Canvas, labels: Legend) -> None:
    x = 0.0
    for style, said in (
        ({"fc": SHADES[1]}, labels.known),
        ({"fc": PAPER, "ec": SHADES[1], "lw": 1, "hatch": "////"}, labels.forecast),
        ({"fc": INK}, labels.handover),
    ):
        canvas.box(x + 0.5, 3.5, 10, 9, **style)
        canvas.text(x + 16, 8, said)
        x += 34 + width_of(said)
