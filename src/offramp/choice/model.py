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

import numpy as np
import numpy.typing as npt

from offramp.choice.covariates import (
    ANY,
    IF_PROVOKED,
    READ_FROM,
    TERMS_READ,
    kinds_of_provocation,
)
from offramp.compiling import lean, lean_inlined
from offramp.elementary import exp, log, whole_power
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


@lean_inlined
def utilities(
    choice: FloatArray, x: FloatArray, hazard_bin: int, out: FloatArray, situation: int = ANY
) -> None:
    """Write the utilities of the nine levels, without resolve, into *out*, shape (9,).

    Args:
        choice: matrix of weights, (9 + terms, 9).
        x: covariates, (terms,) or, in any situation, the first of them.
        hazard_bin: days since the provocation, 0 to 7.
        out: utilities; 0 for `hold`.
        situation: from `covariates`; the terms that it does not read are passed over.
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
    first = READ_FROM[situation]
    last = first + x.shape[0] if situation == ANY else READ_FROM[situation + 1]
    for place in range(first, last):
        term = TERMS_READ[place]
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


EACH = 3
"""In what :func:`masses` writes, the mass of level l stands at `EACH` + l."""
MASS_COUNT = EACH + LEVEL_COUNT


@lean_inlined
def masses(utility: FloatArray, events: int, mass: FloatArray) -> None:
    """Write what every probability of a day follows from, whatever the resolve.

    With resolve r, P(no event) = (a + b e^r) / (1 + d e^r).

    Args:
        utility: utilities of the levels without resolve, shape (9,).
        events: bit mask of the levels that are events. Force that is none is routine; a lower
            level that is none is no choice at all.
        mass: written, (`MASS_COUNT`,): a, the share of days without force that have no event; b,
            the mass of the force levels that are no events; d, the mass of all force levels;
            then the mass e^u of each level that is an event, 0 of the others.
    """
    each = mass[EACH:]
    for level in range(LEVEL_COUNT):  # of all, events or not: side by side it takes less time
        each[level] = exp(utility[level])
    lower = routine = force = 0.0
    for level in range(1, _FORCE):
        if (events >> level) & 1:
            lower += each[level]
        else:
            each[level] = 0.0
    for level in range(_FORCE, LEVEL_COUNT):
        force += each[level]
        if not (events >> level) & 1:
            routine += each[level]
            each[level] = 0.0
    each[0] = 0.0
    mass[0], mass[1], mass[2] = 1.0 / (1.0 + lower), routine, force


@lean_inlined
def log_no_event(mass: FloatArray, factor: float) -> float:
    """Return the log probability that a day passes without an event; *factor* is e^resolve."""
    return float(log((mass[0] + mass[1] * factor) / (1.0 + mass[2] * factor)))


@lean
def log_level(utility: FloatArray, mass: FloatArray, factor: float, level: int) -> float:
    """Return the log probability of *level*, an event, on a day; *factor* is e^resolve."""
    own = factor if level >= _FORCE else mass[0]
    return float(utility[level] + log(own / (1.0 + mass[2] * factor)))


@lean
def choose(mass: FloatArray, factor: float, uniform: float) -> int:
    """Return the level of an event, given that one happens, by inversion of *uniform*.

    Args:
        mass: from :func:`masses`.
        factor: e^resolve.
        uniform: number in (0, 1).
    """
    target = uniform * ((1.0 - mass[0]) + (mass[2] - mass[1]) * factor)
    last = 0
    for level in range(1, LEVEL_COUNT):
        if mass[EACH + level] > 0.0:
            last = level
            target -= mass[EACH + level] * (factor if level >= _FORCE else mass[0])
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
            out[level, rung] = exp(weight)


RETALIATION_ROOM = 1
"""Rows of room that :func:`expected_retaliation` works in."""


@lean_inlined
def expected_retaliation(
    choice: FloatArray,
    provoked: FloatArray,
    rival_x: FloatArray,
    belief: FloatArray,
    factors: FloatArray,
    room: FloatArray,
    out: FloatArray,
    lowest: int = _VERBAL,
) -> None:
    """Write into *out*, shape (9,), how likely the rival answers each level with overt force.

    Args:
        choice: matrix of weights, (9 + terms, 9).
        provoked: from :func:`provocation_factors`.
        rival_x: the rival's covariates if it were provoked; what another provocation left in
            them is passed over.
        belief: probabilities of the rival's resolve nodes, (nodes,).
        factors: e^resolve of the rival at each node, (nodes,).
        room: to work in, (`RETALIATION_ROOM`, at least 9).
        out: probability of overt force within a week, by level of the own act.
        lowest: first level of interest; those below it are left as they are.
    """
    utility = room[0]
    utilities(choice, rival_x, RETALIATION_BIN, utility, IF_PROVOKED)
    for rung in range(_FORCE, LEVEL_COUNT):
        utility[rung] = exp(utility[rung])
    for level in range(lowest, LEVEL_COUNT):
        if level == _PRESSURE and lowest < _PRESSURE:  # to the rival an act of the kind of words
            out[level] = out[_VERBAL]
            continue
        deniable = utility[_FORCE] * provoked[level, _FORCE]
        force = deniable
        for rung in range(_LIMITED, LEVEL_COUNT):
            force += utility[rung] * provoked[level, rung]
        answered = 0.0
        for k in range(factors.shape[0]):
            calm_day = (1.0 + deniable * factors[k]) / (1.0 + force * factors[k])
            cube = calm_day * calm_day * calm_day
            answered += belief[k] * (1.0 - cube * cube * calm_day)
        out[level] = answered


LEAST_BELIEF = 1e-100
"""Nothing is ruled out altogether, or a surprise could leave no belief at all."""


@lean_inlined
def believe_hold(belief: FloatArray, factors: FloatArray, mass: FloatArray, days: int) -> None:
    """Update the belief about an actor's resolve, (nodes,), by days without an event.

    Args:
        belief: probabilities of the nodes, changed in place.
        factors: e^resolve at each node, ascending, (nodes,).
        mass: from :func:`masses`.
        days: how many.
    """
    calmest = (mass[0] + mass[1] * factors[0]) / (1.0 + mass[2] * factors[0])
    for k in range(1, belief.shape[0]):
        calm = (mass[0] + mass[1] * factors[k]) / (1.0 + mass[2] * factors[k])
        belief[k] *= whole_power(calm / calmest, days)
    normalise(belief)


@lean
def believe_act(belief: FloatArray, factors: FloatArray, mass: FloatArray, level: int) -> None:
    """Update the belief about an actor's resolve by an act; arguments as `believe_hold`."""
    for k in range(belief.shape[0]):
        own = factors[k] if level >= _FORCE else 1.0
        belief[k] *= own / (1.0 + mass[2] * factors[k])
    normalise(belief)


@lean_inlined
def normalise(belief: FloatArray) -> None:
    """Let probabilities add up to 1, each at least `LEAST_BELIEF`, in place."""
    total = 0.0
    for k in range(belief.shape[0]):
        total += belief[k]
    for k in range(belief.shape[0]):
        belief[k] = max(belief[k] / total, LEAST_BELIEF)
