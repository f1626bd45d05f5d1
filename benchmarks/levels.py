"""Seconds to the proof of every level: `python -m benchmarks.levels [NAME ...] [options]`.

NAME is a fixture, or `random:SEED` for a random organisation of 57 people and 3 teams, everybody
eligible everywhere. Prints a row per run: building the model apart, each level, the whole, and
the process's peak memory. Seconds are wall time of this machine: compare ratios.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time

import fixtures
from benchmarks.random_organisations import random_organisation
from models.facts import Facts
from models.organisation import Organisation
from models.policy import Policy
from models.reading import policy_from
from optimizer import propose
from optimizer.model import Model

JOINT = policy_from(
    {
        "levels": [
            {"name": "statutory", "goals": {"authority_gap": 1}},
            {
                "name": "continuity",
                "tolerance_per_person": 3,
                "goals": {
                    "task_gap": 5,
                    "skill_shortage": 3,
                    "backup_shortage": 2,
                    "size_shortage": 1,
                    "no_substitute": 1000,
                    "substitute_away": 1,
                },
            },
            {
                "name": "people",
                "goals": {
                    "interest": 3,
                    "lead_fit": 3,
                    "colleague_wishes": 2,
                    "site_change": 2,
                    "substitute_fit": 1,
                },
            },
            {
                "name": "stability",
                "goals": {
                    "team_changes": 3,
                    "lead_changes": 2,
                    "sector_concentration": 2,
                    "departure_concentration": 2,
                    "handovers": 1,
                    "substitute_changes": 1,
                    "one_way_substitutes": 1,
                },
            },
        ]
    }
)
"""The joint policy of docs/formulation.md: pairs weighed with coverage and wishes."""


def main(arguments: list[str]) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = ["jamsa-2018", "jamsa-2018-six-teams", "jamsa-2018-units"]
    parser.add_argument("names", nargs="*", default=default)
    parser.add_argument("--seeds", type=int, default=3, help="runs, each with its own seed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--time-limit", type=float, default=300.0)
    parser.add_argument("--joint", action="store_true", help="the joint policy")
    options = parser.parse_args(arguments)
    policy = JOINT if options.joint else Policy()
    for name in options.names:
        organisation = _load(name)
        print(f"{name}: building {_building_seconds(organisation, policy):.2f} s")
        walls = []
        for seed in range(options.seeds):
            proposal = propose(
                organisation,
                policy,
                time_limit=options.time_limit,
                workers=options.workers,
                seed=seed,
            )
            walls.append(proposal.run.wall_seconds)
            levels = "  ".join(
                f"{x.level} {x.value} ({x.status}, {x.seconds:.1f} s)" for x in proposal.levels
            )
            print(f"  seed {seed}: {proposal.status} {walls[-1]:.1f} s  {levels}", flush=True)
        print(f"  median {statistics.median(walls):.1f} s, worst {max(walls):.1f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process: {peak:.0f} MiB")


def _load(name: str) -> Organisation:
    if name.startswith("random:"):
        return random_organisation(int(name.removeprefix("random:")))
    return fixtures.load(name)


def _building_seconds(organisation: Organisation, policy: Policy) -> float:
    started = time.perf_counter()
    model = Model(Facts(organisation, policy))
    for level in policy.levels:
        model.weighted(level.weighted())
    return time.perf_counter() - started


if __name__ == "__main__":
    main(sys.argv[1:])
