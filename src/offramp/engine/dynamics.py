"""What happens in a world: reading a dyad, letting days pass, acting, fronts that burn.

The replay of a timeline and the simulation of futures share these steps, so the model that is
conditioned is the model that is simulated.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from offramp.choice.covariates import (
    Slot,
    commit,
    covariates,
    hazard_bin,
    next_review,
    receive,
)
from offramp.choice.model import (
    expected_retaliation,
    log_level,
    log_no_event,
    masses,
    normalised,
    utilities,
)
from offramp.choice.terms import TERM_COUNT
from offramp.engine.plan import (
    BURNING_EVENTS,
    INDIRECT_FROM,
    NO_EVENTS,
    NORMAL_EVENTS,
    REVIEW_BURNING_DAYS,
    SHOCK_BY_LEVEL,
    Draws,
    FloatArray,
    Plan,
    World,
)
from offramp.ladder import FORCE_THRESHOLD, LEVEL_COUNT, Level

_OVERSTRETCH, _LINKED = int(Slot.OVERSTRETCH), int(Slot.LINKED)
_PROVOKED_DAY, _PROVOKED_LEVEL = int(Slot.PROVOKED_DAY), int(Slot.PROVOKED_LEVEL)
_ANSWERED, _COUNT_DAY = int(Slot.ANSWERED), int(Slot.COUNT_DAY)
_OWN_RECENT, _HARM = int(Slot.OWN_RECENT), int(Slot.HARM)
_FORCE, _LIMITED, _WAR = int(FORCE_THRESHOLD), int(Level.LIMITED), int(Level.WAR)
_SCALES = np.array([30.0, 30.0, 365.0, 365.0, 90.0, 90.0])
EXCHANGE_DAYS = 30
"""Force exchanged in the last so many days makes an opponent count for overstretch."""
REIGNITE_DAYS = 14
FAR = 1 << 40


@njit(cache=True)
def new_world(plan: Plan, draws: Draws) -> World:
    """Return a world before its first event."""
    dyads = plan.dyad_actor.shape[0]
    fronts = plan.link.shape[0]
    actors, nodes = draws.resolve_nodes.shape
    log_belief = np.empty((actors, nodes))
    log_belief[:] = draws.node_log_weight
    return World(
        plan.initial_state.copy(),
        np.zeros((dyads, LEVEL_COUNT)),
        np.zeros((dyads, 4)),
        np.zeros(dyads),
        np.zeros(dyads),
        np.zeros(dyads, np.int64),
        np.full(dyads, FAR, np.int64),
        np.full(dyads, FAR, np.int64),
        np.zeros(dyads, np.int64),
        np.full(dyads, -FAR, np.int64),
        np.full(dyads, -FAR, np.int64),
        np.zeros(dyads, np.int64),
        log_belief,
        np.zeros(fronts, np.int64),
        np.zeros(fronts, np.int64),
        np.zeros(fronts, np.int64),
        np.ones(fronts),
        plan.front_rate.copy(),
        np.full(fronts, FAR, np.int64),
        np.zeros(fronts, np.int64),
        np.zeros(fronts),
    )


@njit(cache=True)
def world_at(worlds: World, n: int) -> World:
    """Return a copy of world *n* of *worlds*, whose arrays have a leading axis."""
    return World(
        worlds.state[n].copy(),
        worlds.utility[n].copy(),
        worlds.mass[n].copy(),
        worlds.hazard[n].copy(),
        worlds.remaining[n].copy(),
        worlds.settled[n].copy(),
        worlds.act_day[n].copy(),
        worlds.review_day[n].copy(),
        worlds.touched[n].copy(),
        worlds.acted[n].copy(),
        worlds.forced[n].copy(),
        worlds.acts[n].copy(),
        worlds.log_belief[n].copy(),
        worlds.war[n].copy(),
        worlds.burning[n].copy(),
        worlds.burned[n].copy(),
        worlds.activity[n].copy(),
        worlds.rate[n].copy(),
        worlds.end_day[n].copy(),
        worlds.endings[n].copy(),
        worlds.severity[n].copy(),
    )


@njit(cache=True)
def store_world(world: World, worlds: World, n: int) -> None:
    """Write *world* into place *n* of *worlds*."""
    worlds.state[n] = world.state
    worlds.utility[n] = world.utility
    worlds.mass[n] = world.mass
    worlds.hazard[n] = world.hazard
    worlds.remaining[n] = world.remaining
    worlds.settled[n] = world.settled
    worlds.act_day[n] = world.act_day
    worlds.review_day[n] = world.review_day
    worlds.touched[n] = world.touched
    worlds.acted[n] = world.acted
    worlds.forced[n] = world.forced
    worlds.acts[n] = world.acts
    worlds.log_belief[n] = world.log_belief
    worlds.war[n] = world.war
    worlds.burning[n] = world.burning
    worlds.burned[n] = world.burned
    worlds.activity[n] = world.activity
    worlds.rate[n] = world.rate
    worlds.end_day[n] = world.end_day
    worlds.endings[n] = world.endings
    worlds.severity[n] = world.severity


@njit(cache=True)
def events_of(plan: Plan, world: World, dyad: int) -> int:
    """Return the bit mask of the levels that are events for *dyad* now."""
    front = plan.dyad_front[dyad]
    if world.war[front]:
        return NO_EVENTS
    if world.burning[front]:
        return BURNING_EVENTS
    return NORMAL_EVENTS


@njit(cache=True)
def _set_context(plan: Plan, world: World, dyad: int, day: int) -> None:
    front = plan.dyad_front[dyad]
    linked = 0.0
    for other in range(plan.link.shape[0]):
        if world.burning[other]:
            linked += plan.link[other, front]
    opponents = 0.0
    for other in range(plan.dyad_actor.shape[0]):
        if (
            plan.dyad_actor[other] == plan.dyad_actor[dyad]
            and plan.dyad_target[other] != plan.dyad_target[dyad]
        ):
            last = max(world.forced[other], world.forced[plan.reverse[other]])
            if world.burning[plan.dyad_front[other]] or day - last <= EXCHANGE_DAYS:
                opponents += 1.0
    world.state[dyad, _LINKED] = linked
    world.state[dyad, _OVERSTRETCH] = opponents
    if world.burning[front]:
        _set_routine(world.state[dyad], day, world.rate[front] * world.activity[front])


@njit(cache=True)
def _set_routine(state: FloatArray, day: int, rate: float) -> None:
    """Give a dyad on a burning front the counts that a steady exchange at *rate* leaves."""
    daily = 1.0 - math.exp(-0.5 * rate)
    for k in range(6):
        state[_OWN_RECENT + k] = daily / (1.0 - math.exp(-1.0 / _SCALES[k]))
    state[_COUNT_DAY] = day
    state[_PROVOKED_DAY] = day - 1
    state[_PROVOKED_LEVEL] = 0.0
    state[_ANSWERED] = 2.0
    state[_HARM] = 0.0


@njit(cache=True)
def read_dyad(plan: Plan, draws: Draws, n: int, world: World, dyad: int, day: int) -> None:
    """Read the state of *dyad* for its choices from *day* on, under draw *n*.

    Sets its utilities, masses, hazard and the day on which it is read anew.
    """
    events = events_of(plan, world, dyad)
    if events == NO_EVENTS:
        world.hazard[dyad] = 0.0
        world.review_day[dyad] = FAR
        return
    weights = draws.weights
    actor, target = plan.dyad_actor[dyad], plan.dyad_target[dyad]
    x = np.empty(TERM_COUNT)
    room = np.empty(LEVEL_COUNT)
    belief = np.empty(draws.resolve_nodes.shape[1])
    _set_context(plan, world, dyad, day)
    state, utility = world.state[dyad], world.utility[dyad]
    normalised(world.log_belief[target], belief)
    covariates(world.state[plan.reverse[dyad]], day, x)
    expected_retaliation(
        weights.alpha[n],
        weights.hazard[n],
        weights.beta[n],
        x,
        belief,
        draws.resolve_nodes[target],
        room,
    )
    covariates(state, day, x)
    segment = next_review(state, day)
    utilities(
        weights.alpha[n], weights.hazard[n], weights.beta[n], x, hazard_bin(state, day), utility
    )
    for level in range(2, LEVEL_COUNT):
        utility[level] += weights.retaliation[n] * (room[level] - weights.retaliation_mean[level])
    a, b, c, d = masses(utility, events)
    mass = world.mass[dyad]
    mass[0], mass[1], mass[2], mass[3] = a, b, c, d
    world.hazard[dyad] = -log_no_event(mass, draws.resolve[n, actor])
    world.review_day[dyad] = day + REVIEW_BURNING_DAYS if events == BURNING_EVENTS else segment


@njit(cache=True)
def _believe_hold(plan: Plan, draws: Draws, world: World, dyad: int, days: int) -> None:
    actor = plan.dyad_actor[dyad]
    for k in range(draws.resolve_nodes.shape[1]):
        world.log_belief[actor, k] += days * log_no_event(
            world.mass[dyad], draws.resolve_nodes[actor, k]
        )


@njit(cache=True)
def settle(plan: Plan, draws: Draws, world: World, dyad: int, until: int) -> float:
    """Let the days before *until* pass without an act by *dyad*.

    Uses up hazard, updates what others believe of the actor, and returns the log probability
    of the silence on those days that are coded.
    """
    days = until - world.settled[dyad]
    if days <= 0:
        return 0.0
    counted = until - max(world.settled[dyad], plan.coded_day)
    world.settled[dyad] = until
    world.remaining[dyad] -= days * world.hazard[dyad]
    if counted <= 0 or world.hazard[dyad] == 0.0:
        return 0.0
    _believe_hold(plan, draws, world, dyad, counted)
    return float(-counted * world.hazard[dyad])


@njit(cache=True)
def pass_evening(plan: Plan, draws: Draws, world: World, dyad: int, day: int) -> float:
    """Let the evening of *day*, on which *dyad* was provoked, pass without an act by it."""
    world.remaining[dyad] -= world.hazard[dyad]
    if day < plan.coded_day:
        return 0.0
    _believe_hold(plan, draws, world, dyad, 1)
    return float(-world.hazard[dyad])


@njit(cache=True)
def note_act(
    plan: Plan, draws: Draws, n: int, world: World, dyad: int, day: int, level: int
) -> float:
    """Account for the choice of *level* by *dyad* on *day*; return its log probability.

    A routine act on a burning front is no choice of the model's and counts for nothing.
    """
    world.settled[dyad] = day + 1
    world.acts[dyad] += 1
    world.acted[dyad] = day
    if day < plan.coded_day or not (events_of(plan, world, dyad) >> level) & 1:
        return 0.0
    actor = plan.dyad_actor[dyad]
    for k in range(draws.resolve_nodes.shape[1]):
        world.log_belief[actor, k] += log_level(
            world.utility[dyad], world.mass[dyad], draws.resolve_nodes[actor, k], level
        )
    return log_level(world.utility[dyad], world.mass[dyad], draws.resolve[n, actor], level)


@njit(cache=True)
def ignite(world: World, front: int, at_war: bool) -> None:
    """Set a front burning, and at war if *at_war*; every dyad may be touched by it."""
    world.burning[front] = 1
    world.burned[front] = 1
    if at_war:
        world.war[front] = 1
    world.touched[:] = 1


@njit(cache=True)
def apply_act(
    plan: Plan,
    draws: Draws,
    n: int,
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
    back = plan.reverse[dyad]
    front = plan.dyad_front[dyad]
    commit(world.state[dyad], day, level)
    receive(world.state[back], day, level, killed, indirect, crisis, failed, on_soil)
    world.touched[dyad] = 1
    world.touched[back] = 1
    if level < _FORCE:
        return
    if level >= INDIRECT_FROM or crisis:
        for k in range(plan.friends_start[dyad], plan.friends_start[dyad + 1]):
            friend = plan.friends[k]
            receive(world.state[friend], day, level, 0.0, True, crisis, failed, False)
            world.touched[friend] = 1
    world.forced[dyad] = day
    actor, target = plan.dyad_actor[dyad], plan.dyad_target[dyad]
    for other in range(plan.dyad_actor.shape[0]):
        if plan.dyad_actor[other] == actor or plan.dyad_actor[other] == target:
            world.touched[other] = 1
    for other in range(plan.link.shape[0]):
        world.activity[other] += draws.shock[n] * plan.link[front, other] * SHOCK_BY_LEVEL[level]
    if level == _WAR and not world.war[front]:
        if not world.burning[front]:
            world.activity[front] = 1.0
        world.rate[front] = max(world.rate[front], 1.0) * draws.war_factor[n]
        ignite(world, front, True)
    elif (
        level >= _LIMITED
        and world.burned[front]
        and not world.burning[front]
        and day - world.forced[back] <= REIGNITE_DAYS
    ):
        ignite(world, front, False)


@njit(cache=True)
def end_fighting(plan: Plan, world: World, front: int, day: int) -> None:
    """Let the fighting on a front end: its dyads choose freely again, nothing pending."""
    world.war[front] = 0
    world.burning[front] = 0
    world.end_day[front] = FAR
    world.activity[front] = 1.0
    for dyad in range(plan.dyad_actor.shape[0]):
        if plan.dyad_front[dyad] == front:
            world.state[dyad, _PROVOKED_DAY] = day
            world.state[dyad, _PROVOKED_LEVEL] = 0.0
            world.state[dyad, _ANSWERED] = 2.0
    world.touched[:] = 1
