"""A tornado: changes of one probability as bars from none, the longest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markupsafe import Markup

from offramp.brief.charts import svg
from offramp.brief.charts.scale import Scale

WIDTH, LEFT, RIGHT = 900, 330, 720
ROW, TOP, BOTTOM = 24, 54, 22
BAR = 14
LABEL_LENGTH = 52
NONE = "0.0"
"""A change that rounds to none, in percentage points."""
STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Between ticks, in probability."""


@dataclass(frozen=True)
class Bar:
    """One bar.

    Attributes:
        label: what was changed.
        change: of the probability, -1 to 1.
        low: lower end of its interval.
        high: upper end.
    """

    label: str
    change: float
    low: float
    high: float


def points(change: float) -> str:
    """Return a change of a probability in percentage points, signed, with a true minus."""
    text = f"{100 * abs(change):.1f}"
    return text if text == NONE else f"{'−' if change < 0 else '+'}{text}"


def said(bar: Bar) -> str:
    """Return a bar in words: its change and its interval."""
    return f"{points(bar.change)} ({points(bar.low)} to {points(bar.high)})"


def short(label: str) -> str:
    """Return a label that fits: of a long one the middle is left out, since ends tell them apart.

    Questions of one crisis often differ only in who is asked about and by when.
    """
    if len(label) <= LABEL_LENGTH:
        return label
    half = LABEL_LENGTH // 2 - 1
    start, end = label[:half], label[-half:]
    return f"{start.rpartition(' ')[0] or start} … {end.partition(' ')[2] or end}"


def tornado(
    bars: Sequence[Bar], *, title: str, note: str, identifier: str, style: str = ""
) -> Markup:
    """Return a tornado chart; nothing where there is no bar.

    Args:
        bars: drawn from above in this order.
        title: its accessible name, and over a chart that stands in a file of its own.
        note: below it: what the bars and lines are.
        identifier: unique on the page.
        style: style sheet to put in, for a drawing that stands in a file of its own.
    """
    if not bars:
        return Markup()
    height = TOP + ROW * len(bars) + BOTTOM
    description = "; ".join(f"{bar.label}: {said(bar)}" for bar in bars)
    root = svg.drawing(
        title, description, identifier, viewBox=f"0 0 {WIDTH} {height}", class_="tornado"
    )
    if style:
        root.set("xmlns", "http://www.w3.org/2000/svg")
        svg.add(root, "style", style)
        svg.add(root, "rect", class_="paper", width=f"{WIDTH}", height=f"{height}")
        svg.add(root, "text", title, class_="heading", x=8, y=18)
    svg.add(root, "text", note, class_="tick", x=8, y=height - 6)
    end = max(max(abs(bar.change), abs(bar.low), abs(bar.high)) for bar in bars) or STEPS[0]
    scale = Scale(-end, end, LEFT, RIGHT)
    _axis(root, scale, height)
    for row, bar in enumerate(bars):
        _bar(root, scale, bar, TOP + ROW * row + ROW / 2)
    return svg.written(root)


def _axis(root: Element, scale: Scale, height: float) -> None:
    step = next((one for one in STEPS if scale.high / one <= 4), STEPS[-1])
    count = int(scale.high / step)
    for k in range(-count, count + 1):
        x = scale(k * step)
        foot = height - BOTTOM
        svg.add(root, "line", class_="grid" if k else "axis", x1=x, x2=x, y1=TOP - 6, y2=foot)
        mark = points(k * step) if k else "no change"
        svg.add(root, "text", mark, class_="tick", x=x, y=TOP - 12, text_anchor="middle")


def _bar(root: Element, scale: Scale, bar: Bar, y: float) -> None:
    svg.add(root, "text", short(bar.label), class_="label", x=LEFT - 10, y=y + 4, text_anchor="end")
    x, origin = scale(bar.change), scale(0.0)
    svg.add(
        root,
        "rect",
        class_="lowers" if bar.change < 0 else "raises",
        x=min(x, origin),
        y=y - BAR / 2,
        width=abs(x - origin),
        height=f"{BAR}",
    )
    svg.add(root, "line", class_="spread", x1=scale(bar.low), x2=scale(bar.high), y1=y, y2=y)
    svg.add(root, "text", said(bar), class_="tick", x=RIGHT + 10, y=y + 4)
