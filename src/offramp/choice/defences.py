"""What share of a raid a defence destroys: a hierarchical Beta over classes, models and raids.

Within a class, models differ (of Kinzhals twice the share was stopped that was of Iskander-Ms),
and raids of one model differ more than chance allows. With M the mean of a class,

    mean of a model     m ~ Beta(M S, (1 − M) S)
    share of a raid     p ~ Beta(m s, (1 − m) s),     destroyed ~ Binomial(launched, p)

p is integrated out (beta-binomial) and m by quadrature, so that a model with few raids is pooled
with its class. M and s belong to a class; S, how much models differ, is shared, so that a class
of which one model is known borrows it from the others. What comes out is the Beta, by moments,
of the share of a raid by a model of the class that is not known: a crisis file names a class only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import betaln, expit, logsumexp, roots_legendre

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

LOG_STRENGTH_PRIOR = (1.5, 1.0)
"""Normal prior of the log of the strengths S and s, mean and spread: both differ a good deal."""
LOGIT_MEAN_PRIOR = (0.0, 1.5)
"""Normal prior of the log-odds of M: next to flat."""
_NODES, _WEIGHTS = roots_legendre(64)
_MODEL_MEANS = 0.5 * (_NODES + 1.0)
_LOG_WEIGHTS = np.log(0.5 * _WEIGHTS)


@dataclass(frozen=True)
class Raids:
    """Raids by one class of weapon; R of them.

    Attributes:
        model: number of the weapon model, from 0, (R,).
        launched: munitions, (R,).
        destroyed: of them, (R,).
    """

    model: IntArray
    launched: FloatArray
    destroyed: FloatArray


def pooled_betas(classes: list[Raids]) -> list[tuple[float, float]]:
    """Return by class the Beta of the share that is destroyed of a raid by an unknown model."""
    start = np.array([LOG_STRENGTH_PRIOR[0], *(0.0, LOG_STRENGTH_PRIOR[0]) * len(classes)])
    found = minimize(lambda theta: -log_posterior(theta, classes), start, method="L-BFGS-B")
    between = float(np.exp(found.x[0]))
    return [
        moments_beta(float(expit(logit_mean)), between, float(np.exp(log_within)))
        for logit_mean, log_within in found.x[1:].reshape(-1, 2)
    ]


def moments_beta(mean: float, between: float, within: float) -> tuple[float, float]:
    """Return the Beta with the first two moments of p, over models and raids.

    Var p = Var m + E[m (1 − m)] / (s + 1), with Var m = M (1 − M) / (S + 1).

    Args:
        mean: M.
        between: S, strength among models.
        within: s, strength among raids of one model.
    """
    of_models = 1.0 / (between + 1.0)
    share = of_models + (1.0 - of_models) / (within + 1.0)  # of M (1 − M)
    strength = 1.0 / share - 1.0
    return round(mean * strength, 4), round((1.0 - mean) * strength, 4)


def log_posterior(theta: FloatArray, classes: list[Raids]) -> float:
    """Return the log posterior, up to a constant.

    Args:
        theta: log S, then logit M and log s of each class, (1 + 2 classes,).
        classes: the raids of each.
    """
    value = _log_normal(theta[0], LOG_STRENGTH_PRIOR)
    between = float(np.exp(theta[0]))
    for raids, (logit_mean, log_within) in zip(classes, theta[1:].reshape(-1, 2), strict=True):
        value += _log_normal(logit_mean, LOGIT_MEAN_PRIOR)
        value += _log_normal(log_within, LOG_STRENGTH_PRIOR)
        value += class_log_likelihood(
            raids, float(expit(logit_mean)), between, float(np.exp(log_within))
        )
    return value


def class_log_likelihood(raids: Raids, mean: float, between: float, within: float) -> float:
    """Return the log likelihood of the raids of a class, without the binomial coefficients."""
    a, b = _MODEL_MEANS[:, None] * within, (1.0 - _MODEL_MEANS[:, None]) * within
    missed = raids.launched - raids.destroyed
    each = betaln(a + raids.destroyed, b + missed) - betaln(a, b)
    by_model = np.zeros((int(raids.model.max()) + 1, len(_MODEL_MEANS)))
    np.add.at(by_model, raids.model, each.T)
    shape = mean * between, (1.0 - mean) * between
    log_prior = (shape[0] - 1.0) * np.log(_MODEL_MEANS) + (shape[1] - 1.0) * np.log1p(-_MODEL_MEANS)
    return float(logsumexp(by_model + _LOG_WEIGHTS + log_prior - betaln(*shape), axis=1).sum())


def _log_normal(value: float, prior: tuple[float, float]) -> float:
    return float(-0.5 * ((value - prior[0]) / prior[1]) ** 2)
