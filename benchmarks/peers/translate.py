"""A CP-SAT model as linear rows, for solvers that know nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ortools.sat.python import cp_model

from benchmarks.peers.plain_goals import Cost
from optimizer.program import Program, Sum


def rows_of(model: cp_model.CpModel) -> Program:
    """The same variables, counted from 1, and the same constraints as rows.

    A constraint under enforcement literals holds by big-M, the least that lets everything pass
    when one of them is false.

    Raises:
        ValueError: for a constraint that is neither linear nor over literals.
    """
    program = Program()
    for variable in model.proto.variables:
        low, high = variable.domain
        program.lower.append(low)
        program.upper.append(high)
    for constraint in model.proto.constraints:
        enforced = list(constraint.enforcement_literal)
        if constraint.has_linear():
            linear = constraint.linear
            low, high = linear.domain
            total = Sum((v + 1, c) for v, c in zip(linear.vars, linear.coeffs, strict=True))
            _within(program, total, low, high, enforced)
        elif constraint.has_bool_or():
            _at_least(program, _literals(constraint.bool_or.literals), 1, enforced)
        elif constraint.has_bool_and():
            for literal in constraint.bool_and.literals:
                _at_least(program, _literals([literal]), 1, enforced)
        elif constraint.has_at_most_one():
            _at_most(program, _literals(constraint.at_most_one.literals), 1, enforced)
        elif constraint.has_exactly_one():
            _within(program, _literals(constraint.exactly_one.literals), 1, 1, enforced)
        else:
            raise ValueError(f"not a row: {constraint}")
    return program


def sum_of(objective: Cost) -> Sum:
    """An expression over the same variables, counted from 1."""
    if isinstance(objective, int):
        return Sum(constant=objective)
    flat = cp_model.FlatIntExpr(objective)
    terms = zip(flat.vars, flat.coeffs, strict=True)
    return Sum(((v.index + 1, int(c)) for v, c in terms), int(flat.offset))


def _literals(literals: Iterable[int]) -> Sum:
    """How many of these are true; a negative one is the negation of -1 minus it."""
    total = Sum()
    for literal in literals:
        if literal >= 0:
            total.add(literal + 1)
        else:
            total.add(-literal, -1)
            total.constant += 1
    return total


def _within(program: Program, total: Sum, low: int, high: int, enforced: Sequence[int]) -> None:
    if low == high and not enforced:
        program.equal(total, low)
        return
    if low > cp_model.INT_MIN:
        _at_least(program, total, low, enforced)
    if high < cp_model.INT_MAX:
        _at_most(program, total, high, enforced)


def _at_most(program: Program, total: Sum, high: int, enforced: Sequence[int]) -> None:
    _at_least(program, Sum().plus(total, -1), -high, enforced)


def _at_least(program: Program, total: Sum, low: int, enforced: Sequence[int]) -> None:
    """``total + M (false literals) >= low``."""
    least = total.constant + sum(
        c * (program.lower[v] if c > 0 else program.upper[v]) for v, c in total.terms.items()
    )
    if enforced and low > least:
        total = Sum().plus(total).plus(_literals(enforced), least - low)
        total.constant += (low - least) * len(enforced)
    program.at_least(total, low)
