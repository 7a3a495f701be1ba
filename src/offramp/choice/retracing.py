"""One pair of states, retraced through its events: the rows that the choice model reads."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from offramp.choice.covariates import covariates
from offramp.choice.dyad import (
    BIN_STARTS,
    REVIEW_DAYS,
    SLOT_COUNT,
    Slot,
    commit,
    empty_state,
    hazard_bin,
    next_review,
    receive,
)
from offramp.choice.pair import (
    BATTLE,
    CLASH,
    STATES,
    Fact,
    Pair,
    set_context,
    strongest,
)
from offramp.choice.terms import TERM_COUNT
from offramp.compiling import lean
from offramp.ladder import Level

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


AT_RISK_DAYS = 3652
"""A pair is watched for ten years after its last event."""
WAR_LASTS_DAYS = 30
"""War is taken to go on for so long after its last battle; within it nothing is recorded."""


class RowColumn(IntEnum):
    """Columns of the table of rows."""

    HAZARD_BIN = 0
    DAYS = 1  # of silence; 0 where the row is an act
    OUTCOME = 2  # bit mask of levels
    SIDE = 3  # who chooses
    DAY = 4  # the first
    DATASET = 5  # 0 MIE, 1 ICB


_SILENCE, _UNTIL = int(Fact.SILENCE), int(Fact.UNTIL)


class Retraced(NamedTuple):
    """Rows of one pair; R rows.

    Attributes:
        x: covariates, (R, terms).
        table: a column each of :class:`RowColumn`, (R, columns).
        evenings: states of both sides at the end of the days asked for, (A, 2, slots).
        before: of each of the pair's queries, the state of the side that is asked just before its
            trigger, (m, slots).
    """

    x: FloatArray
    table: IntArray
    evenings: FloatArray
    before: FloatArray

    def column(self, column: RowColumn) -> IntArray:
        """Return a column of the table, (R,)."""
        return self.table[:, column]


class _Walk(NamedTuple):
    """Where the walk through a pair's days has come to.

    Attributes:
        states: of the dyad, a row a side, (2, slots).
        x: covariates as last read, a row a side, (2, terms).
        read: hazard bin as last read, day of the next reading, first day not yet written; a row
            a side, (2, 3).
        last: days of the war's end and of the last event, −1 before the first of either; how
            many rows are written, (3,).
        trial: a state that leaves no trace, (slots,).
        room: covariates that are read once, (terms,).
        met: for counting states once, (`STATES` + 1,).
    """

    states: FloatArray
    x: FloatArray
    read: IntArray
    last: IntArray
    trial: FloatArray
    room: FloatArray
    met: IntArray


_BIN, _REVIEW, _SETTLED = 0, 1, 2
_WAR_END, _LAST_EVENT, _PLACE = 0, 1, 2

_ANSWERED = int(Slot.ANSWERED)
_GROUP, _OTHERS = int(Slot.CRISIS_GROUP), int(Slot.CRISIS_OTHERS)
_LIMITED, _WAR = int(Level.LIMITED), int(Level.WAR)
_HAZARD, _DAYS, _OUTCOME = int(RowColumn.HAZARD_BIN), int(RowColumn.DAYS), int(RowColumn.OUTCOME)
_SIDE, _DAY, _DATASET = int(RowColumn.SIDE), int(RowColumn.DAY), int(RowColumn.DATASET)


def retrace(pair: Pair, asked: IntArray | None = None) -> Retraced:
    """Return the rows of a pair of states up to its last day.

    Args:
        pair: what is known of it.
        asked: days with events whose evenings are wanted, ascending, (A,).
    """
    asked = np.zeros(0, np.int64) if asked is None else asked
    most = _most_rows(pair)
    x = np.zeros((most, TERM_COUNT))
    table = np.zeros((most, len(RowColumn)), np.int64)
    evenings = np.zeros((len(asked), 2, SLOT_COUNT))
    before = np.zeros((len(pair.queries), SLOT_COUNT))
    walk = _Walk(
        np.stack([empty_state(), empty_state()]),
        np.zeros((2, TERM_COUNT)),
        np.zeros((2, 3), np.int64),
        np.array([-1, -1, 0]),
        empty_state(),
        np.zeros(TERM_COUNT),
        np.zeros(STATES + 1, np.int64),
    )
    written = _walk_through(pair, walk, x, table, asked, evenings, before)
    return Retraced(x[:written].copy(), table[:written].copy(), evenings, before)


def _most_rows(pair: Pair) -> int:
    """Return a bound on how many rows there are."""
    days = np.unique(pair.events[:, 1])
    gaps = np.diff(np.append(days, pair.facts[_UNTIL] + 1)).clip(0, AT_RISK_DAYS)
    readings = gaps // REVIEW_DAYS + len(BIN_STARTS) + 2
    return int(2 * readings.sum() + 4 * len(days) + 2 * len(BIN_STARTS) * len(pair.queries))


@lean
def _walk_through(
    pair: Pair,
    walk: _Walk,
    x: FloatArray,
    table: IntArray,
    asked: IntArray,
    evenings: FloatArray,
    before: FloatArray,
) -> int:
    """Write all rows, and the states of `Retraced`; return how many rows."""
    event = query = answered = 0
    none = pair.facts[_UNTIL] + 1
    while True:
        next_event = pair.events[event, 1] if event < pair.events.shape[0] else none
        next_query = pair.queries[query, 0] if query < pair.queries.shape[0] else none
        day = min(next_event, next_query)
        if walk.last[_LAST_EVENT] >= 0:
            _quiet_rows(pair, walk, x, table, min(day, none))
        if day >= none:
            return int(walk.last[_PLACE])
        while query < pair.queries.shape[0] and pair.queries[query, 0] == day:
            _trigger_rows(pair, walk, x, table, before, query)
            query += 1
        if next_event > day:
            continue
        first = event
        while event < pair.events.shape[0] and pair.events[event, 1] == day:
            event += 1
        _day_rows(pair, walk, x, table, day, first, event)
        while answered < asked.shape[0] and asked[answered] <= day:
            for side in range(2):
                set_context(pair, walk.met, side, day, walk.states[side])
                for slot in range(walk.states.shape[1]):
                    evenings[answered, side, slot] = walk.states[side, slot]
            answered += 1


@lean
def _read(pair: Pair, walk: _Walk, side: int, day: int) -> None:
    """Read the state of a side anew."""
    set_context(pair, walk.met, side, day, walk.states[side])
    covariates(walk.states[side], day, walk.x[side])
    walk.read[side, _BIN] = hazard_bin(walk.states[side], day)
    walk.read[side, _REVIEW] = next_review(walk.states[side], day)


@lean
def _write(
    walk: _Walk,
    rows: FloatArray,
    table: IntArray,
    x: FloatArray,
    hazard: int,
    days: int,
    outcome: int,
    side: int,
    day: int,
    dataset: int,
) -> None:
    place = walk.last[_PLACE]
    for term in range(TERM_COUNT):
        rows[place, term] = x[term]
    table[place, _HAZARD] = hazard
    table[place, _DAYS] = days
    table[place, _OUTCOME] = outcome
    table[place, _SIDE] = side
    table[place, _DAY] = day
    table[place, _DATASET] = dataset
    walk.last[_PLACE] = place + 1


@lean
def _trigger_rows(
    pair: Pair, walk: _Walk, rows: FloatArray, table: IntArray, before: FloatArray, query: int
) -> None:
    """Write what an ICB actor did from its trigger to its major response."""
    asked = pair.queries[query]
    day, side, lag, answer, silence = asked[0], asked[1], asked[4], asked[5], asked[6]
    state, x = walk.trial, walk.room
    for slot in range(state.shape[0]):
        state[slot] = walk.states[side, slot]
    set_context(pair, walk.met, side, day, state)
    for slot in range(state.shape[0]):
        before[query, slot] = state[slot]
    state[_ANSWERED] = 2.0  # the trigger is what the actor faces, whatever was pending before
    state[_GROUP], state[_OTHERS] = asked[7], asked[8]
    receive(state, day, asked[2], 0.0, asked[3] == 1, True, 0.0, False)
    elapsed = 0
    while elapsed <= lag:
        # Days since the trigger 0 is the evening of the trigger itself.
        now = day + elapsed
        covariates(state, now, x)
        hazard = hazard_bin(state, now)
        until = min(next_review(state, now) - day, lag if answer else lag + 1)
        if until > elapsed:
            _write(walk, rows, table, x, hazard, until - elapsed, silence, side, now, 1)
            elapsed = until
        else:
            if answer:
                _write(walk, rows, table, x, hazard, 0, answer, side, now, 1)
            return


@lean
def _quiet_rows(pair: Pair, walk: _Walk, rows: FloatArray, table: IntArray, stop: int) -> None:
    """Write the silence of both sides up to day *stop*, read anew where it is due."""
    silence = pair.facts[_SILENCE]
    end = min(stop, walk.last[_LAST_EVENT] + AT_RISK_DAYS)
    for side in range(2):
        now = walk.read[side]
        while now[_SETTLED] < end:
            start = max(now[_SETTLED], walk.last[_WAR_END] + 1)
            if start >= end:
                now[_SETTLED] = end
                break
            if start >= now[_REVIEW] or start > now[_SETTLED]:
                _read(pair, walk, side, start)
            finish = min(now[_REVIEW], end)
            days = finish - start
            _write(walk, rows, table, walk.x[side], now[_BIN], days, silence, side, start, 0)
            now[_SETTLED] = finish


@lean
def _day_rows(
    pair: Pair, walk: _Walk, rows: FloatArray, table: IntArray, day: int, first: int, last: int
) -> None:
    """Write a day on which something happened, and let it work.

    Of two that acted on one day, the one coded later is taken to have answered at once. Nothing
    is recorded of answers within the day, given or not: which was the answer is a guess.
    """
    watched = walk.last[_LAST_EVENT] >= 0 and day < walk.last[_LAST_EVENT] + AT_RISK_DAYS
    recorded = watched and day > walk.last[_WAR_END]
    later = _later(pair.events, first, last)
    for order in range(3):  # what is recorded, what the earlier did, what the later did
        for side in range(2):
            mask, level, killed, place = strongest(pair.events, first, last, side)
            if order == 0:
                if recorded:
                    _morning_row(pair, walk, rows, table, day, mask if side != later else 0, side)
            elif place >= 0 and (side == later) == (order == 2):
                commit(walk.states[side], day, level)
                receive(walk.states[1 - side], day, level, killed, False, False, 0.0, False)
    _let_both_act(pair.events, first, last, day, walk)
    walk.last[_LAST_EVENT] = day
    for side in range(2):
        walk.read[side, _SETTLED] = walk.read[side, _REVIEW] = day + 1


@lean
def _later(events: IntArray, first: int, last: int) -> int:
    """Return which of two sides that both acted on a day was coded later; −1 if not both did."""
    places = strongest(events, first, last, 0)[3], strongest(events, first, last, 1)[3]
    if places[0] < 0 or places[1] < 0:
        return -1
    return 0 if places[0] > places[1] else 1


@lean
def _morning_row(
    pair: Pair, walk: _Walk, rows: FloatArray, table: IntArray, day: int, mask: int, side: int
) -> None:
    """Write what a side did (*mask*; 0 for nothing) on what it knew the day before."""
    if day >= walk.read[side, _REVIEW]:
        _read(pair, walk, side, day)
    outcome = mask if mask else pair.facts[_SILENCE]
    days = 0 if mask else 1
    _write(walk, rows, table, walk.x[side], walk.read[side, _BIN], days, outcome, side, day, 0)


@lean
def _let_both_act(events: IntArray, first: int, last: int, day: int, walk: _Walk) -> None:
    """Let clashes and battles, which have no first mover, work on both sides."""
    for k in range(first, last):
        kind = events[k, 0]
        if kind != CLASH and kind < BATTLE:
            continue
        level = _LIMITED if kind == CLASH else _WAR
        for half in range(4):  # both receive, then both have acted
            if half < 2:
                receive(walk.states[half], day, level, 0.0, False, False, 0.0, False)
            else:
                commit(walk.states[half - 2], day, level)
        if kind >= BATTLE:
            walk.last[_WAR_END] = max(walk.last[_WAR_END], events[k, 5] + WAR_LASTS_DAYS)
