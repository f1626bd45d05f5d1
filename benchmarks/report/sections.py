"""The sections with pictures: each says what it shows, draws it, and has it as a table."""

from __future__ import annotations

import math

from benchmarks.report.blocks import Picture, Section, Table, number, percent, seconds, table
from benchmarks.report.contest import Contest, Contestant, LevelOutcome, named, outcome
from benchmarks.report.growth import Growth, exponents, growth
from benchmarks.report.growth_chart import draw_growth
from benchmarks.report.profile_chart import draw_profile
from benchmarks.report.profiles import FACTORS, MEASURES, Profile, profile, share_within
from benchmarks.report.split_chart import draw_split


def profiles(whole: Contest) -> Section:
    """The performance profiles of everything that was measured."""
    pictures: list[Picture] = []
    tables: list[Table] = []
    sentences = [
        "A line says on which part of the problems a contestant was within a factor of the best "
        "one, or within a time. Higher is better; where a line begins is how often it was the "
        "best, where it ends how often it got there at all.",
    ]
    for index, (name, measure) in enumerate(MEASURES.items()):
        found = profile(whole, measure)
        reached = [x for values in found.measured.values() for x in values if math.isfinite(x)]
        if not reached:
            sentences.append(f"No {name} was measured on a problem that all share.")
            continue
        if found.left_out and not index:
            sentences.append(f"Share no problem with the others: {', '.join(found.left_out)}.")
        best = ", ".join(
            f"{contestant} {percent(_got(values))}" for contestant, values in found.measured.items()
        )
        pictures.append(
            Picture(
                draw_profile(f"profile-{index}", f"Performance profile: {name}", best, found),
                f"Performance profile: {name}",
                f"{len(found.problems)} problems that all were run on. Got there: {best}.",
            )
        )
        tables += _profile_tables(f"profile-{index}", name, found)
    return Section(
        "profiles", "Performance profiles", tuple(sentences), tuple(pictures), tuple(tables)
    )


def _got(values: tuple[float, ...]) -> float:
    return sum(map(math.isfinite, values)) / len(values)


def _profile_tables(name: str, measure: str, found: Profile) -> list[Table]:
    contestants = list(found.measured)
    tables = []
    if len(contestants) > 1:
        rows = [
            [contestant, *(percent(share_within(ratios, factor)) for factor in FACTORS)]
            for contestant, ratios in found.ratios.items()
        ]
        heads = [f"≤ {factor:g} ×" for factor in FACTORS]
        caption = f"{measure.capitalize()}: part of the problems within a factor of the best"
        tables.append(table(f"{name}-factors", caption, ["contestant"], heads, rows))
    rows = [
        [
            named(problem),
            *(seconds(found.measured[contestant][index]) for contestant in contestants),
        ]
        for index, problem in enumerate(found.problems)
    ]
    caption = f"{measure.capitalize()}, seconds, median of the runs; – where it never got there"
    tables.append(table(f"{name}-problems", caption, ["problem"], contestants, rows))
    return tables


def split(whole: Contest) -> Section:
    """The split plot over size."""
    levels = whole.level_names
    rows = []
    for problem in whole.problems:
        for each in whole.contestants:
            runs = each.runs.get(problem)
            if runs:
                cells = [cell(outcome(runs, level)) for level in (None, *levels)]
                rows.append([named(problem), each.name, number(whole.people.get(problem)), *cells])
    sentence = (
        "Each mark is a problem. Above: seconds until it was proven, the median of the runs. Below, "
        "hollow: how far the best found may be from the best possible, where time ran out; a "
        "cross where there was no plan. No cost is below 0: who proves nothing has a gap of 100 %."
    )
    proven = sum(row[3].endswith(" s") for row in rows)
    words = f"{proven} of {len(rows)} are proven altogether."
    picture = Picture(
        draw_split("split", "Time or gap over size", words, whole),
        "Time if proven, gap if not, over the number of people",
        words,
    )
    caption = "Seconds if proven, gap in per cent if not"
    heads = ["people", "all levels", *levels]
    by_problem = table("split-problems", caption, ["problem", "contestant"], heads, rows)
    return Section("split", "Time or gap over size", (sentence,), (picture,), (by_problem,))


def cell(found: LevelOutcome | None) -> str:
    """How a level went: seconds, a gap, or that there was no plan."""
    if found is None:
        return ""
    if found.seconds is not None:
        return f"{seconds(found.seconds)} s"
    return percent(found.gap) if found.has_plan else "no plan"


def growths(whole: Contest) -> list[Section]:
    """How it grows, for everybody who was measured at several sizes."""
    found = [(each, growth(whole, each)) for each in whole.contestants]
    return [
        _growth(index, each, grown)
        for index, (each, grown) in enumerate(found)
        if len(grown.sizes) > 1
    ]


def _growth(index: int, contestant: Contestant, found: Growth) -> Section:
    name = f"growth-{index}"
    building = exponents(found.sizes, found.measures["building"])
    first = exponents(found.sizes, found.measures["first plan"])
    rows = []
    for at, size in enumerate(found.sizes):
        measures = {key: values[at] for key, values in found.measures.items()}
        rows.append(
            [
                f"{size:,}",
                seconds(measures["building"]),
                _power(building[at]),
                seconds(measures["first plan"]),
                _power(first[at]),
                *(cell(outcomes[at]) for outcomes in found.levels.values()),
                seconds(measures["in all"]),
                number(measures["memory"]),
                number(measures["variables"]),
                number(measures["rows"]),
            ]
        )
    heads = [
        "building, s",
        "grows as",
        "first plan, s",
        "grows as",
        *found.levels,
        "in all, s",
        "MiB",
        "variables",
        "rows",
    ]
    words = (
        f"From {found.sizes[0]:,} to {found.sizes[-1]:,} people; both axes are logarithmic, so a "
        "straight line is a power of their number, and a bend is where something else begins."
    )
    title = f"Growth with the number of people: {contestant.name}"
    picture = Picture(draw_growth(name, title, words, found), title, words)
    sentence = (
        "Medians of all feasible instances made for a size, under the default policy. “Grows as "
        "n^k” compares a size with the one before: n^1.0 is in proportion to the people."
    )
    by_size = table(f"{name}-sizes", "Medians by size", ["people"], heads, rows)
    return Section(name, title, (sentence,), (picture,), (by_size,))


def _power(exponent: float | None) -> str:
    return "" if exponent is None else f"n^{exponent:.1f}"
