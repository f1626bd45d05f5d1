"""`tiimi propose`: from an input to a folder with a proposal, and a summary."""

from __future__ import annotations

import json
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from api import exit_codes, output, search
from api.commands.inputs import read_inputs
from api.conflicts import Explainer
from api.console import say, tell
from api.layout import heading, paragraph
from api.policy_file import written_policy
from api.progress import display_for
from api.summary import oddities, status_sentence, summary
from api.texts import Texts, plain
from api.view import View
from models.issues import InputError, Issue
from models.organisation import Organisation
from models.policy import Policy
from models.proposal import Proposal


def run(args: Namespace) -> int:
    """Make a proposal; the exit code says what became of it."""
    texts = Texts(args.language)
    organisation, policy = read_inputs(args.input, args.policy)
    folder = output.folder_for(args.input, args.out)
    output.refuse_unsuitable(folder)
    with search.stopped_by_signals() as stop:
        proposal = _search(organisation, policy, args, texts, stop)
        if proposal.status not in ("optimal", "feasible"):
            return _no_plan(proposal, Explainer(organisation, policy, texts), stop.is_set())
        view = View(organisation, policy, proposal)
        lines = list(summary(view, texts, stop.is_set()))
        try:
            folder = output.write(folder, _files(view, texts))
        except OSError as error:
            say(lines)
            raise _not_written(folder, error) from None
        say([*lines, *_where(folder, texts, stop.is_set())])
    return exit_codes.DONE


def _search(
    organisation: Organisation,
    policy: Policy,
    args: Namespace,
    texts: Texts,
    stop: threading.Event,
) -> Proposal:
    from optimizer import propose

    def make(progress: Callable[..., None], stop: threading.Event) -> Proposal:
        return propose(
            organisation,
            policy,
            time_limit=args.time_limit,
            workers=args.workers,
            seed=args.seed,
            progress=progress,
            stop=stop,
        )

    return search.run(make, display_for(policy, args.time_limit, texts), stop)


def _files(view: View, texts: Texts) -> dict[str, bytes]:
    from api.workbook import workbook_of

    files = {
        output.PROPOSAL: _json(view.proposal.to_dict()),
        output.ORGANISATION: _json(view.organisation.to_dict()),
        output.POLICY: written_policy(view.policy, texts).encode(),
    }
    return files | {output.WORKBOOK: workbook_of(view, texts, files)}


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _where(folder: Path, texts: Texts, stopped: bool) -> Iterator[str]:
    yield from heading(texts("section.files"))
    if stopped:
        yield from paragraph(texts("files.stopped"))
    yield "  " + plain(texts("files.in", folder=folder))
    wide = max(map(len, output.NAMES))
    for name in output.NAMES:
        yield f"  {name:{wide}}  {texts(f'file.{name}')}"


def _no_plan(proposal: Proposal, explainer: Explainer, stopped: bool) -> int:
    """Say why there is no plan; an older proposal stays as it is."""
    texts = explainer.texts
    say(_without_plan(proposal, explainer, stopped))
    tell(texts("files.nothing"))
    if proposal.status == "infeasible":
        return exit_codes.INFEASIBLE
    return exit_codes.NO_PLAN_IN_TIME


def _without_plan(proposal: Proposal, explainer: Explainer, stopped: bool) -> Iterator[str]:
    texts = explainer.texts
    yield status_sentence(proposal, texts, stopped)
    if proposal.conflicts:
        yield ""
        yield texts("section.conflicts")
        for name in proposal.conflicts:
            yield from paragraph(f"{name}: {explainer.sentence(name)}")
    yield from oddities(proposal, texts)


def _not_written(folder: Path, error: OSError) -> InputError:
    message = f"The proposal could not be written: {error.strerror or error}."
    cure = "It is shown above. Make room or choose another folder with --out, and run it again."
    return InputError([Issue("not_writable", str(folder), message, cure)])
