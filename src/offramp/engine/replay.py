"""The timeline, replayed under each draw: its exact log probability, and where it leads."""

from __future__ import annotations

import numpy as np
from numba import njit

from offramp.choice.dyad import Slot
from offramp.compiling import lean, lean_inlined
from offramp.engine.copying import own_draw, own_plan
from offramp.engine.dynamics import (
    ACTED,
    BURNED,
    REVIEW_DAY,
    SETTLED,
    TOLD,
    TOUCHED,
    apply_act,
    events_of,
    ignite,
    new_world,
    note_act,
    pass_evening,
    read_dyad,
    settle,
)
from offramp.engine.plan import (
    ACT,
    AT_WAR,
    FAR,
    HAS_BURNED,
    IGNITE,
    NORMAL_EVENTS,
    SET_SLOT,
    Draw,
    Draws,
    EventColumn,
    FloatArray,
    Plan,
    World,
)
from offramp.engine.threads import in_threads

_PROVOKED_DAY, _PROVOKED_LEVEL = int(Slot.PROVOKED_DAY), int(Slot.PROVOKED_LEVEL)
_PROVOKED_CRISIS = int(Slot.PROVOKED_CRISIS)
_DAY, _KIND, _PLACE = int(EventColumn.DAY), int(EventColumn.KIND), int(EventColumn.PLACE)
_LEVEL, _EVENING = int(EventColumn.LEVEL), int(EventColumn.EVENING)
_KILLED, _INDIRECT = int(EventColumn.KILLED), int(EventColumn.INDIRECT)
_CRISIS, _FAILED, _ON_SOIL = (
    int(EventColumn.CRISIS),
    int(EventColumn.FAILED),
    int(EventColumn.ON_SOIL),
)


@lean_inlined
def answers_tonight(plan: Plan, world: World, dyad: int, day: int) -> bool:
    """Whether *dyad* may still answer on the evening of *day* a crisis triggered that day.

    Outside crises history does not show who answers within the day: the fit has no such evening.
    """
    row = world.dyads[dyad]
    return (
        row[_PROVOKED_DAY] == day
        and row[_PROVOKED_CRISIS] > 0.0
        and row[_PROVOKED_LEVEL] > 0.0
        and row[ACTED] != day
        and events_of(plan, world, dyad) == NORMAL_EVENTS
    )


@lean_inlined
def settle_and_read(plan: Plan, draw: Draw, world: World, dyad: int, day: int) -> float:
    """Account for the days before *day* and read *dyad* anew from *day* on."""
    log_probability = settle(plan, draw, world, dyad, day)
    world.dyads[dyad, SETTLED] = day
    read_dyad(plan, draw, world, dyad, day)
    return log_probability


@lean_inlined
def _work(plan: Plan, draw: Draw, world: World, event: FloatArray) -> None:
    apply_act(
        plan,
        draw,
        world,
        int(event[_PLACE]),
        int(event[_DAY]),
        int(event[_LEVEL]),
        event[_KILLED],
        event[_INDIRECT] > 0.0,
        event[_CRISIS] > 0.0,
        event[_FAILED],
        event[_ON_SOIL] > 0.0,
    )


@lean_inlined
def _settle_and_note(plan: Plan, draw: Draw, world: World, event: FloatArray) -> float:
    dyad, day, level = int(event[_PLACE]), int(event[_DAY]), int(event[_LEVEL])
    log_probability = settle(plan, draw, world, dyad, day)
    return log_probability + note_act(plan, draw, world, dyad, day, level)


@lean_inlined
def _morning(plan: Plan, draw: Draw, world: World, first: int, last: int) -> float:
    """Choices of the day were made before any of them worked: note all, then apply all."""
    log_probability = 0.0
    for event in plan.events[first:last]:
        if event[_KIND] == ACT and event[_EVENING] == 0.0:
            log_probability += _settle_and_note(plan, draw, world, event)
    for event in plan.events[first:last]:
        if event[_KIND] == ACT and event[_EVENING] == 0.0:
            _work(plan, draw, world, event)
    return log_probability


@lean_inlined
def _evening(plan: Plan, draw: Draw, world: World, first: int, last: int, day: int) -> float:
    log_probability = 0.0
    for dyad in range(plan.dyads.shape[0]):
        if world.schedule[TOUCHED, dyad] == 0.0 or not answers_tonight(plan, world, dyad, day):
            continue
        log_probability += settle_and_read(plan, draw, world, dyad, day + 1)
        read_dyad(plan, draw, world, dyad, day)
        answered = False
        for event in plan.events[first:last]:
            if event[_EVENING] > 0.0 and event[_PLACE] == dyad:
                level = int(event[_LEVEL])
                log_probability += note_act(plan, draw, world, dyad, day, level)
                answered = True
        if not answered:
            log_probability += pass_evening(plan, draw, world, dyad, day)
    for event in plan.events[first:last]:
        if event[_EVENING] > 0.0:
            # Where it was not provoked enough for an evening of its own, it is as any act.
            if world.dyads[int(event[_PLACE]), ACTED] != day:
                log_probability += _settle_and_note(plan, draw, world, event)
            _work(plan, draw, world, event)
    return log_probability


@lean_inlined
def _set_slots(plan: Plan, world: World, first: int, last: int) -> None:
    for event in plan.events[first:last]:
        if event[_KIND] == SET_SLOT:
            world.dyads[int(event[_PLACE]), int(event[_LEVEL])] = event[_KILLED]
            world.schedule[TOUCHED, int(event[_PLACE])] = 1.0


@lean_inlined
def _ignite_all(plan: Plan, world: World, first: int, last: int) -> None:
    for event in plan.events[first:last]:
        if event[_KIND] == IGNITE:
            front = int(event[_PLACE])
            if event[_LEVEL] == HAS_BURNED:
                world.fronts[front, BURNED] = 1.0
            else:
                ignite(plan, world, front, event[_LEVEL] == AT_WAR)
                if event[_LEVEL] == AT_WAR:  # as long as the file says so
                    world.fronts[front, TOLD] = FAR


@lean
def replay(plan: Plan, draw: Draw, world: World) -> float:
    """Replay the timeline under *draw* in *world*; return its log probability.

    Only days from `plan.coded_day` on count; earlier ones only set the state.
    """
    log_probability = 0.0
    start = min(plan.coded_day, plan.as_of_day)
    if plan.events.shape[0]:
        start = min(start, int(plan.events[0, _DAY]))
    world.dyads[:, SETTLED] = start
    world.schedule[TOUCHED] = 1.0
    first = 0
    for day in range(start, plan.as_of_day + 1):
        last = first
        while last < plan.events.shape[0] and plan.events[last, _DAY] == day:
            last += 1
        if last > first:
            _ignite_all(plan, world, first, last)
        if day >= plan.coded_day:  # before, nothing is chosen and the state is only kept
            for dyad in range(plan.dyads.shape[0]):
                if world.schedule[TOUCHED, dyad] > 0.0 or world.schedule[REVIEW_DAY, dyad] <= day:
                    log_probability += settle_and_read(plan, draw, world, dyad, day)
                    world.schedule[TOUCHED, dyad] = 0.0
        if last > first:
            log_probability += _morning(plan, draw, world, first, last)
            if day >= plan.coded_day:
                log_probability += _evening(plan, draw, world, first, last, day)
            else:
                for event in plan.events[first:last]:
                    if event[_EVENING] > 0.0:
                        _work(plan, draw, world, event)
            _set_slots(plan, world, first, last)
        first = last
    for dyad in range(plan.dyads.shape[0]):
        log_probability += settle(plan, draw, world, dyad, plan.as_of_day + 1)
    return log_probability


@njit(cache=True, nogil=True)
def replay_range(
    plan: Plan, draws: Draws, first: int, last: int, worlds: World, out: FloatArray
) -> None:
    """Replay under draws *first* to *last*: end worlds into *worlds*, log probabilities *out*."""
    own = own_plan(plan)
    for n in range(first, last):
        draw = own_draw(plan, draws, n)
        world = new_world(own, draw)
        out[n] = replay(own, draw, world)
        worlds.dyads[n] = world.dyads
        worlds.schedule[n] = world.schedule
        worlds.exchanged[n] = world.exchanged
        worlds.belief[n] = world.belief
        worlds.fronts[n] = world.fronts


def replay_all(plan: Plan, draws: Draws, worlds: World, out: FloatArray) -> None:
    """Replay under every draw, on all threads: worlds, and log probabilities (N,)."""
    in_threads(len(out), lambda first, last: replay_range(plan, draws, first, last, worlds, out))


def room_for_worlds(plan: Plan, draws: Draws, count: int) -> World:
    """Return a :class:`World` whose arrays have a leading axis of *count*."""
    return World(
        *(np.zeros((count, *field.shape)) for field in new_world(plan, own_draw(plan, draws, 0)))
    )
