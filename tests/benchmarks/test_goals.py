"""Goals of speed are judged by runs: reached, missed, or not measured."""

import pytest

from benchmarks.goals import GOALS
from benchmarks.results import RunRow
from tests.benchmarks.rows import level, run

CITY, RANDOM, JOINT, P200, P500, P1000, P5000, P20000 = GOALS


def proven(instance: str, wall: float, **changed: object) -> RunRow:
    return run(instance, wall, level("x", 5, 5), **changed)


def within(instance: str, best: int, wall: float, **changed: object) -> RunRow:
    return run(instance, wall, level("x", best, 1000), **changed)


def test_nothing_measured() -> None:
    assert [goal.judged([proven("example", 1.0)]).reached for goal in GOALS] == [None] * 8
    assert CITY.judged([proven("jamsa-2018", 1.0, solver="peer")]).reached is None


@pytest.mark.parametrize(
    ("walls", "reached"), [((1.0, 2.0, 5.0), True), ((1.0, 2.1, 3.0), False), ((1, 1, 5.1), False)]
)
def test_median_and_worst(walls: tuple[float, ...], reached: bool) -> None:
    assert CITY.judged([proven("jamsa-2018-units", wall) for wall in walls]).reached is reached


def test_a_level_that_is_not_proven_misses() -> None:
    judged = CITY.judged([proven("jamsa-2018", 1.0), within("jamsa-2018", 1010, 1.0)])
    assert (judged.reached, judged.measured[:11]) == (False, "1 of 2 prov")


def test_times_faster_than_highs() -> None:
    ours = proven("random:1", 4.0)
    assert RANDOM.judged([ours]).reached is None
    assert RANDOM.judged([ours, proven("random:1", 40.0, solver="highs_plain")]).reached is True
    assert RANDOM.judged([ours, proven("random:1", 39.0, solver="highs_plain")]).reached is False
    assert RANDOM.judged([proven("random:1", 5.1)]).reached is False


def test_the_joint_policy_is_another_goal() -> None:
    joint = proven("random:1", 59.0, policy="joint")
    assert (JOINT.judged([joint]).reached, RANDOM.judged([joint]).reached) == (True, None)


def test_a_size_is_not_the_beginning_of_another() -> None:
    assert P200.judged([proven("scale-20000-loose-few", 1.0)]).reached is None
    assert P200.judged([run("scale-200-infeasible", 99.0)]).reached is None
    assert P200.judged([proven("scale-200-loose-few", 61.0)]).reached is False


@pytest.mark.parametrize(
    ("best", "wall", "reached"), [(1010, 120.5, True), (1011, 99.0, False), (1010, 130.0, False)]
)
def test_within_a_gap_in_time(best: int, wall: float, reached: bool) -> None:
    # (1010 − 1000) / 1010 < 1 % < (1011 − 1000) / 1011
    judged = P500.judged([within("scale-500-loose-few", best, wall)])
    assert judged.reached is reached


def test_runs_given_less_time_than_the_goal_count_only_where_there_are_no_others() -> None:
    short = within("scale-500-loose-few", 2000, 60.0, time_limit=60.0)
    full = within("scale-500-loose-few", 1001, 119.0, time_limit=120.0)
    longer = within("scale-500-loose-few", 1000, 199.0, time_limit=200.0)
    other = within("scale-500-tight-many", 2000, 60.0, time_limit=60.0)
    assert P500.judged([short]).reached is False
    assert P500.judged([short, full, longer]).reached is True
    assert P500.judged([longer]).reached is False
    assert P500.judged([short, full, other]).reached is False


def test_a_first_plan_in_time() -> None:
    early = within("scale-5000-loose-few", 1040, 900.0, first_plan_seconds=59.0)
    late = early.model_copy(update={"first_plan_seconds": 61.0})
    assert P5000.judged([early]).reached is True
    assert P5000.judged([early, late]).reached is False


def test_memory_counts_for_the_largest() -> None:
    plan = within("scale-20000-loose-few", 9999, 900.0, first_plan_seconds=299.0)
    assert P20000.judged([plan]).reached is True
    assert P20000.judged([plan.model_copy(update={"peak_memory_mib": 8193})]).reached is False
    assert P20000.judged([plan.model_copy(update={"first_plan_seconds": None})]).reached is False


def test_no_plan_misses() -> None:
    nothing = run("scale-1000-loose-few", 300.0, level("x", 9, 9), status="unknown", levels=())
    judged = P1000.judged([nothing])
    assert (judged.reached, "no plan" in judged.measured) == (False, True)
