"""The folder of an accepted proposal, as the base of questions about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.output import DIFFERENCE, ORGANISATION, POLICY, PROPOSAL
from api.policy_file import read_policy
from models.carrying import keeping
from models.evaluation import evaluate
from models.files import settle_folder
from models.issues import InputError, Issue
from models.organisation import Organisation
from models.policy import Policy
from models.proposal import Proposal

_MOST_TOLD = 5
"""Broken rules of a plan, or rules in conflict, that are named; `tiimi check` tells all."""


@dataclass(frozen=True)
class BaseFolder:
    """What `tiimi propose` or `tiimi whatif` wrote into a folder.

    Attributes:
        policy: the working group's.
        solved_policy: the one its levels are of: of a what-if, with the level `keep`.
        held_before: of a what-if, who holds each task in Before; else empty.
        of_what_if: of a what-if, what its folder's ``difference.json`` says; else None.
        erased: whether somebody was taken out of it since: its figures and proofs are of before.
    """

    organisation: Organisation
    policy: Policy
    proposal: Proposal
    solved_policy: Policy
    held_before: dict[str, frozenset[str]]
    of_what_if: dict[str, Any] | None = None
    erased: bool = False


def read_base(folder: Path) -> BaseFolder:
    """Read a folder with a valid plan.

    Raises:
        InputError: with every issue found, also if the plan is not valid for the input.
    """
    # What reads tables takes a while to load; who makes pages of a proposal reads none.
    from api.plan_reading import json_of, validated
    from models.tables import read_organisation
    from models.tables.limits import refusal

    settle_folder(folder)
    if not folder.is_dir():
        cure = "Name a folder that tiimi propose wrote."
        raise refusal("not_found", str(folder), "There is no such folder.", cure)
    for name in (ORGANISATION, POLICY, PROPOSAL):
        if not (folder / name).is_file():
            cure = "Name a folder that tiimi propose wrote, with all its files."
            raise refusal("not_found", str(folder), f"It holds no {name}.", cure)
    policy = read_policy(folder / POLICY)
    organisation = read_organisation(folder / ORGANISATION, policy)
    proposal: Proposal = validated(Proposal, json_of(folder / PROPOSAL), PROPOSAL)
    held: dict[str, frozenset[str]] = {}
    solved = policy
    data = json_of(folder / DIFFERENCE) if (folder / DIFFERENCE).is_file() else None
    if data is not None:
        held, solved = of_what_if(folder / DIFFERENCE, policy)
    if proposal.status in ("infeasible", "unknown"):
        raise InputError([_without_plan(proposal)])
    evaluation = evaluate(organisation, solved, proposal.plan, held)
    if not evaluation.is_valid:
        broken = "; ".join(v.message.rstrip(".") for v in evaluation.violations[:_MOST_TOLD])
        message = f"Its plan is not valid for its organisation: {broken}."
        raise InputError(
            [Issue("no_valid_plan", PROPOSAL, message, "See tiimi check; propose it again.")]
        )
    claimed = [(level.level, level.value) for level in proposal.levels]
    if claimed != [(level.name, evaluation.value(level)) for level in solved.levels]:
        message = f"Its levels do not cost what {ORGANISATION} and {POLICY} say."
        cure = "Put back the files as tiimi wrote them, or propose it again."
        raise InputError([Issue("changed_by_hand", PROPOSAL, message, cure)])
    return BaseFolder(organisation, policy, proposal, solved, held, data)


def _without_plan(proposal: Proposal) -> Issue:
    """Why nothing can be asked about a proposal without a plan, and what to do about it."""
    message = "This proposal has no plan"
    if rules := proposal.conflicts:
        told = ", ".join(rules[:_MOST_TOLD]) + (", …" if len(rules) > _MOST_TOLD else "")
        message += f": not all of these rules can hold together: {told}"
    cure = "Give up one of them, or more: tiimi propose tells all ways out. Then propose it again."
    return Issue("no_plan", PROPOSAL, f"{message}.", cure)


def of_what_if(path: Path, policy: Policy) -> tuple[dict[str, frozenset[str]], Policy]:
    """Who held what before, and the policy with the level `keep`, of a what-if's folder.

    Raises:
        InputError: if the file is not one that tiimi whatif wrote.
    """
    from api.plan_reading import json_of
    from models.tables.limits import refusal

    data = json_of(path)
    try:
        held = {str(q): frozenset(map(str, e)) for q, e in data["held_before"].items()}
        return held, keeping(policy, last=data["allow_moves"] is not None)
    except (KeyError, TypeError, AttributeError):
        cure = "Use the file that tiimi whatif wrote."
        raise refusal("bad_json", path.name, "It is no difference of a what-if.", cure) from None
