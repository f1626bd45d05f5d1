"""The commands of `tiimi` and their options (docs/command-line.md)."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from api.scenario_options import OPTIONS
from api.texts import LANGUAGES
from api.token_options import add_actions

_LONGEST = 7 * 24 * 3600
_LARGEST_SEED = 2**31 - 1
_MOST_WORKERS = 1000
_MOST_PEOPLE = 1_000_000
_MOST_CONFLICTS = 10_000

_EXITS = """exit codes:
  0  done: there is a plan, or it is valid
  1  a mistake of tiimi's own
  2  bad input: every issue is told on stderr
  3  no valid plan exists, or the plan checked is not valid
  4  no plan was found in time
"""
_INPUT = "the organisation: a folder of CSV files, a workbook (.xlsx) or a .json file"
_BASE = "a folder that tiimi propose or tiimi whatif wrote"
_EVENTS = {
    "leaves": "somebody's departure; replaces what was known before",
    "stays": "somebody does not leave after all",
    "absent": "somebody is away, from START on, back on END",
    "learns": "somebody has the skill at this level from now on",
    "task_ends": "the task exists no longer from DATE on",
    "demand": "the team wants so many people from FROM on",
    "drop_rule": "a rule that no longer holds",
}
_POLICY = "what counts and how much, .toml or .json; see tiimi policy (default: the default policy)"


def parser() -> argparse.ArgumentParser:
    """The parser; its result has `command` and what that needs."""
    top = argparse.ArgumentParser(
        prog="tiimi",
        description="Plans teams, duties and substitutes of an organisation, and explains it.",
        epilog=_EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, allow_abbrev=False)

    _propose(add("propose", "propose who goes where, leads, holds and substitutes"))
    _whatif(add("whatif", "what changes least when somebody leaves, joins, learns or is away"))
    _why(add("why", "why not so? a wish forced, and what it would cost"))
    _alternatives(add("alternatives", "other plans that are as good, to choose from"))
    _compare(add("compare", "scenarios, or folders with proposals, side by side"))
    _report(add("report", "a proposal as a page to read, mail and print; also as PDF"))
    _sheet(add("sheet", "one person's page: what is proposed for them, why, how to object"))
    _check(add("check", "check a plan, also one changed by hand: is it valid, what does it cost?"))
    _language(add("policy", "print the default policy, to be edited"))
    convert = add("convert", "write an organisation in another form")
    convert.add_argument("input", metavar="IN", type=Path, help=_INPUT)
    convert.add_argument("output", metavar="OUT", type=Path, help="a folder, .xlsx or .json, new")
    _serve(add("serve", "serve all of this over HTTP, for programs and for the planning page"))
    add_actions(add("token", "tokens for the service: make, list or revoke them"), _whole)
    template = add("template", "write an empty workbook to fill in")
    template.add_argument("output", metavar="OUT.xlsx", type=Path, help="a new workbook")
    return top


def _propose(command: argparse.ArgumentParser) -> None:
    command.add_argument("input", metavar="IN", type=Path, help=_INPUT)
    command.add_argument("--policy", metavar="FILE", type=Path, help=_POLICY)
    command.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="folder for the proposal (default: named after IN, in the current folder)",
    )
    command.add_argument(
        "--conflicts",
        metavar="N",
        type=_whole(1, _MOST_CONFLICTS),
        default=10,
        help="if no plan exists: conflicts, and ways out, to find at most (default: 10)",
    )
    _search(command)


def _search(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--time-limit",
        metavar="SECONDS",
        type=_seconds,
        default=60.0,
        help="seconds to search at most; the best plan so far is the answer (default: 60)",
    )
    command.add_argument(
        "--workers",
        metavar="N",
        type=_whole(1, _MOST_WORKERS),
        help="threads of the solver (default: one per processor)",
    )
    command.add_argument(
        "--seed",
        metavar="N",
        type=_whole(0, _LARGEST_SEED),
        default=0,
        help="of the solver's random choices (default: 0)",
    )
    _language(command)


def _whatif(command: argparse.ArgumentParser) -> None:
    command.add_argument("base", metavar="BASE_DIR", type=Path, help=_BASE)
    command.add_argument(
        "--scenario", metavar="FILE", type=Path, help="one scenario, .toml or .json"
    )
    command.add_argument(
        "--effective",
        metavar="DATE",
        type=_day,
        help="from which day on the plan may change (default: from its first day)",
    )
    for kind, shown in OPTIONS.items():
        command.add_argument(
            f"--{kind.replace('_', '-')}", metavar=shown, action="append", help=_EVENTS[kind]
        )
    command.add_argument(
        "--allow-moves",
        metavar="K",
        type=_whole(0, _MOST_PEOPLE),
        help="the best plan with at most K people moved, instead of the fewest changes",
    )
    command.add_argument(
        "--frontier",
        action="store_true",
        help="show what every further person moved would improve; writes nothing",
    )
    command.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="folder for the answer (default: named after BASE_DIR, in the current folder)",
    )
    _search(command)


def _why(command: argparse.ArgumentParser) -> None:
    command.add_argument("base", metavar="BASE_DIR", type=Path, help=_BASE)
    command.add_argument("subject", metavar="ID", help="a person, a task or a team")
    command.add_argument("--team", metavar="TEAM", help="of a person: in this team")
    command.add_argument("--substitute", metavar="PERSON", help="of a person: substituted by")
    command.add_argument("--holder", metavar="PERSON", help="of a task: held by")
    command.add_argument("--leader", metavar="PERSON", help="of a team: led by")
    command.add_argument("--out", metavar="FILE.json", type=Path, help="the answer for programs")
    _search(command)


def _alternatives(command: argparse.ArgumentParser) -> None:
    command.add_argument("base", metavar="BASE_DIR", type=Path, help=_BASE)
    command.add_argument(
        "--count", metavar="N", type=_whole(1, 100), default=5, help="at most so many (default: 5)"
    )
    command.add_argument(
        "--distance",
        metavar="D",
        type=_whole(1, _MOST_PEOPLE),
        default=1,
        help="people at least that each places differently from all others (default: 1)",
    )
    command.add_argument("--level", metavar="LEVEL", help="a level that may be worse by --loss")
    command.add_argument(
        "--loss", metavar="POINTS", type=_whole(0, 10**9), default=0, help="of --level"
    )
    command.add_argument("--out", metavar="DIR", type=Path, help="a folder for each: DIR/1, DIR/2")
    _search(command)


def _compare(command: argparse.ArgumentParser) -> None:
    command.add_argument("bases", metavar="DIR", nargs="+", type=Path, help=_BASE)
    command.add_argument(
        "--scenario", metavar="FILE", type=Path, help="solve these scenarios of the one DIR first"
    )
    command.add_argument(
        "--out", metavar="FILE", type=Path, help="FILE.json and FILE.xlsx with the table"
    )
    _search(command)


def _report(command: argparse.ArgumentParser) -> None:
    command.add_argument("base", metavar="DIR", type=Path, help=_BASE)
    command.add_argument(
        "--out",
        metavar="FILE.html",
        type=Path,
        help="the page, new (default: named after DIR and the language, in the current folder)",
    )
    command.add_argument("--pdf", action="store_true", help="also the same as PDF, beside it")
    _language(command)


def _sheet(command: argparse.ArgumentParser) -> None:
    command.add_argument("base", metavar="DIR", type=Path, help=_BASE)
    command.add_argument("employee", metavar="EMPLOYEE", help="whose page it is")
    command.add_argument(
        "--out",
        metavar="FILE.html",
        type=Path,
        help="the page, new (default: named after DIR, EMPLOYEE and the language)",
    )
    _language(command)


def _check(command: argparse.ArgumentParser) -> None:
    command.add_argument("input", metavar="IN", type=Path, help=_INPUT)
    command.add_argument(
        "plan",
        metavar="PROPOSAL",
        type=Path,
        help="proposal.json, a proposal.xlsx changed by hand, or the folder they are in",
    )
    command.add_argument(
        "--policy",
        metavar="FILE",
        type=Path,
        help="the policy, .toml or .json (default: the policy.toml beside PROPOSAL, if any)",
    )
    _language(command)


def _serve(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--host", metavar="ADDRESS", help="where it listens (default: this machine alone)"
    )
    command.add_argument(
        "--port",
        metavar="N",
        type=_whole(0, 65535),
        help="its port; 0 for any that is free (default: 8080)",
    )
    command.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        help="folder of the embedded database (default: tiimi-data)",
    )


def _language(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--language", choices=LANGUAGES, default="en", help="of what is shown (default: en)"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day, as 2018-09-01") from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text.replace(",", "."))
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= _LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds up to {_LONGEST}")
    return seconds


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text[:20]) <= most):
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a whole number from {least} to {most}"
            )
        return int(text)

    return read


class _Version(argparse.Action):
    """Shows the version; looked up only when it is asked for."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Print it and exit."""
        print(f"tiimi {version('tiimi')}")
        parser.exit()
