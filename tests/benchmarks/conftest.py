"""A run of the example, measured once, as the tests of results see it."""

import pytest

from benchmarks.instances import load
from benchmarks.one import solved
from benchmarks.results import RunRow


@pytest.fixture(scope="session")
def example_run() -> RunRow:
    return solved(load("example"), "example", "default", seed=0, workers=1, time_limit=30)
