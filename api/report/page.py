"""The page as HTML: one file, with its style and pictures in it, that asks for nothing else."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from api.report.appendix import appendix
from api.report.blocks import Section
from api.report.changes import changes
from api.report.coverage import coverage
from api.report.ground import Ground
from api.report.interest import interest
from api.report.network import network
from api.report.risks import risks
from api.report.summary import summary
from api.report.teams import teams
from api.report.timeline import timeline
from api.report.worker import person_of, worker

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def report_page(ground: Ground) -> str:
    """The report of a proposal."""
    words, organisation = ground.words, ground.base.organisation
    sections: tuple[Section | None, ...] = (
        summary(ground),
        changes(ground),
        teams(ground),
        timeline(ground),
        coverage(ground),
        interest(ground),
        network(ground),
        risks(ground),
        appendix(ground),
    )
    name = words.shown(organisation.name)
    key = "report.title" if ground.base.of_what_if is None else "report.title_what_if"
    return _rendered(
        "report.html",
        ground,
        title=words(key, name=name),
        horizon=f"{organisation.horizon.start} – {organisation.horizon.end}",
        size=words.listed(
            (
                words.count("person", len(ground.view.people)),
                words.count("team", len(ground.view.teams)),
                words.count("task", len(ground.tasks)),
            )
        ),
        sections=[section for section in sections if section is not None],
    )


def worker_page(ground: Ground, employee: str) -> str:
    """One person's page.

    Raises:
        InputError: if they are not in service.
    """
    words, person = ground.words, person_of(ground, employee)
    return _rendered(
        "worker.html",
        ground,
        title=words("worker.title", person=words.person(employee)),
        organisation=words.shown(ground.base.organisation.name),
        sections=worker(ground, person),
    )


def _rendered(template: str, ground: Ground, **values: object) -> str:
    made = f"{ground.base.proposal.run.started_at:%Y-%m-%d}"
    language = ground.words.language
    page = _templates().get_template(template)
    return page.render(
        words=ground.words,
        language=language,
        made=made,
        erased=ground.base.erased,
        **values,
    )


@cache
def _templates() -> Environment:
    """The templates; every text that is put in is escaped."""
    environment = Environment(
        loader=PackageLoader("api.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["days"] = _days_whole
    return environment


def _days_whole(text: str) -> Markup:
    """A text whose days are not broken at the end of a line."""
    return Markup(_DAY.sub(r'<span class="day">\g<0></span>', str(escape(text))))
