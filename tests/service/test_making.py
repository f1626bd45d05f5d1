"""Documents made in processes: few at a time, not for long, for nobody who left."""

import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psutil
import pytest
from fastapi import Request

from api.service import making
from api.service.documents import MADE, REFUSED, Wanted, made
from api.service.making import Making
from api.service.problems import Problem
from api.service.settings import Settings
from models import Organisation, Policy, Proposal
from models.issues import InputError
from tests.api.office import office, office_proposal
from tests.report.bases import crowd_base

LONGEST = 120


def wanted(what: str, organisation: Organisation, proposal: Proposal, **more: Any) -> Wanted:
    known = {
        "kind": "propose",
        "request": {},
        "policy": Policy().to_dict(),
        "result": {"proposal": proposal.to_dict()},
        "erased": False,
    }
    return Wanted(what, organisation.to_dict(), known, **more)


def of_office(what: str, **more: Any) -> Wanted:
    return wanted(what, office(), office_proposal(office()), **more)


def long_one() -> Wanted:
    """What takes minutes: nobody waits for it here."""
    base = crowd_base()
    return wanted("report", base.organisation, base.proposal, as_pdf=True)


class Asker:
    """A request whose sender may go, of a server that may stop."""

    def __init__(self) -> None:
        self.app = SimpleNamespace(state=SimpleNamespace(stopping=threading.Event()))
        self.is_gone = False

    async def is_disconnected(self) -> bool:
        return self.is_gone

    def request(self) -> Request:
        return cast(Request, self)


def run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run it; whatever processes it had are gone."""
    found = asyncio.run(asyncio.wait_for(work(), LONGEST))
    assert makers() == []
    return found


def makers() -> list[psutil.Process]:
    return [c for c in psutil.Process().children() if "api.service.documents" in c.cmdline()]


def make(of: Wanted, asker: Asker | None = None, **settings: Any) -> Any:
    async def work() -> bytes:
        return await Making(Settings(**settings)).make(of, (asker or Asker()).request())

    return run(work)


async def until(condition: Callable[[], Any]) -> None:
    while not condition():
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("what", "more"),
    [("risk", {}), ("report", {"language": "fi"}), ("sheet", {"language": "sv", "person": "E5"})],
)
def test_a_process_makes_the_same(what: str, more: dict[str, str]) -> None:
    assert make(of_office(what, **more)) == made(of_office(what, **more))


def test_an_odd_text_is_made_the_same() -> None:
    odd = office(name="Ähtäri \U0001f600 \x01\n</script>")
    of = wanted("report", odd, office_proposal(odd))
    assert make(of) == made(of)


def test_what_cannot_be_made_is_told_with_its_cure() -> None:
    with pytest.raises(InputError) as refused:
        make(of_office("sheet", person="E33"))
    (issue,) = refused.value.issues
    assert (issue.code, issue.place, issue.cure) == ("unknown_id", "E33", "Did you mean 'E3'?")


def test_the_server_does_other_things_meanwhile() -> None:
    async def work() -> int:
        making = Making(Settings())
        asked = asyncio.create_task(making.make(of_office("report"), Asker().request()))
        turns = 0
        while not asked.done():
            await asyncio.sleep(0.01)
            turns += 1
        return turns

    assert run(work) >= 10


def test_what_takes_too_long_is_ended(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Problem) as told:
        make(long_one(), document_seconds=1.5)
    assert (told.value.code, told.value.status) == ("too_slow", 503)
    assert caplog.messages == ["a document took too long: report"]


def test_no_more_are_made_at_a_time_and_wait_than_may() -> None:
    async def work() -> list[Any]:
        making = Making(Settings(most_documents=1, documents_waiting=1))
        first, second = Asker(), Asker()
        asked = [
            asyncio.create_task(making.make(of, asker.request()))
            for of, asker in ((long_one(), first), (of_office("risk"), second))
        ]
        await until(makers)
        assert len(makers()) == 1
        with pytest.raises(Problem) as told:
            await making.make(of_office("risk"), Asker().request())
        assert (told.value.code, told.value.status) == ("busy", 429)
        assert told.value.headers == {"Retry-After": "5"}
        assert not any(one.done() for one in asked)
        first.is_gone = True
        return await asyncio.gather(*asked, return_exceptions=True)

    first, second = run(work)
    assert isinstance(first, Problem)
    # There is a place again for who waited.
    assert second == made(of_office("risk"))


def test_who_waits_and_leaves_takes_no_place() -> None:
    async def work() -> bytes:
        making = Making(Settings(most_documents=1, documents_waiting=1))
        first, second = Asker(), Asker()
        asked = [
            asyncio.create_task(making.make(long_one(), asker.request()))
            for asker in (first, second)
        ]
        await until(makers)
        for asker in (second, first):
            asker.is_gone = True
        await asyncio.gather(*asked, return_exceptions=True)
        return await making.make(of_office("risk"), Asker().request())

    assert run(work) == made(of_office("risk"))


def test_nobody_waits_for_a_server_that_stops() -> None:
    asker = Asker()
    asker.app.state.stopping.set()
    with pytest.raises(Problem) as told:
        make(long_one(), asker)
    assert told.value.code == "not_ready"


def test_a_process_that_dies_is_a_mistake_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        asked = asyncio.create_task(Making(Settings()).make(long_one(), Asker().request()))
        await until(makers)
        makers()[0].kill()
        with pytest.raises(Problem) as told:
            await asked
        assert told.value.code == "internal"

    run(work)
    assert caplog.messages == ["a document could not be made: report, its process ended with -9"]


def test_a_mistake_is_told_by_its_type_and_place(caplog: pytest.LogCaptureFixture) -> None:
    of = of_office("report", language="E3 economy secretary")
    with caplog.at_level(logging.DEBUG), pytest.raises(Problem):
        make(of)
    told = [m for m in caplog.messages if m.startswith("a document")]
    assert len(told) == 1
    assert "economy secretary" not in caplog.text
    assert told[0].startswith("a document could not be made: report, FileNotFoundError in ")


def test_the_process_ends_with_who_asked() -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "api.service.documents"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(long_one().line())
    process.stdin.flush()
    time.sleep(1.0)
    if sys.platform == "linux":
        # It goes first where memory runs out.
        assert Path(f"/proc/{process.pid}/oom_score_adj").read_text().strip() == "1000"
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(timeout=LONGEST) not in (MADE, REFUSED)
    assert process.stdout is not None
    assert process.stdout.read() == b""
    process.stdout.close()


def test_it_has_no_settings_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIIMI_DATABASE_URL", "postgresql+pg8000://tiimi:secret@db/tiimi")
    assert "secret" not in json.dumps(making._environment())
    assert os.environ["PATH"] == making._environment()["PATH"]


TALKATIVE = """
import os, sys
from api.service import documents

def talkative(wanted):
    os.write(1, b"E3")
    os.write(2, b"E3")
    print("E3", flush=True)
    return b"the document"

documents.DOCUMENTS["risk"] = talkative
sys.exit(documents.main())
"""


def test_what_others_print_is_no_part_of_a_document() -> None:
    with subprocess.Popen(
        [sys.executable, "-P", "-c", TALKATIVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=making._environment(),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(of_office("risk").line())
        process.stdin.flush()
        assert (process.stdout.read(), process.stderr.read()) == (b"the document", b"")
        assert process.wait(timeout=LONGEST) == MADE
