"""Carrying pairs of states forward: what the choice model says of the next days, by simulation.

Both sides choose day by day with the functions of the fit and of the engine, under draws from the
posterior of weights and resolve. Nothing else moves: third states, power and ties stand still.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from offramp.choice.covariates import covariates
from offramp.choice.dyad import SLOT_COUNT, commit, hazard_bin, next_review, receive
from offramp.choice.model import MASS_COUNT, choose, log_no_event, masses, utilities
from offramp.choice.terms import TERM_COUNT
from offramp.compiling import lean
from offramp.ladder import FORCE_THRESHOLD, LEVEL_COUNT

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NOTHING, SHORT_OF_FORCE, FORCE = 0, 1, 2
"""The gravest that a side does within the horizon."""
OUTCOMES = 3

_EVENTS = (1 << LEVEL_COUNT) - 2
_FORCE = int(FORCE_THRESHOLD)


class Dyads(NamedTuple):
    """Directed pairs of states, each on the evening of a day; N of them.

    Attributes:
        states: of both sides, (N, 2, slots).
        day: ordinal, (N,).
        side: whose acts are asked for, 0 or 1, (N,).
    """

    states: FloatArray
    day: IntArray
    side: IntArray

    def where(self, keep: npt.NDArray[np.bool_] | IntArray | slice) -> Dyads:
        """Return the dyads that *keep* selects: a mask, places or a slice."""
        return Dyads(self.states[keep], self.day[keep], self.side[keep])


class _Room(NamedTuple):
    """Where a path is worked out; a row a side.

    Attributes:
        states: of the dyad, (2, slots).
        x: covariates, (terms,).
        utility: of the levels as last read, (2, 9).
        mass: what `masses` wrote, (2, `MASS_COUNT`).
        clock: hazard of a day, and hazard left until the next act, (2, 2).
        review: day on which each side is read anew, (2,).
    """

    states: FloatArray
    x: FloatArray
    utility: FloatArray
    mass: FloatArray
    clock: FloatArray
    review: IntArray


_HAZARD, _LEFT = 0, 1


@lean
def _read(choice: FloatArray, factor: float, room: _Room, side: int, day: int) -> None:
    """Read a side's state on a day; *factor* is e^resolve."""
    covariates(room.states[side], day, room.x)
    hazard = hazard_bin(room.states[side], day)
    utilities(choice, room.x, hazard, room.utility[side])
    masses(room.utility[side], _EVENTS, room.mass[side])
    room.clock[side, _HAZARD] = -log_no_event(room.mass[side], factor)
    room.review[side] = next_review(room.states[side], day)


@lean
def _act(factor: float, room: _Room, side: int, day: int) -> int:
    """Let a side act; return at which level."""
    level = choose(room.mass[side], factor, np.random.random())
    commit(room.states[side], day, level)
    receive(room.states[1 - side], day, level, 0.0, False, False, 0.0, False)
    room.clock[side, _LEFT] = -math.log(np.random.random())
    room.review[0] = room.review[1] = day + 1
    return level


@lean
def _gravest(
    choice: FloatArray, factors: FloatArray, room: _Room, asked: int, day: int, horizon: int
) -> int:
    """Return the gravest that side *asked* does on one path of *horizon* days after *day*."""
    gravest = NOTHING
    for side in range(2):
        room.review[side] = day + 1
        room.clock[side, _LEFT] = -math.log(np.random.random())
    for now in range(day + 1, day + horizon + 1):
        for side in range(2):
            if now >= room.review[side]:
                _read(choice, factors[side], room, side, now)
            room.clock[side, _LEFT] -= room.clock[side, _HAZARD]
        for side in range(2):
            if room.clock[side, _LEFT] > 0.0:
                continue
            level = _act(factors[side], room, side, now)
            if side == asked:
                gravest = max(gravest, FORCE if level >= _FORCE else SHORT_OF_FORCE)
        if gravest == FORCE:
            break
    return gravest


@njit(cache=True)
def _count(
    choice: FloatArray, factors: FloatArray, dyads: Dyads, horizon: int, paths: int, seed: int
) -> IntArray:
    """Return how many paths of each dyad end in each outcome, (N, 3); arguments as `carry`."""
    counts = np.zeros((dyads.day.shape[0], OUTCOMES), np.int64)
    room = _Room(
        np.zeros((2, SLOT_COUNT)),
        np.zeros(TERM_COUNT),
        np.zeros((2, LEVEL_COUNT)),
        np.zeros((2, MASS_COUNT)),
        np.zeros((2, 2)),
        np.zeros(2, np.int64),
    )
    draws = choice.shape[0]
    for n in range(dyads.day.shape[0]):
        np.random.seed((seed + dyads.day[n] * 131 + n) % 2**31)
        for path in range(paths):
            draw = path % draws
            room.states[:] = dyads.states[n]
            outcome = _gravest(
                choice[draw], factors[draw, n], room, dyads.side[n], dyads.day[n], horizon
            )
            counts[n, outcome] += 1
    return counts


def carry(
    choice: FloatArray,
    factors: FloatArray,
    dyads: Dyads,
    *,
    horizon: int,
    paths: int,
    seed: int = 1,
) -> FloatArray:
    """Return how likely each outcome is for the side that is asked for, (N, 3).

    As if one more path had been spread evenly over the outcomes, so that none is impossible.

    Args:
        choice: matrices of weights, one a draw, (draws, 9 + terms, 9).
        factors: e^resolve of both sides, by draw, (draws, N, 2).
        dyads: where they stand.
        horizon: days after each dyad's day; acts on the day itself have been.
        paths: how many are simulated of each dyad, the draws in turn.
        seed: same seed, same result.
    """
    counts = _count(choice, factors, dyads, horizon, paths, seed)
    return np.asarray((counts + 1.0 / OUTCOMES) / (paths + 1.0), np.float64)
