"""The peace scale: how near to peace or to severe rivalry two states were in a year.

Source: Paul F. Diehl, Gary Goertz and Yahve Gallegos, "Peace Data: Concept, Measurement, Patterns,
and Research Agenda", Conflict Management and Peace Science 38, 2021; version 3.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from offramp.history.sources import Column, DatasetError, read_table

COLUMNS = (
    Column("dyad", minimum=2003, maximum=999_999),
    Column("year", minimum=1800),
    Column(
        "scale",
        "number",
        published=("peace_scale", "peacescale", "scale"),
        required=False,
        minimum=0,
        maximum=1,
    ),
)


def read_peace_scale(path: Path) -> pd.DataFrame:
    """Return the scale by pair of states and year.

    Args:
        path: the publisher's dyad-years, with a header or, as published, without one: pair
            (1000 times one Correlates of War number plus the other; the lower comes first save for
            one pair), year, scale.

    Returns:
        ``first, second`` (Correlates of War numbers, first < second), ``year``, ``scale`` (0
        severe rivalry, 0.25 lesser rivalry, 0.5 negative peace, 0.75 warm peace, 1 security
        community; between them where the year was split; NaN where not coded).

        In the published version one pair runs on to the year 20202. Rows after the last year that
        is coded for more than one pair are left out; ``attrs`` counts them as ``rows_runaway``.

    Raises:
        DatasetError: the file is not as published.
    """
    table = read_table(path, COLUMNS, names_if_headless=("dyad", "year", "peace_scale"))
    pair = np.sort(np.column_stack([table["dyad"] // 1000, table["dyad"] % 1000]), axis=1)
    wrong = (pair[:, 0] == pair[:, 1]) | (pair[:, 0] < 2)
    if wrong.any():
        raise DatasetError(path, "two states", line=int(table.index[wrong][0]), column="dyad")
    pairs_by_year = table.groupby("year")["dyad"].nunique()
    last = pairs_by_year.index[pairs_by_year > 1].max()
    kept = ~(table["year"] > last)
    table.insert(0, "first", pair[:, 0])
    table.insert(1, "second", pair[:, 1])
    result: pd.DataFrame = table.loc[kept, ["first", "second", "year", "scale"]]
    result = result.reset_index(drop=True)
    result.attrs["file"] = table.attrs["file"]
    result.attrs["rows_runaway"] = int((~kept).sum())
    return result
