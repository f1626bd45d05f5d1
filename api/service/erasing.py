"""JSON without one person: organisations, requests, plans and answers.

What is about the person alone goes whole: their row, their placement, a rule that pins them.
Of what is about others as well, the person's part goes. What is left stays valid where it can: an
organisation refers to nobody who is gone. Last of all their id is taken out of every text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from api.service.naming import Named
from models.organisation import fingerprint

Json = dict[str, Any]

_PEOPLE = ("employee", "principal", "substitute")
"""Fields of a rule or of a plan's row that name one person."""

PLAN = ("placements", "leads", "holders", "substitutes")
"""The lists of a plan."""


class Eraser:
    """Takes one person out of JSON that it leaves as it is: what it gives back is new.

    Args:
        named: the person.
        same: fingerprints of organisations, with those they have without the person; grows.
    """

    def __init__(self, named: Named, same: dict[str, str] | None = None) -> None:
        self.named = named
        self.person = named.person
        self._same = {} if same is None else same

    def organisation(self, content: Json) -> Json:
        """An organisation in its JSON form; wherever its fingerprint stands, it is the new one."""
        result = content | {
            "teams": [_without(t, "leader", self.person) for t in content["teams"]],
            "employees": [
                self._employee(e) for e in content["employees"] if e["id"] != self.person
            ],
        }
        if "tasks" in content:
            result["tasks"] = [self._task(q) for q in content["tasks"]]
        if "rules" in content:
            result["rules"] = list(self._rules(content["rules"]))
        erased: Json = self.named.scrubbed(_compact(result, "rules"))
        self._same[fingerprint(content)] = fingerprint(erased)
        return erased

    def request(self, request: Json) -> Json:
        """What was asked for."""
        result = dict(request)
        if "scenario" in request:
            scenario = request["scenario"]
            events = [self._event(e) for e in scenario.get("events", ())]
            result["scenario"] = _compact(
                scenario | {"events": [e for e in events if e is not None]}, "events"
            )
        if "wishes" in request:
            result["wishes"] = [w for w in request["wishes"] if not self._is_about(w)]
        return self._scrubbed(result)

    def policy(self, policy: Json) -> Json:
        """A policy: weights of rules that name the person go."""
        weights = policy.get("relaxation_weights", {})
        left = {k: w for k, w in weights.items() if not self.named.is_in(k)}
        return self._scrubbed(policy | ({"relaxation_weights": left} if weights else {}))

    def plan(self, plan: Json) -> Json:
        """A plan."""
        return self._scrubbed(self._rows(plan))

    def result(self, result: Json) -> Json:
        """The answer of a proposal, a what-if or a question."""
        parts: dict[str, Callable[[Any], Any]] = {
            # First, for its fingerprint stands in the proposal.
            "organisation": self.organisation,
            "proposal": self._proposal,
            "difference": self._difference,
            "before": self._rows,
            "held_before": self._held,
            "answers": self._answers,
            "alternatives": self._alternatives,
        }
        found = dict(result)
        for key, erase in parts.items():
            if result.get(key) is not None:
                found[key] = erase(result[key])
        return self._scrubbed(found)

    def other(self, value: Json) -> Json:
        """Anything else: progress, the data of an event."""
        return self._scrubbed(value)

    def _scrubbed(self, value: Json) -> Json:
        scrubbed: Json = self.named.scrubbed(value, same=self._same)
        return scrubbed

    # Organisations

    def _employee(self, row: Json) -> Json:
        row = _without(row, "substitute", self.person)
        for field in ("wants", "avoids"):
            if field in row:
                row = _compact(row | {field: self._others(row[field])}, field)
        return row

    def _task(self, row: Json) -> Json:
        row = _without(row, "holder", self.person)
        if "prepared" in row:
            left = {e: day for e, day in row["prepared"].items() if e != self.person}
            row = _compact(row | {"prepared": left}, "prepared")
        return row

    def _rules(self, rules: list[Json]) -> Iterator[Json]:
        taken = {r["id"] for r in rules if not self.named.is_in(r["id"])}
        for rule in rules:
            left = self._rule(rule)
            if left is None:
                continue
            name = first = self.named.erased(left["id"])
            if self.named.is_in(left["id"]):
                number = 2
                while name in taken:
                    name, number = f"{first}-{number}", number + 1
                taken.add(name)
            yield left | {"id": name}

    def _rule(self, rule: Json) -> Json | None:
        """A rule that does not need the person, without them."""
        if any(rule.get(field) == self.person for field in _PEOPLE):
            return None
        if "employees" in rule:
            rule = rule | {"employees": self._others(rule["employees"])}
            if len(rule["employees"]) < 2:
                return None
        return rule

    def _event(self, event: Json) -> Json | None:
        about = event.get("employee")
        if about == self.person or (isinstance(about, dict) and about["id"] == self.person):
            return None
        match event["kind"]:
            case "joins":
                return event | {"employee": self._employee(event["employee"])}
            case "task_starts":
                return event | {"task": self._task(event["task"])}
            case "rule":
                rule = self._rule(event["rule"])
                return None if rule is None else event | {"rule": rule}
            case "drop_rule" if self.named.is_in(event["id"]):
                return None
        return event

    def _others(self, names: list[str]) -> list[str]:
        return [name for name in names if name != self.person]

    # Answers

    def _rows(self, plan: Json) -> Json:
        """A plan's rows, or a proposal's, that are not the person's."""
        rows = {
            part: [r for r in plan[part] if all(r.get(f) != self.person for f in _PEOPLE)]
            for part in PLAN
            if part in plan
        }
        return plan | rows

    def _proposal(self, proposal: Json) -> Json:
        found = self._rows(proposal)
        found["not_in_service"] = self._others(proposal.get("not_in_service", []))
        found["conflicts"] = self._unnamed(proposal.get("conflicts", []))
        found["warnings"] = [
            w
            for w in proposal.get("warnings", [])
            if not (self.named.is_in(w["place"]) or self.named.is_in(w["message"]))
        ]
        if proposal.get("minimal_conflicts"):
            found["minimal_conflicts"] = [
                self._unnamed(names) for names in proposal["minimal_conflicts"]
            ]
        if proposal.get("relaxations"):
            found["relaxations"] = [
                r | {"rules": self._unnamed(r["rules"])} for r in proposal["relaxations"]
            ]
        return found

    def _unnamed(self, rules: list[str]) -> list[str]:
        return [rule for rule in rules if not self.named.is_in(rule)]

    def _held(self, held: dict[str, list[str]]) -> dict[str, list[str]]:
        return {task: self._others(people) for task, people in held.items()}

    def _difference(self, found: Json) -> Json:
        result = dict(found)
        for part in ("came", "went", "moved"):
            result[part] = [r for r in found[part] if r["employee"] != self.person]
        result["tasks"] = [
            row
            | {
                side: [h for h in row[side] if h["employee"] != self.person]
                for side in ("before", "after")
            }
            for row in found["tasks"]
        ]
        result["substitutes"] = [
            self._sides(r) for r in found["substitutes"] if r["principal"] != self.person
        ]
        result["leads"] = [self._sides(r) for r in found["leads"]]
        return result

    def _sides(self, row: Json) -> Json:
        return row | {s: None for s in ("before", "after") if row[s] == self.person}

    def _answers(self, answers: list[Json]) -> list[Json]:
        return [self._answer(a) for a in answers if not self._is_about(a["wish"])]

    def _answer(self, answer: Json) -> Json:
        cure, difference = answer["cure"], answer["difference"]
        if cure and (cure["employee"] == self.person or self.named.is_in(cure["of"])):
            cure = None
        return answer | {
            "cure": cure,
            "conflicts": self._unnamed(answer["conflicts"]),
            "reasons": [r for r in answer["reasons"] if self.person not in r.get("employees", ())],
            "difference": difference and self._difference(difference),
        }

    def _alternatives(self, found: list[Json]) -> list[Json]:
        return [
            one
            | {
                "proposal": self._proposal(one["proposal"]),
                "difference": self._difference(one["difference"]),
            }
            for one in found
        ]

    def _is_about(self, wish: Json) -> bool:
        of = wish["of"] if wish["kind"] == "substitute" else None
        return self.person in (wish["employee"], of)


def _without(row: Json, field: str, value: str) -> Json:
    """A row without a field, if it has this value."""
    return {k: v for k, v in row.items() if not (k == field and v == value)}


def _compact(row: Json, field: str) -> Json:
    """A row without a field that is empty: as what is at its default is stored."""
    return {k: v for k, v in row.items() if k != field or v}
