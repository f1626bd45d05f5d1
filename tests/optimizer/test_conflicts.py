"""Infeasible input names a minimal set of rules that cannot hold together."""

from __future__ import annotations

from typing import Any

import pytest

from models.facts import Facts
from models.policy import Policy
from models.reading import organisation_from
from optimizer import propose
from optimizer.conflicts import Oracle, UndecidedError, can_hold, named_rules
from optimizer.cpsat import Limits
from optimizer.rule_program import RuleProgram


def organisation(rules: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """Four people, two teams, two tasks; E1 holds both tasks, E4 knows nothing and joins late."""
    people = {
        "E1": {"skills": {"s": 2}, "eligible_teams": ["A"]},
        "E2": {"skills": {"s": 2}},
        "E3": {"skills": {"s": 1}, "eligible_teams": ["B"]},
        "E4": {"skills": {}, "joins": "2020-02-01"},
    }
    tasks: dict[str, dict[str, Any]] = {
        "Q1": {"holder": "E1", "load": 60},
        "Q2": {"holder": "E1", "load": 60},
    }
    for name, change in changes.items():
        (people.get(name) or tasks[name]).update(change)
    return {
        "name": "conflicts",
        "horizon": {"start": "2020-01-01", "end": "2021-01-01"},
        "skills": [{"id": "s"}],
        "teams": [
            {"id": "A", "size": {"min": 0, "max": 2}},
            {"id": "B", "size": {"min": 0, "max": 2}},
        ],
        "employees": [{"id": e} | row for e, row in people.items()],
        "tasks": [
            {"id": q, "kind": "special", "skill": "s", "level": 2} | t for q, t in tasks.items()
        ],
        "rules": [{"id": f"r{i}"} | rule for i, rule in enumerate(rules, start=1)],
    }


def pin(employee: str, team: str) -> dict[str, Any]:
    return {"kind": "pin", "employee": employee, "team": team}


def holder(task: str, employee: str) -> dict[str, Any]:
    return {"kind": "pin_holder", "task": task, "employee": employee}


def substitute(principal: str, of: str) -> dict[str, Any]:
    return {"kind": "pin_substitute", "principal": principal, "substitute": of}


def lead(team: str, employee: str) -> dict[str, Any]:
    return {"kind": "pin_lead", "team": team, "employee": employee}


def group(kind: str, *employees: str) -> dict[str, Any]:
    return {"kind": kind, "employees": list(employees)}


CASES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "pinned where not eligible": (organisation([pin("E1", "B")]), {"r1", "eligible:E1"}),
    "pinned in two teams": (organisation([pin("E2", "A"), pin("E2", "B")]), {"r1", "r2"}),
    "pinned and forbidden": (
        organisation([pin("E2", "A"), {"kind": "forbid", "employee": "E2", "team": "A"}]),
        {"r1", "r2"},
    ),
    "together without a common team": (
        organisation([group("together", "E1", "E3")]),
        {"r1", "eligible:E1", "eligible:E3"},
    ),
    "together and apart": (
        organisation([group("together", "E1", "E2"), group("apart", "E1", "E2")]),
        {"r1", "r2"},
    ),
    "three apart in two teams": (organisation([group("apart", "E1", "E2", "E4")]), {"r1"}),
    "holder not qualified": (organisation([holder("Q1", "E3")]), {"r1", "qualified:Q1"}),
    "holder with no day": (
        organisation([holder("Q1", "E2")], Q1={"handover_days": 400}),
        {"r1", "tenure:Q1"},
    ),
    "two first holders": (organisation([holder("Q1", "E1"), holder("Q1", "E2")]), {"r1", "r2"}),
    "holder outside the task's team": (
        organisation([holder("Q1", "E1")], Q1={"team": "B"}),
        {"r1", "team:Q1", "eligible:E1"},
    ),
    "holder overloaded": (
        organisation([holder("Q1", "E2"), holder("Q2", "E2")]),
        {"r1", "r2", "load:E2"},
    ),
    "substitute who does not fit": (organisation([substitute("E2", "E4")]), {"r1", "fit:E2"}),
    "two substitutes": (
        organisation([substitute("E2", "E1"), substitute("E2", "E3")]),
        {"r1", "r2"},
    ),
    "leader who is no starter": (organisation([lead("A", "E4")]), {"r1", "lead:A"}),
    "two leaders": (organisation([lead("A", "E1"), lead("A", "E2")]), {"r1", "r2", "lead:A"}),
    "leader in another team": (
        organisation([lead("A", "E2"), pin("E2", "B")]),
        {"r1", "r2", "lead:A"},
    ),
}


@pytest.mark.parametrize(("data", "expected"), CASES.values(), ids=CASES)
def test_the_conflict_is_named(data: dict[str, Any], expected: set[str]) -> None:
    proposal = propose(organisation_from(data), workers=1)
    assert proposal.status == "infeasible"
    assert set(proposal.conflicts) == expected
    assert proposal.placements == ()
    assert proposal.levels == ()


@pytest.mark.parametrize("data", [data for data, _ in CASES.values()], ids=CASES)
def test_the_conflict_is_minimal(data: dict[str, Any]) -> None:
    facts = Facts(organisation_from(data), Policy())
    conflict = propose(facts.organisation, workers=1).conflicts
    assert not can_hold(facts, conflict, limits())
    for name in conflict:
        assert can_hold(facts, set(conflict) - {name}, limits())


@pytest.mark.parametrize("name", CASES)
def test_teams_that_rules_exclude_change_no_answer(name: str) -> None:
    """Where eligibility is kept, there are no variables for other teams: the same all the same."""
    facts = Facts(organisation_from(CASES[name][0]), Policy())
    names = named_rules(facts)
    whole = Oracle(RuleProgram(facts), limits())
    for left_out in (None, *names):
        kept = set(names) - {left_out}
        assert can_hold(facts, kept, limits()) == whole.can_hold(kept), left_out
    narrowed, everything = RuleProgram(facts, kept=names).program, RuleProgram(facts).program
    assert len(narrowed.lower) < len(everything.lower)


def test_too_small_a_team_is_a_conflict_of_sizes() -> None:
    data = organisation([])
    for team in data["teams"]:
        team["size"]["max"] = 1
    assert set(propose(organisation_from(data)).conflicts) == {"size:A", "size:B"}


def test_too_many_principals() -> None:
    rules = [substitute("E1", "E2"), substitute("E4", "E2")]
    data = organisation(rules, E4={"skills": {"s": 1}}, E1={"eligible_teams": ["A", "B"]})
    policy = Policy(max_principals=1)
    conflicts = set(propose(organisation_from(data), policy, workers=1).conflicts)
    assert conflicts == {"r1", "r2", "principals:E2"}


def test_too_many_tasks() -> None:
    data = organisation([holder("Q1", "E2"), holder("Q2", "E2")], Q1={"load": 0}, Q2={"load": 0})
    conflicts = set(propose(organisation_from(data), Policy(max_tasks=1), workers=1).conflicts)
    assert conflicts == {"r1", "r2", "tasks:E2"}


def test_tasks_that_move_yield_to_a_pin() -> None:
    data = organisation([holder("Q1", "E2")])
    proposal = propose(organisation_from(data), workers=1)
    assert proposal.status == "optimal"
    assert next(h.employee for h in proposal.holders if h.task == "Q1") == "E2"


def test_without_time_nothing_is_claimed() -> None:
    facts = Facts(organisation_from(organisation([])), Policy())
    with pytest.raises(UndecidedError):
        can_hold(facts, named_rules(facts), Limits.for_seconds(0, workers=1))
    assert propose(facts.organisation, time_limit=0).status == "unknown"


def limits() -> Limits:
    return Limits.for_seconds(60, workers=1)
