"""Signposts against filtering by plain loops, closed forms, and chance itself."""

from __future__ import annotations

from dataclasses import replace
from math import log2

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import outcomes
from small import small, small_crisis
from walking import attacks_on, stories

from offramp.engine.ensemble import Futures
from offramp.forecast.observations import Observation, observations
from offramp.forecast.signposts import effect, information, signposts
from offramp.ladder import Level

COUNT, HORIZON = 4000, 90


@pytest.fixture(scope="module")
def futures() -> Futures:
    return small().futures(COUNT, HORIZON)


def observed(futures: Futures, text: str, days: int) -> Observation:
    (found,) = [one for one in observations(futures, (days,)) if one.text == text]
    return found


def acts(futures: Futures, row: int) -> list[tuple[int, str, str, int]]:
    """Day, actor, target and level of each act of a future."""
    return [
        (
            int(futures.day[k]),
            futures.compiled.dyads[futures.dyad[k]].actor,
            futures.compiled.dyads[futures.dyad[k]].target,
            int(futures.level[k]),
        )
        for k in range(futures.start[row], futures.start[row + 1])
    ]


def bits_of(table: npt.NDArray[np.float64]) -> float:
    """Mutual information as H(row) + H(column) - H(both)."""
    joint = table / table.sum()

    def entropy(chances: npt.NDArray[np.float64]) -> float:
        return -sum(float(p) * log2(p) for p in chances.ravel() if p > 0)

    return entropy(joint.sum(axis=1)) + entropy(joint.sum(axis=0)) - entropy(joint)


@given(st.lists(st.integers(0, 5000), min_size=4, max_size=8).filter(lambda row: len(row) % 2 == 0))
def test_information_is_within_its_bounds(cells: list[int]) -> None:
    table = np.array(cells, np.float64).reshape(2, -1)
    bits, error = information(table)
    assert bits >= 0
    assert error >= 0
    if table.sum() > 0:
        joint = table / table.sum()
        for margin in (joint.sum(axis=0), joint.sum(axis=1)):
            assert bits <= -sum(p * log2(p) for p in margin if p > 0) + 1e-12


def test_information_in_closed_form() -> None:
    many = 1_000_000.0
    assert information(np.diag([many, many]))[0] == pytest.approx(1.0, abs=1e-5)
    assert information(np.outer([3.0, 1.0], [2.0, 5.0]) * many)[0] == pytest.approx(0.0, abs=1e-5)
    noisy = np.array([[0.9, 0.1], [0.1, 0.9]]) * many  # a binary symmetric channel
    flipped = 1 + 0.1 * log2(0.1) + 0.9 * log2(0.9)
    assert information(noisy)[0] == pytest.approx(flipped, abs=1e-5)
    wide = np.array([[50.0, 20.0, 30.0], [10.0, 80.0, 10.0]]) * 1e4
    assert information(wide)[0] == pytest.approx(bits_of(wide), abs=1e-5)


@pytest.mark.parametrize("shift", [0.0, 0.05, 0.3])
def test_the_error_is_that_of_repeated_samples(shift: float) -> None:
    random = np.random.default_rng(3)
    chances = np.array([0.2 + shift / 2, 0.3 - shift / 2, 0.2, 0.3])
    tables = random.multinomial(2000, chances / chances.sum(), size=2000).reshape(-1, 2, 2)
    found = np.array([information(table.astype(np.float64)) for table in tables])
    ratio = found[:, 1].mean() / found[:, 0].std()
    assert 0.95 <= ratio <= (2.2 if shift == 0 else 1.2), "too large only near independence"
    truth = bits_of(chances.reshape(2, 2))
    # At independence what falls below 0 is cut off, so the mean lies a little above it.
    assert found[:, 0].mean() == pytest.approx(truth, abs=4e-4)
    assert (np.abs(found[:, 0] - truth) <= 3 * found[:, 1]).mean() > 0.97


def test_an_effect_against_filtering(futures: Futures) -> None:
    """Brute force: each future by hand, on the day by which the act is looked for."""
    days, closes = 7, 30
    sides: dict[bool, list[bool]] = {True: [], False: []}
    still = 0
    decided = []
    told = stories(futures)
    for row in range(COUNT):
        mine = [one for one in acts(futures, row) if one[1:3] == ("AAA", "BBB")]
        seen = any(day <= days and level == Level.DENIABLE for day, _, _, level in mine)
        struck = [day for day, _, _, level in mine if level >= Level.LIMITED and day <= closes]
        pair = [one for one in acts(futures, row) if {*one[1:3]} == {"AAA", "BBB"}]
        struck += [day for day, _, _, level in pair if level == Level.WAR and day <= closes]
        struck += [day for day in attacks_on(told[row], "direct", 4) if day <= closes]
        settled = bool(struck) and min(struck) <= days
        if seen:
            decided.append(settled)
        if not settled:
            still += 1
            sides[seen].append(bool(struck))
    found = effect(observed(futures, "AAA acts deniably against BBB", days), outcomes(futures))
    assert found is not None
    assert found.futures == (len(sides[True]), len(sides[False]))
    assert found.open == still / COUNT
    assert found.decided_if_seen == pytest.approx(np.mean(decided))
    assert found.if_seen == pytest.approx(np.mean(sides[True]))
    assert found.if_not_seen == pytest.approx(np.mean(sides[False]))
    assert found.before == pytest.approx(np.mean(sides[True] + sides[False]))
    table = np.array([[len(s) - sum(s), sum(s)] for s in (sides[True], sides[False])], np.float64)
    unit = 1 / (2 * still * np.log(2))
    assert found.bits == pytest.approx((bits_of(table) - unit) * still / COUNT)


def test_silence_against_filtering(futures: Futures) -> None:
    one = observed(futures, "nothing above words from BBB", 14)
    expected = [
        not any(
            actor == "BBB" and day <= 14 and level > Level.VERBAL
            for day, actor, _, level in acts(futures, row)
        )
        for row in range(COUNT)
    ]
    assert one.seen.tolist() == expected


def test_tempo_and_ceasefire_against_filtering(futures: Futures) -> None:
    place = futures.compiled.fronts.index("hills")
    weeks = [[float(a) for a in row] for row in futures.attacks[:, place]]
    double = observed(futures, "attacks on the front hills: the tempo doubles", 14)
    assert double.seen.tolist() == [row[0] + row[1] >= 2 * 2.5 * 14 for row in weeks]
    half = observed(futures, "attacks on the front hills: the tempo halves", 17)
    assert half.days == 14
    assert half.seen.tolist() == [row[0] + row[1] <= 0.5 * 2.5 * 14 for row in weeks]
    still = observed(futures, "a ceasefire on the front hills: a week without attack", 28)
    war = futures.war_days[:, place, 3]
    assert still.seen.tolist() == [row[3] == 0 and war[k] == 0 for k, row in enumerate(weeks)]
    assert not [one for one in observations(futures, (6,)) if one.kind == "tempo"]


def test_what_is_asked_decides_itself(futures: Futures) -> None:
    found = effect(observed(futures, "AAA uses overt force against BBB", 7), outcomes(futures))
    assert found is not None
    assert found.decides
    assert found.decided_if_seen == 1.0
    assert found.bits == 0.0
    assert found.if_seen is None


def test_an_independent_signpost_tells_nothing(futures: Futures) -> None:
    """The same observation, shuffled among the futures."""
    one, asked = observed(futures, "AAA acts deniably against BBB", 7), outcomes(futures)
    real = effect(one, asked)
    random = np.random.default_rng(1)
    shuffled = [effect(replace(one, seen=random.permutation(one.seen)), asked) for _ in range(50)]
    bits = [(each.bits, each.bits_error) for each in shuffled if each is not None]
    assert len(bits) == 50
    assert sum(value <= 3 * error for value, error in bits) >= 48
    assert real is not None
    assert real.bits > 5 * max(value for value, _ in bits)


def test_time_that_passes_is_no_news(futures: Futures) -> None:
    """Days of an observation drawn by themselves tell nothing, though they differ."""
    days = np.random.default_rng(7).geometric(0.1, COUNT)
    one = Observation("act", "drawn apart", 14, days <= 14)
    found = effect(one, outcomes(futures, "war"))
    assert found is not None
    assert found.bits <= 3 * found.bits_error


def test_a_closed_question_and_a_rare_observation_are_left_out(futures: Futures) -> None:
    asked = outcomes(futures)
    assert effect(observed(futures, "AAA acts deniably against BBB", 30), asked) is None
    rare = Observation("act", "rare", 7, np.arange(COUNT) < 99)
    assert effect(rare, asked) is None


def test_the_watch_list_is_ranked_and_consistent(futures: Futures) -> None:
    asked = [outcomes(futures, name) for name in ("response", "strike", "war")]
    found = signposts(futures, asked, 21)
    bits = [post.bits for post in found.signposts]
    assert bits == sorted(bits, reverse=True)
    assert bits[0] > 0
    assert len({(post.text, post.front) for post in found.signposts}) == len(bits)
    assert {post.within_days for post in found.signposts} <= {3, 7, 14, 21}
    for post in found.signposts:
        assert post.bits == pytest.approx(sum(each.bits for each in post.effects))
        assert (post.by - small_crisis().as_of).days == post.within_days
        for each in post.effects:
            if each.if_seen is None or each.if_not_seen is None or each.before is None:
                continue
            seen, not_seen = each.futures
            mixed = (seen * each.if_seen + not_seen * each.if_not_seen) / (seen + not_seen)
            assert mixed == pytest.approx(each.before)
            if each.categories_if_seen is not None:
                assert 1 - each.categories_if_seen["none"] == pytest.approx(each.if_seen)
    assert found.considered > found.left_out > 0


@pytest.mark.parametrize("within", [0, HORIZON + 1])
def test_days_that_are_not_simulated_are_refused(futures: Futures, within: int) -> None:
    with pytest.raises(ValueError, match="--within"):
        signposts(futures, [outcomes(futures)], within)
