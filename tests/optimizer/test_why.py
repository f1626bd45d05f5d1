"""Why not so: every answer against brute force over all plans that grant the wish."""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from models.carrying import keeping
from models.facts import Facts
from models.organisation import Organisation
from models.reading import organisation_from, policy_from, scenario_from
from optimizer.changes import Change
from optimizer.cpsat import Limits
from optimizer.known import Known
from optimizer.propose import solve
from optimizer.solved import Solved
from optimizer.what_if import Base, what_if
from optimizer.why import Why, Wish, forced, is_granted, ranked, why, wish_name
from tests.brute_force import best_of, plans
from tests.organisations import random_organisation
from tests.scenarios import random_scenario
from tests.small import organisation, person, team
from tests.wishes import (
    PARTS,
    allowed,
    asked,
    base_of,
    costs_with,
    crowded,
    is_within,
    limits,
    random_wishes,
    solved,
    values,
)

SEEDS = range(72)

ROOMY: dict[str, Any] = {
    "levels": [
        {"name": "a", "goals": {"interest": 1, "authority_gap": 1}},
        {"name": "b", "goals": {"backup_shortage": 1, "lead_fit": 1}},
        {"name": "c", "goals": {"team_changes": 3, "site_change": 1, "lead_changes": 2}},
        {"name": "d", "goals": {"no_substitute": 20, "substitute_fit": 1, "colleague_wishes": 2}},
    ]
}
"""Levels without tolerance, which may cost more all the same: as Before allows in a what-if."""


def expected(base: Solved, wish: Wish) -> list[int] | None:
    """What the levels cost in the best plan with the wish; None if there is none."""
    found = best_of(base.facts, set(costs_with(base.facts, wish)), allowed(base))
    return None if found is None else [value for _, value in found]


def after(answer: Why) -> list[int | None]:
    return [level.after for level in answer.levels]


# Against brute force


def test_there_are_enough_answers_of_every_sort() -> None:
    found = Counter(
        (
            a.wish.kind,
            "holds" if a.answer.holds else "free" if a.answer.is_free else a.answer.status,
        )
        for seed in SEEDS
        for a in asked(seed)
    )
    sorts = {(kind, sort) for kind in PARTS for sort in ("holds", "optimal")}
    sorts |= {(kind, "infeasible") for kind in PARTS}
    assert sorts - found.keys() == set()
    assert min(found[sort] for sort in sorts) >= 4
    assert sum(n for (_, sort), n in found.items() if sort == "free") >= 8


@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_with_the_wish_is_better_and_it_is_impossible_only_if_there_is_none(
    seed: int,
) -> None:
    base = base_of(seed)
    for wish, answer, points in asked(seed):
        best = best_of(base.facts, set(points), allowed(base))
        if best is None:
            assert (answer.status, answer.levels, answer.holds) == ("infeasible", (), False)
            assert wish_name(base.organisation) in answer.conflicts
            assert len(answer.conflicts) > 1
        else:
            assert answer.status == "optimal"
            assert answer.conflicts == ()
            assert after(answer) == [value for _, value in best], wish
        assert answer.is_proven


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_level_that_is_worse_is_told_and_none_if_a_plan_is_as_good(seed: int) -> None:
    base = base_of(seed)
    for wish, answer, points in asked(seed):
        if answer.status == "infeasible":
            assert answer.first_worse is None
            assert not answer.is_free
            continue
        before = values(base)
        assert [level.before for level in answer.levels] == before
        worse = [x for x, b in zip(answer.levels, before, strict=True) if (x.after or 0) > b]
        assert answer.first_worse == (worse[0] if worse else None), wish
        assert answer.is_free == any(is_within(point, before) for point in points), wish


@pytest.mark.parametrize("seed", SEEDS)
def test_the_reasons_sum_to_the_change_of_the_level(seed: int) -> None:
    base = base_of(seed)
    for wish, answer, _ in asked(seed):
        if answer.first_worse is None:
            assert answer.reasons == ()
            continue
        assert sum(r.weighted for r in answer.reasons) == answer.first_worse.change, wish
        level = next(x for x in base.policy.levels if x.name == answer.first_worse.level)
        for r in answer.reasons:
            assert r.weighted == level.goals[r.goal] * (r.after - r.before) != 0
        weighted = [r.weighted for r in answer.reasons]
        assert weighted == sorted(weighted, reverse=True)
        assert len({(r.goal, r.about) for r in answer.reasons}) == len(answer.reasons)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_difference_is_from_the_proposal_to_a_plan_with_those_costs(seed: int) -> None:
    base = base_of(seed)
    for _, answer, _ in asked(seed):
        if not answer.levels or answer.holds:
            continue
        assert answer.difference is not None
        assert not answer.difference.is_empty
        costs = {g.goal: (g.before, g.after) for g in answer.difference.goals}
        for level, told in zip(base.policy.levels, answer.levels, strict=True):
            weighted = level.weighted().items()
            assert sum(weight * costs[goal][0] for goal, weight in weighted) == told.before
            assert sum(weight * costs[goal][1] for goal, weight in weighted) == told.after


@pytest.mark.parametrize("seed", SEEDS)
def test_forcing_what_holds_changes_nothing(seed: int) -> None:
    base = base_of(seed)
    for wish, answer, _ in asked(seed):
        assert answer.holds == is_granted(base, wish)
        if answer.holds:
            assert answer.difference is not None
            assert answer.difference.is_empty
            assert [x.change for x in answer.levels] == [0] * len(answer.levels)
            again = forced(base, wish, limits())
            assert [x.change for x in again.levels] == [0] * len(answer.levels)
            assert (again.first_worse, again.reasons, again.status) == (None, (), "optimal")


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_base_has_proven_changes_no_answer(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = base_of(seed)
    for wish, answer, _ in asked(seed):
        afresh = forced(_without_proofs(base, monkeypatch), wish, limits())
        assert after(afresh) == after(answer)
        assert afresh.status == answer.status


def _without_proofs(base: Solved, monkeypatch: pytest.MonkeyPatch) -> Solved:
    allowed_alone = Known(least_allowed=allowed(base))
    monkeypatch.setattr(Solved, "known", lambda self: allowed_alone)
    return base


@pytest.mark.parametrize("seed", [*range(10), 80, 216, 358, 389, 469])
def test_levels_that_may_cost_more_than_their_best_come_out_right(seed: int) -> None:
    """With the later seeds a level is not taken back with the wish, but was without it."""
    policy = policy_from(ROOMY)
    facts = Facts(organisation_from(random_organisation(seed, tasks=1 + seed % 2), policy), policy)
    rng = random.Random(seed)
    free = best_of(facts, {v for _, found in plans(facts) for v in found}, {})
    assert free is not None
    least = {level: free[i][0] + rng.choice([0, 1, 2, 4, 20]) for i, level in enumerate("abc")}
    proposal = solve(facts, limits(), None, Known(least_allowed=least))
    base = Solved(facts.organisation, policy, proposal)
    for wish in random_wishes(seed, facts):
        assert after(forced(base, wish, limits())) == (expected(base, wish) or [])


@pytest.mark.parametrize("seed", range(16))
def test_a_what_if_is_asked_as_a_proposal_is(seed: int) -> None:
    first = base_of(seed)
    scenario = scenario_from(random_scenario(seed, first.organisation.to_dict()))
    start = Base(first.organisation, first.policy, first.proposal.plan)
    answer = what_if(start, scenario, workers=1)
    carried = answer.carried
    base = Solved(carried.organisation, keeping(first.policy), answer.proposal, carried.held)
    assert [*base.facts.held_before] == [*carried.held]
    for wish in random_wishes(seed, base.facts):
        found = why(base, wish, limits(), cures=False)
        assert after(found) == (expected(base, wish) or []), wish
        if found.first_worse is not None:
            assert sum(r.weighted for r in found.reasons) == found.first_worse.change


# Without proof


def test_without_time_nothing_is_claimed() -> None:
    base, wish = crowded()
    answer = why(base, wish, Limits.for_seconds(0, workers=1))
    assert (answer.status, answer.levels, answer.cure, answer.no_cure) == (
        "unknown",
        (),
        None,
        False,
    )
    assert not answer.is_proven
    assert not answer.is_free
    assert answer.tried == 0


def test_time_that_ends_while_cures_are_tried_is_told() -> None:
    """The wish is answered; of the changes only one was tried."""
    base, wish = crowded(least=1, most=9)
    stop = threading.Event()
    seen: list[Change] = []
    apply = Change.apply

    def stopping(change: Change, data: Organisation) -> Organisation:
        seen.append(change)
        if len(seen) == 2:
            stop.set()
        return apply(change, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Change, "apply", stopping)
        answer = why(base, wish, Limits.for_seconds(60, workers=1, stop=stop))
    assert answer.first_worse is not None
    assert (answer.tried, answer.cure, answer.no_cure) == (1, None, False)


def test_an_unproven_level_is_not_called_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    base, wish = crowded()
    answer = forced(base, wish, limits())
    assert answer.first_worse is not None
    assert answer.is_proven
    at = answer.levels.index(answer.first_worse)
    for i in range(len(answer.levels)):
        levels = list(answer.levels)
        levels[i] = replace(levels[i], is_proven=False)
        worse = levels[at]
        found = replace(answer, levels=tuple(levels), first_worse=worse)
        assert found.is_proven == (i > at)


def test_wishes_are_ranked_by_what_they_cost_and_the_impossible_come_last() -> None:
    """b in B costs a wish and is what the proposal does not do; in C nobody may be."""
    data = organisation(
        teams=[team("A"), team("B", size={"min": 0, "max": 1}), team("C")],
        employees=[
            person("a", interest={"A": 0, "B": 2, "C": 0}),
            person("b", interest={"A": 1, "B": 2, "C": 0}, eligible_teams=["A", "B"]),
        ],
    )
    base = solved(data)
    wishes = [Wish("team", "b", t) for t in "CBA"]
    answers = ranked(base, wishes, limits())
    assert [a.wish.of for a in answers] == ["A", "B", "C"]
    assert [a.holds for a in answers] == [True, False, False]
    assert [a.status for a in answers] == ["optimal", "optimal", "infeasible"]
    assert all(not a.tried for a in answers)
