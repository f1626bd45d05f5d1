"""`tiimi why`: why somebody is not where they wished, or does not hold, lead, substitute."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from threading import Event
from typing import TYPE_CHECKING, Any

from api import exit_codes, search
from api.base import BaseFolder, read_base
from api.conflicts import Explainer
from api.console import say
from api.layout import heading, paragraph
from api.new_file import refuse_taken, write_new
from api.output import json_bytes
from api.progress import display_for
from api.texts import Texts
from api.why_text import WhyText, why_json
from models.issues import InputError, Issue, nearest
from models.readiness import Readiness, readiness

if TYPE_CHECKING:
    from optimizer.solved import Solved
    from optimizer.why import Why, Wish

FEW = 8
"""No more people are named with their titles where they have a reason in common."""


def run(args: Namespace) -> int:
    """Answer; the exit code says whether there is an answer."""
    from optimizer.solved import Solved

    texts = Texts(args.language)
    folder = read_base(args.base)
    base = Solved(folder.organisation, folder.solved_policy, folder.proposal, folder.held_before)
    question = Question(base, args)
    if args.out is not None:
        refuse_taken(args.out)
    answers = _answered(question, args, texts, folder)
    explainer = Explainer(folder.organisation, folder.solved_policy, texts, folder.held_before)
    text = WhyText(base.facts, explainer, texts)
    say(question.lines(answers, text))
    if args.out is not None:
        write_new({args.out: json_bytes(question.json(answers, explainer))})
    known = all(a.holds or a.levels or a.status == "infeasible" for a in answers)
    return exit_codes.DONE if known else exit_codes.NO_PLAN_IN_TIME


def _answered(question: Question, args: Namespace, texts: Texts, folder: BaseFolder) -> list[Why]:
    from optimizer.cpsat import Limits
    from optimizer.why import ranked, why

    with search.stopped_by_signals() as stop:

        def make(progress: Callable[..., None], stop: Event) -> list[Why]:
            limits = Limits.for_seconds(args.time_limit, args.workers, args.seed, stop)
            if question.single:
                return [why(question.base, question.wishes[0], limits, progress)]
            return ranked(question.base, question.wishes, limits, progress)

        display = display_for(folder.solved_policy, args.time_limit, texts)
        return search.run(make, display, stop)


class Question:
    """What was asked: one wish, or all there are about a person, a task or a team.

    Attributes:
        subject: the id asked about; `kind` says what it is.
        wishes: one if `single`, otherwise all to be ranked.
    """

    def __init__(self, base: Solved, args: Namespace) -> None:
        self.base = base
        self.subject: str = args.subject
        given = {k: getattr(args, k) for k in ("team", "holder", "substitute", "leader")}
        self.asked = {k: v for k, v in given.items() if v is not None}
        self.kind = self._kind_of_subject()
        self.single = bool(self.asked)
        self.wishes: list[Wish] = self._wishes()

    def _kind_of_subject(self) -> str:
        facts = self.base.facts
        known: dict[str, Mapping[str, object]] = {
            "employee": facts.employees,
            "task": facts.tasks,
            "team": facts.teams,
        }
        kinds = [kind for kind, ids in known.items() if self.subject in ids]
        fitting = {"team": "employee", "substitute": "employee", "holder": "task", "leader": "team"}
        wanted = {fitting[k] for k in self.asked}
        if len(self.asked) > 1:
            raise _refused("bad_option", "Ask one thing at a time.", "Leave one option.")
        kinds = [k for k in kinds if not wanted or k in wanted]
        if len(kinds) != 1:
            ids = [i for kind, of in known.items() if not wanted or kind in wanted for i in of]
            what = " or ".join(sorted(wanted)) or "employee, task or team"
            if kinds:
                message = f"{self.subject!r} is the id of {' and '.join(kinds)}."
                cure = "Ask with an option, such as --team, --holder or --leader."
                raise _refused("ambiguous_id", message, cure)
            message = f"No {what} in service has the id {self.subject!r}."
            raise _refused("unknown_id", message, nearest(self.subject, ids))
        return kinds[0]

    def _wishes(self) -> list[Wish]:
        from optimizer.why import Wish

        facts = self.base.facts
        if self.asked:
            ((kind, other),) = self.asked.items()
            known: Mapping[str, object] = facts.teams if kind == "team" else facts.employees
            if other not in known:
                message = f"No {'team' if kind == 'team' else 'employee'} has the id {other!r}."
                raise _refused("unknown_id", message, nearest(other, known))
            if kind == "team":
                return [Wish("team", self.subject, other)]
            if kind == "substitute" and not facts.employees[self.subject].needs_substitute:
                message = f"{self.subject} needs no substitute."
                raise _refused("needs_no_substitute", message, "Ask about somebody who does.")
            if kind == "leader" and not facts.teams[self.subject].lead:
                message = f"{self.subject} has no leader."
                raise _refused("team_without_lead", message, "Ask about another team.")
            return [Wish(kind, other, self.subject)]  # type: ignore[arg-type]
        match self.kind:
            case "employee":
                return [Wish("team", self.subject, t) for t in facts.teams]
            case "task":
                able = [e for e in facts.employees if facts.may_hold(e, self.subject)]
                return [Wish("holder", e, self.subject) for e in able]
        if not facts.teams[self.subject].lead:
            message = f"{self.subject} has no leader."
            raise _refused("team_without_lead", message, "Ask about another team.")
        able = [
            e
            for e in facts.starters
            if self.subject in facts.employees[e].lead_interest
            or self.base.facts.teams[self.subject].leader == e
        ]
        return [Wish("leader", e, self.subject) for e in able]

    def lines(self, answers: list[Why], text: WhyText) -> Iterator[str]:
        """The answers in words."""
        if self.single:
            yield from text.lines(answers[0])
            return
        names, texts = text.names, text.texts
        match self.kind:
            case "employee":
                title = texts("why.ranked.teams", person=names.person(self.subject))
                yield from text.ranking(title, answers, "team")
            case "task":
                title = texts("why.ranked.holders", task=names.task(self.subject))
                yield from text.ranking(title, answers, "employee")
                yield from self._readiness(text)
            case "team":
                title = texts("why.ranked.leaders", team=names.team(self.subject))
                yield from text.ranking(title, answers, "employee")

    def _readiness(self, text: WhyText) -> Iterator[str]:
        """How ready everybody is who may hold the task, or could learn it."""
        yield from heading(text.texts("column.ready"))
        same: dict[str, list[str]] = {}
        for one in self._ready():
            same.setdefault(text.readiness(one, self.subject), []).append(one.employee)
        for words, people in same.items():
            # One by one with their titles where they are few: those are looked at.
            named = [text.names.person(e) for e in people] if len(people) <= FEW else people
            yield from paragraph(f"{words}: {', '.join(named)}")

    def _ready(self) -> list[Readiness]:
        facts = self.base.facts
        found = [readiness(facts, e, self.subject) for e in facts.employees]
        order = ("now", "later", "training", "never")
        found.sort(key=lambda r: (order.index(r.state), r.ready or facts.organisation.horizon.end))
        return found

    def json(self, answers: list[Why], explainer: Explainer) -> dict[str, Any]:
        """The answers for programs, with the numbers of the rules that they name."""
        rules = dict.fromkeys(name for a in answers for name in a.conflicts)
        result: dict[str, Any] = {
            "subject": self.subject,
            "answers": [why_json(a) for a in answers],
            "rules": {name: explainer.numbers(name) for name in rules},
        }
        if self.kind == "task" and not self.single:
            q = self.base.facts.tasks[self.subject]
            result["asked"] = {"skill": q.skill, "level": q.level}
            result["readiness"] = [
                asdict(r) | {"ready": r.ready.isoformat() if r.ready else None}
                for r in self._ready()
            ]
        return result


def _refused(code: str, message: str, cure: str) -> InputError:
    return InputError([Issue(code, "why", message, cure)])
