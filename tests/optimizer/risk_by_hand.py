"""What the risk analysis must find, day by day and set by set, from the input's own dates."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from typing import NamedTuple

from models.days import as_date
from models.facts import Facts
from models.policy import Policy
from models.proposal import Lead, Placement, Plan, Substitution, Tenure
from models.reading import organisation_from
from tests.organisations import random_organisation

PEOPLE = 6


class Case(NamedTuple):
    """A tiny organisation, today (no plan) or with a plan."""

    facts: Facts
    plan: Plan | None


def case(seed: int, with_plan: bool, tasks: int = 3, one_backs_all: bool = False) -> Case:
    """Of every third seed nobody has a team yet, of every second all have the same skills."""
    data = random_organisation(seed, people=PEOPLE, tasks=tasks)
    rng = random.Random(seed)
    for team in data["teams"]:
        team["needs"] = [
            {"skill": skill, "level": level, "people": rng.choice([0, 1, 1, 2, 2, 3])}
            for skill in ("s1", "s2")
            for level in rng.sample([1, 2, 3], rng.randint(0, 2))
        ]
    for e in data["employees"]:
        if one_backs_all and e["id"] != "E1":
            e["substitute"] = "E1"
        if seed % 2:
            e["skills"] = {"s1": 2, "s2": 2}
    for task in data["tasks"]:
        task["load"] = rng.choice([0, 40, 60, 80])
    if seed % 3 == 0:
        for e in data["employees"]:
            e.pop("team", None)
    facts = Facts(organisation_from(data, Policy()), Policy())
    return Case(facts, random_plan(facts, seed) if with_plan else None)


def random_plan(facts: Facts, seed: int) -> Plan:
    """A plan that keeps to teams, tenures and qualifications; sizes and rules are ignored."""
    rng = random.Random(seed)
    team_of = {e: rng.choice(facts.eligible(e)) for e in facts.employees}
    placements, holders = [], []
    for e, t in team_of.items():
        start, end = facts.service(e)
        placements.append(Placement(employee=e, team=t, start=as_date(start), end=as_date(end)))
    for q, task in facts.tasks.items():
        people = [e for e in facts.qualified(q) if task.team in (None, team_of[e])]
        rng.shuffle(people)
        holder, after, team = facts.current_holder(q), None, task.team
        if holder in people and rng.random() < 0.6:
            people = [holder, *(e for e in people if e != holder)]
        for e in people:
            start, end = facts.tenure(e, q, after)
            if start < end and team in (None, team_of[e]):
                team, after = team_of[e], end
                dates = as_date(start), as_date(end)
                holders.append(Tenure(task=q, team=team, employee=e, start=dates[0], end=dates[1]))
    leads = []
    for t, team in facts.teams.items():
        starters = [e for e in facts.starters if team_of[e] == t]
        if team.lead and starters:
            leads.append(Lead(team=t, employee=rng.choice(starters)))
    pairs = []
    for a in facts.employees:
        others = [b for b in facts.employees if b != a and team_of[a] == team_of[b]]
        if others and rng.random() < 0.8:
            b = rng.choice(others[:2])
            pairs.append(Substitution(principal=a, substitute=b, fit=facts.fit(a, b)))
    return Plan(
        placements=tuple(placements),
        leads=tuple(leads),
        holders=tuple(holders),
        substitutes=tuple(pairs),
    )


class Wanted(NamedTuple):
    """A task or need, as the statement has it."""

    task: str | None
    team: str | None
    skill: str
    level: int
    least: int
    wanted: int


def wanted(case: Case) -> Iterator[Wanted]:
    """All tasks, then all needs."""
    facts, plan = case
    for q, task in facts.tasks.items():
        yield Wanted(q, team_of_task(case, q), task.skill, task.level, 1, 1 + task.backups)
    needs = [(t, n) for t, team in facts.teams.items() for n in team.needs if n.people]
    if plan is None and all(e.team is None for e in facts.employees.values()):
        for skill in facts.organisation.skills:
            for level in (1, 2, 3):
                if any((n.skill, n.level) == (skill.id, level) for _, n in needs):
                    people = sum(
                        n.people for _, n in needs if n.skill == skill.id and n.level >= level
                    )
                    yield Wanted(None, None, skill.id, level, people, people)
        return
    for t, n in needs:
        yield Wanted(None, t, n.skill, n.level, n.people, n.people)


def team_of_task(case: Case, task: str) -> str | None:
    facts, plan = case
    given = facts.tasks[task].team
    if plan is None or given is not None:
        return given
    return next((h.team for h in plan.holders if h.task == task), None)


def team_of(case: Case, employee: str) -> str | None:
    facts, plan = case
    if plan is None:
        return facts.employees[employee].team
    return next(p.team for p in plan.placements if p.employee == employee)


def all_days(facts: Facts) -> range:
    return range(*facts.horizon)


def is_present(facts: Facts, employee: str, day: int) -> bool:
    e, today = facts.employees[employee], as_date(day)
    return (
        (e.joins is None or e.joins <= today)
        and (e.leaves is None or today < e.leaves.date)
        and not any(a.start <= today < a.end for a in e.absences)
    )


def is_required(case: Case, want: Wanted, day: int) -> bool:
    if want.task is None:
        return True
    active = case.facts.tasks[want.task].active
    if active is None:
        return True
    today = as_date(day)
    starts = active.start is None or active.start <= today
    return starts and (active.end is None or today < active.end)


def there(case: Case, want: Wanted, day: int, gone: frozenset[str] = frozenset()) -> set[str]:
    """Who is there on a day and may do it, if some have left for good."""
    facts, plan = case
    found = set()
    for e, person in facts.employees.items():
        if e in gone or not is_present(facts, e, day):
            continue
        if want.task is None:
            able = person.skills.get(want.skill, 0) >= want.level
            reach = plan is None and all(p.team is None for p in facts.employees.values())
            if able and (reach or team_of(case, e) == want.team):
                found.add(e)
        elif facts.is_qualified(e, want.task):
            tenures = [h for h in plan.holders if h.task == want.task] if plan else []
            answers = (
                bool(tenures)
                and e == facts.tasks[want.task].holder
                and as_date(day) < min(h.start for h in tenures)
            )
            team = team_of_task(case, want.task)
            member = team is not None and team_of(case, e) == team
            if plan is None or member or answers:
                found.add(e)
    return found


def ready(case: Case, want: Wanted, day: int, gone: frozenset[str] = frozenset()) -> set[str]:
    """Who of them has learnt it by then."""
    return {e for e in there(case, want, day, gone) if has_learnt(case.facts, want, e, day)}


def has_learnt(facts: Facts, want: Wanted, employee: str, day: int) -> bool:
    if want.task is None:
        return True
    task, e = facts.tasks[want.task], facts.employees[employee]
    if employee == task.holder:
        return True
    first = max(facts.organisation.horizon.start, e.joins or facts.organisation.horizon.start)
    done = first + timedelta(task.handover_days)
    if employee in task.prepared:
        done = min(done, task.prepared[employee])
    return as_date(day) >= done


def sets(people: Iterator[str] | list[str], most: int) -> Iterator[frozenset[str]]:
    names = list(people)
    for size in range(most + 1):
        yield from map(frozenset, combinations(names, size))
