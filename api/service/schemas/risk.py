"""What an organisation risks, as it is answered: the values of `optimizer.risk` (docs/risk.md)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from api.service.schemas.parts import Closed

Kind = Literal["authority", "expert", "special", "ordinary"]
Ready = Literal["now", "within_year", "later", "nobody"]


class SubjectShown(Closed):
    """What must be covered: a task, or a skill that a team needs; then `task` and `kind` are null.

    `team` is null of a task without one, and of a skill that the whole organisation needs.
    """

    task: str | None
    kind: Kind | None
    team: str | None
    skill: str
    level: int


class StepShown(Closed):
    """Days `[start, end)` on which as many present people may do it, and have learnt it."""

    start: date
    end: date
    there: int
    ready: int


class RobustnessShown(Closed):
    """Whichever so many people leave, there are enough: on the first day, and on the worst.

    Null: there are not enough even if nobody leaves.
    """

    now: int | None
    worst: int | None
    worst_day: date


class BreakingShown(Closed):
    """If any `size` of these `among` leave, days break that hold otherwise."""

    size: int
    among: tuple[str, ...]
    first_day: date
    days: int


class CoverShown(Closed):
    """A task or skill over time; with fewer than `least` it is broken, `wanted` are asked for.

    `breaking`: all minimal sets of up to three people whose leaving breaks it, smallest first.
    """

    of: SubjectShown
    least: int
    wanted: int
    steps: tuple[StepShown, ...]
    first_below_one: date | None
    days_below_one: int
    first_below_wanted: date | None
    days_below_wanted: int
    robustness: RobustnessShown
    robustness_ready: RobustnessShown
    breaking: tuple[BreakingShown, ...]


class ExposureShown(Closed):
    """How much breaks if so many people leave; 0: it is broken, null: it takes more than three."""

    size: int | None
    authority_tasks: int
    other_tasks: int
    skills: int


class LossShown(Closed):
    """What somebody's leaving does: `nobody` may do it, nobody is ready, or fewer than wanted."""

    of: SubjectShown
    how: Literal["nobody", "unready", "short"]
    first_day: date
    days: int


class LackingShown(Closed):
    """Days on which a substitute does not cover a task, all for one reason."""

    reason: Literal["unqualified", "gone", "absent", "unready", "no_room"]
    days: int
    first_day: date


class CoveredTaskShown(Closed):
    """What of a task the substitute covers; net: if all whom they back are away at once."""

    task: str
    days: int
    covered_days: int
    net_covered_days: int
    lacking: tuple[LackingShown, ...]


class StandInShown(Closed):
    """A substitute, whom else they back, and what they truly cover."""

    substitute: str
    fit: int
    also_backs: tuple[str, ...]
    tasks: tuple[CoveredTaskShown, ...]
    task_days: int
    covered_days: int
    net_covered_days: int


class KeyPersonShown(Closed):
    """What breaks if somebody left tomorrow; `first_day` is null if nothing does.

    `tasks`, `leads`, `principals`: what they answer for, lead, and whose substitute they are.
    """

    employee: str
    team: str | None
    leaves: date | None
    tasks: tuple[str, ...]
    leads: tuple[str, ...]
    principals: tuple[str, ...]
    losses: tuple[LossShown, ...]
    authority_days: int
    other_days: int
    skill_days: int
    short_days: int
    first_day: date | None
    stand_in: StandInShown | None


class SinglePointShown(Closed):
    """Somebody without whom nobody present may do these."""

    employee: str
    tasks: tuple[str, ...]
    skills: tuple[SubjectShown, ...]


class SinglePointsShown(Closed):
    """All single points of failure on a day."""

    day: date
    people: tuple[SinglePointShown, ...]


class SuccessorShown(Closed):
    """Somebody who could take a task over; `ready` is null if they must first learn the skill."""

    employee: str
    when: Ready
    ready: date | None
    in_time: bool | None
    leaves: date | None
    is_planned: bool


class TaskSuccessionShown(Closed):
    """The bench of an authority or expert task; `bench_strength`: ready within a year."""

    task: str
    kind: Kind
    team: str | None
    holder: str | None
    leaves: date | None
    readiness: Ready
    bench_strength: int
    successors: tuple[SuccessorShown, ...]


class OnlySuccessorShown(Closed):
    """Somebody who alone is ready, now or within a year, for these tasks."""

    employee: str
    tasks: tuple[str, ...]


class SuccessionShown(Closed):
    """All authority and expert tasks, by readiness; the definitions are in docs/risk.md."""

    tasks: tuple[TaskSuccessionShown, ...]
    now: int
    within_year: int
    later: int
    nobody: int
    coverage_percent: int | None
    holder_leaves: int
    in_time: int
    own_successor: int
    only_successors: tuple[OnlySuccessorShown, ...]


class HandoverShown(Closed):
    """A task that changes hands, or must: when it is due, and the window to begin learning in."""

    task: str
    kind: Kind
    team: str | None
    giver: str | None
    taker: str | None
    state: Literal["planned", "open", "too_late", "nobody"]
    due: date | None
    starts: date | None
    present: date | None
    learn_days: int
    window_opens: date
    window_closes: date | None
    ready: date | None
    late_days: int
    together_days: int | None
    candidates: tuple[str, ...]
    trainees: tuple[str, ...]


class CycleShown(Closed):
    """People who substitute each other in a circle, and on how many days none is present."""

    people: tuple[str, ...]
    days_all_away: int
    first_day: date | None


class ChainShown(Closed):
    """Three or more people linked as principal and substitute who leave together."""

    people: tuple[str, ...]
    first_day: date
    last_day: date


class AwayLinkShown(Closed):
    """A principal and a substitute who are absent on the same days."""

    principal: str
    substitute: str
    first_day: date
    days: int


class LostSubstituteShown(Closed):
    """A substitute who leaves before the principal, with days of the principal's left."""

    principal: str
    substitute: str
    day: date
    days: int


class PairShown(Closed):
    """Two who leave within 180 days of each other, and what is short once both are gone."""

    people: tuple[str, str]
    first_day: date
    last_day: date
    substitutes: bool
    short: tuple[SubjectShown, ...]


class BunchShown(Closed):
    """The 180 days in which most of a team leave; `team` is null of the whole organisation."""

    team: str | None
    people: tuple[str, ...]
    first_day: date
    last_day: date
    members: int
    percent: int
    is_bunched: bool


class ChainsShown(Closed):
    """All that breaks because people go together."""

    cycles: tuple[CycleShown, ...]
    chains: tuple[ChainShown, ...]
    away_links: tuple[AwayLinkShown, ...]
    lost_substitutes: tuple[LostSubstituteShown, ...]
    pairs: tuple[PairShown, ...]
    bunches: tuple[BunchShown, ...]


class TeacherShown(Closed):
    """Somebody who can teach a skill, and the day they are gone; null: they stay."""

    employee: str
    leaves: date | None


class LearnerShown(Closed):
    """Somebody who could learn a skill; `level` is what they have now, 0 to 2."""

    employee: str
    team: str | None
    level: int
    can_learn: bool
    takes_more_work: bool


class TacitSkillShown(Closed):
    """A skill whose teachers leave; `is_lost`: after `teach_by` nobody at level 3 is left."""

    skill: str
    teachers: tuple[TeacherShown, ...]
    teach_by: date
    is_lost: bool
    independent: int
    tasks: tuple[str, ...]
    learners: tuple[LearnerShown, ...]


class RiskShown(Closed):
    """What an organisation risks on the days `[start, end)`, as it is today or in a proposal."""

    basis: Literal["today", "proposal"]
    start: date
    end: date
    exposures: tuple[ExposureShown, ...]
    cover: tuple[CoverShown, ...]
    key_people: tuple[KeyPersonShown, ...]
    single_points: tuple[SinglePointsShown, ...]
    succession: SuccessionShown
    handovers: tuple[HandoverShown, ...]
    chains: ChainsShown
    tacit: tuple[TacitSkillShown, ...]
