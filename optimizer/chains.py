"""Who holds each task, one after the other: a path of tenures, layered by team.

A holder stays until leaving, so a succession is a path: an arc says "e holds the task after f"
(or first of all), in a team. Gaps and overlaps are costs of arcs; the path polytope is integral
on its own (docs/formulation.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain as concatenated

from models.days import Interval
from models.facts import Facts
from optimizer.placement import Placement
from optimizer.program import ONE, Program, Sum


@dataclass(frozen=True, slots=True)
class Arc:
    """`employee` holds the task after `before` (None: first of all), in `team`.

    Attributes:
        variable: 1 if so.
        tenure: the days they would hold it.
    """

    before: str | None
    employee: str
    team: str
    variable: int
    tenure: Interval


class Chain:
    """One task's variables.

    Attributes:
        in_team: {team: variable, 1 if the task is that team's}.
        into: {(employee, team): arcs by which they become the holder}.
        has_holder: how many first holders there are, 0 or 1.
    """

    def __init__(self, task: str, placement: Placement) -> None:
        self.task = task
        self.facts = placement.facts
        self.into: dict[tuple[str, str], list[Arc]] = {}
        self._out: dict[tuple[str, str], list[int]] = {}
        self.in_team: dict[str, int] = {}
        self.has_holder = Sum()
        program = placement.program
        candidates = [e for e in self.facts.qualified(task) if self.facts.may_hold(e, task)]
        self._first_arcs(placement, candidates)
        self._later_arcs(placement, candidates)
        self._flow(placement, program)

    def arcs(self) -> Iterator[Arc]:
        """All of them."""
        return concatenated.from_iterable(self.into.values())

    def first_arcs(self) -> Iterator[Arc]:
        """Those of first holders."""
        return (arc for arc in self.arcs() if arc.before is None)

    def holding(self, employee: str, team: str, day: int) -> list[int]:
        """The arcs, as variables, by which somebody holds the task on a day."""
        arcs = self.into.get((employee, team), ())
        return [a.variable for a in arcs if a.tenure[0] <= day < a.tenure[1]]

    def _teams(self, placement: Placement, candidates: list[str]) -> list[str]:
        fixed = self.facts.tasks[self.task].team
        if fixed is not None:
            return [fixed]
        possible = {t for e in candidates for t in placement.place[e]}
        return [t for t in self.facts.teams if t in possible]

    def _first_arcs(self, placement: Placement, candidates: list[str]) -> None:
        facts, program = self.facts, placement.program
        forced = first_holder(facts, self.task)
        starting = candidates if forced is None else [forced]
        fixed = facts.tasks[self.task].team
        for t in self._teams(placement, candidates):
            firsts = []
            for e in starting:
                if t in placement.place[e]:
                    # A forced first holder takes the task along: no variable of its own.
                    first = program.boolean() if forced is None else placement.place[e][t]
                    self._arc(None, e, t, first)
                    firsts.append(first)
            if fixed is not None:
                self.in_team[t] = ONE
            elif len(firsts) == 1:
                self.in_team[t] = firsts[0]
            elif firsts:
                self.in_team[t] = program.boolean()
                program.equal(Sum([(self.in_team[t], -1)]).add_all(firsts), 0)
            self.has_holder.add_all(firsts)
        if forced is None:
            program.at_most(self.has_holder, 1)

    def _later_arcs(self, placement: Placement, candidates: list[str]) -> None:
        for t in self.in_team:
            members = [e for e in candidates if t in placement.place[e]]
            for f in members:
                end = self.facts.tenure(f, self.task)[1]
                for e in members:
                    tenure = self.facts.tenure(e, self.task, after=end)
                    if e != f and tenure[0] < tenure[1]:
                        after = placement.program.boolean()
                        self._arc(f, e, t, after, end)
                        self._out.setdefault((f, t), []).append(after)

    def _arc(
        self, before: str | None, employee: str, team: str, variable: int, end: int | None = None
    ) -> None:
        tenure = self.facts.tenure(employee, self.task, end)
        arc = Arc(before, employee, team, variable, tenure)
        self.into.setdefault((employee, team), []).append(arc)

    def _flow(self, placement: Placement, program: Program) -> None:
        """In the team to hold it, once; to be followed, hold it."""
        for e, t in {**self.into, **self._out}:
            arriving = Sum((a.variable, 1) for a in self.into.get((e, t), ()))
            place = placement.place[e][t]
            if arriving.terms.keys() != {place} or place == ONE:
                program.at_most(Sum([(place, -1)]).plus(arriving), 0)
            leaving = Sum().add_all(self._out.get((e, t), ()))
            if leaving.terms:
                program.at_most(leaving.plus(arriving, -1), 0)


def first_holder(facts: Facts, task: str) -> str | None:
    """Who must be the task's first holder: pinned, or because it moves with them."""
    pins = facts.pins_of_holder.get(task)
    return pins[0].employee if pins else facts.moves_with_holder.get(task)


def limit_loads(placement: Placement, chains: dict[str, Chain]) -> None:
    """On every day nobody holds more load, or more tasks, than their limits."""
    facts, program = placement.facts, placement.program
    arcs: dict[tuple[str, str], list[tuple[str, Arc]]] = {}
    for q, chain in chains.items():
        for key, into in chain.into.items():
            arcs.setdefault(key, []).extend((q, arc) for arc in into)
    for (e, t), held in arcs.items():
        loads = {q: facts.tasks[q].load for q, _ in held}
        place = placement.place[e][t]
        for weights, limit in (
            (loads, facts.load_limit(e)),
            (dict.fromkeys(loads, 1), facts.task_limit(e)),
        ):
            if sum(weights.values()) > limit:
                for running in _running_together(held):
                    if sum(weights[q] for q in {q for q, _ in running}) > limit:
                        total = Sum((arc.variable, weights[q]) for q, arc in running)
                        program.at_most(total.add(place, -limit), 0)


def _running_together(held: list[tuple[str, Arc]]) -> list[list[tuple[str, Arc]]]:
    """The largest sets of arcs whose tenures share a day."""
    sets = []
    for start in sorted({arc.tenure[0] for _, arc in held}):
        sets.append([(q, a) for q, a in held if a.tenure[0] <= start < a.tenure[1]])
    ids = [frozenset((q, a.before) for q, a in running) for running in sets]
    return [
        running
        for i, running in enumerate(sets)
        if not any(ids[i] < other or (ids[i] == other and j < i) for j, other in enumerate(ids))
    ]
