"""`tiimi compare`: scenarios, or folders with proposals, side by side."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from itertools import chain, count
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from api import exit_codes, search
from api.base import BaseFolder, read_base
from api.comparison_text import comparison_lines, comparison_sheet, task_names
from api.console import say
from api.new_file import refuse_taken, write_new
from api.output import json_bytes
from api.progress import display_for
from api.scenario_file import read_scenarios
from api.texts import Texts
from models.carrying import keeping
from models.comparison import Candidate, compare
from models.facts import Facts
from models.issues import InputError, Issue
from models.scenario import Scenario

if TYPE_CHECKING:
    from optimizer.what_if import WhatIf


def run(args: Namespace) -> int:
    """Compare; the exit code says whether every column has a plan."""
    texts = Texts(args.language)
    targets = _targets(args.out)
    for target in targets:
        refuse_taken(target)
    folders = [read_base(path) for path in args.bases]
    names = _distinct([path.resolve().name for path in args.bases])
    if args.scenario is None:
        if len(folders) < 2:
            cure = "Name more folders, or scenarios with --scenario."
            raise InputError([Issue("too_few", "compare", "There is one plan alone.", cure)])
        candidates = [_of_folder(f, n) for f, n in zip(folders, names, strict=True)]
    else:
        if len(folders) > 1:
            cure = "Name one folder with --scenario."
            raise InputError([Issue("bad_option", "--scenario", "There are several bases.", cure)])
        scenarios = read_scenarios(args.scenario)
        candidates = _of_scenarios(folders[0], scenarios, args, texts)
    found = compare(candidates)
    tasks = {k: v for f in folders for k, v in task_names(f.organisation).items()}
    say(comparison_lines(found, tasks, texts))
    if targets:
        from api.workbook import book_of

        book = book_of(texts("book.comparison"), [comparison_sheet(found, tasks, texts)], texts)
        write_new(dict(zip(targets, (json_bytes(found.to_dict()), book), strict=True)))
    if all(c.plan is not None for c in candidates):
        return exit_codes.DONE
    infeasible = any(c.status == "infeasible" for c in candidates)
    return exit_codes.INFEASIBLE if infeasible else exit_codes.NO_PLAN_IN_TIME


def _targets(out: Path | None) -> list[Path]:
    """``FILE.json`` and ``FILE.xlsx``, also if one of them was named."""
    if out is None:
        return []
    if not out.name:
        return [out]
    named = out.suffix.casefold() in (".json", ".xlsx")
    stem = out.with_suffix("") if named else out
    return [stem.with_name(f"{stem.name}{suffix}") for suffix in (".json", ".xlsx")]


def _of_folder(folder: BaseFolder, name: str) -> Candidate:
    facts = Facts(folder.organisation, folder.solved_policy, folder.held_before)
    plan = folder.proposal.plan
    moves = sum(facts.employees[p.employee].team not in (None, p.team) for p in plan.placements)
    return Candidate(name, facts, plan, folder.proposal.status, moves)


def _of_scenarios(
    folder: BaseFolder, scenarios: list[Scenario], args: Namespace, texts: Texts
) -> list[Candidate]:
    from optimizer.what_if import Base, what_if

    base = Base(folder.organisation, folder.policy, folder.proposal.plan)
    policy = keeping(folder.policy)
    given = [s.name or f"{i}" for i, s in enumerate(scenarios, start=1)]
    first, *names = _distinct([texts("compare.base"), *given])
    status = folder.proposal.status
    candidates: list[Candidate] = []
    with search.stopped_by_signals() as stop:
        for scenario, name in zip(scenarios, names, strict=True):

            def make(
                progress: Callable[..., None], stop: Event, scenario: Scenario = scenario
            ) -> WhatIf:
                return what_if(
                    base,
                    scenario,
                    time_limit=args.time_limit,
                    workers=args.workers,
                    seed=args.seed,
                    progress=progress,
                    stop=stop,
                )

            answer = search.run(make, display_for(policy, args.time_limit, texts), stop)
            carried = answer.carried
            if not candidates:
                before = Facts(carried.base, policy, carried.held)
                candidates.append(Candidate(first, before, carried.before, status, 0))
            facts = Facts(carried.organisation, policy, carried.held)
            has_plan = answer.difference is not None
            candidates.append(
                Candidate(
                    name,
                    facts,
                    answer.proposal.plan if has_plan else None,
                    answer.proposal.status,
                    answer.moves if has_plan else None,
                )
            )
    return candidates


def _distinct(names: list[str]) -> list[str]:
    """The same names, with a number where one comes again."""
    result: list[str] = []
    for name in names:
        numbered = (f"{name} ({n})" for n in count(2))
        result.append(next(n for n in chain([name], numbered) if n not in result))
    return result
