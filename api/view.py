"""A plan as its readers look at it: people, teams, wishes and pairs, joined by id.

What the summary and the workbook both show is gathered here, from the input and the
independent evaluation; nothing is decided here. Tasks are `api.view_tasks`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from models.days import as_date
from models.evaluation import Evaluation, evaluate_facts
from models.facts import Facts
from models.goals import interest_cost
from models.organisation import Departure, Employee, Organisation, Team
from models.plan_index import PlanIndex
from models.policy import Policy
from models.proposal import Proposal

PERSONAL_GOALS = ("interest", "lead_fit", "colleague_wishes", "site_change", "team_changes")
"""Goals whose cost somebody pays: the first one their match names."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in service, and what the plan does with them.

    Attributes:
        start, end: their service.
        leaves: the departure, if it falls within the horizon.
        pays: points of the policy, by goal, that the plan costs them; none of 0.
    """

    employee: Employee
    team: str
    start: date
    end: date
    is_starter: bool
    leads: bool
    leaves: Departure | None
    grade: int | None
    substitute: str | None
    holds: tuple[str, ...]
    pays: dict[str, int]


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team and its people; person-days short of demand and needs."""

    team: Team
    people: tuple[Person, ...]
    leader: str | None
    starters: int
    last_day: int
    headcount_short: int
    needs_short: int


@dataclass(frozen=True, slots=True)
class Wish:
    """How many of so many wishes of a kind came true (or not, for what is unwanted)."""

    kind: str
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Somebody who needs a substitute, and the one they got, if any.

    Attributes:
        kept: whether it is today's substitute.
        mutual: whether they substitute each other.
        away: days of the principal's service on which the substitute is not present.
        until: the day the substitute leaves, if the principal stays longer.
    """

    principal: str
    substitute: str | None
    fit: int | None
    kept: bool
    mutual: bool
    away: int
    until: date | None = None


class View:
    """A proposal with a valid plan, looked at together with its input.

    Attributes:
        facts: what follows from the input.
        evaluation: the plan's, afresh.
    """

    def __init__(
        self,
        organisation: Organisation,
        policy: Policy,
        proposal: Proposal,
        held_before: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.organisation = organisation
        self.policy = policy
        self.proposal = proposal
        self.facts = Facts(organisation, policy, held_before)
        self.evaluation: Evaluation = evaluate_facts(self.facts, proposal.plan)
        self.index = PlanIndex(self.facts, proposal.plan)

    # Names

    def title_of(self, employee: str | None) -> str:
        """Somebody's title; empty if they have none."""
        return (self.facts.employees[employee].title or "") if employee else ""

    def person_name(self, employee: str) -> str:
        """``E07 payroll secretary``."""
        return f"{employee} {self.title_of(employee)}".rstrip()

    def team_name(self, team: str) -> str:
        """A team's name, or its id where it has none."""
        return self.facts.teams[team].name or team

    def task_name(self, task: str) -> str:
        """A task's name, or its id where it has none."""
        return self.facts.tasks[task].name or task

    # People and teams

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody in service, in input order."""
        return tuple(self._person(e) for e in self.facts.employees)

    def _person(self, e: str) -> Person:
        facts, employee, team = self.facts, self.facts.employees[e], self.index.team_of[e]
        start, end = facts.service(e)
        return Person(
            employee=employee,
            team=team,
            start=as_date(start),
            end=as_date(end),
            is_starter=facts.is_starter(e),
            leads=e in self.index.leaders[team],
            leaves=employee.leaves if facts.leaves_within(e) else None,
            grade=employee.interest.get(team),
            substitute=self.index.substitute_of.get(e),
            holds=self._holds.get(e, ()),
            pays=self._payments.get(e, {}),
        )

    @cached_property
    def _holds(self) -> dict[str, tuple[str, ...]]:
        held: dict[str, dict[str, None]] = {}
        for tenure in self.proposal.holders:
            held.setdefault(tenure.employee, {})[tenure.task] = None
        return {e: tuple(tasks) for e, tasks in held.items()}

    @cached_property
    def _payments(self) -> dict[str, dict[str, int]]:
        weights = self.policy.weights()
        paid: dict[str, dict[str, int]] = {}
        for goal in PERSONAL_GOALS:
            for match in self.evaluation.matches[goal]:
                if points := weights.get(goal, 0) * match.amount:
                    of = paid.setdefault(match.employees[0], {})
                    of[goal] = of.get(goal, 0) + points
        return paid

    @property
    def payers(self) -> tuple[Person, ...]:
        """Those whom the plan costs something, most first."""
        paying = [p for p in self.people if p.pays]
        return tuple(sorted(paying, key=lambda p: -sum(p.pays.values())))

    @cached_property
    def teams(self) -> tuple[TeamView, ...]:
        """All teams, in input order."""
        return tuple(self._team(t) for t in self.facts.teams)

    def _team(self, t: str) -> TeamView:
        people = tuple(p for p in self.people if p.team == t)
        last = self.facts.horizon[1] - 1

        def short(goal: str) -> int:
            return sum(m.amount for m in self.evaluation.matches[goal] if m.team == t)

        return TeamView(
            team=self.facts.teams[t],
            people=people,
            leader=next(iter(self.index.leaders[t]), None),
            starters=sum(p.is_starter for p in people),
            last_day=sum(p.start <= as_date(last) < p.end for p in people),
            headcount_short=short("size_shortage"),
            needs_short=short("skill_shortage"),
        )

    # Wishes

    @cached_property
    def grades(self) -> tuple[int | None, ...]:
        """The grades of interest, cheapest first; None: not asked."""
        return (*sorted(self.policy.interest_cost, key=self.policy.interest_cost.__getitem__), None)

    def grade_counts(self, team: str | None = None) -> dict[int | None, int]:
        """How many got a team they gave each grade; of one team or overall."""
        counts = Counter(p.grade for p in self.people if team in (None, p.team))
        return {grade: counts[grade] for grade in self.grades}

    @property
    def best_graded(self) -> int:
        """How many got a team whose grade costs no more than any other they may be in."""
        return sum(
            interest_cost(self.facts, e, team)
            == min(interest_cost(self.facts, e, t) for t in self.facts.eligible(e))
            for e, team in self.index.team_of.items()
        )

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """Wishes about colleagues that came true; changes of team and site that nobody asked."""
        facts, team_of = self.facts, self.index.team_of

        def met(kind: str, together: bool) -> Wish:
            pairs = [
                (team_of[a], team_of[b])
                for a, employee in facts.employees.items()
                for b in getattr(employee, kind)
                if b in facts.employees
            ]
            return Wish(kind, sum((s == t) == together for s, t in pairs), len(pairs))

        costs = self.evaluation.costs
        placed = sum(e.team is not None for e in facts.employees.values())
        bound = sum(e.site_bound for e in facts.employees.values())
        return (
            met("wants", True),
            met("avoids", False),
            Wish("team_changes", costs["team_changes"], placed),
            Wish("sites", costs["site_change"], bound),
        )

    # Substitutes

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Everybody who needs a substitute, in input order."""
        return tuple(
            self._pair(e)
            for e, employee in self.facts.employees.items()
            if employee.needs_substitute
        )

    def _pair(self, e: str) -> Pair:
        substitute = self.index.substitute_of.get(e)
        if substitute is None:
            return Pair(e, None, None, kept=False, mutual=False, away=0)
        ends = self.facts.service(substitute)[1]
        return Pair(
            e,
            substitute,
            self.facts.fit(e, substitute),
            kept=self.facts.employees[e].substitute == substitute,
            mutual=self.index.substitute_of.get(substitute) == e,
            away=self.facts.days_away(e, substitute),
            until=as_date(ends) if ends < self.facts.service(e)[1] else None,
        )
