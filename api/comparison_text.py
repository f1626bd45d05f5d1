"""A comparison as a table, for a terminal and for a workbook; the best of a row is marked."""

from __future__ import annotations

from collections.abc import Iterator

from api.layout import heading, paragraph, table
from api.texts import Texts
from api.workbook_sheets import Column, SheetOf, Value
from api.workbook_sheets import Row as SheetRow
from models.comparison import Cell, Comparison, Row
from models.organisation import Organisation

MARK = " *"


def comparison_lines(found: Comparison, tasks: dict[str, str], texts: Texts) -> Iterator[str]:
    """The tables in words; `tasks` has the names of tasks."""
    yield from paragraph(texts("compare.head"), indent=0)
    if not found.same_horizon:
        yield from paragraph(texts("compare.horizons"), indent=0)
    if not found.same_levels:
        yield from paragraph(texts("compare.policies"), indent=0)
    yield ""
    for number, (name, status) in enumerate(zip(found.names, found.statuses, strict=True)):
        yield from paragraph(f"({number}) {name}: {_status(status, texts)}")
    for kinds, title in (
        (("level", "moves"), "compare.levels"),
        (("goal",), "compare.goals"),
        (("first_broken",), "compare.first_broken"),
    ):
        rows = [row for row in found.rows if row.kind in kinds and _is_told(row)]
        if not rows:
            continue
        yield from heading(texts(title))
        heads = [*(f"({number})" for number in range(len(found.names))), ""]
        yield from table(heads, [[*_marked(row, texts), _name(row, tasks, texts)] for row in rows])


def comparison_sheet(found: Comparison, tasks: dict[str, str], texts: Texts) -> SheetOf:
    """The whole table as one sheet; the best of a row says so in colour and by a mark."""
    columns = (Column("what"), *(Column("what", title=name) for name in found.names))
    rows = [
        SheetRow((texts("column.status"), *(_status(s, texts) for s in found.statuses)), {}),
        *(
            SheetRow(
                (_name(row, tasks, texts), *_values(row, texts)),
                {i + 1: "good" for i in row.best},
            )
            for row in found.rows
        ),
    ]
    return SheetOf("comparison", columns, tuple(rows))


def task_names(organisation: Organisation) -> dict[str, str]:
    """{task: ``T07 Waste decisions``}."""
    return {q.id: f"{q.id} {q.name or ''}".rstrip() for q in organisation.tasks}


def _is_told(row: Row) -> bool:
    """Whether something is to be seen: not where all cost nothing or never break."""
    return any(cell not in (None, 0, "never") for cell in row.cells)


def _name(row: Row, tasks: dict[str, str], texts: Texts) -> str:
    match row.kind:
        case "level":
            return texts.level(row.name)
        case "moves":
            return texts("compare.moves")
        case "goal":
            return texts(f"goal.{row.name}")
        case "first_broken":
            return tasks.get(row.name, row.name)


def _marked(row: Row, texts: Texts) -> list[str]:
    return [
        _shown(cell, texts) + (MARK if i in row.best else "  ") for i, cell in enumerate(row.cells)
    ]


def _values(row: Row, texts: Texts) -> list[Value]:
    """Numbers and days as such; the best ones as text with the mark."""
    return [_in_book(cell, i in row.best, texts) for i, cell in enumerate(row.cells)]


def _in_book(cell: Cell, best: bool, texts: Texts) -> Value:
    if best:
        return _shown(cell, texts) + MARK
    return texts("tasks.never") if cell == "never" else cell


def _shown(cell: Cell, texts: Texts) -> str:
    if cell is None:
        return "–"
    return texts("tasks.never") if cell == "never" else str(cell)


def _status(status: str, texts: Texts) -> str:
    if status in ("optimal", "feasible"):
        return texts(f"level_status.{status}")
    return texts("compare.no_plan")
