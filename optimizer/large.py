"""The second way of solving, for programs that a search over all of it at once is slow with.

A few teams at a time are searched with all else as it is. Then everything at once, or, where the
program is too large for that, more teams where a few gain little; what a level costs at least is
proven beside (`optimizer.pricing`; docs/formulation.md, "Large organisations"). It answers the same
question as `optimizer.cpsat.minimise`, and its plans pass the same evaluation.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Literal

from optimizer.cpsat import Answer, Hint, Improved, Limits, SolverError, minimise
from optimizer.first_plan import first_plan
from optimizer.model import Model
from optimizer.parts import PART, Found, Parts
from optimizer.pricing import Pricing
from optimizer.program import Program, Sum
from optimizer.threads import Stop
from optimizer.windows import Windows

LARGE = 20_000
"""From so many variables on a program is large."""

PARTS_FIRST = 4_500
"""From so many variables on, without pairs, parts are searched before all of it: plans come sooner,
and of 500 people proofs, too.
"""

WHOLE = 60_000
"""Up to so many variables all of it is searched at once where parts of it gain no more."""

WINDOW, WIDER = 3, 2
"""So many teams are searched entirely; with pairs so many more, where that gains little."""

BLOCK = 20_000
"""About so many variables make a block."""

LITTLE = 0.001
"""A sweep that gains no more than this part of what the plan costs gains little."""

PRICING, PRICING_LAST = 0.2, 0.9
"""Most of a level's time left that may go into its bound: at first, and where nothing else is of
use any more.
"""

LOOKING = 6
"""Finding each variable's team takes no longer than so many times building as many variables."""

SearchPart = Callable[[tuple[str, ...], Sequence[int], Limits], Found | None]
"""Of teams and a plan: see `optimizer.parts`."""


def is_large(program: Program) -> bool:
    """Whether a search over all of it at once is no use."""
    return len(program.lower) > LARGE


def begins_with_parts(model: Model) -> bool:
    """Whether parts are searched before all of it, or in its place."""
    is_wide = len(model.program.lower) > PARTS_FIRST and not model.has_all_pairs
    return is_wide or is_large(model.program)


def minimise_large(
    model: Model,
    objective: Sum,
    limits: Limits,
    hint: Hint | None = None,
    improved: Improved | None = None,
) -> Answer:
    """Minimise a sum over a model's program, in parts first.

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
    windows = Windows(model)
    values = first_plan(windows, objective, hint, limits)
    if values is None:
        return Answer("unknown", None, None, None)
    search = _Search(windows, objective, limits, improved)
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
        self, windows: Windows, objective: Sum, limits: Limits, improved: Improved | None
    ) -> None:
        self.model = windows.model
        self.program = windows.program
        self.objective = objective
        self.limits = limits
        self.improved = improved
        self.windows = windows
        self.parts = Parts(windows, objective)
        self.random = random.Random(limits.seed)
        self.values: Sequence[int] = ()
        self.best = 0
        self.bound = 0
        self.late = False
        self._pricing: Pricing | None = None

    def take(self, values: Sequence[int]) -> None:
        """Take over a plan."""
        self.values, self.best = values, self.objective.value(values)
        self._tell()

    def is_over(self) -> Literal["", "proven", "late"]:
        """Why to end; empty to go on."""
        if self.best <= self.bound:
            return "proven"
        return "" if self.limits.left > 0 and not self.late else "late"

    def run(self) -> None:
        """Improve plan and bound until one meets the other, or time is up.

        What is not large is soon searched all at once.
        """
        self._price(PRICING)
        if self._pricing is not None and self._pricing.relaxed is not None and not self.is_over():
            relaxed = self._pricing.relaxed
            self._take_part(self.parts.search_all_open(relaxed, self.values, self.limits))
        if not is_large(self.program):
            if len(self.windows.near) > WINDOW:
                self._sweep(self.windows.sweep(WINDOW, self.random), self.parts.search_entirely)
            self._search_whole()
        elif self._search_parts():
            self._search_whole()
        else:
            self._price(PRICING_LAST)

    def _price(self, share: float) -> None:
        """Raise the bound by prices, unless nothing counts or there is no time for it."""
        seconds = self.limits.left * share
        # The first prices of 5,000 people took a third of what building took.
        making = self.model.pace * len(self.program.lower) / 2
        if self.is_over() or self.model.is_restricted or seconds < making:
            return
        if self._pricing is None:
            self._pricing = Pricing(self.program, self.objective)
        self._prove_at_least(self._pricing.bound(self.best, self.limits.within(seconds)))

    def _search_parts(self) -> bool:
        """Sweep windows, and what is larger where that gains little, until two sweeps in a row do.

        With pairs the larger ones are wider windows, as relaxing blocks finds nothing there;
        otherwise blocks. Returns whether everything at once is what is left to be searched.
        """
        pairs, teams = self.model.has_all_pairs, len(self.windows.near)
        block = max(WINDOW + 1, -(-teams * BLOCK // len(self.program.lower)))
        window, idle = WINDOW, 0
        while not self.is_over() and idle < 2 and window < teams:
            before = self.best
            if idle and not pairs:
                self._sweep(self.windows.blocks(block, self.random), self.parts.search_open)
            else:
                self._sweep(self.windows.sweep(window, self.random), self.parts.search_entirely)
            if before - self.best > LITTLE * before:
                idle = 0
            else:
                idle += 1
                window += WIDER if pairs else 0
        return window >= teams or len(self.program.lower) <= WHOLE

    def _sweep(self, parts: Iterable[tuple[str, ...]], search: SearchPart) -> None:
        """Search parts, side by side as many as there are workers, if they share no team.

        What one finds is taken over if it is better and fits to what the others found. Those that
        run when there is no time to make another one are waited for.
        """
        left, running = list(parts), dict[Future[Found | None], tuple[str, ...]]()
        stop = Stop(self.limits.stop)
        limits = replace(self.limits, stop=stop)
        with ThreadPoolExecutor(max_workers=limits.workers) as executor:
            try:
                while running or (left and not self.is_over()):
                    while len(running) < limits.workers and not self.is_over():
                        teams = _next_apart(left, running.values())
                        if teams is None:
                            break
                        left.remove(teams)
                        is_alone = not running and _next_apart(left, [teams]) is None
                        within = limits if is_alone else replace(limits, workers=1)
                        running[executor.submit(search, teams, self.values, within)] = teams
                    for done in wait(running, return_when=FIRST_COMPLETED).done:
                        del running[done]
                        self._take_part(done.result())
                    if self.is_over() == "proven":
                        stop.set()
            except BaseException:
                stop.set()
                raise

    def _take_part(self, found: Found | None) -> None:
        """Take over a part's plan if it is better and fits to what came since it was begun."""
        if found is None:
            self.late = True
        elif found.answer.status == "infeasible":
            raise SolverError("a part was called infeasible although a plan is known")
        elif found.answer.values is not None:
            changed = found.part.put(found.answer.values, self.values)
            if self.objective.value(changed) < self.best and all(
                self.program.rows[number].holds(changed) for number in found.part.rows
            ):
                self.take(changed)

    def _search_whole(self) -> None:
        """Search everything at once; this proves a bound."""
        program = self.program
        making = self.model.pace * len(program.lower) * PART
        if self.is_over() or self.limits.left < making:
            return
        answer = minimise(program, self.objective, self.limits, self.values, self._tell_of)
        if answer.status == "infeasible":
            raise SolverError("a program was called infeasible although a plan is known")
        if answer.values is not None and self.objective.value(answer.values) < self.best:
            self.take(answer.values)
        if answer.bound is not None:
            self._prove_at_least(answer.bound)

    def _prove_at_least(self, bound: int) -> None:
        """Take over a bound of the whole."""
        if bound > self.best:
            raise SolverError(f"a plan costs {self.best}, and {bound} at least is called proven")
        self.bound = max(self.bound, bound)
        self._tell()

    def _tell(self) -> None:
        self._tell_of(None, self.bound)

    def _tell_of(self, best: int | None, bound: int) -> None:
        if self.improved is not None:
            known = self.best if best is None else min(best, self.best)
            self.improved(known, max(bound, self.bound))


def _next_apart(
    windows: Iterable[tuple[str, ...]], running: Collection[tuple[str, ...]]
) -> tuple[str, ...] | None:
    """The first of the windows that shares no team with those that run."""
    taken = {t for window in running for t in window}
    return next((window for window in windows if taken.isdisjoint(window)), None)
