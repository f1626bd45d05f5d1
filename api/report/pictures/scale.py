"""Days as places along a line, with the years beneath."""

from __future__ import annotations

from datetime import date

from api.report.pictures.canvas import LINE, MUTED, SIZE, Canvas, width_of
from models.days import Interval, as_date


class Scale:
    """Where a day stands between two places.

    Attributes:
        left, right: of the first day and behind the last.
    """

    def __init__(self, horizon: Interval, left: float, right: float) -> None:
        self._horizon, self.left, self.right = horizon, left, right

    def at(self, day: int) -> float:
        """The place of a day; a day outside stands at the end."""
        start, end = self._horizon
        share = (min(max(day, start), end) - start) / (end - start)
        return self.left + share * (self.right - self.left)

    def draw_years(self, canvas: Canvas, top: float, bottom: float) -> None:
        """A fine line at every new year, and the years above, as many as have room."""
        first, last = (as_date(d) for d in (self._horizon[0], self._horizon[1] - 1))
        years = range(first.year, last.year + 1)
        room = (self.right - self.left) / len(years)
        step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 1000) if n * room > width_of("00000"))
        edges = {y: self.at(date(y, 1, 1).toordinal()) for y in years}
        for y, x in edges.items():
            if self.left < x and y % step == 0:
                canvas.line((x, top), (x, bottom), colors=LINE, linewidths=0.6)
        for y in years:
            start, end = edges[y], edges.get(y + 1, self.right)
            is_cut = end - start < width_of("0000")
            if y % step == 0 and (step > 1 or not is_cut):
                middle = (start + end) / 2
                canvas.text(middle, top - 0.8 * SIZE, str(y), ha="center", color=MUTED)
