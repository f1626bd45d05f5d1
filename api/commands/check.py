"""`tiimi check`: is a plan valid, and what does it cost? Works without the solver."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from api import exit_codes
from api.base import of_what_if
from api.commands.inputs import read_inputs
from api.conflicts import Explainer
from api.console import say
from api.layout import Cell, heading, paragraph, table
from api.output import DIFFERENCE
from api.plan_reading import Claimed, file_of, policy_beside, read_plan
from api.texts import Texts, plain
from models.evaluation import Evaluation, evaluate_facts
from models.policy import GOAL_NAMES, Policy


def run(args: Namespace) -> int:
    """Check a plan; the exit code says whether it is valid."""
    texts = Texts(args.language)
    file = file_of(args.plan)
    policy_file: Path | None = args.policy or policy_beside(file)
    organisation, policy = read_inputs(args.input, policy_file)
    held: dict[str, frozenset[str]] = {}
    if (file.parent / DIFFERENCE).is_file():
        held, policy = of_what_if(file.parent / DIFFERENCE, policy)
    explainer = Explainer(organisation, policy, texts, held)
    claimed = read_plan(file, explainer.facts)
    evaluation = evaluate_facts(explainer.facts, claimed.plan)
    say(
        [
            *_about(policy_file, texts),
            *_notes(claimed, explainer),
            *_rules(evaluation, explainer),
            *_costs(evaluation, claimed, policy, texts),
        ]
    )
    return exit_codes.DONE if evaluation.is_valid else exit_codes.INFEASIBLE


def _about(policy_file: Path | None, texts: Texts) -> Iterator[str]:
    if policy_file is None:
        yield texts("check.policy_default")
    else:
        yield plain(texts("check.policy", file=policy_file))


def _notes(claimed: Claimed, explainer: Explainer) -> Iterator[str]:
    """What else is to be said of the plan as it was handed in."""
    texts = explainer.texts
    if claimed.input_sha256 not in (None, explainer.facts.organisation.sha256()):
        yield texts("check.other_input")
    if claimed.policy_sha256 not in (None, explainer.policy.sha256()):
        yield texts("check.other_policy")
    if claimed.status not in (None, "optimal", "feasible"):
        yield texts("check.no_plan", status=texts(f"level_status.{claimed.status}"))
    for pair in claimed.corrected:
        yield plain(
            texts(
                "check.fit",
                substitute=pair.substitute,
                principal=pair.principal,
                fit=pair.fit,
                said=pair.said,
            )
        )


def _rules(evaluation: Evaluation, explainer: Explainer) -> Iterator[str]:
    """Every rule that is broken, with what it asks for and how it is broken."""
    texts = explainer.texts
    yield ""
    if evaluation.is_valid:
        yield texts("check.valid")
        return
    broken: dict[str, list[str]] = {}
    for violation in evaluation.violations:
        broken.setdefault(violation.rule, []).append(texts.broken(violation.message))
    yield texts("check.invalid", rules=texts.count("rule", len(broken)))
    for rule, messages in broken.items():
        yield from paragraph(f"{rule}: {explainer.sentence(rule) or ''}".rstrip(": "))
        for message in messages:
            yield from paragraph(message, indent=4)


def _costs(evaluation: Evaluation, claimed: Claimed, policy: Policy, texts: Texts) -> Iterator[str]:
    """What every goal costs, against what is claimed."""
    yield from heading(texts("check.goals"))
    weights = policy.weights()
    rows = [
        _goal(level, goal, weights.get(goal, 0), evaluation.costs[goal], claimed, texts)
        for level, goal in _by_level(policy, texts)
    ]
    columns = ("level", "goal", "weight", "claimed", "found", "difference")
    yield from table([texts(f"column.{c}") for c in columns], rows)
    yield ""
    yield from _verdict(evaluation, claimed, texts)


def _by_level(policy: Policy, texts: Texts) -> Iterator[tuple[str, str]]:
    """All goals with their levels, in the policy's order; then those that count in none."""
    listed = [(texts.level(level.name), goal) for level in policy.levels for goal in level.goals]
    yield from listed
    counted = {goal for _, goal in listed}
    yield from ((texts("note.off"), goal) for goal in GOAL_NAMES if goal not in counted)


def _goal(
    level: str, goal: str, weight: int, cost: int, claimed: Claimed, texts: Texts
) -> list[Cell]:
    said = claimed.costs.get(goal)
    difference = "" if said is None else texts("check.same")
    if said not in (None, cost):
        difference = f"{cost - (said or 0):+d}"
    return [level, goal, weight, said, cost, difference]


def _verdict(evaluation: Evaluation, claimed: Claimed, texts: Texts) -> Iterator[str]:
    if not claimed.costs:
        yield texts("check.no_claims")
        return
    same = all(evaluation.costs.get(goal) == cost for goal, cost in claimed.costs.items())
    yield texts("check.agrees" if same else "check.differs")
    if claimed.gaps is not None and claimed.gaps != evaluation.gaps:
        yield texts("check.gaps_differ")
