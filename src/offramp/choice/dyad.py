"""What an actor faces: the state of a directed dyad, and how acts change it.

A row of history, a day of a crisis file's timeline and a simulated day all keep the same state
with :func:`receive` and :func:`commit`; :mod:`offramp.choice.covariates` reads it.

A state is a vector of floats, one for each name in :class:`Slot`. Days are integers on any
origin, the same for all; ``NEVER`` stands for a day that has not come.
"""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from offramp.compiling import lean, lean_inlined
from offramp.elementary import exp
from offramp.ladder import Level

FloatArray = npt.NDArray[np.float64]

NEVER = -1.0e9
PENDING_DAYS = 90
"""A provocation that has gone unanswered for longer is no longer pending."""
HARM_HALF_LIFE = 30.0
_LN2 = math.log(2.0)
THREAT_DAYS = 30
CONCLUDED_DAYS = 90

BIN_STARTS = np.array([0, 1, 2, 4, 8, 15, 31, 61, 91], dtype=np.int64)
"""Days since the provocation at which the state is read anew."""
BIN_OF_START = np.array([0, 1, 2, 3, 4, 5, 6, 6, 7], dtype=np.int64)
"""Hazard bin from each start: 0, 1, 2–3, 4–7, 8–14, 15–30, 31–90, none pending."""
_SEGMENT_OF_DAY = np.searchsorted(BIN_STARTS, np.arange(BIN_STARTS[-1] + 1), side="right") - 1
BIN_NAMES = ("0", "1", "2–3", "4–7", "8–14", "15–30", "31–90", "none pending")
NONE_PENDING = 7
REVIEW_DAYS = 30
"""With nothing pending the state is read anew every so many days."""


class Slot(IntEnum):
    """Places in the state of *i* facing *j*."""

    PROVOKED_DAY = 0  # clock of the hazard
    PROVOKED_LEVEL = 1  # gravest unanswered act; 0 once answered
    PROVOKED_INDIRECT = 2
    PROVOKED_CRISIS = 3
    PROVOKED_FAILED = 4  # share of it that the defence defeated
    PROVOKED_ON_SOIL = 5
    HARM = 6  # killed and unanswered, as of HARM_DAY
    HARM_DAY = 7
    ANSWERED = 8  # 0 no, 1 partly, 2 in kind
    OWN_RECENT = 9  # the discounted counts are as of COUNT_DAY
    RIVAL_RECENT = 10
    OWN_YEAR = 11
    RIVAL_YEAR = 12
    OWN_FORCE = 13
    RIVAL_FORCE = 14
    COUNT_DAY = 15
    OWN_COUNTED = 16  # day of the last own act counted: at most one a day
    RIVAL_COUNTED = 17
    THREAT_DAY = 18
    CONCLUDED_DAY = 19  # own word
    RIVAL_CONCLUDED_DAY = 20
    POWER = 21
    NUCLEAR_SELF = 22
    NUCLEAR_RIVAL = 23
    CONTIGUOUS = 24
    DISTANCE = 25  # log(1 + thousand km)
    ALLIED = 26
    RIVALS = 27
    CONFRONTATIONS = 28  # log(1 + n)
    OVERSTRETCH = 29  # number of other opponents
    LINKED = 30
    RESTRAINT = 31
    GO_AHEAD = 32
    REFUSAL = 33
    DEFENCE = 34
    PROVOKED_MAJOR = 35
    CRISIS_GROUP = 36  # no state triggered the crisis that is pending
    CRISIS_OTHERS = 37  # number of others that it had drawn in before
    OWN_LONG = 38  # these four are discounted too, as of COUNT_DAY
    RIVAL_LONG = 39
    OWN_FORCE_LONG = 40
    FOUGHT = 41  # days on which both used overt force
    OWN_FORCE_DAY = 42  # the last day of own overt force
    RIVAL_FORCE_DAY = 43


SLOT_COUNT = len(Slot)

# Numba reads module-level integers as constants; enum members it does not.
_PROVOKED_DAY, _PROVOKED_LEVEL = int(Slot.PROVOKED_DAY), int(Slot.PROVOKED_LEVEL)
_INDIRECT, _CRISIS = int(Slot.PROVOKED_INDIRECT), int(Slot.PROVOKED_CRISIS)
_FAILED, _ON_SOIL = int(Slot.PROVOKED_FAILED), int(Slot.PROVOKED_ON_SOIL)
_HARM, _HARM_DAY, _ANSWERED = int(Slot.HARM), int(Slot.HARM_DAY), int(Slot.ANSWERED)
_OWN_RECENT, _RIVAL_RECENT = int(Slot.OWN_RECENT), int(Slot.RIVAL_RECENT)
_OWN_YEAR, _RIVAL_YEAR = int(Slot.OWN_YEAR), int(Slot.RIVAL_YEAR)
_OWN_FORCE, _RIVAL_FORCE = int(Slot.OWN_FORCE), int(Slot.RIVAL_FORCE)
_COUNT_DAY = int(Slot.COUNT_DAY)
_OWN_COUNTED, _RIVAL_COUNTED = int(Slot.OWN_COUNTED), int(Slot.RIVAL_COUNTED)
_THREAT = int(Slot.THREAT_DAY)
_CONCLUDED, _RIVAL_CONCLUDED = int(Slot.CONCLUDED_DAY), int(Slot.RIVAL_CONCLUDED_DAY)
_MAJOR_SLOT = int(Slot.PROVOKED_MAJOR)
_OWN_LONG, _RIVAL_LONG = int(Slot.OWN_LONG), int(Slot.RIVAL_LONG)
_OWN_FORCE_LONG, _FOUGHT = int(Slot.OWN_FORCE_LONG), int(Slot.FOUGHT)
_OWN_FORCE_DAY, _RIVAL_FORCE_DAY = int(Slot.OWN_FORCE_DAY), int(Slot.RIVAL_FORCE_DAY)

_CONCILIATE, _VERBAL, _PRESSURE = int(Level.CONCILIATE), int(Level.VERBAL), int(Level.PRESSURE)
_DISPLAY, _DENIABLE, _LIMITED = int(Level.DISPLAY), int(Level.DENIABLE), int(Level.LIMITED)
_MAJOR = int(Level.MAJOR)

COUNT_SCALES = np.array([30.0, 30.0, 365.0, 365.0, 90.0, 90.0])
"""Days over which the counts from `Slot.OWN_RECENT` on are discounted."""
LONG_SCALE = 1825.0
"""The same of the counts from `Slot.OWN_LONG` on, but of `Slot.FOUGHT`: over a year."""
_MONTH, _YEAR, _QUARTER = (float(scale) for scale in COUNT_SCALES[::2])
_FADES = np.exp(-np.arange(1024)[:, None] / [_MONTH, _QUARTER, _YEAR, LONG_SCALE])
Fades = tuple[float, float, float, float]
"""What is left of counts, by the scale over which they are discounted; from :func:`fades`."""


def empty_state() -> FloatArray:
    """Return the state of a dyad that has no past and no covariates, shape (slots,)."""
    state = np.zeros(SLOT_COUNT)
    for slot in (
        Slot.PROVOKED_DAY,
        Slot.OWN_COUNTED,
        Slot.RIVAL_COUNTED,
        Slot.THREAT_DAY,
        Slot.CONCLUDED_DAY,
        Slot.RIVAL_CONCLUDED_DAY,
        Slot.OWN_FORCE_DAY,
        Slot.RIVAL_FORCE_DAY,
    ):
        state[slot] = NEVER
    return state


@lean_inlined
def fades(state: FloatArray, day: int) -> Fades:
    """Return what is left on *day* of counts discounted over a month, a quarter, a year, five.

    Of days that have passed since the counts were brought up to date; whole days.
    """
    elapsed = max(day - state[_COUNT_DAY], 0.0)
    if elapsed < _FADES.shape[0]:  # nearly always; looking it up takes a tenth of the time
        row = _FADES[int(elapsed)]
        return row[0], row[1], row[2], row[3]
    return (
        exp(-elapsed / _MONTH),
        exp(-elapsed / _QUARTER),
        exp(-elapsed / _YEAR),
        exp(-elapsed / LONG_SCALE),
    )


@lean
def _discount(state: FloatArray, day: int) -> None:
    if day > state[_COUNT_DAY]:
        month, quarter, year, long = fades(state, day)
        for side in range(2):
            state[_OWN_RECENT + side] *= month
            state[_OWN_YEAR + side] *= year
            state[_OWN_FORCE + side] *= quarter
            state[_OWN_LONG + side] *= long
        state[_OWN_FORCE_LONG] *= long
        state[_FOUGHT] *= year
    state[_COUNT_DAY] = day


@lean
def _count_of_rival(state: FloatArray, day: int, overt: bool) -> None:
    """Count an act of the rival, at most one a day; *overt* force may follow a display."""
    _discount(state, day)
    if state[_RIVAL_COUNTED] != day:
        state[_RIVAL_RECENT] += 1.0
        state[_RIVAL_YEAR] += 1.0
        state[_RIVAL_LONG] += 1.0
        if overt:
            state[_RIVAL_FORCE] += 1.0
        state[_RIVAL_COUNTED] = day
    if overt and state[_RIVAL_FORCE_DAY] != day:
        state[_RIVAL_FORCE_DAY] = day
        if state[_OWN_FORCE_DAY] == day:
            state[_FOUGHT] += 1.0


@lean
def _count_own(state: FloatArray, day: int, overt: bool) -> None:
    """Count an own act in the same way."""
    _discount(state, day)
    if state[_OWN_COUNTED] != day:
        state[_OWN_RECENT] += 1.0
        state[_OWN_YEAR] += 1.0
        state[_OWN_LONG] += 1.0
        if overt:
            state[_OWN_FORCE] += 1.0
            state[_OWN_FORCE_LONG] += 1.0
        state[_OWN_COUNTED] = day
    if overt and state[_OWN_FORCE_DAY] != day:
        state[_OWN_FORCE_DAY] = day
        if state[_RIVAL_FORCE_DAY] == day:
            state[_FOUGHT] += 1.0


@lean
def harm_on(state: FloatArray, day: int) -> float:
    """Return how many were killed and are unanswered, discounted to *day*."""
    if state[_HARM] <= 0.0:
        return 0.0
    return float(state[_HARM] * exp(-_LN2 * (day - state[_HARM_DAY]) / HARM_HALF_LIFE))


@lean
def is_counted(level: int) -> bool:
    """Whether an act enters the discounted counts: displays and overt force.

    Words and deniable acts do not: a crisis file and a dataset record them with a diligence so
    different that a count of them would not mean the same in both.
    """
    return level == _DISPLAY or level >= _LIMITED


@lean
def receive(
    state: FloatArray,
    day: int,
    level: int,
    killed: float,
    indirect: bool,
    crisis: bool,
    failed: float,
    on_soil: bool,
) -> bool:
    """Note in *i*'s state that rival *j* acted on *day*; return whether that changes it.

    Words and pressure provoke only where they trigger a crisis: they are recorded with a
    diligence so different between datasets and files that a clock reset by each of them would
    not mean the same.

    The act becomes what is pending if the old one has expired or was answered in kind, or was no
    graver; and always if it triggers a crisis, as in the fit a trigger is what its actor faces,
    whatever was pending before. A crisis goes on until it is answered: no lesser act takes its
    place, none as grave restarts its clock, and a graver one is part of it.

    Args:
        state: the state of *i* facing *j*, changed in place.
        day: the day of the act.
        level: its rung, 1 to 8; `conciliate` sets the rival's word that it is concluded.
        killed: how many of *i*'s people it killed.
        indirect: deniable, through a proxy, or on a friend of *i*.
        crisis: it triggered a crisis for *i* in ICB's sense.
        failed: share that the defence defeated, 0 to 1.
        on_soil: it fell on *i*'s territory.
    """
    if level == _CONCILIATE:
        stood = day - state[_RIVAL_CONCLUDED] <= CONCLUDED_DAYS
        state[_RIVAL_CONCLUDED] = day
        return not stood
    if level < _VERBAL or (level < _DISPLAY and not crisis):
        return False
    if is_counted(level):
        _count_of_rival(state, day, level >= _LIMITED)
    if level >= _DENIABLE:
        state[_RIVAL_CONCLUDED] = NEVER
    state[_HARM] = harm_on(state, day) + killed
    state[_HARM_DAY] = day
    settled = day - state[_PROVOKED_DAY] > PENDING_DAYS or state[_ANSWERED] == 2.0
    in_crisis = state[_CRISIS] == 1.0 and not settled
    graver = level > state[_PROVOKED_LEVEL]
    if crisis or settled or graver or (level == state[_PROVOKED_LEVEL] and not in_crisis):
        _provoke(state, day, level, indirect, crisis or in_crisis, failed, on_soil)
    return True


@lean
def _provoke(
    state: FloatArray,
    day: int,
    level: int,
    indirect: bool,
    crisis: bool,
    failed: float,
    on_soil: bool,
) -> None:
    """Make an act the pending provocation; arguments as :func:`receive`."""
    state[_PROVOKED_DAY] = day
    state[_PROVOKED_LEVEL] = level
    state[_INDIRECT] = 1.0 if indirect or level == _DENIABLE else 0.0
    state[_CRISIS] = 1.0 if crisis else 0.0
    state[_FAILED] = failed
    state[_ON_SOIL] = 1.0 if on_soil else 0.0
    state[_MAJOR_SLOT] = 1.0 if level == _MAJOR else 0.0
    state[_ANSWERED] = 0.0


@lean
def answers_in_kind(provoked_level: float, level: int) -> bool:
    """Whether an act at *level* settles a provocation at *provoked_level*.

    Force is answered by force (deniable or overt), a display by pressure or more, words by
    words or more; conciliation settles nothing on its own.
    """
    if provoked_level >= _DENIABLE:
        return level >= _DENIABLE
    if provoked_level >= _DISPLAY:
        return level >= _PRESSURE
    return level >= _VERBAL


@lean
def commit(state: FloatArray, day: int, level: int) -> bool:
    """Note in *i*'s state that *i* itself acted on *j* at *level* on *day*.

    Returns whether the covariates may differ for it: one more threat while one stands, or one
    more reply below a provocation, is nothing new.
    """
    if level == _CONCILIATE:
        stood = day - state[_CONCLUDED] <= CONCLUDED_DAYS
        state[_CONCLUDED] = day
        return not stood
    if level < _VERBAL:
        return False
    changed = level >= _DISPLAY
    if is_counted(level):
        _count_own(state, day, level >= _LIMITED)
    threatened = day - state[_THREAT] <= THREAT_DAYS
    if level == _VERBAL:
        state[_THREAT] = day
        changed = changed or not threatened
    else:
        state[_THREAT] = NEVER
        changed = changed or threatened
    if level >= _DENIABLE:
        state[_CONCLUDED] = NEVER
        state[_HARM] = 0.0
    if state[_PROVOKED_LEVEL] > 0.0:
        if answers_in_kind(state[_PROVOKED_LEVEL], level):
            state[_PROVOKED_LEVEL] = 0.0
            state[_ANSWERED] = 2.0
            changed = True
        else:
            changed = changed or state[_ANSWERED] != 1.0
            state[_ANSWERED] = 1.0
    return changed


@lean
def segment_of(days_since: float) -> int:
    """Return the index into ``BIN_STARTS`` for *days_since* the provocation (0 or more)."""
    return int(_SEGMENT_OF_DAY[int(min(max(days_since, 0.0), _SEGMENT_OF_DAY.shape[0] - 1))])


@lean
def hazard_bin(state: FloatArray, day: int) -> int:
    """Return the hazard bin, 0 to 7, of *day* for this state.

    On the day of the act itself only a crisis has begun: outside crises history does not show who
    answers within the day.
    """
    found = int(BIN_OF_START[segment_of(day - state[_PROVOKED_DAY])])
    return NONE_PENDING if found == 0 and state[_CRISIS] == 0.0 else found


@lean
def next_review(state: FloatArray, day: int) -> int:
    """Return the next day after *day* on which the state is to be read anew."""
    index = segment_of(day - state[_PROVOKED_DAY])
    if index < len(BIN_STARTS) - 1:
        return int(state[_PROVOKED_DAY] + BIN_STARTS[index + 1])
    return day + REVIEW_DAYS
