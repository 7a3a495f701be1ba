"""Raids of drones and missiles against a layered defence: launched and destroyed, by weapon.

Sources: Petro Ivaniuk, Massive Missile Attacks on Ukraine (ODC-BY), from the posts of Ukraine's Air
Force; and a table of Iran's attack waves compiled from public reports. Both give claims of the
defender, who has reasons to round up.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

import pandas as pd

from offramp.history.sources import Column, DatasetError, read_table

WeaponClass = Literal["drone", "cruise", "ballistic"]


class Model(NamedTuple):
    """What a weapon model is."""

    weapon_class: WeaponClass
    supersonic: bool = False
    contested: bool = True


MODELS = {
    "Shahed-136/131": Model("drone"),
    "X-101/X-555": Model("cruise"),
    "Kalibr": Model("cruise"),
    "Iskander-K": Model("cruise"),
    "X-59": Model("cruise"),
    "X-59MK2": Model("cruise"),
    "X-59/X-69": Model("cruise"),
    "X-69": Model("cruise"),
    "X-35": Model("cruise"),
    "Banderol": Model("cruise"),
    "P-800 Oniks": Model("cruise", supersonic=True),
    "X-22": Model("cruise", supersonic=True),
    "X-32": Model("cruise", supersonic=True),
    "3M22 Zircon": Model("cruise", supersonic=True),
    "Iskander-M": Model("ballistic", supersonic=True),
    "Iskander-M/KN-23": Model("ballistic", supersonic=True),
    "KN-23": Model("ballistic", supersonic=True),
    "X-47 Kinzhal": Model("ballistic", supersonic=True),
    "Ballistic Missile": Model("ballistic", supersonic=True),
    "Intercontinental Ballistic Missile": Model("ballistic", supersonic=True),
    "C-300": Model("ballistic", supersonic=True, contested=False),
    "C-400": Model("ballistic", supersonic=True, contested=False),
    "C-300/C-400": Model("ballistic", supersonic=True, contested=False),
}
"""The models whose launches and losses say something about a defence, in the publisher's spelling.

Left out: reconnaissance and small strike drones, of which only those shot down are reported
(launched = destroyed in every row); anti-radiation missiles and bombs, which are fired at the
defence itself or from under it; models that the defender could not name.

Air-defence missiles fired at the ground (C-300, C-400) fell on cities at the front, out of reach of
any battery that can engage a ballistic missile, and are marked as not contested."""

TIME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{1,2}:\d{2}(?::\d{2})?Z?)?")
"""A date, with or without a time of day; hours come with one digit or two."""

_BY_NAME = {name.lower(): model for name, model in MODELS.items()}

RAID_COLUMNS = (
    Column("started", "text", published=("time_start",)),
    Column("ended", "text", published=("time_end",)),
    Column("model", "text"),
    Column("launched", "number", required=False, minimum=0),
    Column("destroyed", "number", required=False, minimum=0),
    Column("lost", "number", published=("not_reach_goal",), required=False, minimum=0, absent=True),
)

WAVE_COLUMNS = (
    Column("operation", "text", published=("op",)),
    Column("wave", minimum=1),
    Column("launched_at", "text", published=("launch_utc",)),
    Column("payload", "text", required=False),
    Column("drone", "truth", published=("drones",), required=False),
    Column("cruise", "truth", published=("cm",), required=False),
    Column("ballistic", "truth", published=("bm",), required=False),
    Column("munitions", "number", published=("munitions_est",), required=False, minimum=0),
    Column("intercepted", "number", published=("intercept_count",), required=False, minimum=0),
    Column(
        "interception_rate",
        "number",
        published=("intercept_rate",),
        required=False,
        minimum=0,
        maximum=1,
    ),
    Column("fatalities", "number", required=False, minimum=0),
    Column("injuries", "number", required=False, minimum=0),
    Column("attackers", "text", required=False),
)


RAID_ORDER = (
    "day",
    "end_day",
    "weapon_class",
    "model",
    "supersonic",
    "contested",
    "launched",
    "destroyed",
    "lost",
)


def read_ukraine_raids(path: Path, until: date) -> pd.DataFrame:
    """Return the raids that had ended before a day, one row per raid and reported weapon.

    A row of the file names one model or several; it is kept where all of them are in `MODELS` and
    of one class.

    Args:
        path: ``missile_attacks_daily.csv`` as published.
        until: raids that ended on this day or later are left out.

    Returns:
        In order of time: ``day, end_day`` (ordinals), ``weapon_class`` (drone, cruise or
        ballistic), ``model`` (as published), ``supersonic`` (any model of the row is),
        ``contested`` (False where no model of the row met a defence that can engage it),
        ``launched, destroyed`` (counts), ``lost`` (``Int64``: fell without being hit, by jamming
        or by themselves, and not counted as destroyed; missing where not told, as before 2024).

        ``attrs`` holds ``file`` and ``dropped``: the number of rows left out by reason, among the
        raids that had ended before *until*.

    Raises:
        DatasetError: the file is not as published.
    """
    table = read_table(path, RAID_COLUMNS)
    file = table.attrs["file"]
    table["day"] = _days(Path(path), table["started"], "time_start")
    table["end_day"] = _days(Path(path), table["ended"], "time_end")
    table = table[table["end_day"] < until.toordinal()]
    table = table.merge(_reported(table["model"]), on="model", how="left")
    launched, destroyed, reasons = table["launched"], table["destroyed"], table["left_out"]
    for applies, reason in (
        (launched.isna() | destroyed.isna(), "a count is missing"),
        ((launched % 1 != 0) | (destroyed % 1 != 0), "a count is not whole"),
        (destroyed > launched, "more destroyed than launched"),
    ):
        reasons = reasons.mask((reasons == "") & applies, reason)
    result = table[reasons == ""].sort_values(["day", "end_day", "model"], ignore_index=True)
    result = result[[*RAID_ORDER]].astype({"launched": "int64", "destroyed": "int64"})
    result["lost"] = result["lost"].round().astype("Int64")
    result.attrs["file"] = file
    result.attrs["dropped"] = reasons[reasons != ""].value_counts().to_dict()
    return result


def read_waves(path: Path, until: date | None = None) -> pd.DataFrame:
    """Return Iran's attack waves since April 2024, one row each, in order of time.

    Most rows have no counts. The publisher's rate is kept as it stands, even where it differs from
    intercepted over munitions.

    Args:
        path: ``waves_flat.csv`` as published.
        until: waves launched on this day (UTC) or later are left out; all are kept if None.

    Returns:
        ``operation, wave, day`` (ordinal, UTC), ``launched_at`` (as published), ``drone, cruise,
        ballistic`` (whether the wave had any, missing where unknown), ``munitions, intercepted``
        (estimates), ``interception_rate`` (0–1), ``fatalities, injuries``, ``attackers, payload``.

    Raises:
        DatasetError: the file is not as published.
    """
    table = read_table(path, WAVE_COLUMNS)
    file = table.attrs["file"]
    table.insert(2, "day", _days(Path(path), table["launched_at"], "launch_utc"))
    if until is not None:
        table = table[table["day"] < until.toordinal()]
    result = table.sort_values(["launched_at", "wave"], ignore_index=True)
    result.attrs["file"] = file
    return result


def _reported(names: pd.Series) -> pd.DataFrame:
    """Return what each distinct report of models is, and why it is left out ("" if it is not)."""
    rows = []
    for name in names.unique().tolist():
        models = [_BY_NAME.get(part.strip().lower()) for part in name.split(" and ")]
        known = [model for model in models if model is not None]
        reason = ""
        if len(known) < len(models):
            reason = "a model is not in the table"
        elif len({model.weapon_class for model in known}) > 1:
            reason = "models of several classes"
        rows.append(
            {
                "model": name,
                "weapon_class": known[0].weapon_class if known else "",
                "supersonic": any(model.supersonic for model in known),
                "contested": any(model.contested for model in known),
                "left_out": reason,
            }
        )
    columns = ["model", "weapon_class", "supersonic", "contested", "left_out"]
    return pd.DataFrame(rows, columns=columns).astype({"model": names.dtype})


def _days(path: Path, times: pd.Series, column: str) -> pd.Series:
    """Return the ordinals of times written as 2024-04-13, with or without a time of day."""
    days = []
    for line, text in times.items():
        found = TIME.fullmatch(text)
        try:
            days.append(date.fromisoformat(found[1] if found else "").toordinal())
        except ValueError as error:
            raise DatasetError(
                path,
                "a time such as 2024-04-13 or 2024-04-13 22:00",
                line=int(str(line)),
                column=column,
                found=text,
            ) from error
    return pd.Series(days, index=times.index, dtype="int64")
