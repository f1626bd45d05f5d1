"""Who goes together, and what few people know."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.days import as_date
from models.facts import Facts
from models.proposal import Plan
from optimizer.risk import risk_of
from optimizer.risk.chains import Chains, Pair
from optimizer.risk.tacit import TacitSkill
from tests.optimizer.risk_by_hand import all_days, case, is_present
from tests.small import able, date_of, facts, leaving, person, plan, span, task

LONG = {"horizon": {"start": "2020-01-01", "end": "2024-01-01"}}


def chains(facts: Facts, plan: Plan | None = None) -> Chains:
    return risk_of(facts, plan).chains


def retiring(name: str, when: str, **fields: Any) -> dict[str, Any]:
    departure = {"date": when, "reason": "retirement", "source": "stated"}
    return person(name, leaves=departure, **fields)


# Substitutes


def test_substitutes_in_a_circle_have_nobody_when_all_are_away() -> None:
    employees = [
        person("x", substitute="c", absences=[span(0, 30)]),
        person("a", substitute="b", absences=[span(4, 12)]),
        person("b", substitute="c", absences=[span(6, 14)]),
        person("c", substitute="a", absences=[span(2, 10)]),
        person("d", substitute="e", leaves=leaving(7)),
        person("e", substitute="d", absences=[span(6, 9)]),
        person("f", substitute="g"),
        person("g"),
    ]
    found = chains(facts(employees=employees)).cycles
    told = [(c.people, c.days_all_away, c.first_day) for c in found]
    # a, b and c: days 6 to 9. d and e: d is gone, e is away on days 7 and 8.
    assert told == [
        (("a", "b", "c"), 4, date_of(6)),
        (("d", "e"), 2, date_of(7)),
    ]


@pytest.mark.parametrize("with_plan", [False, True], ids=["today", "proposal"])
@pytest.mark.parametrize("seed", range(40))
def test_circles_and_links_are_found_by_walking(seed: int, with_plan: bool) -> None:
    some, decided = case(seed, with_plan)
    found = chains(some, decided)
    pairs = {e: p.substitute for e, p in some.employees.items() if p.substitute in some.employees}
    if decided is not None:
        pairs = {s.principal: s.substitute for s in decided.substitutes}
    circles = set()
    for start in pairs:
        walk = [start]
        while (step := pairs.get(walk[-1])) is not None and step not in walk:
            walk.append(step)
        if pairs.get(walk[-1]) == start:
            circles.add(frozenset(walk))
    assert {frozenset(c.people) for c in found.cycles} == circles
    assert len(found.cycles) == len(circles)
    for c in found.cycles:
        assert all(
            pairs[a] == b for a, b in zip(c.people, (*c.people[1:], c.people[0]), strict=True)
        )
        away = [
            d
            for d in all_days(some)
            if any(in_service(some, e, d) for e in c.people)
            and not any(is_present(some, e, d) for e in c.people)
        ]
        assert (c.days_all_away, c.first_day) == (
            len(away),
            as_date(away[0]) if away else None,
        )
    both_away = {}
    lost = {}
    for a, b in pairs.items():
        for d in all_days(some):
            if in_service(some, a, d) and is_gone(some, b, d):
                lost.setdefault((a, b), []).append(d)
            absent = [in_service(some, e, d) and not is_present(some, e, d) for e in (a, b)]
            if all(absent):
                both_away.setdefault((a, b), []).append(d)
    assert {(x.principal, x.substitute): (x.first_day, x.days) for x in found.away_links} == {
        pair: (as_date(days[0]), len(days)) for pair, days in both_away.items()
    }
    assert {(x.principal, x.substitute): (x.day, x.days) for x in found.lost_substitutes} == {
        pair: (as_date(days[0]), len(days)) for pair, days in lost.items()
    }


def in_service(facts: Facts, employee: str, day: int) -> bool:
    e = facts.employees[employee]
    return (e.joins is None or e.joins <= as_date(day)) and not is_gone(facts, employee, day)


def is_gone(facts: Facts, employee: str, day: int) -> bool:
    leaves = facts.employees[employee].leaves
    return leaves is not None and leaves.date <= as_date(day)


def test_a_chain_leaves_together_link_by_link() -> None:
    employees = [
        retiring("a", "2021-01-01", substitute="b"),
        retiring("b", "2021-06-30", substitute="c"),  # 180 days after a
        retiring("c", "2021-12-27", substitute="d"),  # 180 days after b
        retiring("d", "2022-06-26", substitute="a"),  # 181 days after c
        retiring("e", "2021-01-01", substitute="f"),
        person("f", substitute="a"),
        retiring("g", "2022-01-01", substitute="h"),
        retiring("h", "2022-01-01"),
    ]
    found = chains(facts(employees=employees, **LONG))
    assert [(c.people, c.first_day, c.last_day) for c in found.chains] == [
        (("a", "b", "c"), date(2021, 1, 1), date(2021, 12, 27))
    ]
    assert [p.people for p in found.pairs if p.substitutes] == [("a", "b"), ("b", "c"), ("g", "h")]


# Pairs


def pairs(facts: Facts, plan: Plan | None = None) -> list[Pair]:
    return list(chains(facts, plan).pairs)


@pytest.mark.parametrize(
    ("second", "third", "expected"),
    [
        ("2021-06-30", None, [("a", "b")]),  # 180 days after the first; nobody is left
        ("2021-07-01", None, []),
        ("2021-06-30", "2023-01-01", []),  # the third is enough when both are gone
        ("2021-06-30", "2021-06-30", [("a", "b"), ("a", "c"), ("b", "c")]),
    ],
)
def test_pairs_leave_together_and_leave_too_few(
    second: str, third: str | None, expected: list[tuple[str, str]]
) -> None:
    employees = [
        retiring("a", "2021-01-01", skills={"s": 2}),
        retiring("b", second, skills={"s": 2}),
        retiring("other", "2021-01-01"),
    ]
    if third:
        employees.append(retiring("c", third, skills={"s": 2}))
    found = pairs(facts(employees=employees, tasks=[task()], **LONG))
    assert [p.people for p in found] == expected
    assert all([s.task for s in p.short] == ["Q"] for p in found)
    assert not any(p.substitutes for p in found)


def test_who_may_do_it_only_until_the_handover_is_no_pair() -> None:
    employees = [
        retiring("a", "2021-01-01", skills={"s": 2}),
        retiring("b", "2021-03-01", skills={"s": 2}),
    ]
    some = facts(employees=employees, tasks=[task(holder="a", handover_days=30)], **LONG)
    tenure = {"holders": [("Q", "b", 30, 425)]}
    assert pairs(some, plan(some, {"a": "B", "b": "A"}, **tenure)) == []
    (found,) = pairs(some, plan(some, {"a": "A", "b": "A"}, **tenure))
    assert (found.people, found.first_day, found.last_day) == (
        ("a", "b"),
        date(2021, 1, 1),
        date(2021, 3, 1),
    )


def test_who_is_absent_until_they_leave_may_still_do_it() -> None:
    away = [{"start": "2020-12-01", "end": "2021-01-01"}]
    employees = [
        retiring("a", "2021-01-01", skills={"s": 2}, absences=away),
        retiring("b", "2021-03-01", skills={"s": 2}),
    ]
    found = pairs(facts(employees=employees, tasks=[task()], **LONG))
    assert [p.people for p in found] == [("a", "b")]


def test_who_leaves_before_the_task_begins_is_of_no_pair() -> None:
    for begins, expected in (("2021-01-01", []), ("2020-12-31", [("a", "b")])):
        employees = [
            retiring("a", "2021-01-01", skills={"s": 2}),
            retiring("b", "2021-03-01", skills={"s": 2}),
        ]
        tasks = [task(active={"start": begins})]
        found = pairs(facts(employees=employees, tasks=tasks, **LONG))
        assert [p.people for p in found] == expected


# Teams


def test_departures_of_a_team_bunch_if_a_fifth_leaves_within_180_days() -> None:
    teams = [{"id": t, "size": {"min": 0, "max": 20}, "lead": False} for t in "ABC"]
    stay = [person(f"A{i}", team="A") for i in range(7)]
    employees = [
        *stay,
        retiring("first", "2020-06-01", team="A"),
        retiring("second", "2021-01-01", team="A"),
        retiring("third", "2021-06-30", team="A"),
        person("B1", team="B"),
        retiring("alone", "2022-01-01", team="B"),
        person("C1", team="C"),
    ]
    found = chains(facts(employees=employees, teams=teams, **LONG)).bunches
    told = [(b.team, b.people, b.members, b.percent, b.is_bunched) for b in found]
    # second and third are 180 days apart; nine are left before them: 2 of 9 are 22 percent.
    assert told == [
        ("A", ("second", "third"), 9, 22, True),
        ("B", ("alone",), 2, 50, False),
    ]
    assert (found[0].first_day, found[0].last_day) == (date(2021, 1, 1), date(2021, 6, 30))
    for last, percent, is_bunched in ((8, 20, True), (9, 18, False)):
        more = [person(f"A{i}", team="A") for i in range(7, last)]
        found = chains(facts(employees=[*employees, *more], teams=teams, **LONG)).bunches
        assert (found[0].percent, found[0].is_bunched) == (percent, is_bunched)


def test_as_long_as_nobody_has_a_team_the_organisation_is_looked_at() -> None:
    employees = [retiring("a", "2021-01-01"), retiring("b", "2021-02-01"), person("c")]
    some = facts(employees=employees, **LONG)
    (found,) = chains(some).bunches
    assert (found.team, found.people, found.members, found.percent) == (None, ("a", "b"), 3, 66)
    decided = plan(some, {"a": "A", "b": "B", "c": "A"})
    assert [(b.team, b.people) for b in chains(some, decided).bunches] == [
        ("A", ("a",)),
        ("B", ("b",)),
    ]


# Tacit knowledge


def tacit(facts: Facts, plan: Plan | None = None) -> list[TacitSkill]:
    return list(risk_of(facts, plan).tacit)


def teacher(name: str, when: int | None = None, **fields: Any) -> dict[str, Any]:
    leaves = {} if when is None else {"leaves": leaving(when)}
    return person(name, skills={"s": 3}, **leaves, **fields)


@pytest.mark.parametrize(
    ("leave", "lost"),
    [
        ([5], True),
        ([5, 9], True),
        ([5, None], False),
        ([5, 9, 12], True),
        ([5, 9, None], None),  # two stay or more than two know it: not told
        ([None], None),
        ([30], None),  # not within the horizon
        ([], None),
    ],
)
def test_tacit_is_what_few_know_and_take_along(leave: list[int | None], lost: bool | None) -> None:
    employees = [teacher(f"t{i}", when) for i, when in enumerate(leave)]
    found = tacit(facts(employees=employees or [person("a")]))
    assert [(x.skill, x.is_lost) for x in found] == ([] if lost is None else [("s", lost)])
    for x in found:
        days = sorted(when for when in leave if when is not None)
        assert x.teach_by == date_of(days[-1])
        assert [t.leaves for t in x.teachers if t.leaves] == [date_of(when) for when in days]
        assert len(x.teachers) == len(leave)


def test_who_could_learn_it_is_there_after_the_teacher() -> None:
    employees = [
        teacher("t", 20),
        able("independent"),
        able("more", takes_more_work=True),
        able("both", takes_more_work=True, can_learn=["s"]),
        person("beginner", can_learn=["s"]),
        person("guided", skills={"s": 1}, can_learn=["s"]),
        person("other", takes_more_work=True),
        able("leaves", can_learn=["s"], leaves=leaving(20)),
        able("stays_a_day", can_learn=["s"], leaves=leaving(21)),
        able("joins_later", joins=date_of(21).isoformat()),
    ]
    tasks = [task("Q"), task("R", skill="t"), task("ends", active={"end": date_of(20).isoformat()})]
    (found,) = tacit(facts(employees=employees, tasks=tasks))
    assert [(x.employee, x.level, x.can_learn, x.takes_more_work) for x in found.learners] == [
        ("both", 2, True, True),
        ("stays_a_day", 2, True, False),
        ("more", 2, False, True),
        ("guided", 1, True, False),
        ("beginner", 0, True, False),
    ]
    # independent, more, both, stays_a_day
    assert found.independent == 4
    assert found.tasks == ("Q",)


def test_what_is_lost_comes_first_then_what_is_lost_soon() -> None:
    skills = [{"id": s} for s in "stuv"]
    employees = [
        person("a", skills={"s": 3, "t": 3, "u": 3}, leaves=leaving(5)),
        person("b", skills={"s": 3}),
        person("c", skills={"t": 3, "v": 3}, leaves=leaving(9)),
    ]
    some = facts(skills=skills, employees=employees)
    assert [(x.skill, x.is_lost) for x in tacit(some)] == [
        ("u", True),
        ("t", True),
        ("v", True),
        ("s", False),
    ]
    assert tacit(some, plan(some)) == tacit(some)
