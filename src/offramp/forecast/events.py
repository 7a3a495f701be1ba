"""Predicates over futures and over the timeline: which acts match, and when first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from offramp.crisis.parts import Attribution, level_bounds
from offramp.crisis.questions import ActEvent
from offramp.crisis.schema import Act
from offramp.engine.ensemble import Futures
from offramp.engine.outcome import WEEK
from offramp.engine.plan import FloatArray, IntArray
from offramp.ladder import FORCE_THRESHOLD, Level, level_named

NEVER = np.iinfo(np.int32).max
"""Day of what does not happen within the horizon."""


@dataclass(frozen=True)
class Matcher:
    """What an act must be; the same for the timeline and for futures."""

    event: ActEvent

    def known(self, act: Act) -> bool:
        """Whether an act of the timeline matches."""
        low, high = level_bounds(self.event.level)
        wanted = self.event
        return (
            wanted.actor in (None, act.actor)
            and wanted.target in (None, act.target)
            and wanted.front in (None, act.front)
            and low <= level_named(act.level) <= high
            and wanted.soil in (None, act.soil)
            and (wanted.attribution is None or act.attribution in wanted.attribution)
        )

    def simulated(self, futures: Futures) -> npt.NDArray[np.bool_]:
        """Which acts of the futures match, (acts,).

        An act without a named option has no known place and is acknowledged.
        """
        low, high = level_bounds(self.event.level)
        wanted, compiled = self.event, futures.compiled
        dyad = np.array(
            [
                wanted.actor in (None, one.actor)
                and wanted.target in (None, one.target)
                and wanted.front in (None, one.front)
                for one in compiled.dyads
            ]
        )
        option = np.array(
            [
                wanted.soil in (None, one.soil)
                and (wanted.attribution is None or one.attribution in wanted.attribution)
                for one in compiled.options
            ]
            + [
                wanted.soil is None
                and (wanted.attribution is None or Attribution.ACKNOWLEDGED in wanted.attribution)
            ]
        )
        matches: npt.NDArray[np.bool_] = (
            dyad[futures.dyad]
            & (futures.level >= low)
            & (futures.level <= high)
            & option[futures.option]
        )
        return matches


def first_days(futures: Futures, matches: npt.NDArray[np.bool_]) -> IntArray:
    """Return the day of each future's first matching act, `NEVER` where there is none, (K,)."""
    out = np.full(futures.count, NEVER, np.int64)
    places = np.flatnonzero(matches)[::-1]  # acts stand in order of time: the first wins
    out[futures.future[places]] = futures.day[places]
    return out


def first_war_days(futures: Futures, front: int) -> IntArray:
    """Return the first day on which a front is at war, `NEVER` where it is not, (K,).

    War begins with an act, or goes on from before: then the first week has more days at war
    than it has from the first act of war on.
    """
    begun = first_days(futures, (futures.level == Level.WAR) & _on_front(futures, front))
    since = np.clip(min(WEEK, futures.horizon) - begun + 1, 0, WEEK)
    return np.where(futures.war_days[:, front, 0] > since, 1, begun)


def _on_front(futures: Futures, front: int) -> npt.NDArray[np.bool_]:
    name = futures.compiled.fronts[front]
    mine = np.array([one.front == name for one in futures.compiled.dyads])
    found: npt.NDArray[np.bool_] = mine[futures.dyad]
    return found


def longest_quiet(futures: Futures, front: int, days: int, quiet_before: int) -> IntArray:
    """Return the longest run of days without use of force on a front up to *days*, (K,).

    Args:
        futures: the futures.
        front: index.
        days: last day that counts, after the as-of date.
        quiet_before: days without force up to and including the as-of date.
    """
    force = _on_front(futures, front) & (futures.level >= FORCE_THRESHOLD) & (futures.day <= days)
    rows, when = futures.future[force], futures.day[force].astype(np.int64)
    fighting = (futures.war_days[:, front] > 0) | (futures.attacks[:, front] > 0)
    row, week = np.nonzero(fighting)
    burning = np.concatenate([week * WEEK + k for k in range(1, WEEK + 1)])
    rows = np.concatenate([rows, np.tile(row, WEEK), np.arange(futures.count)])
    when = np.concatenate([when, burning, np.full(futures.count, days + 1)])
    keep = when <= days + 1
    order = np.lexsort((when[keep], rows[keep]))
    rows, when = rows[keep][order], when[keep][order]
    starts = np.searchsorted(rows, np.arange(futures.count))
    previous = np.concatenate([[0], when[:-1]])
    previous[starts] = -quiet_before
    longest: IntArray = np.maximum.reduceat(when - previous - 1, starts)
    return longest


def strongest_by_week(futures: Futures, front: int) -> npt.NDArray[np.int8]:
    """Return the gravest level on a front in each week, (K, W).

    A burning front has at least `limited`, a front at war has `war`.
    """
    weeks = futures.attacks.shape[2]
    out = np.zeros((futures.count, weeks), np.int8)
    mine = _on_front(futures, front)
    week = (futures.day[mine].astype(np.int64) - 1) // WEEK
    np.maximum.at(out, (futures.future[mine], week), futures.level[mine])
    out = np.maximum(out, np.where(futures.attacks[:, front] > 0, 6, 0).astype(np.int8))
    return np.maximum(out, np.where(futures.war_days[:, front] > 0, 8, 0).astype(np.int8))


def by_draw(futures: Futures, outcome: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mean of an outcome and number of futures by posterior draw, (draws,) each."""
    count = np.bincount(futures.draw, minlength=futures.draws).astype(np.float64)
    total = np.bincount(futures.draw, outcome, minlength=futures.draws)
    return total / np.maximum(count, 1.0), count
