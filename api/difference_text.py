"""A difference between two plans in words, as tables for a terminal and for a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.layout import Cell, heading, paragraph, table
from api.texts import Texts
from api.workbook_sheets import Column, Row, SheetOf, Value
from models.difference import Difference, Holding
from models.facts import Facts


class DifferenceTables:
    """The tables of a difference; ids come with names where there are any.

    Attributes:
        sheets: one for each kind of change, also where there is none.
    """

    def __init__(self, found: Difference, before: Facts, after: Facts, texts: Texts) -> None:
        self.found = found
        self.texts = texts
        self._facts = (after, before)
        self.sheets: tuple[SheetOf, ...] = (
            self._people(),
            self._tasks(),
            self._leads(),
            self._substitutes(),
            self._goals(),
            self._first_broken(),
        )

    def lines(self) -> Iterator[str]:
        """The same for a terminal: only what differs."""
        if self.found.is_empty:
            yield ""
            yield self.texts("difference.none")
        for sheet in self.sheets:
            rows = [row for row in sheet.rows if self._differs(sheet, row)]
            if not rows:
                continue
            yield from heading(self.texts(f"difference.{sheet.name}"))
            if sheet.name == "changed_tasks":
                yield from self._task_lines(rows)
                continue
            heads = [self.texts(f"column.{c.key}") for c in sheet.columns]
            pairs = (zip(sheet.columns, row.cells, strict=True) for row in rows)
            yield from table(heads, [[_cell(c, v) for c, v in row] for row in pairs])

    def _task_lines(self, rows: Sequence[Row]) -> Iterator[str]:
        """Who holds a task from when takes a line, not a column."""
        for row in rows:
            task, name, before, after = row.cells
            yield from paragraph(f"{task}  {name}")
            yield from paragraph(f"{self.texts('column.before')}: {before}", indent=6)
            yield from paragraph(f"{self.texts('column.after')}: {after}", indent=6)

    def _differs(self, sheet: SheetOf, row: Row) -> bool:
        keys = [column.key for column in sheet.columns]
        before, after = (row.cells[keys.index(key)] for key in ("before", "after"))
        return before != after or sheet.name == "changed_tasks"

    def _sheet(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> SheetOf:
        marked = [self._marked(columns, row) for row in rows]
        heads = tuple(Column(key, signed=key == "change") for key in columns)
        return SheetOf(name, heads, tuple(marked))

    def _marked(self, columns: Sequence[str], row: Sequence[Value]) -> Row:
        """A row; a number that rose is marked, and one that fell, in words too."""
        index = columns.index("change") if "change" in columns else None
        change = None if index is None else row[index]
        if index is None or not isinstance(change, int) or not change:
            return Row(tuple(row))
        return Row(tuple(row), {index: "bad" if change > 0 else "good"})

    def _people(self) -> SheetOf:
        texts = self.texts
        rows: list[list[Value]] = [
            *(self._person(p.employee, texts("difference.away"), self._team(p.team))
              for p in self.found.came),
            *(self._person(p.employee, self._team(p.team), texts("difference.away"))
              for p in self.found.went),
            *(self._person(m.employee, self._team(m.before), self._team(m.after))
              for m in self.found.moved),
        ]  # fmt: skip
        return self._sheet("changed_people", ("employee", "title", "before", "after"), rows)

    def _person(self, employee: str, before: str, after: str) -> list[Value]:
        return [employee, self._title(employee), before, after]

    def _tasks(self) -> SheetOf:
        rows: list[list[Value]] = [
            [
                change.task,
                self._task_name(change.task),
                self._held(change.team_before, change.before),
                self._held(change.team_after, change.after),
            ]
            for change in self.found.tasks
        ]
        return self._sheet("changed_tasks", ("task", "task_name", "before", "after"), rows)

    def _leads(self) -> SheetOf:
        rows = [
            [self._team(c.team), self._named(c.before), self._named(c.after)]
            for c in self.found.leads
        ]
        return self._sheet("changed_leads", ("team", "before", "after"), rows)

    def _substitutes(self) -> SheetOf:
        rows = [
            [c.principal, self._title(c.principal), self._named(c.before), self._named(c.after)]
            for c in self.found.substitutes
        ]
        columns = ("principal", "title", "before", "after")
        return self._sheet("changed_substitutes", columns, rows)

    def _goals(self) -> SheetOf:
        rows: list[list[Value]] = [
            [g.goal, g.before, g.after, g.after - g.before, self.texts(f"goal.{g.goal}")]
            for g in self.found.goals
        ]
        columns = ("goal", "before", "after", "change", "meaning")
        return self._sheet("changed_goals", columns, rows)

    def _first_broken(self) -> SheetOf:
        texts = self.texts
        rows: list[list[Value]] = []
        for b in self.found.first_broken:
            before, after = (
                (day or texts("tasks.never")) if known else texts("difference.no_task")
                for day, known in ((b.before, b.known_before), (b.after, b.known_after))
            )
            rows.append([b.task, self._task_name(b.task), before, after])
        columns = ("task", "task_name", "before", "after")
        return self._sheet("first_broken", columns, rows)

    # Names

    def _title(self, employee: str) -> str:
        known = [f.employees[employee] for f in self._facts if employee in f.employees]
        return (known[0].title or "") if known else ""

    def _named(self, employee: str | None) -> str:
        if employee is None:
            return self.texts("tasks.nobody")
        return f"{employee} {self._title(employee)}".rstrip()

    def _team(self, team: str | None) -> str:
        known = [f.teams[team] for f in self._facts if team in f.teams]
        return (known[0].name or known[0].id) if known else team or ""

    def _task_name(self, task: str) -> str:
        known = [f.tasks[task] for f in self._facts if task in f.tasks]
        return (known[0].name or "") if known else ""

    def _held(self, team: str | None, chain: tuple[Holding, ...]) -> str:
        """``economy: E1 2018-09-01 – 2020-03-01``: who holds it on which days."""
        held = ", ".join(f"{h.employee} {h.start} – {h.end}" for h in chain)
        held = held or self.texts("tasks.nobody")
        return f"{self._team(team)}: {held}" if team else held


def _cell(column: Column, value: Value) -> Cell:
    if column.signed and isinstance(value, int):
        return f"{value:+d}" if value else ""
    return value if isinstance(value, int) or value is None else str(value)
