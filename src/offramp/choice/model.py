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

from offramp.choice.covariates import forget_provocation, kinds_of_provocation
from offramp.compiling import lean
from offramp.ladder import FORCE_THRESHOLD, LEVEL_COUNT, Level

FloatArray = npt.NDArray[np.float64]

_FORCE = int(FORCE_THRESHOLD)
_LIMITED = int(Level.LIMITED)
assert _LIMITED == _FORCE + 1  # `deniable` alone is force that is not overt
_VERBAL = int(Level.VERBAL)
_PRESSURE = int(Level.PRESSURE)
RETALIATION_BIN = 2
"""Expected retaliation reads the hazard of days 2–3 and holds it for a week."""


ALPHA_ROW, HAZARD_ROW, BETA_ROW = 0, 1, 9
"""Rows of a matrix of weights, (9 + terms, 9), a column a level: the intercepts; the baseline
hazard by bin; the weights of the terms. `hold` is 0 throughout."""


@lean
def utilities(choice: FloatArray, x: FloatArray, hazard_bin: int, out: FloatArray) -> None:
    """Write the utilities of the nine levels, without resolve, into *out*, shape (9,).

    Args:
        choice: matrix of weights, (9 + terms, 9).
        x: covariates, (terms,) or the first of them.
        hazard_bin: days since the provocation, 0 to 7.
        out: utilities; 0 for `hold`.
    """
    # A sum a level, in registers: written as a loop over levels this takes three times as long.
    row = HAZARD_ROW + hazard_bin
    u1 = choice[ALPHA_ROW, 1] + choice[row, 1]
    u2 = choice[ALPHA_ROW, 2] + choice[row, 2]
    u3 = choice[ALPHA_ROW, 3] + choice[row, 3]
    u4 = choice[ALPHA_ROW, 4] + choice[row, 4]
    u5 = choice[ALPHA_ROW, 5] + choice[row, 5]
    u6 = choice[ALPHA_ROW, 6] + choice[row, 6]
    u7 = choice[ALPHA_ROW, 7] + choice[row, 7]
    u8 = choice[ALPHA_ROW, 8] + choice[row, 8]
    for term in range(x.shape[0]):
        value = x[term]
        row = BETA_ROW + term
        u1 += choice[row, 1] * value
        u2 += choice[row, 2] * value
        u3 += choice[row, 3] * value
        u4 += choice[row, 4] * value
        u5 += choice[row, 5] * value
        u6 += choice[row, 6] * value
        u7 += choice[row, 7] * value
        u8 += choice[row, 8] * value
    out[0] = 0.0
    out[1], out[2], out[3], out[4] = u1, u2, u3, u4
    out[5], out[6], out[7], out[8] = u5, u6, u7, u8


@lean
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
    for level in range(1, _FORCE):
        if (events >> level) & 1:
            lower += math.exp(utility[level])
    for level in range(_FORCE, LEVEL_COUNT):
        mass = math.exp(utility[level])
        d += mass
        if not (events >> level) & 1:
            b += mass
    return 1.0 / (1.0 + lower), b, d


@lean
def log_no_event(mass: FloatArray, factor: float) -> float:
    """Return the log probability that a day passes without an event; *factor* is e^resolve."""
    return float(math.log((mass[0] + mass[1] * factor) / (1.0 + mass[2] * factor)))


@lean
def log_level(utility: FloatArray, mass: FloatArray, factor: float, level: int) -> float:
    """Return the log probability of *level*, an event, on a day; *factor* is e^resolve."""
    own = factor if level >= _FORCE else mass[0]
    return float(utility[level] + math.log(own / (1.0 + mass[2] * factor)))


@lean
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


@lean
def provocation_factors(choice: FloatArray, out: FloatArray) -> None:
    """Write by how much each level of an act multiplies the masses of force in the answer.

    Args:
        choice: matrix of weights, (9 + terms, 9).
        out: by level of the act and level of the answer, (9, 9); 1 where it has no bearing.
    """
    out[:] = 1.0
    for level in range(_VERBAL, LEVEL_COUNT):
        for rung in range(_FORCE, LEVEL_COUNT):
            weight = 0.0
            for kind in kinds_of_provocation(level):
                if kind >= 0:
                    weight += choice[BETA_ROW + kind, rung]
            out[level, rung] = math.exp(weight)


RETALIATION_ROOM = 3
"""Rows of room that :func:`expected_retaliation` works in."""


@lean
def expected_retaliation(
    choice: FloatArray,
    provoked: FloatArray,
    rival_x: FloatArray,
    log_belief: FloatArray,
    factors: FloatArray,
    room: FloatArray,
    out: FloatArray,
    lowest: int = _VERBAL,
) -> None:
    """Write into *out*, shape (9,), how likely the rival answers each level with overt force.

    Args:
        choice: matrix of weights, (9 + terms, 9).
        provoked: from :func:`provocation_factors`.
        rival_x: the rival's covariates now; used as room, so changed.
        log_belief: log weights of the rival's resolve nodes, (nodes,).
        factors: e^resolve of the rival at each node, (nodes,).
        room: to work in, (`RETALIATION_ROOM`, at least 9 and at least nodes).
        out: probability of overt force within a week, by level of the own act.
        lowest: first level of interest; those below it are left as they are.
    """
    forget_provocation(rival_x)
    utilities(choice, rival_x, RETALIATION_BIN, room[0])
    for rung in range(_FORCE, LEVEL_COUNT):
        room[1, rung] = math.exp(room[0, rung])
    nodes = factors.shape[0]
    normalised(log_belief, room[2, :nodes])
    for level in range(lowest, LEVEL_COUNT):
        if level == _PRESSURE and lowest < _PRESSURE:  # to the rival an act of the kind of words
            out[level] = out[_VERBAL]
            continue
        deniable = room[1, _FORCE] * provoked[level, _FORCE]
        overt = 0.0
        for rung in range(_LIMITED, LEVEL_COUNT):
            overt += room[1, rung] * provoked[level, rung]
        answered = 0.0
        for k in range(nodes):
            calm_day = (1.0 + deniable * factors[k]) / (1.0 + (deniable + overt) * factors[k])
            cube = calm_day * calm_day * calm_day
            answered += room[2, k] * (1.0 - cube * cube * calm_day)
        out[level] = answered


@lean
def normalised(log_belief: FloatArray, out: FloatArray) -> None:
    """Write the probabilities of log weights *log_belief* into *out*, same shape."""
    top = log_belief[0]
    for k in range(1, out.shape[0]):
        top = max(top, log_belief[k])
    total = 0.0
    for k in range(out.shape[0]):
        out[k] = math.exp(log_belief[k] - top)
        total += out[k]
    for k in range(out.shape[0]):
        out[k] /= total
