"""Reliability: how often what was forecast at a probability came true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BIN_COUNT = 10
WILSON_SPREAD = 1.6449
"""Standard deviations of a normal within which 90 % lies."""


@dataclass(frozen=True)
class ReliabilityBin:
    """Forecasts of about the same probability, and what became of them.

    Attributes:
        cases: how many.
        forecast: their mean probability.
        observed: the share that came true.
        low: lower end of Wilson's 90 % interval of that share, cases (or what they count for)
            taken as independent.
        high: its upper end.
    """

    cases: int
    forecast: float
    observed: float
    low: float
    high: float


def reliability_bins(
    probability: FloatArray,
    happened: FloatArray,
    bins: int = BIN_COUNT,
    weight: FloatArray | None = None,
) -> tuple[ReliabilityBin, ...]:
    """Return the points of a reliability diagram, over *bins* of about as many cases each.

    Equal forecasts stay in one bin, so there may be fewer bins.

    Args:
        probability: of the event, (N,).
        happened: 1.0 where it came true, (N,).
        bins: how many at most.
        weight: how much each case counts, above 0, (N,); 1 if absent.
    """
    weight = np.ones(len(probability)) if weight is None else weight
    return tuple(
        _bin(probability[rows], happened[rows], weight[rows])
        for rows in rows_by_bin(probability, bins)
    )


def rows_by_bin(probability: FloatArray, bins: int = BIN_COUNT) -> list[IntArray]:
    """Return which cases each point of a reliability diagram stands for; as `reliability_bins`."""
    order = np.argsort(probability, kind="stable")
    edges = np.searchsorted(
        probability[order], probability[order][np.arange(1, bins) * len(order) // bins]
    )
    return [rows for rows in np.split(order, np.unique(edges)) if len(rows)]


def _bin(probability: FloatArray, happened: FloatArray, weight: FloatArray) -> ReliabilityBin:
    cases, share = float(weight.sum()), float(np.average(happened, weights=weight))
    forecast = float(np.average(probability, weights=weight))
    z = WILSON_SPREAD**2 / cases
    middle = (share + z / 2.0) / (1.0 + z)
    half = WILSON_SPREAD / (1.0 + z) * np.sqrt(share * (1.0 - share) / cases + z / (4.0 * cases))
    low, high = max(0.0, middle - float(half)), min(1.0, middle + float(half))
    return ReliabilityBin(len(happened), forecast, share, low, high)
