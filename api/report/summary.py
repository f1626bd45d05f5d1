"""The first page: what was asked, what is known of the answer, what to look at first."""

from __future__ import annotations

from collections.abc import Iterator

from api.report.blocks import Block, Cell, Fact, Facts, Items, Section, Text, table
from api.report.ground import Ground
from api.summary import how_far_off, paid_for

_MOST_GAPS = 3


def summary(ground: Ground) -> Section:
    """The page."""
    words = ground.words
    blocks: list[Block] = [
        Text(words(f"plan_status.{ground.base.proposal.status}"), style="lead"),
        *(Text(sentence) for sentence in _bounds(ground)),
        Facts(tuple(_figures(ground)), large=True),
        Section("first", words("report.first"), (Items(tuple(_first(ground))),)),
        Section("levels", words("section.levels"), (_levels(ground),)),
    ]
    return Section("summary", words("report.summary"), tuple(blocks))


def _bounds(ground: Ground) -> Iterator[str]:
    """How far from the best the plan can be at most, level by level."""
    words, levels = ground.words, ground.base.proposal.levels
    yield from how_far_off(levels, words.texts, words, words.one_decimal)
    if all(level.status == "optimal" for level in levels):
        yield words("report.bound_met")


def _figures(ground: Ground) -> Iterator[Fact]:
    words, view, risk = ground.words, ground.view, ground.risk
    for key, is_authority in (("authority_covered", True), ("others_covered", False)):
        tasks = [t for t in ground.tasks if (t.task.kind == "authority") == is_authority]
        if tasks:
            covered = sum(not t.gaps for t in tasks)
            yield Fact(words(f"figure.{key}"), words.share(covered, len(tasks)))
    yield Fact(words("figure.best_team"), words.share(view.best_graded, len(view.people)))
    paired = sum(pair.substitute is not None for pair in view.pairs)
    yield Fact(words("figure.substitutes"), words.share(paired, len(view.pairs)))
    yield Fact(words("figure.leave"), words.share(len(ground.leavers), len(view.people)))
    bench = risk.succession
    if bench.tasks:
        ready = bench.now + bench.within_year
        yield Fact(words("figure.successor"), words.share(ready, len(bench.tasks)))
    breaking = sum(one.smallest == 1 for one in risk.cover)
    yield Fact(words("figure.one_leaves"), words.share(breaking, len(risk.cover)))
    yield Fact(words("figure.handovers"), words.number(len(ground.handovers)))


def _first(ground: Ground) -> Iterator[str]:
    """What a working group should look at first, in sentences."""
    yield from _first_gaps(ground)
    yield from _first_handovers(ground)
    words, risk, view = ground.words, ground.risk, ground.view
    key = next((p for p in risk.key_people if p.is_key), None)
    if key is not None:
        tasks = {x.of.task for x in key.losses if x.of.task and x.how != "short"}
        yield words(
            "first.key_person",
            person=words.person(key.employee),
            tasks=words.count("task", len(tasks)),
            day=key.first_day,
        )
    lost = next((s for s in risk.tacit if s.is_lost), None)
    if lost is not None:
        name = words.names.skill(lost.skill)
        yield words("first.tacit", skill=name, day=lost.teach_by)
    for bunch in [b for b in risk.chains.bunches if b.is_bunched][:2]:
        yield words(
            "first.bunch",
            team=words.team(bunch.team),
            n=len(bunch.people),
            all=bunch.members,
            start=bunch.first_day,
            end=bunch.last_day,
        )
    without = [pair.principal for pair in view.pairs if pair.substitute is None]
    if without:
        yield words("substitutes.none", people=words.listed(map(words.person, without), 3))
    if payers := view.payers:
        yield words(
            "first.pays",
            person=words.person(payers[0].employee.id),
            points=sum(payers[0].pays.values()),
            paid=paid_for(payers[0], words.texts),
        )


def _first_gaps(ground: Ground) -> Iterator[str]:
    words = ground.words
    open_tasks = [t for t in ground.tasks if t.gaps]
    open_tasks.sort(key=lambda t: (t.task.kind != "authority", t.gaps[0].start))
    if not open_tasks:
        yield words("gaps.none")
    for task in open_tasks[:_MOST_GAPS]:
        yield words(
            "first.gap_authority" if task.task.kind == "authority" else "first.gap",
            task=words.task(task.task.id),
            day=task.gaps[0].start,
            days=words.count("day", task.days_not_covered),
        )
    if len(open_tasks) > _MOST_GAPS:
        more = len(open_tasks) - _MOST_GAPS
        yield words("first.more_gaps", tasks=words.count("task", more))


def _first_handovers(ground: Ground) -> Iterator[str]:
    words = ground.words
    late = [h for h in ground.risk.handovers if h.state in ("too_late", "nobody")]
    if late:
        yield words(
            "first.late",
            tasks=words.count("task", len({h.task for h in late})),
            task=words.task(late[0].task),
            day=late[0].due,
        )


def _levels(ground: Ground) -> Block:
    words = ground.words
    rows = [
        [
            Cell(words.texts.level(level.level)),
            level.value,
            level.best,
            None if level.bound is None else max(0, level.bound),
            words(f"level_status.{level.status}"),
        ]
        for level in ground.base.proposal.levels
    ]
    keys = ("level", "value", "best", "bound", "status")
    note = words("report.levels_note")
    return table(words, "levels-table", words("report.levels"), keys, rows, folded=False, note=note)
