"""The single change that would make a wish free, and the rules that make one impossible."""

from __future__ import annotations

from collections import Counter
from itertools import takewhile
from typing import Any

import pytest

from models.facts import Facts
from models.organisation import Organisation
from models.policy import Policy
from models.reading import organisation_from
from optimizer import propose
from optimizer.changes import MOST_QUALIFIED, MOST_TOGETHER, Change, changes_for, together_for
from optimizer.conflicts import can_hold
from optimizer.freed import Freed, may_be_in_the_way
from optimizer.solved import Solved
from optimizer.why import Why, Wish, forced, why, wish_name, with_wish
from tests.brute_force import plans
from tests.small import able, leaving, on, organisation, person, task, team
from tests.wishes import (
    asked,
    base_of,
    crowded,
    is_within,
    limits,
    random_wishes,
    solved,
    values,
    wanted,
)

SEEDS = range(0, 72, 2)
"""Organisations with one task: every change is tried again by brute force."""


def is_free(base: Solved, wish: Wish, change: Change) -> bool:
    """Whether with the change some plan grants the wish and costs no level more."""
    facts = Facts(change.apply(base.organisation), base.policy)
    found = plans(facts, wanted(facts, wish))
    return any(is_within(vector, values(base)) for _, vectors in found for vector in vectors)


# Against brute force


@pytest.mark.parametrize("seed", SEEDS)
def test_the_change_makes_the_wish_free_and_no_cheaper_one_does(seed: int) -> None:
    base = base_of(seed)
    for wish, answer, _ in asked(seed):
        if answer.is_free:
            assert (answer.cure, answer.no_cure, answer.tried) == (None, False, 0)
            continue
        changes = list(changes_for(base, answer))
        failing = list(takewhile(lambda c, w=wish: not is_free(base, w, c), changes))  # type: ignore[misc]
        prices = [change.price for change in changes]
        assert prices == sorted(prices)
        if len(failing) == len(changes):
            assert (answer.cure, answer.no_cure, answer.tried) == (None, True, len(changes))
        else:
            cure = changes[len(failing)]
            assert (answer.cure, answer.no_cure) == (cure, False), wish
            assert answer.tried == len(failing) + 1


def test_changes_of_several_kinds_were_found_and_refuted() -> None:
    answers = [a.answer for seed in SEEDS for a in asked(seed)]
    found = Counter(answer.cure.kind for answer in answers if answer.cure)
    assert len(found) >= 3
    assert sum(found.values()) >= 10
    assert sum(answer.no_cure and answer.tried > 1 for answer in answers) >= 20


@pytest.mark.parametrize("seed", range(20))
def test_what_keeps_somebody_from_a_task_is_a_minimal_conflict(seed: int) -> None:
    """Together the rules leave no plan in which they hold it; without any one, one does."""
    base = base_of(seed)
    facts, name = base.facts, wish_name(base.organisation)
    for q in facts.tasks:
        for e in facts.qualified(q):
            wish = Wish("holder", e, q)
            answer = forced(base, wish, limits())
            if answer.status != "infeasible":
                continue
            rules = set(answer.conflicts) - {name}
            if not facts.may_hold(e, q):
                assert rules == {f"tenure:{q}"}
                continue
            possible = set(may_be_in_the_way(facts, e, q))
            assert rules
            assert rules <= possible
            assert not grants(Freed(facts, possible - rules), wish)
            for rule in rules:
                assert grants(Freed(facts, possible - rules | {rule}), wish), (wish, rules)


def grants(facts: Facts, wish: Wish) -> bool:
    return next(plans(facts, wanted(facts, wish)), None) is not None


@pytest.mark.parametrize("seed", range(20))
def test_the_rules_that_make_a_wish_impossible_cannot_hold_together(seed: int) -> None:
    base = base_of(seed)
    for wish in random_wishes(seed, base.facts):
        answer = forced(base, wish, limits())
        if wish.kind == "holder" or answer.status != "infeasible":
            continue
        facts = Facts(with_wish(base.organisation, wish), base.policy)
        assert wish_name(base.organisation) in answer.conflicts
        assert not can_hold(facts, answer.conflicts, limits())
        for rule in answer.conflicts:
            assert can_hold(facts, set(answer.conflicts) - {rule}, limits())


# Every kind of change, on a few people


def answered(data: dict[str, Any], wish: Wish) -> tuple[Solved, Why]:
    base = solved(data)
    return base, why(base, wish, limits())


def proposed_with(base: Solved, wish: Wish, change: Change) -> list[int]:
    """The levels of the changed organisation's own proposal with the wish."""
    changed = with_wish(change.apply(base.organisation), wish)
    proposal = propose(changed, base.policy, workers=1)
    assert proposal.status == "optimal"
    return [level.value or 0 for level in proposal.levels]


def test_one_place_more_in_the_team_wished_for() -> None:
    """With both in B nothing is left to wish for: the level costs 0 instead of 3."""
    base, wish = crowded(most=1)
    answer = why(base, wish, limits())
    assert answer.first_worse is not None
    first = answer.first_worse
    assert (first.level, first.before, first.after) == ("people", 3, 9)
    assert [(r.goal, r.about.employees, r.weighted) for r in answer.reasons] == [
        ("interest", ("a",), 9),
        ("interest", ("b",), -3),
    ]
    assert answer.cure == Change("size_max", "B")
    assert answer.tried == 1
    assert values(base) == [0, 0, 3, 0, 0]
    assert proposed_with(base, wish, answer.cure) == [0, 0, 0, 0, 0]


def test_one_place_fewer_in_the_team_they_leave() -> None:
    """B has room enough, but A needs somebody; that one place more in B helps nobody is tried."""
    base, wish = crowded(least=1, most=9)
    answer = why(base, wish, limits())
    assert answer.cure == Change("size_min", "A")
    assert answer.tried == 2
    assert proposed_with(base, wish, answer.cure) == [0, 0, 0, 0, 0]


def test_a_team_that_somebody_might_be_in() -> None:
    data = organisation(employees=[person("a", eligible_teams=["A"])])
    base, answer = answered(data, Wish("team", "a", "B"))
    assert answer.status == "infeasible"
    assert set(answer.conflicts) == {"eligible:a", "wish"}
    assert answer.cure == Change("eligible", "B", "a")
    # Tried before it, at the same price: a place more in B, a place fewer in A.
    assert answer.tried == 3
    assert proposed_with(base, Wish("team", "a", "B"), answer.cure) == values(base)


def test_a_team_with_the_id_of_a_task_is_a_team_all_the_same() -> None:
    data = organisation(
        teams=[team("A"), team("Q")], employees=[person("a", eligible_teams=["A"])], tasks=[task()]
    )
    _, answer = answered(data, Wish("team", "a", "Q"))
    assert answer.cure == Change("eligible", "Q", "a")
    changed = answer.cure.apply(organisation_from(data))
    assert changed.employees[0].eligible_teams == ("A", "Q")
    assert changed.employees[0].skills == {}


def test_a_rule_that_does_not_hold() -> None:
    rule = {"id": "r", "kind": "forbid", "employee": "a", "team": "B"}
    data = organisation(employees=[person("a")], rules=[rule])
    base, answer = answered(data, Wish("team", "a", "B"))
    assert set(answer.conflicts) == {"r", "wish"}
    assert answer.cure == Change("drop_rule", "r", price=2)
    assert proposed_with(base, Wish("team", "a", "B"), answer.cure) == values(base)


def test_a_colleague_qualified_for_what_would_be_short() -> None:
    """Q is held in A by a alone; c could do it after one level more of s, b after two.

    With a in B, Q has nobody for 30 days: 5 each for the gap, and 2 for the holder that is
    missing, 1 + 0 backups.
    """
    data = organisation(
        employees=[able("a"), person("b"), person("c", skills={"s": 1})],
        tasks=[task(team="A", level=2)],
    )
    wish = Wish("team", "a", "B")
    base, answer = answered(data, wish)
    assert answer.first_worse is not None
    assert answer.first_worse.change == 30 * (5 + 2)
    assert {(r.goal, r.about.task, r.weighted) for r in answer.reasons} == {
        ("task_gap", "Q", 150),
        ("backup_shortage", "Q", 60),
    }
    assert answer.cure == Change("qualify", "Q", "c", price=1)
    # Before it: a place more in B, a place fewer in A.
    assert answer.tried == 3
    assert proposed_with(base, wish, answer.cure) == values(base)


def test_who_is_to_hold_a_task_might_be_qualified() -> None:
    """What is lacking: two levels of the skill at 1, a qualification at 2 and an office at 2."""
    data = organisation(
        employees=[person("a"), able("b", office_holder=True, qualifications=["law"])],
        tasks=[task(kind="authority", level=2, qualification="law")],
    )
    wish = Wish("holder", "a", "Q")
    base, answer = answered(data, wish)
    assert answer.conflicts == ("qualified:Q", "wish")
    assert answer.cure == Change("qualify", "Q", "a", price=2 + 2 + 2)
    changed = answer.cure.apply(base.organisation).employees[0]
    assert (changed.skills, changed.qualifications, changed.office_holder) == (
        {"s": 2},
        ("law",),
        True,
    )


def test_what_is_there_already_is_not_learnt_again() -> None:
    data = organisation_from(
        organisation(
            employees=[able("a", skills={"s": 3, "t": 1}, qualifications=["law"])],
            tasks=[task(kind="authority", level=2, qualification="law")],
        )
    )
    changed = Change("qualify", "Q", "a").apply(data).employees[0]
    assert changed.skills == {"s": 3, "t": 1}
    assert changed.qualifications == ("law",)
    assert changed.office_holder


def test_others_stay_as_they_are() -> None:
    data = organisation_from(
        organisation(
            employees=[person("a", eligible_teams=["A"]), person("b", eligible_teams=["A"])],
            rules=[
                {"id": "r", "kind": "pin", "employee": "a", "team": "A"},
                {"id": "s", "kind": "pin", "employee": "b", "team": "A"},
            ],
            tasks=[task()],
        )
    )

    def differing(change: Change) -> set[str]:
        one, other = data.to_dict(), change.apply(data).to_dict()
        return {
            f"{key}[{i}]"
            for key in ("teams", "employees", "rules")
            for i, row in enumerate(one[key])
            if i >= len(other[key]) or row != other[key][i]
        }

    assert differing(Change("size_max", "B")) == {"teams[1]"}
    assert differing(Change("size_min", "A")) == set()  # it is 0 already
    assert differing(Change("eligible", "B", "a")) == {"employees[0]"}
    assert differing(Change("qualify", "Q", "b")) == {"employees[1]"}
    assert differing(Change("drop_rule", "s")) == {"rules[1]"}


def test_no_more_than_a_dozen_are_tried_as_qualified_and_who_lacks_least_first() -> None:
    """Twenty colleagues, every other of whom lacks one level and the others two."""
    others = [person(f"p{i:02}", skills={"s": 1} if i % 2 else {}) for i in range(20)]
    data = organisation(
        employees=[able("a"), *others],
        teams=[team("A", size={"min": 0, "max": 30}), team("B")],
        tasks=[task(team="A", level=2)],
    )
    base = solved(data)
    answer = forced(base, Wish("team", "a", "B"), limits())
    tried = [c for c in changes_for(base, answer) if c.kind == "qualify"]
    assert [c.price for c in tried] == [1] * 10 + [2] * (MOST_QUALIFIED - 10)
    assert [c.employee for c in tried[:3]] == ["p01", "p03", "p05"]


def test_colleagues_for_one_task_are_refuted_together_unless_they_hold_it() -> None:
    """b holds the authority task without an office: once able, it would move with them."""
    others = [person(f"p{i}") for i in range(MOST_TOGETHER + 1)]
    data = organisation(
        employees=[able("a"), person("b"), *others],
        tasks=[task(team="A"), task(id="R", kind="authority", holder="b")],
    )
    facts = solved(data).facts
    for_q = [Change("qualify", "Q", f"p{i}") for i in range(MOST_TOGETHER + 1)]
    for_r = [Change("qualify", "R", e, price=3) for e in ("b", "p0", "p1")]
    together = together_for(facts, [Change("size_max", "B"), *for_q, *for_r])
    assert together == {
        **dict.fromkeys(for_q[:-1], tuple(for_q[:-1])),
        for_q[-1]: (for_q[-1],),
        **dict.fromkeys(for_r[1:], tuple(for_r[1:])),
    }


def test_one_whom_a_pinned_substitute_would_no_longer_fit_refutes_no_other() -> None:
    """p with a skill more is covered to a quarter by b, whom a rule pins; r0 could learn."""
    data = organisation(
        employees=[
            able("a", skills={"s": 3}),
            person("p", skills={"t": 1}, needs_substitute=True),
            *(person(f"r{i}") for i in range(MOST_TOGETHER)),
            person("b", skills={"t": 1}),
        ],
        teams=[team("A", size={"min": 0, "max": 9}), team("B")],
        tasks=[task(team="A", level=3)],
        rules=[{"id": "x", "kind": "pin_substitute", "principal": "p", "substitute": "b"}],
    )
    _, answer = answered(data, Wish("team", "a", "B"))
    assert answer.cure == Change("qualify", "Q", "r0", price=3)
    assert answer.tried == 4  # a place more in B, a place fewer in A, and p


def test_a_wish_for_a_substitute_pins_one_too() -> None:
    data = organisation(
        employees=[person("a", skills={"t": 1}, needs_substitute=True), able("b"), person("c")],
        tasks=[task()],
    )
    wished = with_wish(solved(data).organisation, Wish("substitute", "b", "a"))
    changes = [Change("qualify", "Q", e) for e in ("a", "c")]
    assert together_for(Facts(wished, Policy()), changes) == {changes[1]: (changes[1],)}


def test_no_change_is_known_that_bears_on_a_leader_of_their_own_team() -> None:
    """b leads A at the price of no grade, 5, instead of a at none; there is nothing to change."""
    data = organisation(
        teams=[team("A", lead=True)], employees=[person("a", lead_interest={"A": 3}), person("b")]
    )
    base, answer = answered(data, Wish("leader", "b", "A"))
    assert answer.first_worse is not None
    assert answer.first_worse.change == 3 * 5
    assert list(changes_for(base, answer)) == []
    assert (answer.cure, answer.no_cure, answer.tried) == (None, True, 0)


def test_who_leaves_before_they_are_ready_has_no_day_to_hold_the_task() -> None:
    data = organisation(
        employees=[able("a", leaves=leaving(10)), able("b")],
        tasks=[task(holder="b", handover_days=10)],
    )
    _, answer = answered(data, Wish("holder", "a", "Q"))
    assert answer.conflicts == ("tenure:Q", "wish")


def test_a_rule_may_be_called_as_the_wish_is() -> None:
    """Its id is kept, the wish gets another."""
    rules = [
        {"id": "wish", "kind": "forbid", "employee": "a", "team": "B"},
        {"id": "wish-0", "kind": "pin", "employee": "b", "team": "A"},
    ]
    _, answer = answered(organisation(rules=rules), Wish("team", "a", "B"))
    assert set(answer.conflicts) == {"wish", "wish-1"}
    assert answer.cure == Change("drop_rule", "wish", price=2)


def test_several_rules_together_keep_somebody_from_a_task() -> None:
    """Q stays with a, who may be in A alone; c holds nothing there, as they may be in B alone."""
    data = organisation(
        employees=[able("a", eligible_teams=["A"]), able("c", eligible_teams=["B"])],
        tasks=[task(team="A", active={"start": on(0), "end": on(20)})],
    )
    _, answer = answered(data, Wish("holder", "c", "Q"))
    assert answer.conflicts == ("eligible:c", "team:Q", "wish")


def test_a_wish_is_added_to_the_rules_and_takes_nothing_away() -> None:
    data: Organisation = organisation_from(organisation())
    for wish, kind in (
        (Wish("team", "a", "B"), "pin"),
        (Wish("leader", "a", "B"), "pin_lead"),
        (Wish("substitute", "a", "b"), "pin_substitute"),
    ):
        rules = with_wish(data, wish).rules
        assert [(rule.id, rule.kind) for rule in rules] == [("wish", kind)]
    assert with_wish(data, Wish("holder", "a", "Q")) == data
