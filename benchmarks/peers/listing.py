"""Every peer by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from benchmarks.peers import mathopt, raw_cpsat, team_formation, timefold
from benchmarks.peers.answer import Solve


@dataclass(frozen=True, slots=True)
class Peer:
    """Another way to solve.

    Attributes:
        about: what it is, in a line.
        solve: how it is asked.
        packages: what is installed for it, by the names of distributions.
        part: what of the problem it knows: a kind of instance and the policy of that name
            (`benchmarks.instances`, `benchmarks.policies`). None if it knows all.
    """

    about: str
    solve: Solve
    packages: tuple[str, ...] = ("ortools",)
    part: str | None = None


PEERS: Mapping[str, Peer] = {
    "raw_cpsat": Peer("CP-SAT, default settings, plain per-period model", raw_cpsat.solve),
    "highs_plain": Peer("HiGHS on the rows of the plain per-period model", mathopt.highs_plain),
    "highs": Peer("HiGHS on our rows", mathopt.highs),
    "scip": Peer("SCIP on our rows", mathopt.scip),
    "timefold": Peer(
        "Timefold, constraint streams and local search", timefold.solve, ("timefold", "jpype1")
    ),
    "team_formation": Peer(
        "the package team-formation, on the placements alone",
        team_formation.solve,
        ("team-formation",),
        part="placement",
    ),
}


def versions() -> dict[str, str]:
    """Of every package of a peer; `not installed` where it is not."""
    found = {}
    for name in dict.fromkeys(p for peer in PEERS.values() for p in peer.packages):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
