"""Answers to "why not so?" in sentences; every number in them is in the answer's JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from api.conflicts import Explainer
from api.layout import Cell, heading, paragraph, table
from api.names import Names
from api.texts import Texts, plain
from models.facts import Facts
from models.readiness import Readiness

if TYPE_CHECKING:
    from optimizer.reasons import Reason
    from optimizer.why import Why, Wish

MOST_REASONS = 6
"""Reasons that are told in sentences; the JSON has them all."""

_UNITS = {
    **dict.fromkeys(("authority_gap", "task_gap", "substitute_away"), "day"),
    **dict.fromkeys(("backup_shortage", "skill_shortage", "size_shortage"), "person_day"),
    **dict.fromkeys(("interest", "lead_fit", "substitute_fit"), "point"),
}
"""What a goal counts, where its text does not begin with it: the nouns of `Texts.count`."""


def why_json(answer: Why) -> dict[str, Any]:
    """An answer for programs, complete."""
    result: dict[str, Any] = {
        "wish": asdict(answer.wish),
        "status": answer.status,
        "holds": answer.holds,
        "free": answer.is_free,
        "proven": answer.is_proven,
        "first_worse": answer.first_worse.level if answer.first_worse else None,
        "levels": [asdict(x) | {"change": x.change} for x in answer.levels],
        "reasons": [
            {
                "goal": r.goal,
                **{k: v for k, v in r.about._asdict().items() if v},
                "before": r.before,
                "after": r.after,
                "change": r.after - r.before,
                "weighted": r.weighted,
                "first_day": r.first_day.isoformat() if r.first_day else None,
            }
            for r in answer.reasons
        ],
        "smaller_reasons": len(_worse(answer.reasons)[MOST_REASONS:]),
        "relief": relief(answer.reasons),
        "others_moved": others_moved(answer),
        "conflicts": list(answer.conflicts),
        "cure": asdict(answer.cure) if answer.cure else None,
        "no_cure": answer.no_cure,
        "cures_tried": answer.tried,
        "difference": answer.difference.to_dict() if answer.difference else None,
    }
    return result


def relief(reasons: Sequence[Reason]) -> dict[str, int]:
    """By goal, how much less the tasks and people cost that are better off."""
    found: dict[str, int] = {}
    for r in reasons:
        if r.weighted < 0:
            found[r.goal] = found.get(r.goal, 0) + r.after - r.before
    return found


def others_moved(answer: Why) -> int | None:
    """How many people beside the one of the wish are in another team; None without a plan."""
    if answer.difference is None:
        return None
    return sum(m.employee != answer.wish.employee for m in answer.difference.moved)


def _worse(reasons: Sequence[Reason]) -> list[Reason]:
    return [r for r in reasons if r.weighted > 0]


class WhyText:
    """Says answers in one language."""

    def __init__(self, facts: Facts, explainer: Explainer, texts: Texts) -> None:
        self.facts = facts
        self.names = Names.of(facts)
        self.explainer = explainer
        self.texts = texts

    def lines(self, answer: Why) -> Iterator[str]:
        """One answer, whole."""
        texts = self.texts
        yield plain(self.question(answer.wish))
        yield from paragraph(self.verdict(answer), indent=0)
        if answer.conflicts:
            for name in answer.conflicts:
                yield from paragraph(f"{name}: {self._rule(name)}")
        if answer.holds or not answer.levels:
            yield from self._cure(answer)
            return
        if answer.first_worse or answer.is_free:
            key = "why.proven" if answer.is_proven else "why.not_proven"
            yield from paragraph(texts(key), indent=0)
        yield from self._reasons(answer.reasons)
        yield from self._cure(answer)
        yield from self._levels(answer)

    def question(self, wish: Wish) -> str:
        """The wish as a question."""
        return self.texts(
            f"wish.{wish.kind}",
            person=self.names.person(wish.employee),
            team=self.names.team(wish.of),
            task=self.names.task(wish.of),
            other=self.names.person(wish.of),
        )

    def verdict(self, answer: Why) -> str:
        """What it costs, in a sentence."""
        texts, worse = self.texts, answer.first_worse
        if answer.holds:
            return texts("why.holds")
        if answer.status == "infeasible":
            return texts("why.impossible")
        if not answer.levels:
            return texts("why.unknown")
        if worse is None:
            return texts("why.free")
        return texts(
            "why.worse",
            level=texts.level(worse.level),
            before=worse.before,
            after=worse.after,
            change=f"{worse.change:+d}",
        )

    def short_verdict(self, answer: Why) -> str:
        """The same for a cell of a table."""
        texts, worse = self.texts, answer.first_worse
        if answer.holds:
            return texts("why.verdict.holds")
        if answer.status == "infeasible":
            rules = [n for n in answer.conflicts if not self._is_wish(n)]
            names = ", ".join(rules) or texts("why.itself")
            return texts("why.verdict.impossible", rules=names)
        if not answer.levels:
            return texts("why.verdict.unknown")
        if worse is None:
            return texts("why.verdict.free")
        return f"{texts.level(worse.level)} {worse.change:+d}"

    def _rule(self, name: str) -> str:
        return self.texts("why.itself") if self._is_wish(name) else self.explainer.sentence(name)

    def _is_wish(self, name: str) -> bool:
        from optimizer.why import wish_name

        return name == wish_name(self.facts.organisation)

    def _reasons(self, reasons: Sequence[Reason]) -> Iterator[str]:
        if not reasons:
            return
        texts = self.texts
        yield ""
        yield texts("why.reasons")
        worse = _worse(reasons)
        for reason in worse[:MOST_REASONS]:
            yield from paragraph(f"- {self.reason(reason)}")
        if len(worse) > MOST_REASONS:
            smaller = texts.count("smaller_reason", len(worse) - MOST_REASONS)
            yield from paragraph(f"- {texts('why.more', reasons=smaller)}")
        for goal, change in relief(reasons).items():
            words = texts(f"goal.{goal}")
            told = texts("why.relief", goal=words, change=self._change(goal, change))
            yield from paragraph(f"- {told}")

    def _change(self, goal: str, change: int) -> str:
        """``-90 person-days``; a bare number where the goal counts what its text names."""
        if goal not in _UNITS:
            return f"{change:+d}"
        return f"{'+' if change > 0 else '-'}{self.texts.count(_UNITS[goal], abs(change))}"

    def reason(self, reason: Reason) -> str:
        """One reason that makes it worse, in a sentence."""
        about, texts, n = reason.about, self.texts, reason.after - reason.before
        people = [self.names.person(e) for e in about.employees]
        return texts(
            f"reason.{reason.goal}",
            n=n,
            points=texts.count("point", n),
            days=texts.count("day", n),
            person_days=texts.count("person_day", n),
            day=texts.day(reason.first_day),
            task=self.names.task(about.task) if about.task else "",
            team=self.names.team(about.team) if about.team else "",
            skill=self.names.skill(about.skill) if about.skill else "",
            sector=about.sector or "",
            person=people[0] if people else "",
            other=people[1] if len(people) > 1 else "",
        )

    def _cure(self, answer: Why) -> Iterator[str]:
        texts, cure = self.texts, answer.cure
        if answer.is_free or (not answer.tried and not answer.no_cure):
            return
        yield ""
        if cure is not None:
            change = texts(
                f"cure.{cure.kind}",
                team=self.names.team(cure.of),
                task=self.names.task(cure.of),
                rule=cure.of,
                person=self.names.person(cure.employee) if cure.employee else "",
            )
            yield from paragraph(texts("why.cure", change=change), indent=0)
        elif answer.no_cure and not answer.tried:
            yield from paragraph(texts("why.no_change"), indent=0)
        else:
            key = "why.no_cure" if answer.no_cure else "why.cure_open"
            changes = texts.count("change", answer.tried)
            yield from paragraph(texts(key, changes=changes), indent=0)

    def _levels(self, answer: Why) -> Iterator[str]:
        texts = self.texts
        yield from heading(texts("why.levels"))
        rows: list[list[Cell]] = [
            [
                texts.level(x.level),
                x.before,
                x.after,
                f"{x.change:+d}" if x.change else "",
                texts("level_status.optimal" if x.is_proven else "level_status.feasible"),
            ]
            for x in answer.levels
        ]
        columns = ("level", "before", "after", "change", "status")
        yield from table([texts(f"column.{c}") for c in columns], rows)

    # Several answers

    def ranking(self, title: str, answers: Sequence[Why], of: str) -> Iterator[str]:
        """Answers in a table, least costly first; `of` is what differs: `employee` or `team`."""
        texts = self.texts
        yield from heading(title)
        if not answers:
            yield from paragraph(texts("why.nobody_else"))
            return
        rows: list[list[Cell]] = [
            [
                self.names.team(a.wish.of) if of == "team" else self.names.person(a.wish.employee),
                others_moved(a),
                self.short_verdict(a),
            ]
            for a in answers
        ]
        first = "team" if of == "team" else "candidate"
        yield from table([texts(f"column.{c}") for c in (first, "moved", "verdict")], rows)

    def readiness(self, found: Readiness, task: str) -> str:
        """How ready somebody is, in words."""
        texts = self.texts
        if found.state == "now":
            return texts("ready.now")
        if found.state == "later":
            return texts("ready.later", day=found.ready)
        what = "; ".join(self._lack(lack, task) for lack in found.lacks)
        return texts(f"ready.{found.state}", what=what)

    def _lack(self, lack: str, task: str) -> str:
        q = self.facts.tasks[task]
        match lack:
            case "skill":
                skill = self.names.skill(q.skill)
                return self.texts("qualified.level", skill=skill, level=q.level)
            case "qualification":
                return self.texts("qualified.qualification", qualification=q.qualification)
            case "office":
                return self.texts("qualified.office")
        return self.texts(f"ready.{lack}")
