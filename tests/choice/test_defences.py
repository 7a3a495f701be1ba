"""The hierarchical Beta of kill probabilities, against closed forms and what made the raids."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import betaln
from scipy.stats import beta

from offramp.choice.defences import Raids, class_log_likelihood, moments_beta, pooled_betas


def test_moments_against_draws() -> None:
    random = np.random.default_rng(1)
    mean, between, within = 0.7, 12.0, 4.0
    models = random.beta(mean * between, (1 - mean) * between, 400_000)
    raids = random.beta(models * within, (1 - models) * within)
    a, b = moments_beta(mean, between, within)
    assert a / (a + b) == pytest.approx(raids.mean(), abs=2e-3)
    assert beta(a, b).std() == pytest.approx(raids.std(), abs=2e-3)


def test_one_raid_of_one_model_by_quadrature() -> None:
    launched, destroyed, mean, between, within = 9.0, 6.0, 0.6, 8.0, 5.0

    def density(m: float) -> float:
        a, b = m * within, (1 - m) * within
        share = np.exp(betaln(a + destroyed, b + launched - destroyed) - betaln(a, b))
        return float(share * beta.pdf(m, mean * between, (1 - mean) * between))

    raids = Raids(np.array([0]), np.array([launched]), np.array([destroyed]))
    exact = np.log(quad(density, 0.0, 1.0)[0])
    assert class_log_likelihood(raids, mean, between, within) == pytest.approx(exact, abs=1e-4)


def made(random: np.random.Generator, mean: float, models: int, raids: int) -> Raids:
    of_model = random.beta(mean * 15, (1 - mean) * 15, models)
    model = np.repeat(np.arange(models), raids)
    share = random.beta(of_model[model] * 6, (1 - of_model[model]) * 6)
    launched = random.integers(1, 30, len(model))
    return Raids(model, launched.astype(float), random.binomial(launched, share).astype(float))


def test_the_means_of_classes_are_found_whatever_the_raids_of_a_model() -> None:
    random = np.random.default_rng(4)
    found = pooled_betas([made(random, 0.8, 12, 30), made(random, 0.3, 12, 30)])
    for (a, b), mean in zip(found, (0.8, 0.3), strict=True):
        assert a / (a + b) == pytest.approx(mean, abs=0.07)
        # Var p of a new model: between models and between raids together.
        share = 1 / 16 + (15 / 16) / 7
        assert beta(a, b).var() == pytest.approx(mean * (1 - mean) * share, rel=0.35)


def test_a_model_with_many_raids_does_not_drown_the_others() -> None:
    """Pooled over models, not over raids: one of five models has nearly all raids."""
    model = np.array([0] * 200 + [1] * 8 + [2] * 8 + [3] * 8 + [4] * 8)
    launched = np.full(len(model), 10.0)
    raids = Raids(model, launched, np.where(model == 0, 9.0, 3.0))
    (a, b), _ = pooled_betas([raids, made(np.random.default_rng(0), 0.5, 6, 20)])
    raw = float(raids.destroyed.sum() / launched.sum())
    assert raw > 0.8
    assert a / (a + b) < 0.65
