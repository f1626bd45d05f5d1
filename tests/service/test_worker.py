"""One job in a worker: its end is stored once, whatever comes in between."""

import threading
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from api.service import jobs, worker
from api.service.answers import ANSWERS, Answer
from api.service.database import Job
from models import Facts, Plan, Policy, Proposal
from models.evaluation import evaluate_facts
from optimizer import Progress
from tests.api.office import office, office_plan
from tests.service.stored_jobs import asked, events, organisation, queued, seen

BEAT = 0.05
Solve = Callable[[Event, Callable[[Progress], None]], Answer]


def run(engine: Engine, name: str, claim_id: str | None = None) -> str:
    url = engine.url.render_as_string(hide_password=False)
    return worker.run_job(url, name, 1, BEAT, claim_id)


@pytest.fixture
def solves(monkeypatch: pytest.MonkeyPatch) -> Callable[[Solve], None]:
    """Let a function stand for the optimizer."""

    def stand_in(solve: Solve) -> None:
        def answer(job: Any, parent: Any, content: Any, threads: Any, *rest: Any) -> Answer:
            return solve(*rest)

        monkeypatch.setitem(ANSWERS, "propose", answer)

    return stand_in


def progress(best: int, status: str | None = "feasible") -> Progress:
    plan = Plan() if status else None
    return Progress("people", 3, 5, best, 0, 0.1, False, status, plan)


def test_what_is_found_is_stored_once(
    engine: Engine, session: Session, solves: Callable[[Solve], None]
) -> None:
    name = queued(session)

    def solve(stop: Event, watch: Callable[[Progress], None]) -> Answer:
        watch(progress(9))
        watch(progress(8, None))  # so soon again that it is not told
        watch(progress(7))
        return Answer("optimal", {"proposal": {}})

    solves(solve)
    assert run(engine, name) == "done"
    assert run(engine, name) == "not to be had"
    job = seen(session, name)
    assert (job.state, job.outcome, job.result) == ("done", "optimal", {"proposal": {}})
    assert job.progress is not None
    assert job.progress["best"] == 7
    kinds = [kind for _, kind in events(session, name)]
    assert kinds == ["queued", "started", "level", "level", "done"]


def test_a_mistake_is_the_job_s_answer_and_names_nobody(
    engine: Engine,
    session: Session,
    solves: Callable[[Solve], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    name = queued(session)

    def solve(stop: Event, watch: Callable[[Progress], None]) -> Answer:
        raise KeyError("E6 Maija Meikäläinen")

    solves(solve)
    assert run(engine, name) == "failed"
    job = seen(session, name)
    assert job.state == "failed"
    assert job.error is not None
    assert job.error.startswith("a mistake of tiimi's own: KeyError in tests.service.test_worker")
    assert [record.getMessage() for record in caplog.records] == [f"a job failed: {job.error}"]
    assert not any(record.exc_info for record in caplog.records)


def test_a_stop_reaches_the_solve_and_its_plan_is_kept(
    engine: Engine, session: Session, solves: Callable[[Solve], None]
) -> None:
    name = queued(session)

    def solve(stop: Event, watch: Callable[[Progress], None]) -> Answer:
        with Session(engine) as other:
            jobs.ask_to_stop(other, name)
        assert stop.wait(60)
        return Answer("feasible", {"proposal": {"best": "so far"}})

    solves(solve)
    assert run(engine, name) == "done"
    job = seen(session, name)
    assert (job.outcome, job.result) == ("feasible", {"proposal": {"best": "so far"}})


def test_who_has_lost_its_job_stops_and_stores_nothing(
    engine: Engine, session: Session, solves: Callable[[Solve], None]
) -> None:
    """A worker that was given up, wrongly or not: another has the job by now."""
    name = queued(session)

    def solve(stop: Event, watch: Callable[[Progress], None]) -> Answer:
        with Session(engine) as other:
            other.execute(update(Job).where(Job.id == name).values(claim="another"))
            other.commit()
        assert stop.wait(60)
        watch(progress(1))
        return Answer("optimal", {"proposal": "late"})

    solves(solve)
    assert run(engine, name, "one") == "lost"
    job = seen(session, name)
    assert (job.state, job.claim, job.result, job.plan) == ("running", "another", None, None)
    assert [kind for _, kind in events(session, name)] == ["queued", "started"]


def test_a_mistake_after_it_lost_its_job_is_nobody_s(
    engine: Engine, session: Session, solves: Callable[[Solve], None]
) -> None:
    name = queued(session)

    def solve(stop: Event, watch: Callable[[Progress], None]) -> Answer:
        with Session(engine) as other:
            assert jobs.fail(other, name, "one", "of something else")
        raise ZeroDivisionError

    solves(solve)
    assert run(engine, name, "one") == "lost"
    assert seen(session, name).error == "of something else"


def test_progress_that_cannot_be_stored_is_no_reason_to_give_up(
    engine: Engine,
    session: Session,
    solves: Callable[[Solve], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = queued(session)

    def away(*_: Any) -> bool:
        raise OperationalError("", None, Exception("away"))

    monkeypatch.setattr(jobs, "tell", away)
    monkeypatch.setattr(jobs, "beat", away)

    def solve(stop: Event, watch: Callable[[Progress], None]) -> Answer:
        watch(progress(9))
        assert not stop.wait(5 * BEAT)
        return Answer("optimal", {})

    solves(solve)
    assert run(engine, name) == "done"
    assert [kind for _, kind in events(session, name)] == ["queued", "started", "done"]


def test_a_result_is_stored_as_soon_as_it_can_be(
    engine: Engine,
    session: Session,
    solves: Callable[[Solve], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """However often it fails: nothing else has to be done for it."""
    name = queued(session)
    finish, failures = jobs.finish, iter([True, True, False])

    def sometimes(*given: Any) -> None:
        if next(failures):
            raise OperationalError("", None, Exception("No space left, in the row of E6"))
        finish(*given)

    monkeypatch.setattr(worker, "SECONDS_BETWEEN_LOOKS", BEAT)
    monkeypatch.setattr(jobs, "finish", sometimes)
    solves(lambda stop, watch: Answer("optimal", {"proposal": 1}))
    assert run(engine, name) == "done"
    assert seen(session, name).result == {"proposal": 1}
    told = [record.getMessage() for record in caplog.records]
    assert told == ["a job's end cannot be stored yet: OperationalError"]


def test_what_can_never_be_stored_is_a_failure(
    engine: Engine, session: Session, solves: Callable[[Solve], None]
) -> None:
    name = queued(session)
    solves(lambda stop, watch: Answer("optimal", {"proposal": object()}))
    assert run(engine, name) == "failed"
    job = seen(session, name)
    assert (job.state, job.result) == ("failed", None)
    assert job.error is not None
    assert job.error.startswith("a mistake of tiimi's own: StatementError")


def test_a_database_without_tables_has_no_job(tmp_path: Any) -> None:
    assert worker.run_job(f"sqlite:///{tmp_path / 'none.db'}", "x", 1, BEAT) == "not to be had"


OFFICE = Facts(office(), Policy())


def taken_up_again(session: Session, plan: Plan | None, seconds: float) -> str:
    """A job of the office that another worker had, which had found a plan."""
    of = organisation(session, office().to_dict())
    request = {"time_limit": seconds, "seed": 0}
    name = jobs.submit(session, asked(of, request=request, policy=Policy().to_dict()), 9).job.id
    job = jobs.claim(session, name, "one")
    assert job is not None
    if plan is not None:
        jobs.tell(session, job.id, "one", "level", {}, plan.model_dump(mode="json"))
    assert jobs.give_back(session, job, most_attempts=9)
    return job.id


def test_a_plan_found_before_is_kept_if_none_is_found_now(engine: Engine, session: Session) -> None:
    """A job that is taken up again and stopped at once has its plan, and says what is proven."""
    name = taken_up_again(session, office_plan(office()), seconds=1e-3)
    assert run(engine, name) == "done"
    job = seen(session, name)
    assert (job.outcome, job.attempts) == ("feasible", 2)
    found = Proposal.model_validate((job.result or {})["proposal"])
    assert found.plan == office_plan(office())
    evaluation = evaluate_facts(OFFICE, office_plan(office()))
    values = [evaluation.value(level) for level in Policy().levels]
    assert [(x.best, x.value, x.allowed) for x in found.levels] == [(v, v, v) for v in values]
    assert {(x.bound, x.status) for x in found.levels} == {(0, "feasible")}
    claimed_costs = {goal.goal: goal.cost for level in found.levels for goal in level.goals}
    assert claimed_costs == evaluation.costs
    assert found.gaps == evaluation.gaps


def test_without_a_plan_found_before_there_is_none(engine: Engine, session: Session) -> None:
    name = taken_up_again(session, None, seconds=1e-3)
    assert run(engine, name) == "done"
    assert seen(session, name).outcome == "unknown"


def test_what_is_found_now_is_better_than_what_was_found_before(
    engine: Engine, session: Session
) -> None:
    name = taken_up_again(session, office_plan(office()), seconds=60)
    assert run(engine, name) == "done"
    assert seen(session, name).outcome == "optimal"


def test_several_run_at_once(
    engine: Engine, session: Session, solves: Callable[[Solve], None]
) -> None:
    """Each writes its own, also at the same moment."""
    names = [queued(session) for _ in range(4)]

    def solve(stop: Event, watch: Callable[[Progress], None]) -> Answer:
        for best in range(5, 0, -1):
            watch(progress(best))
        return Answer("optimal", {"proposal": {}})

    solves(solve)
    threads = [threading.Thread(target=run, args=(engine, name)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in names:
        kinds = [kind for _, kind in events(session, name)]
        assert kinds == ["queued", "started", *["level"] * 5, "done"]
