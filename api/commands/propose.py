"""`tiimi propose`: from an input to a folder with a proposal, and a summary."""

from __future__ import annotations

import threading
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from api import exit_codes, output, search
from api.base import BaseFolder
from api.commands.inputs import read_inputs
from api.conflicts import Explainer
from api.console import say
from api.outcome import no_plan, not_written, where, without_plan
from api.policy_file import written_policy
from api.progress import display_for
from api.seal import sealed_text
from api.summary import summary
from api.texts import Texts
from api.view import View
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
        if proposal.status in ("optimal", "feasible"):
            view = View(organisation, policy, proposal)
            lines = list(summary(view, texts, stop.is_set()))
            _write(folder, _files(view, texts), lines, texts, stop.is_set())
            return exit_codes.DONE
        explainer = Explainer(organisation, policy, texts)
        if proposal.status == "unknown" or output.holds_plan(folder):
            return no_plan(proposal, explainer, stop.is_set())
        lines = list(without_plan(proposal, explainer, stop.is_set()))
        files = _texts_of(organisation, policy, proposal, texts)
        _write(folder, _sealed(files), lines, texts)
    return exit_codes.INFEASIBLE


def _write(
    folder: Path, files: dict[str, bytes], lines: list[str], texts: Texts, stopped: bool = False
) -> None:
    """Write the files, and say what is to be said, also if they cannot be written."""
    try:
        folder = output.write(folder, files)
    except OSError as error:
        say(lines)
        raise not_written(folder, error) from None
    names = [name for name in output.NAMES if name in files]
    say([*lines, *where(folder, names, texts, stopped)])


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
            conflicts=args.conflicts,
        )

    return search.run(make, display_for(policy, args.time_limit, texts), stop)


def _files(view: View, texts: Texts) -> dict[str, bytes]:
    from api.report import report_html
    from api.workbook import workbook_of

    base = BaseFolder(view.organisation, view.policy, view.proposal, view.policy, {})
    files = _texts_of(view.organisation, view.policy, view.proposal, texts)
    files[output.REPORT] = report_html(base, texts.language).encode()
    return files | {output.WORKBOOK: workbook_of(view, texts, files)}


def _texts_of(
    organisation: Organisation, policy: Policy, proposal: Proposal, texts: Texts
) -> dict[str, bytes]:
    return {
        output.PROPOSAL: output.json_bytes(proposal.to_dict()),
        output.ORGANISATION: output.json_bytes(organisation.to_dict()),
        output.POLICY: written_policy(policy, texts).encode(),
    }


def _sealed(files: dict[str, bytes]) -> dict[str, bytes]:
    """Without a workbook, the policy tells whether the files were changed since."""
    others = {name: content for name, content in files.items() if name != output.POLICY}
    policy = sealed_text(files[output.POLICY], others, output.POLICY)
    return others | {output.POLICY: policy}
