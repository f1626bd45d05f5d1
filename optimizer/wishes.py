"""Encoders of the goals about people and stability: wishes, leaders, changes, concentration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from models import goals
from models.facts import Facts
from optimizer.chains import Chain
from optimizer.placement import Placement
from optimizer.program import ONE, Program, Sum


def interest(placement: Placement) -> Sum:
    """What people's grades of interest in their teams cost."""
    total = Sum()
    for e, options in placement.place.items():
        for t, place in options.items():
            total.add(place, goals.interest_cost(placement.facts, e, t))
    return total


def lead_fit(placement: Placement) -> Sum:
    """What leaders' grades cost, and leaving soon."""
    total = Sum()
    for t, leaders in placement.lead.items():
        for e, leads in leaders.items():
            total.add(leads, goals.lead_cost(placement.facts, e, t))
    return total


def colleague_wishes(placement: Placement) -> Sum:
    """Wanted colleagues in another team, avoided ones in the same; one variable a pair and team."""
    facts = placement.facts
    total = Sum()
    balance: dict[tuple[str, str], int] = {}
    for a, employee in facts.employees.items():
        for others, sign in ((employee.wants, 1), (employee.avoids, -1)):
            for b in others:
                if b in facts.employees:
                    pair = (a, b) if a < b else (b, a)
                    balance[pair] = balance.get(pair, 0) + sign
                    total.constant += sign == 1
    for (a, b), wanted in balance.items():
        for t in facts.teams:
            if wanted and placement.may_be_in(a, t) and placement.may_be_in(b, t):
                total.add(_both_in(placement, a, b, t, wanted > 0), -wanted)
    return total


def _both_in(placement: Placement, a: str, b: str, team: str, wanted: bool) -> int:
    """A variable for both being in the team: at most so if wanted, at least if avoided."""
    in_a, in_b = placement.place[a][team], placement.place[b][team]
    if in_a == in_b or in_b == ONE:
        return in_a
    if in_a == ONE:
        return in_b
    both = placement.program.boolean()
    if wanted:
        placement.program.at_most(Sum([(both, 1), (in_a, -1)]), 0)
        placement.program.at_most(Sum([(both, 1), (in_b, -1)]), 0)
    else:
        placement.program.at_most(Sum([(in_a, 1), (in_b, 1), (both, -1)]), 1)
    return both


def site_change(placement: Placement) -> Sum:
    """Site-bound people in a team whose site is known and not theirs."""
    facts = placement.facts
    total = Sum()
    for e, options in placement.place.items():
        employee = facts.employees[e]
        for t, place in options.items():
            site = facts.teams[t].site
            if employee.site_bound and site is not None and site != employee.site:
                total.add(place)
    return total


def handovers(chain: Chain) -> Sum:
    """Tenures after the first, and a first one that could have stayed with its holder."""
    facts, task = chain.facts, chain.task
    holder, first = facts.current_holder(task), facts.active(task)[0]
    could_stay = holder is not None and facts.service(holder)[0] <= first < facts.service(holder)[1]
    total = Sum().plus(chain.has_holder(), -1)
    for holds in chain.holds.values():
        total.add_all(holds.values())
    if could_stay:
        for firsts in chain.first.values():
            total.add_all(v for e, v in firsts.items() if e != holder)
    return total


def lead_changes(placement: Placement) -> Sum:
    """Teams whose current leader is a starter and does not lead them."""
    facts = placement.facts
    total = Sum()
    for t, team in facts.teams.items():
        current = team.leader
        if team.lead and current in facts.employees and facts.is_starter(current):
            total.constant += 1
            if current in placement.lead[t]:
                total.add(placement.lead[t][current], -1)
    return total


def team_changes(placement: Placement) -> Sum:
    """People whose current team is known and not the one they get."""
    total = Sum()
    for e, employee in placement.facts.employees.items():
        if employee.team is not None:
            total.constant += 1
            if employee.team in placement.place[e]:
                total.add(placement.place[e][employee.team], -1)
    return total


def succession_changes(facts: Facts, chains: Mapping[str, Chain]) -> Sum:
    """People and tasks that hold in one of the plan and Before but not in the other."""
    total = Sum()
    for q, before in facts.held_before.items():
        if q in facts.tasks:
            total.constant += len(before)
            for holds in chains[q].holds.values():
                for e, variable in holds.items():
                    total.add(variable, -1 if e in before else 1)
    return total


def sector_concentration(placement: Placement) -> Sum:
    """Whole starters of one sector in a team above the policy's share."""
    facts = placement.facts
    share = facts.policy.max_sector_share
    sectors = Counter(s for e in facts.starters if (s := facts.employees[e].sector))
    total = Sum()
    for t, members in placement.members.items():
        starters = [e for e in members if facts.is_starter(e)]
        everybody = placement.headcount(starters, t)
        of: dict[str, list[str]] = {}
        for e in starters:
            of.setdefault(facts.employees[e].sector or "", []).append(e)
        for sector, people in sectors.items():
            excess = _times(placement.headcount(of.get(sector, ()), t), 100).plus(everybody, -share)
            total.plus(_whole_above(placement.program, excess, people))
    return total


def departure_concentration(placement: Placement) -> Sum:
    """Whole people above a team's share of those who leave within the horizon."""
    facts = placement.facts
    share = facts.departure_share + facts.policy.departure_margin
    total = Sum()
    for t, members in placement.members.items():
        leaving = [e for e in members if facts.leaves_within(e)]
        excess = _times(placement.headcount(leaving, t), 100)
        excess.plus(placement.headcount(members, t), -share)
        total.plus(_whole_above(placement.program, excess, len(leaving)))
    return total


def _times(total: Sum, factor: int) -> Sum:
    return Sum(constant=0).plus(total, factor)


def _whole_above(program: Program, hundredths: Sum, upper: int) -> Sum:
    """``floor(max(0, hundredths) / 100)``, if it is minimised."""
    most = hundredths.constant + sum(c for c in hundredths.terms.values() if c > 0)
    if most < 100:
        return Sum()
    whole = program.integer(upper)
    program.at_least(Sum([(whole, 100)]).plus(hundredths, -1), -99)
    return Sum([(whole, 1)])
