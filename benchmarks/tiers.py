"""What is run how often and how long: smoke within 2 minutes, standard within 20, full."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """An instance under a policy.

    Attributes:
        time_limit: seconds a run may take.
        seeds: how many runs, with seeds 0, 1, …
    """

    instance: str
    time_limit: float
    seeds: int = 1
    policy: str = "default"


_CITY = ("jamsa-2018", "jamsa-2018-six-teams", "jamsa-2018-units")
_SMALL = ("loose-few", "tight-many", "extreme", "over-constrained")

SMOKE = (
    Case("example", 5),
    *(Case(name, 8) for name in _CITY),
    *(Case(f"scale-57-{kind}", 6) for kind in _SMALL),
    Case("scale-57-infeasible", 12),
)

STANDARD = (
    Case("example", 5),
    *(Case(name, 15, seeds=3) for name in _CITY),
    *(Case(f"random:{seed}", 45) for seed in range(1, 7)),
    *(Case(f"scale-57-{kind}", 15) for kind in _SMALL),
    Case("scale-57-infeasible", 30),
    *(Case(f"scale-120-{kind}", 60) for kind in ("loose-few", "tight-many")),
    *(Case(f"scale-200-{kind}", 60) for kind in ("loose-few", "tight-many")),
    Case("scale-200-infeasible", 30),
    Case("scale-500-tight-many", 120),
    Case("scale-1000-loose-few", 180),
)

FULL = (
    Case("example", 5, seeds=3),
    *(Case(name, 60, seeds=5) for name in _CITY),
    *(Case(f"random:{seed}", 120, seeds=3) for seed in (1, 2, 3)),
    *(Case(f"random:{seed}", 300, policy="joint") for seed in (1, 2, 3)),
    *(Case(f"scale-57-{kind}", 120, seeds=3) for kind in _SMALL),
    Case("scale-57-infeasible", 60, seeds=3),
    *(Case(f"scale-120-{kind}", 120, seeds=3) for kind in ("loose-few", "tight-many")),
    *(Case(f"scale-200-{kind}", 300, seeds=3) for kind in ("loose-few", "tight-many")),
    Case("scale-200-over-constrained", 300),
    Case("scale-200-infeasible", 120),
    *(Case(f"scale-500-{kind}", 120, seeds=2) for kind in ("loose-few", "tight-many")),
    *(Case(f"scale-1000-{kind}", 300, seeds=2) for kind in ("loose-few", "tight-many")),
    *(Case(f"scale-5000-{kind}", 900) for kind in ("loose-few", "tight-many")),
    *(Case(f"scale-20000-{kind}", 900) for kind in ("loose-few", "tight-many")),
)

TIERS = {"smoke": SMOKE, "standard": STANDARD, "full": FULL}
