"""What the report says, in numbers: each made by hand from the office of six people."""

from collections.abc import Callable

from api.base import BaseFolder
from api.report import report_html
from models import Policy
from tests.api.office import office, office_proposal
from tests.report.dom import Node, parsed

Page = Callable[..., Node]


def table(page: Node, name: str) -> list[list[str]]:
    return page.one("table", id=name).rows()


def facts(node: Node) -> dict[str, str]:
    rows = [row for dl in node.all("dl") for row in dl.all("div")]
    return {row.one("dt").text: row.one("dd").text for row in rows}


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
    assert "Without a substitute: E4 administrative secretary" in items
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
    assert "pienempi ei ole mahdollinen, kun aiempien tasojen" in summary
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
        ["E2 bookkeeper", "E1 payroll secretary", "8", "579", "new, mutual, until 2020-06-01"],
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
