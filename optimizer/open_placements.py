"""Which placements are still possible once some levels are solved: usually very few.

After coverage, wishes and stability nearly everybody has one team left. Proving so before the
pair variables exist makes the levels about pairs, and the taking back, small problems
(docs/formulation.md).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from optimizer.cpsat import Limits, minimise
from optimizer.large import LOOKING
from optimizer.model import Model
from optimizer.parts import Parts
from optimizer.program import Sum
from optimizer.threads import Stop
from optimizer.windows import Windows

MOST_QUERIES = 16
"""With more placements open than so many plans show, the levels are solved as they are."""

NEAR = (2, 3, 5)
"""Plans that differ in so many teams are looked at first: in two always, in more if those are no
more than half of them.
"""

SHARE = 0.6
"""Most of the time left that may go into it."""

SAVING = 0.2
"""Most of that time that may go into a plan which spends little."""


def rule_out_placements(
    model: Model, led: Sum, plan: Sequence[int], limits: Limits, spent: Sum | None = None
) -> None:
    """Fix to 0 every placement that no plan within the solved levels' limits uses.

    Looks at plans that differ in a few teams, and then asks for any that uses placements not seen
    yet until it is proven that there is none. Later levels only tighten the limits, so what is
    ruled out stays so. Does nothing if that cannot be proven in a share of the time.

    Args:
        model: with a row for each solved level's limit.
        led: what was minimised last: it leads to plans within the limits.
        plan: one within the limits, as values of all variables.
        limits: deadline, threads, seed, stop.
        spent: what may cost more than it has to, of which the plan may have spent all.
    """
    program = model.program
    limits = limits.within(limits.left * SHARE)
    unseen = {place for place in model.placement.variables() if not plan[place]}
    if not unseen or limits.left < model.seconds * LOOKING:
        return
    if spent is not None and spent.terms:
        plan = saved(model, spent, plan, limits)
    unseen -= _nearby(model, plan, unseen, limits)
    for _ in range(MOST_QUERIES):
        if not unseen:
            return
        asked = program.with_row(Sum().add_all(sorted(unseen)), 1)
        answer = minimise(asked, led, limits, plan, stop_after_first_solution=True)
        if answer.status == "infeasible":
            for place in unseen:
                program.upper[place] = 0
            return
        if answer.values is None:
            return
        plan = answer.values
        unseen = {place for place in unseen if not plan[place]}


def saved(model: Model, spent: Sum, plan: Sequence[int], limits: Limits) -> Sequence[int]:
    """The plan with everybody where they are and as little spent as possible.

    Where nothing is left of a tolerance, no small change is possible.
    """
    program, places = model.program, model.placement.variables()
    free = [v for v, low in enumerate(program.lower) if low < program.upper[v] and v not in places]
    of_free = set(free)
    rows = (n for n, row in enumerate(program.rows) if not of_free.isdisjoint(row.variables))
    narrowed = program.narrowed(free, plan, spent, rows)
    answer = minimise(
        narrowed.program,
        narrowed.objective,
        limits.within(limits.left * SAVING),
        narrowed.part(plan),
    )
    return plan if answer.values is None else narrowed.put(answer.values, plan)


def _nearby(model: Model, plan: Sequence[int], unseen: set[int], limits: Limits) -> set[int]:
    """Placements that plans use which differ from this one in a few teams only.

    One search of few teams takes a small part of what one of all does.
    """
    windows, chance = Windows(model), random.Random(limits.seed)
    stop = Stop(limits.stop)
    alone = replace(limits, workers=1, stop=stop)
    found: set[int] = set()
    with ThreadPoolExecutor(max_workers=limits.workers) as executor:
        try:
            for size in NEAR:
                if size * 2 <= max(len(windows.near), 2 * NEAR[0]) and alone.left > 0:
                    look = partial(_look, windows, plan, unseen - found, alone)
                    found = found.union(*executor.map(look, windows.sweep(size, chance)))
        except BaseException:
            stop.set()
            raise
    return found


def _look(
    windows: Windows,
    plan: Sequence[int],
    unseen: set[int],
    limits: Limits,
    teams: tuple[str, ...],
) -> set[int]:
    """Of some placements those that are possible with only these teams changed."""
    found: set[int] = set()
    while unseen - found:
        parts = Parts(windows, Sum().add_all(sorted(unseen - found), -1))
        part = parts.search_entirely(teams, plan, limits)
        if part is None or part.answer.values is None:
            break
        changed = part.part.put(part.answer.values, plan)
        more = {place for place in unseen - found if changed[place]}
        if not more:
            break
        found |= more
    return found
