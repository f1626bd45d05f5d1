"""What every test stands on."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# Lines are wrapped to the terminal, and nobody's terminal decides what a test expects.
os.environ["COLUMNS"] = "100"

LONGEST = (
    "service/test_faults.py",
    "service/test_operators.py",
    "service/test_serve.py",
    "optimizer/test_why.py",
    "optimizer/test_what_if.py",
    "report/test_accessible.py",
    "test_readme.py",
)
"""These start first: at the end one processor would work on them alone."""

UNTRACED = (
    "api/test_languages.py",
    "api/test_output.py",
    "api/test_properties.py",
    "api/test_propose.py",
    "api/test_search.py",
    "api/test_why_text.py",
    "benchmarks",
    "fixtures/test_scenarios.py",
    "models/test_scenario.py",
    "models/test_tables_fuzz.py",
    "models/test_tables_round_trips.py",
    "optimizer/test_alternatives.py",
    "optimizer/test_brute_force.py",
    "optimizer/test_chains.py",
    "optimizer/test_relaxation.py",
    "optimizer/test_relaxations.py",
    "optimizer/test_risk_chains.py",
    "optimizer/test_risk_cover.py",
    "optimizer/test_risk_stand_in.py",
    "optimizer/test_risk_succession.py",
    "optimizer/test_weights.py",
    "optimizer/test_what_if.py",
    "optimizer/test_why.py",
    "optimizer/test_why_cures.py",
    "report/test_accessible.py",
    "report/test_content.py",
    "report/test_language.py",
    "report/test_page.py",
    "report/test_pdf.py",
    "service/test_audit.py",
    "service/test_databases.py",
    "service/test_dispatcher.py",
    "service/test_faults.py",
    "service/test_faults_within.py",
    "service/test_jobs.py",
    "service/test_listing.py",
    "service/test_operators.py",
    "service/web/test_audit_log.py",
    "service/web/test_events.py",
    "service/web/test_openapi.py",
    "service/web/test_people.py",
    "service/web/test_roles.py",
    "service/web/test_schemathesis.py",
    "service/web/test_what_ifs.py",
    "test_readme.py",
)
"""Their part of the coverage is not measured, as tracing would take a third of the suite's time.

Others run the same lines: all of these together add less than half a percent.
"""

HERE = Path(__file__).parent


def pytest_xdist_auto_num_workers() -> int:
    """Two more than processors: many tests of the service wait for others' processes."""
    return (os.cpu_count() or 1) + 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first."""
    first = {HERE / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: first.get(item.path, len(first)))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """In a worker pytest-cov measures twice, so that pausing one stops nothing: end the first."""
    if hasattr(session.config, "workerinput") and (coverage := _coverage(session.config)):
        coverage.pause()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Trace nothing of the files that are not to be traced, their fixtures included."""
    coverage = _coverage(item.config)
    if coverage is None or not any(item.path.is_relative_to(HERE / name) for name in UNTRACED):
        return (yield)
    coverage.pause()
    try:
        return (yield)
    finally:
        coverage.resume()


def _coverage(config: pytest.Config) -> Any:
    plugin = config.pluginmanager.getplugin("_cov")
    return plugin and plugin.cov_controller
