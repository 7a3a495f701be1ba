"""Two kinds of uncertainty of a probability, kept apart: finite futures, and the parameters."""

from __future__ import annotations

import numpy as np
from scipy.stats import beta

from offramp.engine.ensemble import Futures
from offramp.engine.plan import FloatArray
from offramp.forecast.events import by_draw

COVERAGE = 0.9


def monte_carlo_error(futures: Futures, outcome: FloatArray) -> float:
    """Return the standard error of the mean of a 0/1 outcome from finite futures.

    The draws are given; within a draw futures are independent.
    """
    chance, count = by_draw(futures, outcome)
    share = count / count.sum()
    several = count > 1
    within = chance * (1.0 - chance) * count / np.maximum(count - 1.0, 1.0)
    # A draw with a single future says nothing of its own spread: it takes that of the others.
    whole = outcome.mean() * (1.0 - outcome.mean())
    within[~several] = within[several].mean() if several.any() else whole
    used = count > 0
    return float(np.sqrt((share[used] ** 2 * within[used] / count[used]).sum()))


def credible_interval(futures: Futures, outcome: FloatArray) -> tuple[float, float]:
    """Return the central 90 % interval of the probability over posterior draws.

    The spread of the draws' frequencies is that of their probabilities plus that of finite
    futures; the latter is taken off, and a Beta distribution with the rest gives the interval
    (a beta-binomial by moments). Where few draws carry nearly all of the probability, it may lie
    outside the central 90 %; the interval then reaches to it.
    """
    mean = float(outcome.mean())
    chance, count = by_draw(futures, outcome)
    used = count > 1
    if used.sum() < 2:
        return (0.0, 1.0)
    chance, count = chance[used], count[used]
    noise = float((chance * (1.0 - chance) / (count - 1.0)).mean())
    spread = float(chance.var(ddof=1)) - noise
    ceiling = mean * (1.0 - mean)
    if spread <= 1e-9 or ceiling <= 0.0:
        return (mean, mean)
    strength = max(ceiling / min(spread, 0.95 * ceiling) - 1.0, 1e-3)
    shape = beta(mean * strength, (1.0 - mean) * strength)
    tail = (1.0 - COVERAGE) / 2.0
    return (min(float(shape.ppf(tail)), mean), max(float(shape.ppf(1.0 - tail)), mean))
