"""Correlates of War, Militarized Interstate Disputes (MID): disputes, incidents, participants.

Source: Glenn Palmer, Roseanne W. McManus, Vito D'Orazio, Michael R. Kenwick, Mikaela Karstens,
Chase Bloch, Nick Dietrich, Kayla Kahn, Kellan Ritter and Michael J. Soules, "The MID5 Dataset,
2011–2014: Procedures, Coding Rules, and Description", Conflict Management and Peace Science 39,
2022; version 5: ``MIDA`` (a row per dispute), ``MIDI`` (a row per incident, from 1992 on) and
``MIDIP`` (a row per participant in an incident).
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from offramp.history.sources import Column, ordinal_days, read_table
from offramp.ladder import MIE_ACTION

NO_ACTION = 0
"""A participant that did nothing itself: it was the target."""

UNKNOWN = frozenset({-9})

FATALITY_FLOOR = (0, 1, 26, 101, 251, 501, 1000)
"""Least number of battle dead in each of the publisher's categories 0 to 6."""

ACTIONS = frozenset(MIE_ACTION) | {NO_ACTION}
"""MID and MIE share their list of actions; a dispute or incident may lack one."""


def _span_columns() -> tuple[Column, ...]:
    return tuple(
        Column(
            f"{name}_{part}",
            published=(f"{short}{stem}",),
            minimum=low,
            maximum=high,
            missing=UNKNOWN,
        )
        for name, short in (("start", "st"), ("end", "end"))
        for part, stem, low, high in (
            ("year", "year", 1815, 2100),
            ("month", "mon", 1, 12),
            ("date", "day", 1, 31),
        )
    )


DISPUTE = Column("dispute", published=("dispnum", "dispnum3", "dispnum4"), minimum=1)
INCIDENT = Column("incident", published=("incidnum", "incidnum3", "incidnum4"), minimum=1)
HOSTILITY = Column("hostlev", minimum=1, maximum=5, missing=UNKNOWN)
DEAD = (
    Column("fatality", minimum=0, maximum=6, missing=UNKNOWN),
    Column("dead", published=("fatalpre",), minimum=0, missing=UNKNOWN),
)


def _action(published: str) -> Column:
    return Column("action", published=(published,), allowed=ACTIONS, missing=UNKNOWN)


DISPUTE_COLUMNS = (
    DISPUTE,
    *_span_columns(),
    _action("hiact"),
    HOSTILITY,
    *DEAD,
    Column("outcome", minimum=1, maximum=9, missing=UNKNOWN),
    Column("settlement", published=("settle",), minimum=1, maximum=4, missing=UNKNOWN),
    Column("reciprocated", published=("recip",), allowed=frozenset({0, 1})),
)

INCIDENT_COLUMNS = (DISPUTE, INCIDENT, *_span_columns(), _action("action"), HOSTILITY, *DEAD)

PARTICIPANT_COLUMNS = (
    DISPUTE,
    INCIDENT,
    Column("state", published=("ccode",), minimum=2, maximum=999),
    *_span_columns(),
    Column("initiator", published=("insidea",), allowed=frozenset({0, 1})),
    Column("side_a", published=("sidea",), allowed=frozenset({0, 1})),
    _action("action"),
    HOSTILITY,
    *DEAD,
)


def read_mid_disputes(path: Path) -> pd.DataFrame:
    """Return the disputes, one row each.

    How a dispute ended is coded with hindsight: ``outcome, settlement, reciprocated`` are for
    scoring and counting, not for covariates.

    Args:
        path: ``MIDA 5.0.csv``.

    Returns:
        ``dispute``, ``start_day, end_day`` (ordinals, missing where the publisher writes −9),
        ``start_year, start_month, end_year, end_month``, ``action`` (the highest, 0–22),
        ``level_low, level_high`` (it is at a `Level` of this closed range; missing for action 0),
        ``hostlev`` (1–5), ``fatality`` (category 0–6), ``dead`` (where known), ``dead_low`` (the
        number if known, else the category's least), ``outcome, settlement, reciprocated``.
        ``attrs`` holds ``file``, ``days_unknown`` and ``days_impossible``, of start days.

    Raises:
        DatasetError: the file is not as published.
    """
    return _read(path, DISPUTE_COLUMNS)


def read_mid_incidents(path: Path) -> pd.DataFrame:
    """Return the incidents, one row each; as `read_mid_disputes`, with ``incident``.

    Args:
        path: ``MIDI 5.0.csv``.

    Raises:
        DatasetError: the file is not as published.
    """
    return _read(path, INCIDENT_COLUMNS)


def read_mid_participants(path: Path) -> pd.DataFrame:
    """Return the states in each incident, one row each.

    Args:
        path: ``MIDIP 5.0.csv``.

    Returns:
        As `read_mid_incidents`, with ``state`` (Correlates of War number), ``initiator`` (it was
        on the side that acted in the incident) and ``side_a`` (it was on the side that acted first
        in the dispute). The dead are the state's own.

    Raises:
        DatasetError: the file is not as published.
    """
    return _read(path, PARTICIPANT_COLUMNS)


def directed_acts(participants: pd.DataFrame) -> pd.DataFrame:
    """Return what each state on the acting side of an incident did to each on the other.

    Args:
        participants: from `read_mid_participants`.

    Returns:
        ``dispute, incident, actor, target, day`` (ordinal, missing where unknown), ``end_day,
        action, level_low, level_high, hostlev, killed_low`` (the target's dead). Participants that
        did nothing themselves are no actors.
    """
    acting = participants[(participants["initiator"] == 1) & participants["level_low"].notna()]
    other = participants[participants["initiator"] == 0]
    paired = acting.merge(
        other[["incident", "state", "dead_low"]], on="incident", suffixes=("", "_of_target")
    )
    named = paired.rename(
        columns={
            "state": "actor",
            "state_of_target": "target",
            "start_day": "day",
            "dead_low_of_target": "killed_low",
        }
    )
    order = ["dispute", "incident", "actor", "target", "day", "end_day", "action"]
    return named[[*order, "level_low", "level_high", "hostlev", "killed_low"]]


def _read(path: Path, columns: tuple[Column, ...]) -> pd.DataFrame:
    table = read_table(path, columns)
    unknown = 0
    for name in ("start", "end"):
        year, month = table[f"{name}_year"], table[f"{name}_month"]
        days, impossible = ordinal_days(year, month, table.pop(f"{name}_date"))
        table.insert(1, f"{name}_day", days)
        if name == "start":
            unknown = int(days.isna().sum() - impossible.sum())
            table.attrs["days_impossible"] = int(impossible.sum())
    for column, bound in (("level_low", min), ("level_high", max)):
        levels = {action: int(bound(found)) for action, found in MIE_ACTION.items()}
        table[column] = table["action"].map(levels).astype("Int64")
    floors = table["fatality"].map(dict(enumerate(FATALITY_FLOOR))).astype("Int64")
    table["dead_low"] = table["dead"].fillna(floors)
    table.attrs["days_unknown"] = unknown
    return table.reset_index(drop=True)
