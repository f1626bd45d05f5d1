"""Single points of failure: articulation points of the graph of people, skills and tasks.

On a day, the organisation is linked to everybody present, a person to what they are able to do (a
skill at a level, with the qualification and office a task asks for, in the team it is asked of),
and that to the tasks and needs that ask for it. A person is a single point of failure if without
them something hangs loose (docs/risk.md, "Single points of failure").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import networkx as nx

from models.days import as_date
from models.facts import Facts
from optimizer.risk.requirements import Requirement, Subject
from optimizer.risk.standing import Standing


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """Somebody without whom nobody present may do these."""

    employee: str
    tasks: tuple[str, ...]
    skills: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class SinglePoints:
    """All single points of failure on a day, in input order."""

    day: date
    people: tuple[SinglePoint, ...]


class _Person(NamedTuple):
    employee: str


class _Able(NamedTuple):
    """Being able to do what a task or need asks for.

    Attributes:
        number: of a task that somebody else may do as well (its holder without the level, or in
            another team until the handover): it has a node of its own; None of all others.
    """

    team: str | None
    skill: str
    level: int
    qualification: str | None
    office: bool
    number: int | None


class _Leaf(NamedTuple):
    """A requirement, by its place in the list."""

    number: int


Node = str | _Person | _Able | _Leaf
ROOT: Node = "organisation"


def days_looked_at(facts: Facts) -> tuple[int, ...]:
    """The first day, every first of January, and the last day."""
    start, end = facts.horizon
    years = range(as_date(start).year + 1, as_date(end).year + 1)
    new_years = (date(year, 1, 1).toordinal() for year in years)
    return tuple(sorted({start, *(d for d in new_years if d < end), end - 1}))


def single_points(
    standing: Standing, requirements: Iterable[Requirement], day: int
) -> SinglePoints:
    """All single points of failure on a day."""
    rows = [r for r in requirements if r.within[0] <= day < r.within[1]]
    graph = _graph(standing, rows, day)
    found: dict[str, list[Subject]] = {}
    for node in nx.articulation_points(graph):
        if isinstance(node, _Person):
            found[node.employee] = [rows[i].subject for i in sorted(_cut_off(graph, node))]
    return SinglePoints(
        as_date(day),
        tuple(
            SinglePoint(
                employee=e,
                tasks=tuple(s.task for s in found[e] if s.task is not None),
                skills=tuple(s for s in found[e] if s.task is None),
            )
            for e in standing.facts.employees
            if e in found
        ),
    )


def _graph(standing: Standing, rows: list[Requirement], day: int) -> nx.Graph[Node]:
    graph: nx.Graph[Node] = nx.Graph()
    for number, row in enumerate(rows):
        there = next(s.there for s in row.stretches if s.days[0] <= day < s.days[1])
        able = _able(standing, row.subject, number, there)
        if able not in graph:  # Else the same people are linked to it already.
            graph.add_edges_from((ROOT, _Person(e)) for e in there)
            graph.add_edges_from((_Person(e), able) for e in there)
        graph.add_edge(able, _Leaf(number))
    return graph


def _able(standing: Standing, subject: Subject, number: int, there: frozenset[str]) -> _Able:
    task = None if subject.task is None else standing.facts.tasks[subject.task]
    team = subject.team if standing.plan is not None or task is None else None
    holder = None if task is None else task.holder
    is_other = holder in there and (
        standing.facts.employees[holder].skills.get(subject.skill, 0) < subject.level
        or (team is not None and standing.team_of.get(holder) != team)
    )
    return _Able(
        team=team,
        skill=subject.skill,
        level=subject.level,
        qualification=None if task is None else task.qualification,
        office=subject.kind == "authority",
        number=number if is_other else None,
    )


def _cut_off(graph: nx.Graph[Node], person: _Person) -> set[int]:
    """The requirements that nothing but the person links to the organisation."""
    found: set[int] = set()
    for able in graph[person]:
        if isinstance(able, _Able) and not any(
            isinstance(n, _Person) and n != person for n in graph[able]
        ):
            found |= {n.number for n in graph[able] if isinstance(n, _Leaf)}
    return found
