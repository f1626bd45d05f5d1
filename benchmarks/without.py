"""What a step of the solve brings: `python -m benchmarks.without at_once --only random:1`.

Solves each instance as it is and without the step, turn by turn, several seeds, as the seconds of
one run are compared with those of another hour in vain. With `--people N` also asks of so many
people what if one leaves a year after the start (as `benchmarks.questions`). Prints seconds, `*`
where not all levels were proven, and how many times as long what was proven takes without.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import ModuleType
from unittest.mock import patch

from benchmarks import machine
from benchmarks.instances import load
from benchmarks.questions import departure, drawn
from models.policy import Policy
from optimizer import cpsat, large, levels, open_placements, propose
from optimizer.solved import Solved

PROVEN = ("optimal", "infeasible")

STEPS: Mapping[str, tuple[ModuleType, str, object]] = {
    "at_once": (levels, "MOST_AT_ONCE", 0),
    "asking": (levels, "MOST_ASKED", 0),
    "nearby": (open_placements, "NEAR", ()),
    "one_tree": (cpsat, "TREE_UP_TO", 0),
    "parts_first": (large, "PARTS_FIRST", large.LARGE),
}
"""Where it is set whether a step is taken, and the value with which it is not, by its name."""


def main(arguments: list[str]) -> int:
    """Measure and print."""
    options = _parser().parse_args(arguments)
    print(machine.machine())
    print(f"{'':34} {'as it is':>9} {'without':>9}")
    propose(load("example"))  # What the first solve loads is nobody's.
    module, name, out = STEPS[options.step]
    own_value = getattr(module, name)
    ratios = []
    for instance in options.only:
        for turn, (asked, ask) in enumerate(_asked(instance, options)):
            told = {}
            for is_taken in (True, False) if turn % 2 else (False, True):
                with patch.object(module, name, own_value if is_taken else out):
                    told[is_taken] = _timed(ask)
            own, without = told[True], told[False]
            print(f"{asked:34} {_said(*own):>9} {_said(*without):>9}", flush=True)
            if own[1] in PROVEN and without[1] in PROVEN:
                ratios.append(without[0] / own[0])
    if ratios:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        print(f"without {options.step}: {mean:.2f} times as long (geometric mean of {len(ratios)})")
    return 0


def _asked(instance: str, options: argparse.Namespace) -> Iterator[tuple[str, Callable[[], str]]]:
    """What is asked of an instance, by name; each answers with its status."""
    organisation, limit = load(instance), options.time_limit
    for seed in range(options.seeds):
        yield (
            f"{instance} seed {seed}",
            lambda seed=seed: propose(organisation, time_limit=limit, seed=seed).status,
        )
    if options.people:
        base = Solved(organisation, Policy(), propose(organisation, time_limit=limit))
        for employee, _ in drawn(base, options.people, 0):
            yield f"{instance} without {employee}", partial(departure, base, employee, limit)


def _timed(ask: Callable[[], str]) -> tuple[float, str]:
    began = time.monotonic()
    status = ask()
    return time.monotonic() - began, status


def _said(seconds: float, status: str) -> str:
    return f"{seconds:.1f}{'' if status in PROVEN else '*'}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.without")
    parser.add_argument("step", choices=sorted(STEPS))
    parser.add_argument("--only", metavar="INSTANCE", action="append", required=True)
    parser.add_argument("--seeds", metavar="N", type=int, default=2)
    parser.add_argument("--people", metavar="N", type=int, default=0, help="questions about them")
    parser.add_argument("--time-limit", metavar="SECONDS", type=float, default=120.0)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
