"""The whole model: variables and hard rules, and one encoder per goal, by name.

`GOAL_ENCODERS` joins the goals of `models.goals` to their encoders; a test compares the two
lists. Pair variables are the largest block and matter to no other rule or goal: they are built
when a level first weighs them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cached_property

from models.days import as_date
from models.facts import Facts
from models.policy import Level
from models.proposal import Lead, Plan, Substitution, Tenure
from models.proposal import Placement as PlacementRow
from optimizer import coverage, wishes
from optimizer.chains import Chain, limit_loads
from optimizer.garbage import uncollected
from optimizer.pairs import Pairs
from optimizer.placement import Placement
from optimizer.program import ONE, Program, Sum


class Model:
    """An organisation as an integer program.

    Built for a feasible organisation (`optimizer.conflicts` says whether it is).

    Attributes:
        seconds: what building took, less what goals need: the measure of other work of its size.
        pace: the same for one variable.
    """

    def __init__(self, facts: Facts) -> None:
        started = time.monotonic()
        self.facts = facts
        self.program = Program()
        with uncollected():
            self.placement = Placement(facts, self.program)
            self.chains = {q: Chain(q, self.placement) for q in facts.tasks}
            limit_loads(self.placement, self.chains)
        self._goals: dict[str, Sum] = {}
        self.seconds = time.monotonic() - started
        self.pace = self.seconds / len(self.program.lower)

    @cached_property
    def pairs(self) -> Pairs:
        """The pair variables; today's and the pinned ones are built at the first call."""
        return Pairs(self.placement)

    @property
    def has_pairs(self) -> bool:
        """Whether the pair variables have been built."""
        return "pairs" in self.__dict__

    @property
    def has_all_pairs(self) -> bool:
        """Whether no pair variable is to come."""
        return self.has_pairs and self.pairs.is_complete

    @property
    def is_restricted(self) -> bool:
        """Whether some plans cannot be expressed, so that nothing is proven any more."""
        return self.has_pairs and self.pairs.is_restricted

    def goal(self, name: str) -> Sum:
        """A goal's unweighted cost; adds what it needs to the program, once."""
        if name not in self._goals:
            with uncollected():
                self._goals[name] = GOAL_ENCODERS[name](self)
        return self._goals[name]

    def weighted(self, weights: dict[str, int]) -> Sum:
        """The weighted sum of goals."""
        total = Sum()
        for name, weight in weights.items():
            total.plus(self.goal(name), weight)
        return total

    def decisions(self) -> dict[int, tuple[str, frozenset[str]]]:
        """Each variable that is a decision: its team, and who must be there for it to be 1."""
        found: dict[int, tuple[str, frozenset[str]]] = {}
        for chain in self.chains.values():
            found |= {in_team: (t, frozenset()) for t, in_team in chain.in_team.items()}
            for by_team in (chain.holds, chain.first):
                for t, people in by_team.items():
                    found |= {v: (t, frozenset((e,))) for e, v in people.items()}
        if self.has_pairs:
            for pair, layers in self.pairs.layers.items():
                found |= {chosen: (t, frozenset(pair)) for t, chosen in layers.items()}
        for t, leaders in self.placement.lead.items():
            found |= {leads: (t, frozenset((e,))) for e, leads in leaders.items()}
        for e, options in self.placement.place.items():
            found |= {place: (t, frozenset((e,))) for t, place in options.items()}
        found.pop(ONE, None)
        return found

    def team_of(self, values: Sequence[int]) -> dict[str, str]:
        """Who is in which team by an assignment of all variables."""
        return {
            e: next(t for t, place in self.placement.place[e].items() if values[place])
            for e in self.facts.employees
        }

    def plan(self, values: Sequence[int]) -> Plan:
        """Read a plan off an assignment of all variables."""
        facts, team_of = self.facts, self.team_of(values)
        return Plan(
            placements=tuple(
                PlacementRow(
                    employee=e,
                    team=t,
                    start=as_date(facts.service(e)[0]),
                    end=as_date(facts.service(e)[1]),
                )
                for e, t in team_of.items()
            ),
            leads=tuple(
                Lead(team=t, employee=e)
                for t in facts.teams
                for e, leads in self.placement.lead.get(t, {}).items()
                if values[leads]
            ),
            holders=tuple(
                Tenure(task=q, team=t, employee=e, start=as_date(start), end=as_date(end))
                for q, chain in self.chains.items()
                for e, t, (start, end) in chain.tenures(values)
            ),
            substitutes=self._substitutions(values),
        )

    def hint(self, plan: Plan) -> dict[int, int]:
        """A plan as values of the decisions built so far; it need not be valid here."""
        team_of = {p.employee: p.team for p in plan.placements}
        leads = {(lead.team, lead.employee) for lead in plan.leads}
        pairs = {(s.principal, s.substitute) for s in plan.substitutes}
        values = {
            place: int(team_of.get(e) == t)
            for e, options in self.placement.place.items()
            for t, place in options.items()
        }
        for t, leaders in self.placement.lead.items():
            values |= {leading: int((t, e) in leads) for e, leading in leaders.items()}
        holders: dict[str, dict[str, str]] = {q: {} for q in self.chains}
        for h in sorted(plan.holders, key=lambda h: h.start):
            if h.task in holders:
                holders[h.task][h.employee] = h.team
        for q, chain in self.chains.items():
            values = chain.hint(holders[q]) | values
        if self.has_pairs:
            for pair, layers in self.pairs.layers.items():
                together = pair in pairs
                values |= {
                    chosen: int(together and team_of.get(pair[0]) == t)
                    for t, chosen in layers.items()
                }
        return {variable: value for variable, value in values.items() if variable != ONE}

    def _substitutions(self, values: Sequence[int]) -> tuple[Substitution, ...]:
        if not self.has_pairs:
            return ()
        substitute_of = {
            a: b
            for (a, b), layers in self.pairs.layers.items()
            if any(values[chosen] for chosen in layers.values())
        }
        return tuple(
            Substitution(principal=a, substitute=b, fit=self.facts.fit(a, b))
            for a in self.facts.employees
            if (b := substitute_of.get(a)) is not None
        )


def _over_tasks(encode: Callable[[Model, Chain], Sum], *kinds: str) -> Callable[[Model], Sum]:
    def total(model: Model) -> Sum:
        whole = Sum()
        for q, chain in model.chains.items():
            if not kinds or model.facts.tasks[q].kind in kinds:
                whole.plus(encode(model, chain))
        return whole

    return total


def _uncovered(model: Model, chain: Chain) -> Sum:
    return coverage.uncovered_days(model.placement, chain)


def is_about_pairs(level: Level) -> bool:
    """Whether a level weighs a goal about substitutes."""
    return not PAIR_GOALS.isdisjoint(level.weighted())


def needs_all_pairs(level: Level) -> bool:
    """Whether it weighs one that needs more pairs than today's."""
    return not (PAIR_GOALS - {"substitute_changes"}).isdisjoint(level.weighted())


PAIR_GOALS = frozenset(
    (
        "no_substitute",
        "substitute_away",
        "substitute_fit",
        "substitute_changes",
        "one_way_substitutes",
    )
)
"""The goals that need the pair variables."""

GOAL_ENCODERS: dict[str, Callable[[Model], Sum]] = {
    "authority_gap": _over_tasks(_uncovered, "authority"),
    "task_gap": _over_tasks(_uncovered, "ordinary", "special", "expert"),
    "backup_shortage": _over_tasks(lambda m, c: coverage.backup_shortage(m.placement, c)),
    "skill_shortage": lambda m: coverage.skill_shortage(m.placement),
    "size_shortage": lambda m: coverage.size_shortage(m.placement),
    "no_substitute": lambda m: m.pairs.no_substitute(),
    "substitute_away": lambda m: m.pairs.substitute_away(),
    "interest": lambda m: wishes.interest(m.placement),
    "lead_fit": lambda m: wishes.lead_fit(m.placement),
    "substitute_fit": lambda m: m.pairs.substitute_fit(),
    "colleague_wishes": lambda m: wishes.colleague_wishes(m.placement),
    "site_change": lambda m: wishes.site_change(m.placement),
    "handovers": _over_tasks(lambda m, c: wishes.handovers(c)),
    "lead_changes": lambda m: wishes.lead_changes(m.placement),
    "team_changes": lambda m: wishes.team_changes(m.placement),
    "substitute_changes": lambda m: m.pairs.substitute_changes(),
    "one_way_substitutes": lambda m: m.pairs.one_way_substitutes(),
    "sector_concentration": lambda m: wishes.sector_concentration(m.placement),
    "departure_concentration": lambda m: wishes.departure_concentration(m.placement),
    "succession_changes": lambda m: wishes.succession_changes(m.facts, m.chains),
}
