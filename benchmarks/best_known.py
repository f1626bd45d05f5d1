"""Best known values and bounds, which only ever improve: `python -m benchmarks.best_known`.

    update RESULTS.json   take over what runs found better, after evaluating it afresh
    check [NAME ...]      verify all that is known, or what is known of these instances

Values are those of plans that `models.evaluation` finds valid; the plans stand in `plans/`, a
file for each instance and policy. If a valid plan contradicts a bound, or anything claimed is not
so, nothing of the file of results is taken over. Where an organisation or a policy has changed
since, the next update forgets the bounds, and keeps the plans that are still valid.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from benchmarks import known, results
from benchmarks.choices import Choices
from benchmarks.known import ContradictionError, Known
from benchmarks.results import RunRow
from benchmarks.verifying import check_entry, facts_of, is_valid, merged, nothing_known

Key = tuple[str, str]


def main(arguments: list[str]) -> int:
    """Update or check; 0 if all is well."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("update").add_argument("results")
    commands.add_parser("check").add_argument("names", nargs="*")
    options = parser.parse_args(arguments)
    try:
        if options.command == "update":
            update(results.read(options.results).runs)
        else:
            check(options.names)
    except ContradictionError as error:
        print(f"contradiction: {error}", file=sys.stderr)
        return 1
    return 0


def update(runs: Iterable[RunRow]) -> None:
    """Take over what is better, and print it: all of it or nothing.

    Raises:
        ContradictionError: if something claimed is not so.
    """
    before = known.read()
    after: dict[Key, tuple[Known, tuple[Choices, ...]]] = {}
    for run in runs:
        if run.levels or run.conflicts:
            key = run.instance, run.policy
            with _named(key):
                facts = facts_of(*key)
                old = after.get(key) or _still_valid(nothing_known(facts, *key), before.get(key))
                after[key] = merged(facts, run, *old)
    changed = {key: found for key, found in after.items() if found[0] != before.get(key)}
    for key, (entry, plans) in changed.items():
        known.write_plans(key, plans)
        for line in differences(before.get(key), entry):
            print(f"{_name(key)}: {line}")
    if changed:
        entries = {key: entry for key, (entry, _) in changed.items()}
        known.write((before | entries).values())


def check(names: Iterable[str]) -> None:
    """Verify all that is known of these instances, or of all, and print it.

    Raises:
        ContradictionError: if something is not as it stands there.
    """
    wanted = set(names)
    for key, entry in known.read().items():
        if not wanted or entry.instance in wanted:
            with _named(key):
                check_entry(facts_of(*key), entry, known.read_plans(key))
            print(f"{_name(key)}: {summary(entry)}")


def differences(old: Known | None, new: Known) -> list[str]:
    """What is new, in words."""
    if new.conflict:
        return [summary(new)]
    before = {level.level: level for level in old.levels} if old else {}
    lines = []
    for level in new.levels:
        was = before.get(level.level)
        if was is None:
            lines.append(f"{level.level}: best {level.best}, bound {level.bound}")
            continue
        pairs = [(x, getattr(was, x), getattr(level, x)) for x in ("best", "bound", "value")]
        changed = [f"{name} {a} -> {b}" for name, a, b in pairs if a != b]
        lines += [f"{level.level}: {', '.join(changed)}"] if changed else []
    return lines


def summary(entry: Known) -> str:
    """What is known, in a line."""
    if entry.conflict:
        return f"no valid plan: {', '.join(entry.conflict)} cannot hold together"
    levels = "  ".join(
        f"{x.level} {x.best}" + ("" if x.best == x.bound else f" (bound {x.bound})")
        for x in entry.levels
    )
    return f"{entry.proven} of {len(entry.levels)} levels proven: {levels}"


def _still_valid(now: Known, old: Known | None) -> tuple[Known, tuple[Choices, ...]]:
    """What is known and its plans; of another organisation or policy, its valid plans alone."""
    plans = known.read_plans(now.key)
    if old is not None and old.is_of_same(now):
        return old, plans
    return now, tuple(plan for plan in plans if is_valid(facts_of(*now.key), plan))


@contextmanager
def _named(key: Key) -> Iterator[None]:
    """Say of what a contradiction is."""
    try:
        yield
    except ContradictionError as error:
        raise ContradictionError(f"{_name(key)}: {error}") from None


def _name(key: Key) -> str:
    instance, policy = key
    return instance if policy == "default" else f"{instance} ({policy})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
