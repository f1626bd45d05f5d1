"""One run in a process of its own: `python -m benchmarks.one INSTANCE [options]`.

Prints the run as a line of JSON (`benchmarks.results.RunRow`), or with `--build` what building
the model takes. `benchmarks.run` starts it afresh each time, so that memory is this run's alone.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from benchmarks.choices import Choices
from benchmarks.instances import load
from benchmarks.machine import peak_memory_mib
from benchmarks.policies import POLICIES
from benchmarks.results import LevelRow, RunRow, as_json
from benchmarks.trace import Trace, Traced
from models.facts import Facts
from models.organisation import Organisation, PinSubstitute
from models.policy import Policy
from models.proposal import LevelResult, Proposal
from optimizer import propose
from optimizer.model import Model


def main(arguments: list[str]) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instance")
    parser.add_argument("--policy", choices=POLICIES, default="default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--memory-mib", type=int, help="of addresses, beyond which it fails")
    parser.add_argument("--build", action="store_true", help="build the model, do not solve")
    options = parser.parse_args(arguments)
    if options.memory_mib is not None:
        limit_memory(options.memory_mib)
    organisation = load(options.instance)
    if options.build:
        print(json.dumps(built(organisation, POLICIES[options.policy])))
        return
    row = solved(
        organisation,
        options.instance,
        options.policy,
        options.seed,
        options.workers,
        options.time_limit,
    )
    print(as_json(row))


def limit_memory(mib: int) -> None:
    """Fail rather than take more; where the system knows such limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (mib * 2**20, mib * 2**20))


def built(organisation: Organisation, policy: Policy) -> dict[str, float | int]:
    """The seconds that building the model and all goals takes, and how large it is."""
    started = time.perf_counter()
    model = Model(Facts(organisation, policy))
    for level in policy.levels:
        model.weighted(level.weighted())
    return {
        "building_seconds": round(time.perf_counter() - started, 3),
        "variables": len(model.program.lower),
        "rows": len(model.program.rows),
    }


def solved(
    organisation: Organisation,
    instance: str,
    policy_name: str,
    seed: int,
    workers: int,
    time_limit: float,
) -> RunRow:
    """Propose, and say how it went."""
    trace = Trace()
    started = time.perf_counter()
    proposal = propose(
        organisation,
        POLICIES[policy_name],
        time_limit=time_limit,
        workers=workers,
        seed=seed,
        progress=trace,
    )
    wall_seconds = time.perf_counter() - started
    return RunRow(
        instance=instance,
        input_sha256=proposal.run.input_sha256,
        policy=policy_name,
        policy_sha256=proposal.run.policy_sha256,
        seed=seed,
        workers=workers,
        time_limit=time_limit,
        status=proposal.status,
        levels=level_rows(proposal, trace, pinned_pairs(organisation, POLICIES[policy_name])),
        first_plan_seconds=trace.first_plan_seconds,
        wall_seconds=round(wall_seconds, 3),
        peak_memory_mib=peak_memory_mib(),
        conflicts=proposal.minimal_conflicts,
        plan=Choices.of(proposal.plan) if proposal.levels else None,
    )


def pinned_pairs(organisation: Organisation, policy: Policy) -> dict[str, str]:
    """{principal: substitute} by the rules that apply."""
    rules = Facts(organisation, policy).rules.values()
    return {r.principal: r.substitute for r in rules if isinstance(r, PinSubstitute)}


def level_rows(proposal: Proposal, trace: Trace, pinned: dict[str, str]) -> tuple[LevelRow, ...]:
    """The levels of a proposal with what was seen of them.

    A plan from before the level that weighs pairs has none; the pinned ones, who share a team
    from the beginning, are all that it lacks to be valid.
    """
    return tuple(
        _level_row(level, trace.levels.get(level.level, Traced()), pinned)
        for level in proposal.levels
    )


def _level_row(level: LevelResult, seen: Traced, pinned: dict[str, str]) -> LevelRow:
    plan = None
    if seen.plan is not None and (level.value or 0) > (level.best or 0):
        choices = Choices.of(seen.plan)
        plan = choices.model_copy(update={"substitutes": pinned | choices.substitutes})
    return LevelRow(
        level=level.level,
        best=level.best,
        bound=level.bound,
        allowed=level.allowed,
        value=level.value,
        status=level.status,
        seconds=level.seconds,
        proof_seconds=seen.proof_seconds,
        improvements=tuple(seen.improvements),
        plan=plan,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
