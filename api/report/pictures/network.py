"""Who stands in for whom and who succeeds whom: a team's people on a circle, linked by arrows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from api.report.pictures.canvas import ACCENT, INK, PAPER, SIZE, Canvas, width_of, wrapped

MOST_PEOPLE = 60
"""A team of more people is told in its table alone."""

_LEAST_SIDE, _MOST_SIDE = 170.0, 300.0
_LONGEST_LABEL = 60.0
_SUCCEEDS: dict[str, Any] = {"color": INK, "lw": 0.9, "linestyle": (0, (3, 2))}


@dataclass(frozen=True, slots=True)
class Node:
    """Somebody: what they are called, whether they leave, whether they lead."""

    label: str
    leaves: bool
    leads: bool


@dataclass(frozen=True, slots=True)
class Link:
    """From one place in the circle to another.

    Attributes:
        kind: `one_way` or `mutual` of substitutes, `succeeds` of a task that is handed over.
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class NetworkLegend:
    """What the marks mean, in words."""

    substitutes: str
    succeeds: str
    leaves: str
    leads: str


def draw_network(
    name: str,
    title: str,
    description: str,
    nodes: Sequence[Node],
    links: Sequence[Link],
    key: NetworkLegend,
) -> Markup:
    """A team's circle."""
    labels = [wrapped(node.label, _LONGEST_LABEL, most=1)[0] for node in nodes]
    margin = max((width_of(label) for label in labels), default=0.0) + 16
    rows = (key.substitutes, key.succeeds, key.leaves, key.leads)
    side = max(_LEAST_SIDE, min(_MOST_SIDE, _LEAST_SIDE + 10 * (len(nodes) - 3)))
    canvas = Canvas(_MOST_SIDE, side + 12 + 14 * len(rows))
    centre, radius = side / 2, side / 2 - margin
    places = [_place(index, len(nodes), centre, radius) for index in range(len(nodes))]
    for link in links:
        _draw_link(canvas, places[link.start], places[link.end], centre, link.kind)
    turned = _is_crowded(labels, radius)
    for index, (node, label) in enumerate(zip(nodes, labels, strict=True)):
        _draw_node(canvas, places[index], node)
        _draw_label(canvas, label, _angle(index, len(nodes)), centre, radius + 9, turned)
    _draw_legend(canvas, rows, side + 12)
    return canvas.svg(name, title, description)


def _angle(index: int, number: int) -> float:
    return 2 * math.pi * index / max(1, number) - math.pi / 2


def _place(index: int, number: int, centre: float, radius: float) -> tuple[float, float]:
    angle = _angle(index, number)
    return centre + radius * math.cos(angle), centre + radius * math.sin(angle)


def _is_crowded(labels: Sequence[str], radius: float) -> bool:
    room = 2 * math.pi * radius / max(1, len(labels))
    return any(width_of(label) + 4 > room for label in labels)


def _draw_node(canvas: Canvas, place: tuple[float, float], node: Node) -> None:
    x, y = place
    style: dict[str, Any] = {
        "fc": PAPER if node.leaves else ACCENT,
        "ec": ACCENT,
        "lw": 1.4,
        "zorder": 4,
    }
    if node.leads:
        canvas.box(x - 4.5, y - 4.5, 9, 9, **style)
    else:
        canvas.dot(x, y, 4, **style)


def _draw_label(
    canvas: Canvas, label: str, angle: float, centre: float, radius: float, turned: bool
) -> None:
    side, rise = math.cos(angle), math.sin(angle)
    away = radius if turned else radius + 3 * abs(rise)
    x, y = centre + away * side, centre + away * rise
    if turned:
        degrees = -math.degrees(angle)
        flipped = side < -1e-9
        canvas.text(
            x,
            y,
            label,
            ha="right" if flipped else "left",
            rotation=degrees + 180 if flipped else degrees,
            rotation_mode="anchor",
        )
        return
    ha = "center" if abs(side) < 0.2 else "left" if side > 0 else "right"
    canvas.text(x, y, label, ha=ha)


def _draw_link(
    canvas: Canvas, start: tuple[float, float], end: tuple[float, float], centre: float, kind: str
) -> None:
    """An arrow that swings towards the middle of the circle."""
    across = math.dist(start, end)
    if not across:
        return
    cross = (end[0] - start[0]) * (centre - start[1]) - (end[1] - start[1]) * (centre - start[0])
    bend = 0.28 if cross < 0 else -0.28
    style: dict[str, Any] = {"arrowstyle": "<|-|>" if kind == "mutual" else "-|>", "bend": -bend}
    style |= {"shrinkA": 5.5, "shrinkB": 5.5, "lw": 1.3, "color": ACCENT}
    if kind == "succeeds":
        style |= _SUCCEEDS | {"bend": -0.6 * bend}
    canvas.arrow(start, end, **style)


def _draw_legend(canvas: Canvas, rows: Sequence[str], top: float) -> None:
    y = top
    for number, said in enumerate(rows):
        if number < 2:
            canvas.arrow((4, y), (30, y), **(_SUCCEEDS if number else {"lw": 1.3}))
        else:
            leaves, leads = number == 2, number == 3
            _draw_node(canvas, (17, y), Node("", leaves, leads))
        canvas.text(38, y, said, size=SIZE - 0.5)
        y += 14
