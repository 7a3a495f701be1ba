"""The MIE backtest: after an act, the gravest that its target does in the next 30 days.

Out of time: the choice model and every baseline learn from what had ended before the first test
case, and are not brought up to date after it. What had happened by each case's day is known.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import numpy.typing as npt

from offramp.choice.pairing import History
from offramp.score.baselines import Baseline, climatology, learner, rate_table
from offramp.score.cases import spans
from offramp.score.fits import fit_before
from offramp.score.mie_cases import (
    COUNTS,
    READ_BY_THE_MODEL,
    TABLE_BY_LAST,
    TABLE_BY_LEVEL,
    TABLE_BY_RECIPROCITY,
    MieCases,
    mie_cases,
)
from offramp.score.mie_forecast import forecast_cases
from offramp.score.recalibrating import recalibrated
from offramp.score.report import Backtest, report

FloatArray = npt.NDArray[np.float64]
Progress = Callable[[str, int, int], None]

TEST = "mie-30"
ORIGINS = (1960, 1970, 1980, 1990, 2000, 2010)
BASELINES: dict[str, Baseline] = {
    "climatology": climatology,
    "table by trigger level": rate_table(TABLE_BY_LEVEL),
    "table by level and reciprocity": rate_table(TABLE_BY_RECIPROCITY),
    "persistence": rate_table(TABLE_BY_LAST),
    "multinomial logit on counts": learner("logit", COUNTS),
    "multinomial logit": learner("logit", READ_BY_THE_MODEL),
    "random forest": learner("forest", READ_BY_THE_MODEL),
    "boosting": learner("boosting", READ_BY_THE_MODEL),
}
RECALIBRATED = "recalibrated on the training cases"
TRAINING_PATHS = 300
NOTES = (
    "Brier score, AUC, slope and reliability are of force; log loss of three classes.",
    "Answers on the day of the act itself are known and no outcome.",
    "`multinomial logit`, forest and boosting see what the choice model reads of each case.",
    "Force became rarer after 1990 (16 % of cases before, 6 % after), which could not be known "
    "then and costs every forecast here.",
)


def backtest_split(history: History, year: int, progress: Progress) -> Backtest:
    """Fit on what ended before *year*, forecast every act from then on.

    Args:
        history: the datasets.
        year: first year of the test.
        progress: called with what is done, how much, of how much.

    Raises:
        ValueError: there are no training or no test cases.
    """
    everything = mie_cases(history)
    test, ours, others = _out_of_time(history, everything, year, None, progress)
    return _result(f"test from {year}", test, ours, others)


def backtest_rolling(history: History, progress: Progress) -> Backtest:
    """Forecast each decade from what ended before it."""
    everything = mie_cases(history)
    pieces, parts = [], []
    for year, end, name in spans(ORIGINS):
        piece = _out_of_time(history, everything, year, end, progress)
        pieces.append(piece)
        parts.append(_result(name, *piece))
    start = date(ORIGINS[0], 1, 1).toordinal()
    whole = everything.where(everything.cases.day >= start)
    ours = np.concatenate([piece[1] for piece in pieces])
    others = {name: np.concatenate([piece[2][name] for piece in pieces]) for name in pieces[0][2]}
    return _result("rolling origin by decade", whole, ours, others, tuple(parts))


def _out_of_time(
    history: History, everything: MieCases, year: int, end: int | None, progress: Progress
) -> tuple[MieCases, FloatArray, dict[str, FloatArray]]:
    """Return the test cases, our forecasts, and others by name: baselines and variants."""
    start = date(year, 1, 1)
    last = None if end is None else date(end, 1, 1).toordinal()
    known, asked = everything.cases.split(start.toordinal(), last)
    if not known.any() or not asked.any():
        raise ValueError(f"split {year}: MIE has no cases on one side of it")
    train, test = everything.where(known), everything.where(asked)
    fitted = fit_before(history, start, progress, (0, len(test)))
    ours = forecast_cases(fitted, test, progress)
    in_sample = forecast_cases(fitted, train, progress, paths=TRAINING_PATHS)
    others = {}
    for name, baseline in BASELINES.items():
        progress(f"baselines: {name}", len(test), len(test))
        others[name] = baseline(train.cases, test.cases)
    others[RECALIBRATED] = recalibrated(in_sample, train.cases.outcome)(ours)
    return test, ours, others


def _result(
    split: str,
    test: MieCases,
    ours: FloatArray,
    others: dict[str, FloatArray],
    parts: tuple[Backtest, ...] = (),
) -> Backtest:
    return report(
        TEST,
        split,
        test.cases,
        ours,
        {name: others[name] for name in BASELINES},
        variants={RECALIBRATED: others[RECALIBRATED]},
        parts=parts,
        notes=NOTES,
    )
