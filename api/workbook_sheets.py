"""What stands in the sheets of a proposal's workbook: columns, rows, and marks in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from api.summary import paid_for
from api.texts import Texts
from api.view import Pair, Person, TeamView, View
from api.view_tasks import TaskView, task_views

Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key among the texts, whether it may be changed by hand, to which ids.

    `of` is the sheet whose first column lists the ids; `title` stands in place of the text;
    numbers of a `signed` one are changes, shown with their sign.
    """

    key: str
    pen: bool = False
    of: str | None = None
    title: str | None = None
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row's values; `marks` colours cells by index, `head` makes it a row of headers."""

    cells: tuple[Value, ...]
    marks: dict[int, str] = field(default_factory=dict)
    head: bool = False


@dataclass(frozen=True, slots=True)
class SheetOf:
    """A sheet: its key among the texts, its columns and rows."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


PEOPLE = (
    Column("employee"),
    Column("title"),
    Column("team", pen=True, of="teams"),
    Column("team_name"),
    Column("team_today"),
    Column("grade"),
    Column("start", pen=True),
    Column("end", pen=True),
    Column("leaving"),
    Column("leads"),
    Column("holds"),
    Column("pays"),
    Column("paid_for"),
)
TEAMS = (
    Column("team"),
    Column("name"),
    Column("leader", pen=True, of="people"),
    Column("leader_title"),
    Column("lead_grade"),
    Column("leader_today"),
    Column("people_first"),
    Column("size"),
    Column("people_last"),
    Column("leaving_number"),
    Column("headcount_short"),
    Column("needs_short"),
)
TASKS = (
    Column("task"),
    Column("task_name"),
    Column("kind"),
    Column("team", pen=True, of="teams"),
    Column("holder", pen=True, of="people"),
    Column("holder_title"),
    Column("start", pen=True),
    Column("end", pen=True),
    Column("note"),
    Column("first_without_holder"),
    Column("first_not_covered"),
    Column("days_not_covered"),
    Column("reserve_wanted"),
    Column("reserve_now"),
    Column("reserve_worst"),
)
GAPS = (
    Column("task"),
    Column("task_name"),
    Column("kind"),
    Column("team"),
    Column("start"),
    Column("end"),
    Column("days"),
)
SUBSTITUTES = (
    Column("principal"),
    Column("principal_title"),
    Column("substitute", pen=True, of="people"),
    Column("substitute_title"),
    Column("fit"),
    Column("away"),
    Column("substitute_today"),
    Column("note"),
)
GOALS = (
    Column("level"),
    Column("goal"),
    Column("counts"),
    Column("weight"),
    Column("cost"),
    Column("weighted"),
)


def data_sheets(view: View, texts: Texts) -> tuple[SheetOf, ...]:
    """All sheets but the summary."""
    tasks = task_views(view)
    return (
        SheetOf("people", PEOPLE, tuple(_person(view, p, texts) for p in view.people)),
        SheetOf("teams", TEAMS, tuple(_team(view, t, texts) for t in view.teams)),
        SheetOf("tasks", TASKS, tuple(r for task in tasks for r in _task(view, task, texts))),
        SheetOf("gaps", GAPS, tuple(r for task in tasks for r in _gaps(task, texts))),
        SheetOf("substitutes", SUBSTITUTES, tuple(_pair(view, p, texts) for p in view.pairs)),
        SheetOf("goals", GOALS, tuple(_goals(view, texts))),
    )


def _marks(columns: tuple[Column, ...], **marks: str | None) -> dict[int, str]:
    """Colours by column key; None for none."""
    keys = [column.key for column in columns]
    return {keys.index(key): colour for key, colour in marks.items() if colour}


def _person(view: View, person: Person, texts: Texts) -> Row:
    e, leaves = person.employee, person.leaves
    why = ""
    if leaves:
        why = f"{texts(f'reason.{leaves.reason}')} ({texts(f'source.{leaves.source}')})"
    points = sum(person.pays.values())
    cells = (
        e.id,
        e.title,
        person.team,
        view.team_name(person.team),
        e.team,
        texts.grade(person.grade, view.policy.interest_cost),
        person.start,
        person.end,
        why,
        texts("yes") if person.leads else "",
        ", ".join(person.holds),
        points,
        paid_for(person, texts),
    )
    marks = _marks(
        PEOPLE,
        leaving="warn" if leaves else None,
        leads="good" if person.leads else None,
        pays="bad" if points else None,
    )
    return Row(cells, marks)


def _team(view: View, team: TeamView, texts: Texts) -> Row:
    t, employees = team.team, view.facts.employees
    grade = employees[team.leader].lead_interest.get(t.id) if team.leader else None
    cells = (
        t.id,
        view.team_name(t.id),
        team.leader,
        view.title_of(team.leader),
        texts.lead_grade(grade) if team.leader else "",
        t.leader,
        team.starters,
        f"{t.size.min} – {t.size.max}",
        team.last_day,
        sum(person.leaves is not None for person in team.people),
        team.headcount_short,
        team.needs_short,
    )
    marks = _marks(
        TEAMS,
        headcount_short="warn" if team.headcount_short else None,
        needs_short="warn" if team.needs_short else None,
    )
    return Row(cells, marks)


def _task(view: View, task: TaskView, texts: Texts) -> Iterator[Row]:
    """A row per tenure; one without a holder if there is none."""
    q, authority = task.task, task.task.kind == "authority"
    about = (
        task.first_without_holder,
        task.gaps[0].start if task.gaps else None,
        task.days_not_covered,
        q.backups,
        task.reserve_first,
        task.reserve_worst,
    )
    marks = _marks(
        TASKS,
        days_not_covered=("bad" if authority else "warn") if task.gaps else None,
        reserve_worst="warn" if task.reserve_worst < q.backups else None,
        note=None if task.tenures else "bad",
    )
    named = (q.id, view.task_name(q.id), texts(f"kind.{q.kind}"), task.team)
    if not task.tenures:
        yield Row((*named, None, None, None, None, texts("note.no_holder"), *about), marks)
    before = q.holder
    for h in task.tenures:
        note = "stays" if h.employee == q.holder else "handover" if before else "first"
        who = (h.employee, view.title_of(h.employee), h.start, h.end, texts(f"note.{note}"))
        yield Row((*named, *who, *about), marks)
        before = h.employee


def _gaps(task: TaskView, texts: Texts) -> Iterator[Row]:
    q = task.task
    for gap in task.gaps:
        days = (gap.end - gap.start).days
        kind = texts(f"kind.{q.kind}")
        mark = "bad" if q.kind == "authority" else "warn"
        yield Row(
            (q.id, q.name or q.id, kind, task.team, gap.start, gap.end, days),
            _marks(GAPS, kind=mark, days=mark),
        )


def _pair(view: View, pair: Pair, texts: Texts) -> Row:
    notes = []
    if pair.substitute is None:
        notes.append("no_substitute")
    else:
        notes.append("kept" if pair.kept else "new")
        if view.facts.employees[pair.substitute].needs_substitute:
            notes.append("mutual" if pair.mutual else "one_way")
    said = [texts(f"note.{note}") for note in notes]
    if pair.until:
        said.append(texts("note.until", day=pair.until))
    cells = (
        pair.principal,
        view.title_of(pair.principal),
        pair.substitute,
        view.title_of(pair.substitute),
        pair.fit,
        pair.away if pair.substitute else None,
        view.facts.employees[pair.principal].substitute,
        ", ".join(said),
    )
    mark = "bad" if pair.substitute is None else "warn" if pair.until else None
    return Row(cells, _marks(SUBSTITUTES, note=mark))


def _goals(view: View, texts: Texts) -> Iterator[Row]:
    """Every goal, by level; at the end those that count in none."""
    costs, listed = view.evaluation.costs, set()
    for level in view.policy.levels:
        for goal, weight in level.goals.items():
            cost = costs[goal]
            listed.add(goal)
            yield Row(
                (texts.level(level.name), goal, texts(f"goal.{goal}"), weight, cost, weight * cost)
            )
    for goal, cost in costs.items():
        if goal not in listed:
            yield Row((texts("note.off"), goal, texts(f"goal.{goal}"), 0, cost, 0))
