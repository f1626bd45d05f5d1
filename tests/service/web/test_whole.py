"""The whole service in one: routes, dispatcher, workers in processes of their own."""

import json
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.service.app import create_app
from api.service.settings import Settings
from tests.api.office import DATA
from tests.service.web.city import Web

LONGEST = 120


# The engine says so where another one runs on the machine, and takes another port.
@pytest.mark.filterwarnings("ignore:Port .* is already in use:UserWarning")
def test_from_an_upload_to_a_finished_what_if(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path, solver_threads=1, beat_seconds=0.2))
    with TestClient(app) as client:
        web = Web(app, client, app.state.settings.url)
        for _ in range(LONGEST * 10):
            if client.get("/ready").status_code == 200:
                break
            time.sleep(0.1)
        city = web.city()
        organisation = city.post("/v1/organisations", DATA).json()["id"]
        name = city.submitted(city.post("/v1/proposals", {"organisation": organisation}))
        events = city.get(f"/v1/proposals/{name}/events").text
        assert json.loads(events.rsplit("data: ", 1)[1]) == {"outcome": "optimal"}
        scenario = {"scenario": {"effective": "2019-01-01"}}
        what_if = city.submitted(city.post(f"/v1/proposals/{name}/what-if", scenario))
        city.get(f"/v1/proposals/{what_if}/events")
        assert city.get(f"/v1/proposals/{what_if}").json()["outcome"] == "optimal"
        found = city.get(f"/v1/proposals/{what_if}/difference/{name}").json()
        assert (found["moved"], found["tasks"]) == ([], [])
        wish = {"kind": "team", "employee": "E3", "of": "hallinto"}
        asked = city.post(f"/v1/proposals/{name}/why", {"wishes": [wish]})
        for _ in range(LONGEST * 10):
            question = city.get(asked.headers["location"]).json()
            if question["state"] == "done":
                break
            time.sleep(0.1)
        assert [a["wish"] for a in question["result"]["answers"]] == [wish]
    assert app.state.stopping.is_set()


def test_nothing_is_opened_before_it_starts(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path / "new"))
    assert app.openapi()["info"]["title"] == "Tiimi"
    assert not (tmp_path / "new").exists()


def test_a_database_that_cannot_be_opened_stops_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises((FileExistsError, NotADirectoryError)),
        TestClient(create_app(Settings(data=tmp_path / "file"))),
    ):
        pass
