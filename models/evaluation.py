"""The independent evaluation: is a plan valid, and what does every goal cost?

Plain Python from the input alone; knows nothing of the solver. Every proposal passes through
here before it leaves (docs/problem.md, section 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from models.days import as_date
from models.facts import Facts
from models.goals import GOALS, Match
from models.organisation import Organisation
from models.plan_index import PlanIndex, Violation
from models.policy import Level, Policy
from models.proposal import Gap, Plan
from models.rules import RULES


@dataclass(frozen=True)
class Evaluation:
    """A plan's validity and costs.

    Attributes:
        violations: every hard rule broken; none if the plan is valid.
        matches: what makes up the cost of every goal, by goal.
        gaps: the days tasks are not covered.
    """

    violations: tuple[Violation, ...]
    matches: dict[str, tuple[Match, ...]]
    gaps: tuple[Gap, ...]

    @property
    def is_valid(self) -> bool:
        """Whether no hard rule is broken."""
        return not self.violations

    @cached_property
    def costs(self) -> dict[str, int]:
        """Every goal's unweighted cost."""
        return {goal: sum(m.amount for m in found) for goal, found in self.matches.items()}

    def value(self, level: Level) -> int:
        """What a level costs: the only place where weights meet costs."""
        costs = self.costs
        return sum(weight * costs[goal] for goal, weight in level.weighted().items())


def evaluate(
    organisation: Organisation,
    policy: Policy,
    plan: Plan,
    held_before: Mapping[str, frozenset[str]] | None = None,
) -> Evaluation:
    """Evaluate any plan, afresh from the input.

    Args:
        organisation: the input; known to be free of input errors.
        policy: the working group's policy, which prices every grade of the input.
        plan: any plan, also one made or changed by hand.
        held_before: in a what-if, who holds each task in Before (section 7).

    Returns:
        All violations, every goal's cost with its matches, and the gaps.
    """
    return evaluate_facts(Facts(organisation, policy, held_before), plan)


def evaluate_facts(facts: Facts, plan: Plan) -> Evaluation:
    """The same, from facts already derived."""
    index = PlanIndex(facts, plan)
    return Evaluation(
        violations=tuple(v for rule in RULES for v in rule(index)),
        matches={name: tuple(goal(index)) for name, goal in GOALS.items()},
        gaps=tuple(
            Gap(task=q, start=as_date(start), end=as_date(end))
            for q in facts.tasks
            for start, end in index.uncovered(q)
        ),
    )
