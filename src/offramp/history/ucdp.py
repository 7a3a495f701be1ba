"""Uppsala Conflict Data Program (UCDP): lethal events, conflicts by year, countries by year.

Sources: Ralph Sundberg and Erik Melander, "Introducing the UCDP Georeferenced Event Dataset",
Journal of Peace Research 50, 2013 (GED); Nils Petter Gleditsch et al., "Armed Conflict 1946–2001",
same journal 39, 2002, and Shawn Davies et al., same journal 61, 2024 (UCDP/PRIO Armed Conflict);
Davies et al. 2025 (organized violence by country and year). CC BY 4.0.

The publisher numbers states as Gleditsch and Ward do; the readers give Correlates of War numbers.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from offramp.history.mie import MAJOR_DEATHS
from offramp.history.numbering import correlates_of_war
from offramp.history.sources import Column, DatasetError, read_table
from offramp.ladder import Level

STATE_BASED, NON_STATE, ONE_SIDED = 1, 2, 3
"""Types of violence: a state takes part; armed groups among each other; against civilians."""

EXACT_DAY = 1
"""The date precision at which ``date_start`` is the day of the event; 2 stands for up to six days,
3 for a week, 4 for a month and 5 for longer."""

DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
"""A date; the full release writes a time of day, always midnight."""


def _count(name: str) -> Column:
    return Column(name, minimum=0)


EVENT_COLUMNS = (
    Column("event", published=("id",), minimum=1),
    Column("violence", published=("type_of_violence",), allowed=frozenset({1, 2, 3})),
    Column("conflict", published=("conflict_new_id",), minimum=1),
    Column("dyad", published=("dyad_new_id",), minimum=1),
    Column("dyad_name", "text"),
    Column("side_a_id", published=("side_a_new_id",), minimum=1),
    Column("side_a", "text"),
    Column("side_b_id", published=("side_b_new_id",), minimum=1),
    Column("side_b", "text"),
    Column("state_a", "text", published=("gwnoa",), required=False, absent=True),
    Column("state_b", "text", published=("gwnob",), required=False, absent=True),
    Column("country", published=("country_id",), minimum=1),
    Column("clarity", published=("event_clarity",), allowed=frozenset({1, 2})),
    Column("date_precision", published=("date_prec",), minimum=1, maximum=5),
    Column("starts", "text", published=("date_start",)),
    Column("ends", "text", published=("date_end",)),
    *(_count(name) for name in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")),
    *(_count(name) for name in ("low", "best", "high")),
)

CONFLICT_COLUMNS = (
    Column("conflict", published=("conflict_id",), minimum=1),
    Column("location", "text"),
    Column("side_a", "text"),
    Column("side_b", "text"),
    Column("states_a", "text", published=("gwno_a",), required=False),
    Column("states_b", "text", published=("gwno_b",), required=False),
    Column("seconds_a", "text", published=("gwno_a_2nd",), required=False),
    Column("seconds_b", "text", published=("gwno_b_2nd",), required=False),
    Column("year", minimum=1946, maximum=2100),
    Column("intensity", published=("intensity_level",), allowed=frozenset({1, 2})),
    Column("type", published=("type_of_conflict",), minimum=1, maximum=4),
    Column("incompatibility", minimum=1, maximum=3),
    Column("began", "date", published=("start_date2",)),
    Column("began_precision", published=("start_prec2",), minimum=1, maximum=7),
    Column("ended", "date", published=("ep_end_date",), required=False),
)

DEATHS = ("state_based", "intrastate", "interstate", "non_state", "one_sided")
_PUBLISHED_DEATHS = (
    "sb_total_deaths_best_cy",
    "sb_intrastate_deaths_best_cy",
    "sb_interstate_deaths_best_cy",
    "ns_total_deaths_best_cy",
    "os_total_deaths_best_cy",
)
COUNTRY_COLUMNS = (
    Column("country", published=("country_id_cy", "country_id"), minimum=2, maximum=999),
    Column("name", "text", published=("country_cy", "country")),
    Column("year", published=("year_cy", "year"), minimum=1946, maximum=2100),
    *(
        Column(name, published=(published, published.removesuffix("_cy")), minimum=0)
        for name, published in zip(DEATHS, _PUBLISHED_DEATHS, strict=True)
    ),
)


def read_ged(path: Path) -> pd.DataFrame:
    """Return GED's events, one row each, in the file's order. They have no first mover.

    Args:
        path: ``GEDEvent_v*.csv`` as published, or a part of it with the same columns.

    Returns:
        ``event, violence`` (1 state-based, 2 non-state, 3 one-sided), ``conflict, dyad,
        dyad_name, side_a_id, side_a, side_b_id, side_b`` (UCDP's actors), ``state_a, state_b``
        (Correlates of War numbers, ``Int64``, missing where the side is no one state or the file
        does not say), ``country`` (where it happened), ``clarity`` (1 told event by event, 2 in
        sum), ``date_precision``, ``first_day, last_day`` (ordinals: it happened between these),
        ``day`` (``Int64``: the day where precision says that it is exact), ``deaths_a, deaths_b,
        deaths_civilians, deaths_unknown, low, best, high``, ``level_low, level_high`` (the event is
        at a `Level` of this closed range; missing for one-sided violence).

        ``attrs`` holds ``file``, ``days_unknown`` (events without an exact day) and
        ``estimates_disordered`` (events where not low ≤ best ≤ high; kept as published).

    Raises:
        DatasetError: the file is not as published, or an event ends before it starts.
    """
    table = read_table(path, EVENT_COLUMNS)
    for name, column, published in (
        ("first_day", "starts", "date_start"),
        ("last_day", "ends", "date_end"),
    ):
        table[name] = _days(path, table.pop(column), published)
    backwards = table["last_day"] < table["first_day"]
    if backwards.any():
        line = int(table.index[backwards][0])
        raise DatasetError(path, "an end on or after the start", line=line, column="date_end")
    years = table["first_day"].map(lambda day: date.fromordinal(day).year)
    for side in ("state_a", "state_b"):
        table[side] = correlates_of_war(_one_state(path, table[side], f"gwno{side[-1]}"), years)
    exact = (table["date_precision"] == EXACT_DAY) & (table["first_day"] == table["last_day"])
    table["day"] = table["first_day"].astype("Int64").where(exact)
    fight = table["violence"] != ONE_SIDED
    large = table["best"] > MAJOR_DEATHS
    low = pd.Series(np.where(large, int(Level.MAJOR), int(Level.LIMITED)), index=table.index)
    table["level_low"] = low.astype("Int64").where(fight)
    table["level_high"] = pd.Series(int(Level.MAJOR), table.index, dtype="Int64").where(fight)
    disordered = (table["low"] > table["best"]) | (table["best"] > table["high"])
    table.attrs["days_unknown"] = int((~exact).sum())
    table.attrs["estimates_disordered"] = int(disordered.sum())
    return table.reset_index(drop=True)


def read_conflict_years(path: Path) -> pd.DataFrame:
    """Return the UCDP/PRIO conflicts, one row for each active year.

    Args:
        path: ``UcdpPrioConflict_v*.csv``.

    Returns:
        ``conflict, location, side_a, side_b`` (names), ``states_a, states_b, seconds_a,
        seconds_b`` (tuples of Correlates of War numbers: the sides and who joined them with
        troops; empty where a side is no state), ``year``, ``intensity`` (1 from 25, 2 from 1,000
        battle dead), ``type`` (1 extrasystemic, 2 interstate, 3 intrastate, 4 internationalized),
        ``incompatibility`` (1 territory, 2 government, 3 both), ``began`` (ordinal, of this
        episode), ``began_precision`` (1 exact), ``ended`` (ordinal, missing where it went on).

    Raises:
        DatasetError: the file is not as published.
    """
    table = read_table(path, CONFLICT_COLUMNS)
    published = {"states_a": "gwno_a", "states_b": "gwno_b"}
    published |= {"seconds_a": "gwno_a_2nd", "seconds_b": "gwno_b_2nd"}
    for column, name in published.items():
        lists = _several_states(path, table[column], name)
        long = pd.Series(lists, index=table.index).explode().astype("Int64")
        long = correlates_of_war(long, table["year"].loc[long.index].set_axis(long.index))
        states: dict[int, list[int]] = {}
        for line, code in long.items():
            states.setdefault(int(str(line)), []).extend([] if pd.isna(code) else [int(code)])
        table[column] = pd.Series({line: tuple(codes) for line, codes in states.items()})
    return table.reset_index(drop=True)


def read_country_years(path: Path) -> pd.DataFrame:
    """Return deaths in organized violence by country and year.

    Args:
        path: ``organizedviolencecy_v*.csv``.

    Returns:
        ``state`` (Correlates of War number), ``name, year``, and best estimates of the dead:
        ``state_based`` (of them ``intrastate, interstate``), ``non_state, one_sided``.

    Raises:
        DatasetError: the file is not as published.
    """
    table = read_table(path, COUNTRY_COLUMNS)
    table.insert(0, "state", correlates_of_war(table.pop("country"), table["year"]))
    return table.reset_index(drop=True)


def _days(path: Path, texts: pd.Series, column: str) -> pd.Series:
    """Return the ordinals of dates with or without a time of day."""
    days = []
    for line, text in texts.items():
        found = DAY.fullmatch(text)
        try:
            days.append(date.fromisoformat(found[1] if found else "").toordinal())
        except ValueError as error:
            raise DatasetError(
                path,
                "a date such as 2016-01-31, with or without midnight",
                line=int(str(line)),
                column=column,
                found=text,
            ) from error
    return pd.Series(days, index=texts.index, dtype="int64")


def _several_states(path: Path, texts: pd.Series, column: str) -> list[list[int]]:
    """Return the state numbers of each row, written with commas or semicolons."""
    out = []
    for line, text in texts.fillna("").items():
        parts = [part.strip().removesuffix(".0") for part in re.split(r"[,;]", text)]
        try:
            out.append([int(part) for part in parts if part])
        except ValueError as error:
            raise DatasetError(
                path, "state numbers", line=int(str(line)), column=column, found=text
            ) from error
    return out


def _one_state(path: Path, texts: pd.Series, column: str) -> pd.Series:
    """Return the number of each row that names one state, else missing."""
    codes = _several_states(path, texts, column)
    one = [row[0] if len(row) == 1 and row[0] > 0 else None for row in codes]
    return pd.Series(one, index=texts.index, dtype="Int64")
