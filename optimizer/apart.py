"""Programs that fall apart: parts that share no variable are solved each for itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from networkx.utils import UnionFind

from optimizer.cpsat import Answer, Limits, minimise
from optimizer.program import Narrowed, Program, Sum


def minimise_apart(program: Program, objective: Sum, limits: Limits) -> Answer:
    """Minimise a sum over a program part by part, as many at a time as there are workers.

    Many small searches take less time than one over all of them. Optimal if every part is;
    otherwise nothing is known.

    Args:
        program: variables and rows.
        objective: what to minimise.
        limits: deadline, threads, seed, stop.
    """
    parts = _parts(program, objective)
    alone = replace(limits, workers=1)

    def solve(part: Narrowed) -> Answer:
        return minimise(part.program, part.objective, alone)

    with ThreadPoolExecutor(max_workers=limits.workers) as executor:
        answers = list(executor.map(solve, parts))
    values = list(program.lower)
    for part, answer in zip(parts, answers, strict=True):
        if answer.status != "optimal" or answer.values is None:
            return Answer("unknown", None, None, None)
        values = part.put(answer.values, values)
    best = objective.value(values)
    return Answer("optimal", values, best, best)


def _parts(program: Program, objective: Sum) -> list[Narrowed]:
    """Its parts; variables without a row are a part together."""
    together = UnionFind(range(len(program.lower)))
    for row in program.rows:
        together.union(*row.variables)
    sets = sorted(sorted(part) for part in together.to_sets())
    free = [v for part in sets if len(part) == 1 for v in part]
    sets = [part for part in sets if len(part) > 1] + [free] * bool(free)
    part_of = {variable: number for number, part in enumerate(sets) for variable in part}
    rows: list[list[int]] = [[] for _ in sets]
    for number, row in enumerate(program.rows):
        rows[part_of[row.variables[0]]].append(number)
    return [
        program.narrowed(part, program.lower, objective, rows[number])
        for number, part in enumerate(sets)
    ]
