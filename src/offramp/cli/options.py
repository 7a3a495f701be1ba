"""Arguments and options that several commands share, and how they are read."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from offramp.choice.terms import claimable_terms
from offramp.crisis.as_of import read_crisis
from offramp.crisis.schema import Crisis
from offramp.crisis.whole import read_whole

EXIT_BAD_INPUT = 2
UNTOLD_DAYS = 30
"""A timeline that is silent for longer up to the as-of day may just not have been told."""
DEFAULT_FUTURES, MOST_FUTURES = 100_000, 5_000_000

CrisisName = Annotated[
    str, typer.Argument(metavar="CRISIS", help="a crisis that ships, or a .yaml file")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DAY", help="YYYY-MM-DD; the file's own day if absent"),
]
FutureCount = Annotated[
    int, typer.Option("--futures", min=100, max=MOST_FUTURES, help="how many to simulate")
]
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="same seed, same result")]
Weights = Annotated[
    Path | None,
    typer.Option(
        "--weights",
        metavar="FILE",
        help="that offramp fit wrote, of data before the as-of day; those that ship if absent",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]


def day_of(text: str, option: str = "--as-of") -> date:
    """Return the day that *text*, given for *option*, names.

    Raises:
        ValueError: it is no day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{option} {text!r}: not a day; write it as 2024-04-15") from None


def folder_of(out: Path, option: str = "--out") -> Path:
    """Return the folder that a file is to be written to.

    Raises:
        ValueError: there is no such folder.
    """
    if not out.parent.is_dir():
        raise ValueError(f"{option} {out}: no folder {out.parent}")
    return out.parent


def read(name: str, as_of: str | None) -> Crisis:
    """Return the crisis of that name or file, as of a day.

    Standard error says so where the file tells nothing of the days before it.

    Raises:
        CrisisError: the file has problems.
    """
    crisis = read_crisis(name, None if as_of is None else day_of(as_of), claimable_terms())
    last = max((entry.day for entry in crisis.timeline), default=crisis.coded_from)
    if (crisis.as_of - last).days > UNTOLD_DAYS:
        aftermath = read_whole(name).aftermath
        if aftermath is None or aftermath.complete_until < crisis.as_of:
            Console(stderr=True).print(
                f"{crisis.id}: nothing is told from {last + timedelta(days=1)} to {crisis.as_of}; "
                "each of these days counts as one on which nothing was done",
                markup=False,
                highlight=False,
            )
    return crisis
