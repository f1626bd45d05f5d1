"""The command line's way in: which command, and what its exit code says.

This module loads next to nothing: until `main` runs, Ctrl-C shows a traceback.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from api import exit_codes
from api.interruption import end_quietly_while_loading

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run `tiimi`; no traceback reaches a user unless TIIMI_DEBUG=1 asks for it.

    Returns:
        The exit code (docs/command-line.md).
    """
    try:
        end_quietly_while_loading()
        from api.console import make_tolerant

        make_tolerant()
        return _run(argv)
    except KeyboardInterrupt:
        from api.console import tell

        tell("Interrupted.")
        return exit_codes.INTERRUPTED
    except Exception as error:
        return _failed(error)


def _run(argv: Sequence[str] | None) -> int:
    from api.console import say
    from api.parser import parser

    try:
        args = parser().parse_args(argv)
    except SystemExit as end:
        # Wanted help or version, or a usage error, which has been told.
        say([])
        return int(end.code or 0)
    return _command(args)


def _command(args: Namespace) -> int:
    """Each command loads what it needs, and no more."""
    match args.command:
        case "propose":
            from api.commands import propose

            return propose.run(args)
        case "whatif":
            from api.commands import whatif

            return whatif.run(args)
        case "why":
            from api.commands import why

            return why.run(args)
        case "alternatives":
            from api.commands import alternatives

            return alternatives.run(args)
        case "compare":
            from api.commands import compare

            return compare.run(args)
        case "check":
            from api.commands import check

            return check.run(args)
        case "report":
            from api.commands import report

            return report.run(args)
        case "sheet":
            from api.commands import report

            return report.run_sheet(args)
        case "policy":
            from api.commands import policy

            return policy.run(args)
        case "convert":
            from api.commands import convert

            return convert.run(args)
        case "serve":
            from api.commands import serve

            return serve.run(args)
        case "token":
            from api.commands import token

            return token.run(args)
        case "template":
            from api.commands import convert

            return convert.run_template(args)
    raise AssertionError(f"no command {args.command}")


def _failed(error: Exception) -> int:
    """Tell what went wrong, and whose matter it is."""
    import traceback

    from api.console import tell, tell_issues
    from models.issues import InputError

    if isinstance(error, InputError):
        tell_issues(error.issues)
        return exit_codes.BAD_INPUT
    if _wants_traceback():
        tell(*"".join(traceback.format_exception(error)).splitlines())
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        tell(f"{where}{error.strerror}. [not_possible]")
        return exit_codes.BAD_INPUT
    _tell_our_mistake(error)
    return exit_codes.OUR_MISTAKE


def _wants_traceback() -> bool:
    return os.environ.get("TIIMI_DEBUG") == "1"


def _tell_our_mistake(error: Exception) -> None:
    """What somebody can report without a word about the people in the input."""
    import traceback
    from importlib.metadata import version
    from pathlib import Path

    from api.console import tell

    steps = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(steps[-1].filename).name}, line {steps[-1].lineno}" if steps else ""
    tell(
        "THIS IS A MISTAKE OF TIIMI'S OWN, not of your input. Nothing was written.",
        f"{type(error).__name__}{place}; tiimi {version('tiimi')},"
        f" Python {sys.version.split()[0]}, {sys.platform}",
        "Please report the two lines above and the command to those who maintain tiimi."
        " With TIIMI_DEBUG=1 it",
        "shows more: read that before you pass it on, it may name people of the input.",
    )


if __name__ == "__main__":
    sys.exit(main())
