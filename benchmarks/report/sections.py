"""The sections with pictures: each says what it shows, draws it, and has it as a table."""

from __future__ import annotations

import math

from benchmarks.report.blocks import Picture, Section, Table, number, percent, seconds, table
from benchmarks.report.contest import OURS, Contest, LevelOutcome, named, outcome
from benchmarks.report.growth import Growth, exponents, growth, together
from benchmarks.report.growth_chart import draw_growth
from benchmarks.report.profile_chart import draw_profile
from benchmarks.report.profiles import FACTORS, MEASURES, Profile, profile, share_within
from benchmarks.report.split_chart import draw_split

GROWTH = "Growth with the number of people"


def profiles(whole: Contest) -> Section:
    """The performance profiles of everything that was measured."""
    pictures: list[Picture] = []
    sentences = [
        "A line says on which part of the problems a contestant was within a factor of the best "
        "one, or within a time. Higher is better; where a line begins is how often it was the "
        "best, where it ends how often it got there at all.",
    ]
    for index, measure in enumerate(MEASURES):
        found = profile(whole, measure)
        if not any(map(_got, found.measured.values())):
            sentences.append(f"{measure.name.capitalize()}: nobody got there.")
            continue
        if found.left_out:
            out = ", ".join(found.left_out)
            sentences.append(f"{measure.name.capitalize()}: no problem shared by {out}.")
        pictures.append(_profile(f"profile-{index}", measure.name, found))
    return Section("profiles", "Performance profiles", tuple(sentences), tuple(pictures))


def _profile(name: str, measure: str, found: Profile) -> Picture:
    got = ", ".join(f"{each} {percent(_got(values))}" for each, values in found.measured.items())
    words = f"{len(found.problems)} problems that all were run on. Got there: {got}."
    caption = f"Performance profile: {measure}"
    tables = _profile_tables(name, measure, found)
    return Picture(draw_profile(name, caption, words, found), caption, words, tables)


def _got(values: tuple[float, ...]) -> float:
    """On which part of the problems it got there."""
    return sum(map(math.isfinite, values)) / len(values)


def _profile_tables(name: str, measure: str, found: Profile) -> tuple[Table, ...]:
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
    return tuple(tables)


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
        "Each mark is a problem. Above: seconds until it was proven, the median of runs. Below, "
        "hollow: how far the best found may be from the best possible, where time ran out; a "
        "cross where there was no plan. No cost is below 0: who proves nothing has a gap of 100 %."
    )
    proven = sum(row[3].endswith(" s") for row in rows)
    words = f"{proven} of {len(rows)} are proven altogether."
    caption = "Seconds if proven, gap in per cent if not"
    heads = ["people", "all levels", *levels]
    by_problem = table("split-problems", caption, ["problem", "contestant"], heads, rows)
    title = "Time if proven, gap if not, over the number of people"
    picture = Picture(draw_split("split", title, words, whole), title, words, (by_problem,))
    return Section("split", "Time or gap over size", (sentence,), (picture,))


def cell(found: LevelOutcome | None) -> str:
    """How a level went: seconds, a gap, or that there was no plan."""
    if found is None:
        return ""
    if found.seconds is not None:
        return f"{seconds(found.seconds)} s"
    return percent(found.gap) if found.has_plan else "no plan"


def growths(whole: Contest) -> Section | None:
    """How ours grows, where it was measured at several sizes."""
    found = growth(whole, together(whole))
    if len(found.sizes) < 2:
        return None
    sentence = (
        "Medians of all feasible instances made for a size, under the default policy; of each the "
        "runs that were given most time. “Grows as n^k” compares a size with the one before: n^1.0 "
        "is in proportion to the people."
    )
    return Section("growth", GROWTH, (sentence,), (growth_picture(found),))


def growth_picture(found: Growth) -> Picture:
    """The picture, with what it shows as a table."""
    words = (
        f"From {found.sizes[0]:,} to {found.sizes[-1]:,} people; both axes are logarithmic, so a "
        "straight line is a power of their number, and a bend is where something else begins."
    )
    title = "Building, first plan and each level over the number of people"
    picture = draw_growth("growth", title, words, found)
    return Picture(picture, title, words, (growth_table("growth-sizes", OURS, found),))


def growth_table(name: str, whose: str, found: Growth) -> Table:
    """A row a size: what it takes, and as which power of the people it grew."""
    powers = {
        key: exponents(found.sizes, found.measures[key]) for key in ("building", "first plan")
    }
    rows = []
    for at, size in enumerate(found.sizes):
        of = {key: values[at] for key, values in found.measures.items()}
        row = [f"{size:,}"]
        for key, grown in powers.items():
            row += [seconds(of[key]), _power(grown[at])]
        row += [cell(outcomes[at]) for outcomes in found.levels.values()]
        row += [
            seconds(of["in all"]),
            *(number(of[key]) for key in ("memory", "variables", "rows")),
        ]
        rows.append(row)
    heads = ["building, s", "grows as", "first plan, s", "grows as", *found.levels]
    heads += ["in all, s", "MiB", "variables", "rows"]
    return table(name, f"{whose}, medians by size", ["people"], heads, rows)


def _power(exponent: float | None) -> str:
    return "" if exponent is None else f"n^{exponent:.1f}"
