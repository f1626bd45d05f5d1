"""Who is where, who answers for what: an organisation as it stands today, or in a proposal.

The analyses ask a `Standing` alone, so that each is written once for both (docs/risk.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal, NamedTuple

from models.days import Interval, cut, day
from models.facts import Facts
from models.plan_index import PlanIndex
from models.proposal import Plan
from models.readiness import readiness

Kind = Literal["authority", "expert", "special", "ordinary"]
KINDS: tuple[Kind, ...] = ("authority", "expert", "special", "ordinary")


class Held(NamedTuple):
    """Somebody answers for a task on some days, present or not."""

    task: str
    employee: str
    days: Interval


class Standing:
    """An organisation with or without a plan, looked up by id.

    Attributes:
        facts: what follows from the input.
        plan: the plan by id; None today.
        team_of: {employee: team}; today their current team, where they have one.
        substitute_of: {principal: substitute}, both in service.
        leaders: {team: employees}, those in service.
    """

    def __init__(self, facts: Facts, plan: Plan | None) -> None:
        self.facts = facts
        self.plan = None if plan is None else PlanIndex(facts, plan)
        self.team_of: Mapping[str, str]
        self.substitute_of: Mapping[str, str]
        if self.plan is not None:
            self.team_of = self.plan.team_of
            self.substitute_of = self.plan.substitute_of
            self.leaders = {t: tuple(found) for t, found in self.plan.leaders.items()}
            return
        people = facts.employees
        self.team_of = {e: p.team for e, p in people.items() if p.team is not None}
        self.substitute_of = {
            e: p.substitute
            for e, p in people.items()
            if p.substitute is not None and p.substitute in people
        }
        self.leaders = {
            t: (team.leader,) if team.lead and team.leader in people else ()
            for t, team in facts.teams.items()
        }

    @cached_property
    def order(self) -> dict[str, int]:
        """{employee: their place in the input}, of those in service."""
        return {e: place for place, e in enumerate(self.facts.employees)}

    @cached_property
    def task_rank(self) -> dict[str, tuple[int, int]]:
        """{task: what comes first}: by kind, authority tasks first, then in input order."""
        tasks = self.facts.tasks
        return {q: (KINDS.index(tasks[q].kind), place) for place, q in enumerate(tasks)}

    @property
    def has_teams(self) -> bool:
        """Whether there are teams yet: in a plan, and today if anybody has one."""
        return self.plan is not None or bool(self.team_of)

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """{team: its members in input order}."""
        found: dict[str, list[str]] = {t: [] for t in self.facts.teams}
        for e in self.facts.employees:
            if e in self.team_of:
                found[self.team_of[e]].append(e)
        return {t: tuple(members) for t, members in found.items()}

    @cached_property
    def principals_of(self) -> dict[str, tuple[str, ...]]:
        """{employee: those whose substitute they are}."""
        found: dict[str, list[str]] = {e: [] for e in self.facts.employees}
        for principal, substitute in self.substitute_of.items():
            found[substitute].append(principal)
        return {e: tuple(principals) for e, principals in found.items()}

    def team_of_task(self, task: str) -> str | None:
        """The team of a task; today the one the input gives it."""
        if self.plan is None:
            return self.facts.tasks[task].team
        return self.plan.team_of_task.get(task)

    def within_reach(self, task: str) -> tuple[str, ...]:
        """The people a task can be given to: today all in service, else its team's members."""
        if self.plan is None:
            return tuple(self.facts.employees)
        team = self.team_of_task(task)
        return () if team is None else self.members[team]

    def may_do(self, task: str) -> tuple[str, ...]:
        """Those of them who are qualified for it, in input order."""
        qualified = self.facts.qualified(task)
        if self.plan is None:
            return qualified
        within = set(self.within_reach(task))
        return tuple(e for e in qualified if e in within)

    def trainees(self, task: str) -> tuple[str, ...]:
        """Those of them who lack the skill alone and can learn it, in input order."""
        learning = self._learning.get(self.facts.tasks[task].skill, ())
        if not learning:
            return ()
        within = set(self.within_reach(task))
        return tuple(
            e
            for e in learning
            if e in within and readiness(self.facts, e, task).state == "training"
        )

    @cached_property
    def _learning(self) -> dict[str, tuple[str, ...]]:
        """{skill: those who can learn it}."""
        found: dict[str, list[str]] = {}
        for e, person in self.facts.employees.items():
            for skill in person.can_learn:
                found.setdefault(skill, []).append(e)
        return {skill: tuple(people) for skill, people in found.items()}

    def first_tenure(self, task: str) -> int | None:
        """The day the plan first gives the task to somebody; None if it never does."""
        chain = self.plan.chains[task] if self.plan else []
        return day(chain[0].start) if chain else None

    @cached_property
    def held(self) -> dict[str, tuple[Held, ...]]:
        """{task: who answers for it, one after the other}.

        Today its current holder, also after their departure: nobody follows. In a plan the
        current holder until the first tenure, then each tenure's until the next begins; nobody
        if the plan gives it to nobody.
        """
        return {q: tuple(self._held(q)) for q in self.facts.tasks}

    def _held(self, task: str) -> list[Held]:
        active, holder = self.facts.active(task), self.facts.current_holder(task)
        if self.plan is None:
            return [Held(task, holder, active)] if holder else []
        chain = self.plan.chains[task]
        found: list[Held] = []
        if chain and holder:
            found.append(Held(task, holder, (active[0], day(chain[0].start))))
        ends = [*(day(tenure.start) for tenure in chain[1:]), active[1]]
        for tenure, end in zip(chain, ends, strict=False):
            found.append(Held(task, tenure.employee, (day(tenure.start), end)))
        return [h for h in found if h.days[0] < h.days[1]]

    @cached_property
    def held_by(self) -> dict[str, tuple[Held, ...]]:
        """{employee: what they answer for, in task order}, also after their departure."""
        found: dict[str, list[Held]] = {e: [] for e in self.facts.employees}
        for rows in self.held.values():
            for row in rows:
                found[row.employee].append(row)
        return {e: tuple(rows) for e, rows in found.items()}

    def held_in_service(self, employee: str) -> list[Held]:
        """What somebody answers for, on the days of their service alone."""
        service = self.facts.service(employee)
        rows = [h._replace(days=cut(h.days, service)) for h in self.held_by[employee]]
        return [h for h in rows if h.days[0] < h.days[1]]

    def leaves(self, employee: str) -> int | None:
        """The first day somebody is gone for good; None if not within the horizon."""
        return self.facts.service(employee)[1] if self.facts.leaves_within(employee) else None
