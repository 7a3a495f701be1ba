"""The choice: probabilities that sum to one, linear utilities, what retaliation is expected."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import softmax

from offramp.choice.model import (
    ALPHA_ROW,
    BETA_ROW,
    HAZARD_ROW,
    MASS_COUNT,
    RETALIATION_BIN,
    believe_act,
    believe_hold,
    choose,
    expected_retaliation,
    log_level,
    log_no_event,
    masses,
    provocation_factors,
    utilities,
)
from offramp.choice.terms import INDEX, TERM_COUNT
from offramp.engine.plan import BURNING_EVENTS, NORMAL_EVENTS, WAR_EVENTS
from offramp.ladder import FORCE_THRESHOLD, LEVEL_COUNT, Level

UTILITIES = arrays(np.float64, LEVEL_COUNT, elements=st.floats(-12.0, 4.0))
RESOLVES = st.floats(-3.0, 3.0)
ALL_EVENTS = st.sampled_from([NORMAL_EVENTS, BURNING_EVENTS, WAR_EVENTS])


def plain(utility: np.ndarray, resolve: float, events: int = NORMAL_EVENTS) -> np.ndarray:
    """The probabilities of the nine levels, written out; lower ones that are no events are none."""
    force = np.exp(utility[FORCE_THRESHOLD:] + resolve)
    lower = np.exp(utility[:FORCE_THRESHOLD])
    lower[0] = 1.0
    lower[[level for level in range(1, FORCE_THRESHOLD) if not (events >> level) & 1]] = 0.0
    return np.concatenate([lower / lower.sum(), force]) / (1.0 + force.sum())


def mass_of(utility: np.ndarray, events: int) -> np.ndarray:
    mass = np.empty(MASS_COUNT)
    masses(utility, events, mass)
    return mass


def events_in(mask: int) -> list[int]:
    return [level for level in range(LEVEL_COUNT) if (mask >> level) & 1]


@given(UTILITIES, RESOLVES, ALL_EVENTS)
def test_probabilities_are_those_of_the_model_and_sum_to_one(
    utility: np.ndarray, resolve: float, events: int
) -> None:
    mass, factor = mass_of(utility, events), math.exp(resolve)
    expected = plain(utility, resolve, events)
    chances = {
        level: math.exp(log_level(utility, mass, factor, level)) for level in events_in(events)
    }
    for level, chance in chances.items():
        assert chance == pytest.approx(expected[level], rel=1e-9)
    nothing = math.exp(log_no_event(mass, factor))
    assert nothing + sum(chances.values()) == pytest.approx(1.0, abs=1e-12)


@given(UTILITIES, RESOLVES, ALL_EVENTS)
def test_levels_are_chosen_in_proportion(utility: np.ndarray, resolve: float, events: int) -> None:
    """Inversion of a fine grid of numbers gives each level its share."""
    mass, factor = mass_of(utility, events), math.exp(resolve)
    grid = (np.arange(500) + 0.5) / 500
    chosen = [choose(mass, factor, u) for u in grid]
    expected = plain(utility, resolve, events)[events_in(events)]
    shares = np.array([chosen.count(level) for level in events_in(events)]) / len(grid)
    assert shares == pytest.approx(expected / expected.sum(), abs=2.1 / len(grid))
    assert chosen == sorted(chosen)


@given(UTILITIES, RESOLVES, st.floats(0.01, 2.0))
def test_resolve_raises_force_and_leaves_the_rest_in_proportion(
    utility: np.ndarray, resolve: float, more: float
) -> None:
    mass = mass_of(utility, NORMAL_EVENTS)
    weak = [log_level(utility, mass, math.exp(resolve), level) for level in range(1, 9)]
    strong = [log_level(utility, mass, math.exp(resolve + more), level) for level in range(1, 9)]
    change = np.array(strong) - np.array(weak)
    lower, force = change[: FORCE_THRESHOLD - 1], change[FORCE_THRESHOLD - 1 :]
    assert lower == pytest.approx(np.full(len(lower), lower[0]), abs=1e-9)
    assert force - lower[0] == pytest.approx(np.full(len(force), more), abs=1e-9)
    assert (force >= -1e-12).all()
    assert (lower <= 1e-12).all()


@given(UTILITIES, RESOLVES)
def test_words_do_not_crowd_out_force(utility: np.ndarray, resolve: float) -> None:
    """However often words are recorded, the probability of force is the same."""
    loud = utility.copy()
    loud[Level.VERBAL] += 3.0
    for level in range(FORCE_THRESHOLD, LEVEL_COUNT):
        chances = [
            log_level(u, mass_of(u, NORMAL_EVENTS), math.exp(resolve), level)
            for u in (utility, loud)
        ]
        assert chances[0] == pytest.approx(chances[1], abs=1e-12)


def random_choice(seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    choice = random.normal(0.0, 0.5, (BETA_ROW + TERM_COUNT, LEVEL_COUNT))
    choice[ALPHA_ROW] -= 5.0
    choice[:, Level.HOLD] = 0.0
    return choice


@pytest.mark.parametrize("hazard_bin", range(8))
def test_utilities_are_linear(hazard_bin: int) -> None:
    choice, random = random_choice(1), np.random.default_rng(2)
    x, y = random.normal(size=(2, TERM_COUNT))
    out = np.empty((3, LEVEL_COUNT))
    for place, one in enumerate((x, y, 0.3 * x + 0.7 * y)):
        utilities(choice, one, hazard_bin, out[place])
    assert out[2] == pytest.approx(0.3 * out[0] + 0.7 * out[1], abs=1e-12)
    expected = choice[ALPHA_ROW] + choice[HAZARD_ROW + hazard_bin] + x @ choice[BETA_ROW:]
    assert out[0] == pytest.approx(expected, abs=1e-12)
    assert out[0, Level.HOLD] == 0.0


def test_the_first_terms_alone_will_do() -> None:
    choice, x = random_choice(1), np.zeros(TERM_COUNT)
    x[:7] = 1.0
    out = np.empty((2, LEVEL_COUNT))
    utilities(choice, x, 0, out[0])
    utilities(choice, x[:7], 0, out[1])
    assert (out[0] == out[1]).all()


NODES = np.exp(np.array([-1.5, -0.5, 0.0, 0.5, 1.5]))


def retaliation(choice: np.ndarray, x: np.ndarray, belief: np.ndarray) -> np.ndarray:
    out = np.zeros(LEVEL_COUNT)
    provoked = np.empty((LEVEL_COUNT, LEVEL_COUNT))
    provocation_factors(choice, provoked)
    expected_retaliation(choice, provoked, x, belief, NODES, out)
    return out


@given(st.integers(0, 50), arrays(np.float64, 5, elements=st.floats(-8.0, 8.0)))
def test_expected_retaliation_is_a_probability(seed: int, log_belief: np.ndarray) -> None:
    x = np.random.default_rng(seed).random(TERM_COUNT)
    out = retaliation(random_choice(seed), x, softmax(log_belief))
    assert (out >= 0.0).all()
    assert (out <= 1.0).all()
    assert out[Level.HOLD] == out[Level.CONCILIATE] == 0.0
    assert out[Level.PRESSURE] == out[Level.VERBAL]


@given(st.integers(0, 50), st.floats(0.1, 3.0))
def test_a_more_resolute_rival_is_expected_to_retaliate_more(seed: int, tilt: float) -> None:
    """Overt force only rises with resolve, so a belief shifted up raises the expectation."""
    x = np.random.default_rng(seed).random(TERM_COUNT)
    choice, log_belief = random_choice(seed), np.zeros(5)
    shifted = log_belief + tilt * np.log(NODES)
    before = retaliation(choice, x, softmax(log_belief))
    after = retaliation(choice, x, softmax(shifted))
    assert (after >= before - 1e-12).all()
    assert after[Level.WAR] > before[Level.WAR]


def test_expected_retaliation_by_hand() -> None:
    """A rival who is certain to be average, and answers a bounded strike with one of its own."""
    choice = np.zeros((BETA_ROW + TERM_COUNT, LEVEL_COUNT))
    choice[ALPHA_ROW, 1:] = -30.0
    choice[ALPHA_ROW, Level.LIMITED] = -3.0
    choice[HAZARD_ROW + RETALIATION_BIN, Level.LIMITED] = 0.5
    choice[BETA_ROW + INDEX["provoked_force"], Level.LIMITED] = 1.0
    choice[BETA_ROW + INDEX["heated_rivals"], Level.LIMITED] = 0.25
    choice[BETA_ROW + INDEX["provoked_words"], Level.LIMITED] = (
        9.0  # what was done before: forgotten
    )
    x = np.zeros(TERM_COUNT)
    x[INDEX["heated_rivals"]] = x[INDEX["provoked_words"]] = 1.0
    certain = np.array([0.0, 0.0, 1.0, 0.0, 0.0])
    mass = math.exp(-3.0 + 0.5 + 1.0 + 0.25)
    daily = mass / (1.0 + mass)
    out = retaliation(choice, x, certain)
    assert out[Level.LIMITED] == pytest.approx(1.0 - (1.0 - daily) ** 7, rel=1e-9)


@given(
    arrays(np.float64, 5, elements=st.floats(-8.0, 8.0)),
    arrays(np.float64, LEVEL_COUNT, elements=st.floats(-12.0, 2.0)),
    st.sampled_from([NORMAL_EVENTS, BURNING_EVENTS]),
    st.integers(1, 400),
)
def test_belief_follows_bayes_after_days_without_an_event(
    log_belief: np.ndarray, utility: np.ndarray, events: int, days: int
) -> None:
    mass, belief = mass_of(utility, events), softmax(log_belief)
    silence = np.array([log_no_event(mass, factor) for factor in NODES])
    believe_hold(belief, NODES, mass, days)
    assert belief == pytest.approx(softmax(log_belief + days * silence), rel=1e-7, abs=1e-60)


@given(
    arrays(np.float64, 5, elements=st.floats(-8.0, 8.0)),
    arrays(np.float64, LEVEL_COUNT, elements=st.floats(-12.0, 2.0)),
    st.integers(1, 8),
)
def test_belief_follows_bayes_after_an_act(
    log_belief: np.ndarray, utility: np.ndarray, level: int
) -> None:
    mass, belief = mass_of(utility, NORMAL_EVENTS), softmax(log_belief)
    acted = np.array([log_level(utility, mass, factor, level) for factor in NODES])
    believe_act(belief, NODES, mass, level)
    assert belief == pytest.approx(softmax(log_belief + acted), rel=1e-9)


def test_a_belief_outlives_the_impossible() -> None:
    """A node that was as good as ruled out is all that is left."""
    belief, mass = np.full(5, 0.2), np.array([1.0, 0.0, 50.0])
    for _ in range(100_000):
        believe_act(belief, NODES, mass, Level.CONCILIATE)
    for _ in range(100_000):
        believe_act(belief, NODES, np.zeros(3), Level.WAR)
    assert belief == pytest.approx([0.0, 0.0, 0.0, 0.0, 1.0])
    believe_hold(belief, NODES, mass, 100_000)
    assert belief == pytest.approx([1.0, 0.0, 0.0, 0.0, 0.0])
