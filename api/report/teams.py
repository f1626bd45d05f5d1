"""A page for every team: its people, leader, tasks, substitutes and departures."""

from __future__ import annotations

from collections.abc import Iterator

from api.report.blocks import Block, Cell, Fact, Facts, Section, Table, Text, Value, table
from api.report.ground import Ground
from api.view import Person, TeamView
from api.view_tasks import TaskView
from models.days import as_date

_MANY_TEAMS = 40
"""More teams than these are side by side only when asked for."""


def teams(ground: Ground) -> Section:
    """All teams side by side, then each."""
    words = ground.words
    blocks: list[Block] = [_side_by_side(ground)]
    blocks += (_team(ground, team, number) for number, team in enumerate(ground.view.teams))
    return Section("teams", words("report.teams"), tuple(blocks), new_page=True)


def _side_by_side(ground: Ground) -> Table:
    words, costs = ground.words, ground.view.teams
    rows: list[list[Value]] = [
        [
            Cell(words.team(t.team.id), href=f"team-{number}"),
            ground.person(t.leader) if t.leader else words("team.no_leader"),
            t.starters,
            f"{t.team.size.min}–{t.team.size.max}",
            t.last_day,
            sum(p.leaves is not None for p in t.people),
            t.headcount_short,
            t.needs_short,
        ]
        for number, t in enumerate(costs)
    ]
    keys = (
        "team",
        "leader",
        "people_first",
        "size",
        "people_last",
        "leaving_number",
        "headcount_short",
        "needs_short",
    )
    folded = len(rows) > _MANY_TEAMS
    return table(words, "teams-table", words("report.teams_table"), keys, rows, folded=folded)


def _team(ground: Ground, team: TeamView, number: int) -> Section:
    words, t = ground.words, team.team
    blocks: list[Block] = [Facts(tuple(_facts(ground, team)))]
    if team.people:
        blocks.append(_people(ground, team, number))
    else:
        blocks.append(Text(words("report.team_empty")))
    tasks = [task for task in ground.tasks if task.team == t.id]
    if tasks:
        blocks.append(_tasks(ground, team, tasks, number))
    return Section(
        name=f"team-{number}",
        heading=words.team(t.id),
        note=words.count("person", len(team.people)),
        blocks=tuple(blocks),
        folded=ground.is_large,
        new_page=number > 0 and not ground.is_large,
    )


def _facts(ground: Ground, team: TeamView) -> Iterator[Fact]:
    words, t = ground.words, team.team
    if team.leader:
        grade = ground.view.facts.employees[team.leader].lead_interest.get(t.id)
        note = f"{words('column.lead_grade')}: {words.texts.lead_grade(grade)}"
        yield Fact(words("column.leader"), words.person(team.leader), note)
    else:
        yield Fact(words("column.leader"), words("team.no_leader"))
    if t.leader and t.leader != team.leader:
        yield Fact(words("column.leader_today"), words.person(t.leader))
    size = {"starters": team.starters, "last": team.last_day, "min": t.size.min, "max": t.size.max}
    yield Fact(words("column.size"), words("team.size", **size))
    leaving = [p for p in team.people if p.leaves]
    if leaving:
        first = min(leaving, key=lambda p: p.end)
        share = words.share(len(leaving), len(team.people))
        note = words("report.first_leaves", person=words.person(first.employee.id), day=first.end)
        yield Fact(words("column.leaving_number"), share, note)
    for key, short in (("headcount", team.headcount_short), ("needs", team.needs_short)):
        if short:
            yield Fact(words(f"short.{key}"), words.count("person_day", short))
    if t.site:
        yield Fact(words("column.site"), words.shown(t.site))


def _people(ground: Ground, team: TeamView, number: int) -> Table:
    words = ground.words
    caption = words("report.team_people", team=words.team(team.team.id))
    keys = ("employee", "grade", "substitute", "stands_in_for", "holds", "leaving")
    rows = [_person(ground, person) for person in team.people]
    return table(words, f"team-{number}-people", caption, keys, rows, folded=False)


def _person(ground: Ground, person: Person) -> list[Value]:
    words, e = ground.words, person.employee
    who = Cell(words.shown(e.id), note=words.title(e.id))
    if person.leads:
        who = Cell(who.text, note=f"{who.note} ({words('person.leads')})".strip(), mark="strong")
    substitute: Value = words.shown(person.substitute)
    if e.needs_substitute and person.substitute is None:
        substitute = Cell(words("note.no_substitute"), mark="strong")
    elif not e.needs_substitute:
        substitute = words("report.not_needed")
    return [
        who,
        words.texts.grade(person.grade, ground.view.policy.interest_cost),
        substitute,
        ground.people(ground.principals_of.get(e.id, ())),
        ground.people(person.holds),
        _comes_and_goes(ground, person),
    ]


def _comes_and_goes(ground: Ground, person: Person) -> Cell:
    words = ground.words
    joins = "" if person.is_starter else words("person.joins", day=person.start)
    if person.leaves is None:
        return Cell(joins)
    leaves = person.leaves
    source = words(f"source.{leaves.source}")
    note = f"{words(f'reason.{leaves.reason}')} ({source})"
    return Cell(", ".join(filter(None, (joins, words.shown(leaves.date)))), note=note)


def _tasks(ground: Ground, team: TeamView, tasks: list[TaskView], number: int) -> Table:
    words = ground.words
    caption = words("report.team_tasks", team=words.team(team.team.id))
    keys = ("task", "kind", "holder", "first_not_covered", "backups_wanted", "backups_now")
    rows = [task_row(ground, task) for task in tasks]
    return table(
        words, f"team-{number}-tasks", caption, (*keys, "backups_worst"), rows, folded=False
    )


def task_row(ground: Ground, task: TaskView) -> list[Value]:
    """A task: who holds it from when, from when on it is not covered, and its reserve."""
    words = ground.words
    begins = as_date(ground.view.facts.horizon[0])
    held = [
        words.shown(h.employee)
        if h.start == begins
        else words("report.holds_from", person=h.employee, day=h.start)
        for h in task.tenures
    ]
    open_from = ground.day_or_never(None)
    if task.gaps:
        open_from = Cell(words.shown(task.gaps[0].start), mark="strong", is_day=True)
    elif task.first_without_holder and not task.tenures:
        open_from = Cell(words("report.no_holder"))
    return [
        ground.task(task.task.id),
        words(f"kind.{task.task.kind}"),
        words.listed(held) or words("tasks.nobody"),
        open_from,
        task.task.backups,
        task.reserve_first,
        task.reserve_worst,
    ]
