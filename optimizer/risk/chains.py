"""Who goes together: substitutes in a circle or a row, pairs, teams (docs/risk.md, "Chains")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import networkx as nx

from models import days
from models.days import Interval, as_date
from optimizer.risk.requirements import Requirement, Subject
from optimizer.risk.standing import Standing

TOGETHER_DAYS = 180
"""Two people leave together if their last days are at most so many days apart."""

BUNCH_PERCENT = 20
"""A team's departures bunch if at least two people, this share of it, leave together."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """People who substitute each other in a circle, two or more: nobody else stands in.

    Attributes:
        people: each followed by their substitute, the last by the first.
        days_all_away: days on which one of them at least is in service and none is present.
        first_day: the first of them; None if there is none.
    """

    people: tuple[str, ...]
    days_all_away: int
    first_day: date | None


@dataclass(frozen=True, slots=True)
class Chain:
    """Three or more people linked as principal and substitute who leave together, link by link.

    Attributes:
        people: in input order.
        first_day, last_day: the days on which the first and the last of them are gone.
    """

    people: tuple[str, ...]
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class AwayLink:
    """A principal who is absent while the substitute is in service but absent too.

    Attributes:
        first_day: the first such day.
        days: how many.
    """

    principal: str
    substitute: str
    first_day: date
    days: int


@dataclass(frozen=True, slots=True)
class LostSubstitute:
    """A substitute who leaves before the principal: who follows must be decided by then.

    Attributes:
        day: the first day without them.
        days: how many days of the principal's service are left then.
    """

    principal: str
    substitute: str
    day: date
    days: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who leave together and whose work hangs together.

    Attributes:
        people: who leaves first comes first.
        first_day, last_day: the first day without one, and without both.
        substitutes: whether one is the other's substitute.
        short: tasks and skills that both may do until they leave, and for which fewer people
            than wanted are there once both are gone.
    """

    people: tuple[str, str]
    first_day: date
    last_day: date
    substitutes: bool
    short: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Bunch:
    """The 180 days in which most of a team leave.

    Attributes:
        team: None: the whole organisation, as long as nobody has a team.
        people: who leaves, in order.
        first_day, last_day: the first day without the first and without the last.
        members: how many are in service just before the first goes.
        percent: the share of them who leave, rounded down.
        is_bunched: at least two people and 20 percent.
    """

    team: str | None
    people: tuple[str, ...]
    first_day: date
    last_day: date
    members: int
    percent: int
    is_bunched: bool


@dataclass(frozen=True, slots=True)
class Chains:
    """All that breaks because people go together."""

    cycles: tuple[Cycle, ...]
    chains: tuple[Chain, ...]
    away_links: tuple[AwayLink, ...]
    lost_substitutes: tuple[LostSubstitute, ...]
    pairs: tuple[Pair, ...]
    bunches: tuple[Bunch, ...]


def chains(standing: Standing, requirements: Iterable[Requirement]) -> Chains:
    """Find all of it; rows by their first day, then in input order."""
    return Chains(
        cycles=tuple(_cycles(standing)),
        chains=tuple(sorted(_chains(standing), key=lambda x: x.first_day)),
        away_links=tuple(sorted(_away_links(standing), key=lambda x: x.first_day)),
        lost_substitutes=tuple(sorted(_lost(standing), key=lambda x: x.day)),
        pairs=tuple(sorted(_pairs(standing, requirements), key=lambda x: x.first_day)),
        bunches=tuple(_bunches(standing)),
    )


def _cycles(standing: Standing) -> Iterator[Cycle]:
    facts, order = standing.facts, standing.order
    graph = nx.DiGraph(list(standing.substitute_of.items()))
    found = []
    for nodes in nx.simple_cycles(graph):
        first = nodes.index(min(nodes, key=order.__getitem__))
        found.append((*nodes[first:], *nodes[:first]))
    for people in sorted(found, key=lambda nodes: order[nodes[0]]):
        in_service = days.union(facts.service(e) for e in people)
        present = days.union(i for e in people for i in facts.presence(e))
        away = [left for i in in_service for left in days.subtract(i, present)]
        yield Cycle(people, days.length(away), as_date(away[0][0]) if away else None)


def _chains(standing: Standing) -> Iterator[Chain]:
    order = standing.order
    graph: nx.Graph[str] = nx.Graph()
    for principal, substitute in standing.substitute_of.items():
        if _leave_together(standing, principal, substitute):
            graph.add_edge(principal, substitute)
    for nodes in nx.connected_components(graph):
        if len(nodes) > 2:
            gone = sorted(standing.facts.service(e)[1] for e in nodes)
            people = tuple(sorted(nodes, key=order.__getitem__))
            yield Chain(people, as_date(gone[0]), as_date(gone[-1]))


def _leave_together(standing: Standing, a: str, b: str) -> bool:
    gone = standing.leaves(a), standing.leaves(b)
    return gone[0] is not None and gone[1] is not None and abs(gone[0] - gone[1]) <= TOGETHER_DAYS


def _away_links(standing: Standing) -> Iterator[AwayLink]:
    facts = standing.facts
    for a, b in standing.substitute_of.items():
        absences = [days.subtract(facts.service(e), facts.presence(e)) for e in (a, b)]
        both = [x for i in absences[0] for x in days.overlap(absences[1], i)]
        if both:
            yield AwayLink(a, b, as_date(both[0][0]), days.length(both))


def _lost(standing: Standing) -> Iterator[LostSubstitute]:
    for a, b in standing.substitute_of.items():
        (start, end), gone = standing.facts.service(a), standing.facts.service(b)[1]
        if gone < end:
            first = max(start, gone)
            yield LostSubstitute(a, b, as_date(first), end - first)


def _pairs(standing: Standing, requirements: Iterable[Requirement]) -> Iterator[Pair]:
    order = standing.order
    short: dict[tuple[str, str], list[Subject]] = {}
    for requirement in requirements:
        for pair in _short(standing, requirement):
            short.setdefault(pair, []).append(requirement.subject)
    linked = {
        _by_departure(standing, a, b)
        for a, b in standing.substitute_of.items()
        if _leave_together(standing, a, b)
    }
    for a, b in sorted(short.keys() | linked, key=lambda pair: [order[e] for e in pair]):
        first, last = (as_date(standing.facts.service(e)[1]) for e in (a, b))
        yield Pair((a, b), first, last, (a, b) in linked, tuple(short.get((a, b), ())))


def _short(standing: Standing, requirement: Requirement) -> Iterator[tuple[str, str]]:
    """Pairs who leave together and leave too few behind."""
    task = requirement.subject.task
    able = requirement.there if task is None else standing.may_do(task)
    leaves = {e: standing.leaves(e) for e in able}
    gone = {e: day for e, day in leaves.items() if day is not None and day > requirement.within[0]}
    thin = [s.days for s in requirement.stretches if len(s.there) < requirement.wanted]
    for b in gone:
        if any(start <= gone[b] < end for start, end in thin):
            for a in gone:
                pair = _by_departure(standing, a, b)
                if a != b and pair == (a, b) and gone[b] - gone[a] <= TOGETHER_DAYS:
                    yield pair


def _by_departure(standing: Standing, a: str, b: str) -> tuple[str, str]:
    """Who leaves first comes first; in input order if both leave on one day."""
    order, service = standing.order, standing.facts.service
    first, second = sorted((a, b), key=lambda e: (service(e)[1], order[e]))
    return first, second


def _bunches(standing: Standing) -> Iterator[Bunch]:
    groups: list[tuple[str | None, tuple[str, ...]]] = [*standing.members.items()]
    if not standing.has_teams:
        groups = [(None, tuple(standing.facts.employees))]
    for team, members in groups:
        if bunch := _bunch(standing, team, members):
            yield bunch


def _bunch(standing: Standing, team: str | None, members: tuple[str, ...]) -> Bunch | None:
    """The first of the windows in which most leave; None if nobody does."""
    service: dict[str, Interval] = {e: standing.facts.service(e) for e in members}
    leaving = sorted((e for e in members if standing.leaves(e)), key=lambda e: service[e][1])
    best: list[str] = []
    for first in leaving:
        start = service[first][1]
        window = [e for e in leaving if start <= service[e][1] <= start + TOGETHER_DAYS]
        best = max(best, window, key=len)
    if not best:
        return None
    first_gone, last_gone = service[best[0]][1], service[best[-1]][1]
    before = sum(start < first_gone <= end for start, end in service.values())
    percent = 100 * len(best) // before
    return Bunch(
        team=team,
        people=tuple(best),
        first_day=as_date(first_gone),
        last_day=as_date(last_gone),
        members=before,
        percent=percent,
        is_bunched=len(best) >= 2 and percent >= BUNCH_PERCENT,
    )
