"""A pair of states as it is retraced: what happened between them, and what they faced beside it."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from offramp.choice.dyad import Slot
from offramp.compiling import lean

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FIRST_ON_SECOND, SECOND_ON_FIRST, CLASH, BATTLE = 0, 1, 2, 3
WAR_STARTED_BY_FIRST, WAR_STARTED_BY_SECOND = 4, 5
"""Kinds of event; clashes and battles have no known first mover, unless a war's initiator."""
EXCHANGE_DAYS = 30
DAYS_A_YEAR = 365.2425
STATES = 1000
"""Correlates of War numbers stay below this."""


class Fact(IntEnum):
    """Places in the facts of a pair."""

    FIRST_YEAR = 0  # of the first row of its static slots
    SILENCE = 1  # bit mask of what a day without an event may be
    UNTIL = 2  # last day


class Pair(NamedTuple):
    """What is known of a pair of states; side 0 is the first, side 1 the second.

    Attributes:
        events: kind, day, mask of levels, lowest level, killed, last day; by day, (n, 6).
        queries: ICB triggers: day, side, level, indirect, lag, mask, silence, by a group, others
            in the crisis before; by day, (m, 9).
        static: yearly slots of both sides, (2, years, slots).
        force: day and opponent of the first state's exchanges of force, by day, and after them
            those of the second, (k, 2).
        bounds: where each side's rows of *force* start, and the end, (3,).
        numbers: of the two states, (2,).
        facts: a number each of :class:`Fact`, (3,).
    """

    events: IntArray
    queries: IntArray
    static: FloatArray
    force: IntArray
    bounds: IntArray
    numbers: IntArray
    facts: IntArray


_FIRST_YEAR = int(Fact.FIRST_YEAR)
_POWER, _LAST_STATIC = int(Slot.POWER), int(Slot.CONFRONTATIONS)
_OVERSTRETCH = int(Slot.OVERSTRETCH)


@lean
def strongest(events: IntArray, first: int, last: int, side: int) -> tuple[int, int, int, int]:
    """Return mask, level, killed and order of a side's gravest act of a day; order −1: none.

    The day's events are those from *first* to before *last*.
    """
    mask = level = killed = 0
    order = -1
    for k in range(first, last):
        if events[k, 0] == side or events[k, 0] == WAR_STARTED_BY_FIRST + side:
            if order < 0:
                order = k
            killed += events[k, 4]
            if events[k, 3] > level:
                mask, level = events[k, 2], events[k, 3]
    return mask, level, killed, order


@lean
def set_context(pair: Pair, met: IntArray, side: int, day: int, state: FloatArray) -> None:
    """Put into *state* of a side what the pair's own acts do not keep.

    Args:
        pair: what is known of the pair.
        met: room for counting states, zeros at first, (`STATES` + 1,).
        side: 0 or 1.
        day: as of which.
        state: changed in place, (slots,).
    """
    year = int((day - 1) / DAYS_A_YEAR) + 1
    row = min(max(year - pair.facts[_FIRST_YEAR], 0), pair.static.shape[1] - 1)
    for slot in range(_POWER, _LAST_STATIC + 1):
        state[slot] = pair.static[side, row, slot]
    state[_OVERSTRETCH] = _opponents_in_force(pair, met, side, day)


@lean
def _opponents_in_force(pair: Pair, met: IntArray, side: int, day: int) -> int:
    """Count other states with whom a side exchanged force in the days before *day*.

    Args:
        pair: what is known of the pair.
        met: room: by state, the number of the count in which it was last met; (`STATES` + 1,).
        side: 0 or 1.
        day: the day.
    """
    low, end = pair.bounds[side], pair.bounds[side + 1]
    while low < end:  # bisection for the first row on the day or later
        middle = (low + end) // 2
        if pair.force[middle, 0] < day:
            low = middle + 1
        else:
            end = middle
    met[STATES] += 1
    met[pair.numbers[1 - side]] = met[STATES]
    count = 0
    k = end - 1
    while k >= pair.bounds[side] and pair.force[k, 0] >= day - EXCHANGE_DAYS:
        if met[pair.force[k, 1]] != met[STATES]:
            met[pair.force[k, 1]] = met[STATES]
            count += 1
        k -= 1
    return count
