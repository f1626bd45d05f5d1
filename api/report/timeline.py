"""When who leaves, and when which task goes to whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from api.report.blocks import Block, Picture, Section, Table, Text, Value, table
from api.report.ground import Ground
from api.report.pictures.timeline import (
    Counted,
    Group,
    Legend,
    Row,
    draw_counts,
    draw_timeline,
)
from api.view import Person
from api.view_tasks import Handover
from models.days import day

MOST_LINES = 90
"""With more lines than this the picture is left to the tables."""


def timeline(ground: Ground) -> Section:
    """How many in each period, then everybody by name."""
    words = ground.words
    blocks: list[Block] = []
    if not ground.leavers and not ground.handovers:
        blocks.append(Text(words("report.nothing_moves")))
    else:
        blocks.append(_counts(ground))
        groups = list(_groups(ground))
        tables = (_departures(ground), _handovers(ground))
        if sum(len(g.rows) for g in groups) <= MOST_LINES:
            blocks.append(_lines(ground, groups, tables))
        else:
            blocks += tables
    return Section("timeline", words("report.timeline"), tuple(blocks), new_page=True)


def _known(person: Person) -> bool:
    return person.leaves is not None and person.leaves.source != "forecast"


def _counts(ground: Ground) -> Picture:
    words = ground.words
    counted = []
    for period in ground.periods:
        start, end = period.days
        leaving = [p for p in ground.leavers if start <= day(p.end) < end]
        known = sum(map(_known, leaving))
        moves = sum(start <= day(h.start) < end for h in ground.handovers)
        counted.append(Counted(period, known, len(leaving) - known, moves))
    legend = Legend(
        words("report.leaves_known"), words("report.leaves_forecast"), words("report.handovers")
    )
    busiest = max(counted, key=lambda c: c.known + c.forecast)
    caption = words("report.counts")
    description = words(
        "report.counts_said",
        people=words.count("person", len(ground.leavers)),
        n=len(ground.handovers),
        period=busiest.period.label,
        most=busiest.known + busiest.forecast,
    )
    rows: list[list[Value]] = [[c.period.label, c.known, c.forecast, c.handovers] for c in counted]
    keys = ("period", "leaves_known", "leaves_forecast", "handover_count")
    return Picture(
        name="counts",
        caption=caption,
        description=description,
        svg=draw_counts("counts", caption, description, counted, legend),
        table=(table(words, "counts-table", caption, keys, rows, folded=True),),
    )


def _lines(ground: Ground, groups: Sequence[Group], tables: tuple[Table, ...]) -> Picture:
    words = ground.words
    caption = words("report.lines")
    description = words("report.lines_said")
    legend = Legend(
        words("report.leaves_known"), words("report.leaves_forecast"), words("report.hands_over")
    )
    horizon = ground.view.facts.horizon
    svg = draw_timeline("lines", caption, description, horizon, groups, legend)
    return Picture("lines", caption, description, svg, tables)


def _groups(ground: Ground) -> Iterator[Group]:
    words, leaving = ground.words, {p.employee.id for p in ground.leavers}
    given: dict[str, list[Handover]] = {}
    others = []
    for h in ground.handovers:
        if h.giver in leaving:
            given.setdefault(str(h.giver), []).append(h)
        else:
            others.append(h)
    for team in ground.view.teams:
        of_team = [p for p in ground.leavers if p.team == team.team.id]
        rows = tuple(_leaver(ground, p, given.pop(p.employee.id, [])) for p in of_team)
        yield Group(words.team(team.team.id), rows)
    yield Group(words("report.other_handovers"), tuple(_other(ground, h) for h in others))


def _leaver(ground: Ground, person: Person, given: Sequence[Handover]) -> Row:
    words = ground.words
    by_taker = groupby(sorted(given, key=lambda h: (h.start, h.taker)), key=lambda h: h.taker)
    said = [
        f"{words.listed(words.shown(h.task) for h in found)} → {words.shown(taker)}"
        for taker, found in by_taker
    ]
    return Row(
        label=words.person(person.employee.id),
        start=day(person.start),
        end=day(person.end),
        leaves="known" if _known(person) else "forecast",
        handovers=tuple(sorted({day(h.start) for h in given})),
        said="; ".join(said),
    )


def _other(ground: Ground, handover: Handover) -> Row:
    words, start = ground.words, day(handover.start)
    giver = f"{words.shown(handover.giver)} " if handover.giver else ""
    said = f"{giver}→ {words.shown(handover.taker)}"
    return Row(words.task(handover.task), start, start, "", (start,), said)


def _departures(ground: Ground) -> Table:
    words = ground.words
    given: dict[str | None, list[str]] = {}
    for h in ground.handovers:
        given.setdefault(h.giver, []).append(h.task)
    rows: list[list[Value]] = []
    for p in ground.leavers:
        assert p.leaves is not None
        rows.append(
            [
                ground.person(p.employee.id),
                p.leaves.date,
                words(f"reason.{p.leaves.reason}"),
                words(f"source.{p.leaves.source}"),
                words.team(p.team),
                ground.people(given.get(p.employee.id, ())),
            ]
        )
    keys = ("employee", "day", "reason", "source", "team", "hands_over")
    return table(words, "departures-table", words("report.departures"), keys, rows, folded=True)


def _handovers(ground: Ground) -> Table:
    words, view = ground.words, ground.view
    rows: list[list[Value]] = []
    for h in ground.handovers:
        learning = words("handover.prepared")
        if h.learns:
            days = words.count("day", view.facts.tasks[h.task].handover_days)
            ready = words("handover.ready", day=h.ready)
            learning = f"{ready}, {words('handover.head', days=days)}"
        rows.append(
            [
                ground.task(h.task),
                h.start,
                ground.person(h.giver) if h.giver else words("none"),
                ground.person(h.taker),
                learning,
            ]
        )
    keys = ("task", "start", "giver", "taker", "note")
    caption = words("section.handovers")
    return table(words, "handovers-table", caption, keys, rows, folded=True)
