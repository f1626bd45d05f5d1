"""Why there is no valid plan, and what to give up so that there is one, in words."""

from __future__ import annotations

from collections.abc import Iterator

from api.conflicts import Explainer
from api.layout import paragraph
from models.proposal import Proposal, Relaxation


def conflicts_told(proposal: Proposal, explainer: Explainer) -> Iterator[str]:
    """The conflicts of an infeasible proposal, then the ways out, a sentence for each rule."""
    texts = explainer.texts
    conflicts = proposal.minimal_conflicts or ((proposal.conflicts,) if proposal.conflicts else ())
    if conflicts == ((),):
        yield from paragraph(texts("conflict.no_team"))
        return
    for number, names in enumerate(conflicts):
        yield ""
        yield texts("conflicts.others" if number else "section.conflicts")
        yield from _rules(names, explainer)
    yield from _ways_out(proposal.relaxations, explainer)
    if proposal.minimal_conflicts:
        yield ""
        yield texts("conflicts.complete" if proposal.conflicts_complete else "conflicts.more")


def _ways_out(relaxations: tuple[Relaxation, ...], explainer: Explainer) -> Iterator[str]:
    if relaxations:
        yield ""
        yield explainer.texts("conflicts.ways_out")
    for number, relaxation in enumerate(relaxations, start=1):
        weight = relaxation.weight
        yield from paragraph(explainer.texts("conflicts.way_out", n=number, weight=weight))
        yield from _rules(relaxation.rules, explainer, indent=5)


def _rules(names: tuple[str, ...], explainer: Explainer, indent: int = 2) -> Iterator[str]:
    for name in names:
        yield from paragraph(f"{name}: {explainer.sentence(name)}", indent)
