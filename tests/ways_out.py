"""Every minimal relaxation and conflict of a tiny organisation, from every plan there is.

The plans are judged by `models.rules`, which knows nothing of the optimizer. What a plan breaks
is given up, so the smallest sets that some plan breaks are the minimal relaxations; a set of
rules cannot hold together if every plan breaks one of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain, combinations, product
from typing import Any

from models.days import as_date
from models.facts import Facts
from models.organisation import RULE_KINDS, Organisation, PinHolder, PinLead, PinSubstitute
from models.plan_index import PlanIndex
from models.policy import Policy
from models.proposal import Placement, Plan, Substitution, Tenure
from models.rules import RULES

Names = frozenset[str]

START = date(2020, 1, 1)
_HOLDING = ("qualified", "tenure", "team", "moves", "load", "tasks")
_PLACING = ("eligible", "size")


def minimal_relaxations(organisation: Organisation, policy: Policy) -> set[Names]:
    """All minimal sets of named rules without which some plan keeps all others.

    A pin of a holder that is given up is taken out of the input: without it, a task may move.
    """
    pins = [rule.id for rule in organisation.rules if isinstance(rule, PinHolder)]
    found: set[Names] = set()
    for dropped in _subsets(pins):
        rest = tuple(rule for rule in organisation.rules if rule.id not in dropped)
        facts = Facts(organisation.model_copy(update={"rules": rest}), policy)
        applying = dropped & Facts(organisation, policy).rules.keys()
        found |= {broken | applying for broken in _broken(facts)}
    return _minimal(found)


def minimal_conflicts(relaxations: set[Names]) -> set[Names]:
    """All minimal sets of rules of which every plan breaks one, over all sets of rules."""
    found: list[Names] = []
    for names in _subsets(sorted(frozenset().union(*relaxations))):  # smaller ones first
        if all(names & broken for broken in relaxations) and not any(c <= names for c in found):
            found.append(names)
    return set(found)


def _subsets(names: list[str]) -> Iterator[Names]:
    return map(
        frozenset, chain.from_iterable(combinations(names, n) for n in range(len(names) + 1))
    )


def _minimal(sets: Iterable[Names]) -> set[Names]:
    kept: list[Names] = []
    for one in sorted(sets, key=len):
        if not any(other <= one for other in kept):
            kept.append(one)
    return set(kept)


def _broken(facts: Facts) -> set[Names]:
    """The minimal sets of rules that a plan breaks."""
    found: set[Names] = set()
    for teams in product(facts.teams, repeat=len(facts.employees)):
        team_of = dict(zip(facts.employees, teams, strict=True))
        plan = Plan(
            placements=tuple(
                Placement(
                    employee=e,
                    team=t,
                    start=as_date(facts.service(e)[0]),
                    end=as_date(facts.service(e)[1]),
                )
                for e, t in team_of.items()
            )
        )
        kinds = (*_PLACING, "pin", "forbid", "together", "apart")
        parts = [
            {_judge(facts, plan, kinds)},
            _minimal(_leads(facts, team_of)),
            _minimal(_judge(facts, p, _HOLDING) for p in _held(facts, plan)),
            _minimal(
                _judge(facts, p, ("fit", "principals", "pin_substitute"))
                for p in _paired(facts, plan)
            ),
        ]
        found |= {frozenset().union(*sets) for sets in product(*parts)}
    return _minimal(found)


def _judge(facts: Facts, plan: Plan, kinds: tuple[str, ...]) -> Names:
    """What a plan breaks of these kinds of rules."""
    index = PlanIndex(facts, plan)
    names = {v.rule for rule in RULES for v in rule(index)}
    return frozenset(
        n for n in names if (facts.rules[n].kind if n in facts.rules else n.split(":")[0]) in kinds
    )


def _leads(facts: Facts, team_of: dict[str, str]) -> Iterator[Names]:
    """What leaders break: `lead` stands for the whole rule about a team's leader."""
    pins = {n: r for n, r in facts.rules.items() if isinstance(r, PinLead)}
    for kept in _subsets(sorted(pins)):
        broken = set(pins) - kept
        for t in facts.teams:
            leaders = {pins[n].employee for n in kept if pins[n].team == t}
            if len(leaders) > 1 or any(team_of[e] != t or not facts.is_starter(e) for e in leaders):
                broken.add(f"lead:{t}")
        yield frozenset(broken)


def _held(facts: Facts, plan: Plan) -> Iterator[Plan]:
    """The plan with each choice of first holders that keeps the pins."""
    team_of = {p.employee: p.team for p in plan.placements}
    choices: list[list[Tenure | None]] = []
    for q, task in facts.tasks.items():
        pinned = {pin.employee for pin in facts.pins_of_holder.get(q, ())}
        people = pinned or {facts.settled_holder.get(q)}
        tenures: list[Tenure | None] = [] if pinned else [None]
        for e in people - {None} if len(pinned) < 2 else ():
            start, end = map(as_date, facts.tenure(e, q))
            team = task.team or team_of[e]
            tenures.append(Tenure(task=q, team=team, employee=e, start=start, end=end))
        choices.append(tenures)
    for chosen in product(*choices):
        yield plan.model_copy(update={"holders": tuple(h for h in chosen if h)})


def _paired(facts: Facts, plan: Plan) -> Iterator[Plan]:
    """The plan with each choice of pinned pairs that are in one team."""
    team_of = {p.employee: p.team for p in plan.placements}
    choices: dict[str, set[str | None]] = {}
    for rule in facts.rules.values():
        if isinstance(rule, PinSubstitute):
            choices.setdefault(rule.principal, {None})
            if team_of[rule.principal] == team_of[rule.substitute]:
                choices[rule.principal].add(rule.substitute)
    for chosen in product(*choices.values()):
        pairs = [(a, b) for a, b in zip(choices, chosen, strict=True) if b is not None]
        substitutes = tuple(
            Substitution(principal=a, substitute=b, fit=facts.fit(a, b)) for a, b in pairs
        )
        yield plan.model_copy(update={"substitutes": substitutes})


def random_rules(seed: int, people: int = 4, rules: int = 5) -> dict[str, Any]:
    """A tiny organisation in its JSON form, with many rules: most seeds are infeasible."""
    rng = random.Random(f"rules-{seed}-{people}-{rules}")
    ids, teams, tasks = [f"E{i}" for i in range(1, people + 1)], ["A", "B"], ["Q1", "Q2"]

    about = rng.choice(
        [
            ("pin", "forbid", "together", "apart"),
            ("pin", "pin_holder"),
            ("pin", "pin_substitute"),
            ("pin", "pin_lead"),
            tuple(RULE_KINDS),
        ]
    )

    def on(day: int) -> str:
        return (START + timedelta(day)).isoformat()

    def employee(e: str) -> dict[str, Any]:
        row: dict[str, Any] = {
            "id": e,
            "skills": {s: rng.randint(1, 3) for s in ("s", "t") if rng.random() < 0.7},
            "fte": rng.choice([50, 100]),
        }
        if rng.random() < 0.4:
            row["eligible_teams"] = [rng.choice(teams)]
        if rng.random() < 0.2:
            row["joins"] = on(rng.randint(1, 40))  # some never come
        if rng.random() < 0.2:
            row["substitute"] = rng.choice([other for other in ids if other != e])
        return row

    def task(q: str) -> dict[str, Any]:
        row: dict[str, Any] = {
            "id": q,
            "kind": rng.choice(["ordinary", "ordinary", "authority"]),
            "skill": rng.choice(["s", "t"]),
            "level": rng.choice([1, 2]),
            "load": rng.choice([0, 60, 60]),
            "handover_days": rng.choice([0, 0, 40]),
        }
        if rng.random() < 0.7:
            row["holder"] = rng.choice(ids)
        if rng.random() < 0.4:
            row["team"] = rng.choice(teams)
        return row

    def rule() -> dict[str, Any]:
        a, b = rng.sample(ids, 2)
        kinds = [
            {"kind": "pin", "employee": a, "team": rng.choice(teams)},
            {"kind": "forbid", "employee": a, "team": rng.choice(teams)},
            {"kind": "together", "employees": [a, b]},
            {"kind": "apart", "employees": rng.sample(ids, rng.choice([2, 2, 3]))},
            {"kind": "pin_holder", "task": rng.choice(tasks), "employee": a},
            {"kind": "pin_holder", "task": rng.choice(tasks), "employee": b},
            {"kind": "pin_substitute", "principal": a, "substitute": b},
            {"kind": "pin_substitute", "principal": ids[0], "substitute": ids[-1]},
            {"kind": "pin_substitute", "principal": ids[1], "substitute": ids[-1]},
            {"kind": "pin_lead", "team": rng.choice(teams), "employee": a},
        ]
        return rng.choice([row for row in kinds if row["kind"] in about])

    def team(t: str) -> dict[str, Any]:
        low = rng.choice([0, 0, 1, 2])
        return {"id": t, "size": {"min": low, "max": max(low, rng.choice([1, people, people]))}}

    return {
        "name": f"rules {seed}",
        "horizon": {"start": on(0), "end": on(30)},
        "skills": [{"id": "s"}, {"id": "t"}],
        "teams": [team(t) for t in teams],
        "employees": [employee(e) for e in ids],
        "tasks": [task(q) for q in tasks],
        "rules": [{"id": f"r{i}"} | rule() for i in range(1, rules + 1)],
    }
