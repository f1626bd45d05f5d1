"""The report: that the page holds together, whoever and however many it is about."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from api.base import BaseFolder
from api.report import report_html
from models import Policy
from tests.api.office import office, office_proposal
from tests.report.bases import IMAGE, LONG_TITLE, LONG_WORD, SCRIPT
from tests.report.dom import Node, parsed

Page = Callable[..., Node]
Html = Callable[[str, str], str]
NAMES = ["office", "awkward", "city", "crowd", "what_if"]
LEVELS = [f"h{n}" for n in range(1, 7)]
SECTIONS = [
    "summary",
    "teams",
    "timeline",
    "coverage",
    "wishes",
    "network",
    "risk",
    "appendix",
]


def table(page: Node, name: str) -> list[list[str]]:
    return page.one("table", id=name).rows()


# The page holds together


@pytest.mark.parametrize("name", NAMES)
def test_every_id_is_unique_and_every_link_leads_to_one(name: str, page: Page) -> None:
    nodes = list(page(name).all())
    ids = [n.attributes["id"] for n in nodes if "id" in n.attributes]
    assert len(ids) == len(set(ids))
    named = [
        *(n.attributes["href"].removeprefix("#") for n in nodes if "href" in n.attributes),
        *(
            n.attributes["xlink:href"].removeprefix("#")
            for n in nodes
            if "xlink:href" in n.attributes
        ),
        *(i for n in nodes for i in n.attributes.get("aria-labelledby", "").split()),
        *re.findall(r"url\(#([^)]+)\)", str([n.attributes for n in nodes])),
    ]
    assert len(named) > 50
    assert set(named) - set(ids) == set()


@pytest.mark.parametrize("name", NAMES)
def test_it_asks_for_nothing_and_runs_nothing(name: str, html: Html, page: Page) -> None:
    text = html(name, "en")
    assert set(re.findall(r"https?://[^\"' ]+", text)) == {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    nodes = list(page(name).all())
    assert {n.tag for n in nodes} & {"script", "link", "img", "iframe", "object", "use"} <= {"use"}
    assert [n.tag for n in nodes if any(a.startswith("on") for a in n.attributes)] == []
    policy = page(name, "fi").one("meta", **{"http-equiv": "Content-Security-Policy"})
    assert policy.attributes["content"] == "default-src 'none'; style-src 'unsafe-inline'"


@pytest.mark.parametrize("name", NAMES)
def test_headings_go_down_a_step_at_a_time(name: str, page: Page) -> None:
    levels = [LEVELS.index(n.tag) for n in page(name).all() if n.tag in LEVELS]
    assert levels[0] == 0
    assert levels.count(0) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_says_what_it_shows_and_has_its_table(name: str, page: Page) -> None:
    figures = list(page(name).all("figure"))
    assert len(figures) >= 5
    for figure in figures:
        svg = figure.one("svg")
        assert svg.attributes["role"] == "img"
        assert svg.one("title").text
        assert svg.one("desc").text in figure.one("figcaption").text
        assert [t for t in figure.all("table") if t.rows()]


@pytest.mark.parametrize("name", NAMES)
def test_every_table_has_a_caption_and_headers(name: str, page: Page) -> None:
    for found in page(name).all("table"):
        assert found.one("caption").text
        heads = [n.attributes["scope"] for n in found.all("th")]
        columns = heads.count("col")
        assert heads.count("row") == len(found.rows())
        assert {len(row) for row in found.rows()} == {columns}


def test_the_same_proposal_gives_the_same_bytes(
    base: Callable[[str], BaseFolder], html: Html
) -> None:
    assert report_html(base("office"), "fi") == html("office", "fi")


def test_sections_are_those_of_the_contents(page: Page) -> None:
    links = [a.attributes["href"].removeprefix("#") for a in page("office").one("nav").all("a")]
    assert links == SECTIONS
    after = [a.attributes["href"].removeprefix("#") for a in page("what_if").one("nav").all("a")]
    assert after == ["summary", "changes", *SECTIONS[1:]]


def test_a_city_of_57_is_small_enough_to_mail(html: Html) -> None:
    assert 200_000 < len(html("city", "fi").encode()) < 3_000_000


# Many people


def test_with_many_people_the_teams_are_folded_and_the_map_has_a_line_a_team(page: Page) -> None:
    crowd = page("crowd")
    teams = list(crowd.one(id="teams").all("section"))
    assert len(teams) == 62
    assert all(
        [n.tag for n in team.children if isinstance(n, Node)] == ["details"] for team in teams
    )
    assert not [d for d in crowd.all("details") if "open" in d.attributes]
    assert len(table(crowd, "heat-table")) == 62
    # Of 62 lines no circle, table or chain of 180 people is left open.
    folded = {t.attributes["id"] for d in crowd.all("details") for t in d.all("table")}
    shown = [t for t in crowd.all("table") if t.attributes["id"] not in folded]
    assert max(len(t.rows()) for t in shown) <= 62


# Names


def test_names_stay_names(page: Page, html: Html) -> None:
    awkward = page("awkward", "fi")
    assert awkward.one("h1").text == f"Ehdotus: {SCRIPT}"
    text = awkward.text
    assert IMAGE in text
    assert LONG_WORD in text
    assert LONG_TITLE.strip() in text
    assert "Åke Ärlig-Öhman" in text
    assert "$5 $6 �� 😀" in text
    assert "\u202e" not in html("awkward", "fi")


def test_nobody_in_a_team_and_nothing_known_of_a_person(page: Page) -> None:
    teams = page("awkward").one(id="teams")
    empty = teams.one("section", id="team-2")
    assert empty.one("h3").text == "Tyhjä <i>tiimi</i> 0 people"
    assert "Nobody is in this team." in empty.text
    assert "no leader" in empty.text


def test_an_organisation_without_tasks_wishes_or_departures_has_a_report() -> None:
    people = [{"id": "A", "skills": {}}, {"id": "B", "skills": {}, "needs_substitute": False}]
    team = {"id": "T", "size": {"min": 0, "max": 9}, "lead": False}
    organisation = office(skills=[], teams=[team], employees=people, tasks=[], rules=[])
    start, end = organisation.horizon.start, organisation.horizon.end
    plan = office_proposal(office()).plan
    placed = tuple(
        plan.placements[0].model_copy(
            update={"employee": e, "team": "T", "start": start, "end": end}
        )
        for e in ("A", "B")
    )
    bare = plan.model_copy(
        update={"placements": placed, "leads": (), "holders": (), "substitutes": ()}
    )
    proposal = office_proposal(organisation, plan=bare)
    found = parsed(report_html(BaseFolder(organisation, Policy(), proposal, Policy(), {}), "sv"))
    text = found.text
    assert "Ingen slutar, och ingen uppgift byter ansvarig." in text
    assert "Det finns inga myndighets- eller sakkunniguppgifter." in text
    assert "Ingen uppgift eller kompetens brister om någon enda person slutar." in text


def test_grades_of_another_scale_have_their_numbers() -> None:
    data = {
        "employees": [
            e.model_dump(mode="json", exclude_defaults=True)
            | ({"interest": {"talous": 5, "hallinto": 1}} if e.interest else {})
            for e in office().employees
        ]
    }
    policy = Policy(interest_cost={1: 9, 2: 7, 3: 5, 4: 3, 5: 0})
    organisation = office(**data)
    proposal = office_proposal(organisation, policy)
    base = BaseFolder(organisation, policy, proposal, policy, {})
    heads = [
        th.text
        for th in parsed(report_html(base, "en"))
        .one("table", id="asked-table")
        .all("th", scope="col")
    ]
    assert heads == ["team", "grade 5", "grade 4", "grade 3", "grade 2", "grade 1", "not asked"]


def test_a_difference_that_is_none_is_refused(base: Callable[[str], BaseFolder]) -> None:
    from models.issues import InputError

    broken = replace(base("office"), of_what_if={"scenario": 1})
    with pytest.raises(InputError, match="no difference of a what-if"):
        report_html(broken, "en")
