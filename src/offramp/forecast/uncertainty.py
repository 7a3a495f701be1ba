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
    # Without a second future a draw says nothing of its own spread: take the whole.
    within = np.where(
        count > 1, chance * (1.0 - chance) * count / np.maximum(count - 1.0, 1.0), 0.0
    )
    if not (count > 1).any():
        within = np.full_like(chance, outcome.mean() * (1.0 - outcome.mean()))
    used = count > 0
    return float(np.sqrt((share[used] ** 2 * within[used] / count[used]).sum()))


def credible_interval(futures: Futures, outcome: FloatArray) -> tuple[float, float]:
    """Return the central 90 % interval of the probability over posterior draws.

    The spread of the draws' frequencies is that of their probabilities plus that of finite
    futures; the latter is taken off, and a Beta distribution with the rest gives the interval
    (a beta-binomial by moments).
    """
    chance, count = by_draw(futures, outcome)
    used = count > 1
    if used.sum() < 2:
        return (0.0, 1.0)
    chance, count = chance[used], count[used]
    mean = float((chance * count).sum() / count.sum())
    noise = float((chance * (1.0 - chance) / (count - 1.0)).mean())
    spread = float(chance.var(ddof=1)) - noise
    ceiling = mean * (1.0 - mean)
    if spread <= 1e-9 or ceiling <= 0.0:
        return (mean, mean)
    strength = max(ceiling / min(spread, 0.95 * ceiling) - 1.0, 1e-3)
    shape = beta(mean * strength, (1.0 - mean) * strength)
    tail = (1.0 - COVERAGE) / 2.0
    return (float(shape.ppf(tail)), float(shape.ppf(1.0 - tail)))
