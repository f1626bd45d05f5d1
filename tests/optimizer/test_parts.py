"""Windows and blocks of a large level: how they are searched side by side, and taken over."""

import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

import pytest

import optimizer.large
from models.policy import Policy
from optimizer.cpsat import Answer, Limits, SolverError, minimise
from optimizer.large import _next_apart, _Search
from optimizer.model import Model
from optimizer.parts import Found, Parts
from optimizer.program import Program, Row, Sum
from optimizer.relaxation import relax
from optimizer.windows import Windows
from tests.optimizer.larger import larger_model


def test_the_next_window_shares_no_team_with_those_that_run() -> None:
    sweep = [("a", "b"), ("b", "c"), ("c", "d"), ("e",)]
    assert _next_apart(sweep, []) == ("a", "b")
    assert _next_apart(sweep[1:], [("a", "b")]) == ("c", "d")
    assert _next_apart(sweep, [("a", "b"), ("c",)]) == ("e",)
    assert _next_apart(sweep[:3], [("b",), ("c", "d")]) is None
    assert _next_apart([], []) is None


class Searched:
    """Stands in for a search of parts: notes which run at the same time, and with what."""

    def __init__(self, answers: Mapping[str, Callable[[Limits], Found | None]]) -> None:
        self.answers = answers
        self.lock = threading.Lock()
        self.running: list[tuple[str, ...]] = []
        self.begun: list[tuple[str, ...]] = []
        self.most = 0
        self.workers: dict[tuple[str, ...], int] = {}

    def __call__(
        self, teams: tuple[str, ...], values: Sequence[int], limits: Limits
    ) -> Found | None:
        with self.lock:
            assert all(set(teams).isdisjoint(other) for other in self.running)
            self.running.append(teams)
            self.begun.append(teams)
            self.most = max(self.most, len(self.running))
            self.workers[teams] = limits.workers
        try:
            time.sleep(0.01)
            return self.answers.get(teams[0], nothing)(limits)
        finally:
            with self.lock:
                self.running.remove(teams)


def nothing(limits: Limits) -> Found:
    """What a search that ends without a plan finds."""
    program = Program([1, 0, 0], [1, 1, 1], [])
    return Found(program.narrowed([1], [1, 0, 0], Sum(), []), Answer("unknown", None, None, None))


def better(limits: Limits) -> Found:
    """A plan with the first of the two variables at 1."""
    program = Program([1, 0, 0], [1, 1, 1], [])
    objective = Sum([(1, -1), (2, -1)])
    return Found(program.narrowed([1], [1, 0, 0], objective, []), Answer("optimal", [1, 1], -1, -1))


def late(limits: Limits) -> None:
    """No time was left."""


def sweeping(workers: int, stop: threading.Event | None = None) -> _Search:
    limits = Limits.for_seconds(60, workers, stop=stop)
    search = _Search(Windows(larger_model(0)), Sum([(1, -1), (2, -1)]), limits, None)
    search.program = Program([1, 0, 0], [1, 1, 1], [])
    search.take([1, 0, 0])
    search.bound = -2
    return search


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_sweep_searches_every_part_once_as_many_as_it_may(workers: int) -> None:
    parts = [("a", "b"), ("b", "c"), ("c", "d"), ("e",), ("a", "e"), ("f",)]
    searched = Searched({})
    sweeping(workers)._sweep(parts, searched)
    assert sorted(searched.begun) == sorted(parts)
    assert searched.most == min(workers, 3)
    assert not searched.running
    if workers > 1:
        assert searched.workers["a", "b"] == 1


def test_a_part_that_nothing_can_run_beside_gets_all_workers() -> None:
    searched = Searched({})
    sweeping(2)._sweep([("a", "b"), ("b", "c")], searched)
    assert searched.workers == {("a", "b"): 2, ("b", "c"): 2}


def test_what_runs_when_another_one_is_late_is_taken_over() -> None:
    searched = Searched({"a": late, "b": better})
    search = sweeping(2)
    search._sweep([("a",), ("b",), ("c",)], searched)
    assert search.late
    assert search.values == [1, 1, 0]
    assert ("c",) not in searched.begun


def test_a_mistake_in_a_part_comes_out_and_stops_the_others() -> None:
    ended = threading.Event()

    def waiting(limits: Limits) -> Found:
        while not limits.stop.is_set():
            time.sleep(0.001)
        ended.set()
        return nothing(limits)

    def wrong(limits: Limits) -> Found:
        raise SolverError("as if it were wrong")

    with pytest.raises(SolverError, match="as if"):
        sweeping(2)._sweep([("a",), ("b",)], Searched({"a": waiting, "b": wrong}))
    assert ended.is_set()


def test_a_part_called_infeasible_is_our_mistake() -> None:
    def wrong(limits: Limits) -> Found:
        return Found(nothing(limits).part, Answer("infeasible", None, None, None))

    with pytest.raises(SolverError, match="infeasible"):
        sweeping(1)._sweep([("a",)], Searched({"a": wrong}))


def test_a_stop_ends_a_sweep_with_what_was_found() -> None:
    stop = threading.Event()

    def stopping(limits: Limits) -> Found:
        stop.set()
        return better(limits)

    searched = Searched({"a": stopping})
    search = sweeping(1, stop)
    search._sweep([("a",), ("b",)], searched)
    assert searched.begun == [("a",)]
    assert search.values == [1, 1, 0]


def test_what_is_proven_ends_the_parts_that_still_run() -> None:
    def waiting(limits: Limits) -> Found:
        while not limits.stop.is_set():
            time.sleep(0.001)
        return nothing(limits)

    search = sweeping(2)
    search.bound = -1
    search._sweep([("a",), ("b",)], Searched({"a": waiting, "b": better}))
    assert search.is_over() == "proven"


@pytest.mark.parametrize(
    ("pairs", "gains", "sweeps", "whole"),
    [
        # Windows while they gain, blocks where they gain little, and two sweeps end it.
        (False, [9, 0, 9, 0, 0], ["e1", "e1", "o", "e1", "o"], False),
        # With pairs wider ones, up to as many teams as there are.
        (True, [9, 0, 0], ["e1", "e1", "e2"], False),
        (True, [0, 9, 0, 9, 0], ["e1", "e2", "e2", "e3", "e3"], True),
    ],
)
def test_what_follows_a_sweep_that_gains_little(
    pairs: bool,
    gains: list[int],
    sweeps: list[str],
    whole: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, size in {"WHOLE": 0, "WINDOW": 1, "WIDER": 1}.items():
        monkeypatch.setattr(optimizer.large, name, size)
    monkeypatch.setattr(Model, "has_all_pairs", pairs)
    search = sweeping(1)
    search.best, search.bound = 1000, 0
    seen = []

    def sweep(parts: Iterable[tuple[str, ...]], way: Callable[..., Found | None]) -> None:
        entirely = way == search.parts.search_entirely
        seen.append(f"e{max(map(len, parts))}" if entirely else "o")
        search.best -= gains[len(seen) - 1]

    monkeypatch.setattr(search, "_sweep", sweep)
    assert search._search_parts() == whole
    assert seen == sweeps


def test_of_two_parts_begun_together_the_second_is_taken_only_where_it_fits() -> None:
    windows = Windows(larger_model(0))
    program = Program([1, 0, 0], [1, 1, 1], [Row([1, 2], [1, 1], None, 1)])
    search = _Search(windows, Sum([(1, -1), (2, -1)]), Limits.for_seconds(60, 1), None)
    search.program = program
    search.take([1, 0, 0])
    parts = [program.narrowed([v], search.values, search.objective, [0]) for v in (1, 2)]
    for part in parts:
        search._take_part(Found(part, Answer("optimal", [1, 1], -1, -1)))
    assert (search.values, search.best) == ([1, 1, 0], -1)


def with_a_plan(seed: int) -> tuple[Model, Sum, Limits, Sequence[int]]:
    """A model for more teams, what coverage costs, limits, and some plan's values."""
    model = larger_model(seed)
    objective = model.weighted(Policy().levels[1].weighted())
    limits = Limits.for_seconds(60, 1)
    values = minimise(model.program, Sum(), limits).values
    assert values is not None
    return model, objective, limits, values


@pytest.mark.parametrize("way", ["search_entirely", "search_open"])
@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_a_part_is_searched_with_all_else_as_it_is(seed: int, way: str) -> None:
    model, objective, limits, values = with_a_plan(seed)
    teams = tuple(model.facts.teams)[:2]
    search = getattr(Parts(Windows(model), objective), way)
    found = search(teams, values, limits)
    assert found is not None
    assert found.answer.values is not None
    changed = found.part.put(found.answer.values, values)
    assert all(row.holds(changed) for row in model.program.rows)
    assert objective.value(changed) <= objective.value(values)
    before, after = model.team_of(values), model.team_of(changed)
    for e, t in after.items():
        assert t == before[e] or {t, before[e]} <= set(teams)
    # What is found is the best there is: a second search finds nothing better.
    again = search(teams, changed, limits)
    assert again is not None
    assert again.answer.best == found.answer.best


@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_where_the_relaxation_is_known_nobody_is_placed_where_it_would_not(seed: int) -> None:
    model, objective, limits, values = with_a_plan(seed)
    relaxed = relax(model.program, objective, limits)
    assert relaxed is not None
    found = Parts(Windows(model), objective).search_all_open(relaxed, values, limits)
    assert found is not None
    assert found.answer.values is not None
    changed = found.part.put(found.answer.values, values)
    assert all(row.holds(changed) for row in model.program.rows)
    assert objective.value(changed) <= objective.value(values)
    before = model.team_of(values)
    for e, t in model.team_of(changed).items():
        assert t == before[e] or relaxed.values[model.placement.place[e][t]] > 0


@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_who_can_be_in_one_team_only_still_decides_there(seed: int) -> None:
    model, objective, limits, values = with_a_plan(seed)
    # As if the prices of an earlier level had ruled out all other teams.
    for options in model.placement.place.values():
        for place in options.values():
            model.program.lower[place] = model.program.upper[place] = values[place]
    teams, parts = tuple(model.facts.teams), Parts(Windows(model), objective)
    entirely = parts.search_entirely(teams, values, limits)
    found = parts.search_open(teams, values, limits)
    assert entirely is not None
    assert found is not None
    assert found.answer.best == entirely.answer.best


@pytest.mark.parametrize("way", ["search_entirely", "search_open"])
def test_without_time_no_part_is_made(way: str) -> None:
    model = larger_model(0)
    values = minimise(model.program, Sum(), Limits.for_seconds(60, 1)).values
    assert values is not None
    search = getattr(Parts(Windows(model), Sum()), way)
    assert search(tuple(model.facts.teams), values, Limits.for_seconds(0, 1)) is None


def test_blocks_hold_every_team_once() -> None:
    model = larger_model(1)
    model.weighted(Policy().levels[1].weighted())
    windows = Windows(model)
    for size in (1, 2, 3, 5):
        blocks = windows.blocks(size, random.Random(size))
        assert sorted(t for block in blocks for t in block) == sorted(model.facts.teams)
        assert max(map(len, blocks)) <= size
    everywhere = {e: set(options) for e, options in model.placement.place.items()}
    whole = windows.open(list(model.facts.teams), everywhere)
    program = model.program
    assert whole == [v for v, low in enumerate(program.lower) if low < program.upper[v]]
