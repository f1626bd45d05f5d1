"""The second way of solving, for programs too large for a search over all of it at once.

Teams are cut into blocks of neighbours. In each block, with all else as it is, the linear
relaxation is solved: where it leaves somebody one team they are placed there, and a search finds
the best plan of what is left open. The prices of all blocks together prove a bound of the whole,
and before them others, found without a linear solver, a first one (`optimizer.lagrangian`).
Between, smaller windows are searched entirely (docs/formulation.md, "Large organisations"). It
answers the same question as `optimizer.cpsat.minimise`; its plans pass the same evaluation.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import takewhile
from typing import Literal

from optimizer.conflicts import SolverError
from optimizer.cpsat import Answer, Hint, Improved, Limits, minimise
from optimizer.lagrangian import Ascent
from optimizer.model import Model
from optimizer.program import Narrowed, Program, Row, Sum
from optimizer.relaxation import Relaxed, proven_bound, relax
from optimizer.windows import Possible, Windows

LARGE = 20_000
"""From so many variables on a program is large."""

WHOLE = 60_000
"""Up to so many variables all of it is searched at once where windows find no more."""

BLOCK, MOST_BLOCKS = 20_000, 8
"""About so many variables make a block of the first sweep, but no more blocks than so many; each
next sweep has half as many.

The first gives a good plan soon, the last ones good bounds. The relaxation of twice as many
variables takes about four times as long; of many blocks of 20,000 people few got their turn.
"""

WINDOW, WIDER = 3, 2
"""So many teams are searched entirely at first; so many more, where that finds nothing better."""

PART_SECONDS = 10.0
"""Most that the search in one block or window may take."""

PRICING = 0.2
"""Most of a level's time that may go into its first bound."""

PRICING_LAST = 0.9
"""Most of the time left that may go into the bound where nothing else is of use any more."""

NEAR = 0.02
"""A first plan may move more people than it must, by this share: 20,000 take 16 s, not 119 s."""

LOOKING, PART = 6, 2
"""What takes no longer than so many times building as many variables: finding each variable's
team, and making a part for the solvers and reading their answers.
"""

SURE = 0.001
"""Less than this of a placement is none."""

SCALE = 1000
"""Prices of limits enter an objective in whole multiples of one over so many."""


def is_large(program: Program) -> bool:
    """Whether a search over all of it at once is no use."""
    return len(program.lower) > LARGE


def minimise_large(
    model: Model,
    objective: Sum,
    limits: Limits,
    hint: Hint | None = None,
    improved: Improved | None = None,
) -> Answer:
    """Minimise a sum over a model's program.

    Args:
        model: of a feasible organisation.
        objective: what to minimise.
        limits: deadline, threads, seed, stop.
        hint: a plan to start from, as values of all variables; or values of decisions, by
            variable, which are followed if they are possible.
        improved: told of progress.
    """
    if hint is not None and not isinstance(hint, Mapping) and limits.left < model.seconds * LOOKING:
        return Answer("feasible", hint, objective.value(hint), 0)
    search = _Search(model, objective, limits, improved)
    values = search.first(hint)
    if values is None:
        return Answer("unknown", None, None, None)
    search.take(values)
    search.run()
    status: Literal["optimal", "feasible"] = (
        "optimal" if search.is_over() == "proven" else "feasible"
    )
    return Answer(status, search.values, search.best, search.bound)


class _Search:
    """What is known so far.

    Attributes:
        values: the best plan, as values of all variables.
        best: what it costs.
        bound: no plan costs less.
        late: whether the time left is too short for a part.
    """

    def __init__(
        self, model: Model, objective: Sum, limits: Limits, improved: Improved | None
    ) -> None:
        self.model = model
        self.program = model.program
        self.objective = objective
        self.limits = limits
        self.improved = improved
        self.windows = Windows(model)
        self.random = random.Random(limits.seed)
        self.values: Sequence[int] = ()
        self.best = 0
        self.bound = 0
        self.late = False
        self._ascent: Ascent | None = None
        self._priced = 0

    def take(self, values: Sequence[int]) -> None:
        """Take over a plan."""
        self.values, self.best = values, self.objective.value(values)
        self._tell()

    def is_over(self) -> Literal["", "proven", "late"]:
        """Whether to go on."""
        if self.best <= self.bound:
            return "proven"
        return "" if self.limits.left > 0 and not self.late else "late"

    def has_time(self, variables: Sequence[int]) -> bool:
        """Whether a part of these variables can be made in time; it is late if not."""
        self.late |= self.limits.left < self.model.pace * len(variables) * PART
        return not self.late

    def run(self) -> None:
        """Improve plan and bound until one meets the other, or time is up."""
        self._price(PRICING)
        if not self.model.has_all_pairs:
            self._join_blocks()
        if self._widen_windows():
            self._search_whole()
        elif self.bound == self._priced:
            # No other prices have proven more.
            self._price(PRICING_LAST)

    def _join_blocks(self) -> None:
        """Sweep blocks, each time half as many, as long as a sweep may end in time."""
        blocks = min(MOST_BLOCKS, max(2, -(-len(self.program.lower) // BLOCK)))
        while not self.is_over():
            started = self.limits.left
            self._sweep_blocks(-(-len(self.windows.near) // blocks))
            took = started - self.limits.left
            # The next one takes about twice as long.
            if blocks == 1 or 2 * took > self.limits.left:
                break
            blocks = (blocks + 1) // 2

    def _widen_windows(self) -> bool:
        """Sweep windows, wider ones where a sweep finds no better plan, until two find none.

        Returns whether everything at once is what is left to be searched.
        """
        whole = len(self.program.lower) <= WHOLE
        # That finds more than wider windows; but with pairs.
        most_idle = 1 if whole and not self.model.has_all_pairs else 2
        window, idle = WINDOW, 0
        while not self.is_over() and idle < most_idle:
            if window >= len(self.windows.near):
                return True
            before = self.best
            self._sweep_windows(window)
            idle = idle + 1 if self.best == before else 0
            window += WIDER * idle
        return whole

    def _price(self, share: float) -> None:
        """Raise the bound by prices, unless nothing counts or there is no time for it."""
        program, limits = self.program, self.limits
        # The first prices of 5,000 people took a third of what building took.
        making = self.model.pace * len(program.lower) / 2
        if self.is_over() or self.model.is_restricted or limits.left * share < making:
            return
        if self._ascent is None:
            self._ascent = Ascent(program, self.objective)
        found = self._ascent.climb(self.best, limits.within(limits.left * share))
        self._priced = proven_bound(program, self.objective, found.prices, found.choices)
        self._prove_at_least(self._priced)

    def first(self, hint: Hint | None) -> Sequence[int] | None:
        """A valid plan: the hint, or near today's teams with the forced holders alone."""
        if hint is not None and not isinstance(hint, Mapping):
            return hint
        if hint is not None:
            values = list(self.program.lower)
            for variable, value in hint.items():
                values[variable] = value
            if self._is_possible(values) and (completed := self._completed(values)) is not None:
                return completed
        return self._near_today()

    def _is_possible(self, values: Sequence[int]) -> bool:
        """Whether these decisions keep every row about decisions alone."""
        soft = self.windows.rows_of(self.windows.following)
        program = self.program
        return all(
            number in soft or row.holds(values) for number, row in enumerate(program.rows)
        ) and all(
            low <= value <= high
            for low, value, high in zip(program.lower, values, program.upper, strict=True)
        )

    def _near_today(self) -> Sequence[int] | None:
        model = self.model
        deciding = model.placement.variables()
        deciding |= {v for leaders in model.placement.lead.values() for v in leaders.values()}
        if model.has_pairs:
            deciding |= model.pairs.pinned()
        moves = Sum()
        for e, employee in model.facts.employees.items():
            if employee.team in model.placement.place[e]:
                moves.add(model.placement.place[e][employee.team], -1)
        soft = self.windows.rows_of(self.windows.following)
        variables = self._undecided(deciding)
        narrowed = self.windows.narrowed(variables, self.program.lower, moves, soft)
        answer = minimise(
            narrowed.program, narrowed.objective, self.limits, relative_gap_limit=NEAR
        )
        if answer.values is None:
            return None
        return self._completed(narrowed.put(answer.values, self.program.lower))

    def _completed(self, values: Sequence[int]) -> Sequence[int] | None:
        """With these decisions, the best values of what only follows from them."""
        variables = self._undecided(self.windows.following)
        narrowed = self.windows.narrowed(variables, values, self.objective)
        answer = minimise(narrowed.program, narrowed.objective, self.limits)
        return None if answer.values is None else narrowed.put(answer.values, values)

    def _undecided(self, variables: Iterable[int]) -> list[int]:
        lower, upper = self.program.lower, self.program.upper
        return sorted(v for v in variables if lower[v] < upper[v])

    def _sweep_blocks(self, size: int) -> None:
        """Relax and search every block; then prove what their prices prove together."""
        blocks = self.windows.blocks(size, self.random)
        started = self.limits.left
        around = {teams: self.windows.around(teams, self.values) for teams in blocks}
        slack = {total: self._slack(total) // len(blocks) for total in self.program.totals}
        start = self.values
        opened = (self.windows.open(teams, around[teams]) for teams in blocks)
        parts = (
            self.windows.narrowed(variables, start, self.objective, slack=slack)
            for variables in takewhile(self.has_time, opened)
        )
        prices: dict[int, float] = {}
        limited: dict[int, list[float]] = {total: [] for total in self.program.totals}
        for done, (part, relaxed) in enumerate(self._relaxed(parts)):
            if relaxed is None or self.is_over():
                return
            teams = blocks[done]
            for number, price in zip(part.rows, relaxed.prices, strict=True):
                if number in limited:
                    limited[number].append(price)
                else:
                    prices[number] = price
            # Half of the time at most, so that a bound is proven as well.
            limits = self.limits.within(self.limits.left / (2 * (len(blocks) - done)))
            self._follow(teams, around[teams], part, relaxed, limits)
        if self.late or (len(blocks) > 1 and started - self.limits.left > self.limits.left):
            # To put the blocks' prices together takes about as long.
            return
        common = {total: sum(some) / len(some) for total, some in limited.items() if some}
        self._prove({**prices, **common}, blocks)

    def _slack(self, total: int) -> int:
        """How much more the current plan may cost at a level that was solved."""
        row = self.program.rows[total]
        if row.upper is None:
            return 0
        pairs = zip(row.variables, row.coefficients, strict=True)
        return row.upper - sum(c * self.values[v] for v, c in pairs)

    def _relaxed(self, parts: Iterable[Narrowed]) -> Iterator[tuple[Narrowed, Relaxed | None]]:
        """Programs with their relaxations, as many at a time as there are workers.

        A part is made when its turn has come: together they take long, and time may be up.
        """
        ahead: deque[tuple[Narrowed, Future[Relaxed | None]]] = deque()
        with ThreadPoolExecutor(max_workers=self.limits.workers) as executor:
            for part in parts:
                relaxing = executor.submit(relax, part.program, part.objective, self.limits)
                ahead.append((part, relaxing))
                if len(ahead) > self.limits.workers:
                    part, relaxing = ahead.popleft()
                    yield part, relaxing.result()
            for part, relaxing in ahead:
                yield part, relaxing.result()

    def _prove(self, prices: dict[int, float], blocks: Sequence[tuple[str, ...]]) -> None:
        """What prices of the rows prove, after the best ones within blocks are found.

        A row across blocks keeps its price, charged to the blocks' objectives; then each block is
        relaxed for itself.
        """
        across = self.windows.across(blocks) | self.program.totals
        if len(blocks) > 1:
            prices = {row: price for row, price in prices.items() if row in across}
            charged = self._charged(prices)
            everywhere = {e: set(options) for e, options in self.model.placement.place.items()}
            opened = (self.windows.open(teams, everywhere) for teams in blocks)
            parts = (
                self.windows.narrowed(variables, self.values, charged, across)
                for variables in takewhile(self.has_time, opened)
            )
            for part, relaxed in self._relaxed(parts):
                if relaxed is None:
                    return
                scaled = (price / SCALE for price in relaxed.prices)
                prices.update(zip(part.rows, scaled, strict=True))
        if self.late:
            return
        choices = [row for row in across if _is_choice(self.program.rows[row])]
        bound = proven_bound(self.program, self.objective, prices, choices)
        self._prove_at_least(bound)

    def _prove_at_least(self, bound: int) -> None:
        """Take over a bound of the whole."""
        if bound > self.best:
            raise SolverError(f"a plan costs {self.best}, and {bound} at least is called proven")
        self.bound = max(self.bound, bound)
        self._tell()

    def _charged(self, prices: dict[int, float]) -> Sum:
        charged = Sum().plus(self.objective, SCALE)
        for number, price in prices.items():
            row = self.program.rows[number]
            for variable, coefficient in zip(row.variables, row.coefficients, strict=True):
                charged.add(variable, -round(price * SCALE) * coefficient)
        return charged

    def _follow(
        self,
        teams: tuple[str, ...],
        around: Possible,
        narrowed: Narrowed,
        relaxed: Relaxed,
        limits: Limits,
    ) -> None:
        """Place people as the relaxation does where it is certain, and search the rest.

        If that leaves no plan, where they are stays possible too.
        """
        fractions = dict(zip(narrowed.variables, relaxed.values[1:], strict=True))
        possible = dict(around)
        either = dict(around)
        for e, options in self.model.placement.place.items():
            if len(around[e]) > 1:
                possible[e] = {t for t in around[e] if fractions.get(options[t], 1) > SURE}
                either[e] = {*possible[e], *(t for t in around[e] if self.values[options[t]])}
        placed = self.windows.placed(teams, possible, self.values)
        limits = limits.within(PART_SECONDS)
        if not self._search_part(teams, possible, placed, limits):
            self._search_part(teams, either, self.values, limits)

    def _sweep_windows(self, size: int) -> None:
        """Search windows of so many teams; the smallest side by side, one for each worker."""
        sweep = self.windows.sweep(size, self.random)
        most = self.limits.workers if size <= WINDOW else 1
        with ThreadPoolExecutor(max_workers=self.limits.workers) as executor:
            for windows in _side_by_side(sweep, most):
                if self.is_over():
                    return
                limits = self.limits.within(PART_SECONDS)
                if len(windows) > 1:
                    limits = replace(limits, workers=1)
                parts = [
                    self.windows.narrowed(variables, self.values, self.objective)
                    for variables in (
                        self.windows.open(teams, self.windows.around(teams, self.values))
                        for teams in windows
                    )
                    if self.has_time(variables)
                ]
                searches = [
                    executor.submit(
                        minimise, part.program, part.objective, limits, part.part(self.values)
                    )
                    for part in parts
                ]
                for part, search in zip(parts, searches, strict=True):
                    self._take_part(part, search.result())

    def _take_part(self, part: Narrowed, answer: Answer) -> None:
        """Take over a part's plan if it is better and fits to what came since it was begun."""
        if answer.values is None:
            return
        changed = part.put(answer.values, self.values)
        rows = (self.program.rows[number] for number in part.rows)
        if self.objective.value(changed) < self.best and all(row.holds(changed) for row in rows):
            self.take(changed)

    def _search_whole(self) -> None:
        """Search everything at once; this proves a bound."""
        program = self.program
        if self.is_over() or not self.has_time(program.lower):
            return
        answer = minimise(program, self.objective, self.limits, self.values, self._tell_of)
        if answer.status == "infeasible":
            raise SolverError("a program was called infeasible although a plan is known")
        if answer.values is not None and self.objective.value(answer.values) < self.best:
            self.take(answer.values)
        if answer.bound is not None:
            self._prove_at_least(answer.bound)

    def _search_part(
        self, teams: tuple[str, ...], possible: Possible, values: Sequence[int], limits: Limits
    ) -> bool:
        """Search with these teams open, as far as is possible, and the rest as given.

        Returns whether a plan was found; it is taken over if it is better.
        """
        variables = self.windows.open(teams, possible)
        if not self.has_time(variables):
            return False
        narrowed = self.windows.narrowed(variables, values, self.objective)
        hint = narrowed.part(self.values)
        answer = minimise(narrowed.program, narrowed.objective, limits, hint)
        if answer.values is None:
            return False
        changed = narrowed.put(answer.values, values)
        if self.objective.value(changed) < self.best:
            self.take(changed)
        return True

    def _tell(self) -> None:
        self._tell_of(None, self.bound)

    def _tell_of(self, best: int | None, bound: int) -> None:
        if self.improved is not None:
            known = self.best if best is None else min(best, self.best)
            self.improved(known, max(bound, self.bound))


def _side_by_side(
    sweep: Iterable[tuple[str, ...]], most: int
) -> Iterator[Sequence[tuple[str, ...]]]:
    """Windows in groups of at most so many that share no team, all of them once."""
    left = list(sweep)
    while left:
        group = [left[0]]
        for window in left[1:]:
            if len(group) < most and all(set(window).isdisjoint(other) for other in group):
                group.append(window)
        left = [window for window in left if window not in group]
        yield group


def _is_choice(row: Row) -> bool:
    """Whether at most one of some Booleans is 1 by it."""
    return row.upper == 1 and set(row.coefficients) == {1}
