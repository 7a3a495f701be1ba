"""Acts on the ladder by day: what was done, how grave it was, and by whom.

Places across are in per cent, so that the drawing is as wide as the page and its type keeps its
size on any screen. The names of the levels stand at the right, over days to come, which have no
marks: at the left they would be under the first ones where the screen is narrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from xml.etree.ElementTree import Element

from markupsafe import Markup

from offramp.brief.charts import svg
from offramp.brief.charts.scale import Scale
from offramp.forecast.words import short_day
from offramp.ladder import LEVEL_NAMES, Level

RUNG, TOP, FOOT = 24, 20, 24
LOW, HIGH = Level.CONCILIATE, Level.WAR
HEIGHT = TOP + RUNG * (HIGH - LOW + 1) + FOOT
LEFT, RIGHT = 1.5, 91.0
"""Places of the first and the last day, in per cent; what is free beside them is for names."""
NUDGE = 5.5
"""Between marks of one day and level, up and down."""


@dataclass(frozen=True)
class Deed:
    """One act.

    Attributes:
        day: when.
        level: of the ladder.
        side: 1 or 2 of the main pair; 0 for others.
        text: what it was.
    """

    day: date
    level: int
    side: int
    text: str


def rungs_chart(
    deeds: Sequence[Deed],
    *,
    title: str,
    first: date,
    last: date,
    now: date,
    later: Sequence[date] = (),
) -> Markup:
    """Return the chart; shapes tell the sides apart: disc, ring, and diamond for others.

    Args:
        deeds: drawn where they lie between the days.
        title: the accessible name; how many acts each level has is added.
        first: day at the left end.
        last: day at the right end.
        now: the as-of day, drawn as a line.
        later: days after it of which the file has facts: marked, not told.
    """
    shown = [deed for deed in deeds if first <= deed.day <= last and LOW <= deed.level <= HIGH]
    counted = Counter(deed.level for deed in shown)
    said = ", ".join(f"{LEVEL_NAMES[level]} {counted[level]}" for level in sorted(counted))
    root = svg.element("svg", role="img", class_="rungs", height=f"{HEIGHT}")
    root.set("aria-label", f"{title}: {said or 'no act'}")
    across = Scale(first.toordinal(), last.toordinal(), LEFT, RIGHT)
    _axes(root, across, first, last)
    for day in sorted(set(later)):
        if now < day <= last:
            x = f"{across(day.toordinal()):.2f}%"
            svg.add(root, "line", class_="later", x1=x, x2=x, y1=_foot() - 7, y2=_foot())
    x = f"{across(now.toordinal()):.2f}%"
    svg.add(root, "line", class_="asof", x1=x, x2=x, y1=4, y2=_foot() + 4)
    seen: Counter[tuple[date, int]] = Counter()
    for deed in sorted(shown, key=lambda one: (one.day, one.level)):
        _mark(root, deed, across, seen[deed.day, deed.level])
        seen[deed.day, deed.level] += 1
    return svg.written(root)


def _rung(level: int) -> float:
    return TOP + RUNG * (HIGH - level) + RUNG / 2


def _foot() -> float:
    return TOP + RUNG * (HIGH - LOW + 1)


def _axes(root: Element, across: Scale, first: date, last: date) -> None:
    for level in range(LOW, HIGH + 1):
        y = _rung(level)
        svg.add(root, "line", class_="grid", x1="0", x2="100%", y1=y, y2=y)
        name = LEVEL_NAMES[level]
        svg.add(root, "text", name, class_="tick faint", x="100%", y=y - 4, text_anchor="end")
    days = (last - first).days
    ticks = [first.fromordinal(first.toordinal() + round(days * k / 4)) for k in range(5)]
    anchors = ("start", "middle", "middle", "middle", "end")
    spaced = [True, *(later > earlier for earlier, later in pairwise(ticks))]
    for k, (tick, anchor) in enumerate(zip(ticks, anchors, strict=True)):
        if spaced[k]:
            x = f"{across(tick.toordinal()):.2f}%"
            kind = "tick faint" if k % 4 == 0 else "tick faint between"
            svg.add(
                root, "text", short_day(tick), class_=kind, x=x, y=HEIGHT - 6, text_anchor=anchor
            )


def _mark(root: Element, deed: Deed, across: Scale, place: int) -> None:
    x = f"{across(deed.day.toordinal()):.2f}%"
    shift = (place + 1) // 2 * NUDGE * (-1 if place % 2 else 1)
    y = _rung(deed.level) + max(min(shift, RUNG / 2 + 4), -RUNG / 2 - 4)
    kind = f"deed level-{deed.level}"
    if deed.side == 0:
        inner = svg.add(root, "svg", x=x, y=y, overflow="visible")
        points = [(0, -5.5), (5.5, 0), (0, 5.5), (-5.5, 0)]
        mark = svg.add(inner, "path", class_=kind, d=svg.path(points, closed=True))
    else:
        hollow = " hollow" if deed.side == 2 else ""
        mark = svg.add(root, "circle", class_=kind + hollow, cx=x, cy=y, r=5.5)
    svg.add(mark, "title", f"{short_day(deed.day)}: {deed.text}")
