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

    Those before its first tenure on which the current holder is not there to answer for it, or
    all where there is no tenure; and those after on which no tenure runs, or one does and holder
    and stand-ins are all away.
    """
    facts, active = placement.facts, placement.facts.active(chain.task)
    answering = days.overlap(facts.holder_before(chain.task), active)
    points = {p for interval in answering for p in interval}
    points |= {chain.days[e][0] for firsts in chain.first.values() for e in firsts}
    total = Sum(constant=active[1] - active[0])
    for day, after in days.segments(active, points):
        if any(start <= day < end for start, end in answering):
            total.plus(chain.has_holder(), day - after)
        else:
            for t in chain.first:
                total.plus(chain.begun(t, day), day - after)
    for t in chain.first:
        total.plus(_days_not_running(placement, chain, t))
    return total


def _days_not_running(placement: Placement, chain: Chain, team: str) -> Sum:
    """Days on which the task's first tenure has begun in the team, and it is not covered."""
    facts, task = placement.facts, chain.task
    members = chain.able[team]
    ready = {e: facts.ready(e, task) for e in members}
    points = facts.change_points(members) | set(ready.values())
    points |= {p for e in chain.holds[team] for p in chain.days[e]}
    pieces = days.segments(facts.active(task), points)
    total = Sum()
    for (day, after), present in zip(pieces, _present(facts, members, pieces), strict=True):
        there = [e for e in present if ready[e] <= day]
        total.plus(_not_running(placement, chain, team, day, there), after - day)
    return total


def _not_running(placement: Placement, chain: Chain, team: str, day: int, there: list[str]) -> Sum:
    """Whether the task's first tenure began in the team by a day, and it is not covered on it.

    The qualified who are present and ready are `there`.
    """
    begun, holds = chain.begun(team, day), chain.holds[team]
    running = {e: v for e, v in holds.items() if chain.days[e][0] <= day < chain.days[e][1]}
    wanted = [Sum().plus(begun).add_all(running.values(), -1)]
    if not running.keys() <= set(there):
        wanted.append(Sum().plus(begun).plus(placement.headcount(there, team), -1))
    chosen = Sum().add_all(chain.first[team].values())
    for e in holds:
        if chain.days[e][0] > day:
            # Whoever is next may not be ready, though somebody after them is.
            sooner = [v for f, v in running.items() if chain.days[f][1] < chain.days[e][1]]
            total = Sum([(holds[e], 1)]).plus(begun).plus(chosen, -1)
            wanted.append(total.add_all(sooner, -1))
    wanted = [total for total in wanted if total.range()[1] > 0]
    return Sum([(placement.program.shortage(wanted, 1), 1)]) if wanted else Sum()


def backup_shortage(placement: Placement, chain: Chain) -> Sum:
    """Per day, how many present qualified members fewer than one and the backups."""
    facts, task = placement.facts, chain.task
    wanted = 1 + facts.tasks[task].backups
    active = facts.active(task)
    # Without a team it is short of everybody, every day.
    total = Sum(constant=wanted * (active[1] - active[0]))
    for t, in_team in chain.in_team.items():
        total.add(in_team, -wanted * (active[1] - active[0]))
        for present, number in present_sets(facts, chain.able[t], [active]).items():
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
                for e in placement.members[t]
                if facts.employees[e].skills.get(need.skill, 0) >= need.level
                and placement.may_be_in(e, t)
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
        possible = [e for e in placement.members[t] if placement.may_be_in(e, t)]
        for within, people in facts.demand(t):
            for present, number in present_sets(facts, possible, [within]).items():
                short = Sum(constant=people).plus(placement.headcount(present, t), -1)
                total.plus(_shortage(placement, short, people), number)
    return total


def _shortage(placement: Placement, short: Sum, upper: int) -> Sum:
    """What is short, as a sum: `short` where it is above 0, else 0."""
    least, most = short.range()
    if most <= 0:
        return Sum()
    if least >= 0:
        return short
    return Sum([(placement.program.shortage([short], min(upper, most)), 1)])
