"""What is made of a stored proposal to be read: its risk, its report, the page of one person.

`python -m api.service.documents` makes one, in a process of its own (`api.service.making`): what is
wanted comes as a line of JSON, the document goes to stdout. It reads no database and writes no
file, and ends when whoever asked is gone. What draws and prints is loaded here, not in the server.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from api.base import BaseFolder
from api.service.answers import held_before_of, organisation_of, proposal_of, solved_policy_of
from api.service.mistakes import place
from models.facts import Facts
from models.issues import InputError
from models.reading import organisation_from, policy_from

MADE, FAILED, REFUSED = 0, 1, 2
"""How the process ends; then its output is the document, a word of the mistake, or the issues."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document, and everything that it is made from, as it is stored.

    Attributes:
        what: one of `DOCUMENTS`.
        content: the organisation that the lineage began with.
        proposal: of its job what `Proposed` has; None: of the organisation alone.
        as_pdf: not as HTML.
        language: of texts.
        person: whose page it is.
    """

    what: str
    content: dict[str, Any]
    proposal: dict[str, Any] | None = None
    as_pdf: bool = False
    language: str = "en"
    person: str = ""

    def line(self) -> bytes:
        """It as a line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Proposed:
    """Of a proposal's job, what says what it proposes."""

    kind: str
    request: dict[str, Any]
    policy: dict[str, Any]
    result: dict[str, Any]
    erased: bool


def made(wanted: Wanted) -> bytes:
    """The document.

    Raises:
        InputError: if it cannot be made here, or of nobody; it says why.
    """
    return DOCUMENTS[wanted.what](wanted)


def _risk(wanted: Wanted) -> bytes:
    from optimizer.risk import risk_of

    if wanted.proposal is None:
        facts, plan = Facts(organisation_from(wanted.content), policy_from({})), None
    else:
        base = _base(wanted)
        facts = Facts(base.organisation, base.solved_policy, base.held_before)
        plan = base.proposal.plan
    found = risk_of(facts, plan).to_dict()
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _report(wanted: Wanted) -> bytes:
    from api.report import report_html

    return _in_form(report_html(_base(wanted), wanted.language), wanted)


def _sheet(wanted: Wanted) -> bytes:
    from api.report import sheet_html

    return _in_form(sheet_html(_base(wanted), wanted.person, wanted.language), wanted)


DOCUMENTS: dict[str, Callable[[Wanted], bytes]] = {
    "risk": _risk,
    "report": _report,
    "sheet": _sheet,
}
"""By name, what makes it."""


def _in_form(page: str, wanted: Wanted) -> bytes:
    from api.report import pdf_of

    return pdf_of(page) if wanted.as_pdf else page.encode()


def _base(wanted: Wanted) -> BaseFolder:
    """A proposal as the command line has it in a folder."""
    job = Proposed(**(wanted.proposal or {}))
    return BaseFolder(
        organisation_of(job, wanted.content),
        policy_from(job.policy),
        proposal_of(job),
        solved_policy_of(job),
        held_before_of(job),
        _of_what_if(job),
        erased=job.erased,
    )


def _of_what_if(job: Proposed) -> dict[str, Any] | None:
    """What ``difference.json`` says of a what-if."""
    if job.kind != "what_if":
        return None
    goals = [goal for level in proposal_of(job).levels for goal in level.goals]
    return {
        "scenario": job.request["scenario"],
        "allow_moves": job.request["allow_moves"],
        "moves": sum(goal.cost for goal in goals if goal.goal == "team_changes"),
        "difference": job.result["difference"],
    }


def main() -> int:
    """Make what stdin asks for; nothing else is ever written to stdout or stderr."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with open(os.devnull, "wb") as nowhere:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere.fileno(), stream.fileno())
    with suppress(OSError):
        # Where memory runs out, this is what ends: not the server, not a solve.
        Path("/proc/self/oom_score_adj").write_text("1000")
    wanted = Wanted(**json.loads(sys.stdin.buffer.readline()))
    threading.Thread(target=_end_with_who_asked, daemon=True).start()
    answer, code = _answer(wanted)
    with out:
        out.write(answer)
    return code


def _answer(wanted: Wanted) -> tuple[bytes, int]:
    try:
        return made(wanted), MADE
    except InputError as error:
        return json.dumps([asdict(issue) for issue in error.issues]).encode(), REFUSED
    except Exception as error:
        return f"{type(error).__name__}{place(error)}".encode(), FAILED


def _end_with_who_asked() -> None:
    """They keep stdin open for as long as they wait."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(FAILED)


if __name__ == "__main__":
    sys.exit(main())
