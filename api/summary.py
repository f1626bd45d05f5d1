"""A proposal in words, as the command line shows it (docs/command-line.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from api.layout import Cell, heading, paragraph, table
from api.summary_tasks import authority, gaps, handed_over, other_tasks
from api.texts import Texts
from api.view import Person, TeamView, View
from api.view_tasks import task_views
from models.proposal import LevelResult, Proposal

MOST_ROWS = 60
"""Rows of a list; the workbook has them all."""

MOST_PAYERS = 10


def summary(view: View, texts: Texts, stopped: bool) -> Iterator[str]:
    """The lines of a summary of a proposal with a plan."""
    tasks = task_views(view)
    yield from _head(view, texts, stopped)
    yield from levels_table(view.proposal.levels, texts)
    for team in view.teams:
        yield from _team(view, team, texts)
    yield from authority(view, tasks, texts)
    yield from other_tasks(view, tasks, texts, MOST_ROWS)
    yield from handed_over(view, texts, MOST_ROWS)
    yield from _wishes(view, texts)
    yield from _substitutes(view, texts)
    yield from gaps(view, tasks, texts, MOST_ROWS)
    yield from oddities(view.proposal, texts)


def status_sentence(proposal: Proposal, texts: Texts, stopped: bool = False) -> str:
    """What is known of the plan, in a sentence."""
    if proposal.status == "feasible" and stopped:
        return texts("status.stopped")
    if proposal.status == "unknown":
        key = "status.unknown_stopped" if stopped else "status.unknown"
        return texts(key, seconds=texts.seconds(proposal.run.time_limit))
    return texts(f"status.{proposal.status}")


def how_far_off(
    levels: tuple[LevelResult, ...],
    texts: Texts,
    told: Callable[..., str] | None = None,
    percent: Callable[[float], str] = "{:.1f}".format,
) -> Iterator[str]:
    """A sentence for every level that is not proven: how much less than now it could cost.

    Args:
        levels: of a proposal.
        texts: of the language.
        told: fills in the texts; by default `texts`.
        percent: how a percentage with a decimal is written.
    """
    told = told or texts
    for level in levels:
        if level.status == "optimal" or level.best is None or level.value is None:
            continue
        name, value, bound = texts.level(level.level), level.value, max(0, level.bound or 0)
        if value <= bound:
            yield told("off.met", level=name, value=value)
        elif not bound:
            yield told("off.no_bound", level=name, value=value)
        elif level.best <= bound:
            yield told("off.given_back", level=name, off=value - bound)
        else:
            off = value - bound
            share = percent(100 * off / value)
            yield told("off.at_most", level=name, value=value, off=off, percent=share)


def _head(view: View, texts: Texts, stopped: bool) -> Iterator[str]:
    organisation, facts = view.organisation, view.facts
    yield from paragraph(
        texts(
            "head",
            name=organisation.name,
            people=texts.count("person", len(facts.employees)),
            teams=texts.count("team", len(facts.teams)),
            tasks=texts.count("task", len(facts.tasks)),
            start=organisation.horizon.start,
            end=organisation.horizon.end,
        ),
        indent=0,
    )
    yield texts("dates")
    yield ""
    yield from paragraph(status_sentence(view.proposal, texts, stopped), indent=0)
    for sentence in how_far_off(view.proposal.levels, texts):
        yield from paragraph(sentence)


def levels_table(levels: tuple[LevelResult, ...], texts: Texts) -> Iterator[str]:
    """What every level costs, and what is proven of it."""
    yield from heading(texts("section.levels"))
    columns = ("level", "value", "best", "bound", "status", "seconds")
    rows: list[list[Cell]] = [
        [
            texts.level(level.level),
            level.value,
            level.best,
            None if level.bound is None else max(0, level.bound),
            texts(f"level_status.{level.status}"),
            f"{level.seconds:.1f}",
        ]
        for level in levels
    ]
    yield from table([texts(f"column.{c}") for c in columns], rows)


def _team(view: View, team: TeamView, texts: Texts) -> Iterator[str]:
    name, t = view.team_name(team.team.id), team.team
    shown = name if name == t.id else f"{name} ({t.id})"
    people = texts.count("person", len(team.people))
    yield from heading(texts("section.team", team=shown, people=people))
    size = {"starters": team.starters, "last": team.last_day, "min": t.size.min, "max": t.size.max}
    yield from paragraph(texts("team.size", **size))
    if team.leader:
        grade = view.facts.employees[team.leader].lead_interest.get(t.id)
        leader = view.person_name(team.leader)
        yield from paragraph(texts("team.leader", leader=leader, grade=texts.lead_grade(grade)))
    else:
        yield from paragraph(texts("team.no_leader"))
    for key, short in (("short", team.headcount_short), ("needs_short", team.needs_short)):
        if short:
            yield from paragraph(texts(f"team.{key}", days=texts.count("person_day", short)))
    yield ""
    rows: list[list[Cell]] = [_person(person, texts) for person in team.people[:MOST_ROWS]]
    yield from table(["", "", ""], rows)
    yield from more(len(team.people), texts)


def _person(person: Person, texts: Texts) -> list[Cell]:
    notes = []
    if person.leads:
        notes.append(texts("person.leads"))
    if not person.is_starter:
        notes.append(texts("person.joins", day=person.start))
    if person.leaves:
        reason = texts(f"reason.{person.leaves.reason}")
        source = texts(f"source.{person.leaves.source}")
        notes.append(texts("person.leaves", reason=reason, day=person.leaves.date, source=source))
    return [person.employee.id, person.employee.title, "; ".join(notes)]


def more(number: int, texts: Texts) -> Iterator[str]:
    """Where the rest of a list is, if it was cut."""
    if number > MOST_ROWS:
        yield "  " + texts("more", n=number - MOST_ROWS, file="proposal.xlsx")


def _wishes(view: View, texts: Texts) -> Iterator[str]:
    yield from heading(texts("section.wishes"))
    best = texts("wishes.best", n=view.best_graded, all=len(view.people))
    yield from paragraph(best)
    for wish in view.wishes:
        if wish.of:
            yield from paragraph(texts(f"wishes.{wish.kind}", n=wish.number, all=wish.of))
    yield ""
    grades = [texts.grade(grade, view.policy.interest_cost) for grade in view.grades]
    rows: list[list[Cell]] = [
        [view.team_name(t), *view.grade_counts(t).values()] for t in view.facts.teams
    ]
    rows.append([texts("wishes.overall"), *view.grade_counts().values()])
    yield from table([texts("column.team"), *grades], rows)
    yield ""
    yield from _payers(view, texts)


def no_payers(view: View) -> str:
    """The key of what is said if nobody pays: also a policy that weighs no wish has it so."""
    all_best = view.best_graded == len(view.people)
    return "wishes.nobody_pays" if all_best else "wishes.no_points"


def _payers(view: View, texts: Texts) -> Iterator[str]:
    payers = view.payers
    if not payers:
        yield from paragraph(texts(no_payers(view)))
        return
    yield from paragraph(texts("wishes.pays"))
    rows: list[list[Cell]] = [
        [
            sum(person.pays.values()),
            person.employee.id,
            person.employee.title,
            person.team,
            paid_for(person, texts),
        ]
        for person in payers[:MOST_PAYERS]
    ]
    headers = [texts(f"column.{c}") for c in ("pays", "employee", "title", "team", "paid_for")]
    yield from table(headers, rows)


def paid_for(person: Person, texts: Texts) -> str:
    """What somebody pays for, with the points of each."""
    return ", ".join(f"{texts(f'paid.{goal}')} {points}" for goal, points in person.pays.items())


def _substitutes(view: View, texts: Texts) -> Iterator[str]:
    yield from heading(texts("section.substitutes"))
    having = [pair for pair in view.pairs if pair.substitute]
    kept = sum(pair.kept for pair in having)
    have = texts("substitutes.have", n=len(having), all=len(view.pairs), kept=kept)
    yield from paragraph(have)
    fits = [pair.fit for pair in having if pair.fit is not None]
    if fits:
        mean = f"{sum(fits) / len(fits):.1f}"
        yield from paragraph(texts("substitutes.fit", mean=mean, worst=min(fits)))
        mutual = sum(pair.mutual for pair in having)
        yield from paragraph(texts("substitutes.mutual", people=texts.count("person", mutual)))
        away = texts.count("day", sum(pair.away for pair in having))
        yield from paragraph(texts("substitutes.away", days=away))
    for pair in having:
        if pair.substitute and pair.until:
            names = {"person": view.person_name(pair.principal)}
            names["other"] = view.person_name(pair.substitute)
            yield from paragraph(texts("substitutes.until", day=pair.until, **names))
    without = [view.person_name(pair.principal) for pair in view.pairs if not pair.substitute]
    if without:
        yield from paragraph(texts("substitutes.none", people=", ".join(without)))


def oddities(proposal: Proposal, texts: Texts) -> Iterator[str]:
    """What was odd in the input, and what was left out of the plan."""
    if proposal.warnings:
        yield from heading(texts("section.warnings"))
        for warning in proposal.warnings[:MOST_ROWS]:
            yield from paragraph(f"{warning.place}: {texts.odd(warning.message)} [{warning.code}]")
        yield from more(len(proposal.warnings), texts)
    left_out = {"people": proposal.not_in_service, "tasks": proposal.tasks_left_out}
    if any(left_out.values()):
        yield from heading(texts("section.left_out"))
        for kind, ids in left_out.items():
            if ids:
                yield from paragraph(texts(f"left_out.{kind}", ids=", ".join(ids)))
