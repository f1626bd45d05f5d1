"""The ledger of releases: `python -m benchmarks.ledger [--release 0.1.0 RESULTS.json ...]`.

With files of results, what they say is kept for that release, in place of what was kept before, and
`docs/benchmarks.md` is written anew with a picture of growth for each release beside it; without,
these alone. Kept is everything but plans and the way to them, and the best values known at the
time.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from benchmarks import known, results
from benchmarks.known import Known
from benchmarks.machine import ROOT
from benchmarks.report import tables
from benchmarks.report.blocks import Table
from benchmarks.report.contest import Contest, contest
from benchmarks.report.growth import Growth, growth, together
from benchmarks.report.medians import medians
from benchmarks.report.sections import GROWTH, growth_picture
from benchmarks.results import Results, RunRow
from models.files import write_whole

RELEASES = Path(__file__).with_name("releases")
PAGE = ROOT / "docs" / "benchmarks.md"
BEST = "best_known"
_VERSION = re.compile(r"\d+\.\d+\.\d+")

HEAD = """\
# Benchmarks, release by release

What was measured, by `python -m benchmarks.ledger` from files of results
([how to measure](../benchmarks/README.md)). Not written by hand.

- Seconds are wall time of the machine named: compare ratios, and only within a machine.
- *limit*: seconds a run may take. *proven*: how many runs proved all levels, or that no plan is
  valid. *median*, *worst*: seconds of all runs; – where a run did not prove all.
- A level is told in seconds if it was proven, else as a gap: how far its best may be from the best
  possible. No cost is below 0, so without a bound the gap is 100 %.
- *to best known*: the first level that costs something else than the best known at the time (`=`:
  none does).
- *first plan*: seconds until there was a plan at all; *building*: of the model with all goals.
- *grows as n^k*: compared with the size before; n^1.0 is in proportion to the people.
"""


def main(arguments: list[str], releases: Path = RELEASES, to: Path = PAGE) -> int:
    """Keep and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--release", metavar="X.Y.Z", help="of which the results are")
    parser.add_argument("results", nargs="*", type=Path, metavar="RESULTS.json")
    options = parser.parse_args(arguments)
    if bool(options.release) != bool(options.results):
        parser.error("a release and its files of results belong together")
    if options.release:
        if not _VERSION.fullmatch(options.release):
            parser.error(f"{options.release!r} is no version like 0.1.0")
        keep(releases / options.release, options.results)
    for name, picture in pictures(releases).items():
        write_whole(to.with_name(name), picture)
    write_whole(to, page(releases))
    print(to)
    return 0


def keep(folder: Path, files: Sequence[Path]) -> None:
    """Keep files of results of a release, and what is known best, in place of what was kept."""
    found = {file.stem: results.read(file) for file in files}
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    problems: dict[tuple[str, str], None] = {}
    for name, each in found.items():
        slim = each.model_copy(update={"runs": tuple(map(without_plans, each.runs))})
        results.write(slim, folder / f"{name}.json")
        problems |= dict.fromkeys((run.instance, run.policy) for run in each.runs)
    best = [entry for key, entry in known.read().items() if key in problems]
    rows = [entry.model_dump(mode="json", exclude_defaults=True) for entry in best]
    lines = ",\n".join(json.dumps(row) for row in rows)
    write_whole(folder / f"{BEST}.json", f"[\n{lines}\n]\n")


def without_plans(run: RunRow) -> RunRow:
    """A run without its plans and the way to them."""
    levels = tuple(
        level.model_copy(update={"plan": None, "improvements": ()}) for level in run.levels
    )
    return run.model_copy(update={"plan": None, "levels": levels})


def page(releases: Path) -> str:
    """The page of everything that is kept, the first release first."""
    return "\n".join([HEAD, *(_release(folder) for folder in _folders(releases))])


def pictures(releases: Path) -> dict[str, str]:
    """The pictures of the page by file name: growth, of releases that measured several sizes."""
    found = {}
    for folder in _folders(releases):
        grown = _growth(contest(_files(folder)))
        if grown is not None:
            found[_picture_of(folder)] = _on_white(growth_picture(grown).svg)
    return found


def _folders(releases: Path) -> list[Path]:
    folders = [each for each in releases.glob("*") if _VERSION.fullmatch(each.name)]
    return sorted(folders, key=lambda folder: [int(part) for part in folder.name.split(".")])


def _files(folder: Path) -> dict[str, Results]:
    return {
        file.stem: results.read(file) for file in sorted(folder.glob("*.json")) if file.stem != BEST
    }


def _growth(whole: Contest) -> Growth | None:
    found = growth(whole, together(whole))
    return found if len(found.sizes) > 1 else None


def _picture_of(folder: Path) -> str:
    return f"growth-{folder.name}.svg"


def _on_white(svg: Markup) -> str:
    """As a file of its own, which may be shown on anything."""
    white = Markup('</desc><rect width="100%" height="100%" fill="#ffffff"/>')
    return str(svg.replace(Markup("</desc>"), white, 1)) + "\n"


def _release(folder: Path) -> str:
    files = _files(folder)
    rows = json.loads((folder / f"{BEST}.json").read_text(encoding="utf-8"))
    best = {entry.key: entry for entry in map(Known.model_validate, rows)}
    whole = contest(files)
    lines = [f"## {folder.name}", "", *_origin(files)]
    for found in (*tables.goals(whole).tables, *medians(whole, best)):
        lines += _titled(folder, found.caption, markdown(found))
    grown = _growth(whole)
    if grown is not None:
        shown = growth_picture(grown)
        lines += _titled(folder, GROWTH, [f"![{shown.caption}]({_picture_of(folder)})"])
        for found in shown.tables:
            lines += [*markdown(found), ""]
    peers = tables.peers(files)
    for found in peers.tables if peers else ():
        lines += _titled(folder, found.caption, markdown(found))
    return "\n".join(lines)


def _titled(folder: Path, title: str, lines: Sequence[str]) -> list[str]:
    return [f"### {folder.name}: {title}", "", *lines, ""]


def _origin(files: Mapping[str, Results]) -> Iterator[str]:
    """Machine, versions, commit and command of each file."""
    for found in files.values():
        changed = ", with changes" if found.changed else ""
        yield f"`{found.command or found.tier}`: {found.started_at:%Y-%m-%d},"
        yield f"commit `{(found.commit or 'none')[:12]}`{changed};"
        yield f"{tables.machine_of(found)};"
        yield f"{tables.versions_of(found)}."
        yield ""


def markdown(found: Table) -> list[str]:
    """A table as it is written in a page of the docs."""
    heads = [column.head for column in found.columns]
    rule = ["--:" if column.number else "---" for column in found.columns]
    rows = [heads, rule, *found.rows]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
