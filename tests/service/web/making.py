"""Documents made in the test's own process: what is made is the same, and it starts at once."""

from fastapi.concurrency import run_in_threadpool

from api.service.documents import Wanted, made
from api.service.making import Making


class MakingHere(Making):
    """Without processes; their number, their time and their end are tested by themselves."""

    async def made(self, wanted: Wanted) -> bytes:
        return await run_in_threadpool(made, wanted)
