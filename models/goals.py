"""What makes a plan better: the goals of docs/problem.md, section 4, in its order.

A goal is a function from a plan to its matches: what makes up its cost, unweighted. `GOALS`
lists them all by name. Adding one: its name in `models.policy`, its meaning here, its encoder
in `optimizer/`, three tests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from models import days
from models.days import Interval, day
from models.facts import Facts
from models.plan_index import PlanIndex


@dataclass(frozen=True, slots=True)
class Match:
    """One piece of a goal's cost: how much, and who or what makes it up.

    Attributes:
        amount: its part of the cost, above 0.
        employees: the people concerned; of a pair, the principal or the wishing one first.
        team, task, skill, sector: what else it is about.
        interval: the days it lasts, ordinals, half-open; None if it is about no days.
    """

    amount: int
    employees: tuple[str, ...] = ()
    team: str | None = None
    task: str | None = None
    skill: str | None = None
    sector: str | None = None
    interval: Interval | None = None


Goal = Callable[[PlanIndex], Iterator[Match]]


def _gaps(index: PlanIndex, authority: bool) -> Iterator[Match]:
    for q, task in index.facts.tasks.items():
        if (task.kind == "authority") == authority:
            for start, end in index.uncovered(q):
                team = index.team_of_task.get(q)
                yield Match(end - start, task=q, team=team, interval=(start, end))


def authority_gap(index: PlanIndex) -> Iterator[Match]:
    """Days on which an authority task is not covered."""
    return _gaps(index, authority=True)


def task_gap(index: PlanIndex) -> Iterator[Match]:
    """Days on which any other task is not covered."""
    return _gaps(index, authority=False)


def _shortage(
    index: PlanIndex, people: list[str], wanted: int, within: Interval
) -> Iterator[tuple[int, Interval]]:
    """Person-days fewer than wanted of these people are present: (amount, days)."""
    for start, end in days.segments(within, index.facts.change_points(people)):
        present = sum(bool(days.overlap(index.facts.presence(e), (start, end))) for e in people)
        if present < wanted:
            yield (wanted - present) * (end - start), (start, end)


def backup_shortage(index: PlanIndex) -> Iterator[Match]:
    """Per task and day, how many present qualified members fewer than one and its backups."""
    for q, task in index.facts.tasks.items():
        members = index.qualified_members(q)
        team = index.team_of_task.get(q)
        rows = _shortage(index, members, 1 + task.backups, index.facts.active(q))
        for amount, interval in rows:
            yield Match(amount, task=q, team=team, interval=interval)


def skill_shortage(index: PlanIndex) -> Iterator[Match]:
    """Per need of a team and day, how many present members with the skill too few."""
    facts = index.facts
    for t, team in facts.teams.items():
        for need in team.needs:
            able = [
                e
                for e in index.members[t]
                if facts.employees[e].skills.get(need.skill, 0) >= need.level
            ]
            for amount, interval in _shortage(index, able, need.people, facts.horizon):
                yield Match(amount, team=t, skill=need.skill, interval=interval)


def size_shortage(index: PlanIndex) -> Iterator[Match]:
    """Per team and day from the first demand on, how many present members too few."""
    for t in index.facts.teams:
        for within, wanted in index.facts.demand(t):
            for amount, interval in _shortage(index, index.members[t], wanted, within):
                yield Match(amount, team=t, interval=interval)


def no_substitute(index: PlanIndex) -> Iterator[Match]:
    """Everybody who needs a substitute and has none."""
    for e, employee in index.facts.employees.items():
        if employee.needs_substitute and e not in index.substitute_of:
            yield Match(1, employees=(e,), team=index.team_of.get(e))


def substitute_away(index: PlanIndex) -> Iterator[Match]:
    """Days of a principal's service on which the substitute is not present."""
    for a, b in index.substitute_of.items():
        if away := index.facts.days_away(a, b):
            yield Match(away, employees=(a, b))


def interest(index: PlanIndex) -> Iterator[Match]:
    """What the grade of interest in the team somebody got costs; also where none was given."""
    for e, t in index.team_of.items():
        if cost := interest_cost(index.facts, e, t):
            yield Match(cost, employees=(e,), team=t)


def interest_cost(facts: Facts, employee: str, team: str) -> int:
    """The price of somebody's interest in a team."""
    policy = facts.policy
    grade = facts.employees[employee].interest.get(team)
    return policy.interest_unknown if grade is None else policy.interest_cost[grade]


def lead_fit(index: PlanIndex) -> Iterator[Match]:
    """What a leader's grade of interest in leading costs, and leaving soon."""
    for t, leaders in index.leaders.items():
        for e in leaders:
            if cost := lead_cost(index.facts, e, t):
                yield Match(cost, employees=(e,), team=t)


def lead_cost(facts: Facts, employee: str, team: str) -> int:
    """The price of somebody leading a team."""
    policy = facts.policy
    grade = facts.employees[employee].lead_interest.get(team)
    cost = policy.lead_unknown if grade is None else policy.lead_cost[grade]
    return cost + (policy.lead_leaves_soon if facts.leaves_soon(employee) else 0)


def substitute_fit(index: PlanIndex) -> Iterator[Match]:
    """Points of fit, of ten, that a substitute lacks."""
    for a, b in index.substitute_of.items():
        if lacking := 10 - index.facts.fit(a, b):
            yield Match(lacking, employees=(a, b))


def colleague_wishes(index: PlanIndex) -> Iterator[Match]:
    """Wanted colleagues in another team, avoided ones in the same."""
    for a, employee in index.facts.employees.items():
        for b in employee.wants:
            if b in index.facts.employees and index.team_of.get(a) != index.team_of.get(b):
                yield Match(1, employees=(a, b), team=index.team_of.get(a))
        for b in employee.avoids:
            if b in index.facts.employees and index.team_of.get(a) == index.team_of.get(b):
                yield Match(1, employees=(a, b), team=index.team_of.get(a))


def site_change(index: PlanIndex) -> Iterator[Match]:
    """Site-bound people in a team whose site is known and not theirs."""
    for e, t in index.team_of.items():
        employee, team = index.facts.employees[e], index.facts.teams[t]
        if employee.site_bound and team.site is not None and team.site != employee.site:
            yield Match(1, employees=(e,), team=t)


def handovers(index: PlanIndex) -> Iterator[Match]:
    """Tenures after the first, and a first one that could have stayed.

    It could if the current holder is qualified and in service on the task's first day.
    """
    facts = index.facts
    for q, chain in index.chains.items():
        if not chain:
            continue
        holder, first = facts.current_holder(q), facts.active(q)[0]
        if holder is not None and holder != chain[0].employee:
            start, end = facts.service(holder)
            if start <= first < end:
                tenure = chain[0]
                interval = day(tenure.start), day(tenure.end)
                yield Match(1, employees=(holder, tenure.employee), task=q, interval=interval)
        for before, after in pairwise(chain):
            interval = day(after.start), day(after.end)
            yield Match(1, employees=(before.employee, after.employee), task=q, interval=interval)


def lead_changes(index: PlanIndex) -> Iterator[Match]:
    """Teams whose current leader is a starter and does not lead them."""
    for t, team in index.facts.teams.items():
        if (
            team.lead
            and team.leader in index.facts.employees
            and index.facts.is_starter(team.leader)
            and team.leader not in index.leaders[t]
        ):
            yield Match(1, employees=(team.leader, *index.leaders[t]), team=t)


def team_changes(index: PlanIndex) -> Iterator[Match]:
    """People whose current team is known and not the one they got."""
    for e, t in index.team_of.items():
        if index.facts.employees[e].team not in (None, t):
            yield Match(1, employees=(e,), team=t)


def substitute_changes(index: PlanIndex) -> Iterator[Match]:
    """People who need a substitute and whose current one is in service and not kept."""
    for e, employee in index.facts.employees.items():
        current, got = employee.substitute, index.substitute_of.get(e)
        if employee.needs_substitute and current in index.facts.employees and got != current:
            yield Match(1, employees=(e, current, *((got,) if got else ())))


def one_way_substitutes(index: PlanIndex) -> Iterator[Match]:
    """Pairs in which the substitute needs a substitute and has somebody else, or nobody."""
    for a, b in index.substitute_of.items():
        if index.facts.employees[b].needs_substitute and index.substitute_of.get(b) != a:
            yield Match(1, employees=(a, b))


def sector_concentration(index: PlanIndex) -> Iterator[Match]:
    """Whole starters of one sector in a team above the policy's share."""
    facts = index.facts
    for t, members in index.members.items():
        starters = [e for e in members if facts.is_starter(e)]
        sectors = Counter(facts.employees[e].sector for e in starters)
        for sector, number in sectors.items():
            excess = 100 * number - facts.policy.max_sector_share * len(starters)
            if sector is not None and excess >= 100:
                yield Match(excess // 100, team=t, sector=sector)


def departure_concentration(index: PlanIndex) -> Iterator[Match]:
    """Whole people above a team's share of those who leave within the horizon."""
    facts = index.facts
    share = facts.departure_share + facts.policy.departure_margin
    for t, members in index.members.items():
        leaving = tuple(e for e in members if facts.leaves_within(e))
        excess = 100 * len(leaving) - share * len(members)
        if excess >= 100:
            yield Match(excess // 100, employees=leaving, team=t)


def succession_changes(index: PlanIndex) -> Iterator[Match]:
    """People and tasks that hold in one of the plan and Before but not in the other.

    Over tasks of both; only in a scenario, which has a Before (docs/problem.md, section 7).
    """
    for q, before in index.facts.held_before.items():
        if q in index.facts.tasks:
            now = {h.employee for h in index.chains[q]}
            for e in sorted(before ^ now):
                yield Match(1, employees=(e,), task=q, team=index.team_of_task.get(q))


GOALS: dict[str, Goal] = {
    "authority_gap": authority_gap,
    "task_gap": task_gap,
    "backup_shortage": backup_shortage,
    "skill_shortage": skill_shortage,
    "size_shortage": size_shortage,
    "no_substitute": no_substitute,
    "substitute_away": substitute_away,
    "interest": interest,
    "lead_fit": lead_fit,
    "substitute_fit": substitute_fit,
    "colleague_wishes": colleague_wishes,
    "site_change": site_change,
    "handovers": handovers,
    "lead_changes": lead_changes,
    "team_changes": team_changes,
    "substitute_changes": substitute_changes,
    "one_way_substitutes": one_way_substitutes,
    "sector_concentration": sector_concentration,
    "departure_concentration": departure_concentration,
    "succession_changes": succession_changes,
}
