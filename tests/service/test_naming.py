"""Who is named by a text, and who is not, whatever ids look like."""

from typing import Any

import pytest

from api.service.erasing import Eraser
from api.service.naming import Named, ids_in
from models.reading import organisation_from
from tests.service import office


@pytest.mark.parametrize(
    ("person", "others", "text", "erased"),
    [
        ("E6", (), "E6", "(erased)"),
        ("E6", (), "E61", "E61"),
        ("E6", (), "aE6", "aE6"),
        ("E6", (), "E6_x", "E6_x"),
        ("E6", (), "load:E6", "load:(erased)"),
        ("E6", (), "E6, E7 and (E6)", "(erased), E7 and ((erased))"),
        ("E6", (), "e6", "e6"),
        ("E6", ("E6-2",), "E6-2", "E6-2"),
        ("E6", ("E6-2",), "pin of E6-2, E6 and E6-21", "pin of E6-2, (erased) and (erased)-21"),
        ("E6", ("E6-2", "E6-2-3"), "load:E6-2-3", "load:E6-2-3"),
        ("E6", ("E7",), "E6-2", "(erased)-2"),
        ("water", ("water",), "water", "water"),
        ("water", ("water",), "the water works", "the (erased) works"),
        ("Åsa Ek", (), "with Åsa Ek", "with (erased)"),
        ("Åsa", (), "Åsas", "Åsas"),
        ("(x)", (), "a(x)b", "a(erased)b"),
        (".*", (), "a.*b abc", "a(erased)b abc"),
        ("-1", (), "E-1", "E(erased)"),
        ("", (), "anything", "anything"),
        ("", (), "", ""),
    ],
)
def test_a_person_is_named_by_their_id_as_a_word(
    person: str, others: tuple[str, ...], text: str, erased: str
) -> None:
    named = Named(person, others)
    assert named.erased(text) == erased
    assert named.is_in(text) is (erased != text or text == person != "")


@pytest.mark.parametrize(
    "person", ["1", "12", "2026", "optimal", "3", "11", "retirement", "forbid"]
)
def test_whoever_is_called_like_a_word_of_ours_leaves_it_whole(person: str) -> None:
    answer = office.answered()["proposal"].result
    assert answer is not None
    assert Eraser(Named(person)).result(answer) == answer
    content = office.organisation()
    assert Eraser(Named(person)).organisation(content) == content


def test_fields_are_not_taken_for_people() -> None:
    content = office.organisation()
    for field in ("name", "id", "employees", "skills", "start", "holder"):
        assert Eraser(Named(field)).organisation(content) == content


def near() -> dict[str, Any]:
    """Somebody whose id is in the ids of others and of things."""
    data: dict[str, Any] = {
        "name": "x",
        "horizon": {"start": "2026-09-01", "end": "2029-01-01"},
        "skills": [{"id": "E6 s"}],
        "teams": [
            {"id": "E6", "size": {"min": 0, "max": 9}, "leader": "E6"},
            {"id": "E6-team", "size": {"min": 0, "max": 9}, "site": "E6/1", "leader": "E6-2"},
        ],
        "employees": [
            {"id": "E6", "skills": {"E6 s": 1}, "interest": {"E6": 2}},
            {"id": "E6-2", "skills": {"E6 s": 1}, "sector": "E6.", "wants": ["E6"], "team": "E6"},
            {"id": "E62", "skills": {}, "avoids": ["E6-2"], "qualifications": ["E6 q"]},
        ],
        "tasks": [{"id": "q-E6", "kind": "ordinary", "skill": "E6 s", "holder": "E6-2"}],
        "rules": [
            {"id": "E6", "kind": "together", "employees": ["E6", "E6-2", "E62"]},
            {"id": "(erased)", "kind": "pin", "employee": "E6-2", "team": "E6-team"},
            {"id": "a E6", "kind": "forbid", "employee": "E62", "team": "E6"},
            {"id": "b E6-2", "kind": "pin", "employee": "E6", "team": "E6"},
        ],
    }
    return organisation_from(data).to_dict()


def test_others_and_things_keep_their_ids() -> None:
    content = near()
    others = [e for e in content["employees"] if e["id"] != "E6"]
    named = Named("E6", set(ids_in(content | {"employees": others})))
    left = organisation_from(Eraser(named).organisation(content))
    assert [e.id for e in left.employees] == ["E6-2", "E62"]
    assert [t.id for t in left.teams] == ["E6", "E6-team"]
    assert [t.leader for t in left.teams] == [None, "E6-2"]
    assert (left.employees[0].wants, left.employees[1].avoids) == ((), ("E6-2",))
    assert (left.employees[0].sector, left.teams[1].site) == ("E6.", "E6/1")
    assert left.employees[1].qualifications == ("E6 q",)
    assert left.tasks[0].holder == "E6-2"
    rules = {r.id: getattr(r, "employees", None) for r in left.rules}
    assert rules == {"E6": ("E6-2", "E62"), "(erased)": None, "a (erased)": None}


def test_rules_that_lose_a_name_keep_different_ids() -> None:
    def rule(name: str) -> dict[str, Any]:
        return {"id": name, "kind": "together", "employees": ["A", "B", "C", "D"]}

    content = {
        "name": "x",
        "horizon": {},
        "skills": [],
        "teams": [],
        "employees": [],
        "rules": [rule("with A"), rule("with (erased)"), rule("A"), rule("(erased)"), rule("B")],
    }
    left = Eraser(Named("A")).organisation(content)
    first = ["with (erased)-2", "with (erased)", "(erased)-2", "(erased)", "B"]
    assert [r["id"] for r in left["rules"]] == first
    left = Eraser(Named("B")).organisation(left)
    assert [r["id"] for r in left["rules"]] == [*first[:-1], "(erased)-3"]
    assert [r["employees"] for r in left["rules"]] == [["C", "D"]] * 5


def test_what_is_given_is_left_as_it_is() -> None:
    before = repr([office.organisation(), office.answered()["what if"].result])
    result = office.answered()["what if"].result
    assert result is not None
    eraser = Eraser(Named(office.PERSON))
    eraser.organisation(office.organisation())
    eraser.result(result)
    assert repr([office.organisation(), office.answered()["what if"].result]) == before
