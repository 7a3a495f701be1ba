"""International Crisis Behavior (ICB): crises, their actors, and what each did first.

Source: Michael Brecher, Jonathan Wilkenfeld, Kyle Beardsley, Patrick James and David Quinn,
International Crisis Behavior Data, versions 13 to 16: ``icb1`` (a row per crisis), ``icb2`` (a row
per actor and crisis) and ``icbdy`` (a row per crisis, dyad and year; J. Joseph Hewitt).

Much of ICB is coded with hindsight: gravity, issue, outcome, violence, crisis management, the
powers' activity. None of that leaves `read_icb_actors` or `read_icb_crises`. What happened in the
end comes from `read_icb_outcomes`, for scoring only.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from offramp.history.numbering import LAST_STATE, correlates_of_war, is_state
from offramp.history.sources import Column, read_table
from offramp.ladder import ICB_MAJOR_RESPONSE

PART_OF_MONTH = {66: (1, 10), 77: (11, 20), 88: (21, 31)}
"""ICB's codes for a day known only as early, middle or late in its month."""

DAYS = frozenset({*range(1, 32), *PART_OF_MONTH})

INTERNATIONAL_ORGANISATION = 995
NON_STATE_ENTITY = 996
SEVERAL_STATES = 997
"""Values of the trigger entity that are no one state."""


def _day_columns(name: str, year: str, month: str, day: str) -> tuple[Column, ...]:
    return (
        Column(f"{name}_year", published=(year,), required=False, minimum=1900, maximum=2100),
        Column(f"{name}_month", published=(month,), required=False, minimum=1, maximum=12),
        Column(f"{name}_date", published=(day,), required=False, allowed=DAYS),
    )


def _code(name: str, published: str, values: range) -> Column:
    return Column(name, published=(published,), required=False, allowed=frozenset(values))


ACTOR_COLUMNS = (
    Column("crisno", minimum=1),
    Column("crisis_actor", published=("cracno",), minimum=1),
    Column("actor", published=("cracid",), minimum=2, maximum=LAST_STATE),
    Column("crisis_name", "text", published=("crisname",)),
    _code("trigger_type", "triggr", range(1, 10)),
    Column("trigger_entity", published=("trigent",), required=False, minimum=2, maximum=999),
    Column("threat_entity", published=("southv",), required=False, minimum=2, maximum=999),
    *_day_columns("trigger", "yrtrig", "motrig", "datrig"),
    _code("response_type", "majres", range(1, 10)),
    *_day_columns("response", "yerres", "monres", "dayres"),
    Column("lag_published", published=("trgresra",), required=False, minimum=1),
    _code("regime", "regime", range(1, 6)),
    _code("power_status", "powsta", range(1, 5)),
    _code("nuclear_capability", "nuclear", range(1, 5)),
    _code("protracted", "pc", range(1, 4)),
    _code("intrawar", "iwc", range(1, 11)),
    Column("region", published=("geog",), required=False, minimum=0, maximum=99),
)

CRISIS_COLUMNS = (
    Column("crisno", minimum=1),
    Column("crisis_name", "text", published=("crisname",)),
    _code("trigger_type", "break", range(1, 10)),
    Column("trigger_entity", published=("trigent",), required=False, minimum=2, maximum=999),
    *_day_columns("trigger", "yrtrig", "motrig", "datrig"),
    _code("protracted", "protrac", range(1, 4)),
    Column("region", published=("geog",), required=False, minimum=0, maximum=99),
)

OUTCOME_COLUMNS = (
    Column("crisno", minimum=1),
    Column("crisis_actor", published=("cracno",), required=False, minimum=1, absent=True),
    _code("violence", "viol", range(1, 5)),
    Column(
        "severity",
        published=("sevvio", "sevviosy"),
        required=False,
        allowed=frozenset(range(1, 5)),
    ),
    _code("recurrence", "outesr", range(1, 4)),
    *_day_columns("end", "yrterm", "moterm", "daterm"),
)

DYAD_COLUMNS = (
    Column("crisno", minimum=1),
    Column("year", minimum=1900, maximum=2100),
    Column("state_a", published=("statea",), minimum=2, maximum=LAST_STATE),
    Column("state_b", published=("stateb",), minimum=2, maximum=LAST_STATE),
    *_day_columns("trigger", "trgyrdy", "trgmody", "trgdady"),
)


ACTOR_ORDER = (
    "crisno",
    "crisis_actor",
    "crisis_name",
    "actor",
    "trigger_type",
    "trigger_entity",
    "threat_entity",
    "trigger_year",
    "trigger_day",
    "trigger_earliest",
    "trigger_latest",
    "response_type",
    "response_low",
    "response_high",
    "response_day",
    "response_earliest",
    "response_latest",
    "lag_days",
    "lag_published",
    "regime",
    "power_status",
    "nuclear_capability",
    "protracted",
    "intrawar",
    "region",
)
"""The columns that a forecaster may see, and the response."""


def read_icb_actors(path: Path) -> pd.DataFrame:
    """Return what each actor in a crisis faced and did first, one row per trigger of an actor.

    Only what was known at the trigger, and the response itself, is given.

    Args:
        path: ``icb2v13.csv`` to ``icb2v16.csv``.

    Returns:
        ``crisno, crisis_actor, crisis_name``; ``actor`` (Correlates of War number: ICB's own are
        Gleditsch and Ward's); ``trigger_type`` (1 verbal, 2 political, 3 economic, 4 external
        change, 5 other, 6 internal challenge, 7 non-violent military, 8 indirect violent, 9 direct
        violent act); ``trigger_entity, threat_entity`` (who acted, whom the actor felt threatened
        by: a state's number, 995 an international organisation, 996 no state, 997 several);
        ``trigger_year``, ``trigger_day`` (ordinal, missing where no exact day is given),
        ``trigger_earliest, trigger_latest`` (the days that it lies between, from its part of month,
        month or year); ``response_type`` (``majres``, 1–9), ``response_low, response_high`` (the
        response is at a `Level` of this closed range), ``response_day`` and its bounds;
        ``lag_days`` (days from trigger to response, 0 on the same day; missing where a day is, or
        where the response is dated before the trigger), ``lag_published`` (ICB's ``trgresra``,
        which mostly counts both ends: 1 on the same day); ``regime, power_status,
        nuclear_capability, protracted, intrawar, region`` (ICB's codes). Nullable integers.

        ``attrs`` holds ``file``, ``days_impossible`` (dates such as 31 February, taken as an
        unknown day of the month), ``lags_negative`` (responses dated before their trigger) and
        ``lags_disagreeing`` (rows whose published lag is neither ours nor ours plus one).

    Raises:
        DatasetError: the file is not as published.
    """
    table = read_table(path, ACTOR_COLUMNS)
    impossible = _add_days(table, "trigger") + _add_days(table, "response")
    for column in ("actor", "trigger_entity", "threat_entity"):
        table[column] = correlates_of_war(table[column], table["trigger_year"])
    for column, bound in (("response_low", min), ("response_high", max)):
        levels = {code: int(bound(levels)) for code, levels in ICB_MAJOR_RESPONSE.items()}
        table[column] = table["response_type"].map(levels).astype("Int64")
    lag = table["response_day"] - table["trigger_day"]
    negative = (lag < 0).fillna(False).astype(bool)
    table["lag_days"] = lag.mask(negative)
    excess = table["lag_published"] - table["lag_days"]
    result = table[list(ACTOR_ORDER)].reset_index(drop=True)
    result.attrs["days_impossible"] = impossible
    result.attrs["lags_negative"] = int(negative.sum())
    result.attrs["lags_disagreeing"] = int((excess.notna() & ~excess.isin([0, 1])).sum())
    return result


def read_icb_crises(path: Path) -> pd.DataFrame:
    """Return the crises as they began, one row each.

    Args:
        path: ``icb1v13.csv`` to ``icb1v16.csv``.

    Returns:
        ``crisno, crisis_name, trigger_type`` (of the crisis's break), ``trigger_entity,
        trigger_year, trigger_day, trigger_earliest, trigger_latest, protracted, region``, as in
        `read_icb_actors`.

    Raises:
        DatasetError: the file is not as published.
    """
    table = read_table(path, CRISIS_COLUMNS)
    _add_days(table, "trigger")
    table["trigger_entity"] = correlates_of_war(table["trigger_entity"], table["trigger_year"])
    return table.drop(columns=["trigger_month", "trigger_date"]).reset_index(drop=True)


def read_icb_outcomes(path: Path) -> pd.DataFrame:
    """Return how crises ended. Hindsight: to score forecasts with, never to make them.

    Args:
        path: an ``icb1`` file (one row per crisis) or an ``icb2`` file (one row per actor).

    Returns:
        ``crisno, crisis_actor`` (missing in an ``icb1`` file); ``violence`` (1 none to 4
        pre-eminent in crisis management), ``severity`` (1 no violence, 2 minor clashes, 3 serious
        clashes, 4 full-scale war), ``recurrence`` (1 the sides were in crisis again within five
        years, 2 they were not, 3 too recent to tell); ``end_day, end_earliest, end_latest``.

    Raises:
        DatasetError: the file is not as published.
    """
    table = read_table(path, OUTCOME_COLUMNS)
    _add_days(table, "end")
    return table.drop(columns=["end_year", "end_month", "end_date"]).reset_index(drop=True)


def read_icb_dyads(path: Path) -> pd.DataFrame:
    """Return the pairs of states hostile to each other in a crisis, one row per year of each.

    Args:
        path: ``icbdy_v13.csv`` to ``icbdy_v16.csv``.

    Returns:
        ``crisno, year, state_a, state_b`` (Correlates of War numbers), ``trigger_day,
        trigger_earliest, trigger_latest`` (when the pair entered the crisis).

    Raises:
        DatasetError: the file is not as published.
    """
    table = read_table(path, DYAD_COLUMNS)
    _add_days(table, "trigger")
    for column in ("state_a", "state_b"):
        table[column] = correlates_of_war(table[column], table["year"])
    return table.drop(columns=["trigger_year", "trigger_month", "trigger_date"]).reset_index(
        drop=True
    )


def opponents(actors: pd.DataFrame, dyads: pd.DataFrame) -> pd.Series:
    """Return each actor's main opponent at its trigger, a state's number or missing.

    It is the trigger entity if that is another state, else the entity felt as a threat if that is,
    else the other state of the actor's dyads in the crisis: the one that was hostile first, among
    those that were so by the day of the trigger if any were.

    Args:
        actors: from `read_icb_actors`.
        dyads: from `read_icb_dyads`.

    Returns:
        One number per row of *actors* (``Int64``).
    """
    chosen = pd.Series(pd.NA, index=actors.index, dtype="Int64")
    for column in ("trigger_entity", "threat_entity"):
        candidate = actors[column]
        usable = is_state(candidate) & (candidate != actors["actor"]).fillna(False).astype(bool)
        chosen = chosen.fillna(candidate.astype("Int64").where(usable))
    pairs = _directed_pairs(dyads)
    for row in np.flatnonzero(chosen.isna()).tolist():
        crisis, actor = int(actors["crisno"].iloc[row]), int(actors["actor"].iloc[row])
        partners = pairs.get((crisis, actor), [])
        trigger = actors["trigger_latest"].fillna(date.max.toordinal()).astype("int64").iloc[row]
        hostile = [pair for pair in partners if pair[0] <= trigger] or partners
        if hostile:
            chosen.iloc[row] = min(hostile)[1]
    return chosen.rename("opponent")


def _directed_pairs(dyads: pd.DataFrame) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """Return (day, other state) of each (crisis, state)."""
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for crisis, first, second, day in zip(
        dyads["crisno"].astype(int),
        dyads["state_a"].astype(int),
        dyads["state_b"].astype(int),
        dyads["trigger_earliest"].fillna(date.max.toordinal()).astype(int),
        strict=True,
    ):
        pairs.setdefault((crisis, first), []).append((day, second))
        pairs.setdefault((crisis, second), []).append((day, first))
    return pairs


def _add_days(table: pd.DataFrame, name: str) -> int:
    """Add ``{name}_day, _earliest, _latest`` from the publisher's year, month and day.

    Returns:
        How many dates do not exist, such as 31 February; their day is taken as unknown.
    """
    parts = table[[f"{name}_year", f"{name}_month", f"{name}_date"]]
    bounds = [_day_bounds(*row) for row in parts.to_numpy(dtype=np.float64, na_value=np.nan)]
    for suffix, days in zip(("earliest", "latest"), zip(*bounds, strict=True), strict=False):
        table[f"{name}_{suffix}"] = pd.Series(list(days), index=table.index, dtype="Int64")
    earliest, latest = table[f"{name}_earliest"], table[f"{name}_latest"]
    table[f"{name}_day"] = earliest.where((earliest == latest).fillna(False).astype(bool))
    return int(sum(impossible for _, _, impossible in bounds))


def _day_bounds(year: float, month: float, day: float) -> tuple[int | None, int | None, bool]:
    """Return the first and last ordinal that a date may be, and whether its day is impossible."""
    if np.isnan(year):
        return None, None, False
    if np.isnan(month):
        return date(int(year), 1, 1).toordinal(), date(int(year), 12, 31).toordinal(), False
    length = monthrange(int(year), int(month))[1]
    impossible = day > length and int(day) not in PART_OF_MONTH
    if np.isnan(day) or impossible:
        first, last = 1, length
    else:
        first, last = PART_OF_MONTH.get(int(day), (int(day), int(day)))
    start = date(int(year), int(month), 1).toordinal() - 1
    return start + first, start + min(last, length), impossible
