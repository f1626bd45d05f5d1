"""Ours and others side by side: `python -m benchmarks.peers [options]`.

Every run is a process of its own with the same organisation, policy, seconds, threads and seed;
every plan is evaluated by `models/`. Prints a line per run with what it found at each level
(`*`: proven), and where it is better or worse than ours; at the end who won and lost how often.
With `--out` the results are a file as of `benchmarks.run`. Seconds are wall time of this machine.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import machine, results
from benchmarks.instances import is_one, load, names
from benchmarks.peers.listing import PEERS, versions
from benchmarks.peers.tally import Tally, line
from benchmarks.policies import POLICIES
from benchmarks.results import Results, RunRow

SMOKE = ("example", "jamsa-2018-units", "scale-57-loose-few")
SECONDS = 10.0

GRACE = 2
"""A process may take so many times its limit, to load, build and evaluate, before it is ended."""

GRACE_SECONDS = 150.0


def main(arguments: list[str]) -> int:
    """Run, print, write; 1 if a peer found something better than ours."""
    parser = _parser()
    options = parser.parse_args(arguments)
    for name in options.instances:
        if not is_one(name):
            parser.error(f"no instance is named {name!r}; there are: {', '.join(names())}")
    head = machine.commit()
    found = Results(
        tier="peers",
        command=results.command("benchmarks.peers", arguments),
        started_at=datetime.now(UTC),
        commit=head[0],
        changed=head[1],
        load=machine.load(),
        machine=machine.machine(),
        versions=machine.versions() | versions(),
    )
    print(_head(found))
    tally = Tally()
    for instance, policy, peers in _cases(options):
        for seed in range(options.seeds):
            ours = _run("tiimi", instance, policy, seed, options)
            print(f"\n{instance}, policy {policy}, seed {seed}, {options.seconds:g} s")
            print(line(ours, None), flush=True)
            rows = [ours]
            for peer in peers:
                row = _run(peer, instance, policy, seed, options)
                tally.add(ours, row)
                print(line(row, ours), flush=True)
                rows.append(row)
            found = found.model_copy(update={"runs": (*found.runs, *rows)})
            if options.out is not None:
                results.write(found, options.out)
    print(*tally.lines(), sep="\n")
    return int(tally.has_loss)


def _parser() -> argparse.ArgumentParser:
    about = "\n".join(f"  {name:<15} {peer.about}" for name, peer in PEERS.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers",
        description=__doc__,
        epilog=f"peers:\n{about}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--instances", nargs="+", metavar="NAME", default=list(SMOKE))
    parser.add_argument("--peer", action="append", choices=PEERS, help="may be repeated")
    parser.add_argument("--policy", choices=POLICIES, default="default")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="each run may take")
    parser.add_argument("--seeds", type=int, default=1, help="runs of each")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, metavar="FILE.json")
    return parser


def _cases(options: argparse.Namespace) -> list[tuple[str, str, list[str]]]:
    """(instance, policy, peers): the whole problem, and the part some peers know."""
    asked = options.peer or list(PEERS)
    cases = []
    for name in options.instances:
        for part in dict.fromkeys(PEERS[peer].part for peer in asked):
            peers = [peer for peer in asked if PEERS[peer].part == part]
            if part is None:
                cases.append((name, options.policy, peers))
            else:
                cases.append((f"{part}:{name}", part, peers))
    return cases


def _run(solver: str, instance: str, policy: str, seed: int, options: argparse.Namespace) -> RunRow:
    """One run in a process of its own; a process without an answer is a row that says so."""
    module = ["benchmarks.one"] if solver == "tiimi" else ["benchmarks.peers.one", solver]
    command = [sys.executable, "-m", *module, instance, f"--policy={policy}", f"--seed={seed}"]
    command += [f"--workers={options.workers}", f"--time-limit={options.seconds}"]
    limit = GRACE * options.seconds + GRACE_SECONDS
    started = time.monotonic()
    try:
        run = subprocess.run(
            command,
            cwd=machine.ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=limit,
        )
        return RunRow.model_validate_json(run.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        failure = f"ended after {limit:.0f} s without an answer"
    except subprocess.CalledProcessError as error:
        last = error.stderr.strip().splitlines()[-1:] or [""]
        failure = f"exit code {error.returncode}: {last[0]}"
    return RunRow(
        instance=instance,
        input_sha256=load(instance).sha256(),
        policy=policy,
        policy_sha256=POLICIES[policy].sha256(),
        seed=seed,
        workers=options.workers,
        time_limit=options.seconds,
        solver=solver,
        status="failed",
        wall_seconds=round(time.monotonic() - started, 3),
        failure=failure,
    )


def _head(found: Results) -> str:
    where = found.machine
    commit = f"{found.commit or 'no commit'}{' (changed)' if found.changed else ''}"
    packages = ", ".join(f"{name} {version}" for name, version in found.versions.items())
    return f"{where.cpu}, {where.cores} cores, {where.system}\n{commit}\n{packages}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
