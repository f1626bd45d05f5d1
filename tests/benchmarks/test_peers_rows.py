"""A CP-SAT model as rows has the same solutions; the levels' loop believes no solver."""

from itertools import product

import pytest
from ortools.sat.python import cp_model

from benchmarks.peers.levels import Found, lexicographic
from benchmarks.peers.translate import rows_of, sum_of
from models.policy import Level


def enforced() -> cp_model.CpModel:
    model = cp_model.CpModel()
    a, b, c = (model.new_bool_var("") for _ in range(3))
    n = model.new_int_var(0, 3, "")
    model.add_bool_or(a, ~b, c)
    model.add(n + 2 * a >= 3).only_enforce_if(b, ~c)
    model.add(n == 1).only_enforce_if(c)
    model.add_bool_and(a, ~c).only_enforce_if(b)
    return model


def counted() -> cp_model.CpModel:
    model = cp_model.CpModel()
    a, b, c, d = (model.new_bool_var("") for _ in range(4))
    model.add_exactly_one(a, b, ~c)
    model.add_at_most_one(c, d)
    model.add_implication(d, ~a)
    model.add(2 * a - b + d <= 1)
    return model


@pytest.mark.parametrize("build", [enforced, counted])
def test_the_rows_have_the_same_solutions(build: object) -> None:
    model = build()  # type: ignore[operator]
    program = rows_of(model)
    domains = [range(v.domain[0], v.domain[1] + 1) for v in model.proto.variables]
    seen = []
    for values in product(*domains):
        fixed = model.clone()
        for index, value in enumerate(values):
            fixed.add(fixed.get_int_var_from_proto_index(index) == value)
        holds = cp_model.CpSolver().solve(fixed) == cp_model.OPTIMAL
        assert holds == keeps_rows(program, (1, *values)), values
        seen.append(holds)
    assert set(seen) == {True, False}


def keeps_rows(program: object, values: tuple[int, ...]) -> bool:
    totals = (
        (row, sum(c * values[v] for v, c in zip(row.variables, row.coefficients, strict=True)))
        for row in program.rows  # type: ignore[attr-defined]
    )
    return all(
        (row.lower is None or row.lower <= total) and (row.upper is None or total <= row.upper)
        for row, total in totals
    )


def test_what_is_no_row_is_refused() -> None:
    model = cp_model.CpModel()
    a, b = (model.new_int_var(0, 3, "") for _ in range(2))
    model.add_max_equality(a, [b, 2])
    with pytest.raises(ValueError, match="not a row"):
        rows_of(model)


def test_a_sum_counts_variables_from_one() -> None:
    model = cp_model.CpModel()
    a, b = (model.new_int_var(0, 3, "") for _ in range(2))
    total = sum_of(3 * a - b + 4)
    assert total.value([1, 2, 1]) == 3 * 2 - 1 + 4
    assert sum_of(7).value([1]) == 7


LEVELS = (
    Level(name="first", goals={"task_gap": 1}, tolerance_per_person=2),
    Level(name="second", goals={"interest": 1}),
)


class Told:
    """A solver that answers what it is told to; an objective is the place of its value."""

    def __init__(self, *answers: tuple[Found, tuple[int, int] | None]) -> None:
        self.answers = list(answers)
        self.values: tuple[int, int] | None = None
        self.caps: list[tuple[int, int]] = []
        self.seconds: list[float] = []

    def minimise(self, objective: int, seconds: float) -> Found:
        found, values = self.answers.pop(0)
        self.values = values or self.values
        self.seconds.append(seconds)
        return found

    def at_most(self, objective: int, most: int) -> None:
        self.caps.append((objective, most))

    def value(self, objective: int) -> int:
        assert self.values is not None
        return self.values[objective]


def test_levels_are_capped_and_taken_back() -> None:
    solver = Told(
        (Found("optimal", 5, 5), (5, 90)),
        (Found("optimal", 40, 40), (11, 40)),
        (Found("optimal", 8, 8), (8, 40)),
    )
    outcome = lexicographic(LEVELS, (0, 1), solver, people=3, seconds=100)
    # 5 + 2 × 3 people are allowed at the first level; 8 is what the second one needs.
    assert solver.caps == [(0, 11), (1, 40), (0, 8)]
    assert [(x.best, x.bound, x.allowed, x.proven) for x in outcome.levels] == [
        (5, 5, 11, True),
        (40, 40, 40, True),
    ]
    assert solver.seconds == pytest.approx([50, 90, 100], abs=1)


def test_a_level_without_proof_keeps_its_bound() -> None:
    solver = Told(
        (Found("feasible", 5, 3), (5, 90)),
        (Found("unknown"), None),
        (Found("feasible", 5, 5), (5, 90)),
    )
    outcome = lexicographic(LEVELS, (0, 1), solver, people=3, seconds=100)
    assert [(x.best, x.bound, x.proven) for x in outcome.levels] == [
        (5, 3, False),
        (90, None, False),
    ]


def test_a_solver_that_contradicts_itself_is_told_of() -> None:
    solver = Told(
        (Found("optimal", 5, 5), (5, 90)),
        (Found("infeasible"), None),
        (Found("optimal", 5, 5), (5, 90)),
    )
    outcome = lexicographic(LEVELS, (0, 1), solver, people=3, seconds=100)
    assert outcome.remark == "called second infeasible although it had a plan"
    assert [x.proven for x in outcome.levels] == [True, False]


@pytest.mark.parametrize("status", ["infeasible", "unknown"])
def test_without_a_first_plan_there_are_no_levels(status: str) -> None:
    solver = Told((Found(status), None))  # type: ignore[arg-type]
    outcome = lexicographic(LEVELS, (0, 1), solver, people=3, seconds=100)
    assert outcome.levels == ()
    assert outcome.infeasible == (status == "infeasible")
