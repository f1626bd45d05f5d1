"""What the proposal was made from and by: policy, rules, fingerprints, versions, what is odd."""

from __future__ import annotations

from collections.abc import Iterator

from api.conflicts import Explainer
from api.report.blocks import Block, Cell, Fact, Facts, Items, Section, Text, Value, table
from api.report.ground import Ground
from models.policy import GOAL_NAMES

_SETTINGS = (
    "interest_cost",
    "interest_unknown",
    "lead_cost",
    "lead_unknown",
    "lead_leaves_soon",
    "lead_min_days",
    "min_fit",
    "max_principals",
    "max_tasks",
    "settled_days",
    "max_sector_share",
    "departure_margin",
)


def appendix(ground: Ground) -> Section:
    """All of it."""
    words = ground.words
    blocks: list[Block] = [
        Section("reading", words("report.reading"), tuple(_reading(ground))),
        Section("policy", words("report.policy"), tuple(_policy(ground))),
    ]
    if ground.base.organisation.rules:
        blocks.append(Section("rules", words("report.rules"), (_rules(ground),)))
    blocks.append(Section("made", words("report.made"), (Facts(tuple(_made(ground))),)))
    blocks += _odd(ground)
    return Section("appendix", words("report.appendix"), tuple(blocks), new_page=True)


def _reading(ground: Ground) -> Iterator[Block]:
    words = ground.words
    yield Text(words("dates"))
    keys = ("covered", "backups", "ready", "fit", "points", "proven", "robust")
    yield Facts(tuple(Fact(words(f"word.{key}"), words(f"said.{key}")) for key in keys))


def _policy(ground: Ground) -> Iterator[Block]:
    words, costs = ground.words, ground.view.evaluation.costs
    rows: list[list[Value]] = []
    for level in ground.base.solved_policy.levels:
        for goal in sorted(level.goals, key=GOAL_NAMES.index):
            weight = level.goals[goal]
            cost, name = costs[goal], words.texts.level(level.name)
            meaning = words(f"goal.{goal}")
            rows.append([Cell(words.shown(name)), meaning, weight, cost, weight * cost])
    keys = ("level", "goal", "weight", "cost", "weighted")
    note = words("report.policy_note")
    yield table(words, "goals-table", words("report.goals"), keys, rows, folded=False, note=note)
    settings: list[list[Value]] = []
    for key in _SETTINGS:
        value = getattr(ground.base.policy, key)
        shown = value
        if not isinstance(value, int):
            shown = words.listed(f"{grade}: {cost}" for grade, cost in value.items())
        settings.append([Cell(words(f"policy.{key}"), note=key), Cell(words.shown(shown))])
    caption = words("report.settings")
    yield table(words, "settings-table", caption, ("setting", "value"), settings, folded=True)


def _rules(ground: Ground) -> Block:
    words, base = ground.words, ground.base
    explainer = Explainer(base.organisation, base.solved_policy, words.texts, base.held_before)
    rows: list[list[Value]] = [
        [words.shown(rule.id), words.shown(explainer.sentence(rule.id))]
        for rule in base.organisation.rules
    ]
    return table(words, "rules-table", words("report.rules_table"), ("rule", "asks"), rows)


def _made(ground: Ground) -> Iterator[Fact]:
    words, run = ground.words, ground.base.proposal.run
    yield Fact(words("book.made"), f"{run.started_at:%Y-%m-%d %H:%M} UTC")
    limits = {"limit": f"{run.time_limit:g}", "workers": run.workers, "seed": run.seed}
    took = words.one_decimal(run.wall_seconds)
    yield Fact(words("book.limits"), words("book.limits_text", took=took, **limits))
    versions = words.listed(f"{name} {version}" for name, version in run.versions.items())
    yield Fact(words("book.versions"), versions)
    yield Fact(words("book.input"), run.input_sha256)
    yield Fact(words("book.policy"), run.policy_sha256)
    proposal = ground.base.proposal
    for key, ids in (
        ("book.not_in_service", proposal.not_in_service),
        ("book.tasks_left_out", proposal.tasks_left_out),
    ):
        if ids:
            yield Fact(words(key), ground.people(ids))


def _odd(ground: Ground) -> Iterator[Block]:
    words, warnings = ground.words, ground.base.proposal.warnings
    if warnings:
        told = [words.shown(f"{w.place}: {words.texts.odd(w.message)}") for w in warnings]
        yield Section("odd", words("section.warnings"), (Items(tuple(told)),))
