"""Which task is covered when, by how many: a heat map, its table, and the days without anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from api.report.blocks import Block, Cell, Column, Picture, Section, Table, Text, Value, table
from api.report.ground import Ground
from api.report.pictures.heat_map import STATES, Band, Line, Square, State, draw_heat_map
from api.view_tasks import TaskView
from models.days import cut, day

KINDS = ("authority", "expert", "special", "ordinary")
MOST_LINES = 90
"""With more tasks than this the picture has a line for every team."""

_SIGNS = {"open": "×", "alone": "!", "few": "–", "enough": "", "none": ""}


def coverage(ground: Ground) -> Section:
    """All tasks over time."""
    words = ground.words
    blocks: list[Block] = []
    if ground.tasks:
        lines = {t.task.id: tuple(_squares(ground, t)) for t in ground.tasks}
        if len(ground.tasks) <= MOST_LINES:
            blocks.append(_of_tasks(ground, lines))
        else:
            blocks.append(_of_teams(ground, lines))
            blocks += _folded_tables(ground, lines)
        blocks += _gaps(ground)
    else:
        blocks.append(Text(words("tasks.none")))
    return Section("coverage", words("report.coverage"), tuple(blocks), new_page=True)


def _squares(ground: Ground, task: TaskView) -> Iterator[Square]:
    """A task in every period, at its worst."""
    active = ground.view.facts.active(task.task.id)
    found = ground.cover_of[task.task.id]
    steps = [(day(s.start), day(s.end), s.there) for s in found.steps]
    for period in ground.periods:
        start, end = cut(period.days, active)
        if start >= end:
            yield Square("none", "")
            continue
        if open_days := ground.uncovered_days(task, (start, end)):
            yield Square("open", str(open_days))
            continue
        least = min(there for first, last, there in steps if first < end and last > start)
        if least >= found.wanted:
            yield Square("enough", str(least))
        else:
            yield Square("alone" if least <= 1 else "few", str(least))


def _legend(ground: Ground) -> list[str]:
    return [ground.words(f"covered.{state}") for state in STATES]


def _worst(squares: Sequence[Square]) -> State:
    order = (*STATES, "none")
    return min((s.state for s in squares), key=order.index, default="none")


def _of_tasks(ground: Ground, lines: dict[str, tuple[Square, ...]]) -> Picture:
    words = ground.words
    bands = [
        Band(
            heading=words(f"kinds.{kind}"),
            lines=tuple(
                Line(words.task(t.task.id), _shown(lines[t.task.id]))
                for t in ground.tasks
                if t.task.kind == kind
            ),
        )
        for kind in KINDS
    ]
    caption = words("report.heat_map", period=words(f"period.{_length(ground)}"))
    worst = Counter(_worst(squares) for squares in lines.values())
    description = words(
        "report.heat_map_said",
        tasks=words.count("task", len(lines)),
        open=worst["open"],
        alone=worst["alone"],
    )
    svg = draw_heat_map("heat", caption, description, ground.periods, bands, _legend(ground))
    tasks = sorted(ground.tasks, key=lambda t: KINDS.index(t.task.kind))
    whole = _table(ground, "heat-table", caption, tasks, lines)
    return Picture("heat", caption, description, svg, (whole,))


def _shown(squares: Sequence[Square]) -> tuple[Square, ...]:
    """As in the picture: the number of people where it is small, a cross where nobody is."""
    said = {"open": "×", "enough": ""}
    return tuple(Square(s.state, said.get(s.state, s.said)) for s in squares)


def _length(ground: Ground) -> str:
    """What kind of a period a column is."""
    months = {1: "month", 3: "quarter", 6: "half", 12: "year"}
    longest = max(p.end - p.start for p in ground.periods)
    return next((name for n, name in months.items() if longest <= 31 * n), "years")


def _table(
    ground: Ground,
    name: str,
    caption: str,
    tasks: Sequence[TaskView],
    lines: dict[str, tuple[Square, ...]],
) -> Table:
    """The same in numbers: a row a task, a column a period."""
    words = ground.words
    columns = [Column(words("column.task"), False)]
    columns += [Column(p.label, True) for p in ground.periods]
    rows = tuple(
        (ground.task(t.task.id), *(_cell(ground, s) for s in lines[t.task.id])) for t in tasks
    )
    note = words("report.heat_map_note")
    return Table(name, caption, tuple(columns), rows, folded=True, note=note, dense=True)


def _cell(ground: Ground, square: Square) -> Cell:
    words = ground.words
    if square.state == "none":
        return Cell("", hidden=words("covered.none"))
    text = f"{square.said}{_SIGNS[square.state]}"
    mark = "strong" if square.state == "open" else ""
    return Cell(text, mark=mark, hidden=words(f"covered.{square.state}"))


def _of_teams(ground: Ground, lines: dict[str, tuple[Square, ...]]) -> Picture:
    """For many tasks: a line a team, with the worst of its tasks and how many are as bad."""
    words = ground.words
    teams = [
        (t.team.id, [x for x in ground.tasks if x.team == t.team.id]) for t in ground.view.teams
    ]
    without = [x for x in ground.tasks if x.team is None]
    named = [(words.team(t), tasks) for t, tasks in teams if tasks]
    if without:
        named.append((words("report.no_team"), without))
    band = tuple(
        Line(name, tuple(_of_many([lines[t.task.id] for t in tasks], len(ground.periods))))
        for name, tasks in named
    )
    caption = words("report.heat_teams", period=words(f"period.{_length(ground)}"))
    description = words("report.heat_teams_said", teams=words.count("team", len(band)))
    bands = [Band(words("report.teams"), band)]
    svg = draw_heat_map("heat", caption, description, ground.periods, bands, _legend(ground))
    periods = (Column(p.label, True) for p in ground.periods)
    columns = (Column(words("column.team"), False), *periods)
    rows = tuple((Cell(line.label), *(_cell(ground, s) for s in line.squares)) for line in band)
    whole = Table("heat-table", caption, columns, rows, folded=True, dense=True)
    return Picture("heat", caption, description, svg, (whole,))


def _of_many(lines: Sequence[Sequence[Square]], periods: int) -> Iterator[Square]:
    for index in range(periods):
        states = [line[index].state for line in lines]
        worst = _worst([line[index] for line in lines])
        yield Square(worst, "" if worst in ("none", "enough") else str(states.count(worst)))


def _folded_tables(ground: Ground, lines: dict[str, tuple[Square, ...]]) -> Iterator[Block]:
    words = ground.words
    for number, team in enumerate(ground.view.teams):
        tasks = [t for t in ground.tasks if t.team == team.team.id]
        if tasks:
            caption = words("report.team_coverage", team=words.team(team.team.id))
            yield _table(ground, f"heat-team-{number}", caption, tasks, lines)


def _gaps(ground: Ground) -> Iterator[Block]:
    words = ground.words
    found = [(task, gap) for task in ground.tasks for gap in task.gaps]
    found.sort(key=lambda row: (row[0].task.kind != "authority", row[1].start))
    if not found:
        yield Text(words("gaps.none"))
        return
    rows: list[list[Value]] = [
        [
            ground.task(task.task.id),
            words(f"kind.{task.task.kind}"),
            words.team(task.team),
            gap.start,
            gap.end,
            (gap.end - gap.start).days,
        ]
        for task, gap in found
    ]
    keys = ("task", "kind", "team", "start", "end", "days")
    yield table(words, "gaps-table", words("section.gaps"), keys, rows)
