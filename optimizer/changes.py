"""Single changes of an input that might make a wish free, and what they would take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from models.facts import Facts, named_by
from models.organisation import Employee, Organisation, PinSubstitute, Task, Team
from models.plan_index import PlanIndex

if TYPE_CHECKING:
    from optimizer.solved import Solved
    from optimizer.why import Why

ChangeKind = Literal["size_max", "size_min", "eligible", "drop_rule", "qualify"]

MOST_QUALIFIED = 12
"""No more people are tried as qualified for one task: those who lack least."""

MOST_TOGETHER = 4
"""No more changes are refuted together: of many, all at once are nearly always enough."""

_PRICES = {"skill": 1, "qualification": 2, "office": 2}
_RULE_PRICE = 2


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the input.

    Attributes:
        kind: `size_max`: team `of` may have one more; `size_min`: one fewer; `eligible`:
            `employee` may be placed in team `of`; `drop_rule`: the rule `of` no longer holds;
            `qualify`: `employee` gets what task `of` asks for.
        price: to rank changes: a person more or fewer in a team, a team or a level of a skill
            is 1, a qualification, an office or a rule 2.
    """

    kind: ChangeKind
    of: str
    employee: str | None = None
    price: int = 1

    def apply(self, organisation: Organisation) -> Organisation:
        """The organisation with the change."""
        if self.kind in ("size_max", "size_min"):
            teams = [_resized(t, self.kind) if t.id == self.of else t for t in organisation.teams]
            return organisation.model_copy(update={"teams": tuple(teams)})
        if self.kind == "drop_rule":
            rules = tuple(r for r in organisation.rules if r.id != self.of)
            return organisation.model_copy(update={"rules": rules})
        task = next((q for q in organisation.tasks if q.id == self.of), None)
        people = []
        for e in organisation.employees:
            if e.id == self.employee and self.kind == "eligible":
                e = _eligible(e, self.of)
            elif e.id == self.employee and task is not None:
                e = _qualified(e, task)
            people.append(e)
        return organisation.model_copy(update={"employees": tuple(people)})


def _resized(team: Team, kind: str) -> Team:
    low, high = team.size.min, team.size.max
    size = {"max": high + 1} if kind == "size_max" else {"min": max(0, low - 1)}
    return team.model_copy(update={"size": team.size.model_copy(update=size)})


def _eligible(employee: Employee, team: str) -> Employee:
    return employee.model_copy(update={"eligible_teams": (*(employee.eligible_teams or ()), team)})


def _qualified(employee: Employee, task: Task) -> Employee:
    level = max(task.level, employee.skills.get(task.skill, 0))
    asked = () if task.qualification in (None, *employee.qualifications) else (task.qualification,)
    return employee.model_copy(
        update={
            "skills": employee.skills | {task.skill: level},
            "qualifications": (*employee.qualifications, *asked),
            "office_holder": employee.office_holder or task.kind == "authority",
        }
    )


def changes_for(base: Solved, answer: Why) -> Iterator[Change]:
    """Changes that bear on a wish: on its rules, and on the tasks it leaves short.

    Cheapest first, then in input order.
    """
    found = dict.fromkeys([*_of_rules(base, answer), *_of_tasks(base, answer)])
    yield from sorted(found, key=lambda change: change.price)


def together_for(facts: Facts, changes: Sequence[Change]) -> dict[Change, tuple[Change, ...]]:
    """People qualified for one task, who are refuted together if all of them are not enough.

    Whoever is qualified takes no plan away and lets none cost more, but for goals about pairs.
    Two kinds stand alone: whose task of today might thereby move with them, and whose pinned
    substitute might no longer fit.

    Args:
        facts: with the wish, which may pin a substitute.
        changes: those to be tried.
    """
    alone = {q.holder for q in facts.tasks.values() if not facts.current_holder(q.id)}
    alone |= {r.principal for r in facts.rules.values() if isinstance(r, PinSubstitute)}
    groups: dict[str, list[Change]] = {}
    for change in changes:
        if change.kind == "qualify" and change.employee not in alone:
            groups.setdefault(change.of, []).append(change)
    lots = (
        tuple(group[at : at + MOST_TOGETHER])
        for group in groups.values()
        for at in range(0, len(group), MOST_TOGETHER)
    )
    return {change: lot for lot in lots for change in lot}


def _of_rules(base: Solved, answer: Why) -> Iterator[Change]:
    facts, wish = base.facts, answer.wish
    index = PlanIndex(facts, base.proposal.plan)
    old, new = index.team_of.get(wish.employee), _team_wanted(index, answer)
    if new is not None and old != new:
        yield Change("size_max", new)
        if old is not None:
            yield Change("size_min", old)
        if new not in facts.eligible(wish.employee):
            yield Change("eligible", new, wish.employee)
    for name in answer.conflicts:
        kind, _, of = name.partition(":")
        if kind == "size":
            yield Change("size_max", of)
            yield Change("size_min", of)
    for rule in facts.rules.values():
        if rule.id in answer.conflicts or ("employee", wish.employee) in named_by(rule):
            yield Change("drop_rule", rule.id, price=_RULE_PRICE)


def _team_wanted(index: PlanIndex, answer: Why) -> str | None:
    """The team in which the wish has the person."""
    match answer.wish.kind:
        case "team" | "leader":
            return answer.wish.of
        case "substitute":
            return index.team_of.get(answer.wish.of)
        case "holder":
            return index.team_of_task.get(answer.wish.of)


def _of_tasks(base: Solved, answer: Why) -> Iterator[Change]:
    """Colleagues qualified for a task: of the wish, or one that it leaves short."""
    facts = base.facts
    if answer.wish.kind == "holder" and not facts.may_hold(answer.wish.employee, answer.wish.of):
        yield _qualifying(facts, answer.wish.employee, answer.wish.of)
    tasks = dict.fromkeys(
        r.about.task for r in answer.reasons if r.about.task is not None and r.weighted > 0
    )
    for q in tasks:
        lacking = [e for e in facts.employees if not facts.is_qualified(e, q)]
        changes = sorted((_qualifying(facts, e, q) for e in lacking), key=lambda c: c.price)
        yield from changes[:MOST_QUALIFIED]


def _qualifying(facts: Facts, employee: str, task: str) -> Change:
    e, q = facts.employees[employee], facts.tasks[task]
    price = _PRICES["skill"] * max(0, q.level - e.skills.get(q.skill, 0))
    if q.qualification is not None and q.qualification not in e.qualifications:
        price += _PRICES["qualification"]
    if q.kind == "authority" and not e.office_holder:
        price += _PRICES["office"]
    return Change("qualify", task, employee, max(1, price))
