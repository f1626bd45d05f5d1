"""The ledger is made from what is kept of each release, and nothing else."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import results
from benchmarks.ledger import PAGE, RELEASES, main, page, pictures
from benchmarks.results import RunRow
from tests.benchmarks.rows import level, results_of, run


@pytest.fixture
def kept(tmp_path: Path, example_run: RunRow) -> Path:
    """Releases 0.10.0 and 0.9.0, kept in this order."""
    peer = example_run.model_copy(update={"solver": "peer"})
    first = results_of([example_run, peer], "python -m benchmarks.run --only example")
    for release in ("0.10.0", "0.9.0"):
        results.write(first, tmp_path / "small.json")
        assert keep(tmp_path, release, tmp_path / "small.json") == 0
    return tmp_path


def keep(folder: Path, release: str, *files: Path) -> int:
    arguments = ["--release", release, *map(str, files)]
    return main(arguments, folder / "releases", folder / "benchmarks.md")


def test_the_committed_page_is_what_the_command_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(RELEASES), "python -m benchmarks.ledger"
    beside = {path.name: path.read_text(encoding="utf-8") for path in PAGE.parent.glob("*.svg")}
    assert beside == pictures(RELEASES), "python -m benchmarks.ledger"


def test_a_release_says_where_its_numbers_are_from(kept: Path) -> None:
    written = (kept / "benchmarks.md").read_text(encoding="utf-8")
    assert "`python -m benchmarks.run --only example`: 2026-01-01," in written
    machine = "2 × any cpu, 8,192 MiB, any, load 0.3 before it began"
    assert f"commit `0123456789ab`;\n{machine};\npython 3.11." in written


def test_releases_are_in_order_of_their_numbers(kept: Path) -> None:
    written = (kept / "benchmarks.md").read_text(encoding="utf-8")
    headings = [line for line in written.splitlines() if line.startswith("## ")]
    assert headings == ["## 0.9.0", "## 0.10.0"]


def test_numbers_and_peers_are_in_the_page(kept: Path, example_run: RunRow) -> None:
    written = (kept / "benchmarks.md").read_text(encoding="utf-8")
    row = next(line for line in written.splitlines() if line.startswith("| example | 8 | 30 |"))
    cells = [cell.strip() for cell in row.split("|")]
    assert "1 of 1" in cells
    assert "=" in cells  # to the best known
    assert "| peer | 0 | 1 | 0 | 1 | 1 to 1 |" in written


def test_plans_are_not_kept(kept: Path, example_run: RunRow) -> None:
    (ours, _) = results.read(kept / "releases" / "0.9.0" / "small.json").runs
    assert example_run.plan is not None
    assert ours.plan is None
    assert not any(each.improvements for each in ours.levels)
    assert ours.bests == example_run.bests


def test_keeping_replaces_what_was_kept(kept: Path, example_run: RunRow) -> None:
    results.write(results_of([example_run]), kept / "other.json")
    assert keep(kept, "0.9.0", kept / "other.json") == 0
    names = {file.name for file in (kept / "releases" / "0.9.0").iterdir()}
    assert names == {"other.json", "best_known.json"}


def test_what_is_worse_than_the_best_known_is_told(kept: Path, example_run: RunRow) -> None:
    levels = list(example_run.levels)
    levels[2] = levels[2].model_copy(update={"best": 9, "status": "feasible"})
    worse = example_run.model_copy(update={"levels": tuple(levels), "status": "feasible"})
    results.write(results_of([worse]), kept / "worse.json")
    assert keep(kept, "0.9.0", kept / "worse.json") == 0
    # 9 instead of 6
    assert "people +50.00 %" in (kept / "benchmarks.md").read_text(encoding="utf-8")


def test_sizes_have_a_table_of_their_own(kept: Path) -> None:
    rows = [run(f"scale-{n}-loose-few", 1.0, level("x", 1, 1)) for n in (57, 120)]
    results.write(results_of(rows), kept / "sizes.json")
    assert keep(kept, "0.9.0", kept / "sizes.json") == 0
    written = (kept / "benchmarks.md").read_text(encoding="utf-8")
    assert "### 0.9.0: Growth with the number of people" in written
    assert "](growth-0.9.0.svg)" in written
    assert ElementTree.parse(kept / "growth-0.9.0.svg").getroot().tag.endswith("}svg")
    assert not (kept / "growth-0.10.0.svg").exists()


@pytest.mark.parametrize("arguments", [["--release", "0.1.0"], ["x.json"], ["--release", "a", "x"]])
def test_what_does_not_belong_together_is_told(arguments: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments, tmp_path, tmp_path / "page.md")
    assert ended.value.code == 2
