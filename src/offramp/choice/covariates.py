"""What an actor faces: the state of a directed dyad, and the covariates that follow from it.

This is the one place where covariates are computed. A row of history, a day of a crisis
file's timeline and a simulated day all keep the same state with :func:`receive` and
:func:`commit` and read it with :func:`covariates`.

A state is a vector of floats, one for each name in :class:`Slot`. Days are integers on any
origin, the same for all; ``NEVER`` stands for a day that has not come.
"""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from offramp.choice.terms import (
    CARRIED_INTO_CRISES,
    CRISIS_DAYS,
    ESTIMATED,
    IN_CRISES,
    INDEX,
)
from offramp.compiling import lean
from offramp.ladder import Level

FloatArray = npt.NDArray[np.float64]

NEVER = -1.0e9
PENDING_DAYS = 90
"""A provocation that has gone unanswered for longer is no longer pending."""
HARM_HALF_LIFE = 30.0
THREAT_DAYS = 30
CONCLUDED_DAYS = 90

BIN_STARTS = np.array([0, 1, 2, 4, 8, 15, 31, 61, 91], dtype=np.int64)
"""Days since the provocation at which the state is read anew."""
BIN_OF_START = np.array([0, 1, 2, 3, 4, 5, 6, 6, 7], dtype=np.int64)
"""Hazard bin from each start: 0, 1, 2–3, 4–7, 8–14, 15–30, 31–90, none pending."""
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
_NUCLEAR_SELF, _NUCLEAR_RIVAL = int(Slot.NUCLEAR_SELF), int(Slot.NUCLEAR_RIVAL)
_OVERSTRETCH, _MAJOR_SLOT = int(Slot.OVERSTRETCH), int(Slot.PROVOKED_MAJOR)
_GROUP, _OTHERS = int(Slot.CRISIS_GROUP), int(Slot.CRISIS_OTHERS)

_CONCILIATE, _VERBAL, _PRESSURE = int(Level.CONCILIATE), int(Level.VERBAL), int(Level.PRESSURE)
_DISPLAY, _DENIABLE, _LIMITED = int(Level.DISPLAY), int(Level.DENIABLE), int(Level.LIMITED)
_MAJOR, _WAR = int(Level.MAJOR), int(Level.WAR)

_COPIED_SLOTS = np.array(
    [
        Slot.POWER,
        Slot.NUCLEAR_SELF,
        Slot.NUCLEAR_RIVAL,
        Slot.CONTIGUOUS,
        Slot.DISTANCE,
        Slot.ALLIED,
        Slot.RIVALS,
        Slot.CONFRONTATIONS,
        Slot.LINKED,
        Slot.RESTRAINT,
        Slot.GO_AHEAD,
        Slot.REFUSAL,
        Slot.DEFENCE,
    ],
    dtype=np.int64,
)
_COPIED_TERMS = np.array(
    [
        INDEX[name]
        for name in (
            "power",
            "nuclear_self",
            "nuclear_rival",
            "contiguous",
            "distance",
            "allied",
            "rivals",
            "confrontations",
            "linked_fronts",
            "patron_restraint",
            "patron_go_ahead",
            "partner_refusal",
            "partner_defence",
        )
    ],
    dtype=np.int64,
)
_T_WORDS, _T_DISPLAY = INDEX["provoked_words"], INDEX["provoked_display"]
_T_FORCE, _T_WAR = INDEX["provoked_force"], INDEX["provoked_war"]
_T_INDIRECT, _T_CRISIS = INDEX["provoked_indirect"], INDEX["crisis"]
_T_HARM, _T_PARTLY, _T_ANSWERED = (
    INDEX["unanswered_harm"],
    INDEX["answered_partly"],
    INDEX["answered"],
)
_T_COUNTS = np.array(
    [
        INDEX[name]
        for name in (
            "own_recent",
            "rival_recent",
            "own_year",
            "rival_year",
            "own_force",
            "rival_force",
        )
    ],
    dtype=np.int64,
)
COUNT_SCALES = np.array([30.0, 30.0, 365.0, 365.0, 90.0, 90.0])
_COUNT_CAPS = np.array([1.4, 1.4, 2.9, 2.9, 1.8, 1.8])
"""Log counts are not read beyond these, the 99th percentile of history's dyad-days: beyond it a
line through the rest is a guess, and a front that burns every day lies far beyond."""
EXCHANGE_COUNT = math.log1p(2.0)
_T_RECIPROCITY, _T_THREAT = INDEX["reciprocity"], INDEX["public_threat"]
_T_BOTH, _T_OVERSTRETCH = INDEX["nuclear_both"], INDEX["overstretch"]
_T_EXCHANGE = INDEX["exchange"]
_T_CRISIS_DISPLAY, _T_CRISIS_FORCE = INDEX["crisis_display"], INDEX["crisis_force"]
_T_CRISIS_GROUP, _T_CRISIS_OTHERS = INDEX["crisis_group"], INDEX["crisis_others"]
_T_CRISIS_DAYS = np.array([INDEX[name] for name in CRISIS_DAYS], dtype=np.int64)
_CARRIED = np.array(
    [(INDEX[routine], INDEX[crisis]) for routine, crisis in CARRIED_INTO_CRISES.items()],
    dtype=np.int64,
)
_ROUTINE = np.array(
    [INDEX[term.name] for term in ESTIMATED if term.name not in IN_CRISES | {"answered_partly"}],
    dtype=np.int64,
)
_T_MAJOR, _T_SOIL = INDEX["provoked_major"], INDEX["provoked_on_soil"]
_T_WIN = INDEX["win_credit"]
_T_RIVAL_CONCLUDED = INDEX["concluded_by_rival"]
_T_SELF_CONCLUDED = INDEX["concluded_by_self"]


_PROVOCATION_TERMS = np.array(
    [
        _T_WORDS,
        _T_DISPLAY,
        _T_FORCE,
        _T_WAR,
        _T_INDIRECT,
        _T_CRISIS,
        *_T_CRISIS_DAYS,
        _T_CRISIS_DISPLAY,
        _T_CRISIS_FORCE,
        _T_CRISIS_GROUP,
        _T_CRISIS_OTHERS,
        _T_MAJOR,
        _T_SOIL,
        _T_WIN,
        _T_PARTLY,
        _T_ANSWERED,
        _T_RIVAL_CONCLUDED,
    ],
    dtype=np.int64,
)


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
    ):
        state[slot] = NEVER
    return state


@lean
def _discount(state: FloatArray, day: int) -> None:
    elapsed = day - state[_COUNT_DAY]
    if elapsed > 0:
        for k in range(6):
            state[_OWN_RECENT + k] *= math.exp(-elapsed / COUNT_SCALES[k])
    state[_COUNT_DAY] = day


@lean
def _harm_on(state: FloatArray, day: int) -> float:
    if state[_HARM] <= 0.0:
        return 0.0
    return float(state[_HARM] * math.exp2(-(day - state[_HARM_DAY]) / HARM_HALF_LIFE))


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
    if is_counted(level) and state[_RIVAL_COUNTED] != day:
        _discount(state, day)
        state[_RIVAL_RECENT] += 1.0
        state[_RIVAL_YEAR] += 1.0
        if level >= _LIMITED:
            state[_RIVAL_FORCE] += 1.0
        state[_RIVAL_COUNTED] = day
    if level >= _DENIABLE:
        state[_RIVAL_CONCLUDED] = NEVER
    state[_HARM] = _harm_on(state, day) + killed
    state[_HARM_DAY] = day
    expired = day - state[_PROVOKED_DAY] > PENDING_DAYS
    if expired or state[_ANSWERED] == 2.0 or level >= state[_PROVOKED_LEVEL]:
        state[_PROVOKED_DAY] = day
        state[_PROVOKED_LEVEL] = level
        state[_INDIRECT] = 1.0 if indirect or level == _DENIABLE else 0.0
        state[_CRISIS] = 1.0 if crisis else 0.0
        state[_FAILED] = failed
        state[_ON_SOIL] = 1.0 if on_soil else 0.0
        state[_MAJOR_SLOT] = 1.0 if level == _MAJOR else 0.0
        state[_ANSWERED] = 0.0
    return True


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
    if is_counted(level) and state[_OWN_COUNTED] != day:
        _discount(state, day)
        state[_OWN_RECENT] += 1.0
        state[_OWN_YEAR] += 1.0
        if level >= _LIMITED:
            state[_OWN_FORCE] += 1.0
        state[_OWN_COUNTED] = day
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
    index = len(BIN_STARTS) - 1
    while index > 0 and days_since < BIN_STARTS[index]:
        index -= 1
    return index


@lean
def hazard_bin(state: FloatArray, day: int) -> int:
    """Return the hazard bin, 0 to 7, of *day* for this state."""
    return int(BIN_OF_START[segment_of(day - state[_PROVOKED_DAY])])


@lean
def next_review(state: FloatArray, day: int) -> int:
    """Return the next day after *day* on which the state is to be read anew."""
    index = segment_of(day - state[_PROVOKED_DAY])
    if index < len(BIN_STARTS) - 1:
        return int(state[_PROVOKED_DAY] + BIN_STARTS[index + 1])
    return day + REVIEW_DAYS


@lean
def covariates(state: FloatArray, day: int, out: FloatArray) -> None:
    """Write the covariates of *state* as read on *day* into *out*, shape (terms,).

    The order and the units are those of :data:`offramp.choice.terms.TERMS`. While a crisis's
    trigger is unanswered, only the terms of crises are read: see :func:`_read_crisis`.
    """
    routine_covariates(state, day, out)
    if out[_T_CRISIS] == 1.0:
        _read_crisis(state, day, out)


@lean
def _read_crisis(state: FloatArray, day: int, out: FloatArray) -> None:
    """Turn routine covariates into those of a crisis, in place.

    What states do in a crisis follows other weights than what they do on the days between
    (nearly all answer, and soon), so that the routine terms are silent and a few have a twin.
    """
    force = out[_T_FORCE] + out[_T_WAR]
    display = out[_T_DISPLAY]
    for k in range(_CARRIED.shape[0]):
        out[_CARRIED[k, 1]] = out[_CARRIED[k, 0]]
    for term in _ROUTINE:
        out[term] = 0.0
    out[_T_CRISIS_DISPLAY], out[_T_CRISIS_FORCE] = display, force
    out[_T_CRISIS_GROUP] = state[_GROUP]
    out[_T_CRISIS_OTHERS] = math.log1p(state[_OTHERS])
    days = hazard_bin(state, day)
    if days < _T_CRISIS_DAYS.shape[0]:
        out[_T_CRISIS_DAYS[days]] = 1.0


@lean
def routine_covariates(state: FloatArray, day: int, out: FloatArray) -> None:
    """Write the covariates as they would be were no crisis pending, into *out*, (terms,)."""
    out[:] = 0.0
    pending = day - state[_PROVOKED_DAY] <= PENDING_DAYS
    level = state[_PROVOKED_LEVEL]
    if pending and level >= _VERBAL:
        if level >= _WAR:
            out[_T_WAR] = 1.0
        elif level >= _DENIABLE:
            out[_T_FORCE] = 1.0
        elif level >= _DISPLAY:
            out[_T_DISPLAY] = 1.0
        else:
            out[_T_WORDS] = 1.0
        out[_T_INDIRECT] = state[_INDIRECT]
        out[_T_CRISIS] = state[_CRISIS]
        out[_T_MAJOR] = state[_MAJOR_SLOT]
        out[_T_SOIL] = state[_ON_SOIL]
        out[_T_WIN] = state[_FAILED]
    if pending:
        out[_T_PARTLY] = 1.0 if state[_ANSWERED] == 1.0 else 0.0
        out[_T_ANSWERED] = 1.0 if state[_ANSWERED] == 2.0 else 0.0
    out[_T_HARM] = math.log(1.0 + _harm_on(state, day))
    elapsed = max(day - state[_COUNT_DAY], 0.0)
    for k in range(0, 6, 2):  # of both sides: the scale is the same
        fade = math.exp(-elapsed / COUNT_SCALES[k]) if elapsed > 0.0 else 1.0
        for side in range(k, k + 2):
            if state[_OWN_RECENT + side] > 0.0:
                count = math.log(1.0 + state[_OWN_RECENT + side] * fade)
                out[_T_COUNTS[side]] = min(count, _COUNT_CAPS[side])
    out[_T_RECIPROCITY] = min(out[_T_COUNTS[2]], out[_T_COUNTS[3]])
    hot = min(out[_T_COUNTS[4]], out[_T_COUNTS[5]]) >= EXCHANGE_COUNT
    out[_T_EXCHANGE] = 1.0 if hot else 0.0
    out[_T_THREAT] = 1.0 if day - state[_THREAT] <= THREAT_DAYS else 0.0
    out[_T_SELF_CONCLUDED] = 1.0 if day - state[_CONCLUDED] <= CONCLUDED_DAYS else 0.0
    out[_T_RIVAL_CONCLUDED] = 1.0 if day - state[_RIVAL_CONCLUDED] <= CONCLUDED_DAYS else 0.0
    for k in range(len(_COPIED_SLOTS)):
        out[_COPIED_TERMS[k]] = state[_COPIED_SLOTS[k]]
    out[_T_BOTH] = state[_NUCLEAR_SELF] * state[_NUCLEAR_RIVAL]
    out[_T_OVERSTRETCH] = math.log(1.0 + state[_OVERSTRETCH])


@lean
def forget_provocation(x: FloatArray) -> None:
    """Take what a provocation left out of covariates *x*, in place.

    With :func:`kinds_of_provocation` this makes of the covariates now those right after another
    act. Counts and harm stay: the expectation is one step ahead, by a rival who judges kind.
    """
    for term in _PROVOCATION_TERMS:
        x[term] = 0.0


@lean
def kinds_of_provocation(level: int) -> tuple[int, int, int]:
    """Return the terms that an act at *level* sets to 1 for the rival; -1 stands for none."""
    if level == _WAR:
        return _T_WAR, -1, -1
    if level == _MAJOR:
        return _T_FORCE, _T_MAJOR, -1
    if level == _DENIABLE:
        return _T_FORCE, _T_INDIRECT, -1
    if level == _LIMITED:
        return _T_FORCE, -1, -1
    if level == _DISPLAY:
        return _T_DISPLAY, -1, -1
    return _T_WORDS, -1, -1
