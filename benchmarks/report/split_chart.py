"""The split plot over size: above, how long a proof took; below, how far from one it ended.

A panel for all levels together and one for each, so that what is hard at which size is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from benchmarks.report.contest import Contest, LevelOutcome, outcome
from benchmarks.report.figures import MUTED, drawing, gap_axis, on_log_axis, style_of, svg

_COLUMNS = 3
_LEAST_GAP = 0.001
_LEAST_SECONDS = 0.01
_BESIDE = 1.07

Point = tuple[float, LevelOutcome]


def draw_split(name: str, title: str, description: str, whole: Contest) -> Markup:
    """All levels, then one after the other."""
    levels: list[str | None] = [None, *whole.level_names]
    rows = -(-len(levels) // _COLUMNS)
    with drawing(0.5 + 2.9 * rows) as figure:
        panels = _panels(figure, rows, len(levels))
        for (above, below), level in zip(panels, levels, strict=False):
            above.set_title("all levels" if level is None else level)
            for index, points in enumerate(_points(whole, level)):
                _draw(above, below, points, index)
        for above, below in panels[len(levels) :]:
            above.set_axis_off()
            below.set_axis_off()
        handles = [_handle(index, each.name) for index, each in enumerate(whole.contestants)]
        _size_axis(panels[0][0], set(whole.people.values()))
        figure.legend(handles=handles, loc="outside lower left", ncols=4)
        return svg(figure, name, title, description)


def _handle(index: int, label: str) -> Line2D:
    """What a contestant's marks look like, for the legend."""
    style = style_of(index)
    return Line2D([], [], color=style.colour, marker=style.mark, linestyle="none", label=label)


def _points(whole: Contest, level: str | None) -> list[list[Point]]:
    """Of every contestant: sizes, and how it went."""
    found: list[list[Point]] = []
    for each in whole.contestants:
        points: list[Point] = []
        for problem in whole.problems:
            how = outcome(each.runs.get(problem, ()), level)
            if how is not None and problem in whole.people:
                points.append((whole.people[problem], how))
        found.append(points)
    return found


def _panels(figure: Figure, rows: int, used: int) -> list[tuple[Axes, Axes]]:
    """(above, below) of each panel; the last one in use of a column names the sizes."""
    heights = [1.6, 1.0] * rows
    grid = figure.subplots(
        2 * rows, _COLUMNS, sharex=True, sharey="row", height_ratios=heights, squeeze=False
    )
    panels = [
        (grid[2 * row][column], grid[2 * row + 1][column])
        for row in range(rows)
        for column in range(_COLUMNS)
    ]
    for index, (above, below) in enumerate(panels):
        on_log_axis(above, "y")
        gap_axis(below)
        above.spines["bottom"].set_visible(False)
        above.tick_params(axis="x", length=0)
        if index % _COLUMNS == 0:
            above.set_ylabel("seconds, if proven")
            below.set_ylabel("gap, if not")
        if index + _COLUMNS >= used:
            below.set_xlabel("people")
            below.tick_params(labelbottom=True)
    return panels


def _size_axis(axes: Axes, sizes: set[int]) -> None:
    """A logarithmic axis that names the sizes there are, as far as there is room."""
    on_log_axis(axes, "x")
    named: list[int] = []
    for size in sorted(sizes, reverse=True):
        if not named or named[-1] > 2.3 * size:
            named.append(size)
    axes.set_xticks(named, [f"{size:,}" for size in named])
    axes.set_xlim(min(sizes, default=1) / 1.6, max(sizes, default=1) * 1.6)


def _draw(above: Axes, below: Axes, points: Sequence[Point], index: int) -> None:
    """Solid marks above; hollow ones below, and a cross where there was no plan at all.

    Contestants stand side by side at a size.
    """
    style = style_of(index)
    points = [(size * _BESIDE**index, how) for size, how in points]
    mark: dict[str, Any] = {"marker": style.mark, "linestyle": "none", "markersize": 4.5}
    proven = [
        (size, max(_LEAST_SECONDS, how.seconds)) for size, how in points if how.seconds is not None
    ]
    if proven:
        above.plot(*_xy(proven), color=style.colour, **mark)
    unproven = [(size, how) for size, how in points if how.seconds is None]
    hollow = [(size, max(_LEAST_GAP, how.gap)) for size, how in unproven if how.has_plan]
    if hollow:
        below.plot(*_xy(hollow), markerfacecolor="none", markeredgecolor=style.colour, **mark)
    without = [(size, 1.0) for size, how in unproven if not how.has_plan]
    if without:
        below.plot(*_xy(without), color=MUTED, marker="x", linestyle="none", markersize=6)


def _xy(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]
