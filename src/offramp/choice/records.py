"""Decision records: what each state faced from whom, and what it did, when, or did not do.

A record is a run of days on which a directed dyad's covariates, as the choice model reads
them, did not change and nothing was done, or one day on which something was. The state is
kept by the same functions that keep it in a crisis and in a simulated future.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from offramp.choice.dyad import NONE_PENDING, PENDING_DAYS, SLOT_COUNT
from offramp.choice.pairing import History, acts_by_pair, grouped_by_pair, in_pairs, known_pair
from offramp.choice.retracing import Retraced, RowColumn, retrace
from offramp.choice.terms import ESTIMATED_COUNT

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MIE, ICB = 0, 1
"""Datasets a record comes from."""
RECORDED_FROM = date(1946, 1, 1).toordinal()
"""MIE's acts before set the state of a pair and are no records: out of time the years of the world
wars and between make forecasts of what came after worse, on every split."""
WORDS_AT_MOST = 2
"""Highest code of a major response that is none or words."""
TRIGGER_SEGMENTS = 8
"""Runs of days after a trigger within which the covariates and the hazard do not change."""


@dataclass(frozen=True)
class DecisionRecords:
    """Rows for the likelihood; R rows.

    Attributes:
        x: estimated covariates, (R, estimated terms).
        hazard_bin: (R,).
        days: days on which nothing was done; 0 where the row is an act, (R,).
        outcome: bit mask of the levels the act may be at, or what silence may be, (R,).
        actor: Correlates of War number of who chooses, (R,).
        rival: of whom it faces, 0 where that is not a state, (R,).
        day: ordinal of the row's first day, (R,).
        dataset: `MIE` or `ICB`, (R,).
    """

    x: FloatArray
    hazard_bin: IntArray
    days: FloatArray
    outcome: IntArray
    actor: IntArray
    rival: IntArray
    day: IntArray
    dataset: IntArray

    def __len__(self) -> int:
        return len(self.days)

    def where(self, keep: npt.NDArray[np.bool_]) -> DecisionRecords:
        """Return the rows for which *keep* is true."""
        return DecisionRecords(*(getattr(self, name)[keep] for name in self.__annotations__))


def thinned(records: DecisionRecords, keep_one_in: int) -> DecisionRecords:
    """Return the records with only one in so many quiet spells, which then counts so much more.

    A quiet spell is a run of silence with nothing pending; there are many and each says little.
    Which ones are kept does not depend on chance.
    """
    quiet = (records.days > 0) & (records.hazard_bin == NONE_PENDING)
    order = np.cumsum(quiet) % keep_one_in
    kept = records.where(~quiet | (order == 0))
    weight = np.where((kept.days > 0) & (kept.hazard_bin == NONE_PENDING), keep_one_in, 1.0)
    return replace(kept, days=kept.days * weight)


def decision_records(history: History, until: int) -> DecisionRecords:
    """Return the records of all pairs of states, of what ended by day *until* (ordinal).

    Acts after *until* are unknown to it, and silences are cut there.
    """
    by_pair, force = acts_by_pair(history.acts[history.acts["day"] <= until])
    cases_by_pair = grouped_by_pair(_usable_cases(history.cases, until))
    parts = []
    for pair in sorted(set(by_pair) | set(cases_by_pair)):
        known = known_pair(pair, by_pair.get(pair), cases_by_pair.get(pair), history, force, until)
        parts.append(_records_of(pair, retrace(known)))
    names = DecisionRecords.__annotations__
    return DecisionRecords(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in names)
    )


def _usable_cases(cases: pd.DataFrame, until: int) -> pd.DataFrame:
    """Cases with a day of trigger, and a day of response if it was above words, by *until*.

    A response after the days that a provocation is pending is silence throughout them.
    """
    cases = cases.assign(others=_others_before(cases))
    words = cases["response_type"] <= WORDS_AT_MOST
    known = cases["trigger_day"].notna() & (cases["lag_days"].notna() | words)
    silent = words | (cases["lag_days"].fillna(0) > PENDING_DAYS)
    lag = cases["lag_days"].mask(silent, PENDING_DAYS)
    ended = cases["trigger_day"].fillna(0) + lag.fillna(0) <= until
    cases = cases.assign(lag_days=lag, silent=silent.astype(bool))[known & ended]
    return in_pairs(cases)


def _others_before(cases: pd.DataFrame) -> IntArray:
    """How many other actors each crisis had drawn in before the trigger of each case, (N,)."""
    crisis = cases["crisno"].to_numpy(np.int64)
    earliest = cases["trigger_earliest"].to_numpy(np.int64)
    latest = cases["trigger_latest"].to_numpy(np.int64)
    before = (crisis[:, None] == crisis) & (latest[None, :] < earliest[:, None])
    return np.asarray(before.sum(axis=1), np.int64)


class Triggers(NamedTuple):
    """What ICB's actors face; N cases in the order of `History.cases`.

    Attributes:
        x: covariates by run of days since the trigger (those of `BIN_STARTS` but the last), (N,
            `TRIGGER_SEGMENTS`, estimated terms).
        before: states of the actors facing their opponents just before the trigger, (N, slots).
    """

    x: FloatArray
    before: FloatArray


def trigger_covariates(history: History) -> Triggers:
    """Return what each ICB actor faces after its trigger as long as it does not respond.

    Only acts before the trigger's first possible day and the trigger itself enter. What others do
    in the days after it does not: no more is known at the trigger, and in the fit the days after a
    trigger are read in the same way.
    """
    cases = history.cases.reset_index(drop=True)
    cases = cases.assign(
        others=_others_before(cases),
        trigger_day=cases["trigger_earliest"],
        lag_days=PENDING_DAYS,
        silent=True,
    )
    cases = in_pairs(cases)
    by_pair, force = acts_by_pair(history.acts)
    out = np.zeros((len(cases), TRIGGER_SEGMENTS, ESTIMATED_COUNT))
    before = np.zeros((len(cases), SLOT_COUNT))
    for pair, group in grouped_by_pair(cases).items():
        last = int(group["trigger_day"].max()) + PENDING_DAYS
        retraced = retrace(known_pair(pair, by_pair.get(pair), group, history, force, last))
        x = retraced.x[retraced.column(RowColumn.DATASET) == ICB, :ESTIMATED_COUNT]
        out[group.index] = x.reshape(len(group), TRIGGER_SEGMENTS, ESTIMATED_COUNT)
        before[group.index] = retraced.before
    return Triggers(out, before)


def _records_of(pair: tuple[int, int], retraced: Retraced) -> DecisionRecords:
    day, dataset = retraced.column(RowColumn.DAY), retraced.column(RowColumn.DATASET)
    side = retraced.column(RowColumn.SIDE)
    numbers = np.array(pair, dtype=np.int64)
    whole = DecisionRecords(
        x=retraced.x[:, :ESTIMATED_COUNT].astype(np.float32),
        hazard_bin=retraced.column(RowColumn.HAZARD_BIN),
        days=retraced.column(RowColumn.DAYS).astype(np.float64),
        outcome=retraced.column(RowColumn.OUTCOME),
        actor=numbers[side],
        rival=numbers[1 - side],
        day=day,
        dataset=dataset,
    )
    return whole.where((dataset == ICB) | (day >= RECORDED_FROM))
