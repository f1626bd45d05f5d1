"""What if somebody leaves, joins, learns: the smallest change of an accepted proposal, proven.

The organisation is carried forward and changed by `models.carrying`; what is solved here is an
organisation like any other, under a policy with the level `keep` (docs/problem.md, section 7).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from models.carrying import KEEP, Carried, carry, history_warnings, keeping
from models.difference import Difference, difference
from models.facts import Facts
from models.organisation import Organisation
from models.policy import Policy
from models.proposal import Plan, Proposal
from models.scenario import Scenario
from optimizer.cpsat import Limits
from optimizer.known import Known, Watch
from optimizer.model import Model
from optimizer.propose import DEFAULT_SECONDS, solve

MOVES = "moves"
"""What a conflict calls the limit on people moved."""


@dataclass(frozen=True)
class Base:
    """An accepted proposal with what it was made from."""

    organisation: Organisation
    policy: Policy
    plan: Plan


@dataclass(frozen=True)
class WhatIf:
    """The answer to a scenario.

    Attributes:
        scenario: what was asked.
        carried: the organisation that was solved, and Before.
        proposal: for the rest of the horizon.
        difference: from Before to the proposal; None if there is no plan.
        allow_moves: how many people might change team; None: the fewest.
    """

    scenario: Scenario
    carried: Carried
    proposal: Proposal
    difference: Difference | None
    allow_moves: int | None = None

    @property
    def moves(self) -> int:
        """How many people leave the team they are in, those who come with one included."""
        goals = (goal for level in self.proposal.levels for goal in level.goals)
        return sum(goal.cost for goal in goals if goal.goal == "team_changes")


def what_if(
    base: Base,
    scenario: Scenario,
    *,
    allow_moves: int | None = None,
    time_limit: float = DEFAULT_SECONDS,
    workers: int | None = None,
    seed: int = 0,
    progress: Watch | None = None,
    stop: threading.Event | None = None,
) -> WhatIf:
    """Propose for the rest of the horizon what changes least, right after coverage.

    Args:
        base: the accepted proposal.
        scenario: events, and the day from which on they may change it.
        allow_moves: instead of the fewest changes, the best plan in which at most so many
            people leave the team they are in; `keep` is then the last level.
        time_limit: seconds of wall time after which the best plan so far is the answer.
        workers: threads of the solver; by default one per processor.
        seed: of the solver's random choices.
        progress: told how far it is, from other threads.
        stop: when set, the best plan so far is the answer.

    Returns:
        The proposal and its difference from Before. With `allow_moves` below what the rules
        demand it is infeasible, with the conflict `moves`.

    Raises:
        InputError: with every issue of the scenario.
        SolverError: the evaluation contradicts the solver: a mistake of ours.
    """
    limits = Limits.for_seconds(time_limit, workers, seed, stop)
    carried = carry(base.organisation, base.policy, base.plan, scenario)
    return _answer(carried, scenario, allow_moves, limits, progress)


def frontier(
    base: Base,
    scenario: Scenario,
    *,
    time_limit: float = DEFAULT_SECONDS,
    workers: int | None = None,
    seed: int = 0,
    stop: threading.Event | None = None,
) -> Iterator[WhatIf]:
    """The trade between people moved and the levels after coverage, point by point.

    The first point moves as few as possible; every further one allows one more, and is
    given only if some level is better for it. It ends where moves are free. Each point has
    `time_limit` seconds of its own. Without a plan that is the one answer.

    Raises:
        InputError: with every issue of the scenario.
    """
    carried = carry(base.organisation, base.policy, base.plan, scenario)

    def point(moves: int | None) -> WhatIf:
        limits = Limits.for_seconds(time_limit, workers, seed, stop)
        return _answer(carried, scenario, moves, limits, None)

    everybody = len(Facts(carried.organisation, carried.policy).employees)
    free = point(everybody)
    best = _later_values(free)
    moves = _fewest_moves(carried, Limits.for_seconds(time_limit, workers, seed, stop))
    previous = None
    if free.difference is None or moves is None:
        yield free
        return
    while True:
        found = point(moves)
        values = _later_values(found)
        if values != previous:
            yield found
        if values == best or found.difference is None:
            return
        previous = values
        moves += 1


def _later_values(answer: WhatIf) -> list[int | None]:
    return [level.value for level in answer.proposal.levels if level.level != KEEP]


def _fewest_moves(carried: Carried, limits: Limits) -> int | None:
    """The fewest people that can change team while all that comes before `keep` is as allowed."""
    levels = carried.policy.levels
    at = next(i for i, level in enumerate(levels) if level.name == KEEP)
    fewest = levels[at].model_copy(update={"goals": {"team_changes": 1}})
    policy = carried.policy.model_copy(update={"levels": (*levels[:at], fewest)})
    facts = Facts(carried.organisation, policy)
    known = Known(hint=carried.before, least_allowed=carried.least_allowed)
    proposal = solve(facts, limits, None, known)
    return proposal.levels[-1].value if proposal.levels else None


def _answer(
    carried: Carried,
    scenario: Scenario,
    allow_moves: int | None,
    limits: Limits,
    watch: Watch | None,
) -> WhatIf:
    policy = keeping(carried.base_policy, last=allow_moves is not None)
    facts = Facts(carried.organisation, policy, carried.held)

    def at_most(model: Model) -> None:
        assert allow_moves is not None
        model.program.at_most(model.goal("team_changes"), allow_moves)

    known = Known(
        hint=carried.before,
        # What Before costs is enough where little may change, not where the best is asked for.
        least_allowed=carried.least_allowed if allow_moves is None else {},
        restrict=None if allow_moves is None else at_most,
        restriction=MOVES,
    )
    proposal = solve(facts, limits, watch, known)
    warnings = (*history_warnings(scenario), *proposal.warnings)
    proposal = proposal.model_copy(update={"warnings": warnings})
    found = None
    if proposal.status in ("optimal", "feasible"):
        before = Facts(carried.base, policy, carried.held)
        found = difference(before, carried.before, facts, proposal.plan)
    return WhatIf(scenario, carried, proposal, found, allow_moves)
