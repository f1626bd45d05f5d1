"""Handovers: when each must happen, and which are too late already (docs/risk.md, "Handovers")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from models import days
from models.days import Interval, as_date, day
from optimizer.risk.standing import Kind, Standing

State = Literal["planned", "open", "too_late", "nobody"]


@dataclass(frozen=True, slots=True)
class Handover:
    """A task that changes hands, or must.

    Attributes:
        giver: who answers for it before; None: nobody.
        taker: who takes it over in the plan; None: nobody yet.
        state: `planned`: the taker is ready in time; `open`: there is no taker, but somebody can
            be ready in time; `too_late`: nobody can, or the taker is not; `nobody`: nobody who may
            do it is there then.
        due: the day the giver is gone, or the task begins; None: no day, the giver stays.
        starts: the day the taker begins; None without a taker.
        present: the first day from then on on which the taker is present; None: never, or no
            taker.
        learn_days: how long learning takes: the taker; without one, whoever is ready soonest;
            if nobody is, as the task says.
        window_opens: the first day on which that learning can begin.
        window_closes: the day by which it must have begun, to be over when due; None without.
        ready: when the taker is ready, or who is soonest; None: nobody.
        late_days: how many days after `due` that is; 0 if in time or if nobody is.
        together_days: days from `window_opens` on, until the taker begins or the giver is gone,
            on which both are present; None without either.
        candidates: without a taker, all who are ready in time; if nobody is, who is soonest.
        trainees: without a taker, those there when due who lack the skill alone and can learn it.
    """

    task: str
    kind: Kind
    team: str | None
    giver: str | None
    taker: str | None
    state: State
    due: date | None
    starts: date | None
    present: date | None
    learn_days: int
    window_opens: date
    window_closes: date | None
    ready: date | None
    late_days: int
    together_days: int | None
    candidates: tuple[str, ...]
    trainees: tuple[str, ...]


def handovers(standing: Standing) -> tuple[Handover, ...]:
    """All handovers, those due first; those without a day last, then in task order."""
    found = [h for q in standing.facts.tasks for h in _of_task(standing, q)]
    return tuple(sorted(found, key=lambda h: h.due or date.max))


def _of_task(standing: Standing, task: str) -> Iterator[Handover]:
    facts = standing.facts
    chain = standing.plan.chains[task] if standing.plan else []
    holder = facts.current_holder(task)
    people = [holder, *(tenure.employee for tenure in chain)]
    for giver, tenure in zip(people, chain, strict=False):
        if giver != tenure.employee:  # Else the first tenure is the current holder's.
            on = _due(standing, task, giver), day(tenure.start)
            yield _planned(standing, task, giver, tenure.employee, on)
    due = _due(standing, task, people[-1])
    if standing.plan is not None and not chain:
        due = facts.active(task)[0]  # Nobody has it in the plan, whoever has it today.
    if due is not None:
        yield _untaken(standing, task, people[-1], due)


def _due(standing: Standing, task: str, giver: str | None) -> int | None:
    """The day the giver is gone and the task goes on; None if they stay."""
    start, end = standing.facts.active(task)
    if giver is None:
        return start
    gone = standing.facts.service(giver)[1]
    return max(start, gone) if gone < end else None


def _planned(
    standing: Standing, task: str, giver: str | None, taker: str, on: tuple[int | None, int]
) -> Handover:
    facts, q = standing.facts, standing.facts.tasks[task]
    due, starts = on
    opens, ready = facts.service(taker)[0], facts.ready(taker, task)
    late = 0 if due is None else max(0, ready - due)
    together = (opens, starts if due is None else min(due, starts))
    return Handover(
        task=task,
        kind=q.kind,
        team=standing.team_of_task(task),
        giver=giver,
        taker=taker,
        state="too_late" if late else "planned",
        due=None if due is None else as_date(due),
        starts=as_date(starts),
        present=_first_present(standing, taker, starts),
        learn_days=ready - opens,
        window_opens=as_date(opens),
        window_closes=None if due is None else as_date(due - (ready - opens)),
        ready=as_date(ready),
        late_days=late,
        together_days=None if giver is None else _together(standing, giver, taker, together),
        candidates=(),
        trainees=(),
    )


def _untaken(standing: Standing, task: str, giver: str | None, due: int) -> Handover:
    facts, q, end = standing.facts, standing.facts.tasks[task], standing.facts.active(task)[1]
    ready = {
        e: facts.ready(e, task)
        for e in standing.may_do(task)
        if max(due, facts.ready(e, task)) < min(end, facts.service(e)[1])
    }
    soonest = min(ready, key=ready.__getitem__, default=None)
    opens, late = facts.horizon[0], 0
    learn_days = q.handover_days
    if soonest is not None:
        opens, late = facts.service(soonest)[0], max(0, ready[soonest] - due)
        learn_days = ready[soonest] - opens
    return Handover(
        task=task,
        kind=q.kind,
        team=standing.team_of_task(task),
        giver=giver,
        taker=None,
        state="nobody" if soonest is None else "too_late" if late else "open",
        due=as_date(due),
        starts=None,
        present=None,
        learn_days=learn_days,
        window_opens=as_date(opens),
        window_closes=as_date(due - learn_days),
        ready=None if soonest is None else as_date(ready[soonest]),
        late_days=late,
        together_days=None,
        candidates=tuple(e for e, day in ready.items() if day <= due + late),
        trainees=tuple(e for e in standing.trainees(task) if due < facts.service(e)[1]),
    )


def _first_present(standing: Standing, employee: str, start: int) -> date | None:
    end = standing.facts.horizon[1]
    there = days.overlap(standing.facts.presence(employee), (start, end))
    return as_date(there[0][0]) if there else None


def _together(standing: Standing, giver: str, taker: str, within: Interval) -> int:
    """Days on which both are present."""
    facts = standing.facts
    both = [
        shared
        for stretch in days.overlap(facts.presence(giver), within)
        for shared in days.overlap(facts.presence(taker), stretch)
    ]
    return days.length(both)
