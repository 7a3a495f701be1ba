"""The tempo of burning fronts: likelihood, recursion, and recovery of what made the counts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm, poisson

from offramp.choice.tempo import (
    TEMPO_PRIOR,
    USUAL_DAYS,
    FrontCounts,
    activity,
    expected,
    fit_tempo,
    log_scores,
    pooled,
    usual_rate,
)

DAYS = 4000


def simulated(random: np.random.Generator, persistence: float, memory: float, spread: float):
    """A front by the formulas of docs/model.md, its usual rate the mean of the last 90 days."""
    counts = list(random.poisson(0.8, USUAL_DAYS))
    active, keep = 1.0, np.exp(-1.0 / memory)
    for _ in range(DAYS):
        usual = max(np.mean(counts[-USUAL_DAYS:]), 0.3)  # so that it does not die out
        mean = usual * (1.0 - persistence + persistence * active)
        noise = np.exp(spread * random.standard_normal() - 0.5 * spread**2)
        counts.append(int(random.poisson(mean * noise)))
        active = keep * active + (1.0 - keep) * counts[-1] / usual
    return np.array(counts)


def test_the_noise_is_integrated_out() -> None:
    """Against adaptive quadrature of Poisson times log-normal."""
    for count, mean, spread in [(0, 0.3, 1.0), (3, 0.5, 1.2), (12, 4.0, 0.8), (1, 2.0, 0.3)]:

        def density(z: float, n: int = count, m: float = mean, s: float = spread) -> float:
            return float(poisson.pmf(n, m * np.exp(s * z - 0.5 * s * s)) * norm.pdf(z))

        exact = np.log(quad(density, -9.0, 9.0, limit=200)[0])
        score = log_scores(np.array([float(count)]), np.array([mean]), spread)
        assert score[0] == pytest.approx(exact, abs=2e-3)


def test_without_noise_it_is_poisson() -> None:
    counts = np.arange(6.0)
    score = log_scores(counts, np.full(6, 1.7), 1e-9)
    assert score == pytest.approx(poisson.logpmf(counts, 1.7))


def test_the_usual_rate_knows_only_the_days_before() -> None:
    counts = np.random.default_rng(1).poisson(1.0, (200, 2))
    usual = usual_rate(counts)
    assert np.isnan(usual[:USUAL_DAYS]).all()
    assert usual[150, 1] == pytest.approx(counts[150 - USUAL_DAYS : 150, 1].mean())
    later = counts.copy()
    later[150:] += 5
    assert usual_rate(later)[:151] == pytest.approx(usual[:151], nan_ok=True)


def test_activity_by_hand() -> None:
    """Two fronts, the first linked to the second with strength 1."""
    counts = np.array([[4, 0], [0, 0], [0, 0]])
    usual = np.full((3, 2), 2.0)
    links = np.array([[0.0, 1.0], [0.0, 0.0]])
    share, memory, cross = np.array([0.5, 0.25]), np.array([2.0, 4.0]), 0.4
    active = activity(share, memory, cross, counts, usual, links)
    first, second = np.exp(-0.5), np.exp(-0.25)
    on_first = first + (1 - first) * 4 / 2
    assert active[1] == pytest.approx(
        [on_first, second + (1 - second) * 0.75 * 0.4 * (on_first - 1.0)]
    )
    assert active[2, 0] == pytest.approx(first * on_first)
    means = expected(share, active, usual)
    assert means[1, 0] == pytest.approx(2.0 * (0.5 + 0.5 * on_first))


def test_a_front_that_does_not_burn_starts_as_usual() -> None:
    counts = np.array([[9], [9], [9]])
    usual = np.array([[0.05], [np.nan], [1.0]])
    active = activity(np.array([0.5]), np.array([3.0]), 0.0, counts, usual, np.zeros((1, 1)))
    assert active[:, 0].tolist() == [1.0, 1.0, 1.0]


def test_the_fit_finds_what_made_the_counts() -> None:
    random = np.random.default_rng(3)
    counts = np.column_stack([simulated(random, 0.6, 4.0, 0.9) for _ in range(2)])
    fitted = fit_tempo(FrontCounts(("a", "b"), 1, counts, np.zeros((2, 2))))
    true = {"persistence": np.log(0.6 / 0.4), "memory": np.log(4.0), "spread": np.log(0.9)}
    for front in ("a", "b"):
        for name, value in true.items():
            mode, error = fitted.fronts[front][name]
            assert abs(mode - value) < 3.0 * error
            assert error < 0.6
    assert fitted.figures["cross"] == TEMPO_PRIOR["cross"]  # no link, nothing learned


def test_without_fronts_the_prior_stays() -> None:
    none = FrontCounts(("a",), 1, np.zeros((50, 1), np.int64), np.zeros((1, 1)))
    fitted = fit_tempo(none)
    assert fitted.days == 0
    assert fitted.figures == {
        name: (pytest.approx(mean, abs=1e-4), pytest.approx(spread))
        for name, (mean, spread) in TEMPO_PRIOR.items()
    }


def test_pooling_by_hand() -> None:
    """Alike fronts: precision adds up; fronts far apart: the spread shows."""
    flat = (0.0, 1e3)
    mean, error, among = pooled(np.full(4, 0.5), np.full(4, 0.4), flat)
    assert (mean, error, among) == (
        pytest.approx(0.5, abs=1e-3),
        pytest.approx(0.2, abs=1e-3),
        pytest.approx(0.0, abs=1e-3),
    )
    _, _, apart = pooled(np.array([-1.0, 1.0, -1.0, 1.0]), np.full(4, 0.1), flat)
    assert 0.6 < apart < 1.1


def test_until_cuts_what_came_after() -> None:
    fronts = FrontCounts(("a",), 100, np.arange(10).reshape(10, 1), np.zeros((1, 1)))
    assert fronts.until(103).counts[:, 0].tolist() == [0, 1, 2, 3]
    assert len(fronts.until(50).counts) == 0
