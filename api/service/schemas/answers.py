"""What the service answers with."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from api.service.schemas.parts import Closed, OrganisationJson, PolicyJson, ScenarioJson, StoredId
from models.proposal import Gap, Plan, Warn


class IssueShown(Closed):
    """One finding about an input: a code that stays the same, where, what, and what to do."""

    code: str
    place: str
    message: str
    cure: str


class Problem(Closed):
    """A problem document (RFC 9457) with a code that stays the same."""

    type: str
    title: str
    status: int
    code: str
    instance: str
    detail: str = ""
    issues: tuple[IssueShown, ...] = ()


class OrganisationShown(Closed):
    """A stored version of an organisation."""

    id: StoredId
    name: str
    people: int
    sha256: str
    created_at: datetime
    created_by: str


class Counts(Closed):
    """How many of each there are."""

    skills: int
    teams: int
    employees: int
    tasks: int
    rules: int


class OrganisationStored(OrganisationShown):
    """The same, just stored; what is odd in it is no error (docs/problem.md, section 1)."""

    counts: Counts
    warnings: tuple[Warn, ...]


class OrganisationWhole(OrganisationShown):
    """The same with its content."""

    content: OrganisationJson


class OrganisationPage(Closed):
    """Newest first; `next` is what to ask for `after`, null at the end."""

    items: tuple[OrganisationShown, ...]
    next: StoredId | None


class ProgressShown(Closed):
    """How far a solve is: level `index` of `count`, the best value so far and its bound."""

    level: str
    index: int
    count: int
    best: int | None
    bound: int | None
    seconds: float
    taking_back: bool
    status: str | None


class ProposalStatus(Closed):
    """How far a proposal is; `parent` and `origin` of a what-if: what it is about.

    `erased`: somebody was taken out of it; its figures and proofs are of before.
    """

    id: StoredId
    kind: Literal["propose", "what_if"]
    organisation: StoredId
    parent: StoredId | None
    origin: StoredId | None
    state: Literal["queued", "running", "done", "failed"]
    outcome: Literal["optimal", "feasible", "infeasible", "unknown"] | None
    progress: ProgressShown | None
    stopping: bool
    attempts: int
    error: str | None
    erased: bool
    created_at: datetime
    created_by: str
    started_at: datetime | None
    finished_at: datetime | None


class ProposalPage(Closed):
    """Newest first; `next` is what to ask for `after`, null at the end."""

    items: tuple[ProposalStatus, ...]
    next: StoredId | None


class ProposalAsked(Closed):
    """What was asked for, with all defaults filled in."""

    organisation: StoredId
    policy: PolicyJson
    time_limit: float
    seed: int
    scenario: ScenarioJson | None = None
    allow_moves: int | None = None


class ViolationShown(Closed):
    """A rule that a plan breaks, and how."""

    rule: str
    message: str


class LevelValue(Closed):
    """What a level costs in a plan."""

    level: str
    value: int


class Evaluated(Closed):
    """A plan evaluated afresh: the rules it breaks, what every goal costs, days not covered."""

    is_valid: bool
    violations: tuple[ViolationShown, ...]
    costs: dict[str, int]
    levels: tuple[LevelValue, ...]
    gaps: tuple[Gap, ...]


class PlanShown(Closed):
    """The best plan known; `is_final` says that it is the result's."""

    is_final: bool
    plan: Plan
    evaluation: Evaluated


class RuleTold(Closed):
    """A rule by its name, and in a sentence."""

    rule: str
    sentence: str


class WayOut(Closed):
    """Rules to give up together, and what that weighs by the policy."""

    weight: int
    rules: tuple[RuleTold, ...]


class ConflictsShown(Closed):
    """Why there is no valid plan; with one, all lists are empty."""

    conflicts: tuple[RuleTold, ...]
    minimal_conflicts: tuple[tuple[RuleTold, ...], ...]
    relaxations: tuple[WayOut, ...]
    conflicts_complete: bool


class DecisionShown(Closed):
    """What somebody decided; `violations` are the rules that the plan of an override breaks."""

    id: StoredId
    proposal: StoredId
    decision: Literal["accept", "reject", "override"]
    reason: str
    plan: Plan | None
    violations: tuple[ViolationShown, ...]
    by: str
    at: datetime


class DecisionList(Closed):
    """All decisions on a proposal, in their order: the last one counts."""

    items: tuple[DecisionShown, ...]


class AuditShown(Closed):
    """Who read personal data or changed something."""

    id: StoredId
    actor: str
    role: str
    action: str
    resource: str
    at: datetime


class AuditPage(Closed):
    """Newest first; `next` is what to ask for `after`, null at the end."""

    items: tuple[AuditShown, ...]
    next: StoredId | None


class Health(Closed):
    """The service lives, or is ready."""

    status: Literal["ok"]
