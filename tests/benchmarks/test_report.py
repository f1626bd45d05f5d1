"""The page of results: its numbers, its pictures, and that it asks for nothing else."""

import math
import re
from pathlib import Path

import pytest

from benchmarks import results
from benchmarks.report.__main__ import main
from benchmarks.report.contest import Contest, contest, outcome, proof_seconds
from benchmarks.report.growth import exponents, growth, together
from benchmarks.report.page import page
from benchmarks.report.profiles import MEASURES, profile, share_within
from benchmarks.report.tables import decided
from benchmarks.results import RunRow
from tests.benchmarks.rows import level, results_of, run

PROOF, INTEGRAL = MEASURES


def whole(*runs: RunRow) -> Contest:
    return contest({"one": results_of(runs)})


def proven(instance: str, wall: float, solver: str = "tiimi", **changed: object) -> RunRow:
    return run(instance, wall, level("x", 5, 5, wall), solver=solver, **changed)


def unproven(instance: str, solver: str = "tiimi", **changed: object) -> RunRow:
    return run(instance, 60.0, level("x", 5, 4), solver=solver, **changed)


# Who is compared


def test_contestants_are_named_after_their_solvers_ours_first() -> None:
    found = whole(proven("example", 1.0, "peer"), proven("example", 1.0))
    assert [each.name for each in found.contestants] == ["tiimi", "peer"]


def test_a_solver_of_two_files_is_named_after_them() -> None:
    found = contest({"a": results_of([proven("x", 1.0)]), "b": results_of([proven("x", 2.0)])})
    assert [each.name for each in found.contestants] == ["tiimi (a)", "tiimi (b)"]


def test_problems_are_in_order_of_size() -> None:
    names = ("scale-20000-loose-few", "scale-120-loose-few", "jamsa-2018", "placement:example")
    found = whole(*(proven(name, 1.0) for name in names))
    assert [found.people[problem] for problem in found.problems] == [8, 57, 120, 20_000]


def test_a_time_counts_if_half_of_the_runs_proved_all() -> None:
    found = whole(*(proven("x", wall) for wall in (1.0, 5.0)), unproven("x"))
    assert proof_seconds(found, found.contestants[0], ("x", "default")) == 5.0
    found = whole(proven("x", 1.0), unproven("x"))
    assert proof_seconds(found, found.contestants[0], ("x", "default")) == math.inf


def test_infeasible_counts_unless_somebody_has_a_plan() -> None:
    found = whole(run("x", 3.0), run("x", 1.0, solver="peer"))
    assert proof_seconds(found, found.contestants[1], ("x", "default")) == 1.0
    found = whole(proven("x", 3.0), run("x", 1.0, solver="peer"))
    assert proof_seconds(found, found.contestants[1], ("x", "default")) == math.inf


# Profiles


def test_the_profile_of_two() -> None:
    found = profile(
        whole(
            *(proven("a", 1.0), proven("a", 2.0, "peer")),
            *(proven("b", 6.0), proven("b", 2.0, "peer")),
            *(proven("c", 4.0), unproven("c", "peer")),
        ),
        PROOF,
    )
    # a: 1 and 2 of 1; b: 6 and 2 of 2; c: 4 and never of 4
    assert found.ratios == {"tiimi": (1.0, 3.0, 1.0), "peer": (2.0, 1.0, math.inf)}
    assert share_within(found.ratios["tiimi"], 1.0) == 2 / 3
    assert share_within(found.ratios["tiimi"], 3.0) == 1.0
    assert share_within(found.ratios["peer"], 100.0) == 2 / 3


def test_only_problems_that_all_were_run_on_count() -> None:
    runs = [proven("a", 1.0), proven("b", 1.0), proven("b", 1.0, "peer")]
    found = profile(whole(*runs), PROOF)
    assert (found.problems, found.left_out) == ((("b", "default"),), ())
    found = profile(whole(*runs, proven("c", 1.0, "stranger")), PROOF)
    assert (found.problems, found.left_out) == ((("b", "default"),), ("stranger",))


def test_who_has_no_integral_is_not_compared_by_it() -> None:
    runs = [proven("a", 1.0, primal_integral=3.0), proven("a", 1.0, "peer"), run("b", 1.0)]
    assert profile(whole(*runs), INTEGRAL).measured == {"tiimi": (3.0,)}
    assert set(profile(whole(*runs), PROOF).measured) == {"tiimi", "peer"}


def test_nobody_has_an_integral() -> None:
    assert profile(whole(proven("a", 1.0)), INTEGRAL).measured == {}


# Time or gap, and growth


def test_a_level_is_told_in_seconds_or_as_a_gap() -> None:
    found = outcome([proven("a", 2.0), proven("a", 3.0), unproven("a")], "x")
    assert found is not None
    assert (found.seconds, found.gap) == (3.0, 0.0)
    found = outcome([unproven("a"), unproven("a"), proven("a", 2.0)], "x")
    assert found is not None
    assert (found.seconds, found.gap) == (None, 0.2)  # (5 − 4) / 5
    assert outcome([unproven("a")], "y") is None


def test_the_gap_of_all_levels_is_the_widest() -> None:
    found = outcome([run("a", 9.0, level("x", 10, 10), level("y", 8, 6), level("z", 4, 3))], None)
    assert found is not None
    assert (found.seconds, found.gap) == (None, 0.25)


def test_who_proves_nothing_has_the_whole_gap() -> None:
    assert level("x", 5, None).open_gap == 1.0
    assert level("x", 0, None).open_gap == 0.0
    assert level("x", 5, 5).model_copy(update={"status": "feasible"}).open_gap == 0.0


def test_growth_is_of_what_was_made_for_it() -> None:
    found = whole(
        proven("jamsa-2018", 9.0, building_seconds=9.0),
        proven("scale-57-loose-few", 1.0, building_seconds=1.0),
        proven("scale-57-tight-many", 1.0, building_seconds=3.0),
        run("scale-57-infeasible", 1.0, building_seconds=99.0),
        proven("scale-120-loose-few", 1.0, building_seconds=4.0),
    )
    grown = growth(found, found.contestants[0])
    assert grown.sizes == (57, 120)
    assert grown.measures["building"] == (2.0, 4.0)
    assert [how and how.seconds for how in grown.levels["x"]] == [1.0, 1.0]


def test_growth_of_several_files_is_of_the_longest_runs() -> None:
    longer = unproven("scale-120-loose-few", time_limit=90.0)
    files = {
        "one": results_of([proven("scale-57-loose-few", 1.0), proven("scale-120-loose-few", 9.0)]),
        "two": results_of([longer, proven("scale-57-loose-few", 3.0, "peer")]),
    }
    found = contest(files)
    grown = growth(found, together(found))
    assert grown.sizes == (57, 120)
    assert [how and how.seconds for how in grown.levels["x"]] == [1.0, None]


def test_the_power_it_grows_as() -> None:
    assert exponents((10, 100, 1000), (1.0, 100.0, None)) == [None, pytest.approx(2.0), None]


# Ours and others


def test_the_first_level_that_differs_decides() -> None:
    ours = run("a", 1.0, level("x", 5, 5), level("y", 7, 7))
    peer = run("a", 1.0, level("x", 5, 5), level("y", 6, 6), solver="peer")
    assert decided(ours, peer) == ("peer", "y")
    assert decided(peer, ours) == ("ours", "y")
    assert decided(ours, ours) == ("equal", "")


def test_who_was_not_run_is_named_and_not_compared() -> None:
    rows = [proven("example", 1.0), proven("example", 2.0, "peer")]
    absent = unproven("example", "absent", levels=(), status="unknown", failure="not installed")
    files = {"one": results_of([*rows, absent])}
    assert [each.name for each in contest(files).contestants] == ["tiimi", "peer"]
    assert "Not run: absent, not installed." in page(files)


# The page


@pytest.fixture(scope="module")
def shown() -> str:
    walls = {"scale-57-loose-few": 1.0, "scale-120-loose-few": 3.0, "example": 0.1}
    ours = [
        proven(name, wall, building_seconds=wall, first_plan_seconds=wall, primal_integral=wall)
        for name, wall in walls.items()
    ]
    theirs = [proven(name, 4 * wall, "peer") for name, wall in walls.items()]
    failed = unproven("example", "peer", status="failed", levels=(), failure="<b>&</b>")
    lost = unproven("scale-57-loose-few", "slow", status="unknown", levels=())
    return page({"one": results_of([*ours, *theirs[:2], failed, lost], "python -m something")})


def test_every_picture_has_a_table_and_words(shown: str) -> None:
    figures = re.findall(r"<figure>.*?</figure>\n(.*?)(?=<figure>|</section>)", shown, re.DOTALL)
    assert len(figures) == 4  # two profiles, the split, growth
    assert all("<table" in after for after in figures)
    assert shown.count("<desc ") == shown.count("<svg ") == 4


def test_the_page_asks_for_nothing_else(shown: str) -> None:
    addresses = set(re.findall(r"https?://[^\s\"'<]*", shown))
    assert addresses == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "<script" not in shown
    assert "src=" not in shown
    assert "default-src 'none'" in shown


def test_ids_are_unique_and_links_lead_somewhere(shown: str) -> None:
    ids = re.findall(r'\bid="([^"]*)"', shown)
    assert len(ids) == len(set(ids))
    links = re.findall(r'href="#([^"]*)"', shown) + re.findall(r"url\(#([^)]*)\)", shown)
    assert set(links) <= set(ids)


def test_what_runs_say_is_escaped(shown: str) -> None:
    assert "<b>&</b>" not in shown
    assert "&lt;b&gt;" in shown


def test_the_same_input_gives_the_same_page(shown: str) -> None:
    files = {"one": results_of([proven("example", 0.1), proven("jamsa-2018", 2.0)])}
    assert page(files) == page(files)


@pytest.mark.parametrize(
    "rows", [[run("example", 1.0)], [unproven("example", levels=(), status="unknown")]]
)
def test_a_file_without_plans_has_a_page(rows: list[RunRow]) -> None:
    assert "Every run" in page({"one": results_of(rows)})


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        results.write(results_of([proven("example", 0.1)]), tmp_path / f"{name}.json")
    to = tmp_path / "report.html"
    assert main([str(tmp_path / "a.json"), str(tmp_path / "b.json"), "--out", str(to)]) == 0
    assert "tiimi (b)" in to.read_text(encoding="utf-8")
    assert capsys.readouterr().out.strip() == str(to)


@pytest.mark.parametrize("content", ["{}", "nothing", results_of([]).model_dump_json()])
def test_a_file_that_is_none_is_told(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main([str(file)])
    assert ended.value.code == 2
    assert "error" in capsys.readouterr().err


def test_the_command_that_gives_results() -> None:
    arguments = ["--tier", "smoke", "--out", "x.json", "--only", "a b", "--out=y.json"]
    said = results.command("benchmarks.run", arguments)
    assert said == "python -m benchmarks.run --tier smoke --only 'a b'"
