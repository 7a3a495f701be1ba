"""What a backtest found, as a page: scores beside baselines, and how reliable it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from offramp.brief.charts import reliability_chart
from offramp.brief.pages import Page, Section
from offramp.forecast.words import share

if TYPE_CHECKING:  # how a response's day is scored needs pandas, and showing it does not
    from offramp.score.icb_response import ResponseBacktest
    from offramp.score.reliability import ReliabilityBin
    from offramp.score.report import Backtest, Score

TITLES = {
    "mie-30": "The gravest that a state does in the 30 days after an act on it",
    "icb-response": "Major responses of actors in crises",
    "icb-outcome": "Serious clashes and full-scale war in crises",
    "tempo": "Attacks a day on burning fronts",
}
"""What each backtest is of."""
BESIDE = "log loss, ours less its (90 %)"
SCORE_COLUMNS = (
    *("forecast", "log loss (90 %)", "Brier", "AUC", "slope"),
    *(BESIDE, "Brier, ours less its (90 %)"),
)
PART_COLUMNS = (
    *("cases of", "cases", "came true", "log loss (90 %)", "Brier", "AUC", "slope"),
    *("best baseline", BESIDE),
)
CONVENTION = (
    "Losses: lower is better. Intervals are 90 %, by the bootstrap over pairs of states or crises. "
    "Differences are on the same cases: below 0, ours is better."
)
TEMPO_LOSSES = {"log_loss": "log loss", "crps": "CRPS"}


def backtest_page(found: Mapping[str, Backtest], again: str) -> Page:
    """Return the page of one backtest or several.

    Args:
        found: by the name of what is forecast.
        again: the command that gives the page again.
    """
    first = next(iter(found.values()))
    sections = [one for name, part in found.items() for one in _sections(name, part)]
    return _page(first.test, first.split, [*first.notes, CONVENTION], sections, again)


def response_page(found: ResponseBacktest, again: str) -> Page:
    """Return the page of the backtest of responses and of their days."""
    named = {"Four kinds of response": found.classes, "Three kinds of response": found.three}
    sections = [one for name, part in named.items() for one in _sections(name, part)]
    day = found.day
    shown = Section(
        "Day of the response",
        [f"CRPS in days, over {day.cases:,} cases whose day of response is known."],
        ("forecast", "CRPS (90 %)", "ours less its (90 %)"),
        [
            ("offramp", _with_interval(day.crps, day.interval, 2), ""),
            (
                "table by trigger group",
                f"{day.table_crps:.2f}",
                gap(day.difference, day.difference_interval, 2),
            ),
        ],
    )
    notes = [*found.classes.notes, CONVENTION]
    return _page(found.classes.test, found.classes.split, notes, [*sections, shown], again)


def tempo_page(found: Mapping[str, Any], again: str) -> Page:
    """Return the page of the backtest of tempo, from its plain data."""
    sections = [_tempo("Attacks of a day", "log_loss", found)]
    for days, part in found["totals"].items():
        sections.append(_tempo(f"Attacks of {days} days", "crps", part))
    return _page("tempo", found["split"], [CONVENTION], sections, again)


def _page(
    test: str, split: str, notes: Sequence[str], sections: Sequence[Section], again: str
) -> Page:
    return Page(TITLES[test], f"Backtest {test}, {split}", notes, sections, again)


def _sections(name: str, found: Backtest) -> Iterator[Section]:
    """Yield the sections of one backtest: scores, reliability, and parts where there are any."""
    about = (
        f"{found.cases:,} cases in {found.clusters:,} clusters. Answers: "
        f"{', '.join(found.classes)}. Brier score, AUC and slope are of “{found.event}”, which "
        f"came true {found.events:,} times."
    )
    everyone = {"offramp": found.offramp, **found.variants, **found.baselines}
    rows = [_score_row(other, score, found) for other, score in everyone.items()]
    yield Section(name, [about], SCORE_COLUMNS, rows)
    title = f"{name}: reliability of “{found.event}”"
    yield reliability_section(title, found.reliability, found.offramp.slope)
    if found.parts:
        yield Section(
            f"{name}: parts of the test", (), PART_COLUMNS, [_part_row(one) for one in found.parts]
        )


def _score_row(name: str, score: Score, found: Backtest) -> tuple[str, ...]:
    row = (name, _with_interval(score.log_loss, score.interval), *_of_event(score))
    paired = found.paired.get(name)
    if paired is None:
        return *row, "", ""
    brier = gap(paired.brier_difference, paired.brier_interval, 4)
    return *row, gap(paired.log_loss_difference, paired.interval), brier


def _of_event(score: Score) -> tuple[str, str, str]:
    """Return Brier score, AUC and slope; a forecast that never varies has no slope."""
    slope = f"{score.slope:.2f}" if score.slope == score.slope else "–"
    return f"{score.brier:.4f}", f"{score.auc:.3f}", slope


def _part_row(found: Backtest) -> tuple[str, ...]:
    ours, best = found.offramp, best_baseline(found)
    paired = found.paired[best]
    return (
        *(found.split, f"{found.cases:,}", f"{found.events:,}"),
        *(_with_interval(ours.log_loss, ours.interval), *_of_event(ours)),
        *(best, gap(paired.log_loss_difference, paired.interval)),
    )


def best_baseline(found: Backtest) -> str:
    """Return the name of the baseline with the lowest log loss."""
    return min(found.baselines, key=lambda name: found.baselines[name].log_loss)


def reliability_section(title: str, bins: Sequence[ReliabilityBin], slope: float) -> Section:
    """Return how often came true what was forecast, as a table and a diagram.

    Args:
        title: the heading.
        bins: groups of forecasts, by what was forecast.
        slope: of logistic recalibration.
    """
    identifier = "-".join(re.findall(r"\w+", title.lower()))
    return Section(
        title,
        [
            "Groups of about as many cases each. Dots on the diagonal came true as often as "
            "forecast; lines are Wilson’s 90 %, cases taken as independent. Slope "
            f"of logistic recalibration {slope:.2f}: 1 is reliable, below 1 too "
            "extreme, above 1 too timid."
        ],
        ("forecast", "came true", "90 %", "cases"),
        [
            (
                *(share(one.forecast), share(one.observed)),
                *(f"{share(one.low)} to {share(one.high)}", f"{one.cases:,}"),
            )
            for one in bins
        ],
        reliability_chart(bins, title=title, identifier=identifier),
    )


def _tempo(title: str, kind: str, part: Mapping[str, Any]) -> Section:
    """Return the scores of counts; of totals also how many lay within the forecast's 90 %."""
    everyone = {"offramp": part["offramp"], **part["variants"], **part["baselines"]}
    covered = "coverage" in part["offramp"]
    loss = TEMPO_LOSSES[kind]
    rows = []
    for name, score in everyone.items():
        paired = part["paired"].get(name)
        beside = "" if paired is None else gap(paired[f"{kind}_difference"], paired["interval"])
        inside = (share(score["coverage"]),) if covered else ()
        rows.append((name, _with_interval(score[kind], score["interval"]), *inside, beside))
    columns = ("forecast", f"{loss} (90 %)", *(("within its 90 %",) if covered else ()))
    return Section(
        title, [f"{part['cases']:,} cases."], (*columns, f"{loss}, ours less its (90 %)"), rows
    )


def _with_interval(value: float, interval: Sequence[float], digits: int = 3) -> str:
    low, high = interval
    return f"{value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def gap(value: float, interval: Sequence[float], digits: int = 3) -> str:
    """Return a difference with its interval, signs shown."""
    low, high = interval
    text = f"{value:+.{digits}f} ({low:+.{digits}f} to {high:+.{digits}f})"
    return text.replace("-", "−")
