"""The summary, line by line."""

import pytest

from api.layout import table, width
from api.summary import how_far_off, status_sentence, summary
from api.texts import LANGUAGES, Texts
from api.view import View
from api.view_tasks import handovers, task_views
from models import Level, Policy
from models.proposal import LevelResult, Warn
from tests.api.office import DATA, office, office_proposal

TEXTS = Texts()


def lines_of(policy: Policy | None = None, **changes: object) -> list[str]:
    policy = policy or Policy()
    proposal = office_proposal(office(), policy, **changes)
    return list(summary(View(office(), policy, proposal), TEXTS, stopped=False))


def one_space(line: str) -> str:
    return " ".join(line.split())


def section(lines: list[str], title: str) -> list[str]:
    start = lines.index(title) + 2
    rest = lines[start:]
    ends = [i for i in range(len(rest) - 1) if rest[i] == "" and not rest[i + 1][:1].isspace()]
    return rest[: ends[0]] if ends else rest


def test_head_and_levels() -> None:
    lines = lines_of()
    assert lines[:5] == [
        "Pikkukunnan toimisto: 6 people, 2 teams, 3 tasks; 2018-09-01 to 2022-01-01",
        "Dates are the first day of what starts, and the first day after what ends.",
        "",
        "Proven optimal: no valid plan is better, level by level.",
        "",
    ]
    # statutory: permits is not covered on the 31 days of July 2019, when E4 is away.
    assert section(lines, "Levels")[1] == ("  statutory       31    31     31  proven  0.2")


def test_teams_say_who_leads_and_who_leaves() -> None:
    assert section(lines_of(), "Administration team (hallinto): 3 people") == [
        "  2 on the first day (size 2 to 4), 2 on the last",
        "  leader: E4 administrative secretary; interest in leading: very interested",
        "",
        "  E4  administrative secretary  leads the team",
        "  E5  permit secretary          contract ends 2019-04-01 (decided)",
        "  E6  office secretary          joins 2019-01-01",
    ]


def test_a_team_short_of_people() -> None:
    # talous wants 3 from 2019 on and has 2 from 1 June 2020: 579 days to the end of 2021.
    lines = section(lines_of(), "Economy team (talous): 3 people")
    assert "  short of the wanted headcount by 579 person-days" in lines


def test_authority_tasks() -> None:
    lines = section(lines_of(), "Authority tasks")
    # No wider than a terminal; a gap that ends says when.
    assert [one_space(line) for line in lines[-5:]] == [
        "task name team holder no not covered days backups now worst",
        "holder from not",
        "from covered",
        "permits Permit hallinto E5 → E4 never 2019-07-01 – 31 1 1 0",
        "decisions 2019-08-01",
    ]


def test_other_tasks_first_those_that_break_first() -> None:
    title = "Other tasks with a day without holder or cover, or too few backups"
    assert [one_space(line) for line in section(lines_of(), title)[-3:]] == [
        "records hallinto E6 2018-09-01 – 2018-09-01 – 122 0 1 0",
        "2019-01-01 2019-01-01",
        "salaries Payroll run talous E1 → E2 never never 0 1 1 0",
    ]


def test_handovers() -> None:
    lines = section(lines_of(), "Who hands over to whom")
    assert [one_space(line) for line in lines] == [
        "start task from to note",
        "2019-04-01 Permit decisions E5 permit secretary E4 administrative 60 days to learn,",
        "secretary ready 2018-10-31",
        "2020-06-01 Payroll run E1 payroll secretary E2 bookkeeper 30 days to learn,",
        "ready 2018-10-01",
    ]


def test_wishes_and_who_pays() -> None:
    lines = section(lines_of(), "What people got of what they asked for")
    assert lines[:4] == [
        "  5 of 6 got a team they graded as high as any.",
        "  wanted colleagues in the same team: 1 of 2",
        "  avoided colleagues in another team: 1 of 1",
        "  people who leave the team they are in: 1 of 1",
    ]
    assert [one_space(line) for line in lines[5:9]] == [
        "team very interested interested, needs development not interested not asked",
        "Economy team 2 0 1 0",
        "Administration team 1 1 0 1",
        "all teams 3 1 1 1",
    ]
    # E3: interest 3 × 3, the colleague she wanted 2 × 1, the team she leaves 3 × 1.
    assert one_space(lines[12]) == (
        "14 E3 economy secretary talous interest 9, colleagues 2, change of team 3"
    )


def test_substitutes() -> None:
    # E1 is away from E2 from 1 June 2020 to the end of 2021: 579 days.
    assert section(lines_of(), "Substitutes") == [
        "  4 of 5 who need a substitute have one, 1 of them today's.",
        "  Fit of the pairs: 8.2 of 10 on average, 7 at worst.",
        "  2 people substitute each other.",
        "  In all, substitutes are away on 579 days of those they stand in for.",
        "  E1 payroll secretary substitutes E2 bookkeeper until 2020-06-01 only, and leaves then.",
        "  Without a substitute: E4 administrative secretary",
    ]


def test_gaps_authority_first() -> None:
    assert [one_space(line) for line in section(lines_of(), "Days not covered")[1:]] == [
        "2019-07-01 2019-08-01 31 permits Permit decisions AUTHORITY",
        "2018-09-01 2019-01-01 122 records",
    ]


def test_warnings_and_what_is_left_out() -> None:
    warning = Warn(code="odd", place="employees[E1]", message="That is odd.")
    lines = lines_of(warnings=(warning,), not_in_service=("E7", "E8"), tasks_left_out=("T9",))
    assert section(lines, "Odd in the input") == ["  employees[E1]: That is odd. [odd]"]
    assert section(lines, "Left out") == [
        "  not in service: E7, E8",
        "  tasks that exist on no day: T9",
    ]


def test_long_lists_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.summary.MOST_ROWS", 1)
    lines = lines_of()
    assert lines.count("  … and 2 more: see proposal.xlsx") == 2  # people of both teams
    assert lines.count("  … and 1 more: see proposal.xlsx") == 3  # tasks, handovers, gaps


def test_a_policy_that_prices_no_wish() -> None:
    policy = Policy(levels=(Level(name="statutory", goals={"authority_gap": 1}),))
    assert "  By this policy, a wish that was not granted costs nothing." in lines_of(policy)


def test_nobody_pays_where_nobody_has_a_wish() -> None:
    asked = ("interest", "lead_interest", "wants", "avoids", "team")
    people = [{k: v for k, v in e.items() if k not in asked} for e in DATA["employees"]]
    teams = [{k: v for k, v in t.items() if k != "leader"} for t in DATA["teams"]]
    nobody_asked = office(employees=people, teams=teams)
    policy = Policy(levels=(Level(name="statutory", goals={"authority_gap": 1}),))
    view = View(nobody_asked, policy, office_proposal(nobody_asked, policy))
    assert "  Nobody pays for the plan with a wish." in summary(view, TEXTS, stopped=False)


def level(**fields: object) -> LevelResult:
    known = {"level": "people", "best": 40, "bound": 40, "value": 40, "status": "feasible"}
    return LevelResult.model_validate(known | fields | {"seconds": 1.0})


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (
            level(bound=30),
            # 100 * (40 - 30) / 40
            "Level people costs 40; it can be better by 10 at most (25.0 %).",
        ),
        (
            level(bound=30, value=48),
            # What it costs in this plan counts, not its best: 100 * (48 - 30) / 48
            "Level people costs 48; it can be better by 18 at most (37.5 %).",
        ),
        (
            level(bound=None),
            "Level people costs 40; how much better it can be is not known: no bound was found "
            "yet.",
        ),
        (
            level(bound=0),
            "Level people costs 40; how much better it can be is not known: no bound was found "
            "yet.",
        ),
        (
            level(),
            "Level people costs 40; less is not possible while the levels before it cost no more.",
        ),
        (
            level(value=43),
            "Level people gives up 3 of its best for the later levels; whether less would do "
            "is not proven.",
        ),
    ],
)
def test_how_far_off(result: LevelResult, sentence: str) -> None:
    assert list(how_far_off((level(status="optimal"), result), TEXTS)) == [sentence]


def test_status_sentences() -> None:
    proposal = office_proposal(office(), status="feasible")
    assert status_sentence(proposal, TEXTS) == (
        "Valid, but not proven optimal: the time ended first."
    )
    assert status_sentence(proposal, TEXTS, stopped=True) == (
        "Valid, but not proven optimal: stopped at your request."
    )


@pytest.mark.parametrize(
    ("limit", "language", "said"),
    [
        (1, "en", "1 second"),
        (60, "fi", "60 sekuntia"),
        (0.5, "en", "0.5 s"),
        (0.498, "fi", "0,5 s"),
        (59.98, "en", "60 seconds"),
        (0.004, "en", "0.004 s"),
    ],
)
def test_the_time_is_told_as_it_was_given(limit: float, language: str, said: str) -> None:
    made = office_proposal(office(), status="unknown")
    run = made.run.model_copy(update={"time_limit": limit})
    sentence = status_sentence(made.model_copy(update={"run": run}), Texts(language))
    assert f"({said})" in sentence


def test_backups_leave_the_holder_out() -> None:
    tasks = {
        task.task.id: task
        for task in task_views(View(office(), Policy(), office_proposal(office())))
    }
    # On the first day E4 is in reserve for E5; nobody is once E5 has left.
    permits = tasks["permits"]
    assert (permits.reserve_first, permits.reserve_worst) == (1, 0)
    assert permits.worst_from.isoformat() == "2019-04-01"
    assert permits.days_not_covered == 31


def test_who_begins_a_task_hands_nothing_over() -> None:
    found = {h.task: h for h in handovers(View(office(), Policy(), office_proposal(office())))}
    assert (found["records"].giver, found["records"].learns) == (None, False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", ["optimal", "feasible"])
def test_no_line_is_wider_than_a_terminal(language: str, status: str) -> None:
    view = View(office(), Policy(), office_proposal(office(), status=status))
    lines = list(summary(view, Texts(language), stopped=False))
    assert [line for line in lines if width(line) > 100] == []


def test_a_table_gives_room_first_by_its_headers() -> None:
    heads, row = ["so many words", "n", "text"], ["x" * 30, 1, "y " * 35]
    assert list(table(heads, [row])) == [
        f"  {'so many words':30}  n  text",
        f"  {'x' * 30}  1  {'y ' * 31}y",
        f"  {'':30}     y y y",
    ]


def test_tables_align_also_wide_characters() -> None:
    assert list(table(["name", "n"], [["多田", 1], ["e\N{COMBINING ACUTE ACCENT}", 20]])) == [
        "  name   n",
        "  多田   1",
        "  e\N{COMBINING ACUTE ACCENT}     20",
    ]
    assert width("多田") == 4
    assert list(table(["a"], [])) == []
    assert list(table(["a", "b"], [["x" * 50, "y" * 50]]))[1] == f"  {'x' * 39}…  {'y' * 50}"
