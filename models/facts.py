"""What follows from an input before anything is decided (docs/problem.md, section 2).

`Facts` answers in the statement's own words: who is in service and present when, who is
qualified and ready for which task, how well one fits as another's substitute. Days are
ordinals, intervals half-open (`models.days`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from functools import cached_property

from models import days
from models.days import Interval
from models.organisation import (
    Apart,
    Employee,
    Forbid,
    Organisation,
    Pin,
    PinHolder,
    PinLead,
    PinSubstitute,
    Rule,
    Task,
    Team,
    Together,
)
from models.policy import Policy
from models.proposal import Warn


class Facts:
    """An organisation under a policy, looked up by id.

    Attributes:
        horizon: the days planned for.
        employees: those in service, in input order, by id.
        teams: all teams by id.
        tasks: those that exist on some day of the horizon, by id.
        not_in_service: ids of employees with empty service.
        tasks_left_out: ids of tasks that exist on no day of the horizon.
        held_before: in a what-if, by task of Before, everybody who holds it there
            (section 7); else empty.
    """

    def __init__(
        self,
        organisation: Organisation,
        policy: Policy,
        held_before: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.organisation = organisation
        self.policy = policy
        self.held_before = held_before or {}
        self.horizon: Interval = (
            days.day(organisation.horizon.start),
            days.day(organisation.horizon.end),
        )
        self.teams: dict[str, Team] = {t.id: t for t in organisation.teams}
        self._service = {e.id: self._service_of(e) for e in organisation.employees}
        self._active = {q.id: self._active_of(q) for q in organisation.tasks}
        self.employees: dict[str, Employee] = {
            e.id: e for e in organisation.employees if _some(self._service[e.id])
        }
        self.tasks: dict[str, Task] = {
            q.id: q for q in organisation.tasks if _some(self._active[q.id])
        }
        self.not_in_service = tuple(
            e.id for e in organisation.employees if e.id not in self.employees
        )
        self.tasks_left_out = tuple(q.id for q in organisation.tasks if q.id not in self.tasks)
        self._presence = {
            e.id: days.subtract(
                self._service[e.id],
                [(days.day(a.start), days.day(a.end)) for a in e.absences],
            )
            for e in self.employees.values()
        }
        self._qualified: dict[str, tuple[str, ...]] = {}

    def _service_of(self, e: Employee) -> Interval:
        start, end = self.horizon
        joins = days.day(e.joins) if e.joins else start
        leaves = days.day(e.leaves.date) if e.leaves else end
        return max(start, joins), min(end, leaves)

    def _active_of(self, q: Task) -> Interval:
        start, end = self.horizon
        if q.active and q.active.start:
            start = max(start, days.day(q.active.start))
        if q.active and q.active.end:
            end = min(end, days.day(q.active.end))
        return start, end

    # People

    def service(self, employee: str) -> Interval:
        """S(e): the days in service."""
        return self._service[employee]

    def presence(self, employee: str) -> list[Interval]:
        """The days in service and in no absence."""
        return self._presence[employee]

    def is_starter(self, employee: str) -> bool:
        """Whether they are in service on the first day of the horizon."""
        return self._service[employee][0] == self.horizon[0]

    @cached_property
    def starters(self) -> tuple[str, ...]:
        """Everybody in service on the first day of the horizon."""
        return tuple(e for e in self.employees if self.is_starter(e))

    def eligible(self, employee: str) -> tuple[str, ...]:
        """The teams somebody may be placed in, in input order."""
        allowed = self.employees[employee].eligible_teams
        if allowed is None:
            return tuple(self.teams)
        return tuple(sorted(allowed, key=self._team_order.__getitem__))

    @cached_property
    def _team_order(self) -> dict[str, int]:
        return {t: number for number, t in enumerate(self.teams)}

    def leaves_within(self, employee: str) -> bool:
        """Whether their service ends before the horizon does."""
        return self._service[employee][1] < self.horizon[1]

    def change_points(self, employees: Iterable[str]) -> set[int]:
        """Every day on which the presence of one of them begins or ends."""
        return {p for e in employees for interval in self._presence[e] for p in interval}

    # Tasks

    def active(self, task: str) -> Interval:
        """A(q): the days the task exists."""
        return self._active[task]

    def is_qualified(self, employee: str, task: str) -> bool:
        """Whether somebody may hold the task."""
        e, q = self.employees[employee], self.tasks[task]
        return (
            (e.skills.get(q.skill, 0) >= q.level or e.id == q.holder)
            and (q.qualification is None or q.qualification in e.qualifications)
            and (q.kind != "authority" or e.office_holder)
        )

    def qualified(self, task: str) -> tuple[str, ...]:
        """Everybody in service who may hold the task, in input order."""
        if task not in self._qualified:
            self._qualified[task] = self.qualified_among(task, self.employees.keys())
        return self._qualified[task]

    def qualified_among(self, task: str, people: Set[str]) -> tuple[str, ...]:
        """Those of some people in service who may hold the task, in input order."""
        q = self.tasks[task]
        near = self._skilled.get(q.skill, frozenset()) & people
        if q.holder is not None and q.holder in people:
            near = near | {q.holder}
        able = (e for e in near if self.is_qualified(e, task))
        return tuple(sorted(able, key=self._order.__getitem__))

    @cached_property
    def _order(self) -> dict[str, int]:
        return {e: number for number, e in enumerate(self.employees)}

    @cached_property
    def _skilled(self) -> dict[str, Set[str]]:
        """Everybody in service who has a skill at any level, by skill."""
        skilled: dict[str, set[str]] = {}
        for e, employee in self.employees.items():
            for skill in employee.skills:
                skilled.setdefault(skill, set()).add(e)
        return {skill: frozenset(people) for skill, people in skilled.items()}

    def ready(self, employee: str, task: str) -> int:
        """The first day somebody can hold or stand in for the task, as to handover."""
        q, first = self.tasks[task], self._service[employee][0]
        if employee == q.holder:
            return first
        learned = first + q.handover_days
        if employee in q.prepared:
            learned = min(learned, days.day(q.prepared[employee]))
        return max(first, learned)

    def tenure(self, employee: str, task: str, after: int | None = None) -> Interval:
        """When somebody would hold the task, first of all or after a tenure's end."""
        start, end = self._active[task]
        start = max(start if after is None else after, self.ready(employee, task))
        return start, min(end, self._service[employee][1])

    def may_hold(self, employee: str, task: str) -> bool:
        """Whether they are qualified and have a day to hold it as the first holder."""
        return self.is_qualified(employee, task) and _some(self.tenure(employee, task))

    def current_holder(self, task: str) -> str | None:
        """Who holds the task today, if they are in service and qualified."""
        holder = self.tasks[task].holder
        if holder in self.employees and self.is_qualified(holder, task):
            return holder
        return None

    def holder_before(self, task: str) -> list[Interval]:
        """The days on which the current holder is qualified and present."""
        holder = self.current_holder(task)
        return self._presence[holder] if holder else []

    @cached_property
    def settled_holder(self) -> dict[str, str]:
        """Tasks without a team of their own whose holder is settled: {task: holder}.

        Settled: qualified, in service throughout the first `settled_days` of the task and
        present on at least half of them.
        """
        settled = {}
        for task, q in self.tasks.items():
            holder = self.current_holder(task)
            if holder is None or q.team is not None:
                continue
            start, end = self._active[task]
            first = start, min(end, start + self.policy.settled_days)
            service = self._service[holder]
            present = days.length(days.overlap(self._presence[holder], first))
            throughout = service[0] <= first[0] and first[1] <= service[1]
            if throughout and 2 * present >= first[1] - first[0]:
                settled[task] = holder
        return settled

    @cached_property
    def moves_with_holder(self) -> dict[str, str]:
        """Tasks that move with their holder, who stays the first: {task: holder}.

        Those of a settled holder, unless a pin_holder names somebody else.
        """
        return {
            task: holder
            for task, holder in self.settled_holder.items()
            if all(r.employee == holder for r in self.pins_of_holder.get(task, ()))
        }

    @cached_property
    def held_today(self) -> dict[str, tuple[str, ...]]:
        """{employee: the tasks whose current holder they are}."""
        held: dict[str, list[str]] = {e: [] for e in self.employees}
        for task, q in self.tasks.items():
            if q.holder in held:
                held[q.holder].append(task)
        return {e: tuple(tasks) for e, tasks in held.items()}

    def load_limit(self, employee: str) -> int:
        """Most load (percent of full time) the plan may give somebody on a day."""
        today = sum(self.tasks[q].load for q in self.held_today[employee])
        return max(self.employees[employee].fte, today)

    def task_limit(self, employee: str) -> int:
        """Most tasks the plan may give somebody on a day."""
        return max(self.policy.max_tasks, len(self.held_today[employee]))

    # Substitutes

    def fit(self, principal: str, substitute: str) -> int:
        """How well `substitute` fits as `principal`'s substitute, 0 to 10."""
        a, b = self.employees[principal], self.employees[substitute]
        shared, theirs = 0, b.skills
        for skill, level in a.skills.items():  # plain, as it runs a million times for 5,000 people
            if skill in theirs:
                shared += min(level, theirs[skill])
        if not shared:
            return 0  # what is lacking only lowers it
        lacking = sum(not self.is_qualified(substitute, q) for q in self._authority_held[principal])
        return max(0, 10 * shared // sum(a.skills.values()) - 2 * lacking)

    @cached_property
    def _authority_held(self) -> dict[str, tuple[str, ...]]:
        return {
            e: tuple(q for q in held if self.tasks[q].kind == "authority")
            for e, held in self.held_today.items()
        }

    def may_substitute(self, principal: str, substitute: str) -> bool:
        """Whether the pair is allowed, but for being in one team and the number of principals."""
        a = self.employees[principal]
        if principal == substitute or not a.needs_substitute:
            return False
        if a.substitute == substitute:
            return True
        return self.fit(principal, substitute) >= self.policy.min_fit and bool(
            days.overlap(self._presence[substitute], self._service[principal])
        )

    def days_away(self, principal: str, substitute: str) -> int:
        """Days of the principal's service on which the substitute is not present."""
        start, end = self._service[principal]
        there = days.length(days.overlap(self._presence[substitute], (start, end)))
        return end - start - there

    # Leaders

    def leaves_soon(self, employee: str) -> bool:
        """Whether as a leader they leave, or are mostly absent, within `lead_min_days`."""
        e = self.employees[employee]
        start = self.horizon[0]
        soon = start + self.policy.lead_min_days
        if e.leaves is not None and days.day(e.leaves.date) < soon:
            return True
        first = days.cut((start, soon), self.horizon)
        away = days.union((days.day(a.start), days.day(a.end)) for a in e.absences)
        return 2 * days.length(days.overlap(away, first)) > first[1] - first[0]

    # Headcount

    def demand(self, team: str) -> list[tuple[Interval, int]]:
        """The steps of a team's demand that fall in the horizon: (days, people wanted)."""
        steps = sorted((days.day(d.from_), d.people) for d in self.teams[team].demand)
        ends = [*(start for start, _ in steps), self.horizon[1]][1:]
        cut = [
            (days.cut((start, end), self.horizon), people)
            for (start, people), end in zip(steps, ends, strict=True)
        ]
        return [(interval, people) for interval, people in cut if _some(interval)]

    @cached_property
    def departure_share(self) -> int:
        """Percent of the people in service that leave within the horizon, floored."""
        if not self.employees:
            return 0
        return 100 * sum(map(self.leaves_within, self.employees)) // len(self.employees)

    # Rules that apply

    @cached_property
    def _sorted_rules(self) -> tuple[dict[str, Rule], list[Warn]]:
        applying: dict[str, Rule] = {}
        warnings: list[Warn] = []
        for rule in self.organisation.rules:
            absent = [n for n in named_by(rule) if self._is_left_out(n)]
            kept: Rule | None = None if absent else rule
            if absent and isinstance(rule, Together | Apart):
                rest = tuple(e for e in rule.employees if e in self.employees)
                kept = rule.model_copy(update={"employees": rest}) if len(rest) > 1 else None
            if kept is not None:
                applying[rule.id] = kept
            if absent:
                warnings.append(_does_not_apply(rule.id, absent, kept is not None))
        return applying, warnings

    def _is_left_out(self, named: tuple[str, str]) -> bool:
        kind, name = named
        return name not in (self.tasks if kind == "task" else self.employees)

    @property
    def rules(self) -> dict[str, Rule]:
        """The rules that apply, by id; of together and apart, those in service."""
        return self._sorted_rules[0]

    @property
    def rule_warnings(self) -> list[Warn]:
        """A warning for each rule that does not apply, or not to everybody it names."""
        return self._sorted_rules[1]

    @cached_property
    def pins_of_holder(self) -> dict[str, list[PinHolder]]:
        """The pin_holder rules that apply, by task."""
        pins: dict[str, list[PinHolder]] = {}
        for rule in self.rules.values():
            if isinstance(rule, PinHolder):
                pins.setdefault(rule.task, []).append(rule)
        return pins


def _some(interval: Interval) -> bool:
    return interval[0] < interval[1]


def named_by(rule: Rule) -> list[tuple[str, str]]:
    """The employees and tasks that a rule names: (``employee`` or ``task``, id)."""
    match rule:
        case Pin() | Forbid() | PinLead():
            return [("employee", rule.employee)]
        case Together() | Apart():
            return [("employee", e) for e in rule.employees]
        case PinHolder():
            return [("task", rule.task), ("employee", rule.employee)]
        case PinSubstitute():
            return [("employee", rule.principal), ("employee", rule.substitute)]


def _does_not_apply(rule: str, absent: list[tuple[str, str]], partly: bool) -> Warn:
    names = ", ".join(name for _, name in absent)
    what = "does not apply to" if partly else "does not apply: it names"
    return Warn(
        code="rule_does_not_apply",
        place=f"rules[{rule}]",
        message=f"The rule {what} {names}, not in service or left out in the horizon.",
    )
