"""A drawing to scale as inline vector graphics that say what they show.

The pictures are those of the library's axes, in the shades of the house; words stay words, and
the same input gives the same bytes. What differs by colour differs by line and mark as well.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

INK = "#1c2226"
MUTED = "#55606a"
LINE = "#d9dfe4"
FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
WIDTH = 10.1
"""Inches: as wide as the page."""

_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.facecolor": "none",
    "axes.edgecolor": MUTED,
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "text.color": INK,
    "legend.frameon": False,
    "legend.handlelength": 3.2,
}
_HEAD = re.compile(r"^.*?<svg[^>]*>|<metadata>.*?</metadata>|<style.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_IDS = re.compile(r'\bid="|url\(#|href="#')
_NEEDLESS = re.compile(r"font-family: [^;\"]*;? ?| transform=\"rotate\(-0 [^)]*\)\"")
_SPACE = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class Style:
    """How a line or a mark looks."""

    colour: str
    dashes: tuple[float, ...]
    mark: str

    @property
    def line(self) -> dict[str, Any]:
        """As the library's options of a line."""
        return {
            "color": self.colour,
            "linestyle": (0, self.dashes) if self.dashes else "solid",
            "linewidth": 1.6,
        }


STYLES = (
    Style("#12384d", (), "o"),
    Style("#b3541e", (6, 2), "s"),
    Style("#4b7f52", (2, 1.5), "^"),
    Style("#7a5c99", (7, 2, 1.5, 2), "D"),
    Style("#6d9ab3", (1, 1), "v"),
    Style("#8a6d0b", (4, 1, 1, 1, 1, 1), "P"),
    Style("#9b2d4f", (9, 3), "X"),
    Style("#55606a", (3, 3), "*"),
)


def style_of(index: int) -> Style:
    """The first is the most prominent; after the last they begin again."""
    return STYLES[index % len(STYLES)]


@contextmanager
def drawing(height: float) -> Iterator[Figure]:
    """A figure as wide as the page, in the style of the house; finished within."""
    with matplotlib.rc_context(_SETTINGS):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        FigureCanvasSVG(figure)
        figure.patch.set_visible(False)
        yield figure


def svg(figure: Figure, name: str, title: str, description: str) -> Markup:
    """A figure, to stand within a page.

    Args:
        figure: drawn, within `drawing`.
        name: unique in the page; all its ids begin with it.
        title: what it is called.
        description: what it shows, in words.
    """
    buffer = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    body = _SPACE.sub(" ", _HEAD.sub("", buffer.getvalue()))

    def mended(tag: re.Match[str]) -> str:
        return _IDS.sub(rf"\g<0>{name}-", _NEEDLESS.sub("", tag[0]))

    wide, tall = figure.get_size_inches() * 72
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' viewBox="0 0 {w:g} {h:g}" width="{wide:.0f}" height="{tall:.0f}" role="img"'
        ' aria-labelledby="{name}-title {name}-desc" font-family="{font}">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{desc}</desc>'
    ).format(
        w=wide,
        h=tall,
        wide=wide * 96 / 72,
        tall=tall * 96 / 72,
        name=name,
        title=title,
        desc=description,
        font=FONT,
    )
    return head + Markup(_TAG.sub(mended, body))


def plain_numbers(number: float) -> str:
    """A number on an axis: 0.1, 10, 20,000."""
    return f"{number:,.0f}" if number >= 1 else f"{number:g}"


def on_log_axis(axes: Axes, which: Literal["x", "y"], fine: bool = False) -> None:
    """A logarithmic axis with ordinary numbers on it: 1, 3, 10, or 1, 2, 5, 10 if fine."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if fine else (1, 3)))
    axis.set_major_formatter(lambda number, _: plain_numbers(number))
    axis.set_minor_locator(NullLocator())


def gap_axis(axes: Axes) -> None:
    """Gaps from a thousandth to all, upwards."""
    on_log_axis(axes, "y")
    axes.set_ylim(0.0005, 1.9)
    axes.set_yticks([0.001, 0.01, 0.1, 1.0], ["0.1 %", "1 %", "10 %", "100 %"])
