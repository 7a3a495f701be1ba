"""The timeline, replayed under each draw: its exact log probability, and where it leads."""

from __future__ import annotations

import numpy as np
from numba import njit

from offramp.choice.covariates import Slot
from offramp.engine.dynamics import (
    apply_act,
    events_of,
    ignite,
    new_world,
    note_act,
    pass_evening,
    read_dyad,
    settle,
    store_world,
)
from offramp.engine.plan import (
    ACT,
    AT_WAR,
    HAS_BURNED,
    IGNITE,
    NORMAL_EVENTS,
    SET_SLOT,
    Draws,
    FloatArray,
    Plan,
    World,
)
from offramp.engine.threads import in_threads

_PROVOKED_DAY, _PROVOKED_LEVEL = int(Slot.PROVOKED_DAY), int(Slot.PROVOKED_LEVEL)


@njit(cache=True)
def answers_tonight(plan: Plan, world: World, dyad: int, day: int) -> bool:
    """Whether *dyad* may still answer on the evening of *day* what was done to it that day."""
    return (
        world.state[dyad, _PROVOKED_DAY] == day
        and world.state[dyad, _PROVOKED_LEVEL] > 0.0
        and world.acted[dyad] != day
        and events_of(plan, world, dyad) == NORMAL_EVENTS
    )


@njit(cache=True)
def settle_and_read(plan: Plan, draws: Draws, n: int, world: World, dyad: int, day: int) -> float:
    """Account for the days before *day* and read *dyad* anew from *day* on."""
    log_probability = settle(plan, draws, world, dyad, day)
    world.settled[dyad] = day
    read_dyad(plan, draws, n, world, dyad, day)
    return log_probability


@njit(cache=True)
def _work(plan: Plan, draws: Draws, n: int, world: World, event: int) -> None:
    value = plan.event_value[event]
    apply_act(
        plan,
        draws,
        n,
        world,
        plan.event_place[event],
        plan.event_day[event],
        plan.event_level[event],
        value[0],
        value[1] > 0.0,
        value[2] > 0.0,
        value[3],
        value[4] > 0.0,
    )


@njit(cache=True)
def _morning(plan: Plan, draws: Draws, n: int, world: World, first: int, last: int) -> float:
    """Choices of the day were made before any of them worked: note all, then apply all."""
    log_probability = 0.0
    for event in range(first, last):
        if plan.event_kind[event] == ACT and not plan.event_evening[event]:
            dyad, day = plan.event_place[event], plan.event_day[event]
            log_probability += settle(plan, draws, world, dyad, day)
            log_probability += note_act(plan, draws, n, world, dyad, day, plan.event_level[event])
    for event in range(first, last):
        if plan.event_kind[event] == ACT and not plan.event_evening[event]:
            _work(plan, draws, n, world, event)
    return log_probability


@njit(cache=True)
def _evening(
    plan: Plan, draws: Draws, n: int, world: World, first: int, last: int, day: int
) -> float:
    log_probability = 0.0
    for dyad in range(plan.dyad_actor.shape[0]):
        if not (world.touched[dyad] and answers_tonight(plan, world, dyad, day)):
            continue
        log_probability += settle_and_read(plan, draws, n, world, dyad, day + 1)
        read_dyad(plan, draws, n, world, dyad, day)
        answered = False
        for event in range(first, last):
            if plan.event_evening[event] and plan.event_place[event] == dyad:
                log_probability += note_act(
                    plan, draws, n, world, dyad, day, plan.event_level[event]
                )
                answered = True
        if not answered:
            log_probability += pass_evening(plan, draws, world, dyad, day)
    for event in range(first, last):
        if plan.event_evening[event]:
            dyad = plan.event_place[event]
            if world.acted[dyad] != day:  # not provoked enough for an evening of its own
                log_probability += settle(plan, draws, world, dyad, day)
                log_probability += note_act(
                    plan, draws, n, world, dyad, day, plan.event_level[event]
                )
            _work(plan, draws, n, world, event)
    return log_probability


@njit(cache=True)
def _set_slots(plan: Plan, world: World, first: int, last: int) -> None:
    for event in range(first, last):
        if plan.event_kind[event] == SET_SLOT:
            dyad = plan.event_place[event]
            world.state[dyad, plan.event_level[event]] = plan.event_value[event, 0]
            world.touched[dyad] = 1


@njit(cache=True)
def replay(plan: Plan, draws: Draws, n: int, world: World) -> float:
    """Replay the timeline under draw *n* in *world*; return its log probability.

    Only days from `plan.coded_day` on count; earlier ones only set the state.
    """
    log_probability = 0.0
    start = min(plan.coded_day, plan.as_of_day)
    if plan.event_day.shape[0]:
        start = min(start, plan.event_day[0])
    world.settled[:] = start
    world.touched[:] = 1
    first = 0
    for day in range(start, plan.as_of_day + 1):
        last = first
        while last < plan.event_day.shape[0] and plan.event_day[last] == day:
            if plan.event_kind[last] == IGNITE:
                if plan.event_level[last] == HAS_BURNED:
                    world.burned[plan.event_place[last]] = 1
                else:
                    ignite(world, plan.event_place[last], plan.event_level[last] == AT_WAR)
            last += 1
        for dyad in range(plan.dyad_actor.shape[0]):
            if day < plan.coded_day:  # nothing is chosen yet, the state is only kept
                break
            if world.touched[dyad] or world.review_day[dyad] <= day:
                log_probability += settle_and_read(plan, draws, n, world, dyad, day)
                world.touched[dyad] = 0
        if last > first:
            log_probability += _morning(plan, draws, n, world, first, last)
            log_probability += _evening(plan, draws, n, world, first, last, day)
            _set_slots(plan, world, first, last)
        first = last
    for dyad in range(plan.dyad_actor.shape[0]):
        log_probability += settle(plan, draws, world, dyad, plan.as_of_day + 1)
    return log_probability


@njit(cache=True, nogil=True)
def replay_range(
    plan: Plan, draws: Draws, first: int, last: int, worlds: World, out: FloatArray
) -> None:
    """Replay under draws *first* to *last*: end worlds into *worlds*, log probabilities *out*."""
    for n in range(first, last):
        world = new_world(plan, draws)
        out[n] = replay(plan, draws, n, world)
        store_world(world, worlds, n)


def replay_all(plan: Plan, draws: Draws, worlds: World, out: FloatArray) -> None:
    """Replay under every draw, on all threads: worlds, and log probabilities (N,)."""
    in_threads(len(out), lambda first, last: replay_range(plan, draws, first, last, worlds, out))


def room_for_worlds(plan: Plan, draws: Draws, count: int) -> World:
    """Return a :class:`World` whose arrays have a leading axis of *count*."""
    one = new_world(plan, draws)
    return World(*(np.zeros((count, *field.shape), field.dtype) for field in one))
