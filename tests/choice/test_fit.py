"""The fit finds the weights that made the data, within its intervals at about their rate."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest

from offramp.choice import fit as fitting
from offramp.choice.fit import ALPHA_MEAN, SEEN, Fit, fit, prior
from offramp.choice.likelihood import log_likelihood
from offramp.choice.parameters import (
    BINS,
    CHOICES,
    FIXED,
    GROUP_OF_LEVEL,
    HAZARD_START,
    alpha_index,
    beta_index,
    parameter_names,
)
from offramp.choice.records import MIE, DecisionRecords, thinned
from offramp.choice.terms import ESTIMATED_COUNT, INDEX
from offramp.ladder import FORCE_THRESHOLD, LEVEL_COUNT, Level, level_mask

ROWS, ACTORS, SPREAD = 6_000, 25, 0.45
TOO_SMALL = 0.05
INTERCEPTS = {
    Level.VERBAL: -2.5,
    Level.DISPLAY: -2.0,
    Level.LIMITED: -2.5,
    Level.MAJOR: -4.0,
    Level.WAR: -4.5,
}
SHOWN = (Level.VERBAL, Level.DISPLAY, Level.LIMITED, Level.WAR)


def truth(random: np.random.Generator) -> np.ndarray:
    """Weights from the prior, with intercepts at which there is something to see."""
    mean, precision = prior(ACTORS, SPREAD)
    root = np.linalg.cholesky(np.linalg.inv(precision))
    theta = mean + root @ random.standard_normal(len(mean))
    for level, value in INTERCEPTS.items():
        theta[alpha_index(level)] = value
    return theta


def simulated(theta: np.ndarray, random: np.random.Generator) -> DecisionRecords:
    """One day a row, as MIE would show it: large strikes under the label of bounded ones."""
    x = random.normal(0.0, 0.5, (ROWS, ESTIMATED_COUNT)).astype(np.float32)
    hazard_bin = random.integers(0, BINS + 1, ROWS)
    actor = random.integers(0, ACTORS, ROWS)
    utility = np.zeros((ROWS, LEVEL_COUNT))
    for level in INTERCEPTS:
        beta = [theta[beta_index(term, level)] for term in range(ESTIMATED_COUNT)]
        hazards = np.append(theta[HAZARD_START + GROUP_OF_LEVEL[level] * BINS :][:BINS], 0.0)
        utility[:, level] = theta[alpha_index(level)] + hazards[hazard_bin] + x @ np.array(beta)
        if level >= FORCE_THRESHOLD:
            utility[:, level] += theta[FIXED + actor]
    mass = np.exp(utility)
    mass[:, [Level.CONCILIATE, Level.PRESSURE, Level.DENIABLE]] = 0.0
    force = mass[:, FORCE_THRESHOLD:] / (1.0 + mass[:, FORCE_THRESHOLD:].sum(1, keepdims=True))
    lower = mass[:, :FORCE_THRESHOLD] / mass[:, :FORCE_THRESHOLD].sum(axis=1, keepdims=True)
    chance = np.hstack([lower * (1.0 - force.sum(axis=1, keepdims=True)), force])
    level = (random.random((ROWS, 1)) > chance.cumsum(axis=1)).sum(axis=1)
    label = {
        rung: level_mask(frozenset({rung})) for rung in (*INTERCEPTS, Level.HOLD)
    } | dict.fromkeys(
        (Level.LIMITED, Level.MAJOR), level_mask(frozenset({Level.LIMITED, Level.MAJOR}))
    )
    return DecisionRecords(
        x=x,
        hazard_bin=hazard_bin,
        days=(level == 0).astype(np.float64),
        outcome=np.array([label[Level(int(one))] for one in level]),
        actor=actor * 10 + 2,
        rival=np.full(ROWS, 365),
        day=np.arange(ROWS),
        dataset=np.full(ROWS, MIE),
    )


@pytest.fixture(scope="module")
def fitted() -> tuple[np.ndarray, DecisionRecords, Fit]:
    random = np.random.default_rng(4)
    theta = truth(random)
    records = simulated(theta, random)
    with patch.object(fitting, "RESOLVE_SPREADS", (TOO_SMALL, SPREAD)):
        return theta, records, fit(records)


def test_intervals_hold_the_truth_at_about_their_rate(
    fitted: tuple[np.ndarray, DecisionRecords, Fit],
) -> None:
    """90 % intervals of some 170 weights that the data show."""
    theta, _, found = fitted
    names = parameter_names()
    shown = [
        place
        for place, name in enumerate(names)
        if any(f"{level.label}]" in name for level in SHOWN) or name.startswith("hazard")
    ] + list(range(FIXED, FIXED + ACTORS))
    error = np.abs(found.mode - theta) / np.sqrt(np.diag(found.covariance))
    assert 0.84 <= (error[shown] < 1.645).mean() <= 0.96
    assert error[shown].max() < 4.5
    assert np.corrcoef(found.mode[shown], theta[shown])[0, 1] > 0.9


def test_the_mode_is_one(fitted: tuple[np.ndarray, DecisionRecords, Fit]) -> None:
    """The slope of the posterior is nil there, and it is higher than nearby."""
    theta, records, found = fitted
    mean, precision = prior(ACTORS, found.resolve_spread)
    arguments = (
        records.x.astype(np.float64),
        records.hazard_bin,
        records.days,
        records.outcome,
        np.full(ROWS, SEEN[MIE]),
        np.searchsorted(found.layout.actors, records.actor),
        ACTORS,
    )

    def log_posterior(at: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = log_likelihood(at, *arguments, 8)
        pull = precision @ (at - mean)
        return value - 0.5 * (at - mean) @ pull, gradient - pull

    top, slope = log_posterior(found.mode)
    root = np.linalg.cholesky(found.covariance)
    assert np.abs(root.T @ slope).max() < 0.05  # in units of the posterior's own spread
    assert top > log_posterior(theta)[0]
    random = np.random.default_rng(1)
    for _ in range(5):
        assert top > log_posterior(found.mode + root @ random.normal(0, 0.5, len(theta)))[0]


def test_the_evidence_chooses_the_spread_of_resolve(
    fitted: tuple[np.ndarray, DecisionRecords, Fit],
) -> None:
    _, _, found = fitted
    assert found.resolve_spread == SPREAD
    assert found.evidence[SPREAD] > found.evidence[TOO_SMALL] + 3.0


def test_what_is_not_shown_keeps_its_prior() -> None:
    mean, precision = prior(3, SPREAD)
    covariance = np.linalg.inv(precision)
    assert mean[alpha_index(Level.CONCILIATE)] == pytest.approx(ALPHA_MEAN)
    limited, major = alpha_index(Level.LIMITED), alpha_index(Level.MAJOR)
    gap = mean[major] - mean[limited]
    variance = covariance[major, major] + covariance[limited, limited]
    variance -= 2.0 * covariance[major, limited]
    assert -1.6 < gap < -1.3
    assert 0.4 < np.sqrt(variance) < 0.55
    assert len(mean) == FIXED + 3
    assert np.linalg.eigvalsh(precision).min() > 0.0


def test_thinning_keeps_the_days_and_every_act(
    fitted: tuple[np.ndarray, DecisionRecords, Fit],
) -> None:
    _, records, _ = fitted
    kept = thinned(records, 5)
    quiet = (records.days > 0) & (records.hazard_bin == BINS)
    quiet_kept = (kept.days > 0) & (kept.hazard_bin == BINS)
    assert (kept.days == 0).sum() == (records.days == 0).sum()
    assert (~quiet_kept).sum() == (~quiet).sum()
    assert quiet_kept.sum() == quiet.sum() // 5
    assert kept.days[quiet_kept].sum() == pytest.approx(records.days[quiet].sum(), abs=5)


def test_names_stand_where_the_indices_say() -> None:
    names = parameter_names()
    assert len(names) == FIXED == len(set(names))
    assert names[alpha_index(Level.WAR)] == "alpha[war]"
    assert names[beta_index(INDEX["rivals"], Level.DISPLAY)] == "beta[rivals,display]"
    assert names[HAZARD_START + 2 * BINS] == "hazard[force,0]"
    assert names[CHOICES - 1] == "alpha[war]"
