"""How long questions about a solved base take: `python -m benchmarks.questions --only jamsa-2018`.

Solves each instance once, then asks about some of its people, drawn by the seed: what if they
leave a year after the start (known half a year before), why they are not in another team, and
the same with the search for a change that would make it free. Prints each answer's status and
seconds, and medians.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from benchmarks import machine
from benchmarks.instances import load
from models.days import day
from models.policy import Policy
from models.scenario import Leaves, Scenario
from optimizer.cpsat import Limits
from optimizer.propose import propose
from optimizer.solved import Solved
from optimizer.what_if import Base, what_if
from optimizer.why import Wish, why

_KNOWN, _LEAVES = timedelta(days=183), timedelta(days=365)


def main(arguments: list[str]) -> int:
    """Measure and print."""
    options = _parser().parse_args(arguments)
    print(machine.machine())
    for instance in options.only:
        _ask(instance, options)
    return 0


def _ask(instance: str, options: argparse.Namespace) -> None:
    organisation, policy = load(instance), Policy()
    began = time.monotonic()
    proposal = propose(organisation, policy, time_limit=options.base_limit)
    print(f"{instance}: {proposal.status}, {time.monotonic() - began:.1f} s", flush=True)
    base = Solved(organisation, policy, proposal)
    taken: dict[str, list[float]] = defaultdict(list)
    for employee, team in drawn(base, options.people, options.seed):
        wish = Wish(kind="team", employee=employee, of=team)
        questions: dict[str, Callable[[], str]] = {
            "what if": partial(departure, base, employee, options.time_limit),
            "why": partial(_why, base, wish, options.time_limit, False),
            "and cure": partial(_why, base, wish, options.time_limit, True),
        }
        for kind, ask in questions.items():
            began = time.monotonic()
            status = ask()
            taken[kind].append(time.monotonic() - began)
            print(
                f"  {kind:9} {employee} {team:16} {status:10} {taken[kind][-1]:6.1f} s", flush=True
            )
    for kind, seconds in taken.items():
        print(f"  {kind:9} median {statistics.median(seconds):.1f} s, worst {max(seconds):.1f} s")


def drawn(base: Solved, people: int, seed: int) -> Iterator[tuple[str, str]]:
    """People who serve longer than a year, each with a team they are not in."""
    facts, draw = base.facts, random.Random(seed)
    late = day(base.organisation.horizon.start + _LEAVES)
    placed = {p.employee: p.team for p in base.proposal.plan.placements}
    others = {e: [t for t in facts.eligible(e) if t != placed[e]] for e in sorted(placed)}
    able = [e for e in others if others[e] and facts.service(e)[1] > late]
    for employee in draw.sample(able, min(people, len(able))):
        yield employee, draw.choice(others[employee])


def departure(base: Solved, employee: str, limit: float) -> str:
    start = base.organisation.horizon.start
    leaves = Leaves(kind="leaves", employee=employee, date=start + _LEAVES)
    scenario = Scenario(effective=start + _KNOWN, events=(leaves,))
    solved = Base(base.organisation, base.policy, base.proposal.plan)
    return what_if(solved, scenario, time_limit=limit).proposal.status


def _why(base: Solved, wish: Wish, limit: float, cures: bool) -> str:
    answer = why(base, wish, Limits.for_seconds(limit), cures=cures)
    settled = answer.is_proven and (not cures or answer.is_free or answer.cure or answer.no_cure)
    return "proven" if settled else "open"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions")
    parser.add_argument("--only", metavar="INSTANCE", action="append", required=True)
    parser.add_argument("--people", metavar="N", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--base-limit", metavar="SECONDS", type=float, default=60.0)
    parser.add_argument("--time-limit", metavar="SECONDS", type=float, default=60.0)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
