"""The picture of performance profiles: steps upwards, the highest is the best."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from markupsafe import Markup
from matplotlib.axes import Axes

from benchmarks.report.figures import drawing, on_log_axis, style_of, svg
from benchmarks.report.profiles import Profile, share_within


def draw_profile(name: str, title: str, description: str, found: Profile) -> Markup:
    """Two panels: within which factor of the best, where there are several; within which time."""
    with drawing(3.3) as figure:
        several = len(found.measured) > 1
        panels = figure.subplots(1, 1 + several, sharey=True, squeeze=False)[0]
        if several:
            _draw_steps(panels[0], found.ratios, "within so many times the best")
        _draw_steps(panels[-1], found.measured, "within so many seconds")
        panels[0].set_ylabel("part of the problems")
        figure.legend(*panels[-1].get_legend_handles_labels(), loc="outside lower left", ncols=4)
        return svg(figure, name, title, description)


def _draw_steps(axes: Axes, measured: Mapping[str, Sequence[float]], title: str) -> None:
    finite = [value for values in measured.values() for value in values if math.isfinite(value)]
    first, last = min(finite, default=1.0), max(finite, default=1.0)
    end = max(last * 1.3, first * 2)
    for index, (contestant, values) in enumerate(measured.items()):
        reached = sorted(value for value in values if math.isfinite(value))
        x = [first / 1.05, *reached, end]
        y = [share_within(values, at) for at in x]
        axes.step(x, y, where="post", label=contestant, **style_of(index).line)
    on_log_axis(axes, "x", fine=True)
    axes.set_xlim(first / 1.05, end)
    axes.set_ylim(-0.02, 1.05)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_title(title)
