"""Recalibration gives back forecasts that were made too timid."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from offramp.score.recalibrating import recalibrated


def test_a_distortion_is_undone() -> None:
    generator = np.random.default_rng(4)
    logits = generator.normal(0.0, 1.5, (4000, 4))
    truth = softmax(logits, axis=1)
    outcome = (truth.cumsum(axis=1) < generator.random((4000, 1))).sum(axis=1)
    timid = softmax(0.6 * logits, axis=1)
    assert recalibrated(timid, outcome)(timid) == pytest.approx(truth, abs=0.04)


def test_few_cases_change_little() -> None:
    given = np.array([[0.6, 0.4]])
    changed = recalibrated(given, np.array([0]))(given)
    assert changed == pytest.approx(given, abs=0.12)
    assert changed[0, 0] > 0.6
