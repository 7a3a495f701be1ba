"""The board's own charts: parts of a crisis, of the ledger and of an answer put to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from markupsafe import Markup

from offramp.board.logged import Past
from offramp.board.state import View
from offramp.brief import phrases
from offramp.brief.charts import area_chart, svg
from offramp.brief.charts.rungs import Deed, rungs_chart
from offramp.brief.charts.sparkline import sparkline
from offramp.brief.inert import inert_text
from offramp.crisis.schema import Act, Crisis
from offramp.forecast.document import Answer, Forecast, LevelsOverTime
from offramp.ladder import Level, level_named

DAY = timedelta(days=1)
LEAST_SHOWN, ACTS_SHOWN = 28, 24
"""Days, and acts, that the chart of the timeline shows at least, where there are so many."""
READ_AT = 14
"""Day at which a band of levels is read, where the viewer names none."""


def timeline_chart(crisis: Crisis, whole: Crisis) -> Markup:
    """Return the latest acts of a crisis on the ladder, and days of which the file tells more.

    Args:
        crisis: as of its day.
        whole: the file with its later facts, of which the days alone are shown.
    """
    main = crisis.fronts[0].pairs[0]
    deeds = []
    for entry in crisis.timeline:
        if isinstance(entry, Act):
            side = main.index(entry.actor) + 1 if entry.actor in main else 0
            text = inert_text(f"{entry.actor} → {entry.target}, {entry.level}: {entry.text}")
            deeds.append(Deed(entry.day, int(level_named(entry.level)), side, text))
    shown = sorted(deed.day for deed in deeds)[-ACTS_SHOWN:]
    first = max(min([crisis.as_of - LEAST_SHOWN * DAY, *shown]), crisis.coded_from - DAY)
    first = min(first, crisis.as_of - LEAST_SHOWN // 2 * DAY)
    return rungs_chart(
        deeds,
        title="The latest acts on the ladder, by day",
        first=first,
        last=crisis.as_of + max((crisis.as_of - first).days // 6, 5) * DAY,
        now=crisis.as_of,
        later=[entry.day for entry in whole.timeline if entry.known > crisis.as_of],
    )


def days_strip(days: Sequence[date], whole: Crisis) -> Markup:
    """Return a tick for each day of a slider on which something became known."""
    known = sorted({entry.known for entry in whole.timeline} & set(days))
    ends = max(len(days) - 1, 1)
    root = svg.element("svg", role="img", class_="days", width="100%", height="9")
    root.set("aria-label", f"Days on which facts became known: {len(known)}")
    for day in known:
        x = f"{100 * (day - days[0]).days / ends:.2f}%"
        svg.add(root, "line", class_="known", x1=x, x2=x, y1=0, y2=9)
    return svg.written(root)


def history(answer: Answer, past: Past | None, forecast: Forecast) -> Markup:
    """Return how the forecast of a question ran up to now; nothing where nothing was logged."""
    if past is None or answer.probability is None:
        return Markup()
    before = past.until(forecast.as_of, answer.probability)
    points = [point for point in before if point[0] < forecast.as_of]
    return sparkline([*points, (forecast.as_of, answer.probability)], title="The forecast so far")


def levels_chart(forecast: Forecast, levels: LevelsOverTime, identifier: str, view: View) -> Markup:
    """Return shares of futures by level; each band leads to futures in it."""
    day = min(READ_AT, levels.days[-1]) if levels.days else READ_AT
    return area_chart(
        levels,
        title=(
            "Shares of futures by gravest level in the week before each day: "
            f"{phrases.front_name(forecast, levels.front)}"
        ),
        identifier=identifier,
        start=forecast.as_of,
        links={
            level.label: view.url("/futures", front=levels.front, level=level.label, by=str(day))
            for level in Level
        },
    )
