"""The page as HTML: one file, with its style and pictures in it, that asks for nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from benchmarks import known
from benchmarks.report import sections, tables
from benchmarks.report.blocks import Section
from benchmarks.report.contest import contest
from benchmarks.report.medians import medians
from benchmarks.results import Results


def page(files: Mapping[str, Results]) -> str:
    """Of files of results, by name; there is a run in at least one of them."""
    whole = contest(files)
    parts: list[Section | None] = [
        tables.goals(whole),
        tables.peers(files),
        Section("medians", "By problem", tables=tuple(medians(whole, known.read()))),
        sections.profiles(whole),
        sections.split(whole),
        sections.growths(whole),
        tables.every_run(whole),
        tables.sources(files),
    ]
    template = _environment().get_template("page.html")
    return template.render(
        sections=[part for part in parts if part is not None],
        made=_last(files),
        runs=sum(len(found.runs) for found in files.values()),
        contestants=[each.name for each in whole.contestants],
    )


def _last(files: Mapping[str, Results]) -> datetime:
    return max(found.started_at for found in files.values())


def _environment() -> Environment:
    """Every text that is put in is escaped."""
    return Environment(
        loader=PackageLoader("benchmarks.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
