"""What the ledger says of a crisis: how its forecasts ran, and what was logged last."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from offramp.ledger.database import LedgerError, open_ledger
from offramp.ledger.entries import LoggedForecast

FRESH = 2.0
"""Seconds for which the ledger is not read again."""


@dataclass(frozen=True)
class Past:
    """How the forecast of one question ran.

    Attributes:
        points: as-of days, ascending, each with the probability logged last as of it.
        logged: the as-of day of the last one.
    """

    points: tuple[tuple[date, float], ...]

    def before(self, day: date) -> Past:
        """Return what had been logged as of that day or earlier ones."""
        return Past(tuple(point for point in self.points if point[0] <= day))


class Logged:
    """The yes/no forecasts of the ledger, by crisis and question."""

    def __init__(self) -> None:
        self._read_at = -FRESH
        self._found: dict[str, dict[str, Past]] = {}
        self.problem = ""
        """Why the ledger cannot be read; empty where it can, or where there is none yet."""

    def of(self, crisis: str) -> Mapping[str, Past]:
        """Return how the forecasts of a crisis ran, by question; empty where none is logged."""
        now = time.monotonic()
        if now - self._read_at >= FRESH:
            self._read_at = now
            self._found = self._read()
        return self._found.get(crisis, {})

    def _read(self) -> dict[str, dict[str, Past]]:
        self.problem = ""
        try:
            entries = open_ledger().entries()
        except LedgerError as error:
            self.problem = "" if "starts one" in str(error) else str(error)
            return {}
        by_day: dict[str, dict[str, dict[date, float]]]
        by_day = defaultdict(lambda: defaultdict(dict))
        for entry in entries:
            made = entry.parsed
            if isinstance(made, LoggedForecast) and made.probability_yes is not None:
                by_day[made.crisis][made.question][made.as_of] = made.probability_yes
        return {
            crisis: {name: Past(tuple(sorted(days.items()))) for name, days in asked.items()}
            for crisis, asked in by_day.items()
        }
