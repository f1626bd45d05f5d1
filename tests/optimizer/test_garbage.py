"""While somebody builds nothing is collected; afterwards all is as it was."""

import gc
import threading
from collections.abc import Callable, Iterator

import pytest

import fixtures
from models.facts import Facts
from models.policy import Policy
from optimizer import garbage
from optimizer.garbage import uncollected
from optimizer.model import GOAL_ENCODERS, Model
from optimizer.program import Sum


@pytest.fixture(params=[True, False], ids=["enabled", "disabled"])
def before(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Whether garbage was collected before; as it was when the test began afterwards."""
    was = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if was else gc.disable)()


def test_it_is_as_before_afterwards_whatever_happens(before: bool) -> None:
    with uncollected():
        assert not gc.isenabled()
        with pytest.raises(ValueError, match="inside"), uncollected():
            raise ValueError("inside")
        assert not gc.isenabled()
    assert gc.isenabled() == before


def test_the_last_of_several_threads_puts_it_back(before: bool) -> None:
    inside, go = threading.Barrier(2), threading.Event()

    def build() -> None:
        with uncollected():
            inside.wait(60)
            go.wait(60)

    other = threading.Thread(target=build)
    other.start()
    with uncollected():
        inside.wait(60)
    assert not gc.isenabled()
    go.set()
    other.join(60)
    assert gc.isenabled() == before


def test_models_are_built_without(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    for name, encode in GOAL_ENCODERS.items():

        def looked(model: Model, encode: Callable[[Model], Sum] = encode) -> Sum:
            seen.append(gc.isenabled())
            return encode(model)

        monkeypatch.setitem(GOAL_ENCODERS, name, looked)
    model = Model(Facts(fixtures.load("example"), Policy()))
    for name in GOAL_ENCODERS:
        model.goal(name)
    assert seen == [False] * len(GOAL_ENCODERS)
    assert garbage._builders == 0
