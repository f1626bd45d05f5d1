"""Peers solve the same problem: they agree with every plan of tiny organisations."""

import pytest

from benchmarks.peers import one
from benchmarks.peers.answer import Answer, Budget, LevelAnswer, NotInstalledError
from benchmarks.peers.listing import PEERS, Peer
from models import Facts, Policy
from models.proposal import Plan
from models.reading import organisation_from, policy_from
from optimizer import propose
from tests import small
from tests.brute_force import level_values
from tests.organisations import JOINT_POLICY, OTHER_ORDER, random_organisation

POLICIES = {
    "default": Policy(),
    "joint": policy_from(JOINT_POLICY),
    "other order": policy_from(OTHER_ORDER),
}
EXACT = ("raw_cpsat", "highs_plain", "highs", "scip")
BUDGET = Budget(seconds=10, workers=1, seed=0)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("seed", [1, 2, 3, 5])
def test_every_level_agrees_with_brute_force(seed: int, policy: Policy) -> None:
    facts = Facts(organisation_from(random_organisation(seed, people=4), policy), policy)
    expected = level_values(facts)
    assert expected is not None
    for name in EXACT:
        row = one.run(name, PEERS[name], facts, BUDGET)
        assert (name, row.status, row.failure) == (name, "optimal", None)
        assert [(level.best, level.value) for level in row.levels] == expected
        assert all(level.bound == level.best for level in row.levels)


def test_a_larger_one_agrees_with_ours() -> None:
    organisation = organisation_from(random_organisation(3, people=7, teams=3, tasks=3))
    proposal = propose(organisation, workers=1)
    assert proposal.status == "optimal"
    facts = Facts(organisation, Policy())
    for name in EXACT:
        row = one.run(name, PEERS[name], facts, BUDGET)
        found = [(level.best, level.value) for level in row.levels]
        assert (name, found) == (name, [(level.best, level.value) for level in proposal.levels])


RULES = {
    "pin": {"kind": "pin", "employee": "a", "team": "B"},
    "forbid": {"kind": "forbid", "employee": "a", "team": "A"},
    "together": {"kind": "together", "employees": ["a", "b"]},
    "apart": {"kind": "apart", "employees": ["a", "b"]},
    "pin_holder": {"kind": "pin_holder", "task": "Q", "employee": "b"},
    "pin_substitute": {"kind": "pin_substitute", "principal": "a", "substitute": "b"},
    "pin_lead": {"kind": "pin_lead", "team": "A", "employee": "b"},
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_holds(rule: dict[str, object]) -> None:
    facts = small.facts(
        teams=[small.team("A", lead=True), small.team("B")],
        employees=[
            small.able("a", needs_substitute=True, interest={"A": 2, "B": 0}),
            small.able("b", interest={"A": 0, "B": 2}),
            small.able("c", interest={"A": 2}),
        ],
        tasks=[small.task(holder="a")],
        rules=[{"id": "r", **rule}],
    )
    expected = level_values(facts)
    for name in EXACT:
        row = one.run(name, PEERS[name], facts, BUDGET)
        assert (name, row.status, row.failure) == (name, "optimal", None)
        assert [(level.best, level.value) for level in row.levels] == expected


def test_no_valid_plan_is_found_out() -> None:
    facts = small.facts(teams=[small.team("A", size={"min": 3, "max": 9}), small.team("B")])
    for name in ("raw_cpsat", "highs_plain"):
        assert one.run(name, PEERS[name], facts, BUDGET).status == "infeasible"
    for name in ("highs", "scip"):
        row = one.run(name, PEERS[name], facts, BUDGET)
        assert not row.was_run
        assert "have a valid plan" in (row.failure or "")


def test_without_time_nothing_is_found() -> None:
    facts = small.facts()
    for name in EXACT:
        row = one.run(name, PEERS[name], facts, Budget(seconds=1e-4, workers=1, seed=0))
        assert (name, row.status, row.levels, row.plan) == (name, "unknown", (), None)


# What a peer says is not believed


def claiming(answer: Answer) -> Peer:
    return Peer("claims something", lambda facts, budget: answer)


def test_a_plan_that_is_not_valid_is_a_failure() -> None:
    row = one.run("liar", claiming(Answer(Plan())), small.facts(), BUDGET)
    assert (row.status, row.plan) == ("failed", None)
    assert "2 rules broken: a is in no team." in (row.failure or "")


@pytest.mark.parametrize(
    ("best", "failure"),
    [(0, "the plan does not cost what is claimed: people"), (6, None), (7, "people")],
)
def test_values_are_those_of_the_evaluation(best: int, failure: str | None) -> None:
    facts = small.facts()  # nobody was asked: 3 points for each of two, in either team
    claim = LevelAnswer("people", best, best, best, proven=True, seconds=0.0)
    row = one.run("liar", claiming(Answer(small.plan(facts), (claim,))), facts, BUDGET)
    if failure is None:
        assert [level.value for level in row.levels] == [0, 0, 6, 0, 0]
        assert [level.status for level in row.levels].count("optimal") == 1
        assert row.status == "feasible"
    else:
        assert row.status == "failed"
        assert failure in (row.failure or "")


def test_a_peer_that_is_not_installed_is_not_run() -> None:
    def solve(facts: Facts, budget: Budget) -> Answer:
        raise NotInstalledError("not installed: pip install it")

    row = one.run("absent", Peer("is not here", solve), small.facts(), BUDGET)
    assert not row.was_run
    assert row.failure == "not installed: pip install it"
