"""Both kinds of uncertainty, against simulations in which the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import made
from scipy.stats import beta

from offramp.engine.ensemble import Futures
from offramp.forecast.uncertainty import credible_interval, monte_carlo_error


def futures_of(draws: int, count: int) -> Futures:
    return made([[]] * count, 7, draws=draws)


def outcomes(chance: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """Return a 0/1 outcome of each future; future k follows draw k mod draws."""
    return (random.random(count) < chance[np.arange(count) % len(chance)]).astype(np.float64)


@pytest.mark.parametrize(("a", "b"), [(2.0, 5.0), (20.0, 4.0), (0.7, 6.0), (1.0, 1.0)])
def test_the_interval_is_that_of_the_probability_without_the_noise(a: float, b: float) -> None:
    """Probabilities by draw follow Beta(a, b); each draw shows a few futures of it only."""
    random = np.random.default_rng(1)
    draws, count = 1000, 20_000
    found = np.array(
        [
            credible_interval(
                futures_of(draws, count), outcomes(random.beta(a, b, draws), count, random)
            )
            for _ in range(8)
        ]
    ).mean(axis=0)
    low, high = beta(a, b).ppf([0.05, 0.95])
    assert found[0] == pytest.approx(low, abs=0.02)
    assert found[1] == pytest.approx(high, abs=0.02)


def test_the_noise_of_finite_futures_is_no_uncertainty_of_the_parameters() -> None:
    random = np.random.default_rng(2)
    draws, count = 1000, 10_000
    low, high = credible_interval(
        futures_of(draws, count), outcomes(np.full(draws, 0.3), count, random)
    )
    assert high - low < 0.12  # the spread of the frequencies themselves would give 0.48


def test_without_a_second_future_a_draw_nothing_is_known() -> None:
    assert credible_interval(futures_of(10, 10), np.ones(10)) == (0.0, 1.0)


def test_certainty_has_no_width() -> None:
    assert credible_interval(futures_of(10, 40), np.ones(40)) == (1.0, 1.0)
    assert credible_interval(futures_of(10, 40), np.zeros(40)) == (0.0, 0.0)


@pytest.mark.parametrize("count", [150, 400, 2000])
def test_the_monte_carlo_error_covers(count: int) -> None:
    """Of the means, about 95 in 100 lie within 1.96 errors of the mean probability."""
    random = np.random.default_rng(3)
    draws, trials = 100, 1500
    chance = random.beta(2.0, 3.0, draws)
    futures = futures_of(draws, count)
    truth = chance[np.arange(count) % draws].mean()
    hits = 0
    for _ in range(trials):
        outcome = outcomes(chance, count, random)
        hits += abs(outcome.mean() - truth) <= 1.96 * monte_carlo_error(futures, outcome)
    assert 0.93 <= hits / trials <= 0.97


def test_the_monte_carlo_error_of_one_draw_is_the_textbook_one() -> None:
    outcome = np.array([1.0] * 30 + [0.0] * 70)
    expected = np.sqrt(0.3 * 0.7 / 99)  # with the sample's own variance
    assert monte_carlo_error(futures_of(1, 100), outcome) == pytest.approx(expected)


@settings(max_examples=50)
@given(st.integers(1, 20), st.lists(st.booleans(), min_size=1, max_size=120))
def test_bounds(draws: int, happened: list[bool]) -> None:
    outcome = np.array(happened, dtype=np.float64)
    futures = futures_of(draws, len(happened))
    low, high = credible_interval(futures, outcome)
    assert 0.0 <= low <= high <= 1.0
    assert 0.0 <= monte_carlo_error(futures, outcome) <= 1.0
    assert low <= outcome.mean() <= high
