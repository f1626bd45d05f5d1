"""Scenarios as files, TOML or JSON, and as options of the command line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from api.scenario_options import EXAMPLES, PATTERNS
from models.issues import InputError, Issue
from models.json_text import is_deeper, strictly_decoded
from models.reading import scenario_from
from models.scenario import Scenario
from models.tables.limits import content_of, refusal

MOST_BYTES = 1_000_000
"""No larger file is read."""


def read_scenarios(path: Path) -> list[Scenario]:
    """Read the scenarios of a ``.toml`` or ``.json`` file: one, or a list `scenarios`.

    Raises:
        InputError: with every issue of all of them.
    """
    data = _decoded(path)
    if isinstance(data, Mapping) and "scenarios" in data:
        rows = data["scenarios"]
        others = [key for key in data if key != "scenarios"]
        if others or not isinstance(rows, list) or not rows:
            cure = "Write a list 'scenarios' and nothing beside it, or one scenario."
            raise refusal("wrong_type", path.name, "This is no list of scenarios.", cure)
        places = [f"scenarios[{i}]" for i in range(len(rows))]
    else:
        rows, places = [data], [""]
    return _all_read(rows, [f"{path.name}, {p}" if p else path.name for p in places])


def _all_read(rows: Sequence[object], places: Sequence[str]) -> list[Scenario]:
    scenarios: list[Scenario] = []
    issues: list[Issue] = []
    for row, place in zip(rows, places, strict=True):
        try:
            scenarios.append(scenario_from(row, place))
        except InputError as error:
            issues += error.issues
    if issues:
        raise InputError(issues)
    return scenarios


def _decoded(path: Path) -> Any:
    kind = path.suffix.casefold()
    if kind not in (".toml", ".json"):
        cure = "See docs/what-if.md for how to write one."
        raise refusal("unknown_form", path.name, "A scenario is a .toml or .json file.", cure)
    content = content_of(path)
    if len(content) > MOST_BYTES:
        raise refusal("too_large", path.name, "It is too large for a scenario.", "Split it.")
    if kind == ".json":
        return strictly_decoded(content, path.name)
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise refusal("bad_encoding", path.name, "It is not UTF-8.", "Save it as UTF-8.") from None
    except (ValueError, RecursionError) as error:
        message = f"It is not TOML: {error}."
        raise refusal("bad_toml", path.name, message, "Mend it there.") from None
    if is_deeper(data):
        cure = "Check its brackets."
        raise refusal("too_deep", path.name, "Too many levels of nesting.", cure)
    return _plain(data)


def _plain(value: Any) -> Any:
    """Days of TOML as JSON has them."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def scenario_of(given: Mapping[str, Sequence[str]], effective: date, name: str) -> Scenario:
    """A scenario from options of the command line.

    Args:
        given: by kind of event, the texts that were given.
        effective: the day from which on the plan may change.
        name: of the scenario.

    Raises:
        InputError: with every issue found.
    """
    issues: list[Issue] = []
    events: list[dict[str, object]] = []
    places: list[str] = []
    for kind, texts in given.items():
        pattern, shown = PATTERNS[kind]
        option = "--" + kind.replace("_", "-")
        for text in texts:
            found = re.fullmatch(pattern, text)
            if found is None:
                message = f"{text!r} is not written like {shown}."
                cure = f"For example: {option} {EXAMPLES[kind]}"
                issues.append(Issue("bad_option", option, message, cure))
                continue
            whole: Callable[[str], bool] = ("level", "people").__contains__
            values = {k: int(v[:9]) if whole(k) else v for k, v in found.groupdict().items()}
            events.append({"kind": kind, **values})
            places.append(f"{option} {text}")
    row = {"name": name, "effective": effective.isoformat(), "events": events}
    try:
        scenario = scenario_from(row)
    except InputError as error:
        issues += at_options(error.issues, places)
    if issues:
        raise InputError(issues)
    return scenario


def readable(given: Mapping[str, Sequence[str]], effective: date) -> dict[str, list[str]]:
    """Of the options of the command line those that can be read, each by itself."""

    def reads(kind: str, text: str) -> bool:
        try:
            scenario_of({kind: [text]}, effective, "")
        except InputError:
            return False
        return True

    return {kind: [text for text in texts if reads(kind, text)] for kind, texts in given.items()}


def option_places(given: Mapping[str, Sequence[str]]) -> list[str]:
    """The options that gave a scenario's events, in their order."""
    return [f"--{kind.replace('_', '-')} {text}" for kind, texts in given.items() for text in texts]


def at_options(issues: Sequence[Issue], places: Sequence[str]) -> list[Issue]:
    """Issues with the option in place of the number of an event."""
    renamed = []
    for issue in issues:
        found = re.match(r"events\[(\d+)\]", issue.place)
        place = places[int(found[1])] if found else issue.place
        renamed.append(Issue(issue.code, place, issue.message, issue.cure))
    return renamed
