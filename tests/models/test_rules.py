"""Every hard rule on two to four people: what it allows, what it forbids, the odd cases."""

from datetime import date
from typing import Any

import pytest

from models.evaluation import evaluate_facts
from models.proposal import Placement
from tests.small import (
    able,
    broken,
    facts,
    leaving,
    on,
    person,
    placement,
    plan,
    policy,
    span,
    task,
    team,
    tenure,
    valid,
)

SIZED = [team("A", size={"min": 1, "max": 1}), team("B")]
LED = [team("A", lead=True), team("B")]
SIMILAR = {"skills": {"s": 2}, "needs_substitute": True}


# Form


def test_an_empty_plan_of_nobody_is_valid():
    f = facts(employees=[])
    assert broken(f, plan(f)) == []


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"leads": [("A", "ghost")]}, "leads[A]"),
        ({"leads": [("ghost", "a")]}, "leads[ghost]"),
        ({"holders": [("ghost", "a", 0, 30)]}, "holders[ghost]"),
        ({"holders": [("Q", "ghost", 0, 30)]}, "holders[Q]"),
        ({"substitutes": [("ghost", "a", 0)]}, "substitutes[ghost]"),
        ({"substitutes": [("a", "ghost", 0)]}, "substitutes[a]"),
        ({"holders": [("gone", "a", 0, 30)]}, "holders[gone]"),
        ({"leads": [("A", "left")]}, "leads[A]"),
    ],
)
def test_rows_that_name_nobody_planned_for_are_told(fields: dict[str, Any], rule: str):
    f = facts(
        employees=[able("a"), able("b"), able("left", leaves=leaving(-5))],
        tasks=[task(), task("gone", active={"end": on(-1)})],
    )
    assert broken(f, plan(f, {"a": "A", "b": "A"}, **fields)) == [rule]


def test_unknown_places_are_told_and_the_rest_of_the_row_is_not_used():
    f = facts()
    rows = [
        placement(f, "a", "A"),
        placement(f, "b", "ghost"),
        Placement(employee="ghost", team="A", start=date(2020, 1, 1), end=date(2020, 1, 31)),
    ]
    assert broken(f, plan(f, placements=tuple(rows))) == [
        "placements[b]",
        "placements[ghost]",
        "placement:b",
    ]


# Placement


def test_everybody_is_placed_for_all_their_service():
    f = facts(employees=[person("a", joins=on(3)), person("b", leaves=leaving(20))])
    assert [(p.start.day, p.end.day) for p in plan(f).placements] == [(4, 31), (1, 21)]
    valid(f, plan(f))


def test_nobody_is_left_out():
    f = facts()
    assert broken(f, plan(f, {"a": "A"})) == ["placement:b"]


def test_nobody_is_placed_twice():
    f = facts()
    rows = (placement(f, "a", "A"), placement(f, "b", "A"), placement(f, "a", "B"))
    assert broken(f, plan(f, placements=rows)) == ["placement:a"]


@pytest.mark.parametrize("wrong", [{"start": date(2020, 1, 2)}, {"end": date(2020, 1, 30)}])
def test_a_placement_lasts_neither_shorter_nor_longer_than_the_service(wrong: dict[str, date]):
    f = facts()
    rows = (placement(f, "a", "A").model_copy(update=wrong), placement(f, "b", "A"))
    assert broken(f, plan(f, placements=rows)) == ["placement:a"]


def test_eligible():
    f = facts(employees=[person("a", eligible_teams=["B"]), person("b")])
    valid(f, plan(f, {"a": "B", "b": "A"}))
    assert broken(f, plan(f, {"a": "A", "b": "A"})) == ["eligible:a"]


# The rules of the input

THREE = [person("a"), person("b"), person("c")]


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        ({"kind": "pin", "employee": "a", "team": "B"}, "BAA", "ABB"),
        ({"kind": "forbid", "employee": "a", "team": "B"}, "ABB", "BAA"),
        ({"kind": "together", "employees": ["a", "b", "c"]}, "BBB", "AAB"),
        ({"kind": "together", "employees": ["a", "c"]}, "ABA", "AAB"),
        ({"kind": "apart", "employees": ["a", "b"]}, "ABA", "AAB"),
        ({"kind": "apart", "employees": ["a", "b", "c"]}, "ABC", "ABA"),
    ],
)
def test_rules_about_placement(rule: dict[str, Any], good: str, bad: str):
    f = facts(
        teams=[team("A"), team("B"), team("C")], employees=THREE, rules=[{"id": "r1", **rule}]
    )
    valid(f, plan(f, dict(zip("abc", good, strict=True))))
    assert broken(f, plan(f, dict(zip("abc", bad, strict=True)))) == ["r1"]


def test_pin_holder():
    f = facts(
        employees=[able("a"), able("b", leaves=leaving(10))],
        tasks=[task()],
        rules=[{"id": "r1", "kind": "pin_holder", "task": "Q", "employee": "b"}],
    )
    valid(f, plan(f, holders=[("Q", "b", 0, 10), ("Q", "a", 10, 30)]))
    assert broken(f, plan(f, holders=[("Q", "a", 0, 30)])) == ["r1"]
    assert broken(f, plan(f)) == ["r1"]


def test_pin_substitute():
    f = facts(
        employees=[able("a", needs_substitute=True), able("b"), able("c")],
        rules=[{"id": "r1", "kind": "pin_substitute", "principal": "a", "substitute": "b"}],
    )
    valid(f, plan(f, substitutes=[("a", "b", 10)]))
    assert broken(f, plan(f, substitutes=[("a", "c", 10)])) == ["r1"]
    assert broken(f, plan(f)) == ["r1"]


def test_pin_lead():
    f = facts(teams=LED, rules=[{"id": "r1", "kind": "pin_lead", "team": "A", "employee": "b"}])
    valid(f, plan(f, leads=[("A", "b")]))
    assert broken(f, plan(f, leads=[("A", "a")])) == ["r1"]
    assert broken(f, plan(f, leads=[("A", "a"), ("A", "b")])) == ["r1", "lead:A"]


# Size


def test_size_counts_starters_only():
    f = facts(
        teams=SIZED, employees=[person("a"), person("b", joins=on(1)), person("c", joins=on(2))]
    )
    assert broken(f, plan(f)) == []


@pytest.mark.parametrize("teams", [{"a": "A", "b": "A"}, {"a": "B", "b": "B"}])
def test_size_is_kept_at_both_ends(teams: dict[str, str]):
    f = facts(teams=SIZED)
    valid(f, plan(f, {"a": "A", "b": "B"}))
    assert broken(f, plan(f, teams)) == ["size:A"]


# Lead


def test_a_team_with_a_lead_has_one_leader():
    f = facts(teams=LED)
    valid(f, plan(f, leads=[("A", "a")]))
    assert broken(f, plan(f)) == ["lead:A"]
    assert broken(f, plan(f, leads=[("A", "a"), ("A", "b")])) == ["lead:A"]
    assert broken(f, plan(f, leads=[("A", "a"), ("A", "a")])) == ["lead:A"]


def test_a_team_without_a_lead_or_without_starters_has_no_leader():
    f = facts(teams=LED, employees=[person("a"), person("b", joins=on(1))])
    in_b = {"a": "B", "b": "A"}
    valid(f, plan(f, in_b))
    assert broken(f, plan(f, in_b, leads=[("B", "a")])) == ["lead:B"]
    assert broken(f, plan(f, in_b, leads=[("A", "b")])) == ["lead:A"]


def test_a_leader_is_a_starter_in_the_team():
    f = facts(teams=LED, employees=[person("a"), person("b", joins=on(1)), person("c")])
    teams = {"a": "A", "b": "A", "c": "B"}
    valid(f, plan(f, teams, leads=[("A", "a")]))
    assert broken(f, plan(f, teams, leads=[("A", "b")])) == ["lead:A"]
    assert broken(f, plan(f, teams, leads=[("A", "c")])) == ["lead:A"]


def test_a_leader_may_leave_before_the_end():
    f = facts(teams=LED, employees=[person("a", leaves=leaving(1))])
    assert broken(f, plan(f, leads=[("A", "a")])) == []


def test_a_leader_named_with_nobody_placed():
    f = facts(teams=LED, employees=[person("a")])
    assert broken(f, plan(f, {}, leads=[("A", "a")])) == ["placement:a", "lead:A"]


# Holders

TWO = [able("a", leaves=leaving(10)), able("b")]


def test_a_chain_may_be_empty_or_of_any_length():
    f = facts(employees=TWO, tasks=[task()])
    assert broken(f, plan(f)) == []
    assert broken(f, plan(f, holders=[("Q", "b", 0, 30)])) == []
    assert broken(f, plan(f, holders=[("Q", "b", 10, 30), ("Q", "a", 0, 10)])) == []


def test_everybody_in_a_chain_is_qualified():
    f = facts(employees=[person("a"), person("b", skills={"s": 1})], tasks=[task(level=2)])
    assert broken(f, plan(f, holders=[("Q", "b", 0, 30)])) == ["qualified:Q"]
    f = facts(employees=[person("a", skills={"s": 2})], tasks=[task(level=2)])
    valid(f, plan(f, holders=[("Q", "a", 0, 30)]))


@pytest.mark.parametrize(
    ("wanted", "has"),
    [
        ({"kind": "authority"}, {"office_holder": True}),
        ({"qualification": "card"}, {"qualifications": ["card"]}),
    ],
)
def test_office_and_qualification_are_asked_of_the_current_holder_too(
    wanted: dict[str, Any], has: dict[str, Any]
):
    f = facts(employees=[person("a", **has)], tasks=[task(holder="a", **wanted)])
    valid(f, plan(f, holders=[("Q", "a", 0, 30)]))
    f = facts(employees=[able("a")], tasks=[task(holder="a", **wanted)])
    assert broken(f, plan(f, holders=[("Q", "a", 0, 30)])) == ["qualified:Q"]


def test_a_tenure_begins_when_ready():
    f = facts(employees=[able("a"), able("b")], tasks=[task(handover_days=5)])
    valid(f, plan(f, holders=[("Q", "a", 5, 30)]))
    assert broken(f, plan(f, holders=[("Q", "a", 0, 30)])) == ["tenure:Q"]
    assert broken(f, plan(f, holders=[("Q", "a", 6, 30)])) == ["tenure:Q"]


def test_the_next_begins_when_the_one_before_ends_or_when_ready():
    f = facts(employees=TWO, tasks=[task(handover_days=15, prepared={"a": on(0)})])
    valid(f, plan(f, holders=[("Q", "a", 0, 10), ("Q", "b", 15, 30)]))
    assert broken(f, plan(f, holders=[("Q", "a", 0, 10), ("Q", "b", 10, 30)])) == ["tenure:Q"]


def test_a_tenure_ends_with_the_service_or_the_task():
    f = facts(employees=TWO, tasks=[task(active=span(2, 20))])
    valid(f, plan(f, holders=[("Q", "a", 2, 10), ("Q", "b", 10, 20)]))
    assert broken(f, plan(f, holders=[("Q", "a", 2, 20)])) == ["tenure:Q"]
    assert broken(f, plan(f, holders=[("Q", "b", 2, 30)])) == ["tenure:Q"]


def test_no_tenure_is_empty():
    f = facts(employees=TWO, tasks=[task(handover_days=10)])
    assert broken(f, plan(f, holders=[("Q", "a", 10, 10)])) == ["tenure:Q"]
    f = facts(employees=[able("a"), able("b")], tasks=[task()])
    rows = [("Q", "a", 0, 30), ("Q", "b", 30, 30)]
    assert broken(f, plan(f, holders=rows)) == ["tenure:Q"]


def test_nobody_holds_a_task_twice():
    f = facts(employees=TWO, tasks=[task()])
    rows = [("Q", "a", 0, 10), ("Q", "a", 0, 10)]
    assert broken(f, plan(f, holders=rows)) == ["tenure:Q"]


def test_holders_are_in_the_team_of_the_task():
    f = facts(employees=[able("a"), able("b")], tasks=[task(team="B")])
    valid(f, plan(f, {"a": "A", "b": "B"}, holders=[("Q", "b", 0, 30)]))
    assert broken(f, plan(f, {"a": "A", "b": "B"}, holders=[("Q", "a", 0, 30)])) == ["team:Q"]


def test_without_a_team_of_its_own_a_task_is_where_it_is_held_first():
    f = facts(employees=TWO, tasks=[task()])
    rows = [("Q", "a", 0, 10), ("Q", "b", 10, 30)]
    valid(f, plan(f, {"a": "B", "b": "B"}, holders=rows))
    assert broken(f, plan(f, {"a": "B", "b": "A"}, holders=rows)) == ["team:Q"]


def test_a_tenure_names_the_team_its_holder_is_in():
    f = facts(employees=[able("a")], tasks=[task()])
    rows = (tenure("Q", "a", 0, 30, "B"),)
    wrong = plan(f, {"a": "A"}).model_copy(update={"holders": rows})
    assert broken(f, wrong) == ["team:Q"]


# A task that moves with its holder


def test_a_task_moves_with_its_settled_holder():
    f = facts(employees=[able("a"), able("b")], tasks=[task(holder="a")])
    valid(f, plan(f, {"a": "B", "b": "A"}, holders=[("Q", "a", 0, 30)]))
    assert broken(f, plan(f)) == ["moves:Q"]
    assert broken(f, plan(f, holders=[("Q", "b", 0, 30)])) == ["moves:Q"]


def test_a_pin_of_somebody_else_lets_it_stay():
    pin = {"id": "r1", "kind": "pin_holder", "task": "Q", "employee": "b"}
    f = facts(employees=[able("a"), able("b")], tasks=[task(holder="a")], rules=[pin])
    valid(f, plan(f, holders=[("Q", "b", 0, 30)]))
    f = facts(
        employees=[able("a"), able("b")],
        tasks=[task(holder="a")],
        rules=[{**pin, "employee": "a"}],
    )
    assert broken(f, plan(f, holders=[("Q", "b", 0, 30)])) == ["r1", "moves:Q"]


@pytest.mark.parametrize("settled_days", [10, 11])
def test_a_holder_who_leaves_early_is_not_settled(settled_days: int):
    f = facts(policy(settled_days=settled_days), employees=TWO, tasks=[task(holder="a")])
    found = broken(f, plan(f, holders=[("Q", "b", 0, 30)]))
    assert found == (["moves:Q"] if settled_days == 10 else [])


# Load and number of tasks


def loaded(*loads: int, **fields: Any) -> list[dict[str, Any]]:
    return [task(f"Q{i}", load=load, **fields) for i, load in enumerate(loads)]


def test_loads_sum_to_the_working_time_at_most():
    f = facts(employees=[able("a", fte=80)], tasks=loaded(50, 30, 1))
    valid(f, plan(f, holders=[("Q0", "a", 0, 30), ("Q1", "a", 0, 30)]))
    all_three = [(f"Q{i}", "a", 0, 30) for i in range(3)]
    assert broken(f, plan(f, holders=all_three)) == ["load:a"]


def test_loads_count_day_by_day():
    tasks = [task("Q0", load=60, active=span(0, 10)), task("Q1", load=60, active=span(10, 30))]
    f = facts(employees=[able("a")], tasks=tasks)
    valid(f, plan(f, holders=[("Q0", "a", 0, 10), ("Q1", "a", 10, 30)]))
    tasks[0]["active"] = span(0, 11)
    f = facts(employees=[able("a")], tasks=tasks)
    rows = [("Q0", "a", 0, 11), ("Q1", "a", 10, 30)]
    assert broken(f, plan(f, holders=rows)) == ["load:a"]


def test_somebody_overloaded_today_may_stay_so_with_any_tasks():
    tasks = [*loaded(70, 60, holder="a", team="A"), task("Q2", load=61)]
    f = facts(employees=[able("a")], tasks=tasks)
    valid(f, plan(f, holders=[("Q0", "a", 0, 30), ("Q1", "a", 0, 30)]))
    valid(f, plan(f, holders=[("Q1", "a", 0, 30), ("Q2", "a", 0, 30)]))
    rows = [("Q0", "a", 0, 30), ("Q2", "a", 0, 30)]
    assert broken(f, plan(f, holders=rows)) == ["load:a"]


def test_number_of_tasks():
    f = facts(policy(max_tasks=2), employees=[able("a")], tasks=loaded(0, 0, 0))
    valid(f, plan(f, holders=[("Q0", "a", 0, 30), ("Q2", "a", 0, 30)]))
    all_three = [(f"Q{i}", "a", 0, 30) for i in range(3)]
    assert broken(f, plan(f, holders=all_three)) == ["tasks:a"]
    f = facts(policy(max_tasks=2), employees=[able("a")], tasks=loaded(0, 0, 0, holder="a"))
    valid(f, plan(f, holders=all_three))


# Substitutes


def test_a_substitute_fits_and_is_in_the_same_team():
    f = facts(employees=[person("a", **SIMILAR), person("b", **SIMILAR)])
    valid(f, plan(f, substitutes=[("a", "b", 10), ("b", "a", 10)]))
    apart = plan(f, {"a": "A", "b": "B"}, substitutes=[("a", "b", 10)])
    assert broken(f, apart) == ["fit:a"]


def test_least_fit_and_todays_substitute():
    # fit(a, b) = floor(10 * 1 / 4) = 2, below the 3 that are asked.
    principal = person("a", skills={"s": 1, "t": 3}, needs_substitute=True)
    other = person("b", skills={"s": 1})
    f = facts(employees=[principal, other])
    assert broken(f, plan(f, substitutes=[("a", "b", 2)])) == ["fit:a"]
    f = facts(policy(min_fit=2), employees=[principal, other])
    valid(f, plan(f, substitutes=[("a", "b", 2)]))
    f = facts(employees=[{**principal, "substitute": "b"}, other])
    valid(f, plan(f, substitutes=[("a", "b", 2)]))


def test_a_new_substitute_is_there_on_some_day():
    a = person("a", skills={"s": 2}, needs_substitute=True, leaves=leaving(10))
    f = facts(employees=[a, able("b", absences=[span(0, 9)])])
    valid(f, plan(f, substitutes=[("a", "b", 10)]))
    f = facts(employees=[a, able("b", absences=[span(0, 10)])])
    assert broken(f, plan(f, substitutes=[("a", "b", 10)])) == ["fit:a"]
    f = facts(employees=[{**a, "substitute": "b"}, able("b", joins=on(10))])
    valid(f, plan(f, substitutes=[("a", "b", 10)]))


def test_no_substitute_for_oneself_or_without_need():
    f = facts(employees=[person("a", **SIMILAR), able("b")])
    assert broken(f, plan(f, substitutes=[("a", "a", 10)])) == ["fit:a"]
    assert broken(f, plan(f, substitutes=[("b", "a", 10)])) == ["fit:b"]


def test_one_substitute_each_and_the_fit_as_it_is():
    f = facts(employees=[person("a", **SIMILAR), able("b"), able("c")])
    assert broken(f, plan(f, substitutes=[("a", "b", 10), ("a", "c", 10)])) == ["fit:a"]
    assert broken(f, plan(f, substitutes=[("a", "b", 9)])) == ["fit:a"]


def test_number_of_principals():
    people = [person(e, **SIMILAR) for e in "abc"]
    f = facts(employees=[*people, able("d")])
    valid(f, plan(f, substitutes=[("a", "d", 10), ("b", "d", 10)]))
    three = [(e, "d", 10) for e in "abc"]
    assert broken(f, plan(f, substitutes=three)) == ["principals:d"]
    f = facts(policy(max_principals=3), employees=[*people, able("d")])
    valid(f, plan(f, substitutes=three))


def test_everything_broken_is_told_at_once_and_in_words():
    f = facts(teams=[team("A", lead=True, size={"min": 3, "max": 3}), team("B")])
    wrong = plan(f, {"a": "A"}, leads=[("B", "a")], substitutes=[("a", "b", 0)])
    found = evaluate_facts(f, wrong).violations
    assert list(dict.fromkeys(v.rule for v in found)) == [
        "placement:b",
        "size:A",
        "lead:A",
        "lead:B",
        "fit:a",
    ]
    assert "A has 1 starters, not 3 to 3." in [v.message for v in found]
