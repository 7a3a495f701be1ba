"""Correlates of War, Inter-State Wars: who fought whom in which year, and who began.

Source: Meredith Reid Sarkees and Frank Whelon Wayman, Resort to War, 2010; version 4, in the
directed dyad-years that the R package ``peacesciencer`` exports.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from offramp.history.sources import Column, read_table

FLAG = frozenset({0, 1})

COLUMNS = (
    Column("war", published=("warnum",), minimum=1),
    Column("actor", published=("ccode1",), minimum=2, maximum=999),
    Column("target", published=("ccode2",), minimum=2, maximum=999),
    Column("year", minimum=1815, maximum=2100),
    Column("onset", published=("cowinteronset",), allowed=FLAG),
    Column("initiator", published=("initiator1",), allowed=FLAG),
    Column("outcome", published=("outcome1",), required=False, minimum=1, maximum=8),
    Column("dead", published=("batdeath1",), minimum=0, missing=frozenset({-9})),
)


def read_wars(path: Path) -> pd.DataFrame:
    """Return the wars, one row for each ordered pair of states on opposite sides and year.

    Args:
        path: the directed dyad-years, plain or gzip.

    Returns:
        ``war`` (the publisher's number), ``actor, target`` (Correlates of War numbers), ``year``,
        ``onset`` (1 in the first year), ``initiator`` (1 where the actor's side began it). With
        hindsight: ``outcome`` (1–8, of the actor) and ``dead`` (its battle dead in the whole war).

    Raises:
        DatasetError: the file is not as published.
    """
    return read_table(path, COLUMNS).reset_index(drop=True)
