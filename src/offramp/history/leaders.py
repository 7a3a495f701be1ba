"""Archigos: who led which state from when to when, and how each came and went.

Source: Henk E. Goemans, Kristian Skrede Gleditsch and Giacomo Chiozza, "Introducing Archigos: A
Dataset of Political Leaders", Journal of Peace Research 46, 2009; version 4.1.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from offramp.history.numbering import correlates_of_war
from offramp.history.sources import Column, DatasetError, read_table

COLUMNS = (
    Column("spell", "text", published=("obsid",)),
    Column("state", published=("gwcode", "ccode", "idacr"), minimum=2, maximum=999),
    Column("leader", "text"),
    Column("born", published=("yrborn",), required=False, minimum=1700, maximum=2100),
    Column("start_day", "date", published=("startdate",)),
    Column("end_day", "date", published=("enddate",)),
    Column("entry", "text", required=False),
    Column("exit", "text", required=False),
)

STILL = "still in office"


def read_leaders(path: Path) -> pd.DataFrame:
    """Return the spells of leaders in office, one row each.

    Args:
        path: Archigos as comma-separated values, plain or gzip.

    Returns:
        ``spell`` (the publisher's id), ``state`` (Correlates of War number), ``leader, born``
        (year, missing where unknown), ``start_day, end_day`` (ordinals, both in office), ``entry``
        (Regular, Irregular, Foreign Imposition, Unknown), ``exit`` (how it ended: hindsight), and
        ``in_office`` (the spell had not ended when the data did).

    Raises:
        DatasetError: the file is not as published, or a spell ends before it starts.
    """
    table = read_table(path, COLUMNS)
    backwards = table["end_day"] < table["start_day"]
    if backwards.any():
        line = int(table.index[backwards][0])
        raise DatasetError(path, "an end on or after the start", line=line, column="enddate")
    years = table["start_day"].map(lambda day: date.fromordinal(day).year)
    table["state"] = correlates_of_war(table["state"], years)
    ends = table["exit"].str.lower().eq(STILL)
    table["in_office"] = ends.fillna(False).astype(bool)
    return table.reset_index(drop=True)
