"""Every input error by code and place, several at once, and what is merely odd."""

import contextlib
import copy
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import pytest

from models.issues import InputError, Issue, nearest
from models.policy import GOAL_NAMES, Policy
from models.reading import organisation_from, policy_from
from models.warnings import warnings_of
from tests.small import able, facts, leaving, on, organisation, person, policy, span, task, team

GOOD: dict[str, Any] = {
    "name": "Jämsän tukipalvelut",
    "horizon": {"start": "2018-09-01", "end": "2021-09-01"},
    "skills": [{"id": "payroll", "name": "Palkat"}, {"id": "books"}],
    "teams": [
        {
            "id": "A",
            "size": {"min": 0, "max": 3},
            "leader": "E01",
            "demand": [{"from": "2019-01-01", "people": 2}],
            "needs": [{"skill": "payroll", "level": 2, "people": 1}],
        },
        {"id": "B", "size": {"min": 0, "max": 3}, "lead": False},
    ],
    "employees": [
        {
            "id": "E01",
            "site": "hall",
            "site_bound": True,
            "qualifications": ["card"],
            "joins": "2010-01-01",
            "leaves": {"date": "2021-06-01", "reason": "retirement", "source": "stated"},
            "absences": [{"start": "2019-06-01", "end": "2019-07-01"}],
            "skills": {"payroll": 3},
            "can_learn": ["books"],
            "interest": {"A": 2, "B": 0},
            "lead_interest": {"A": 3},
            "wants": ["E02"],
            "avoids": ["E03"],
            "eligible_teams": ["A", "B"],
            "team": "A",
            "substitute": "E02",
        },
        {"id": "E02", "skills": {"payroll": 2, "books": 1}},
        {"id": "E03", "skills": {}, "needs_substitute": False},
    ],
    "tasks": [
        {
            "id": "wages",
            "kind": "ordinary",
            "skill": "payroll",
            "team": "A",
            "holder": "E01",
            "prepared": {"E02": "2019-01-01"},
            "active": {"start": "2018-10-01", "end": "2021-01-01"},
        }
    ],
    "rules": [
        {"id": "r1", "kind": "pin", "employee": "E01", "team": "A", "reason": "agreed"},
        {"id": "r2", "kind": "together", "employees": ["E01", "E02"]},
        {"id": "r3", "kind": "pin_holder", "task": "wages", "employee": "E01"},
        {"id": "r4", "kind": "pin_substitute", "principal": "E01", "substitute": "E02"},
        {"id": "r5", "kind": "pin_lead", "team": "A", "employee": "E01"},
    ],
}

GONE = object()


def changed(data: dict[str, Any], *changes: tuple[str, Any]) -> dict[str, Any]:
    """The same with values replaced at paths such as ``teams.0.size.min``, or GONE."""
    data = copy.deepcopy(data)
    for path, value in changes:
        *way, key = path.split(".")
        at: Any = data
        for part in way:
            at = at[int(part) if isinstance(at, list) else part]
        last = int(key) if isinstance(at, list) else key
        if value is GONE:
            del at[last]
        elif isinstance(at, list) and last == len(at):
            at.append(value)
        else:
            at[last] = value
    return data


def issues_of(data: object, policy: Policy | None = None) -> tuple[Issue, ...]:
    with pytest.raises(InputError) as caught:
        organisation_from(data, policy)
    return caught.value.issues


def found(data: object, policy: Policy | None = None) -> list[tuple[str, str]]:
    return [(issue.code, issue.place) for issue in issues_of(data, policy)]


def test_the_good_one_is_good():
    read = organisation_from(GOOD, Policy())
    assert read.name == "Jämsän tukipalvelut"
    assert [r.kind for r in read.rules] == [r["kind"] for r in GOOD["rules"]]
    assert organisation_from(read.to_dict(), Policy()) == read


E01, A, B, WAGES = "employees[E01]", "teams[A]", "teams[B]", "tasks[wages]"

BROKEN: list[tuple[str, Any, str, str]] = [
    # The document
    ("name", GONE, "missing", "name"),
    ("name", None, "missing", "name"),
    ("name", 5, "bad_text", "name"),
    ("name", "\ud800", "bad_text", "name"),
    ("name", "x" * 1001, "bad_text", "name"),
    ("horizon", None, "missing", "horizon"),
    ("horizon", "2018", "wrong_type", "horizon"),
    ("horizon.end", GONE, "missing", "horizon.end"),
    ("horizon.from", "2018-09-01", "unknown_field", "horizon.from"),
    ("horizon.end", "2018-09-01", "start_not_before_end", "horizon"),
    ("Tasks", [], "unknown_field", "Tasks"),
    ("tasks", {"wages": 5}, "wrong_type", "tasks"),
    # One field
    ("skills.1", "books", "wrong_type", "skills[1]"),
    ("skills.1.level", 3, "unknown_field", "skills[books].level"),
    ("skills.2", {"name": "x"}, "missing", "skills[2].id"),
    ("skills.2", {"id": "a,b"}, "bad_text", "skills[2].id"),
    ("skills.2", {"id": " a"}, "bad_text", "skills[2].id"),
    ("skills.2", {"id": ""}, "bad_text", "skills[2].id"),
    ("skills.2", {"id": 7}, "bad_text", "skills[2].id"),
    ("teams.1.size", GONE, "missing", "teams[B].size"),
    ("teams.1.size", 5, "wrong_type", "teams[B].size"),
    ("teams.1.size.min", GONE, "missing", "teams[B].size.min"),
    ("teams.1.size.min", -1, "out_of_range", "teams[B].size.min"),
    ("teams.1.size.max", 1_000_001, "out_of_range", "teams[B].size.max"),
    ("teams.1.size.max", 2.0, "not_integer", "teams[B].size.max"),
    ("teams.1.size.max", True, "not_integer", "teams[B].size.max"),
    ("teams.0.demand.0.people", "two", "not_integer", "teams[A].demand[0].people"),
    ("teams.0.demand.0.frm", "2019-01-01", "unknown_field", "teams[A].demand[0].frm"),
    ("teams.0.demand.0.from_", "2019-01-01", "unknown_field", "teams[A].demand[0].from_"),
    ("teams.0.needs.0.level", 4, "out_of_range", "teams[A].needs[0].level"),
    ("teams.0.lead", "yes", "wrong_type", "teams[A].lead"),
    ("employees.0.skill", {}, "unknown_field", f"{E01}.skill"),
    ("employees.1.skills", GONE, "missing", "employees[E02].skills"),
    ("employees.1.skills", ["books"], "wrong_type", "employees[E02].skills"),
    ("employees.0.skills.payroll", 0, "out_of_range", f"{E01}.skills.payroll"),
    ("employees.0.skills.a,b", 1, "bad_text", f"{E01}.skills.a,b"),
    ("employees.0.fte", 0, "out_of_range", f"{E01}.fte"),
    ("employees.0.fte", 101, "out_of_range", f"{E01}.fte"),
    ("employees.0.joins", "2019-02-29", "bad_date", f"{E01}.joins"),
    ("employees.0.joins", "1.9.2018", "bad_date", f"{E01}.joins"),
    ("employees.0.joins", "2010-W01-1", "bad_date", f"{E01}.joins"),
    ("employees.0.joins", 20180901, "bad_date", f"{E01}.joins"),
    ("employees.0.leaves.reason", "moved", "unknown_kind", f"{E01}.leaves.reason"),
    ("employees.0.leaves.source", GONE, "missing", f"{E01}.leaves.source"),
    ("employees.0.leaves.day", "x", "unknown_field", f"{E01}.leaves.day"),
    ("employees.0.title", "x" * 1001, "bad_text", f"{E01}.title"),
    ("employees.0.wants", "E02", "wrong_type", f"{E01}.wants"),
    ("employees.0.wants.1", None, "bad_text", f"{E01}.wants[1]"),
    ("employees.0.lead_interest.A", 4, "out_of_range", f"{E01}.lead_interest.A"),
    ("tasks.0.kind", "easy", "unknown_kind", f"{WAGES}.kind"),
    ("tasks.0.load", -1, "out_of_range", f"{WAGES}.load"),
    ("tasks.0.handover_days", -1, "out_of_range", f"{WAGES}.handover_days"),
    ("tasks.0.prepared.E02", "soon", "bad_date", f"{WAGES}.prepared.E02"),
    ("rules.0.kind", GONE, "missing", "rules[r1].kind"),
    ("rules.0.kind", "pinned", "unknown_kind", "rules[r1].kind"),
    ("rules.0.kind", ["pin"], "unknown_kind", "rules[r1].kind"),
    ("rules.0", "pin", "missing", "rules[0].kind"),
    ("rules.0.task", "wages", "unknown_field", "rules[r1].task"),
    ("rules.0.team", GONE, "missing", "rules[r1].team"),
    ("rules.1.employees", ["E01"], "too_few", "rules[r2].employees"),
    # References
    ("skills.2", {"id": "books"}, "duplicate_id", "skills[2].id"),
    ("rules.5", {**GOOD["rules"][0]}, "duplicate_id", "rules[5].id"),
    ("teams.0.leader", "E9", "unknown_id", f"{A}.leader"),
    ("teams.0.needs.0.skill", "payrol", "unknown_id", f"{A}.needs[0].skill"),
    ("employees.0.skills.payrol", 1, "unknown_id", f"{E01}.skills.payrol"),
    ("employees.0.can_learn.0", "x", "unknown_id", f"{E01}.can_learn[0]"),
    ("employees.0.interest.C", 1, "unknown_id", f"{E01}.interest.C"),
    ("employees.0.lead_interest.C", 1, "unknown_id", f"{E01}.lead_interest.C"),
    ("employees.0.wants.0", "E9", "unknown_id", f"{E01}.wants[0]"),
    ("employees.0.avoids.0", "E9", "unknown_id", f"{E01}.avoids[0]"),
    ("employees.0.eligible_teams.2", "C", "unknown_id", f"{E01}.eligible_teams[2]"),
    ("employees.0.team", "C", "unknown_id", f"{E01}.team"),
    ("employees.0.substitute", "E9", "unknown_id", f"{E01}.substitute"),
    ("tasks.0.skill", "x", "unknown_id", f"{WAGES}.skill"),
    ("tasks.0.team", "C", "unknown_id", f"{WAGES}.team"),
    ("tasks.0.holder", "E9", "unknown_id", f"{WAGES}.holder"),
    ("tasks.0.prepared.E9", "2019-01-01", "unknown_id", f"{WAGES}.prepared.E9"),
    ("rules.0.employee", "E9", "unknown_id", "rules[r1].employee"),
    ("rules.0.team", "C", "unknown_id", "rules[r1].team"),
    ("rules.1.employees.1", "E9", "unknown_id", "rules[r2].employees[1]"),
    ("rules.2.task", "x", "unknown_id", "rules[r3].task"),
    ("rules.3.principal", "E9", "unknown_id", "rules[r4].principal"),
    ("rules.3.substitute", "E9", "unknown_id", "rules[r4].substitute"),
    ("rules.4.team", "C", "unknown_id", "rules[r5].team"),
    # Fields that do not agree
    ("teams.0.size.min", 4, "min_above_max", f"{A}.size"),
    (
        "teams.0.demand.1",
        {"from": "2019-01-01", "people": 3},
        "duplicate_demand",
        f"{A}.demand[1]",
    ),
    ("employees.0.site", GONE, "site_bound_without_site", f"{E01}.site_bound"),
    ("employees.0.leaves.date", "2010-01-01", "leaves_before_joining", f"{E01}.leaves.date"),
    ("employees.0.absences.0.end", "2019-06-01", "start_not_before_end", f"{E01}.absences[0]"),
    ("employees.0.eligible_teams", [], "no_eligible_team", f"{E01}.eligible_teams"),
    ("employees.0.qualifications.1", "card", "duplicate_in_list", f"{E01}.qualifications[1]"),
    ("employees.0.can_learn.1", "books", "duplicate_in_list", f"{E01}.can_learn[1]"),
    ("employees.0.wants.1", "E02", "duplicate_in_list", f"{E01}.wants[1]"),
    ("employees.0.avoids.1", "E03", "duplicate_in_list", f"{E01}.avoids[1]"),
    ("employees.0.eligible_teams.2", "A", "duplicate_in_list", f"{E01}.eligible_teams[2]"),
    ("employees.0.wants.0", "E01", "self_reference", f"{E01}.wants"),
    ("employees.0.avoids.0", "E01", "self_reference", f"{E01}.avoids"),
    ("employees.0.substitute", "E01", "self_reference", f"{E01}.substitute"),
    ("tasks.0.active.end", "2018-10-01", "start_not_before_end", f"{WAGES}.active"),
    ("rules.1.employees.2", "E01", "duplicate_in_list", "rules[r2].employees[2]"),
    ("rules.3.substitute", "E01", "self_reference", "rules[r4].substitute"),
    ("rules.3.principal", "E03", "needs_no_substitute", "rules[r4].principal"),
    ("rules.4.team", "B", "team_without_lead", "rules[r5].team"),
    # Grades, and the policy
    ("employees.0.interest.A", 7, "unpriced_grade", f"{E01}.interest.A"),
]

ALONG = {"tasks", "skills.1"}
"""Errors after which others refer to what could not be read."""


@pytest.mark.parametrize(
    ("path", "value", "code", "place"), BROKEN, ids=[f"{c}-{p}" for p, _, c, _ in BROKEN]
)
def test_one_error(path: str, value: Any, code: str, place: str):
    issues = found(changed(GOOD, (path, value)), Policy())
    assert issues[0] == (code, place)
    assert path in ALONG or len(issues) == 1


def test_a_grade_of_leading_that_the_policy_does_not_price():
    priced = policy(lead_cost={"1": 2, "2": 1})
    assert found(GOOD, priced) == [("unpriced_grade", "employees[E01].lead_interest.A")]
    (issue,) = issues_of(GOOD, priced)
    assert "Priced: 1, 2." in issue.cure


def test_without_a_policy_grades_are_not_priced():
    assert (
        organisation_from(changed(GOOD, ("employees.0.interest.A", 7))).employees[0].interest["A"]
        == 7
    )


@pytest.mark.parametrize("data", [None, [], "x", 5])
def test_not_an_object(data: object):
    assert found(data) == [("wrong_type", "document")]


def test_an_empty_object_lacks_all_that_is_required():
    names = ("name", "horizon", "skills", "teams", "employees")
    assert found({}) == [("missing", name) for name in names]


def test_all_errors_at_once():
    wrong = changed(
        GOOD,
        ("horizon.end", "2018-13-01"),
        ("teams.0.size.min", 9),
        ("teams.0.sise", 1),
        ("employees.0.fte", 0),
        ("employees.0.wants.0", "E2"),
        ("employees.1.skills.payrol", 2),
        ("employees.1.id", "E01"),
        ("tasks.0.kind", "easy"),
        ("tasks.0.holder", "E4"),
        ("rules.0.kind", "pinn"),
        ("rules.1.employees", ["E01"]),
    )
    assert sorted(found(wrong)) == sorted(
        [
            ("bad_date", "horizon.end"),
            ("unknown_field", "teams[A].sise"),
            ("out_of_range", "employees[E01].fte"),
            ("unknown_kind", "tasks[wages].kind"),
            ("unknown_kind", "rules[r1].kind"),
            ("too_few", "rules[r2].employees"),
            ("duplicate_id", "employees[1].id"),
            ("min_above_max", "teams[A].size"),
            ("unknown_id", "employees[E01].wants[0]"),
            # E02, whom the second employee was, is not there for others.
            ("unknown_id", "employees[E01].substitute"),
            ("unknown_id", "employees[E01].skills.payrol"),
            ("unknown_id", "tasks[wages].holder"),
            ("unknown_id", "tasks[wages].prepared.E02"),
            ("unknown_id", "rules[r4].substitute"),
        ]
    )


NEED = {"skill": "payroll", "level": 1, "people": 1}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # What is wrong or missing hides nothing else of the same item,
        (
            [("teams.0.needs.0.level", 4), ("teams.0.leader", "E9")],
            [("out_of_range", f"{A}.needs[0].level"), ("unknown_id", f"{A}.leader")],
        ),
        (
            [("teams.0.size.min", -1), ("teams.0.leader", "E9")],
            [("out_of_range", f"{A}.size.min"), ("unknown_id", f"{A}.leader")],
        ),
        (
            [("employees.1.skills", GONE), ("employees.1.team", "C")],
            [("missing", "employees[E02].skills"), ("unknown_id", "employees[E02].team")],
        ),
        (
            [("employees.0.skills.payrol", 9)],
            [("out_of_range", f"{E01}.skills.payrol"), ("unknown_id", f"{E01}.skills.payrol")],
        ),
        (
            [("tasks.0.skill", 5), ("tasks.0.holder", "E9")],
            [("bad_text", f"{WAGES}.skill"), ("unknown_id", f"{WAGES}.holder")],
        ),
        (
            [("rules.0.team", GONE), ("rules.0.employee", "E9")],
            [("missing", "rules[r1].team"), ("unknown_id", "rules[r1].employee")],
        ),
        (
            [("employees.0.leaves", {}), ("employees.0.team", "C")],
            [
                *(("missing", f"{E01}.leaves.{f}") for f in ("date", "reason", "source")),
                ("unknown_id", f"{E01}.team"),
            ],
        ),
        # leaves the others of a list at their places,
        (
            [("employees.0.wants", [5, "E9", None])],
            [
                ("bad_text", f"{E01}.wants[0]"),
                ("bad_text", f"{E01}.wants[2]"),
                ("unknown_id", f"{E01}.wants[1]"),
            ],
        ),
        (
            [("teams.0.needs", [{}, {**NEED, "skill": "payrol"}, 7])],
            [
                *(("missing", f"{A}.needs[0].{f}") for f in ("skill", "level", "people")),
                ("wrong_type", f"{A}.needs[2]"),
                ("unknown_id", f"{A}.needs[1].skill"),
            ],
        ),
        # and is told once.
        ([("employees.0.eligible_teams", ["a,b"])], [("bad_text", f"{E01}.eligible_teams[0]")]),
    ],
)
def test_no_error_hides_or_moves_another(
    changes: list[tuple[str, Any]], expected: list[tuple[str, str]]
):
    assert found(changed(GOOD, *changes)) == expected


JUNK = (5, -1, True, 1.5, "", "x", "2018-W35-6", [], [None], [5], {}, {"x": 1}, {7: 7}, {1.5: 1})


def paths(value: Any, path: str = "") -> Iterator[str]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield f"{path}{key}"
        if isinstance(inner, dict | list):
            yield from paths(inner, f"{path}{key}.")


def test_junk_anywhere_is_an_input_error_if_anything():
    read = 0
    for path in paths(GOOD):
        for junk in (*JUNK, GONE):
            with contextlib.suppress(InputError):
                organisation_from(changed(GOOD, (path, junk)), Policy())
                read += 1
    assert read > 0
    for path in paths(Policy().to_dict()):
        for junk in (*JUNK, GONE):
            with contextlib.suppress(InputError):
                policy_from(changed(Policy().to_dict(), (path, junk)))


def test_an_error_names_place_what_is_wrong_and_the_cure():
    (issue,) = issues_of(changed(GOOD, ("employees.0.skills.payrol", 1)))
    assert str(issue) == (
        "employees[E01].skills.payrol: There is no skill 'payrol'. "
        "Did you mean 'payroll'? [unknown_id]"
    )
    with pytest.raises(InputError, match=r"employees\[E01\]\.fte: 0 is out of range\. Write at"):
        organisation_from(changed(GOOD, ("employees.0.fte", 0)))
    (issue,) = issues_of(changed(GOOD, ("employees.0.joins", "x" * 99)))
    assert "...' does not exist" in issue.message or "... does not exist" in issue.message
    (issue,) = issues_of(changed(GOOD, ("employees.0.skils", 0)))
    assert "Did you mean 'skills'?" in issue.cure
    (issue,) = issues_of(changed(GOOD, ("teams.0.demand.0.form", 0)))
    assert "Did you mean 'from'?" in issue.cure


def test_places_can_be_named_otherwise():
    with pytest.raises(InputError) as caught:
        organisation_from(
            changed(GOOD, ("employees.0.fte", 0), ("teams.0.leader", "E9")),
            locate=lambda path: "/".join(map(str, path)),
        )
    assert [i.place for i in caught.value.issues] == ["employees/0/fte", "teams/0/leader"]


def test_what_was_given_is_not_changed():
    given = changed(GOOD, ("employees.0.fte", 0), ("tasks.0.active", {"start": None}))
    before = copy.deepcopy(given)
    found(given)
    assert given == before


# Null is absent


def nulled(value: Any) -> Any:
    """The same with every optional field that is not given as null."""
    optional = {
        "teams": ("name", "lead", "leader", "site", "demand", "needs"),
        "employees": ("title", "fte", "joins", "leaves", "absences", "interest", "eligible_teams"),
        "tasks": ("name", "level", "team", "holder", "prepared", "backups", "active"),
        "rules": ("reason",),
    }
    wide = copy.deepcopy(value)
    for key, names in optional.items():
        for row in wide[key]:
            for name in names:
                row.setdefault(name, None)
    return wide


def test_null_is_absent_everywhere():
    small = organisation(tasks=[task()], rules=[])
    assert organisation_from(nulled(small)) == organisation_from(small)
    assert organisation_from(nulled(GOOD)) == organisation_from(GOOD)
    assert organisation_from({**small, "tasks": None, "rules": None}).tasks == ()
    graded = changed(GOOD, ("employees.0.interest.A", None))
    assert organisation_from(graded).employees[0].interest == {"B": 0}
    assert policy_from({"levels": None, "keep": None}) == Policy()


@pytest.mark.parametrize("active", [None, {}, {"start": None, "end": None}])
def test_a_task_active_without_days_is_active_always(active: Any):
    read = organisation_from(changed(GOOD, ("tasks.0.active", active)))
    assert read.tasks[0].active is None


def test_days_may_be_dates_but_no_times():
    read = organisation_from(changed(GOOD, ("employees.0.joins", date(2010, 1, 1))))
    assert read == organisation_from(GOOD)
    timed = changed(GOOD, ("employees.0.joins", datetime(2010, 1, 1)))
    assert found(timed) == [("bad_date", f"{E01}.joins")]


def test_lists_may_be_tuples():
    small = {**organisation(), "tasks": (task(),)}
    assert len(organisation_from(small).tasks) == 1


# The nearest known id


@pytest.mark.parametrize(
    ("unknown", "known", "cure"),
    [
        ("payrol", ["books", "payroll"], "Did you mean 'payroll'?"),
        ("PAYROLL", ["books", "payroll"], "Did you mean 'payroll'?"),
        ("e7", ["E07", "F11"], "Did you mean 'E07'?"),
        ("xyz", ["b", "a"], "Known: a, b."),
        ("xyz", [], "Use the id of one that is listed."),
        ("xyz", list("abcdefghi"), "Use the id of one that is listed."),
    ],
)
def test_nearest(unknown: str, known: list[str], cure: str):
    assert nearest(unknown, known) == cure


# The policy

ONE = {"name": "one", "goals": {"task_gap": 1}}

BROKEN_POLICIES: list[tuple[Mapping[str, Any], str, str]] = [
    ({"min_fits": 3}, "unknown_field", "min_fits"),
    ({"min_fit": -1}, "out_of_range", "min_fit"),
    ({"min_fit": "3"}, "not_integer", "min_fit"),
    ({"settled_days": 0}, "out_of_range", "settled_days"),
    ({"interest_cost": {"0": -3}}, "out_of_range", "interest_cost.0"),
    ({"interest_cost": {"much": 3}}, "not_integer", "interest_cost.much"),
    ({"interest_cost": [3, 1, 0]}, "wrong_type", "interest_cost"),
    ({"levels": []}, "no_goal", "levels"),
    ({"levels": [{"name": "one", "goals": {"task_gap": 0}}]}, "no_goal", "levels"),
    ({"levels": [ONE, {"name": "two"}]}, "missing", "levels[1].goals"),
    ({"levels": [ONE, {"goals": {}}]}, "missing", "levels[1].name"),
    ({"levels": [{**ONE, "tolerance": 3}]}, "unknown_field", "levels[0].tolerance"),
    (
        {"levels": [{**ONE, "tolerance_per_person": -1}]},
        "out_of_range",
        "levels[0].tolerance_per_person",
    ),
    ({"levels": [ONE, {"name": "two", "goals": {"interest": -1}}]}, "out_of_range",
     "levels[1].goals.interest"),
    ({"levels": [ONE, {"name": "two", "goals": {"task_gaps": 1}}]}, "unknown_goal",
     "levels[two].goals.task_gaps"),
    ({"levels": [ONE, {"name": "two", "goals": {"task_gap": 2}}]}, "duplicate_goal",
     "levels[two].goals.task_gap"),
    ({"levels": [ONE, {"name": "one", "goals": {"interest": 2}}]}, "duplicate_level",
     "levels[1].name"),
    ({"keep": {"interest": 1}}, "unknown_goal", "keep.interest"),
    ({"keep": {"team_changes": -1}}, "out_of_range", "keep.team_changes"),
]  # fmt: skip


def policy_issues(data: object) -> tuple[Issue, ...]:
    with pytest.raises(InputError) as caught:
        policy_from(data)
    return caught.value.issues


@pytest.mark.parametrize(
    ("data", "code", "place"), BROKEN_POLICIES, ids=[f"{c}-{p}" for _, c, p in BROKEN_POLICIES]
)
def test_one_error_of_a_policy(data: Mapping[str, Any], code: str, place: str):
    assert [(i.code, i.place) for i in policy_issues(data)] == [(code, place)]


@pytest.mark.parametrize("data", [None, [], "x"])
def test_a_policy_is_a_table(data: object):
    assert [(i.code, i.place) for i in policy_issues(data)] == [("wrong_type", "document")]


def test_all_errors_of_a_policy_at_once():
    wrong = {"min_fit": -1, "max_task": 3, "keep": {"x": 1}, "levels": [ONE, ONE]}
    assert sorted(i.code for i in policy_issues(wrong)) == [
        "duplicate_goal",
        "duplicate_level",
        "out_of_range",
        "unknown_field",
        "unknown_goal",
    ]
    (issue,) = policy_issues({"keep": {"team_change": 1}})
    assert "Did you mean 'team_changes'?" in issue.cure


def test_a_key_given_replaces_the_whole_default():
    read = policy_from({"interest_cost": {"5": 1}, "levels": [ONE], "keep": {}})
    assert (read.interest_cost, read.keep) == ({5: 1}, {})
    assert read.weights() == {"task_gap": 1}
    assert read.min_fit == Policy().min_fit


def test_the_default_policy_reads_back_and_counts_all_but_the_keeping_of_chains():
    assert policy_from(Policy().to_dict()) == policy_from({}) == Policy()
    assert set(GOAL_NAMES) - set(Policy().weights()) == {"succession_changes"}


# What is merely odd


@pytest.mark.parametrize(
    ("fields", "code", "place"),
    [
        (
            {"employees": [person("a", leaves=leaving(9), absences=[span(2, 4), span(9, 12)])]},
            "absence_outside_service",
            "employees[a].absences[1]",
        ),
        (
            {"employees": [person("a", eligible_teams=["B"], interest={"A": 2, "B": 1})]},
            "wish_not_eligible",
            "employees[a].interest.A",
        ),
        (
            {"employees": [person("a", eligible_teams=["B"], lead_interest={"B": 2, "A": 1})]},
            "wish_not_eligible",
            "employees[a].lead_interest.A",
        ),
        (
            {"employees": [able("a", leaves=leaving(0))], "tasks": [task(holder="a")]},
            "holder_not_in_service",
            "tasks[Q].holder",
        ),
        (
            {"employees": [able("a")], "tasks": [task(holder="a", kind="authority")]},
            "holder_not_qualified",
            "tasks[Q].holder",
        ),
        (
            {
                "employees": [person("a", leaves=leaving(0))],
                "rules": [{"id": "r1", "kind": "pin", "employee": "a", "team": "A"}],
            },
            "rule_does_not_apply",
            "rules[r1]",
        ),
    ],
)
def test_a_warning(fields: dict[str, Any], code: str, place: str):
    f = facts(**fields)
    (warning,) = warnings_of(f)
    assert (warning.code, warning.place) == (code, place)
    assert warning.message.endswith(".")


def test_warnings_come_in_the_order_of_the_input():
    f = facts(
        teams=[team("A", lead=True), team("B")],
        employees=[
            able("a", eligible_teams=["B"], interest={"A": 0}),
            person("b", absences=[span(40, 41)]),
            person("left", leaves=leaving(0), absences=[span(40, 41)]),
        ],
        tasks=[
            task("Q", holder="left"),
            task("R", holder="a"),
            task("S"),
            task("gone", holder="left", active={"end": on(0)}),
        ],
        rules=[{"id": "r1", "kind": "pin_lead", "team": "A", "employee": "left"}],
    )
    assert [w.code for w in warnings_of(f)] == [
        "wish_not_eligible",
        "absence_outside_service",
        "holder_not_in_service",
        "rule_does_not_apply",
    ]


def test_a_good_one_warns_of_nothing():
    assert warnings_of(facts(**GOOD)) == ()


@pytest.mark.parametrize(
    ("value", "shown"), [(["E1"], '["E1"]'), (True, "true"), ({"a": 1.5}, '{"a": 1.5}')]
)
def test_a_value_is_told_as_the_file_has_it(value: object, shown: str) -> None:
    data = {"horizon": {"start": value, "end": "2020-01-01"}, "skills": [], "teams": []}
    with pytest.raises(InputError) as error:
        organisation_from(data | {"name": "x", "employees": []})
    (issue,) = error.value.issues
    assert issue.message.startswith(f"{shown} ")


def test_a_cure_shortens_what_nobody_reads() -> None:
    long = "x" * 5000
    assert nearest("ab", [long, "cd"]) == f"Known: cd, {'x' * 59}…."
    assert nearest("x" * 4999, [long]) == f"Did you mean '{'x' * 59}…'?"
