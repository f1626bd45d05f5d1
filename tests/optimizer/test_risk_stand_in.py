"""What a substitute truly covers: exact cases, and day by day by hand."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from models.days import as_date
from models.facts import Facts
from models.proposal import Plan
from optimizer.risk import risk_of
from optimizer.risk.stand_in import StandIn
from tests.optimizer.risk_by_hand import (
    Case,
    Wanted,
    all_days,
    case,
    has_learnt,
    is_present,
    is_required,
    wanted,
)
from tests.small import able, date_of, facts, leaving, person, plan, span, task

SEEDS = range(40)


def covers(facts: Facts, plan: Plan | None = None, principal: str = "a") -> StandIn | None:
    people = {p.employee: p for p in risk_of(facts, plan).key_people}
    return people[principal].stand_in


def lacking(found: StandIn | None) -> dict[str, list[tuple[str, int, int]]]:
    """{task: (reason, days, first day)} of what is not covered."""
    assert found is not None
    return {
        t.task: [(x.reason, x.days, (x.first_day - date_of(0)).days) for x in t.lacking]
        for t in found.tasks
    }


def pair(**b: Any) -> list[dict[str, Any]]:
    """a, whose substitute b is."""
    return [able("a", substitute="b"), able("b", **b)]


def test_all_of_thirty_days_are_covered_by_somebody_who_is_there_and_has_room() -> None:
    found = covers(facts(employees=pair(), tasks=[task(holder="a", load=60)]))
    assert found is not None
    assert (found.substitute, found.fit, found.also_backs) == ("b", 10, ())
    assert (found.task_days, found.covered_days, found.net_covered_days) == (30, 30, 30)
    assert lacking(found) == {"Q": []}


def test_without_a_substitute_there_is_nothing_to_tell() -> None:
    assert covers(facts(employees=[able("a")], tasks=[task(holder="a")])) is None


@pytest.mark.parametrize(
    ("b", "q", "reason"),
    [
        ({"skills": {"s": 1}}, {"level": 2}, ("unqualified", 30, 0)),
        ({"office_holder": False}, {"kind": "authority"}, ("unqualified", 30, 0)),
        ({"leaves": leaving(20)}, {}, ("gone", 10, 20)),
        ({"joins": date_of(4).isoformat()}, {}, ("gone", 4, 0)),
        ({"absences": [span(5, 8)]}, {}, ("absent", 3, 5)),
        ({}, {"handover_days": 7}, ("unready", 7, 0)),
        ({"fte": 50}, {"load": 60}, ("no_room", 30, 0)),
    ],
)
def test_what_keeps_a_substitute_from_a_task(
    b: dict[str, Any], q: dict[str, Any], reason: tuple[str, int, int]
) -> None:
    employees = [able("a", substitute="b", office_holder=True), able("b", **b)]
    found = covers(facts(employees=employees, tasks=[task(holder="a", **q)]))
    assert lacking(found) == {"Q": [reason]}
    assert found is not None
    assert found.covered_days == 30 - reason[1]


def test_their_own_tasks_leave_no_room() -> None:
    # 100 percent: 60 of their own, and 50 more do not fit; from day 10 on they have less to do.
    tasks = [
        task("Q", holder="a", load=50),
        task("R", holder="b", load=60, active={"end": date_of(10).isoformat()}),
    ]
    assert lacking(covers(facts(employees=pair(), tasks=tasks))) == {"Q": [("no_room", 10, 0)]}


def test_authority_tasks_come_first_if_not_all_have_room() -> None:
    employees = [able("a", substitute="b", office_holder=True), able("b", office_holder=True)]
    tasks = [
        task("O", holder="a", load=60),
        task("E", holder="a", load=60, kind="expert"),
        task("A", holder="a", load=60, kind="authority"),
        task("S", holder="a", load=40, kind="special"),
    ]
    # 100 percent: 60 of A; E does not fit any more, S does, then O does not.
    found = covers(facts(employees=employees, tasks=tasks))
    full = [("no_room", 30, 0)]
    assert lacking(found) == {"O": full, "E": full, "A": [], "S": []}


def test_only_so_many_tasks_have_room_whatever_their_load() -> None:
    tasks = [task(f"Q{i}", holder="a") for i in range(9)]
    # At most 8 a person; the ninth in input order is too many.
    found = covers(facts(employees=pair(), tasks=tasks))
    assert [name for name, rows in lacking(found).items() if rows] == ["Q8"]


def test_one_who_backs_several_is_counted_for_those_who_are_away_already() -> None:
    employees = [
        able("a", substitute="b"),
        able("b"),
        able("c", substitute="b", absences=[span(10, 15)], leaves=leaving(25)),
    ]
    tasks = [task("Q", holder="a", load=60), task("R", holder="c", load=60)]
    found = covers(facts(employees=employees, tasks=tasks))
    assert found is not None
    # R is b's while c is away: days 10 to 14, and from day 25 on, for nobody follows c.
    assert lacking(found) == {"Q": [("no_room", 10, 10)]}
    assert (found.also_backs, found.covered_days) == (("c",), 20)
    # Were c away all the time, Q would come first, as it does in the input: both are of one kind.
    assert found.net_covered_days == 30
    turned = covers(facts(employees=employees, tasks=tasks[::-1]))
    assert turned is not None
    assert (turned.covered_days, turned.net_covered_days) == (20, 0)


def test_if_all_whom_one_backs_are_away_at_once_only_some_is_covered() -> None:
    employees = [able("a", substitute="b"), able("b"), able("c", substitute="b")]
    tasks = [task("Q", holder="a", load=60), task("R", holder="c", load=60, kind="expert")]
    found = facts(employees=employees, tasks=tasks)
    a, c = covers(found), covers(found, principal="c")
    assert a is not None
    assert c is not None
    assert (a.covered_days, a.net_covered_days) == (30, 0)
    assert (c.covered_days, c.net_covered_days) == (30, 30)


def test_in_a_plan_what_has_gone_to_somebody_else_is_no_longer_backed() -> None:
    employees = [able("a", leaves=leaving(10)), able("b"), able("c")]
    found = facts(employees=employees, tasks=[task(holder="a", load=60)])
    decided = plan(
        found, holders=[("Q", "a", 0, 10), ("Q", "c", 10, 30)], substitutes=[("a", "b", 10)]
    )
    after = covers(found, decided)
    assert after is not None
    assert [(t.task, t.days, t.covered_days) for t in after.tasks] == [("Q", 10, 10)]


def test_a_substitute_who_is_not_in_service_is_none() -> None:
    employees = [able("a", substitute="b"), able("b", leaves=leaving(0))]
    assert covers(facts(employees=employees, tasks=[task(holder="a")])) is None


def test_who_has_no_tasks_needs_no_cover() -> None:
    found = covers(facts(employees=[person("a", substitute="b"), person("b")]))
    assert found is not None
    assert (found.tasks, found.task_days, found.covered_days) == ((), 0, 0)


# By hand


def answers(one: Case, want: Wanted, day: int) -> str | None:
    """Who answers for a task on a day, present or not."""
    facts, decided = one
    assert want.task is not None
    holder = facts.tasks[want.task].holder
    if holder not in facts.employees or not facts.is_qualified(holder, want.task):
        holder = None
    if decided is None:
        return holder
    tenures = [h for h in decided.holders if h.task == want.task]
    begun = [h for h in tenures if h.start <= as_date(day)]
    if begun:
        return max(begun, key=lambda h: h.start).employee
    return holder if tenures else None


ORDER = ["authority", "expert", "special", "ordinary"]


def in_service(facts: Facts, employee: str, day: int) -> bool:
    e = facts.employees[employee]
    return (e.joins is None or e.joins <= as_date(day)) and (
        e.leaves is None or as_date(day) < e.leaves.date
    )


def by_hand(one: Case, a: str, b: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Days of each task of a, those of them that b covers, and those if all are away."""
    facts, pairs = one.facts, substitutes(one)
    total: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    net: Counter[str] = Counter()
    tasks = [w for w in wanted(one) if w.task is not None]
    for day in all_days(facts):
        held: dict[str, list[Wanted]] = {e: [] for e in facts.employees}
        for want in tasks:
            who = answers(one, want, day) if is_required(one, want, day) else None
            if who is not None:
                held[who].append(want)
        others = [e for e, s in pairs.items() if s == b and e != a]
        away = [w for e in others if not is_present(facts, e, day) for w in held[e]]
        mine = held[a] if in_service(facts, a, day) else []
        own = held[b] if in_service(facts, b, day) else []
        first = take(one, b, day, own, away)
        for want in mine:
            total[str(want.task)] += 1
        covered.update(str(w.task) for w in take(one, b, day, [*own, *first], mine))
        claimed = take(one, b, day, own, [*mine, *(w for e in others for w in held[e])])
        net.update(str(w.task) for w in claimed if w in mine)
    return total, covered, net


def take(one: Case, b: str, day: int, has: list[Wanted], offered: list[Wanted]) -> list[Wanted]:
    """What b can take on a day beside what they have."""
    facts, taken = one.facts, []
    places = list(facts.tasks)
    offered = sorted(offered, key=lambda w: places.index(str(w.task)))
    for want in sorted(offered, key=lambda w: ORDER.index(facts.tasks[str(w.task)].kind)):
        load = sum(facts.tasks[str(w.task)].load for w in [*has, *taken, want])
        fits = load <= facts.load_limit(b) and len(has) + len(taken) < facts.task_limit(b)
        able = facts.is_qualified(b, str(want.task)) and has_learnt(facts, want, b, day)
        if fits and able and is_present(facts, b, day):
            taken.append(want)
    return taken


def substitutes(one: Case) -> dict[str, str]:
    facts, decided = one
    if decided is not None:
        return {s.principal: s.substitute for s in decided.substitutes}
    return {
        e: str(p.substitute) for e, p in facts.employees.items() if p.substitute in facts.employees
    }


@pytest.mark.parametrize("with_plan", [False, True], ids=["today", "proposal"])
@pytest.mark.parametrize("seed", SEEDS)
def test_cover_is_what_it_is_day_by_day(seed: int, with_plan: bool) -> None:
    one = case(seed, with_plan, tasks=7, one_backs_all=True)
    pairs = substitutes(one)
    for p in risk_of(*one).key_people:
        found = p.stand_in
        assert (found.substitute if found else None) == pairs.get(p.employee)
        if found is None:
            continue
        total, covered, net = by_hand(one, p.employee, found.substitute)
        told = {t.task: (t.days, t.covered_days, t.net_covered_days) for t in found.tasks}
        assert told == {q: (total[q], covered[q], net[q]) for q in total}
        assert all(t.days == t.covered_days + sum(x.days for x in t.lacking) for t in found.tasks)
        sums = (found.task_days, found.covered_days, found.net_covered_days)
        assert sums == (total.total(), covered.total(), net.total())


def test_every_reason_occurs_and_one_who_backs_several_covers_less() -> None:
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        for with_plan in (False, True):
            for p in risk_of(*case(seed, with_plan, tasks=7, one_backs_all=True)).key_people:
                for t in p.stand_in.tasks if p.stand_in else ():
                    seen.update(x.reason for x in t.lacking)
                    seen["net"] += t.net_covered_days < t.covered_days
    reasons = ["unqualified", "gone", "absent", "unready", "no_room", "net"]
    assert [reason for reason in reasons if seen[reason] < 10] == []
