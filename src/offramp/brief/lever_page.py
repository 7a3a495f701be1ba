"""Effects of levers as a drawing or a page of their own: a tornado with its table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from offramp.brief.charts.tornado import NONE, Bar, points, tornado
from offramp.brief.html import environment
from offramp.brief.inert import inert_text
from offramp.crisis.questions import Question
from offramp.forecast.levers.effects import Effect, Experiment
from offramp.forecast.levers.searching import Interaction
from offramp.forecast.words import day

MOST_BARS = 30
NOTE = "Bars: change in percentage points; lines: 90 % over posterior draws."
DO = (
    "This is what to expect if it is made so, not on learning that it is so: the past and all else "
    "stay as they are."
)
STANDS_FOR = {
    "first_response": "by overt force",
    "first_day": "by the close",
    "killed_number": "more than the median without levers",
}
"""What a question's probability is of, by its type, where the answer is not yes or no."""
SVG_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1c1b19; }
.heading { font-weight: 700; font-size: 14px; }
.tick { fill: #625e56; font-size: 11px; }
.paper { fill: #fffdf8; } .grid { stroke: #dcd7cb; } .axis { stroke: #625e56; }
.lowers { fill: #0d4f73; } .raises { fill: #b84a22; }
.spread { stroke: #1c1b19; stroke-width: 1.5; }
"""
"""For a drawing in a file of its own, which has no page around it."""

Row = tuple[str, Effect]
"""What was changed, or which question is asked, and the effect."""


def label_of(question: Question) -> str:
    """Return a question with what its probability is of, where that is not plain."""
    of = STANDS_FOR.get(question.type)
    return question.text if of is None else f"{question.text} ({of})"


def run_line(trial: Experiment) -> str:
    """Return the crisis, its day and the size of the run, in a line."""
    crisis = trial.crisis
    return (
        f"{crisis.title}, as of {day(crisis.as_of)}; {trial.futures.count:,} pairs of futures, "
        f"seed {trial.seed}"
    )


def moves(effect: Effect) -> bool:
    """Tell whether any figure of an effect shows as other than none."""
    return any(points(one) != NONE for one in (effect.change, *effect.interval))


@dataclass(frozen=True)
class LeverPage:
    """What levers do, to be written to a file.

    Attributes:
        title: of the page.
        rows: label and effect, in the order to show.
        pairs: of each interaction the id of the question that is shown, and the interaction.
        notes: paragraphs before the chart.
        after: paragraphs after the tables.
    """

    title: str
    rows: Sequence[Row]
    pairs: Sequence[tuple[str, Interaction]] = ()
    notes: Sequence[str] = ()
    after: Sequence[str] = ()


def _drawn(shown: LeverPage, style: str) -> Markup:
    bars = [
        Bar(inert_text(label), effect.change, *effect.interval)
        for label, effect in shown.rows[:MOST_BARS]
    ]
    title = inert_text(shown.title)
    return tornado(bars, title=title, note=NOTE, identifier="tornado", style=style)


def lever_svg(shown: LeverPage) -> str:
    """Return the tornado as a drawing of its own; figures stand beside the bars."""
    return f"{_drawn(shown, SVG_STYLE)}\n"


def lever_html(shown: LeverPage) -> str:
    """Return the tornado with tables of all effects and of interactions as one page."""
    table = [
        (
            inert_text(label),
            f"{100 * effect.before:.1f} %",
            f"{100 * effect.after:.1f} %",
            points(effect.change),
            f"{points(effect.interval[0])} to {points(effect.interval[1])}",
            f"{100 * effect.monte_carlo_error:.2f}",
        )
        for label, effect in shown.rows
    ]
    both = [
        (
            " and ".join(inert_text(str(one)) for one in pair.settings),
            points(pair.effects[question].change),
            points(pair.beyond[question]),
            f"{100 * pair.monte_carlo_error[question]:.2f}",
        )
        for question, pair in shown.pairs
    ]
    template = environment().get_template("levers.html.j2")
    return template.render(
        title=inert_text(shown.title),
        notes=[inert_text(note) for note in shown.notes],
        chart=_drawn(shown, ""),
        rows=table,
        pairs=both,
        after=[inert_text(note) for note in shown.after],
    )


LEVER_FORMATS: dict[str, Callable[[LeverPage], str]] = {"svg": lever_svg, "html": lever_html}
"""What writes each format, by file suffix without its dot."""
