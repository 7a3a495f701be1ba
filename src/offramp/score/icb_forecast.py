"""What the choice model forecasts for an actor in a crisis: competing risks, day by day.

From the trigger on, each day puts the model's two questions. The first act above words is taken as
the major response, since ICB gives one an actor. What others do after the trigger does not enter
(the state is read as if nothing more happened), as in the fit. Then everything is exact: within a
run of days with the same covariates the day of the response is geometric, and no simulation is
needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from offramp.choice.dyad import BIN_OF_START, BIN_STARTS, PENDING_DAYS
from offramp.choice.fit import SEEN, Fit
from offramp.choice.model import MASS_COUNT, log_level, masses, utilities
from offramp.choice.parameters import FIXED, unpack
from offramp.choice.records import ICB
from offramp.compiling import lean
from offramp.ladder import LEVEL_COUNT, OVERT_FORCE, Level
from offramp.score.icb_cases import (
    DISPLAY,
    PRESSURE,
    RESPONSES,
    VIOLENT,
    WORDS,
    ResponseCases,
)

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CLASS_OF_LEVEL = {
    Level.PRESSURE: PRESSURE,
    Level.DISPLAY: DISPLAY,
    **dict.fromkeys(OVERT_FORCE, VIOLENT),
}
RUN_DAYS = np.diff(BIN_STARTS)
"""Days in each run after a trigger."""
_EVENTS = tuple(level for level in CLASS_OF_LEVEL if (SEEN[ICB] >> level) & 1)
_MASK = sum(1 << level for level in _EVENTS)
_LEVELS = np.array(_EVENTS, dtype=np.int64)
_CLASSES = np.array([CLASS_OF_LEVEL[level] for level in _EVENTS], dtype=np.int64)
_BINS = BIN_OF_START[: len(RUN_DAYS)].astype(np.int64)
_COUNT = len(RESPONSES)
_NEVER_CHOSEN = -1.0e9
_NEWTON_STEPS = 50


@dataclass(frozen=True)
class Responses:
    """Forecasts for N cases.

    Attributes:
        daily: probability of each class on a day of each run, if nothing was done before,
            (N, runs, 4).
        by_class: probability that the first act above words is of the class and falls within
            `PENDING_DAYS`, (N, 4).
        silent: probability that nothing above words is done by then, (N,).
    """

    daily: FloatArray
    by_class: FloatArray
    silent: FloatArray

    def by_day(self) -> FloatArray:
        """Return the probability of a response above words by each day after the trigger.

        Returns:
            (N, `PENDING_DAYS` + 1), the first for the day of the trigger itself.
        """
        quiet = np.repeat(1.0 - self.daily.sum(axis=2), RUN_DAYS, axis=1)
        answered: FloatArray = 1.0 - np.cumprod(quiet, axis=1)
        return answered


def weights_of(fitted: Fit) -> FloatArray:
    """Return the matrix of weights at the mode, with the levels that ICB does not show shut."""
    choice: FloatArray = unpack(fitted.mode[None, :FIXED])[0]
    for level in range(1, LEVEL_COUNT):
        if not (_MASK >> level) & 1:
            choice[:, level] = 0.0
            choice[0, level] = _NEVER_CHOSEN
    return choice


def respond(choice: FloatArray, x: FloatArray, resolve: FloatArray) -> Responses:
    """Forecast responses.

    Args:
        choice: from `weights_of`.
        x: covariates by run, (N, runs, terms).
        resolve: of the actors, (N,).
    """
    daily, _ = _daily(choice, x, resolve)
    total = daily.sum(axis=2)
    lasts = np.exp(RUN_DAYS * np.log1p(-total))
    reached = np.cumprod(np.column_stack([np.ones(len(x)), lasts]), axis=1)
    ends = reached[:, :-1] - reached[:, 1:]
    by_class = (daily * (ends / total)[:, :, None]).sum(axis=1)
    return Responses(daily, by_class, reached[:, -1])


def _daily(choice: FloatArray, x: FloatArray, resolve: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Probability of each class on a day of each run, and the mass of force without resolve."""
    daily = np.zeros((*x.shape[:2], _COUNT))
    force = np.zeros(x.shape[:2])
    _fill(choice, x, np.exp(resolve), np.zeros(LEVEL_COUNT), np.zeros(MASS_COUNT), daily, force)
    return daily, force


@lean
def _fill(
    choice: FloatArray,
    x: FloatArray,
    factor: FloatArray,
    utility: FloatArray,
    mass: FloatArray,
    daily: FloatArray,
    force: FloatArray,
) -> None:
    for case in range(x.shape[0]):
        for run in range(x.shape[1]):
            utilities(choice, x[case, run], _BINS[run], utility)
            masses(utility, _MASK, mass)
            force[case, run] = mass[2]
            for k in range(_LEVELS.shape[0]):
                log_probability = log_level(utility, mass, factor[case], _LEVELS[k])
                daily[case, run, _CLASSES[k]] += math.exp(log_probability)


def late_shares(train: ResponseCases) -> FloatArray:
    """Return which response above words follows `PENDING_DAYS` of silence, by class, (4,).

    The hazard model ends there. Shares are those of the training cases that were silent so long,
    with one more case at the rates of all; 0 for words.
    """
    overall = _counts(train) / len(train)
    counts = _counts(train.where(train.lag > PENDING_DAYS)) + overall
    counts[WORDS] = 0.0
    shares: FloatArray = counts / counts.sum()
    return shares


def _counts(cases: ResponseCases) -> FloatArray:
    return np.bincount(cases.cases.outcome, minlength=_COUNT).astype(np.float64)


def class_probabilities(responses: Responses, late: FloatArray, words: FloatArray) -> FloatArray:
    """Return the probability of each class of major response, (N, 4).

    Args:
        responses: of the hazard model, which covers the responses above words.
        late: from `late_shares`.
        words: probability that the response is none or words, (N,): the hazard model does not
            know, since ICB shows words only where they were all there was.
    """
    above = responses.by_class + responses.silent[:, None] * late
    out: FloatArray = above * (1.0 - words)[:, None]
    out[:, WORDS] = words
    return out


def resolve_of(fitted: Fit, actor: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return mean and spread of the actors' resolve after the fit; (N,) each."""
    place = np.searchsorted(fitted.layout.actors, actor)
    place = np.minimum(place, len(fitted.layout.actors) - 1)
    known = fitted.layout.actors[place] == actor
    spread = np.sqrt(np.diag(fitted.covariance))[FIXED:]
    return (
        np.where(known, fitted.mode[FIXED:][place], 0.0),
        np.where(known, spread[place], fitted.resolve_spread),
    )


def resolve_as_of(
    fitted: Fit, choice: FloatArray, test: ResponseCases, later: ResponseCases
) -> FloatArray:
    """Return the resolve of each test case's actor from its record up to the day of the trigger.

    The posterior of the fit is brought up to date by Newton's method with the actor's own cases
    that became known since, the weights held.

    Args:
        fitted: the fit; its resolve is the prior.
        choice: its weights.
        test: cases to forecast.
        later: cases that the fit has not seen; those known by the day of a test case count.
    """
    mean, spread = resolve_of(fitted, test.actor)
    _, force = _daily(choice, later.x, np.zeros(len(later)))
    exposed = _days_at_risk(later)
    violent = later.cases.happened()
    usable = later.lag >= 0
    out = mean.copy()
    for case in np.flatnonzero(np.isin(test.actor, later.actor)):
        past = usable & (later.actor == test.actor[case])
        past &= later.cases.known < test.cases.day[case]
        if past.any():
            out[case] = _mode_of_resolve(
                float(mean[case]),
                float(spread[case]),
                force[past].ravel(),
                exposed[past].ravel(),
                float((violent[past] * (later.lag[past] <= PENDING_DAYS)).sum()),
            )
    return out


def _days_at_risk(cases: ResponseCases) -> FloatArray:
    """Days of each run up to the response, that day included, (N, runs)."""
    days = np.minimum(cases.lag[:, None] + 1, PENDING_DAYS + 1) - BIN_STARTS[None, :-1]
    return np.clip(days, 0, RUN_DAYS).astype(np.float64)


def _mode_of_resolve(
    mean: float, spread: float, force: FloatArray, days: FloatArray, events: float
) -> float:
    resolve = mean
    for _ in range(_NEWTON_STEPS):
        odds = force * np.exp(resolve)
        p = odds / (1.0 + odds)
        slope = events - (days * p).sum() - (resolve - mean) / spread**2
        bend = (days * p * (1.0 - p)).sum() + spread**-2
        step = float(np.clip(slope / bend, -1.0, 1.0))
        resolve += step
        if abs(step) < 1e-9:
            break
    return resolve
