"""A first valid plan of a large program, from a hint or near today's teams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from optimizer.cpsat import Hint, Limits, minimise
from optimizer.program import Sum
from optimizer.windows import Windows

NEAR = 0.02
"""It may keep fewer people in their team than it could, by this share: the last take most time."""


def first_plan(
    windows: Windows, objective: Sum, hint: Hint | None, limits: Limits
) -> Sequence[int] | None:
    """A valid plan: the hint, or near today's teams with the forced holders alone.

    Args:
        windows: of the model.
        objective: what the plan is to minimise where it does not matter to a rule.
        hint: a plan, as values of all variables; or values of decisions, by variable.
        limits: deadline, threads, seed, stop.
    """
    if hint is not None and not isinstance(hint, Mapping):
        return hint
    if hint is not None:
        values = list(windows.program.lower)
        for variable, value in hint.items():
            values[variable] = value
        if _is_possible(windows, values):
            completed = _completed(windows, objective, values, limits)
            if completed is not None:
                return completed
    values_near = _near_today(windows, limits)
    return None if values_near is None else _completed(windows, objective, values_near, limits)


def _is_possible(windows: Windows, values: Sequence[int]) -> bool:
    """Whether these decisions keep every row about decisions alone."""
    soft, program = windows.rows_of(windows.following), windows.program
    return all(
        number in soft or row.holds(values) for number, row in enumerate(program.rows)
    ) and all(
        low <= value <= high
        for low, value, high in zip(program.lower, values, program.upper, strict=True)
    )


def _near_today(windows: Windows, limits: Limits) -> Sequence[int] | None:
    """Placements, leaders and pinned pairs that keep the rules and move few people."""
    model = windows.model
    deciding = model.placement.variables()
    deciding |= {v for leaders in model.placement.lead.values() for v in leaders.values()}
    if model.has_pairs:
        deciding |= model.pairs.pinned()
    moves = Sum()
    for e, employee in model.facts.employees.items():
        if employee.team in model.placement.place[e]:
            moves.add(model.placement.place[e][employee.team], -1)
    soft, lower = windows.rows_of(windows.following), windows.program.lower
    part = windows.narrowed(_undecided(windows, deciding), lower, moves, soft)
    answer = minimise(part.program, part.objective, limits, relative_gap_limit=NEAR)
    return None if answer.values is None else part.put(answer.values, lower)


def _completed(
    windows: Windows, objective: Sum, values: Sequence[int], limits: Limits
) -> Sequence[int] | None:
    """With these decisions, the best values of what only follows from them."""
    part = windows.narrowed(_undecided(windows, windows.following), values, objective)
    answer = minimise(part.program, part.objective, limits)
    return None if answer.values is None else part.put(answer.values, values)


def _undecided(windows: Windows, variables: Iterable[int]) -> list[int]:
    lower, upper = windows.program.lower, windows.program.upper
    return sorted(v for v in variables if lower[v] < upper[v])
