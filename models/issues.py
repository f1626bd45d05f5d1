"""What is wrong with an input: every issue with code, place, message and cure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding about an input.

    Attributes:
        code: stable name of the kind of finding, e.g. ``unknown_id``.
        place: where, e.g. ``employees[E07].skills.payrol`` or
            ``employees.csv, row 8, column skills``.
        message: what is wrong, in a sentence.
        cure: what to do about it, in a sentence.
    """

    code: str
    place: str
    message: str
    cure: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message} {self.cure} [{self.code}]"


class InputError(ValueError):
    """Bad input: carries all its issues together.

    Attributes:
        issues: every finding, in the order of the input.
    """

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues: tuple[Issue, ...] = tuple(issues)
        super().__init__("\n".join(str(issue) for issue in self.issues))


LONGEST = 60
"""Characters of an id that are shown; nobody reads more of it in an error."""


def shortened(text: str) -> str:
    """A text as it is shown in an error."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def nearest(unknown: str, known: Iterable[str]) -> str:
    """A cure for an unknown id: the nearest known one, if any is near."""
    candidates: Sequence[str] = sorted(known)
    folded = {c.casefold(): c for c in candidates}
    close = difflib.get_close_matches(unknown.casefold(), list(folded), n=1, cutoff=0.5)
    if close:
        return f"Did you mean {shortened(folded[close[0]])!r}?"
    if 0 < len(candidates) <= 8:
        return f"Known: {', '.join(map(shortened, candidates))}."
    return "Use the id of one that is listed."
