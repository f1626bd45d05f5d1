"""A policy as a file: read from TOML or JSON, written as commented TOML.

A policy that is written and read again is the same (docs/problem.md, section 4).
"""

from __future__ import annotations

import codecs
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from api.texts import Texts
from models.issues import InputError, Issue
from models.json_text import is_deeper, strictly_decoded
from models.policy import GOAL_NAMES, KEEP_GOALS, RELAXATION_WEIGHTS, Level, Policy
from models.reading import policy_from

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How a file begins that a shell of Windows has redirected a printed policy to."""

MOST_BYTES = 1_000_000
"""No larger policy file is read."""

_SETTINGS = (
    "interest_cost",
    "interest_unknown",
    "lead_cost",
    "lead_unknown",
    "lead_leaves_soon",
    "lead_min_days",
    "min_fit",
    "max_principals",
    "max_tasks",
    "settled_days",
    "max_sector_share",
    "departure_margin",
)


def read_policy(path: Path) -> Policy:
    """Read a policy from a ``.toml`` or ``.json`` file.

    Raises:
        InputError: with every issue found.
    """
    if path.suffix.casefold() not in (".toml", ".json"):
        raise _refusal(
            "unknown_form", path, "A policy is a .toml or .json file.", "Print one: tiimi policy."
        )
    text = _text_of(path)
    data = _from_toml(text, path) if path.suffix.casefold() == ".toml" else _from_json(text, path)
    try:
        return policy_from(data)
    except InputError as error:
        raise InputError(
            Issue(issue.code, f"{path.name}, {issue.place}", issue.message, _cure(issue))
            for issue in error.issues
        ) from None


def written_policy(policy: Policy, texts: Texts) -> str:
    """A policy as TOML, with a line of explanation for every key and goal."""
    return "\n".join(_lines(policy, texts)) + "\n"


def _lines(policy: Policy, texts: Texts) -> Iterator[str]:
    yield from _comment(texts("policy.head"))
    yield ""
    yield from _aligned(
        [(key, _value(getattr(policy, key)), texts(f"policy.{key}")) for key in _SETTINGS]
    )
    yield ""
    yield from _comment(texts("policy.keep"))
    yield "[keep]"
    yield from _goals(policy.keep, KEEP_GOALS, texts)
    yield ""
    yield from _comment(texts("policy.relaxation_weights"))
    yield "[relaxation_weights]"
    yield from _weights(policy.relaxation_weights, texts)
    yield ""
    yield from _comment(texts("policy.levels"))
    missing = [g for g in GOAL_NAMES if all(g not in level.goals for level in policy.levels)]
    if missing:
        yield from _comment(texts("policy.not_counted", goals=", ".join(missing)))
    for level in policy.levels:
        yield ""
        yield from _level(level, texts)


def _level(level: Level, texts: Texts) -> Iterator[str]:
    yield "[[levels]]"
    name = f"name = {_quoted(level.name)}"
    shown = texts.level(level.name)
    yield name if shown == level.name else f"{name}  # {shown}"
    tolerance = str(level.tolerance_per_person)
    explained = texts("policy.tolerance_per_person")
    yield from _aligned([("tolerance_per_person", tolerance, explained)])
    yield "[levels.goals]"
    yield from _goals(level.goals, GOAL_NAMES, texts)


def _goals(goals: Mapping[str, int], order: tuple[str, ...], texts: Texts) -> Iterator[str]:
    names = sorted(goals, key=order.index)
    yield from _aligned([(goal, str(goals[goal]), texts(f"goal.{goal}")) for goal in names])


def _weights(weights: Mapping[str, int], texts: Texts) -> Iterator[str]:
    """Kinds of rules with what giving one up weighs, then the rules that have their own."""
    kinds = [kind for kind in RELAXATION_WEIGHTS if kind in weights]
    rows = [(kind, str(weights[kind]), texts(f"weight.{kind}")) for kind in kinds]
    named = [name for name in weights if name not in RELAXATION_WEIGHTS]
    rows += [(_quoted(name), str(weights[name]), texts("weight.one")) for name in named]
    yield from _aligned(rows)


def _aligned(rows: list[tuple[str, str, str]]) -> Iterator[str]:
    """Settings with their explanations in one column."""
    settings = [f"{key} = {value}" for key, value, _ in rows]
    width = max(map(len, settings), default=0)
    for setting, (_, _, explained) in zip(settings, rows, strict=True):
        yield f"{setting:{width}}  # {explained}"


def _comment(text: str) -> Iterator[str]:
    return (f"# {line}" for line in text.splitlines())


def _value(value: int | Mapping[int, int]) -> str:
    if isinstance(value, int):
        return str(value)
    return "{ " + ", ".join(f"{grade} = {cost}" for grade, cost in value.items()) + " }"


def _quoted(text: str) -> str:
    """A TOML string: JSON's, but for the one character JSON leaves as it is."""
    return json.dumps(text).replace("\x7f", "\\u007f") if text.isascii() else _escaped(text)


def _escaped(text: str) -> str:
    """TOML has no halves of characters: what is beyond the first plane stands for itself."""
    parts = (json.dumps(c)[1:-1] if ord(c) <= 0xFFFF else f"\\U{ord(c):08x}" for c in text)
    return '"' + "".join(parts).replace("\x7f", "\\u007f") + '"'


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise _refusal("not_found", path, "There is no such file.", "Check its name.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not allowed"
        cure = "Check its name and the right to read it."
        raise _refusal("unreadable", path, f"It cannot be read: {reason}.", cure) from None
    if len(content) > MOST_BYTES:
        raise _refusal("too_large", path, "It has more than 1 MB.", "Print one: tiimi policy.")
    try:
        return content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        raise _refusal("bad_encoding", path, "It is not UTF-8.", "Save it as UTF-8.") from None


def _from_toml(text: str, path: Path) -> object:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        cure = "Check the line; tiimi policy prints a policy as it should be."
        raise _refusal("bad_toml", path, f"It is not TOML: {error}.", cure) from None
    except RecursionError:
        cure = "Check its brackets."
        raise _refusal("too_deep", path, "Far too many levels of nesting.", cure) from None
    if is_deeper(data):
        raise _refusal("too_deep", path, "Too many levels of nesting.", "Check its brackets.")
    return data


def _from_json(text: str, path: Path) -> object:
    return strictly_decoded(text.encode(), path.name)


def _cure(issue: Issue) -> str:
    return issue.cure.replace("See docs/problem.md, section 1.", "Compare with tiimi policy.")


def _refusal(code: str, path: Path, message: str, cure: str) -> InputError:
    return InputError([Issue(code, path.name, message, cure)])
