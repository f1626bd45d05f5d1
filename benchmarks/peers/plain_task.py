"""One task of the plain formulation: a literal per person and period."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ortools.sat.python import cp_model

from models import days
from models.days import Interval, as_date
from models.facts import Facts
from models.proposal import Tenure

Literal = cp_model.IntVar


class PlainTask:
    """Who holds a task when, in which team it is, which qualified people are members there.

    Attributes:
        periods: A(q), split wherever one of the qualified comes, goes or becomes ready.
        holds: {employee: {period: literal}}, over the periods in which they can hold it.
        held: {employee: literal}, whether they ever do: a holder stays to their last period.
        some: whether anybody does.
        in_team: {team: literal}, whether the task is that team's.
        member: {employee: literal}, at most so if a qualified person is in the task's team.
    """

    def __init__(
        self,
        task: str,
        facts: Facts,
        model: cp_model.CpModel,
        place: Mapping[tuple[str, str], Literal],
    ) -> None:
        self.task = task
        self.facts = facts
        self.model = model
        self.place = place
        qualified = facts.qualified(task)
        points = facts.change_points(qualified)
        points |= {day for e in qualified for day in (facts.ready(e, task), *facts.service(e))}
        self.periods: list[Interval] = days.segments(facts.active(task), points)
        self.holds: dict[str, dict[Interval, Literal]] = {}
        for e in qualified:
            start, end = facts.tenure(e, task)
            window = [p for p in self.periods if start <= p[0] and p[1] <= end]
            if window:
                self.holds[e] = {p: model.new_bool_var("") for p in window}
        self.held = {e: list(by_period.values())[-1] for e, by_period in self.holds.items()}
        self.some = model.new_bool_var("")
        model.add_bool_or(*self.held.values(), ~self.some)
        for held in self.held.values():
            model.add_implication(held, self.some)
        self._tenures()
        self.in_team = self._teams()
        self.member = {e: model.new_bool_var("") for e in qualified}
        for e, member in self.member.items():
            self._needs_place(e, member)
        for e, held in self.held.items():
            self._needs_place(e, held)

    def holders_in(self, period: Interval) -> dict[str, Literal]:
        """{employee: whether they hold the task in a period}."""
        return {e: by_period[period] for e, by_period in self.holds.items() if period in by_period}

    def held_by(self, employee: str) -> list[tuple[Interval, Literal]]:
        """The periods in which somebody can hold the task, and whether they do."""
        return list(self.holds.get(employee, {}).items())

    def _tenures(self) -> None:
        """At most one holder, who stays, and begins as early as can be."""
        before: dict[str, Literal] = {}
        for period in self.periods:
            now = self.holders_in(period)
            self.model.add_at_most_one(now.values())
            for e, holds in now.items():
                if e in before:
                    self.model.add_implication(before[e], holds)
                    # Whoever begins after their first day follows somebody at once.
                    others = [held for f, held in before.items() if f != e]
                    self.model.add_bool_or(~holds, before[e], *others)
            before = now

    def _teams(self) -> dict[str, Literal]:
        fixed = self.facts.tasks[self.task].team
        if fixed is not None:
            return {fixed: self.model.new_constant(1)}
        teams = [
            t for t in self.facts.teams if any(t in self.facts.eligible(e) for e in self.holds)
        ]
        in_team = {t: self.model.new_bool_var("") for t in teams}
        self.model.add(sum(in_team.values()) == self.some)
        return in_team

    def _needs_place(self, employee: str, literal: Literal) -> None:
        """The literal only if they are in the task's team."""
        self.model.add_bool_or(~literal, *self.in_team.values())
        for t, in_team in self.in_team.items():
            self.model.add_bool_or(~literal, ~in_team, self.place[employee, t])

    def must_be_first(self, employee: str) -> None:
        """They hold the task from their first period on, and nobody before."""
        if employee not in self.holds:
            self.model.add_bool_or([])
            return
        first, holds = next(iter(self.holds[employee].items()))
        self.model.add(holds == 1)
        for period in self.periods:
            if period[0] < first[0]:
                for earlier in self.holders_in(period).values():
                    self.model.add(earlier == 0)

    def tenures(
        self, yes: Callable[[Literal], bool], team_of: Mapping[str, str]
    ) -> Iterator[Tenure]:
        """The tenures of a solution."""
        fixed = self.facts.tasks[self.task].team
        for e, by_period in self.holds.items():
            held = [period for period, holds in by_period.items() if yes(holds)]
            if held:
                yield Tenure(
                    task=self.task,
                    team=fixed or team_of[e],
                    employee=e,
                    start=as_date(held[0][0]),
                    end=as_date(held[-1][1]),
                )
