"""Copies of plan, draw and world that one thread, and one future, have as their own."""

from __future__ import annotations

import numpy as np
from numba import njit

from offramp.choice.model import provocation_factors
from offramp.engine.plan import Draw, Draws, FloatArray, Plan, ScalarColumn, World, pull_of_links
from offramp.ladder import LEVEL_COUNT

_PERSISTENCE, _CROSS = int(ScalarColumn.PERSISTENCE), int(ScalarColumn.CROSS)


@njit(cache=True)
def own_world(worlds: World, n: int, room: FloatArray) -> World:
    """Return a copy of world *n* among *worlds*, whose arrays have a leading axis, in *room*."""
    return World(
        worlds.dyads[n].copy(),
        worlds.schedule[n].copy(),
        worlds.exchanged[n].copy(),
        worlds.belief[n].copy(),
        worlds.fronts[n].copy(),
        room,
    )


@njit(cache=True)
def own_plan(plan: Plan) -> Plan:
    """Return a copy for one thread: counting references to shared arrays makes threads wait."""
    return Plan(
        plan.dyads.copy(),
        plan.friends.copy(),
        plan.link.copy(),
        plan.front_rate.copy(),
        plan.initial_state.copy(),
        plan.option_start.copy(),
        plan.options.copy(),
        plan.layer_start.copy(),
        plan.layers.copy(),
        plan.events.copy(),
        plan.changes.copy(),
        plan.watched.copy(),
        plan.watched_options.copy(),
        plan.coded_day,
        plan.as_of_day,
    )


@njit(cache=True)
def restore(own: Plan, plan: Plan) -> None:
    """Take back the changes that a future has made in its own copy of a plan."""
    own.link[:] = plan.link
    own.options[:] = plan.options
    own.layers[:] = plan.layers


@njit(cache=True)
def own_draw(plan: Plan, draws: Draws, n: int) -> Draw:
    """Return a copy of draw *n*, for one thread."""
    choice = draws.choice[n].copy()
    provoked = np.empty((LEVEL_COUNT, LEVEL_COUNT))
    provocation_factors(choice, provoked)
    return Draw(
        choice,
        provoked,
        pull_of_links(plan.link, draws.scalars[n, _PERSISTENCE], draws.scalars[n, _CROSS]),
        draws.scalars[n].copy(),
        draws.factor[n].copy(),
        np.exp(draws.option_log_weight[n]),
        draws.kill[n].copy(),
        draws.node_factor.copy(),
        draws.node_weight.copy(),
        draws.by_level.copy(),
    )
