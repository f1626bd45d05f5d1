"""Reading a plan to be checked: proposal.json, a workbook, or the folder that holds both."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from api.output import POLICY, PROPOSAL
from api.workbook_reading import Cells, read_book
from models.days import as_date, day
from models.facts import Facts
from models.files import settle_folder
from models.issues import InputError, Issue, nearest
from models.places import json_place
from models.proposal import Gap, Lead, Placement, Plan, Proposal, Substitution, Tenure
from models.tables.limits import content_of, refusal


@dataclass(frozen=True, slots=True)
class Corrected:
    """A fit in a workbook that is not the pair's: it follows from the input."""

    principal: str
    substitute: str
    said: int
    fit: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A plan as it was handed in, with what it claims, where it does.

    Attributes:
        costs: by goal; empty if nothing is claimed.
        gaps: None if nothing is claimed.
        status: of the proposal, if it is known.
        input_sha256, policy_sha256: what it was made from, if it says so.
        corrected: fits that were put right.
    """

    plan: Plan
    costs: dict[str, int]
    gaps: tuple[Gap, ...] | None = None
    status: str | None = None
    input_sha256: str | None = None
    policy_sha256: str | None = None
    corrected: tuple[Corrected, ...] = ()


def file_of(path: Path) -> Path:
    """The file with the plan: of a folder that was written by propose, its proposal.json."""
    settle_folder(path)
    settle_folder(path.parent)
    if not path.is_dir():
        return path
    if not (path / PROPOSAL).exists():
        cure = "Name a folder that tiimi propose wrote, or a file."
        raise refusal("not_found", str(path), f"It holds no {PROPOSAL}.", cure)
    return path / PROPOSAL


def policy_beside(path: Path) -> Path | None:
    """The policy that was stored with the plan, if it is there."""
    beside = path.parent / POLICY
    return beside if beside.is_file() else None


def read_plan(path: Path, facts: Facts) -> Claimed:
    """Read a plan from a ``.json`` or ``.xlsx`` file.

    Raises:
        InputError: with every issue found.
    """
    match path.suffix.casefold():
        case ".json":
            return _from_json(path)
        case ".xlsx":
            return _from_workbook(path, facts)
    if not path.exists():
        raise refusal("not_found", path.name, "There is no such file or folder.", "Check its name.")
    cure = "Name proposal.json, proposal.xlsx or the folder they are in."
    raise refusal("unknown_form", path.name, "A plan is a .json or .xlsx file.", cure)


def json_of(path: Path) -> Any:
    """The content of a JSON file that tiimi wrote.

    Raises:
        InputError: if it cannot be read.
    """
    content = content_of(path)
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise refusal("bad_encoding", path.name, "It is not UTF-8.", "Save it as UTF-8.") from None
    except (ValueError, RecursionError) as error:
        cure = f"Use the {path.name} that tiimi wrote."
        raise refusal("bad_json", path.name, f"It is not JSON: {error}.", cure) from None


def _from_json(path: Path) -> Claimed:
    data = json_of(path)
    if isinstance(data, dict) and not data.keys() & {"status", "run"}:
        return Claimed(validated(Plan, data, path.name), {})
    proposal = validated(Proposal, data, path.name)
    costs = {goal.goal: goal.cost for level in proposal.levels for goal in level.goals}
    run = proposal.run
    made_from = (run.input_sha256, run.policy_sha256)
    return Claimed(proposal.plan, costs, proposal.gaps, proposal.status, *made_from)


def validated(kind: type[Any], data: object, place: str) -> Any:
    """Decoded JSON as a model.

    Raises:
        InputError: with every issue found.
    """
    try:
        # By way of text: a date or number is then read as JSON has it, and not more freely.
        return kind.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        cure = "Use the file that tiimi wrote; docs/problem.md, section 5, describes it."
        raise InputError(
            Issue(found["type"], f"{place}, {json_place(found['loc'])}", f"{found['msg']}.", cure)
            for found in error.errors(include_url=False)
        ) from None


def _from_workbook(path: Path, facts: Facts) -> Claimed:
    book = read_book(path)
    rows = book.rows
    issues = [
        issue
        for sheet, key, known in (
            ("people", "employee", facts.employees),
            ("people", "team", facts.teams),
            ("teams", "team", facts.teams),
            ("teams", "leader", facts.employees),
            ("tasks", "task", facts.tasks),
            ("tasks", "team", facts.teams),
            ("tasks", "holder", facts.employees),
            ("substitutes", "principal", facts.employees),
            ("substitutes", "substitute", facts.employees),
        )
        for issue in _unknown(rows[sheet], key, known)
    ]
    if issues:
        raise InputError(issues)
    pairs = [cells for cells in rows["substitutes"] if cells.text("substitute")]
    team_of = {cells["employee"]: cells["team"] for cells in rows["people"]}
    plan = Plan(
        placements=tuple(_placement(cells, facts) for cells in rows["people"]),
        leads=tuple(
            Lead(team=cells["team"], employee=cells["leader"])
            for cells in rows["teams"]
            if cells.text("leader")
        ),
        holders=tuple(_tenures(rows["tasks"], facts, team_of)),
        substitutes=tuple(_pair(cells, facts) for cells in pairs),
    )
    costs = {cells["goal"]: int(cells["cost"]) for cells in rows["goals"]}
    return Claimed(
        plan,
        costs,
        input_sha256=book.input_sha256,
        policy_sha256=book.policy_sha256,
        corrected=tuple(_corrected(pairs, facts)),
    )


def _unknown(rows: Iterable[Cells], key: str, known: Collection[str]) -> Iterator[Issue]:
    for cells in rows:
        name = cells.text(key)
        if name is not None and name not in known:
            message = f"Nothing is planned for {name!r}."
            yield Issue("unknown_id", cells.place_of(key), message, nearest(name, known))


def _placement(cells: Cells, facts: Facts) -> Placement:
    e = cells["employee"]
    start, end = facts.service(e)
    return Placement(
        employee=e,
        team=cells["team"],
        start=cells.day("start") or as_date(start),
        end=cells.day("end") or as_date(end),
    )


def _tenures(rows: Iterable[Cells], facts: Facts, team_of: Mapping[str, str]) -> Iterator[Tenure]:
    """The tenures in the order of the rows; an empty start or end follows from it."""
    ends: dict[str, int] = {}
    for cells in rows:
        holder = cells.text("holder")
        if holder is None:
            continue
        q = cells["task"]
        start, end = facts.tenure(holder, q, ends.get(q))
        tenure = Tenure(
            task=q,
            team=cells.text("team") or team_of.get(holder, ""),
            employee=holder,
            start=cells.day("start") or as_date(start),
            end=cells.day("end") or as_date(end),
        )
        ends[q] = day(tenure.end)
        yield tenure


def _pair(cells: Cells, facts: Facts) -> Substitution:
    principal, substitute = cells["principal"], cells["substitute"]
    fit = facts.fit(principal, substitute)
    return Substitution(principal=principal, substitute=substitute, fit=fit)


def _corrected(pairs: Iterable[Cells], facts: Facts) -> Iterator[Corrected]:
    for cells in pairs:
        principal, substitute = cells["principal"], cells["substitute"]
        said, fit = cells.number("fit"), facts.fit(principal, substitute)
        if said is not None and said != fit:
            yield Corrected(principal, substitute, said, fit)
