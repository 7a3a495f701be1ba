"""The track record as one HTML file that needs nothing else, and its diagram as an SVG file."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from markupsafe import Markup

from offramp.brief.charts import reliability_chart, svg
from offramp.brief.html import environment, style_sheet
from offramp.brief.inert import inert_text
from offramp.forecast.words import share, signed
from offramp.ledger.record import Gap, Mean, Record

SCORES = {
    "brier": "Brier score",
    "log_loss": "log loss",
    "ranked_score": "ranked probability score",
    "crps": "CRPS",
    "log_crps": "CRPS of log(1 + x)",
}
"""Names of the scores; lower is better for all."""
TYPES = {
    "binary": "Yes/no questions",
    "multiple_choice": "Questions with several answers",
    "numeric": "Numbers",
    "date": "Days",
}
"""Names of the types of questions."""
LEFT_OUT = {
    "unresolved": "not resolved yet",
    "annulled": "annulled",
    "settled": "answered when the timeline had decided it",
    "outcome known": "as of a day on which the outcome could be known",
}
"""Why forecasts are not scored."""
DIAGRAM_TITLE = "Reliability of the answers to yes/no questions"


def record_page(record: Record) -> str:
    """Return the whole page."""
    made = environment().get_template("record.html.j2")
    return made.render(version=version("offramp"), **shown(record))


def shown(record: Record, links: Sequence[str] = ()) -> dict[str, Any]:
    """Return what the template of the record's parts shows.

    Args:
        record: to show.
        links: where each point of the reliability diagram leads, if anywhere.
    """
    return {
        "record": record,
        "summary": summary(record),
        "diagram": diagram(record, links),
        "bin_links": links,
        "sections": _sections(record),
        "scores": SCORES,
        "types": TYPES,
        "left_out": LEFT_OUT,
        "value": value,
        "spread": spread,
        "gap_value": gap_value,
        "saved": saved,
        "inert": inert_text,
        "share": share,
    }


def _sections(record: Record) -> dict[str, str]:
    """Return the titles of the page's sections by identifier, in order."""
    found = {"calibration": "Calibration"} if record.calibration else {}
    found |= {kind: TYPES[kind] for kind in record.sections}
    if record.by_crisis:
        found["crises"] = "By crisis"
    return found | {"left-out": "Not scored"}


def diagram(record: Record, links: Sequence[str] = ()) -> Markup:
    """Return the reliability diagram, for a page; nothing where no yes/no question is scored."""
    return reliability_chart(
        record.calibration, title=DIAGRAM_TITLE, identifier="reliability", links=links
    )


def record_drawing(record: Record) -> str:
    """Return the reliability diagram as an SVG file with its own style.

    Raises:
        ValueError: no yes/no question is scored.
    """
    if not record.calibration:
        raise ValueError("no reliability diagram: no forecast of a yes/no question is scored yet")
    return svg.standing_alone(diagram(record), style_sheet())


def summary(record: Record) -> str:
    """Return what the record rests on, in two sentences."""
    of = f" in {inert_text(record.crisis)}" if record.crisis else ""
    return (
        f"Questions asked{of}: {record.questions}; resolved: {record.resolved}; annulled: "
        f"{record.annulled}. Forecasts scored: {record.scored} of {record.forecasts}, "
        f"{record.prospective} of them made before the day that decided."
    )


def value(mean: Mean | None) -> str:
    """Return a mean loss, or nothing."""
    return "" if mean is None else _plain(mean.value)


def spread(mean: Mean | None) -> str:
    """Return the 90 % interval of a mean, or a dash where there is none."""
    if mean is None or mean.interval is None:
        return "–"
    low, high = mean.interval
    return f"{_plain(low)} to {_plain(high)}"


def _plain(figure: float) -> str:
    """Return a loss with three decimals, one where it is large."""
    return f"{figure:.{3 if abs(figure) < 10 else 1}f}".replace("-", "−")


def gap_value(gap: Gap | None) -> str:
    """Return our loss less another's, with its sign."""
    if gap is None:
        return ""
    text = _plain(gap.difference.value)
    return text if text.startswith("−") else f"+{text}"


def saved(gap: Gap | None) -> str:
    """Return the share of a baseline's loss that is saved, signed, 1 is perfect."""
    return "" if gap is None or gap.skill is None else signed(gap.skill)
