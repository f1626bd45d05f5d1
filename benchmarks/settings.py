"""What the solver's settings do: `python -m benchmarks.settings --only jamsa-2018 --seeds 3`.

Solves each instance once, keeps the programs of its levels as they were asked, and minimises
those that took longest again under each setting, several seeds. Prints seconds, and whether a
proof was reached in time (docs/formulation.md, "The solver's settings").
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from benchmarks import machine
from benchmarks.instances import load
from optimizer import cpsat, levels, open_placements
from optimizer.cpsat import Answer, Hint, Improved, Limits
from optimizer.program import Program, Sum
from optimizer.propose import propose

_SEARCH = {"shared_tree_num_workers": 0, "subsolvers": ["max_lp"], "num_workers": 2}
_PROBING = {"cp_model_probing_level": 2, "inprocessing_dtime_ratio": 0.2}

SETTINGS: Mapping[str, Mapping[str, object]] = {
    "ours": {},
    "one thread": {"num_workers": 1},
    "tree with cuts": {"cut_level": 1},
    "search and plans": _SEARCH,
    "cuts and plans": _SEARCH | {"cut_level": 1},
    "two searches": _SEARCH | {"subsolvers": ["max_lp", "reduced_costs"], "num_workers": 3},
    "probing": _PROBING,
    "cp-sat": _PROBING
    | {
        "shared_tree_num_workers": -1,
        "cut_level": 1,
        "linearization_level": 1,
        "max_presolve_iterations": 3,
        "find_big_linear_overlap": True,
        "presolve_inclusion_work_limit": 100_000_000,
    },
}
"""Parameters of CP-SAT beside ours, by the name that is printed."""


@dataclass(frozen=True)
class Asked:
    """A program that was minimised, and how long it took."""

    name: str
    program: Program
    objective: Sum
    hint: Hint | None
    seconds: float


@contextmanager
def _kept(instance: str) -> Iterator[list[Asked]]:
    """What the levels and their questions ask of the solver meanwhile."""
    asked: list[Asked] = []

    def keeping(
        program: Program,
        objective: Sum,
        limits: Limits,
        hint: Hint | None = None,
        improved: Improved | None = None,
        **options: object,
    ) -> Answer:
        # Rows are never changed once they are there; bounds and the list of rows are.
        copy = Program(list(program.lower), list(program.upper), list(program.rows))
        began = time.monotonic()
        answer = cpsat.minimise(program, objective, limits, hint, improved, **options)
        seconds = time.monotonic() - began
        asked.append(Asked(f"{instance} {len(asked)}", copy, objective, hint, seconds))
        return answer

    with (
        patch.object(levels, "minimise", keeping),
        patch.object(open_placements, "minimise", keeping),
    ):
        yield asked


def main(arguments: list[str]) -> int:
    """Measure and print."""
    options = _parser().parse_args(arguments)
    print(machine.machine())
    chosen = options.setting or list(SETTINGS)
    print(f"{'program':26} {'rows':>6}  " + "  ".join(f"{name:>20}" for name in chosen))
    for instance in options.only:
        with _kept(instance) as asked:
            propose(load(instance), time_limit=options.time_limit)
        longest = sorted(asked, key=lambda one: -one.seconds)[: options.longest]
        for one in sorted(longest, key=asked.index):
            cells = [_cell(one, SETTINGS[name], options.limit, options.seeds) for name in chosen]
            print(f"{one.name:26} {len(one.program.rows):6}  " + "  ".join(cells), flush=True)
    return 0


def _cell(one: Asked, setting: Mapping[str, object], limit: float, seeds: int) -> str:
    """``median (longest)``; `*` where a seed gave no proof in time."""
    seconds, unproven = [], 0
    for seed in range(seeds):
        limits = Limits.for_seconds(limit, seed=seed)
        began = time.monotonic()
        answer = cpsat.minimise(one.program, one.objective, limits, one.hint, **dict(setting))
        seconds.append(time.monotonic() - began)
        unproven += answer.status not in ("optimal", "infeasible")
    text = f"{statistics.median(seconds):.1f} ({max(seconds):.1f}{'*' if unproven else ''})"
    return f"{text:>20}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.settings")
    parser.add_argument("--only", metavar="INSTANCE", action="append", required=True)
    parser.add_argument("--setting", choices=sorted(SETTINGS), action="append")
    parser.add_argument("--seeds", metavar="N", type=int, default=3)
    parser.add_argument("--longest", metavar="N", type=int, default=4, help="programs an instance")
    parser.add_argument("--limit", metavar="SECONDS", type=float, default=30.0, help="a program")
    parser.add_argument(
        "--time-limit", metavar="SECONDS", type=float, default=120.0, help="of the first solve"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
