"""The covariates of a choice: what the choice model reads of a dyad's state.

This is the one place where covariates are computed, for a row of history, a day of a crisis
file's timeline and a simulated day alike. One of three situations holds on a day, each with
weights of its own:

- *in a crisis*: a trigger in ICB's sense is pending, and the terms of crises are read;
- *heated*: 1 to 90 days after an act of the rival, answered or not; the heated terms are read,
  and what kind of act it was;
- otherwise, which includes the evening of the act itself, the routine terms.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from offramp.choice.dyad import (
    CONCLUDED_DAYS,
    NONE_PENDING,
    PENDING_DAYS,
    THREAT_DAYS,
    Fades,
    Slot,
    fades,
    harm_on,
    hazard_bin,
)
from offramp.choice.terms import (
    CARRIED_INTO_CRISES,
    CARRIED_INTO_HEAT,
    CRISIS_DAYS,
    ELICITED,
    ESTIMATED,
    ESTIMATED_COUNT,
    FACED,
    HEATED,
    IN_CRISES,
    INDEX,
    OF_PROVOCATION,
    TERM_COUNT,
)
from offramp.compiling import lean, lean_inlined
from offramp.elementary import log
from offramp.ladder import Level

FloatArray = npt.NDArray[np.float64]

# Numba reads module-level integers as constants; enum members it does not.
_PROVOKED_DAY, _PROVOKED_LEVEL = int(Slot.PROVOKED_DAY), int(Slot.PROVOKED_LEVEL)
_INDIRECT, _CRISIS = int(Slot.PROVOKED_INDIRECT), int(Slot.PROVOKED_CRISIS)
_FAILED, _ON_SOIL = int(Slot.PROVOKED_FAILED), int(Slot.PROVOKED_ON_SOIL)
_ANSWERED, _COUNT_DAY = int(Slot.ANSWERED), int(Slot.COUNT_DAY)
_OWN_RECENT, _RIVAL_RECENT = int(Slot.OWN_RECENT), int(Slot.RIVAL_RECENT)
_THREAT = int(Slot.THREAT_DAY)
_OWN_YEAR, _OWN_FORCE = int(Slot.OWN_YEAR), int(Slot.OWN_FORCE)
_CONCLUDED, _RIVAL_CONCLUDED = int(Slot.CONCLUDED_DAY), int(Slot.RIVAL_CONCLUDED_DAY)
_NUCLEAR_SELF, _NUCLEAR_RIVAL = int(Slot.NUCLEAR_SELF), int(Slot.NUCLEAR_RIVAL)
_OVERSTRETCH, _MAJOR_SLOT = int(Slot.OVERSTRETCH), int(Slot.PROVOKED_MAJOR)
_GROUP, _OTHERS = int(Slot.CRISIS_GROUP), int(Slot.CRISIS_OTHERS)
_OWN_LONG, _RIVAL_LONG = int(Slot.OWN_LONG), int(Slot.RIVAL_LONG)
_OWN_FORCE_LONG, _FOUGHT = int(Slot.OWN_FORCE_LONG), int(Slot.FOUGHT)

_VERBAL, _DISPLAY, _DENIABLE = int(Level.VERBAL), int(Level.DISPLAY), int(Level.DENIABLE)
_LIMITED, _MAJOR, _WAR = int(Level.LIMITED), int(Level.MAJOR), int(Level.WAR)

_SLOT_OF = {
    "power": Slot.POWER,
    "nuclear_self": Slot.NUCLEAR_SELF,
    "nuclear_rival": Slot.NUCLEAR_RIVAL,
    "contiguous": Slot.CONTIGUOUS,
    "distance": Slot.DISTANCE,
    "allied": Slot.ALLIED,
    "rivals": Slot.RIVALS,
    "confrontations": Slot.CONFRONTATIONS,
    "linked_fronts": Slot.LINKED,
    "patron_restraint": Slot.RESTRAINT,
    "patron_go_ahead": Slot.GO_AHEAD,
    "partner_refusal": Slot.REFUSAL,
    "partner_defence": Slot.DEFENCE,
}
"""Routine and elicited terms that are copied from a slot of the state."""


def _copied(carried: dict[str, str]) -> npt.NDArray[np.int64]:
    """Return rows (slot, term) of what is copied, given the terms that *carried* turns into."""
    return np.array(
        [(slot, INDEX[carried[name]]) for name, slot in _SLOT_OF.items() if name in carried],
        dtype=np.int64,
    )


_NO_MATTER_WHAT = _copied({term.name: term.name for term in ELICITED})
_IN_ROUTINE = _copied({term.name: term.name for term in ESTIMATED})
_IN_HEAT = _copied(CARRIED_INTO_HEAT)
_IN_CRISIS = _copied(CARRIED_INTO_CRISES)
_T_WORDS, _T_DISPLAY = INDEX["provoked_words"], INDEX["provoked_display"]
_T_FORCE, _T_WAR = INDEX["provoked_force"], INDEX["provoked_war"]
_T_INDIRECT, _T_CRISIS = INDEX["provoked_indirect"], INDEX["crisis"]
_T_HARM, _T_PARTLY, _T_ANSWERED = (
    INDEX["unanswered_harm"],
    INDEX["answered_partly"],
    INDEX["answered"],
)
_T_OWN_RECENT = INDEX["own_recent"]  # the terms of the counts stand in the order of the slots
_COUNT_CAPS = np.array([1.4, 1.4, 2.9, 2.9, 1.8, 1.8])
"""Log counts are not read beyond these, the 99th percentile of history's dyad-days: beyond it a
line through the rest is a guess, and a front that burns every day lies far beyond."""
EXCHANGE_COUNT = math.log1p(2.0)
_T_HEATED_OWN_YEAR = INDEX[CARRIED_INTO_HEAT["own_year"]]
_T_HEATED_OWN_FORCE = INDEX[CARRIED_INTO_HEAT["own_force"]]
_T_RECIPROCITY, _T_THREAT = INDEX["reciprocity"], INDEX["public_threat"]
_T_HEATED_THREAT = INDEX[CARRIED_INTO_HEAT["public_threat"]]
_T_CRISIS_OWN_RECENT = INDEX[CARRIED_INTO_CRISES["own_recent"]]
_T_BOTH, _T_OVERSTRETCH = INDEX["nuclear_both"], INDEX["overstretch"]
_T_EXCHANGE = INDEX["exchange"]
_T_CRISIS_DISPLAY, _T_CRISIS_FORCE = INDEX["crisis_display"], INDEX["crisis_force"]
_T_CRISIS_GROUP, _T_CRISIS_OTHERS = INDEX["crisis_group"], INDEX["crisis_others"]
_T_CRISIS_DAYS = np.array([INDEX[name] for name in CRISIS_DAYS], dtype=np.int64)
_T_SHARE, _T_HEAT_FOUGHT = INDEX["heated_force_share"], INDEX["heated_fought"]
_T_RIVAL_LONG = INDEX["heated_rival_long"]
_RIVAL_LONG_CAP, _FOUGHT_CAP = 3.5, 2.5
_HEATED_CAPS = np.array([*_COUNT_CAPS[2:], math.inf, _RIVAL_LONG_CAP, _FOUGHT_CAP, math.inf])
"""Of the terms from `heated_own_year` on, in order. The share and the threat, which stand among
them, have no log: they are written afterwards, so that eight logs can be taken at once."""
assert (_T_HEATED_OWN_FORCE, _T_SHARE) == (_T_HEATED_OWN_YEAR + 2, _T_HEATED_OWN_YEAR + 4)
assert (_T_RIVAL_LONG, _T_HEAT_FOUGHT) == (_T_HEATED_OWN_YEAR + 5, _T_HEATED_OWN_YEAR + 6)
assert _T_HEATED_THREAT == _T_HEATED_OWN_YEAR + 7
_T_MAJOR, _T_SOIL = INDEX["provoked_major"], INDEX["provoked_on_soil"]
_T_WIN, _T_RECENT_ACTS = INDEX["win_credit"], INDEX["recent_acts"]
_RECENT_ACTS_CAP = 2.0
_T_RIVAL_CONCLUDED = INDEX["concluded_by_rival"]
_T_SELF_CONCLUDED = INDEX["concluded_by_self"]


IS_FACED = np.array([term.name in FACED for term in ESTIMATED])
"""Which estimated terms are `FACED`, (estimated terms,)."""
ANY, ROUTINE, HEATED_DAY, CRISIS, IF_PROVOKED = range(5)
"""Situations: any, for covariates from wherever; those that :func:`covariates` tells apart; and
the one that :func:`covariates_if_provoked` supposes."""
_LEFT_BY_PROVOCATION = {"provoked_indirect", "provoked_major", "provoked_on_soil", "win_credit"}
_ALWAYS_READ = {term.name for term in ELICITED} | {"provoked_indirect"}
_READ = (
    set(INDEX),
    {term.name for term in ESTIMATED if term.name not in IN_CRISES | HEATED | OF_PROVOCATION}
    | _ALWAYS_READ,
    HEATED | OF_PROVOCATION | _ALWAYS_READ,
    IN_CRISES | {"answered_partly"} | _ALWAYS_READ,
    HEATED | _ALWAYS_READ - _LEFT_BY_PROVOCATION - {"concluded_by_rival"},
)
"""By situation, the terms that may be other than 0."""
TERMS_READ = np.concatenate([sorted(INDEX[name] for name in read) for read in _READ])
READ_FROM = np.cumsum([0, *(len(read) for read in _READ)])
"""Those of situation k stand in `TERMS_READ` from `READ_FROM[k]` to before `READ_FROM[k + 1]`."""


@lean_inlined
def covariates(state: FloatArray, day: int, out: FloatArray) -> int:
    """Write the covariates of *state* as read on *day* into *out*, shape (terms,).

    The order and the units are those of :data:`offramp.choice.terms.TERMS`. Returns the
    situation, `ROUTINE`, `HEATED_DAY` or `CRISIS`: the terms that it does not read are 0.
    """
    out[:] = 0.0
    left = fades(state, day)
    _read_always(state, day, left, out)
    out[_T_RIVAL_CONCLUDED] = 1.0 if day - state[_RIVAL_CONCLUDED] <= CONCLUDED_DAYS else 0.0
    pending = day - state[_PROVOKED_DAY] <= PENDING_DAYS and state[_PROVOKED_LEVEL] >= _VERBAL
    if pending:
        out[_T_INDIRECT] = state[_INDIRECT]
        out[_T_MAJOR] = state[_MAJOR_SLOT]
        out[_T_SOIL] = state[_ON_SOIL]
        out[_T_WIN] = state[_FAILED]
    if pending and state[_CRISIS] == 1.0:
        _read_crisis(state, day, left, out)
        return CRISIS
    if hazard_bin(state, day) < NONE_PENDING:
        if pending:
            out[_term_of_provocation(state[_PROVOKED_LEVEL])] = 1.0
        out[_T_PARTLY] = 1.0 if state[_ANSWERED] == 1.0 else 0.0
        out[_T_ANSWERED] = 1.0 if state[_ANSWERED] == 2.0 else 0.0
        _read_heated(state, day, left, out)
        return HEATED_DAY
    _read_routine(state, day, left, out)
    return ROUTINE


@lean_inlined
def covariates_if_provoked(state: FloatArray, day: int, out: FloatArray) -> None:
    """Write the covariates as they would be some days after an act of the rival, (terms,).

    What the act itself leaves is left out, as is what the pending one left: with
    :func:`kinds_of_provocation` they are those after any act. Counts stay: the expectation is
    one step ahead, by a rival who judges kind.
    """
    out[:] = 0.0
    left = fades(state, day)
    _read_always(state, day, left, out)
    _read_heated(state, day, left, out)


def faced(state: FloatArray, day: int) -> FloatArray:
    """Return what one faces who was acted on on *day*, as two such situations are compared.

    That is the evening's reading, but of the terms that bear on an act that awaits its answer what
    is first read of them: on the day itself in a crisis, else on the next.

    Args:
        state: on the evening of the act, (slots,).
        day: of the act.

    Returns:
        Estimated covariates, (estimated terms,).
    """
    evening, waiting = np.zeros(TERM_COUNT), np.zeros(TERM_COUNT)
    routine_covariates(state, day, evening)
    covariates(state, day if state[_CRISIS] == 1.0 else day + 1, waiting)
    return np.where(IS_FACED, waiting[:ESTIMATED_COUNT], evening[:ESTIMATED_COUNT])


@lean_inlined
def _log_count(count: float, cap: float) -> float:
    """Return the log of 1 and a count, at most *cap*."""
    return min(log(1.0 + count), cap)


@lean_inlined
def _read_always(state: FloatArray, day: int, left: Fades, out: FloatArray) -> None:
    """Write the terms that no situation silences."""
    out[_T_SELF_CONCLUDED] = 1.0 if day - state[_CONCLUDED] <= CONCLUDED_DAYS else 0.0
    acts = left[0] * (state[_OWN_RECENT] + state[_RIVAL_RECENT])
    out[_T_RECENT_ACTS] = _log_count(acts, _RECENT_ACTS_CAP)
    for k in range(_NO_MATTER_WHAT.shape[0]):
        out[_NO_MATTER_WHAT[k, 1]] = state[_NO_MATTER_WHAT[k, 0]]


@lean_inlined
def _term_of_provocation(level: float) -> int:
    """Return the term that says of which kind the gravest unanswered act was."""
    if level >= _WAR:
        return _T_WAR
    if level >= _DENIABLE:
        return _T_FORCE
    return _T_DISPLAY if level >= _DISPLAY else _T_WORDS


@lean
def routine_covariates(state: FloatArray, day: int, out: FloatArray) -> None:
    """Write the covariates as they would be were nothing pending, (terms,)."""
    out[:] = 0.0
    left = fades(state, day)
    _read_always(state, day, left, out)
    _read_routine(state, day, left, out)


@lean_inlined
def _read_crisis(state: FloatArray, day: int, left: Fades, out: FloatArray) -> None:
    """Write the terms of a crisis.

    What states do in a crisis follows other weights than what they do on the days between
    (nearly all answer, and soon), so that the routine terms are silent and a few have a twin.
    """
    out[_T_CRISIS] = 1.0
    kind = _term_of_provocation(state[_PROVOKED_LEVEL])
    out[_T_CRISIS_DISPLAY] = 1.0 if kind == _T_DISPLAY else 0.0
    out[_T_CRISIS_FORCE] = 1.0 if kind in (_T_FORCE, _T_WAR) else 0.0
    out[_T_PARTLY] = 1.0 if state[_ANSWERED] == 1.0 else 0.0
    for k in range(_IN_CRISIS.shape[0]):
        out[_IN_CRISIS[k, 1]] = state[_IN_CRISIS[k, 0]]
    out[_T_CRISIS_OWN_RECENT] = _log_count(left[0] * state[_OWN_RECENT], _COUNT_CAPS[0])
    out[_T_CRISIS_GROUP] = state[_GROUP]
    out[_T_CRISIS_OTHERS] = log(1.0 + state[_OTHERS])
    hazard = hazard_bin(state, day)
    if hazard < _T_CRISIS_DAYS.shape[0]:
        out[_T_CRISIS_DAYS[hazard]] = 1.0


@lean_inlined
def _read_heated(state: FloatArray, day: int, left: Fades, out: FloatArray) -> None:
    """Write the terms of heated days but for those of the provocation.

    Weights that say who takes up arms out of the blue do not say who goes on: on most days
    nothing is pending, and those days would dictate them.
    """
    _month, quarter, year, long = left
    for k in range(_IN_HEAT.shape[0]):
        out[_IN_HEAT[k, 1]] = state[_IN_HEAT[k, 0]]
    for side in range(2):
        out[_T_HEATED_OWN_YEAR + side] = year * state[_OWN_YEAR + side]
        out[_T_HEATED_OWN_FORCE + side] = quarter * state[_OWN_FORCE + side]
    out[_T_RIVAL_LONG] = long * state[_RIVAL_LONG]
    out[_T_HEAT_FOUGHT] = year * state[_FOUGHT]
    _take_logs(out[_T_HEATED_OWN_YEAR : _T_HEATED_OWN_YEAR + _HEATED_CAPS.shape[0]], _HEATED_CAPS)
    own_force, own = long * state[_OWN_FORCE_LONG], long * state[_OWN_LONG]
    out[_T_SHARE] = (own_force + 0.25) / (own + 0.5) - 0.5
    out[_T_HEATED_THREAT] = 1.0 if day - state[_THREAT] <= THREAT_DAYS else 0.0


@lean_inlined
def _take_logs(counts: FloatArray, caps: FloatArray) -> None:
    """Turn counts into the log of 1 and the count, at most *caps*, in place."""
    for k in range(counts.shape[0]):
        counts[k] = _log_count(counts[k], caps[k])


@lean_inlined
def _read_routine(state: FloatArray, day: int, left: Fades, out: FloatArray) -> None:
    """Write the terms of days on which nothing is pending."""
    month, quarter, year, _long = left
    for side in range(2):
        out[_T_OWN_RECENT + side] = month * state[_OWN_RECENT + side]
        out[_T_OWN_RECENT + 2 + side] = year * state[_OWN_YEAR + side]
        out[_T_OWN_RECENT + 4 + side] = quarter * state[_OWN_FORCE + side]
    _take_logs(out[_T_OWN_RECENT : _T_OWN_RECENT + _COUNT_CAPS.shape[0]], _COUNT_CAPS)
    out[_T_RECIPROCITY] = min(out[_T_OWN_RECENT + 2], out[_T_OWN_RECENT + 3])
    hot = min(out[_T_OWN_RECENT + 4], out[_T_OWN_RECENT + 5]) >= EXCHANGE_COUNT
    out[_T_EXCHANGE] = 1.0 if hot else 0.0
    out[_T_HARM] = log(1.0 + harm_on(state, day))
    out[_T_THREAT] = 1.0 if day - state[_THREAT] <= THREAT_DAYS else 0.0
    for k in range(_IN_ROUTINE.shape[0]):
        out[_IN_ROUTINE[k, 1]] = state[_IN_ROUTINE[k, 0]]
    out[_T_BOTH] = state[_NUCLEAR_SELF] * state[_NUCLEAR_RIVAL]
    out[_T_OVERSTRETCH] = log(1.0 + state[_OVERSTRETCH])


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
