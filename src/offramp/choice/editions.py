"""Editions: figures of history up to a day, so that a past crisis is read without hindsight.

Each edition is named for the year before which everything that it uses had ended. A crisis, and
every score of a past one, uses the newest edition whose data end before its as-of date.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

from offramp.choice.figures import Figures, load_figures

EDITIONS: dict[str, date] = {
    name: date(int(name) - 1, 12, 31)
    for name in ("1960", "1970", "1980", "1990", "2000", "2010", "2015")
}
"""The editions that ship, oldest first: name and last day of the data. The last has all data."""
NEWEST = max(EDITIONS)


def edition_before(day: date) -> str:
    """Return the name of the newest edition whose data end before *day*.

    Raises:
        ValueError: there is none: before 1960 the record from 1919 is short, half of it that of
            the world war, and no shipped figures would be worth their intervals.
    """
    names = [name for name, until in EDITIONS.items() if until < day]
    if not names:
        raise ValueError(
            f"no shipped figures end before {day}: the oldest use history up to "
            f"{min(EDITIONS.values())}, and would know what came after; make your own with "
            f"`offramp fit --until DAY --out weights.npz` and name them with --weights"
        )
    return max(names)


def edition_for(day: date) -> Figures:
    """Return the figures of the newest edition whose data end before *day*.

    Raises:
        ValueError: there is none, see :func:`edition_before`.
    """
    return shipped_edition(edition_before(day))


JUDGEMENTS_FILE = "judgements.json"
"""What past crises inform of the judgements, by edition: written by ``offramp judgements``."""


def _shipped(name: str) -> Path:
    return Path(str(files("offramp.choice"))) / "figures" / name


def figures_for(day: date, own: Path | None = None) -> Figures:
    """Return the user's own figures in place of an edition, as of *day*.

    Args:
        day: as of which a crisis is read.
        own: file that ``offramp fit`` wrote; if absent, the edition for that day.

    Raises:
        ValueError: the file is no such file, was made for another table of terms, or its data do
            not end before *day*; without one, as :func:`edition_before`.
        OSError: the file cannot be read.
    """
    if own is None:
        return edition_for(day)
    if not own.is_file():
        raise ValueError(f"{own}: no such file")
    figures = load_figures(own)
    until = date.fromisoformat(figures.provenance["until"])
    if until >= day:
        raise ValueError(
            f"{own}: fitted on what had ended by {until}, which is not before {day}: it would "
            f"know what came after; run offramp fit --until an earlier day"
        )
    ended = [name for name, end in EDITIONS.items() if end <= until]
    judgements = shipped_edition(max(ended)).judgements if ended else {}
    made = figures.provenance | {"file": str(own)}
    return replace(figures, provenance=made, judgements=judgements)


@cache
def shipped_edition(name: str) -> Figures:
    """Return a shipped edition by its name in `EDITIONS`."""
    judged = json.loads(_shipped(JUDGEMENTS_FILE).read_bytes())["editions"][name]
    judgements = {judgement: tuple(pair) for judgement, pair in judged.items()}
    return replace(load_figures(_shipped(f"{name}.npz")), judgements=judgements)


def shipped_figures() -> Figures:
    """Return the newest edition, which has all data."""
    return shipped_edition(NEWEST)
