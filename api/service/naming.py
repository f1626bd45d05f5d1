"""Where a person is named: by their id alone, or by their id as a word of a text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from api.service.audit import ERASED

_CODES = frozenset({"kind", "status", "state", "code", "goal", "source", "versions"})
"""Fields with words of ours; nobody is named there."""

_IDS = frozenset({"id", "site", "sector", "qualification", "qualifications"})

_BY_PERSON = frozenset({"prepared", "relaxation_weights"})
"""Fields whose keys are people, or rules that name them."""

_REASONS = frozenset({"retirement", "fixed_term_end", "transfer", "resignation", "other"})
_TIME = re.compile(r"\d{4}-\d\d-\d\d(T[0-9:.]+(Z|[+-]\d\d:\d\d)?)?", re.ASCII)


class Named:
    """A person, by id.

    Args:
        person: their id.
        others: ids of other people and things; where one has the person's within, as ``E6-2``
            has ``E6``, it stays as it is.
    """

    def __init__(self, person: str, others: Collection[str] = ()) -> None:
        self.person = person
        self._others = {o for o in others if person in o}
        longest_first = sorted(self._others - {person}, key=len, reverse=True)
        words = "|".join(_word(name) for name in [*longest_first, person])
        # The empty id is nobody's.
        self._pattern = re.compile(words if person else "(?!)")

    def is_in(self, text: str) -> bool:
        """Whether a text names the person."""
        if text == self.person:
            return text != ""
        return any(found.group() == self.person for found in self._pattern.finditer(text))

    def erased(self, text: str) -> str:
        """A text without the person's id."""
        if text in self._others:
            return text

        def replaced(found: re.Match[str]) -> str:
            return ERASED if found.group() == self.person else found.group()

        return self._pattern.sub(replaced, text)

    def is_text(self, key: str, value: object) -> bool:
        """Whether a field's value is words, in which somebody may be named."""
        if not isinstance(value, str) or key in _CODES or _TIME.fullmatch(value):
            return False
        return not (key == "reason" and value in _REASONS)

    def scrubbed(self, value: Any, key: str = "", same: Mapping[str, str] | None = None) -> Any:
        """JSON without the person's id in any text; texts that are keys of `same` exchanged."""
        if key in _CODES:
            return value
        if isinstance(value, dict):
            return {k: self.scrubbed(v, k, same) for k, v in value.items()}
        if isinstance(value, list):
            return [self.scrubbed(v, key, same) for v in value]
        if not self.is_text(key, value):
            return value
        return (same or {}).get(value) or self.erased(value)

    def found_in(self, value: Any, place: str = "") -> Iterator[dict[str, Any]]:
        """Every place of some JSON that names the person, with what is said there of them."""
        if isinstance(value, list):
            for i, item in enumerate(value):
                yield from self.found_in(item, f"{place}[{i}]")
        if not isinstance(value, dict):
            return
        if value.get("id") == self.person:
            yield {"place": place, "value": value}
            return
        fields = {k: part for k, v in value.items() if (part := self._part(k, v)) is not None}
        if fields:
            yield {"place": place, "value": _around(value) | fields}
        for key, item in value.items():
            if key not in fields and key not in _CODES:
                yield from self.found_in(item, f"{place}.{key}" if place else key)

    def _part(self, key: str, value: Any) -> Any:
        """What of a field itself names the person: its text, items or keys; None if nothing."""
        if isinstance(value, list):
            return [x for x in value if self.is_text(key, x) and self.is_in(x)] or None
        if isinstance(value, dict):
            named = key in _BY_PERSON
            return ({k: v for k, v in value.items() if self.is_in(k)} if named else None) or None
        return value if self.is_text(key, value) and self.is_in(value) else None


def _around(row: dict[str, Any]) -> dict[str, Any]:
    """What a row says besides; of another person's no more than who they are."""
    if "id" in row and "skills" in row:
        return {"id": row["id"]}
    return {k: v for k, v in row.items() if not isinstance(v, dict | list)}


def ids_in(content: Any, key: str = "") -> Iterator[str]:
    """Every id of an organisation, but those of its rules: people, teams, tasks, skills, places."""
    if isinstance(content, dict):
        for k, v in content.items():
            if k != "rules":
                yield from ids_in(v, k)
    elif isinstance(content, list):
        for v in content:
            yield from ids_in(v, key)
    elif isinstance(content, str) and key in _IDS:
        yield content


def _word(name: str) -> str:
    """A pattern of a name that is no part of a longer word."""
    before = r"(?<!\w)" if re.match(r"\w", name) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", name) else ""
    return f"{before}{re.escape(name)}{after}"
