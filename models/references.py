"""Cross-references of an input: do they resolve, and do fields agree with one another?

Works on a `Draft`: what could be read so far, so that one bad field does not hide another
(docs/problem.md, section 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from models.issues import nearest
from models.organisation import (
    Employee,
    Horizon,
    PinLead,
    PinSubstitute,
    Task,
    Team,
)
from models.policy import Policy

Path = tuple[str | int, ...]
Found = tuple[Path, str, str, str]
"""Path, code, message, cure."""


class Draft:
    """What could be read of an organisation; items that could not are None.

    Attributes:
        horizon: if it could be read.
        items: per list, (index, item or None).
        ids: per list, every id that stands in it, with its indexes.
    """

    def __init__(self) -> None:
        self.horizon: Horizon | None = None
        lists = ("skills", "teams", "employees", "tasks", "rules")
        self.items: dict[str, list[tuple[int, Any]]] = {key: [] for key in lists}
        self.ids: dict[str, dict[str, list[int]]] = {key: {} for key in lists}

    def add(self, key: str, index: int, item: object, row: object) -> None:
        """Add an item, or None and the raw row it could not be read from."""
        self.items[key].append((index, item))
        name = row.get("id") if isinstance(row, dict) else None
        if isinstance(name, str):
            self.ids[key].setdefault(name, []).append(index)

    def parts(self) -> dict[str, Any]:
        """The organisation's fields, once nothing is wrong."""
        lists = {key: tuple(item for _, item in rows) for key, rows in self.items.items()}
        return {"horizon": self.horizon, **lists}

    def readable(self, key: str) -> Iterator[tuple[Path, Any]]:
        """The items of a list that could be read, with their paths."""
        return (((key, i), item) for i, item in self.items[key] if item is not None)

    def by_id(self, key: str) -> dict[str, Any]:
        """The items of a list that could be read, by id."""
        return {item.id: item for _, item in self.readable(key)}


def cross_reference_issues(draft: Draft, policy: Policy | None) -> Iterator[Found]:
    """Everything wrong between the fields and items of a draft, in input order."""
    horizon = draft.horizon
    if horizon is not None:
        yield from _ordered(("horizon",), horizon.start, horizon.end)
    for key, ids in draft.ids.items():
        for name, indexes in ids.items():
            for i in indexes[1:]:
                yield (
                    (key, i, "id"),
                    "duplicate_id",
                    f"{name!r} is the id of another item of {key} already.",
                    "Give every item its own id.",
                )
    checks: dict[str, Callable[[Draft, Path, Any], Iterator[Found]]] = {
        "teams": _team,
        "employees": _employee,
        "tasks": _task,
        "rules": _rule,
    }
    for key, check in checks.items():
        for path, item in draft.readable(key):
            yield from check(draft, path, item)
            if policy is not None and isinstance(item, Employee):
                yield from unpriced(path, item, policy)


def unpriced(path: Path, e: Employee, policy: Policy) -> Iterator[Found]:
    """Grades of one employee that the policy does not price."""
    for field, grades, prices in (
        ("interest", e.interest, policy.interest_cost),
        ("lead_interest", e.lead_interest, policy.lead_cost),
    ):
        for team, grade in grades.items():
            if grade not in prices:
                yield (
                    (*path, field, team),
                    "unpriced_grade",
                    f"The policy has no price for grade {grade}.",
                    f"Priced: {', '.join(map(str, sorted(prices)))}. Add a price or change it.",
                )


def _resolve(draft: Draft, path: Path, key: str, name: str | None) -> Iterator[Found]:
    known = draft.ids[key]
    if name is not None and name not in known:
        kind = key.removesuffix("s")
        yield path, "unknown_id", f"There is no {kind} {name!r}.", nearest(name, known)


def _ordered(path: Path, start: Any, end: Any) -> Iterator[Found]:
    if start is not None and end is not None and not start < end:
        yield (
            path,
            "start_not_before_end",
            f"It starts on {start} and ends on {end}.",
            "The end is the first day after the last; it must be later than the start.",
        )


def _distinct(path: Path, names: Iterable[str]) -> Iterator[Found]:
    seen: set[str] = set()
    for i, name in enumerate(names):
        if name in seen:
            yield (*path, i), "duplicate_in_list", f"{name!r} stands twice.", "Name each once."
        seen.add(name)


def _not_self(path: Path, who: str, names: Iterable[str | None]) -> Iterator[Found]:
    if who in names:
        yield path, "self_reference", f"{who} refers to themselves.", "Name somebody else."


def _team(draft: Draft, path: Path, team: Team) -> Iterator[Found]:
    if team.size.min > team.size.max:
        yield (
            (*path, "size"),
            "min_above_max",
            f"The smallest size {team.size.min} is above the largest {team.size.max}.",
            "Swap or change them.",
        )
    yield from _resolve(draft, (*path, "leader"), "employees", team.leader)
    seen = set()
    for i, step in enumerate(team.demand):
        if step.from_ in seen:
            yield (
                (*path, "demand", i),
                "duplicate_demand",
                f"There are two demands from {step.from_}.",
                "Keep one of them.",
            )
        seen.add(step.from_)
    for i, need in enumerate(team.needs):
        yield from _resolve(draft, (*path, "needs", i, "skill"), "skills", need.skill)


def _employee(draft: Draft, path: Path, e: Employee) -> Iterator[Found]:
    if e.site_bound and e.site is None:
        cure = "Give the site, or take away site_bound."
        yield (*path, "site_bound"), "site_bound_without_site", "Bound to no site.", cure
    if e.joins and e.leaves and e.leaves.date <= e.joins:
        yield (
            (*path, "leaves", "date"),
            "leaves_before_joining",
            f"Leaves on {e.leaves.date}, joins on {e.joins}.",
            "The departure is later than the joining.",
        )
    for i, absence in enumerate(e.absences):
        yield from _ordered((*path, "absences", i), absence.start, absence.end)
    if e.eligible_teams is not None and not e.eligible_teams:
        yield (
            (*path, "eligible_teams"),
            "no_eligible_team",
            "There is no team this person may be placed in.",
            "Name a team, or leave it out for all teams.",
        )
    lists: dict[str, tuple[str | None, Iterable[str]]] = {
        "qualifications": (None, e.qualifications),
        "can_learn": ("skills", e.can_learn),
        "wants": ("employees", e.wants),
        "avoids": ("employees", e.avoids),
        "eligible_teams": ("teams", e.eligible_teams or ()),
    }
    for field, (key, names) in lists.items():
        yield from _distinct((*path, field), names)
        if key is not None:
            for i, name in enumerate(names):
                yield from _resolve(draft, (*path, field, i), key, name)
    for field, key, keyed in (
        ("skills", "skills", e.skills),
        ("interest", "teams", e.interest),
        ("lead_interest", "teams", e.lead_interest),
    ):
        for name in keyed:
            yield from _resolve(draft, (*path, field, name), key, name)
    yield from _resolve(draft, (*path, "team"), "teams", e.team)
    yield from _resolve(draft, (*path, "substitute"), "employees", e.substitute)
    for field, references in (
        ("wants", e.wants),
        ("avoids", e.avoids),
        ("substitute", (e.substitute,)),
    ):
        yield from _not_self((*path, field), e.id, references)


def _task(draft: Draft, path: Path, q: Task) -> Iterator[Found]:
    yield from _resolve(draft, (*path, "skill"), "skills", q.skill)
    yield from _resolve(draft, (*path, "team"), "teams", q.team)
    yield from _resolve(draft, (*path, "holder"), "employees", q.holder)
    for name in q.prepared:
        yield from _resolve(draft, (*path, "prepared", name), "employees", name)
    if q.active:
        yield from _ordered((*path, "active"), q.active.start, q.active.end)


_RULE_FIELDS = {
    "employee": "employees",
    "team": "teams",
    "task": "tasks",
    "principal": "employees",
    "substitute": "employees",
}


def _rule(draft: Draft, path: Path, rule: Any) -> Iterator[Found]:
    for field, key in _RULE_FIELDS.items():
        if hasattr(rule, field):
            yield from _resolve(draft, (*path, field), key, getattr(rule, field))
    employees = getattr(rule, "employees", ())
    yield from _distinct((*path, "employees"), employees)
    for i, name in enumerate(employees):
        yield from _resolve(draft, (*path, "employees", i), "employees", name)
    if isinstance(rule, PinSubstitute):
        yield from _not_self((*path, "substitute"), rule.principal, (rule.substitute,))
        principal = draft.by_id("employees").get(rule.principal)
        if principal is not None and not principal.needs_substitute:
            yield (
                (*path, "principal"),
                "needs_no_substitute",
                f"{rule.principal} needs no substitute.",
                "Drop the rule, or let them need one.",
            )
    if isinstance(rule, PinLead):
        team = draft.by_id("teams").get(rule.team)
        if team is not None and not team.lead:
            yield (
                (*path, "team"),
                "team_without_lead",
                f"{rule.team} has no leader.",
                "Drop the rule, or give the team a lead.",
            )
