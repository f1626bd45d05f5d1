"""Shares of people as bars side by side, with their numbers in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.report.pictures.canvas import (
    GREY,
    INK,
    MUTED,
    PAPER,
    SHADES,
    SIZE,
    Canvas,
    heading,
    width_of,
)

WIDTH = 680.0
_LABEL = 170.0
_NUMBER = 34.0
_BAR = 14.0
_LINE_HEIGHT = 11.0


@dataclass(frozen=True, slots=True)
class Bar:
    """Numbers side by side, in the order of the legend."""

    label: str
    numbers: tuple[int, ...]
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class BarGroup:
    """Bars that are compared with each other."""

    heading: str
    bars: tuple[Bar, ...]


def draw_bars(
    name: str, title: str, description: str, groups: Sequence[BarGroup], legend: Sequence[str]
) -> Markup:
    """A group for every team, all to one scale; the last of the legend is hatched."""
    most = max((sum(bar.numbers) for group in groups for bar in group.bars), default=0)
    unit = (WIDTH - _LABEL - _NUMBER) / max(1, most)
    heads = [heading(group.heading, WIDTH) for group in groups]
    styles = _styles(len(legend))
    height = 26 + sum(
        len(head) * _LINE_HEIGHT + 8 + len(group.bars) * (_BAR + 4) + 6
        for head, group in zip(heads, groups, strict=True)
    )
    canvas = Canvas(WIDTH, height)
    _draw_legend(canvas, legend, styles)
    y = 28.0
    for head, group in zip(heads, groups, strict=True):
        for line in head:
            canvas.text(0, y + 4, line, weight="bold")
            y += _LINE_HEIGHT
        y += 3
        for bar in group.bars:
            canvas.text(0, y + _BAR / 2, bar.label, color=MUTED if bar.quiet else INK)
            _draw_bar(canvas, bar, y, unit, styles)
            y += _BAR + 4
        y += 9
    return canvas.svg(name, title, description)


def _draw_bar(
    canvas: Canvas, bar: Bar, y: float, unit: float, styles: Sequence[dict[str, object]]
) -> None:
    x = _LABEL
    tall = _BAR - 4 if bar.quiet else _BAR
    top = y + (_BAR - tall) / 2
    for number, style in zip(bar.numbers, styles, strict=True):
        if not number:
            continue
        wide = number * unit
        canvas.box(x + 0.5, top, wide - 1, tall, **style)
        if width_of(str(number), SIZE - 1) + 2 <= wide and not style.get("hatch"):
            colour = PAPER if style["fc"] in SHADES[:2] else INK
            canvas.text(
                x + wide / 2, y + _BAR / 2, str(number), ha="center", color=colour, size=SIZE - 1
            )
        x += wide
    canvas.text(x + 5, y + _BAR / 2, str(sum(bar.numbers)), color=MUTED)


def _styles(number: int) -> list[dict[str, object]]:
    """Shades from dark to pale for the grades, best first; hatched for those not asked."""
    shades = [SHADES[1], SHADES[3], GREY] if number <= 4 else [*SHADES]
    solid: list[dict[str, object]] = []
    for index in range(number - 1):
        place = round(index * (len(shades) - 1) / max(1, number - 2))
        solid.append({"fc": shades[place]})
    return [*solid, {"fc": PAPER, "ec": SHADES[2], "lw": 0.8, "hatch": "////"}]


def _draw_legend(
    canvas: Canvas, legend: Sequence[str], styles: Sequence[dict[str, object]]
) -> None:
    x = 0.0
    for said, style in zip(legend, styles, strict=True):
        canvas.box(x + 0.5, 3.5, 10, 9, **style)
        canvas.text(x + 16, 8, said)
        x += 34 + width_of(said)
