"""What every test stands on."""

import os

import pytest

# Lines are wrapped to the terminal, and nobody's terminal decides what a test expects.
os.environ["COLUMNS"] = "100"

LONGEST = ("test_faults.py", "test_readme.py")
"""These start first: at the end one processor would work on them alone."""


def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: many tests of the service wait for others' processes."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """In a worker pytest-cov measures twice, so that `no_cover` stops nothing: end the first."""
    plugin = session.config.pluginmanager.getplugin("_cov")
    if hasattr(session.config, "workerinput") and plugin and plugin.cov_controller:
        plugin.cov_controller.pause()
