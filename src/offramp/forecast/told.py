"""What a crisis file tells of the days after a question was put: acts, deaths, war and quiet.

Everything counts by the day on which it happened, whenever it became known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby, pairwise

from offramp.crisis.questions import ActEvent
from offramp.crisis.schema import Act, Crisis, Front
from offramp.engine.timeline import BURNING_RATE
from offramp.forecast.events import Matcher, fights_asked
from offramp.ladder import FORCE_THRESHOLD, Level, level_named

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """The timeline of a crisis up to the day until which it is complete.

    Attributes:
        crisis: with all its facts, later ones too.
        until: up to this day silence means that nothing happened; what is later is left out.
    """

    crisis: Crisis
    until: date

    @cached_property
    def acts(self) -> tuple[Act, ...]:
        """The acts in order: by day, and within a day as they stand in the file."""
        acts = [one for one in self.crisis.timeline if isinstance(one, Act)]
        return tuple(sorted((act for act in acts if act.day <= self.until), key=lambda a: a.day))

    def matching(
        self, event: ActEvent, first: date = date.min, last: date = date.max
    ) -> tuple[Act, ...]:
        """Return the acts from *first* to *last* that an event asks for, in order."""
        matcher = Matcher(event)
        return tuple(act for act in self.acts if first <= act.day <= last and matcher.known(act))

    def following(self, act: str, event: ActEvent) -> tuple[Act, ...]:
        """Return the acts that an event asks for and that stand after an act, in order.

        One of the same day counts if it stands after it in the file.
        """
        place = next(k for k, one in enumerate(self.acts) if one.id == act)
        matcher = Matcher(event)
        return tuple(one for one in self.acts[place + 1 :] if matcher.known(one))

    def harmful(self, front: str, first: date = date.min, last: date = date.max) -> tuple[Act, ...]:
        """Return the acts on a front, from *first* to *last*, that killed somebody, in order."""
        mine = (act for act in self.acts if act.front == front and first <= act.day <= last)
        return tuple(act for act in mine if killed(act))

    def killed(self, front: str, first: date, last: date) -> int:
        """Return how many were killed on a front from *first* to *last*."""
        return sum(map(killed, self.harmful(front, first, last)))

    def war(self, front: str) -> frozenset[date]:
        """Return the days on which a front was at war, as far as acts of war tell.

        A war goes on between two acts of war, unless an act of conciliation on the front stands
        between them: a long war is not told day by day.
        """
        acts = [act for act in self.acts if act.front == front]
        turns = [a for a in acts if level_named(a.level) in (Level.WAR, Level.CONCILIATE)]
        days = {act.day for act in turns if _is_war(act)}
        for one, other in pairwise(turns):
            if _is_war(one) and _is_war(other):
                days.update(_days(one.day, other.day))
        return frozenset(days)

    def force(self, front: str, first: date, last: date) -> list[bool | None]:
        """Tell of each day whether it saw force on a front; None where nobody knows.

        As in futures, force is an act of level `deniable` or above, a day of war, and a day of
        routine exchange on a front that burns. Nobody knows of the days after the timeline is
        complete, nor of those on which it was not measured whether a front went on burning.
        """
        acts = {a.day for a in self.acts if a.front == front and _is_force(a)}
        force = acts | self.war(front)
        place = next(one for one in self.crisis.fronts if one.id == front)
        return [day in force or self._routine(place, day) for day in _days(first, last)]

    def fighting(self, event: ActEvent, first: date, last: date) -> list[bool | None]:
        """Tell of each day whether it saw fighting that an event asks for and no act tells.

        As in futures (`offramp.forecast.events.event_days`), that is a war of a pair from its
        first act of war on, and the routine exchange of a front that burns, which is of both
        sides; where several pairs face each other, only an act tells whose it was. A war that was
        under way is taken to go on for a day; nobody knows how long it did.
        """
        days = list(_days(first, last))
        found: list[bool | None] = [False] * len(days)
        for fight in fights_asked(self.crisis, event):
            if fight.pair is not None:
                one = self._war_of(fight.front, fight.pair, days)
            elif len(fight.front.pairs) == 1:
                one = [self._routine(fight.front, day) for day in days]
            else:
                continue
            found = [_either(a, b) for a, b in zip(found, one, strict=True)]
        return found

    def _war_of(self, front: Front, pair: tuple[str, str], days: list[date]) -> list[bool | None]:
        """Tell of each day, in order, whether a pair is at war on a front; None if unknown."""
        own = [
            act.day
            for act in self.acts
            if _is_war(act) and act.front == front.id and {act.actor, act.target} == set(pair)
        ]
        begun = min(own, default=date.max)
        war = self.war(front.id)
        goes_on = bool(days) and front.war and (len(front.pairs) == 1 or begun < days[0])
        open_still = None if goes_on else False
        return [
            True if (begun <= day and day in war) or (goes_on and day == days[0]) else open_still
            for day in days
        ]

    def longest_quiet(self, front: str, first: date, last: date) -> tuple[int, int]:
        """Return bounds on the longest run of days without force on a front, *first* to *last*.

        The first number takes days of which nobody knows as days of force, the second as quiet.
        """
        force = self.force(front, first, last)
        return _longest(force, {False}), _longest(force, {False, None})

    def quiet_until(self, front: str, first: date, last: date) -> int:
        """Return how many days without force end on the last day, counted from the first."""
        force = self.force(front, first, last)
        return next((k for k, one in enumerate(reversed(force)) if one is not False), len(force))

    def _routine(self, front: Front, day: date) -> bool | None:
        """Tell whether a day saw the routine exchange of a front that burns; None if unknown."""
        if day > self.until:
            return None
        begun = [one for one in front.tempo if one.start <= day]
        if not begun:
            return None if front.war else False
        latest = max(begun, key=lambda one: (one.end, one.known))
        if latest.acts_per_day < BURNING_RATE:
            return None if front.war else False
        return True if day <= latest.end else None


def _either(one: bool | None, other: bool | None) -> bool | None:
    """Tell whether one of two is so; None where that hangs on what nobody knows."""
    if one or other:
        return True
    return None if one is None or other is None else False


def killed(act: Act) -> int:
    """Return how many people of its target an act killed."""
    return 0 if act.harm is None else act.harm.killed


def _is_war(act: Act) -> bool:
    return level_named(act.level) == Level.WAR


def _is_force(act: Act) -> bool:
    return level_named(act.level) >= FORCE_THRESHOLD


def _days(first: date, last: date) -> Iterator[date]:
    return (first + k * DAY for k in range((last - first).days + 1))


def _longest(force: list[bool | None], wanted: set[bool | None]) -> int:
    runs = [sum(1 for _ in run) for calm, run in groupby(force, lambda one: one in wanted) if calm]
    return max(runs, default=0)
