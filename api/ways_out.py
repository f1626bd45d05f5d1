"""Why there is no valid plan, and what to give up so that there is one, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    choices = _choices(conflicts, proposal.relaxations) if proposal.conflicts_complete else []
    if len(choices) > 1 and sum(map(len, choices)) < len(proposal.relaxations):
        yield from _by_conflict(choices, explainer)
    else:
        yield from _ways_out(proposal.relaxations, explainer)
    if proposal.minimal_conflicts:
        yield ""
        yield texts("conflicts.complete" if proposal.conflicts_complete else "conflicts.more")


def independent(conflicts: Sequence[Sequence[str]]) -> list[frozenset[str]]:
    """The rules of conflicts, in groups that have no rule in common; in their order."""
    groups: list[frozenset[str]] = []
    for names in conflicts:
        touched = [group for group in groups if not group.isdisjoint(names)]
        merged = frozenset(names).union(*touched)
        kept = [group for group in groups if group not in touched]
        at = groups.index(touched[0]) if touched else len(kept)
        groups = [*kept[:at], merged, *kept[at:]]
    return groups


def _choices(
    conflicts: Sequence[Sequence[str]], relaxations: Sequence[Relaxation]
) -> list[list[tuple[str, ...]]]:
    """For each group of conflicts that shares no rule with others, all ways out of it alone.

    A way out of all of them is one of each, if all conflicts are known: their sum tells what
    their product has.
    """
    return [
        list(dict.fromkeys(tuple(n for n in r.rules if n in group) for r in relaxations))
        for group in independent(conflicts)
    ]


def _by_conflict(
    choices: Sequence[Sequence[tuple[str, ...]]], explainer: Explainer
) -> Iterator[str]:
    texts = explainer.texts
    yield ""
    yield from paragraph(texts("conflicts.independent", n=len(choices)), indent=0)
    for number, ways in enumerate(choices, start=1):
        yield texts("conflicts.one_of", n=number)
        for rules in sorted(ways, key=explainer.weight):
            weight = explainer.weight(rules)
            yield from paragraph(texts("conflicts.give_up", weight=weight), indent=2)
            yield from _rules(rules, explainer, indent=4)


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
