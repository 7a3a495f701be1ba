"""Elements of a drawing, with the frame that time charts share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from markupsafe import Markup

from offramp.brief.charts.scale import Scale, day_ticks, probability_ticks
from offramp.forecast.words import share, short_day

WIDTH, HEIGHT = 420, 250
LEFT, RIGHT, TOP, BOTTOM = 40, 290, 10, 212
"""Edges of the plot; direct labels stand to the right of it."""

LABEL_GAP = 15
LABEL_LENGTH = 12

Value = str | float


def add(parent: Element, tag: str, text: str = "", /, **attributes: Value) -> Element:
    """Add an element; `class_` stands for ``class`` and underscores for hyphens."""
    element = SubElement(parent, tag, _attributes(attributes))
    element.text = text or None
    return element


def element(tag: str, /, **attributes: Value) -> Element:
    """Return an element that stands in no other; names as in `add`."""
    return Element(tag, _attributes(attributes))


def _attributes(attributes: dict[str, Value]) -> dict[str, str]:
    return {
        name.rstrip("_").replace("_", "-"): value if isinstance(value, str) else f"{value:.5g}"
        for name, value in attributes.items()
    }


def drawing(title: str, description: str, identifier: str, **attributes: Value) -> Element:
    """Return an empty drawing with its accessible name and description.

    *identifier* must be unique on the page.
    """
    names = {"title": f"{identifier}-title", "desc": f"{identifier}-desc"}
    labels = " ".join(names.values())
    root = element("svg", role="img", aria_labelledby=labels, **attributes)
    for tag, text in (("title", title), ("desc", description)):
        add(root, tag, text or title, id=names[tag])
    return root


def written(root: Element) -> Markup:
    """Return a drawing as markup for a page; all text in it is escaped."""
    return Markup(tostring(root, encoding="unicode"))


def standing_alone(drawing: Markup, style: str) -> str:
    """Return a drawing as a file of its own, with the style sheet that it needs in it."""
    root = fromstring(drawing)
    root.set("xmlns", "http://www.w3.org/2000/svg")
    sheet = Element("style")
    sheet.text = style
    names = sum(child.tag in ("title", "desc") for child in root)
    root.insert(names, sheet)
    return tostring(root, encoding="unicode") + "\n"


def path(points: Sequence[tuple[float, float]], *, closed: bool = False) -> str:
    """Return the path through *points*, with one decimal."""
    steps = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f"M{steps}{'Z' if closed else ''}"


@dataclass(frozen=True)
class Frame:
    """The axes of a chart over days: `days` left to right, probability `x`-ward from below."""

    days: Scale
    probability: Scale


def frame(root: Element, last_day: int, top: float, start: date) -> Frame:
    """Draw the axes of a chart of probabilities, 0 to *top*, over days 0 to *last_day*."""
    axes = Frame(Scale(0, last_day, LEFT, RIGHT), Scale(0, top, BOTTOM, TOP))
    for tick in probability_ticks(top):
        y = axes.probability(tick)
        add(root, "line", class_="grid" if tick else "axis", x1=LEFT, x2=RIGHT, y1=y, y2=y)
        add(root, "text", share(tick), class_="tick", x=LEFT - 5, y=y + 4, text_anchor="end")
    for day in day_ticks(last_day):
        x = axes.days(day)
        add(root, "line", class_="axis", x1=x, x2=x, y1=BOTTOM, y2=BOTTOM + 4)
        when = short_day(start + timedelta(days=day))
        add(root, "text", f"day {day}", class_="tick", x=x, y=BOTTOM + 17, text_anchor="middle")
        add(root, "text", when, class_="tick faint", x=x, y=BOTTOM + 31, text_anchor="middle")
    return axes


def label(root: Element, y: float, at: float, name: str, value: str, kind: str) -> None:
    """Write a direct label at *y*, with a thin leader from *at*, where its mark ends."""
    if abs(y - at) > 2:
        points = [(RIGHT + 1, at), (RIGHT + 5, at), (RIGHT + 9, y), (RIGHT + 11, y)]
        add(root, "path", class_="leader", d=path(points))
    text = add(root, "text", class_=f"label {kind}", x=RIGHT + 13, y=y + 4)
    add(text, "tspan", f"{value} ", class_="value")
    short = name if len(name) <= LABEL_LENGTH else f"{name[: LABEL_LENGTH - 1]}…"
    add(text, "tspan", short)
