"""A person among others whose ids are much like theirs, as an organisation and a job know them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from api.service.database import Job, StoredOrganisation
from api.service.naming import Named, ids_in


class Neighbours:
    """Tells a person from others and from things, by what is stored."""

    def __init__(self, session: Session, person: str) -> None:
        self._session = session
        self._person = person
        self._ids: dict[str, set[str]] = {}

    def named(self, organisation_id: str, job: Job | None = None) -> Named:
        """The person, as a stored organisation knows them, and a job that is about it."""
        if organisation_id not in self._ids:
            content = self._session.get_one(StoredOrganisation, organisation_id).content
            others = [e for e in content["employees"] if e["id"] != self._person]
            near = ids_in(content | {"employees": others})
            self._ids[organisation_id] = {name for name in near if self._person in name}
        near = ids_in(_newcomers(job)) if job else iter(())
        more = {name for name in near if self._person in name and name != self._person}
        return Named(self._person, self._ids[organisation_id] | more)


def _newcomers(job: Job) -> list[Any]:
    """People and tasks that a job's stored organisation may not have."""
    events = (job.request or {}).get("scenario", {}).get("events", ())
    new = [e.get("employee") for e in events if e["kind"] == "joins"]
    new += [e.get("task") for e in events if e["kind"] == "task_starts"]
    return [(job.result or {}).get("organisation"), *new]
