"""Recalibration: what training cases say of how far a forecast can be taken at its word."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

LEAST = 1e-6
SPREAD = 0.5
"""Prior spread of a shift and of the log of the sharpness: few cases change little."""


def recalibrated(probability: FloatArray, outcome: IntArray) -> Callable[[FloatArray], FloatArray]:
    """Return a map of forecasts that makes those for training cases more reliable.

    Log probabilities are multiplied by one sharpness and shifted by class (Guo et al., "On
    Calibration of Modern Neural Networks", 2017, vector scaling with one scale), by penalised
    likelihood.

    Args:
        probability: forecasts for training cases, (N, K).
        outcome: which class came true, (N,).
    """
    log_p = np.log(np.clip(probability, LEAST, 1.0))
    rows = np.arange(len(outcome))

    def objective(theta: FloatArray) -> float:
        given = log_softmax(np.exp(theta[0]) * log_p + theta[1:], axis=1)[rows, outcome]
        return float(-given.sum() + 0.5 * (theta**2).sum() / SPREAD**2)

    found = minimize(objective, np.zeros(probability.shape[1] + 1), method="BFGS").x
    sharpness, shift = float(np.exp(found[0])), found[1:]

    def apply(given: FloatArray) -> FloatArray:
        out: FloatArray = softmax(sharpness * np.log(np.clip(given, LEAST, 1.0)) + shift, axis=1)
        return out

    return apply
