"""Risk, report and the page of one person over HTTP: the same as the command line makes."""

import json
import logging
import sys
import types
import typing
from dataclasses import fields, is_dataclass
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import Request

from api.base import BaseFolder
from api.report import report_html, sheet_html
from api.service import documents
from api.service.documents import Wanted
from api.service.people import erase_person
from api.service.routes.documents import PAGE_POLICY
from api.service.schemas import risk
from api.service.schemas.risk import RiskShown
from api.service.security import Identity, Role
from models import Facts, Policy
from optimizer.risk import Risk, risk_of
from tests.api.office import DATA, office
from tests.service.web.city import City, Web, office_solved
from tests.service.web.making import MakingHere
from tests.service.web.test_sheets import TIGHT

LEAVING = {
    "effective": "2019-01-01",
    "events": [{"kind": "leaves", "employee": "E2", "date": "2020-01-01"}],
}
OFFICE = BaseFolder(office(), Policy(), office_solved(), Policy(), {})
PDF = {"Accept": "application/pdf;q=0.9, text/html;q=0.1"}


def paths(proposal: str) -> list[str]:
    start = f"/v1/proposals/{proposal}"
    return [f"{start}/risk", f"{start}/report", f"{start}/people/E3/sheet"]


def what_if(city: City, parent: str) -> str:
    asked = city.post(f"/v1/proposals/{parent}/what-if", {"scenario": LEAVING})
    name = city.submitted(asked)
    city.web.run(name)
    return name


# Risk


def test_the_risk_is_that_of_the_optimizer(city: City) -> None:
    answer = city.get(f"/v1/proposals/{city.proposal()}/risk")
    assert answer.headers["content-type"] == "application/json"
    found = risk_of(Facts(office(), Policy()), office_solved().plan)
    assert answer.json() == found.to_dict()
    RiskShown.model_validate_json(answer.content, strict=True)


def test_an_organisation_has_the_risk_of_today(one_web: Web) -> None:
    city = one_web.city()
    answer = city.get(f"/v1/organisations/{city.organisation()}/risk")
    assert answer.json() == risk_of(Facts(office(), Policy()), None).to_dict()
    assert answer.json()["basis"] == "today"
    RiskShown.model_validate_json(answer.content, strict=True)


def test_the_risk_of_a_what_if_is_of_its_days(one_web: Web) -> None:
    city = one_web.city()
    found = city.get(f"/v1/proposals/{what_if(city, city.proposal())}/risk").json()
    assert (found["basis"], found["start"]) == ("proposal", "2019-01-01")
    leaves = {p["employee"]: p["leaves"] for p in found["key_people"]}
    assert leaves["E2"] == "2020-01-01"


def test_what_is_described_is_what_the_optimizer_says() -> None:
    compared = set[type]()

    def compare(shown: Any, said: Any) -> None:
        if typing.get_origin(said) in (tuple, types.UnionType, typing.Union):
            assert len(typing.get_args(said)) == len(typing.get_args(shown))
            for one, other in zip(typing.get_args(shown), typing.get_args(said), strict=True):
                compare(one, other)
        elif is_dataclass(said):
            compared.add(said)  # type: ignore[arg-type]
            hints = typing.get_type_hints(said)
            assert list(shown.model_fields) == [f.name for f in fields(said)]
            for name, field in shown.model_fields.items():
                compare(field.annotation, hints[name])
        else:
            assert shown == said

    compare(RiskShown, Risk)
    assert len(compared) == sum(name.endswith("Shown") for name in vars(risk)) == 29


# Report


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_report_is_that_of_the_command_line(one_web: Web, language: str) -> None:
    city = one_web.city()
    name = city.proposal()
    answer = city.get(f"/v1/proposals/{name}/report?language={language}")
    assert answer.text == report_html(OFFICE, language)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == language
    assert answer.headers["content-disposition"] == (
        f'inline; filename="report-{name}-{language}.html"'
    )
    assert answer.headers["content-security-policy"] == PAGE_POLICY
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_report_of_a_what_if_says_what_changes(one_web: Web) -> None:
    city = one_web.city()
    parent = city.proposal()
    page = city.get(f"/v1/proposals/{what_if(city, parent)}/report").text
    assert '<section id="changes"' in page
    assert '<li>E2 bookkeeper leaves on <span class="day">2020-01-01</span>.</li>' in page
    assert '<section id="changes"' not in city.get(f"/v1/proposals/{parent}/report").text


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/json", "application/problem+json"),
    ],
)
def test_the_form_is_the_one_asked_for(one_web: Web, accept: str, form: str) -> None:
    city = one_web.city()
    for path in paths(city.proposal())[1:]:
        answer = city.get(path, headers={"Accept": accept})
        assert answer.headers["content-type"] == form
        assert answer.status_code == (406 if "problem" in form else 200)


def test_as_pdf_it_is_a_file_to_keep(one_web: Web) -> None:
    needs_pango()
    city = one_web.city()
    name = city.proposal()
    for path, start in ((f"{name}/report", "report"), (f"{name}/people/E3/sheet", "sheet")):
        answer = city.get(f"/v1/proposals/{path}?language=sv", headers=PDF)
        assert answer.content.startswith(b"%PDF-")
        assert answer.headers["content-disposition"] == (
            f'attachment; filename="{start}-{name}-sv.pdf"'
        )
        assert "style-src" not in answer.headers["content-security-policy"]


def needs_pango() -> None:
    pytest.importorskip("weasyprint", exc_type=(ImportError, OSError))  # type: ignore[arg-type]


def test_without_what_writes_pdf_it_is_said_how_to_get_it(
    one_web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    city = one_web.city()
    answer = city.get(f"/v1/proposals/{city.proposal()}/report", headers=PDF)
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")
    (issue,) = answer.json()["issues"]
    assert issue["code"] == "no_pdf"
    assert "pip install 'tiimi[pdf]'" in issue["cure"]
    assert [e["action"] for e in city.get("/v1/audit").json()["items"]] == ["read"]


# The page of one person


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_page_of_a_person_is_that_of_the_command_line(one_web: Web, language: str) -> None:
    city = one_web.city()
    answer = city.get(f"/v1/proposals/{city.proposal()}/people/E5/sheet?language={language}")
    assert answer.text == sheet_html(OFFICE, "E5", language)
    assert answer.headers["content-security-policy"] == PAGE_POLICY


def test_nobody_has_no_page(one_web: Web) -> None:
    city = one_web.city()
    gone = DATA["employees"][5] | {"joins": "2030-01-01"}
    name = city.proposal(city.organisation(office(employees=[*DATA["employees"][:5], gone])))
    for person in ("E7", "e3", "E3/sheet", "%20"):
        answer = city.get(f"/v1/proposals/{name}/people/{person}/sheet")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_an_id_may_have_any_character(one_web: Web) -> None:
    name = "E/1 ä?%\U0001f600"
    text = json.dumps(DATA).replace('"E3"', json.dumps(name))
    organisation = office(**json.loads(text))
    result = json.loads(json.dumps(office_solved().to_dict()).replace('"E3"', json.dumps(name)))
    city = one_web.city()
    proposal = city.proposal(city.organisation(organisation), result={"proposal": result})
    answer = city.get(f"/v1/proposals/{proposal}/people/{quote(name, safe='')}/sheet")
    assert answer.status_code == 200
    assert "economy secretary" in answer.text
    told = [e["resource"] for e in city.get("/v1/audit").json()["items"]]
    assert told[0] == f"proposals/{proposal}/people/{name}"


# What is refused


@pytest.mark.parametrize(
    "known",
    [
        {"state": "queued", "outcome": None, "result": None},
        {"state": "running", "outcome": None, "result": None},
        {"state": "failed", "outcome": None, "result": None, "error": "its worker was lost"},
        {"outcome": "unknown", "result": None},
        {"outcome": "infeasible"},
    ],
)
def test_without_a_plan_that_is_final_there_is_nothing_to_read(
    one_web: Web, known: dict[str, Any]
) -> None:
    city = one_web.city()
    for path in paths(city.proposal(**known)):
        answer = city.get(path)
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert [e["action"] for e in city.get("/v1/audit").json()["items"]] == ["read"]


def test_an_infeasible_proposal_has_conflicts_and_its_organisation_a_risk(one_web: Web) -> None:
    city = one_web.city()
    organisation = city.organisation(office(teams=TIGHT))
    name = city.submitted(city.post("/v1/proposals", {"organisation": organisation}))
    city.web.run(name)
    assert city.get(f"/v1/proposals/{name}/report").json()["code"] == "conflict"
    assert city.get(f"/v1/proposals/{name}/conflicts").json()["conflicts"]
    assert city.get(f"/v1/organisations/{organisation}/risk").status_code == 200


def test_other_languages_are_not_known(one_web: Web) -> None:
    city = one_web.city()
    for path in paths(city.proposal())[1:]:
        answer = city.get(f"{path}?language=de")
        (issue,) = answer.json()["issues"]
        assert (answer.status_code, issue["place"]) == (422, "language")


def test_a_mistake_of_ours_is_told_without_a_word_of_data(
    one_web: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def wrong(wanted: Wanted) -> bytes:
        raise ValueError("E3 economy secretary")

    monkeypatch.setitem(documents.DOCUMENTS, "report", wrong)
    city = one_web.city()
    with caplog.at_level(logging.DEBUG):
        answer = city.get(f"/v1/proposals/{city.proposal()}/report")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "ValueError" in caplog.text
    assert "E3" not in caplog.text + answer.text


# Erasure


def test_of_somebody_erased_no_document_says_anything(city: City) -> None:
    parent = city.proposal()
    child = what_if(city, parent)
    assert all(city.get(path).status_code == 200 for path in [*paths(parent), *paths(child)])
    for person in ("E3", "E4"):
        assert city.ask("DELETE", f"/v1/people/{person}").status_code == 200
    for name in (parent, child):
        numbers, report, sheet = paths(name)
        for path in (numbers, report, f"/v1/proposals/{name}/people/E1/sheet"):
            answer = city.get(path)
            assert answer.status_code == 200, answer.text
            for text in ("E3", "E4", "economy secretary", "administrative secretary"):
                assert text not in answer.text
            if path != numbers:
                assert "Somebody was erased from this proposal after it was made" in answer.text
        assert city.get(sheet).status_code == 404
    told = [e["resource"] for e in city.get("/v1/audit").json()["items"]]
    assert f"proposals/{parent}/people/(erased)" in told
    assert f"proposals/{parent}/people/E1" in told
    assert not any("E3" in resource for resource in told)


def test_who_is_erased_while_a_document_is_made_is_not_in_it(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = city.proposal()
    made = MakingHere.make

    async def erased_meanwhile(making: MakingHere, wanted: Wanted, request: Request) -> bytes:
        found = await made(making, wanted, request)
        monkeypatch.undo()
        with city.web.session() as session:
            erase_person(session, Identity(city.owner, Role.ADMIN, "token:admin"), "E3")
        return found

    monkeypatch.setattr(MakingHere, "make", erased_meanwhile)
    answer = city.get(f"/v1/proposals/{name}/report")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "E3" not in answer.text
    assert city.get(f"/v1/proposals/{name}/report").status_code == 200


def test_what_is_read_of_a_person_is_in_their_export(one_web: Web) -> None:
    city = one_web.city()
    name = city.proposal()
    city.get(f"/v1/proposals/{name}/people/E3/sheet", role="viewer")
    entries = city.get("/v1/people/E3/export").json()["audit"]
    assert [(e["actor"], e["action"]) for e in entries] == [("token:viewer", "read")]
