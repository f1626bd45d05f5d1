"""The part of the problem that group formers know, and team-formation on it where installed."""

import sys

import pytest

from benchmarks.instances import is_one, load, names
from benchmarks.peers import one
from benchmarks.peers.answer import Budget
from benchmarks.peers.listing import PEERS
from benchmarks.policies import PLACEMENT
from models import Facts, Policy
from models.reading import organisation_from
from optimizer import propose
from tests import small
from tests.brute_force import level_values

NAME = "team_formation"
BUDGET = Budget(seconds=10, workers=1, seed=0)


def asked(policy: Policy = PLACEMENT, **fields: object) -> Facts:
    """Two teams of two; two people like one team best and two the other."""
    size = {"min": 2, "max": 2}
    people = [
        small.person("a", interest={"A": 1, "B": 0}, sector="x"),
        small.person("b", interest={"A": 2, "B": 0}, sector="y", team="A"),
        small.person("c", interest={"A": 0, "B": 2}, sector="x"),
        small.person("d", interest={"A": 1, "B": 2}, sector="y"),
    ]
    teams = [small.team("A", size=size), small.team("B", size=size)]
    return small.facts(policy, **{"teams": teams, "employees": people, **fields})


def test_it_finds_the_best_plan_and_proves_nothing_of_ours() -> None:
    pytest.importorskip("team_formation", reason="it comes with the extra `peers`")
    facts = asked()
    row = one.run(NAME, PEERS[NAME], facts, BUDGET)
    assert (row.status, row.failure) == ("feasible", None)
    # Everybody where they like it best, which costs 1 × 3 for a; two sectors in each team.
    assert [(level.best, level.bound) for level in row.levels] == [(3, None)]
    assert level_values(facts) == [(3, 3)]
    assert row.plan is not None
    assert row.plan.placements == {"a": "A", "b": "A", "c": "B", "d": "B"}
    assert row.remark == "the best by its own objective"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"tasks": [small.task()]}, "neither tasks"),
        ({"rules": [{"id": "r", "kind": "pin", "employee": "a", "team": "A"}]}, "rules"),
        ({"teams": [small.team("A", lead=True), small.team("B")]}, "leads"),
        ({"employees": [small.person("a", joins=small.on(3)), small.person("b")]}, "joins later"),
        ({"teams": [small.team(t, size={"min": 0, "max": 1}) for t in "AB"]}, "equal groups"),
    ],
)
def test_it_says_what_it_does_not_know(fields: dict[str, object], why: str) -> None:
    pytest.importorskip("team_formation", reason="it comes with the extra `peers`")
    row = one.run(NAME, PEERS[NAME], asked(**fields), BUDGET)
    assert not row.was_run
    assert why in (row.failure or "")


def test_it_does_not_know_the_default_policy() -> None:
    pytest.importorskip("team_formation", reason="it comes with the extra `peers`")
    row = one.run(NAME, PEERS[NAME], asked(Policy()), BUDGET)
    assert "one level" in (row.failure or "")


def test_where_it_is_not_installed_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "team_formation", None)
    row = one.run(NAME, PEERS[NAME], asked(), BUDGET)
    assert not row.was_run
    assert row.failure == "not installed: pip install 'tiimi[peers]'"


@pytest.mark.parametrize("name", ["jamsa-2018", "scale-57-tight-many", "random:1"])
def test_the_part_is_about_placements_alone(name: str) -> None:
    whole, part = load(name), load(f"placement:{name}")
    facts = Facts(part, PLACEMENT)
    assert len(facts.employees) == len(Facts(whole, Policy()).employees)
    assert facts.starters == tuple(facts.employees)
    assert (part.tasks, part.rules) == ((), ())
    sizes = {team.size.max for team in part.teams}
    assert len(sizes) == 1
    assert organisation_from(part.to_dict(), PLACEMENT) == part
    proposal = propose(part, PLACEMENT, workers=1)
    assert (proposal.status, proposal.leads, proposal.substitutes) == ("optimal", (), ())


def test_parts_are_instances() -> None:
    assert is_one("placement:jamsa-2018")
    assert is_one("placement:random:1")
    assert not is_one("placement:nobody")
    assert not is_one("placement:placement:example")
    assert "placement:NAME" in names()
