"""An empty workbook to fill in."""

from __future__ import annotations

from pathlib import Path

from models.files import write_whole
from models.tables.limits import refusal
from models.tables.xlsx_form import saved


def write_template(path: str | Path) -> None:
    """Write an empty workbook: every sheet with its headers, drop-down lists, and a guide.

    Raises:
        InputError: if the path does not end with ``.xlsx``.
        OSError: if it cannot be written.
    """
    path = Path(path)
    if path.suffix.casefold() != ".xlsx":
        cure = "Give it a name that ends with .xlsx."
        raise refusal("unknown_form", path.name, "A template is a workbook.", cure)
    write_whole(path, saved({}, path))
