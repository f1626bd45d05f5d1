"""The options of `tiimi token` (docs/command-line.md)."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

ROLES = ("viewer", "planner", "approver", "admin")
"""As in `api.service.security`; that loads more than a list of options needs."""

_LONGEST_DAYS = 36_500


def add_actions(
    command: argparse.ArgumentParser, whole: Callable[[int, int], Callable[[str], int]]
) -> None:
    """Add what can be done with tokens; `whole` makes readers of whole numbers."""
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        action = actions.add_parser(name, help=text, description=text, allow_abbrev=False)
        action.add_argument(
            "--data",
            metavar="DIR",
            type=Path,
            help="folder of the embedded database (default: tiimi-data)",
        )
        return action

    create = add("create", "make a token and print it, this once")
    create.add_argument(
        "--owner", metavar="OWNER", required=True, help="whose data it is for, such as a city"
    )
    create.add_argument("--role", choices=ROLES, required=True, help="what its bearer may do")
    create.add_argument("--name", metavar="NAME", required=True, help="who bears it, for the audit")
    create.add_argument(
        "--days",
        metavar="N",
        type=whole(1, _LONGEST_DAYS),
        help="until it expires (default: it does not)",
    )
    add("list", "list all tokens, without what is secret of them")
    add("revoke", "end a token, at once").add_argument("id", metavar="ID", help="as listed")
