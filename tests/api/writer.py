"""Writes one of two proposals over the other until it is killed; for tests of that.

Each line on stdin asks for one more process that does so. It says its number on stdout when it
has begun; to make the proposals takes far longer than to write them, and is done once.
"""

import os
import sys
from itertools import count
from pathlib import Path

from api import output
from api.commands.propose import _files
from api.texts import Texts
from api.view import View
from models import Policy
from tests.api.office import office, office_proposal

policies = [Policy(), Policy(max_tasks=9)]
both = [_files(View(office(), p, office_proposal(office(), p)), Texts()) for p in policies]


def write() -> None:
    for number in count():
        output.write(Path("out"), both[number % 2])
        if number == 1:
            os.write(1, f"{os.getpid()}\n".encode())


for _ in sys.stdin:
    if process := os.fork():
        os.waitpid(process, 0)
        os.write(1, b"over\n")
    else:
        write()
