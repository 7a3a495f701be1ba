"""Fighting that no act tells, by day: of fronts that burn, and of wars.

`offramp.forecast.events.event_days` says on which day such fighting is first what a question asks
for; here are all the days, for questions that count or relate.
"""

from __future__ import annotations

import numpy as np

from offramp.crisis.questions import ActEvent
from offramp.engine.ensemble import Futures
from offramp.engine.outcome import WEEK
from offramp.engine.plan import IntArray
from offramp.forecast.events import attacks_needed, fights_asked, first_days_of_war

Days = tuple[IntArray, IntArray]
"""Future and day after the as-of date, (n,) each."""


def fighting_days(futures: Futures, event: ActEvent) -> Days:
    """Return the days with fighting that an event asks for; each day of a future once or more."""
    found: list[Days] = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    for fight in fights_asked(futures.compiled.crisis, event):
        place = futures.compiled.fronts.index(fight.front.id)
        if fight.pair is None:
            found.append(_under_attack(futures, place, fight.share))
        else:
            begun = first_days_of_war(futures, place, fight.front, fight.pair)
            found.append(_at_war(futures, place, begun))
    return np.concatenate([one[0] for one in found]), np.concatenate([one[1] for one in found])


def _at_war(futures: Futures, front: int, begun: IntArray) -> Days:
    """Return the days at war from the first on; a week's days at war are its first ones."""
    opens = np.arange(futures.war_days.shape[2]) * WEEK + 1
    first = np.maximum(opens, begun[:, None])
    whole = futures.war_days[:, front].astype(np.int64)
    days = np.where(first == begun[:, None], np.maximum(whole, 1), whole)
    days = np.minimum(days, opens + WEEK - first)
    found = [np.nonzero(days > k) for k in range(WEEK)]
    rows = np.concatenate([row for row, _ in found])
    when = np.concatenate([first[row, week] + k for k, (row, week) in enumerate(found)])
    return rows, when


def _under_attack(futures: Futures, front: int, share: float) -> Days:
    """Return the days with an attack that counts, a week's attacks spread evenly over it.

    From the first on that is asked for, every so many-th is, by their share.
    """
    attacks = futures.attacks[:, front].astype(np.int64)
    before = np.cumsum(attacks, axis=1) - attacks
    turn = round(1.0 / share)
    first = attacks_needed(futures, share).astype(np.int64)[:, None] - before
    rows, when = [], []
    for day in range(1, WEEK + 1):
        low = (day - 1) * (attacks + 1) // WEEK + 1  # of the week's attacks, those of the day
        high = np.minimum(day * (attacks + 1) // WEEK, attacks)
        one = np.maximum(low, first)
        own = one + (first - one) % turn
        row, week = np.nonzero(own <= high)
        rows.append(row)
        when.append(week * WEEK + day)
    return np.concatenate(rows), np.concatenate(when)
