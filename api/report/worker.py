"""One page for one person: what is proposed for them, what they had asked, why, how to object.

About others it says no more than the names they need: who leads, who substitutes whom.
"""

from __future__ import annotations

from collections.abc import Iterator

from api.conflicts import Explainer
from api.report.blocks import Block, Cell, Fact, Facts, Items, Section, Table, Text, Value, table
from api.report.ground import Ground
from api.view import Person
from models.issues import InputError, Issue, nearest
from models.organisation import Apart, Forbid, Pin, PinHolder, PinLead, PinSubstitute, Together
from models.proposal import Tenure

_MOST_NEEDED = 4


def person_of(ground: Ground, employee: str) -> Person:
    """Somebody in service.

    Raises:
        InputError: if there is nobody of that id, or they are not in service.
    """
    if employee in ground.person_of:
        return ground.person_of[employee]
    if employee in ground.view.facts.not_in_service:
        message = "They are not in service on any day of the proposal."
        cure = "Name somebody who is in service."
        raise InputError([Issue("not_in_service", employee, message, cure)])
    cure = nearest(employee, ground.person_of)
    raise InputError([Issue("unknown_id", employee, f"There is no person {employee!r}.", cure)])


def worker(ground: Ground, person: Person) -> tuple[Section, ...]:
    """The sections of the page."""
    words = ground.words
    proposed: list[Block] = [Facts(tuple(_proposed(ground, person)))]
    if tenures := [h for h in ground.base.proposal.holders if h.employee == person.employee.id]:
        proposed.append(_tasks(ground, person, tenures))
    return (
        Section("proposed", words("worker.proposed"), tuple(proposed)),
        Section("asked", words("worker.asked"), tuple(_asked(ground, person))),
        Section("why", words("worker.why"), (Items(tuple(_why(ground, person))),)),
        Section("known", words("worker.known"), (Facts(tuple(_known(ground, person))),)),
        Section("objecting", words("worker.objecting"), tuple(_objecting(ground))),
    )


def _proposed(ground: Ground, person: Person) -> Iterator[Fact]:
    words, team = ground.words, ground.view.facts.teams[person.team]
    site = f"{words('column.site')}: {words.shown(team.site)}" if team.site else ""
    yield Fact(words("column.team"), words.team(person.team), site)
    yield Fact(words("worker.days"), f"{person.start} – {person.end}", words("worker.days_note"))
    if person.leads:
        yield Fact(words("column.leader"), words("worker.you_lead"))
    elif leader := next((t.leader for t in ground.view.teams if t.team.id == person.team), None):
        yield Fact(words("column.leader"), words.person(leader))
    e = person.employee
    if person.substitute:
        yield Fact(words("worker.substitute"), words.person(person.substitute))
    elif e.needs_substitute:
        yield Fact(words("worker.substitute"), words("note.no_substitute"))
    if principals := ground.principals_of.get(e.id):
        people = words.listed(map(words.person, principals))
        yield Fact(words("worker.you_substitute"), people)


def _tasks(ground: Ground, person: Person, tenures: list[Tenure]) -> Table:
    words, facts, e = ground.words, ground.view.facts, person.employee.id
    rows: list[list[Value]] = []
    for h in tenures:
        task = facts.tasks[h.task]
        note = words("worker.yours_today") if task.holder == e else words("handover.prepared")
        if task.holder != e and facts.ready(e, h.task) > facts.service(e)[0]:
            note = words("handover.head", days=words.count("day", task.handover_days))
        load = Cell(words("report.percent", n=task.load), number=True) if task.load else None
        rows.append([ground.task(h.task), h.start, h.end, load, note])
    keys = ("task", "start", "end", "load", "note")
    return table(words, "tasks", words("worker.tasks"), keys, rows, folded=False)


def _asked(ground: Ground, person: Person) -> Iterator[Block]:
    """The wishes, each with what became of it; of colleagues only how many came true."""
    words, view, e = ground.words, ground.view, person.employee
    facts: list[Fact] = []
    for team in view.facts.teams:
        if team in e.interest:
            grade = words.texts.grade(e.interest[team], view.policy.interest_cost)
            proposed = words("worker.proposed_team") if team == person.team else ""
            facts.append(Fact(words.team(team), grade, proposed))
    for team, lead_grade in e.lead_interest.items():
        name = words("worker.leading", team=words.team(team))
        leads = person.leads and team == person.team
        note = words("worker.proposed_leader") if leads else ""
        facts.append(Fact(name, words.texts.lead_grade(lead_grade), note))
    team_of = view.index.team_of
    for key, wanted, together in (("wants", e.wants, True), ("avoids", e.avoids, False)):
        known = [x for x in wanted if x in team_of]
        if known:
            met = sum((team_of[x] == person.team) == together for x in known)
            facts.append(Fact(words(f"worker_wish.{key}"), words.share(met, len(known))))
    if e.site_bound and e.site:
        facts.append(Fact(words("worker.site_bound"), words.shown(e.site)))
    yield Facts(tuple(facts)) if facts else Text(words("worker.nothing_asked"))


def _why(ground: Ground, person: Person) -> Iterator[str]:
    words, view, e = ground.words, ground.view, person.employee
    team = words.team(person.team)
    if len(view.facts.eligible(e.id)) == 1:
        yield words("worker.only_team", team=team)
    elif person.grade is not None and ground.got_best(e.id):
        yield words("worker.got_best", team=team)
    elif person.grade is not None:
        levels = words.listed(words.texts.level(x.level) for x in ground.base.proposal.levels)
        yield words("worker.not_best", team=team, levels=levels)
    yield from _rules(ground, person)
    for task, holder in view.facts.moves_with_holder.items():
        if holder == e.id:
            yield words("worker.moves", task=words.task(task))
    yield from _needed(ground, person, team)
    yield from _new_tasks(ground, person)
    if person.leads:
        grade = words.texts.lead_grade(e.lead_interest.get(person.team))
        yield words("worker.leads", team=team, grade=grade)


def _new_tasks(ground: Ground, person: Person) -> Iterator[str]:
    """Tasks that come to them, with the skill they have for it."""
    words, facts, e = ground.words, ground.view.facts, person.employee
    for q in person.holds:
        task = facts.tasks[q]
        if task.holder != e.id and e.skills.get(task.skill, 0) >= task.level:
            skill = words.skill(task.skill, e.skills[task.skill])
            yield words("worker.qualified", task=words.task(q), skill=skill)


def _rules(ground: Ground, person: Person) -> Iterator[str]:
    """What the working group has decided about them; nobody else is named."""
    words, base, e = ground.words, ground.base, person.employee.id
    explainer = Explainer(base.organisation, base.solved_policy, words.texts, base.held_before)
    for rule in ground.view.facts.rules.values():
        match rule:
            case Pin() | Forbid() | PinLead() | PinHolder() if rule.employee == e:
                yield words("worker.decided", rule=explainer.sentence(rule.id))
            case PinSubstitute() if e in (rule.principal, rule.substitute):
                yield words("worker.decided_pair")
            case Together() if e in rule.employees:
                yield words("worker.decided_together")
            case Apart() if e in rule.employees:
                yield words("worker.decided_apart")


def _needed(ground: Ground, person: Person, team: str) -> Iterator[str]:
    """What their team would lack without them."""
    words = ground.words
    key = next(p for p in ground.risk.key_people if p.employee == person.employee.id)
    found: dict[str, int] = {}
    for loss in key.losses:
        if loss.how != "short" or loss.of.task is None:
            of = loss.of
            name = words.task(of.task) if of.task else words.skill(of.skill, of.level)
            found[name] = found.get(name, 0) + loss.days
    most = sorted(found, key=lambda name: -found[name])[:_MOST_NEEDED]
    if most:
        yield words("worker.needed", team=team, what=words.listed(most))


def _known(ground: Ground, person: Person) -> Iterator[Fact]:
    """All that the proposal was made from about them, to be corrected where it is wrong."""
    words, e = ground.words, person.employee
    about = [words.shown(x) for x in (e.title, e.sector, e.site) if x]
    about.append(words("worker.fte", n=e.fte))
    if e.office_holder:
        about.append(words("worker.office_holder"))
    yield Fact(words("worker.position"), words.listed(about))
    skills = [words.skill(skill, level) for skill, level in e.skills.items()]
    yield Fact(words("worker.skills"), "; ".join(skills) or words("worker.no_skills"))
    if e.qualifications:
        yield Fact(words("worker.qualifications"), ground.people(e.qualifications))
    if e.can_learn:
        names = words.listed(words.shown(words.names.skill(s)) for s in e.can_learn)
        yield Fact(words("worker.can_learn"), names)
    if e.takes_more_work:
        yield Fact(words("worker.more_work"), words("yes"))
    if e.leaves:
        reason, source = words(f"reason.{e.leaves.reason}"), words(f"source.{e.leaves.source}")
        yield Fact(words("column.leaving"), f"{e.leaves.date}", f"{reason} ({source})")
    if e.absences:
        told = words.listed(f"{a.start} – {a.end}" for a in e.absences)
        yield Fact(words("worker.absences"), told)


def _objecting(ground: Ground) -> Iterator[Block]:
    words = ground.words
    yield Text(words("worker.who_decides"))
    yield Items((words("worker.object_1"), words("worker.object_2"), words("worker.object_3")))
    blanks = ("decides", "contact", "by")
    yield Facts(tuple(Fact(words(f"blank.{key}"), "") for key in blanks))
