"""What a command says, and whether its numbers are in what it writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from models.organisation import Organisation

NUMBER = re.compile(r"\d{4}-\d{2}-\d{2}|\d+")


def numbers_said(text: str, organisation: Organisation, *besides: str) -> set[str]:
    """Every whole number and day in a text, but those in ids and names, and `besides`."""
    names = [
        name
        for row in (
            *organisation.employees,
            *organisation.teams,
            *organisation.tasks,
            *organisation.skills,
            *organisation.rules,
        )
        for name in (row.id, getattr(row, "name", None), getattr(row, "title", None))
        if name and NUMBER.search(name)
    ]
    for name in sorted({*names, *besides}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
    return {number if "-" in number else str(int(number)) for number in NUMBER.findall(text)}


def numbers_held(data: Any) -> set[str]:
    """Every whole number, without its sign, and every day in JSON."""
    return set(_held(data))


def _held(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        yield from _all_held(data.values())
    elif isinstance(data, list):
        yield from _all_held(data)
    elif isinstance(data, int) and not isinstance(data, bool):
        yield str(abs(data))
    elif isinstance(data, str) and NUMBER.fullmatch(data):
        yield data


def _all_held(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from _held(value)


def oddities_of(text: str) -> list[str]:
    """Lines in which something was left empty, or stands as a program has it."""
    odd = re.compile(r"\S {2,}\S|None|\{\w*\}|\(\)|\s[,.:;](?!\S)|[,:]\s*[.)]|^- $|\+0\b")
    return [line for line in text.splitlines() if odd.search(line)]
