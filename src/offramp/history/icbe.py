"""International Crisis Behavior Events (ICBe): acts and words in the narratives of ICB's crises.

Source: Rex W. Douglass et al., "Introducing ICBe: an event extraction dataset from narratives about
international crises", Political Science Research and Methods, 2024; version 1.1, the events agreed
between coders (``ICBe_V1.1_events_agreed``), CC BY-NC-SA 4.0.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from itertools import product
from pathlib import Path

import pandas as pd

from offramp.history.sources import Column, read_table
from offramp.ladder import Level

_CONCILIATE = frozenset({Level.CONCILIATE})
_VERBAL = frozenset({Level.VERBAL})
_PRESSURE = frozenset({Level.PRESSURE})
_DISPLAY = frozenset({Level.DISPLAY})
_DENIABLE = frozenset({Level.DENIABLE})
_FORCE = frozenset({Level.LIMITED, Level.MAJOR})
_CAMPAIGN = frozenset({Level.MAJOR, Level.WAR})
_WAR = frozenset({Level.WAR})

SPEECH: dict[str, frozenset[Level]] = {
    **dict.fromkeys(
        ("accept", "promise", "offer - without conditions", "offer", "praise"), _CONCILIATE
    ),
    **dict.fromkeys(
        (
            "appeal",
            "reject",
            "express intent",
            "accuse",
            "disapprove",
            "demand",
            "ultimatum",
            "threaten",
        ),
        _VERBAL,
    ),
}
"""What is said (``sayintkind``) to the levels that it may be."""

ACTION: dict[str, frozenset[Level]] = {
    **dict.fromkeys(
        (
            "attack",
            "battle/clash",
            "bombard",
        ),
        _FORCE,
    ),
    "invasion/occupation": _CAMPAIGN,
    "continuation of previous fighting": frozenset({Level.LIMITED, Level.MAJOR, Level.WAR}),
    **dict.fromkeys(("declaration of war", "join ongoing war"), _WAR),
    **dict.fromkeys(
        (
            "deployment to area",
            "mobilization",
            "border violation",
            "fortify",
            "blockade",
            "show of force",
            "raise in alert",
            "exercise",
            "weapons test",
            "no fly zone",
        ),
        _DISPLAY,
    ),
    **dict.fromkeys(
        ("assert political control over", "annex", "assert autonomy against"), _PRESSURE
    ),
    **dict.fromkeys(
        (
            "end economic cooperation",
            "end unspecified cooperation",
            "break off negotiations",
            "withdraw diplomats",
            "violate terms of treaty",
            "end military cooperation",
            "terminate treaty",
            "end unspecified aid",
            "end economic aid",
            "leave alliance",
            "end intelligence cooperation",
            "end humanitarian aid",
            "end access",
            "expel",
            "imprison",
        ),
        _PRESSURE,
    ),
    **dict.fromkeys(("terrorism", "assassination"), _DENIABLE),
    **dict.fromkeys(
        (
            "cease fire",
            "withdraw from area",
            "withdraw behind border",
            "retreat",
            "surrender",
            "decolonize",
            "de-mobilization",
            "declaration of peace",
            "reduce control over",
            "withdraw from war",
            "end blockade",
            "remove fortify",
            "lower alert",
            "end weapons test",
            "end exercise",
            "meeting",
            "mediation",
            "discussion",
            "settle dispute",
            "sign formal agreement",
            "unspecified cooperation",
            "economic cooperation",
            "humanitarian aid",
            "natural conclusion of diplomacy",
            "inspections",
            "cede territory",
        ),
        _CONCILIATE,
    ),
}
"""What is done to the levels that it may be. Acts at home (coup, protest, reform) and between
allies (military cooperation, a pact) are on no level."""

ACTION_COLUMNS = (
    "interact_escalate",
    "interact_deescalate",
    "interact_increasecoop",
    "interact_decreasecoop",
    "act_escalate",
    "act_deescalate",
    "act_uncooperative",
    "act_cooperative",
)

PARTS = ("year", "year_part", "month", "month_part", "day")

COLUMNS = (
    Column("crisno", minimum=1),
    Column("sentence", published=("sentence_number_int_aligned",), minimum=0),
    Column("event_type", "text", required=False),
    *(
        Column(name, "text", required=False)
        for name in ("do_actor_a", "do_actor_b", "say_actor_a", "say_actor_b", "think_actor_a")
    ),
    Column("sayintkind", "text", required=False),
    *(Column(name, "text", required=False) for name in ACTION_COLUMNS),
    *(
        Column(f"{bound}_{part}", "text", published=(f"date_{bound}_{part}",), required=False)
        for bound in ("earliest", "latest")
        for part in PARTS
    ),
    Column("text", "text", published=("sentence_span_text",), required=False),
)

TEXTS = tuple(column.name for column in COLUMNS if column.kind == "text")

YEARS = range(1500, 2031)
"""Years outside these are slips of the keyboard (2986) and are taken as unknown."""


def read_icbe(path: Path) -> pd.DataFrame:
    """Return the coded events, one row each; sentences without an event are left out.

    Where the coders chose several values, the publisher writes them with semicolons.

    Args:
        path: ``ICBe_V1.1_events_agreed`` as comma-separated values, plain or gzip.

    Returns:
        ``crisno`` (ICB's), ``sentence`` (its number in the narrative), ``event_type`` (action,
        speech or thought, or two of them with a semicolon), ``actors, targets`` (names, several
        with semicolons: who acts or speaks, and to whom), ``kinds`` (what is done or said, with
        semicolons), ``day_earliest, day_latest`` (ordinals of the closed interval in which it
        began, ``Int64``, missing without a year), ``level_low, level_high`` (``Int64``: the highest
        of its kinds is at a `Level` of this closed range; missing where none is on a level), and
        ``text`` (the sentence).

        ``attrs`` holds ``file`` and ``dropped``.

    Raises:
        DatasetError: the file is not as published.
    """
    table = read_table(path, COLUMNS)
    file = table.attrs["file"]
    coded = table["event_type"].notna()
    records = table[coded].fillna(dict.fromkeys(TEXTS, ""))
    rows = zip(*(records[name].tolist() for name in records), strict=True)
    names = [str(name) for name in records]
    events = pd.DataFrame([_event(dict(zip(names, row, strict=True))) for row in rows])
    for column in ("day_earliest", "day_latest", "level_low", "level_high"):
        events[column] = events[column].astype("Int64")
    events.attrs["file"] = file
    events.attrs["dropped"] = {"no event in the sentence": int((~coded).sum())}
    return events


def _event(record: Mapping[str, object]) -> dict[str, object]:
    """Return one event from a record whose missing texts are empty."""
    fields = {name: str(value) for name, value in record.items()}
    event_type = fields["event_type"]
    said = "speech" in event_type
    # In a speech the "do" columns hold what is spoken of, not what is done.
    does = not said and "action" in event_type
    voice = "say" if said else "do" if does else "think"
    columns = ("sayintkind",) if said else ACTION_COLUMNS if does else ()
    kinds = [kind for name in columns for kind in _several(fields[name])]
    levels = _highest(kinds, SPEECH if said else ACTION)
    earliest, latest = _interval(fields)
    return {
        "crisno": record["crisno"],
        "sentence": record["sentence"],
        "event_type": event_type,
        "actors": fields[f"{voice}_actor_a"],
        "targets": fields.get(f"{voice}_actor_b", ""),
        "kinds": ";".join(kinds),
        "day_earliest": earliest,
        "day_latest": latest,
        "level_low": int(min(levels)) if levels else None,
        "level_high": int(max(levels)) if levels else None,
        "text": fields["text"],
    }


def _highest(kinds: list[str], table: Mapping[str, frozenset[Level]]) -> frozenset[Level] | None:
    """Return the levels of the highest of the kinds."""
    known = [table[kind] for kind in kinds if kind in table]
    return max(known, key=lambda levels: (max(levels), min(levels)), default=None)


def _several(field: str) -> list[str]:
    return [value.strip() for value in field.split(";") if value.strip()]


def _interval(fields: Mapping[str, str]) -> tuple[int | None, int | None]:
    """Return the first and last ordinal on which the event may have begun."""
    first, last = _bounds(fields, "earliest")
    _, end = _bounds(fields, "latest")
    if first is None or last is None:
        return None, None
    return first, max(last, end) if end is not None else last


def _bounds(fields: Mapping[str, str], bound: str) -> tuple[int | None, int | None]:
    """Return the first and last ordinal that the parts of one date allow."""
    years, year_parts, months, month_parts, days = (
        [int(value) for value in _several(fields[f"{bound}_{part}"])] for part in PARTS
    )
    years = [year for year in years if year in YEARS]
    months = [month for month in months if 1 <= month <= 12] or [
        month for part in year_parts or (1, 2, 3) for month in range(4 * part - 3, 4 * part + 1)
    ]
    exact = [day for day in days if 1 <= day <= 31]
    ordinals = []
    for year, month in product(years, months):
        length = monthrange(year, month)[1]
        start = date(year, month, 1).toordinal() - 1
        possible = [day for day in exact if day <= length] or [
            day
            for part in (month_parts if not exact else (1, 2, 3)) or (1, 2, 3)
            for day in ((1, 10), (11, 20), (21, length))[part - 1]
        ]
        ordinals += [start + min(possible), start + max(possible)]
    return min(ordinals, default=None), max(ordinals, default=None)
