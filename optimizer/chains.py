"""Who holds each task, one after the other: a set of holders, layered by team.

A holder stays until leaving, so each tenure ends after the one before, and who holds a task says
in which order and on which days: a variable for each possible holder is enough, and none is
needed for "e follows f" (docs/formulation.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from models.days import Interval
from models.facts import Facts
from optimizer.placement import Placement
from optimizer.program import ONE, Program, Sum


class Chain:
    """One task's variables.

    Attributes:
        able: {team: its possible members who are qualified}, in the teams it can be in.
        days: {employee: from when they could hold it, and until when they would}; everybody
            who could, by the end of their tenure.
        in_team: {team: variable, 1 if the task is that team's}.
        first: {team: {employee: variable, 1 if they are the first holder}}.
        holds: {team: {employee: variable, 1 if they hold it at some time}}.
    """

    def __init__(self, task: str, placement: Placement) -> None:
        self.task = task
        self.facts = facts = placement.facts
        self._forced = first_holder(facts, task)
        self.able = {
            t: facts.qualified_among(task, placement.members[t].keys())
            for t in self._teams(placement)
        }
        holding = {e for people in self.able.values() for e in people if facts.may_hold(e, task)}
        days = {e: facts.tenure(e, task) for e in facts.qualified_among(task, holding)}
        self.days = dict(sorted(days.items(), key=lambda item: item[1][1]))
        position = {e: number for number, e in enumerate(self.days)}
        self.in_team: dict[str, int] = {}
        self.first: dict[str, dict[str, int]] = {}
        self.holds: dict[str, dict[str, int]] = {}
        for t, able in self.able.items():
            members = sorted(self.days.keys() & set(able), key=position.__getitem__)
            if members or facts.tasks[task].team is not None:
                self._first(placement, t, members)
                self._later(placement, t, members)
        if self._forced is None:
            placement.program.at_most(self.has_holder(), 1)

    def has_holder(self) -> Sum:
        """How many first holders there are, 0 or 1."""
        return Sum().add_all(v for firsts in self.first.values() for v in firsts.values())

    def begun(self, team: str, day: int) -> Sum:
        """Whether the task is the team's and its first tenure begins by a day."""
        firsts = self.first[team].items()
        return Sum().add_all(v for e, v in firsts if self.days[e][0] <= day)

    def hint(self, holders: Mapping[str, str]) -> dict[int, int]:
        """The variables' values where these people hold the task: {employee: team}, in order."""
        start = next(iter(holders), None)
        values: dict[int, int] = {}
        for t, holds in self.holds.items():
            values |= {v: int(holders.get(e) == t) for e, v in holds.items()}
        for t, firsts in self.first.items():
            values |= {v: int(e == start and holders[e] == t) for e, v in firsts.items()}
        return values

    def tenures(self, values: Sequence[int]) -> Iterator[tuple[str, str, Interval]]:
        """Who holds it, in which team and when, under an assignment of all variables."""
        end: int | None = None
        for e in self.days:
            for t, holds in self.holds.items():
                if e in holds and values[holds[e]]:
                    tenure = self.facts.tenure(e, self.task, after=end)
                    end = tenure[1]
                    yield e, t, tenure

    def _teams(self, placement: Placement) -> list[str]:
        fixed = self.facts.tasks[self.task].team
        if fixed is not None:
            return [fixed]
        # The task goes along with a first holder who is known.
        return list(self.facts.teams if self._forced is None else placement.place[self._forced])

    def _first(self, placement: Placement, team: str, members: list[str]) -> None:
        """The first holder in a team, if it is this one's task, and that it is."""
        place, program = placement.place, placement.program
        if self._forced is not None:
            # The task goes along with its first holder: no variable of its own.
            firsts = {self._forced: place[self._forced][team]}
        else:
            firsts = {e: program.boolean() for e in members}
            for e, starts in firsts.items():
                program.implies(starts, place[e][team])
        self.first[team] = firsts
        if self.facts.tasks[self.task].team is not None:
            self.in_team[team] = ONE
        elif len(firsts) == 1:
            self.in_team[team] = next(iter(firsts.values()))
        else:
            self.in_team[team] = program.boolean()
            program.equal(Sum([(self.in_team[team], -1)]).add_all(firsts.values()), 0)

    def _later(self, placement: Placement, team: str, members: list[str]) -> None:
        """Who holds it after the first, whose tenure ends before theirs: one for each end."""
        place, program = placement.place, placement.program
        firsts = self.first[team]
        holds = self.holds[team] = {}
        before = Sum()
        for _, ending in groupby(members, key=lambda e: self.days[e][1]):
            together = list(ending)
            starting = {e: firsts[e] for e in together if e in firsts}
            if not before.terms and not before.constant:
                holds |= starting
            else:
                total = Sum().plus(before, -1)
                for e in together:
                    holds[e] = program.boolean()
                    program.implies(holds[e], place[e][team])
                    total.add(holds[e])
                    if e in starting:
                        program.implies(starting[e], holds[e])
                        total.add(starting[e], -1)
                program.at_most(total, 0)
            before.add_all(starting.values())


def first_holder(facts: Facts, task: str) -> str | None:
    """Who must be the task's first holder: pinned, or because it moves with them."""
    pins = facts.pins_of_holder.get(task)
    return pins[0].employee if pins else facts.moves_with_holder.get(task)


def limit_loads(placement: Placement, chains: Mapping[str, Chain]) -> None:
    """On every day nobody holds more load, or more tasks, than their limits.

    What somebody holds only grows until a tenure ends: the day before an end decides.
    """
    facts, program = placement.facts, placement.program
    held: dict[tuple[str, str], list[str]] = {}
    for q, chain in chains.items():
        for t, holds in chain.holds.items():
            for e in holds:
                held.setdefault((e, t), []).append(q)
    for (e, t), tasks in held.items():
        loads = {q: facts.tasks[q].load for q in tasks}
        for weights, limit in (
            (loads, facts.load_limit(e)),
            (dict.fromkeys(tasks, 1), facts.task_limit(e)),
        ):
            if sum(weights.values()) <= limit:
                continue
            for day in sorted({chains[q].days[e][1] - 1 for q in tasks}):
                running = [q for q in tasks if chains[q].days[e][0] <= day < chains[q].days[e][1]]
                if sum(weights[q] for q in running) > limit:
                    total = Sum([(placement.place[e][t], -limit)])
                    for q in running:
                        total.add(_holding(program, chains[q], e, t, day), weights[q])
                    program.at_most(total, 0)


def _holding(program: Program, chain: Chain, employee: str, team: str, day: int) -> int:
    """Whether somebody who could hold the task on a day does: nobody holds it before them still."""
    holds, end = chain.holds[team], chain.days[employee][1]
    before = [holds[e] for e in holds if day < chain.days[e][1] < end]
    if not before:
        return holds[employee]
    return program.shortage([Sum([(holds[employee], 1)]).add_all(before, -1)], 1)
