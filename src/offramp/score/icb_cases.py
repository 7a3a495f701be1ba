"""The cases of the ICB backtests: what an actor in a crisis knew at its trigger, and what it did.

Only columns that the trigger itself shows enter: its type, who acted, the day, who is threatened.
Everything that International Crisis Behavior codes with hindsight stays out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from offramp.choice.dyad import PENDING_DAYS
from offramp.choice.pairing import History
from offramp.choice.records import WORDS_AT_MOST, trigger_covariates
from offramp.score.cases import Cases

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

RESPONSES = (
    "none or words",
    "political or economic",
    "non-violent military",
    "violent",
)
"""Classes of the major response: ICB's codes 1–2, 3–5, 6–7 and 8–9."""
WORDS, PRESSURE, DISPLAY, VIOLENT = range(4)
_LAST_CODES = (WORDS_AT_MOST, 5, 7)
INDIRECT, DIRECT = 8, 9
"""Trigger types that are violent."""
TABLE_BY_TYPE, TABLE_BY_GROUP = "trigger type", "trigger group"
KNOWN_AT_TRIGGER = "known at the trigger"
_TRIGGER_TYPES = 9


@dataclass(frozen=True)
class ResponseCases:
    """Actors in crises at their triggers, N of them.

    Attributes:
        cases: as the scores want them; the event is a violent response.
        actor: Correlates of War numbers, (N,).
        x: covariates by run of days after the trigger, as long as nothing is done,
            (N, runs, estimated terms).
        lag: days from trigger to a response above words, at most `PENDING_DAYS`; else
            `PENDING_DAYS` + 1; −1 where a day is missing, (N,).
    """

    cases: Cases
    actor: IntArray
    x: FloatArray
    lag: IntArray

    def __len__(self) -> int:
        return len(self.actor)

    def where(self, keep: npt.NDArray[np.bool_] | IntArray) -> ResponseCases:
        """Return the cases that *keep* selects, a mask or places."""
        return ResponseCases(self.cases.where(keep), self.actor[keep], self.x[keep], self.lag[keep])


def response_cases(history: History) -> ResponseCases:
    """Return every actor in a crisis as a case, in ICB's order.

    A case is asked on the first day that its trigger may have been. What it did is known on the
    last day that its response may have been; that it did nothing above words, once the trigger is
    no longer pending.
    """
    table = history.cases
    code = table["response_type"].to_numpy(np.int64)
    outcome = np.searchsorted(_LAST_CODES, code)
    end_of_pending = table["trigger_latest"].to_numpy(np.int64) + PENDING_DAYS
    answered = table["response_latest"].fillna(0).to_numpy(np.int64)
    types = table["trigger_type"].to_numpy(np.int64)
    x = trigger_covariates(history).x
    cases = Cases(
        classes=RESPONSES,
        event=VIOLENT,
        day=table["trigger_earliest"].to_numpy(np.int64),
        known=np.where((outcome == WORDS) | (answered == 0), end_of_pending, answered),
        outcome=outcome,
        cluster=table["crisno"].to_numpy(np.int64),
        groups={TABLE_BY_TYPE: types, TABLE_BY_GROUP: trigger_group(types)},
        covariates={KNOWN_AT_TRIGGER: _columns(x, types)},
    )
    return ResponseCases(cases, table["actor"].to_numpy(np.int64), x, _lags(table, outcome))


def trigger_group(types: IntArray) -> IntArray:
    """Return 2 for a direct violent trigger, 1 for an indirect violent one, 0 for any other."""
    return np.where(types == DIRECT, 2, np.where(types == INDIRECT, 1, 0)).astype(np.int64)


def _lags(table: pd.DataFrame, outcome: IntArray) -> IntArray:
    lag = table["lag_days"].fillna(-1).to_numpy(np.int64)
    late = (lag > PENDING_DAYS) | (outcome == WORDS)
    return np.where(late, PENDING_DAYS + 1, lag).astype(np.int64)


def _columns(x: FloatArray, types: IntArray) -> FloatArray:
    """What a classifier gets: the model's own covariates on the trigger's day, and its type."""
    first = x[:, 0]
    varying = first[:, np.ptp(first, axis=0) > 0.0]
    return np.column_stack([varying, types[:, None] == np.arange(1, _TRIGGER_TYPES + 1)])


@dataclass(frozen=True)
class OutcomeCases:
    """Crises at their first trigger, N of them.

    Attributes:
        cases: as the scores want them.
        first: place, among the `ResponseCases`, of the actor that was triggered first, (N,).
        rival: its opponent's Correlates of War number, (N,).
        rival_x: what that opponent would face had the first actor answered by force on the day of
            its trigger, (N, runs, estimated terms).
    """

    cases: Cases
    first: IntArray
    rival: IntArray
    rival_x: FloatArray


OUTCOMES = ("less than serious clashes", "serious clashes", "full-scale war")
SERIOUS, WAR = 3, 4
"""ICB's codes of the severity of violence in a crisis."""


def outcome_cases(history: History, outcomes: pd.DataFrame) -> OutcomeCases:
    """Return every crisis as a case, by number.

    Args:
        history: what is known.
        outcomes: from `read_icb_outcomes` on an ``icb1`` file: how the crises ended.
    """
    table = history.cases.reset_index(drop=True)
    order = table.sort_values(["crisno", "trigger_earliest", "crisis_actor"], kind="stable")
    firsts = order.drop_duplicates("crisno")
    ends = outcomes.dropna(subset=["severity"]).set_index("crisno")
    firsts = firsts[firsts["crisno"].isin(ends.index)]
    ends = ends.loc[firsts["crisno"]]
    severity = ends["severity"].to_numpy(np.int64)
    day = firsts["trigger_earliest"].to_numpy(np.int64)
    types = firsts["trigger_type"].to_numpy(np.int64)
    cases = Cases(
        classes=OUTCOMES,
        event=2,
        day=day,
        known=np.maximum(ends["end_latest"].fillna(0).to_numpy(np.int64), day + PENDING_DAYS),
        outcome=np.clip(severity - SERIOUS + 1, 0, 2),
        cluster=firsts["crisno"].to_numpy(np.int64),
        groups={TABLE_BY_TYPE: types, TABLE_BY_GROUP: trigger_group(types)},
        covariates={},
    )
    mirrored = firsts.assign(
        actor=firsts["opponent"],
        opponent=firsts["actor"],
        trigger_type=DIRECT,
        trigger_entity=firsts["actor"],
    )
    rival_x = trigger_covariates(replace(history, cases=mirrored)).x
    return OutcomeCases(
        cases,
        firsts.index.to_numpy(np.int64),
        firsts["opponent"].to_numpy(np.int64),
        rival_x,
    )
