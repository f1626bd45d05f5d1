"""One person's data over HTTP: exported whole, erased from everything."""

from urllib.parse import quote

from api.service.schemas.people import PersonExport
from tests.api.office import DATA, office
from tests.service.web.city import City, stored_things


def test_everything_about_one_person_is_exported(city: City) -> None:
    ids = stored_things(city)
    reason = {"decision": "accept", "reason": "Agreed with E3."}
    city.post(f"/v1/proposals/{ids['proposal']}/decision", reason)
    answer = city.get("/v1/people/E3/export")
    found = PersonExport.model_validate_json(answer.content)
    assert found.person == "E3"
    assert [o.id for o in found.organisations] == [ids["organisation"]]
    assert {p.id for p in found.proposals} == {ids["proposal"], ids["other"]}
    assert all(p.placements[0].employee == "E3" for p in found.proposals)
    assert [d.reason for d in found.decisions] == ["Agreed with E3."]
    again = PersonExport.model_validate_json(city.get("/v1/people/E3/export").content)
    assert [(e.action, e.actor) for e in again.audit] == [("export", "token:admin")]


def test_a_person_is_erased_and_cannot_be_found(city: City) -> None:
    ids = stored_things(city)
    queued = city.submitted(city.post("/v1/proposals", {"organisation": ids["organisation"]}))
    answer = city.ask("DELETE", "/v1/people/E3")
    assert answer.status_code == 200
    assert answer.json() == {
        "organisations": 1,
        "proposals": 2,
        "questions": 0,
        "stopped": 1,
        "decisions": 0,
        "audit": 0,
    }
    assert city.get(f"/v1/proposals/{queued}").json()["state"] == "failed"
    assert city.get("/v1/people/E3/export").status_code == 404
    assert city.ask("DELETE", "/v1/people/E3").status_code == 404
    for path in (
        f"/v1/organisations/{ids['organisation']}",
        f"/v1/proposals/{ids['proposal']}/organisation",
        f"/v1/proposals/{ids['proposal']}/plan",
        f"/v1/proposals/{ids['proposal']}/result",
        f"/v1/proposals/{ids['proposal']}/difference/{ids['other']}",
        f"/v1/proposals/{ids['proposal']}/conflicts",
        f"/v1/proposals/{ids['proposal']}/decisions",
    ):
        answer = city.get(path)
        assert answer.status_code == 200, answer.text
        assert '"E3"' not in answer.text
    assert city.get(f"/v1/proposals/{ids['proposal']}/sheet").status_code == 200
    status = city.get(f"/v1/proposals/{ids['proposal']}").json()
    assert status["erased"]


def test_the_audit_keeps_that_somebody_was_erased_but_not_whom(city: City) -> None:
    stored_things(city)
    city.get("/v1/people/E3/export")
    city.ask("DELETE", "/v1/people/E3")
    entries = city.get("/v1/audit").json()["items"]
    told = [(e["action"], e["resource"]) for e in entries]
    assert ("export", "people/(erased)") in told
    assert ("erase", "people/(erased)") in told
    assert not any("E3" in e["resource"] for e in entries)


def test_an_id_may_have_any_character(city: City) -> None:
    name = "E/1 ä?%"
    people = [DATA["employees"][0] | {"id": name}, *DATA["employees"][1:]]
    without = [{k: v for k, v in e.items() if k != "wants"} for e in people]
    tasks = [{k: v for k, v in q.items() if k != "holder"} for q in DATA["tasks"]]
    city.organisation(office(employees=without, tasks=tasks))
    path = f"/v1/people/{quote(name, safe='')}"
    assert city.get(f"{path}/export").json()["person"] == name
    assert city.ask("DELETE", path).json()["organisations"] == 1
    assert city.get(f"{path}/export").status_code == 404


def test_nobody_is_known_by_another_id(city: City) -> None:
    stored_things(city)
    for name in ("E33", "E", "e3", "export"):
        assert city.get(f"/v1/people/{name}/export").json()["code"] == "not_found"
        assert city.ask("DELETE", f"/v1/people/{name}").json()["code"] == "not_found"


def test_what_is_left_of_a_lineage_can_still_be_read(city: City) -> None:
    parent = city.proposal()
    leaving = {"kind": "leaves", "employee": "E2", "date": "2020-01-01"}
    scenario = {"effective": "2019-01-01", "events": [leaving]}
    name = city.submitted(
        city.post(f"/v1/proposals/{parent}/what-if", {"scenario": scenario, "time_limit": 30})
    )
    city.web.run(name)
    for person in ("E2", "E4"):
        assert city.ask("DELETE", f"/v1/people/{person}").status_code == 200
    for path in (
        "plan",
        "result",
        "request",
        "organisation",
        "sheet",
        "conflicts",
        f"difference/{parent}",
    ):
        answer = city.get(f"/v1/proposals/{name}/{path}")
        assert answer.status_code == 200, answer.text
        assert b'"E2"' not in answer.content
        assert b'"E4"' not in answer.content
    assert city.get(f"/v1/proposals/{parent}/difference/{name}").status_code == 200
