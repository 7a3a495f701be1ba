"""Shares over days as stacked areas, the gravest at the foot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate
from xml.etree.ElementTree import Element

from markupsafe import Markup

from offramp.brief.charts import svg
from offramp.brief.charts.scale import spread, thin
from offramp.forecast.document import LevelsOverTime
from offramp.forecast.words import percent
from offramp.ladder import LEVEL_NAMES

LEAST_LABELLED = 0.01
"""Final share below which an area has no label of its own; the table has every figure."""


def area_chart(
    levels: LevelsOverTime,
    *,
    title: str,
    identifier: str,
    start: date,
    links: Mapping[str, str] | None = None,
) -> Markup:
    """Return a chart of the shares of futures by level; nothing where there is no day.

    The gravest level stands at the foot, so that the height of a boundary is the share of
    futures at that level or above.

    Args:
        levels: shares by day, mildest level first.
        title: the accessible name.
        identifier: unique on the page.
        start: day 0.
        links: by level, where its band leads if it is ever seen.
    """
    if not levels.days:
        return Markup()
    root = svg.drawing(
        title,
        f"On day {levels.days[-1]}: {_said(levels)}",
        identifier,
        viewBox=f"0 0 {svg.WIDTH} {svg.HEIGHT}",
        class_="chart",
    )
    if links:
        root.set("role", "group")  # what is in an image cannot be reached by keyboard
    axes = svg.frame(root, levels.days[-1], 1.0, start)
    kept = thin(len(levels.days))
    # reached[k][j]: share of futures on the k-th kept day at level j or above.
    reached = [[*[*accumulate(levels.shares[k][::-1])][::-1], 0.0] for k in kept]
    days = [axes.days(levels.days[k]) for k in kept]
    ends = []
    for j, name in enumerate(levels.levels):
        upper = [(x, axes.probability(row[j])) for x, row in zip(days, reached, strict=True)]
        lower = [(x, axes.probability(row[j + 1])) for x, row in zip(days, reached, strict=True)]
        kind = f"area level-{_rung(name, j)}"
        within = root
        if links and name in links and max(row[j] for row in levels.shares) >= LEAST_LABELLED:
            within = svg.add(root, "a", href=links[name], aria_label=f"futures that reach {name}")
        svg.add(within, "path", class_=kind, d=svg.path(upper + lower[::-1], closed=True))
        ends.append((upper[-1][1] + lower[-1][1]) / 2)
    _label(root, levels, ends)
    return svg.written(root)


def _label(root: Element, levels: LevelsOverTime, ends: Sequence[float]) -> None:
    """Name the areas that are seen on the last day, beside their middles there, *ends*."""
    final = levels.shares[-1]
    named = [j for j, value in enumerate(final) if value >= LEAST_LABELLED]
    places = spread([ends[j] for j in named], svg.LABEL_GAP, svg.TOP, svg.BOTTOM)
    for j, y in zip(named, places, strict=True):
        svg.label(root, y, ends[j], levels.levels[j], percent(final[j]), "")


def _rung(name: str, position: int) -> int:
    known = LEVEL_NAMES.index(name) if name in LEVEL_NAMES else position
    return min(known, len(LEVEL_NAMES) - 1)


def _said(levels: LevelsOverTime) -> str:
    rows = zip(levels.levels, levels.shares[-1], strict=True)
    return ", ".join(f"{name} {percent(value)}" for name, value in rows)
