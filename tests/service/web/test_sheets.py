"""A proposal to be read by people: workbooks that open, conflicts in sentences."""

import io
from pathlib import Path

import openpyxl
import pytest

from api.plan_reading import read_plan
from api.service.media import XLSX
from models import Facts, Policy
from tests.api.office import DATA, office
from tests.service.web.city import City, Web, office_solved

TIGHT = [DATA["teams"][0] | {"size": {"min": 0, "max": 0}}, DATA["teams"][1]]


@pytest.mark.parametrize(
    ("language", "sheet"), [("en", "people"), ("fi", "henkilöt"), ("sv", "personer")]
)
def test_the_sheet_is_the_workbook_of_the_command_line(
    one_web: Web, language: str, sheet: str
) -> None:
    city = one_web.city()
    name = city.proposal()
    answer = city.get(f"/v1/proposals/{name}/sheet?language={language}")
    assert answer.headers["content-type"] == XLSX
    assert answer.headers["content-disposition"] == f'attachment; filename="proposal-{name}.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert sheet in [s.casefold() for s in book.sheetnames]
    people = book.worksheets[1]
    assert [people.cell(row, 1).value for row in range(2, 8)] == [f"E{i}" for i in range(1, 7)]


def test_the_sheet_is_read_back_as_the_plan(one_web: Web, tmp_path: Path) -> None:
    city = one_web.city()
    path = tmp_path / "proposal.xlsx"
    path.write_bytes(city.get(f"/v1/proposals/{city.proposal()}/sheet?language=sv").content)
    facts = Facts(office(), Policy())
    assert read_plan(path, facts).plan == office_solved().plan


def test_the_sheet_of_a_what_if_has_its_level(city: City) -> None:
    parent = city.proposal()
    body = {"scenario": {"effective": "2019-01-01"}}
    name = city.submitted(city.post(f"/v1/proposals/{parent}/what-if", body))
    city.web.run(name)
    answer = city.get(f"/v1/proposals/{name}/sheet")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    levels = {str(row[0].value) for row in book["goals"].iter_rows(min_row=2)}
    assert "keep" in levels


def test_without_a_plan_there_is_no_sheet(one_web: Web) -> None:
    city = one_web.city()
    for fields in (
        {"state": "running", "outcome": None, "result": None},
        {"outcome": "infeasible"},
    ):
        answer = city.get(f"/v1/proposals/{city.proposal(**fields)}/sheet")
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize("path", ["sheet", "conflicts"])
def test_other_languages_are_not_known(one_web: Web, path: str) -> None:
    city = one_web.city()
    answer = city.get(f"/v1/proposals/{city.proposal()}/{path}?language=de")
    (issue,) = answer.json()["issues"]
    assert (answer.status_code, issue["place"]) == (422, "language")


def test_conflicts_come_with_sentences_and_ways_out(city: City) -> None:
    organisation = city.organisation(office(teams=TIGHT))
    name = city.submitted(city.post("/v1/proposals", {"organisation": organisation}))
    city.web.run(name)
    found = city.get(f"/v1/proposals/{name}/conflicts").json()
    assert found["minimal_conflicts"][0] == found["conflicts"]
    sentences = {r["rule"]: r["sentence"] for r in found["conflicts"]}
    assert sentences["size:talous"] == "talous (Economy team) takes 0 to 0 people on the first day."
    weights = [way["weight"] for way in found["relaxations"]]
    assert weights == sorted(weights)
    assert all(rule["sentence"] for way in found["relaxations"] for rule in way["rules"])
    result = city.get(f"/v1/proposals/{name}/result").json()
    assert found["conflicts_complete"] == result["conflicts_complete"]
    finnish = city.get(f"/v1/proposals/{name}/conflicts?language=fi").json()
    assert finnish["conflicts"][0]["rule"] == found["conflicts"][0]["rule"]
    assert finnish["conflicts"][0]["sentence"] != found["conflicts"][0]["sentence"]


def test_a_proposal_with_a_plan_has_no_conflicts(one_web: Web) -> None:
    city = one_web.city()
    assert city.get(f"/v1/proposals/{city.proposal()}/conflicts").json() == {
        "conflicts": [],
        "minimal_conflicts": [],
        "relaxations": [],
        "conflicts_complete": True,
    }
