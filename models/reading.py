"""From plain data to an `Organisation` or a `Policy`, with all input errors at once.

Field errors come from the models, cross-references from `models.references`. An item with an
error is read without the offending part, or with a stand-in for it where one is required, so
that everything else wrong with it, and all that refers to it, is still found in the same
round (docs/problem.md, section 1).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from models.field_errors import as_written, explain, mend
from models.issues import InputError, Issue, nearest
from models.organisation import (
    RULE_KINDS,
    Employee,
    Horizon,
    Organisation,
    Skill,
    Task,
    Team,
    Text,
)
from models.places import Locate, json_place, place_by_id
from models.policy import GOAL_NAMES, KEEP_GOALS, Policy
from models.references import Draft, Path, cross_reference_issues
from models.scenario import EVENT_KINDS, AddRule, Scenario

_ITEMS: dict[str, type[BaseModel]] = {
    "skills": Skill,
    "teams": Team,
    "employees": Employee,
    "tasks": Task,
}
_REQUIRED = ("name", "horizon", "skills", "teams", "employees")
_LISTS = (*_ITEMS, "rules")
_ATTEMPTS = 3
"""As given; without what is wrong; with stand-ins for what is missing then."""


def organisation_from(
    data: object, policy: Policy | None = None, locate: Locate | None = None
) -> Organisation:
    """Read an organisation from its JSON form.

    Args:
        data: the decoded JSON (or the same built from tables).
        policy: if given, grades it does not price are errors too.
        locate: how to name a place; by default ``employees[E07].skills.payrol``.

    Raises:
        InputError: with every issue found.
    """
    if not isinstance(data, Mapping):
        raise InputError(
            [_issue((), "wrong_type", "An organisation is a JSON object.", json_place)]
        )
    plain = _without_nulls(data)
    _drop_empty_active(plain.get("tasks"))
    if locate is None:
        locate = place_by_id(plain)
    reader = _Reader(locate)
    draft = reader.draft(plain)
    issues = reader.issues + [
        Issue(code, locate(path), message, cure)
        for path, code, message, cure in cross_reference_issues(draft, policy)
        if not reader.has_told(path, code)
    ]
    if issues:
        raise InputError(issues)
    return Organisation(name=plain["name"], **draft.parts())


def policy_from(data: object) -> Policy:
    """Read a policy from its JSON or TOML form; a key given replaces the default's value.

    Raises:
        InputError: with every issue found.
    """
    if not isinstance(data, Mapping):
        raise InputError([_issue((), "wrong_type", "A policy is a table of keys.", json_place)])
    plain = _without_nulls(data)
    reader = _Reader(json_place)
    policy = reader.item(Policy, plain, ())
    issues = list(reader.issues)
    if isinstance(policy, Policy):
        told = {issue.place for issue in issues}
        issues += [issue for issue in _policy_issues(policy) if issue.place not in told]
    if issues or not isinstance(policy, Policy):
        raise InputError(issues)
    return policy


def scenario_from(data: object, place: str = "") -> Scenario:
    """Read a scenario from its JSON or TOML form.

    Args:
        data: the decoded document.
        place: how it is called in issues; nothing for the document itself.

    Raises:
        InputError: with every issue found.
    """

    def locate(path: Path) -> str:
        inner = json_place(path)
        return f"{place}.{inner}" if place and path else place or inner

    if not isinstance(data, Mapping):
        raise InputError([_issue((), "wrong_type", "A scenario is a table of keys.", locate)])
    plain = _without_nulls(data)
    reader = _Reader(locate)
    rows = plain.pop("events", [])
    head = reader.item(Scenario, plain, ())
    if not isinstance(rows, list):
        reader.add(("events",), "wrong_type", "events must be a list.")
        rows = []
    events = [reader.event(row, i) for i, row in enumerate(rows)]
    if reader.issues or not isinstance(head, Scenario):
        raise InputError(reader.issues)
    return head.model_copy(update={"events": tuple(events)})


def _policy_issues(policy: Policy) -> list[Issue]:
    issues = []
    seen_goals: dict[str, str] = {}
    seen_levels: set[str] = set()
    for i, level in enumerate(policy.levels):
        if level.name in seen_levels:
            issues.append(
                Issue(
                    "duplicate_level",
                    f"levels[{i}].name",
                    f"Two levels are called {level.name!r}.",
                    "Give each level its own name.",
                )
            )
        seen_levels.add(level.name)
        for goal in level.goals:
            place = f"levels[{level.name}].goals.{goal}"
            if goal not in GOAL_NAMES:
                cure = nearest(goal, GOAL_NAMES)
                issues.append(Issue("unknown_goal", place, f"No goal is called {goal!r}.", cure))
            elif goal in seen_goals:
                issues.append(
                    Issue(
                        "duplicate_goal",
                        place,
                        f"{goal} is in level {seen_goals[goal]!r} already.",
                        "Leave a goal in one level.",
                    )
                )
            seen_goals.setdefault(goal, level.name)
    if not policy.weights():
        issues.append(
            Issue(
                "no_goal",
                "levels",
                "No level has a goal with a weight above 0.",
                "Give at least one goal a weight.",
            )
        )
    for goal in policy.keep:
        if goal not in KEEP_GOALS:
            cure = nearest(goal, KEEP_GOALS)
            issues.append(Issue("unknown_goal", f"keep.{goal}", f"{goal!r} cannot be kept.", cure))
    return issues


class _Named(BaseModel):
    """What of an organisation is neither the horizon nor a list."""

    name: Text


class _Reader:
    """Reads items one by one, collecting issues."""

    def __init__(self, locate: Locate) -> None:
        self.locate = locate
        self.issues: list[Issue] = []
        self._told: list[tuple[Path, str]] = []

    def has_told(self, path: Path, code: str) -> bool:
        """Whether an issue of this part, its whole or a part of it says as much already.

        That a number is out of range says nothing about the name it stands at.
        """
        return any(
            told[: len(path)] == path[: len(told)]
            for told, why in self._told
            if (why, code) != ("out_of_range", "unknown_id")
        )

    def add(self, path: Path, code: str, message: str, cure: str = "") -> None:
        self._told.append((path, code))
        self.issues.append(_issue(path, code, message, self.locate, cure))

    def draft(self, data: dict[str, Any]) -> Draft:
        for key in data:
            if key not in Organisation.model_fields:
                self._unknown_field((key,), Organisation)
        for key in _REQUIRED:
            if key not in data:
                self._missing((key,))
        draft = Draft()
        if "name" in data:
            self.item(_Named, {"name": data["name"]}, ())
        horizon = data.get("horizon")
        if horizon is not None:
            read = self.item(Horizon, horizon, ("horizon",))
            draft.horizon = read if isinstance(read, Horizon) else None
        for key in _LISTS:
            rows = data.get(key, [])
            if not isinstance(rows, list | tuple):
                self.add((key,), "wrong_type", f"{key} must be a list.")
                continue
            for i, row in enumerate(rows):
                kind = self._rule_kind(row, i) if key == "rules" else _ITEMS[key]
                item = self.item(kind, row, (key, i)) if kind else None
                draft.add(key, i, item, row)
        return draft

    def event(self, row: object, i: int) -> BaseModel | None:
        """Read one event of a scenario; None if it cannot be read."""
        kind = self._kind(row, ("events", i), EVENT_KINDS, "event")
        if kind is not AddRule or not isinstance(row, Mapping) or "rule" not in row:
            return self.item(kind, row, ("events", i)) if kind else None
        # Which fields a rule has depends on its kind: it is read by itself.
        where: Path = ("events", i, "rule")
        inner = self._kind(row["rule"], where, RULE_KINDS, "rule")
        rule = self.item(inner, row["rule"], where) if inner else None
        for key in row:
            if key not in AddRule.model_fields:
                self._unknown_field(("events", i, key), AddRule)
        return AddRule.model_construct(kind="rule", rule=rule)  # type: ignore[arg-type]

    def _rule_kind(self, row: object, i: int) -> type[BaseModel] | None:
        return self._kind(row, ("rules", i), RULE_KINDS, "rule")

    def _kind(
        self, row: object, path: Path, kinds: Mapping[str, type[BaseModel]], what: str
    ) -> type[BaseModel] | None:
        if not isinstance(row, Mapping) or "kind" not in row:
            self._missing((*path, "kind"))
            return None
        kind = row["kind"]
        if not isinstance(kind, str) or kind not in kinds:
            self.add(
                (*path, "kind"),
                "unknown_kind",
                f"No {what} is of kind {as_written(kind)}.",
                f"Kinds: {', '.join(kinds)}.",
            )
            return None
        return kinds[kind]

    def item(self, kind: type[BaseModel], row: object, path: Path) -> BaseModel | None:
        """Read one item; None if it cannot be read even without its bad parts."""
        if not isinstance(row, Mapping):
            self.add(path, "wrong_type", "An object with named fields is expected here.")
            return None
        remaining: Any = copy.deepcopy(row)
        for attempt in range(_ATTEMPTS):
            try:
                return kind.model_validate(remaining, by_alias=True, by_name=False)
            except ValidationError as error:
                for found in error.errors(include_url=False):
                    if attempt == 0:
                        self._field_error(kind, found, path)
                    if not found["loc"]:
                        return None
                    mend(remaining, found)
        return None

    def _field_error(self, kind: type[BaseModel], found: Any, path: Path) -> None:
        loc = tuple(part for part in found["loc"] if part != "[key]")
        where = (*path, *loc)
        match found["type"]:
            case "missing":
                self._missing(where)
            case "extra_forbidden":
                self._unknown_field(where, kind)
            case _:
                self.add(where, *explain(found))

    def _missing(self, path: Path) -> None:
        self.add(path, "missing", f"{path[-1]} is missing.", "Add it.")

    def _unknown_field(self, path: Path, kind: type[BaseModel]) -> None:
        known = [f.alias or name for name, f in _model_at(kind, path).model_fields.items()]
        self.add(
            path,
            "unknown_field",
            f"There is no field {path[-1]!r} here.",
            nearest(str(path[-1]), known) + " Fields that are not listed are refused.",
        )


def _model_at(kind: type[BaseModel], path: Path) -> type[BaseModel]:
    """The model a nested field belongs to."""
    parts = [p for p in path[:-1] if isinstance(p, str)]
    for part in parts:
        field = kind.model_fields.get(part)
        for inner in _models_in(field.annotation if field else None):
            kind = inner
    return kind


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for a in getattr(annotation, "__args__", ()) for m in _models_in(a)]


def _without_nulls(value: Any) -> Any:
    """The same data with null fields absent (``null`` = absent, everywhere)."""
    if isinstance(value, Mapping):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_without_nulls(v) for v in value]
    return value


def _drop_empty_active(tasks: object) -> None:
    """A task's `active` without start and end says nothing: absent, as tables have it."""
    for task in tasks if isinstance(tasks, list) else ():
        if isinstance(task, dict) and task.get("active") == {}:
            del task["active"]


def _issue(path: Path, code: str, message: str, locate: Locate, cure: str = "") -> Issue:
    return Issue(code, locate(path), message, cure or "See docs/problem.md, section 1.")
