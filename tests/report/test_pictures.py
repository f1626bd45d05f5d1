"""The pictures: words are words and have room, shades stay apart, the same bytes each time."""

import math
import re
from itertools import combinations, pairwise

import pytest

from api.report.periods import periods_of
from api.report.pictures import bars, heat_map, timeline
from api.report.pictures.canvas import GREY, INK, PAPER, SHADES, Canvas, width_of, wrapped
from api.report.pictures.network import Link, NetworkLegend, Node, draw_network
from api.report.pictures.scale import Scale
from api.report.words import Words
from models.days import day
from tests.api.office import office

FIRST = day(office().horizon.start)


def light(colour: str) -> float:
    """Relative luminance, as WCAG 2.1 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("words", "behind"),
    [
        (PAPER, INK),
        (PAPER, SHADES[0]),
        (PAPER, SHADES[1]),
        (INK, SHADES[2]),
        (INK, SHADES[3]),
        (INK, SHADES[4]),
        (INK, GREY),
        (INK, PAPER),
        ("#55606a", PAPER),
    ],
)
def test_words_stand_out_from_what_is_behind_them(words: str, behind: str) -> None:
    assert contrast(words, behind) >= 4.5


def test_states_of_coverage_stay_apart_in_grey() -> None:
    fills = [heat_map._FILLS[state] for state in heat_map.STATES]
    assert [light(fill) for fill in fills] == sorted(light(fill) for fill in fills)
    assert all(abs(light(a) - light(b)) > 0.05 for a, b in combinations(fills, 2))


def test_grades_stay_apart_in_grey() -> None:
    fills = [light(str(style["fc"])) for style in bars._styles(4)]
    assert all(abs(a - b) > 0.05 for a, b in combinations(fills, 2))


def test_words_are_words_and_ids_are_the_pictures_own() -> None:
    canvas = Canvas(100, 50)
    canvas.text(0, 10, 'Åsa <b> & "x" $y$')
    canvas.box(0, 0, 10, 10, fc=INK, hatch="//", ec=PAPER)
    svg = canvas.svg("p1", "Title <i>", "What & why")
    assert 'Åsa &lt;b&gt; &amp; "x" $y$</text>' in svg
    assert '<title id="p1-title">Title &lt;i&gt;</title>' in svg
    assert '<desc id="p1-desc">What &amp; why</desc>' in svg
    ids = re.findall(r'\bid="([^"]+)"', svg)
    assert len(ids) > 3
    assert {i.partition("-")[0] for i in ids} == {"p1"}
    assert "metadata" not in svg
    assert "font-family: " not in svg


def test_the_same_picture_has_the_same_bytes() -> None:
    def drawn() -> str:
        canvas = Canvas(100, 50)
        canvas.arrow((0, 0), (50, 20), bend=0.2)
        canvas.box(0, 0, 10, 10, fc=INK, hatch="//", ec=PAPER)
        return canvas.svg("p", "t", "d")

    assert drawn() == drawn()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("short", ["short"]),
        ("one two", ["one two"]),
        ("decisions of the waste board", ["decisions of the", "waste board"]),
        ("decisions of the waste board, and some more", ["decisions of the", "waste board, and…"]),
        ("x" * 400, ["x" * 17, "x" * 16 + "…"]),
    ],
)
def test_words_are_broken_into_lines(text: str, lines: list[str]) -> None:
    found = wrapped(text, 100)
    assert found == lines
    assert all(width_of(line) <= 100 for line in found)


def test_a_day_has_its_place() -> None:
    scale = Scale((FIRST, FIRST + 100), 10, 60)
    assert [scale.at(FIRST + d) for d in (-5, 0, 50, 100, 500)] == [10, 10, 35, 60, 60]


@pytest.mark.parametrize(
    ("days", "first", "number"),
    [
        (1, "Sep 2018", 1),
        (365, "Sep 2018", 12),
        (5 * 365, "Q3 2018", 21),
        (12 * 365, "H2 2018", 25),
        (20 * 365, "2018", 21),
        (50 * 365, "2018–2019", 26),
        (300 * 365, "2018–2027", 31),
    ],
)
def test_a_horizon_has_few_periods_whatever_its_length(days: int, first: str, number: int) -> None:
    periods = periods_of((FIRST, FIRST + days), Words("en", office()))
    assert (periods[0].label, len(periods)) == (first, number)
    assert periods[0].start == FIRST
    assert periods[-1].end == FIRST + days
    assert all(a.end == b.start for a, b in pairwise(periods))


@pytest.mark.parametrize("number", [1, 2, 21, 60])
def test_people_on_a_circle_do_not_touch(number: int) -> None:
    nodes = [Node(f"E{n:02}", n % 2 == 0, n == 0) for n in range(number)]
    links = [Link(n, (n + 1) % number, "one_way") for n in range(number)]
    svg = draw_network("n", "t", "d", nodes, links, NetworkLegend("a", "b", "c", "d"))
    places = re.findall(r'<text [^>]*?x="([\d.-]+)" y="([\d.-]+)"[^>]*>E\d\d<', svg)
    assert len(places) == number
    points = [(float(x), float(y)) for x, y in places]
    assert all(math.dist(a, b) > 5 for a, b in combinations(points, 2))
    assert all(0 <= x <= 300 for x, _ in points)


def test_a_line_of_periods_names_its_number_once_where_there_is_room() -> None:
    canvas = Canvas(100, 20)
    alone = heat_map.Square("alone", "1")
    heat_map._write(canvas, [alone] * 3, [(0, 5), (5, 50), (50, 95)], 10)
    written = canvas.svg("line", "title", "description")
    assert re.findall(r"<text[^>]*>([^<]*)</text>", written) == ["1"]
    assert "27.5" in written


def test_long_headings_have_lines_of_their_own() -> None:
    """Bold letters are wider: cut at the edge of the picture they were."""
    long = "Talous- ja henkilöstöpalvelut, hankinta ja varasto " * 4
    row = timeline.Row("E1", FIRST, FIRST + 9, "known", (), "")
    key = timeline.Legend("known", "forecast", "handover")
    group = timeline.Group(long, (row,))
    drawn = timeline.draw_timeline("t", "t", "d", (FIRST, FIRST + 99), [group], key)
    (first, second) = re.findall(r"<text[^>]*weight: 700[^>]*>([^<]*)</text>", drawn)
    assert f"{first} {second.rstrip('…')}" in long
    assert width_of(first) < timeline.WIDTH / 1.1
