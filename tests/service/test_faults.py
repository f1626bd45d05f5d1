"""Whatever is killed, full or wrong: what was asked for is done once, or told why not."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from models import Plan, Proposal, evaluate
from models.reading import organisation_from, policy_from
from tests.service.postgres import Cluster
from tests.service.running import Process, Running, history, process, serving, token_of, until

DASK = Path(sys.executable).with_name("dask")
LASTS, QUICK = "random:5", "example"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'tiimi.db'}"


def assert_one_result(server: Running, name: str) -> None:
    """It is done, its result is stored once and is a valid plan that costs what it says."""
    job, kinds = history(server.url, name)
    assert (job.state, job.error) == ("done", None)
    assert job.outcome in ("feasible", "optimal")
    assert [kind for kind in kinds if kind in ("done", "failed")] == ["done"]
    assert kinds[-1] == "done"
    assert (kinds.count("started"), kinds.count("lost")) == (job.attempts, job.attempts - 1)
    proposal = Proposal.model_validate(server.get(f"/v1/proposals/{name}/result").json())
    organisation = server.get(f"/v1/proposals/{name}/organisation").json()
    assert proposal.status == job.outcome
    assert isinstance(proposal.plan, Plan)
    evaluation = evaluate(organisation_from(organisation), policy_from(job.policy), proposal.plan)
    claimed = {goal.goal: goal.cost for level in proposal.levels for goal in level.goals}
    assert (evaluation.is_valid, evaluation.costs) == (True, claimed)


def assert_it_works(server: Running) -> None:
    """What is asked for now is done."""
    name = server.submit(server.store(QUICK))
    assert server.until_over(name)["outcome"] == "optimal"
    assert_one_result(server, name)


def test_a_server_killed_loses_nothing(sqlite_url: str) -> None:
    token = token_of(sqlite_url)
    with serving(sqlite_url, token) as server:
        jobs = killed_at_work(server, server.store(LASTS))
    assert_nothing_is_lost(sqlite_url, token, *jobs)


def killed_at_work(server: Running, organisation: str) -> tuple[str, str]:
    """Kill a server; the jobs that ran and waited. Its workers end with it."""
    running, waiting = server.submit(organisation), server.submit(server.store(QUICK))
    server.until_it_has_a_plan(running)
    assert server.status(waiting)["state"] == "queued"
    server.kill()
    return running, waiting


def assert_nothing_is_lost(url: str, token: str, running: str, waiting: str) -> None:
    """Another server takes up what ran, and does what waited, both once."""
    with serving(url, token) as server:
        # The plan found so far is still there, and can be read before it is taken up again.
        assert server.get(f"/v1/proposals/{running}/plan").json()["is_final"] is False
        server.until_it_has_a_plan(running, attempt=2)
        server.stopped(running)
        assert_one_result(server, running)
        server.until_over(waiting)
        assert_one_result(server, waiting)


def test_a_worker_killed_is_replaced_and_its_job_taken_up_again(sqlite_url: str) -> None:
    """As often as is set; then it has failed, and says why. Others go on.

    What runs when the server is stopped in order is handed back, which counts as no attempt.
    """
    with serving(sqlite_url, token_of(sqlite_url), most_attempts=2) as server:
        organisation = server.store(LASTS)
        name = server.submit(organisation)
        server.until_it_has_a_plan(name)
        kill_worker(server)
        server.until_it_has_a_plan(name, attempt=2)
        kill_worker(server)
        status = server.until_over(name)
        assert (status["state"], status["error"]) == ("failed", "its worker was lost 2 times")
        assert server.get(f"/v1/proposals/{name}/result").status_code == 404
        kinds = history(sqlite_url, name)[1]
        assert (kinds.count("started"), kinds.count("lost"), kinds[-1]) == (2, 1, "failed")
        assert_it_works(server)
        name = server.submit(organisation)
        server.until_it_has_a_plan(name)
        attempts = server.status(name)["attempts"]
        server.stop()
    job, kinds = history(sqlite_url, name)
    assert (job.state, job.attempts, kinds[-1]) == ("queued", attempts - 1, "lost")


def kill_worker(server: Running) -> None:
    (worker,) = server.workers()
    worker.kill()


@contextmanager
def scheduler(port: int) -> Iterator[Process]:
    """A Dask scheduler of its own, with one worker of its own."""
    here = ("--host", "127.0.0.1")
    quiet = ("--no-dashboard",)
    with (
        process(DASK, "scheduler", *here, *quiet, "--port", str(port)) as started,
        process(DASK, "worker", f"tcp://127.0.0.1:{port}", *here, *quiet, "--nthreads", "1"),
    ):
        yield started


def test_a_scheduler_killed_is_replaced(sqlite_url: str, unused_port: int) -> None:
    """The service goes on, and solves again as soon as there are scheduler and worker again."""
    address = f"tcp://127.0.0.1:{unused_port}"
    with serving(sqlite_url, token_of(sqlite_url), scheduler=address) as server:
        organisation = server.store(LASTS)
        name = server.submit(organisation)
        assert server.get("/ready").json()["code"] == "not_ready"
        with scheduler(unused_port) as started:
            server.until_it_has_a_plan(name)
            assert server.get("/ready").status_code == 200
            started.kill()
            until(lambda: server.get("/ready").status_code == 503, "it is missed")
        waiting = server.submit(server.store(QUICK))
        assert server.status(waiting)["state"] == "queued"
        with scheduler(unused_port):
            server.until_it_has_a_plan(name, attempt=2)
            server.stopped(name)
            assert_one_result(server, name)
            server.until_over(waiting)
            assert_one_result(server, waiting)


def test_a_postgresql_killed_loses_nothing(own_postgres: Cluster) -> None:
    """While it is away, that is said; the solve goes on, and its result is stored afterwards.

    A server killed loses nothing there, either.
    """
    token = token_of(own_postgres.url)
    with serving(own_postgres.url, token) as server:
        organisation = server.store(LASTS)
        name = server.submit(organisation)
        server.until_it_has_a_plan(name)
        own_postgres.kill()
        away = until(lambda: refused(server, f"/v1/proposals/{name}"), "it is missed")
        assert (away["code"], away["detail"]) == ("not_ready", "The database is not reached.")
        assert server.get("/ready").status_code == 503
        assert server.get("/health").status_code == 200
        refusal = server.post("/v1/proposals", {"organisation": "0" * 32})
        assert (refusal.status_code, refusal.headers["Retry-After"]) == (503, "2")
        own_postgres.start()
        until(lambda: server.get("/ready").status_code == 200, "it is reached again")
        server.stopped(name)
        assert_one_result(server, name)
        jobs = killed_at_work(server, organisation)
    assert_nothing_is_lost(own_postgres.url, token, *jobs)


def refused(server: Running, path: str) -> dict[str, Any] | None:
    answer = server.get(path)
    return answer.json() if answer.status_code == 503 else None


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, so small that it can be filled."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("this root may not mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_loses_nothing(small_disk: Path) -> None:
    """What is stored can be read; what cannot be stored is said; with room again all goes on."""
    url = f"sqlite:///{small_disk / 'tiimi.db'}"
    token = token_of(url)
    with serving(url, token) as server:
        organisation = server.store(LASTS)
        name = server.submit(organisation)
        server.until_it_has_a_plan(name)
        fill(small_disk / "filling")
        refusal = server.post("/v1/demo-data", {"name": QUICK})
        assert (refusal.status_code, refusal.json()["code"]) == (503, "not_ready")
        assert server.get("/health").status_code == 200
        assert server.get("/v1/organisations").json()["items"][0]["id"] == organisation
        assert server.status(name)["state"] == "running"
        (small_disk / "filling").unlink()
        server.stopped(name)
        assert_one_result(server, name)
        assert_it_works(server)
    assert len(history(url, name)[1]) >= 4


def fill(path: Path) -> None:
    """Write until there is no room."""
    full = None
    with path.open("wb", buffering=0) as file:
        while full is None:
            try:
                file.write(b"\0" * 4096)
            except OSError as error:
                full = error.errno
    assert full == errno.ENOSPC
