"""Where in an input something is, in words for a reader: ``employees[E07].skills.payrol``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from models.references import Path

Locate = Callable[[Path], str]
"""Turns a path such as ``("employees", 6, "skills", "payrol")`` into words for a reader."""


def json_place(path: Path) -> str:
    """``levels[2].goals.interest``; an empty path is the whole document."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "document"


def place_by_id(data: Mapping[str, Any]) -> Locate:
    """Names places by the ids of list items where they have one, else by index."""

    def locate(path: Path) -> str:
        if len(path) >= 2 and isinstance(path[1], int):
            rows = data.get(str(path[0]), [])
            row = rows[path[1]] if isinstance(rows, list) and path[1] < len(rows) else None
            name = row.get("id") if isinstance(row, Mapping) else None
            if isinstance(name, str) and name and path[2:] != ("id",):
                rest = json_place(path[2:]) if path[2:] else ""
                dot = "." if rest else ""
                return f"{path[0]}[{name}]{dot}{rest}"
        return json_place(path)

    return locate
