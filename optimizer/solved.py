"""A proposal with what it was made from: the base of questions about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from models.evaluation import Evaluation, evaluate_facts
from models.facts import Facts
from models.organisation import Organisation
from models.policy import Policy
from models.proposal import Proposal
from optimizer.known import Known


@dataclass(frozen=True)
class Solved:
    """An organisation, the policy its levels are of, and a proposal with a valid plan.

    Attributes:
        held_before: of a what-if, who holds each task in Before.
    """

    organisation: Organisation
    policy: Policy
    proposal: Proposal
    held_before: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def facts(self) -> Facts:
        """What follows from the input."""
        return Facts(self.organisation, self.policy, self.held_before)

    @cached_property
    def evaluation(self) -> Evaluation:
        """The plan's."""
        return evaluate_facts(self.facts, self.proposal.plan)

    @property
    def is_proven(self) -> bool:
        """Whether every level is."""
        return self.proposal.status == "optimal"

    def known(self) -> Known:
        """Its plan and proofs, for a solve that only narrows the plans.

        What no plan beats here, no plan beats there: a level that reaches the value it has
        here is proven at once.
        """
        levels = self.proposal.levels
        return Known(
            hint=self.proposal.plan,
            least_allowed={x.level: x.allowed for x in levels if x.allowed is not None},
            bounds={x.level: x.bound for x in levels if x.bound is not None},
            values={
                x.level: x.value
                for x in levels
                if x.value is not None and x.status == "optimal" and self.is_proven
            },
        )
