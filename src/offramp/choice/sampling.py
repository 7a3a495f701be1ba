"""The posterior by Hamiltonian Monte Carlo, to hold Laplace's Gaussian against.

The No-U-Turn sampler of nutpie (Hoffman and Gelman 2014) on the very log posterior that the fit
climbs, in coordinates that Laplace's covariance whitens. The spread of resolve, which the fit
chooses by its evidence, is sampled too. It needs the extra ``bayes``.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from offramp.choice.fit import BLOCKS, Fit, likelihood_data, prior
from offramp.choice.likelihood import log_likelihood
from offramp.choice.parameters import FIXED
from offramp.choice.records import DecisionRecords

FloatArray = npt.NDArray[np.float64]

LOG_SPREAD_PRIOR = (float(np.log(0.45)), 0.5)
"""Normal prior of the log of the spread of resolve, mean and spread."""
START_SPREAD = 0.1
"""Width of the log spread's own coordinate, about that of its posterior."""


@dataclass(frozen=True)
class Sampled:
    """Draws of the posterior and whether they are to be trusted; P parameters.

    Attributes:
        draws: chain by chain, of the parameters in the order of the fit's layout and the log of
            the spread of resolve, (chains, draws, P + 1).
        divergences: how many draws diverged.
        r_hat: rank-normalised split R-hat by parameter, (P + 1,).
        bulk: effective sample size of the bulk, (P + 1,).
        tail: of the tails, (P + 1,).
        gradients: evaluations of the log posterior after tuning.
    """

    draws: FloatArray
    divergences: int
    r_hat: FloatArray
    bulk: FloatArray
    tail: FloatArray
    gradients: int


def log_density(records: DecisionRecords, fitted: Fit) -> Callable[..., tuple[float, FloatArray]]:
    """Return the log posterior of (z, t) and its gradient, z the whitened parameters.

    The parameters are mode + root z, the spread of resolve e^(log fitted spread + 0.1 t).
    """
    actors = len(fitted.layout.actors)
    mean, precision = prior(actors, fitted.resolve_spread)
    fixed_precision = precision[:FIXED, :FIXED]
    data = likelihood_data(records, fitted.layout)
    root = np.linalg.cholesky(fitted.covariance)
    centre, width = LOG_SPREAD_PRIOR

    def density(z: FloatArray) -> tuple[float, FloatArray]:
        theta = fitted.mode + root @ z[:-1]
        log_spread = np.log(fitted.resolve_spread) + START_SPREAD * z[-1]
        value, slope = log_likelihood(theta, *data, BLOCKS)
        pull = np.zeros(len(theta))
        pull[:FIXED] = fixed_precision @ (theta - mean)[:FIXED]
        pull[FIXED:] = theta[FIXED:] * np.exp(-2.0 * log_spread)
        quadratic = 0.5 * (theta - mean) @ pull
        value -= quadratic + actors * log_spread + 0.5 * ((log_spread - centre) / width) ** 2
        of_spread = theta[FIXED:] @ pull[FIXED:] - actors - (log_spread - centre) / width**2
        return float(value), np.append(root.T @ (slope - pull), START_SPREAD * of_spread)

    return density


def sample_posterior(
    records: DecisionRecords,
    fitted: Fit,
    *,
    draws: int = 500,
    tune: int = 500,
    chains: int = 4,
    cores: int = 1,
    seed: int = 1,
) -> Sampled:
    """Sample the posterior of a fit to *records* (those that it was given, thinned).

    Args:
        records: decision records.
        fitted: the fit, whose Gaussian whitens the coordinates.
        draws: kept, a chain.
        tune: before them, a chain.
        chains: how many.
        cores: chains that run at a time.
        seed: same seed, same draws.

    Raises:
        ModuleNotFoundError: the extra ``bayes`` is not installed.
    """
    arviz, nutpie, from_pyfunc = _sampler()
    trace = nutpie.sample(
        _model(from_pyfunc, log_density(records, fitted), len(fitted.mode) + 1),
        draws=draws,
        tune=tune,
        chains=chains,
        cores=cores,
        seed=seed,
        save_warmup=False,
        progress_bar=False,
    )
    return _sampled(trace, _parameters(np.asarray(trace.posterior["z"].values), fitted), arviz)


def _sampled(trace: Any, every: FloatArray, arviz: Any) -> Sampled:
    """Return draws of the parameters with their diagnostics."""

    def of_each(function: Callable[[FloatArray], float]) -> FloatArray:
        return np.array([float(function(every[:, :, k])) for k in range(every.shape[-1])])

    return Sampled(
        draws=every,
        divergences=int(trace.sample_stats["diverging"].values.sum()),
        r_hat=of_each(arviz.rhat),
        bulk=of_each(arviz.ess),
        tail=of_each(lambda one: arviz.ess(one, method="tail")),
        gradients=int(trace.sample_stats["n_steps"].values.sum()),
    )


def _sampler() -> tuple[Any, Any, Any]:
    """Return ArviZ, nutpie, and what makes a model of a function."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ArviZ announces its next version on import
        arviz, nutpie = import_module("arviz"), import_module("nutpie")
        return arviz, nutpie, import_module("nutpie.compiled_pyfunc").from_pyfunc


def _model(from_pyfunc: Any, density: Callable[..., tuple[float, FloatArray]], size: int) -> Any:
    """Return a log posterior of *size* coordinates as nutpie samples it."""
    return from_pyfunc(
        size,
        lambda: density,
        lambda *_: lambda z: {"z": z},
        [np.dtype("float64")],
        [(size,)],
        ["z"],
        make_initial_point_fn=lambda seed: np.random.default_rng(seed).normal(0.0, 0.5, size),
    )


def _parameters(z: FloatArray, fitted: Fit) -> FloatArray:
    """Return draws of the parameters from draws of their coordinates, (chains, draws, P + 1)."""
    theta = fitted.mode + z[..., :-1] @ np.linalg.cholesky(fitted.covariance).T
    log_spread = np.log(fitted.resolve_spread) + START_SPREAD * z[..., -1:]
    return np.concatenate([theta, log_spread], axis=-1)
