"""A probability over days in the size of a word: its past as a line, its present as a dot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from offramp.brief.charts import svg
from offramp.brief.charts.scale import Scale, ceiling
from offramp.forecast.words import percent, share, short_day

WIDTH, HEIGHT = 168, 38
RIGHT = 132
EDGE = 6


def sparkline(points: Sequence[tuple[date, float]], *, title: str) -> Markup:
    """Return a line through probabilities by day, from 0 %; nothing for fewer than two.

    Args:
        points: days, ascending, each with its probability.
        title: what it is of; the figures are added to it.
    """
    if len(points) < 2:
        return Markup()
    said = ", ".join(f"{short_day(day)} {percent(chance)}" for day, chance in points)
    root = svg.element(
        "svg",
        role="img",
        class_="spark",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=f"{WIDTH}",
        height=f"{HEIGHT}",
        aria_label=f"{title}: {said}",
    )
    days = [day.toordinal() for day, _ in points]
    across = Scale(days[0], days[-1], EDGE, RIGHT - EDGE)
    top = ceiling(max(chance for _, chance in points))
    up = Scale(0, top, HEIGHT - EDGE, EDGE)
    for level in (0.0, top):
        svg.add(root, "line", class_="grid", x1=0, x2=RIGHT, y1=up(level), y2=up(level))
        svg.add(root, "text", share(level), class_="tick faint", x=RIGHT + 4, y=up(level) + 4)
    placed = [(across(day), up(chance)) for day, (_, chance) in zip(days, points, strict=True)]
    svg.add(root, "path", class_="line rung-5", d=svg.path(placed))
    for x, y in placed[:-1]:
        svg.add(root, "circle", class_="end", cx=x, cy=y, r=1.6)
    svg.add(root, "circle", class_="dot", cx=placed[-1][0], cy=placed[-1][1], r=4)
    return svg.written(root)
