"""`tiimi alternatives`: other plans that are as good, for people to choose from."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from api import exit_codes, output, search
from api.base import BaseFolder, read_base
from api.console import say
from api.difference_text import DifferenceTables
from api.layout import heading, paragraph
from api.outcome import not_written
from api.plan_reading import json_of
from api.policy_file import written_policy
from api.progress import display_for
from api.texts import Texts, plain
from api.view import View
from models.files import write_whole
from models.issues import InputError, Issue, nearest

if TYPE_CHECKING:
    from optimizer.alternatives import Alternative, Alternatives
    from optimizer.solved import Solved

SUMMARY = "alternatives.json"
"""What --out holds beside a folder for each."""


def run(args: Namespace) -> int:
    """Find them; with --out each is written into a folder of its own."""
    from optimizer.alternatives import alternatives
    from optimizer.cpsat import Limits
    from optimizer.solved import Solved

    texts = Texts(args.language)
    folder = read_base(args.base)
    base = Solved(folder.organisation, folder.solved_policy, folder.proposal, folder.held_before)
    names = [level.name for level in folder.solved_policy.levels]
    if args.level is not None and args.level not in names:
        message = f"No level is called {args.level!r}."
        raise InputError([Issue("unknown_level", "--level", message, nearest(args.level, names))])
    if (args.level is None) != (args.loss == 0):
        cure = "Give both --level and --loss, or neither."
        raise InputError([Issue("bad_option", "--loss", "A loss is of a level.", cure)])
    if args.out is not None:
        output.refuse_replacing(args.out, args.base)
        for number in range(1, args.count + 1):
            output.refuse_replacing(args.out / str(number), args.base)
            output.refuse_unsuitable(args.out / str(number))
        _refuse_foreign(args.out / SUMMARY)

    def make(progress: Callable[..., None], stop: Event) -> Alternatives:
        limits = Limits.for_seconds(args.time_limit, args.workers, args.seed, stop)
        return alternatives(
            base,
            limits,
            count=args.count,
            distance=args.distance,
            level=args.level,
            loss=args.loss,
        )

    with search.stopped_by_signals() as stop:
        display = display_for(folder.solved_policy, args.time_limit, texts)
        answer = search.run(make, display, stop)
    say(_told(answer, base, args, texts))
    if args.out is not None:
        say(_written(answer, folder, args, texts))
    return exit_codes.NO_PLAN_IN_TIME if answer.end == "time" else exit_codes.DONE


def _told(answer: Alternatives, base: Solved, args: Namespace, texts: Texts) -> Iterator[str]:
    for number, one in enumerate(answer.found, start=1):
        people = texts.count("person", one.distance)
        yield from heading(texts("alternatives.head", n=number, people=people))
        key = "alternatives.farthest" if one.is_farthest else "alternatives.not_farthest"
        yield from paragraph(texts(key))
        yield from DifferenceTables(one.difference, base.facts, base.facts, texts).lines()
    yield ""
    if answer.unique is not None:
        yield from paragraph(texts(f"unique.{answer.unique}"), indent=0)
    elif answer.end == "no_more":
        people = texts.count("person", args.distance)
        yield from paragraph(texts("alternatives.none_left", people=people), indent=0)
    elif answer.end == "time":
        key = "alternatives.time" if answer.found else "alternatives.none_in_time"
        yield from paragraph(texts(key), indent=0)


def _refuse_foreign(summary: Path) -> None:
    """What is there already is written over only if it is a summary too."""
    if not os.path.lexists(summary):
        return
    data = json_of(summary) if summary.is_file() else None
    if not isinstance(data, dict) or not {"asked", "alternatives", "end"} <= data.keys():
        cure = "Choose another folder with --out, or move this one elsewhere."
        message = f"It holds another {SUMMARY}, which tiimi did not write."
        raise InputError([Issue("foreign_files", str(summary.parent), message, cure)])


def _written(
    answer: Alternatives, folder: BaseFolder, args: Namespace, texts: Texts
) -> Iterator[str]:
    """The folders, and a summary of them for programs."""
    targets: list[Path] = []
    target = args.out
    try:
        for number, one in enumerate(answer.found, start=1):
            target = args.out / str(number)
            targets.append(output.write(target, _files(one, folder, texts)))
        target = args.out / SUMMARY
        args.out.mkdir(parents=True, exist_ok=True)
        write_whole(target, output.json_bytes(_summary(answer, targets, args)))
    except OSError as error:
        raise not_written(target, error) from None
    for target in (*targets, args.out / SUMMARY):
        yield plain(texts("files.written", file=target))


def _summary(answer: Alternatives, targets: list[Path], args: Namespace) -> dict[str, Any]:
    return {
        "asked": {key: getattr(args, key) for key in ("count", "distance", "level", "loss")},
        "alternatives": [
            {
                "folder": target.name,
                "distance": one.distance,
                "is_farthest": one.is_farthest,
                "difference": one.difference.to_dict(),
            }
            for target, one in zip(targets, answer.found, strict=True)
        ],
        "end": answer.end,
        "unique": answer.unique,
    }


def _files(one: Alternative, folder: BaseFolder, texts: Texts) -> dict[str, bytes]:
    from api.report import report_html
    from api.workbook import workbook_of

    view = View(folder.organisation, folder.solved_policy, one.proposal, folder.held_before)
    base = replace(folder, proposal=one.proposal, of_what_if=None)
    files = {
        output.PROPOSAL: output.json_bytes(one.proposal.to_dict()),
        output.ORGANISATION: output.json_bytes(folder.organisation.to_dict()),
        output.REPORT: report_html(base, texts.language).encode(),
        output.POLICY: written_policy(folder.policy, texts).encode(),
    }
    if folder.of_what_if is not None:
        # What it was asked and what was before are as for the base; the difference is not.
        kept = {key: folder.of_what_if.get(key) for key in output.OF_SCENARIO}
        files[output.DIFFERENCE] = output.json_bytes(kept)
    return files | {output.WORKBOOK: workbook_of(view, texts, files)}
