"""One pair of states, retraced through its events: the rows that the choice model reads."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from offramp.choice.covariates import (
    PENDING_DAYS,
    Slot,
    commit,
    covariates,
    hazard_bin,
    next_review,
    receive,
)
from offramp.choice.terms import TERM_COUNT
from offramp.ladder import Level

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FIRST_ON_SECOND, SECOND_ON_FIRST, CLASH, BATTLE = 0, 1, 2, 3
WAR_STARTED_BY_FIRST, WAR_STARTED_BY_SECOND = 4, 5
"""Kinds of event; clashes and battles have no known first mover, unless a war's initiator."""

AT_RISK_DAYS = 3652
"""A pair is watched for ten years after its last event."""
WAR_LASTS_DAYS = 30
"""War is taken to go on for so long after its last battle; within it nothing is recorded."""
EXCHANGE_DAYS = 30
DAYS_A_YEAR = 365.2425

_POWER, _LAST_STATIC = int(Slot.POWER), int(Slot.CONFRONTATIONS)
_OVERSTRETCH, _ANSWERED = int(Slot.OVERSTRETCH), int(Slot.ANSWERED)
_GROUP, _OTHERS = int(Slot.CRISIS_GROUP), int(Slot.CRISIS_OTHERS)
_PROVOKED_DAY, _PROVOKED_LEVEL = int(Slot.PROVOKED_DAY), int(Slot.PROVOKED_LEVEL)
_LIMITED, _WAR = int(Level.LIMITED), int(Level.WAR)


class Retraced(NamedTuple):
    """Rows of one pair; R rows; `side` is 0 where the first state chooses.

    Attributes:
        x: covariates, (R, terms).
        hazard_bin: (R,).
        days: days of silence, 0 where the row is an act, (R,).
        outcome: bit mask of levels, (R,).
        side: (R,).
        day: first day, (R,).
        dataset: 0 MIE, 1 ICB, (R,).
    """

    x: FloatArray
    hazard_bin: IntArray
    days: FloatArray
    outcome: IntArray
    side: IntArray
    day: IntArray
    dataset: IntArray


@njit(cache=True)
def _grown(rows: Retraced, needed: int) -> Retraced:
    size = rows.days.shape[0]
    if needed <= size:
        return rows
    bigger = max(2 * size, needed)
    x = np.zeros((bigger, TERM_COUNT))
    x[:size] = rows.x
    days = np.zeros(bigger)
    days[:size] = rows.days
    integers = np.zeros((5, bigger), np.int64)
    integers[0, :size] = rows.hazard_bin
    integers[1, :size] = rows.outcome
    integers[2, :size] = rows.side
    integers[3, :size] = rows.day
    integers[4, :size] = rows.dataset
    return Retraced(x, integers[0], days, integers[1], integers[2], integers[3], integers[4])


@njit(cache=True)
def _opponents_in_force(force: IntArray, day: int, rival: int) -> int:
    """Count other states with whom force was exchanged in the days before *day*."""
    last = np.searchsorted(force[:, 0], day)
    count = 0
    k = last - 1
    while k >= 0 and force[k, 0] >= day - EXCHANGE_DAYS:
        fresh = force[k, 1] != rival
        for earlier in range(k + 1, last):
            if force[earlier, 1] == force[k, 1]:
                fresh = False
        if fresh:
            count += 1
        k -= 1
    return count


@njit(cache=True)
def _set_static(
    state: FloatArray, static: FloatArray, first_year: int, day: int, opponents: int
) -> None:
    year = int((day - 1) / DAYS_A_YEAR) + 1
    row = min(max(year - first_year, 0), static.shape[0] - 1)
    state[_POWER : _LAST_STATIC + 1] = static[row, _POWER : _LAST_STATIC + 1]
    state[_OVERSTRETCH] = opponents


@njit(cache=True)
def _write(
    rows: Retraced,
    place: int,
    state_x: FloatArray,
    hazard: int,
    days: float,
    outcome: int,
    side: int,
    day: int,
    dataset: int,
) -> int:
    rows.x[place] = state_x
    rows.hazard_bin[place] = hazard
    rows.days[place] = days
    rows.outcome[place] = outcome
    rows.side[place] = side
    rows.day[place] = day
    rows.dataset[place] = dataset
    return place + 1


@njit(cache=True)
def _trigger_rows(
    rows: Retraced, place: int, state: FloatArray, query: IntArray, x: FloatArray
) -> int:
    """Write what an ICB actor did from its trigger to its major response."""
    day, side, level, indirect = query[0], query[1], query[2], query[3]
    lag, answer, silence = query[4], query[5], query[6]
    state[_ANSWERED] = 2.0  # the trigger is what the actor faces, whatever was pending before
    state[_GROUP], state[_OTHERS] = query[7], query[8]
    receive(state, day, level, 0.0, indirect == 1, True, 0.0, False)
    elapsed = 0
    while elapsed <= lag:
        # Days since the trigger 0 is the evening of the trigger itself.
        covariates(state, day + elapsed, x)
        bin_now = hazard_bin(state, day + elapsed)
        until = min(next_review(state, day + elapsed) - day, lag if answer else lag + 1)
        if until > elapsed:
            place = _write(
                rows, place, x, bin_now, until - elapsed, silence, side, day + elapsed, 1
            )
            elapsed = until
        elif answer:
            return _write(rows, place, x, bin_now, 0.0, answer, side, day + elapsed, 1)
        else:
            return place
    return place


@njit(cache=True)
def retrace(
    events: IntArray,
    queries: IntArray,
    static: FloatArray,
    first_year: int,
    force_first: IntArray,
    force_second: IntArray,
    first: int,
    second: int,
    empty: FloatArray,
    silence: int,
    until: int,
) -> Retraced:
    """Return the rows of a pair of states up to day *until*.

    Args:
        events: kind, day, mask of levels, lowest level, killed, last day; by day, (n, 6).
        queries: ICB triggers: day, side, level, indirect, lag, mask, silence, by a group, others
            in the crisis before; by day, (m, 9).
        static: yearly slots of both sides, (2, years, slots).
        first_year: year of the first row of *static*.
        force_first: day and opponent of the first state's exchanges of force, (k, 2).
        force_second: of the second's.
        first: number of the first state.
        second: of the second.
        empty: a state without a past, (slots,).
        silence: bit mask of what a day without an event may be.
        until: last day.
    """
    integers = np.zeros((5, 64), np.int64)
    rows = Retraced(
        np.zeros((64, TERM_COUNT)),
        integers[0],
        np.zeros(64),
        integers[1],
        integers[2],
        integers[3],
        integers[4],
    )
    place = 0
    states = np.empty((2, empty.shape[0]))
    states[0], states[1] = empty, empty
    numbers = np.array([first, second])
    x = np.zeros((2, TERM_COUNT))
    room = np.zeros(TERM_COUNT)
    bins = np.zeros(2, np.int64)
    review = np.zeros(2, np.int64)
    settled = np.zeros(2, np.int64)
    watched = False  # from the first event on
    war_until = -1
    last_event = -1
    event = query = 0
    while True:
        next_event = events[event, 1] if event < events.shape[0] else until + 1
        next_query = queries[query, 0] if query < queries.shape[0] else until + 1
        day = min(next_event, next_query)
        stop = min(day, until + 1)
        # Silence up to the next thing that happens, read anew where it is due.
        if watched:
            end_of_risk = min(stop, last_event + AT_RISK_DAYS)
            for side in range(2):
                while settled[side] < end_of_risk:
                    start = max(settled[side], war_until + 1)
                    if start >= end_of_risk:
                        settled[side] = end_of_risk
                        break
                    if start >= review[side] or start > settled[side]:
                        opponents = _opponents_in_force(
                            force_first if side == 0 else force_second, start, numbers[1 - side]
                        )
                        _set_static(states[side], static[side], first_year, start, opponents)
                        covariates(states[side], start, x[side])
                        bins[side] = hazard_bin(states[side], start)
                        review[side] = next_review(states[side], start)
                    finish = min(review[side], end_of_risk)
                    rows = _grown(rows, place + 8)
                    place = _write(
                        rows, place, x[side], bins[side], finish - start, silence, side, start, 0
                    )
                    settled[side] = finish
        if day > until:
            break
        while query < queries.shape[0] and queries[query, 0] == day:
            side = queries[query, 1]
            rows = _grown(rows, place + 24)
            trial = states[side].copy()
            opponents = _opponents_in_force(
                force_first if side == 0 else force_second, day, numbers[1 - side]
            )
            _set_static(trial, static[side], first_year, day, opponents)
            place = _trigger_rows(rows, place, trial, queries[query], room)
            query += 1
        if next_event > day:
            continue
        for side in range(2):
            if watched and day >= review[side]:  # the day's choices are made on what it shows
                opponents = _opponents_in_force(
                    force_first if side == 0 else force_second, day, numbers[1 - side]
                )
                _set_static(states[side], static[side], first_year, day, opponents)
                covariates(states[side], day, x[side])
                bins[side] = hazard_bin(states[side], day)
        finish_event = event
        while finish_event < events.shape[0] and events[finish_event, 1] == day:
            finish_event += 1
        rows = _grown(rows, place + 8)
        place, war_until = _day_rows(
            events[event:finish_event],
            day,
            states,
            x,
            bins,
            watched and day < last_event + AT_RISK_DAYS,
            war_until,
            static,
            first_year,
            force_first,
            force_second,
            numbers,
            silence,
            rows,
            place,
            room,
        )
        event = finish_event
        watched = True
        last_event = day
        settled[:] = day + 1
        review[:] = day + 1
    return Retraced(
        rows.x[:place],
        rows.hazard_bin[:place],
        rows.days[:place],
        rows.outcome[:place],
        rows.side[:place],
        rows.day[:place],
        rows.dataset[:place],
    )


@njit(cache=True)
def _strongest(events: IntArray, side: int) -> tuple[int, int, int, int]:
    """Return mask, level, killed and order of a side's gravest act of a day; order -1: none."""
    mask = level = killed = 0
    order = -1
    for k in range(events.shape[0]):
        if events[k, 0] == side or events[k, 0] == WAR_STARTED_BY_FIRST + side:
            if order < 0:
                order = k
            killed += events[k, 4]
            if events[k, 3] > level:
                mask, level = events[k, 2], events[k, 3]
    return mask, level, killed, order


@njit(cache=True)
def _day_rows(
    events: IntArray,
    day: int,
    states: FloatArray,
    x: FloatArray,
    bins: IntArray,
    watched: bool,
    war_until: int,
    static: FloatArray,
    first_year: int,
    force_first: IntArray,
    force_second: IntArray,
    numbers: IntArray,
    silence: int,
    rows: Retraced,
    place: int,
    room: FloatArray,
) -> tuple[int, int]:
    """Write a day on which something happened: morning, what it did, evening."""
    at_war = day <= war_until
    acts = [_strongest(events, 0), _strongest(events, 1)]
    recorded = watched and not at_war
    # Of two that acted on one day, the one coded later is taken to have answered.
    evening = -1
    if acts[0][3] >= 0 and acts[1][3] >= 0:
        evening = 0 if acts[0][3] > acts[1][3] else 1
    for side in range(2):
        if side == evening or not recorded:
            continue
        if acts[side][3] >= 0:
            place = _write(rows, place, x[side], bins[side], 0.0, acts[side][0], side, day, 0)
        else:
            place = _write(rows, place, x[side], bins[side], 1.0, silence, side, day, 0)
    if evening >= 0 and recorded:
        place = _write(rows, place, x[evening], bins[evening], 1.0, silence, evening, day, 0)
    for side in range(2):
        if acts[side][3] >= 0 and side != evening:
            commit(states[side], day, acts[side][1])
            receive(states[1 - side], day, acts[side][1], acts[side][2], False, False, 0.0, False)
    for side in range(2):
        provoked = states[side][_PROVOKED_DAY] == day and states[side][_PROVOKED_LEVEL] > 0.0
        morning_act = acts[side][3] >= 0 and side != evening
        if not provoked or morning_act or not recorded:
            continue
        opponents = _opponents_in_force(
            force_first if side == 0 else force_second, day, numbers[1 - side]
        )
        _set_static(states[side], static[side], first_year, day, opponents)
        covariates(states[side], day, room)
        answer = side == evening
        place = _write(
            rows,
            place,
            room,
            hazard_bin(states[side], day),
            0.0 if answer else 1.0,
            acts[side][0] if answer else silence,
            side,
            day,
            0,
        )
    if evening >= 0:
        commit(states[evening], day, acts[evening][1])
        receive(
            states[1 - evening], day, acts[evening][1], acts[evening][2], False, False, 0.0, False
        )
    return place, _without_first_mover(events, day, states, war_until)


@njit(cache=True)
def _without_first_mover(events: IntArray, day: int, states: FloatArray, war_until: int) -> int:
    """Let clashes and battles work on both sides; return the last day of the war, if any."""
    for k in range(events.shape[0]):
        kind = events[k, 0]
        if kind == CLASH or kind >= BATTLE:
            level = _LIMITED if kind == CLASH else _WAR
            for side in range(2):
                receive(states[side], day, level, 0.0, False, False, 0.0, False)
            for side in range(2):
                commit(states[side], day, level)
        if kind >= BATTLE:
            war_until = max(war_until, events[k, 5] + WAR_LASTS_DAYS)
    return war_until


__all__ = [
    "BATTLE",
    "CLASH",
    "FIRST_ON_SECOND",
    "PENDING_DAYS",
    "SECOND_ON_FIRST",
    "WAR_STARTED_BY_FIRST",
    "WAR_STARTED_BY_SECOND",
    "Retraced",
    "retrace",
]
