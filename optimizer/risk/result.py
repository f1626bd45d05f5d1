"""Everything the risk analysis says, in one value."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Literal

from optimizer.risk.chains import Chains
from optimizer.risk.cover import Cover, Exposure
from optimizer.risk.handovers import Handover
from optimizer.risk.key_people import KeyPerson
from optimizer.risk.single_points import SinglePoints
from optimizer.risk.succession import Succession
from optimizer.risk.tacit import TacitSkill


@dataclass(frozen=True)
class Risk:
    """What an organisation risks, as it is today or in a proposal (docs/risk.md).

    Attributes:
        basis: `today` or `proposal`.
        start, end: the days looked at, `[start, end)`.
        exposures: how much breaks by the leaving of how few.
        cover: all tasks, then all skills that teams need, in input order.
        key_people: everybody in service, whose leaving breaks most first.
        single_points: on the first day, every first of January and the last day.
        succession: of authority and expert tasks.
        handovers: of all tasks, those due first.
        chains: who goes together.
        tacit: skills whose teachers leave.
    """

    basis: Literal["today", "proposal"]
    start: date
    end: date
    exposures: tuple[Exposure, ...]
    cover: tuple[Cover, ...]
    key_people: tuple[KeyPerson, ...]
    single_points: tuple[SinglePoints, ...]
    succession: Succession
    handovers: tuple[Handover, ...]
    chains: Chains
    tacit: tuple[TacitSkill, ...]

    def to_dict(self) -> dict[str, Any]:
        """Its JSON form: dates as 2018-09-01, tuples as lists, absent values null."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value
