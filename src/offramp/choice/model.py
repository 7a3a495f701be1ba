"""The choice: probabilities of levels, what a hold and an act say of resolve, retaliation.

    P(level | state) ∝ exp(alpha + hazard(days since) + beta · x + r · [level >= deniable])

All functions are plain arithmetic over arrays, compiled; the fit, the conditioning and the
simulation call these and nothing else.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from offramp.choice.covariates import as_if_provoked
from offramp.ladder import FORCE_THRESHOLD, LEVEL_COUNT, Level

FloatArray = npt.NDArray[np.float64]

_FORCE = int(FORCE_THRESHOLD)
_LIMITED = int(Level.LIMITED)
_VERBAL = int(Level.VERBAL)
_PRESSURE = int(Level.PRESSURE)
RETALIATION_BIN = 2
"""Expected retaliation reads the hazard of days 2–3 …"""
RETALIATION_DAYS = 7.0
"""… and holds it for a week."""


class Weights(NamedTuple):
    """Draws of the weights of the choice model.

    Attributes:
        alpha: intercepts, shape (draws, 9); `hold` is 0.
        hazard: baseline by level and bin, shape (draws, 9, 8); `none pending` is 0.
        beta: weights by term and level, shape (draws, terms, 9).
        retaliation: weight of expected retaliation, shape (draws,); negative deters.
        retaliation_mean: history's mean of expected retaliation by level, shape (9,).
    """

    alpha: FloatArray
    hazard: FloatArray
    beta: FloatArray
    retaliation: FloatArray
    retaliation_mean: FloatArray


@njit(cache=True)
def utilities(
    alpha: FloatArray,
    hazard: FloatArray,
    beta: FloatArray,
    x: FloatArray,
    hazard_bin: int,
    out: FloatArray,
) -> None:
    """Write the utilities of the nine levels, without resolve, into *out*, shape (9,)."""
    for level in range(LEVEL_COUNT):
        out[level] = alpha[level] + hazard[level, hazard_bin]
    for term in range(x.shape[0]):
        value = x[term]
        if value != 0.0:
            for level in range(LEVEL_COUNT):
                out[level] += beta[term, level] * value
    out[0] = 0.0


@njit(cache=True)
def masses(utility: FloatArray, events: int) -> tuple[float, float, float, float]:
    """Return the masses from which every probability of a day follows, whatever the resolve.

    With resolve r, P(no event) = (a + b e^r) / (c + d e^r).

    Args:
        utility: utilities of the levels without resolve, shape (9,).
        events: bit mask of the levels that are events; the rest is routine or hold.

    Returns:
        (a, b, c, d): masses of the non-events below and from `deniable`, and of all levels
        below and from `deniable`.
    """
    a = b = c = d = 0.0
    for level in range(LEVEL_COUNT):
        mass = math.exp(utility[level])
        event = (events >> level) & 1
        if level < _FORCE:
            c += mass
            if not event:
                a += mass
        else:
            d += mass
            if not event:
                b += mass
    return a, b, c, d


@njit(cache=True)
def log_no_event(mass: FloatArray, resolve: float) -> float:
    """Return the log probability that a day passes without an event."""
    factor = math.exp(resolve)
    return math.log((mass[0] + mass[1] * factor) / (mass[2] + mass[3] * factor))


@njit(cache=True)
def log_level(utility: FloatArray, mass: FloatArray, resolve: float, level: int) -> float:
    """Return the log probability of *level* on a day."""
    factor = math.exp(resolve)
    own = utility[level] + (resolve if level >= _FORCE else 0.0)
    return own - math.log(mass[2] + mass[3] * factor)


@njit(cache=True)
def choose(utility: FloatArray, resolve: float, events: int, uniform: float) -> int:
    """Return the level of an event, given that one happens, by inversion of *uniform*."""
    total = 0.0
    for level in range(LEVEL_COUNT):
        if (events >> level) & 1:
            total += math.exp(utility[level] + (resolve if level >= _FORCE else 0.0))
    target = uniform * total
    last = 0
    for level in range(LEVEL_COUNT):
        if (events >> level) & 1:
            last = level
            target -= math.exp(utility[level] + (resolve if level >= _FORCE else 0.0))
            if target < 0.0:
                return level
    return last


@njit(cache=True)
def expected_retaliation(
    alpha: FloatArray,
    hazard: FloatArray,
    beta: FloatArray,
    rival_x: FloatArray,
    belief: FloatArray,
    nodes: FloatArray,
    out: FloatArray,
) -> None:
    """Write into *out*, shape (9,), how likely the rival answers each level with overt force.

    Args:
        alpha: intercepts, shape (9,).
        hazard: baseline, shape (9, 8).
        beta: weights, shape (terms, 9).
        rival_x: the rival's covariates now; used as room, so changed.
        belief: probabilities of the rival's resolve nodes, shape (nodes,).
        nodes: the rival's resolve at each node, shape (nodes,).
        out: probability of overt force within a week, by level of the own act.
    """
    utility = np.empty(LEVEL_COUNT)
    out[:] = 0.0
    for level in range(_VERBAL, LEVEL_COUNT):
        if level == _PRESSURE:  # to the rival the same kind of act as words
            out[level] = out[_VERBAL]
            continue
        as_if_provoked(rival_x, level)
        utilities(alpha, hazard, beta, rival_x, RETALIATION_BIN, utility)
        low = high = overt = 0.0
        for rung in range(LEVEL_COUNT):
            mass = math.exp(utility[rung])
            if rung < _FORCE:
                low += mass
            else:
                high += mass
                if rung >= _LIMITED:
                    overt += mass
        for k in range(nodes.shape[0]):
            factor = math.exp(nodes[k])
            daily = overt * factor / (low + high * factor)
            out[level] += belief[k] * (1.0 - (1.0 - daily) ** RETALIATION_DAYS)


@njit(cache=True)
def normalised(log_belief: FloatArray, out: FloatArray) -> None:
    """Write the probabilities of log weights *log_belief* into *out*, same shape."""
    top = log_belief.max()
    total = 0.0
    for k in range(out.shape[0]):
        out[k] = math.exp(log_belief[k] - top)
        total += out[k]
    for k in range(out.shape[0]):
        out[k] /= total
