"""The other tables of risks: handovers, who goes together, what few can teach (docs/risk.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from api.report.blocks import Block, Section, Text, Value, table
from api.report.ground import Ground

if TYPE_CHECKING:
    from optimizer.risk.chains import Chains
    from optimizer.risk.handovers import Handover
    from optimizer.risk.requirements import Subject

_MOST_NAMED = 6
_STATES = ("too_late", "nobody", "open", "planned")


def handed_over(ground: Ground) -> Iterator[Block]:
    """When each handover must happen; those that are late first."""
    words, found = ground.words, ground.risk.handovers
    if not found:
        yield Text(words("handovers.none"))
        return
    counts = [
        words(f"handover_count.{state}", n=number)
        for state in _STATES
        if (number := sum(h.state == state for h in found))
    ]
    yield Text(" ".join(counts))
    ordered = sorted(found, key=lambda h: _STATES.index(h.state))
    rows = [_handover(ground, h) for h in ordered]
    keys = (
        "task",
        "giver",
        "taker",
        "state",
        "due",
        "learn_days",
        "window_closes",
        "together_days",
    )
    caption, note = words("risk.windows"), words("risk.windows_note")
    yield table(words, "windows-table", caption, keys, rows, note=note)


def _handover(ground: Ground, h: Handover) -> list[Value]:
    words = ground.words
    taker = words.shown(h.taker)
    if h.taker is None:
        able = h.candidates or h.trainees
        people = ground.people(able, _MOST_NAMED)
        taker = words("risk.could", people=people) if able else words("tasks.nobody")
    state = words(f"handover_state.{h.state}")
    if h.late_days:
        state = f"{state} ({words.count('day', h.late_days)})"
    return [
        ground.task(h.task),
        words.shown(h.giver) if h.giver else words("none"),
        taker,
        state,
        h.due,
        h.learn_days,
        h.window_closes,
        h.together_days,
    ]


def together(ground: Ground) -> Iterator[Section]:
    """Who goes together, and skills that few can teach; what there is not is left out."""
    words = ground.words
    if blocks := list(_chains(ground, ground.risk.chains)):
        yield Section("together", words("risk.together"), tuple(blocks))
    if blocks := list(_tacit(ground)):
        yield Section("tacit", words("risk.tacit"), tuple(blocks))


def _chains(ground: Ground, found: Chains) -> Iterator[Block]:
    words = ground.words
    bunches: list[list[Value]] = [
        [
            words.team(b.team) or words("wishes.overall"),
            ground.people(b.people, _MOST_NAMED),
            b.first_day,
            b.last_day,
            words.share(len(b.people), b.members),
        ]
        for b in found.bunches
        if b.is_bunched
    ]
    keys: tuple[str, ...] = ("team", "leaving_people", "first_day", "last_day", "of_members")
    if bunches:
        yield table(words, "bunches-table", words("risk.bunches"), keys, bunches)
    pairs: list[list[Value]] = [
        [
            ground.people(p.people),
            p.first_day,
            p.last_day,
            words("yes") if p.substitutes else "",
            words.listed((_named(ground, s) for s in p.short), _MOST_NAMED),
        ]
        for p in found.pairs
    ]
    keys = ("leaving_people", "first_day", "last_day", "are_substitutes", "too_few_left")
    if pairs:
        yield table(words, "risk-pairs-table", words("risk.pairs"), keys, pairs)
    chains: list[list[Value]] = [
        [ground.people(c.people, 12), c.first_day, c.last_day] for c in found.chains
    ]
    keys = ("leaving_people", "first_day", "last_day")
    if chains:
        yield table(words, "chains-table", words("risk.chains"), keys, chains)
    yield from _substitutes(ground, found)


def _substitutes(ground: Ground, found: Chains) -> Iterator[Block]:
    words = ground.words
    lost: list[list[Value]] = [
        [ground.person(x.principal), ground.person(x.substitute), x.day, x.days]
        for x in found.lost_substitutes
    ]
    keys: tuple[str, ...] = ("principal", "substitute", "lost_from", "days")
    if lost:
        yield table(words, "lost-table", words("risk.lost"), keys, lost)
    away: list[list[Value]] = [
        [ground.person(x.principal), ground.person(x.substitute), x.first_day, x.days]
        for x in found.away_links
    ]
    keys = ("principal", "substitute", "first_day", "days")
    if away:
        yield table(words, "away-table", words("risk.both_away"), keys, away)
    cycles: list[list[Value]] = [
        [" → ".join(map(words.shown, c.people)), c.days_all_away, c.first_day]
        for c in found.cycles
        if c.days_all_away
    ]
    if cycles:
        keys = ("circle", "days_all_away", "first_day")
        yield table(words, "cycles-table", words("risk.cycles"), keys, cycles)


def _named(ground: Ground, of: Subject) -> str:
    words = ground.words
    return words.shown(of.task) if of.task else words.skill(of.skill, of.level)


def _tacit(ground: Ground) -> Iterator[Block]:
    words = ground.words
    rows: list[list[Value]] = [
        [
            words.shown(words.names.skill(s.skill)),
            ground.people((t.employee for t in s.teachers), _MOST_NAMED),
            s.teach_by,
            words("yes") if s.is_lost else words("risk.not_lost"),
            s.independent,
            ground.people(s.tasks, _MOST_NAMED),
            ground.people((x.employee for x in s.learners), _MOST_NAMED),
        ]
        for s in ground.risk.tacit
    ]
    keys = ("skill", "teachers", "teach_by", "is_lost", "independent", "tasks", "learners")
    if rows:
        caption, note = words("risk.tacit_table"), words("risk.tacit_note")
        yield table(words, "tacit-table", caption, keys, rows, note=note)
