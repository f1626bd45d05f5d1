"""The part of the summary that is about tasks: who holds them, when nobody does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from api.layout import Cell, heading, paragraph, table
from api.texts import Texts
from api.view import View
from api.view_tasks import TaskView, handovers

_COLUMNS = (
    "task",
    "name",
    "team",
    "holder",
    "first_without_holder",
    "first_not_covered",
    "days_not_covered",
    "backups_wanted",
    "backups_now",
    "backups_worst",
)


def authority(view: View, tasks: Sequence[TaskView], texts: Texts) -> Iterator[str]:
    """Every authority task, those that break first at the top."""
    yield from heading(texts("section.authority"))
    found = [task for task in tasks if task.task.kind == "authority"]
    if not found:
        yield from paragraph(texts("tasks.none"))
        return
    yield from paragraph(texts("tasks.backups"))
    yield from _table(view, found, texts)


def other_tasks(view: View, tasks: Sequence[TaskView], texts: Texts, most: int) -> Iterator[str]:
    """Other tasks that are not covered on some day, or whose reserve runs out."""
    found = [
        task
        for task in tasks
        if task.task.kind != "authority"
        and (task.gaps or task.first_without_holder or task.reserve_worst < task.task.backups)
    ]
    if found:
        yield from heading(texts("section.other_tasks"))
        yield from paragraph(texts("tasks.backups"))
        yield from _table(view, found[:most], texts)
        yield from _more(len(found), most, texts)


def _table(view: View, tasks: Sequence[TaskView], texts: Texts) -> Iterator[str]:
    never = view.organisation.horizon.end
    ordered = sorted(
        tasks, key=lambda task: (task.gaps[0].start if task.gaps else never, -len(task.gaps))
    )
    rows = [_row(view, task, texts) for task in ordered]
    yield from table([texts(f"column.{c}") for c in _COLUMNS], rows)


def _row(view: View, task: TaskView, texts: Texts) -> list[Cell]:
    holders = [h.employee for h in task.tenures]
    held = " → ".join(holders) if holders else texts("tasks.nobody")
    first = task.gaps[0] if task.gaps else None
    # A gap that lasts as long as the task has no end worth telling.
    last = task.tenures[-1].end if task.tenures else None
    again = first.end if first and last and first.end < last else None
    return [
        task.task.id,
        task.task.name,
        task.team,
        held,
        _span(task.first_without_holder, task.held_again, texts),
        _span(first.start if first else None, again, texts),
        task.days_not_covered,
        task.task.backups,
        task.reserve_first,
        task.reserve_worst,
    ]


def _span(start: date | None, end: date | None, texts: Texts) -> str:
    """``2018-09-01 – 2018-11-15``; without an end, that it begins."""
    if start is None:
        return texts("tasks.never")
    return f"{texts.day(start)} – {texts.day(end)}" if end else texts.day(start)


def handed_over(view: View, texts: Texts, most: int) -> Iterator[str]:
    """Who takes a task over from whom, and by when they have learnt it."""
    yield from heading(texts("section.handovers"))
    found = [h for h in handovers(view) if h.giver or h.learns]
    if not found:
        yield from paragraph(texts("handovers.none"))
    rows: list[list[Cell]] = []
    for handover in found[:most]:
        days = view.facts.tasks[handover.task].handover_days
        learns = f"{texts('handover.head', days=texts.count('day', days))}, " + texts(
            "handover.ready", day=handover.ready
        )
        rows.append(
            [
                handover.start.isoformat(),
                view.task_name(handover.task),
                view.person_name(handover.giver) if handover.giver else texts("none"),
                view.person_name(handover.taker),
                learns if handover.learns else texts("handover.prepared"),
            ]
        )
    columns = ("start", "task", "giver", "taker", "note")
    yield from table([texts(f"column.{c}") for c in columns], rows)
    yield from _more(len(found), most, texts)


def gaps(view: View, tasks: Sequence[TaskView], texts: Texts, most: int) -> Iterator[str]:
    """The days on which tasks are not covered, authority tasks first."""
    yield from heading(texts("section.gaps"))
    found = [(task, gap) for task in tasks for gap in task.gaps]
    if not found:
        yield from paragraph(texts("gaps.none"))
    found.sort(key=lambda row: (row[0].task.kind != "authority", row[1].start))
    rows: list[list[Cell]] = [
        [
            gap.start.isoformat(),
            gap.end.isoformat(),
            (gap.end - gap.start).days,
            task.task.id,
            task.task.name,
            texts("gap.authority") if task.task.kind == "authority" else "",
        ]
        for task, gap in found[:most]
    ]
    columns = ("start", "end", "days", "task", "name", "kind")
    yield from table([texts(f"column.{c}") for c in columns], rows)
    yield from _more(len(found), most, texts)


def _more(number: int, most: int, texts: Texts) -> Iterator[str]:
    if number > most:
        yield "  " + texts("more", n=number - most, file="proposal.xlsx")
