"""Scenarios as they are read: every kind of event, and every error at once with its place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.issues import InputError, Issue
from models.organisation import RULE_KINDS
from models.reading import scenario_from
from models.scenario import EVENT_KINDS, AddRule, Joins, Scenario

HIRE = {"id": "E9", "skills": {"payroll": 2}, "joins": "2020-03-01", "interest": {"A": 2}}
DUTY = {"id": "Q9", "kind": "ordinary", "skill": "payroll", "handover_days": 30}
RULE = {"id": "r9", "kind": "pin", "employee": "E1", "team": "A", "reason": "agreed"}

GOOD: dict[str, dict[str, Any]] = {
    "leaves": {"employee": "E1", "date": "2020-03-01", "reason": "resignation"},
    "stays": {"employee": "E1"},
    "absent": {"employee": "E1", "start": "2020-03-01", "end": "2020-04-01"},
    "joins": {"employee": HIRE},
    "learns": {"employee": "E1", "skill": "payroll", "level": 3},
    "task_starts": {"task": DUTY},
    "task_ends": {"task": "Q1", "date": "2020-03-01"},
    "demand": {"team": "A", "from": "2020-03-01", "people": 4},
    "rule": {"rule": RULE},
    "drop_rule": {"id": "r1"},
}
"""An event of every kind in section 7, with every field it may have."""


def scenario(*events: object, **fields: Any) -> dict[str, Any]:
    return {"effective": "2020-02-01", "events": list(events), **fields}


def event(kind: str, **changes: Any) -> dict[str, Any]:
    """A good event with fields replaced; None takes one away."""
    row = {"kind": kind, **GOOD[kind], **changes}
    return {key: value for key, value in row.items() if value is not None}


def issues_of(data: object, place: str = "") -> tuple[Issue, ...]:
    with pytest.raises(InputError) as caught:
        scenario_from(data, place)
    return caught.value.issues


def found(data: object, place: str = "") -> list[tuple[str, str]]:
    return [(issue.code, issue.place) for issue in issues_of(data, place)]


def test_the_kinds_are_those_of_the_statement() -> None:
    assert list(EVENT_KINDS) == list(GOOD)


@pytest.mark.parametrize("kind", GOOD)
def test_an_event_of_every_kind_is_read_as_it_was_written(kind: str) -> None:
    row = event(kind)
    (read,) = scenario_from(scenario(row)).events
    assert type(read) is EVENT_KINDS[kind]
    assert read.model_dump(mode="json", by_alias=True, exclude_defaults=True) == row


def test_all_kinds_in_one_scenario_keep_their_order() -> None:
    read = scenario_from(scenario(*(event(kind) for kind in GOOD), name="Autumn"))
    assert read.name == "Autumn"
    assert read.effective == date(2020, 2, 1)
    assert [e.kind for e in read.events] == list(GOOD)


def test_what_is_written_again_reads_the_same() -> None:
    read = scenario_from(scenario(*(event(kind) for kind in GOOD), name="Autumn"))
    again = read.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    assert scenario_from(again) == read


def test_a_name_and_events_may_be_absent() -> None:
    assert scenario_from({"effective": "2020-02-01"}) == Scenario(effective=date(2020, 2, 1))
    assert scenario_from({"effective": "2020-02-01", "events": None, "name": None}).events == ()


def test_null_is_absent_inside_events_too() -> None:
    read = scenario_from(
        scenario(
            {"kind": "leaves", "employee": "E1", "date": "2020-03-01", "reason": None},
            {"kind": "joins", "employee": HIRE | {"leaves": None, "team": None}},
            {"kind": "rule", "rule": RULE | {"reason": None}},
        )
    )
    leaves, joins, rule = read.events
    assert leaves == scenario_from(scenario(event("leaves", reason=None))).events[0]
    assert isinstance(joins, Joins)
    assert joins.employee.team is None
    assert isinstance(rule, AddRule)
    assert rule.rule.reason is None


RULES: dict[str, dict[str, Any]] = {
    "pin": {"employee": "E1", "team": "A"},
    "forbid": {"employee": "E1", "team": "A"},
    "together": {"employees": ["E1", "E2"]},
    "apart": {"employees": ["E1", "E2"]},
    "pin_holder": {"task": "Q1", "employee": "E1"},
    "pin_substitute": {"principal": "E1", "substitute": "E2"},
    "pin_lead": {"team": "A", "employee": "E1"},
}


@pytest.mark.parametrize("kind", RULES)
def test_a_rule_of_every_kind(kind: str) -> None:
    row = {"id": "r9", "kind": kind, **RULES[kind]}
    (read,) = scenario_from(scenario({"kind": "rule", "rule": row})).events
    assert isinstance(read, AddRule)
    assert type(read.rule) is RULE_KINDS[kind]
    assert read.rule.model_dump(mode="json", exclude_defaults=True) == row


REQUIRED = [
    ("leaves", "employee"),
    ("leaves", "date"),
    ("stays", "employee"),
    ("absent", "employee"),
    ("absent", "start"),
    ("absent", "end"),
    ("joins", "employee"),
    ("learns", "employee"),
    ("learns", "skill"),
    ("learns", "level"),
    ("task_starts", "task"),
    ("task_ends", "task"),
    ("task_ends", "date"),
    ("demand", "team"),
    ("demand", "from"),
    ("demand", "people"),
    ("rule", "rule"),
    ("drop_rule", "id"),
]


def test_only_a_reason_may_be_left_out() -> None:
    fields = {(kind, field) for kind in GOOD for field in GOOD[kind]}
    assert fields - set(REQUIRED) == {("leaves", "reason")}


@pytest.mark.parametrize(("kind", "field"), REQUIRED)
def test_a_missing_field_is_named(kind: str, field: str) -> None:
    assert found(scenario(event(kind, **{field: None}))) == [("missing", f"events[0].{field}")]


@pytest.mark.parametrize("kind", GOOD)
def test_an_unknown_field_is_named(kind: str) -> None:
    assert found(scenario(event(kind, since="2020-01-01"))) == [
        ("unknown_field", "events[0].since")
    ]


BROKEN: list[tuple[object, list[tuple[str, str]]]] = [
    # What is no event at all
    ("leaves", [("missing", "events[0].kind")]),
    (None, [("missing", "events[0].kind")]),
    (7, [("missing", "events[0].kind")]),
    ([], [("missing", "events[0].kind")]),
    ({}, [("missing", "events[0].kind")]),
    ({"employee": "E1"}, [("missing", "events[0].kind")]),
    ({"kind": "dies", "employee": "E1"}, [("unknown_kind", "events[0].kind")]),
    ({"kind": ["stays"], "employee": "E1"}, [("unknown_kind", "events[0].kind")]),
    ({"kind": 5}, [("unknown_kind", "events[0].kind")]),
    # One field
    (event("leaves", date="2020-02-30"), [("bad_date", "events[0].date")]),
    (event("leaves", date="1.3.2020"), [("bad_date", "events[0].date")]),
    (event("leaves", date="20200301"), [("bad_date", "events[0].date")]),
    (event("leaves", date="2020-03-01T00:00:00"), [("bad_date", "events[0].date")]),
    (event("leaves", date=18322), [("bad_date", "events[0].date")]),
    (event("leaves", reason="bored"), [("unknown_kind", "events[0].reason")]),
    (event("leaves", source="stated"), [("unknown_field", "events[0].source")]),
    (event("leaves", employee=7), [("bad_text", "events[0].employee")]),
    (event("leaves", employee=["E1", "E2"]), [("bad_text", "events[0].employee")]),
    (event("stays", employee="E1,E2"), [("bad_text", "events[0].employee")]),
    (event("stays", employee=""), [("bad_text", "events[0].employee")]),
    (event("absent", end="soon"), [("bad_date", "events[0].end")]),
    (event("learns", level=0), [("out_of_range", "events[0].level")]),
    (event("learns", level=4), [("out_of_range", "events[0].level")]),
    (event("learns", level="2"), [("not_integer", "events[0].level")]),
    (event("learns", level=2.5), [("not_integer", "events[0].level")]),
    (event("learns", level=True), [("not_integer", "events[0].level")]),
    (event("task_ends", task={"id": "Q1"}), [("bad_text", "events[0].task")]),
    (event("demand", people=-1), [("out_of_range", "events[0].people")]),
    (event("demand", people=1_000_001), [("out_of_range", "events[0].people")]),
    (event("demand", **{"from": "2020-13-01"}), [("bad_date", "events[0].from")]),
    (
        event("demand", from_="2020-03-01", **{"from": None}),
        [("missing", "events[0].from"), ("unknown_field", "events[0].from_")],
    ),
    (event("drop_rule", id=1), [("bad_text", "events[0].id")]),
    # A hire and a task are read like any other
    (event("joins", employee="E9"), [("wrong_type", "events[0].employee")]),
    (
        event("joins", employee={}),
        [("missing", "events[0].employee.id"), ("missing", "events[0].employee.skills")],
    ),
    (
        event("joins", employee=HIRE | {"fte": 0, "skils": {}, "skills": {"payroll": 4}}),
        [
            ("out_of_range", "events[0].employee.fte"),
            ("out_of_range", "events[0].employee.skills.payroll"),
            ("unknown_field", "events[0].employee.skils"),
        ],
    ),
    (
        event("joins", employee=HIRE | {"leaves": {"date": "2020-04-31"}}),
        [
            ("bad_date", "events[0].employee.leaves.date"),
            ("missing", "events[0].employee.leaves.reason"),
            ("missing", "events[0].employee.leaves.source"),
        ],
    ),
    (event("task_starts", task="Q9"), [("wrong_type", "events[0].task")]),
    (
        event("task_starts", task={"id": "Q9", "skill": "payroll", "kind": "easy", "lod": 5}),
        [("unknown_kind", "events[0].task.kind"), ("unknown_field", "events[0].task.lod")],
    ),
    # So is a rule, by its kind
    (event("rule", rule="r9"), [("missing", "events[0].rule.kind")]),
    (event("rule", rule={"id": "r9"}), [("missing", "events[0].rule.kind")]),
    (event("rule", rule=RULE | {"kind": "pinn"}), [("unknown_kind", "events[0].rule.kind")]),
    (
        event("rule", rule={"id": "r9", "kind": "pin", "employee": "E1", "task": "Q1"}),
        [("missing", "events[0].rule.team"), ("unknown_field", "events[0].rule.task")],
    ),
    (
        event("rule", rule={"id": "r9", "kind": "together", "employees": ["E1"]}),
        [("too_few", "events[0].rule.employees")],
    ),
    (
        event("rule", rule=RULE | {"team": 7}, why="agreed"),
        [("bad_text", "events[0].rule.team"), ("unknown_field", "events[0].why")],
    ),
]


@pytest.mark.parametrize(("row", "expected"), BROKEN)
def test_what_is_wrong_with_an_event(row: object, expected: list[tuple[str, str]]) -> None:
    assert sorted(found(scenario(row))) == sorted(expected)


HEADS: list[tuple[object, list[tuple[str, str]]]] = [
    ({}, [("missing", "effective")]),
    ({"effective": None}, [("missing", "effective")]),
    ({"effective": "2020"}, [("bad_date", "effective")]),
    ({"effective": 2020}, [("bad_date", "effective")]),
    (scenario(name=7), [("bad_text", "name")]),
    (scenario(name="x" * 1001), [("bad_text", "name")]),
    (scenario(nmae="x"), [("unknown_field", "nmae")]),
    ({"effective": "2020-02-01", "events": {}}, [("wrong_type", "events")]),
    ({"effective": "2020-02-01", "events": "leaves"}, [("wrong_type", "events")]),
    ({"effective": "2020-02-01", "events": 0}, [("wrong_type", "events")]),
    (None, [("wrong_type", "document")]),
    ([], [("wrong_type", "document")]),
    ("scenario", [("wrong_type", "document")]),
    (5, [("wrong_type", "document")]),
]


@pytest.mark.parametrize(("data", "expected"), HEADS)
def test_what_is_wrong_with_a_scenario(data: object, expected: list[tuple[str, str]]) -> None:
    assert found(data) == expected


def test_all_errors_at_once_in_the_order_of_the_events() -> None:
    data = {
        "effective": "2020-02-30",
        "evnts": [],
        "events": [
            event("leaves", date="2020-02-30", employee=None),
            event("stays"),
            {"kind": "dies"},
            event("joins", employee={"id": "E 9 ", "skills": {}}),
            event("rule", rule=RULE | {"kind": "pin_holder"}),
        ],
    }
    told = found(data)
    assert sorted(told) == sorted(
        [
            ("bad_date", "effective"),
            ("unknown_field", "evnts"),
            ("bad_date", "events[0].date"),
            ("missing", "events[0].employee"),
            ("unknown_kind", "events[2].kind"),
            ("bad_text", "events[3].employee.id"),
            ("missing", "events[4].rule.task"),
            ("unknown_field", "events[4].rule.team"),
        ]
    )
    numbers = [place[7] for _, place in told if place.startswith("events")]
    assert numbers == sorted(numbers)


def test_a_scenario_of_several_is_named_in_every_place() -> None:
    data = scenario({"kind": "dies"}, nmae="x")
    assert found(data, "file.toml, scenarios[2]") == [
        ("unknown_field", "file.toml, scenarios[2].nmae"),
        ("unknown_kind", "file.toml, scenarios[2].events[0].kind"),
    ]
    assert found([], "file.toml") == [("wrong_type", "file.toml")]


def test_the_nearest_field_is_named_and_the_kinds_are_listed() -> None:
    field, kind, rule = issues_of(
        scenario(
            event("joins", employee=HIRE | {"skils": {}}),
            {"kind": "leave"},
            event("rule", rule={"id": "r9", "kind": "pinn"}),
        )
    )
    assert "Did you mean 'skills'?" in field.cure
    assert all(name in kind.cure for name in EVENT_KINDS)
    assert all(name in rule.cure for name in RULE_KINDS)
    assert "'leave'" in kind.message


# Arbitrary JSON

_FIELDS = sorted({"kind", "name", "effective", "events", "id", "skills"}.union(*GOOD.values()))
_leaf = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([*EVENT_KINDS, *RULE_KINDS, "2020-02-01", "E1"])
)
_json = st.recursive(
    _leaf,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(_FIELDS) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=12,
)
_events = st.sampled_from(list(GOOD)).flatmap(
    lambda kind: st.fixed_dictionaries(
        {"kind": st.just(kind)},
        optional={field: _json | st.just(value) for field, value in GOOD[kind].items()},
    )
)


patiently = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])


def _read(data: object) -> Scenario | tuple[Issue, ...]:
    """The scenario, or its issues; any other error is a traceback."""
    try:
        return scenario_from(data)
    except InputError as error:
        return error.issues


def _again(scenario: Scenario) -> Scenario:
    """Written, and read once more."""
    return scenario_from(scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def _is_told(issues: tuple[Issue, ...]) -> bool:
    """Whether something is told, each thing once and with all it needs."""
    complete = all(issue.code and issue.place and issue.message for issue in issues)
    return bool(issues) and complete and len(set(issues)) == len(issues)


@patiently
@given(_json)
def test_any_json_is_read_or_told_of(data: object) -> None:
    answer = _read(data)
    assert _again(answer) == answer if isinstance(answer, Scenario) else _is_told(answer)


@patiently
@given(st.lists(_events | _json, max_size=4), st.just("2020-02-01") | _json)
def test_anything_in_place_of_events_is_read_or_told_of(events: object, effective: object) -> None:
    answer = _read({"effective": effective, "events": events})
    assert _again(answer) == answer if isinstance(answer, Scenario) else _is_told(answer)
