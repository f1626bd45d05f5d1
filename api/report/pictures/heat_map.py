"""How well tasks are covered over time: the darker the worse, and a number where it is bad."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from api.report.periods import Period
from api.report.pictures.canvas import (
    INK,
    MUTED,
    PAPER,
    SHADES,
    SIZE,
    Canvas,
    width_of,
    wrapped,
)
from api.report.pictures.scale import Scale
from models.days import Interval

State = Literal["open", "alone", "few", "enough", "none"]
STATES: tuple[State, ...] = ("open", "alone", "few", "enough")
"""Not covered on some day; one person alone; fewer than wanted; enough. `none`: no task then."""

WIDTH = 680.0
_LABEL = 230.0
_CELL_HEIGHT = 13.0
_LINE_HEIGHT = 10.5
_FILLS = {"open": INK, "alone": SHADES[1], "few": SHADES[3], "enough": SHADES[4], "none": PAPER}


@dataclass(frozen=True, slots=True)
class Square:
    """A task in a period: how it stands at its worst, and what is written into it."""

    state: State
    said: str


@dataclass(frozen=True, slots=True)
class Line:
    """A task, or a team, in all periods."""

    label: str
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Lines that belong together."""

    heading: str
    lines: tuple[Line, ...]


def draw_heat_map(
    name: str,
    title: str,
    description: str,
    periods: Sequence[Period],
    bands: Sequence[Band],
    legend: Sequence[str],
) -> Markup:
    """A line for every task, a column for every period; `legend` names the `STATES`."""
    laid = [
        (band, [(line, wrapped(line.label, _LABEL - 10)) for line in band.lines])
        for band in bands
        if band.lines
    ]
    height = 46 + sum(22 + sum(_height(label) for _, label in lines) for _, lines in laid)
    canvas = Canvas(WIDTH, height)
    _draw_legend(canvas, legend)
    horizon: Interval = (periods[0].start, periods[-1].end)
    Scale(horizon, _LABEL, WIDTH).draw_years(canvas, 44, height)
    edges = _edges(periods)
    boxes: dict[State, list[tuple[float, float, float, float]]] = {}
    y = 46.0
    for band, lines in laid:
        canvas.text(0, y + 9, band.heading, weight="bold")
        y += 20
        for line, label in lines:
            tall = _height(label)
            for number, words in enumerate(label):
                middle = y + tall / 2 + (number - (len(label) - 1) / 2) * _LINE_HEIGHT
                canvas.text(0, middle, words)
            for square, (left, right) in zip(line.squares, edges, strict=True):
                box = (left + 0.5, y, right - left - 1, tall - 1)
                boxes.setdefault(square.state, []).append(box)
            _write(canvas, line.squares, edges, y + (tall - 1) / 2)
            y += tall
        y += 2
    for state in STATES:
        if state in boxes:
            canvas.boxes(boxes[state], fc=_FILLS[state])
    for left, top, wide, tall in boxes.get("none", ()):
        middle = top + tall / 2
        canvas.line((left + 2, middle), (left + wide - 2, middle))
    return canvas.svg(name, title, description)


def _height(label: list[str]) -> float:
    return max(_CELL_HEIGHT, len(label) * _LINE_HEIGHT + 4) + 1


def _edges(periods: Sequence[Period]) -> list[tuple[float, float]]:
    scale = Scale((periods[0].start, periods[-1].end), _LABEL, WIDTH)
    return [(scale.at(p.start), scale.at(p.end)) for p in periods]


def _write(
    canvas: Canvas,
    squares: Sequence[Square],
    edges: Sequence[tuple[float, float]],
    y: float,
) -> None:
    """What is written into the squares of a line; of neighbours alike, into the first with room."""
    before: Square | None = None
    for square, (left, right) in zip(squares, edges, strict=True):
        has_room = width_of(square.said, SIZE - 1) + 3 <= right - left
        if not has_room:
            continue
        if square.said and (before != square or square.state == "open"):
            colour = PAPER if square.state in ("open", "alone") else INK
            x = (left + right) / 2
            canvas.text(x, y, square.said, ha="center", color=colour, size=SIZE - 1)
        before = square


def _draw_legend(canvas: Canvas, legend: Sequence[str]) -> None:
    x = 0.0
    for state, said in zip(STATES, legend, strict=True):
        canvas.box(x, 3, 12, 10, fc=_FILLS[state])
        if state == "open":
            canvas.text(x + 6, 8, "×", ha="center", color=PAPER, size=SIZE - 1)
        canvas.text(x + 17, 8, said, color=MUTED if state == "enough" else INK)
        x += 36 + width_of(said)
