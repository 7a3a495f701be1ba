"""The choice: probabilities of levels, what a hold and an act say of resolve, retaliation.

A day is two questions, each a logit over the utilities u of the levels:

    is force used, and which?   P(level) = e^(u + r) / (1 + F e^r),  F the sum over force levels
    if not, what is done?       P(level) = (1 - P(force)) e^u / (1 + L),  L over the lower ones

with u = alpha + hazard(days since) + beta · x and resolve r, which raises every level from
`deniable` up. Were all levels one logit, words, which a tense week is full of, would crowd out
force: the more often threats are recorded, the less likely an attack would become.

All functions are plain arithmetic over arrays, compiled; the fit, the conditioning and the
simulation call these and nothing else.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from numba import njit

from offramp.choice.covariates import forget_provocation, kinds_of_provocation
from offramp.ladder import FORCE_THRESHOLD, LEVEL_COUNT, Level

FloatArray = npt.NDArray[np.float64]

_FORCE = int(FORCE_THRESHOLD)
_LIMITED = int(Level.LIMITED)
_VERBAL = int(Level.VERBAL)
_PRESSURE = int(Level.PRESSURE)
RETALIATION_BIN = 2
"""Expected retaliation reads the hazard of days 2–3 and holds it for a week."""


ALPHA_ROW, HAZARD_ROW, BETA_ROW = 0, 1, 9
"""Rows of a matrix of weights, (9 + terms, 9), a column a level: the intercepts; the baseline
hazard by bin; the weights of the terms. `hold` is 0 throughout."""


@njit(cache=True, error_model="numpy")
def utilities(choice: FloatArray, x: FloatArray, hazard_bin: int, out: FloatArray) -> None:
    """Write the utilities of the nine levels, without resolve, into *out*, shape (9,).

    Args:
        choice: matrix of weights, (9 + terms, 9).
        x: covariates, (terms,) or the first of them.
        hazard_bin: days since the provocation, 0 to 7.
        out: utilities.
    """
    for level in range(LEVEL_COUNT):
        out[level] = choice[ALPHA_ROW, level] + choice[HAZARD_ROW + hazard_bin, level]
    for term in range(x.shape[0]):
        value = x[term]
        if value != 0.0:
            for level in range(LEVEL_COUNT):
                out[level] += choice[BETA_ROW + term, level] * value


@njit(cache=True, error_model="numpy")
def masses(utility: FloatArray, events: int) -> tuple[float, float, float]:
    """Return what every probability of a day follows from, whatever the resolve.

    With resolve r, P(no event) = (a + b e^r) / (1 + d e^r).

    Args:
        utility: utilities of the levels without resolve, shape (9,).
        events: bit mask of the levels that are events; the rest is routine or hold. Either all
            the lower levels are events or none of them is.

    Returns:
        (a, b, d): the share of days without force that have no event; the mass of the force
        levels that are no events; the mass of all force levels.
    """
    lower = b = d = 0.0
    for level in range(1, LEVEL_COUNT):
        mass = math.exp(utility[level])
        event = (events >> level) & 1
        if level < _FORCE:
            if event:
                lower += mass
        else:
            d += mass
            if not event:
                b += mass
    return 1.0 / (1.0 + lower), b, d


@njit(cache=True, error_model="numpy")
def log_no_event(mass: FloatArray, factor: float) -> float:
    """Return the log probability that a day passes without an event; *factor* is e^resolve."""
    return float(math.log((mass[0] + mass[1] * factor) / (1.0 + mass[2] * factor)))


@njit(cache=True, error_model="numpy")
def log_level(utility: FloatArray, mass: FloatArray, factor: float, level: int) -> float:
    """Return the log probability of *level*, an event, on a day; *factor* is e^resolve."""
    own = factor if level >= _FORCE else mass[0]
    return float(utility[level] + math.log(own / (1.0 + mass[2] * factor)))


@njit(cache=True, error_model="numpy")
def choose(
    utility: FloatArray, mass: FloatArray, factor: float, events: int, uniform: float
) -> int:
    """Return the level of an event, given that one happens, by inversion of *uniform*.

    Args:
        utility: of the levels, without resolve, (9,).
        mass: from :func:`masses`.
        factor: e^resolve.
        events: bit mask of the levels that are events.
        uniform: number in (0, 1).
    """
    total = 0.0
    for level in range(1, LEVEL_COUNT):
        if (events >> level) & 1:
            total += math.exp(utility[level]) * (factor if level >= _FORCE else mass[0])
    target = uniform * total
    last = 0
    for level in range(1, LEVEL_COUNT):
        if (events >> level) & 1:
            last = level
            target -= math.exp(utility[level]) * (factor if level >= _FORCE else mass[0])
            if target < 0.0:
                return level
    return last


@njit(cache=True, error_model="numpy")
def expected_retaliation(
    choice: FloatArray,
    rival_x: FloatArray,
    log_belief: FloatArray,
    factors: FloatArray,
    out: FloatArray,
) -> None:
    """Write into *out*, shape (9,), how likely the rival answers each level with overt force.

    Args:
        choice: matrix of weights, (9 + terms, 9).
        rival_x: the rival's covariates now; used as room, so changed.
        log_belief: log weights of the rival's resolve nodes, (nodes,).
        factors: e^resolve of the rival at each node, (nodes,).
        out: probability of overt force within a week, by level of the own act.
    """
    forget_provocation(rival_x)
    calm = np.empty(LEVEL_COUNT)
    utilities(choice, rival_x, RETALIATION_BIN, calm)
    belief = np.empty(factors.shape[0])
    normalised(log_belief, belief)
    out[:] = 0.0
    for level in range(_VERBAL, LEVEL_COUNT):
        if level == _PRESSURE:  # to the rival the same kind of act as words
            out[level] = out[_VERBAL]
            continue
        kinds = kinds_of_provocation(level)
        force = overt = 0.0
        for rung in range(_FORCE, LEVEL_COUNT):
            utility = calm[rung]
            for kind in kinds:
                if kind >= 0:
                    utility += choice[BETA_ROW + kind, rung]
            mass = math.exp(utility)
            force += mass
            if rung >= _LIMITED:
                overt += mass
        for k in range(factors.shape[0]):
            calm_day = 1.0 - overt * factors[k] / (1.0 + force * factors[k])
            cube = calm_day * calm_day * calm_day
            out[level] += belief[k] * (1.0 - cube * cube * calm_day)


@njit(cache=True, error_model="numpy")
def normalised(log_belief: FloatArray, out: FloatArray) -> None:
    """Write the probabilities of log weights *log_belief* into *out*, same shape."""
    top = log_belief.max()
    total = 0.0
    for k in range(out.shape[0]):
        out[k] = math.exp(log_belief[k] - top)
        total += out[k]
    for k in range(out.shape[0]):
        out[k] /= total
