"""What is known best of an instance under a policy: plans that were verified, bounds that hold.

A bound of a level was proven for plans that keep the levels before within given limits; it holds
for all plans that keep them within tighter ones. So plans of any origin go into one pool, the
best of each level follows from the pool, and a bound counts where it was proven for limits no
tighter than those that follow.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.choices import Choices
from benchmarks.results import Part
from models.files import write_whole

FILE = Path(__file__).with_name("best_known.json")
PLANS = Path(__file__).with_name("plans")


class ContradictionError(Exception):
    """Two things that are claimed cannot both be true: somebody is wrong, and loudly so."""


class KnownLevel(Part):
    """A level.

    Attributes:
        best: the least it costs in a known plan that keeps the levels before within `allowed`.
        bound: no such plan costs less.
        given: the limits of the levels before for which the bound was proven.
        allowed: what later levels must keep it within.
        value: what it costs in the known final plan.
    """

    level: str
    best: int
    bound: int
    given: tuple[int, ...]
    allowed: int
    value: int


class Known(Part):
    """What is known of an instance under a policy; where no plan exists, a conflict."""

    instance: str
    input_sha256: str
    policy: str
    policy_sha256: str
    levels: tuple[KnownLevel, ...] = ()
    conflict: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What it is known of."""
        return self.instance, self.policy

    def is_of_same(self, other: Known) -> bool:
        """Whether both are of the same organisation and policy, not only of the same names."""
        return (self.input_sha256, self.policy_sha256) == (
            other.input_sha256,
            other.policy_sha256,
        )

    @property
    def proven(self) -> int:
        """How many levels, from the first on, cannot be better."""
        for count, level in enumerate(self.levels):
            if level.best != level.bound:
                return count
        return len(self.levels)


class Bound(NamedTuple):
    """A proven bound of a level, and the limits of the levels before it was proven for."""

    position: int
    bound: int
    given: tuple[int, ...]


class Verified(NamedTuple):
    """A plan that is valid, and what each level costs in it."""

    choices: Choices
    values: tuple[int, ...]


class Pooled(NamedTuple):
    """What follows from a pool: the levels, and the plans that show it, the final one first."""

    levels: tuple[KnownLevel, ...]
    plans: tuple[Verified, ...]


def pooled(
    names: Sequence[str],
    tolerances: Sequence[int],
    plans: Sequence[Verified],
    bounds: Iterable[Bound],
) -> Pooled:
    """The best of each level that some plan shows, with the best bounds that hold there.

    Args:
        names: the levels, in order.
        tolerances: of each level, for all people together.
        plans: at least one; of equal ones the first is kept.
        bounds: of any level.

    Raises:
        ContradictionError: if a plan is better than a bound that holds for it.
    """
    bounds = list(bounds)
    for bound in bounds:
        _agree(names, plans, bound)
    within = list(plans)
    allowed: list[int] = []
    best: list[int] = []
    shown: list[Verified] = []
    for index, tolerance in enumerate(tolerances):
        least = min(within, key=lambda plan: plan.values[index])
        shown.append(least)
        best.append(least.values[index])
        allowed.append(best[-1] + tolerance)
        within = [plan for plan in within if plan.values[index] <= allowed[-1]]
    final = min(within, key=lambda plan: plan.values)
    levels = []
    kept = [final]
    for index, name in enumerate(names):
        limits = tuple(allowed[:index])
        bound = _highest(bounds, index, limits)
        if final.values[index] > best[index] and shown[index] not in kept:
            kept.append(shown[index])
        levels.append(
            KnownLevel(
                level=name,
                best=best[index],
                bound=bound.bound,
                given=bound.given,
                allowed=allowed[index],
                value=final.values[index],
            )
        )
    return Pooled(tuple(levels), tuple(kept))


def _highest(bounds: Iterable[Bound], index: int, limits: tuple[int, ...]) -> Bound:
    """The highest bound of a level that holds within these limits; no cost is below 0."""
    holding = [b for b in bounds if b.position == index and _no_tighter(b.given, limits)]
    return max(holding, key=lambda b: b.bound, default=Bound(index, 0, limits))


def _agree(names: Sequence[str], plans: Sequence[Verified], bound: Bound) -> None:
    for plan in plans:
        before, value = plan.values[: bound.position], plan.values[bound.position]
        if _no_tighter(bound.given, before) and value < bound.bound:
            raise ContradictionError(
                f"level {names[bound.position]}: a bound of {bound.bound} was claimed, and a valid "
                f"plan that keeps the levels before costs {value}"
            )


def _no_tighter(given: Sequence[int], limits: Sequence[int]) -> bool:
    return all(a >= b for a, b in zip(given, limits, strict=True))


def read() -> dict[tuple[str, str], Known]:
    """All that is known, by instance and policy."""
    if not FILE.is_file():
        return {}
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    known = [Known.model_validate(row) for row in rows]
    return {found.key: found for found in known}


def write(known: Iterable[Known]) -> None:
    """Write all that is known, in order of names; a level a line."""
    ordered = sorted(known, key=lambda found: found.key)
    write_whole(FILE, "[\n" + ",\n".join(_as_text(found) for found in ordered) + "\n]\n")


def _as_text(found: Known) -> str:
    content = found.model_dump(mode="json", exclude={"levels"}, exclude_defaults=True)
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()]
    if found.levels:
        levels = ",\n".join(f"    {json.dumps(x.model_dump(mode='json'))}" for x in found.levels)
        lines.append(f'"levels": [\n{levels}\n  ]')
    return "{\n  " + ",\n  ".join(lines) + "\n}"


def plans_file(key: tuple[str, str]) -> Path:
    """Where the plans of an instance under a policy are."""
    return PLANS / f"{'.'.join(key).replace(':', '-')}.json"


def read_plans(key: tuple[str, str]) -> tuple[Choices, ...]:
    """The plans that show what is known, the final one first."""
    file = plans_file(key)
    if not file.is_file():
        return ()
    return tuple(Choices.model_validate(row) for row in json.loads(file.read_text("utf-8")))


def write_plans(key: tuple[str, str], plans: Sequence[Choices]) -> None:
    """Write them, a plan a line; no file if there are none."""
    if not plans:
        plans_file(key).unlink(missing_ok=True)
        return
    PLANS.mkdir(exist_ok=True)
    lines = [json.dumps(plan.model_dump(mode="json"), separators=(",", ":")) for plan in plans]
    write_whole(plans_file(key), "[\n" + ",\n".join(lines) + "\n]\n")
