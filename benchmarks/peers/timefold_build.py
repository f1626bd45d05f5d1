"""An organisation as Timefold's facts and entities; importing this starts Java."""

from __future__ import annotations

from benchmarks.peers import timefold_domain as domain
from benchmarks.peers.timefold_facts import (
    Candidate,
    Leader,
    Pair,
    TaskFact,
    TeamFact,
    first_holder,
    needs,
    task_fact,
    wishes,
)
from models import goals
from models.facts import Facts
from models.organisation import (
    Forbid,
    Pin,
    PinHolder,
    PinLead,
    PinSubstitute,
)

LINKS = 5
"""Places in a chain after the forced first one: longer successions are not looked for."""


class Builder:
    """People, teams and tasks by number, and what Timefold is to decide about them."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.ids = list(facts.employees)
        self.number = {e: i for i, e in enumerate(self.ids)}
        self.team_ids = list(facts.teams)
        self.team_number = {t: i for i, t in enumerate(self.team_ids)}
        self.task_ids: list[str] = []
        sector_share = facts.policy.max_sector_share
        leaving_share = facts.departure_share + facts.policy.departure_margin
        self.teams = [
            TeamFact(i, team.size.min, team.size.max, sector_share, leaving_share)
            for i, team in enumerate(facts.teams.values())
        ]
        self.sectors = list(
            dict.fromkeys(e.sector for e in facts.employees.values() if e.sector is not None)
        )
        self.people = [self._person(e) for e in self.ids]
        self.tasks: list[TaskFact] = []
        self.candidates: list[Candidate] = []
        self.links: list[domain.LinkSlot] = []
        for q in facts.tasks:
            self._task(q)

    def organisation(self) -> domain.Organisation:
        """All of it, nothing decided."""
        return domain.Organisation(
            teams=self.teams,
            tasks=self.tasks,
            candidates=self.candidates,
            needs=needs(self.facts),
            wishes=wishes(self.facts),
            people=self.people,
            lead_slots=self._lead_slots(),
            substitute_slots=self._substitute_slots(),
            link_slots=self.links,
        )

    def _options(self, employee: str) -> list[str]:
        """The teams somebody may be in, as far as a rule about them alone says."""
        options = list(self.facts.eligible(employee))
        for rule in self.facts.rules.values():
            match rule:
                case Pin() | PinLead() if rule.employee == employee:
                    options = [t for t in options if t == rule.team]
                case Forbid() if rule.employee == employee:
                    options = [t for t in options if t != rule.team]
                case PinHolder() if rule.employee == employee:
                    team = self.facts.tasks[rule.task].team
                    options = [t for t in options if team in (None, t)]
        return options

    def _person(self, e: str) -> domain.Person:
        facts, employee = self.facts, self.facts.employees[e]
        return domain.Person(
            id=self.number[e],
            is_real=True,
            is_starter=facts.is_starter(e),
            leaves=facts.leaves_within(e),
            sector=-1 if employee.sector is None else self.sectors.index(employee.sector),
            load_limit=facts.load_limit(e),
            task_limit=facts.task_limit(e),
            max_principals=facts.policy.max_principals,
            interest=[goals.interest_cost(facts, e, t) for t in self.team_ids],
            site_change=[
                int(employee.site_bound and t.site is not None and t.site != employee.site)
                for t in facts.teams.values()
            ],
            team_change=[int(employee.team not in (None, t)) for t in self.team_ids],
            teams=self._teams(self._options(e)),
        )

    def _teams(self, names: list[str]) -> list[TeamFact]:
        return [self.teams[self.team_number[t]] for t in names]

    def _anchor(self, names: list[str]) -> int:
        """Somebody of no flesh, whose team is a task's."""
        number = len(self.people)
        nothing = [0] * len(self.teams)
        self.people.append(
            domain.Person(
                id=number,
                is_real=False,
                is_starter=False,
                leaves=False,
                sector=-1,
                load_limit=0,
                task_limit=0,
                max_principals=0,
                interest=nothing,
                site_change=nothing,
                team_change=nothing,
                teams=self._teams(names),
            )
        )
        return number

    def _task(self, q: str) -> None:
        facts, task = self.facts, self.facts.tasks[q]
        qualified = facts.qualified(q)
        if not qualified:
            return  # nothing is to be decided, and it costs the same in every plan
        forced = first_holder(facts, q)
        if task.team is not None:
            anchor = self._anchor([task.team])
        elif forced is not None:
            anchor = self.number[forced]
        else:
            possible = [t for t in self.team_ids if any(t in facts.eligible(e) for e in qualified)]
            anchor = self._anchor(possible)
        fact = task_fact(facts, q, len(self.tasks), anchor)
        self.tasks.append(fact)
        self.task_ids.append(q)
        candidates = [Candidate(fact, i, self.number[e]) for i, e in enumerate(qualified)]
        self.candidates += candidates
        after = None if forced is None else facts.tenure(forced, q)[1]
        able = []
        for candidate, e in zip(candidates, qualified, strict=True):
            start, end = facts.tenure(e, q, after)
            if e != forced and start < end:
                able.append(candidate)
        for _ in range(min(LINKS, len({fact.ends[c.index] for c in able}))):
            self.links.append(domain.LinkSlot(len(self.links), able))

    def _lead_slots(self) -> list[domain.LeadSlot]:
        facts = self.facts
        pinned = {r.team: r.employee for r in facts.rules.values() if isinstance(r, PinLead)}
        slots = []
        for t, team in facts.teams.items():
            if team.lead:
                starters = [pinned[t]] if t in pinned else facts.starters
                leaders = [
                    Leader(
                        self.number[e],
                        goals.lead_cost(facts, e, t),
                        int(
                            team.leader in facts.employees
                            and facts.is_starter(team.leader)
                            and team.leader != e
                        ),
                    )
                    for e in starters
                    if t in self._options(e)
                ]
                slots.append(domain.LeadSlot(len(slots), self.team_number[t], leaders))
        return slots

    def _substitute_slots(self) -> list[domain.SubstituteSlot]:
        facts = self.facts
        pinned = {
            r.principal: r.substitute for r in facts.rules.values() if isinstance(r, PinSubstitute)
        }
        slots = []
        for a, employee in facts.employees.items():
            pairs = [
                Pair(
                    principal=self.number[a],
                    substitute=self.number[b],
                    away=facts.days_away(a, b),
                    lacking=10 - facts.fit(a, b),
                    is_current=employee.substitute == b,
                    asks_back=facts.employees[b].needs_substitute,
                )
                for b in self.ids
                if pinned.get(a, b) == b and facts.may_substitute(a, b)
            ]
            if pairs:
                slots.append(domain.SubstituteSlot(len(slots), a in pinned, pairs))
        return slots
