"""What people asked for and what they got: by team, by group of people, and who pays most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from api.report.blocks import Block, Cell, Items, Picture, Section, Table, Text, Value, table
from api.report.ground import Ground
from api.report.pictures.bars import Bar, BarGroup, draw_bars
from api.summary import no_payers, paid_for
from api.view import Person

_MOST_TEAMS = 30
_FEW_PAYERS = 10


def interest(ground: Ground) -> Section:
    """All of it."""
    words, view = ground.words, ground.view
    best = words("wishes.best", n=view.best_graded, all=len(view.people))
    wishes = [words(f"wishes.{w.kind}", n=w.number, all=w.of) for w in view.wishes if w.of]
    blocks: list[Block] = [Text(best, style="lead")]
    if wishes:
        blocks.append(Items(tuple(wishes)))
    blocks.append(_teams(ground))
    groups = (
        ("sectors", "sector", lambda p: p.employee.sector or ""),
        ("titles", "title", lambda p: ground.words.title(p.employee.id)),
        ("sites", "site", lambda p: p.employee.site or ""),
    )
    for name, key, of in groups:
        blocks += _groups(ground, name, key, of)
    blocks += _payers(ground)
    return Section("wishes", words("report.wishes"), tuple(blocks), new_page=True)


def _asked(ground: Ground) -> dict[str, Counter[int | None]]:
    """By team, how all who may be in it graded it."""
    facts = ground.view.facts
    found: dict[str, Counter[int | None]] = {t: Counter() for t in facts.teams}
    for e in facts.employees.values():
        for team in facts.eligible(e.id):
            found[team][e.interest.get(team)] += 1
    return found


def _teams(ground: Ground) -> Picture:
    words, view = ground.words, ground.view
    grades = [words.texts.grade(g, view.policy.interest_cost) for g in view.grades]
    asked = _asked(ground)
    got = {t: view.grade_counts(t) for t in view.facts.teams}
    shown = list(view.facts.teams)[:_MOST_TEAMS]
    bars = [
        BarGroup(
            words.team(t),
            (
                Bar(words("report.asked"), tuple(asked[t][g] for g in view.grades), quiet=True),
                Bar(words("report.got"), tuple(got[t].values())),
            ),
        )
        for t in shown
    ]
    caption = words("report.asked_got")
    top = view.grades[0]
    wanted = sum(asked[t][top] for t in asked)
    description = words("report.asked_got_said", n=wanted, got=view.grade_counts()[top])
    rows: list[list[Value]] = []
    for t in view.facts.teams:
        rows.append(
            [Cell(words.team(t), note=words("report.asked")), *map(asked[t].get, view.grades)]
        )
        rows.append([Cell(words.team(t), note=words("report.got")), *got[t].values()])
    total = view.grade_counts()
    rows.append([Cell(words("wishes.overall"), note=words("report.got")), *total.values()])
    whole = _graded_table(ground, rows, grades, caption)
    svg = draw_bars("asked", caption, description, bars, grades)
    return Picture("asked", caption, description, svg, (whole,))


def _graded_table(
    ground: Ground, rows: list[list[Value]], grades: list[str], caption: str
) -> Table:
    keys = ("team", *(["grade"] * len(grades)))
    filled = [[v if v is not None else 0 for v in row] for row in rows]
    made = table(ground.words, "asked-table", caption, keys, filled, folded=True)
    heads = (made.columns[0].head, *grades)
    columns = tuple(type(c)(head, c.number) for c, head in zip(made.columns, heads, strict=True))
    return Table(made.name, made.caption, columns, made.rows, folded=True)


def _groups(ground: Ground, name: str, key: str, of: Callable[[Person], str]) -> Iterator[Block]:
    """How a group of people fares: of one sector, title or site."""
    words, view = ground.words, ground.view
    people: dict[str, list[Person]] = {}
    for p in view.people:
        people.setdefault(of(p), []).append(p)
    if len(people) < 2:
        return
    rows: list[list[Value]] = []
    for group in sorted(people, key=lambda g: (-len(people[g]), g)):
        members = people[group]
        best = sum(ground.got_best(p.employee.id) for p in members)
        points = sum(sum(p.pays.values()) for p in members)
        share = words.percent(best, len(members))
        rows.append(
            [
                words.shown(group) or words("report.unknown"),
                len(members),
                best,
                Cell(share, number=True),
                points,
                Cell(words.one_decimal(points / len(members)), number=True),
            ]
        )
    keys = (key, "people", "got_best", "got_best_share", "pays", "pays_each")
    yield table(words, f"{name}-table", words(f"group.{name}"), keys, rows)


def _payers(ground: Ground) -> Iterator[Block]:
    words, payers = ground.words, ground.view.payers
    if not payers:
        yield Text(words(no_payers(ground.view)))
        return
    rows: list[list[Value]] = [
        [
            ground.person(p.employee.id),
            words.team(p.team),
            sum(p.pays.values()),
            paid_for(p, words.texts),
        ]
        for p in payers
    ]
    keys = ("employee", "team", "pays", "paid_for")
    first = rows[:_FEW_PAYERS]
    yield table(words, "payers-table", words("report.payers"), keys, first, folded=False)
    if rest := rows[_FEW_PAYERS:]:
        caption = words("report.other_payers")
        yield table(words, "other-payers-table", caption, keys, rest, folded=True)
