"""Fitting the choice model to decision records: penalised likelihood and Laplace's draws.

The posterior mode is found with L-BFGS; its curvature gives a Gaussian posterior. The spread
of resolve among actors is chosen by Laplace's approximation of the evidence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

from offramp.choice.likelihood import curvature, log_likelihood
from offramp.choice.parameters import (
    BINS,
    CHOICES,
    FIXED,
    HAZARD_GROUPS,
    Layout,
    alpha_index,
    beta_index,
)
from offramp.choice.records import ICB, MIE, DecisionRecords
from offramp.choice.terms import CRISIS_DAYS, ESTIMATED, ESTIMATED_COUNT, IN_CRISES
from offramp.ladder import Level, level_mask

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BLOCKS = 64
RESOLVE_SPREADS = (0.3, 0.45, 0.7)
"""Spreads of resolve among actors that are tried."""
ALPHA_MEAN, ALPHA_SPREAD = -7.0, 4.0
HAZARD_SPREAD = 1.5
BETA_SPREAD = 0.7
STEP_SPREAD = {
    Level.PRESSURE: 0.35,
    Level.DISPLAY: 0.35,
    Level.LIMITED: 0.7,
    Level.MAJOR: 0.1,
    Level.WAR: 1.0,
}
"""Weights of a level differ by about so much from those of the level below that is fitted. A
large strike's hardly differ: most acts may be either, and two free levels under one label would
be a latent class. War's may differ at will."""

MAJOR_GAP, MAJOR_GAP_SPREAD = -1.5, 0.5
"""Elicited: neither MIE nor ICB tells a large strike from a bounded one, so the gap of their
intercepts has a prior of its own."""
FITTED = (Level.VERBAL, Level.PRESSURE, Level.DISPLAY, Level.LIMITED, Level.MAJOR, Level.WAR)
"""Levels that MIE or ICB show."""
SEEN = {
    MIE: level_mask(frozenset(FITTED) - {Level.PRESSURE} | {Level.HOLD}),
    ICB: level_mask(frozenset(FITTED) - {Level.VERBAL} | {Level.HOLD}),
}
"""What each dataset can show. Levels that it cannot are left out of its choice set: as a sum
with silence they would be a latent class that absorbs the misfit of all others."""


CRISIS_SPREADS = {"crisis": 3.0, **dict.fromkeys(CRISIS_DAYS, 2.0)}
CRISIS_SPREAD = 0.8
CRISIS_STEP_SPREAD = 1.0
"""Crises' own weights: level and hazard are free, and who answers by force may differ at will from
who answers by pressure or a display."""
TIED_SPREAD = 0.1
"""ICB alone informs the terms of crises, and does not tell war from lesser force."""


@dataclass(frozen=True)
class Fit:
    """A fitted choice model.

    Attributes:
        layout: of the parameters.
        mode: posterior mode, (size,).
        covariance: of Laplace's Gaussian, (size, size).
        resolve_spread: of resolve among actors.
        evidence: log evidence by spread tried.
        log_likelihood: at the mode.
    """

    layout: Layout
    mode: FloatArray
    covariance: FloatArray
    resolve_spread: float
    evidence: dict[float, float]
    log_likelihood: float


def prior(actors: int, resolve_spread: float) -> tuple[FloatArray, FloatArray]:
    """Return the prior's mean, (size,), and precision, (size, size)."""
    size = FIXED + actors
    mean = np.zeros(size)
    precision = np.zeros((size, size))
    diagonal = precision.reshape(-1)[:: size + 1]
    mean[:CHOICES] = ALPHA_MEAN
    diagonal[:CHOICES] = ALPHA_SPREAD**-2
    diagonal[CHOICES : CHOICES + len(HAZARD_GROUPS) * BINS] = HAZARD_SPREAD**-2
    diagonal[CHOICES + len(HAZARD_GROUPS) * BINS : FIXED] = (
        np.repeat(_term_spreads(), CHOICES) ** -2
    )
    diagonal[FIXED:] = resolve_spread**-2
    pull = diagonal * mean
    for lower, upper in pairwise(FITTED):
        for term in range(ESTIMATED_COUNT):
            here, there = beta_index(term, lower), beta_index(term, upper)
            _couple(precision, here, there, _step_spread(ESTIMATED[term].name, upper))
    here, there = alpha_index(Level.MAJOR), alpha_index(Level.LIMITED)
    pull[here] += MAJOR_GAP * MAJOR_GAP_SPREAD**-2
    pull[there] -= MAJOR_GAP * MAJOR_GAP_SPREAD**-2
    _couple(precision, here, there, MAJOR_GAP_SPREAD)
    return np.asarray(np.linalg.solve(precision, pull), np.float64), precision


def _term_spreads() -> FloatArray:
    """Return the prior spread of each estimated term's weights, (terms,)."""
    return np.array(
        [
            CRISIS_SPREADS.get(term.name, CRISIS_SPREAD) if term.name in IN_CRISES else BETA_SPREAD
            for term in ESTIMATED
        ]
    )


def _step_spread(name: str, upper: Level) -> float:
    """Return by how much a term's weights of *upper* differ from those of the level below."""
    if name not in IN_CRISES or upper == Level.MAJOR:
        return STEP_SPREAD[upper]
    return TIED_SPREAD if upper == Level.WAR else CRISIS_STEP_SPREAD


def _couple(precision: FloatArray, here: int, there: int, spread: float) -> None:
    weight = spread**-2
    precision[here, here] += weight
    precision[there, there] += weight
    precision[here, there] -= weight
    precision[there, here] -= weight


def fit(records: DecisionRecords, progress: Callable[[str], None] | None = None) -> Fit:
    """Fit the choice model to *records*.

    Args:
        records: decision records.
        progress: called with a line of text as the work goes on.
    """
    layout = Layout(np.unique(records.actor))
    start: Fit | None = None
    tried: list[tuple[float, Fit]] = []
    for spread in RESOLVE_SPREADS:
        candidate, log_evidence = _fit_given(records, layout, spread, start)
        start = candidate
        tried.append((log_evidence, candidate))
        if progress:
            progress(f"spread of resolve {spread}: log evidence {log_evidence:.1f}")
    _, best = max(tried, key=lambda pair: pair[0])
    return replace(best, evidence={one.resolve_spread: value for value, one in tried})


LogPosterior = Callable[[FloatArray], tuple[float, FloatArray]]
"""Log posterior density, up to a constant, and its gradient at a vector of parameters."""


def likelihood_data(
    records: DecisionRecords, layout: Layout
) -> tuple[FloatArray, IntArray, FloatArray, IntArray, IntArray, IntArray, int]:
    """Return the arguments of `offramp.choice.likelihood` for *records*, after the parameters."""
    return (
        records.x.astype(np.float64),
        records.hazard_bin,
        records.days.astype(np.float64),
        records.outcome,
        np.where(records.dataset == MIE, SEEN[MIE], SEEN[ICB]),
        np.searchsorted(layout.actors, records.actor),
        len(layout.actors),
    )


def log_posterior_of(
    records: DecisionRecords, layout: Layout, resolve_spread: float
) -> LogPosterior:
    """Return the log posterior of the parameters given *records* and the spread of resolve."""
    mean, precision = prior(len(layout.actors), resolve_spread)
    data = likelihood_data(records, layout)

    def log_posterior(theta: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = log_likelihood(theta, *data, BLOCKS)
        pull = precision @ (theta - mean)
        return float(value - 0.5 * (theta - mean) @ pull), gradient - pull

    return log_posterior


def _fit_given(
    records: DecisionRecords, layout: Layout, spread: float, start: Fit | None
) -> tuple[Fit, float]:
    mean, precision = prior(len(layout.actors), spread)
    data = likelihood_data(records, layout)
    log_posterior = log_posterior_of(records, layout, spread)

    def objective(theta: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = log_posterior(theta)
        return -value, -gradient

    if start is None:
        bend = curvature(mean, *data, complete=True) + precision
        rough = _climb(objective, _inverse(bend), mean)
        bend = curvature(rough, *data, complete=True) + precision
        mode = _climb(objective, _inverse(bend), rough)
    else:
        mode = _climb(objective, start.covariance, start.mode)
    bend = curvature(mode, *data) + precision
    factor = cho_factor(bend, lower=True)
    covariance = np.asarray(cho_solve(factor, np.eye(layout.size)), np.float64)
    value, _ = log_likelihood(mode, *data, BLOCKS)
    log_det = 2.0 * np.log(np.diag(factor[0])).sum()
    _, prior_log_det = np.linalg.slogdet(precision)
    pull = (mode - mean) @ precision @ (mode - mean)
    log_evidence = value - 0.5 * pull + 0.5 * prior_log_det - 0.5 * log_det
    return Fit(layout, mode, covariance, spread, {}, float(value)), float(log_evidence)


def _inverse(matrix: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.inv(matrix), np.float64)


def _climb(
    objective: Callable[[FloatArray], tuple[float, FloatArray]],
    covariance: FloatArray,
    start: FloatArray,
) -> FloatArray:
    """Minimise by L-BFGS in coordinates that *covariance*, about the curvature's, whitens."""
    root: FloatArray = np.asarray(np.linalg.cholesky(covariance))

    def whitened(z: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = objective(start + root @ z)
        return value, root.T @ gradient

    found = minimize(
        whitened,
        np.zeros(len(start)),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 300, "ftol": 1e-11, "gtol": 1e-3},
    )
    end: FloatArray = start + root @ found.x
    return end
