"""How far a search is, on stderr: a live table on a terminal, plain lines anywhere else."""

from __future__ import annotations

import os
import sys
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from api.console import tell
from api.texts import Texts, plain

if TYPE_CHECKING:
    from rich.console import Group

    from models.policy import Policy
    from optimizer import Progress

SECONDS_BETWEEN_LINES = 5.0
"""No level says more often that it got better; that it ended, it says at once."""


class Display(Protocol):
    """Shows progress while it is entered; called from other threads."""

    def __enter__(self) -> Self:
        """Begin to show it."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was."""

    def __call__(self, progress: Progress) -> None:
        """Take note of how far it is."""

    def stopping(self) -> None:
        """Say that the search is about to stop."""


def display_for(policy: Policy, time_limit: float, texts: Texts) -> Display:
    """The display that suits where stderr goes."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        return LiveTable(policy, time_limit, texts)
    return Lines(texts)


def gap_text(best: int | None, bound: int | None) -> str:
    """How far a value can be from the best there is, in percent of it."""
    if best is None or bound is None or bound > best:
        return "–"
    if best == max(0, bound):
        return "0 %"
    percent = 100 * (best - max(0, bound)) / best
    return f"{percent:.1f} %" if percent < 10 else f"{percent:.0f} %"


def value_text(value: int | None) -> str:
    """A value; costs are never below 0, whatever a bound says."""
    return "–" if value is None else str(max(0, value))


class Lines:
    """A line when a level begins, now and then when it gets better, and when it ends."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self._lock = threading.Lock()
        self._told: tuple[str, bool] | None = None
        self._when = 0.0

    def __enter__(self) -> Self:
        """Begin; nothing is to be set up."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End; nothing is to be undone."""

    def __call__(self, progress: Progress) -> None:
        """Print a line, unless one was printed just now."""
        with self._lock:
            now, level = time.monotonic(), (progress.level, progress.taking_back)
            recent = self._told == level and now - self._when < SECONDS_BETWEEN_LINES
            if progress.status is None and recent:
                return
            self._told, self._when = level, now
            tell(plain(self._line(progress)))

    def stopping(self) -> None:
        """Say so."""
        tell(self.texts("progress.stopping"))

    def _line(self, progress: Progress) -> str:
        ended = progress.status is not None
        key = (
            ("taken_back" if ended else "taking_back")
            if progress.taking_back
            else ("ended" if ended else "running")
        )
        return self.texts(
            f"progress.{key}",
            index=progress.index,
            count=progress.count,
            level=self.texts.level(progress.level),
            best=value_text(progress.best),
            bound=value_text(progress.bound),
            gap=gap_text(progress.best, progress.bound),
            seconds=f"{progress.seconds:.1f}",
            status=self.texts(f"level_status.{progress.status}") if ended else "",
        )


class LiveTable:
    """A table of all levels that changes in place, and is gone when the search ends."""

    def __init__(self, policy: Policy, time_limit: float, texts: Texts) -> None:
        from rich.console import Console
        from rich.live import Live

        self.texts = texts
        self.title = texts("progress.title", seconds=f"{time_limit:g}")
        self._lock = threading.Lock()
        self._names = [level.name for level in policy.levels]
        self._latest: dict[str, tuple[Progress, float]] = {}
        self._now = ""
        self._live = Live(
            console=Console(stderr=True, highlight=False),
            get_renderable=self.table,
            refresh_per_second=5,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        """Show the table."""
        self._live.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take it away, and show the cursor again."""
        self._live.__exit__(kind, error, trace)

    def __call__(self, progress: Progress) -> None:
        """Take note; the table is drawn anew by itself."""
        with self._lock:
            self._latest[progress.level] = (progress, time.monotonic())
            self._now = progress.level

    def stopping(self) -> None:
        """Say so instead of the title."""
        self.title = self.texts("progress.stopping")

    def table(self) -> Group:
        """The table as of now, with a line above it."""
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False)
        for column in ("level", "best", "bound", "gap", "seconds", "state"):
            right = column not in ("level", "state")
            justify = "right" if right else "left"
            header = self.texts(f"column.{column}")
            table.add_column(header, justify=justify, no_wrap=not right)  # type: ignore[arg-type]
        with self._lock:
            latest = dict(self._latest)
        for name in self._names:
            table.add_row(Text(plain(self.texts.level(name))), *self._row(latest.get(name)))
        return Group(Text(self.title), table)

    def _row(self, latest: tuple[Progress, float] | None) -> tuple[str, ...]:
        if latest is None:
            return "", "", "", "", self.texts("level_status.pending")
        progress, when = latest
        # One that runs no more was proven: of levels minimised at once only one is told of.
        running = progress.status is None and progress.level == self._now
        doing = "taking_back" if progress.taking_back else "running"
        state = progress.status or (doing if running else "optimal")
        seconds = progress.seconds + (time.monotonic() - when if running else 0)
        bound = progress.best if state == "optimal" else progress.bound
        return (
            value_text(progress.best),
            value_text(bound),
            gap_text(progress.best, bound),
            f"{seconds:.1f}",
            self.texts(f"level_status.{state}"),
        )
