"""What happens in a world: reading a dyad, letting days pass, acting, fronts that burn.

The replay of a timeline and the simulation of futures share these steps, so the model that is
conditioned is the model that is simulated.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from offramp.choice.covariates import covariates, covariates_if_provoked
from offramp.choice.dyad import COUNT_SCALES, Slot, commit, hazard_bin, next_review, receive
from offramp.choice.model import (
    MASS_COUNT,
    believe_act,
    believe_hold,
    expected_retaliation,
    log_level,
    log_no_event,
    masses,
    utilities,
)
from offramp.choice.terms import TERM_COUNT
from offramp.compiling import lean, lean_inlined
from offramp.elementary import exp
from offramp.engine.expecting import expect
from offramp.engine.plan import (
    BURNING_EVENTS,
    FAR,
    INDIRECT_FROM,
    NORMAL_EVENTS,
    REVIEW_BURNING_DAYS,
    ROOM_WIDTH,
    SHOCK_BY_LEVEL,
    WAR_EVENTS,
    Draw,
    DyadColumn,
    FloatArray,
    FrontColumn,
    Plan,
    RoomRow,
    ScalarColumn,
    ScheduleRow,
    World,
    WorldColumn,
)
from offramp.ladder import FORCE_THRESHOLD, LEVEL_COUNT, Level

# Numba reads module-level integers as constants; enum members it does not.
_OVERSTRETCH, _LINKED = int(Slot.OVERSTRETCH), int(Slot.LINKED)
_PROVOKED_DAY, _PROVOKED_LEVEL = int(Slot.PROVOKED_DAY), int(Slot.PROVOKED_LEVEL)
_ANSWERED, _COUNT_DAY = int(Slot.ANSWERED), int(Slot.COUNT_DAY)
_OWN_RECENT, _HARM = int(Slot.OWN_RECENT), int(Slot.HARM)
_FORCE, _LIMITED, _WAR = int(FORCE_THRESHOLD), int(Level.LIMITED), int(Level.WAR)
ACTOR, TARGET = int(DyadColumn.ACTOR), int(DyadColumn.TARGET)
FRONT, REVERSE = int(DyadColumn.FRONT), int(DyadColumn.REVERSE)
_FRIENDS_START, _FRIENDS_END = int(DyadColumn.FRIENDS_START), int(DyadColumn.FRIENDS_END)
_UTILITY, _MASS = int(WorldColumn.UTILITY), int(WorldColumn.MASS)
HAZARD, REMAINING = int(WorldColumn.HAZARD), int(WorldColumn.REMAINING)
SETTLED, ACTED = int(WorldColumn.SETTLED), int(WorldColumn.ACTED)
FORCED, ACTS = int(WorldColumn.FORCED), int(WorldColumn.ACTS)
ACT_DAY, REVIEW_DAY = int(ScheduleRow.ACT_DAY), int(ScheduleRow.REVIEW_DAY)
TOUCHED, CHOSEN = int(ScheduleRow.TOUCHED), int(ScheduleRow.CHOSEN)
_X, _RETALIATED = int(RoomRow.COVARIATES), int(RoomRow.RETALIATION)
_COLUMNS, _FRONT_COLUMNS = int(WorldColumn.COUNT), int(FrontColumn.COUNT)
_SCHEDULE_ROWS, _ROOM_ROWS = int(ScheduleRow.COUNT), int(RoomRow.COUNT)
AT_WAR_NOW, BURNING = int(FrontColumn.WAR), int(FrontColumn.BURNING)
BURNED, ACTIVITY = int(FrontColumn.BURNED), int(FrontColumn.ACTIVITY)
RATE, END_DAY = int(FrontColumn.RATE), int(FrontColumn.END_DAY)
TOLD = int(FrontColumn.TOLD)
_RETALIATION, _SHOCK = int(ScalarColumn.RETALIATION), int(ScalarColumn.SHOCK)
_WAR_FACTOR = int(ScalarColumn.WAR_FACTOR)
_DILIGENCE_WORDS = int(ScalarColumn.DILIGENCE_WORDS)
_DILIGENCE_PRESSURE = int(ScalarColumn.DILIGENCE_PRESSURE)
_DILIGENCE_DISPLAY = int(ScalarColumn.DILIGENCE_DISPLAY)
_DILIGENCE_FORCE = int(ScalarColumn.DILIGENCE_FORCE)
_VERBAL, _PRESSURE, _DISPLAY = int(Level.VERBAL), int(Level.PRESSURE), int(Level.DISPLAY)
_DAYS_HELD = 1.0 / (1.0 - np.exp(-1.0 / COUNT_SCALES))  # by the counts, of a steady exchange
EXCHANGE_DAYS = 30
"""Force exchanged in the last so many days makes an opponent count for overstretch."""
REIGNITE_DAYS = 14
ROUTINE_DAYS = 20
"""On a burning front the clock of the hazard stands here: the median, over the days of pairs
of states that exchange force, of the days since the last act of the other (MIE: 15 to 30)."""


@njit(cache=True)
def new_world(plan: Plan, draw: Draw) -> World:
    """Return a world before its first event."""
    dyads = np.zeros((plan.dyads.shape[0], _COLUMNS))
    dyads[:, : plan.initial_state.shape[1]] = plan.initial_state
    dyads[:, ACTED] = -FAR
    dyads[:, FORCED] = -FAR
    schedule = np.zeros((_SCHEDULE_ROWS, plan.dyads.shape[0]))
    schedule[ACT_DAY] = FAR
    schedule[REVIEW_DAY] = FAR
    actors = draw.factor.shape[0]
    exchanged = np.full((actors, actors), -FAR)
    belief = np.empty(draw.node_factor.shape)
    belief[:] = draw.node_weight
    fronts = np.zeros((plan.link.shape[0], _FRONT_COLUMNS))
    fronts[:, ACTIVITY] = 1.0
    fronts[:, RATE] = plan.front_rate
    fronts[:, END_DAY] = FAR
    return World(dyads, schedule, exchanged, belief, fronts, np.zeros((_ROOM_ROWS, ROOM_WIDTH)))


@lean_inlined
def events_of(plan: Plan, world: World, dyad: int) -> int:
    """Return the bit mask of the levels that are events for *dyad* now."""
    front = plan.dyads[dyad, FRONT]
    if world.fronts[front, AT_WAR_NOW] > 0.0:
        return WAR_EVENTS
    if world.fronts[front, BURNING] > 0.0:
        return BURNING_EVENTS
    return NORMAL_EVENTS


@lean_inlined
def _set_context(plan: Plan, world: World, dyad: int, day: int) -> None:
    front = plan.dyads[dyad, FRONT]
    linked = 0.0
    for other in range(plan.link.shape[0]):
        linked += plan.link[other, front] * world.fronts[other, BURNING]
    world.dyads[dyad, _LINKED] = linked
    actor, target = plan.dyads[dyad, ACTOR], plan.dyads[dyad, TARGET]
    opponents = 0.0
    for other in range(world.exchanged.shape[1]):
        if other != target and day - world.exchanged[actor, other] <= EXCHANGE_DAYS:
            opponents += 1.0
    world.dyads[dyad, _OVERSTRETCH] = opponents
    if world.fronts[front, BURNING] > 0.0:
        rate = world.fronts[front, RATE] * world.fronts[front, ACTIVITY]
        _set_routine(world.dyads[dyad], day, rate)


@lean
def _set_routine(state: FloatArray, day: int, rate: float) -> None:
    """Give a dyad on a burning front the counts that a steady exchange at *rate* leaves."""
    daily = 1.0 - exp(-0.5 * rate)
    for k in range(6):
        state[_OWN_RECENT + k] = daily * _DAYS_HELD[k]
    state[_COUNT_DAY] = day
    state[_PROVOKED_DAY] = day - ROUTINE_DAYS
    state[_PROVOKED_LEVEL] = 0.0
    state[_ANSWERED] = 2.0
    state[_HARM] = 0.0


@njit(inline="always")
def utility_of(world: World, dyad: int) -> FloatArray:
    """Return the utilities of *dyad* as last read, (9,)."""
    return world.dyads[dyad, _UTILITY : _UTILITY + LEVEL_COUNT]


@njit(inline="always")
def mass_of(world: World, dyad: int) -> FloatArray:
    """Return what `masses` wrote for *dyad* as last read, (`MASS_COUNT`,)."""
    return world.dyads[dyad, _MASS : _MASS + MASS_COUNT]


@lean_inlined
def read_dyad(plan: Plan, draw: Draw, world: World, dyad: int, day: int) -> None:
    """Read the state of *dyad* for its choices from *day* on.

    Sets its utilities, masses, hazard and the day on which it is read anew. On a front that burns
    or is at war what is no event is routine.
    """
    events = events_of(plan, world, dyad)
    target, reverse = plan.dyads[dyad, TARGET], plan.dyads[dyad, REVERSE]
    x, retaliated = world.room[_X, :TERM_COUNT], world.room[_RETALIATED]
    row, utility, mass = world.dyads[dyad], utility_of(world, dyad), mass_of(world, dyad)
    _set_context(plan, world, dyad, day)
    covariates_if_provoked(world.dyads[reverse], day, x)
    expected_retaliation(
        draw.choice,
        draw.provoked,
        x,
        world.belief[target],
        draw.node_factor[target],
        retaliated,
    )
    situation = covariates(row, day, x)
    utilities(draw.choice, x, hazard_bin(row, day), utility, situation)
    for level in range(_VERBAL, LEVEL_COUNT):
        utility[level] += draw.scalars[_RETALIATION] * (retaliated[level] - draw.by_level[level, 0])
    if day <= plan.as_of_day:  # the words of futures are those that datasets would hold
        utility[_VERBAL] += draw.scalars[_DILIGENCE_WORDS]
    utility[_PRESSURE] += draw.scalars[_DILIGENCE_PRESSURE]
    utility[_DISPLAY] += draw.scalars[_DILIGENCE_DISPLAY]
    for level in range(_FORCE, _WAR):
        utility[level] += draw.scalars[_DILIGENCE_FORCE]
    masses(utility, events, mass)
    row[HAZARD] = -log_no_event(mass, draw.factor[plan.dyads[dyad, ACTOR]])
    if events != NORMAL_EVENTS:
        world.schedule[REVIEW_DAY, dyad] = day + REVIEW_BURNING_DAYS
    else:
        world.schedule[REVIEW_DAY, dyad] = next_review(row, day)


@lean_inlined
def settle(plan: Plan, draw: Draw, world: World, dyad: int, until: int) -> float:
    """Let the days before *until* pass without an act by *dyad*.

    Uses up hazard, updates what others believe of the actor, and returns the log probability
    of the silence on those days that are coded.
    """
    row = world.dyads[dyad]
    days = until - row[SETTLED]
    if days <= 0.0:
        return 0.0
    expect(plan, draw, world, dyad, row[SETTLED], until)
    counted = until - max(row[SETTLED], plan.coded_day)
    row[SETTLED] = until
    row[REMAINING] -= days * row[HAZARD]
    if counted <= 0.0 or row[HAZARD] == 0.0:
        return 0.0
    actor = plan.dyads[dyad, ACTOR]
    believe_hold(world.belief[actor], draw.node_factor[actor], mass_of(world, dyad), int(counted))
    return float(-counted * row[HAZARD])


@lean_inlined
def pass_evening(plan: Plan, draw: Draw, world: World, dyad: int, day: int) -> float:
    """Let the evening of *day*, on which *dyad* was provoked, pass without an act by it."""
    hazard = world.dyads[dyad, HAZARD]
    world.dyads[dyad, REMAINING] -= hazard
    if day < plan.coded_day:
        return 0.0
    actor = plan.dyads[dyad, ACTOR]
    believe_hold(world.belief[actor], draw.node_factor[actor], mass_of(world, dyad), 1)
    return float(-hazard)


@lean_inlined
def note_act(plan: Plan, draw: Draw, world: World, dyad: int, day: int, level: int) -> float:
    """Account for the choice of *level* by *dyad* on *day*; return its log probability.

    A routine act on a burning front is no choice of the model's and counts for nothing.
    """
    row = world.dyads[dyad]
    row[SETTLED] = day + 1
    row[ACTS] += 1.0
    row[ACTED] = day
    if day < plan.coded_day or not (events_of(plan, world, dyad) >> level) & 1:
        return 0.0
    actor = plan.dyads[dyad, ACTOR]
    utility, mass = utility_of(world, dyad), mass_of(world, dyad)
    believe_act(world.belief[actor], draw.node_factor[actor], mass, level)
    return log_level(utility, mass, draw.factor[actor], level)


@lean_inlined
def ignite(plan: Plan, world: World, front: int, at_war: bool) -> None:
    """Set a front burning, and at war if *at_war*; every dyad may be touched by it."""
    world.fronts[front, BURNING] = 1.0
    world.fronts[front, BURNED] = 1.0
    if at_war:
        world.fronts[front, AT_WAR_NOW] = 1.0
    _exchange_on_burning_fronts(plan, world)
    world.schedule[TOUCHED] = 1.0


@lean_inlined
def _exchange_on_burning_fronts(plan: Plan, world: World) -> None:
    for dyad in range(plan.dyads.shape[0]):
        if world.fronts[plan.dyads[dyad, FRONT], BURNING] > 0.0:
            world.exchanged[plan.dyads[dyad, ACTOR], plan.dyads[dyad, TARGET]] = FAR


@lean_inlined
def _exchange(plan: Plan, world: World, dyad: int, day: int) -> None:
    """Note overt force between two; where it is new, both are stretched further towards others."""
    actor, target = plan.dyads[dyad, ACTOR], plan.dyads[dyad, TARGET]
    if day - world.exchanged[actor, target] > EXCHANGE_DAYS:
        for other in range(plan.dyads.shape[0]):
            if plan.dyads[other, ACTOR] == actor or plan.dyads[other, ACTOR] == target:
                world.schedule[TOUCHED, other] = 1.0
    if world.exchanged[actor, target] < day:
        world.exchanged[actor, target] = day
        world.exchanged[target, actor] = day


@lean_inlined
def apply_act(
    plan: Plan,
    draw: Draw,
    world: World,
    dyad: int,
    day: int,
    level: int,
    killed: float,
    indirect: bool,
    crisis: bool,
    failed: float,
    on_soil: bool,
) -> None:
    """Let an act work: on both sides' states, on friends, on fronts; arguments as `receive`."""
    back = plan.dyads[dyad, REVERSE]
    front = plan.dyads[dyad, FRONT]
    if commit(world.dyads[dyad], day, level):
        world.schedule[TOUCHED, dyad] = 1.0
    if receive(world.dyads[back], day, level, killed, indirect, crisis, failed, on_soil):
        world.schedule[TOUCHED, back] = 1.0
    if level < _FORCE:
        return
    if level >= INDIRECT_FROM or crisis:
        for k in range(plan.dyads[dyad, _FRIENDS_START], plan.dyads[dyad, _FRIENDS_END]):
            friend = plan.friends[k]
            if world.fronts[plan.dyads[friend, FRONT], BURNING] == 0.0:  # else it has its routine
                receive(world.dyads[friend], day, level, 0.0, True, False, failed, False)
                world.schedule[TOUCHED, friend] = 1.0
    if level >= _LIMITED:
        _exchange(plan, world, dyad, day)
    world.dyads[dyad, FORCED] = day
    shock = draw.scalars[_SHOCK] * SHOCK_BY_LEVEL[level]
    for other in range(plan.link.shape[0]):
        world.fronts[other, ACTIVITY] += shock * plan.link[front, other]
    fires = world.fronts[front]
    fires[TOLD] = max(fires[TOLD], day)
    if level == _WAR and fires[AT_WAR_NOW] == 0.0:
        if fires[BURNING] == 0.0:
            fires[ACTIVITY] = 1.0
        fires[RATE] = max(plan.front_rate[front], 1.0) * draw.scalars[_WAR_FACTOR]
        ignite(plan, world, front, True)
    elif (
        level >= _LIMITED
        and fires[BURNED] > 0.0
        and fires[BURNING] == 0.0
        and day - world.dyads[back, FORCED] <= REIGNITE_DAYS
    ):
        fires[RATE] = plan.front_rate[front]
        ignite(plan, world, front, False)


@lean_inlined
def end_fighting(plan: Plan, world: World, front: int, day: int) -> None:
    """Let the fighting on a front end: its dyads choose freely again, nothing pending."""
    fires = world.fronts[front]
    fires[AT_WAR_NOW] = 0.0
    fires[BURNING] = 0.0
    fires[END_DAY] = FAR
    fires[ACTIVITY] = 1.0
    for dyad in range(plan.dyads.shape[0]):
        if plan.dyads[dyad, FRONT] == front:
            world.dyads[dyad, _PROVOKED_DAY] = day
            world.dyads[dyad, _PROVOKED_LEVEL] = 0.0
            world.dyads[dyad, _ANSWERED] = 2.0
            world.exchanged[plan.dyads[dyad, ACTOR], plan.dyads[dyad, TARGET]] = day
    _exchange_on_burning_fronts(plan, world)
    world.schedule[TOUCHED] = 1.0
