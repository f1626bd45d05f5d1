"""Windows: a few teams whose decisions are open while everything else stays as it is.

Almost every variable belongs to one team, so that with the others fixed a window is a small
program (docs/formulation.md, "Large organisations").
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from optimizer.model import Model
from optimizer.program import Narrowed, Sum

Possible = Mapping[str, Collection[str]]
"""{employee: teams they may be in}."""


class Windows:
    """The teams of a model's variables, and the programs of some teams alone.

    Attributes:
        of_team: the variables of each team: its decisions, and what only follows from them.
        following: variables that are no decision: what a goal pays for.
        near: of each team the others, by how many people could be in both.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.program = model.program
        self.near = _neighbours(model)
        self._decisions = model.decisions()
        self._rows: list[list[int]] = [[] for _ in model.program.lower]
        following: dict[int, set[str]] = {}
        for number, row in enumerate(model.program.rows):
            for variable in row.variables:
                self._rows[variable].append(number)
            if number in model.program.totals:
                continue
            teams = {self._decisions[v][0] for v in row.variables if v in self._decisions}
            for variable in row.variables:
                if variable not in self._decisions:
                    following.setdefault(variable, set()).update(teams)
        self.following = sorted(following)
        self.of_team: dict[str, list[int]] = {t: [] for t in model.facts.teams}
        for variable, (t, _) in self._decisions.items():
            self.of_team[t].append(variable)
        for variable, teams in following.items():
            for t in teams:
                self.of_team[t].append(variable)

    def around(self, teams: Collection[str], values: Sequence[int]) -> dict[str, set[str]]:
        """Of everybody the teams they may be in if these are open and all else stays."""
        possible = {}
        for e, options in self.model.placement.place.items():
            now = next(t for t, place in options.items() if values[place])
            possible[e] = {t for t in teams if t in options} if now in teams else {now}
        return possible

    def open(self, teams: Collection[str], possible: Possible) -> list[int]:
        """The variables of these teams that need nobody where they may not be, ascending."""
        lower, upper = self.program.lower, self.program.upper
        found = []
        for v in {v for t in teams for v in self.of_team[t]}:
            if lower[v] < upper[v]:
                t, people = self._decisions.get(v, ("", ()))
                if all(t in possible[e] for e in people):
                    found.append(v)
        return sorted(found)

    def narrowed(
        self,
        variables: Sequence[int],
        values: Sequence[int],
        objective: Sum,
        without: Collection[int] = (),
    ) -> Narrowed:
        """As `Program.narrowed`, with all rows of these variables but those to leave out."""
        touched = {number for v in variables for number in self._rows[v]}
        return self.program.narrowed(
            variables, values, objective, sorted(touched.difference(without))
        )

    def rows_of(self, variables: Collection[int]) -> set[int]:
        """The rows that have one of these variables."""
        return {number for v in variables for number in self._rows[v]}

    def sweep(self, size: int, chance: random.Random) -> Iterator[tuple[str, ...]]:
        """Windows of so many teams side by side, each team once the first of one."""
        teams = list(self.near)
        chance.shuffle(teams)
        for first in teams:
            yield self._grown(first, size, self.near, chance)

    def blocks(self, size: int, chance: random.Random) -> list[tuple[str, ...]]:
        """All teams, in blocks of at most so many side by side."""
        left = list(self.near)
        chance.shuffle(left)
        blocks = []
        while left:
            block = self._grown(left[0], size, left, chance, strongest=True)
            blocks.append(block)
            left = [t for t in left if t not in block]
        return blocks

    def _grown(
        self,
        first: str,
        size: int,
        among: Collection[str],
        chance: random.Random,
        strongest: bool = False,
    ) -> tuple[str, ...]:
        window = [first]
        while len(window) < size:
            around: Counter[str] = Counter()
            for t in window:
                near = {n: c for n, c in self.near[t].items() if n not in window and n in among}
                around.update(near)
            if not around:
                break
            names = list(around)
            if strongest:
                window.append(max(names, key=around.__getitem__))
            else:
                window.append(chance.choices(names, [around[n] for n in names])[0])
        return tuple(window)


def _neighbours(model: Model) -> dict[str, Counter[str]]:
    near: dict[str, Counter[str]] = {t: Counter() for t in model.facts.teams}
    for e, options in model.placement.place.items():
        for a, b in combinations((t for t in options if model.placement.may_be_in(e, t)), 2):
            near[a][b] += 1
            near[b][a] += 1
    return near
