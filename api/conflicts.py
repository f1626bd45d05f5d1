"""The names of rules in a conflict, in a sentence each (docs/problem.md, section 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api.texts import Texts
from models.facts import Facts
from models.organisation import (
    Apart,
    Forbid,
    Organisation,
    Pin,
    PinHolder,
    PinLead,
    PinSubstitute,
    Rule,
    Together,
)
from models.policy import Policy


class Explainer:
    """Says what the rules of an organisation are, by their names in a conflict."""

    def __init__(
        self,
        organisation: Organisation,
        policy: Policy,
        texts: Texts,
        held_before: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.facts = Facts(organisation, policy, held_before)
        self.policy = policy
        self.texts = texts
        self.rules = {rule.id: rule for rule in organisation.rules}
        self.skills = {skill.id: skill.name or skill.id for skill in organisation.skills}

    def sentence(self, name: str) -> str:
        """What a rule asks for, with the reason somebody gave; empty if nothing is known of it."""
        rule = self.rules.get(name)
        if rule is not None:
            sentence = self._rule(rule)
            if rule.reason:
                sentence += " " + self.texts("conflict.reason", reason=rule.reason)
            return sentence
        kind, _, of = name.partition(":")
        if kind in ("size", "lead") and of in self.facts.teams:
            return self._of_team(kind, of)
        if kind in ("team", "qualified", "tenure", "moves") and of in self.facts.tasks:
            return self._of_task(kind, of)
        if (
            kind in ("placement", "eligible", "load", "tasks", "fit", "principals")
            and of in self.facts.employees
        ):
            return self._of_employee(kind, of)
        return self.texts("conflict.allow_moves") if name == "moves" else ""

    def weight(self, names: Iterable[str]) -> int:
        """What giving up these rules weighs under the policy."""
        kinds = ((n, self.rules[n].kind if n in self.rules else n.partition(":")[0]) for n in names)
        return sum(self.policy.relaxation_weight(name, kind) for name, kind in kinds)

    def numbers(self, name: str) -> dict[str, int]:
        """The numbers in a rule's sentence, for programs; none where a rule has an id."""
        kind, _, of = name.partition(":")
        if name in self.rules:
            return {}
        if kind == "size" and of in self.facts.teams:
            size = self.facts.teams[of].size
            return {"min": size.min, "max": size.max}
        if kind == "qualified" and of in self.facts.tasks:
            return {"level": self.facts.tasks[of].level}
        if kind == "fit":
            return {"min_fit": self.policy.min_fit}
        limit = self._limits(of).get(kind) if of in self.facts.employees else None
        return {} if limit is None else {"limit": limit}

    def _limits(self, employee: str) -> dict[str, int]:
        return {
            "load": self.facts.load_limit(employee),
            "tasks": self.facts.task_limit(employee),
            "principals": self.policy.max_principals,
        }

    def _of_team(self, kind: str, team: str) -> str:
        size = self.facts.teams[team].size
        return self.texts(f"conflict.{kind}", team=self._team(team), min=size.min, max=size.max)

    def _of_employee(self, kind: str, employee: str) -> str:
        return self.texts(
            f"conflict.{kind}",
            employee=self._person(employee),
            teams=", ".join(self.facts.eligible(employee)),
            limit=self._limits(employee).get(kind),
            fit=self.policy.min_fit,
        )

    def _of_task(self, kind: str, task: str) -> str:
        fixed = self.facts.tasks[task].team
        holder = self.facts.tasks[task].holder
        return self.texts(
            f"conflict.{kind}",
            task=self._task(task),
            fixed=self.texts("conflict.team_fixed", team=self._team(fixed)) if fixed else "",
            employee=self._person(holder) if holder else "",
            what=self._qualification(task),
        )

    def _qualification(self, task: str) -> str:
        q = self.facts.tasks[task]
        asked = [self.texts("qualified.level", skill=self.skills[q.skill], level=q.level)]
        if q.qualification:
            asked.append(self.texts("qualified.qualification", qualification=q.qualification))
        if q.kind == "authority":
            asked.append(self.texts("qualified.office"))
        return ", ".join(asked)

    def _rule(self, rule: Rule) -> str:
        named: dict[str, str] = {}
        match rule:
            case Pin() | Forbid() | PinLead():
                named = {"employee": self._person(rule.employee), "team": self._team(rule.team)}
            case Together() | Apart():
                named = {"employees": ", ".join(map(self._person, rule.employees))}
            case PinHolder():
                named = {"employee": self._person(rule.employee), "task": self._task(rule.task)}
            case PinSubstitute():
                named = {
                    "principal": self._person(rule.principal),
                    "substitute": self._person(rule.substitute),
                }
        return self.texts(f"conflict.{rule.kind}", **named)

    def _person(self, employee: str) -> str:
        known = self.facts.employees.get(employee)
        title = known.title if known else None
        return f"{employee} ({title})" if title else employee

    def _team(self, team: str) -> str:
        name = self.facts.teams[team].name
        return f"{team} ({name})" if name and name != team else team

    def _task(self, task: str) -> str:
        known = self.facts.tasks.get(task)
        return f"{task} ({known.name})" if known and known.name else task
