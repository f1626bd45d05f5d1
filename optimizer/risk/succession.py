"""Who could follow whom in the authority and expert tasks (docs/risk.md, "Succession")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import networkx as nx

from models.days import as_date
from optimizer.risk.standing import Kind, Standing

YEAR_DAYS = 365
"""A successor who is ready so many days after the first is ready within a year."""

Ready = Literal["now", "within_year", "later", "nobody"]
READY: tuple[Ready, ...] = ("now", "within_year", "later", "nobody")


@dataclass(frozen=True, slots=True)
class Successor:
    """Somebody who could take a task over, and is there when it must be taken over.

    Attributes:
        when: `now`: ready on the first day of the task; `within_year`: within 365 days of it;
            `later`: later, or after training.
        ready: the first day of the task on which they may hold it; None: they must first learn the
            skill (`can_learn`).
        in_time: whether they are ready when the holder leaves; None: the holder stays, or they
            must first learn the skill.
        leaves: the day they are expected to go; None: not within the horizon.
        is_planned: whether the plan gives them the task.
    """

    employee: str
    when: Ready
    ready: date | None
    in_time: bool | None
    leaves: date | None
    is_planned: bool


@dataclass(frozen=True, slots=True)
class TaskSuccession:
    """The bench of an authority or expert task.

    Attributes:
        holder: who answers for it on its first day; None: nobody.
        leaves: the day the holder is gone, if the task goes on; None: they stay.
        readiness: the best of the successors'.
        bench_strength: how many are ready now or within a year.
        successors: the readiest first; of equals, who stays longest.
    """

    task: str
    kind: Kind
    team: str | None
    holder: str | None
    leaves: date | None
    readiness: Ready
    bench_strength: int
    successors: tuple[Successor, ...]


@dataclass(frozen=True, slots=True)
class OnlySuccessor:
    """Somebody who alone is ready, now or within a year, for these tasks."""

    employee: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Succession:
    """All authority and expert tasks.

    Attributes:
        tasks: each with its bench, authority tasks first.
        now, within_year, later, nobody: how many tasks have this readiness.
        coverage_percent: tasks with a successor ready now or within a year, of all, rounded
            down; None if there are no such tasks.
        holder_leaves, in_time: how many have a holder who leaves; how many of these have a
            successor who is ready by then.
        own_successor: to how many tasks at once a successor of their own, ready now or within a
            year, can be given: one task a person.
        only_successors: those who are the whole bench of a task, most tasks first.
    """

    tasks: tuple[TaskSuccession, ...]
    now: int
    within_year: int
    later: int
    nobody: int
    coverage_percent: int | None
    holder_leaves: int
    in_time: int
    own_successor: int
    only_successors: tuple[OnlySuccessor, ...]


def succession(standing: Standing) -> Succession:
    """The benches of all authority and expert tasks."""
    critical = [q for q, t in standing.facts.tasks.items() if t.kind in ("authority", "expert")]
    tasks = [_bench(standing, q) for q in sorted(critical, key=standing.task_rank.__getitem__)]
    counts = Counter(t.readiness for t in tasks)
    leaving = [t for t in tasks if t.leaves is not None]
    return Succession(
        tasks=tuple(tasks),
        now=counts["now"],
        within_year=counts["within_year"],
        later=counts["later"],
        nobody=counts["nobody"],
        coverage_percent=(
            100 * (counts["now"] + counts["within_year"]) // len(tasks) if tasks else None
        ),
        holder_leaves=len(leaving),
        in_time=sum(any(s.in_time for s in t.successors) for t in leaving),
        own_successor=_own_successor(tasks),
        only_successors=_only_successors(tasks),
    )


def _bench(standing: Standing, task: str) -> TaskSuccession:
    facts, q = standing.facts, standing.facts.tasks[task]
    start, end = facts.active(task)
    held = standing.held[task]
    holder = held[0].employee if held and held[0].days[0] == start else None
    gone = None if holder is None else facts.service(holder)[1]
    leaves = None if gone is None or gone >= end else max(start, gone)
    planned = {h.employee for h in held}
    people = dict.fromkeys(standing.may_do(task), False) | dict.fromkeys(
        standing.trainees(task), True
    )
    found = [
        successor
        for e in people
        if e != holder
        and (successor := _successor(standing, e, task, leaves, people[e], e in planned))
    ]
    found.sort(key=lambda s: standing.order[s.employee])
    found.sort(key=lambda s: -facts.service(s.employee)[1])
    found.sort(key=lambda s: (READY.index(s.when), s.ready or date.max))
    return TaskSuccession(
        task=task,
        kind=q.kind,
        team=standing.team_of_task(task),
        holder=holder,
        leaves=None if leaves is None else as_date(leaves),
        readiness=found[0].when if found else "nobody",
        bench_strength=sum(s.when in ("now", "within_year") for s in found),
        successors=tuple(found),
    )


def _successor(
    standing: Standing, employee: str, task: str, due: int | None, trains: bool, is_planned: bool
) -> Successor | None:
    """Somebody on the bench; None if they are gone when they should begin."""
    facts = standing.facts
    (first, end), service = facts.active(task), facts.service(employee)
    ready = max(first, service[0] if trains else facts.ready(employee, task))
    begin = ready if due is None else max(due, ready)
    if begin >= min(end, service[1]):
        return None
    when: Ready = "later"
    if not trains and ready <= first + YEAR_DAYS:
        when = "now" if ready <= first else "within_year"
    leaves = standing.leaves(employee)
    return Successor(
        employee=employee,
        when=when,
        ready=None if trains else as_date(ready),
        in_time=None if trains or due is None else ready <= due,
        leaves=None if leaves is None else as_date(leaves),
        is_planned=is_planned,
    )


def _bench_of(bench: TaskSuccession) -> list[str]:
    return [s.employee for s in bench.successors if s.when in ("now", "within_year")]


def _own_successor(tasks: Iterable[TaskSuccession]) -> int:
    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    tops = [("task", bench.task) for bench in tasks]
    graph.add_nodes_from(tops)
    for bench in tasks:
        graph.add_edges_from((("task", bench.task), ("person", e)) for e in _bench_of(bench))
    matching = nx.bipartite.hopcroft_karp_matching(graph, tops)
    return sum(task in matching for task in tops)


def _only_successors(tasks: Iterable[TaskSuccession]) -> tuple[OnlySuccessor, ...]:
    only: dict[str, list[str]] = {}
    for bench in tasks:
        people = _bench_of(bench)
        if len(people) == 1:
            only.setdefault(people[0], []).append(bench.task)
    rows = [OnlySuccessor(e, tuple(found)) for e, found in only.items()]
    return tuple(sorted(rows, key=lambda row: -len(row.tasks)))
