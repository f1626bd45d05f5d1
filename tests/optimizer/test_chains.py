"""Who holds what, as variables: any plan's tenures cost and break what the evaluation says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice, product

import pytest

from models.days import as_date
from models.evaluation import Evaluation, evaluate_facts
from models.facts import Facts
from models.policy import Policy
from models.proposal import Placement, Plan, Tenure
from models.reading import organisation_from, policy_from
from optimizer.cpsat import Limits, minimise
from optimizer.model import Model
from optimizer.program import ONE, Program
from tests.brute_force import holders
from tests.organisations import random_organisation

GOALS = ("authority_gap", "task_gap", "handovers")

POLICIES = {
    "default": Policy(),
    "one task": policy_from({"max_tasks": 1}),
    "settled soon": policy_from({"settled_days": 5}),
}


def team(*tasks: dict[str, object], **employees: dict[str, object]) -> Facts:
    """One team of people who can do everything, on 100 days."""
    return Facts(
        organisation_from(
            {
                "name": "n",
                "horizon": {"start": "2020-01-01", "end": "2020-04-10"},
                "skills": [{"id": "s"}],
                "teams": [{"id": "T", "size": {"min": 0, "max": 9}, "lead": False}],
                "employees": [{"id": e, "skills": {"s": 2}, **row} for e, row in employees.items()],
                "tasks": [
                    {"id": f"Q{i}", "kind": "ordinary", "skill": "s", "team": "T", **task}
                    for i, task in enumerate(tasks, start=1)
                ],
            }
        ),
        Policy(),
    )


def leaving(date: str) -> dict[str, object]:
    return {"leaves": {"date": date, "reason": "retirement", "source": "stated"}}


def placed(facts: Facts, team_of: dict[str, str], tenures: tuple[Tenure, ...] = ()) -> Plan:
    rows = []
    for e, t in team_of.items():
        start, end = (as_date(day) for day in facts.service(e))
        rows.append(Placement(employee=e, team=t, start=start, end=end))
    return Plan(placements=tuple(rows), holders=tenures)


def chain(facts: Facts, *people: str) -> tuple[Tenure, ...]:
    """They hold the first task one after the other."""
    tenures, after = [], None
    for e in people:
        start, after = facts.tenure(e, "Q1", after)
        tenures.append(
            Tenure(task="Q1", team="T", employee=e, start=as_date(start), end=as_date(after))
        )
    return tuple(tenures)


def about_holders(evaluation: Evaluation) -> set[str]:
    about = {"qualified", "tenure", "team", "moves", "load", "tasks", "pin_holder"}
    return {v.rule for v in evaluation.violations if v.rule.split(":")[0] in about}


def fixed(model: Model, values: dict[int, int]) -> Program:
    """The program with some variables at these values."""
    program = model.program.fixed([])
    program.lower, program.upper = list(program.lower), list(program.upper)
    for variable, value in values.items():
        if variable != ONE:
            program.lower[variable] = program.upper[variable] = value
    return program


def status_of(model: Model, values: dict[int, int], goal: str) -> str:
    """Whether a goal has a least cost with some variables at these values."""
    cost = model.goal(goal)
    return minimise(fixed(model, values), cost, Limits.for_seconds(60, 1)).status


def costs(model: Model, plan: Plan) -> dict[str, int] | None:
    """What the program says a plan's tenures cost; None if it does not allow them."""
    goals = {goal: model.goal(goal) for goal in GOALS}
    total = model.weighted(dict.fromkeys(GOALS, 1))
    answer = minimise(fixed(model, model.hint(plan)), total, Limits.for_seconds(60, 1))
    # Somebody who cannot hold a task has no variable: then the tenures are other ones.
    if answer.values is None or model.plan(answer.values).holders != plan.holders:
        return None
    assert answer.status == "optimal"
    return {goal: cost.value(answer.values) for goal, cost in goals.items()}


def some_plans(facts: Facts, rng: random.Random) -> Iterator[Plan]:
    placements = list(product(*(facts.eligible(e) for e in facts.employees)))
    for teams in rng.sample(placements, min(2, len(placements))):
        team_of = dict(zip(facts.employees, teams, strict=True))
        choices = list(islice(holders(facts, team_of), 20_000))
        for tenures in rng.sample(choices, min(12, len(choices))):
            yield placed(facts, team_of, tenures)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("seed", range(12))
def test_any_tenures_cost_what_the_evaluation_says(seed: int, policy: Policy) -> None:
    data = random_organisation(seed, people=4, tasks=3)
    data["rules"] = [rule for rule in data["rules"] if rule["kind"] == "pin_holder"]
    for row in data["teams"]:
        row |= {"size": {"min": 0, "max": 4}, "lead": False}
    facts = Facts(organisation_from(data, policy), policy)
    if facts.pins_of_holder:
        # A pin that cannot hold makes the input infeasible: no model is built of it.
        facts = Facts(organisation_from(data | {"rules": []}, policy), policy)
    model = Model(facts)
    for plan in some_plans(facts, random.Random(seed)):
        evaluation = evaluate_facts(facts, plan)
        found = costs(model, plan)
        assert (found is None) == bool(about_holders(evaluation)), plan
        if found is not None:
            assert found == {goal: evaluation.costs[goal] for goal in GOALS}, plan


def test_a_variable_for_each_possible_holder_is_enough() -> None:
    facts = team({}, A=leaving("2020-02-01"), B=leaving("2020-03-01"), C={}, D={})
    chain = Model(facts).chains["Q1"]
    assert list(chain.holds["T"]) == ["A", "B", "C", "D"]
    # Whose tenure would end first can hold it as the first alone.
    assert chain.holds["T"]["A"] == chain.first["T"]["A"]


def test_of_those_who_stay_to_the_end_one_holds_it() -> None:
    facts = team({}, A=leaving("2020-02-01"), C={}, D={})
    model = Model(facts)
    both = {"A": "T", "C": "T", "D": "T"}
    holds = model.chains["Q1"].hint(both)
    assert status_of(model, holds, "handovers") == "infeasible"


def test_who_leaves_first_is_next_though_not_ready() -> None:
    """A until 1.2.; B, ready 1.3., leaves before C, ready at once: nobody from 1.2. to 1.3."""
    facts = team(
        {"holder": "A", "handover_days": 90, "prepared": {"B": "2020-03-01", "C": "2020-01-01"}},
        A=leaving("2020-02-01"),
        B=leaving("2020-04-01"),
        C={},
    )
    model, team_of = Model(facts), dict.fromkeys("ABC", "T")
    plan = placed(facts, team_of, chain(facts, "A", "B", "C"))
    # 29 days of February, two handovers.
    assert costs(model, plan) == {"authority_gap": 0, "task_gap": 29, "handovers": 2}
    plan = placed(facts, team_of, chain(facts, "A", "C"))
    assert costs(model, plan) == {"authority_gap": 0, "task_gap": 0, "handovers": 1}


@pytest.mark.parametrize(("load", "status"), [(50, "optimal"), (51, "infeasible")])
def test_loads_add_up_on_the_day_before_a_task_ends(load: int, status: str) -> None:
    """B has Q1, which ends on 1.3., and Q2 from 1.2. on, when A leaves it: both in February."""
    facts = team(
        {"load": load, "active": {"end": "2020-03-01"}},
        {"load": 50, "holder": "A"},
        A=leaving("2020-02-01"),
        B={},
    )
    model = Model(facts)
    holds = model.chains["Q1"].hint({"B": "T"}) | model.chains["Q2"].hint({"A": "T", "B": "T"})
    assert status_of(model, holds, "task_gap") == status


def test_loads_do_not_add_up_where_a_task_ends_before_the_other_is_taken_over() -> None:
    """B has Q1 until 1.2. and Q2 only from then on."""
    facts = team(
        {"load": 60, "active": {"end": "2020-02-01"}},
        {"load": 60, "holder": "A"},
        A=leaving("2020-02-01"),
        B={},
    )
    model = Model(facts)
    holds = model.chains["Q1"].hint({"B": "T"}) | model.chains["Q2"].hint({"A": "T", "B": "T"})
    assert status_of(model, holds, "task_gap") == "optimal"
