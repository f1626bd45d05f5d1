"""The picture of growth: building and first plan on the left, the levels on the right."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from matplotlib.axes import Axes

from benchmarks.report.figures import Style, drawing, gap_axis, on_log_axis, style_of, svg
from benchmarks.report.growth import Growth

_LEAST_SECONDS = 0.01
_LEAST_GAP = 0.001


def draw_growth(name: str, title: str, description: str, found: Growth) -> Markup:
    """All axes logarithmic: a straight line is a power of the number of people."""
    with drawing(4.2) as figure:
        panels = figure.subplot_mosaic(
            [["whole", "levels"], ["whole", "gaps"]], sharex=True, height_ratios=[1.6, 1.0]
        )
        whole, levels, gaps = panels["whole"], panels["levels"], panels["gaps"]
        for index, measure in enumerate(("building", "first plan", "in all")):
            seconds = [_at_least(_LEAST_SECONDS, value) for value in found.measures[measure]]
            _line(whole, found.sizes, seconds, style_of(index), measure)
        for index, (level, outcomes) in enumerate(found.levels.items()):
            proven = [_at_least(_LEAST_SECONDS, how.seconds if how else None) for how in outcomes]
            _line(levels, found.sizes, proven, style_of(index), level)
            open_gaps = [
                None if how is None or how.seconds is not None else max(_LEAST_GAP, how.gap)
                for how in outcomes
            ]
            _line(gaps, found.sizes, open_gaps, style_of(index), level, hollow=True)
        on_log_axis(whole, "x")
        for axes, heading in ((whole, "seconds"), (levels, "seconds a proven level")):
            on_log_axis(axes, "y")
            axes.set_title(heading)
        if not gaps.lines:
            gaps.text(0.5, 0.5, "all proven", transform=gaps.transAxes, ha="center", va="center")
        gap_axis(gaps)
        gaps.set_ylabel("gap, if not")
        for axes in (whole, gaps):
            axes.set_xticks(found.sizes, [f"{size:,}" for size in found.sizes])
            axes.set_xlabel("people")
        whole.legend(loc="upper left")
        figure.legend(
            *levels.get_legend_handles_labels(), loc="outside lower right", ncols=5, fontsize=8
        )
        return svg(figure, name, title, description)


def _at_least(least: float, value: float | None) -> float | None:
    return None if value is None else max(least, value)


def _line(
    axes: Axes,
    sizes: Sequence[int],
    values: Sequence[float | None],
    style: Style,
    label: str,
    hollow: bool = False,
) -> None:
    """A mark a size, joined where neighbours are both known."""
    if not any(value is not None for value in values):
        return
    y = [float("nan") if value is None else value for value in values]
    face = "none" if hollow else style.colour
    axes.plot(sizes, y, marker=style.mark, markersize=4.5, mfc=face, label=label, **style.line)
