"""Documents are made in processes of their own: few at a time, none for long, for nobody who left.

Why not by the engine, as answers are: whoever reads a report would wait for solves of an hour, and
take a planner's place in the queue. Nothing of a document is stored, so nothing of it outlives an
erasure.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from contextlib import suppress
from typing import Any

from fastapi import Request

from api.service.documents import FAILED, MADE, REFUSED, Wanted
from api.service.problems import Problem
from api.service.settings import Settings
from models.issues import InputError, Issue

log = logging.getLogger("tiimi")

SECONDS_BETWEEN_LOOKS = 0.25
"""How soon it is seen that whoever asked has gone."""

SECONDS_TO_RETRY = 5


class Making:
    """Makes documents; those of one application."""

    def __init__(self, settings: Settings) -> None:
        self._most_waiting = settings.documents_waiting
        self._seconds = settings.document_seconds
        self._places = asyncio.Semaphore(settings.most_documents)
        self._waiting = 0

    async def make(self, wanted: Wanted, request: Request) -> bytes:
        """A document, as soon as there is a place.

        Raises:
            Problem: `busy`, `too_slow`, `internal`; `not_ready` if the server stops meanwhile.
            InputError: if it cannot be made here.
        """
        making = asyncio.create_task(self._placed(wanted))
        try:
            while not (await asyncio.wait({making}, timeout=SECONDS_BETWEEN_LOOKS))[0]:
                if request.app.state.stopping.is_set():
                    raise Problem("not_ready", "The server stops.")
                if await request.is_disconnected():
                    # Nobody reads this any more.
                    raise Problem("bad_request", "The connection was closed.")
            return making.result()
        finally:
            making.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await making

    async def _placed(self, wanted: Wanted) -> bytes:
        if self._places.locked() and self._waiting >= self._most_waiting:
            headers = {"Retry-After": str(SECONDS_TO_RETRY)}
            raise Problem("busy", f"{self._waiting} documents wait already.", headers=headers)
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            async with asyncio.timeout(self._seconds):
                return await self.made(wanted)
        except TimeoutError:
            log.error("a document took too long: %s", wanted.what)
            raise Problem("too_slow", f"The most is {self._seconds:g} seconds.") from None
        finally:
            self._places.release()

    async def made(self, wanted: Wanted) -> bytes:
        """A document, made in a process that ends with it.

        Raises:
            Problem: `internal`.
            InputError: if it cannot be made here.
        """
        answer, code = await _run(wanted.line())
        if code == MADE:
            return answer
        if code == REFUSED:
            raise InputError([Issue(**one) for one in json.loads(answer)])
        reason = answer.decode() if code == FAILED else f"its process ended with {code}"
        log.error("a document could not be made: %s, %s", wanted.what, reason)
        raise Problem("internal")


async def _run(line: bytes) -> tuple[bytes, int]:
    """What the process answers, and how it ended; it never outlives this call."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        # What lies in the folder where the server was started is no module of ours.
        "-P",
        "-m",
        "api.service.documents",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(line)
            await process.stdin.drain()
        answer = await process.stdout.read()
        return answer, await process.wait()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        process.stdin.close()
        await process.wait()


def _environment() -> dict[str, Any]:
    """That of the server, without its settings: a document needs no database and no key."""
    found = {k: v for k, v in os.environ.items() if not k.upper().startswith("TIIMI_")}
    return found | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
