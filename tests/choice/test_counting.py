"""Base rates by query: counted by hand, and intervals against closed form and simulation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from made_points import Point, made_points
from scipy.stats import beta

from offramp.choice.counting import FROM_DAY, Query, clustered_interval, count
from offramp.choice.decision_points import SILENT, TRIGGER, shipped_points
from offramp.choice.querying import levels_in
from offramp.history.mie import read_mie
from offramp.ladder import Level

FORCE = levels_in(">=6")
LIMITED = levels_in("limited")


def test_counted_by_hand() -> None:
    points = made_points(
        [
            Point(did={Level.LIMITED: 30}),
            Point(did={Level.LIMITED: 31}),
            Point(did={Level.DISPLAY: 2, Level.WAR: 9}),
            Point(actor=20, did={Level.VERBAL: 1}),
            Point(level=Level.DISPLAY, did={Level.LIMITED: 1}),  # another act received
            Point(day=date(1940, 1, 1), did={Level.LIMITED: 1}),  # before 1946
            Point(day=date(2014, 12, 2)),  # less than 30 days told
            Point(kind=TRIGGER, did={Level.LIMITED: 1}),
        ]
    )
    counted = count(points, Query(LIMITED, FORCE, 30))
    assert (counted.cases, counted.hits, counted.pairs) == (4, 2, 2)
    assert counted.rate == 0.5
    assert counted.days.tolist() == [30, 31, 9, SILENT]
    assert count(points, Query(LIMITED, FORCE, 31)).hits == 3
    assert count(points, Query(LIMITED, levels_in("verbal"), 31)).hits == 1
    assert count(points, Query(LIMITED, FORCE, 30, "actor = USA")).cases == 3
    assert count(points, Query(LIMITED, FORCE, 30, since=date(1919, 1, 1))).cases == 5
    assert count(points, Query(LIMITED, FORCE, 30, among="triggers")).cases == 1
    nothing = count(points, Query(levels_in("war"), FORCE, 30))
    assert (nothing.cases, nothing.rate, nothing.low) == (0, None, None)


def test_nothing_that_was_not_over_by_the_day_counts() -> None:
    days = [date(1980, 1, 1), date(1980, 1, 2)]
    points = made_points([Point(day=day, did={Level.LIMITED: 3}) for day in days])
    counted = count(points, Query(LIMITED, FORCE, 30, as_of=date(1980, 1, 31)))
    assert counted.points.day.tolist() == [days[0].toordinal()]


@pytest.mark.parametrize("within", [0, 181])
def test_a_horizon_that_history_was_not_read_for(within: int) -> None:
    with pytest.raises(ValueError, match="1 to 180"):
        Query(LIMITED, FORCE, within)


def test_levels_that_history_does_not_show() -> None:
    with pytest.raises(ValueError, match="does not show deniable apart; acts are at verbal"):
        Query(LIMITED, levels_in("deniable"), 30)
    assert Query(LIMITED, levels_in("pressure"), 30, among="triggers").within == 30


def test_cases_each_of_its_own_pair_get_jeffreys_interval() -> None:
    happened = np.arange(40) < 13
    low, high = clustered_interval(happened, np.arange(40))
    # The design effect of independent cases is n / (n − 1) here, which is all but 1.
    assert (low, high) == pytest.approx(beta.ppf([0.05, 0.95], 13.5, 27.5), abs=2e-3)


def test_repeating_each_case_adds_no_certainty() -> None:
    happened = np.arange(30) < 12
    once = clustered_interval(happened, np.arange(30))
    thrice = clustered_interval(np.repeat(happened, 3), np.repeat(np.arange(30), 3))
    assert thrice == pytest.approx(once, abs=2e-3)


def test_where_all_agree_a_pair_is_one_case() -> None:
    low, high = clustered_interval(np.zeros(50, bool), np.arange(50) % 5)
    assert (low, high) == pytest.approx((0.0, beta.ppf(0.95, 0.5, 5.5)))
    low, high = clustered_interval(np.ones(50, bool), np.arange(50) % 5)
    assert (low, high) == pytest.approx((beta.ppf(0.05, 5.5, 0.5), 1.0))
    low, high = clustered_interval(np.array([True]), np.array([7]))
    assert low > 0.1


def test_the_interval_covers_where_pairs_differ() -> None:
    """Simulated: pairs with rates of their own, some with many more cases than others."""
    random = np.random.default_rng(3)
    covered = naive = 0
    rounds = 400
    size = random.integers(1, 30, 80)
    cluster = np.repeat(np.arange(80), size)
    for _ in range(rounds):
        happened = random.random(len(cluster)) < np.repeat(random.beta(0.6, 1.4, 80), size)
        low, high = clustered_interval(happened, cluster)
        covered += low <= 0.3 <= high
        first, last = beta.ppf([0.05, 0.95], happened.sum() + 0.5, (~happened).sum() + 0.5)
        naive += first <= 0.3 <= last
    assert 0.86 <= covered / rounds <= 0.94
    assert naive / rounds < 0.6


def test_the_cases_that_ship_against_the_published_file(data_directory: Path) -> None:
    """Counted anew in the file, with and without the acts of the same day.

    An act of the same day is an answer only if it was coded later, so the truth lies between.
    """
    acts = read_mie(data_directory / "mie" / "mie-1.0.csv")
    acts = acts[acts["day"].notna() & acts["directed"]]
    days = acts.groupby(["actor", "target", "day"])["level_low"].max().reset_index()
    force: dict[tuple[int, int], list[int]] = {}
    for actor, target, day, level in days.itertuples(index=False):
        if level >= Level.LIMITED:
            force.setdefault((actor, target), []).append(day)
    recent = days[days["day"].between(FROM_DAY.toordinal(), date(2014, 12, 31).toordinal() - 30)]
    for received in ("verbal", "display", "limited", "major"):
        cases = recent[recent["level_low"] == Level[received.upper()]]
        lags = [
            [there - day for there in force.get((target, actor), []) if 0 <= there - day <= 30]
            for actor, target, day, _ in cases.itertuples(index=False)
        ]
        counted = count(shipped_points(), Query(levels_in(received), FORCE, 30))
        assert counted.cases == len(cases)
        assert sum(any(lag > 0 for lag in one) for one in lags) <= counted.hits
        assert counted.hits <= sum(bool(one) for one in lags)
