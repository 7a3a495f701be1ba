"""Simulation-based calibration, in short; `calibration.py` beside this runs a larger study.

The test: `REPLICATIONS` truths drawn from the prior; chi-square of their ranks over ten bins,
for nine quantities, with Bonferroni's correction at 0.001 in all. Its power, shown below: a
posterior whose mean is off by 0.9 of its spread, or that is 0.4 times as wide as it should be,
is found in nine of ten studies of this size (500 replications find 0.4 and 0.7 as surely).
"""

from __future__ import annotations

import numpy as np
import pytest
from calibration import OVERALL, calibrate, uniform_p
from scipy.stats import norm

REPLICATIONS, DRAWS = 60, 100
QUANTITIES = 9


def test_ranks_of_the_truth_are_uniform() -> None:
    found = calibrate(REPLICATIONS, seed=11, draws=DRAWS)
    assert found.dropped < 0.1 * REPLICATIONS
    assert len(found.of) == QUANTITIES
    for name, ranks in found.of.items():
        assert len(ranks) == REPLICATIONS - found.dropped, name
        assert ranks.min() >= 0, name
        assert ranks.max() <= DRAWS, name
    assert {n: p for n, p in found.p_values().items() if p < OVERALL / QUANTITIES} == {}


@pytest.mark.parametrize(("shift", "width", "power"), [(0.9, 1.0, 0.9), (0.0, 0.4, 0.9)])
def test_a_wrong_posterior_is_found(shift: float, width: float, power: float) -> None:
    """The truth is standard normal given the data; the posterior claims otherwise."""
    random = np.random.default_rng(1)
    found = [
        uniform_p(norm.cdf((random.standard_normal(REPLICATIONS) - shift) / width))
        < OVERALL / QUANTITIES
        for _ in range(400)
    ]
    assert np.mean(found) >= power


def test_a_right_posterior_is_not_found() -> None:
    random = np.random.default_rng(2)
    p = [uniform_p(random.random(REPLICATIONS)) for _ in range(2000)]
    assert np.mean(np.array(p) < OVERALL / QUANTITIES) <= 0.002
    assert 0.03 <= np.mean(np.array(p) < 0.05) <= 0.07
