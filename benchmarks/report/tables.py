"""The sections that are tables alone: where it ran, the goals, the peers, every run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from benchmarks.goals import GOALS
from benchmarks.peers.verdict import verdicts
from benchmarks.report.blocks import Section, number, percent, seconds, table
from benchmarks.report.contest import OURS, Contest, named
from benchmarks.results import LevelRow, Results, RunRow


def sources(files: Mapping[str, Results]) -> Section:
    """Where and what ran."""
    rows = []
    for name, found in files.items():
        commit = (found.commit or "none")[:12] + (" and changes" if found.changed else "")
        rows.append(
            [
                name,
                found.command or found.tier,
                f"{found.started_at:%Y-%m-%d %H:%M}",
                commit,
                machine_of(found),
                versions_of(found),
            ]
        )
    heads = ["file", "command", "began (UTC)", "commit", "machine", "versions"]
    shown = table("sources-files", "Files of results", heads, [], rows)
    sentence = (
        "Seconds are wall time of the machine they were measured on: compare them within a file, "
        "and between files only if the machine is the same."
    )
    return Section("sources", "Where this is from", (sentence,), tables=(shown,))


def machine_of(found: Results) -> str:
    """Processors, memory, system, and how busy it was."""
    machine = found.machine
    parts = [f"{machine.cores} × {machine.cpu}"]
    parts += [] if machine.memory_mib is None else [f"{machine.memory_mib:,} MiB"]
    parts += [machine.system]
    parts += [] if found.load is None else [f"load {found.load:g} before it began"]
    return ", ".join(parts)


def versions_of(found: Results) -> str:
    """Of Python and the packages, in a line."""
    return ", ".join(f"{name} {version}" for name, version in found.versions.items())


def goals(whole: Contest) -> Section:
    """What is to be reached on two processors, and what was measured."""
    runs = [run for each in whole.contestants for rows in each.runs.values() for run in rows]
    rows = []
    for goal in GOALS:
        judged = goal.judged(runs)
        said = {True: "reached", False: "missed", None: "open"}[judged.reached]
        rows.append([goal.on.replace("`", ""), goal.wanted, judged.measured, said])
    heads = ["instances", "wanted", "measured", "goal"]
    sentence = "Of all runs of ours here, with whatever limits they had."
    shown = table("goals-all", "Goals of speed, on two processors", heads, [], rows)
    return Section("goals", "Goals", (sentence,), tables=(shown,))


def peers(files: Mapping[str, Results]) -> Section | None:
    """Ours against each peer, run by run; None if there is no peer."""
    pairs = [(ours, peer) for found in files.values() for ours, peer in _pairs(found.runs)]
    if not pairs:
        return None
    rows: list[list[str]] = []
    counts: dict[str, dict[str, int]] = {}
    ratios: dict[str, list[float]] = {}
    for ours, peer in pairs:
        who, level = decided(ours, peer)
        counts.setdefault(peer.solver, {"ours": 0, "equal": 0, "peer": 0})[who] += 1
        if ours.status == peer.status == "optimal":
            ratio = peer.wall_seconds / max(ours.wall_seconds, 1e-3)
            ratios.setdefault(peer.solver, []).append(ratio)
        rows.append(
            [
                f"{named((peer.instance, peer.policy))}, seed {peer.seed}",
                peer.solver,
                {"ours": "ours", "equal": "equal", "peer": "THE PEER"}[who],
                level,
                _found(ours),
                _found(peer),
                peer.failure or peer.remark or "",
            ]
        )
    sums = [
        [
            solver,
            *(str(counted[who]) for who in ("ours", "equal", "peer")),
            str(len(ratios.get(solver, ()))),
            " to ".join(f"{x:.2g}" for x in _ends(ratios.get(solver, ()))) or "–",
        ]
        for solver, counted in counts.items()
    ]
    heads = ["ours better", "equal", "peer better", "both proven", "peer’s time over ours"]
    sentence = (
        "The same instance, policy, seconds, threads and seed; every plan was evaluated by the "
        "same rules. Levels are in strict order, so the first one that differs decides."
    )
    return Section(
        "peers",
        "Ours and others",
        (sentence, *_not_run(files)),
        tables=(
            table("peers-sums", "How often which is better", ["peer"], heads, sums),
            table(
                "peers-runs",
                "Run by run",
                ["problem", "peer", "better", "at level", "ours", "peer’s", "remark"],
                [],
                rows,
            ),
        ),
    )


def _not_run(files: Mapping[str, Results]) -> list[str]:
    """Who was not run, and why."""
    runs = [run for found in files.values() for run in found.runs if not run.was_run]
    return list(dict.fromkeys(f"Not run: {run.solver}, {run.failure}." for run in runs))


def _pairs(runs: Iterable[RunRow]) -> list[tuple[RunRow, RunRow]]:
    """(ours, a peer's) of the same instance, policy, seed and limits; both were run."""
    runs = list(runs)
    ours = {_conditions(run): run for run in runs if run.solver == OURS}
    return [
        (ours[_conditions(run)], run)
        for run in runs
        if run.solver != OURS and run.was_run and _conditions(run) in ours
    ]


def _conditions(run: RunRow) -> tuple[str, str, int, int, float]:
    return run.instance, run.policy, run.seed, run.workers, run.time_limit


def decided(ours: RunRow, peer: RunRow) -> tuple[str, str]:
    """Who is better, `ours`, `peer` or `equal`, and at which level."""
    names = [level.level for level in ours.levels or peer.levels]
    for name, verdict in zip(names, verdicts(ours, peer), strict=True):
        if verdict in ("ours", "peer"):
            return verdict, name
    return "equal", ""


def _ends(values: Iterable[float]) -> tuple[float, ...]:
    ordered = sorted(values)
    return (ordered[0], ordered[-1]) if ordered else ()


def _found(run: RunRow) -> str:
    if run.failure is not None:
        return "failed"
    if not run.levels:
        return run.status
    bests = " · ".join(f"{x.best}{'*' if x.is_proven else ''}" for x in run.levels)
    return f"{bests} in {seconds(run.wall_seconds)} s"


def every_run(whole: Contest) -> Section:
    """All rows, with what each level cost."""
    rows = []
    for problem in whole.problems:
        for each in whole.contestants:
            rows += [_row(each.name, run) for run in each.runs.get(problem, ())]
    texts = ["problem", "contestant", "levels: best, or value (best), and its gap"]
    numbers = ["seed", "threads", "limit, s", "in all, s", "first plan, s", "integral, s", "MiB"]
    shown = table("runs-all", "Every run", texts, numbers, rows)
    return Section("runs", "Every run", tables=(shown,))


def _row(name: str, run: RunRow) -> list[str]:
    answer = [" + ".join(conflict) for conflict in run.conflicts] or map(_level, run.levels)
    said = f"{run.status}: {run.failure or ' · '.join(answer)}"
    return [
        named((run.instance, run.policy)),
        name,
        said,
        str(run.seed),
        str(run.workers),
        f"{run.time_limit:g}",
        seconds(run.wall_seconds),
        seconds(run.first_plan_seconds),
        seconds(run.primal_integral),
        number(run.peak_memory_mib),
    ]


def _level(level: LevelRow) -> str:
    cost = f"{level.value}" if level.value == level.best else f"{level.value} ({level.best})"
    gap = "" if level.is_proven else f" {percent(level.open_gap)}"
    return f"{level.level} {cost}{gap}"
