"""Gathering decision points from history: each act received, and what its target did next.

The state of each pair is kept as in the fit and in a simulated future: by `receive` and `commit`,
with words and acts in the order in which they were coded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from offramp.choice.covariates import IS_FACED, faced, routine_covariates
from offramp.choice.decision_points import (
    ACT,
    COLUMNS,
    HORIZON_DAYS,
    NEVER,
    TRIGGER,
    DecisionPoints,
)
from offramp.choice.dyad import commit, empty_state, receive
from offramp.choice.pair import BATTLE, CLASH, STATES, Pair, set_context, strongest
from offramp.choice.pairing import ICB_TRIGGER_LEVEL, History, acts_by_pair, known_pair
from offramp.choice.records import trigger_covariates
from offramp.choice.terms import ESTIMATED_COUNT, TERM_COUNT
from offramp.history.library import version_of
from offramp.history.locating import STATE_DATASETS, Shelf
from offramp.ladder import ICB_MAJOR_RESPONSE, LEVEL_COUNT, Level

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SILENT_RESPONSE = 1
"""ICB's code of a major response that was none."""


class _Row(NamedTuple):
    """One decision point, as the columns of `DecisionPoints`."""

    x: FloatArray
    actor: int
    rival: int
    day: int
    level: int
    kind: int
    lags: IntArray
    known: int


@dataclass
class _Walk:
    """A pair of states while it is walked through.

    Attributes:
        pair: what is known of it.
        states: of both sides, (2, slots).
        met: room for counting states.
    """

    pair: Pair
    states: FloatArray
    met: IntArray

    def read(self, side: int, day: int) -> FloatArray:
        """Return what a side faces on the evening of a day on which the other acted."""
        set_context(self.pair, self.met, side, day, self.states[side])
        return faced(self.states[side], day)


def gather_points(history: History, until: int, provenance: dict[str, Any]) -> DecisionPoints:
    """Return the decision points up to day *until* (an ordinal), by day.

    Acts after *until* are unknown to it, as outcomes too.
    """
    acts = history.acts[history.acts["day"] <= until]
    known = int(acts["day"].max())
    by_pair, force = acts_by_pair(acts)
    rows = [
        row
        for pair, own in by_pair.items()
        for row in _after_acts(pair, own, history, force, known)
    ]
    rows += _after_triggers(history, until)
    rows.sort(key=lambda row: (row.day, row.actor, row.rival, row.kind))
    columns: dict[str, Any] = {
        name: np.array([getattr(row, name) for row in rows]) for name in COLUMNS
    }
    return DecisionPoints(**columns, provenance=provenance)


def _after_triggers(history: History, until: int) -> Iterator[_Row]:
    """Yield the decision points of ICB's triggers with a day, and a day of response if any."""
    triggers = trigger_covariates(history)
    names = ["actor", "opponent", "trigger_day", "trigger_type", "response_type", "lag_days"]
    cases = history.cases[names].to_numpy(np.float64, na_value=np.nan)
    for before, first, (actor, opponent, day, trigger, response, lag) in zip(
        triggers.before, triggers.x[:, 0], cases, strict=True
    ):
        silent = response == SILENT_RESPONSE
        ended = day if silent else day + lag
        if np.isnan(trigger) or not ended <= until:  # also where a day is missing
            continue
        lags = np.full(LEVEL_COUNT, NEVER)
        if not silent and lag <= HORIZON_DAYS:
            lags[min(ICB_MAJOR_RESPONSE[int(response)])] = int(lag)
        level = ICB_TRIGGER_LEVEL[int(trigger)]
        routine = np.zeros(TERM_COUNT)
        routine_covariates(before, int(day), routine)
        x = np.where(IS_FACED, first, routine[:ESTIMATED_COUNT])
        yield _Row(x, int(actor), int(opponent), int(day), int(level), TRIGGER, lags, until)


def _after_acts(
    pair: tuple[int, int],
    acts: pd.DataFrame,
    history: History,
    force: dict[int, IntArray],
    known: int,
) -> Iterator[_Row]:
    """Yield the decision points of a pair's acts, in the order of its days."""
    whole = known_pair(pair, acts, None, history, force, known)
    events = whole.events
    walk = _Walk(
        whole, np.stack([empty_state(), empty_state()]), np.zeros(STATES + 1, dtype=np.int64)
    )
    for day in np.unique(events[:, 1]).tolist():
        for side, x, level, evening in _day(walk, events[events[:, 1] == day], day):
            lags = _lags(events, side, day, same_day=evening)
            yield _Row(x, pair[side], pair[1 - side], day, level, ACT, lags, known)


def _day(walk: _Walk, events: IntArray, day: int) -> Iterator[tuple[int, FloatArray, int, bool]]:
    """Walk through a day; yield who received an act.

    Yields:
        Side, covariates, level of the act, and whether the side acted itself later that day.

    Of two that acted on one day, the one coded later is taken to have answered.
    """
    acts = [strongest(events, 0, len(events), side) for side in (0, 1)]
    acted = [act[3] >= 0 for act in acts]
    evening = -1
    if all(acted):
        evening = 0 if acts[0][3] > acts[1][3] else 1
    for side in sorted((0, 1), key=lambda side: side == evening):
        if acted[side]:
            _, level, killed, _ = acts[side]
            other = 1 - side
            commit(walk.states[side], day, level)
            receive(walk.states[other], day, level, killed, False, False, 0.0, False)
            directed = events[events[:, 0] == side]
            if len(directed):
                x = walk.read(other, day)
                yield other, x, int(directed[:, 3].max()), other == evening
    for kind in events[events[:, 0] >= CLASH, 0]:
        level = int(Level.WAR if kind >= BATTLE else Level.LIMITED)
        for state in walk.states:
            receive(state, day, level, 0.0, False, False, 0.0, False)
        for state in walk.states:
            commit(state, day, level)


def _lags(events: IntArray, side: int, day: int, *, same_day: bool) -> IntArray:
    """Return the days to a side's first directed act at each lowest level, (9,)."""
    lags = np.full(LEVEL_COUNT, NEVER)
    first = day if same_day else day + 1
    chosen = (events[:, 0] == side) & (events[:, 1] >= first)
    chosen &= events[:, 1] <= day + HORIZON_DAYS
    for _, when, _, level, *_ in events[chosen][::-1].tolist():
        lags[level] = when - day
    return lags


def gather_from(datasets: Shelf) -> DecisionPoints:
    """Return the decision points of all that the datasets hold.

    Raises:
        DatasetError: a file is missing or not as published.
    """
    used = ("mie", "icb", "icb-dyads", *STATE_DATASETS)
    files = {name: datasets.file(name) for name in used}
    provenance = {
        "datasets": [" ".join(filter(None, (name, version_of(files[name].name)))) for name in used],
        "sha256": {
            name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()
        },
    }
    return gather_points(History.read(datasets), date.max.toordinal(), provenance)
