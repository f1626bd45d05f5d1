"""Who found the better plan, level by level: ours or a peer's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from benchmarks.results import LevelRow, RunRow

Verdict = Literal["equal", "ours", "peer", "-"]
"""Who is better at a level; `-` where the levels before already differ."""


def verdicts(ours: RunRow, peer: RunRow) -> list[Verdict]:
    """Of every level, in order.

    Levels are lexicographic, so the first one that differs decides: what is found at a level is
    compared as long as all before are the same, hence under the same limits. Where every `best`
    agrees, the values after the taking back decide. A side without a plan loses the first level.
    """
    names = [level.level for level in ours.levels or peer.levels]
    if not names or not ours.levels or not peer.levels:
        return _first(names, "peer" if peer.levels else "ours")
    by_best = _compared(_bests(ours.levels), _bests(peer.levels))
    if set(by_best) == {"equal"}:
        return _compared(_values(ours.levels), _values(peer.levels))
    return by_best


def _first(names: Sequence[str], verdict: Verdict) -> list[Verdict]:
    return [verdict if index == 0 else "-" for index in range(len(names))]


def _bests(levels: Sequence[LevelRow]) -> list[int]:
    return [level.best or 0 for level in levels]


def _values(levels: Sequence[LevelRow]) -> list[int]:
    return [level.value or 0 for level in levels]


def _compared(ours: Sequence[int], peers: Sequence[int]) -> list[Verdict]:
    found: list[Verdict] = []
    for a, b in zip(ours, peers, strict=True):
        if found and found[-1] != "equal":
            found.append("-")
        else:
            found.append("equal" if a == b else "ours" if a < b else "peer")
    return found
