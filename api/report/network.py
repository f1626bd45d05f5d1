"""Who stands in for whom, and who succeeds whom, team by team."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.report.blocks import Block, Items, Picture, Section, Table, Value, table
from api.report.ground import Ground
from api.report.pictures.network import MOST_PEOPLE, Link, NetworkLegend, Node, draw_network
from api.view import TeamView
from api.view_tasks import Handover

_MOST_NAMED = 12
"""So many without a substitute are named before the teams; their tables have everybody."""


def network(ground: Ground) -> Section:
    """What is known of the pairs, then every team."""
    words = ground.words
    blocks: list[Block] = [Items(tuple(_known(ground)))]
    for number, team in enumerate(ground.view.teams):
        found = tuple(_team(ground, team, number)) if team.people else ()
        if found and ground.is_large:
            name, note = words.team(team.team.id), words.count("person", len(team.people))
            found = (Section(f"links-{number}", name, found, note, folded=True),)
        blocks += found
    return Section("network", words("report.network"), tuple(blocks), new_page=True)


def _known(ground: Ground) -> Iterator[str]:
    words, pairs = ground.words, ground.view.pairs
    having = [pair for pair in pairs if pair.substitute]
    kept = sum(pair.kept for pair in having)
    yield words("substitutes.have", n=len(having), all=len(pairs), kept=kept)
    fits = [pair.fit for pair in having if pair.fit is not None]
    if fits:
        mean = words.one_decimal(sum(fits) / len(fits))
        yield words("substitutes.fit", mean=mean, worst=min(fits))
        mutual = sum(pair.mutual for pair in having)
        yield words("substitutes.mutual", people=words.count("person", mutual))
        away = words.count("day", sum(pair.away for pair in having))
        yield words("substitutes.away", days=away)
    without = [words.person(pair.principal) for pair in pairs if not pair.substitute]
    if without:
        yield words("substitutes.none", people=words.listed(without, _MOST_NAMED))


def _team(ground: Ground, team: TeamView, number: int) -> Iterator[Block]:
    """A team's circle, where it has room, and its tables."""
    words = ground.words
    tables = tuple(_tables(ground, team, number))
    if not tables:
        return
    caption = words.team(team.team.id)
    if len(team.people) > MOST_PEOPLE:
        yield from tables
        return
    order = circle_order(ground, [p.employee.id for p in team.people])
    links = list(_links(ground, order))
    description = words(
        "report.network_said",
        people=words.count("person", len(order)),
        pairs=sum(2 if x.kind == "mutual" else 1 for x in links if x.kind != "succeeds"),
        n=sum(x.kind == "succeeds" for x in links),
    )
    nodes = [
        Node(words.shown(e), ground.person_of[e].leaves is not None, ground.person_of[e].leads)
        for e in order
    ]
    key = NetworkLegend(
        words("network.substitutes"),
        words("network.succeeds"),
        words("network.leaves"),
        words("network.leads"),
    )
    svg = draw_network(f"net-{number}", caption, description, nodes, links, key)
    yield Picture(f"net-{number}", caption, description, svg, tables, small=True)


def circle_order(ground: Ground, people: Sequence[str]) -> list[str]:
    """People in an order in which those who are linked as substitutes stand together."""
    substitute_of, placed = ground.view.index.substitute_of, dict.fromkeys(people, False)
    order: list[str] = []

    def place(first: str) -> None:
        waiting = [first]
        while waiting:
            e = waiting.pop()
            if placed.get(e, True):
                continue
            placed[e] = True
            order.append(e)
            waiting += [p for p in reversed(ground.principals_of.get(e, [])) if p in placed]
            if substitute_of.get(e) in placed:
                waiting.append(substitute_of[e])

    # Those whom nobody needs come first: a chain begins at its end.
    for e in sorted(people, key=lambda e: e in ground.principals_of):
        place(e)
    return order


def _links(ground: Ground, order: Sequence[str]) -> Iterator[Link]:
    substitute_of, place = ground.view.index.substitute_of, {e: i for i, e in enumerate(order)}
    for a in order:
        b = substitute_of.get(a)
        if b is None or b not in place:
            continue
        if substitute_of.get(b) == a:
            if place[a] < place[b]:
                yield Link(place[a], place[b], "mutual")
        else:
            yield Link(place[a], place[b], "one_way")
    moves = {(h.giver, h.taker) for h in ground.handovers}
    for giver, taker in sorted((g, t) for g, t in moves if g is not None):
        if giver in place and taker in place:
            yield Link(place[giver], place[taker], "succeeds")


def _tables(ground: Ground, team: TeamView, number: int) -> Iterator[Table]:
    words, members = ground.words, {p.employee.id for p in team.people}
    pairs = [pair for pair in ground.view.pairs if pair.principal in members]
    if pairs:
        rows: list[list[Value]] = []
        for pair in pairs:
            notes = []
            if pair.substitute:
                notes.append("kept" if pair.kept else "new")
                notes.append("mutual" if pair.mutual else "one_way")
            said = [words(f"note.{note}") for note in notes]
            if pair.until:
                said.append(words("note.until", day=pair.until))
            rows.append(
                [
                    ground.person(pair.principal),
                    ground.person(pair.substitute),
                    pair.fit,
                    pair.away if pair.substitute else None,
                    words.listed(said),
                ]
            )
        keys = ("principal", "substitute", "fit", "away", "note")
        caption = words("report.pairs", team=words.team(team.team.id))
        yield table(words, f"pairs-{number}", caption, keys, rows, folded=True)
    moves = [h for h in ground.handovers if h.giver in members or h.taker in members]
    if moves:
        yield _successions(ground, moves, team, number)


def _successions(ground: Ground, moves: Sequence[Handover], team: TeamView, number: int) -> Table:
    words = ground.words
    rows: list[list[Value]] = [
        [
            ground.person(h.giver) if h.giver else words("none"),
            ground.person(h.taker),
            ground.task(h.task),
            h.start,
        ]
        for h in moves
    ]
    caption = words("report.successions", team=words.team(team.team.id))
    keys = ("giver", "taker", "task", "start")
    return table(words, f"successions-{number}", caption, keys, rows, folded=True)
