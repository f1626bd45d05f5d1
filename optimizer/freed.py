"""Facts in which some named rules are given up, and which of them are in the way of a wish.

`optimizer.rule_program` gives up rules too, but knows of a task no more than its first holder;
here the whole model is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property

from models.facts import Facts
from models.organisation import MOST, Rule
from optimizer.conflicts import UndecidedError, smallest_within
from optimizer.cpsat import Limits, minimise
from optimizer.model import Model
from optimizer.program import Sum


class Freed(Facts):
    """Facts of the same input, in which some named rules ask for nothing.

    A task whose team is given up moves with nobody either.
    """

    def __init__(self, facts: Facts, given_up: Collection[str]) -> None:
        self._given_up = frozenset(given_up)
        super().__init__(facts.organisation, facts.policy, facts.held_before)
        for t, team in self.teams.items():
            if f"size:{t}" in self._given_up:
                size = team.size.model_copy(update={"min": 0, "max": MOST})
                self.teams[t] = team.model_copy(update={"size": size})
        for q, task in self.tasks.items():
            if f"team:{q}" in self._given_up:
                self.tasks[q] = task.model_copy(update={"team": None})

    @property
    def rules(self) -> dict[str, Rule]:
        """The rules that apply and are not given up."""
        return {k: rule for k, rule in super().rules.items() if k not in self._given_up}

    def eligible(self, employee: str) -> tuple[str, ...]:
        """The teams somebody may be placed in."""
        given_up = f"eligible:{employee}" in self._given_up
        return tuple(self.teams) if given_up else super().eligible(employee)

    def load_limit(self, employee: str) -> int:
        """Most load somebody may have on a day."""
        return MOST if f"load:{employee}" in self._given_up else super().load_limit(employee)

    def task_limit(self, employee: str) -> int:
        """Most tasks somebody may have on a day."""
        return MOST if f"tasks:{employee}" in self._given_up else super().task_limit(employee)

    @cached_property
    def moves_with_holder(self) -> dict[str, str]:
        """Tasks that move with their holder."""
        moving, given_up = super().moves_with_holder, self._given_up
        return {q: e for q, e in moving.items() if not {f"moves:{q}", f"team:{q}"} & given_up}


def in_the_way_of_holding(
    facts: Facts, employee: str, task: str, restrict: Callable[[Model], None], limits: Limits
) -> tuple[str, ...]:
    """Which rules keep somebody who may hold a task from ever holding it.

    A minimal set: all together they do, and without any one of them the rest does not. Empty if
    that is not known in time.

    Args:
        facts: of an input that has a valid plan.
        employee: who is to hold the task.
        task: which they may hold as far as qualification and time go.
        restrict: adds the rows that ask for it.
        limits: of the search.
    """
    names = may_be_in_the_way(facts, employee, task)

    def can_hold(kept: Collection[str]) -> bool:
        model = Model(Freed(facts, set(names) - set(kept)))
        restrict(model)
        status = minimise(model.program, Sum(), limits).status
        if status == "unknown":
            raise UndecidedError
        return status != "infeasible"

    try:
        return smallest_within(names, can_hold)
    except UndecidedError:
        return ()


def may_be_in_the_way(facts: Facts, employee: str, task: str) -> tuple[str, ...]:
    """The named rules that might keep somebody who may hold a task from holding it."""
    first = facts.moves_with_holder.get(task, employee)
    return (
        *facts.rules,
        *(f"size:{t}" for t in facts.teams),
        *(f"eligible:{e}" for e in dict.fromkeys([employee, first])),
        f"load:{employee}",
        f"tasks:{employee}",
        *([f"team:{task}"] if facts.tasks[task].team is not None else []),
        *(f"moves:{q}" for q, e in facts.moves_with_holder.items() if q == task or e == employee),
    )
