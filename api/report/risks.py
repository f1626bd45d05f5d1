"""What the plan risks, in tables: what breaks first, key people, succession (docs/risk.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from api.report.blocks import Block, Cell, Section, Table, Text, Value, table
from api.report.ground import Ground
from api.report.risks_together import handed_over, together

if TYPE_CHECKING:
    from optimizer.risk.cover import Cover
    from optimizer.risk.key_people import KeyPerson
    from optimizer.risk.requirements import Subject
    from optimizer.risk.single_points import SinglePoint
    from optimizer.risk.succession import Successor

_FEW_KEY_PEOPLE = 10
_MOST_NAMED = 6
_MOST_SUCCESSORS = 4
_MOST_BENCHES = 30


def risks(ground: Ground) -> Section:
    """All of it, what matters most first."""
    words = ground.words
    blocks: list[Block] = [
        Text(words("report.risk_note"), style="muted"),
        Section("robust", words("risk.robust"), tuple(_robust(ground))),
        Section("key-people", words("risk.key_people"), tuple(_key_people(ground))),
        Section("succession", words("risk.succession"), tuple(_succession(ground))),
        Section("handover-risk", words("risk.handovers"), tuple(handed_over(ground))),
        *together(ground),
    ]
    return Section("risk", words("report.risk"), tuple(blocks), new_page=True)


def subject(ground: Ground, of: Subject) -> Cell:
    """A task, or a skill that a team needs."""
    if of.task is not None:
        return ground.task(of.task)
    return Cell(ground.words.skill(of.skill, of.level), note=ground.words.team(of.team))


# How few may leave


def _robust(ground: Ground) -> Iterator[Block]:
    words, risk = ground.words, ground.risk
    sizes: list[list[Value]] = [
        [
            words(f"breaks.{'more' if x.size is None else x.size}"),
            x.authority_tasks,
            x.other_tasks,
            x.skills,
        ]
        for x in risk.exposures
    ]
    keys = ("leaving_people", "authority_tasks", "other_tasks", "skills")
    yield table(words, "exposures-table", words("risk.exposures"), keys, sizes, folded=False)
    fragile = [c for c in risk.cover if c.smallest is not None and c.smallest <= 1]
    rest = [c for c in risk.cover if c not in fragile]
    if fragile:
        yield _covers(ground, "fragile-table", words("risk.fragile"), fragile, True)
    if rest:
        yield _covers(ground, "robust-table", words("risk.sturdy"), rest, True)
    yield _single_points(ground)


def _covers(
    ground: Ground, name: str, caption: str, covers: Sequence[Cover], folded: bool
) -> Table:
    words = ground.words
    rows: list[list[Value]] = []
    for c in covers:
        breaking = c.breaking[0] if c.breaking else None
        among = ""
        if breaking is not None:
            among = ground.people(breaking.among, _MOST_NAMED)
            if breaking.size < len(breaking.among):
                among = words("risk.of_these", n=breaking.size, people=among)
        rows.append(
            [
                subject(ground, c.of),
                c.wanted,
                c.steps[0].there if c.steps else None,
                ground.day_or_never(c.first_below_wanted),
                ground.day_or_never(c.first_below_one),
                _spare(ground, c.robustness.now),
                _spare(ground, c.robustness.worst),
                among,
            ]
        )
    keys = (
        "what_is_covered",
        "people_wanted",
        "people_now",
        "below_wanted",
        "below_one",
        "spare_now",
        "spare_worst",
        "breaks_without",
    )
    return table(words, name, caption, keys, rows, folded=folded, note=words("risk.covers_note"))


def _spare(ground: Ground, number: int | None) -> Value:
    return (
        Cell(ground.words("risk.broken"), mark="strong", number=True) if number is None else number
    )


def _single_points(ground: Ground) -> Table:
    words = ground.words
    rows: list[list[Value]] = []
    for points in ground.risk.single_points:
        people = [p for p in points.people if p.tasks or p.skills]
        told = [
            words("risk.hangs_on", person=p.employee, what=words.listed(_hanging(ground, p)))
            for p in people
        ]
        rows.append([points.day, len(people), words.listed(told, 12)])
    keys = ("day", "people", "single_points")
    caption = words("risk.single_points")
    note = words("risk.single_points_note")
    return table(words, "single-table", caption, keys, rows, folded=True, note=note)


def _hanging(ground: Ground, point: SinglePoint) -> list[str]:
    return [*map(ground.words.shown, point.tasks), *_skills(ground, point.skills)]


def _skills(ground: Ground, skills: Sequence[Subject]) -> list[str]:
    return [ground.words.skill(s.skill, s.level) for s in skills]


# Key people


def _key_people(ground: Ground) -> Iterator[Block]:
    words = ground.words
    found = [p for p in ground.risk.key_people if p.is_key]
    if not found:
        yield Text(words("risk.no_key_people"))
        return
    yield Text(words("risk.key_people_note"))
    first, rest = found[:_FEW_KEY_PEOPLE], found[_FEW_KEY_PEOPLE:]
    yield _key_table(ground, "key-table", words("risk.first_key_people"), first, False)
    if rest:
        yield _key_table(ground, "other-key-table", words("risk.other_key_people"), rest, True)


def _key_table(
    ground: Ground, name: str, caption: str, people: Sequence[KeyPerson], folded: bool
) -> Table:
    words = ground.words
    rows: list[list[Value]] = []
    for p in people:
        broken = dict.fromkeys(x.of.task for x in p.losses if x.of.task and x.how != "short")
        skills = [x.of for x in p.losses if x.of.task is None]
        named = [*map(words.shown, broken), *dict.fromkeys(_skills(ground, skills))]
        rows.append(
            [
                ground.person(p.employee),
                p.leaves,
                p.first_day,
                p.authority_days,
                p.other_days,
                p.skill_days,
                words.listed(named, _MOST_NAMED),
                _stand_in(ground, p),
            ]
        )
    keys = (
        "employee",
        "leaving",
        "breaks_from",
        "authority_days",
        "other_days",
        "skill_days",
        "what_breaks",
        "substitute_covers",
    )
    return table(words, name, caption, keys, rows, folded=folded)


def _stand_in(ground: Ground, person: KeyPerson) -> Value:
    words, found = ground.words, person.stand_in
    if found is None:
        return words("note.no_substitute")
    if not found.task_days:
        return Cell(words.shown(found.substitute))
    percent = words.percent(found.covered_days, found.task_days)
    return Cell(words.shown(found.substitute), note=percent)


# Succession


def _succession(ground: Ground) -> Iterator[Block]:
    words, found = ground.words, ground.risk.succession
    if not found.tasks:
        yield Text(words("risk.no_succession"))
        return
    yield Text(
        words(
            "risk.succession_said",
            tasks=words.count("task", len(found.tasks)),
            now=found.now,
            year=found.within_year,
            later=found.later,
            nobody=found.nobody,
        )
    )
    if found.holder_leaves:
        yield Text(words("risk.in_time", all=found.holder_leaves, n=found.in_time))
    yield Text(words("risk.own_successor", n=found.own_successor, all=len(found.tasks)))
    rows: list[list[Value]] = [
        [
            ground.task(t.task),
            words.shown(t.holder) or words("tasks.nobody"),
            t.leaves,
            words(f"ready_when.{t.readiness}"),
            t.bench_strength,
            words.listed((_successor(ground, s) for s in t.successors), _MOST_SUCCESSORS),
        ]
        for t in found.tasks
    ]
    keys = ("task", "holder", "leaving", "ready", "bench", "successors")
    folded = len(rows) > _MOST_BENCHES
    yield table(words, "bench-table", words("risk.benches"), keys, rows, folded=folded)
    if found.only_successors:
        only: list[list[Value]] = [
            [ground.person(o.employee), ground.people(o.tasks)] for o in found.only_successors
        ]
        caption = words("risk.only_successors")
        yield table(words, "only-table", caption, ("employee", "tasks"), only)


def _successor(ground: Ground, successor: Successor) -> str:
    words = ground.words
    if successor.ready is None:
        return words("risk.trains", person=successor.employee)
    if successor.when == "now":
        return words.shown(successor.employee)
    return words("risk.ready_from", person=successor.employee, day=successor.ready)
