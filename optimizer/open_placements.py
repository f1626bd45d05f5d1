"""Which placements are still possible once some levels are solved: usually very few.

After coverage, wishes and stability nearly everybody has one team left. Proving so before the
pair variables exist makes the levels about pairs, and the taking back, small problems
(docs/formulation.md).
"""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.cpsat import Limits, minimise
from optimizer.model import Model
from optimizer.program import Sum

MOST_QUERIES = 16
"""With more placements open than so many plans show, the levels are solved as they are."""

SHARE = 0.5
"""Most of the time left that may go into it."""


def rule_out_placements(model: Model, led: Sum, plan: Sequence[int], limits: Limits) -> None:
    """Fix to 0 every placement that no plan within the solved levels' limits uses.

    Asks for a plan that uses placements not seen yet until it is proven that there is none: first
    for one with as many as possible, then for any. Later levels only tighten the limits, so what is
    ruled out stays so. Does nothing if that cannot be proven in a share of the time.

    Args:
        model: with a row for each solved level's limit.
        led: what was minimised last: it leads to plans within the limits.
        plan: one within the limits, as values of all variables.
        limits: deadline, threads, seed, stop.
    """
    program = model.program
    limits = limits.within(limits.left * SHARE)
    unseen = {place for place in model.placement.variables() if not plan[place]}
    for query in range(MOST_QUERIES):
        if not unseen:
            return
        asked = program.with_row(Sum().add_all(sorted(unseen)), 1)
        if query == 0:
            most = Sum().plus(led, len(unseen) + 1).add_all(sorted(unseen), -1)
            answer = minimise(asked, most, limits, plan)
        else:
            answer = minimise(asked, led, limits, plan, stop_after_first_solution=True)
        if answer.status == "infeasible":
            for place in unseen:
                program.upper[place] = 0
            return
        if answer.values is None:
            return
        plan = answer.values
        unseen = {place for place in unseen if not plan[place]}
