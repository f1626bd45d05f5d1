"""`tiimi whatif`: what changes least when somebody leaves, joins, learns or is away."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from api import exit_codes, output, search
from api.base import BaseFolder, read_base
from api.conflicts import Explainer
from api.console import say
from api.difference_text import DifferenceTables
from api.event_text import event_sentence
from api.layout import heading, paragraph, table
from api.names import Names
from api.outcome import no_plan, not_written, where
from api.policy_file import written_policy
from api.progress import display_for
from api.scenario_file import at_options, option_places, read_scenarios, readable, scenario_of
from api.scenario_options import OPTIONS
from api.summary import how_far_off, levels_table, status_sentence
from api.texts import Texts, plain
from api.view import View
from models.carrying import carry, keeping
from models.facts import Facts
from models.issues import InputError, Issue
from models.scenario import Scenario

if TYPE_CHECKING:
    from optimizer.what_if import WhatIf


def run(args: Namespace) -> int:
    """Answer a scenario; the exit code says what became of it."""
    from optimizer.what_if import Base, what_if

    texts = Texts(args.language)
    folder = read_base(args.base)
    scenario = _scenario(args, folder)
    if args.frontier:
        return _frontier(folder, scenario, args, texts)
    target = args.out or Path(f"{args.base.resolve().name}-whatif")
    output.refuse_replacing(target, args.base)
    output.refuse_unsuitable(target)
    base = Base(folder.organisation, folder.policy, folder.proposal.plan)
    policy = keeping(folder.policy, last=args.allow_moves is not None)

    def make(progress: Callable[..., None], stop: Event) -> WhatIf:
        return what_if(
            base,
            scenario,
            allow_moves=args.allow_moves,
            time_limit=args.time_limit,
            workers=args.workers,
            seed=args.seed,
            progress=progress,
            stop=stop,
        )

    with search.stopped_by_signals() as stop:
        answer = search.run(make, display_for(policy, args.time_limit, texts), stop)
        if answer.difference is None:
            explainer = Explainer(answer.carried.organisation, policy, texts)
            return no_plan(answer.proposal, explainer, stop.is_set())
        lines = list(_told(answer, texts, stop.is_set()))
        try:
            target = output.write(target, files_of(answer, texts))
        except OSError as error:
            say(lines)
            raise not_written(target, error) from None
        say([*lines, *where(target, output.NAMES_OF_WHAT_IF, texts, stop.is_set())])
    return exit_codes.DONE


def _scenario(args: Namespace, folder: BaseFolder) -> Scenario:
    given = {kind: getattr(args, kind) or [] for kind in OPTIONS}
    has_options = any(given.values()) or args.effective is not None
    if args.scenario is not None and has_options:
        cure = "Put all events into the file, or use options alone."
        raise InputError([Issue("bad_option", "--scenario", "Given beside events.", cure)])
    if args.frontier and (args.allow_moves is not None or args.out is not None):
        cure = "Ask for the trade alone: it writes nothing and tries every number of moves."
        raise InputError([Issue("bad_option", "--frontier", "Given with another.", cure)])
    if args.scenario is None:
        return _of_options(given, args.effective or folder.organisation.horizon.start, folder)
    scenarios = read_scenarios(args.scenario)
    if len(scenarios) > 1:
        message = f"It holds {len(scenarios)} scenarios."
        cure = "Compare them: tiimi compare. Or leave one in the file."
        raise InputError([Issue("many_scenarios", args.scenario.name, message, cure)])
    return scenarios[0]


def _of_options(given: dict[str, list[str]], start: date, folder: BaseFolder) -> Scenario:
    """The scenario of options; what is wrong with them is told of all of them at once."""
    issues: list[Issue] = []
    try:
        scenario = scenario_of(given, start, "")
    except InputError as error:
        issues += error.issues
        given = readable(given, start)
        scenario = scenario_of(given, start, "")
    try:
        carry(folder.organisation, folder.policy, folder.proposal.plan, scenario)
    except InputError as error:
        issues += at_options(error.issues, option_places(given))
    if issues:
        raise InputError(issues)
    return scenario


def _told(answer: WhatIf, texts: Texts, stopped: bool) -> Iterator[str]:
    carried, proposal = answer.carried, answer.proposal
    assert answer.difference is not None
    yield plain(answer.scenario.name or carried.organisation.name)
    yield texts("whatif.from", day=answer.scenario.effective)
    names = Names(carried.organisation)
    for event in answer.scenario.events:
        yield from paragraph(event_sentence(event, names, texts))
    for warning in proposal.warnings:
        if warning.code == "event_in_history":
            yield from paragraph(texts.odd(warning.message), indent=0)
    yield ""
    yield from paragraph(status_sentence(proposal, texts, stopped), indent=0)
    for sentence in how_far_off(proposal.levels, texts):
        yield from paragraph(sentence, indent=0)
    proven = all(level.status == "optimal" for level in proposal.levels)
    key = "whatif.smallest" if answer.allow_moves is None else "whatif.allowed"
    moved = texts.count("person", answer.moves)
    yield texts("whatif.moves", people=moved)
    if proven:
        yield from paragraph(texts(key, n=answer.allow_moves), indent=0)
    yield from _could_be(answer, texts)
    yield from levels_table(proposal.levels, texts)
    before, after = facts_of(answer)
    yield from DifferenceTables(answer.difference, before, after, texts).lines()


def _could_be(answer: WhatIf, texts: Texts) -> Iterator[str]:
    """Levels that are as bad as Before, and worse than they need be, so that little changes."""
    people = len(facts_of(answer)[1].employees)
    tolerance = {x.name: x.tolerance_per_person for x in answer.carried.policy.levels}
    for level in answer.proposal.levels:
        best, value = level.best or 0, level.value or 0
        if value > best + tolerance[level.level] * people:
            name = texts.level(level.level)
            sentence = texts("whatif.could_be", level=name, best=best, value=value)
            yield from paragraph(sentence, indent=0)


def facts_of(answer: WhatIf) -> tuple[Facts, Facts]:
    """What follows from the input before and after the events."""
    carried = answer.carried
    policy = keeping(carried.base_policy, last=answer.allow_moves is not None)
    before = Facts(carried.base, policy, carried.held)
    return before, Facts(carried.organisation, policy, carried.held)


def files_of(answer: WhatIf, texts: Texts) -> dict[str, bytes]:
    """The files of a what-if's folder, by name."""
    from api.report import report_html
    from api.workbook import book_of, workbook_of

    assert answer.difference is not None
    carried = answer.carried
    before, after = facts_of(answer)
    view = View(carried.organisation, after.policy, answer.proposal, carried.held)
    tables = DifferenceTables(answer.difference, before, after, texts)
    title = texts("book.difference", name=carried.organisation.name)
    changes = _difference_json(answer)
    base = BaseFolder(
        carried.organisation,
        carried.base_policy,
        answer.proposal,
        after.policy,
        carried.held,
        changes,
    )
    files = {
        output.PROPOSAL: output.json_bytes(answer.proposal.to_dict()),
        output.ORGANISATION: output.json_bytes(carried.organisation.to_dict()),
        output.POLICY: written_policy(carried.base_policy, texts).encode(),
        output.DIFFERENCE: output.json_bytes(changes),
        output.REPORT: report_html(base, texts.language).encode(),
        output.DIFFERENCE_BOOK: book_of(title, tables.sheets, texts),
    }
    return files | {output.WORKBOOK: workbook_of(view, texts, files)}


def _difference_json(answer: WhatIf) -> dict[str, Any]:
    """What changes, with all that is needed to check the proposal again."""
    assert answer.difference is not None
    carried = answer.carried
    return {
        "scenario": answer.scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "allow_moves": answer.allow_moves,
        "moves": answer.moves,
        "status": answer.proposal.status,
        "difference": answer.difference.to_dict(),
        "before": carried.before.model_dump(mode="json"),
        "held_before": {q: sorted(people) for q, people in carried.held.items()},
    }


def _frontier(folder: BaseFolder, scenario: Scenario, args: Namespace, texts: Texts) -> int:
    """The trade between people moved and the levels after coverage, as a table."""
    from optimizer.what_if import Base, frontier

    base = Base(folder.organisation, folder.policy, folder.proposal.plan)
    with search.stopped_by_signals() as stop:
        points = list(
            frontier(
                base,
                scenario,
                time_limit=args.time_limit,
                workers=args.workers,
                seed=args.seed,
                stop=stop,
            )
        )
    first = points[0]
    if first.difference is None:
        policy = keeping(folder.policy)
        explainer = Explainer(first.carried.organisation, policy, texts)
        return no_plan(first.proposal, explainer, stop.is_set())
    say(_frontier_lines(points, texts))
    return exit_codes.DONE


def _frontier_lines(points: list[WhatIf], texts: Texts) -> Iterator[str]:
    yield from heading(texts("frontier.head"))
    names = [texts.level(level.level) for level in points[0].proposal.levels]
    rows = [
        [
            point.allow_moves,
            point.moves,
            *(level.value for level in point.proposal.levels),
            texts(f"level_status.{point.proposal.status}"),
        ]
        for point in points
    ]
    heads = [texts("column.allowed_moves"), texts("column.moves"), *names, texts("column.status")]
    yield from table(heads, rows)
    yield ""
    key = "frontier.explained" if len(points) > 1 else "frontier.nothing_more"
    yield from paragraph(texts(key), indent=0)
