"""One run of a peer in a process of its own: `python -m benchmarks.peers.one PEER INSTANCE`.

Prints the run as a line of JSON (`benchmarks.results.RunRow`), as `benchmarks.one` does for ours.
"""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks.choices import Choices
from benchmarks.instances import load
from benchmarks.machine import peak_memory_mib
from benchmarks.one import limit_memory
from benchmarks.peers.answer import Answer, Budget, CannotError, LevelAnswer, NotInstalledError
from benchmarks.peers.listing import PEERS, Peer
from benchmarks.policies import POLICIES
from benchmarks.results import LevelRow, RunRow, as_json
from models.evaluation import Evaluation, evaluate_facts
from models.facts import Facts
from models.policy import Level


def main(arguments: list[str]) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("instance")
    parser.add_argument("--policy", choices=POLICIES, default="default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--memory-mib", type=int, help="of addresses, beyond which it fails")
    options = parser.parse_args(arguments)
    if options.memory_mib is not None:
        limit_memory(options.memory_mib)
    budget = Budget(options.time_limit, options.workers, options.seed)
    facts = Facts(load(options.instance), POLICIES[options.policy])
    row = run(options.peer, PEERS[options.peer], facts, budget)
    print(as_json(row.model_copy(update={"instance": options.instance, "policy": options.policy})))


def run(name: str, peer: Peer, facts: Facts, budget: Budget) -> RunRow:
    """Ask a peer, and evaluate what it answers afresh from the input.

    Args:
        name: of the peer.
        peer: which one.
        facts: of the instance; the names of instance and policy are for the caller to add.
        budget: what it may use.
    """
    started = time.perf_counter()
    failure = None
    try:
        answer = peer.solve(facts, budget)
    except (NotInstalledError, CannotError) as error:
        answer, failure = Answer(), str(error)
    wall_seconds = time.perf_counter() - started
    row = RunRow(
        instance="",
        input_sha256=facts.organisation.sha256(),
        policy="",
        policy_sha256=facts.policy.sha256(),
        seed=budget.seed,
        workers=budget.workers,
        time_limit=budget.seconds,
        solver=name,
        status="unknown",
        wall_seconds=round(wall_seconds, 3),
        peak_memory_mib=peak_memory_mib(),
        remark=answer.remark,
        failure=failure,
    )
    return row.model_copy(update=_judged(facts, answer))


def _judged(facts: Facts, answer: Answer) -> dict[str, object]:
    """What the evaluation says of an answer, as fields of its row."""
    if answer.infeasible:
        return {"status": "infeasible"}
    if answer.plan is None:
        return {}
    evaluation = evaluate_facts(facts, answer.plan)
    if not evaluation.is_valid:
        broken = "; ".join(v.message for v in evaluation.violations[:3])
        number = len(evaluation.violations)
        return {"status": "failed", "failure": f"{number} rules broken: {broken}"}
    levels = facts.policy.levels
    rows = tuple(_level_row(level, answer.levels, evaluation) for level in levels)
    wrong = [row.level for row in rows if _contradicts(row)]
    if wrong:
        return {
            "status": "failed",
            "failure": f"the plan does not cost what is claimed: {', '.join(wrong)}",
        }
    proven = all(row.status == "optimal" for row in rows)
    return {
        "status": "optimal" if proven else "feasible",
        "levels": rows,
        "plan": Choices.of(answer.plan),
    }


def _level_row(level: Level, solved: tuple[LevelAnswer, ...], evaluation: Evaluation) -> LevelRow:
    value = evaluation.value(level)
    for answer in solved:
        if answer.name == level.name:
            return LevelRow(
                level=level.name,
                best=answer.best,
                bound=answer.bound,
                allowed=answer.allowed,
                value=value,
                status="optimal" if answer.proven else "feasible",
                seconds=round(answer.seconds, 3),
            )
    return LevelRow(
        level=level.name,
        best=value,
        bound=None,
        allowed=None,
        value=value,
        status="feasible",
        seconds=0.0,
    )


def _contradicts(row: LevelRow) -> bool:
    """Whether the plan costs what its peer's own claims rule out."""
    value = row.value or 0
    too_much = row.allowed is not None and value > row.allowed
    too_little = row.status == "optimal" and row.bound is not None and value < row.bound
    return too_much or too_little


if __name__ == "__main__":
    main(sys.argv[1:])
