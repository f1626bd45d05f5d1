"""Arbitrary valid organisations, for property tests: every field, and names that hurt."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from models.organisation import (
    MOST,
    Absence,
    Active,
    Apart,
    Demand,
    Departure,
    Employee,
    Forbid,
    Horizon,
    Need,
    Organisation,
    Pin,
    PinHolder,
    PinLead,
    PinSubstitute,
    Rule,
    Size,
    Skill,
    Task,
    Team,
    Together,
)

AWKWARD_IDS = (
    "Åsa Ödman", "=A1+1", "+358", "-1", "@x", "'quoted'", "'=", "''", '"', '""', 'a"b', ";", "a;b",
    "007", "1.9.2018", "2018-09-01", "100.0", "TRUE", "nan", "NA", "null", "x",
    "#REF!", "_x0041_", "x005F_", "a\xa0b", "\ufeffE1", "\u200bE1", "\uffff", "\x7f", "a\x85b\x80",
    "a\u2028b", "😀", "'\"a\"", "=", "'",
)  # fmt: skip
AWKWARD_TEXTS = (
    *(name for name in AWKWARD_IDS), "", " ", " a ", "a,b", "a\nb", "a\r\nb", "a\rb", "a\tb", "\n",
    "=1+1\n", "\x00", "\x1f", "\xa0", "kaksi, tai 3; \"ja\"\nÄÖ", "x" * 1000, "\x00" * 1000,
    "'\"unfinished", "\\", "\\n", "_x000D_", "'=A1,'",
)  # fmt: skip


def _is_id(name: str) -> bool:
    return name != "" and name == name.strip()


ids = st.sampled_from(AWKWARD_IDS) | st.text(
    st.characters(min_codepoint=0x20, exclude_categories=("Cs",), exclude_characters=","),
    min_size=1,
    max_size=8,
).filter(_is_id)
texts = st.sampled_from(AWKWARD_TEXTS) | st.text(
    st.characters(exclude_categories=("Cs",)), max_size=12
)
counts = st.integers(0, 10) | st.just(MOST)
grades = st.integers(-3, 3) | st.sampled_from((-MOST, MOST))
levels = st.integers(1, 3)
days = st.dates() | st.dates(date(2018, 1, 1), date(2022, 1, 1))


@st.composite
def spans(draw: st.DrawFn) -> tuple[date, date]:
    """A first day, and a later first day after."""
    start, end = sorted(draw(st.lists(days, min_size=2, max_size=2, unique=True)))
    return start, end


def _some(names: list[str], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    if len(names) < least or not names:
        return st.just(())
    return st.lists(st.sampled_from(names), min_size=least, max_size=4, unique=True).map(tuple)


def _one(names: list[str]) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *names])


def _by(names: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    if not names:
        return st.just({})
    return st.dictionaries(st.sampled_from(names), values, max_size=4)


@st.composite
def _teams(draw: st.DrawFn, name: str, skills: list[str], employees: list[str]) -> Team:
    low, high = sorted((draw(counts), draw(counts)))
    needs = (
        draw(st.lists(st.tuples(st.sampled_from(skills), levels, counts), max_size=3))
        if (skills)
        else []
    )
    return Team(
        id=name,
        name=draw(st.none() | texts),
        size=Size(min=low, max=high),
        lead=draw(st.booleans()),
        leader=draw(_one(employees)),
        site=draw(st.none() | ids),
        demand=tuple(
            Demand(from_=day, people=draw(counts))
            for day in draw(st.lists(days, max_size=3, unique=True))
        ),
        needs=tuple(Need(skill=skill, level=level, people=n) for skill, level, n in needs),
    )


@st.composite
def _departures(draw: st.DrawFn, after: date | None) -> Departure:
    day = draw(days)
    if after is not None and day <= after:
        day = date.max
    return Departure(
        date=day,
        reason=draw(
            st.sampled_from(("retirement", "fixed_term_end", "transfer", "resignation", "other"))
        ),
        source=draw(st.sampled_from(("stated", "forecast", "decided"))),
    )


@st.composite
def _employees(
    draw: st.DrawFn, name: str, skills: list[str], teams: list[str], employees: list[str]
) -> Employee:
    others = [other for other in employees if other != name]
    site = draw(st.none() | ids)
    joins = draw(st.none() | days.filter(lambda day: day < date.max))
    return Employee(
        id=name,
        title=draw(st.none() | texts),
        sector=draw(st.none() | ids),
        site=site,
        site_bound=site is not None and draw(st.booleans()),
        fte=draw(st.integers(1, 100)),
        office_holder=draw(st.booleans()),
        qualifications=tuple(draw(st.lists(ids, max_size=3, unique=True))),
        joins=joins,
        leaves=draw(st.none() | _departures(joins)),
        absences=tuple(
            Absence(start=start, end=end) for start, end in draw(st.lists(spans(), max_size=2))
        ),
        skills=draw(_by(skills, levels)),
        can_learn=draw(_some(skills)),
        interest=draw(_by(teams, grades)),
        lead_interest=draw(_by(teams, levels)),
        takes_more_work=draw(st.booleans()),
        wants=draw(_some(others)),
        avoids=draw(_some(others)),
        eligible_teams=draw(st.none() | _some(teams, least=1)) if teams else None,
        team=draw(_one(teams)),
        substitute=draw(_one(others)),
        needs_substitute=draw(st.booleans()),
    )


@st.composite
def _active(draw: st.DrawFn) -> Active:
    start, end = draw(spans())
    which = draw(st.sampled_from(("start", "end", "both")))
    return Active(start=None if which == "end" else start, end=None if which == "start" else end)


@st.composite
def _tasks(
    draw: st.DrawFn, name: str, skills: list[str], teams: list[str], employees: list[str]
) -> Task:
    return Task(
        id=name,
        name=draw(st.none() | texts),
        kind=draw(st.sampled_from(("ordinary", "special", "expert", "authority"))),
        skill=draw(st.sampled_from(skills)),
        level=draw(levels),
        qualification=draw(st.none() | ids),
        team=draw(_one(teams)),
        holder=draw(_one(employees)),
        prepared=draw(_by(employees, days)),
        backups=draw(counts),
        load=draw(counts),
        handover_days=draw(counts),
        active=draw(st.none() | _active()),
        outsourceable=draw(st.booleans()),
    )


@st.composite
def _rules(
    draw: st.DrawFn,
    name: str,
    teams: tuple[Team, ...],
    employees: tuple[Employee, ...],
    tasks: tuple[Task, ...],
) -> Rule:
    """A rule of any kind that these allow; there is a team and there are two employees."""
    common: dict[str, Any] = {"id": name, "reason": draw(st.none() | texts)}
    people = [e.id for e in employees]
    team = draw(st.sampled_from([t.id for t in teams]))
    employee = draw(st.sampled_from(people))
    both = draw(_some(people, least=2))
    kinds: list[Rule] = [
        Pin(kind="pin", employee=employee, team=team, **common),
        Forbid(kind="forbid", employee=employee, team=team, **common),
        Together(kind="together", employees=both, **common),
        Apart(kind="apart", employees=both, **common),
    ]
    if tasks:
        task = draw(st.sampled_from([q.id for q in tasks]))
        kinds.append(PinHolder(kind="pin_holder", task=task, employee=employee, **common))
    for led in [t.id for t in teams if t.lead][:1]:
        kinds.append(PinLead(kind="pin_lead", team=led, employee=employee, **common))
    for who in [e.id for e in employees if e.needs_substitute][:1]:
        other = next(e for e in people if e != who)
        kinds.append(
            PinSubstitute(kind="pin_substitute", principal=who, substitute=other, **common)
        )
    return draw(st.sampled_from(kinds))


def _names(most: int, least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(ids, min_size=least, max_size=most, unique=True)


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    """Any valid organisation of a few people, also an empty one."""
    skill_ids, team_ids, people, task_ids, rule_ids = (draw(_names(n)) for n in (3, 3, 4, 3, 3))
    start, end = draw(spans())
    teams = tuple(draw(_teams(name, skill_ids, people)) for name in team_ids)
    employees = tuple(draw(_employees(name, skill_ids, team_ids, people)) for name in people)
    tasks = tuple(draw(_tasks(name, skill_ids, team_ids, people)) for name in task_ids if skill_ids)
    allowed = bool(teams) and len(employees) >= 2
    return Organisation(
        name=draw(texts),
        horizon=Horizon(start=start, end=end),
        skills=tuple(Skill(id=name, name=draw(st.none() | texts)) for name in skill_ids),
        teams=teams,
        employees=employees,
        tasks=tasks,
        rules=tuple(draw(_rules(name, teams, employees, tasks)) for name in rule_ids if allowed),
    )
