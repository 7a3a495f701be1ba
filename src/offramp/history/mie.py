"""Militarized Interstate Events (MIE): every threat, display and use of force, 1816–2014.

Source: Douglas M. Gibler and Steven V. Miller, "The Militarized Interstate Events (MIE)
Dataset, 1816–2014", Journal of Conflict Resolution, 2023; file ``mie-1.0.csv``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from offramp.history.sources import Column, ordinal_days, read_table
from offramp.ladder import MIE_ACTION, Level

CLASH = 17
BATTLE = 22
UNDIRECTED = frozenset({CLASH, BATTLE})
"""Actions that name two sides and no first mover."""

ATTACK = 16
MAJOR_DEATHS = 25
"""An attack or clash that killed more than this is at `Level.MAJOR`, never `Level.LIMITED`."""

UNKNOWN = frozenset({-9, -99})
"""What MIE writes for a day or a number of dead that is not known."""

COLUMNS = (
    Column("micnum", minimum=1),
    Column("eventnum", minimum=0),
    Column("actor", published=("ccode1",), minimum=2, maximum=999),
    Column("target", published=("ccode2",), minimum=2, maximum=999),
    Column("year", published=("styear",), minimum=1815, maximum=2100),
    Column("month", published=("stmon",), minimum=1, maximum=12, missing=UNKNOWN),
    Column("start_day", published=("stday",), minimum=1, maximum=31, missing=UNKNOWN),
    Column("end_year", published=("endyear",), minimum=1815, maximum=2100, missing=UNKNOWN),
    Column("end_month", published=("endmon",), minimum=1, maximum=12, missing=UNKNOWN),
    Column("end_date", published=("endday",), minimum=1, maximum=31, missing=UNKNOWN),
    Column("action", allowed=frozenset(MIE_ACTION)),
    Column("hostlev", minimum=1, maximum=5),
    Column("lost_low", published=("fatalmin1",), minimum=0, missing=UNKNOWN),
    Column("lost_high", published=("fatalmax1",), minimum=0, missing=UNKNOWN),
    Column("killed_low", published=("fatalmin2",), minimum=0, missing=UNKNOWN),
    Column("killed_high", published=("fatalmax2",), minimum=0, missing=UNKNOWN),
)

ORDER = [
    "micnum",
    "eventnum",
    "actor",
    "target",
    "day",
    "end_day",
    "year",
    "month",
    "action",
    "directed",
    "level_low",
    "level_high",
    "hostlev",
    "killed_low",
    "killed_high",
    "lost_low",
    "lost_high",
]


def read_mie(path: Path) -> pd.DataFrame:
    """Return MIE's actions, one row each, in the file's order.

    The publisher's numbered columns belong to the states of the same number: ``fatalmin1`` counts
    the dead of ``ccode1``, who acts, and ``fatalmin2`` those of ``ccode2``, at whom it acts.

    Args:
        path: ``mie-1.0.csv``, plain or gzip.

    Returns:
        ``micnum, eventnum`` (the confrontation and the event in it), ``actor, target`` (Correlates
        of War state codes), ``day, end_day`` (proleptic ordinals, ``Int64``, missing where the
        publisher gives no day or one that does not exist), ``year``, ``month`` (``Int64``),
        ``action`` (1–22), ``directed`` (False for clashes and war battles, which have no first
        mover), ``level_low, level_high`` (the act is at a `Level` of this closed range),
        ``hostlev`` (2 threat to 5 war), ``killed_low, killed_high`` (dead of the target's side) and
        ``lost_low, lost_high`` (dead of the actor's side), all ``Int64``, missing where unknown.

        ``attrs`` holds ``file``, ``days_unknown`` and ``days_impossible`` (counts of start days).

    Raises:
        DatasetError: the file is not as published.
    """
    table = read_table(path, COLUMNS)
    day, impossible = ordinal_days(table["year"], table["month"], table["start_day"])
    end_day, _ = ordinal_days(table["end_year"], table["end_month"], table["end_date"])
    table["day"] = day
    table["end_day"] = end_day.mask((end_day < day).fillna(False).astype(bool))
    table["directed"] = ~table["action"].isin(UNDIRECTED)
    table["level_low"], table["level_high"] = _levels(table)
    attributes = {
        "file": table.attrs["file"],
        "days_unknown": int(day.isna().sum() - impossible.sum()),
        "days_impossible": int(impossible.sum()),
    }
    result = table[ORDER].reset_index(drop=True)
    result.attrs.update(attributes)
    return result


def _levels(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the lowest and highest level that each action may be at."""
    low = table["action"].map({action: int(min(levels)) for action, levels in MIE_ACTION.items()})
    high = table["action"].map({action: int(max(levels)) for action, levels in MIE_ACTION.items()})
    killed = table["killed_low"].fillna(0).to_numpy(dtype=np.int64)
    lost = table["lost_low"].fillna(0).to_numpy(dtype=np.int64)
    # A clash has no target: the dead of both sides are what it did.
    done = np.where(table["directed"], killed, killed + lost)
    large = table["action"].isin((ATTACK, CLASH)) & (done > MAJOR_DEATHS)
    return (
        low.mask(large, int(Level.MAJOR)).astype("int64"),
        high.mask(large, int(Level.MAJOR)).astype("int64"),
    )
