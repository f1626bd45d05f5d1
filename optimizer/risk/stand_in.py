"""What a substitute truly covers, day by day (docs/risk.md, "Key people")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from models.days import Interval, as_date, segments
from optimizer.risk.standing import Held, Standing

Reason = Literal["unqualified", "gone", "absent", "unready", "no_room"]
REASONS: tuple[Reason, ...] = ("unqualified", "gone", "absent", "unready", "no_room")


@dataclass(frozen=True, slots=True)
class Lacking:
    """Days on which the substitute does not cover a task, all for one reason.

    Attributes:
        reason: `unqualified`; `gone`: not in service (yet, or any more); `absent`; `unready`: has
            not learnt it by then; `no_room`: their own tasks, those of others they stand in for
            already, and what they cover of this person's, leave none for it.
        days: how many.
        first_day: the first of them.
    """

    reason: Reason
    days: int
    first_day: date


@dataclass(frozen=True, slots=True)
class CoveredTask:
    """A task of somebody, and what of it their substitute covers.

    Attributes:
        days: on which the person answers for it and is in service.
        covered_days: those of them on which the substitute could do it.
        net_covered_days: those on which they could do it even if all whose substitute they are
            were away at once.
        lacking: the days that are not covered, by reason.
    """

    task: str
    days: int
    covered_days: int
    net_covered_days: int
    lacking: tuple[Lacking, ...]


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody's substitute and what they truly cover.

    Attributes:
        fit: 0 to 10 (docs/problem.md, section 2).
        also_backs: the others whose substitute they are.
        tasks: all that the person answers for.
        task_days, covered_days, net_covered_days: the sums over the tasks.
    """

    substitute: str
    fit: int
    also_backs: tuple[str, ...]
    tasks: tuple[CoveredTask, ...]
    task_days: int
    covered_days: int
    net_covered_days: int


def stand_in(standing: Standing, principal: str) -> StandIn | None:
    """What somebody's substitute covers from the first day on; None if they have none.

    Every day is judged by itself. First comes what the substitute answers for, then what they
    stand in for already because another of their principals is away, then the person's tasks:
    authority first, then expert, special, ordinary; of a kind in input order. A task has room if
    its load and number stay within what the plan may give the substitute (docs/problem.md,
    section 3).
    """
    substitute = standing.substitute_of.get(principal)
    if substitute is None:
        return None
    others = tuple(e for e in standing.principals_of[substitute] if e != principal)
    held = standing.held_in_service(principal)
    desk = _Desk(standing, substitute, others, held)
    total: Counter[str] = Counter()
    net: Counter[str] = Counter()
    lacking: dict[tuple[str, Reason], list[Interval]] = {}
    for start, end in _stretches(held, desk.change_points):
        mine = [h.task for h in held if h.days[0] <= start < h.days[1]]
        claimed = desk.reasons(start, [*mine, *desk.claims(start)], desk.room(start))
        for task, reason in desk.reasons(start, mine, desk.room_left(start)).items():
            total[task] += end - start
            net[task] += 0 if claimed[task] else end - start
            if reason:
                lacking.setdefault((task, reason), []).append((start, end))
    tasks = tuple(_covered(task, total[task], net[task], lacking) for task in total)
    return StandIn(
        substitute=substitute,
        fit=standing.facts.fit(principal, substitute),
        also_backs=others,
        tasks=tasks,
        task_days=sum(t.days for t in tasks),
        covered_days=sum(t.covered_days for t in tasks),
        net_covered_days=sum(t.net_covered_days for t in tasks),
    )


def _stretches(held: Sequence[Held], points: set[int]) -> list[Interval]:
    """The days on which they answer for any task, split wherever anything changes."""
    ends = {p for h in held for p in h.days}
    return segments((min(ends), max(ends)), points | ends) if held else []


def _covered(
    task: str, days: int, net: int, lacking: dict[tuple[str, Reason], list[Interval]]
) -> CoveredTask:
    rows = tuple(
        Lacking(reason, sum(end - start for start, end in found), as_date(found[0][0]))
        for reason in REASONS
        if (found := lacking.get((task, reason)))
    )
    return CoveredTask(task, days, days - sum(row.days for row in rows), net, rows)


class _Room(NamedTuple):
    """What is left of somebody: percent of full time, and number of tasks."""

    load_percent: int
    tasks: int

    def without(self, load_percent: int) -> _Room:
        return _Room(self.load_percent - load_percent, self.tasks - 1)

    @property
    def is_there(self) -> bool:
        return self.load_percent >= 0 and self.tasks >= 0


class _Desk:
    """What a substitute can do, day by day.

    Attributes:
        others: whose substitute they are, without the person asked about.
        change_points: every day on which any of it may change.
    """

    def __init__(
        self, standing: Standing, substitute: str, others: tuple[str, ...], held: Sequence[Held]
    ) -> None:
        self.standing = standing
        self.facts = standing.facts
        self.substitute = substitute
        self.others = others
        self.own = standing.held_by[substitute]
        rows = [*self.own, *(h for e in others for h in standing.held_by[e])]
        self.change_points = (
            self.facts.change_points([substitute, *others])
            | {p for h in rows for p in h.days}
            | {self.facts.ready(substitute, h.task) for h in [*rows, *held]}
        )

    def reasons(self, day: int, tasks: Sequence[str], room: _Room) -> dict[str, Reason | None]:
        """Why the substitute does not cover each of these; None: they do, as far as room goes."""
        found: dict[str, Reason | None] = {}
        for task in sorted(tasks, key=self.standing.task_rank.__getitem__):
            reason = self._cannot(day, task)
            rest = room.without(self.facts.tasks[task].load)
            if reason is None and rest.is_there:
                room = rest
            elif reason is None:
                reason = "no_room"
            found[task] = reason
        return found

    def claims(self, day: int, away_only: bool = False) -> list[str]:
        """What the others answer for; after their departure, as long as nobody else does."""
        return [
            h.task
            for e in self.others
            if not (away_only and self._is_present(e, day))
            for h in self.standing.held_by[e]
            if h.days[0] <= day < h.days[1]
        ]

    def room(self, day: int) -> _Room:
        """What their own tasks leave."""
        room = _Room(self.facts.load_limit(self.substitute), self.facts.task_limit(self.substitute))
        for h in self.own:
            if h.days[0] <= day < h.days[1]:
                room = room.without(self.facts.tasks[h.task].load)
        return room

    def room_left(self, day: int) -> _Room:
        """What these and the tasks of others who are away that day leave."""
        room = self.room(day)
        for task, reason in self.reasons(day, self.claims(day, away_only=True), room).items():
            if reason is None:
                room = room.without(self.facts.tasks[task].load)
        return room

    def _cannot(self, day: int, task: str) -> Reason | None:
        start, end = self.facts.service(self.substitute)
        if not self.facts.is_qualified(self.substitute, task):
            return "unqualified"
        if not start <= day < end:
            return "gone"
        if not self._is_present(self.substitute, day):
            return "absent"
        return "unready" if day < self.facts.ready(self.substitute, task) else None

    def _is_present(self, employee: str, day: int) -> bool:
        return any(start <= day < end for start, end in self.facts.presence(employee))
