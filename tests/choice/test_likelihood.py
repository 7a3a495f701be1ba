"""The likelihood's value against the written-out model; gradient and curvature against it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from offramp.choice.fit import SEEN
from offramp.choice.likelihood import curvature, log_likelihood
from offramp.choice.parameters import BINS, FIXED, GROUP_OF_LEVEL, alpha_index, beta_index
from offramp.choice.records import ICB, MIE
from offramp.choice.terms import ESTIMATED_COUNT
from offramp.ladder import FORCE_THRESHOLD, LEVEL_COUNT, Level, level_mask

ROWS, ACTORS, BLOCKS = 60, 4, 7
OUTCOMES = [
    {Level.HOLD, Level.VERBAL},
    {Level.HOLD},
    {Level.VERBAL},
    {Level.PRESSURE},
    {Level.DISPLAY},
    {Level.LIMITED, Level.MAJOR},
    {Level.LIMITED, Level.MAJOR, Level.WAR},
    {Level.WAR},
]


class Case:
    """Random rows with every kind of outcome, and parameters at which to look."""

    def __init__(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        self.x = random.normal(0.0, 0.5, (ROWS, ESTIMATED_COUNT))
        self.x[random.random(self.x.shape) < 0.4] = 0.0
        self.hazard_bin = random.integers(0, BINS + 1, ROWS)
        kinds = np.arange(ROWS) % len(OUTCOMES)
        self.outcome = np.array([level_mask(frozenset(OUTCOMES[kind])) for kind in kinds])
        self.days = np.where(self.outcome & 1, random.integers(1, 30, ROWS), 0).astype(float)
        self.seen = np.where(kinds == 3, SEEN[ICB], np.array([SEEN[MIE], SEEN[ICB]])[kinds % 2])
        self.actor = random.integers(0, ACTORS, ROWS)
        self.theta = random.normal(0.0, 0.4, FIXED + ACTORS)
        self.theta[: LEVEL_COUNT - 1] -= 2.0

    def arguments(self) -> tuple:
        return (
            self.x,
            self.hazard_bin,
            self.days,
            self.outcome,
            self.seen,
            self.actor,
            ACTORS,
        )

    def value(self, theta: np.ndarray) -> float:
        return log_likelihood(theta, *self.arguments(), BLOCKS)[0]

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        return log_likelihood(theta, *self.arguments(), BLOCKS)[1]


def plain_log_likelihood(case: Case) -> float:
    """The model as it is written: is force used, and which; if not, what else."""
    total = 0.0
    theta = case.theta
    for row in range(ROWS):
        seen = [level for level in range(LEVEL_COUNT) if (case.seen[row] >> level) & 1]
        utility = {}
        for level in seen:
            if level == Level.HOLD:
                utility[level] = 0.0
                continue
            value = theta[alpha_index(Level(level))]
            if case.hazard_bin[row] < BINS:
                place = LEVEL_COUNT - 1 + GROUP_OF_LEVEL[level] * BINS + case.hazard_bin[row]
                value += theta[place]
            value += sum(
                theta[beta_index(term, Level(level))] * case.x[row, term]
                for term in range(ESTIMATED_COUNT)
            )
            utility[level] = value + (
                theta[FIXED + case.actor[row]] if level >= FORCE_THRESHOLD else 0.0
            )
        force = sum(np.exp(u) for level, u in utility.items() if level >= FORCE_THRESHOLD)
        lower = sum(np.exp(u) for level, u in utility.items() if level < FORCE_THRESHOLD)
        chance = {
            level: np.exp(u) / (1.0 + force) * (1.0 if level >= FORCE_THRESHOLD else 1.0 / lower)
            for level, u in utility.items()
        }
        assert sum(chance.values()) == pytest.approx(1.0)
        inside = sum(p for level, p in chance.items() if (case.outcome[row] >> level) & 1)
        total += (case.days[row] or 1.0) * np.log(inside)
    return total


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_value_is_that_of_the_model(seed: int) -> None:
    case = Case(seed)
    assert case.value(case.theta) == pytest.approx(plain_log_likelihood(case), rel=1e-12)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_gradient(seed: int) -> None:
    case = Case(seed)
    numeric = approx_fprime(case.theta, case.value, 1e-6)
    assert case.gradient(case.theta) == pytest.approx(numeric, abs=2e-3, rel=1e-4)
    random = np.random.default_rng(seed)
    for _ in range(20):  # along directions the difference is central, and far more exact
        way = random.standard_normal(len(case.theta))
        step = 1e-5
        slope = (case.value(case.theta + step * way) - case.value(case.theta - step * way)) / (
            2.0 * step
        )
        assert case.gradient(case.theta) @ way == pytest.approx(slope, abs=1e-5, rel=1e-7)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_curvature(seed: int) -> None:
    case = Case(seed)
    found = curvature(case.theta, *case.arguments())
    assert found == pytest.approx(found.T, abs=1e-10)
    random = np.random.default_rng(seed)
    for _ in range(20):
        way = random.standard_normal(len(case.theta))
        step = 1e-5
        bend = (case.gradient(case.theta - step * way) - case.gradient(case.theta + step * way)) / (
            2.0 * step
        )
        assert found @ way == pytest.approx(bend, abs=1e-5, rel=1e-6)


def test_the_complete_curvature_is_positive_and_the_larger() -> None:
    case = Case(4)
    complete = curvature(case.theta, *case.arguments(), complete=True)
    assert np.linalg.eigvalsh(complete).min() > -1e-9
    seen = curvature(case.theta, *case.arguments())
    assert np.linalg.eigvalsh(complete - seen).min() > -1e-9


def test_the_number_of_blocks_changes_only_the_rounding() -> None:
    case = Case(5)
    one = log_likelihood(case.theta, *case.arguments(), 1)
    many = log_likelihood(case.theta, *case.arguments(), 64)
    assert one[0] == pytest.approx(many[0], rel=1e-13)
    assert one[1] == pytest.approx(many[1], rel=1e-10, abs=1e-10)
