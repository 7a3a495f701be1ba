"""What the events of a question are in records: simulated futures, or a timeline that is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Protocol

import numpy as np

from offramp.crisis.questions import ActEvent
from offramp.crisis.schema import Act
from offramp.engine.ensemble import Futures, killed_by
from offramp.engine.outcome import WEEK
from offramp.engine.plan import FloatArray, IntArray
from offramp.forecast.asking.moments import DAWN, DUSK, FIGHTING, Moments, either
from offramp.forecast.events import (
    Matcher,
    first_war_days,
    quiet_runs,
)
from offramp.forecast.fighting import fighting_days
from offramp.forecast.told import DAY, Told, killed


class Records(Protocol):
    """Records in which events happen; days count from the day after the as-of date as 1."""

    @property
    def count(self) -> int:
        """How many records there are, K."""
        ...

    def acts(self, event: ActEvent, since: date) -> Moments:
        """Return the moments of acts that match, from a day on."""
        ...

    def war(self, front: str, since: date) -> Moments:
        """Return the first moment of war on a front, from a day on."""
        ...

    def killed(self, front: str, at_least: int, since: date) -> Moments:
        """Return the end of the day by which so many were killed on a front since a day."""
        ...

    def quiet(self, front: str, days: int, since: date) -> Moments:
        """Return the ends of the days on which so many days without force were complete."""
        ...

    def killed_number(self, front: str, since: date, last: int) -> FloatArray:
        """Return how many were killed on a front since a day, up to day *last*, (K,)."""
        ...

    def war_days(self, front: str, since: date, last: int) -> FloatArray:
        """Return on how many days a front was at war since a day, up to day *last*, (K,)."""
        ...


@dataclass(frozen=True)
class TimelineRecord:
    """What is told, as one record.

    Attributes:
        told: the timeline.
        as_of: the day from which days are counted.
        open_days_are_quiet: whether days of which nobody knows count as quiet, or as force.
    """

    told: Told
    as_of: date
    open_days_are_quiet: bool = False

    @property
    def count(self) -> int:
        """One."""
        return 1

    def acts(self, event: ActEvent, since: date) -> Moments:
        """Return the moments of acts that match, from a day on.

        As in futures, fighting that is not told act by act is an act of the end of each day that
        has it, from the day after the as-of date on.
        """
        told = self._at(self.told.matching(event, since))
        first = max(since, self.as_of + DAY)
        fought = [
            first + k * DAY
            for k, one in enumerate(self.told.fighting(event, first, self.told.until))
            if one or (one is None and not self.open_days_are_quiet)
        ]
        return either([told, self._on(fought, FIGHTING).on_other_days(told)])

    def war(self, front: str, since: date) -> Moments:
        """Return the first moment of war on a front, from a day on."""
        place = next(one for one in self.told.crisis.fronts if one.id == front)
        days = sorted(day for day in self.told.war(front) if day >= since)
        if place.war:
            return self._on([since], DAWN)
        acts = self.acts(ActEvent(front=front, level="= war"), since)
        if not days or self._day(days[0]) == acts.first_day()[0]:
            return acts.firsts()
        return self._on(days[:1], DAWN)

    def killed(self, front: str, at_least: int, since: date) -> Moments:
        """Return the end of the day by which so many were killed on a front since a day."""
        total = 0
        for act in self.told.harmful(front, since):
            total += killed(act)
            if total >= at_least:
                return self._on([act.day], DUSK)
        return self._on([], DUSK)

    def quiet(self, front: str, days: int, since: date) -> Moments:
        """Return the ends of the days on which so many days without force were complete."""
        ends, run = [], 0
        for place, force in enumerate(self.told.force(front, since, self.told.until)):
            calm = self.open_days_are_quiet if force is None else not force
            run = run + 1 if calm else 0
            if run == days:
                ends.append(since + timedelta(days=place))
        return self._on(ends, DUSK)

    def killed_number(self, front: str, since: date, last: int) -> FloatArray:
        """Return how many were killed on a front since a day, up to day *last*, (1,)."""
        end = self.as_of + timedelta(days=last)
        return np.array([float(self.told.killed(front, since, end))])

    def war_days(self, front: str, since: date, last: int) -> FloatArray:
        """Return on how many days a front was at war since a day, up to day *last*, (1,)."""
        end = self.as_of + timedelta(days=last)
        return np.array([float(sum(since <= day <= end for day in self.told.war(front)))])

    def _day(self, day: date) -> int:
        return (day - self.as_of).days

    def _on(self, days: list[date], place: int) -> Moments:
        when = np.array([self._day(day) for day in days], np.int64)
        return Moments.of(1, np.zeros(len(when), np.int64), when, place)

    def _at(self, acts: Sequence[Act]) -> Moments:
        places = {act.id: place + 1 for place, act in enumerate(self.told.acts)}
        when = np.array([self._day(act.day) for act in acts], np.int64)
        place = np.array([places[act.id] for act in acts], np.int64)
        return Moments.of(1, np.zeros(len(acts), np.int64), when, place)


@dataclass(frozen=True)
class FutureRecords:
    """Futures as records; what happened before the as-of date is the same in all of them."""

    futures: Futures

    @property
    def count(self) -> int:
        """How many futures there are."""
        return self.futures.count

    @cached_property
    def past(self) -> TimelineRecord:
        """What was known as of the day."""
        crisis = self.futures.compiled.crisis
        return TimelineRecord(Told(crisis, crisis.as_of), crisis.as_of)

    def acts(self, event: ActEvent, since: date) -> Moments:
        """Return the moments of acts that match, from a day on.

        Fighting that is not told act by act is an act of the end of each day that has it.
        """
        futures = self.futures
        first = (since - self.past.as_of).days
        matches = Matcher(event).simulated(futures) & (futures.day >= first)
        told = self._told(np.flatnonzero(matches))
        rows, days = fighting_days(futures, event)
        untold = Moments.of(self.count, rows[days >= first], days[days >= first], FIGHTING)
        known = self._everywhere(self.past.acts(event, since))
        return either([told, untold.on_other_days(told), known])

    def _told(self, acts: IntArray) -> Moments:
        """Return the moments of acts of the futures, by their places."""
        rows = self.futures.future[acts]
        days = self.futures.day[acts].astype(np.int64)
        return Moments.of(self.count, rows, days, acts - self.futures.start[rows] + 1)

    def war(self, front: str, since: date) -> Moments:
        """Return the first moment of war on a front, from a day on."""
        days = first_war_days(self.futures, self._front(front))
        matches = Matcher(ActEvent(front=front, level="= war")).simulated(self.futures)
        begun = self._told(np.flatnonzero(matches))
        going_on = np.flatnonzero((days == 1) & (begun.first_day() > 1))
        dawn = Moments.of(self.count, going_on, np.ones(len(going_on), np.int64), DAWN)
        known = self.past.acts(ActEvent(front=front, level="= war"), since)
        return either([begun, dawn, self._everywhere(known)]).firsts()

    def killed(self, front: str, at_least: int, since: date) -> Moments:
        """Return the end of the day by which so many were killed on a front since a day."""
        known = self.past.killed(front, at_least, since)
        if len(known.keys):
            return self._everywhere(known)
        wanted = at_least - float(self.past.killed_number(front, since, 0)[0])
        place, horizon = self._front(front), self.futures.horizon
        low = np.zeros(self.count, np.int64)
        high = np.full(self.count, horizon + 1)
        while (low + 1 < high).any():  # halve the days between not yet and already
            middle = (low + high) // 2
            enough = killed_by(self.futures, place, middle) >= wanted
            high = np.where(enough, middle, high)
            low = np.where(enough, low, middle)
        rows = np.flatnonzero(high <= horizon)
        return Moments.of(self.count, rows, high[rows], DUSK)

    def quiet(self, front: str, days: int, since: date) -> Moments:
        """Return the ends of the days on which so many days without force were complete."""
        known = self._everywhere(self.past.quiet(front, days, since))
        before = self.past.told.quiet_until(front, since, self.past.as_of)
        runs = quiet_runs(self.futures, self._front(front), self.futures.horizon, before)
        ends = runs.after + days
        mine = (runs.days >= days) & (ends >= 1)
        return either([Moments.of(self.count, runs.future[mine], ends[mine], DUSK), known])

    def killed_number(self, front: str, since: date, last: int) -> FloatArray:
        """Return how many were killed on a front since a day, up to day *last*, (K,)."""
        known = float(self.past.killed_number(front, since, 0)[0])
        return killed_by(self.futures, self._front(front), last) + known

    def war_days(self, front: str, since: date, last: int) -> FloatArray:
        """Return on how many days a front was at war since a day, up to day *last*, (K,).

        Futures keep days of war by the week; a week that is cut counts in proportion.
        """
        known = float(self.past.war_days(front, since, 0)[0])
        by_week = self.futures.war_days[:, self._front(front)]
        weeks = np.clip(last / WEEK - np.arange(by_week.shape[1]), 0.0, 1.0)
        total: FloatArray = by_week @ weeks + known
        return total

    def _front(self, front: str) -> int:
        return self.futures.compiled.fronts.index(front)

    def _everywhere(self, known: Moments) -> Moments:
        """Return moments of what was known, in every future."""
        return known.in_each_of(self.count)
