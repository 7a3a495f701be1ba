"""The kernel: futures from the end of a timeline, each a pure function of seed and number.

The order of a day, in replay and in simulation alike:

1. fronts whose fighting ends; dyads that are due are read anew;
2. the morning: every dyad whose hazard is used up acts, on what it knew the day before;
3. these acts work, and on the evening whoever was provoked may answer at once;
4. burning fronts: the day's attacks, and the toll of war;
5. whoever was touched reads its state anew for the next day.

Each dyad carries an exponential clock that its hazard uses up (the random time change of a
point process). So the kernel goes from one day on which something happens to the next, passing
only the burning fronts in between, and a lever that changes one hazard leaves the other clocks
alone.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from numba import njit

from offramp.choice.model import choose
from offramp.engine.dynamics import (
    ACT_DAY,
    ACTOR,
    ACTS,
    BURNING,
    END_DAY,
    FAR,
    HAZARD,
    REMAINING,
    REVIEW_DAY,
    SETTLED,
    TOUCHED,
    end_fighting,
    events_of,
    mass_of,
    note_act,
    pass_evening,
    read_dyad,
    settle,
    utility_of,
)
from offramp.engine.fires import burn, kindle
from offramp.engine.outcome import Record, act
from offramp.engine.plan import Draws, Plan, World, own_draw, own_plan
from offramp.engine.replay import answers_tonight, settle_and_read
from offramp.engine.streams import CLOCK, LEVEL, exponential, uniform
from offramp.engine.threads import in_threads

NEGLIGIBLE = 1e-12


@njit(cache=True)
def _schedule(world: World, dyad: int, day: int) -> None:
    row = world.dyads[dyad]
    if row[HAZARD] <= 0.0:
        row[ACT_DAY] = FAR
        return
    days = math.ceil(max(row[REMAINING], NEGLIGIBLE) / row[HAZARD]) - 1.0
    row[ACT_DAY] = day + max(days, 0.0)


@njit(cache=True)
def _wind(world: World, key: int, future: int, dyad: int) -> None:
    row = world.dyads[dyad]
    row[REMAINING] = exponential(key, future, CLOCK, dyad, int(row[ACTS]))


@njit(cache=True)
def _decide(
    plan: Plan, draws: Draws, n: int, world: World, key: int, future: int, dyad: int, day: int
) -> int:
    level = choose(
        utility_of(world, dyad),
        mass_of(world, dyad),
        draws.factor[n, plan.dyads[dyad, ACTOR]],
        events_of(plan, world, dyad),
        uniform(key, future, LEVEL, dyad, int(world.dyads[dyad, ACTS])),
    )
    note_act(plan, draws, n, world, dyad, day, level)
    _wind(world, key, future, dyad)
    _schedule(world, dyad, day + 1)  # an act that changes nothing is followed by no new reading
    return level


@njit(cache=True)
def _morning(
    plan: Plan,
    draws: Draws,
    n: int,
    world: World,
    key: int,
    future: int,
    day: int,
    chosen: npt.NDArray[np.int64],
) -> bool:
    """Let every dyad whose hazard is used up choose its level into *chosen*, 0 for the rest."""
    any_act = False
    for dyad in range(chosen.shape[0]):
        chosen[dyad] = 0
        if world.dyads[dyad, ACT_DAY] == day:
            settle(plan, draws, world, dyad, day)
            chosen[dyad] = _decide(plan, draws, n, world, key, future, dyad, day)
            any_act = True
    return any_act


@njit(cache=True)
def _evening(
    plan: Plan,
    draws: Draws,
    n: int,
    world: World,
    key: int,
    future: int,
    day: int,
    chosen: npt.NDArray[np.int64],
) -> None:
    """Let those provoked today choose whether to answer tonight; levels into *chosen*."""
    for dyad in range(chosen.shape[0]):
        chosen[dyad] = 0
        if world.dyads[dyad, TOUCHED] > 0.0 and answers_tonight(plan, world, dyad, day):
            settle(plan, draws, world, dyad, day + 1)
            read_dyad(plan, draws, n, world, dyad, day)
            if world.dyads[dyad, REMAINING] <= world.dyads[dyad, HAZARD]:
                chosen[dyad] = _decide(plan, draws, n, world, key, future, dyad, day)
            else:
                pass_evening(plan, draws, world, dyad, day)


@njit(cache=True)
def _let_work(
    plan: Plan,
    draws: Draws,
    n: int,
    world: World,
    key: int,
    future: int,
    row: int,
    day: int,
    chosen: npt.NDArray[np.int64],
    record: Record,
) -> None:
    for dyad in range(chosen.shape[0]):
        if chosen[dyad]:
            act(plan, draws, n, world, key, future, row, dyad, day, chosen[dyad], record)


@njit(cache=True)
def _read_due(plan: Plan, draws: Draws, n: int, world: World, day: int) -> None:
    for dyad in range(plan.dyads.shape[0]):
        row = world.dyads[dyad]
        if row[TOUCHED] > 0.0 or row[REVIEW_DAY] <= day:
            settle_and_read(plan, draws, n, world, dyad, day)
            _schedule(world, dyad, day)
            row[TOUCHED] = 0.0


@njit(cache=True)
def _tend_fires(
    plan: Plan, draws: Draws, n: int, world: World, key: int, future: int, day: int
) -> None:
    """End what has run its course, and draw the end of what has begun to burn."""
    for front in range(plan.link.shape[0]):
        fires = world.fronts[front]
        if fires[END_DAY] == day:
            end_fighting(plan, world, front, day)
        if fires[BURNING] > 0.0 and fires[END_DAY] == FAR:
            kindle(draws, n, world, key, future, front, day)


@njit(cache=True)
def _next_event(world: World, day: int) -> int:
    """Return the next day on which a dyad acts or is read anew, or fighting ends."""
    soonest = FAR
    for dyad in range(world.dyads.shape[0]):
        row = world.dyads[dyad]
        if row[TOUCHED] > 0.0:
            return day + 1
        soonest = min(soonest, row[ACT_DAY], row[REVIEW_DAY])
    for front in range(world.fronts.shape[0]):
        fires = world.fronts[front]
        if fires[BURNING] > 0.0 and fires[END_DAY] == FAR:
            return day + 1
        soonest = min(soonest, fires[END_DAY])
    return max(int(min(soonest, 1e9)), day + 1)


@njit(cache=True)
def simulate_one(
    plan: Plan,
    draws: Draws,
    n: int,
    world: World,
    key: int,
    future: int,
    row: int,
    horizon: int,
    record: Record,
) -> None:
    """Simulate one future from *world*, which is used up, into row *row* of *record*."""
    chosen = np.zeros(plan.dyads.shape[0], np.int64)
    world.dyads[:, ACTS] = 0.0
    world.dyads[:, TOUCHED] = 1.0
    world.dyads[:, SETTLED] = plan.as_of_day + 1
    for dyad in range(chosen.shape[0]):
        _wind(world, key, future, dyad)
    day = plan.as_of_day + 1
    last = plan.as_of_day + horizon
    while day <= last:
        _tend_fires(plan, draws, n, world, key, future, day)
        _read_due(plan, draws, n, world, day)
        if _morning(plan, draws, n, world, key, future, day, chosen):
            _let_work(plan, draws, n, world, key, future, row, day, chosen, record)
            _evening(plan, draws, n, world, key, future, day, chosen)
            _let_work(plan, draws, n, world, key, future, row, day, chosen, record)
        following = min(_next_event(world, day), last + 1)
        burn(plan, draws, n, world, key, future, row, day, following, record)
        day = following


@njit(cache=True, nogil=True)
def simulate_range(
    plan: Plan,
    draws: Draws,
    worlds: World,
    key: int,
    first: int,
    begin: int,
    end: int,
    horizon: int,
    record: Record,
) -> None:
    """Simulate futures *first* + *begin* to *first* + *end*, each into its row of *record*."""
    count = draws.resolve.shape[0]
    own = own_plan(plan)
    for row in range(begin, end):
        future = first + row
        n = future % count
        world = World(worlds.dyads[n].copy(), worlds.log_belief[n].copy(), worlds.fronts[n].copy())
        simulate_one(own, own_draw(draws, n), 0, world, key, future, row, horizon, record)


def simulate(
    plan: Plan,
    draws: Draws,
    worlds: World,
    key: int,
    first: int,
    horizon: int,
    record: Record,
) -> None:
    """Simulate futures *first* and on, one a row of *record*; future k uses draw k mod N."""

    def work(begin: int, end: int) -> None:
        simulate_range(plan, draws, worlds, key, first, begin, end, horizon, record)

    in_threads(len(record.count), work)
