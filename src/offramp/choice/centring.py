"""The mean of the Gaussian that ships: the mode, its intercepts moved.

How force divides into `limited` and `major` is next to unknown, so along that ridge the posterior
bends and a Gaussian does not: drawn from Laplace's, weights expect some 5 to 7 % more acts of
force than were seen, where the No-U-Turn sampler expects about as many. So the intercepts of all
levels of force are lowered together until the draws expect as many acts as the mode does; those
below force likewise.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from offramp.choice.diagnosing import laplace_draws, probabilities
from offramp.choice.fit import FITTED, Fit
from offramp.choice.parameters import FIXED, alpha_index
from offramp.choice.records import DecisionRecords
from offramp.ladder import FORCE_THRESHOLD

FloatArray = npt.NDArray[np.float64]

DRAWS = 64


def centred(fitted: Fit, records: DecisionRecords) -> FloatArray:
    """Return the mean of the fixed parameters for which draws expect what the mode expects.

    Args:
        fitted: the fit.
        records: that it was given, thinned.
    """
    actors = fitted.layout.actors
    weight = np.where(records.days > 0, records.days, 1.0)

    def acts(theta: FloatArray) -> FloatArray:
        return np.array(
            [(weight * chance).sum() for chance in probabilities(theta, records, actors)]
        )

    half = laplace_draws(fitted, DRAWS // 2)
    draws = np.concatenate([half, 2.0 * fitted.mode - half])
    force, below = np.log(acts(fitted.mode) / np.mean([acts(theta) for theta in draws], axis=0))
    mean = fitted.mode[:FIXED].copy()
    for level in FITTED:
        mean[alpha_index(level)] += force if level >= FORCE_THRESHOLD else below
    return mean
