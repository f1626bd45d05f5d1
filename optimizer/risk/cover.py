"""How many people stand behind each task and skill, and how many may leave before it breaks.

docs/risk.md, "Coverage and robustness". Exact, from the days alone: nobody's load is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from models.days import Interval, as_date
from optimizer.risk.requirements import Requirement, Stretch, Subject

MOST_LEAVING = 3
"""Breaking sets are told up to this many people."""


@dataclass(frozen=True, slots=True)
class Step:
    """Days `[start, end)` with the same number of people.

    Attributes:
        there: present people who may do it.
        ready: those of them who have learnt it by then.
    """

    start: date
    end: date
    there: int
    ready: int


@dataclass(frozen=True, slots=True)
class Robustness:
    """k-robustness: whichever k people leave, there are still enough.

    Attributes:
        now: the largest such k on the first day; None: not enough even if nobody leaves.
        worst: on the worst day; None likewise.
        worst_day: the first day that is as bad.
    """

    now: int | None
    worst: int | None
    worst_day: date


@dataclass(frozen=True, slots=True)
class Breaking:
    """If any `size` of these `among` leave, days break that hold otherwise.

    Attributes:
        first_day: the first day on which exactly these are there.
        days: how many such days.
    """

    size: int
    among: tuple[str, ...]
    first_day: date
    days: int


@dataclass(frozen=True, slots=True)
class Cover:
    """A task or skill over time.

    Attributes:
        least: fewer people than this, and it is broken: 1 of a task, all wanted of a skill.
        wanted: of a task one and its backups, of a skill the people a team needs.
        steps: its days, from the first to the last on which it is required.
        first_below_one, first_below_wanted: the first day with fewer; None: never.
        days_below_one, days_below_wanted: how many such days.
        robustness: of those who may do it.
        robustness_ready: of those who have learnt it by then: low until learning is over.
        breaking: all minimal sets of up to three people (`MOST_LEAVING`), smallest first: a set
            breaks it if, and only if, it has `size` of `among` of one of these.
    """

    of: Subject
    least: int
    wanted: int
    steps: tuple[Step, ...]
    first_below_one: date | None
    days_below_one: int
    first_below_wanted: date | None
    days_below_wanted: int
    robustness: Robustness
    robustness_ready: Robustness
    breaking: tuple[Breaking, ...]

    @property
    def smallest(self) -> int | None:
        """How few people's leaving breaks it: 0 if it is broken, None if it takes more than 3."""
        if self.robustness.worst is None:
            return 0
        return self.breaking[0].size if self.breaking else None


@dataclass(frozen=True, slots=True)
class Exposure:
    """How much breaks by the leaving of so many people, and not of fewer.

    Attributes:
        size: 0: has days that are broken as it is; None: more than three people.
        authority_tasks, other_tasks, skills: how many of each.
    """

    size: int | None
    authority_tasks: int
    other_tasks: int
    skills: int


def cover(requirement: Requirement) -> Cover:
    """One task or skill over time."""
    stretches, least, wanted = requirement.stretches, requirement.least, requirement.wanted
    below_one = [s.days for s in stretches if not s.there]
    below_wanted = [s.days for s in stretches if len(s.there) < wanted]
    return Cover(
        of=requirement.subject,
        least=least,
        wanted=wanted,
        steps=_steps(stretches),
        first_below_one=_first(below_one),
        days_below_one=_length(below_one),
        first_below_wanted=_first(below_wanted),
        days_below_wanted=_length(below_wanted),
        robustness=_robustness(stretches, [len(s.there) for s in stretches], least),
        robustness_ready=_robustness(stretches, [len(s.ready) for s in stretches], least),
        breaking=_breaking(stretches, least),
    )


def exposures(covers: Iterable[Cover]) -> tuple[Exposure, ...]:
    """Tasks and skills by how few people's leaving breaks them: 0 to 3, then more."""
    kinds: dict[int | None, dict[Literal["authority", "other", "skill"], int]]
    kinds = {
        size: {"authority": 0, "other": 0, "skill": 0} for size in (*range(MOST_LEAVING + 1), None)
    }
    for one in covers:
        if one.of.task is None:
            kinds[one.smallest]["skill"] += 1
        else:
            kinds[one.smallest]["authority" if one.of.kind == "authority" else "other"] += 1
    return tuple(
        Exposure(size, counts["authority"], counts["other"], counts["skill"])
        for size, counts in kinds.items()
    )


def _steps(stretches: Sequence[Stretch]) -> tuple[Step, ...]:
    steps = []
    for (there, ready), same in groupby(stretches, key=lambda s: (len(s.there), len(s.ready))):
        found = list(same)
        start, end = found[0].days[0], found[-1].days[1]
        steps.append(Step(as_date(start), as_date(end), there, ready))
    return tuple(steps)


def _robustness(stretches: Sequence[Stretch], counts: Sequence[int], least: int) -> Robustness:
    worst = min(counts)
    day = stretches[counts.index(worst)].days[0]
    return Robustness(_spare(counts[0], least), _spare(worst, least), as_date(day))


def _spare(count: int, least: int) -> int | None:
    return count - least if count >= least else None


def _breaking(stretches: Sequence[Stretch], least: int) -> tuple[Breaking, ...]:
    found: dict[frozenset[str], list[Interval]] = {}
    for s in stretches:
        if 0 <= len(s.there) - least < MOST_LEAVING:
            found.setdefault(s.there, []).append(s.days)
    sized = sorted(
        (len(among) - least + 1, intervals[0][0], among) for among, intervals in found.items()
    )
    minimal: list[tuple[int, int, frozenset[str]]] = []
    for size, first, among in sized:
        # Any `size` of `among` have `m` of `others` in them all the same.
        if not any(size - len(among - others) >= m for m, _, others in minimal):
            minimal.append((size, first, among))
    return tuple(
        Breaking(size, tuple(sorted(among)), as_date(first), _length(found[among]))
        for size, first, among in minimal
    )


def _first(intervals: Sequence[Interval]) -> date | None:
    return as_date(intervals[0][0]) if intervals else None


def _length(intervals: Iterable[Interval]) -> int:
    return sum(end - start for start, end in intervals)
