"""What each kind of job computes: translation between the database's JSON and the optimizer.

What solves is loaded where it is used: the server, which does not solve, starts without it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Any, Protocol

from api.service.resuming import kept
from api.why_text import why_json
from models.carrying import keeping
from models.difference import difference
from models.facts import Facts
from models.organisation import Organisation
from models.policy import Policy
from models.proposal import Plan, Proposal
from models.reading import organisation_from, policy_from, scenario_from

if TYPE_CHECKING:
    from api.service.database import Job
    from optimizer import Progress
    from optimizer.solved import Solved

Watch = Callable[["Progress"], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """A job's result, and of a proposal its outcome."""

    outcome: str | None
    result: dict[str, Any]


def _propose(
    job: Job, parent: Job | None, content: Any, threads: int, stop: Event, watch: Watch
) -> Answer:
    from optimizer.cpsat import Limits
    from optimizer.known import Known
    from optimizer.propose import solve

    asked = job.request
    facts = Facts(organisation_from(content), policy_from(job.policy))
    limits = Limits.for_seconds(asked["time_limit"], threads, asked["seed"], stop)
    known = Known(hint=Plan.model_validate(job.plan)) if job.plan else None
    proposal = kept(solve(facts, limits, watch, known), facts, job.plan)
    return Answer(proposal.status, {"proposal": proposal.to_dict()})


def _what_if(
    job: Job, parent: Job | None, content: Any, threads: int, stop: Event, watch: Watch
) -> Answer:
    from optimizer.what_if import Base, what_if

    assert parent is not None
    base = solved_of(parent, content)
    answer = what_if(
        Base(base.organisation, policy_from(parent.policy), base.proposal.plan),
        scenario_from(job.request["scenario"]),
        allow_moves=job.request["allow_moves"],
        time_limit=job.request["time_limit"],
        workers=threads,
        seed=job.request["seed"],
        progress=watch,
        stop=stop,
    )
    carried = answer.carried
    policy = keeping(carried.base_policy, last=job.request["allow_moves"] is not None)
    facts = Facts(carried.organisation, policy, carried.held)
    proposal, changes = kept(answer.proposal, facts, job.plan), answer.difference
    if proposal is not answer.proposal:
        before = Facts(carried.base, policy, carried.held)
        changes = difference(before, carried.before, facts, proposal.plan)
    return Answer(
        proposal.status,
        {
            "proposal": proposal.to_dict(),
            "organisation": carried.organisation.to_dict(),
            "difference": changes.to_dict() if changes else None,
            "before": carried.before.model_dump(mode="json"),
            "held_before": {q: sorted(e) for q, e in carried.held.items()},
        },
    )


def _why(
    job: Job, parent: Job | None, content: Any, threads: int, stop: Event, watch: Watch
) -> Answer:
    from optimizer.cpsat import Limits
    from optimizer.why import Wish, ranked, why

    assert parent is not None
    limits = Limits.for_seconds(job.request["time_limit"], threads, job.request["seed"], stop)
    wishes = [Wish(**row) for row in job.request["wishes"]]
    base = solved_of(parent, content)
    if len(wishes) == 1:
        answers = [why(base, wishes[0], limits, watch)]
    else:
        answers = ranked(base, wishes, limits, watch)
    return Answer(None, {"answers": [why_json(answer) for answer in answers]})


def _alternatives(
    job: Job, parent: Job | None, content: Any, threads: int, stop: Event, watch: Watch
) -> Answer:
    from optimizer.alternatives import alternatives
    from optimizer.cpsat import Limits

    assert parent is not None
    asked = job.request
    limits = Limits.for_seconds(asked["time_limit"], threads, asked["seed"], stop)
    found = alternatives(
        solved_of(parent, content),
        limits,
        count=asked["count"],
        distance=asked["distance"],
        level=asked["level"],
        loss=asked["loss"],
    )
    return Answer(
        None,
        {
            "alternatives": [
                {
                    "proposal": one.proposal.to_dict(),
                    "distance": one.distance,
                    "is_farthest": one.is_farthest,
                    "difference": one.difference.to_dict(),
                }
                for one in found.found
            ],
            "end": found.end,
            "unique": found.unique,
        },
    )


ANSWERS: dict[str, Callable[[Job, Job | None, Any, int, Event, Watch], Answer]] = {
    "propose": _propose,
    "what_if": _what_if,
    "why": _why,
    "alternatives": _alternatives,
}
"""By kind of job, what computes its answer."""


class Stored(Protocol):
    """Of a job, what it was asked and what came out; or the same, where there is no database."""

    @property
    def kind(self) -> str:
        """`propose` or `what_if`."""

    @property
    def request(self) -> dict[str, Any]:
        """What was asked."""

    @property
    def policy(self) -> dict[str, Any]:
        """The working group's."""

    @property
    def result(self) -> dict[str, Any] | None:
        """The answer."""


def organisation_of(job: Stored, content: Any) -> Organisation:
    """The organisation a proposal is for: of a what-if, carried forward."""
    carried = (job.result or {}).get("organisation")
    return organisation_from(carried if job.kind == "what_if" and carried else content)


def solved_policy_of(job: Stored) -> Policy:
    """The policy a proposal's levels are of: of a what-if, with the level `keep`."""
    policy = policy_from(job.policy)
    if job.kind != "what_if":
        return policy
    return keeping(policy, last=job.request["allow_moves"] is not None)


def held_before_of(job: Stored) -> dict[str, frozenset[str]]:
    """Of a what-if, who holds each task in Before."""
    held = (job.result or {}).get("held_before") or {}
    return {q: frozenset(people) for q, people in held.items()}


def proposal_of(job: Stored) -> Proposal:
    """A proposal that is done."""
    return Proposal.model_validate((job.result or {})["proposal"])


def plan_of(job: Stored) -> Plan:
    """Its plan."""
    return proposal_of(job).plan


def solved_of(job: Job, content: Any) -> Solved:
    """A proposal that is done, with what it was made from."""
    from optimizer.solved import Solved

    return Solved(
        organisation_of(job, content), solved_policy_of(job), proposal_of(job), held_before_of(job)
    )
