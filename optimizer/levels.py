"""The lexicographic levels in order, some at once, and the taking back (docs/problem.md, 4)."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from models.carrying import KEEP
from models.organisation import PinSubstitute
from models.policy import Level
from models.proposal import Plan
from optimizer.apart import minimise_apart
from optimizer.conflicts import SolverError
from optimizer.cpsat import Answer, Hint, Limits, minimise
from optimizer.known import Known, Progress, Watch
from optimizer.large import begins_with_parts, is_large, minimise_large
from optimizer.model import Model, is_about_pairs, needs_all_pairs
from optimizer.open_placements import rule_out_placements
from optimizer.program import Sum
from optimizer.relaxation import relax, rule_out
from optimizer.schedule import Schedule
from optimizer.together import SolvedLevel, Together


class RestrictedError(Exception):
    """No valid plan is left by a restriction: an answer, never an input error."""


NARROWING = 0.1
"""Most of the time left that may go into what a solved level rules out."""

RETURNING = 0.1
"""Most of the time left that may go into a plan near a known one."""

GRACE_SECONDS = 60.0
"""Most that completing a known plan may take; it takes a fraction of a second."""

MOST_ASKED = 600
"""Of more people it is not asked which placements are open: of 500 the answer took half a minute,
of 1,000 no level about wishes has been proven, before which it is of no use.
"""

MOST_AT_ONCE = 100
"""Of more people each level is minimised alone: of 120 a sum took as long, of 200 longer."""


class Levels:
    """Solves a model's levels in order.

    Attributes:
        values: the plan so far, as values of all variables; None before the first.
        solved: the levels that have been solved.
        left_out: the levels that no time was left for.
    """

    def __init__(
        self, model: Model, limits: Limits, watch: Watch | None, known: Known | None = None
    ) -> None:
        self.model = model
        self.known = known or Known()
        self.limits = limits
        self.watch = watch
        self.schedule = Schedule(model, limits)
        self.levels = model.facts.policy.levels
        self.values: Sequence[int] | None = None
        self.solved: list[SolvedLevel] = []
        self.left_out: Sequence[Level] = ()
        self._led = Sum()
        self._taken_back: dict[str, int] = {}

    def solve(self) -> bool:
        """Run all levels and the taking back; False if no plan was found in time.

        Raises:
            RestrictedError: if `Known.restrict` leaves no valid plan.
        """
        if self.known.restrict is not None:
            self.known.restrict(self.model)
        while len(self.solved) < len(self.levels):
            left = self.levels[len(self.solved) :]
            if self.values is not None and not self.schedule.has_time(left[0]):
                self.left_out = left
                break
            if not self._solve_next(left):
                return False
        if self.left_out:
            # Who substitutes whom today goes on, at least.
            self.values = self._completed(self._plan(), self.model.goal("substitute_changes"))
        elif any(isinstance(r, PinSubstitute) for r in self.model.facts.rules.values()):
            # Pinned pairs hold also where no level weighs pairs.
            self.model.goal("no_substitute")
            self.values = self._completed(self._plan(), Sum())
        for done in self.solved:
            if done.allowed > done.best and not self.left_out:
                self._take_back(done)
        return True

    def return_to(self, plan: Plan) -> None:
        """Go on near a known plan: a first level that weighs little leaves most of it open."""
        if not is_large(self.model.program):
            hint = self.model.hint(plan)
            away = Sum()
            for decision, value in hint.items():
                away.add(decision, 1 - 2 * value)
            limits = self.limits.within(self.limits.left * RETURNING)
            answer = minimise(self.model.program, away, limits, hint)
            if answer.status == "infeasible":
                raise SolverError("no plan is left by a level although one solved it")
            self.values = answer.values or self.values

    def _at_once(self, left: Sequence[Level]) -> Sequence[Level]:
        """The first of the levels left, with those after it that are minimised in the same sum.

        The very first one is alone, so that there is a plan soon.
        """
        many = self._has_more_than(MOST_AT_ONCE)
        if self.values is None or many or self.model.is_restricted:
            return left[:1]
        joining = takewhile(lambda pair: self._may_join(*pair), pairwise(left))
        return [left[0], *(level for _, level in joining)]

    def _may_join(self, before: Level, level: Level) -> bool:
        """Whether a level can be in one sum with the one before it.

        A level that may give back is the last of a sum. One that brings in all pairs, or is better
        solved once it is known which placements are open, begins one.
        """
        gives_back = before.tolerance_per_person > 0 or before.name in self.known.least_allowed
        has_pairs = self.model.has_all_pairs or needs_all_pairs(before)
        begins = self._asks(level) or (needs_all_pairs(level) and not has_pairs)
        return not gives_back and not begins and self.schedule.has_time(level)

    def _solve_next(self, left: Sequence[Level]) -> bool:
        """Solve the first of the levels left, and what is minimised with it."""
        started, index = time.monotonic(), len(self.solved) + 1
        if len(self.solved) == 1 and self.known.hint is not None:
            self.return_to(self.known.hint)
        if self._asks(left[0]):
            rule_out_placements(self.model, self._led, self._plan(), self.limits, self._spent())
        if self.values is not None and self.schedule.lacks_time_for_all_pairs(left[0]):
            self.model.pairs.restrict(self.model.team_of(self._plan()))
        levels = self._at_once(left)
        objectives = [self.model.weighted(level.weighted()) for level in levels]
        if is_large(self.model.program):
            levels, objectives = levels[:1], objectives[:1]
        known = self.known.bounds.get(levels[0].name)
        if known is not None and self._all_within(self.known.least_allowed):
            self.model.program.limit(objectives[0], known, None)
        together = Together(self.model.program, levels, objectives, started)
        limits = self.schedule.share(left, len(together.levels), not self.solved)
        answer = self._minimise(together, limits, index, False)
        if answer.values is None and self.values is None:
            if answer.status == "infeasible":
                self._refuse()
            return False
        self._keep(answer, together.objective)
        self._settle(together, answer, index)
        return True

    def _settle(self, together: Together, answer: Answer, index: int) -> None:
        """What levels that were minimised may cost from now on, and what that rules out.

        Those after one that was not proven have no bound: they are still to be solved.
        """
        seconds = together.seconds()
        costs = [objective.value(self._plan()) for objective in together.objectives]
        cost = together.weighted(costs)
        least = cost if answer.status == "optimal" else answer.bound or 0
        if least > cost:
            raise SolverError(f"a plan costs {cost}, and {least} at least is called proven")
        bounds = together.bounds(0 if self.model.is_restricted else least, costs)
        last = next((i for i, x in enumerate(costs) if bounds[i] < x), len(costs) - 1)
        together, costs = together.first(last + 1), costs[: last + 1]
        allowed = list(map(self._allowed, together.levels, costs))
        for objective, most in zip(together.objectives, allowed, strict=True):
            self.model.program.limit(objective, None, most)
        if index + len(costs) <= len(self.levels):
            self._narrow(together.objective, together.weighted(allowed))
        if together.objective.terms:
            self._led = together.objective
        # What is left after the last proof, such as the relaxation, is the last level's.
        seconds[last] += time.monotonic() - together.began - sum(seconds[: last + 1])
        for number, level in enumerate(together.levels):
            done = SolvedLevel(
                level=level,
                index=index + number,
                objective=together.objectives[number],
                best=costs[number],
                bound=bounds[number],
                allowed=allowed[number],
                proven=costs[number] == bounds[number],
                seconds=seconds[number],
            )
            self.solved.append(done)
            self._tell(level, done.index, done.best, done.bound, done.seconds, False, done.proven)

    def _allowed(self, level: Level, best: int) -> int:
        """What a level may cost while later ones are solved."""
        allowed = best + level.tolerance_per_person * len(self.model.facts.employees)
        return max(allowed, self.known.least_allowed.get(level.name, allowed))

    def _narrow(self, objective: Sum, allowed: int) -> None:
        """Rule out what no plan within a level's limit has, for all levels after it.

        A shortage of a few hundred days costs more than a limit leaves: what covers it becomes a
        rule, from which the solver concludes more than from a cost.
        """
        program = self.model.program
        if not is_large(program):
            limits = self.limits.within(self.limits.left * NARROWING)
            relaxed = relax(program, objective, limits, dual=True)
            if relaxed is not None:
                rule_out(program, objective, dict(enumerate(relaxed.prices)), allowed)

    def _asks(self, level: Level) -> bool:
        """Whether knowing the open placements pays before a level: the last one about pairs.

        With pairs among its variables the question is as hard as the level. What is kept is near
        the plan it starts from: asking what else is possible costs more. Where a level before was
        not proven, or of a large organisation, the question is too hard.
        """
        about_pairs = [one for one in self.levels if one.name != KEEP and is_about_pairs(one)]
        proven = bool(self.solved) and all(s.proven for s in self.solved)
        without = not self.model.has_all_pairs
        few = not self._has_more_than(MOST_ASKED)
        return level in about_pairs[-1:] and proven and few and without

    def _spent(self) -> Sum:
        """What the levels weigh of which later ones may have used a tolerance."""
        total = Sum()
        for done in self.solved:
            if done.allowed > done.best:
                total.plus(done.objective)
        return total

    def _has_more_than(self, people: int) -> bool:
        return len(self.model.facts.employees) > people

    def _take_back(self, done: SolvedLevel) -> None:
        """Minimise a level again: the tolerance that later levels did not need."""
        started = time.monotonic()
        known = self.known.values
        if done.level.name in known and self._is_like_known(done):
            self.model.program.limit(done.objective, known[done.level.name], None)
        alone = Together(self.model.program, [done.level], [done.objective], started)
        answer = self._minimise(alone, self.limits, done.index, True)
        self._keep(answer, done.objective)
        value = done.objective.value(self._plan())
        self.model.program.limit(done.objective, None, value)
        self._taken_back[done.level.name] = value
        done.proven = done.proven and answer.status == "optimal"
        done.seconds += time.monotonic() - started
        proven = answer.status == "optimal"
        seconds = time.monotonic() - started
        self._tell(done.level, done.index, value, answer.bound, seconds, True, proven)

    def _all_within(self, allowed: Mapping[str, int]) -> bool:
        return all(
            s.level.name in allowed and s.allowed <= allowed[s.level.name] for s in self.solved
        )

    def _is_like_known(self, done: SolvedLevel) -> bool:
        """Whether all other levels are kept as low as where `Known.values` are from.

        There the levels before this one were at their values by now, also those that needed no
        taking back here.
        """
        before = {s.level.name for s in self.solved if s.index < done.index}
        limits = {
            **self.known.least_allowed,
            **{name: value for name, value in self.known.values.items() if name in before},
        }
        return self._all_within(self.known.least_allowed) and all(
            s.level.name in limits and self._most(s) <= limits[s.level.name] for s in self.solved
        )

    def _most(self, solved: SolvedLevel) -> int:
        """What a level may cost by now."""
        return self._taken_back.get(solved.level.name, solved.allowed)

    def _refuse(self) -> None:
        """No plan at all: an answer if the plans were narrowed, else a contradiction."""
        again = minimise(self.model.program, Sum(), self.limits, cp_model_presolve=False)
        if self.known.restrict is None or again.values is not None:
            raise SolverError("the solver called a feasible program infeasible")
        if again.status == "infeasible":
            raise RestrictedError(self.known.restriction)

    def _minimise(
        self, together: Together, limits: Limits, index: int, taking_back: bool
    ) -> Answer:
        level, objective = together.levels[0], together.objective
        hint: Hint | None = None
        if self.values is not None:
            hint = self.values = self._completed(self.values, objective)
        elif self.known.hint is not None:
            hint = self.model.hint(self.known.hint)

        def improved(best: int | None, bound: int) -> None:
            at, cost, least = together.now(best, 0 if self.model.is_restricted else bound)
            seconds = together.seconds()[at]
            self._tell(together.levels[at], index + at, cost, least, seconds, taking_back, None)

        first = not any(is_about_pairs(s.level) for s in self.solved)
        if self.model.is_restricted and is_about_pairs(level) and first:
            # These pairs are the best ones where people are: others need other teams.
            plan = self._plan()
            return Answer("feasible", plan, objective.value(plan), 0)
        if self._begins_with_parts():
            answer = minimise_large(self.model, objective, limits, hint, improved)
        else:
            answer = minimise(self.model.program, objective, limits, hint, improved)
        if self.model.is_restricted and answer.status == "optimal":
            return replace(answer, status="feasible", bound=0)
        return answer

    def _begins_with_parts(self) -> bool:
        """Whether parts are searched first; of a program that is not large only with a plan."""
        has_plan = self.values is not None
        return is_large(self.model.program) or (has_plan and begins_with_parts(self.model))

    def _completed(self, values: Sequence[int], objective: Sum) -> Sequence[int]:
        """The plan so far with the best values of variables that came since: a complete hint.

        It runs also when time is up, so that every level's part of the plan exists.
        """
        program, known = self.model.program, len(values)
        if known == len(program.lower):
            return values
        new = range(known, len(program.lower))
        values = [*values, *program.lower[known:]]
        rows = (n for n, row in enumerate(program.rows) if max(row.variables) >= known)
        narrowed = program.narrowed(new, values, objective, rows)
        # Where everything before is decided, what is new falls apart into teams.
        search = minimise_apart if is_large(narrowed.program) else minimise
        grace = replace(
            self.limits, deadline=time.monotonic() + GRACE_SECONDS, stop=threading.Event()
        )
        answer = search(narrowed.program, narrowed.objective, grace)
        if answer.values is None:
            raise SolverError(f"the plan so far could not be completed: {answer.status}")
        return narrowed.put(answer.values, values)

    def _keep(self, answer: Answer, objective: Sum) -> None:
        """Take over a plan, unless the one so far is better."""
        if answer.status == "infeasible":
            raise SolverError("a level was called infeasible although a plan is known to exist")
        if answer.values is None:
            return
        if self.values is None or objective.value(answer.values) <= objective.value(self.values):
            self.values = answer.values

    def _plan(self) -> Sequence[int]:
        assert self.values is not None
        return self.values

    def _tell(
        self,
        level: Level,
        index: int,
        best: int | None,
        bound: int | None,
        seconds: float,
        taking_back: bool,
        proven: bool | None,
    ) -> None:
        if self.watch is not None:
            status = None if proven is None else "optimal" if proven else "feasible"
            count = len(self.levels)
            plan = None if proven is None else self.model.plan(self._plan())
            self.watch(
                Progress(level.name, index, count, best, bound, seconds, taking_back, status, plan)
            )
