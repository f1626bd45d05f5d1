"""What follows from an input: the words of docs/problem.md, section 2."""

import copy
from typing import Any

import pytest

from models import days
from models.facts import Facts
from models.organisation import fingerprint
from models.policy import Policy
from tests.small import able, facts, leaving, on, organisation, person, policy, span, task, team

OFFICE = {"office_holder": True}


def at(f: Facts, *intervals: tuple[int, int]) -> list[tuple[int, int]]:
    """Intervals of days of the horizon as ordinals."""
    return [(f.horizon[0] + start, f.horizon[0] + end) for start, end in intervals]


# Days


def test_intervals():
    assert days.union([(5, 6), (1, 3), (3, 4), (2, 2), (1, 2)]) == [(1, 4), (5, 6)]
    assert days.subtract((0, 9), [(7, 12), (2, 3), (-4, 1), (20, 30)]) == [(1, 2), (3, 7)]
    assert days.subtract((0, 9), [(-1, 9)]) == []
    assert days.subtract((0, 9), [(3, 3)]) == [(0, 9)]
    assert days.overlap([(0, 2), (4, 9)], (1, 5)) == [(1, 2), (4, 5)]
    assert days.segments((0, 9), [0, 4, 9, 12, 4]) == [(0, 4), (4, 9)]
    assert days.segments((3, 3), [3]) == []
    assert days.length([(0, 2), (4, 9)]) == 7


# Service and presence


@pytest.mark.parametrize(
    ("fields", "service"),
    [
        ({}, (0, 30)),
        ({"joins": on(-9)}, (0, 30)),
        ({"joins": on(4)}, (4, 30)),
        ({"leaves": leaving(4)}, (0, 4)),
        ({"leaves": leaving(90)}, (0, 30)),
        ({"joins": on(4), "leaves": leaving(5)}, (4, 5)),
    ],
)
def test_service(fields: dict[str, Any], service: tuple[int, int]):
    f = facts(employees=[person("a", **fields)])
    assert [f.service("a")] == at(f, service)
    assert f.is_starter("a") == (service[0] == 0)
    assert f.starters == (("a",) if service[0] == 0 else ())
    assert f.leaves_within("a") == (service[1] < 30)
    assert f.not_in_service == ()


@pytest.mark.parametrize(
    "fields", [{"leaves": leaving(0)}, {"joins": on(30)}, {"leaves": leaving(-400)}]
)
def test_people_never_in_service_are_left_out_and_listed(fields: dict[str, Any]):
    f = facts(employees=[person("a", **fields), person("b")])
    assert list(f.employees) == ["b"]
    assert f.not_in_service == ("a",)
    assert f.departure_share == 0


def test_presence_is_service_without_absences():
    f = facts(
        employees=[
            person(
                "a",
                joins=on(2),
                leaves=leaving(20),
                absences=[span(15, 25), span(5, 8), span(0, 3), span(7, 10)],
            )
        ]
    )
    assert f.presence("a") == at(f, (3, 5), (10, 15))
    assert f.change_points(["a"]) == {f.horizon[0] + d for d in (3, 5, 10, 15)}


def test_tasks_never_active_are_left_out_and_listed():
    f = facts(
        tasks=[
            task("Q", active={"end": on(0)}),
            task("R", active={"start": on(30)}),
            task("S", active={"start": on(29)}),
            task("T", active={"start": on(-3), "end": on(40)}),
        ]
    )
    assert f.tasks_left_out == ("Q", "R")
    assert [f.active(q) for q in f.tasks] == at(f, (29, 30), (0, 30))


def test_eligible_teams_are_all_unless_given_in_the_order_of_the_teams():
    f = facts(
        teams=[team("A"), team("B"), team("C")],
        employees=[person("a"), person("b", eligible_teams=["C", "A"])],
    )
    assert f.eligible("a") == ("A", "B", "C")
    assert f.eligible("b") == ("A", "C")


# Qualified and ready


@pytest.mark.parametrize(
    ("employee", "wanted", "expected"),
    [
        ({"skills": {"s": 2}}, {"level": 2}, True),
        ({"skills": {"s": 1}}, {"level": 2}, False),
        ({"skills": {"t": 3}}, {}, False),
        ({}, {"level": 3, "holder": "a"}, True),
        ({"skills": {"s": 3}}, {"qualification": "card"}, False),
        ({"skills": {"s": 3}, "qualifications": ["card"]}, {"qualification": "card"}, True),
        ({}, {"qualification": "card", "holder": "a"}, False),
        ({"skills": {"s": 3}}, {"kind": "authority"}, False),
        ({"skills": {"s": 3}, **OFFICE}, {"kind": "authority"}, True),
        ({}, {"kind": "authority", "holder": "a"}, False),
        ({**OFFICE}, {"kind": "authority", "holder": "a"}, True),
    ],
)
def test_qualified(employee: dict[str, Any], wanted: dict[str, Any], expected: bool):
    f = facts(employees=[person("a", **employee)], tasks=[task(**wanted)])
    assert f.is_qualified("a", "Q") is expected
    assert f.qualified("Q") == f.qualified("Q") == (("a",) if expected else ())
    holds = expected and wanted.get("holder") == "a"
    assert f.current_holder("Q") == ("a" if holds else None)


@pytest.mark.parametrize(
    ("employee", "fields", "expected"),
    [
        ({}, {}, 0),
        ({}, {"handover_days": 8}, 8),
        ({}, {"handover_days": 90}, 90),
        ({"joins": on(5)}, {"handover_days": 8}, 13),
        ({}, {"handover_days": 8, "holder": "a"}, 0),
        ({"joins": on(5)}, {"handover_days": 8, "holder": "a"}, 5),
        ({}, {"handover_days": 8, "prepared": {"a": on(3)}}, 3),
        ({}, {"handover_days": 8, "prepared": {"a": on(9)}}, 8),
        ({}, {"handover_days": 8, "prepared": {"a": on(-9)}}, 0),
        ({"joins": on(5)}, {"handover_days": 8, "prepared": {"a": on(-9)}}, 5),
    ],
)
def test_ready(employee: dict[str, Any], fields: dict[str, Any], expected: int):
    f = facts(employees=[able("a", **employee)], tasks=[task(**fields)])
    assert f.ready("a", "Q") - f.horizon[0] == expected


def test_tenure():
    f = facts(
        employees=[able("a", leaves=leaving(20)), able("b"), able("late", joins=on(25))],
        tasks=[task(active=span(3, 22), handover_days=5)],
    )
    start = f.horizon[0]
    assert [f.tenure("a", "Q")] == at(f, (5, 20))
    assert [f.tenure("b", "Q", start + 20)] == at(f, (20, 22))
    assert f.may_hold("a", "Q")
    assert not f.may_hold("late", "Q")
    f = facts(employees=[person("a")], tasks=[task()])
    assert not f.may_hold("a", "Q")


# The current holder


@pytest.mark.parametrize(
    ("holder", "fields", "settled"),
    [
        ({}, {}, True),
        ({}, {"team": "A"}, False),
        ({"leaves": leaving(10)}, {}, True),
        ({"leaves": leaving(9)}, {}, False),
        ({"joins": on(1)}, {}, False),
        ({"joins": on(1)}, {"active": span(1, 30)}, True),
        # Shorter than ten days: the whole of it counts.
        ({"leaves": leaving(6)}, {"active": span(2, 6)}, True),
        ({"leaves": leaving(5)}, {"active": span(2, 6)}, False),
        # Present on half of the ten days, and on one day less.
        ({"absences": [span(5, 30)]}, {}, True),
        ({"absences": [span(4, 30)]}, {}, False),
        ({"leaves": leaving(-3)}, {}, False),
        ({}, {"kind": "authority"}, False),
        ({**OFFICE}, {"kind": "authority"}, True),
    ],
)
def test_settled_holder(holder: dict[str, Any], fields: dict[str, Any], settled: bool):
    f = facts(
        policy(settled_days=10),
        employees=[person("a", **holder), able("b")],
        tasks=[task(holder="a", **fields)],
    )
    assert f.settled_holder == ({"Q": "a"} if settled else {})
    assert f.moves_with_holder == f.settled_holder


def test_a_pin_of_somebody_else_keeps_a_task_from_moving():
    rule = {"id": "r", "kind": "pin_holder", "task": "Q"}
    for pinned, moving in (("a", {"Q": "a"}), ("b", {}), ("left", {"Q": "a"})):
        f = facts(
            employees=[able("a"), able("b"), able("left", leaves=leaving(0))],
            tasks=[task(holder="a")],
            rules=[{**rule, "employee": pinned}],
        )
        assert f.settled_holder == {"Q": "a"}
        assert f.moves_with_holder == moving


def test_who_holds_today():
    f = facts(
        employees=[able("a", absences=[span(4, 6)]), able("left", leaves=leaving(0))],
        tasks=[task("Q", holder="a"), task("R", holder="left"), task("S"), task("T", holder="a")],
    )
    assert f.held_today == {"a": ("Q", "T")}
    assert f.holder_before("Q") == at(f, (0, 4), (6, 30))
    assert f.holder_before("R") == f.holder_before("S") == []
    assert f.current_holder("R") is None


def test_limits_are_no_lower_than_today():
    held = [task(f"Q{i}", holder="a", load=40) for i in range(3)]
    f = facts(policy(max_tasks=2), employees=[able("a", fte=50), able("b", fte=50)], tasks=held)
    assert (f.load_limit("a"), f.task_limit("a")) == (120, 3)
    assert (f.load_limit("b"), f.task_limit("b")) == (50, 2)


# Substitutes


@pytest.mark.parametrize(
    ("principal", "substitute", "expected"),
    [
        ({}, {"s": 3}, 0),
        ({"s": 2}, {}, 0),
        ({"s": 2}, {"s": 3}, 10),
        # floor(10 * 1 / 3) and floor(10 * 2 / 3)
        ({"s": 3}, {"s": 1}, 3),
        ({"s": 3}, {"s": 2}, 6),
        # floor(10 * (1 + 2) / 5)
        ({"s": 3, "t": 2}, {"s": 1, "t": 3}, 6),
    ],
)
def test_fit_of_skills(principal: dict[str, int], substitute: dict[str, int], expected: int):
    f = facts(employees=[person("a", skills=principal), person("b", skills=substitute)])
    assert f.fit("a", "b") == expected


@pytest.mark.parametrize(
    ("number", "fields", "expected"),
    [(2, OFFICE, 10), (0, {}, 10), (1, {}, 8), (2, {}, 6), (5, {}, 0), (6, {}, 0)],
)
def test_fit_lacks_two_for_every_authority_task(number: int, fields: dict[str, Any], expected: int):
    duties = [task(f"Q{i}", kind="authority", holder="a") for i in range(number)]
    others = [
        task("ordinary", holder="a"),
        task("gone", kind="authority", holder="a", active={"end": on(0)}),
    ]
    # That the principal holds no office themselves changes nothing.
    f = facts(employees=[able("a"), able("b", **fields)], tasks=[*duties, *others])
    assert f.fit("a", "b") == expected


def test_may_substitute():
    f = facts(
        employees=[
            person("a", skills={"s": 2}, needs_substitute=True, leaves=leaving(10)),
            able("b"),
            able("late", joins=on(10)),
            person("unlike"),
            person("c", needs_substitute=True, substitute="unlike"),
        ]
    )
    allowed = [(a, b) for a in f.employees for b in f.employees if f.may_substitute(a, b)]
    assert allowed == [("a", "b"), ("c", "unlike")]


def test_days_away():
    f = facts(
        employees=[
            person("a", joins=on(2), leaves=leaving(20)),
            person("b", absences=[span(0, 5), span(18, 25)]),
        ]
    )
    assert f.days_away("a", "b") == 3 + 2
    assert f.days_away("b", "a") == 2 + 10


# Leaders


@pytest.mark.parametrize(
    ("fields", "soon"),
    [
        ({}, False),
        ({"leaves": leaving(19)}, True),
        ({"leaves": leaving(20)}, False),
        ({"absences": [span(0, 10)]}, False),
        ({"absences": [span(0, 11)]}, True),
        # Days that two absences share count once, those after the first twenty not.
        ({"absences": [span(0, 9), span(5, 10), span(20, 30)]}, False),
        ({"absences": [span(-30, 8), span(17, 30)]}, True),
    ],
)
def test_leaves_soon(fields: dict[str, Any], soon: bool):
    f = facts(policy(lead_min_days=20), employees=[person("a", **fields)])
    assert f.leaves_soon("a") is soon


def test_leaves_soon_beyond_the_horizon():
    # The default asks for a year, the horizon is a month: a departure counts, and of the
    # absences more than half of the month.
    assert facts(employees=[person("a", leaves=leaving(364))]).leaves_soon("a")
    assert not facts(employees=[person("a", leaves=leaving(365))]).leaves_soon("a")
    assert not facts(employees=[person("a", absences=[span(0, 15)])]).leaves_soon("a")
    assert facts(employees=[person("a", absences=[span(0, 16)])]).leaves_soon("a")
    none = policy(lead_min_days=0)
    assert not facts(none, employees=[person("a", absences=[span(0, 30)])]).leaves_soon("a")


# Headcount


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], []),
        ([(5, 2)], [((5, 30), 2)]),
        ([(10, 3), (0, 2)], [((0, 10), 2), ((10, 30), 3)]),
        ([(-20, 1), (-10, 2), (29, 0), (30, 5)], [((0, 29), 2), ((29, 30), 0)]),
        ([(-20, 1), (0, 2)], [((0, 30), 2)]),
        ([(45, 2)], []),
    ],
)
def test_demand(steps: list[tuple[int, int]], expected: list[tuple[tuple[int, int], int]]):
    demand = [{"from": on(day), "people": people} for day, people in steps]
    f = facts(teams=[team("A", demand=demand)])
    assert f.demand("A") == [(at(f, days)[0], people) for days, people in expected]


def test_departure_share_is_floored():
    f = facts(employees=[person("a", leaves=leaving(9)), person("b"), person("c")])
    assert f.departure_share == 33
    assert facts(employees=[]).departure_share == 0


# Rules that do not apply

PEOPLE = [person("a"), person("b"), person("left", leaves=leaving(0))]
TASKS = [task("Q"), task("gone", active={"end": on(0)})]


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "pin", "employee": "left", "team": "A"},
        {"kind": "forbid", "employee": "left", "team": "A"},
        {"kind": "together", "employees": ["a", "left"]},
        {"kind": "apart", "employees": ["left", "a"]},
        {"kind": "pin_holder", "task": "Q", "employee": "left"},
        {"kind": "pin_holder", "task": "gone", "employee": "a"},
        {"kind": "pin_substitute", "principal": "left", "substitute": "a"},
        {"kind": "pin_substitute", "principal": "a", "substitute": "left"},
        {"kind": "pin_lead", "team": "A", "employee": "left"},
    ],
)
def test_a_rule_about_somebody_or_something_left_out_does_not_apply(rule: dict[str, Any]):
    people = [{**p, "needs_substitute": True} for p in PEOPLE]
    f = facts(
        teams=[team("A", lead=True)],
        employees=people,
        tasks=TASKS,
        rules=[{"id": "r", **rule}],
    )
    assert f.rules == {}
    assert f.pins_of_holder == {}
    (warning,) = f.rule_warnings
    assert (warning.code, warning.place) == ("rule_does_not_apply", "rules[r]")
    assert "does not apply: it names" in warning.message


@pytest.mark.parametrize("kind", ["together", "apart"])
def test_the_rest_of_together_and_apart_applies(kind: str):
    f = facts(employees=PEOPLE, rules=[{"id": "r", "kind": kind, "employees": ["b", "left", "a"]}])
    assert f.rules["r"].employees == ("b", "a")
    (warning,) = f.rule_warnings
    assert "does not apply to left" in warning.message


def test_rules_that_apply_stay_as_they_are():
    rules = [
        {"id": "r1", "kind": "pin", "employee": "a", "team": "A"},
        {"id": "r2", "kind": "pin_holder", "task": "Q", "employee": "a"},
        {"id": "r3", "kind": "pin_holder", "task": "Q", "employee": "b"},
    ]
    f = facts(employees=PEOPLE, tasks=TASKS, rules=rules)
    assert list(f.rules) == ["r1", "r2", "r3"]
    assert [r.id for r in f.pins_of_holder["Q"]] == ["r2", "r3"]
    assert f.rule_warnings == []


# Fingerprints


def test_the_fingerprint_is_of_the_content():
    given = organisation(tasks=[task()])
    first = facts(**given).organisation
    shuffled = dict(reversed(copy.deepcopy(given).items()))
    shuffled["employees"][0]["fte"] = 100
    assert facts(**shuffled).organisation.sha256() == first.sha256()
    shuffled["employees"][0]["fte"] = 90
    assert facts(**shuffled).organisation.sha256() != first.sha256()
    assert facts(**first.to_dict()).organisation == first
    assert first.sha256() == fingerprint(first.to_dict())
    assert Policy().sha256() == policy().sha256() != policy(min_fit=4).sha256()
