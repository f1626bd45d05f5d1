"""`tiimi policy`: the default policy as a file to edit."""

from __future__ import annotations

from argparse import Namespace

from api import exit_codes
from api.console import say_file
from api.policy_file import written_policy
from api.texts import Texts
from models.policy import Policy


def run(args: Namespace) -> int:
    """Print the default policy."""
    say_file(written_policy(Policy(), Texts(args.language)).splitlines())
    return exit_codes.DONE
