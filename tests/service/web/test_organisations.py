"""Organisations: stored as they are, told all that is wrong, listed page by page."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from api.service.media import XLSX
from models.tables import write_organisation
from tests.api.office import DATA, office
from tests.service.web.city import City, Web, ids


def as_workbook(folder: Path) -> bytes:
    path = folder / "office.xlsx"
    write_organisation(office(), path)
    return path.read_bytes()


def test_json_is_stored_and_given_back(city: City) -> None:
    answer = city.post("/v1/organisations", DATA)
    assert answer.status_code == 201
    stored = answer.json()
    assert answer.headers["location"] == f"/v1/organisations/{stored['id']}"
    assert stored["counts"] == {"skills": 4, "teams": 2, "employees": 6, "tasks": 3, "rules": 1}
    assert (stored["name"], stored["people"]) == ("Pikkukunnan toimisto", 6)
    assert stored["sha256"] == office().sha256()
    assert stored["warnings"] == []
    whole = city.get(answer.headers["location"]).json()
    assert whole["content"] == office().to_dict()
    assert {k: whole[k] for k in whole if k != "content"} == {
        k: stored[k] for k in stored if k not in ("counts", "warnings")
    }


def test_what_is_odd_is_a_warning_and_no_error(city: City) -> None:
    people = [e | {"lead_interest": {"talous": 3}} for e in DATA["employees"][:1]]
    people[0]["eligible_teams"] = ["hallinto"]
    answer = city.post("/v1/organisations", DATA | {"employees": [*people, *DATA["employees"][1:]]})
    assert answer.status_code == 201
    places = [(w["code"], w["place"]) for w in answer.json()["warnings"]]
    assert ("wish_not_eligible", "employees[E1].lead_interest.talous") in places


def test_a_workbook_is_stored_as_its_json_would_be(city: City, tmp_path: Path) -> None:
    answer = city.ask(
        "POST",
        "/v1/organisations",
        content=as_workbook(tmp_path),
        headers={"Content-Type": f"{XLSX}; charset=binary"},
    )
    assert (answer.status_code, answer.json()["sha256"]) == (201, office().sha256())


def test_a_stored_version_comes_as_a_workbook_that_can_be_stored_again(city: City) -> None:
    name = city.organisation()
    sheet = city.get(f"/v1/organisations/{name}/sheet", headers={"Accept": XLSX})
    assert sheet.headers["content-type"] == XLSX
    assert (
        sheet.headers["content-disposition"] == f'attachment; filename="organisation-{name}.xlsx"'
    )
    assert "employees" in openpyxl.load_workbook(io.BytesIO(sheet.content)).sheetnames
    again = city.ask(
        "POST", "/v1/organisations", content=sheet.content, headers={"Content-Type": XLSX}
    )
    assert again.json()["sha256"] == office().sha256()


def test_the_same_content_again_is_a_new_version(city: City) -> None:
    first, second = (city.post("/v1/organisations", DATA).json() for _ in range(2))
    assert first["sha256"] == second["sha256"]
    assert first["id"] != second["id"]
    listed = [item["id"] for item in city.get("/v1/organisations").json()["items"]]
    assert set(listed) == {first["id"], second["id"]}


def test_all_issues_are_told_at_once(city: City) -> None:
    wrong = DATA | {
        "colour": "blue",
        "skills": [{"id": "payroll"}],
        "teams": [{"id": "talous", "size": {"min": 3, "max": 2}}],
        "employees": [{"id": "E1", "skills": {"payrol": 9}}],
        "tasks": [],
        "rules": [],
    }
    answer = city.post("/v1/organisations", wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    told = {(i["code"], i["place"]) for i in answer.json()["issues"]}
    assert told == {
        ("unknown_field", "colour"),
        ("min_above_max", "teams[talous].size"),
        ("out_of_range", "employees[E1].skills.payrol"),
        ("unknown_id", "employees[E1].skills.payrol"),
    }
    assert all(set(i) == {"code", "place", "message", "cure"} for i in answer.json()["issues"])


def test_issues_of_a_workbook_name_sheet_and_row(city: City, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(tmp_path)))
    sheet = book["employee_skills"]
    sheet.cell(2, 2).value = "payrol"
    changed = io.BytesIO()
    book.save(changed)
    answer = city.ask(
        "POST", "/v1/organisations", content=changed.getvalue(), headers={"Content-Type": XLSX}
    )
    assert answer.status_code == 422
    (issue,) = answer.json()["issues"]
    assert issue["code"] == "unknown_id"
    assert issue["place"] == "workbook.xlsx, sheet employee_skills, row 2, column skill"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no", b"name;start"])
def test_what_is_no_workbook_is_refused(one_web: Web, content: bytes) -> None:
    answer = one_web.city().ask(
        "POST", "/v1/organisations", content=content, headers={"Content-Type": XLSX}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_workbook_that_is_large_unpacked_is_refused(one_web: Web) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"\0" * 150_000_000)
    answer = one_web.city().ask(
        "POST", "/v1/organisations", content=bomb.getvalue(), headers={"Content-Type": XLSX}
    )
    assert answer.status_code == 422
    assert [i["code"] for i in answer.json()["issues"]] == ["too_large"]


def test_an_organisation_comes_page_by_page_newest_first(city: City) -> None:
    names = [city.organisation(name=name) for name in ids(30)]
    seen: list[str] = []
    after, pages = "", 0
    while True:
        page = city.get(f"/v1/organisations?limit=7{after}").json()
        seen += [item["id"] for item in page["items"]]
        pages += 1
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert (seen, pages) == (names[::-1], 5)


def test_a_last_page_that_is_full_has_no_next(city: City) -> None:
    for name in ids(4):
        city.organisation(name=name)
    first = city.get("/v1/organisations?limit=2").json()
    second = city.get(f"/v1/organisations?limit=2&after={first['next']}").json()
    assert (len(second["items"]), second["next"]) == (2, None)


@pytest.mark.parametrize(("name", "people"), [("example", 8), ("jamsa-2018", 64)])
def test_demo_data_is_an_organisation_like_any_other(one_web: Web, name: str, people: int) -> None:
    city = one_web.city()
    answer = city.post("/v1/demo-data", {"name": name})
    assert answer.status_code == 201
    assert city.get(answer.headers["location"]).json()["people"] == people


def test_of_demo_data_only_what_comes_along_is_known(one_web: Web) -> None:
    answer = one_web.city().post("/v1/demo-data", {"name": "../../etc"})
    (issue,) = answer.json()["issues"]
    assert (answer.status_code, issue["code"], issue["place"]) == (422, "unknown_kind", "name")
    assert issue["cure"] == "Known: example, jamsa-2018."
