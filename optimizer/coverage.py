"""Encoders of the coverage goals: gaps of tasks, shortages of backups, skills and people.

Nothing changes between two days on which somebody comes or goes, so days with the same set of
people present are one variable weighted by their number (docs/formulation.md).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from models import days
from models.days import Interval
from models.facts import Facts
from optimizer.chains import Chain
from optimizer.placement import Placement
from optimizer.program import Sum


def present_sets(
    facts: Facts, people: Sequence[str], within: Iterable[Interval]
) -> dict[tuple[str, ...], int]:
    """{people present: number of days with exactly those}, over the days in `within`."""
    points = facts.change_points(people)
    sets: dict[tuple[str, ...], int] = {}
    for interval in within:
        pieces = days.segments(interval, points)
        for (start, end), present in zip(pieces, _present(facts, people, pieces), strict=True):
            there = tuple(present)
            sets[there] = sets.get(there, 0) + end - start
    return sets


def _present(facts: Facts, people: Iterable[str], pieces: Sequence[Interval]) -> list[list[str]]:
    """Who is present in each piece of time, in the order of `people`; nobody comes within one."""
    starts = [start for start, _ in pieces]
    present: list[list[str]] = [[] for _ in pieces]
    for e in people:
        for first, after in facts.presence(e):
            for there in present[bisect_left(starts, first) : bisect_left(starts, after)]:
                there.append(e)
    return present


def uncovered_days(placement: Placement, chain: Chain) -> Sum:
    """Days of a task that are not covered.

    All of them, less what tenures cover if somebody is always present, plus the days on which
    holder and stand-ins are all away.
    """
    facts, task = placement.facts, chain.task
    active = facts.active(task)
    total = Sum(constant=active[1] - active[0])
    before = facts.holder_before(task)
    for arc in chain.arcs():
        covered = arc.tenure[1] - arc.tenure[0]
        if arc.before is None:
            covered += days.length(days.overlap(before, (active[0], arc.tenure[0])))
        total.add(arc.variable, -covered)
    return total.plus(_everybody_away(placement, chain))


def _everybody_away(placement: Placement, chain: Chain) -> Sum:
    """Days of tenures on which neither the holder nor a stand-in is present."""
    facts, task = placement.facts, chain.task
    start, end = facts.active(task)
    holders = dict.fromkeys(e for e, _ in chain.into)
    qualified = facts.qualified(task)
    points = facts.change_points(qualified) | {facts.ready(e, task) for e in qualified}
    points |= {p for arc in chain.arcs() for p in arc.tenure}
    ready = {e: facts.ready(e, task) for e in qualified}
    pieces = days.segments((start, end), points)
    total = Sum()
    for (first, after), present in zip(pieces, _present(facts, qualified, pieces), strict=True):
        away = holders.keys() - present
        if not away:
            continue
        there = [e for e in present if ready[e] <= first]
        for t in chain.in_team:
            missing = Sum()
            for e in (e for e in holders if e in away):
                missing.add_all(chain.holding(e, t, first))
            if not missing.terms and missing.constant == 0:
                continue
            stand_ins = placement.headcount(there, t)
            if stand_ins.terms or stand_ins.constant:
                missing = Sum([(placement.program.shortage(missing.plus(stand_ins, -1), 1), 1)])
            total.plus(missing, after - first)
    return total


def backup_shortage(placement: Placement, chain: Chain) -> Sum:
    """Per day, how many present qualified members fewer than one and the backups."""
    facts, task = placement.facts, chain.task
    wanted = 1 + facts.tasks[task].backups
    active = facts.active(task)
    sets = present_sets(facts, facts.qualified(task), [active])
    # Without a team it is short of everybody, every day.
    total = Sum(constant=wanted * (active[1] - active[0]))
    for t, in_team in chain.in_team.items():
        total.add(in_team, -wanted * (active[1] - active[0]))
        for present, number in sets.items():
            short = Sum([(in_team, wanted)]).plus(placement.headcount(present, t), -1)
            total.plus(_shortage(placement, short, wanted), number)
    return total


def skill_shortage(placement: Placement) -> Sum:
    """Per need of a team and day, how many present members with the skill too few."""
    facts = placement.facts
    total = Sum()
    for t, team in facts.teams.items():
        for need in team.needs:
            able = [
                e
                for e, employee in facts.employees.items()
                if employee.skills.get(need.skill, 0) >= need.level and placement.may_be_in(e, t)
            ]
            for present, number in present_sets(facts, able, [facts.horizon]).items():
                short = Sum(constant=need.people).plus(placement.headcount(present, t), -1)
                total.plus(_shortage(placement, short, need.people), number)
    return total


def size_shortage(placement: Placement) -> Sum:
    """Per team and day, how many present members fewer than the demand."""
    facts = placement.facts
    total = Sum()
    for t in facts.teams:
        possible = [e for e in facts.employees if placement.may_be_in(e, t)]
        for within, people in facts.demand(t):
            for present, number in present_sets(facts, possible, [within]).items():
                short = Sum(constant=people).plus(placement.headcount(present, t), -1)
                total.plus(_shortage(placement, short, people), number)
    return total


def _shortage(placement: Placement, short: Sum, upper: int) -> Sum:
    """What is short, as a sum: `short` where it is above 0, else 0."""
    coefficients = list(short.terms.values())
    most = short.constant + sum(c for c in coefficients if c > 0)
    least = short.constant + sum(c for c in coefficients if c < 0)
    if most <= 0:
        return Sum()
    if least >= 0:
        return short
    return Sum([(placement.program.shortage(short, min(upper, most)), 1)])
