"""`tiimi` with a search that takes until it is stopped; for tests of signals.

Says "searching" on stdout once it searches. With `stubborn` it does not stop.
"""

import os
import sys
import threading
from typing import Any

import optimizer
from api.main import main
from models import Organisation, Policy, Proposal
from tests.api.office import office_failure, office_proposal


def propose(organisation: Organisation, policy: Policy, **options: Any) -> Proposal:
    stop: threading.Event = options["stop"]
    os.write(1, b"searching\n")
    stop.wait(60)
    if how == "stubborn":
        threading.Event().wait(60)
    if how == "empty":
        return office_failure(organisation, "unknown")
    return office_proposal(organisation, policy, status="feasible")


how = sys.argv[1]
vars(optimizer)["propose"] = propose
sys.exit(main(sys.argv[2:]))
