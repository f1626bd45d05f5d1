"""Why not so? The plan with one wish forced, level by level against the proposal, with proof.

A contrastive answer: the first level that gets worse, which matches are the reason, what it
would cost, and the cheapest single change of the input that would make the wish free
(docs/what-if.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import islice
from typing import Literal

from models.difference import Difference, difference
from models.evaluation import evaluate_facts
from models.facts import Facts
from models.organisation import Organisation, Pin, PinLead, PinSubstitute, Rule
from models.plan_index import PlanIndex
from models.policy import Level
from models.proposal import Proposal
from optimizer.changes import Change, changes_for, together_for
from optimizer.conflicts import UndecidedError, can_hold, named_rules
from optimizer.cpsat import Limits, minimise
from optimizer.freed import in_the_way_of_holding
from optimizer.known import Watch
from optimizer.model import Model, is_about_pairs
from optimizer.program import Sum
from optimizer.propose import solve
from optimizer.reasons import Reason, reasons
from optimizer.solved import Solved

WISH = "wish"
"""What a conflict calls the wish itself, unless a rule is called so."""

Kind = Literal["team", "holder", "substitute", "leader"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody would have liked instead.

    Attributes:
        kind: `team`: `employee` in team `of`; `holder`: `employee` holds task `of` on some
            days; `substitute`: `employee` substitutes `of`; `leader`: `employee` leads `of`.
    """

    kind: Kind
    employee: str
    of: str


@dataclass(frozen=True, slots=True)
class LevelChange:
    """A level's value in the proposal and with the wish; None: not known.

    Attributes:
        is_proven: whether no plan with the wish does better here, given the levels before.
    """

    level: str
    before: int | None
    after: int | None
    is_proven: bool

    @property
    def change(self) -> int:
        """How much more it costs; below 0: less."""
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True)
class Why:
    """The answer to a wish.

    Attributes:
        status: of the plan with the wish: as of a proposal.
        holds: whether the proposal grants the wish already.
        levels: all of them, against the proposal; empty if there is no plan.
        first_worse: the first level that costs more; None if the wish is free.
        reasons: what makes up the change there, dearest first; their `weighted` sum to it.
        difference: from the proposal to the plan with the wish.
        conflicts: the rules that make the wish impossible, the wish's own name among them.
        cure: the cheapest single change that would make the wish free; None if none is known.
        no_cure: whether it is proven that no change of those tried makes it free.
        tried: how many changes were tried.
    """

    wish: Wish
    status: str
    holds: bool = False
    levels: tuple[LevelChange, ...] = ()
    first_worse: LevelChange | None = None
    reasons: tuple[Reason, ...] = ()
    difference: Difference | None = None
    conflicts: tuple[str, ...] = ()
    cure: Change | None = None
    no_cure: bool = False
    tried: int = 0

    @property
    def is_free(self) -> bool:
        """Whether no level gets worse."""
        return self.holds or (bool(self.levels) and self.first_worse is None)

    @property
    def is_proven(self) -> bool:
        """Whether the first level that gets worse is proven to, or that none does."""
        if self.holds or self.status == "infeasible":
            return True
        if self.first_worse is None:
            return bool(self.levels)
        at = self.levels.index(self.first_worse)
        return all(level.is_proven for level in self.levels[: at + 1])


def why(
    base: Solved, wish: Wish, limits: Limits, watch: Watch | None = None, cures: bool = True
) -> Why:
    """Answer one wish.

    Args:
        base: the proposal.
        wish: what to force.
        limits: for all of it; the search for a cure has what the levels leave.
        watch: told how far the levels are.
        cures: whether to look for a change that makes the wish free.

    Raises:
        SolverError: the evaluation contradicts the solver: a mistake of ours.
    """
    if is_granted(base, wish):
        same = tuple(LevelChange(x.level, x.value, x.value, True) for x in base.proposal.levels)
        return Why(wish, base.proposal.status, holds=True, levels=same, difference=Difference())
    answer = forced(base, wish, limits, watch)
    if answer.is_free or not cures:
        return answer
    return _with_cure(base, answer, limits)


def is_granted(base: Solved, wish: Wish) -> bool:
    """Whether the proposal grants the wish."""
    index = PlanIndex(base.facts, base.proposal.plan)
    match wish.kind:
        case "team":
            return index.team_of.get(wish.employee) == wish.of
        case "holder":
            return any(h.employee == wish.employee for h in index.chains.get(wish.of, ()))
        case "substitute":
            return index.substitute_of.get(wish.of) == wish.employee
        case "leader":
            return wish.employee in index.leaders.get(wish.of, ())


def forced(base: Solved, wish: Wish, limits: Limits, watch: Watch | None = None) -> Why:
    """The plan with the wish forced, against the proposal."""
    name = wish_name(base.organisation)
    if wish.kind == "holder" and not base.facts.may_hold(wish.employee, wish.of):
        able = base.facts.is_qualified(wish.employee, wish.of)
        lacking = "tenure" if able else "qualified"
        return Why(wish, "infeasible", conflicts=(f"{lacking}:{wish.of}", name))
    facts = Facts(with_wish(base.organisation, wish), base.policy, base.held_before)
    restrict = _restriction(wish)
    known = replace(base.known(), restrict=restrict, restriction=name)
    proposal = solve(facts, limits, watch, known)
    if proposal.status not in ("optimal", "feasible"):
        conflicts = proposal.conflicts
        if conflicts == (name,) and restrict is not None:
            rules = in_the_way_of_holding(base.facts, wish.employee, wish.of, restrict, limits)
            conflicts = (*rules, name)
        return Why(wish, proposal.status, conflicts=conflicts)
    return _compared(base, wish, facts, proposal)


def _compared(base: Solved, wish: Wish, facts: Facts, proposal: Proposal) -> Why:
    levels = tuple(
        LevelChange(a.level, a.value, b.value, b.status == "optimal")
        for a, b in zip(base.proposal.levels, proposal.levels, strict=True)
    )
    worse = next((level for level in levels if level.change > 0), None)
    evaluation = evaluate_facts(facts, proposal.plan)
    return Why(
        wish,
        proposal.status,
        levels=levels,
        first_worse=worse,
        reasons=reasons(base, evaluation, worse.level) if worse else (),
        difference=difference(base.facts, base.proposal.plan, facts, proposal.plan),
    )


def wish_name(organisation: Organisation) -> str:
    """What a conflict calls the wish: no rule of the organisation has the name."""
    taken = {rule.id for rule in organisation.rules}
    names = (WISH, *(f"{WISH}-{i}" for i in range(len(taken) + 1)))
    return next(n for n in names if n not in taken)


def with_wish(organisation: Organisation, wish: Wish) -> Organisation:
    """The organisation with the wish as a rule, where a rule says it."""
    name = wish_name(organisation)
    rule: Rule
    match wish.kind:
        case "team":
            rule = Pin(id=name, kind="pin", employee=wish.employee, team=wish.of)
        case "leader":
            rule = PinLead(id=name, kind="pin_lead", employee=wish.employee, team=wish.of)
        case "substitute":
            rule = PinSubstitute(
                id=name, kind="pin_substitute", principal=wish.of, substitute=wish.employee
            )
        case "holder":
            return organisation
    return organisation.model_copy(update={"rules": (*organisation.rules, rule)})


def _restriction(wish: Wish) -> Callable[[Model], None] | None:
    if wish.kind != "holder":
        return None

    def hold(model: Model) -> None:
        teams = model.chains[wish.of].holds.values()
        holding = [holds[wish.employee] for holds in teams if wish.employee in holds]
        model.program.at_least(Sum().add_all(holding), 1)

    return hold


def _with_cure(base: Solved, answer: Why, limits: Limits) -> Why:
    """The cheapest single change that makes the wish free, by trying them, cheapest first.

    Those of a task are refuted together where all at once are not enough.
    """
    changes = list(changes_for(base, answer))
    lot = next(_stages(base.policy.levels, answer.first_worse), [])
    wished = Facts(with_wish(base.organisation, answer.wish), base.policy, base.held_before)
    # What somebody more could do makes their own substitutes fit less: not of levels about pairs.
    together = {} if any(map(is_about_pairs, lot)) else together_for(wished, changes)
    refuted: dict[tuple[Change, ...], bool] = {}
    for tried, change in enumerate(changes):
        group = together.get(change, ())
        if len(group) > 1 and group not in refuted:
            refuted[group] = _is_free(base, answer, group, limits, stages=1) is False
        if refuted.get(group):
            continue
        free = _is_free(base, answer, (change,), limits)
        if free is None:
            return replace(answer, tried=tried)
        if free:
            return replace(answer, cure=change, tried=tried + 1)
    return replace(answer, no_cure=True, tried=len(changes))


def _is_free(
    base: Solved, answer: Why, changes: Sequence[Change], limits: Limits, stages: int = 3
) -> bool | None:
    """Whether with the changes some plan grants the wish and costs no level more; None: not known.

    Asked in stages, each with more levels: those up to the one that got worse, those without
    pairs, all. Most changes fail early. With fewer `stages` only False is an answer.
    """
    wish = answer.wish
    organisation = reduce(lambda changed, c: c.apply(changed), changes, base.organisation)
    facts = Facts(with_wish(organisation, wish), base.policy, base.held_before)
    if wish.kind == "holder" and not facts.may_hold(wish.employee, wish.of):
        return False
    try:
        if not can_hold(facts, named_rules(facts), limits):
            return False
    except UndecidedError:
        return None
    model = Model(facts)
    restrict = _restriction(wish)
    if restrict is not None:
        restrict(model)
    values = {x.level: x.value or 0 for x in base.proposal.levels}
    for stage in islice(_stages(base.policy.levels, answer.first_worse), stages):
        objective = Sum()
        for level in stage:
            objective = model.weighted(level.weighted())
            model.program.at_most(objective, values[level.name])
        # An objective guides the search; one plan is enough.
        found = minimise(
            model.program,
            objective,
            limits,
            model.hint(base.proposal.plan),
            stop_after_first_solution=True,
        )
        if found.status in ("infeasible", "unknown"):
            return False if found.status == "infeasible" else None
    return True


def _stages(levels: Sequence[Level], worse: LevelChange | None) -> Iterator[list[Level]]:
    """The levels in three lots, none twice."""
    names = [level.name for level in levels]
    up_to = names.index(worse.level) + 1 if worse else 0
    first, rest = list(levels[:up_to]), list(levels[up_to:])
    simple = [level for level in rest if not is_about_pairs(level)]
    lots = (first, simple, [level for level in rest if level not in simple])
    yield from (lot for lot in lots if lot)


def ranked(
    base: Solved, wishes: Iterable[Wish], limits: Limits, watch: Watch | None = None
) -> list[Why]:
    """Answers to several wishes, the one that costs least first; without cures."""
    answers = [why(base, wish, limits, watch, cures=False) for wish in wishes]
    return sorted(answers, key=_rank)


def _rank(answer: Why) -> tuple[int, tuple[int, ...]]:
    possible = 0 if answer.holds else 1 if answer.levels else 2
    return possible, tuple(level.change for level in answer.levels)
