"""What is handed out, and what is taken back."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from api.service import dispatcher as module
from api.service import jobs
from api.service.dispatcher import SECONDS_TO_CLAIM
from tests.service.engines import Threads, dispatcher
from tests.service.stored_jobs import asked, claimed, events, organisation, queued, seen

BEATS = {"beat_seconds": 2, "lost_after_beats": 5}
LOST = 10.0
"""Seconds without a beat that these settings allow."""


class Clock:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


def waiting(session: Session, count: int) -> list[str]:
    of = organisation(session)
    return [jobs.submit(session, asked(of), 100).job.id for _ in range(count)]


def test_so_many_run_as_may_in_the_order_they_came(engine: Engine, session: Session) -> None:
    names = waiting(session, 4)
    threads = Threads(runs=False)
    made = dispatcher(engine, threads, most_solves=2)
    for _ in range(3):
        made.hand_out()
    assert threads.jobs == names[:2]
    assert [future.claim for future in threads.futures] == [o.claim_id for o in out(made).values()]
    assert jobs.claim(session, names[0], threads.futures[0].claim) is not None
    made.hand_out()
    assert threads.jobs == names[:2]
    jobs.finish(session, names[0], threads.futures[0].claim, "optimal", {})
    threads.futures[0].is_done = True
    made.hand_out()
    assert threads.jobs == names[:3]


def out(made: module.Dispatcher) -> dict[str, Any]:
    return made._handed_out


def test_what_other_servers_run_counts(engine: Engine, session: Session) -> None:
    for number in range(2):
        claimed(session, f"worker of another server {number}")
    waiting(session, 1)
    threads = Threads(runs=False)
    dispatcher(engine, threads, most_solves=2).hand_out()
    assert threads.jobs == []


def test_workers_of_our_own_are_given_no_more_than_they_can_begin(
    engine: Engine, session: Session
) -> None:
    """The rest waits in the database, where other servers see it."""
    names = waiting(session, 3)
    threads = Threads(runs=False)
    made = dispatcher(engine, threads, most_solves=3, processes=1)
    made._cluster = threads
    made.hand_out()
    assert threads.jobs == names[:1]
    assert jobs.claim(session, names[0], threads.futures[0].claim) is not None
    made.hand_out()
    assert threads.jobs == names[:1]


def test_what_nobody_claims_is_handed_out_again(
    engine: Engine, session: Session, clock: Clock
) -> None:
    (name,) = waiting(session, 1)
    threads = Threads(runs=False)
    made = dispatcher(engine, threads)
    made.hand_out()
    clock.seconds += SECONDS_TO_CLAIM - 1
    made.hand_out()
    assert threads.jobs == [name]
    clock.seconds += 1
    made.hand_out()
    assert threads.jobs == [name, name]
    threads.futures[1].is_done = True
    made.hand_out()
    assert threads.jobs == [name] * 3
    assert len({future.claim for future in threads.futures}) == 3


def test_a_beat_that_stands_still_too_long_is_a_lost_worker(
    engine: Engine, session: Session, clock: Clock
) -> None:
    name = claimed(session).id
    made = dispatcher(engine, Threads(runs=False), **BEATS)
    made.take_back()
    clock.seconds += LOST
    made.take_back()
    assert seen(session, name).state == "running"
    jobs.beat(session, name, "one")
    clock.seconds += 1
    made.take_back()
    clock.seconds += LOST
    made.take_back()
    assert seen(session, name).state == "running"
    session.commit()
    clock.seconds += 1
    made.take_back()
    assert (seen(session, name).state, events(session, name)[-1][1]) == ("queued", "lost")


def test_a_new_server_waits_as_long_as_any(engine: Engine, session: Session, clock: Clock) -> None:
    """It has not heard what was before it."""
    name = claimed(session).id
    session.commit()
    clock.seconds += 1e6
    made = dispatcher(engine, Threads(runs=False), **BEATS)
    made.take_back()
    clock.seconds += LOST
    made.take_back()
    assert seen(session, name).state == "running"


def test_while_the_database_is_away_nobody_is_missed(
    engine: Engine, session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = claimed(session).id
    session.commit()
    made = dispatcher(engine, Threads(runs=False), **BEATS)
    assert made.round()

    def away() -> None:
        raise OSError("host db of jamsa is down")

    with monkeypatch.context() as patched:
        patched.setattr(made, "take_back", away)
        clock.seconds += 1000
        assert not made.round()
    assert made.round()
    assert seen(session, name).state == "running"


def test_of_what_fails_only_the_kind_is_told(
    engine: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = dispatcher(engine, Threads(runs=False))

    def away() -> None:
        raise RuntimeError("E6 of jamsa is in the way")

    monkeypatch.setattr(made, "hand_out", away)
    assert not made.round()
    assert caplog.record_tuples == [("tiimi", logging.WARNING, "dispatcher: RuntimeError")]


def test_who_ends_in_order_hands_back_what_its_own_workers_had(
    engine: Engine, session: Session
) -> None:
    names = waiting(session, 3)
    threads = Threads(runs=False)
    made = dispatcher(engine, threads, most_solves=3, processes=3)
    made._cluster = threads
    made.hand_out()
    assert jobs.claim(session, names[0], threads.futures[0].claim) is not None
    assert jobs.claim(session, names[1], "worker of another server") is not None
    session.commit()
    made._thread = SimpleNamespace(join=lambda timeout: None)  # type: ignore[assignment]
    made.stop()
    states = [(seen(session, name).state, seen(session, name).attempts) for name in names]
    assert states == [("queued", 0), ("running", 1), ("queued", 0)]


def test_what_is_handed_out_is_solved(engine: Engine, session: Session) -> None:
    """A thread that runs a job of an organisation that cannot be read: it fails, and says so."""
    name = queued(session)
    threads = Threads()
    dispatcher(engine, threads).hand_out()
    threads.join()
    assert (seen(session, name).state, threads.futures[0].is_done) == ("failed", True)
