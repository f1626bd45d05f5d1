"""What several commands say in the end: where the files are, or why there is no plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from api import exit_codes
from api.conflicts import Explainer
from api.console import say, tell
from api.layout import heading, paragraph
from api.summary import oddities, status_sentence
from api.texts import Texts, plain
from api.ways_out import conflicts_told
from models.issues import InputError, Issue
from models.proposal import Proposal


def where(folder: Path, names: Sequence[str], texts: Texts, stopped: bool) -> Iterator[str]:
    """Which files were written where, and what they are."""
    yield from heading(texts("section.files"))
    if stopped:
        yield from paragraph(texts("files.stopped"))
    yield "  " + plain(texts("files.in", folder=folder))
    wide = max(map(len, names))
    for name in names:
        yield f"  {name:{wide}}  {texts(f'file.{name}')}"


def no_plan(proposal: Proposal, explainer: Explainer, stopped: bool) -> int:
    """Say why there is no plan; an older proposal stays as it is."""
    say(without_plan(proposal, explainer, stopped))
    tell(explainer.texts("files.nothing"))
    if proposal.status == "infeasible":
        return exit_codes.INFEASIBLE
    return exit_codes.NO_PLAN_IN_TIME


def without_plan(proposal: Proposal, explainer: Explainer, stopped: bool) -> Iterator[str]:
    """Why there is no plan, and what to give up so that there is one."""
    yield from paragraph(status_sentence(proposal, explainer.texts, stopped), indent=0)
    yield from conflicts_told(proposal, explainer)
    yield from oddities(proposal, explainer.texts)


def not_written(folder: Path, error: OSError) -> InputError:
    """What to say if the disk did not let the files be written."""
    message = f"The proposal could not be written: {error.strerror or error}."
    cure = "It is shown above. Make room or choose another folder with --out, and run it again."
    return InputError([Issue("not_writable", str(folder), message, cure)])
