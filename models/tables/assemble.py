"""From tables to an `Organisation`: items, what hangs on them, and where each thing stands.

The JSON form is built together with a map from its paths to cells, so that whatever
`models.reading` finds is reported at the cell it comes from, together with what was found
in the tables themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.issues import InputError, Issue, nearest
from models.organisation import Organisation
from models.policy import Policy
from models.reading import organisation_from
from models.references import Path
from models.tables.grid import Grid, Row, read_grid
from models.tables.schema import ORGANISATION, TABLES, Column, Kind, Table
from models.tables.sheet import Report, Sheet, Spot

_LISTS = ("skills", "teams", "employees", "tasks", "rules")


def assemble(sheets: Iterable[Sheet], report: Report, policy: Policy | None) -> Organisation:
    """Build the organisation that these tables hold.

    Args:
        sheets: at most one per table.
        report: what was found while the tables were fetched.
        policy: if given, grades it does not price are errors too.

    Raises:
        InputError: with every issue found.
    """
    order = {table.name: position for position, table in enumerate(TABLES)}
    grids: dict[str, Grid] = {}
    for sheet in sheets:
        grid = read_grid(sheet, order[sheet.table.name], report)
        if grid is None or "id" in grid.missing:
            report.lost.add(sheet.table.name)
        if grid is not None:
            grids[sheet.table.name] = grid
    assembly = _Assembly(grids, report)
    later: list[tuple[Spot, Issue]] = []
    try:
        organisation = organisation_from(assembly.data(), policy, assembly.locate)
    except InputError as error:
        later = [(assembly.spots[issue.place], issue) for issue in error.issues]
    else:
        if not report.found:
            return organisation
    raise report.error(one for one in later if not assembly.follows(*one))


class _Assembly:
    """Builds the JSON form and remembers where each part of it stands."""

    def __init__(self, grids: dict[str, Grid], report: Report) -> None:
        self.grids = grids
        self.report = report
        self.anchors: dict[Path, tuple[Grid, Spot]] = {}
        self.spots: dict[str, Spot] = {}
        self.indexes: dict[str, dict[str, int]] = {}

    def data(self) -> dict[str, Any]:
        """The JSON form; what is wrong in the tables themselves goes to the report."""
        data: dict[str, Any] = {**self._head(), **{key: self._items(key) for key in _LISTS}}
        for table in TABLES:
            if table.parent is not None and table.name in self.grids:
                self._attach(table, data[table.parent])
        return data

    def _head(self) -> dict[str, Any]:
        grid = self.grids.get(ORGANISATION.name)
        if grid is None:
            return {}
        after = Spot(grid.header.place, grid.header.order, (grid.header.row or 0) + 1)
        if not grid.rows:
            cure = "Give the name and the horizon under the headers."
            self.report.add(after, "missing_row", "There is no row.", cure)
        for row in grid.rows[1:]:
            self.report.add(
                row.spot,
                "too_many_rows",
                "An organisation has one name and one horizon, so one row.",
                "Take the other rows out.",
            )
        self.anchors[()] = (grid, grid.rows[0].spot if grid.rows else after)
        return _item(grid.table, grid.rows[0]) if grid.rows else {}

    def _items(self, key: str) -> list[dict[str, Any]]:
        indexes = self.indexes[key] = {}
        items: list[dict[str, Any]] = []
        grid = self.grids.get(key)
        if grid is None:
            return items
        for row in grid.rows:
            item = _item(grid.table, row)
            if "id" in item:
                indexes.setdefault(item["id"], len(items))
            self.anchors[(key, len(items))] = (grid, row.spot)
            items.append(item)
        return items

    def _attach(self, table: Table, items: list[dict[str, Any]]) -> None:
        """Hang the rows of a table on the items they belong to."""
        seen: dict[tuple[object, object], int | None] = {}
        owner_column = table.columns[0]
        for row in self.grids[table.name].rows:
            self._check_required(table, row)
            index = self._resolve(owner_column, row)
            if table.key is None:
                if index is not None:
                    self._append(table, items[index], index, row)
                continue
            key_column = table.columns[1]
            known = self._resolve(key_column, row) is not None or key_column.of in self.report.lost
            name = row.values.get(key_column.name)
            pair = (row.values.get(owner_column.name), name)
            if None not in pair and pair in seen:
                self.report.add(
                    row.spot.at(owner_column.name, key_column.name),
                    "duplicate_row",
                    f"{pair[0]} and {pair[1]} stand together in row {seen[pair]} already.",
                    "Keep one of the two rows.",
                )
                continue
            seen[pair] = row.spot.row
            value = row.values.get(table.columns[2].name)
            if index is not None and known and isinstance(name, str) and value is not None:
                items[index].setdefault(table.field, {})[name] = value
                anchor = row.spot.at(table.columns[2].name)
                path = (str(table.parent), index, table.field, name)
                self.anchors[path] = (self.grids[table.name], anchor)

    def _append(self, table: Table, item: dict[str, Any], index: int, row: Row) -> None:
        """Add a row to a list of an item."""
        entries = item.setdefault(table.field, [])
        path = (str(table.parent), index, table.field, len(entries))
        self.anchors[path] = (self.grids[table.name], row.spot)
        entries.append({n: v for n, v in row.values.items() if n != table.columns[0].name})

    def _check_required(self, table: Table, row: Row) -> None:
        missing = self.grids[table.name].missing
        for column in table.columns:
            if column.required and column.name not in row.values and column.name not in missing:
                spot = row.spot.at(column.name)
                if str(spot) not in self.report.places:
                    self.report.add(spot, "missing", f"{column.name} is missing.", "Add it.")

    def _resolve(self, column: Column, row: Row) -> int | None:
        """The index of the item a cell names; an issue if there is none."""
        name, of = row.values.get(column.name), str(column.of)
        known = self.indexes[of]
        if isinstance(name, str) and name not in known and of not in self.report.lost:
            self.report.add(
                row.spot.at(column.name),
                "unknown_id",
                f"There is no {of.removesuffix('s')} {name!r}.",
                nearest(name, known),
            )
        return known.get(name) if isinstance(name, str) else None

    def locate(self, path: Path) -> str:
        """The place of a path of the JSON form, in words."""
        spot = self._spot(path)
        self.spots.setdefault(str(spot), spot)
        return str(spot)

    def _spot(self, path: Path) -> Spot:
        for length in range(len(path), -1, -1):
            if path[:length] in self.anchors:
                grid, spot = self.anchors[path[:length]]
                columns = spot.columns or _columns_of(grid.table, path[length:])
                if columns and all(_is_required_but_missing(grid, name) for name in columns):
                    return grid.header.at(*columns)
                return spot.at(*columns)
        return Spot(ORGANISATION.name)

    def follows(self, spot: Spot, issue: Issue) -> bool:
        """Whether an issue only follows from a table that could not be read."""
        if issue.code == "missing" and spot == Spot(ORGANISATION.name):
            return True
        if issue.code != "unknown_id" or spot.order < 0:
            return False
        table = TABLES[spot.order]
        names = {table.key} if table.key is not None else set(spot.columns)
        return any(
            column.name in names and column.of in self.report.lost for column in table.columns
        )


def _is_required_but_missing(grid: Grid, name: str) -> bool:
    column = grid.table.column(name)
    return column is not None and column.required and name in grid.missing


def _item(table: Table, row: Row) -> dict[str, Any]:
    """An item of the JSON form; what is empty is absent."""
    item: dict[str, Any] = {}
    for column in table.columns:
        if column.name not in row.values:
            if column.inside and column.required:
                item.setdefault(column.inside, {})
            continue
        *outer, last = column.field
        inner = item
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[last] = row.values[column.name]
    if table.name == "employees":
        item["skills"] = {}
    return item


def _columns_of(table: Table, rest: Path) -> tuple[str, ...]:
    """The columns of what remains of a path: that field, its parts, or the days of a row."""
    for length in range(len(rest), 0, -1):
        name = "_".join(str(part) for part in rest[:length])
        if table.column(name) is not None:
            return (name,)
        inside = tuple(column.name for column in table.columns if column.inside == name)
        if inside:
            return inside
    if rest or table.parent is None:
        return ()
    return tuple(column.name for column in table.columns if column.kind is Kind.DAY)
