"""The kernel: futures from the end of a timeline, each a pure function of seed and number.

The order of a day, in replay and in simulation alike:

1. fronts whose fighting ends; what a lever changes; dyads that are due are read anew;
2. the morning: every dyad whose hazard is used up acts, on what it knew the day before;
3. these acts work, and on the evening whoever is in a crisis since today may answer at once;
4. burning fronts: the end and the toll of what is new, the day's attacks, the toll of war;
5. whoever was touched reads its state anew for the next day.

Each dyad carries an exponential clock that its hazard uses up (the random time change of a
point process). So the kernel goes from one day on which something happens to the next, passing
only the burning fronts in between, and a lever that changes one hazard leaves the other clocks
alone.
"""

from __future__ import annotations

import math

from numba import njit

from offramp.choice.model import choose
from offramp.compiling import lean, lean_inlined
from offramp.engine.changes import make_changes, next_change
from offramp.engine.copying import own_draw, own_plan, own_world, restore
from offramp.engine.dynamics import (
    ACT_DAY,
    ACTOR,
    ACTS,
    BURNING,
    CHOSEN,
    END_DAY,
    HAZARD,
    REMAINING,
    REVIEW_DAY,
    SETTLED,
    TOUCHED,
    end_fighting,
    mass_of,
    note_act,
    pass_evening,
    read_dyad,
    settle,
)
from offramp.engine.expecting import begin_watching, expect, surprise_at
from offramp.engine.fires import burn, kindle, over_already, room_for_luck
from offramp.engine.outcome import Record, act
from offramp.engine.plan import (
    FAR,
    Draw,
    Draws,
    FloatArray,
    Plan,
    World,
)
from offramp.engine.replay import answers_tonight, settle_and_read
from offramp.engine.streams import CLOCK, LEVEL, exponential, uniform

NEGLIGIBLE = 1e-12


@lean_inlined
def _schedule(world: World, dyad: int, day: int) -> None:
    hazard = world.dyads[dyad, HAZARD]
    if hazard <= 0.0:
        world.schedule[ACT_DAY, dyad] = FAR
        return
    days = math.ceil(max(world.dyads[dyad, REMAINING], NEGLIGIBLE) / hazard) - 1.0
    world.schedule[ACT_DAY, dyad] = day + max(days, 0.0)


@lean_inlined
def _wind(world: World, key: int, future: int, dyad: int) -> None:
    number = int(world.dyads[dyad, ACTS])
    world.dyads[dyad, REMAINING] = exponential(key, future, CLOCK, dyad, number)


@lean_inlined
def _decide(
    plan: Plan, draw: Draw, world: World, key: int, future: int, dyad: int, day: int
) -> int:
    number = int(world.dyads[dyad, ACTS])
    factor = draw.factor[plan.dyads[dyad, ACTOR]]
    level = choose(mass_of(world, dyad), factor, uniform(key, future, LEVEL, dyad, number))
    note_act(plan, draw, world, dyad, day, level)
    _wind(world, key, future, dyad)
    _schedule(world, dyad, day + 1)  # an act that changes nothing is followed by no new reading
    return level


@lean_inlined
def _morning(
    plan: Plan,
    draw: Draw,
    world: World,
    key: int,
    future: int,
    day: int,
) -> bool:
    """Let every dyad whose hazard is used up choose its level, 0 for the rest; whether any acts."""
    any_act = False
    for dyad in range(plan.dyads.shape[0]):
        world.schedule[CHOSEN, dyad] = 0.0
        if world.schedule[ACT_DAY, dyad] == day:
            settle(plan, draw, world, dyad, day)
            expect(plan, draw, world, dyad, day, day + 1)
            world.schedule[CHOSEN, dyad] = _decide(plan, draw, world, key, future, dyad, day)
            any_act = True
    return any_act


@lean_inlined
def _evening(
    plan: Plan,
    draw: Draw,
    world: World,
    key: int,
    future: int,
    day: int,
) -> None:
    """Let those in a crisis since today choose whether to answer tonight, at which level."""
    for dyad in range(plan.dyads.shape[0]):
        world.schedule[CHOSEN, dyad] = 0.0
        if world.schedule[TOUCHED, dyad] > 0.0 and answers_tonight(plan, world, dyad, day):
            settle(plan, draw, world, dyad, day + 1)
            read_dyad(plan, draw, world, dyad, day)
            expect(plan, draw, world, dyad, day, day + 1)
            if world.dyads[dyad, REMAINING] <= world.dyads[dyad, HAZARD]:
                world.schedule[CHOSEN, dyad] = _decide(plan, draw, world, key, future, dyad, day)
            else:
                pass_evening(plan, draw, world, dyad, day)


@lean_inlined
def _let_work(
    plan: Plan,
    draw: Draw,
    world: World,
    key: int,
    future: int,
    row: int,
    day: int,
    record: Record,
) -> None:
    for dyad in range(plan.dyads.shape[0]):
        level = int(world.schedule[CHOSEN, dyad])
        if level:
            act(plan, draw, world, key, future, row, dyad, day, level, record)


@lean_inlined
def _read_due(plan: Plan, draw: Draw, world: World, day: int) -> None:
    for dyad in range(plan.dyads.shape[0]):
        if world.schedule[TOUCHED, dyad] > 0.0 or world.schedule[REVIEW_DAY, dyad] <= day:
            settle_and_read(plan, draw, world, dyad, day)
            _schedule(world, dyad, day)
            world.schedule[TOUCHED, dyad] = 0.0


@lean_inlined
def _end_fires(plan: Plan, world: World, day: int) -> None:
    for front in range(plan.link.shape[0]):
        if world.fronts[front, END_DAY] == day:
            end_fighting(plan, world, front, day)


@lean_inlined
def _kindle_new(
    plan: Plan,
    draw: Draw,
    world: World,
    key: int,
    future: int,
    day: int,
    luck: FloatArray,
) -> None:
    """Draw the end and the toll of what has begun to burn, on the day on which it did."""
    for front in range(plan.link.shape[0]):
        if world.fronts[front, BURNING] > 0.0 and world.fronts[front, END_DAY] == FAR:
            kindle(plan, draw, world, key, future, front, day, luck)


@lean_inlined
def _next_event(world: World, day: int) -> int:
    """Return the next day on which a dyad acts or is read anew, or fighting ends."""
    soonest = FAR
    for dyad in range(world.schedule.shape[1]):
        if world.schedule[TOUCHED, dyad] > 0.0:
            return day + 1
        soonest = min(soonest, world.schedule[ACT_DAY, dyad])
        soonest = min(soonest, world.schedule[REVIEW_DAY, dyad])
    for front in range(world.fronts.shape[0]):
        soonest = min(soonest, world.fronts[front, END_DAY])
    return max(int(min(soonest, 1e9)), day + 1)


@lean_inlined
def _stop_watching(
    plan: Plan, draw: Draw, world: World, row: int, last: int, record: Record
) -> None:
    """Record what was counted less what was expected of it up to the *last* day."""
    if plan.watched.shape[1] > 0:
        for dyad in range(plan.dyads.shape[0]):
            settle(plan, draw, world, dyad, last + 1)
    for place in range(plan.watched.shape[1]):
        plain, late = surprise_at(world, place)
        record.surprise[row, place, 0] = plain
        record.surprise[row, place, 1] = late


@lean
def simulate_one(
    plan: Plan,
    draw: Draw,
    world: World,
    key: int,
    future: int,
    row: int,
    horizon: int,
    luck: FloatArray,
    record: Record,
) -> None:
    """Simulate one future from *world*, which is used up, into row *row* of *record*.

    *luck* is room from `offramp.engine.fires.room_for_luck`.
    """
    world.dyads[:, ACTS] = 0.0
    world.schedule[TOUCHED] = 1.0
    world.dyads[:, SETTLED] = plan.as_of_day + 1
    for dyad in range(plan.dyads.shape[0]):
        _wind(world, key, future, dyad)
    day = plan.as_of_day + 1
    for front in range(plan.link.shape[0]):
        if over_already(plan, draw, world, key, future, front):
            world.fronts[front, END_DAY] = day
    last = plan.as_of_day + horizon
    made = 0
    begin_watching(plan, world)
    while day <= last:
        _end_fires(plan, world, day)
        made = make_changes(plan, draw, world, day, made)
        _read_due(plan, draw, world, day)
        if _morning(plan, draw, world, key, future, day):
            _let_work(plan, draw, world, key, future, row, day, record)
            _evening(plan, draw, world, key, future, day)
            _let_work(plan, draw, world, key, future, row, day, record)
        _kindle_new(plan, draw, world, key, future, day, luck)
        following = min(_next_event(world, day), next_change(plan, made), last + 1)
        burn(plan, draw, world, luck, row, day, following, record)
        day = following
    _stop_watching(plan, draw, world, row, last, record)


@njit(cache=True, nogil=True)
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
    count = draws.resolve.shape[0]
    own = own_plan(plan)
    room = worlds.room[0].copy()
    luck = room_for_luck(plan.link.shape[0], horizon)
    for row in range(record.count.shape[0]):
        future = first + row
        n = future % count
        if plan.changes.shape[0] > 0:
            restore(own, plan)
        world = own_world(worlds, n, room)
        draw = own_draw(plan, draws, n)
        simulate_one(own, draw, world, key, future, row, horizon, luck, record)
