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
from offramp.lanes import Lanes, alike, lane, lanes_of, put

FloatArray = npt.NDArray[np.float64]

_FORCE = int(FORCE_THRESHOLD)
_LIMITED = int(Level.LIMITED)
assert _LIMITED == _FORCE + 1  # `deniable` alone is force that is not overt
_VERBAL = int(Level.VERBAL)
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
    out[0] = 0.0
    put(_utilities(choice, x, hazard_bin, situation), out)


@lean_inlined
def _utilities(choice: FloatArray, x: FloatArray, hazard_bin: int, situation: int) -> Lanes:
    utility = lanes_of(choice[ALPHA_ROW]) + lanes_of(choice[HAZARD_ROW + hazard_bin])
    first = READ_FROM[situation]
    last = first + x.shape[0] if situation == ANY else READ_FROM[situation + 1]
    for place in range(first, last):
        term = TERMS_READ[place]
        utility = utility + lanes_of(choice[BETA_ROW + term]) * x[term]
    return utility


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
    put(exp(lanes_of(utility)), each)  # of all, events or not
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
        out: by level of the answer and level of the act, (9, 9); 1 where it has no bearing.
    """
    out[:] = 1.0
    for level in range(_VERBAL, LEVEL_COUNT):
        for rung in range(_FORCE, LEVEL_COUNT):
            weight = 0.0
            for kind in kinds_of_provocation(level):
                if kind >= 0:
                    weight += choice[BETA_ROW + kind, rung]
            out[rung, level] = exp(weight)


@lean_inlined
def expected_retaliation(
    choice: FloatArray,
    provoked: FloatArray,
    rival_x: FloatArray,
    belief: FloatArray,
    factors: FloatArray,
    out: FloatArray,
) -> None:
    """Write into *out*, shape (9,), how likely the rival answers each level with overt force.

    That is within a week. Neither a hold nor conciliation is answered.

    Args:
        choice: matrix of weights, (9 + terms, 9).
        provoked: from :func:`provocation_factors`.
        rival_x: the rival's covariates if it were provoked; what another provocation left in
            them is passed over.
        belief: probabilities of the rival's resolve nodes, (nodes,).
        factors: e^resolve of the rival at each node, (nodes,).
        out: probability of overt force, by level of the own act.
    """
    mass = exp(_utilities(choice, rival_x, RETALIATION_BIN, IF_PROVOKED))
    deniable = lanes_of(provoked[_FORCE]) * lane(mass, _FORCE)
    force = deniable
    for rung in range(_LIMITED, LEVEL_COUNT):
        force = force + lanes_of(provoked[rung]) * lane(mass, rung)
    answered = alike(0.0)
    for k in range(factors.shape[0]):
        calm_day = (deniable * factors[k] + 1.0) / (force * factors[k] + 1.0)
        cube = calm_day * calm_day * calm_day
        answered = answered + (1.0 - cube * cube * calm_day) * belief[k]
    put(answered, out)
    out[:_VERBAL] = 0.0


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
