"""The ICB-response backtest: an actor's major response and its day, from its trigger.

Out of time: the choice model is fitted on what had ended before the first test case, resolve is
brought up to each case's day from the actor's own record. Leave-one-crisis-out: every crisis is
forecast from all others, by one Newton step from the fit on all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from offramp.choice.dyad import PENDING_DAYS
from offramp.choice.pairing import History
from offramp.score.baselines import Baseline, climatology, learner, rate_table
from offramp.score.cases import Cases, spans
from offramp.score.fits import fit_before
from offramp.score.icb_cases import (
    KNOWN_AT_TRIGGER,
    RESPONSES,
    TABLE_BY_GROUP,
    TABLE_BY_TYPE,
    VIOLENT,
    WORDS,
    ResponseCases,
    response_cases,
)
from offramp.score.icb_fits import leave_out
from offramp.score.icb_forecast import (
    class_probabilities,
    late_shares,
    resolve_as_of,
    resolve_of,
    respond,
    weights_of,
)
from offramp.score.icb_lags import LagScore, empirical_days, lag_score
from offramp.score.recalibrating import recalibrated
from offramp.score.report import Backtest, report

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Progress = Callable[[str, int, int], None]

TEST = "icb-response"
ORIGINS = (1950, 1960, 1970, 1980, 1990, 2000, 2010)
FOLDS = 20
"""Crises are dealt into so many folds for baselines where each crisis is to be left out."""
BASELINES: dict[str, Baseline] = {
    "climatology": climatology,
    "table by trigger type": rate_table(TABLE_BY_TYPE),
    "table by trigger group": rate_table(TABLE_BY_GROUP),
    "multinomial logit": learner("logit", KNOWN_AT_TRIGGER),
    "random forest": learner("forest", KNOWN_AT_TRIGGER),
    "boosting": learner("boosting", KNOWN_AT_TRIGGER),
}
WORDS_RATE = rate_table(TABLE_BY_GROUP)
"""How often a response is none or words; the choice model does not tell."""
AS_FITTED = "resolve as fitted"
RECALIBRATED = "recalibrated on the training cases"
NOTES = (
    "Brier score, AUC, slope and reliability are of a violent response; log loss of four classes.",
    "Words as the major response are rare in ICB before 1988 and common after: the rise could "
    "not be known before, and costs every forecast here.",
    "MIE ends in 2014, so that later cases know no acts of the years since.",
)


@dataclass(frozen=True)
class ResponseBacktest:
    """What the backtest found.

    Attributes:
        classes: of the response.
        three: the same of three classes, the lowest two taken together.
        day: of its day.
    """

    classes: Backtest
    three: Backtest
    day: LagScore


@dataclass(frozen=True)
class _Forecasts:
    """Forecasts for N test cases: by name of the forecast, (N, 4) and (N, days)."""

    ours: FloatArray
    variants: dict[str, FloatArray]
    baselines: dict[str, FloatArray]
    days: FloatArray
    days_by_table: FloatArray


def backtest_split(history: History, year: int, progress: Progress) -> ResponseBacktest:
    """Fit on what ended before *year*, forecast every trigger from then on.

    Args:
        history: the datasets.
        year: first year of the test.
        progress: called with what is done, how much, of how much.

    Raises:
        ValueError: there are no training or no test cases.
    """
    everything = response_cases(history)
    test, forecasts = _out_of_time(history, everything, year, None, progress, (0, 1))
    progress("scoring", 1, 1)
    return _result(f"test from {year}", test, forecasts)


def backtest_rolling(history: History, progress: Progress) -> ResponseBacktest:
    """Forecast each decade from what ended before it."""
    everything = response_cases(history)
    pieces, parts = [], []
    for done, (year, end, name) in enumerate(spans(ORIGINS)):
        piece = _out_of_time(history, everything, year, end, progress, (done, len(ORIGINS)))
        pieces.append(piece)
        parts.append(_result(name, *piece).classes)
    progress("scoring", len(ORIGINS), len(ORIGINS))
    places = np.concatenate([_places(everything, test) for test, _ in pieces])
    whole = _joined([forecasts for _, forecasts in pieces])
    return _result("rolling origin by decade", everything.where(places), whole, tuple(parts))


def backtest_leaving_out(history: History, progress: Progress) -> ResponseBacktest:
    """Forecast each crisis from all others, whenever they were."""
    everything = response_cases(history)
    crises = np.unique(everything.cases.cluster)
    fitted = fit_before(history, date(9999, 12, 31), progress, (0, len(crises)))
    ours = np.zeros((len(everything), len(everything.cases.classes)))
    days = np.zeros((len(everything), PENDING_DAYS + 1))
    without = leave_out(fitted, everything)
    for done, crisis in enumerate(crises.tolist()):
        progress("leaving out each crisis", done, len(crises))
        mine = everything.cases.cluster == crisis
        one = without(crisis)
        test, train = everything.where(mine), everything.where(~mine)
        responses = respond(weights_of(one), test.x, resolve_of(one, test.actor)[0])
        words = WORDS_RATE(train.cases, test.cases)[:, WORDS]
        ours[mine] = class_probabilities(responses, late_shares(train), words)
        days[mine] = responses.by_day() * (1.0 - words)[:, None]
    baselines = {name: np.zeros_like(ours) for name in BASELINES}
    by_table = np.zeros_like(days)
    for fold in range(FOLDS):
        progress("baselines", fold, FOLDS)
        mine = np.isin(everything.cases.cluster, crises[fold::FOLDS])
        test, train = everything.where(mine), everything.where(~mine)
        for name, baseline in BASELINES.items():
            baselines[name][mine] = baseline(train.cases, test.cases)
        by_table[mine] = empirical_days(train, test)
    forecasts = _Forecasts(ours, {}, baselines, days, by_table)
    return _result("leave one crisis out", everything, forecasts)


def _out_of_time(
    history: History,
    everything: ResponseCases,
    year: int,
    end: int | None,
    progress: Progress,
    step: tuple[int, int],
) -> tuple[ResponseCases, _Forecasts]:
    start = date(year, 1, 1)
    last = None if end is None else date(end, 1, 1).toordinal()
    known, asked = everything.cases.split(start.toordinal(), last)
    if not known.any() or not asked.any():
        raise ValueError(f"split {year}: ICB has no cases on one side of it")
    fitted = fit_before(history, start, progress, step)
    train, test = everything.where(known), everything.where(asked)
    choice, late = weights_of(fitted), late_shares(train)
    later = everything.where(~known)
    resolve = resolve_as_of(fitted, choice, test, later)
    responses = respond(choice, test.x, resolve)
    words = WORDS_RATE(train.cases, test.cases)[:, WORDS]
    ours = class_probabilities(responses, late, words)
    frozen = respond(choice, test.x, resolve_of(fitted, test.actor)[0])
    trained = respond(choice, train.x, resolve_of(fitted, train.actor)[0])
    in_sample = class_probabilities(trained, late, WORDS_RATE(train.cases, train.cases)[:, WORDS])
    variants = {
        AS_FITTED: class_probabilities(frozen, late, words),
        RECALIBRATED: recalibrated(in_sample, train.cases.outcome)(ours),
    }
    baselines = {name: one(train.cases, test.cases) for name, one in BASELINES.items()}
    days = responses.by_day() * (1.0 - words)[:, None]
    return test, _Forecasts(ours, variants, baselines, days, empirical_days(train, test))


def _result(
    split: str, test: ResponseCases, forecasts: _Forecasts, parts: tuple[Backtest, ...] = ()
) -> ResponseBacktest:
    whole = report(
        TEST,
        split,
        test.cases,
        forecasts.ours,
        forecasts.baselines,
        variants=forecasts.variants,
        parts=parts,
        notes=NOTES,
    )
    three = report(
        TEST,
        split,
        three_classes(test.cases),
        _merged(forecasts.ours),
        {name: _merged(given) for name, given in forecasts.baselines.items()},
    )
    days = lag_score(test, forecasts.days, forecasts.days_by_table)
    return ResponseBacktest(whole, three, days)


def three_classes(cases: Cases) -> Cases:
    """Return the cases with words and political or economic responses as one class."""
    return replace(
        cases,
        classes=("political or economic at most", *RESPONSES[2:]),
        event=VIOLENT - 1,
        outcome=np.maximum(cases.outcome - 1, 0),
    )


def _merged(given: FloatArray) -> FloatArray:
    return np.column_stack([given[:, :2].sum(axis=1), given[:, 2:]])


def _places(everything: ResponseCases, test: ResponseCases) -> IntArray:
    first, last = test.cases.day.min(), test.cases.day.max()
    day = everything.cases.day
    return np.flatnonzero((day >= first) & (day <= last))


def _joined(pieces: list[_Forecasts]) -> _Forecasts:
    def one(name: str) -> FloatArray:
        return np.concatenate([getattr(piece, name) for piece in pieces])

    def named(name: str) -> dict[str, FloatArray]:
        keys = getattr(pieces[0], name)
        return {k: np.concatenate([getattr(piece, name)[k] for piece in pieces]) for k in keys}

    return _Forecasts(
        one("ours"), named("variants"), named("baselines"), one("days"), one("days_by_table")
    )
