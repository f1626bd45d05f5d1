"""What is known best only improves, is verified, and does not bear contradictions."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import known
from benchmarks.best_known import check, main, update
from benchmarks.choices import Choices
from benchmarks.instances import load
from benchmarks.known import Bound, ContradictionError, Verified, pooled
from benchmarks.one import solved
from benchmarks.policies import POLICIES
from benchmarks.results import LevelRow, RunRow
from benchmarks.verifying import facts_of, verified

KEY = ("example", "default")
COMMITTED = [entry for entry in known.read().values() if "000" not in entry.instance]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for what is known."""
    monkeypatch.setattr(known, "FILE", tmp_path / "best_known.json")
    monkeypatch.setattr(known, "PLANS", tmp_path / "plans")
    return tmp_path


@pytest.fixture
def worse_run(example_run: RunRow) -> RunRow:
    """A run of the example that found a plan without substitutes, and proved nothing."""
    assert example_run.plan is not None
    return of_plan(example_run, example_run.plan.model_copy(update={"substitutes": {}}))


def of_plan(run: RunRow, plan: Choices) -> RunRow:
    facts = facts_of(*KEY)
    people = len(facts.employees)
    levels = [
        LevelRow(
            level=level.name,
            best=value,
            bound=0,
            allowed=value + level.tolerance_per_person * people,
            value=value,
            status="feasible",
            seconds=1.0,
        )
        for level, value in zip(facts.policy.levels, verified(facts, plan).values, strict=True)
    ]
    return run.model_copy(update={"plan": plan, "levels": tuple(levels), "status": "feasible"})


def with_level(run: RunRow, index: int, **changed: object) -> RunRow:
    levels = list(run.levels)
    levels[index] = levels[index].model_copy(update=changed)
    return run.model_copy(update={"levels": tuple(levels)})


# The committed file


@pytest.mark.parametrize("entry", COMMITTED, ids=lambda e: ".".join(e.key))
def test_what_is_committed_is_verified(
    entry: known.Known, capsys: pytest.CaptureFixture[str]
) -> None:
    check([entry.instance])
    assert entry.instance in capsys.readouterr().out


# Updating


def test_a_first_run_is_taken_over(place: Path, example_run: RunRow) -> None:
    update([example_run])
    entry = known.read()[KEY]
    assert entry.proven == len(entry.levels) == 5
    assert [x.best for x in entry.levels] == [x.best for x in example_run.levels]
    assert known.read_plans(KEY) == (example_run.plan,)
    check([])


def test_values_only_improve(place: Path, example_run: RunRow, worse_run: RunRow) -> None:
    update([worse_run])
    before = known.read()[KEY]
    update([example_run])
    best = known.read()
    assert [x.best for x in best[KEY].levels] < [x.best for x in before.levels]
    update([worse_run])
    assert known.read() == best
    assert known.read_plans(KEY) == (example_run.plan,)


def test_the_bound_of_any_run_counts_and_the_plan_of_a_better_one(
    place: Path, example_run: RunRow, worse_run: RunRow
) -> None:
    update([worse_run, with_level(worse_run, 0, bound=0)])
    assert [x.bound for x in known.read()[KEY].levels] == [0] * 5
    without = with_level(example_run, 4, bound=700)
    update([without])
    assert known.read()[KEY].levels[4].bound == 700
    update([example_run])
    assert known.read()[KEY].levels[4].bound == 810


def test_bounds_of_others_are_not_taken_over(place: Path, example_run: RunRow) -> None:
    update([example_run.model_copy(update={"solver": "peer"})])
    entry = known.read()[KEY]
    assert [x.best for x in entry.levels] == [x.best for x in example_run.levels]
    assert [x.bound for x in entry.levels] == [0] * 5


def test_what_failed_is_passed_over(place: Path, example_run: RunRow) -> None:
    update([example_run.model_copy(update={"status": "failed", "plan": None, "levels": ()})])
    assert known.read() == {}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda run: with_level(run, 1, bound=795, best=800), "a bound of 795 was claimed"),
        (lambda run: with_level(run, 2, value=5), "claimed was"),
        (lambda run: run.model_copy(update={"plan": None}), "without a plan"),
        (lambda run: run.model_copy(update={"input_sha256": "0"}), "another organisation"),
        (lambda run: moved(run, "E5", "economy"), "not valid"),
        (lambda run: moved(run, "E5", "nowhere"), "not valid"),
        (lambda run: moved(run, "E99", "economy"), "names 'E99'"),
        (
            lambda run: run.model_copy(
                update={"status": "infeasible", "conflicts": (("size:economy",),)}
            ),
            "can hold together",
        ),
    ],
)
def test_a_claim_that_is_not_so_is_refused_with_all_the_file(
    place: Path, example_run: RunRow, spoil: Callable[[RunRow], RunRow], message: str
) -> None:
    other = solved(load("jamsa-2018-units"), "jamsa-2018-units", "default", 0, 1, 1.0)
    with pytest.raises(ContradictionError, match=message) as told:
        update([other, spoil(example_run)])
    assert str(told.value).startswith("example: ")
    assert known.read() == {}


def moved(run: RunRow, employee: str, team: str) -> RunRow:
    assert run.plan is not None
    placements = run.plan.placements | {employee: team}
    plan = run.plan.model_copy(update={"placements": placements})
    return run.model_copy(update={"plan": plan})


def test_a_plan_contradicts_a_bound_known_before(
    place: Path, example_run: RunRow, worse_run: RunRow
) -> None:
    wrong = with_level(worse_run, 4, bound=worse_run.levels[4].best)
    update([wrong])
    with pytest.raises(ContradictionError, match="substitutes: a bound of"):
        update([example_run])


def test_the_command_says_so(
    place: Path, example_run: RunRow, capsys: pytest.CaptureFixture[str]
) -> None:
    update([example_run])
    assert main(["check", "example"]) == 0
    assert "example: 5 of 5 levels proven" in capsys.readouterr().out
    text = known.FILE.read_text(encoding="utf-8")
    known.FILE.write_text(text.replace('"best": 794', '"best": 700'), encoding="utf-8")
    assert main(["check"]) == 1
    assert "contradiction: example: the values are not" in capsys.readouterr().err


def test_without_plans_nothing_is_known(place: Path, example_run: RunRow) -> None:
    update([example_run])
    known.plans_file(KEY).unlink()
    with pytest.raises(ContradictionError, match="no plan"):
        check([])


def test_of_a_changed_organisation_the_plans_stay(place: Path, example_run: RunRow) -> None:
    update([example_run])
    entry = known.read()[KEY].model_copy(update={"input_sha256": "before"})
    known.write([entry])
    with pytest.raises(ContradictionError, match="another organisation"):
        check([])
    update([with_level(example_run, 4, bound=1)])
    levels = known.read()[KEY].levels
    assert (levels[4].best, levels[4].bound) == (810, 1)


def test_where_no_plan_exists(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "scale-57-infeasible"
    run = solved(load(name), name, "default", seed=0, workers=1, time_limit=5.0)
    update([run, run])
    assert known.read()[name, "default"].conflict == run.conflicts[0]
    assert "no valid plan: x1, x2, x3" in capsys.readouterr().out
    check([])
    with pytest.raises(ContradictionError, match="a plan was found"):
        update([run.model_copy(update={"status": "feasible"})])


def test_a_known_plan_contradicts_that_none_exists(place: Path, example_run: RunRow) -> None:
    update([example_run])
    with pytest.raises(ContradictionError, match="one is known"):
        update([example_run.model_copy(update={"status": "infeasible", "conflicts": (("x",),)})])


# The pool


def plan(*values: int) -> Verified:
    """A plan of such costs; nobody looks at who is where."""
    choices = Choices(placements={"E": str(values)}, leads={}, holders={}, substitutes={})
    return Verified(choices, values)


def test_the_best_of_a_level_keeps_the_levels_before() -> None:
    plans = [plan(5, 30, 9), plan(5, 33, 4), plan(6, 1, 1), plan(5, 41, 0)]
    found = pooled("abc", [0, 10, 0], plans, [])
    assert [(x.best, x.allowed, x.value) for x in found.levels] == [
        (5, 5, 5),
        (30, 40, 33),
        (4, 4, 4),
    ]
    assert found.plans == (plan(5, 33, 4), plan(5, 30, 9))


def test_a_bound_holds_for_tighter_limits_only() -> None:
    plans = [plan(5, 30), plan(6, 20)]
    bounds = [Bound(1, 15, (6,)), Bound(1, 29, (5,)), Bound(1, 99, (4,))]
    level = pooled("ab", [0, 0], plans, bounds).levels[1]
    assert (level.bound, level.given) == (29, (5,))
    level = pooled("ab", [1, 0], plans, bounds).levels[1]
    assert (level.bound, level.given) == (15, (6,))


def test_a_better_first_level_makes_bounds_lapse() -> None:
    bounds = [Bound(0, 2, ()), Bound(2, 7, (5, 30))]
    before = pooled("abc", [0, 0, 0], [plan(5, 30, 7)], bounds)
    assert [x.bound for x in before.levels] == [2, 0, 7]
    after = pooled("abc", [0, 0, 0], [plan(5, 30, 7), plan(4, 50, 1)], bounds)
    assert [(x.best, x.bound) for x in after.levels] == [(4, 2), (50, 0), (1, 0)]


def test_any_plan_within_the_limits_contradicts_a_bound() -> None:
    with pytest.raises(ContradictionError, match="level b: a bound of 21"):
        pooled("ab", [0, 0], [plan(5, 30), plan(6, 20)], [Bound(1, 21, (6,))])


def test_every_policy_has_levels_to_be_known() -> None:
    assert set(POLICIES) == {"default", "joint", "placement"}
