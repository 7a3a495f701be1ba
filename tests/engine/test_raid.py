"""Raids: what can never be otherwise, and the means against what is expected."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm, poisson

from offramp.quantiles import binomial_quantile, normal_quantile, poisson_quantile
from offramp.raid import CLASS_COUNT, FloatArray, engaged_share, expected_leak, fly, toll

SHARES = st.floats(0.0, 1.0)
COUNTS = st.lists(st.integers(0, 400).map(float), min_size=CLASS_COUNT, max_size=CLASS_COUNT)
BY_CLASS = st.lists(SHARES, min_size=CLASS_COUNT, max_size=CLASS_COUNT)
ENGAGES = st.lists(st.booleans(), min_size=CLASS_COUNT, max_size=CLASS_COUNT)


class Defences:
    """Layers of defence as the arrays that a raid meets."""

    def __init__(self, layers: list[tuple[list[float], list[bool], float, bool]]) -> None:
        count = len(layers)
        self.kill = np.array([one[0] for one in layers]).reshape(count, CLASS_COUNT)
        self.against = np.array([one[1] for one in layers], float).reshape(count, CLASS_COUNT)
        self.capacity = np.array([one[2] for one in layers], float)
        self.present = np.array([one[3] for one in layers], float)

    def arrays(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        return self.kill, self.against, self.capacity, self.present

    def expected(self, launched: list[float], reliability: list[float]) -> FloatArray:
        out = np.zeros(CLASS_COUNT)
        expected_leak(np.array(launched), np.array(reliability), *self.arrays(), out)
        return out

    def flown(
        self, launched: list[float], reliability: list[float], random: np.random.Generator
    ) -> FloatArray:
        out = np.zeros(CLASS_COUNT)
        uniforms = random.random((len(self.capacity) + 1, CLASS_COUNT))
        fly(np.array(launched), np.array(reliability), *self.arrays(), uniforms, out)
        return out


CAPACITIES = st.one_of(st.just(np.inf), st.integers(1, 300).map(float))
LAYERS = st.lists(st.tuples(BY_CLASS, ENGAGES, CAPACITIES, st.booleans()), max_size=4)
SLACK = 1e-9


@given(COUNTS, BY_CLASS, LAYERS, st.tuples(BY_CLASS, ENGAGES, CAPACITIES, st.just(True)))
def test_one_more_layer_lets_no_more_through(launched, reliability, layers, layer) -> None:
    before = Defences(layers).expected(launched, reliability)
    for place in range(len(layers) + 1):
        after = Defences([*layers[:place], layer, *layers[place:]]).expected(launched, reliability)
        assert (after <= before + SLACK).all()


@given(COUNTS, BY_CLASS, LAYERS, SHARES)
def test_a_higher_probability_of_kill_lets_no_more_through(
    launched, reliability, layers, share
) -> None:
    better = [([k + share * (1.0 - k) for k in kill], *rest) for kill, *rest in layers]
    before = Defences(layers).expected(launched, reliability)
    assert (Defences(better).expected(launched, reliability) <= before + SLACK).all()


@given(COUNTS, BY_CLASS, LAYERS)
def test_partners_and_warning_let_no_more_through(launched, reliability, layers) -> None:
    """Both mean that more layers are present."""
    everybody = [(kill, against, capacity, True) for kill, against, capacity, _ in layers]
    before = Defences(layers).expected(launched, reliability)
    assert (Defences(everybody).expected(launched, reliability) <= before + SLACK).all()


@given(COUNTS, BY_CLASS, LAYERS, st.integers(0, 2**32 - 1))
def test_leakers_are_whole_and_no_more_than_what_was_launched(
    launched, reliability, layers, seed
) -> None:
    out = Defences(layers).flown(launched, reliability, np.random.default_rng(seed))
    assert (out >= 0.0).all()
    assert (out <= launched).all()
    assert (out == np.round(out)).all()


@given(COUNTS, LAYERS, st.integers(0, 2**32 - 1))
def test_what_nothing_stops_comes_through_whole(launched, layers, seed) -> None:
    harmless = [([0.0] * CLASS_COUNT, *rest) for _, *rest in layers]
    random = np.random.default_rng(seed)
    assert Defences(harmless).flown(launched, [1.0] * CLASS_COUNT, random).tolist() == launched
    assert Defences(harmless).expected(launched, [1.0] * CLASS_COUNT).tolist() == launched


@given(COUNTS, BY_CLASS, st.integers(0, 2**32 - 1))
def test_a_perfect_layer_stops_everything(launched, reliability, seed) -> None:
    wall = Defences([([1.0] * CLASS_COUNT, [True] * CLASS_COUNT, np.inf, True)])
    assert wall.flown(launched, reliability, np.random.default_rng(seed)).sum() == 0.0
    assert wall.expected(launched, reliability).sum() == 0.0


def test_a_full_layer_lets_the_rest_through() -> None:
    """It can engage 30 of 100 drones and 50 missiles; rockets it does not meet."""
    layer = Defences([([1.0] * CLASS_COUNT, [True, True, False, False], 30.0, True)])
    out = layer.expected([100.0, 50.0, 0.0, 10.0], [1.0] * CLASS_COUNT)
    assert out == pytest.approx([80.0, 40.0, 0.0, 10.0])
    assert engaged_share(np.array([100.0, 50.0]), np.ones(2), 30.0) == 0.2
    assert engaged_share(np.zeros(2), np.ones(2), 30.0) == 1.0


@settings(max_examples=25)
@given(
    st.lists(st.integers(0, 300).map(float), min_size=4, max_size=4),
    BY_CLASS,
    st.lists(st.tuples(BY_CLASS, ENGAGES, st.just(np.inf), st.booleans()), max_size=3),
)
def test_the_mean_of_raids_is_what_is_expected(launched, reliability, layers) -> None:
    """Without a limit of capacity a munition comes through independently of the others."""
    defences, flights = Defences(layers), 400
    random = np.random.default_rng(1)
    mean = sum(defences.flown(launched, reliability, random) for _ in range(flights)) / flights
    expected = defences.expected(launched, reliability)
    spread = np.sqrt(expected * (1.0 - expected / np.maximum(launched, 1.0)) / flights)
    # Five standard errors of a binomial, and the rounding of the normal in its tail.
    assert (np.abs(mean - expected) <= 5.0 * spread + 0.05).all()


@pytest.mark.parametrize(("leakers", "mean"), [(1.0, 0.3), (8.0, 0.2), (60.0, 1.5)])
def test_the_mean_toll(leakers: float, mean: float) -> None:
    random = np.random.default_rng(2)
    killed = np.array([toll(leakers, mean, *random.random(2)) for _ in range(200_000)])
    error = killed.std() / np.sqrt(len(killed))
    assert abs(killed.mean() - leakers * mean) < 4.0 * error
    assert killed.min() == 0
    assert killed.max() > 5.0 * leakers * mean  # the tail is heavy


@given(st.floats(1e-6, 1.0 - 1e-6), st.floats(1e-6, 1.0 - 1e-6))
def test_who_is_not_hit_is_not_killed(spread: float, count: float) -> None:
    assert toll(0.0, 5.0, spread, count) == 0


@given(st.floats(1e-12, 1.0 - 1e-12))
def test_normal_quantile(p: float) -> None:
    assert normal_quantile(p) == pytest.approx(norm.ppf(p), rel=2e-9, abs=2e-9)


@given(st.floats(0.001, 29.9), st.floats(1e-6, 1.0 - 1e-6))
def test_poisson_quantile(mean: float, p: float) -> None:
    """Where p stands on a step, rounding may decide either way."""
    found = poisson_quantile(mean, p)
    assert poisson.cdf(found, mean) >= p - 1e-9
    assert found == 0 or poisson.cdf(found - 1, mean) < p + 1e-9


@given(st.integers(1, 120), SHARES, st.floats(1e-6, 1.0 - 1e-6))
def test_binomial_quantile(trials: int, chance: float, p: float) -> None:
    found = binomial_quantile(trials, chance, p)
    if trials * chance * (1.0 - chance) <= 30.0:
        assert binom.cdf(found, trials, chance) >= p - 1e-9
        assert found == 0 or binom.cdf(found - 1, trials, chance) < p + 1e-9


@pytest.mark.parametrize("mean", [30.0, 80.0, 500.0])
def test_large_counts_are_close_to_the_normal(mean: float) -> None:
    for p in (0.001, 0.05, 0.5, 0.95, 0.999):
        exact = poisson.ppf(p, mean)
        assert abs(poisson_quantile(mean, p) - exact) <= 0.02 * mean + 2.0
        trials = int(4 * mean)
        exact = binom.ppf(p, trials, 0.5)
        assert abs(binomial_quantile(trials, 0.5, p) - exact) <= 1.0


@given(st.floats(0.01, 200.0), st.floats(1e-6, 0.999), st.floats(0.0, 1e-3))
def test_a_larger_number_gives_no_smaller_count(mean: float, p: float, more: float) -> None:
    assert poisson_quantile(mean, p) <= poisson_quantile(mean, p + more)
    trials, chance = int(mean) + 1, 0.3
    assert binomial_quantile(trials, chance, p) <= binomial_quantile(trials, chance, p + more)
