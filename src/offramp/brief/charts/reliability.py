"""The reliability diagram: how often what was forecast at a probability came true."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from xml.etree.ElementTree import Element

from markupsafe import Markup

from offramp.brief.charts import svg
from offramp.brief.charts.scale import Scale
from offramp.forecast.words import interval, share
from offramp.score.reliability import ReliabilityBin

SIDE = 360
LEFT, RIGHT, TOP, BOTTOM = 56, SIDE - 22, 12, SIDE - 46
ENDS = (0.2, 0.4, 0.6, 0.8, 1.0)
"""Where the axes may end; four steps to each are whole percents."""
TICKS = 4
LEAST_RADIUS, MOST_RADIUS = 3.0, 9.0


def reliability_chart(
    bins: Sequence[ReliabilityBin],
    *,
    title: str,
    identifier: str,
    links: Sequence[str] | None = None,
) -> Markup:
    """Return a reliability diagram; nothing where there are no points.

    A dot's area grows with its number of forecasts; its line is the 90 % interval of the share
    that came true. On the diagonal a forecast is reliable. Both axes end at the first of `ENDS`
    that holds all of it, so that forecasts of what is rare do not huddle in a corner.

    Args:
        bins: the points.
        title: the accessible name.
        identifier: unique on the page.
        links: where the point of each bin leads.
    """
    if not bins:
        return Markup()
    root = svg.drawing(
        title,
        "; ".join(map(_said, bins)),
        identifier,
        viewBox=f"0 0 {SIDE} {SIDE}",
        class_="chart",
    )
    if links:
        root.set("role", "group")
    across, up = _axes(root, _end(bins))
    most = max(one.cases for one in bins)
    for one in bins:
        x = across(one.forecast)
        svg.add(root, "line", class_="range over", x1=x, x2=x, y1=up(one.low), y2=up(one.high))
    for number, one in enumerate(bins):
        radius = max(LEAST_RADIUS, MOST_RADIUS * sqrt(one.cases / most))
        x, y = across(one.forecast), up(one.observed)
        place = root
        if links:
            place = svg.add(root, "a", href=links[number], aria_label=_said(one))
        svg.add(place, "circle", class_="dot", cx=x, cy=y, r=radius)
    return svg.written(root)


def _end(bins: Sequence[ReliabilityBin]) -> float:
    furthest = max(max(one.forecast, one.observed, one.high) for one in bins)
    return next((end for end in ENDS if furthest <= end), ENDS[-1])


def _axes(root: Element, end: float) -> tuple[Scale, Scale]:
    """Draw both axes and the diagonal; return where probabilities stand across and up."""
    across, up = Scale(0, end, LEFT, RIGHT), Scale(0, end, BOTTOM, TOP)
    for step in range(TICKS + 1):
        tick = end * step / TICKS
        x, y = across(tick), up(tick)
        svg.add(root, "line", class_="grid" if tick else "axis", x1=LEFT, x2=RIGHT, y1=y, y2=y)
        svg.add(root, "line", class_="grid" if tick else "axis", x1=x, x2=x, y1=TOP, y2=BOTTOM)
        svg.add(root, "text", share(tick), class_="tick", x=LEFT - 5, y=y + 4, text_anchor="end")
        svg.add(root, "text", share(tick), class_="tick", x=x, y=BOTTOM + 17, text_anchor="middle")
    middle = (LEFT + RIGHT) / 2
    svg.add(root, "text", "forecast", class_="tick", x=middle, y=BOTTOM + 36, text_anchor="middle")
    turned = f"rotate(-90 12 {(TOP + BOTTOM) / 2:g})"
    svg.add(
        root,
        "text",
        "came true",
        class_="tick",
        x=12,
        y=(TOP + BOTTOM) / 2,
        text_anchor="middle",
        transform=turned,
    )
    svg.add(root, "line", class_="axis", x1=LEFT, x2=RIGHT, y1=BOTTOM, y2=TOP)
    return across, up


def _said(one: ReliabilityBin) -> str:
    return (
        f"forecast {share(one.forecast)}, came true {share(one.observed)} "
        f"({interval(one.low, one.high)}), {one.cases} forecasts"
    )
