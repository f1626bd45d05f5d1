"""`tiimi propose`: from an input to a folder with a proposal, and a summary."""

from __future__ import annotations

import threading
from argparse import Namespace
from collections.abc import Callable

from api import exit_codes, output, search
from api.commands.inputs import read_inputs
from api.conflicts import Explainer
from api.console import say
from api.outcome import no_plan, not_written, where
from api.policy_file import written_policy
from api.progress import display_for
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
        if proposal.status not in ("optimal", "feasible"):
            return no_plan(proposal, Explainer(organisation, policy, texts), stop.is_set())
        view = View(organisation, policy, proposal)
        lines = list(summary(view, texts, stop.is_set()))
        try:
            folder = output.write(folder, _files(view, texts))
        except OSError as error:
            say(lines)
            raise not_written(folder, error) from None
        say([*lines, *where(folder, output.NAMES, texts, stop.is_set())])
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
        output.PROPOSAL: output.json_bytes(view.proposal.to_dict()),
        output.ORGANISATION: output.json_bytes(view.organisation.to_dict()),
        output.POLICY: written_policy(view.policy, texts).encode(),
    }
    return files | {output.WORKBOOK: workbook_of(view, texts, files)}
