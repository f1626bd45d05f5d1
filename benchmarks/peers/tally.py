"""What is printed of runs side by side: a line each, and who won and lost how often."""

from __future__ import annotations

from collections import Counter

from benchmarks.peers.verdict import Verdict, verdicts
from benchmarks.results import LevelRow, RunRow

_MARKS: dict[Verdict, str] = {"equal": "=", "ours": "ours better", "peer": "PEER BETTER", "-": "-"}


def line(row: RunRow, ours: RunRow | None) -> str:
    """A run in a line, compared with ours if it is a peer's."""
    head = f"  {row.solver:<15} {row.status:<10} {row.wall_seconds:6.1f} s"
    if not row.was_run:
        return f"  {row.solver:<15} not run: {row.failure}"
    if row.failure is not None:
        return f"{head}  {row.failure}"
    if not row.levels:
        return f"{head}  no plan"
    found: list[Verdict] = [] if ours is None else verdicts(ours, row)
    cells = [_level(level) for level in row.levels]
    if found:
        cells = [f"{cell} {_MARKS[v]}" for cell, v in zip(cells, found, strict=True)]
    remark = f"  [{row.remark}]" if row.remark else ""
    return f"{head}  {'; '.join(cells)}{remark}"


def _level(level: LevelRow) -> str:
    value = f"{level.best}" if level.value == level.best else f"{level.best} (plan {level.value})"
    proven = "*" if level.status == "optimal" else ""
    return f"{level.level} {value}{proven} {level.seconds:.1f} s"


class Tally:
    """Wins and losses of ours against each peer, over all runs."""

    def __init__(self) -> None:
        self._levels: dict[str, Counter[tuple[str, Verdict]]] = {}
        self._plans: dict[str, Counter[Verdict]] = {}
        self._ratios: dict[str, list[float]] = {}
        self._losses: list[str] = []

    def add(self, ours: RunRow, peer: RunRow) -> None:
        """Count a pair of runs of the same instance; a peer that was not run is left out."""
        if not peer.was_run or {ours.status, peer.status} == {"infeasible"}:
            return
        found = verdicts(ours, peer)
        names = [level.level for level in ours.levels or peer.levels]
        self._levels.setdefault(peer.solver, Counter()).update(zip(names, found, strict=True))
        decisive: Verdict = next((v for v in found if v != "equal"), "equal")
        self._plans.setdefault(peer.solver, Counter())[decisive] += 1
        if ours.status == peer.status == "optimal":
            ratio = peer.wall_seconds / max(ours.wall_seconds, 1e-3)
            self._ratios.setdefault(peer.solver, []).append(ratio)
        if decisive == "peer":
            level = names[found.index("peer")]
            self._losses.append(
                f"  {peer.instance}, seed {peer.seed}: {peer.solver} is better at {level}"
            )

    @property
    def has_loss(self) -> bool:
        """Whether some peer found something better than ours."""
        return bool(self._losses)

    def lines(self) -> list[str]:
        """The sums: by peer, and every loss of ours by name."""
        said = ["", "ours against each peer, over all runs (the first level that differs decides):"]
        for name, plans in self._plans.items():
            said.append(
                f"  {name:<15} better {plans['ours']}, equal {plans['equal']}, "
                f"worse {plans['peer']}{self._times(name)}"
            )
            decided = {
                level for (level, v), n in self._levels[name].items() if v in ("ours", "peer")
            }
            for level in sorted(decided):
                won, lost = (self._levels[name][level, v] for v in ("ours", "peer"))
                said.append(f"    {level}: better {won}, worse {lost}")
        return [*said, "where ours is worse:", *(self._losses or ["  nowhere"])]

    def _times(self, name: str) -> str:
        ratios = self._ratios.get(name)
        if not ratios:
            return "; never both proven"
        slower = sum(ratio < 1 for ratio in ratios)
        span = f"{min(ratios):.2g} to {max(ratios):.2g}"
        return f"; both proven {len(ratios)} times, in {span} times our time, faster {slower} times"
