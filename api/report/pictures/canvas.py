"""A sheet to draw on, and the picture as inline vector graphics that say what they show.

The whole figure is one pair of axes in points, from the top left: a picture places its own
rows, columns and words, so that none overlaps another. The same input gives the same bytes.
"""

from __future__ import annotations

import io
import logging
import re
import threading
import warnings
from collections.abc import Sequence
from typing import Any

import matplotlib
from markupsafe import Markup
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, PathPatch, Polygon
from matplotlib.path import Path

INK = "#1c2226"
MUTED = "#55606a"
LINE = "#ccd3d9"
PAPER = "#ffffff"
GREY = "#9aa4ac"
ACCENT = "#1f5673"
SHADES = ("#12384d", "#1f5673", "#6d9ab3", "#b9d0dc", "#e6eef2")
"""The one accent, from dark to pale: apart from each other in grey, too."""

SIZE = 9.0
"""Points of ordinary words in a picture."""

FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

_LOCK = threading.Lock()
_NARROW, _WIDE = "fijlrtI.,:;'|!()[] ", "mwMW@%—…"
_LAST_OF_EUROPE = "\N{GREEK SMALL LETTER OMEGA}"
_ON_SCREEN = 1.26
_LONGEST = 300
_TAG = re.compile(r"<[^>]*>")
_IDS = re.compile(r'\bid="|url\(#|href="#')
_NEEDLESS = re.compile(r"font-family: [^;\"]*;? ?| transform=\"rotate\(-0 [^)]*\)\"")
_HEAD = re.compile(r"^.*?<svg[^>]*>|<metadata>.*?</metadata>|<style.*?</style>", re.DOTALL)
_SPACE = re.compile(r"\s*\n\s*")

# What is constant for the whole process, and never set again: words stay words, names of
# clips are the same each time, and a dollar sign in a name is no formula.
matplotlib.rcParams["svg.fonttype"] = "none"
matplotlib.rcParams["svg.hashsalt"] = "tiimi"
matplotlib.rcParams["text.parse_math"] = False
matplotlib.rcParams["hatch.linewidth"] = 0.8
logging.getLogger("matplotlib").setLevel(logging.ERROR)  # where its cache is, is no news


class Canvas:
    """A sheet of so many points, drawn on from its top left.

    Attributes:
        width, height: in points.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._figure = Figure(figsize=(width / 72, height / 72))
        self._canvas = FigureCanvasSVG(self._figure)
        self._axes = self._figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()
        self._figure.patch.set_visible(False)

    def text(self, x: float, y: float, text: str, **options: Any) -> None:
        """One line of words, by default beginning at a point and centred on its height.

        The options are those of the library: `ha`, `size`, `color`, `weight`, `rotation`.
        """
        styled: dict[str, Any] = {
            "ha": "left",
            "va": "center",
            "size": SIZE,
            "color": INK,
        } | options
        if styled["va"] == "center" and not styled.get("rotation"):
            # Centred by the baseline, so that it is the same whatever letters there are.
            styled["va"], y = "baseline", y + 0.36 * styled["size"]
        self._axes.text(x, y, text, **styled)

    def box(self, left: float, top: float, width: float, height: float, **style: Any) -> None:
        """A rectangle."""
        self.boxes([(left, top, width, height)], **style)

    def boxes(self, boxes: Sequence[tuple[float, float, float, float]], **style: Any) -> None:
        """Rectangles (left, top, width, height), all in one style and one path."""
        corners = [
            [(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall), (x, y)]
            for x, y, wide, tall in boxes
        ]
        codes = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY] * len(boxes)
        path = Path([point for box in corners for point in box], codes)
        self._add(PathPatch(path, **({"lw": 0} | style)))

    def _add(self, artist: Artist) -> None:
        artist.set_clip_on(False)
        self._axes.add_artist(artist)

    def lines(self, ends: Sequence[Sequence[tuple[float, float]]], **style: Any) -> None:
        """Straight lines, all in one style."""
        self._add(LineCollection([list(line) for line in ends], **style))

    def line(self, *points: tuple[float, float], **style: Any) -> None:
        """A line through points."""
        self.lines([points], **({"colors": LINE, "linewidths": 0.8} | style))

    def dot(self, x: float, y: float, radius: float, **style: Any) -> None:
        """A circle."""
        self._add(Circle((x, y), radius, **({"fc": ACCENT, "ec": ACCENT} | style)))

    def shape(self, points: Sequence[tuple[float, float]], **style: Any) -> None:
        """A polygon."""
        self._add(Polygon(list(points), closed=True, **({"lw": 0} | style)))

    def arrow(self, start: tuple[float, float], end: tuple[float, float], **style: Any) -> None:
        """An arrow; `bend` is how far it swings to a side."""
        options: dict[str, Any] = {
            "arrowstyle": "-|>",
            "mutation_scale": 7,
            "lw": 1,
            "color": ACCENT,
        } | style
        bend = options.pop("bend", 0.0)
        self._add(FancyArrowPatch(start, end, connectionstyle=f"arc3,rad={bend}", **options))

    def svg(self, name: str, title: str, description: str) -> Markup:
        """The picture, to stand within a page.

        Args:
            name: unique in the page; all its ids begin with it.
            title: what it is called.
            description: what it shows, in words.
        """
        buffer = io.StringIO()
        with _LOCK, warnings.catch_warnings():
            # A letter that the measuring font lacks is still a letter to who reads the page.
            warnings.filterwarnings("ignore", "Glyph", UserWarning)
            self._figure.savefig(buffer, format="svg", metadata={"Date": None})
        body = _SPACE.sub(" ", _HEAD.sub("", buffer.getvalue()))

        def mended(tag: re.Match[str]) -> str:
            return _IDS.sub(rf"\g<0>{name}-", _NEEDLESS.sub("", tag[0]))

        body = _TAG.sub(mended, body)
        head = Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
            ' viewBox="0 0 {w:g} {h:g}" width="{wide:.0f}" height="{tall:.0f}" role="img"'
            ' aria-labelledby="{name}-title {name}-desc" font-family="{font}">'
            '<title id="{name}-title">{title}</title><desc id="{name}-desc">{desc}</desc>'
        ).format(
            wide=_ON_SCREEN * self.width,
            tall=_ON_SCREEN * self.height,
            w=self.width,
            h=self.height,
            name=name,
            title=title,
            desc=description,
            font=FONT,
        )
        return head + Markup(body)


def width_of(text: str, size: float = SIZE) -> float:
    """About how wide words are, in points; rather more than less."""
    return sum(map(_width_of_letter, text)) * size


def _width_of_letter(letter: str) -> float:
    """Of a size of 1; letters of other scripts are as wide as high."""
    if letter in _NARROW:
        return 0.36
    if letter in _WIDE or letter > _LAST_OF_EUROPE:
        return 1.0
    return 0.74 if letter.isupper() else 0.62


def wrapped(text: str, room: float, most: int = 2, size: float = SIZE) -> list[str]:
    """Words in lines no wider than `room` points; what is more than `most` lines is cut."""
    lines, words = [""], text[:_LONGEST].split()
    while words:
        word = words.pop(0)
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size) <= room:
            lines[-1] = longer
        elif lines[-1]:
            lines.append("")
            words.insert(0, word)
        else:
            fits = _fitting(word, room, size)
            lines[-1] = word[:fits]
            words.insert(0, word[fits:])
            lines.append("")
    lines = [line for line in lines if line] or [""]
    if len(lines) > most:
        last = lines[most - 1]
        lines = [*lines[: most - 1], last[: _fitting(last, room - size, size)].rstrip() + "…"]
    return lines


def heading(text: str, room: float) -> list[str]:
    """The same for bold letters, which are wider."""
    return wrapped(text, room, size=1.2 * SIZE)


def _fitting(word: str, room: float, size: float) -> int:
    """How many letters fit, at least one."""
    return max(1, max(n for n in range(len(word) + 1) if width_of(word[:n], size) <= room))
