"""The data structures of the engine, named once: arrays that the kernel reads and writes.

Shapes use A actors, D directed dyads, F fronts, O options, L layers of defence, E timeline
events, N posterior draws, K nodes of belief, T terms, S slots of a dyad's state. What belongs
together stands in the columns of one array, named by the enumerations here: compiled code is
handed few arrays, which it does fast, and not many, which it does slowly.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from offramp.choice.covariates import SLOT_COUNT
from offramp.ladder import LEVEL_COUNT

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NORMAL_EVENTS = 0b111111110
"""On a front that does not burn, every level but hold is an event."""
BURNING_EVENTS = 0b100000000
"""On a burning front only war departs from the routine."""
NO_EVENTS = 0
"""At war the front is left to its tempo and its end."""

ACT, SET_SLOT, IGNITE = 0, 1, 2
"""Kinds of timeline event: an act, a statement that sets slots, a front that starts to burn."""

BURNS, AT_WAR, HAS_BURNED = 0, 1, 2
"""How an `IGNITE` event leaves its front: burning, at war, or quiet after it has burned."""

REVIEW_BURNING_DAYS = 30
SHOCK_BY_LEVEL = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.15, 0.35, 1.0, 3.0])
"""Relative tempo that an act adds on a linked front, times the link's strength (elicited)."""
INDIRECT_FROM = 7
"""Acts from this level on provoke the friends of their target too (ICB's indirect trigger)."""


class DyadColumn(IntEnum):
    """Columns of `Plan.dyads`."""

    ACTOR = 0
    TARGET = 1
    FRONT = 2
    REVERSE = 3
    FRIENDS_START = 4
    FRIENDS_END = 5


class OptionColumn(IntEnum):
    """Columns of `Plan.options`."""

    WARNED = 0
    ON_SOIL = 1
    LOW = 2  # fewest munitions launched, by class
    HIGH = 6  # most
    COUNT = 10


class LayerColumn(IntEnum):
    """Columns of `Plan.layers`."""

    AGAINST = 0  # 1 where it engages the class
    CAPACITY = 4  # munitions it can engage in a raid
    PRESENT = 5  # 1 where its owner takes part
    NEEDS_WARNING = 6  # 1 where it is present only if warned
    COUNT = 7


class EventColumn(IntEnum):
    """Columns of `Plan.events`."""

    DAY = 0
    KIND = 1  # ACT, SET_SLOT or IGNITE
    PLACE = 2  # dyad or, for IGNITE, front
    LEVEL = 3  # of an act; slot to set; BURNS, AT_WAR or HAS_BURNED
    EVENING = 4  # 1 where the act answers one of the same day
    KILLED = 5  # or the value to set
    INDIRECT = 6
    CRISIS = 7
    FAILED = 8
    ON_SOIL = 9
    COUNT = 10


class WorldColumn(IntEnum):
    """Columns of `World.dyads`; the slots of the dyad's state come first."""

    UTILITY = SLOT_COUNT  # of each level, without resolve, as last read
    MASS = SLOT_COUNT + LEVEL_COUNT  # what `masses` returned
    HAZARD = SLOT_COUNT + LEVEL_COUNT + 3  # minus log probability of a day without event
    REMAINING = SLOT_COUNT + LEVEL_COUNT + 4  # hazard left until the next act
    SETTLED = SLOT_COUNT + LEVEL_COUNT + 5  # first day not yet accounted for
    ACT_DAY = SLOT_COUNT + LEVEL_COUNT + 6
    REVIEW_DAY = SLOT_COUNT + LEVEL_COUNT + 7  # day on which the state is read anew
    TOUCHED = SLOT_COUNT + LEVEL_COUNT + 8  # 1 where something happened that bears on it
    ACTED = SLOT_COUNT + LEVEL_COUNT + 9  # day of the last act
    FORCED = SLOT_COUNT + LEVEL_COUNT + 10  # day of the last use of force
    ACTS = SLOT_COUNT + LEVEL_COUNT + 11  # how many acts so far
    EXCHANGED = SLOT_COUNT + LEVEL_COUNT + 12  # day of the last use of force by either side
    COUNT = SLOT_COUNT + LEVEL_COUNT + 13


class FrontColumn(IntEnum):
    """Columns of `World.fronts`."""

    WAR = 0  # 1 while at war
    BURNING = 1  # 1 while it burns
    BURNED = 2  # 1 if it ever burned
    ACTIVITY = 3  # tempo over its usual, discounted mean
    RATE = 4  # attacks a day when activity is 1
    END_DAY = 5  # on which the fighting ends
    ENDINGS = 6  # how many ends were drawn
    SEVERITY = 7  # log killed a day while at war
    COUNT = 8


class ScalarColumn(IntEnum):
    """Columns of `Draws.scalars`."""

    RETALIATION = 0  # weight of expected retaliation; negative deters
    KILLED_PER_LEAKER = 1
    PERSISTENCE = 2  # share of a front's tempo that follows its recent past
    SHOCK = 3  # multiplier of SHOCK_BY_LEVEL
    WAR_FACTOR = 4  # tempo of war over the tempo before
    ENDING = 5  # daily probability that fighting on a burning front ends
    TOLL_MEAN = 6  # of the log of killed a day of war
    TOLL_SPREAD = 7
    DILIGENCE_WORDS = 8  # log-odds by which a file records words and pressure more often
    DILIGENCE_DISPLAY = 9  # the same for displays
    COUNT = 10


class Plan(NamedTuple):
    """A crisis as of a day, compiled.

    Attributes:
        dyads: columns `DyadColumn`, (D, 6).
        friends: dyads from friends of a dyad's target to its actor.
        link: strength of the link from front to front, (F, F).
        front_rate: attacks a day on a burning front at the as-of date, (F,).
        initial_state: state of each dyad before its first event, (D, S).
        option_start: start of the options of dyad d, level l at index 9 d + l, (9 D + 1,).
        options: columns `OptionColumn`, (O, 10).
        layer_start: start of each actor's layers of defence, (A + 1,).
        layers: columns `LayerColumn`, (L, 7).
        events: the timeline, by day; columns `EventColumn`, (E, 10).
        coded_day: from this day on silence is a hold.
        as_of_day: last day of the timeline.
    """

    dyads: IntArray
    friends: IntArray
    link: FloatArray
    front_rate: FloatArray
    initial_state: FloatArray
    option_start: IntArray
    options: FloatArray
    layer_start: IntArray
    layers: FloatArray
    events: FloatArray
    coded_day: int
    as_of_day: int


class Draws(NamedTuple):
    """Posterior (or prior) draws of everything that is uncertain, N of each.

    Attributes:
        choice: weights of the choice model, see `offramp.choice.model`, (N, 9 + T, 9).
        scalars: columns `ScalarColumn`, (N, 10).
        resolve: of each actor, (N, A).
        factor: e^resolve, which multiplies the mass of every force level, (N, A).
        option_log_weight: of each option within its level, (N, O).
        kill: row 0: probability that a launched munition arrives; row 1 + layer: probability
            of kill; by class, (N, 1 + L, 4).
        node_factor: e^resolve at what others hold possible of each actor, (A, K).
        node_log_weight: log prior probability of the nodes, (K,).
        by_level: history's mean of expected retaliation; of the harm of an act without
            munitions: probability of none killed, mean and spread of the log, (9, 4).
    """

    choice: FloatArray
    scalars: FloatArray
    resolve: FloatArray
    factor: FloatArray
    option_log_weight: FloatArray
    kill: FloatArray
    node_factor: FloatArray
    node_log_weight: FloatArray
    by_level: FloatArray


class World(NamedTuple):
    """Where one future stands: what the kernel writes.

    Attributes:
        dyads: columns: the slots of the state, then `WorldColumn`, (D, W).
        log_belief: about each actor's resolve, (A, K).
        fronts: columns `FrontColumn`, (F, 8).
    """

    dyads: FloatArray
    log_belief: FloatArray
    fronts: FloatArray


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
        plan.coded_day,
        plan.as_of_day,
    )


@njit(cache=True)
def own_draw(draws: Draws, n: int) -> Draws:
    """Return a copy of draw *n* alone, for one thread."""
    return Draws(
        draws.choice[n : n + 1].copy(),
        draws.scalars[n : n + 1].copy(),
        draws.resolve[n : n + 1].copy(),
        draws.factor[n : n + 1].copy(),
        draws.option_log_weight[n : n + 1].copy(),
        draws.kill[n : n + 1].copy(),
        draws.node_factor.copy(),
        draws.node_log_weight.copy(),
        draws.by_level.copy(),
    )
