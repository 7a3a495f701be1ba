"""The report of a fit as one HTML file that needs nothing else."""

from __future__ import annotations

from importlib.metadata import version

from markupsafe import Markup

from offramp.brief.charts import Mark, strip
from offramp.brief.html import environment
from offramp.choice.diagnosing import Diagnosis, Prediction, Weight
from offramp.choice.figures import Figures
from offramp.choice.tempo import TempoFit

SECTIONS = {
    "diagnostics": "Diagnostics",
    "predictions": "What was seen, and what the fit expects",
    "weights": "Weights by term",
    "sensitivity": "What the prior decides",
    "resolve": "Resolve by state",
    "other": "Tempo, raids and wars",
    "made": "What it was made from",
}
DRAWN_LEVEL = "limited"
"""The level whose weights are drawn; the others stand in figures."""


def fit_page(figures: Figures, diagnosis: Diagnosis, tempo: TempoFit) -> str:
    """Return the whole page.

    Args:
        figures: that the fit gave.
        diagnosis: of the fit.
        tempo: of burning fronts, by front.
    """
    return (
        environment()
        .get_template("fit.html.j2")
        .render(
            figures=figures,
            made=figures.provenance,
            diagnosis=diagnosis,
            tempo=tempo,
            sections=SECTIONS,
            levels=list(dict.fromkeys(weight.level for weight in diagnosis.weights)),
            terms=_by_term(diagnosis.weights),
            drawn=DRAWN_LEVEL,
            end=_largest(diagnosis.weights),
            weight_strip=weight_strip,
            prediction_strip=prediction_strip,
            normal=normal,
            version=version("offramp"),
        )
    )


def _by_term(weights: tuple[Weight, ...]) -> dict[str, dict[str, Weight]]:
    out: dict[str, dict[str, Weight]] = {}
    for weight in weights:
        out.setdefault(weight.term, {})[weight.level] = weight
    return out


def _largest(weights: tuple[Weight, ...]) -> float:
    """End of the axis that the drawn weights share."""
    drawn = [one for one in weights if one.level == DRAWN_LEVEL and one.term != "intercept"]
    return max((max(map(abs, one.interval)) for one in drawn), default=1.0)


def normal(mean: float, spread: float) -> str:
    """Return a mean with its standard deviation."""
    return f"{mean:+.2f} ± {spread:.2f}"


def weight_strip(weight: Weight, end: float) -> Markup:
    """Return a weight with its 90 %, on an axis from -end to end."""
    low, high = weight.interval
    said = f"{weight.term}, {weight.level}: {weight.mean:+.2f}, 90 % from {low:+.2f} to {high:+.2f}"
    marks = [Mark("range", low, high), Mark("dot", weight.mean)]
    return strip(marks, title=said, low=-end, high=end, ticks=(-end, 0, end))


def prediction_strip(prediction: Prediction) -> Markup:
    """Return what was observed on the 90 % of what was predicted, up to twice the mean or so."""
    low, high = prediction.interval
    top = max(2.0 * prediction.predicted, 1.1 * prediction.observed, high, 1.0)
    said = f"{prediction.observed} seen; expected {low:.0f} to {high:.0f}"
    marks = [
        Mark("range", low, high),
        Mark("ring", prediction.predicted),
        Mark("dot", float(prediction.observed)),
    ]
    return strip(marks, title=said, low=0.0, high=top, ticks=(0, top))
