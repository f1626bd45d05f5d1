"""An office where one person is named wherever somebody can be, and all that was asked of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from threading import Event
from typing import Any

from sqlalchemy.orm import Session

import fixtures
from api.service import audit
from api.service.answers import ANSWERS
from api.service.database import Decision, Job, JobEvent, StoredOrganisation, Table, new_id
from api.service.security import Identity, Role
from models.organisation import fingerprint
from models.policy import Policy
from models.reading import organisation_from

PERSON = "Q77-ä"
TITLE = "keeper of the seal"
ADMIN = Identity("jamsa", Role.ADMIN, "token:the admin")
FOREIGN = Identity("salo", Role.ADMIN, "token:another admin")


@cache
def organisation() -> dict[str, Any]:
    """The example office, with E6 called otherwise and named everywhere."""
    text = json.dumps(fixtures.load("example").to_dict(), ensure_ascii=False)
    data: dict[str, Any] = json.loads(text.replace('"E6"', json.dumps(PERSON, ensure_ascii=False)))
    people = {e["id"]: e for e in data["employees"]}
    people[PERSON] |= {
        "title": TITLE,
        "lead_interest": {"service": 3},
        "wants": ["E7"],
        "absences": [{"start": "2027-03-01", "end": "2027-03-05"}],
    }
    people["E7"] |= {"wants": [PERSON, "E8"]}
    people["E1"] |= {"avoids": [PERSON]}
    people["E5"] |= {"substitute": PERSON}
    tasks = {q["id"]: q for q in data["tasks"]}
    tasks["T1"]["prepared"] = {PERSON: "2026-01-01", "E5": "2026-01-01"}
    tasks["T5"] |= {"holder": PERSON, "prepared": {PERSON: "2026-02-02"}}
    {t["id"]: t for t in data["teams"]}["service"]["leader"] = PERSON
    data["name"] = f"Office where {PERSON} works"
    data["rules"] += [
        {"id": f"pin-{PERSON}", "kind": "pin", "employee": PERSON, "team": "service"},
        {"id": "R2", "kind": "forbid", "employee": PERSON, "team": "economy"},
        {"id": "R3", "kind": "together", "employees": [PERSON, "E7"]},
        {
            "id": f"{PERSON} and others",
            "kind": "together",
            "employees": ["E5", PERSON, "E7"],
            "reason": f"{PERSON} asked for it",
        },
        {"id": "R4", "kind": "apart", "employees": ["E1", PERSON]},
        {"id": "R5", "kind": "pin_holder", "task": "T5", "employee": PERSON},
        {"id": "R6", "kind": "pin_substitute", "principal": "E5", "substitute": PERSON},
        {"id": "R7", "kind": "pin_lead", "team": "service", "employee": PERSON},
    ]
    return organisation_from(data).to_dict()


@cache
def impossible() -> dict[str, Any]:
    """The same, where the person would have to be in two teams."""
    data = organisation()
    pin = {"id": "R9", "kind": "pin", "employee": PERSON, "team": "economy"}
    return organisation_from(data | {"rules": [*data["rules"], pin]}).to_dict()


POLICY = Policy(relaxation_weights={"pin": 3, f"load:{PERSON}": 7}).to_dict()

SCENARIO = {
    "name": f"{PERSON} goes",
    "effective": "2027-01-01",
    "events": [
        {"kind": "drop_rule", "id": f"pin-{PERSON}"},
        {"kind": "leaves", "employee": PERSON, "date": "2028-01-01"},
        {"kind": "absent", "employee": PERSON, "start": "2027-05-01", "end": "2027-06-01"},
        {"kind": "learns", "employee": PERSON, "skill": "payroll", "level": 1},
        {
            "kind": "joins",
            "employee": {
                "id": "N1",
                "joins": "2027-06-01",
                "skills": {"permits": 2, "desk": 2},
                "office_holder": True,
                "wants": [PERSON],
                "substitute": PERSON,
            },
        },
        {
            "kind": "task_starts",
            "task": {
                "id": "T9",
                "kind": "ordinary",
                "skill": "desk",
                "holder": PERSON,
                "prepared": {PERSON: "2026-01-01"},
            },
        },
        {"kind": "rule", "rule": {"id": "R10", "kind": "together", "employees": [PERSON, "E7"]}},
    ],
}
LATER = {"effective": "2027-06-01", "events": [{"kind": "stays", "employee": "E5"}]}

REQUESTS: dict[str, tuple[str, str | None, dict[str, Any]]] = {
    "proposal": ("propose", None, {}),
    "what if": ("what_if", "proposal", {"scenario": SCENARIO, "allow_moves": None}),
    "then": ("what_if", "what if", {"scenario": LATER, "allow_moves": None}),
    "why": ("why", "proposal", {"wishes": [{"kind": "team", "employee": "E8", "of": "economy"}]}),
    "their why": (
        "why",
        "proposal",
        {
            "wishes": [
                {"kind": "team", "employee": PERSON, "of": "economy"},
                {"kind": "substitute", "employee": "E7", "of": PERSON},
                {"kind": "leader", "employee": "E7", "of": "service"},
            ]
        },
    ),
    "else": ("alternatives", "proposal", {"count": 2, "distance": 1, "level": None, "loss": 0}),
}
"""By name: kind, parent, request."""


@cache
def answered() -> dict[str, Job]:
    """Every request with its answer, computed once."""
    found: dict[str, Job] = {}
    for name, (kind, parent, request) in REQUESTS.items():
        job = Job(
            kind=kind,
            state="done",
            request=request | {"time_limit": 60.0, "seed": 0},
            policy=POLICY,
            created_by=ADMIN.name,
        )
        about = found[parent] if parent else None
        answer = ANSWERS[kind](job, about, organisation(), 2, Event(), lambda _: None)
        job.outcome, job.result = answer.outcome, json.loads(json.dumps(answer.result))
        found[name] = job
    job = Job(
        kind="propose",
        state="done",
        request={"time_limit": 60.0, "seed": 0},
        policy=POLICY,
        created_by=ADMIN.name,
    )
    answer = ANSWERS["propose"](job, None, impossible(), 2, Event(), lambda _: None)
    job.outcome, job.result = answer.outcome, json.loads(json.dumps(answer.result))
    found["impossible"] = job
    return found


def stored(session: Session, by: Identity, content: dict[str, Any]) -> str:
    """The id of a stored version."""
    row = StoredOrganisation(
        owner=by.owner,
        name=content["name"],
        people=len(content["employees"]),
        sha256=fingerprint(content),
        content=content,
        created_by=by.name,
    )
    session.add(row)
    session.commit()
    return row.id


def city(session: Session, by: Identity) -> dict[str, str]:
    """Store everything for a city; the ids by name."""
    ids = {
        "office": stored(session, by, organisation()),
        "no office": stored(session, by, impossible()),
    }
    for name, job in answered().items():
        parent = REQUESTS[name][1] if name in REQUESTS else None
        ids[name] = _job(
            session,
            by,
            ids["office" if name != "impossible" else "no office"],
            ids[parent] if parent else None,
            job,
        )
    for state in ("running", "queued"):
        unfinished = Job(kind="propose", state=state, request={}, policy=POLICY, created_by=by.name)
        ids[state] = _job(session, by, ids["office"], None, unfinished)
    plan = {
        part: answered()["proposal"].result["proposal"][part]  # type: ignore[index]
        for part in ("placements", "leads", "holders", "substitutes")
    }
    running = session.get_one(Job, ids["running"])
    running.claim, running.plan = "a worker", plan
    running.progress = {"level": "people", "best": 1}
    running.key = f"for-{PERSON}"
    event = {"error": f"{PERSON} is the matter"}
    session.add(JobEvent(job_id=running.id, number=1, kind="lost", data=event))
    decision = Decision(
        owner=by.owner,
        job_id=ids["proposal"],
        kind="override",
        reason=f"So that {PERSON} can stay.",
        plan=plan,
        by="oidc:mayor",
    )
    session.add(decision)
    session.flush()
    ids["decision"] = decision.id
    audit.record(session, by, "export", f"people/{PERSON}")
    audit.record(session, by, "export", "people/E7")
    session.commit()
    return ids


def _job(session: Session, by: Identity, organisation_id: str, parent: str | None, job: Job) -> str:
    fields = ("kind", "state", "outcome", "request", "policy", "result", "created_by")
    made = Job(
        id=new_id(),
        owner=by.owner,
        organisation_id=organisation_id,
        parent_id=parent,
        **{field: getattr(job, field) for field in fields},
    )
    session.add(made)
    session.commit()
    return made.id


def texts(session: Session) -> Iterator[tuple[str, str]]:
    """Every value of every column of every table, as text, with the column's name."""
    for table in Table.metadata.sorted_tables:
        for row in session.execute(table.select()).mappings():
            for column, value in row.items():
                yield f"{table.name}.{column}", json.dumps(value, default=str, ensure_ascii=False)
