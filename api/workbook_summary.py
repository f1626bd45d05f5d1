"""The first sheet of a proposal's workbook: what was asked, what is known of the answer."""

from __future__ import annotations

from collections.abc import Iterator

from api.summary import how_far_off, status_sentence
from api.texts import Texts
from api.view import View
from api.workbook_sheets import Row

_COLOURS = {"optimal": "good", "feasible": "warn"}
_LEVEL_COLUMNS = ("level", "value", "best", "bound", "allowed", "status", "seconds")


def summary_rows(view: View, texts: Texts) -> list[Row]:
    """The rows: label and text, and small tables with a heading."""
    return [
        *_what(view, texts),
        Row(()),
        *_levels(view, texts),
        Row(()),
        *_how(view, texts),
        *_odd(view, texts),
    ]


def _what(view: View, texts: Texts) -> Iterator[Row]:
    proposal, facts = view.proposal, view.facts
    horizon = view.organisation.horizon
    yield Row((texts("book.title", name=view.organisation.name),))
    yield Row((texts("book.status"), status_sentence(proposal, texts)), _mark(proposal.status))
    for sentence in how_far_off(proposal.levels, texts):
        yield Row(("", sentence))
    yield Row((texts("book.horizon"), f"{horizon.start} – {horizon.end}"))
    yield Row((texts("book.people"), len(facts.employees)))
    yield Row((texts("book.teams"), len(facts.teams)))
    yield Row((texts("book.tasks"), len(facts.tasks)))
    yield Row((texts("book.dates"), texts("dates")))
    yield Row((texts("book.by_hand"), texts("book.pen")))


def _mark(status: str) -> dict[int, str]:
    return {1: _COLOURS[status]} if status in _COLOURS else {}


def _levels(view: View, texts: Texts) -> Iterator[Row]:
    yield Row((texts("book.levels"),))
    yield Row(tuple(texts(f"column.{c}") for c in _LEVEL_COLUMNS), head=True)
    for level in view.proposal.levels:
        cells = (
            texts.level(level.level),
            level.value,
            level.best,
            None if level.bound is None else max(0, level.bound),
            level.allowed,
            texts(f"level_status.{level.status}"),
            round(level.seconds, 1),
        )
        mark = _COLOURS.get(level.status)
        yield Row(cells, {5: mark} if mark else {})


def _how(view: View, texts: Texts) -> Iterator[Row]:
    run, proposal = view.proposal.run, view.proposal
    limits = {"limit": f"{run.time_limit:g}", "workers": run.workers, "seed": run.seed}
    took = f"{run.wall_seconds:.1f}"
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    yield Row((texts("book.made"), f"{run.started_at:%Y-%m-%d %H:%M} UTC"))
    yield Row((texts("book.limits"), texts("book.limits_text", took=took, **limits)))
    yield Row((texts("book.versions"), versions))
    yield Row((texts("book.input"), run.input_sha256))
    yield Row((texts("book.policy"), run.policy_sha256))
    for key in ("not_in_service", "tasks_left_out"):
        if ids := getattr(proposal, key):
            yield Row((texts(f"book.{key}"), ", ".join(ids)))


def _odd(view: View, texts: Texts) -> Iterator[Row]:
    if view.proposal.warnings:
        yield Row(())
        yield Row((texts("book.warnings"),))
        for warning in view.proposal.warnings:
            yield Row((warning.code, f"{warning.place}: {texts.odd(warning.message)}"))
