"""All minimal conflicts and relaxations, against every plan of tiny organisations."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from models.facts import Facts
from models.policy import RELAXATION_WEIGHTS, Policy
from models.proposal import Proposal, Relaxation
from models.reading import organisation_from
from models.warnings import warnings_of
from optimizer import InternalError, propose, relaxations
from optimizer.conflicts import can_hold, named_rules, smallest_conflict
from optimizer.relaxations import Explanation, explain
from tests.optimizer.test_conflicts import (
    group,
    holder,
    lead,
    limits,
    organisation,
    pin,
    substitute,
)
from tests.ways_out import minimal_conflicts, minimal_relaxations, random_rules

ONE_EACH = Policy(max_tasks=1, max_principals=1)
EVERYTHING = 1000


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is expected is everything, on however busy a machine."""
    monkeypatch.setattr(relaxations, "MOST_SECONDS", 600.0)


def facts_of(data: dict[str, Any], policy: Policy | None = None) -> Facts:
    return Facts(organisation_from(data), policy or Policy())


def explained(facts: Facts, most: int = EVERYTHING) -> Explanation:
    return explain(facts, smallest_conflict(facts, limits()), limits(), most)


def infeasible(seed: int, people: int, rules: int) -> Facts | None:
    facts = facts_of(random_rules(seed, people, rules), ONE_EACH)
    return None if can_hold(facts, named_rules(facts), limits()) else facts


CASES = [(seed, 4, 5) for seed in range(12)] + [(seed, 3, 3) for seed in range(8)]


@pytest.mark.parametrize(("seed", "people", "rules"), CASES)
def test_all_are_found(seed: int, people: int, rules: int) -> None:
    facts = infeasible(seed, people, rules)
    expected = minimal_relaxations(organisation_from(random_rules(seed, people, rules)), ONE_EACH)
    if facts is None:
        assert expected == {frozenset()}
        return
    found = explained(facts)
    assert found.complete
    assert sorted(map(sorted, (r.rules for r in found.relaxations))) == sorted(
        map(sorted, expected)
    )
    conflicts = minimal_conflicts(expected)
    assert sorted(map(sorted, found.conflicts)) == sorted(map(sorted, conflicts))
    costs = [weight(facts, r.rules) for r in found.relaxations]
    assert [r.weight for r in found.relaxations] == costs == sorted(costs)


@pytest.mark.parametrize("seed", range(100, 106))
def test_each_is_minimal(seed: int) -> None:
    facts = infeasible(seed, people=6, rules=8)
    if facts is None:
        return
    found = explained(facts, most=10)
    names = set(named_rules(facts))
    for conflict in found.conflicts:
        assert not can_hold(facts, conflict, limits())
        for name in conflict:
            assert can_hold(facts, set(conflict) - {name}, limits())
    for relaxation in found.relaxations:
        kept = names.difference(relaxation.rules)
        assert can_hold(facts, kept, limits())
        for name in relaxation.rules:
            assert not can_hold(facts, kept | {name}, limits())
        assert all(set(conflict).intersection(relaxation.rules) for conflict in found.conflicts)


@pytest.mark.parametrize("seed", range(200, 210))
def test_a_plan_exists_once_the_rules_are_taken_out_of_the_input(seed: int) -> None:
    data = random_rules(seed, people=4, rules=5)
    facts = infeasible(seed, people=4, rules=5)
    for relaxation in explained(facts).relaxations if facts else ():
        if all(name in facts.rules for name in relaxation.rules):
            rest = [rule for rule in data["rules"] if rule["id"] not in relaxation.rules]
            solved = propose(organisation_from(data | {"rules": rest}), ONE_EACH, workers=1)
            assert solved.status == "optimal"


def weight(facts: Facts, names: tuple[str, ...]) -> int:
    kinds = [facts.rules[n].kind if n in facts.rules else n.split(":")[0] for n in names]
    return sum(RELAXATION_WEIGHTS[kind] for kind in kinds)


def proposed(data: dict[str, Any], policy: Policy | None = None) -> Proposal:
    return propose(organisation_from(data), policy, workers=1)


def test_the_cheapest_way_out_comes_first() -> None:
    # Two teams of at most two for three starters who must all be in A: E1 as only A will do.
    data = organisation([pin("E2", "A"), pin("E3", "A")])
    proposal = proposed(data)
    assert proposal.status == "infeasible"
    assert proposal.conflicts_complete
    # The conflict found first leads, whatever its size.
    assert [set(c) for c in proposal.minimal_conflicts] == [
        {"r1", "r2", "size:A", "eligible:E1"},
        {"r2", "eligible:E3"},
    ]
    assert [(set(r.rules), r.weight) for r in proposal.relaxations] == [
        ({"r2"}, 3),
        ({"size:A", "eligible:E3"}, 1 + 5),
        ({"r1", "eligible:E3"}, 3 + 5),
        ({"eligible:E1", "eligible:E3"}, 5 + 5),
    ]


def test_the_policy_says_what_is_easy_to_give_up() -> None:
    data = organisation([pin("E1", "B")])
    order = {
        "default": (Policy(), [("r1", 3), ("eligible:E1", 5)]),
        "by kind": (Policy(relaxation_weights={"pin": 9}), [("eligible:E1", 5), ("r1", 9)]),
        "by name": (
            Policy(relaxation_weights={"eligible:E1": 1, "eligible": 7, "r1": 2, "pin": 0}),
            [("eligible:E1", 1), ("r1", 2)],
        ),
        "nothing": (Policy(relaxation_weights={"eligible": 0}), [("eligible:E1", 0), ("r1", 3)]),
    }
    for policy, expected in order.values():
        found = proposed(data, policy).relaxations
        assert [(r.rules, r.weight) for r in found] == [((name,), w) for name, w in expected]


def test_a_rule_of_no_weight_is_not_given_up_for_nothing() -> None:
    data = organisation([pin("E1", "B"), pin("E2", "A")])
    policy = Policy(relaxation_weights=dict.fromkeys(RELAXATION_WEIGHTS, 0))
    found = proposed(data, policy).relaxations
    assert [r.rules for r in found] == [("r1",), ("eligible:E1",)]


def test_nobody_waives_a_qualification_or_time() -> None:
    for rule, task in ((holder("Q1", "E3"), {}), (holder("Q1", "E2"), {"handover_days": 400})):
        found = proposed(organisation([rule], Q1=task)).relaxations
        assert [r.weight for r in found] == [3, 1000]


def test_a_task_moves_once_its_pin_is_given_up() -> None:
    # E3 is not qualified for Q1; without the pin Q1 moves with E1, who then holds two tasks.
    rules = [holder("Q1", "E3"), holder("Q3", "E1")]
    data = organisation(rules, Q2={"holder": "E2"})
    data["tasks"].append({"id": "Q3", "kind": "special", "skill": "s", "load": 60})
    proposal = proposed(data)
    assert [set(c) for c in proposal.minimal_conflicts] == [
        {"r1", "qualified:Q1"},
        {"r2", "load:E1", "qualified:Q1", "moves:Q1"},
    ]
    assert [set(r.rules) for r in proposal.relaxations] == [
        {"r1", "moves:Q1"},
        {"r1", "r2"},
        {"r1", "load:E1"},
        {"qualified:Q1"},
    ]


def test_more_than_are_listed() -> None:
    data = organisation([pin(e, t) for e in ("E2", "E4") for t in ("A", "B")])
    facts = facts_of(data)
    assert len(explained(facts).conflicts) == 2
    assert len(explained(facts).relaxations) == 4
    assert explained(facts, most=4).complete
    cut = explained(facts, most=3)
    assert not cut.complete
    assert (len(cut.conflicts), len(cut.relaxations)) == (2, 3)
    cut = explained(facts, most=1)
    assert (len(cut.conflicts), len(cut.relaxations)) == (1, 1)
    assert not cut.complete


def test_without_time_the_known_conflict_is_told() -> None:
    facts = facts_of(organisation([pin("E1", "B")]))
    spent = replace(limits(), deadline=time.monotonic())
    known = ("r1", "eligible:E1")
    assert explain(facts, known, spent) == Explanation((known,), (), False)


def test_no_team_for_anybody_is_no_rules_fault() -> None:
    data = organisation([]) | {"teams": [], "tasks": []}
    for person in data["employees"]:
        person.pop("eligible_teams", None)
    proposal = proposed(data)
    assert proposal.status == "infeasible"
    assert proposal.conflicts == ()
    assert proposal.minimal_conflicts == ((),)
    assert proposal.relaxations == ()
    assert proposal.conflicts_complete


@pytest.mark.parametrize(
    "rules",
    [
        [group("apart", "E1", "E2", "E4"), group("together", "E1", "E2")],
        [lead("A", "E1"), lead("A", "E2"), lead("A", "E4")],
        [substitute("E2", "E1"), substitute("E2", "E3"), substitute("E2", "E4")],
    ],
)
def test_a_proposal_begins_with_its_conflict(rules: list[dict[str, Any]]) -> None:
    proposal = proposed(organisation(rules))
    assert proposal.minimal_conflicts[0] == proposal.conflicts
    names = named_rules(facts_of(organisation(rules)))
    for listed in (*proposal.minimal_conflicts, *(r.rules for r in proposal.relaxations)):
        assert list(listed) == [name for name in names if name in listed]
    again = Proposal.model_validate(proposal.to_dict())
    assert again == proposal


def test_only_an_infeasible_proposal_explains_itself() -> None:
    explaining = {"minimal_conflicts", "relaxations", "conflicts_complete"}
    solved = proposed(organisation([]))
    assert not explaining & solved.to_dict().keys()
    assert Proposal.model_validate(solved.to_dict()) == solved
    failed = proposed(organisation([pin("E1", "B")])).to_dict()
    assert failed["minimal_conflicts"] == [["r1", "eligible:E1"]]
    assert failed["relaxations"] == [
        {"rules": ["r1"], "weight": 3},
        {"rules": ["eligible:E1"], "weight": 5},
    ]
    assert failed["conflicts_complete"] is True
    older = {key: value for key, value in failed.items() if key not in explaining}
    assert Proposal.model_validate(older).minimal_conflicts == ()


@pytest.mark.parametrize("most", [1, 2, 20])
def test_as_many_as_are_asked_for(most: int) -> None:
    pins = [pin(e, t) for e in ("E2", "E3", "E4") for t in ("A", "B")]
    everything = propose(organisation_from(organisation(pins)), workers=1, conflicts=EVERYTHING)
    found = propose(organisation_from(organisation(pins)), workers=1, conflicts=most)
    assert everything.conflicts_complete
    assert len(everything.minimal_conflicts) > 2
    assert len(found.minimal_conflicts) == min(most, len(everything.minimal_conflicts))
    assert set(found.relaxations) <= set(everything.relaxations)
    # The cheapest; which of those that cost the same is not fixed.
    cheapest = [r.weight for r in everything.relaxations][:most]
    assert [r.weight for r in found.relaxations] == cheapest
    assert found.conflicts_complete is (most == 20)


def test_the_same_whatever_the_workers() -> None:
    data = organisation([pin(e, t) for e in ("E2", "E3", "E4") for t in ("A", "B")])
    one, two = (propose(organisation_from(data), workers=n) for n in (1, 2))
    assert one.minimal_conflicts == two.minimal_conflicts
    assert one.relaxations == two.relaxations


def test_what_does_not_bear_solving_anew_is_our_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = facts_of(organisation([pin("E1", "B"), pin("E2", "A"), pin("E2", "B")]))
    conflict = smallest_conflict(facts, limits())
    with monkeypatch.context() as patch:
        patch.setattr(relaxations, "smallest_within", lambda names, can_hold: names)
        with pytest.raises(InternalError, match="no minimal conflict"):
            explain(facts, conflict, limits())
    patched = iter([[1] * 1000])
    monkeypatch.setattr(relaxations, "minimum", lambda *args: next(patched))
    with pytest.raises(InternalError, match="no minimal relaxation"):
        explain(facts, conflict, limits())


def test_weights_for_rules_that_are_not_there_are_odd() -> None:
    weights = dict.fromkeys(("size", "size:A", "r1", "eligible:E1", "tenure:Q1", "sise", "r9"), 1)
    facts = facts_of(organisation([pin("E1", "A")]), Policy(relaxation_weights=weights))
    odd = [w.place for w in warnings_of(facts) if w.code == "weight_names_no_rule"]
    assert odd == ["policy.relaxation_weights.sise", "policy.relaxation_weights.r9"]


def test_a_relaxation_is_closed() -> None:
    with pytest.raises(ValueError, match="extra"):
        Relaxation.model_validate({"rules": [], "weight": 0, "why": ""})


@pytest.mark.parametrize("most", [1, 2])
def test_no_more_are_told_than_were_asked_for(most: int) -> None:
    # E2 and E3 can only be in A, where there is no room: two conflicts and more ways out.
    data = organisation_from(organisation([pin("E2", "A"), pin("E3", "A")]))
    found = propose(data, workers=1, conflicts=most)
    assert (len(found.minimal_conflicts), len(found.relaxations)) == (most, most)
    assert propose(data, workers=1).minimal_conflicts[0] == found.minimal_conflicts[0]
