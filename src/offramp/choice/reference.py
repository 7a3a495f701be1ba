"""Reference classes: how often states did what, within how many days, after what.

Two families, both counted in history without a model: what states did after an act of a rival
(MIE), and what actors in a crisis did after its trigger (ICB).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from offramp.ladder import Level

if TYPE_CHECKING:  # only counting needs pandas, and looking a rate up does not
    import pandas as pd

FloatArray = npt.NDArray[np.float64]

HORIZONS = (7, 14, 30, 60, 90, 180)
AFTER_ACTS = ("words", "display", "force")
AFTER_TRIGGERS = ("non-violent trigger", "indirect violent trigger", "direct violent trigger")
ACT_LEVELS = (Level.VERBAL, Level.DISPLAY, Level.LIMITED)
RESPONSE_LEVELS = (Level.PRESSURE, Level.DISPLAY, Level.LIMITED)
FROM_DAY = date(1946, 1, 1).toordinal()
INDIRECT_TRIGGER, DIRECT_TRIGGER = 8, 9


@dataclass(frozen=True)
class BaseRate:
    """A base rate and the class behind it.

    Attributes:
        rate: share of cases, 0 to 1.
        cases: how many there are.
        reference_class: in words.
    """

    rate: float
    cases: int
    reference_class: str


def act_kind(level: int) -> str:
    """Return the kind of act a level is, as the reference classes name it."""
    if level >= Level.DENIABLE:
        return "force"
    return "display" if level == Level.DISPLAY else "words"


def base_rate(table: dict[str, Any], after: str, level: int, days: int) -> BaseRate | None:
    """Look up how often *level* or more followed *after* within *days*.

    Args:
        table: `Figures.base_rates`.
        after: one of `AFTER_ACTS` or `AFTER_TRIGGERS`.
        level: lowest level that counts.
        days: horizon; rates between tabled horizons are interpolated.

    Returns:
        The base rate, or None where the data do not tell levels so high apart (war), or where
        the horizon lies beyond the table.
    """
    entry = table.get(after)
    if entry is None or level > Level.LIMITED or days > HORIZONS[-1]:
        return None
    levels = RESPONSE_LEVELS if after in AFTER_TRIGGERS else ACT_LEVELS
    # The deniable are not seen; they and what is overt count as force.
    name = next(one for one in levels if one >= min(level, Level.LIMITED)).label
    rate = float(np.interp(days, (0, *HORIZONS), (0.0, *entry["rates"][name])))
    what = "after a" if after in AFTER_TRIGGERS else "after a rival's act:"
    source = "ICB actors" if after in AFTER_TRIGGERS else "pairs of states in MIE"
    return BaseRate(rate, entry["cases"], f"{source} {what} {after}; {name} or more")


def count_base_rates(acts: pd.DataFrame, cases: pd.DataFrame, until: int) -> dict[str, Any]:
    """Count the table of base rates in what had ended by day *until*.

    An act of the same day does not count as an answer: which came first is not coded.

    Args:
        acts: from `read_mie`, with exact days.
        cases: from `read_icb_actors`.
        until: ordinal; a case counts only if its longest horizon had passed.
    """
    out: dict[str, Any] = {}
    directed = acts[acts["directed"] & (acts["day"] >= FROM_DAY) & (acts["day"] <= until)]
    daily = (
        directed.groupby(["actor", "target", "day"])["level_low"]
        .max()
        .reset_index()
        .astype("int64")
    )
    answers: dict[tuple[int, int], npt.NDArray[np.int64]] = {}
    for _, group in daily.groupby(["actor", "target"]):
        who = (int(group["actor"].iloc[0]), int(group["target"].iloc[0]))
        answers[who] = group[["day", "level_low"]].to_numpy(np.int64)
    usable = daily[daily["day"] <= until - HORIZONS[-1]]
    kinds = usable["level_low"].map(act_kind)
    for kind in AFTER_ACTS:
        rows = usable[kinds == kind]
        hits = np.zeros((len(ACT_LEVELS), len(HORIZONS)))
        for actor, target, day in zip(rows["actor"], rows["target"], rows["day"], strict=True):
            back = answers.get((target, actor))
            if back is not None:
                hits += _answered(back, day)
        out[kind] = _entry(hits / len(rows), ACT_LEVELS, len(rows))
    return out | _after_triggers(cases, until)


def _answered(back: npt.NDArray[np.int64], day: int) -> FloatArray:
    lag = back[:, 0] - day
    hits = np.zeros((len(ACT_LEVELS), len(HORIZONS)))
    for row, level in enumerate(ACT_LEVELS):
        days = lag[(lag >= 1) & (back[:, 1] >= level)]
        hits[row] = [bool((days <= horizon).any()) for horizon in HORIZONS]
    return hits


def _after_triggers(cases: pd.DataFrame, until: int) -> dict[str, Any]:
    dated = cases[cases["lag_days"].notna() | (cases["response_type"] == 1)]
    dated = dated[dated["trigger_day"].fillna(until + 1) <= until - HORIZONS[-1]]
    types = dated["trigger_type"].astype("int64")
    groups = (
        types < INDIRECT_TRIGGER,
        types == INDIRECT_TRIGGER,
        types == DIRECT_TRIGGER,
    )
    out = {}
    for name, chosen in zip(AFTER_TRIGGERS, groups, strict=True):
        rows = dated[chosen]
        lag = rows["lag_days"].fillna(10**6).to_numpy(np.int64)
        level = rows["response_low"].to_numpy(np.int64)
        rates = np.array(
            [
                [((level >= least) & (lag <= horizon)).mean() for horizon in HORIZONS]
                for least in RESPONSE_LEVELS
            ]
        )
        out[name] = _entry(rates, RESPONSE_LEVELS, len(rows))
    return out


def _entry(rates: FloatArray, levels: tuple[Level, ...], cases: int) -> dict[str, Any]:
    return {
        "cases": cases,
        "rates": {
            level.label: [round(float(rate), 4) for rate in row]
            for level, row in zip(levels, rates, strict=True)
        },
    }
