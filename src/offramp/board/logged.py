"""What the ledger says of a crisis: how its forecasts ran, and what was logged last."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from offramp.forecast.document import Forecast
from offramp.ledger import keeping
from offramp.ledger.database import LedgerError, open_ledger
from offramp.ledger.entries import Entry, LoggedForecast

FRESH = 2.0
"""Seconds for which the ledger is not read again."""


@dataclass(frozen=True)
class Past:
    """How the forecast of one question ran.

    Attributes:
        points: as-of days, ascending, each with the probability logged last as of it.
    """

    points: tuple[tuple[date, float], ...]

    def until(self, day: date, chance: float) -> list[tuple[date, float]]:
        """Return what was logged before an answer as of a day; the answer itself is left out."""
        return [one for one in self.points if one[0] < day or (one[0] == day and one[1] != chance)]


Kept = tuple[object, ...]
"""What tells a forecast in the ledger from others."""


def _kept(made: Forecast | LoggedForecast, weights: str | None) -> Kept:
    origin = (made.crisis, made.as_of, made.facts_sha256, made.seed, made.futures)
    return (*origin, made.version, weights)


class Logged:
    """The yes/no forecasts of the ledger, by crisis and question."""

    def __init__(self) -> None:
        self._read_at = -FRESH
        self._found: dict[str, dict[str, Past]] = {}
        self._recorded: dict[Kept, date] = {}
        self.problem = ""
        """Why the ledger cannot be read; empty where it can, or where there is none yet."""

    def of(self, crisis: str) -> Mapping[str, Past]:
        """Return how the forecasts of a crisis ran, by question; empty where none is logged."""
        self._refresh()
        return self._found.get(crisis, {})

    def on(self, forecast: Forecast) -> date | None:
        """Return the day on which a forecast was recorded; None if it is not in the ledger."""
        self._refresh()
        return self._recorded.get(_kept(forecast, forecast.weights.sha256))

    def add(self, forecast: Forecast) -> list[Entry]:
        """Record the answers of a forecast as `offramp log` does; return the new entries.

        Raises:
            LedgerError: the ledger cannot be written.
            ValueError: a question is in the ledger with another type.
        """
        try:
            added, _ = keeping.log(open_ledger(), forecast)
        finally:
            self._read_at = -FRESH
        return added

    def _refresh(self) -> None:
        now = time.monotonic()
        if now - self._read_at >= FRESH:
            self._read_at = now
            self._read()

    def _read(self) -> None:
        entries: Sequence[Entry] = ()
        problem = ""
        try:
            entries = open_ledger().entries()
        except LedgerError as error:
            problem = "" if "starts one" in str(error) else str(error)
        recorded: dict[Kept, date] = {}
        by_day: dict[str, dict[str, dict[date, float]]]
        by_day = defaultdict(lambda: defaultdict(dict))
        for entry in entries:
            made = entry.parsed
            if not isinstance(made, LoggedForecast):
                continue
            recorded[_kept(made, made.weights_sha256)] = made.start_time.date()
            if made.probability_yes is not None:
                by_day[made.crisis][made.question][made.as_of] = made.probability_yes
        self.problem, self._recorded = problem, recorded
        self._found = {
            crisis: {name: Past(tuple(sorted(days.items()))) for name, days in asked.items()}
            for crisis, asked in by_day.items()
        }
