"""Probabilities over days as lines, each with its interval and its label at its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from offramp.brief.charts import svg
from offramp.brief.charts.scale import spread, thin
from offramp.forecast.document import Curve
from offramp.forecast.words import interval, percent

RUNGS = 5
"""Line styles in the style sheet, `rung-1` the lightest."""


def line_chart(
    curves: Sequence[Curve], *, title: str, identifier: str, top: float, start: date
) -> Markup:
    """Return a chart of cumulative probabilities; nothing where no curve has a day.

    Args:
        curves: mildest first; the last is drawn in the strongest ink.
        title: the accessible name.
        identifier: unique on the page.
        top: end of the probability axis, from `ceiling`, shared by charts to be compared.
        start: day 0.
    """
    curves = [curve for curve in curves if curve.days]
    if not curves:
        return Markup()
    root = svg.drawing(
        title,
        "; ".join(map(_said, curves)),
        identifier,
        viewBox=f"0 0 {svg.WIDTH} {svg.HEIGHT}",
        class_="chart",
    )
    axes = svg.frame(root, max(curve.days[-1] for curve in curves), top, start)
    ends = [axes.probability(curve.probability[-1]) for curve in curves]
    for curve in curves:
        kept = thin(len(curve.days))
        upper = [(axes.days(curve.days[k]), axes.probability(curve.high[k])) for k in kept]
        lower = [(axes.days(curve.days[k]), axes.probability(curve.low[k])) for k in kept]
        band = svg.path(upper + lower[::-1], closed=True)
        svg.add(root, "path", class_=f"band {_rung(curves, curve)}", d=band)
    for curve in curves:
        points = [
            (axes.days(curve.days[k]), axes.probability(curve.probability[k]))
            for k in thin(len(curve.days))
        ]
        svg.add(root, "path", class_=f"line {_rung(curves, curve)}", d=svg.path(points))
        x, y = points[-1]
        svg.add(root, "circle", class_=f"end {_rung(curves, curve)}", cx=x, cy=y, r=3)
    # Of equal ends the graver label stands lower, as its line would.
    ranked = [end + k * 1e-6 for k, end in enumerate(ends)]
    for curve, y, end in zip(
        curves, spread(ranked, svg.LABEL_GAP, svg.TOP, svg.BOTTOM), ends, strict=True
    ):
        svg.label(root, y, end, curve.name, percent(curve.probability[-1]), _rung(curves, curve))
    return svg.written(root)


def _rung(curves: Sequence[Curve], curve: Curve) -> str:
    behind = len(curves) - 1 - curves.index(curve)
    return f"rung-{max(RUNGS - behind, 1)}"


def _said(curve: Curve) -> str:
    chance, low, high = curve.probability[-1], curve.low[-1], curve.high[-1]
    return f"{curve.name}: {percent(chance)} by day {curve.days[-1]} ({interval(low, high)})"
