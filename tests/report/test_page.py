"""The report: what stands where, in numbers, and that the page holds together."""

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


def facts(node: Node) -> dict[str, str]:
    rows = [row for dl in node.all("dl") for row in dl.all("div")]
    return {row.one("dt").text: row.one("dd").text for row in rows}


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
    text = html(name, "fi")
    assert set(re.findall(r"https?://[^\"' ]+", text)) == {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    nodes = list(page(name, "fi").all())
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


# What it says


def test_the_first_page_says_what_is_known_in_words_and_numbers(page: Page) -> None:
    summary = page("office").one(id="summary")
    # Permits: E4 follows E5, nobody is there while E4 is away in July 2019. Records: nobody
    # until E6 joins. Salaries are covered. Nobody is E4's substitute; E6 needs none. Once E1 is
    # gone, E2 alone can do salaries; until E6 comes, E4 alone could keep the records.
    assert facts(summary) == {
        "authority tasks covered on every day": "0 of 1",
        "other tasks covered on every day": "1 of 2",
        "in a team they graded as high as any": "5 of 6",
        "have the substitute they need": "4 of 5",
        "leave before the end": "2 of 6",
        "authority and expert tasks with a successor ready within a year": "2 of 2",
        "tasks and needed skills that break if one person leaves": "3 of 4",
        "tasks that are handed over or learnt": "2",
    }
    text = summary.text
    assert "Proven optimal: no valid plan is better, level by level." in text
    assert "bound and best meet" in text
    items = [item.text for item in page("office").one(id="first").all("li")]
    assert items[:2] == [
        "Authority task permits Permit decisions has nobody from 2019-07-01 on (31 days in all).",
        "records is not covered from 2018-09-01 on (122 days in all).",
    ]
    assert "Without: E4 administrative secretary" in items
    rows = table(page("office"), "levels-table")
    assert rows[0] == ["statutory", "31", "31", "31", "proven"]


def test_what_is_not_proven_is_said_with_the_bound() -> None:
    made = office_proposal(office())
    first, second, third, *rest = made.levels
    levels = (
        first.model_copy(update={"status": "feasible", "bound": 3}),
        second.model_copy(update={"status": "feasible"}),
        third.model_copy(update={"status": "feasible", "value": (third.best or 0) + 2}),
        *rest,
    )
    proposal = made.model_copy(update={"status": "feasible", "levels": levels})
    base = BaseFolder(office(), Policy(), proposal, Policy(), {})
    summary = parsed(report_html(base, "fi")).one(id="summary").text
    assert "Kelvollinen, mutta optimaalisuutta ei ole todistettu." in summary
    # (31 - 3) / 31 = 90.3 %
    assert "haitta 31; se voi olla enintään 28 pienempi (90,3 %)" in summary
    assert "ei ole todistettu, riittäisikö vähempi" in summary
    assert "parhaasta luovutetaan 2" in summary
    assert "alaraja ja paras ovat samat" not in summary


def test_a_team_has_its_people_leader_tasks_substitutes_and_departures(page: Page) -> None:
    rows = table(page("office"), "team-0-people")
    assert rows[0] == [
        "E1 payroll secretary",
        "very interested",
        "E2",
        "E2",
        "salaries",
        "2020-06-01 retires (as stated)",
    ]
    assert rows[1][0] == "E2 bookkeeper (leads the team)"
    assert table(page("office"), "team-1-people")[0][2] == "has none"
    assert table(page("office"), "team-1-people")[2][2:] == [
        "not needed",
        "",
        "records",
        "joins 2019-01-01",
    ]
    assert table(page("office"), "team-0-tasks") == [
        ["salaries Payroll run", "expert", "E1, E2 from 2020-06-01", "– never", "1", "1", "0"]
    ]


def test_departures_and_handovers_have_their_days(page: Page) -> None:
    assert table(page("office"), "departures-table") == [
        [
            "E5 permit secretary",
            "2019-04-01",
            "contract ends",
            "decided",
            "Administration team",
            "permits",
        ],
        ["E1 payroll secretary", "2020-06-01", "retires", "as stated", "Economy team", "salaries"],
    ]
    rows = table(page("office"), "handovers-table")
    assert rows[0][:4] == [
        "permits Permit decisions",
        "2019-04-01",
        "E5 permit secretary",
        "E4 administrative secretary",
    ]
    periods = table(page("office"), "counts-table")
    assert [row for row in periods if row[1:] != ["0"] * 3] == [
        ["Q2 2019", "1", "0", "1"],
        ["Q2 2020", "1", "0", "1"],
    ]


def test_coverage_says_in_every_quarter_how_many_there_are_at_worst(page: Page) -> None:
    rows = {row[0]: row[1:] for row in table(page("office"), "heat-table")}
    permits = rows["permits Permit decisions"]
    # E4 and E5, until E5 leaves: then E4 alone, but for the month they are away.
    assert permits[:5] == [
        "2 enough",
        "2 enough",
        "2 enough",
        "1! one person alone",
        "31× not covered on some day",
    ]
    assert set(permits[5:]) == {"1! one person alone"}
    assert table(page("office"), "gaps-table") == [
        [
            "permits Permit decisions",
            "authority",
            "Administration team",
            "2019-07-01",
            "2019-08-01",
            "31",
        ],
        ["records", "ordinary", "Administration team", "2018-09-01", "2019-01-01", "122"],
    ]


def test_wishes_asked_and_got_by_team_and_group(page: Page) -> None:
    # very interested, interested, not interested, not asked
    assert table(page("office"), "asked-table") == [
        ["Economy team asked", "2", "0", "1", "3"],
        ["Economy team got", "2", "0", "1", "0"],
        ["Administration team asked", "2", "2", "1", "1"],
        ["Administration team got", "1", "1", "0", "1"],
        ["all teams got", "3", "1", "1", "1"],
    ]
    sectors = {row[0]: row[1:4] for row in table(page("office"), "sectors-table")}
    assert sectors == {
        "general": ["3", "3", "100%"],
        "technical": ["2", "2", "100%"],
        "education": ["1", "0", "0%"],
    }
    # 3 × 3 for the team, 2 × 1 for the colleague, 3 × 1 for leaving the team she is in.
    assert table(page("office"), "payers-table")[0] == [
        "E3 economy secretary",
        "Economy team",
        "14",
        "interest 9, colleagues 2, change of team 3",
    ]


def test_substitutes_and_successors_stand_team_by_team(page: Page) -> None:
    assert table(page("office"), "pairs-0") == [
        ["E1 payroll secretary", "E2 bookkeeper", "8", "0", "kept, mutual"],
        ["E2 bookkeeper", "E1 payroll secretary", "8", "579", "new, mutual"],
        ["E3 economy secretary", "E2 bookkeeper", "7", "0", "new, one way"],
    ]
    assert table(page("office"), "successions-1") == [
        [
            "E5 permit secretary",
            "E4 administrative secretary",
            "permits Permit decisions",
            "2019-04-01",
        ]
    ]


def test_risks_name_who_is_missed_and_who_could_follow(page: Page) -> None:
    office = page("office")
    key = table(office, "key-table")
    assert key[0][0] == "E4 administrative secretary"
    benches = {row[0]: row[1:] for row in table(office, "bench-table")}
    assert benches["permits Permit decisions"] == [
        "E5",
        "2019-04-01",
        "within a year",
        "1",
        "E4 from 2018-10-31",
    ]
    assert [row[0] for row in table(office, "exposures-table")][1] == "1 person leaves"


def test_the_appendix_says_what_it_was_made_from(page: Page) -> None:
    appendix = page("office").one(id="appendix")
    made = office_proposal(office()).run
    found = facts(appendix)
    assert found["input, SHA-256"] == made.input_sha256
    assert found["policy, SHA-256"] == made.policy_sha256
    assert found["versions"] == "tiimi 0.1.0, solver none"
    assert found["made"] == "2018-06-01 12:00 UTC"
    assert table(page("office"), "rules-table") == [
        ["r1", "E2 (bookkeeper) is placed in talous (Economy team). Reason: Closes the accounts"]
    ]
    goals = {row[1]: row[2:] for row in table(page("office"), "goals-table")}
    assert goals["days on which an authority task is not covered"] == ["1", "31", "31"]


def test_a_what_if_says_first_what_changes(page: Page) -> None:
    changes = page("what_if").one(id="changes")
    assert [item.text for item in changes.all("li")] == [
        "E6 office secretary leaves on 2027-06-01.",
        "E5 permit secretary stays.",
    ]
    assert "From 2027-03-01 on" in changes.text
    assert "Proven: no plan with coverage as good changes less." in changes.text
    assert page("what_if").one("h1").text.startswith("What if: ")


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
