"""The same within the tests' own process: a database that is full, a clock that jumps."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from api.service import app, database, jobs, worker
from api.service.answers import ANSWERS, Answer
from api.service.cleaning import SECONDS_BETWEEN, Cleaning
from api.service.database import Token, new_id
from api.service.security import Role, create_token, identity_of_token
from api.service.settings import Settings
from tests.service.engines import Threads, dispatcher
from tests.service.running import until
from tests.service.stored_jobs import events, queued, seen
from tests.service.web.city import office_solved
from tests.service.web.conftest import serving

NO_LIMIT = 2**30
BEAT = 0.05


class Disk:
    """What SQLite may use, in pages; all that is used if it is less."""

    pages = NO_LIMIT

    def engine_for(self, url: str) -> Engine:
        engine = database.engine_for(url)

        @event.listens_for(engine, "checkout")
        def limit(connection: Any, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count={self.pages}").fetchall()

        return engine


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    made = Disk()
    monkeypatch.setattr(app, "engine_for", made.engine_for)
    monkeypatch.setattr(worker, "_engine", cache(made.engine_for))
    yield made
    made.pages = NO_LIMIT


def test_a_full_database_loses_nothing(
    disk: Disk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It can be read, and says that it cannot store; a result waits until there is room."""
    found = {"proposal": office_solved().to_dict(), "padding": "x" * 100_000}

    def solve(*_: Any) -> Answer:
        disk.pages = 1
        return Answer("optimal", found)

    monkeypatch.setitem(ANSWERS, "propose", solve)
    with serving(f"sqlite:///{tmp_path / 'tiimi.db'}") as web:
        city = web.city()
        name = city.submitted(city.post("/v1/proposals", {"organisation": city.organisation()}))
        threads = Threads()
        made = dispatcher(web.app.state.engine, threads, beat_seconds=BEAT, lost_after_beats=5)
        assert made.round()
        until(lambda: "cannot be stored yet: OperationalError" in caplog.text, "it is full")
        for _ in range(10):
            made.round()
            time.sleep(BEAT)
        refusal = city.post("/v1/demo-data", {"name": "jamsa-2018"})
        assert (refusal.status_code, refusal.json()["code"]) == (503, "not_ready")
        status = city.get(f"/v1/proposals/{name}").json()
        assert (status["state"], status["attempts"]) == ("running", 1)
        assert city.get("/v1/organisations").json()["items"][0]["people"] == 6
        disk.pages = NO_LIMIT
        threads.join()
        assert city.get(f"/v1/proposals/{name}").json()["state"] == "done"
        assert city.get(f"/v1/proposals/{name}/result").json() == found["proposal"]
        with web.session() as session:
            kinds = [kind for _, kind in events(session, name)]
        assert kinds == ["queued", "started", "done"]


@pytest.fixture
def jump(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Puts the clock forward by so many days, or back; the monotonic clock just goes on."""
    wall, off = time.time_ns, [0]

    class Jumping(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=off[0])

    def put(days: float) -> None:
        off[0] = days

    monkeypatch.setattr(database, "datetime", Jumping)
    monkeypatch.setattr(time, "time_ns", lambda: wall() + int(off[0] * 86_400 * 10**9))
    monkeypatch.setattr(time, "time", lambda: time.time_ns() / 10**9)
    return put


@contextmanager
def solving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Solves that end when the event is set."""
    go_on = Event()

    def solve(*_: Any) -> Answer:
        assert go_on.wait(60)
        return Answer("optimal", {"proposal": {}})

    monkeypatch.setitem(ANSWERS, "propose", solve)
    yield go_on
    go_on.set()


@pytest.mark.parametrize("days", [400, -400, 0.1, -0.1])
def test_a_clock_that_jumps_takes_nothing_back(
    engine: Engine,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    jump: Callable[[float], None],
    days: float,
) -> None:
    """Beats are counted, and waited for by the clock that never jumps.

    Each jump is far longer than the time after which a worker is missed.
    """
    with solving(monkeypatch) as go_on:
        before = queued(session)
        threads = Threads()
        # Ten seconds: a worker that a busy machine lets wait for one is no clock that jumped.
        made = dispatcher(engine, threads, beat_seconds=BEAT, lost_after_beats=200)
        assert made.round()
        until(lambda: seen(session, before).beat > 2, "it runs")
        jump(days)
        after = queued(session)
        beat = seen(session, before).beat
        session.commit()

        def later() -> bool:
            assert made.round()
            found = seen(session, before).beat > beat + 40
            session.commit()
            return found

        until(later, "it goes on after the jump")
        jobs_now = [seen(session, name) for name in (before, after)]
        assert [(job.state, job.attempts) for job in jobs_now] == [("running", 1)] * 2
        session.commit()
        go_on.set()
        threads.join()
    for name in (before, after):
        job = seen(session, name)
        assert (job.state, job.outcome, job.attempts) == ("done", "optimal", 1)
        assert events(session, name) == [(1, "queued"), (2, "started"), (3, "done")]
    assert before < after < new_id()


def test_a_clock_that_jumps_keeps_tokens_as_they_are_meant(
    session: Session, jump: Callable[[float], None]
) -> None:
    """One that ends is over when the clock says so; the others are valid at all times."""
    lasting = create_token(session, "jamsa", Role.VIEWER, "lasting")
    ending = create_token(session, "jamsa", Role.VIEWER, "ending", days=2)
    for days, is_over in ((0, False), (1, False), (3, True), (-400, False), (0, False)):
        jump(days)
        assert identity_of_token(session, lasting) is not None
        assert (identity_of_token(session, ending) is None) == is_over
    assert session.query(Token).count() == 2


def test_a_clock_that_jumps_deletes_nothing(
    engine: Engine,
    session: Session,
    jump: Callable[[float], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Of what is old it is not believed at once, unless it goes as the one that never jumps."""
    name = queued(session)
    jobs.ask_to_stop(session, name)
    cleaning = Cleaning(engine, Settings(keep_days=30))
    cleaning.clean()
    jump(400)
    cleaning.clean()  # not again so soon
    assert caplog.record_tuples == []
    went = time.monotonic

    def later() -> float:
        return went() + SECONDS_BETWEEN

    monkeypatch.setattr(time, "monotonic", later)
    cleaning.clean()
    ((_, level, told),) = caplog.record_tuples
    assert (level, told.partition(":")[0]) == (logging.WARNING, "nothing is deleted for a day")
    assert seen(session, name).state == "done"
    session.commit()
    Cleaning(engine, Settings(keep_days=30)).clean()  # begun with this clock: it is believed
    assert caplog.messages[-1].startswith("deleted as too old: {")
    session.expire_all()
    assert session.get(database.Job, name) is None


def test_a_clock_that_has_jumped_is_believed_after_a_day(
    engine: Engine,
    session: Session,
    jump: Callable[[float], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A machine that slept, to its own clock, has jumped: what is old is deleted all the same."""
    name = queued(session)
    jobs.ask_to_stop(session, name)
    went, slept, days = time.monotonic, 400.0, 0.0
    monkeypatch.setattr(time, "monotonic", lambda: went() + days * 86_400)
    cleaning = Cleaning(engine, Settings(keep_days=30))
    cleaning.clean()
    for days, is_there in ((0.1, True), (1.0, True), (1.2, False)):
        jump(slept + days)
        cleaning.clean()
        session.expire_all()
        assert (session.get(database.Job, name) is not None) == is_there, days
        session.commit()
