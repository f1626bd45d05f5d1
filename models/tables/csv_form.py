"""A folder of CSV files, one per table.

Written with ``;`` between the cells and in UTF-8 with a byte order mark, which is what a
Finnish spreadsheet opens correctly by a double click.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path

from models.files import swap_folder
from models.issues import InputError, nearest
from models.organisation import Organisation
from models.tables.cells import Raw, is_empty
from models.tables.frames import Cell, frames
from models.tables.limits import check_size, content_of, refusal
from models.tables.schema import BY_NAME, TABLES, Table
from models.tables.sheet import Report, Sheet, Spot
from models.tables.text import MOST_IN_CELL, shown

_SEPARATORS = (";", ",", "\t")


def read_folder(folder: Path, report: Report) -> list[Sheet]:
    """The tables of a folder; what is wrong with a file goes to the report."""
    sheets: list[Sheet] = []
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.suffix.casefold() != ".csv":
            continue
        table = BY_NAME.get(path.stem.casefold())
        if table is None:
            cure = f"{nearest(path.stem, BY_NAME)} Files that are no table have another ending."
            report.add(
                Spot(path.name, len(TABLES)), "unknown_table", "There is no such table.", cure
            )
        elif table.name in found:
            report.lost.add(table.name)
            report.add(
                Spot(path.name, TABLES.index(table)),
                "duplicate_table",
                f"This table is in {found[table.name].name} already.",
                "Keep one of the files.",
            )
        else:
            found[table.name] = path
    for table in TABLES:
        if table.name in found:
            sheet = _read(found[table.name], table, report)
            if sheet is not None:
                sheets.append(sheet)
        elif table.required:
            report.lost.add(table.name)
            report.add(
                Spot(f"{table.name}.csv", TABLES.index(table)),
                "missing_table",
                f"The file is missing in the folder {folder.name}.",
                f"Add it; its columns: {', '.join(c.name for c in table.columns)}.",
            )
    return sheets


def write_folder(organisation: Organisation, folder: Path) -> None:
    """Write the tables, optional ones only if they have rows; other files stay."""
    files: dict[str, bytes] = {}
    for name, frame in frames(organisation).items():
        if len(frame) or BY_NAME[name].required:
            place = f"{name}.csv"
            cells = frame.map(lambda cell, place=place: written(cell, place))
            text = cells.to_csv(sep=";", index=False, lineterminator="\n")
            files[place] = check_size(folder / place, text.encode("utf-8-sig"))
    swap_folder(folder, files, keep=lambda name: not _is_table(Path(name)))


def written(cell: Cell, place: str) -> str:
    """A cell as text: dates as 2018-09-01, lists with commas, texts made safe.

    Raises:
        InputError: if no spreadsheet could hold it.
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, list):
        return written(",".join(cell), place) if cell else ""
    text = shown(cell) if isinstance(cell, str) else str(cell)
    if len(text) > MOST_IN_CELL:
        raise refusal(
            "cell_too_long",
            place,
            f"A cell would have more than {MOST_IN_CELL} characters: {text[:20]}...",
            "Write JSON instead; a spreadsheet holds no more in a cell.",
        )
    return text


def _is_table(path: Path) -> bool:
    return path.suffix.casefold() == ".csv" and path.stem.casefold() in BY_NAME


def _read(path: Path, table: Table, report: Report) -> Sheet | None:
    """One file; None, and issues, if it is not a table at all."""
    spot = Spot(path.name, TABLES.index(table))
    try:
        text = _decoded(content_of(path), path.name)
    except InputError as error:
        for issue in error.issues:
            report.add(spot, issue.code, issue.message, issue.cure)
        report.lost.add(table.name)
        return None
    rows: list[tuple[int, dict[int, Raw]]] = []
    number = 0
    try:
        reader = csv.reader(
            io.StringIO(text, newline=""), delimiter=_separator(text, table), strict=True
        )
        for number, cells in enumerate(reader, start=1):
            row: dict[int, Raw] = {i: cell for i, cell in enumerate(cells) if not is_empty(cell)}
            if row:
                rows.append((number, row))
    except csv.Error:
        report.lost.add(table.name)
        report.add(
            Spot(spot.place, spot.order, number + 1),
            "bad_quotes",
            "Its quotes do not match, or a cell is longer than any should be.",
            'A quoted cell ends with a quote; a quote inside it is doubled: "".',
        )
        return None
    return Sheet(table, path.name, rows, shifts=True)


def _decoded(content: bytes, place: str) -> str:
    """UTF-8 with or without mark, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        cure = 'Save it as "CSV UTF-8".'
        raise refusal("bad_encoding", place, "It is in UTF-16, which is not read.", cure)
    if b"\0" in content:
        cure = "Save it as CSV from the spreadsheet; a workbook ends with .xlsx."
        raise refusal("nul_bytes", place, "It has NUL bytes, so it is not a text.", cure)
    for encoding in ("utf-8-sig", "windows-1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if is_empty(text):
            raise refusal("empty_file", place, "The file is empty.", "Save it again.")
        return text
    cure = 'Save it as "CSV UTF-8".'
    raise refusal("bad_encoding", place, "It is neither UTF-8 nor Windows-1252.", cure)


def _separator(text: str, table: Table) -> str:
    """What stands between the headers: the one that makes most of them known."""
    known = {column.name for column in table.columns}
    lines = (line for line in re.split(r"[\r\n]", text) if not is_empty(line.strip(";,\t ")))
    header = next(lines, "")

    def headers(separator: str) -> tuple[int, int]:
        names = [name.strip().strip('"').casefold() for name in header.split(separator)]
        return sum(name in known for name in names), len(names)

    return max(_SEPARATORS, key=headers)
