"""The backtest of tempo: its scores by hand, and who wins on counts of a known kind."""

from __future__ import annotations

from datetime import date
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from scipy.stats import nbinom, norm, poisson

from offramp.choice.tempo import TEMPO_PRIOR, FrontCounts, TempoFit
from offramp.score import tempo as backtesting
from offramp.score.tempo import (
    BASELINES,
    LEAST_RATE,
    VARIANTS,
    backtest_tempo,
    crps,
    last_week,
    log_count,
)

FIRST = date(1990, 1, 1).toordinal()
YEARS, CUT, PATHS = 4, 1992, 100


def made(kind: str) -> FrontCounts:
    """Two fronts over six years: plain Poisson, or by the model with much persistence."""
    random = np.random.default_rng(2)
    days = YEARS * 365
    counts = np.zeros((days, 2), np.int64)
    for front in range(2):
        active = 1.0
        for day in range(days):
            mean, noise = 0.8, 1.0
            if kind == "clustered":
                mean *= 0.2 + 0.8 * active
                noise = np.exp(random.standard_normal() - 0.5)
            counts[day, front] = random.poisson(mean * noise)
            active = np.exp(-1 / 4) * active + (1 - np.exp(-1 / 4)) * counts[day, front] / 0.8
    return FrontCounts(("a", "b"), FIRST, counts, np.zeros((2, 2)))


@pytest.fixture(scope="module")
def results() -> dict[str, dict[str, Any]]:
    told: list[str] = []
    with patch.object(backtesting, "PATHS", PATHS):
        found = {
            kind: backtest_tempo(made(kind), told.append, cuts=(CUT,))
            for kind in ("plain", "clustered")
        }
    assert told == [f"tempo: before {CUT}"] * 2
    return found


def test_crps_of_a_normal() -> None:
    """σ [z (2Φ(z) − 1) + 2φ(z) − 1/√π] (Gneiting and Raftery 2007, equation 21)."""
    samples = 3.0 + 2.0 * np.random.default_rng(1).standard_normal((1, 40_000))
    z = (4.0 - 3.0) / 2.0
    exact = 2.0 * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - np.pi**-0.5)
    assert crps(samples, np.array([4.0]))[0] == pytest.approx(exact, abs=0.02)


def test_crps_of_a_point_is_the_error() -> None:
    assert crps(np.full((2, 5), 3.0), np.array([3.0, 7.0])) == pytest.approx([0.0, 4.0])


def test_the_last_week_by_hand() -> None:
    counts = np.array([[1], [0], [2], [0], [0], [3], [1], [0], [0]])
    found = last_week(counts)
    assert found[:7, 0].tolist() == [LEAST_RATE] * 7
    assert found[7:, 0] == pytest.approx([1.0, 6 / 7])


def test_every_forecast_is_scored_on_the_same_cases(results: dict[str, dict[str, Any]]) -> None:
    for found in results.values():
        for part in (found, *found["totals"].values()):
            assert set(part["baselines"]) == set(BASELINES)
            assert set(part["variants"]) == set(VARIANTS)
            assert set(part["paired"]) == {*BASELINES, *VARIANTS}
            kind = "log_loss" if "test" in part else "crps"
            for name, row in {**part["baselines"], **part["variants"]}.items():
                gap = part["offramp"][kind] - row[kind]
                assert part["paired"][name][f"{kind}_difference"] == pytest.approx(gap)
        assert found["cases"] <= 2 * (YEARS - 2) * 366
        assert set(found["totals"]) == {"7", "30"}


def test_ours_wins_where_counts_cluster(results: dict[str, dict[str, Any]]) -> None:
    found = results["clustered"]
    for name in BASELINES:
        assert found["paired"][name]["interval"][1] < 0.0, name
    assert found["totals"]["7"]["paired"]["poisson"]["interval"][1] < 0.0
    assert 0.8 < found["totals"]["7"]["offramp"]["coverage"] <= 1.0


def test_where_counts_are_poisson_the_poisson_wins(results: dict[str, dict[str, Any]]) -> None:
    found = results["plain"]
    assert 0.0 < found["paired"]["poisson"]["log_loss_difference"] < 0.05
    assert found["baselines"]["poisson"]["log_loss"] == pytest.approx(
        poisson(0.8).entropy(), rel=0.05
    )


def test_nothing_after_the_cut_enters_the_fit() -> None:
    seen: list[FrontCounts] = []

    def recorded(fronts: FrontCounts) -> TempoFit:
        seen.append(fronts)
        return TempoFit(dict(TEMPO_PRIOR), {}, {}, 0)

    fronts = made("plain")
    with (
        patch.object(backtesting, "fit_tempo", recorded),
        patch.object(backtesting, "PATHS", 10),
    ):
        backtest_tempo(fronts, lambda _: None, cuts=(1992, 1993))
    assert [len(one.counts) for one in seen] == [2 * 365, 3 * 365 + 1]  # 1992 was a leap year
    assert np.array_equal(seen[0].counts, fronts.counts[: 2 * 365])


def test_a_count_is_scored_as_scipy_does() -> None:
    counts, mean = np.array([0, 1, 4]), np.array([0.5, 0.7, 2.0])
    assert log_count(counts, mean, 0.0) == pytest.approx(poisson.logpmf(counts, mean))
    assert log_count(counts, mean, 0.6) == pytest.approx(
        nbinom.logpmf(counts, 0.6, 0.6 / (0.6 + mean))
    )
