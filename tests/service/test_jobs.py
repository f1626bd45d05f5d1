"""The life of a job: whoever has the claim writes, and nobody else; on both databases."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.service import jobs
from api.service.database import Job
from tests.service.stored_jobs import (
    as_seen_before,
    asked,
    claimed,
    events,
    organisation,
    queued,
    seen,
)

AT_ONCE = 4
RESULT = {"proposal": {"status": "optimal"}}


def at_once(engine: Engine, act: Callable[[Session, int], Any]) -> list[Any]:
    """What several threads get that do the same at the same moment; errors by their type."""
    begin = threading.Barrier(AT_ONCE)
    got: list[Any] = []

    def work(number: int) -> None:
        with Session(engine, expire_on_commit=False) as session:
            begin.wait()
            try:
                got.append(act(session, number))
            except Exception as error:
                got.append(type(error))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_of_many_that_claim_a_job_one_has_it(engine: Engine, session: Session) -> None:
    name = queued(session)
    got = at_once(engine, lambda one, number: jobs.claim(one, name, f"worker {number}"))
    (winner,) = [job for job in got if job is not None]
    assert got.count(None) == AT_ONCE - 1
    job = seen(session, name)
    assert (job.state, job.claim, job.attempts, job.beat) == ("running", winner.claim, 1, 1)
    assert events(session, name) == [(1, "queued"), (2, "started")]


@pytest.mark.parametrize("state", ["running", "done", "failed"])
def test_only_what_is_queued_can_be_claimed(session: Session, state: str) -> None:
    job = asked(organisation(session), state=state, claim="one")
    session.add(job)
    session.commit()
    assert jobs.claim(session, job.id, "two") is None
    assert jobs.claim(session, "no such job", "two") is None
    assert (seen(session, job.id).claim, events(session, job.id)) == ("one", [])


def test_a_worker_tells_beats_and_finishes(session: Session) -> None:
    job = claimed(session)
    assert not jobs.beat(session, job.id, "one")
    jobs.tell(session, job.id, "one", "improved", {"best": 3}, {"teams": {}})
    jobs.tell(session, job.id, "one", "level", {"best": 2}, None)
    told = seen(session, job.id)
    assert (told.progress, told.plan, told.beat) == ({"best": 2}, {"teams": {}}, 2)
    jobs.finish(session, job.id, "one", "optimal", RESULT)
    done = seen(session, job.id)
    assert (done.state, done.outcome, done.result, done.plan) == ("done", "optimal", RESULT, None)
    assert done.finished_at is not None
    kinds = [kind for _, kind in events(session, job.id)]
    assert kinds == ["queued", "started", "improved", "level", "done"]


WRITES: dict[str, Callable[[Session, str], Any]] = {
    "beat": lambda session, name: jobs.beat(session, name, "one"),
    "tell": lambda session, name: jobs.tell(session, name, "one", "level", {}, {"teams": {}}),
    "finish": lambda session, name: jobs.finish(session, name, "one", "feasible", {"late": 1}),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("now", ["queued again", "claimed by another", "done", "failed"])
def test_whose_claim_is_lost_changes_nothing(
    session: Session, write: Callable[[Session, str], Any], now: str
) -> None:
    job = claimed(session)
    if now == "failed":
        assert jobs.fail(session, job.id, "one", "of something")
    else:
        assert jobs.give_back(session, job, most_attempts=3)
    if now in ("claimed by another", "done"):
        assert jobs.claim(session, job.id, "two") is not None
    if now == "done":
        jobs.finish(session, job.id, "two", "optimal", RESULT)
    before = {c.key: getattr(seen(session, job.id), c.key) for c in Job.__table__.columns}
    told = events(session, job.id)
    with pytest.raises(jobs.LostClaimError):
        write(session, job.id)
    after = {c.key: getattr(seen(session, job.id), c.key) for c in Job.__table__.columns}
    assert (after, events(session, job.id)) == (before, told)
    assert not jobs.fail(session, job.id, "one", "too late")
    assert not jobs.hand_back(session, job.id, "one")
    assert events(session, job.id) == told


def test_of_many_that_finish_a_job_one_result_is_stored(engine: Engine, session: Session) -> None:
    name = claimed(session).id

    def finish(one: Session, number: int) -> int:
        jobs.finish(one, name, "one", "feasible", {"by": number})
        return number

    got = at_once(engine, finish)
    (winner,) = [number for number in got if number is not jobs.LostClaimError]
    assert seen(session, name).result == {"by": winner}
    assert events(session, name)[2:] == [(3, "done")]


def test_a_lost_worker_s_job_is_queued_again_and_keeps_its_plan(session: Session) -> None:
    job = claimed(session)
    first = job.started_at
    jobs.tell(session, job.id, "one", "level", {"best": 2}, {"teams": {"E1": "a"}})
    assert jobs.give_back(session, job, most_attempts=3)
    back = seen(session, job.id)
    assert (back.state, back.claim, back.attempts) == ("queued", None, 1)
    assert back.plan == {"teams": {"E1": "a"}}
    again = jobs.claim(session, job.id, "two")
    assert again is not None
    assert (again.attempts, again.started_at) == (2, first)
    kinds = [kind for _, kind in events(session, job.id)]
    assert kinds == ["queued", "started", "level", "lost", "started"]


@pytest.mark.parametrize("most_attempts", [1, 3])
def test_whoever_beats_meanwhile_is_not_lost(session: Session, most_attempts: int) -> None:
    """Between the look and the taking back a worker said that it lives."""
    job = as_seen_before(session, claimed(session).id)
    jobs.beat(session, job.id, "one")
    assert not jobs.give_back(session, job, most_attempts)
    assert (seen(session, job.id).state, seen(session, job.id).claim) == ("running", "one")
    jobs.finish(session, job.id, "one", "optimal", RESULT)


def test_of_many_servers_that_miss_a_worker_one_takes_its_job_back(
    engine: Engine, session: Session
) -> None:
    job = as_seen_before(session, claimed(session).id)
    got = at_once(engine, lambda one, _: jobs.give_back(one, job, most_attempts=3))
    assert sorted(got) == [False] * (AT_ONCE - 1) + [True]
    assert events(session, job.id)[2:] == [(3, "lost")]


def test_after_so_many_attempts_it_fails_and_says_why(session: Session) -> None:
    name = queued(session)
    for attempt in (1, 2, 3):
        job = jobs.claim(session, name, f"worker {attempt}")
        assert job is not None
        assert jobs.give_back(session, job, most_attempts=3)
    over = seen(session, name)
    assert (over.state, over.error) == ("failed", "its worker was lost 3 times")
    assert over.finished_at is not None
    assert jobs.claim(session, name, "worker 4") is None
    kinds = [kind for _, kind in events(session, name)]
    assert kinds == ["queued", *["started", "lost"] * 2, "started", "failed"]


def test_a_worker_ended_in_order_costs_no_attempt(session: Session) -> None:
    name = queued(session)
    for number in range(5):
        assert jobs.claim(session, name, f"worker {number}") is not None
        assert jobs.hand_back(session, name, f"worker {number}")
    back = seen(session, name)
    assert (back.state, back.claim, back.attempts) == ("queued", None, 0)
    assert not jobs.hand_back(session, name, "worker 4")


def test_a_stop_ends_what_is_queued_and_is_told_to_who_runs(session: Session) -> None:
    waiting, running = queued(session), claimed(session).id
    jobs.ask_to_stop(session, waiting)
    jobs.ask_to_stop(session, running)
    over = seen(session, waiting)
    assert (over.state, over.outcome, over.result) == ("done", "unknown", None)
    assert jobs.claim(session, waiting, "one") is None
    assert seen(session, running).state == "running"
    assert jobs.beat(session, running, "one")
    jobs.finish(session, running, "one", "feasible", RESULT)
    jobs.ask_to_stop(session, running)
    assert seen(session, running).outcome == "feasible"
    assert events(session, waiting) == [(1, "queued"), (2, "done")]


def test_a_claim_and_a_stop_at_once_leave_one_end(engine: Engine, session: Session) -> None:
    """Either it is over, and nobody has it; or somebody has it, and is told to stop."""
    for _ in range(3):
        name = queued(session)

        def act(one: Session, number: int, name: str = name) -> Any:
            if number == 0:
                return jobs.ask_to_stop(one, name)
            return jobs.claim(one, name, "one")

        at_once(engine, act)
        job = seen(session, name)
        assert job.stop
        assert job.state in ("done", "running")
        assert (job.claim is None) == (job.state == "done")
        assert [number for number, _ in events(session, name)] == [1, 2]


def test_a_full_queue_takes_no_more_until_somebody_begins(session: Session) -> None:
    of = organisation(session)
    names = [jobs.submit(session, asked(of), 2).job.id for _ in range(2)]
    with pytest.raises(jobs.QueueFullError):
        jobs.submit(session, asked(of), 2)
    session.rollback()
    assert jobs.claim(session, names[0], "one") is not None
    assert jobs.submit(session, asked(of), 2).is_new


def test_a_known_key_gives_its_job_also_when_the_queue_is_full(session: Session) -> None:
    of = organisation(session)
    first = jobs.submit(session, asked(of, key="k"), 1)
    again = jobs.submit(session, asked(of, key="k"), 1)
    assert (first.is_new, again.is_new, again.job.id) == (True, False, first.job.id)


@pytest.mark.parametrize(
    "other", [{"request": {"seed": 1}}, {"policy": {"x": 1}}, {"kind": "what_if"}]
)
def test_a_key_belongs_to_one_request(session: Session, other: dict[str, Any]) -> None:
    of = organisation(session)
    jobs.submit(session, asked(of, key="k"), 10)
    with pytest.raises(jobs.KeyUsedError):
        jobs.submit(session, asked(of, key="k", **other), 10)


def test_a_key_of_another_owner_is_another_key(session: Session) -> None:
    of = organisation(session)
    first = jobs.submit(session, asked(of, key="k"), 10)
    other = jobs.submit(session, asked(of, key="k", owner="salo"), 10)
    assert (other.is_new, other.job.id != first.job.id) == (True, True)


def test_the_same_key_at_once_gives_one_job(engine: Engine, session: Session) -> None:
    of = organisation(session)
    for key in ("a", "b", "c"):
        got = at_once(engine, lambda one, _, key=key: jobs.submit(one, asked(of, key=key), 99))
        assert {submitted.job.id for submitted in got} == {got[0].job.id}
        assert [submitted.is_new for submitted in got].count(True) == 1
    assert len(session.scalars(select(Job.id)).all()) == 3


def test_a_job_of_an_organisation_that_is_gone_is_refused(session: Session) -> None:
    with pytest.raises(IntegrityError):
        jobs.submit(session, asked("gone"), 10)
