"""The goals of the plain formulation, each as a linear expression (docs/problem.md, section 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ortools.sat.python import cp_model

from benchmarks.peers.answer import CannotError
from benchmarks.peers.plain import PlainModel
from benchmarks.peers.plain_task import PlainTask
from models import days, goals
from models.days import Interval

Cost = cp_model.LinearExpr | int


def weighted(plain: PlainModel, weights: dict[str, int]) -> Cost:
    """A level's objective."""
    return sum(weight * GOALS[goal](plain) for goal, weight in weights.items())


def _is_present(plain: PlainModel, employee: str, period: Interval) -> bool:
    return any(s <= period[0] < e for s, e in plain.facts.presence(employee))


def _authority_gap(plain: PlainModel) -> Cost:
    return sum(_gaps(plain, authority=True))


def _task_gap(plain: PlainModel) -> Cost:
    return sum(_gaps(plain, authority=False))


def _gaps(plain: PlainModel, authority: bool) -> Iterator[Cost]:
    for q, task in plain.tasks.items():
        if (plain.facts.tasks[q].kind == "authority") == authority:
            yield from _uncovered(plain, task)


def _uncovered(plain: PlainModel, task: PlainTask) -> Iterator[Cost]:
    """Per period, its days unless a tenure or the current holder covers them."""
    facts, model = plain.facts, plain.model
    current = facts.current_holder(task.task)
    started: cp_model.IntVar | None = None
    for period in task.periods:
        now = task.holders_in(period)
        by_tenure = model.new_bool_var("")
        model.add_bool_or(*now.values(), ~by_tenure)
        there = [holds for e, holds in now.items() if _is_present(plain, e, period)]
        there += [
            member
            for e, member in task.member.items()
            if _is_present(plain, e, period) and facts.ready(e, task.task) <= period[0]
        ]
        model.add_bool_or(*there, ~by_tenure)
        before, started = started, model.new_bool_var("")
        for holds in (*now.values(), *([] if before is None else [before])):
            model.add_implication(holds, started)
        covered = [by_tenure]
        if current is not None and _is_present(plain, current, period):
            by_current = model.new_bool_var("")
            model.add_implication(by_current, ~started)
            model.add_implication(by_current, task.some)
            covered.append(by_current)
        gap = model.new_bool_var("")
        model.add_bool_or(*covered, gap)
        yield (period[1] - period[0]) * gap


def _short(plain: PlainModel, wanted: int, there: Iterable[cp_model.IntVar]) -> cp_model.IntVar:
    """How many fewer than wanted, if it is minimised."""
    short = plain.model.new_int_var(0, wanted, "")
    plain.model.add(short + sum(there) >= wanted)
    return short


def _backup_shortage(plain: PlainModel) -> Cost:
    total: Cost = 0
    for q, task in plain.tasks.items():
        wanted = 1 + plain.facts.tasks[q].backups
        for period in task.periods:
            there = [m for e, m in task.member.items() if _is_present(plain, e, period)]
            total += (period[1] - period[0]) * _short(plain, wanted, there)
    return total


def _shortage(
    plain: PlainModel, people: list[str], team: str, wanted: int, within: Interval
) -> Cost:
    total: Cost = 0
    for period in days.segments(within, plain.facts.change_points(people)):
        there = [plain.place[e, team] for e in people if _is_present(plain, e, period)]
        total += (period[1] - period[0]) * _short(plain, wanted, there)
    return total


def _skill_shortage(plain: PlainModel) -> Cost:
    facts = plain.facts
    total: Cost = 0
    for t, team in facts.teams.items():
        for need in team.needs:
            able = [
                e
                for e, employee in facts.employees.items()
                if employee.skills.get(need.skill, 0) >= need.level and t in facts.eligible(e)
            ]
            total += _shortage(plain, able, t, need.people, facts.horizon)
    return total


def _size_shortage(plain: PlainModel) -> Cost:
    facts = plain.facts
    total: Cost = 0
    for t in facts.teams:
        people = [e for e in facts.employees if t in facts.eligible(e)]
        for within, wanted in facts.demand(t):
            total += _shortage(plain, people, t, wanted, within)
    return total


def _no_substitute(plain: PlainModel) -> Cost:
    needing = sum(e.needs_substitute for e in plain.facts.employees.values())
    return needing - sum(plain.substitute.values())


def _substitute_away(plain: PlainModel) -> Cost:
    return sum(plain.facts.days_away(*pair) * x for pair, x in plain.substitute.items())


def _substitute_fit(plain: PlainModel) -> Cost:
    return sum((10 - plain.facts.fit(*pair)) * x for pair, x in plain.substitute.items())


def _interest(plain: PlainModel) -> Cost:
    return sum(
        goals.interest_cost(plain.facts, e, t) * plain.place[e, t]
        for e in plain.facts.employees
        for t in plain.facts.eligible(e)
    )


def _lead_fit(plain: PlainModel) -> Cost:
    return sum(goals.lead_cost(plain.facts, e, t) * x for (t, e), x in plain.lead.items())


def _colleague_wishes(plain: PlainModel) -> Cost:
    facts, model, place = plain.facts, plain.model, plain.place
    total: Cost = 0
    for a, employee in facts.employees.items():
        for b in employee.wants:
            if b in facts.employees:
                apart = model.new_bool_var("")
                for t in facts.teams:
                    model.add_bool_or(apart, ~place[a, t], place[b, t])
                total += apart
        for b in employee.avoids:
            if b in facts.employees:
                together = model.new_bool_var("")
                for t in facts.teams:
                    model.add_bool_or(together, ~place[a, t], ~place[b, t])
                total += together
    return total


def _site_change(plain: PlainModel) -> Cost:
    return sum(
        plain.place[e, t]
        for e, employee in plain.facts.employees.items()
        for t, team in plain.facts.teams.items()
        if employee.site_bound and team.site is not None and team.site != employee.site
    )


def _handovers(plain: PlainModel) -> Cost:
    """Tenures after the first, plus 1 unless the current holder is first, where they could be."""
    total: Cost = 0
    for q, task in plain.tasks.items():
        first = task.periods[0]
        current = plain.facts.current_holder(q)
        start, end = plain.facts.service(current) if current is not None else (0, 0)
        tenures = sum(task.held.values())
        if current is not None and start <= first[0] < end:
            total += tenures - task.holds[current][first]
        else:
            total += tenures - task.some
    return total


def _lead_changes(plain: PlainModel) -> Cost:
    facts = plain.facts
    total: Cost = 0
    for t, team in facts.teams.items():
        current = team.leader
        if team.lead and current in facts.employees and facts.is_starter(current):
            total += 1 - plain.lead[t, current]
    return total


def _team_changes(plain: PlainModel) -> Cost:
    employees = plain.facts.employees.items()
    return sum(1 - plain.place[e, x.team] for e, x in employees if x.team is not None)


def _substitute_changes(plain: PlainModel) -> Cost:
    facts = plain.facts
    return sum(
        1 - plain.substitute[e, employee.substitute]
        for e, employee in facts.employees.items()
        if employee.needs_substitute and employee.substitute in facts.employees
    )


def _one_way_substitutes(plain: PlainModel) -> Cost:
    total: Cost = 0
    for (a, b), chosen in plain.substitute.items():
        if plain.facts.employees[b].needs_substitute:
            one_way = plain.model.new_bool_var("")
            back = plain.substitute.get((b, a), plain.never)
            plain.model.add_bool_or(~chosen, back, one_way)
            total += one_way
    return total


def _sector_concentration(plain: PlainModel) -> Cost:
    facts, share = plain.facts, plain.facts.policy.max_sector_share
    sectors = dict.fromkeys(facts.employees[e].sector for e in facts.starters)
    total: Cost = 0
    for t in facts.teams:
        everybody = sum(plain.place[e, t] for e in facts.starters)
        for sector in sectors:
            if sector is not None:
                same = [e for e in facts.starters if facts.employees[e].sector == sector]
                number = sum(plain.place[e, t] for e in same)
                total += _whole(plain, 100 * number - share * everybody, len(same))
    return total


def _departure_concentration(plain: PlainModel) -> Cost:
    facts = plain.facts
    share = facts.departure_share + facts.policy.departure_margin
    leaving = [e for e in facts.employees if facts.leaves_within(e)]
    total: Cost = 0
    for t in facts.teams:
        number = sum(plain.place[e, t] for e in leaving)
        everybody = sum(plain.place[e, t] for e in facts.employees)
        total += _whole(plain, 100 * number - share * everybody, len(leaving))
    return total


def _whole(plain: PlainModel, hundredths: Cost, most: int) -> cp_model.IntVar:
    """Whole people in hundredths of people, if it is minimised."""
    whole = plain.model.new_int_var(0, most, "")
    plain.model.add(100 * whole >= hundredths - 99)
    return whole


def _succession_changes(plain: PlainModel) -> Cost:
    if plain.facts.held_before:
        raise CannotError("scenarios are not among what the plain formulation knows")
    return 0


GOALS: dict[str, Callable[[PlainModel], Cost]] = {
    "authority_gap": _authority_gap,
    "task_gap": _task_gap,
    "backup_shortage": _backup_shortage,
    "skill_shortage": _skill_shortage,
    "size_shortage": _size_shortage,
    "no_substitute": _no_substitute,
    "substitute_away": _substitute_away,
    "interest": _interest,
    "lead_fit": _lead_fit,
    "substitute_fit": _substitute_fit,
    "colleague_wishes": _colleague_wishes,
    "site_change": _site_change,
    "handovers": _handovers,
    "lead_changes": _lead_changes,
    "team_changes": _team_changes,
    "substitute_changes": _substitute_changes,
    "one_way_substitutes": _one_way_substitutes,
    "sector_concentration": _sector_concentration,
    "departure_concentration": _departure_concentration,
    "succession_changes": _succession_changes,
}
"""Every goal's unweighted cost; each call adds the variables it needs."""
