"""The ICB-outcome backtest: how violent a crisis becomes, from its first trigger.

The choice model gives two numbers at the first trigger: how likely the actor that was triggered
answers by force, and how likely its opponent would answer that force by force. How they turn into
serious clashes or war is learned on the training crises, by a multinomial logit with a ridge: the
model itself has no end of a crisis.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from offramp.choice.fit import Fit
from offramp.choice.pairing import History
from offramp.score.baselines import Baseline, climatology, learner, rate_table
from offramp.score.cases import Cases
from offramp.score.fits import fit_before
from offramp.score.icb_cases import (
    KNOWN_AT_TRIGGER,
    OUTCOMES,
    TABLE_BY_GROUP,
    TABLE_BY_TYPE,
    VIOLENT,
    OutcomeCases,
    ResponseCases,
    outcome_cases,
    response_cases,
)
from offramp.score.icb_forecast import resolve_as_of, resolve_of, respond, weights_of
from offramp.score.icb_response import ORIGINS
from offramp.score.report import Backtest, report

FloatArray = npt.NDArray[np.float64]
Progress = Callable[[str, int, int], None]

TEST = "icb-outcome"
RIDGE = 50.0
"""Precision of the weights of standardised log odds: crises became less bloody from each decade to
the next, and what separated them before separates them less after. Of 1, 10 and 50, best or as
good from 1960, 1970, 1980 and 1990."""
LEAST = 1e-4
BASELINES: dict[str, Baseline] = {
    "climatology": climatology,
    "table by trigger type": rate_table(TABLE_BY_TYPE),
    "table by trigger group": rate_table(TABLE_BY_GROUP),
    "multinomial logit": learner("logit", KNOWN_AT_TRIGGER),
    "random forest": learner("forest", KNOWN_AT_TRIGGER),
    "boosting": learner("boosting", KNOWN_AT_TRIGGER),
}


def backtest_outcomes(
    history: History, ends: pd.DataFrame, year: int | None, progress: Progress
) -> tuple[Backtest, Backtest]:
    """Forecast how violent each crisis becomes.

    Args:
        history: the datasets.
        ends: from `read_icb_outcomes` on an ``icb1`` file.
        year: first year of the test; None for a rolling origin by decade.
        progress: called with what is done, how much, of how much.

    Returns:
        The three classes with the event full-scale war; the two classes with the event serious
        clashes or war.
    """
    actors, crises = response_cases(history), outcome_cases(history, ends)
    years = ORIGINS[1:] if year is None else (year,)
    pieces = []
    for done, start in enumerate(years):
        last = years[done + 1] if done + 1 < len(years) else None
        step = (done, len(years))
        pieces.append(_out_of_time(history, actors, crises, start, last, progress, step))
    progress("scoring", len(years), len(years))
    split = "rolling origin by decade" if year is None else f"test from {year}"
    asked = np.concatenate([piece[0] for piece in pieces])
    order = np.argsort(asked, kind="stable")
    test = _with_covariates(crises, actors).where(asked[order])
    ours = np.concatenate([piece[1] for piece in pieces])[order]
    baselines = {
        name: np.concatenate([piece[2][name] for piece in pieces])[order] for name in BASELINES
    }
    war = report(TEST, split, test, ours, baselines)
    merged = {name: _merged(given) for name, given in baselines.items()}
    return war, report(TEST, split, serious(test), _merged(ours), merged)


def serious(cases: Cases) -> Cases:
    """Return the cases with two answers: serious clashes or war, or less."""
    return Cases(
        (OUTCOMES[0], "serious clashes or war"),
        1,
        cases.day,
        cases.known,
        np.minimum(cases.outcome, 1),
        cases.cluster,
        cases.groups,
        cases.covariates,
    )


def _merged(given: FloatArray) -> FloatArray:
    return np.column_stack([given[:, 0], given[:, 1:].sum(axis=1)])


def _with_covariates(crises: OutcomeCases, actors: ResponseCases) -> Cases:
    columns = {KNOWN_AT_TRIGGER: actors.cases.covariates[KNOWN_AT_TRIGGER][crises.first]}
    one = crises.cases
    return Cases(
        one.classes, one.event, one.day, one.known, one.outcome, one.cluster, one.groups, columns
    )


def _out_of_time(
    history: History,
    actors: ResponseCases,
    crises: OutcomeCases,
    year: int,
    end: int | None,
    progress: Progress,
    step: tuple[int, int],
) -> tuple[npt.NDArray[np.int64], FloatArray, dict[str, FloatArray]]:
    start = date(year, 1, 1)
    last = None if end is None else date(end, 1, 1).toordinal()
    cases = _with_covariates(crises, actors)
    known, asked = cases.split(start.toordinal(), last)
    if not known.any() or not asked.any():
        raise ValueError(f"split {year}: ICB has no crises on one side of it")
    fitted = fit_before(history, start, progress, step)
    features = _features(fitted, actors, crises, actors.cases.known >= start.toordinal())
    forecast = _learned(features[known], cases.outcome[known])
    train, test = cases.where(known), cases.where(asked)
    baselines = {name: one(train, test) for name, one in BASELINES.items()}
    return np.flatnonzero(asked), forecast(features[asked]), baselines


def _features(
    fitted: Fit,
    actors: ResponseCases,
    crises: OutcomeCases,
    unseen: npt.NDArray[np.bool_],
) -> FloatArray:
    """Log odds that the first actor uses force, and that its rival answers it by force, (N, 2)."""
    choice = weights_of(fitted)
    first = actors.where(crises.first)
    resolve = resolve_as_of(fitted, choice, first, actors.where(unseen))
    own = respond(choice, first.x, resolve).by_class[:, VIOLENT]
    rival, _ = resolve_of(fitted, crises.rival)
    back = respond(choice, crises.rival_x, rival).by_class[:, VIOLENT]
    return np.column_stack([_log_odds(p) for p in (own, back)])


def _log_odds(probability: FloatArray) -> FloatArray:
    p = np.clip(probability, LEAST, 1.0 - LEAST)
    return np.asarray(np.log(p / (1.0 - p)), np.float64)


def _learned(
    features: FloatArray, outcome: npt.NDArray[np.int64]
) -> Callable[[FloatArray], FloatArray]:
    """Return a multinomial logit with a ridge on standardised features."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    design = np.column_stack([np.ones(len(features)), (features - mean) / spread])
    shape = (design.shape[1], len(OUTCOMES))
    rows = np.arange(len(outcome))

    def objective(flat: FloatArray) -> float:
        theta = flat.reshape(shape)
        fit = log_softmax(design @ theta, axis=1)[rows, outcome].sum()
        return float(-fit + 0.5 * RIDGE * (theta[1:] ** 2).sum() + 1e-4 * (theta[0] ** 2).sum())

    theta = minimize(objective, np.zeros(shape[0] * shape[1]), method="BFGS").x.reshape(shape)

    def apply(given: FloatArray) -> FloatArray:
        wide = np.column_stack([np.ones(len(given)), (given - mean) / spread])
        out: FloatArray = softmax(wide @ theta, axis=1)
        return out

    return apply
