"""KEDS Levant events: who did what to whom in and around the Levant, by the day, 1979–2011.

Source: Philip A. Schrodt, Kansas Event Data System, Levant data set, events coded by machine from
agency reports in CAMEO (Conflict and Mediation Event Observations, Gerner and Schrodt 2002).
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from offramp.history.sources import Column, DatasetError, read_table
from offramp.ladder import Level

_FORCE = frozenset({Level.LIMITED, Level.MAJOR})

CAMEO: dict[str, frozenset[Level] | None] = {
    "01": None,  # public statement: says nothing of its direction
    "02": None,  # appeal
    "03": frozenset({Level.CONCILIATE}),  # express intent to cooperate
    "04": frozenset({Level.CONCILIATE}),  # consult
    "05": frozenset({Level.CONCILIATE}),  # diplomatic cooperation
    "06": frozenset({Level.CONCILIATE}),  # material cooperation
    "07": frozenset({Level.CONCILIATE}),  # aid
    "08": frozenset({Level.CONCILIATE}),  # yield
    "09": frozenset({Level.VERBAL}),  # investigate
    "10": frozenset({Level.VERBAL}),  # demand
    "11": frozenset({Level.VERBAL}),  # disapprove
    "12": frozenset({Level.VERBAL}),  # reject
    "13": frozenset({Level.VERBAL}),  # threaten
    "14": None,  # protest in the street: not an act of a state
    "15": frozenset({Level.DISPLAY}),  # force posture
    "16": frozenset({Level.PRESSURE}),  # reduce relations
    "17": frozenset({Level.PRESSURE}),  # coerce: arrest, expel, curfew, demolish
    "18": frozenset({Level.DENIABLE, Level.LIMITED}),  # assault: abduct, assassinate, bomb
    "181": frozenset({Level.DENIABLE}),  # abduct
    "185": frozenset({Level.DENIABLE}),  # attempt to assassinate
    "186": frozenset({Level.DENIABLE}),  # assassinate
    "19": _FORCE,  # fight
    "191": frozenset({Level.DISPLAY}),  # blockade, which MIE too counts as a display
    "192": frozenset({Level.MAJOR, Level.WAR}),  # occupy territory
    "193": frozenset({Level.LIMITED}),  # fight with small arms
    "196": frozenset({Level.LIMITED}),  # violate a ceasefire
    "20": frozenset({Level.MAJOR, Level.WAR}),  # unconventional mass violence
}
"""CAMEO codes to the levels that they may be; the longest code that fits counts. None: no level."""

CODE = re.compile(r"(0[1-9]|1[0-9]|20)[0-9]{1,2}")

COLUMNS = (
    Column("day", "date", published=("date",)),
    Column("source", "text"),
    Column("target", "text"),
    Column("code", "text"),
)


def read_levant(path: Path) -> pd.DataFrame:
    """Return the events, one row each, in the file's order.

    Args:
        path: a table with columns ``date`` (ISO), ``source, target`` (CAMEO actors such as
            ``LBNREBHEZ``) and ``code`` (CAMEO, three or four digits with the leading zero).

    Returns:
        ``day`` (ordinal), ``source, target`` (actors as published), ``source_country,
        target_country`` (their first three letters), ``code``, ``level_low, level_high``
        (``Int64``: the act is at a `Level` of this closed range; missing where it is on none).

    Raises:
        DatasetError: the file is not as expected, or has a code that is not CAMEO.
    """
    table = read_table(path, COLUMNS)
    for line, code in table["code"].drop_duplicates().items():
        if not CODE.fullmatch(code):
            raise DatasetError(
                Path(path),
                "a CAMEO code of three or four digits, its root from 01 to 20",
                line=int(str(line)),
                column="code",
                found=code,
            )
    codes = table["code"].unique().tolist()
    for column, bound in (("level_low", min), ("level_high", max)):
        bounds = {code: int(bound(levels)) for code in codes if (levels := levels_of(code))}
        table[column] = table["code"].map(bounds).astype("Int64")
    for side in ("source", "target"):
        table[f"{side}_country"] = table[side].str[:3]
    return table.reset_index(drop=True)


def levels_of(code: str) -> frozenset[Level] | None:
    """Return the levels that an act with a CAMEO code may be at, None if it is on no level."""
    for length in range(len(code), 1, -1):
        if code[:length] in CAMEO:
            return CAMEO[code[:length]]
    return None
