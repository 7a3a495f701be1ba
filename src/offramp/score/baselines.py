"""Simple forecasts that ours is measured against, each learned from training cases only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from offramp.score.cases import Cases

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

PSEUDO_CASES = 1.0
"""A cell of a table starts with so many cases at the rates of all training cases."""
SEED = 1

Baseline = Callable[[Cases, Cases], FloatArray]
"""Learns from the first cases and returns probabilities for the second, (N, K)."""


def climatology(train: Cases, test: Cases) -> FloatArray:
    """Forecast the rates of all training cases, whatever the case."""
    return np.tile(_rates(train.outcome, len(train.classes)), (len(test), 1))


def rate_table(group: str) -> Baseline:
    """Return the forecast of the rates among training cases with the same code in *group*."""

    def forecast(train: Cases, test: Cases) -> FloatArray:
        overall = _rates(train.outcome, len(train.classes))
        out = np.tile(overall, (len(test), 1))
        for code in np.unique(test.groups[group]):
            cell = train.outcome[train.groups[group] == code]
            counts = np.bincount(cell, minlength=len(overall))
            rates = (counts + PSEUDO_CASES * overall) / (len(cell) + PSEUDO_CASES)
            out[test.groups[group] == code] = rates
        return out

    return forecast


def learner(kind: str, block: str) -> Baseline:
    """Return a classifier of scikit-learn on a block of covariates.

    Args:
        kind: ``logit`` (plain, multinomial, columns scaled to unit spread), ``forest`` (random,
            400 trees, 10 cases a leaf or more) or ``boosting`` (by histograms, usual settings).
        block: which of `Cases.covariates`.
    """

    def forecast(train: Cases, test: Cases) -> FloatArray:
        classifier = _classifier(kind)
        classifier.fit(train.covariates[block], train.outcome)
        out = np.zeros((len(test), len(train.classes)))
        out[:, classifier.classes_] = classifier.predict_proba(test.covariates[block])
        return out

    return forecast


def _classifier(kind: str) -> Any:
    """Return a new classifier; scikit-learn is imported only where one is asked for."""
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if kind == "logit":
        return make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    if kind == "forest":
        return RandomForestClassifier(400, min_samples_leaf=10, random_state=SEED, n_jobs=1)
    if kind == "boosting":
        return HistGradientBoostingClassifier(random_state=SEED)
    raise ValueError(f"no classifier {kind!r}: logit, forest or boosting")


def _rates(outcome: IntArray, classes: int) -> FloatArray:
    counts = np.bincount(outcome, minlength=classes).astype(np.float64)
    rates: FloatArray = counts / counts.sum()
    return rates
