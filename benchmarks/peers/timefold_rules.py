"""The rules and goals of docs/problem.md as Timefold's constraint streams."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from timefold.solver.score import (
    BendableScore,
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    Joiners,
    constraint_provider,
)

from benchmarks.peers.timefold_costs import (
    backed_days,
    concentrated,
    covered_days,
    handovers,
    loads,
    overload,
    present_days,
)
from benchmarks.peers.timefold_domain import (
    SOFT_LEVELS,
    LeadSlot,
    LinkSlot,
    Person,
    SubstituteSlot,
)
from benchmarks.peers.timefold_facts import Candidate, Need, TeamFact, Wish

HARD = BendableScore.of_hard(1, SOFT_LEVELS, 0, 1)
Placed = dict[str, tuple[int, int]]
"""{goal: (its level, its weight)}."""


def provider(placed: Placed) -> Any:
    """The constraints of a policy: every rule, and every goal that it weighs."""

    @constraint_provider
    def constraints(factory: ConstraintFactory) -> list[Constraint]:
        chains, pairs = _chains(factory), _pairs(factory)
        found = rules(factory, chains, pairs)
        streams = goals(factory, chains, pairs)
        for goal, (level, weight) in placed.items():
            score = BendableScore.of_soft(1, SOFT_LEVELS, level, weight)
            found += [
                made.as_constraint(f"{goal} {number}")
                for number, made in enumerate(build(score) for build in streams.get(goal, []))
            ]
        return found

    return constraints


def rules(factory: ConstraintFactory, chains: Any, pairs: Any) -> list[Constraint]:
    """What makes a plan valid and is not seen to by the ranges of the variables."""
    starters = factory.for_each(Person).filter(lambda p: p.is_starter)
    empty = factory.for_each(TeamFact).if_not_exists(
        Person,
        Joiners.equal(lambda t: t.id, lambda p: p.team.id),
        Joiners.filtering(lambda t, p: p.is_starter),
    )
    numbers = starters.group_by(lambda p: p.team, ConstraintCollectors.count())
    leads = factory.for_each(LeadSlot)
    return [
        numbers.filter(lambda t, n: n > t.most)
        .penalize(HARD, lambda t, n: n - t.most)
        .as_constraint("too many"),
        numbers.filter(lambda t, n: n < t.least)
        .penalize(HARD, lambda t, n: t.least - n)
        .as_constraint("too few"),
        empty.filter(lambda t: t.least > 0)
        .penalize(HARD, lambda t: t.least)
        .as_constraint("nobody"),
        leads.join(Person, Joiners.equal(lambda s: s.leader.person, lambda p: p.id))
        .filter(lambda s, p: p.team.id != s.team)
        .penalize(HARD)
        .as_constraint("leads from elsewhere"),
        factory.for_each_including_unassigned(LeadSlot)
        .filter(lambda s: s.leader is None)
        .join(starters, Joiners.equal(lambda s: s.team, lambda p: p.team.id))
        .penalize(HARD)
        .as_constraint("nobody leads"),
        _wishes(factory, hard=True, together=True).penalize(HARD).as_constraint("together"),
        _wishes(factory, hard=True, together=False).penalize(HARD).as_constraint("apart"),
        factory.for_each_including_unassigned(SubstituteSlot)
        .filter(lambda s: s.is_pinned and s.pair is None)
        .penalize(HARD)
        .as_constraint("pinned substitute"),
        pairs.group_by(lambda s, a, b: b, ConstraintCollectors.count_tri())
        .filter(lambda b, n: n > b.max_principals)
        .penalize(HARD, lambda b, n: n - b.max_principals)
        .as_constraint("too many principals"),
        chains.map(lambda task, items: loads(task, items))
        .flatten_last(lambda held: held)
        .group_by(lambda held: held[0], ConstraintCollectors.to_list(lambda held: held))
        .join(Person, Joiners.equal(lambda person, held: person, lambda p: p.id))
        .filter(lambda person, held, p: overload(held, p.load_limit, p.task_limit) > 0)
        .penalize(HARD, lambda person, held, p: overload(held, p.load_limit, p.task_limit))
        .as_constraint("overload"),
    ]


Build = Callable[[BendableScore], Any]


def goals(factory: ConstraintFactory, chains: Any, pairs: Any) -> dict[str, list[Build]]:
    """By goal, streams that still need their score. Some count what is there, not what is missing.

    That moves the score by a constant: a team without anybody has no group to penalise.
    """
    people = factory.for_each(Person).filter(lambda p: p.is_real)
    leads = factory.for_each(LeadSlot)
    mutual = pairs.join(
        SubstituteSlot,
        Joiners.equal(lambda s, a, b: a.id, lambda back: back.pair.substitute),
        Joiners.equal(lambda s, a, b: b.id, lambda back: back.pair.principal),
    )
    return {
        "authority_gap": [
            lambda score: chains.filter(lambda t, i: t.authority).reward(
                score, lambda t, i: covered_days(t, i)
            )
        ],
        "task_gap": [
            lambda score: chains.filter(lambda t, i: not t.authority).reward(
                score, lambda t, i: covered_days(t, i)
            )
        ],
        "backup_shortage": [lambda score: chains.reward(score, lambda t, i: backed_days(t, i))],
        "handovers": [lambda score: chains.penalize(score, lambda t, i: handovers(t, i))],
        "skill_shortage": [
            lambda score: _needs(factory, skill=True).reward(score, lambda n, m: present_days(n, m))
        ],
        "size_shortage": [
            lambda score: _needs(factory, skill=False).reward(
                score, lambda n, m: present_days(n, m)
            )
        ],
        "no_substitute": [lambda score: pairs.reward(score)],
        "substitute_away": [lambda score: pairs.penalize(score, lambda s, a, b: s.pair.away)],
        "substitute_fit": [lambda score: pairs.penalize(score, lambda s, a, b: s.pair.lacking)],
        "substitute_changes": [
            lambda score: pairs.filter(lambda s, a, b: s.pair.is_current).reward(score)
        ],
        "one_way_substitutes": [
            lambda score: pairs.filter(lambda s, a, b: s.pair.asks_back).penalize(score),
            lambda score: mutual.filter(lambda s, a, b, back: s.pair.asks_back).reward(score),
        ],
        "interest": [
            lambda score: people.penalize(score, lambda p: p.interest[p.team.id]),
        ],
        "site_change": [
            lambda score: people.penalize(score, lambda p: p.site_change[p.team.id]),
        ],
        "team_changes": [
            lambda score: people.penalize(score, lambda p: p.team_change[p.team.id]),
        ],
        "lead_fit": [lambda score: leads.penalize(score, lambda s: s.leader.fit)],
        "lead_changes": [lambda score: leads.penalize(score, lambda s: s.leader.changes)],
        "colleague_wishes": [
            lambda score: _wishes(factory, hard=False, together=True).penalize(score),
            lambda score: _wishes(factory, hard=False, together=False).penalize(score),
        ],
        "sector_concentration": [
            lambda score: (
                people.filter(lambda p: p.is_starter)
                .group_by(lambda p: p.team, ConstraintCollectors.to_list(lambda p: p.sector))
                .penalize(score, lambda t, sectors: concentrated(sectors, t.sector_share))
            )
        ],
        "departure_concentration": [
            lambda score: people.group_by(
                lambda p: p.team,
                ConstraintCollectors.count(),
                ConstraintCollectors.sum(lambda p: 1 if p.leaves else 0),
            ).penalize(score, lambda t, n, d: max(0, 100 * d - t.leaving_share * n) // 100)
        ],
    }


def _chains(factory: ConstraintFactory) -> Any:
    """(task, items): the links and qualified members that are in the task's team."""
    links = (
        factory.for_each(LinkSlot)
        .join(Person, Joiners.equal(lambda s: s.candidate.person, lambda p: p.id))
        .join(
            Person,
            Joiners.equal(lambda s, p: s.candidate.task.anchor, lambda a: a.id),
            Joiners.equal(lambda s, p: p.team.id, lambda a: a.team.id),
        )
        .map(lambda s, p, a: s.candidate.task, lambda s, p, a: s.candidate.index)
    )
    members = (
        factory.for_each(Candidate)
        .join(Person, Joiners.equal(lambda c: c.person, lambda p: p.id))
        .join(
            Person,
            Joiners.equal(lambda c, p: c.task.anchor, lambda a: a.id),
            Joiners.equal(lambda c, p: p.team.id, lambda a: a.team.id),
        )
        .map(lambda c, p, a: c.task, lambda c, p, a: -1 - c.index)
    )
    return links.concat(members).group_by(
        lambda task, item: task, ConstraintCollectors.to_list(lambda task, item: item)
    )


def _pairs(factory: ConstraintFactory) -> Any:
    """(slot, principal, substitute) of those in one team."""
    return (
        factory.for_each(SubstituteSlot)
        .join(Person, Joiners.equal(lambda s: s.pair.principal, lambda a: a.id))
        .join(
            Person,
            Joiners.equal(lambda s, a: s.pair.substitute, lambda b: b.id),
            Joiners.equal(lambda s, a: a.team.id, lambda b: b.team.id),
        )
    )


def _needs(factory: ConstraintFactory, skill: bool) -> Any:
    """(need, members) of those with a member who is able."""
    needs = factory.for_each(Need)
    chosen = needs.filter(lambda n: n.skill) if skill else needs.filter(lambda n: not n.skill)
    return chosen.join(
        Person,
        Joiners.equal(lambda n: n.team, lambda p: p.team.id),
        Joiners.filtering(lambda n, p: p.id in n.able),
    ).group_by(lambda n, p: n, ConstraintCollectors.to_list(lambda n, p: p.id))


def _wishes(factory: ConstraintFactory, hard: bool, together: bool) -> Any:
    """(wish, a, b) of those that are not granted."""
    wishes = factory.for_each(Wish)
    chosen = wishes.filter(lambda w: w.hard) if hard else wishes.filter(lambda w: not w.hard)
    if together:
        return (
            chosen.filter(lambda w: w.together)
            .join(Person, Joiners.equal(lambda w: w.a, lambda a: a.id))
            .join(Person, Joiners.equal(lambda w, a: w.b, lambda b: b.id))
            .filter(lambda w, a, b: a.team.id != b.team.id)
        )
    return (
        chosen.filter(lambda w: not w.together)
        .join(Person, Joiners.equal(lambda w: w.a, lambda a: a.id))
        .join(Person, Joiners.equal(lambda w, a: w.b, lambda b: b.id))
        .filter(lambda w, a, b: a.team.id == b.team.id)
    )
