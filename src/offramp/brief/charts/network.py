"""Who stands with whom and against whom: two camps that face each other, and those in between.

Camps stand in columns, so that what runs across is a confrontation and what stays in a column is
a tie. The layout follows from the names and edges alone: the same crisis, the same map.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np
from markupsafe import Markup

from offramp.brief.charts import svg

WIDTH, LEFT, RIGHT = 720, 190, 530
PITCH, TOP, FOOT = 58, 34, 18
ROUNDS = 200
"""Of passing sides on along edges, until they no longer change."""
HOLDS = 0.08
"""Sides weaker than this are no side."""
NAME_LENGTH = 27


@dataclass(frozen=True)
class Party:
    """Who stands on the map.

    Attributes:
        id: short name, as `ISR`.
        name: in full.
        state: whether it is a state; others are drawn with a square mark.
    """

    id: str
    name: str
    state: bool


@dataclass(frozen=True)
class Edge:
    """A tie, or a confrontation on a front.

    Attributes:
        start: id of one end; of a tie the giver.
        end: of the other.
        kind: a class of the style sheet: `tie`, or how a front burns: `quiet`, `burns`, `war`.
        text: what it is, shown on hover and to screen readers.
        label: written on a front; empty for none.
    """

    start: str
    end: str
    kind: str
    text: str
    label: str = ""

    @property
    def against(self) -> bool:
        """Whether its ends face each other."""
        return self.kind != "tie"


def camps(
    names: Sequence[str], edges: Sequence[Edge], main: tuple[str, str]
) -> dict[str, list[str]]:
    """Return who stands with the first of the main pair, with the second, and with neither.

    A tie passes a side on, a confrontation its opposite; each takes the mean of its neighbours'
    sides, those of the main pair being fixed.

    Returns:
        ids by `left`, `right` and `between`, in an order with few crossings.
    """
    place = {name: k for k, name in enumerate(names)}
    pull = np.zeros((len(names), len(names)))
    for edge in edges:
        a, b = place[edge.start], place[edge.end]
        pull[a, b] += -1.0 if edge.against else 1.0
        pull[b, a] = pull[a, b]
    side = np.zeros(len(names))
    weight = np.maximum(np.abs(pull).sum(axis=1), 1.0)
    for _ in range(ROUNDS):
        side[place[main[0]]], side[place[main[1]]] = 1.0, -1.0
        side = pull @ side / weight
    side[place[main[0]]], side[place[main[1]]] = 1.0, -1.0
    found: dict[str, list[str]] = {"left": [], "right": [], "between": []}
    for name in names:
        value = side[place[name]]
        camp = "left" if value > HOLDS else "right" if value < -HOLDS else "between"
        found[camp].append(name)
    return _ordered(found, edges)


def _ordered(found: dict[str, list[str]], edges: Sequence[Edge]) -> dict[str, list[str]]:
    """Order each camp by where those stand to whom its members are bound (barycentre)."""
    order = dict(found)
    for turn in range(8):
        camp = "right" if turn % 2 == 0 else "left"
        height = {
            name: k / max(len(names) - 1, 1)
            for names in order.values()
            for k, name in enumerate(names)
        }

        def wanted(name: str, height: Mapping[str, float] = height) -> float:
            near = [
                height[edge.end if edge.start == name else edge.start]
                for edge in edges
                if name in (edge.start, edge.end) and edge.against
            ]
            return sum(near) / len(near) if near else height[name]

        order[camp] = sorted(order[camp], key=wanted)
    return order


def network_chart(
    parties: Sequence[Party],
    edges: Sequence[Edge],
    main: tuple[str, str],
    *,
    title: str,
    identifier: str,
) -> Markup:
    """Return the map.

    Args:
        parties: who stands on it.
        edges: between them.
        main: the pair at the heart of it, left and right.
        title: the accessible name.
        identifier: unique on the page.
    """
    standing = camps([one.id for one in parties], edges, main)
    rows = max(len(standing["left"]), len(standing["right"]), 1)
    between = len(standing["between"])
    height = TOP + PITCH * rows + (PITCH * ((between + 2) // 3) if between else 0) + FOOT
    root = svg.drawing(
        title,
        "; ".join(edge.text for edge in edges),
        identifier,
        viewBox=f"0 0 {WIDTH} {height}",
        class_="network",
    )
    places = _places(standing, rows)
    for edge in sorted(edges, key=lambda one: one.against):
        _edge(root, edge, places)
    _labels(root, edges, places)
    for party in parties:
        _party(root, party, places[party.id])
    return svg.written(root)


def _places(standing: dict[str, list[str]], rows: int) -> dict[str, tuple[float, float]]:
    places = {}
    for camp, x in (("left", LEFT), ("right", RIGHT)):
        names = standing[camp]
        pitch = PITCH * rows / max(len(names), 1)
        for k, name in enumerate(names):
            places[name] = (float(x), TOP + pitch * (k + 0.5))
    for k, name in enumerate(standing["between"]):
        middle = LEFT + (RIGHT - LEFT) * (k % 3) / 2
        places[name] = (middle, TOP + PITCH * (rows + k // 3 + 0.5))
    return places


def _edge(root: Element, edge: Edge, places: Mapping[str, tuple[float, float]]) -> None:
    (x1, y1), (x2, y2) = places[edge.start], places[edge.end]
    if edge.against:
        mark = svg.add(root, "line", class_=f"edge {edge.kind}", x1=x1, y1=y1, x2=x2, y2=y2)
    else:
        inward = 1 if x1 <= (LEFT + RIGHT) / 2 else -1
        bow = inward * (26 + 0.22 * abs(y2 - y1)) if abs(x1 - x2) < 1 else 0
        middle = ((x1 + x2) / 2 + bow, (y1 + y2) / 2 + (0 if bow else -26))
        bend = f"M{x1:.1f},{y1:.1f} Q{middle[0]:.1f},{middle[1]:.1f} {x2:.1f},{y2:.1f}"
        mark = svg.add(root, "path", class_="edge tie", d=bend)
        _arrow(root, middle, (x2, y2))
    svg.add(mark, "title", edge.text)


def _arrow(root: Element, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw the head of an arrow that ends a little before the mark of a party."""
    along = np.subtract(end, start)
    unit = along / max(float(np.hypot(*along)), 1e-9)
    tip = np.asarray(end) - 9 * unit
    across = np.array([-unit[1], unit[0]])
    points = [tip, tip - 8 * unit + 3.6 * across, tip - 8 * unit - 3.6 * across]
    d = svg.path([(float(x), float(y)) for x, y in points], closed=True)
    svg.add(root, "path", class_="arrow", d=d)


def _labels(
    root: Element, edges: Sequence[Edge], places: Mapping[str, tuple[float, float]]
) -> None:
    """Write each label once, on the middle of its lines, apart from the others."""
    spots: dict[str, list[tuple[float, float]]] = {}
    for edge in edges:
        if edge.label:
            (x1, y1), (x2, y2) = places[edge.start], places[edge.end]
            spots.setdefault(edge.label, []).append(((x1 + x2) / 2, (y1 + y2) / 2))
    taken: list[tuple[float, float]] = []
    for text, middles in spots.items():
        x, y = (float(value) for value in np.mean(middles, axis=0))
        while any(abs(y - other) < 17 and abs(x - beside) < 150 for beside, other in taken):
            y += 17
        taken.append((x, y))
        svg.add(root, "text", text, class_="halo", x=x, y=y + 4, text_anchor="middle")


def _party(root: Element, party: Party, place: tuple[float, float]) -> None:
    x, y = place
    if party.state:
        svg.add(root, "circle", class_="party", cx=x, cy=y, r=7)
    else:
        svg.add(root, "rect", class_="party", x=x - 6, y=y - 6, width=12, height=12)
    middle = LEFT < x < RIGHT
    anchor = "middle" if middle else "end" if x <= LEFT else "start"
    beside = x if middle else x - 15 if x <= LEFT else x + 15
    down = 24 if middle else 0
    svg.add(root, "text", party.id, class_="name", x=beside, y=y + down - 1, text_anchor=anchor)
    full = party.name
    short = full if len(full) <= NAME_LENGTH else f"{full[: NAME_LENGTH - 1]}…"
    if full != party.id:
        svg.add(
            root, "text", short, class_="tick faint", x=beside, y=y + down + 13, text_anchor=anchor
        )
