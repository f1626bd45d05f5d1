"""What every test stands on."""

import gc
import os
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
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
    "api/test_alternatives.py::test_no_number_is_said_that_is_not_held",
    "api/test_compare.py::test_no_number_is_said_that_is_not_held",
    "api/test_compare.py::test_nothing_is_left_in_english",
    "api/test_compare.py::test_the_language_changes_no_number",
    "api/test_languages.py",
    "api/test_output.py",
    "api/test_properties.py",
    "api/test_propose.py",
    "api/test_search.py",
    "api/test_whatif.py::test_nothing_is_left_in_english",
    "api/test_whatif.py::test_the_language_changes_no_answer",
    "api/test_why.py::test_no_number_is_said_that_the_answer_does_not_hold",
    "api/test_why.py::test_nothing_is_left_in_english",
    "api/test_why.py::test_the_language_changes_no_answer",
    "api/test_why_text.py",
    "benchmarks",
    "fixtures/test_scale.py::test_a_changed_generator_is_noticed",
    "fixtures/test_scale.py::test_any_other_size",
    "fixtures/test_scale.py::test_being_at_home_is_valid",
    "fixtures/test_scale.py::test_it_has_no_input_error_and_nothing_odd",
    "fixtures/test_scale.py::test_large_ones_are_made_with_their_checksum",
    "fixtures/test_scale.py::test_the_file_is_what_is_made_and_its_checksum",
    "fixtures/test_scenarios.py",
    "models/test_reading.py::test_junk_anywhere_is_an_input_error_if_anything",
    "models/test_scenario.py",
    "models/test_tables_fuzz.py",
    "models/test_tables_round_trips.py",
    "optimizer/test_alternatives.py",
    "optimizer/test_brute_force.py",
    "optimizer/test_chains.py",
    "optimizer/test_conflicts.py::test_teams_that_rules_exclude_change_no_answer",
    "optimizer/test_large.py::test_every_level_agrees_with_brute_force",
    "optimizer/test_propose.py",
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
    "report/test_commands.py",
    "report/test_content.py",
    "report/test_language.py",
    "report/test_page.py",
    "report/test_pdf.py",
    "report/test_served.py",
    "service/test_audit.py",
    "service/test_databases.py",
    "service/test_dispatcher.py",
    "service/test_faults.py",
    "service/test_faults_within.py",
    "service/test_jobs.py",
    "service/test_listing.py",
    "service/test_making.py",
    "service/test_operators.py",
    "service/test_security.py",
    "service/web/test_audit_log.py",
    "service/web/test_documents.py",
    "service/web/test_events.py",
    "service/web/test_openapi.py",
    "service/web/test_people.py",
    "service/web/test_roles.py",
    "service/web/test_schemathesis.py",
    "service/web/test_what_ifs.py",
    "test_readme.py",
)
"""Folders, files and tests whose part of the coverage is not measured: tracing them would take a
third of the suite's time. The coverage that is told is lower for it, never higher.
"""

LONGEST_NAME = 200
"""Of a parameter that is a text, in characters."""

HERE = Path(__file__).parent


def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: tests of the service wait for others' processes."""
    return (os.cpu_count() or 1) + 1


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A long text is no name: it would be sent to and fro between those that share the tests."""
    if isinstance(val, str | bytes) and len(val) > LONGEST_NAME:
        return f"{argname} of {len(val)}"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; and no two tests with one id, as then only one would run."""
    twice = [name for name, count in Counter(item.nodeid for item in items).items() if count > 1]
    if twice:
        raise pytest.UsageError(f"These ids are of several tests: {twice}")
    first = {HERE / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: first.get(item.path, len(first)))


@pytest.hookimpl(wrapper=True)
def pytest_sessionstart(session: pytest.Session) -> Iterator[None]:
    """In a worker pytest-cov measures twice, so that pausing one stops nothing: end the first.

    What is loaded with the tests is the same in all workers: one traces it.
    """
    worker, coverage = _worker(session), _coverage(session.config)
    if worker and coverage:
        coverage.pause()
    yield
    if worker not in ("", "gw0") and (coverage := _coverage(session.config)):
        coverage.pause()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Load what commands load late, so that its outermost lines are traced whoever is first.

    What is there by now stays: looking for garbage in it again and again took a tenth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    worker, coverage = _worker(session), _coverage(session.config)
    if coverage and worker in ("", "gw0"):
        for name in ("api.report.page", "api.report.worker", "api.service.app"):
            import_module(name)
    elif coverage:
        coverage.resume()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Trace nothing of the files that are not to be traced, their fixtures included."""
    coverage = _coverage(item.config)
    if coverage is None or not _is_untraced(item):
        return (yield)
    coverage.pause()
    try:
        return (yield)
    finally:
        coverage.resume()


def _is_untraced(item: pytest.Item) -> bool:
    file = item.path.relative_to(HERE).as_posix()
    name = f"{file}::{item.originalname}" if isinstance(item, pytest.Function) else file
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    # What runs on both databases is traced on SQLite.
    if "postgres" in parameters:
        return True
    return name in UNTRACED or file in UNTRACED or file.partition("/")[0] in UNTRACED


def _worker(session: pytest.Session) -> str:
    """Which of those that share the tests this is; "" where one runs them all."""
    found: str = getattr(session.config, "workerinput", {}).get("workerid", "")
    return found


def _coverage(config: pytest.Config) -> Any:
    plugin = config.pluginmanager.getplugin("_cov")
    return plugin and plugin.cov_controller
