"""Succession and handovers: who could follow whom, from when, and until when it must be learnt."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, permutations
from typing import Any

import pytest

from models.days import day
from models.facts import Facts
from models.proposal import Plan
from optimizer.risk import risk_of
from optimizer.risk.handovers import Handover
from optimizer.risk.succession import Succession, TaskSuccession
from tests.optimizer.risk_by_hand import case, random_plan
from tests.small import DAYS, able, date_of, facts, leaving, on, person, plan, span, task

LONG = {"horizon": {"start": "2020-01-01", "end": "2024-01-01"}}


def expert(name: str = "Q", **fields: Any) -> dict[str, Any]:
    return task(name, kind="expert", **fields)


def benches(facts: Facts, plan: Plan | None = None) -> Succession:
    return risk_of(facts, plan).succession


def bench(facts: Facts, plan: Plan | None = None) -> TaskSuccession:
    (found,) = benches(facts, plan).tasks
    return found


def told(found: TaskSuccession) -> list[tuple[str, str, int | None, bool | None]]:
    return [
        (s.employee, s.when, None if s.ready is None else (s.ready - date_of(0)).days, s.in_time)
        for s in found.successors
    ]


def test_readiness_is_now_within_a_year_later_or_nobodys() -> None:
    employees = [
        able("holder"),
        able("now"),
        able("year", joins="2020-12-01"),
        able("later", joins="2020-12-02"),
        person("trainee", can_learn=["s"]),
        person("never"),
    ]
    tasks = [expert(holder="holder", handover_days=31, prepared={"now": "2019-06-01"})]
    found = bench(facts(employees=employees, tasks=tasks, **LONG))
    # 2020-12-01 and 31 days are 366 days after 2020-01-01 in a leap year: one too many.
    assert told(found) == [
        ("now", "now", 0, None),
        ("year", "later", 366, None),
        ("later", "later", 367, None),
        ("trainee", "later", None, None),
    ]
    assert (found.readiness, found.bench_strength) == ("now", 1)
    tasks[0]["handover_days"] = 30
    found = bench(facts(employees=employees, tasks=tasks, **LONG))
    assert told(found)[:3] == [
        ("now", "now", 0, None),
        ("year", "within_year", 365, None),
        ("later", "later", 366, None),
    ]
    assert (found.readiness, found.bench_strength) == ("now", 2)


@pytest.mark.parametrize(
    ("successor", "readiness", "coverage"),
    [
        (able("b"), "now", 100),
        (able("b", joins=on(3)), "within_year", 100),
        (person("b", can_learn=["s"]), "later", 0),
        (person("b"), "nobody", 0),
    ],
)
def test_coverage_counts_tasks_with_somebody_ready_within_a_year(
    successor: dict[str, Any], readiness: str, coverage: int
) -> None:
    found = benches(facts(employees=[able("a"), successor], tasks=[expert(holder="a")]))
    counts = {name: getattr(found, name) for name in ("now", "within_year", "later", "nobody")}
    assert counts == {name: int(name == readiness) for name in counts}
    assert found.coverage_percent == coverage


def test_who_is_gone_when_the_task_must_be_taken_over_is_no_successor() -> None:
    employees = [
        able("a", leaves=leaving(20)),
        able("same_day", leaves=leaving(20)),
        able("day_after", leaves=leaving(21)),
        able("stays"),
    ]
    found = bench(facts(employees=employees, tasks=[expert(holder="a", handover_days=20)]))
    assert told(found) == [
        ("stays", "within_year", 20, True),
        ("day_after", "within_year", 20, True),
    ]
    assert (found.holder, found.leaves) == ("a", date_of(20))
    late = facts(employees=employees, tasks=[expert(holder="a", handover_days=21)])
    # Ready on day 21, one day late; day_after is gone by then.
    assert told(bench(late)) == [("stays", "within_year", 21, False)]
    assert (benches(late).holder_leaves, benches(late).in_time) == (1, 0)


def test_a_holder_who_stays_for_the_task_does_not_leave() -> None:
    employees = [able("a", leaves=leaving(20)), able("b")]
    tasks = [expert(holder="a", active={"end": on(20)})]
    found = bench(facts(employees=employees, tasks=tasks))
    assert (found.holder, found.leaves) == ("a", None)
    assert benches(facts(employees=employees, tasks=tasks)).holder_leaves == 0


def test_a_task_without_a_holder_has_a_bench_too() -> None:
    found = bench(facts(employees=[able("a"), able("b")], tasks=[expert()]))
    assert (found.holder, found.leaves) == (None, None)
    assert [s.employee for s in found.successors] == ["a", "b"]


def test_who_takes_a_new_task_only_later_is_not_its_holder_yet() -> None:
    some = facts(employees=[able("a"), able("b")], tasks=[expert(handover_days=7)])
    found = bench(some, plan(some, holders=[("Q", "a", 7, DAYS)]))
    assert found.holder is None
    assert [(s.employee, s.is_planned) for s in found.successors] == [("a", True), ("b", False)]


def test_in_a_plan_the_bench_is_the_tasks_team_and_the_next_holder_is_planned() -> None:
    employees = [able("a", leaves=leaving(9)), able("b"), able("c"), able("elsewhere")]
    some = facts(employees=employees, tasks=[expert(holder="a")])
    teams = {"a": "A", "b": "A", "c": "A", "elsewhere": "B"}
    decided = plan(some, teams, holders=[("Q", "a", 0, 9), ("Q", "c", 9, DAYS)])
    assert [(s.employee, s.is_planned) for s in bench(some, decided).successors] == [
        ("b", False),
        ("c", True),
    ]
    assert [s.employee for s in bench(some).successors] == ["b", "c", "elsewhere"]
    assert not any(s.is_planned for s in bench(some).successors)


def test_only_authority_and_expert_tasks_count_and_authority_comes_first() -> None:
    kinds = ["ordinary", "expert", "special", "authority"]
    tasks = [task(kind, kind=kind) for kind in kinds]
    found = benches(facts(employees=[able("a")], tasks=tasks))
    assert [(t.task, t.kind) for t in found.tasks] == [
        ("authority", "authority"),
        ("expert", "expert"),
    ]
    assert (found.nobody, found.now, found.coverage_percent) == (1, 1, 50)  # a has no office
    assert benches(facts()).coverage_percent is None


def test_one_successor_for_several_tasks_is_counted_once() -> None:
    employees = [able("a"), able("b"), person("c", skills={"t": 2})]
    tasks = [expert("Q", holder="a"), expert("R", holder="a"), expert("S", skill="t")]
    found = benches(facts(employees=employees, tasks=tasks))
    # Q and R have b alone, S has c: two tasks can have a successor of their own.
    assert (found.now, found.coverage_percent, found.own_successor) == (3, 100, 2)
    assert [(o.employee, o.tasks) for o in found.only_successors] == [
        ("b", ("Q", "R")),
        ("c", ("S",)),
    ]


@pytest.mark.parametrize("with_plan", [False, True], ids=["today", "proposal"])
@pytest.mark.parametrize("seed", range(40))
def test_own_successors_are_as_many_as_any_choice_gives(seed: int, with_plan: bool) -> None:
    found = benches(*case(seed, with_plan, tasks=5))
    people = [
        {s.employee for s in t.successors if s.when in ("now", "within_year")} for t in found.tasks
    ]
    everybody = [*sorted(set().union(*people)), *(None for _ in people)]
    most = max(
        sum(e in bench for e, bench in zip(chosen, people, strict=True))
        for chosen in permutations(everybody, len(people))
    )
    assert found.own_successor == most
    only = {o.employee: len(o.tasks) for o in found.only_successors}
    alone = [bench.copy().pop() for bench in people if len(bench) == 1]
    assert only == {e: alone.count(e) for e in alone}


# Handovers


def rows(facts: Facts, plan: Plan | None = None) -> list[Handover]:
    return list(risk_of(facts, plan).handovers)


def the_row(facts: Facts, plan: Plan | None = None) -> Handover:
    (found,) = rows(facts, plan)
    return found


def test_a_planned_handover_has_a_window_to_learn_in() -> None:
    employees = [able("a", leaves=leaving(20)), able("b", absences=[span(5, 9)])]
    some = facts(employees=employees, tasks=[task(holder="a", handover_days=12)])
    found = the_row(some, plan(some, holders=[("Q", "a", 0, 20), ("Q", "b", 20, DAYS)]))
    assert (found.giver, found.taker, found.state, found.late_days) == ("a", "b", "planned", 0)
    assert (found.due, found.starts, found.ready) == (date_of(20), date_of(20), date_of(12))
    assert (found.window_opens, found.window_closes) == (date_of(0), date_of(8))
    assert (found.learn_days, found.together_days) == (12, 16)


def test_whoever_is_prepared_needs_less() -> None:
    employees = [able("a", leaves=leaving(20)), able("b")]
    tasks = [task(holder="a", handover_days=12, prepared={"b": on(5)})]
    some = facts(employees=employees, tasks=tasks)
    found = the_row(some, plan(some, holders=[("Q", "a", 0, 20), ("Q", "b", 20, DAYS)]))
    assert (found.learn_days, found.ready, found.window_closes) == (5, date_of(5), date_of(15))


def test_a_taker_who_is_ready_after_the_giver_is_gone_is_too_late() -> None:
    employees = [able("a", leaves=leaving(10)), able("b")]
    some = facts(employees=employees, tasks=[task(holder="a", handover_days=12)])
    found = the_row(some, plan(some, holders=[("Q", "a", 0, 10), ("Q", "b", 12, DAYS)]))
    assert (found.state, found.late_days) == ("too_late", 2)
    assert found.window_closes == date_of(-2)
    assert (found.starts, found.together_days) == (date_of(12), 10)


def test_a_taker_may_be_absent_on_their_first_day() -> None:
    employees = [able("a", leaves=leaving(10)), able("b", absences=[span(8, 17)])]
    some = facts(employees=employees, tasks=[task(holder="a")])
    found = the_row(some, plan(some, holders=[("Q", "a", 0, 10), ("Q", "b", 10, DAYS)]))
    assert (found.starts, found.present) == (date_of(10), date_of(17))


def test_a_task_handed_over_early_is_due_when_the_giver_is_gone_or_never() -> None:
    for leaves, due in (({"leaves": leaving(20)}, date_of(20)), ({}, None)):
        some = facts(employees=[able("a", **leaves), able("b")], tasks=[task(holder="a")])
        found = the_row(some, plan(some, holders=[("Q", "b", 0, DAYS)]))
        assert (found.giver, found.taker, found.due) == ("a", "b", due)
        assert (found.state, found.window_closes) == ("planned", due)
        assert (found.starts, found.together_days) == (date_of(0), 0)


def test_a_new_task_is_due_when_it_begins() -> None:
    some = facts(employees=[able("b")], tasks=[task(active={"start": on(6)}, handover_days=4)])
    found = the_row(some, plan(some, holders=[("Q", "b", 6, DAYS)]))
    assert (found.giver, found.taker, found.due) == (None, "b", date_of(6))
    assert (found.window_closes, found.together_days) == (date_of(2), None)


@pytest.mark.parametrize(
    ("others", "state", "ready", "late", "candidates", "trainees"),
    [
        ([able("b"), able("c", can_learn=["s"])], "open", 8, 0, ("b", "c"), ()),
        ([able("b", joins=on(3)), able("c")], "open", 8, 0, ("c",), ()),
        ([able("b", joins=on(3))], "too_late", 11, 1, ("b",), ()),
        ([able("b", joins=on(3), leaves=leaving(11))], "nobody", None, 0, (), ()),
        ([able("b", leaves=leaving(10))], "nobody", None, 0, (), ()),
        ([person("b", can_learn=["s"])], "nobody", None, 0, (), ("b",)),
        ([person("b", can_learn=["s"], leaves=leaving(10))], "nobody", None, 0, (), ()),
    ],
)
def test_a_task_that_nobody_takes_over_is_open_too_late_or_nobodys(
    others: list[dict[str, Any]],
    state: str,
    ready: int | None,
    late: int,
    candidates: tuple[str, ...],
    trainees: tuple[str, ...],
) -> None:
    employees = [able("a", leaves=leaving(10)), *others]
    some = facts(employees=employees, tasks=[task(holder="a", handover_days=8)])
    for decided in (None, plan(some, holders=[("Q", "a", 0, 10)])):
        found = the_row(some, decided)
        assert (found.giver, found.taker, found.due) == ("a", None, date_of(10))
        assert (found.state, found.late_days) == (state, late)
        assert found.ready == (None if ready is None else date_of(ready))
        assert (found.candidates, found.trainees) == (candidates, trainees)
        assert (found.learn_days, found.window_closes) == (8, date_of(2))


def test_a_task_the_plan_gives_to_nobody_is_due_at_once() -> None:
    some = facts(employees=[able("a")], tasks=[task(holder="a", team="B")])
    found = the_row(some, plan(some))
    assert (found.giver, found.taker, found.due, found.state) == ("a", None, date_of(0), "nobody")
    assert rows(some) == []


def test_who_has_a_task_that_the_plan_gives_to_nobody_can_go_on() -> None:
    some = facts(employees=[able("a")], tasks=[task(holder="a", team="A")])
    found = the_row(some, plan(some))
    assert (found.giver, found.due, found.state) == ("a", date_of(0), "open")
    assert found.candidates == ("a",)


def test_a_giver_may_be_gone_before_the_task_begins() -> None:
    employees = [able("a", leaves=leaving(5)), able("b")]
    tasks = [task(holder="a", active={"start": on(10)}, handover_days=12)]
    some = facts(employees=employees, tasks=tasks)
    for decided in (None, plan(some, holders=[("Q", "b", 12, DAYS)])):
        found = the_row(some, decided)
        assert (found.giver, found.due, found.state) == ("a", date_of(10), "too_late")
        assert (found.ready, found.late_days) == (date_of(12), 2)


@pytest.mark.parametrize(("days", "state"), [(14, "too_late"), (15, "nobody")])
def test_nobody_is_ready_for_a_task_that_has_ended(days: int, state: str) -> None:
    employees = [able("a", leaves=leaving(10)), able("b")]
    tasks = [task(holder="a", active={"end": on(15)}, handover_days=days)]
    assert the_row(facts(employees=employees, tasks=tasks)).state == state


def test_without_a_taker_the_window_is_that_of_who_is_ready_soonest() -> None:
    employees = [able("a", leaves=leaving(20)), able("b", joins=on(2)), able("c")]
    tasks = [task(holder="a", handover_days=12, prepared={"b": on(7)})]
    found = the_row(facts(employees=employees, tasks=tasks))
    assert (found.window_opens, found.learn_days, found.ready) == (date_of(2), 5, date_of(7))
    assert (found.window_closes, found.candidates) == (date_of(15), ("b", "c"))


def test_rows_come_by_the_day_they_are_due() -> None:
    employees = [able("a", leaves=leaving(20)), able("b", leaves=leaving(9)), able("c")]
    tasks = [task("Q", holder="a"), task("R", holder="b"), task("S", holder="c"), task("T")]
    found = rows(facts(employees=employees, tasks=tasks))
    assert [(h.task, h.due) for h in found] == [
        ("T", date_of(0)),
        ("R", date_of(9)),
        ("Q", date_of(20)),
    ]


@pytest.mark.parametrize("seed", range(40))
def test_the_rows_are_the_plans_own(seed: int) -> None:
    """Who gives to whom and when, and how late, is what the tenures say."""
    some = case(seed, with_plan=True).facts
    decided = random_plan(some, seed)
    for q in some.tasks:
        tenures = sorted((h for h in decided.holders if h.task == q), key=lambda h: h.start)
        found = [h for h in rows(some, decided) if h.task == q]
        takers = [h for h in found if h.taker is not None]
        holder = some.current_holder(q)
        first = [] if not tenures or tenures[0].employee == holder else tenures[:1]
        assert {(h.taker, h.starts) for h in takers} == {
            (h.employee, h.start) for h in [*first, *tenures[1:]]
        }
        given = {h.taker: h for h in takers}
        for before, after in pairwise(tenures):
            row = given[after.employee]
            assert (row.giver, row.due) == (before.employee, before.end)
            assert timedelta(row.late_days) == after.start - before.end
            assert (row.state == "too_late") == (after.start > before.end)
        end = some.active(q)[1]
        untaken = [h for h in found if h.taker is None]
        last = day(tenures[-1].end) if tenures else some.active(q)[0]
        assert [day(h.due or date.max) for h in untaken] == ([last] if last < end else [])
