"""What a what-if changes: its events, and every difference to the plan before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.event_text import event_sentence
from api.output import DIFFERENCE
from api.report.blocks import Block, Cell, Items, Section, Table, Text, Value, table
from api.report.ground import Ground
from models.difference import Difference, Holding
from models.issues import InputError, Issue
from models.scenario import Scenario


def changes(ground: Ground) -> Section | None:
    """The section; None if the proposal is no what-if.

    Raises:
        InputError: if what its folder says of it is not what a what-if wrote.
    """
    data = ground.base.of_what_if
    if data is None:
        return None
    words = ground.words
    try:
        scenario = Scenario.model_validate(data["scenario"])
        found = Difference.model_validate(data["difference"])
        moves, allowed = int(data["moves"]), data["allow_moves"]
    except (KeyError, TypeError, ValueError):
        cure = "Use the file that tiimi whatif wrote."
        message = "It is no difference of a what-if."
        raise InputError([Issue("bad_json", DIFFERENCE, message, cure)]) from None
    blocks: list[Block] = [*_asked(ground, scenario, moves, allowed)]
    if found.is_empty:
        blocks.append(Text(words("difference.none")))
    blocks += [t for t in _tables(ground, found) if t.rows]
    return Section("changes", words("report.changes"), tuple(blocks), new_page=True)


def _asked(ground: Ground, scenario: Scenario, moves: int, allowed: int | None) -> Iterator[Block]:
    words = ground.words
    if scenario.name:
        yield Text(words.shown(scenario.name), style="lead")
    yield Text(words("whatif.from", day=scenario.effective))
    if scenario.events:
        names, texts = words.names, words.texts
        told = [words.shown(event_sentence(e, names, texts)) for e in scenario.events]
        yield Items(tuple(told))
    moved = words.count("person", moves)
    sentences = [words("whatif.moves", people=moved)]
    if all(level.status == "optimal" for level in ground.base.proposal.levels):
        key = "whatif.smallest" if allowed is None else "whatif.allowed"
        sentences.append(words(key, n=allowed))
    yield Text(" ".join(sentences), style="lead")


def _tables(ground: Ground, found: Difference) -> Iterator[Table]:
    yield _people(ground, found)
    yield _tasks(ground, found)
    words, team = ground.words, ground.words.team
    leads: list[list[Value]] = [
        [team(c.team), ground.person(c.before), ground.person(c.after)] for c in found.leads
    ]
    yield _table(ground, "changed_leads", ("team", "before", "after"), leads)
    pairs: list[list[Value]] = [
        [ground.person(c.principal), ground.person(c.before), ground.person(c.after)]
        for c in found.substitutes
    ]
    yield _table(ground, "changed_substitutes", ("principal", "before", "after"), pairs)
    goals: list[list[Value]] = [
        [
            words(f"goal.{g.goal}"),
            g.before,
            g.after,
            Cell(words.signed(g.after - g.before), number=True),
        ]
        for g in found.goals
        if g.before != g.after
    ]
    yield _table(ground, "changed_goals", ("goal", "before", "after", "change"), goals)
    yield _first_broken(ground, found)


def _table(
    ground: Ground, name: str, keys: Sequence[str], rows: Sequence[Sequence[Value]]
) -> Table:
    caption = ground.words(f"difference.{name}")
    return table(ground.words, name.replace("_", "-"), caption, keys, rows)


def _people(ground: Ground, found: Difference) -> Table:
    words, team = ground.words, ground.words.team
    away = words("difference.away")
    rows: list[list[Value]] = [[ground.person(p.employee), away, team(p.team)] for p in found.came]
    rows += [[ground.person(p.employee), team(p.team), away] for p in found.went]
    rows += [[ground.person(m.employee), team(m.before), team(m.after)] for m in found.moved]
    return _table(ground, "changed_people", ("employee", "before", "after"), rows)


def _tasks(ground: Ground, found: Difference) -> Table:
    rows: list[list[Value]] = [
        [
            ground.task(c.task),
            _held(ground, c.team_before, c.before),
            _held(ground, c.team_after, c.after),
        ]
        for c in found.tasks
    ]
    return _table(ground, "changed_tasks", ("task", "before", "after"), rows)


def _held(ground: Ground, team: str | None, chain: Sequence[Holding]) -> str:
    words = ground.words
    held = words.listed(f"{words.shown(h.employee)} {h.start} – {h.end}" for h in chain)
    held = held or words("tasks.nobody")
    return f"{words.team(team)}: {held}" if team else held


def _first_broken(ground: Ground, found: Difference) -> Table:
    words = ground.words
    rows: list[list[Value]] = []
    for b in found.first_broken:
        before, after = (
            (day or words("tasks.never")) if known else words("difference.no_task")
            for day, known in ((b.before, b.known_before), (b.after, b.known_after))
        )
        if before != after:
            rows.append([ground.task(b.task), before, after])
    return _table(ground, "first_broken", ("task", "before", "after"), rows)
