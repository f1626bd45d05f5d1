"""Questions about a proposal, and their answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from api.service.schemas.answers import ProgressShown
from api.service.schemas.parts import Closed, StoredId
from api.service.schemas.requests import WishRequest
from models.difference import Difference
from models.proposal import Proposal


class LevelChangeShown(Closed):
    """A level in the proposal and with the wish; `is_proven`: no plan with it does better."""

    level: str
    before: int | None
    after: int | None
    change: int
    is_proven: bool


class ReasonShown(Closed):
    """What makes the first level that is worse worse; weighted they sum to its change."""

    goal: str
    employees: tuple[str, ...] = ()
    team: str | None = None
    task: str | None = None
    skill: str | None = None
    sector: str | None = None
    before: int
    after: int
    change: int
    weighted: int
    first_day: date | None


class Cure(Closed):
    """The cheapest single change of the input that makes the wish free."""

    kind: Literal["size_max", "size_min", "eligible", "drop_rule", "qualify"]
    of: str
    employee: str | None
    price: int


class WhyAnswer(Closed):
    """What a wish would cost, for which reasons, and what would make it free.

    `relief`: by goal, what gets better; `others_moved`: people beside the one of the wish.
    """

    wish: WishRequest
    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    holds: bool
    free: bool
    proven: bool
    first_worse: str | None
    levels: tuple[LevelChangeShown, ...]
    reasons: tuple[ReasonShown, ...]
    smaller_reasons: int
    relief: dict[str, int]
    others_moved: int | None
    conflicts: tuple[str, ...]
    cure: Cure | None
    no_cure: bool
    cures_tried: int
    difference: Difference | None


class WhyResult(Closed):
    """An answer a wish; of several, the least costly first."""

    answers: tuple[WhyAnswer, ...]


class AlternativeShown(Closed):
    """One plan as good, how many people it places differently, and the difference."""

    proposal: Proposal
    distance: int
    is_farthest: bool
    difference: Difference


class AlternativesResult(Closed):
    """Plans as good; `end` says why there are no more, `unique` what is proven to be settled."""

    alternatives: tuple[AlternativeShown, ...]
    end: Literal["count", "no_more", "time"]
    unique: Literal["plan", "placements"] | None


class Question(Closed):
    """How far a question is, and its answer once it is done."""

    id: StoredId
    kind: Literal["why", "alternatives"]
    proposal: StoredId
    state: Literal["queued", "running", "done", "failed"]
    progress: ProgressShown | None
    stopping: bool
    attempts: int
    error: str | None
    erased: bool
    created_at: datetime
    created_by: str
    started_at: datetime | None
    finished_at: datetime | None
    result: WhyResult | AlternativesResult | None
