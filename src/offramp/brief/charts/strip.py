"""Marks on one axis: an interval with its point, a base rate, a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element

from markupsafe import Markup

from offramp.brief.charts import svg
from offramp.brief.charts.scale import Scale

HEIGHT = 26
MIDDLE = HEIGHT / 2
INSET = 2
"""Share of the width, per cent, kept free at either end so that marks at the ends are whole."""


@dataclass(frozen=True)
class Mark:
    """One mark.

    Attributes:
        kind: `range` and `bar` span two figures; `dot`, `ring`, `tick` and `diamond` stand at one.
        at: the figure, or the first of two.
        to: the second figure of a span.
        style: a class of the style sheet, for example `before` or `elicited`.
    """

    kind: Literal["range", "bar", "dot", "ring", "tick", "diamond"]
    at: float
    to: float = 0.0
    style: str = ""


def strip(
    marks: Sequence[Mark],
    *,
    title: str,
    low: float = 0.0,
    high: float = 1.0,
    ticks: Sequence[float] = (0, 0.25, 0.5, 0.75, 1),
) -> Markup:
    """Return a strip as wide as the place where it stands, `HEIGHT` pixels high.

    Args:
        marks: drawn in order.
        title: what it says, figures included; it is all that a screen reader reads of it.
        low: figure at the left end.
        high: figure at the right end.
        ticks: figures at which the axis has a tick.
    """
    scale = Scale(low, high, INSET, 100 - INSET)

    def place(value: float) -> str:
        return f"{scale(min(max(value, low), high)):.2f}%"

    root = Element("svg", {"role": "img", "class": "strip", "height": f"{HEIGHT}"})
    root.set("aria-label", title)
    line = {"y1": MIDDLE, "y2": MIDDLE}
    svg.add(root, "line", class_="axis", x1=place(low), x2=place(high), **line)
    for tick in ticks:
        x = place(tick)
        svg.add(root, "line", class_="axis", x1=x, x2=x, y1=MIDDLE - 3, y2=MIDDLE + 3)
    for mark in marks:
        _draw(root, mark, place(mark.at), place(mark.to))
    return svg.written(root)


def _draw(root: Element, mark: Mark, x: str, to: str) -> None:
    kind = f"{mark.kind} {mark.style}".strip()
    if mark.kind in ("range", "bar"):
        svg.add(root, "line", class_=kind, x1=x, x2=to, y1=MIDDLE, y2=MIDDLE)
    elif mark.kind == "tick":
        svg.add(root, "line", class_=kind, x1=x, x2=x, y1=2, y2=HEIGHT - 2)
    elif mark.kind == "diamond":
        # A drawing within keeps its shape where only the place is in per cent.
        inner = svg.add(root, "svg", x=x, y=0, overflow="visible")
        points = [(0, MIDDLE - 7), (6, MIDDLE), (0, MIDDLE + 7), (-6, MIDDLE)]
        svg.add(inner, "path", class_=kind, d=svg.path(points, closed=True))
    else:
        svg.add(root, "circle", class_=kind, cx=x, cy=MIDDLE, r=6)
