"""One person: everything stored about them exported, and taken out of every row."""

import json
import threading
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from api.service import audit, jobs
from api.service.answers import ANSWERS
from api.service.database import Decision, Job, JobEvent, StoredOrganisation
from api.service.people import erase_person, export_person, is_known
from models.organisation import fingerprint
from models.proposal import Proposal
from models.reading import organisation_from, policy_from, scenario_from
from tests.service import office
from tests.service.office import ADMIN, FOREIGN, PERSON, TITLE, city


def test_the_office_names_the_person_wherever_somebody_can_be() -> None:
    # Otherwise the tests below prove little.
    named = {name: json.dumps(job.result) for name, job in office.answered().items()}
    as_json = json.dumps(PERSON)[1:-1]
    assert [n for n, result in named.items() if as_json not in result] == ["why", "else"]
    assert office.answered()["impossible"].outcome == "infeasible"
    assert {office.answered()[n].outcome for n in ("proposal", "what if", "then")} == {"optimal"}


# Export


def test_an_export_has_everything(session: Session) -> None:
    ids = city(session, ADMIN)
    city(session, FOREIGN)
    found = export_person(session, "jamsa", PERSON)
    assert is_known(found)
    assert [o["id"] for o in found["organisations"]] == [ids["office"], ids["no office"]]
    places = {one["place"]: one["value"] for one in found["organisations"][0]["found"]}
    row = next(e for e in office.organisation()["employees"] if e["id"] == PERSON)
    assert places["employees[5]"] == row
    assert places["employees[6]"] == {"id": "E7", "wants": [PERSON]}
    assert places["employees[0]"] == {"id": "E1", "avoids": [PERSON]}
    assert places["teams[1]"] == {"id": "service", "name": "Service team", "leader": PERSON}
    assert places["tasks[0]"]["prepared"] == {PERSON: "2026-01-01"}
    assert places["rules[3]"] == {"id": "R3", "kind": "together", "employees": [PERSON]}
    assert places[""] == {"name": f"Office where {PERSON} works"}
    by_id = {p["id"]: p for p in found["proposals"]}
    assert {n for n in ids if ids[n] in by_id} == {
        *("proposal", "what if", "then", "impossible", "running", "queued")
    }
    proposal = by_id[ids["proposal"]]
    stored = office.answered()["proposal"].result
    assert stored is not None
    for part in ("placements", "leads", "holders", "substitutes"):
        rows = [r for r in stored["proposal"][part] if PERSON in r.values()]
        assert proposal[part] == rows
    assert proposal["placements"][0]["team"] == "service"
    assert proposal["leads"] == [{"team": "service", "employee": PERSON}]
    assert by_id[ids["running"]]["placements"] == proposal["placements"]
    events = [f for f in by_id[ids["what if"]]["found"] if f["place"].startswith("request.")]
    assert len(events) == 1 + len(office.SCENARIO["events"])
    questions = {q["id"]: q for q in found["questions"]}
    wishes = [
        f["value"]
        for f in questions[ids["their why"]]["found"]
        if f["place"].startswith("request.wishes")
    ]
    assert wishes == [
        {"kind": "team", "employee": PERSON, "of": "economy"},
        {"kind": "substitute", "employee": "E7", "of": PERSON},
    ]
    (decision,) = found["decisions"]
    assert decision["reason"] == f"So that {PERSON} can stay."
    assert decision["placements"] == proposal["placements"]
    assert [(e["action"], e["actor"]) for e in found["audit"]] == [("export", ADMIN.name)]
    assert json.loads(json.dumps(found)) == found


def test_of_others_an_export_has_what_they_say_of_the_person_alone(session: Session) -> None:
    city(session, ADMIN)
    shown = json.dumps(export_person(session, "jamsa", PERSON)["organisations"])
    for others in ("payroll clerk", "accountant", "retirement"):
        assert others not in shown


NOBODY = ["nobody", "Q77", "ä", "7", "%", "_", "Q77-_", "", "/", "'", "\\"]
"""Ids that nobody has, some of them in those that somebody has."""


def test_of_nobody_nothing_is_exported(session: Session) -> None:
    city(session, ADMIN)
    for person in NOBODY:
        found = export_person(session, "jamsa", person)
        assert not is_known(found), person
        assert found["audit"] == []


def test_what_another_city_has_is_not_exported(session: Session) -> None:
    city(session, FOREIGN)
    assert not is_known(export_person(session, "jamsa", PERSON))


# Erasure


def test_nothing_of_the_person_is_left_in_any_column(engine: Engine, tmp_path: Path) -> None:
    with Session(engine) as session:
        ids = city(session, ADMIN)
        found = [c for c, value in office.texts(session) if PERSON in value or TITLE in value]
        assert {c.partition(".")[0] for c in found} == {
            *("audit", "decisions", "job_events", "jobs", "organisations")
        }
        counts = erase_person(session, ADMIN, PERSON)
        assert counts == {
            "organisations": 2,
            # Also in the policy of each.
            "proposals": 6,
            "questions": 3,
            "stopped": 2,
            "decisions": 1,
            "audit": 1,
        }
        left = [c for c, value in office.texts(session) if PERSON in value or TITLE in value]
        assert left == []
        assert not is_known(export_person(session, "jamsa", PERSON))
        organisation = session.get_one(StoredOrganisation, ids["office"])
        assert (organisation.people, organisation.name) == (7, "Office where (erased) works")
    engine.dispose()
    if engine.dialect.name == "sqlite":
        files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert b"Office where" in files
        assert [w for w in (TITLE, PERSON, json.dumps(PERSON)[1:-1]) if w.encode() in files] == []


def test_what_is_left_of_an_organisation_is_one(session: Session) -> None:
    ids = city(session, ADMIN)
    erase_person(session, ADMIN, PERSON)
    row = session.get_one(StoredOrganisation, ids["office"])
    left = organisation_from(row.content)
    assert left.to_dict() == row.content
    assert row.sha256 == left.sha256() == fingerprint(row.content)
    people = {e.id: e for e in left.employees}
    assert list(people) == ["E1", "E2", "E3", "E4", "E5", "E7", "E8"]
    assert (people["E7"].wants, people["E1"].avoids, people["E5"].substitute) == (("E8",), (), None)
    assert people["E1"].substitute == "E2"
    tasks = {q.id: q for q in left.tasks}
    assert (tasks["T5"].holder, tasks["T5"].prepared, tasks["T1"].holder) == (None, {}, "E5")
    assert list(tasks["T1"].prepared) == ["E5"]
    assert [(t.id, t.leader) for t in left.teams] == [("economy", "E3"), ("service", None)]
    assert [r.model_dump(exclude_none=True) for r in left.rules] == [
        {
            "id": "R1",
            "reason": "Runs the desk",
            "kind": "pin",
            "employee": "E7",
            "team": "service",
        },
        {
            "id": "(erased) and others",
            "reason": "(erased) asked for it",
            "kind": "together",
            "employees": ("E5", "E7"),
        },
    ]
    # Nothing else has changed.
    before = {e["id"]: e for e in office.organisation()["employees"]}
    after = {e["id"]: e for e in row.content["employees"]}
    assert {e for e in after if after[e] != before[e]} == {"E1", "E5", "E7"}


def test_what_is_left_of_answers_can_be_read_and_asked_about(session: Session) -> None:
    ids = city(session, ADMIN)
    erase_person(session, ADMIN, PERSON)
    for name in ("proposal", "what if", "then", "impossible"):
        job = session.get_one(Job, ids[name])
        assert job.erased
        assert job.result is not None
        proposal = Proposal.model_validate(job.result["proposal"])
        stored = session.get_one(StoredOrganisation, job.organisation_id)
        content = job.result["organisation"] if job.kind == "what_if" else stored.content
        organisation = organisation_from(content)
        assert proposal.run.input_sha256 == organisation.sha256()
        known = {e.id for e in organisation.employees}
        assert {p.employee for p in proposal.placements} <= known
        assert len(proposal.placements) == (0 if name == "impossible" else len(known))
        policy_from(job.policy)
        if job.kind == "what_if":
            scenario_from(job.request["scenario"])
    what_if = session.get_one(Job, ids["what if"])
    kinds = [e["kind"] for e in what_if.request["scenario"]["events"]]
    assert kinds == ["joins", "task_starts"]
    parent = session.get_one(Job, ids["proposal"])
    content = session.get_one(StoredOrganisation, ids["office"]).content
    again = Job(
        kind="what_if",
        request={
            "scenario": {"effective": "2027-01-01"},
            "allow_moves": None,
            "time_limit": 60.0,
            "seed": 0,
        },
        policy=parent.policy,
    )
    answer = ANSWERS["what_if"](again, parent, content, 2, Event(), lambda _: None)
    assert answer.outcome == "optimal"


def test_of_questions_the_persons_wishes_go(session: Session) -> None:
    ids = city(session, ADMIN)
    erase_person(session, ADMIN, PERSON)
    job = session.get_one(Job, ids["their why"])
    assert job.request["wishes"] == [{"kind": "leader", "employee": "E7", "of": "service"}]
    assert job.result is not None
    assert [a["wish"] for a in job.result["answers"]] == job.request["wishes"]
    assert session.get_one(Job, ids["why"]).result == office.answered()["why"].result


def test_another_city_keeps_its_own(session: Session) -> None:
    foreign = city(session, FOREIGN)

    def all_of_it() -> list[Any]:
        session.expire_all()
        tables = (StoredOrganisation, Job, Decision)
        rows = [session.scalars(select(t).where(t.owner == "salo")).all() for t in tables]
        found = [{c: getattr(r, c) for c in r.__table__.c.keys()} for t in rows for r in t]  # noqa: SIM118
        return [*found, audit.entries(session, "salo", None, 100)]

    before = all_of_it()
    city(session, ADMIN)
    erase_person(session, ADMIN, PERSON)
    assert all_of_it() == before
    assert session.get_one(Job, foreign["running"]).state == "running"


def test_the_audit_keeps_that_it_took_place(session: Session) -> None:
    city(session, ADMIN)
    erase_person(session, ADMIN, PERSON)
    found = audit.entries(session, "jamsa", None, 100)
    assert [(e.action, e.resource, e.actor) for e in sorted(found, key=lambda e: e.at)] == [
        ("export", "people/(erased)", ADMIN.name),
        ("export", "people/E7", ADMIN.name),
        ("erase", "people/(erased)", ADMIN.name),
    ]


def test_a_decision_keeps_all_but_the_person(session: Session) -> None:
    ids = city(session, ADMIN)
    before = session.get_one(Decision, ids["decision"])
    kept = (before.job_id, before.kind, before.by, before.at)
    erase_person(session, ADMIN, PERSON)
    session.expire_all()
    after = session.get_one(Decision, ids["decision"])
    assert (after.job_id, after.kind, after.by, after.at) == kept
    assert after.reason == "So that (erased) can stay."
    assert after.plan is not None
    assert len(after.plan["placements"]) == 7
    erasure = session.execute(text("SELECT id FROM audit WHERE action = 'erase'")).scalar_one()
    assert after.erasure == erasure


def test_what_is_not_over_fails_with_the_reason(session: Session) -> None:
    ids = city(session, ADMIN)
    other = office.stored(session, ADMIN, {**office.organisation(), "employees": [], "rules": []})
    job = Job(
        owner="jamsa",
        kind="propose",
        state="running",
        organisation_id=other,
        request={},
        policy={},
        created_by="x",
    )
    session.add(job)
    session.commit()
    erase_person(session, ADMIN, PERSON)
    session.expire_all()
    for name in ("running", "queued"):
        stopped = session.get_one(Job, ids[name])
        assert (stopped.state, stopped.error) == ("failed", "a person was erased")
        kinds = select(JobEvent.kind).where(JobEvent.job_id == stopped.id).order_by(JobEvent.number)
        assert session.scalars(kinds).all()[-1] == "failed"
    running = session.get_one(Job, ids["running"])
    assert running.key is None
    with pytest.raises(jobs.LostClaimError):
        jobs.finish(session, running.id, "a worker", "optimal", {"proposal": PERSON})
    # What has the person as a team's leader and a task's holder alone is about them, too.
    assert session.get_one(Job, job.id).state == "failed"


def test_a_job_without_the_person_goes_on(session: Session) -> None:
    city(session, ADMIN)
    other = office.stored(session, ADMIN, {"name": "Q77-äö", "teams": [], "employees": []})
    job = Job(
        owner="jamsa",
        kind="propose",
        state="running",
        organisation_id=other,
        request={},
        policy={},
        created_by="x",
    )
    session.add(job)
    session.commit()
    erase_person(session, ADMIN, PERSON)
    session.expire_all()
    assert (session.get_one(Job, job.id).state, job.erased) == ("running", False)


def test_erasing_nobody_changes_nothing(session: Session) -> None:
    city(session, ADMIN)
    before = _all_but_the_audit(session)
    for person in NOBODY:
        assert set(erase_person(session, ADMIN, person).values()) == {0}, person
    assert _all_but_the_audit(session) == before


def test_erasing_again_changes_nothing(session: Session) -> None:
    city(session, ADMIN)
    erase_person(session, ADMIN, PERSON)
    before = _all_but_the_audit(session)
    assert set(erase_person(session, ADMIN, PERSON).values()) == {0}
    assert _all_but_the_audit(session) == before


def _all_but_the_audit(session: Session) -> list[tuple[str, str]]:
    return sorted(t for t in office.texts(session) if not t[0].startswith("audit."))


def test_everybody_can_be_erased_one_after_the_other(session: Session) -> None:
    city(session, ADMIN)
    people = [e["id"] for e in office.organisation()["employees"]]
    for person in (*people, "N1"):
        erase_person(session, ADMIN, person)
        for row in session.scalars(select(StoredOrganisation)):
            organisation_from(row.content)
    left = " ".join(value for _, value in office.texts(session))
    assert [p for p in (*people, "N1") if f'"{p}"' in left] == []


def test_a_result_written_meanwhile_is_erased_or_refused(engine: Engine) -> None:
    """A worker ends its job at the moment of the erasure, again and again."""
    proposal = office.answered()["proposal"].result
    assert proposal is not None
    for _ in range(5):
        with Session(engine) as session:
            ids = city(session, ADMIN)
        begin = threading.Barrier(2)

        def finish(job_id: str, begin: threading.Barrier) -> None:
            with Session(engine) as session:
                begin.wait()
                try:
                    jobs.finish(session, job_id, "a worker", "optimal", proposal)
                except jobs.LostClaimError:
                    session.rollback()

        worker = threading.Thread(target=finish, args=(ids["running"], begin))
        worker.start()
        with Session(engine) as session:
            begin.wait()
            erase_person(session, ADMIN, PERSON)
        worker.join()
        with Session(engine) as session:
            assert session.get_one(Job, ids["running"]).state in ("done", "failed")
            assert [c for c, value in office.texts(session) if PERSON in value] == []
