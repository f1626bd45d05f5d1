"""The main job: status, limits, determinism, and loud mistakes."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from ortools.sat.python import cp_model

import fixtures
from models.evaluation import evaluate
from models.facts import Facts
from models.goals import GOALS
from models.policy import GOAL_NAMES, Policy
from models.proposal import Plan
from models.reading import organisation_from, policy_from
from optimizer import InternalError, Progress, conflicts, levels, propose
from optimizer.conflicts import can_hold, named_rules
from optimizer.cpsat import Answer, Limits, set_parameters
from optimizer.known import Known
from optimizer.model import GOAL_ENCODERS, Model
from optimizer.program import ONE, Program, Sum
from optimizer.propose import solve
from tests.optimizer.test_conflicts import holder, lead, limits, organisation, substitute
from tests.organisations import JOINT_POLICY, random_organisation

UNITS = "jamsa-2018-units"


def test_every_goal_has_an_encoder() -> None:
    assert tuple(GOAL_ENCODERS) == tuple(GOALS) == GOAL_NAMES


def test_the_city_as_it_is_today_is_proven() -> None:
    proposal = propose(fixtures.load(UNITS), workers=2)
    assert proposal.status == "optimal"
    assert [level.best for level in proposal.levels] == [level.bound for level in proposal.levels]
    evaluation = evaluate(fixtures.load(UNITS), Policy(), proposal.plan)
    assert evaluation.is_valid
    assert [evaluation.value(level) for level in Policy().levels] == [
        level.value for level in proposal.levels
    ]


def test_every_goal_is_reported() -> None:
    policy = policy_from({"levels": [{"name": "wishes", "goals": {"interest": 1, "handovers": 0}}]})
    proposal = propose(organisation_from(organisation([]), policy), policy, workers=1)
    reported = {goal.goal: goal.weight for level in proposal.levels for goal in level.goals}
    assert reported == dict.fromkeys(GOAL_NAMES, 0) | {"interest": 1}


def test_the_same_seed_gives_the_same_proposal() -> None:
    one, two = (propose(fixtures.load(UNITS), workers=1, seed=7) for _ in range(2))
    assert one.plan == two.plan
    assert one.run.input_sha256 == two.run.input_sha256


@pytest.mark.parametrize("is_stopped", [False, True])
def test_the_run_tells_the_time_that_was_asked_for(is_stopped: bool) -> None:
    stop = threading.Event()
    if is_stopped:
        stop.set()
    assert propose(fixtures.load(UNITS), time_limit=12.3456, stop=stop).run.time_limit == 12.3456


def test_the_clock_changes_no_parameter_of_one_thread() -> None:
    def asked(seconds: float) -> str:
        solver = cp_model.CpSolver()
        set_parameters(solver, 5_000, Limits.for_seconds(seconds, workers=1))
        solver.parameters.clear_max_time_in_seconds()
        return str(solver.parameters)

    assert asked(0.5) == asked(500)


@pytest.mark.parametrize("seed", range(3))
def test_the_seed_and_the_workers_change_no_value(seed: int) -> None:
    data = random_organisation(11, people=7, tasks=4)
    proposal = propose(organisation_from(data), workers=1 + seed % 2, seed=seed)
    reference = propose(organisation_from(data), workers=1)
    assert [(x.best, x.value) for x in proposal.levels] == [
        (x.best, x.value) for x in reference.levels
    ]


def test_stopping_keeps_the_best_plan_with_honest_bounds() -> None:
    stop = threading.Event()

    def first_level_done(progress: Progress) -> None:
        if progress.status is not None:
            stop.set()

    data = fixtures.load("jamsa-2018")
    proposal = propose(data, workers=1, progress=first_level_done, stop=stop)
    assert proposal.status == "feasible"
    assert evaluate(data, Policy(), proposal.plan).is_valid
    assert proposal.levels[0].status == "optimal"
    for level in proposal.levels:
        assert level.bound is not None
        assert level.best is not None
        assert level.bound <= level.best
        assert level.value is not None
        assert level.allowed is not None
        assert level.value <= level.allowed
    assert any(pair.fit for pair in proposal.substitutes)


def test_progress_tells_every_level() -> None:
    heard: list[Progress] = []
    propose(fixtures.load(UNITS), workers=1, progress=heard.append)
    ended = [(p.level, p.index, p.status) for p in heard if p.status and not p.taking_back]
    assert ended == [(x.name, i, "optimal") for i, x in enumerate(Policy().levels, start=1)]
    assert any(p.taking_back and p.level == "continuity" for p in heard)


def test_pins_of_all_kinds_hold() -> None:
    rules = [holder("Q1", "E2"), lead("A", "E2"), substitute("E1", "E2")]
    proposal = propose(organisation_from(organisation(rules)), workers=1)
    assert proposal.status == "optimal"
    assert next(h.employee for h in proposal.holders if h.task == "Q1") == "E2"
    assert ("A", "E2") in [(x.team, x.employee) for x in proposal.leads]
    assert ("E1", "E2") in [(s.principal, s.substitute) for s in proposal.substitutes]


def test_a_level_called_infeasible_is_our_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Answer("infeasible", None, None, None)
    answers = iter([None, wrong])

    def minimise(*args: object, **options: object) -> Answer:
        return next(answers) or real(*args, **options)  # type: ignore[arg-type]

    real = levels.minimise
    monkeypatch.setattr(levels, "minimise", minimise)
    with pytest.raises(InternalError, match="infeasible"):
        propose(organisation_from(organisation([])), workers=1)


def test_a_program_called_infeasible_wrongly_is_our_mistake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = conflicts.minimise
    answers = iter([Answer("infeasible", None, None, None)])

    def minimise(*args: object, **options: object) -> Answer:
        return next(answers, None) or real(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(conflicts, "minimise", minimise)
    facts = Facts(organisation_from(organisation([])), Policy())
    with pytest.raises(InternalError, match="feasible"):
        can_hold(facts, named_rules(facts), limits())


def test_an_invalid_plan_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Model, "plan", lambda model, values: Plan())
    with pytest.raises(InternalError, match="is in no team"):
        propose(organisation_from(organisation([])), workers=1)


def test_a_cost_that_is_not_the_claimed_one_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GOAL_ENCODERS, "no_substitute", lambda model: Sum(constant=0))
    with pytest.raises(InternalError, match="level substitutes"):
        propose(organisation_from(organisation([])), workers=1)


def test_pairs_may_be_weighed_with_wishes() -> None:
    policy = policy_from(JOINT_POLICY)
    proposal = propose(organisation_from(random_organisation(3, people=6), policy), policy)
    assert proposal.status == "optimal"


def test_sums_and_programs() -> None:
    program = Program()
    x, y = program.boolean(), program.integer(5)
    total = Sum([(x, 2), (y, 3), (ONE, 4)]).add(x, -2)
    assert (total.terms, total.constant) == ({y: 3}, 4)
    assert total.value([1, 1, 2]) == 10
    program.at_most(Sum(constant=1), 1)
    assert program.rows == []
    assert program.shortage([total], 9) == program.shortage([total, total], 9)
    assert replace(program, rows=[]).fixed([1, 1]).lower == [1, 1, 0, 0]


def test_a_pinned_pair_holds_though_no_level_weighs_pairs() -> None:
    policy = policy_from({"levels": [{"name": "wishes", "goals": {"interest": 1}}]})
    data = organisation_from(organisation([substitute("E1", "E2")]), policy)
    proposal = propose(data, policy, workers=1)
    assert proposal.status == "optimal"
    assert ("E1", "E2") in [(s.principal, s.substitute) for s in proposal.substitutes]


def test_everybody_comes_in_input_order_also_who_must_be_together() -> None:
    people = [{"id": e, "skills": {"s": 2}} for e in "abcd"]
    rules = [{"id": "r", "kind": "together", "employees": ["d", "a"]}]
    data = organisation(rules) | {"employees": people, "tasks": []}
    proposal = propose(organisation_from(data), workers=1)
    assert [placed.employee for placed in proposal.placements] == ["a", "b", "c", "d"]
    assert [pair.principal for pair in proposal.substitutes] == ["a", "b", "c", "d"]


def test_pairs_come_in_input_order_also_those_of_today() -> None:
    people: list[dict[str, Any]] = [{"id": e, "skills": {"s": 2}} for e in "abcd"]
    people[2]["substitute"] = "d"
    rules = [{"id": "r", "kind": "pin_substitute", "principal": "d", "substitute": "c"}]
    data = organisation(rules) | {"employees": people, "tasks": []}
    proposal = propose(organisation_from(data), workers=1)
    pairs = [(pair.principal, pair.substitute) for pair in proposal.substitutes]
    assert [principal for principal, _ in pairs] == ["a", "b", "c", "d"]
    assert {("c", "d"), ("d", "c")} <= set(pairs)


def test_a_solve_goes_on_near_the_plan_that_is_known() -> None:
    model = Model(Facts(fixtures.load(UNITS), Policy()))
    plan = propose(fixtures.load(UNITS), workers=1).plan
    found = levels.Levels(model, limits(), None)
    found.return_to(plan)
    assert found.values is not None
    near = model.plan(found.values)
    assert (near.placements, near.leads, near.holders) == (
        plan.placements,
        plan.leads,
        plan.holders,
    )


def test_what_follows_the_first_level_begins_near_the_known_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[Plan, int]] = []

    def returning(self: levels.Levels, plan: Plan) -> None:
        told.append((plan, len(self.solved)))

    monkeypatch.setattr(levels.Levels, "return_to", returning)
    plan = propose(fixtures.load(UNITS), workers=1).plan
    assert told == []
    facts = Facts(fixtures.load(UNITS), Policy())
    solve(facts, limits(), known=Known(hint=plan))
    assert told == [(plan, 1)]
