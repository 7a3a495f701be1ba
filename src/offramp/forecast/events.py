"""Predicates over futures and over the timeline: which acts match, and when first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from offramp.crisis.parts import Attribution, level_bounds
from offramp.crisis.questions import ActEvent
from offramp.crisis.schema import Act, Crisis, Front
from offramp.engine.compile import Compiled
from offramp.engine.ensemble import Futures
from offramp.engine.outcome import WEEK
from offramp.engine.plan import FloatArray, IntArray
from offramp.ladder import FORCE_THRESHOLD, Level, level_named

NEVER = np.iinfo(np.int32).max
"""Day of what does not happen within the horizon."""
GOLDEN = (5**0.5 - 1.0) / 2.0
"""Its multiples, less their whole parts, are spread evenly over 0 to 1 (Weyl)."""


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
            and _may_be(wanted, act.attribution)
        )

    def simulated(self, futures: Futures) -> npt.NDArray[np.bool_]:
        """Which acts of the futures match, (acts,).

        An act without a named option has no known place and is acknowledged.
        """
        low, high = level_bounds(self.event.level)
        dyad, option = self.dyads(futures.compiled), self.options(futures.compiled)
        matches: npt.NDArray[np.bool_] = (
            dyad[futures.dyad] & (futures.level >= low) & (futures.level <= high)
        )
        return matches if option.all() else matches & option[futures.option]

    def dyads(self, compiled: Compiled) -> npt.NDArray[np.bool_]:
        """Whose acts may match, (D,)."""
        wanted = self.event
        return np.array(
            [
                wanted.actor in (None, one.actor)
                and wanted.target in (None, one.target)
                and wanted.front in (None, one.front)
                for one in compiled.dyads
            ]
        )

    def options(self, compiled: Compiled) -> npt.NDArray[np.bool_]:
        """Which options match, and in the last place whether an act without one does, (O + 1,)."""
        wanted = self.event
        return np.array(
            [
                wanted.soil in (None, one.soil) and _may_be(wanted, one.attribution)
                for one in compiled.options
            ]
            + [wanted.soil is None and _may_be(wanted, Attribution.ACKNOWLEDGED)]
        )


def _may_be(event: ActEvent, attribution: Attribution) -> bool:
    return event.attribution is None or attribution in event.attribution


def first_days(futures: Futures, matches: npt.NDArray[np.bool_]) -> IntArray:
    """Return the day of each future's first matching act, `NEVER` where there is none, (K,)."""
    return first_days_of_acts(futures, np.flatnonzero(matches))


def first_days_of_acts(futures: Futures, places: IntArray) -> IntArray:
    """Return the day of each future's first act at one of *places*, ascending, as `first_days`."""
    out = np.full(futures.count, NEVER, np.int64)
    places = places[::-1]  # acts stand in order of time: the first wins
    out[futures.future[places]] = futures.day[places]
    return out


def event_days(futures: Futures, event: ActEvent) -> IntArray:
    """Return the day of each future's first act that an event asks for, `NEVER` if none, (K,).

    The fighting of a front that burns or is at war is not told act by act. It is force of both
    sides: of every level up to `war` from a pair's first act of war on, else `limited`. It has no
    known place. Of routine fighting every actor has the same share against each whom it faces.
    """
    days = first_days(futures, Matcher(event).simulated(futures))
    for fight in fights_asked(futures.compiled.crisis, event):
        place = futures.compiled.fronts.index(fight.front.id)
        if fight.pair is None:
            begun = _first_attack_days(futures, place, fight.share)
        else:
            begun = first_days_of_war(futures, place, fight.front, fight.pair)
        days = np.minimum(days, begun)
    return days


@dataclass(frozen=True)
class Fight:
    """Fighting that an event asks for and no act tells.

    Attributes:
        front: where it is.
        pair: whose war it is; None of the routine fighting of a front that burns.
        share: of what all on the front do, the part that is asked for, above 0 to 1: every actor
            has the same against each whom it faces.
    """

    front: Front
    pair: tuple[str, str] | None
    share: float


def fights_asked(crisis: Crisis, event: ActEvent) -> Iterator[Fight]:
    """Yield the fighting that an event asks for and no act tells."""
    if event.soil is not None or not _may_be(event, Attribution.ACKNOWLEDGED):
        return
    low, high = level_bounds(event.level)
    for front in fronts_of(crisis, event):
        ways = [way for pair in front.pairs for way in (pair, pair[::-1])]
        asked = [
            (actor, target)
            for actor, target in ways
            if event.actor in (None, actor) and event.target in (None, target)
        ]
        share = len(asked) / len(ways)
        if high >= Level.WAR:
            pairs = [pair for pair in front.pairs if pair in asked or pair[::-1] in asked]
            yield from (Fight(front, pair, share) for pair in pairs)
        if asked and low <= Level.LIMITED <= high:
            yield Fight(front, None, share)


def fronts_of(crisis: Crisis, event: ActEvent) -> list[Front]:
    """Return the fronts on which an event may happen."""
    return [front for front in crisis.fronts if event.front in (None, front.id)]


def fights_already(crisis: Crisis, front: Front, pair: tuple[str, str]) -> bool:
    """Tell whether a war that is under way on a front is one of a pair, as far as is told."""
    return len(front.pairs) == 1 or any(
        isinstance(act, Act)
        and act.front == front.id
        and {act.actor, act.target} == set(pair)
        and level_named(act.level) == Level.WAR
        for act in crisis.timeline
    )


def first_days_of_war(
    futures: Futures, place: int, front: Front, pair: tuple[str, str]
) -> IntArray:
    """Return the first day on which a pair is at war on a front, `NEVER` if it is not, (K,)."""
    mine = np.array(
        [
            one.front == front.id and {one.actor, one.target} == set(pair)
            for one in futures.compiled.dyads
        ]
    )
    begun = first_days(futures, (futures.level == Level.WAR) & mine[futures.dyad])
    if not fights_already(futures.compiled.crisis, front, pair):
        return begun
    return np.where(first_war_days(futures, place) == 1, 1, begun)


def _first_attack_days(futures: Futures, front: int, share: float) -> IntArray:
    """Return the day of the first attack that is asked for, `NEVER` if there is none, (K,).

    Attacks are counted by the week and for all sides together. Each is taken to be one of those
    asked for with the same chance, and a week's attacks to be spread evenly over it.

    Args:
        futures: the futures.
        front: index.
        share: of the attacks that are asked for.
    """
    attacks = futures.attacks[:, front].astype(np.float64)
    so_far = np.cumsum(attacks, axis=1)
    needed = attacks_needed(futures, share)
    happened = so_far >= needed[:, None]
    week = np.argmax(happened, axis=1)
    rows = np.arange(futures.count)
    share = needed - (so_far - attacks)[rows, week]
    day = week * WEEK + np.ceil(WEEK * share / (attacks[rows, week] + 1.0)).clip(1, WEEK)
    return np.where(happened.any(axis=1), day, NEVER).astype(np.int64)


def attacks_needed(futures: Futures, share: float) -> FloatArray:
    """Return which attack of a front is the first of those asked for, from 1, (K,).

    Each is with chance *share*. A number of each future's own stands for the dice, so that the
    answer is always the same.
    """
    if share == 1.0:
        return np.ones(futures.count)
    chance = (futures.number + 1) * GOLDEN % 1.0
    first: FloatArray = np.maximum(np.ceil(np.log(chance) / np.log1p(-share)), 1.0)
    return first


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


@dataclass(frozen=True)
class QuietRuns:
    """Runs of days without force on a front, by future and then by day; (R,) each.

    Attributes:
        future: the row.
        after: day of force, after the as-of date, that a run follows; it may lie before.
        before: day of force, or the day after the last that counts, that ends it.
    """

    future: IntArray
    after: IntArray
    before: IntArray

    @property
    def days(self) -> IntArray:
        """How many days each run has; 0 between two days of force, (R,)."""
        days: IntArray = np.maximum(self.before - self.after - 1, 0)
        return days


def quiet_runs(futures: Futures, front: int, days: int, quiet_before: int) -> QuietRuns:
    """Return the runs of days without use of force on a front up to *days*.

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
    counts = when <= days + 1
    order = np.lexsort((when[counts], rows[counts]))
    rows, when = rows[counts][order], when[counts][order]
    previous = np.concatenate([[0], when[:-1]])
    previous[np.searchsorted(rows, np.arange(futures.count))] = -quiet_before
    return QuietRuns(rows, previous, when)


def longest_quiet(futures: Futures, front: int, days: int, quiet_before: int) -> IntArray:
    """Return the longest run of days without use of force on a front up to *days*, (K,).

    Arguments as in :func:`quiet_runs`.
    """
    runs = quiet_runs(futures, front, days, quiet_before)
    starts = np.searchsorted(runs.future, np.arange(futures.count))
    longest: IntArray = np.maximum.reduceat(runs.days, starts)
    return longest


def strongest_by_week(futures: Futures, front: int) -> npt.NDArray[np.int8]:
    """Return the gravest level on a front in each week, (K, W).

    A burning front has at least `limited`, a front at war has `war`.
    """
    weeks = futures.attacks.shape[2]
    out = np.zeros((futures.count, weeks), np.int8)
    mine = np.flatnonzero(_on_front(futures, front))
    place = futures.future[mine] * weeks + (futures.day[mine] - 1) // WEEK
    first = np.flatnonzero(np.diff(place, prepend=-1))  # acts stand in order of future and time
    if len(first):
        out.ravel()[place[first]] = np.maximum.reduceat(futures.level[mine], first)
    out = np.maximum(out, np.where(futures.attacks[:, front] > 0, 6, 0).astype(np.int8))
    return np.maximum(out, np.where(futures.war_days[:, front] > 0, 8, 0).astype(np.int8))


def by_draw(futures: Futures, outcome: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mean of an outcome and number of futures by posterior draw, (draws,) each."""
    count = np.bincount(futures.draw, minlength=futures.draws).astype(np.float64)
    total = np.bincount(futures.draw, outcome, minlength=futures.draws)
    return total / np.maximum(count, 1.0), count


def by_draw_and_day(
    futures: Futures, days: IntArray, grid: list[int]
) -> tuple[FloatArray, FloatArray]:
    """Return how often, by draw, something has happened by each day of an ascending *grid*.

    Args:
        futures: the futures.
        days: its first day in each future, (K,).
        grid: days, G of them.

    Returns:
        share of a draw's futures, (draws, G), and how many these are, (draws,).
    """
    columns = len(grid) + 1
    column = np.searchsorted(grid, days)  # the first day of the grid by which it has happened
    table = np.bincount(futures.draw * columns + column, minlength=futures.draws * columns)
    happened = table.reshape(futures.draws, columns).cumsum(axis=1)
    count = happened[:, -1].astype(np.float64)
    return happened[:, :-1] / np.maximum(count, 1.0)[:, None], count
